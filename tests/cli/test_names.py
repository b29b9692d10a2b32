"""Names of the literature."""

import pytest

from polytask.cli.names import LITERATURE, USUAL, available, known, models_of, usual
from polytask.errors import ParameterError
from polytask.kinds import Binary, Regression
from polytask.linear import L21
from polytask.report.lines import text_of_model


@pytest.mark.parametrize(
    "name",
    ["l21", "L21", "group-lasso", "Group Lasso", "multi_task_lasso", "joint-feature-selection"],
)
def test_a_model_is_found_under_all_its_names(name):
    assert known(name).names[0] == "l21"
    assert isinstance(models_of([name])["l21"].penalty, L21)


def test_no_name_stands_for_two_models():
    names = [name for one in LITERATURE for name in one.names]
    assert len(names) == len(set(names))
    assert all(name == name.lower() for name in names)


@pytest.mark.parametrize("one", LITERATURE, ids=lambda one: one.names[0])
def test_every_name_has_a_paper_with_a_year_and_a_text_of_this_package(one):
    assert any(part.isdigit() and len(part) == 4 for part in one.paper.replace(".", " ").split())
    assert available(one)
    text_of_model(models_of([one.names[0]])[one.names[0]])


def test_names_and_texts_stand_side_by_side_in_their_order():
    found = models_of(["rmtl", "Independent(Ridge(alpha=2.0))"])
    assert list(found) == ["mean-regularised", "Independent(Ridge(alpha=2.0))"]


def test_a_model_named_twice_is_refused():
    with pytest.raises(ParameterError, match="'l21' twice"):
        models_of(["l21", "group-lasso"])


def test_a_name_that_nobody_knows_is_refused():
    with pytest.raises(ParameterError, match="super"):
        models_of(["super-model"])


def test_numbers_are_compared_with_six_models_and_classes_with_six_that_can():
    assert usual([Regression(), Regression()]) == list(USUAL)
    classes = usual([Binary(), Binary()])
    assert len(classes) == 6
    assert "empirical-bayes" not in classes


def test_a_model_for_one_kind_is_left_out_of_mixed_tables():
    assert "pooled" not in usual([Regression(), Binary()])
