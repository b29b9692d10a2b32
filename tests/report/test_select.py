"""Choosing: the smallest mean, or the simplest within one standard error of it."""

import numpy as np
import pytest

from polytask.errors import ParameterError
from polytask.report.select import choose


def test_one_standard_error_is_never_less_simple_than_the_minimum():
    rng = np.random.default_rng(0)
    for _ in range(200):
        errors = rng.normal(size=(rng.integers(2, 8), rng.integers(1, 12)))
        assert choose(errors, "1se").index <= choose(errors, "min").index


def test_the_standard_error_is_over_the_folds():
    errors = np.array([[1.0, 0.5], [3.0, 1.5], [2.0, 1.0]])
    found = choose(errors)
    assert found.mean == pytest.approx((2.0, 1.0))
    assert found.se == pytest.approx((1 / np.sqrt(3), 0.5 / np.sqrt(3)))


def test_the_border_of_one_standard_error_belongs_to_it():
    # mean 2 and 1, standard error of the best exactly 1
    errors = np.array([[2.0, 0.0], [2.0, 2.0]])
    assert choose(errors, "1se").index == 0
    assert choose(errors + np.array([1e-9, 0]), "1se").index == 1


def test_the_simpler_of_equals_is_chosen():
    assert choose(np.zeros((3, 4)), "min").index == 0


def test_undefined_folds_are_left_out_and_undefined_candidates_are_not_chosen():
    errors = np.array([[np.nan, 1.0, 2.0], [np.nan, np.nan, 2.0]])
    assert choose(errors).index == 1
    with pytest.raises(ParameterError, match="every inner fold is undefined"):
        choose(np.full((2, 2), np.nan))


def test_an_unknown_rule_is_refused():
    with pytest.raises(ParameterError, match=r"'min' or '1se'\. Found 'max'"):
        choose([[1.0]], "max")
