"""Names of work: the same for the same, different for different, whenever they were made."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import Ridge

from polytask import Independent, Pooled
from polytask.report.digest import digest


def test_an_equal_value_made_anew_has_the_same_name():
    one = digest(Independent(Ridge(alpha=2.0)), {"a": (1, None), "b": np.arange(3.0)})
    assert one == digest(Independent(Ridge(alpha=2.0)), {"b": np.arange(3.0), "a": (1, None)})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Independent(Ridge(1.0)), Independent(Ridge(2.0))),
        (Independent(), Pooled()),
        (np.arange(2000), np.arange(2000)[::-1]),
        (np.zeros(3), np.zeros((3, 1))),
        (np.zeros(3), np.zeros(3, dtype=np.float32)),
        (sparse.csr_array(np.eye(3)), sparse.csr_array(2 * np.eye(3))),
        ([1, [2]], [1, 2]),
        ("1", 1),
    ],
)
def test_what_differs_has_another_name(one, other):
    assert digest(one) != digest(other)
    assert digest(one) == digest(one)
