"""Names of work: the same for the same, different for different, in every process."""

import subprocess
import sys

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import Ridge

from polytask import Independent, Pooled
from polytask.report.digest import digest

CODE = """
import numpy as np
from sklearn.linear_model import Ridge
from polytask import Independent
from polytask.report.digest import digest
print(digest(Independent(Ridge(alpha=np.float64(2.0))), {"b": np.arange(3.0), "a": (1, None)}))
"""


def test_another_process_finds_the_same_name():
    here = digest(Independent(Ridge(alpha=np.float64(2.0))), {"a": (1, None), "b": np.arange(3.0)})
    there = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == here


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
