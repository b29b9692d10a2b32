"""Categories and gaps: learnt on training rows, applied to others."""

import numpy as np
import pandas as pd
import pytest

from polytask import Encoder, Independent, Tasks
from polytask.errors import DataError, ParameterError
from polytask.prepared import Prepared

FRAME = pd.DataFrame(
    {
        "eye": ["blue", "grey", "blue", "green", None, "grey"],
        "age": [3.0, None, 5.0, 100.0, 1.0, 2.0],
        "y": [1.0, 2, 3, 4, 5, 6],
        "z": [1.0, None, 3, 2, 2, 1],
    }
)


def table(frame=FRAME):
    return Tasks.from_frame(frame, ["y", "z"], gaps="keep", verbose=False)


def test_medians_and_levels_come_from_the_training_rows_only():
    encoder = Encoder("median").fit(table().take([0, 1, 2]))
    out = encoder.transform(table())
    assert out.feature_names == ("eye=blue", "eye=grey", "age")
    assert out.X[:, 2].tolist() == [3, 4, 5, 100, 1, 2]
    assert out.X[3, :2].tolist() == [0, 0]
    assert out.X[4, :2].tolist() == [0, 0]


def test_a_gap_that_only_later_rows_have_gets_the_median_too():
    full = table(FRAME[["age", "y", "z"]].iloc[[0, 2, 3]])
    encoder = Encoder("median").fit(full)
    assert encoder.transform(table(FRAME[["age", "y", "z"]])).X[1, 0] == 5


def test_a_constant_fills_with_zero_and_refusing_names_the_column():
    assert Encoder("constant").fit(table()).transform(table()).X[1, -1] == 0
    with pytest.raises(DataError, match=r"'age' has 1 gaps.*--impute median"):
        Encoder().fit(table()).transform(table())


def test_categories_can_be_refused_and_words_are_checked():
    with pytest.raises(DataError, match=r"'eye' is text"):
        Encoder("median", "refuse").fit(table())
    with pytest.raises(ParameterError, match="mean"):
        Encoder("mean")


def test_a_table_of_numbers_passes_untouched():
    data = Tasks.from_arrays(np.ones((3, 2)), [1, 2, 3])
    assert Encoder().fit(data).transform(data) is data


def test_other_columns_are_refused():
    other = Tasks.from_arrays(np.ones((3, 2)), [1, 2, 3])
    with pytest.raises(DataError, match="eye"):
        Encoder("median").fit(table()).transform(other)


def test_a_model_refuses_a_raw_table_and_says_what_to_do():
    with pytest.raises(DataError, match="Prepared"):
        Independent().fit(table())


def test_a_prepared_model_predicts_from_a_raw_frame():
    model = Prepared(Independent(), impute="median").fit(table())
    by_frame = model.predict(FRAME)
    shuffled = model.predict(FRAME[["z", "age", "eye"]])
    assert np.array_equal(by_frame, shuffled)
    assert np.array_equal(by_frame, model.predict(table()))
    encoder = Encoder("median").fit(table())
    inner = Independent().fit(encoder.transform(table()))
    assert np.array_equal(by_frame, inner.predict(encoder.transform(table())))


def test_a_missing_column_at_prediction_is_named():
    model = Prepared(Independent(), impute="median").fit(table())
    with pytest.raises(DataError, match="age"):
        model.predict(FRAME[["eye"]])
