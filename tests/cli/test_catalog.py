"""Model texts are read, never evaluated, and what is printed can be read back."""

import math

import pytest
from sklearn.linear_model import Ridge

from polytask import Independent, Pooled
from polytask.cli.catalog import parse, parse_model
from polytask.cli.names import LITERATURE
from polytask.cli.shelf import shelf
from polytask.errors import ParameterError
from polytask.linear import L21, LinearModel
from polytask.prepared import Prepared
from polytask.report.lines import text_of_model
from polytask.slot import Slot


def test_positions_and_names_mean_what_they_mean_in_python():
    model = parse_model("LinearModel(L21(0.1), scale=True)")
    assert isinstance(model, LinearModel)
    assert model.penalty == L21(0.1)
    assert model.scale is True


def test_models_nest_and_scikit_learns_estimators_are_known_by_name():
    model = parse_model("Independent(Pooled(Ridge(alpha=2.0)))")
    assert isinstance(model, Independent)
    assert isinstance(model.estimator, Pooled)
    assert isinstance(model.estimator.estimator, Ridge)
    assert model.estimator.estimator.alpha == 2.0


def test_a_pipeline_can_be_written():
    model = parse_model("Independent(Pipeline([('scale', StandardScaler()), ('fit', Ridge())]))")
    assert [name for name, _ in model.estimator.steps] == ["scale", "fit"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-1.5", -1.5),
        ("+2", 2),
        ("[1, (2, 'a'), {'b': None}, True, ()]", [1, (2, "a"), {"b": None}, True, ()]),
        ("-inf", -math.inf),
        ("1e-3", 1e-3),
    ],
)
def test_literals_are_read(text, value):
    assert parse(text) == value


def test_nan_is_read():
    assert math.isnan(parse("nan"))


def test_a_bare_name_is_a_call_without_arguments():
    assert repr(parse_model("Independent")) == "Independent()"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("__import__('os').system('touch evil')", "__import__"),
        ("LinearModel(__import__('os'))", "__import__"),
        ("Independent(os.system)", "an attribute 'os.system'"),
        ("Independent(Ridge().fit)", "an attribute"),
        ("Independent([x for x in (1, 2)])", "a comprehension"),
        ("Independent((x for x in (1, 2)))", "a comprehension"),
        ("Independent({x: x for x in (1, 2)})", "a comprehension"),
        ("Independent(lambda: 1)", "a lambda"),
        ("Independent(f'{1}')", "an f-string"),
        ("Independent(1 + 1)", "arithmetic"),
        ("Independent(-'a')", "-'a'"),
        ("Independent(-True)", "-True"),
        ("Independent([1][0])", "a subscript"),
        ("Independent(x := 3)", "namedexpr"),
        ("Independent(*[1])", "a star"),
        ("Independent(**{'a': 1})", "a star"),
        ("Independent({**{}})", "dict"),
        ("Independent({[1]: 2})", "key of a dict"),
        ("Independent(b'a')", "constant"),
        ("Independent(1j)", "constant"),
        ("Independent(...)", "constant"),
        ("Independent(Ridge)", "name 'Ridge'"),
        ("Ridge()(1)", "the call of 'Ridge()'"),
        ("eval('1')", "'eval'"),
        ("open('evil', 'w')", "'open'"),
        ("import os", "'import os'"),
        ("Independent(", "'Independent('"),
        ("", "''"),
        ("(" * 500 + ")" * 500, "((("),
        ("Model()", "'Model'"),
        ("Penalty()", "'Penalty'"),
        ("Linearmodel(L1())", "Did you mean LinearModel"),
        ("Independent(alpha=3)", "alpha"),
        ("Independent(estimator=None, estimator=None)", "estimator"),
        ("Independent(1, 2, 3, 4)", "too many positional arguments"),
    ],
)
def test_everything_else_is_refused_in_one_line_that_names_it(text, found, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ParameterError) as error:
        parse_model(text)
    assert found in str(error.value)
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_a_text_that_is_too_long_is_refused():
    with pytest.raises(ParameterError, match="at most 10000 characters"):
        parse_model("Independent(" + " " * 20_000 + ")")


def test_an_estimator_for_one_task_is_told_how_to_become_a_model():
    with pytest.raises(ParameterError, match=r"Independent\(Ridge\(\)\)"):
        parse_model("Ridge()")


def test_a_part_of_a_model_is_told_what_it_is():
    with pytest.raises(ParameterError, match="L21, a penalty"):
        parse_model("L21(0.1)")


def test_a_hyperparameter_out_of_range_is_named_by_its_own_class():
    with pytest.raises(ParameterError, match="alpha"):
        parse_model("LinearModel(L21(-1))")


def _values():
    from polytask.cli.catalog import find

    for entry in (entry for members in shelf().values() for entry in members):
        kind = find(entry.name)
        if issubclass(kind, Slot):
            yield from (repr(value) for value in kind.examples())
        else:
            model = kind(Independent()) if kind is Prepared else kind()
            yield text_of_model(model)


@pytest.mark.parametrize("text", sorted(set(_values())))
def test_what_is_printed_can_be_read_back(text):
    value = parse(text)
    again = repr(value) if isinstance(value, Slot) else text_of_model(value)
    assert again == text


@pytest.mark.parametrize("one", LITERATURE, ids=lambda one: one.names[0])
def test_what_a_report_prints_for_a_name_of_the_literature_can_be_pasted_back(one):
    printed = text_of_model(parse_model(one.text))
    assert text_of_model(parse_model(printed)) == printed
