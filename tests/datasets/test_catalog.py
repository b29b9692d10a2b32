"""Data sets are found by walking, and by any sane spelling of their name."""

import pytest

from polytask import datasets
from polytask.datasets.catalog import classes
from polytask.errors import ParameterError

# The array sets of the field, text, and the embedded ones.
WANTED = """
adult amazon_sentiment andro atp1d atp7d camvid_60x80 census_income clintox computer_survey
conll2000 cookie delaney dermatology diabetes digits edm emotions enb exchange_rate fx2007 jura
kang_mnist kang_usps landmine linnerud mfeat mnist multi_mnist muv newsgroups oes97
omniglot_small1 osales parkinsons sarcos scene school scpf semcor_semantictraits sf1 sf2 sick
slump synthetic tox21 toxcast ud_english_ewt usps yeast
"""
# Sets that are not brought, and say why in their traps.
UNBROUGHT = ("camvid_60x80",)


def test_every_wanted_set_is_found():
    assert list(datasets.names()) == WANTED.split()


@pytest.mark.parametrize("text", ["computer_survey", "computer-survey", "ComputerSurvey"])
def test_spellings_of_a_name_find_the_same_set(text):
    assert datasets.get(text) == datasets.ComputerSurvey()


def test_a_name_that_is_near_is_offered():
    with pytest.raises(ParameterError, match=r"Found 'scool'\. Near: school"):
        datasets.get("scool")


def test_a_name_that_is_not_near_gets_the_list():
    with pytest.raises(ParameterError, match="Known: adult"):
        datasets.get("zzzzzz")


def test_a_class_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no 'Scool'"):
        _ = datasets.Scool
    assert "School" in dir(datasets)


@pytest.mark.parametrize("name", classes())
def test_the_docstring_has_the_facts(name):
    one = classes()[name]
    words = " ".join(one.__doc__.split())
    for number in (one.rows, one.features, one.tasks):
        assert f"{number:,}" in words
    for fact in ("source", "licence", "citation", "split", "traps"):
        text = getattr(one, fact)
        assert text
        assert " ".join(text.split()) in words


@pytest.mark.parametrize("name", classes())
def test_a_set_prints_as_it_is_written(name):
    for value in classes()[name].examples():
        names = {type(value).__name__: type(value)}
        assert eval(repr(value), names) == value  # noqa: S307  our own text


@pytest.mark.parametrize("name", [n for n, one in classes().items() if one.files])
def test_every_file_has_pinned_originals_and_was_rebuilt(name):
    for file in classes()[name].files:
        if not file.originals:
            assert name in UNBROUGHT
            continue
        assert file.rebuilt
        for original in file.originals:
            assert len(original.commit) == 40
            assert len(original.sha256) == 64
            int(original.commit + original.sha256, 16)
