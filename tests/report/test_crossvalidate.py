"""A table split x task x metric."""

import numpy as np
import pytest
from report.small import Broken, Shrunk, related

from polytask import Independent, report


def test_the_table_has_a_row_per_split_task_and_metric():
    table = report.cross_validate(Independent(), related(), folds=3, repeats=2)
    assert len(table.rows) == 6 * 3 * 3
    frame = table.to_frame()
    assert frame.groupby(["split", "task", "metric"]).size().eq(1).all()
    assert table.of("task 0", "r2").shape == (6,)


def test_it_agrees_with_compare():
    data = related()
    found = report.compare(data, {"m": Shrunk()}, folds=3, inner=2)
    table = report.cross_validate(Shrunk(), data, folds=3, inner=2)
    expected = [r["value"] for r in found.scores if (r["model"], r["metric"]) == ("m", "rmse")]
    assert [r["value"] for r in table.rows if r["metric"] == "rmse"] == expected


def test_without_inner_folds_the_model_is_fitted_as_it_is_written():
    data = related()
    weak, strong = (report.cross_validate(Shrunk(a), data, folds=3) for a in (0.1, 1e6))
    assert np.all(weak.of("task 0", "rmse") < strong.of("task 0", "rmse"))


def test_an_error_of_the_model_is_raised():
    with pytest.raises(np.linalg.LinAlgError, match="no decomposition"):
        report.cross_validate(Broken(), related(), folds=3)
