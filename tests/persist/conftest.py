"""A model file."""

import pytest
from persist.samples import X, Y

from polytask import Independent, persist


@pytest.fixture
def path(tmp_path):
    persist.save(Independent().fit(X, Y), tmp_path / "a.model")
    return tmp_path / "a.model"
