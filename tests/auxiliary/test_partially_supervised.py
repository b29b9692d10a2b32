import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge

from polytask import Tasks
from polytask.auxiliary import PartiallySupervised
from polytask.errors import DataError, ParameterError

RNG = np.random.default_rng(0)
X = RNG.normal(size=(300, 6))
FEW = np.arange(300) < 60
MAPS = ((0, 1, 2), (3, 4, 5))


def test_answers_of_one_map_are_asked_of_the_other():
    y = X.sum(axis=1) + RNG.normal(size=300)
    data = Tasks.from_arrays(X, np.where(FEW, y, np.nan))
    made = PartiallySupervised(Ridge(1.0), maps=MAPS)(data)
    assert made.names == ("y0", "y0 by map 1", "y0 by map 2")
    for name, at in zip(made.names[1:], MAPS):
        by_hand = Ridge(1.0).fit(X[FEW][:, at], y[FEW]).predict(X[~FEW][:, at])
        seen, found, _ = made.table(name)
        np.testing.assert_allclose(found, by_hand, rtol=1e-10)
        assert not seen[:, at].any()
        rest = [j for j in range(6) if j not in at]
        np.testing.assert_array_equal(seen[:, rest], X[~FEW][:, rest])


def test_choices_of_a_model_of_several_classes_are_problems_each():
    y = np.argmax(X[:, :3] + 0.5 * RNG.normal(size=(300, 3)), axis=1)
    data = Tasks.from_arrays(X, np.where(FEW, y, np.nan), kinds="class")
    made = PartiallySupervised(LogisticRegression(), maps=MAPS, top=2)(data)
    model = LogisticRegression().fit(X[FEW][:, :3], y[FEW])
    order = np.argsort(-model.predict_proba(X[~FEW][:, :3]), axis=1)
    for rank in (0, 1):
        for k in range(3):
            one = made[f"y0 by map 1, choice {rank + 1}: {data.kinds[0].classes[k]}"]
            np.testing.assert_array_equal(one.y, order[:, rank] == k)


def test_two_classes_are_one_problem_and_other_tasks_keep_their_rows():
    y = (X[:, 0] + X[:, 3] > 0).astype(float)
    Y = np.column_stack([np.where(FEW, y, np.nan), np.where(~FEW, 1 - y, np.nan)])
    made = PartiallySupervised(maps=MAPS)(Tasks.from_arrays(X, Y, kinds="class"))
    assert made.names[2:] == tuple(f"{t} by map {m}" for m in (1, 2) for t in ("y0", "y1"))
    assert made["y0 by map 1"].n == 240 and made["y1 by map 1"].n == 60
    assert made.kinds[2].name == "binary"


def test_only_wanted_tasks_are_asked_about():
    Y = np.column_stack([np.where(FEW, X[:, 0], np.nan)] * 2)
    data = Tasks.from_arrays(X, Y).main("y0")
    made = PartiallySupervised(maps=MAPS)(data)
    assert made.names[2:] == ("y0 by map 1", "y0 by map 2")


def test_a_task_without_unlabelled_rows_is_refused_by_name():
    with pytest.raises(DataError, match=r"Task 'y0' has labels on all of them\. Add rows"):
        PartiallySupervised()(Tasks.from_arrays(X, X[:, 0]))
    with pytest.raises(ParameterError, match="two maps"):
        PartiallySupervised(maps=((0,), (1,), (2,)))
