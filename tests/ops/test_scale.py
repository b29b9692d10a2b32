import numpy as np
import pytest
from scipy import sparse
from sklearn.preprocessing import StandardScaler

from polytask.errors import UnsupportedError
from polytask.ops import Scale

X = np.random.default_rng(2).normal(2, 3, size=(40, 3))


def test_scale_agrees_with_scikit_learn():
    other = StandardScaler().fit(X)
    scale = Scale.of(X)
    np.testing.assert_allclose(scale.mean, other.mean_, rtol=1e-12)
    np.testing.assert_allclose(scale.transform(X), other.transform(X), atol=1e-12)


def test_a_weight_is_a_repeated_row_and_zero_an_absent_one():
    weight = np.arange(40) % 3
    repeated = Scale.of(np.repeat(X, weight, axis=0))
    weighed = Scale.of(X, weight)
    np.testing.assert_allclose(weighed.mean, repeated.mean, rtol=1e-12)
    np.testing.assert_allclose(weighed.std, repeated.std, rtol=1e-12)


@pytest.mark.parametrize("value", [0.0, 0.1, 1e9 + 0.1])
def test_a_constant_column_keeps_its_unit(value):
    assert Scale.of(np.full((1000, 1), value)).std == 1


def test_back_undoes_transform():
    scale = Scale.of(X)
    np.testing.assert_allclose(scale.back(scale.transform(X)), X, rtol=1e-12)


def test_a_sparse_table_has_the_scale_of_the_dense_one():
    S = sparse.random_array((30, 4), density=0.4, rng=np.random.default_rng(0), format="csr")
    scale, dense = Scale.of(S), Scale.of(S.toarray())
    np.testing.assert_allclose(scale.std, dense.std, rtol=1e-12)
    assert sparse.issparse(scale.spread(S))
    np.testing.assert_allclose(scale.spread(S).toarray(), S.toarray() / dense.std, rtol=1e-12)


def test_a_sparse_table_is_never_centred():
    S = sparse.eye_array(3, format="csr")
    with pytest.raises(UnsupportedError, match=r"Use Scale\.spread"):
        Scale.of(S).transform(S)
