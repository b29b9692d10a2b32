"""Which inputs which tasks use, where it is planted."""

import numpy as np
import pytest
from report.small import Shrunk
from scipy import sparse
from sklearn.linear_model import LinearRegression

from polytask import Independent, Tasks, report
from polytask.errors import ParameterError


@pytest.fixture
def planted():
    """Input 0 serves both tasks, input 1 the first, input 2 none."""
    X = np.random.default_rng(0).normal(size=(80, 3)) * [1.0, 10.0, 1.0]
    Y = np.column_stack([2 * X[:, 0] + X[:, 1], -X[:, 0]])
    return Tasks.from_arrays(X, Y, names=["a", "b"], feature_names=["both", "one", "none"])


def test_permutation_finds_what_was_planted(planted):
    found = report.features(Independent(LinearRegression()).fit(planted), planted)
    assert found.sharing == ("shared", "own", "unused")
    uses = {row["feature"]: row["tasks"] for row in found.records()}
    assert uses == {"both": ["a", "b"], "one": ["a"], "none": []}


def test_coefficients_count_in_units_of_the_spread_of_their_input(planted):
    model = Shrunk(alpha=1e-9, pull=0.0).fit(planted)
    found = report.features(model, planted)
    spread = planted.X.std(axis=0)
    assert found.importance == pytest.approx(np.abs(model.coef_) * spread, rel=1e-12)
    assert found.sharing == ("shared", "own", "unused")


def test_permutation_is_the_growth_of_the_error(planted):
    found = report.features(Independent(LinearRegression()).fit(planted), planted, repeats=40)
    # shuffling an input replaces its share of the variance by twice as much
    share = np.var(planted.X[:, 1]) / np.var(planted["a"].y)
    assert found.importance[0, 1] == pytest.approx(2 * share, rel=0.15)


def test_sparse_inputs_give_the_same(planted):
    table = planted.with_(X=sparse.csr_array(planted.X))
    model = Independent(LinearRegression())
    dense = report.features(model.fit(planted), planted, repeats=2)
    thin = report.features(model.fit(table), table, repeats=2)
    assert thin.importance == pytest.approx(dense.importance, abs=1e-8)


def test_the_frame_has_a_row_per_feature_and_the_text_the_most_important_first(planted):
    found = report.features(Independent(LinearRegression()).fit(planted), planted)
    frame = found.to_frame()
    assert frame.loc["one", "shared"] == "own"
    largest = found.names[int(found.importance.max(axis=0).argmax())]
    assert str(found).splitlines()[1].startswith(largest)


def test_a_model_without_coefficients_is_told_what_to_do(planted):
    with pytest.raises(ParameterError, match="Use method='permutation'"):
        report.features(Independent().fit(planted), planted, method="coefficients")
