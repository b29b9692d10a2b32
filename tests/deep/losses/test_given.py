"""A loss that counts only where another task has a label."""

import numpy as np
import pytest
import torch

from polytask import Tasks, deep
from polytask.deep.targets import targets
from polytask.deep.train.objective import Objective
from polytask.kinds import DenseClasses, DenseNumbers
from polytask.task import Task

LOSS = {"price": deep.Given(deep.SquaredError(), "sold", "yes")}


def table():
    sold = np.array(["yes", "no", "yes", None, "no", "yes"], dtype=object)
    price = np.array([1.0, 99.0, 3.0, 99.0, np.nan, 5.0], dtype=object)
    X = np.arange(12.0).reshape(6, 2)
    return Tasks.from_arrays(
        X, np.column_stack([sold, price]), names=["sold", "price"], kinds={"price": "regression"}
    )


def loss_of(Y, W, outputs=None):
    objective = Objective(targets(table().tasks, LOSS))
    outputs = outputs or {"sold": torch.zeros(6, 1).double(), "price": torch.ones(6, 1).double()}
    return objective(outputs, Y, W), objective.weights(Y, W)


def test_only_rows_with_the_label_count_and_rows_where_it_is_unknown_do_not():
    data = table()
    Y, W = torch.as_tensor(np.nan_to_num(data.Y)), torch.as_tensor(data.W)
    (losses, present), weights = loss_of(Y, W)
    assert present.all() and weights.tolist() == [5, 3]
    assert losses[1].item() == pytest.approx((0 + 4 + 16) / 3)


def test_a_table_and_labels_one_by_one_agree():
    data = table()
    Y, W = torch.as_tensor(np.nan_to_num(data.Y)), torch.as_tensor(data.W)
    (losses, _), weights = loss_of(Y, W)
    apart = [dict(zip(data.names, one.T)) for one in (Y, W)]
    (again, _), again_weights = loss_of(*apart)
    torch.testing.assert_close(losses, again)
    torch.testing.assert_close(weights, again_weights)
    for one in apart:
        del one["sold"]
    (alone, present), _ = loss_of(*apart)
    assert present.tolist() == [False, False] and not alone.any()


def test_what_stands_where_it_does_not_count_moves_no_parameter():
    data, other = table(), table()
    model = deep.DeepModel(loss=LOSS, epochs=3, scale=False, random_state=0)
    labels = other["price"]
    labels.y[labels.y > 50] = -1e3
    one, two = (model.fit(each)._outputs(data.X, "price").copy() for each in (data, other))
    assert np.array_equal(one, two)


def test_a_row_of_labels_says_which_pixels_count():
    tasks = (Task("thing", DenseClasses(("no", "yes"))), Task("way", DenseNumbers(2)))
    objective = Objective(targets(tasks, {"way": deep.Given(deep.Offsets(), "thing", "yes")}))
    rng = np.random.default_rng(0)
    thing = torch.as_tensor(rng.integers(0, 2, (2, 3, 4))).double()
    way = torch.as_tensor(rng.normal(size=(2, 3, 4, 2)))
    W = {name: torch.ones(2, 3, 4).double() for name in ("thing", "way")}
    outputs = {"thing": torch.zeros(2, 3, 4, 2).double(), "way": torch.zeros(2, 3, 4, 2).double()}
    losses, _ = objective(outputs, {"thing": thing, "way": way}, W)
    expected = way[thing == 1].abs().mean()
    torch.testing.assert_close(losses[1], expected)
