import numpy as np
import pytest
from linear.penalties.problems import orthonormal, separate, solved

from polytask.errors import ParameterError
from polytask.linear import L1, L21, L1Linf, L1Lq


@pytest.mark.parametrize(("q", "same"), [(1, L1(0.2)), (2, L21(0.2)), (np.inf, L1Linf(0.2))])
def test_special_exponents_are_the_penalties_of_that_name(q, same):
    data = separate()
    np.testing.assert_allclose(
        solved(L1Lq(0.2, q=q), data).coef_, solved(same, data).coef_, atol=1e-10
    )


def test_prices_between_the_lasso_and_the_row_maximum_are_ordered():
    W = np.random.default_rng(0).normal(size=(6, 4))
    prices = [L1Lq(1.0, q=q).value(W) for q in (1, 1.2, 2, 5, 50, np.inf)]
    assert prices == sorted(prices, reverse=True)


@pytest.mark.parametrize("q", [1.3, 3.0])
def test_with_orthonormal_inputs_one_step_is_the_solution(q):
    X, Y = orthonormal()
    penalty = L1Lq(0.4, q=q)
    coef = solved(penalty, X, Y).coef_
    np.testing.assert_allclose(coef.T, penalty.prox(X.T @ Y / len(X), 1.0), atol=1e-8)


def test_an_exponent_below_one_is_refused():
    with pytest.raises(ParameterError, match=r"q >= 1. Found q=0.5"):
        L1Lq(0.1, q=0.5)
    with pytest.raises(ParameterError, match=r"q >= 1. Found q=nan"):
        L1Lq(0.1, q=np.nan)
