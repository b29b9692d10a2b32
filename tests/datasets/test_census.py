"""Adult and census-income: what a task is made of is no input; rates are the published ones."""

import pytest

from polytask import datasets
from polytask.errors import ParameterError


@pytest.mark.data("adult")
def test_adult_has_the_published_rates():
    data = datasets.load("adult")
    (train, test), income = datasets.Adult().splits()[0], data["income_50k"].y
    assert income[train].mean() == pytest.approx(0.2408095574)
    assert income[test].mean() == pytest.approx(0.2362262760)
    assert data["never_married"].y[train].mean() == pytest.approx(0.3280918891)


@pytest.mark.data("adult")
@pytest.mark.parametrize(
    ("targets", "gone"),
    [
        (("income_50k",), set()),
        (("never_married",), {"marital-status"}),
        (("bachelor", "income_50k"), {"education", "education-num"}),
    ],
)
def test_a_column_that_a_task_is_made_of_is_no_input(targets, gone):
    adult = datasets.Adult(targets=targets)
    data = adult.load()
    assert data.names == targets
    assert set(data.feature_names) == {*adult.columns} - {"income"} - gone


@pytest.mark.data("census_income")
def test_census_income_has_the_published_rates():
    data = datasets.load("census_income")
    assert data["income_50k"].y.mean() == pytest.approx(0.0620075780)
    assert data["never_married"].y.mean() == pytest.approx(0.4324592530)
    assert not {"marital_stat", "instance_weight", "income_50k"} & set(data.feature_names)


@pytest.mark.parametrize("targets", [(), ("wealth",)])
def test_unknown_targets_are_refused(targets):
    with pytest.raises(ParameterError, match="targets out of"):
        datasets.Adult(targets=targets)
