"""What a path and a search obey, whatever the penalty."""

import numpy as np
import pytest
from laws.found import classes

from polytask.linear import LinearModel, LinearModelCV, LinearPath, NoPenalty, Penalty

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

PENALTIES = [next(iter(penalty.examples())) for penalty in classes(Penalty)]
every = pytest.mark.parametrize("penalty", PENALTIES, ids=lambda one: type(one).__name__)


def table(n=40, d=6, T=3):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, d))
    Y = X @ rng.normal(size=(d, T)) + rng.normal(size=(n, T)) + 1
    return X, np.where(rng.random((n, T)) < 0.1, np.nan, Y)


@every
def test_a_single_fit_is_a_path_of_one(penalty):
    X, Y = table()
    model = LinearModel(penalty, max_iter=1000)
    single = model.fit(X, Y)
    options = {} if isinstance(penalty, NoPenalty) else {"alphas": [penalty.alpha]}
    if penalty.second is not None:
        options["seconds"] = [penalty.get_params()[penalty.second]]
    (found,) = LinearPath.of(model, X, Y, **options)
    assert np.array_equal(found.coef_, single.coef_)
    assert np.array_equal(found.intercept_, single.intercept_)
    assert found.penalty == penalty


@every
def test_a_path_explains_more_and_more_and_says_what_it_does_not_know(penalty):
    X, Y = table()
    path = LinearPath.of(LinearModel(penalty, max_iter=1000), X, Y, points=4, enough=None)
    share = path.explained.mean(axis=1)
    for line in {point.line for point in path.points}:
        here = [point.line == line for point in path.points]
        assert np.all(np.diff(share[here]) > -1e-4)
    known = path.df[np.isfinite(path.df)]
    assert np.all((known > -1e-9) & (known < X.shape[1] * Y.shape[1] + 1e-9))
    assert bool(path.why) == bool(np.isnan(path.df).any())
    assert len(path.to_frame()) == len(path)


@every
def test_a_search_chooses_one_of_its_candidates_and_refits_it(penalty):
    X, Y = table()
    found = LinearModelCV(LinearModel(penalty, max_iter=1000), points=3, folds=3).fit(X, Y)
    assert found.best_penalty_ == found.penalties_[found.best_index_]
    assert found.cv_mean_[found.best_index_] == found.cv_mean_.min()
    assert np.all(np.diff(found.alphas_) <= 0)
    alone = LinearModel(found.best_penalty_, max_iter=1000).fit(X, Y)
    # what is not convex ends where its path led it: not where a fit from zero does
    local = not penalty.convex or hasattr(penalty, "h")
    assert found.objective_ == pytest.approx(alone.objective_, rel=2e-2 if local else 1e-5)
