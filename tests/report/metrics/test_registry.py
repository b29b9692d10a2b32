"""Laws of every metric, and scikit-learn as the judge of those that it has."""

import numpy as np
import pytest
from sklearn import metrics as sk

from polytask.errors import DataError, ParameterError
from polytask.kinds import (
    Binary,
    Counts,
    DenseClasses,
    DenseNumbers,
    Multiclass,
    Ordinal,
    Ranking,
    Regression,
    Survival,
    Tagging,
)
from polytask.report.metrics import METRICS, Undefined, known, metric, of_kind

KINDS = {
    "regression": Regression(),
    "binary": Binary(),
    "multiclass": Multiclass((0, 1, 2)),
    "counts": Counts(),
    "survival": Survival(),
    "ordinal": Ordinal((0, 1, 2)),
    "ranking": Ranking(),
    "tagging": Tagging(("B", "I", "O")),
    "dense_classes": DenseClasses((0, 1, 2)),
    "dense_numbers": DenseNumbers(2),
}
# the query of every row of an example
QUERIES = np.random.default_rng(9).integers(0, 8, 60)
PAIRS = [(name, kind) for name, m in METRICS.items() for kind in m.kinds]


def queries(name, rows=slice(None)):
    """What a metric is told beside labels, outputs and weights."""
    return {"groups": QUERIES[rows]} if metric(name).grouped else {}


def example(kind, n=60, seed=0):
    """Labels, outputs with ties, and integer weights, some of them 0."""
    rng = np.random.default_rng(seed)
    weight = rng.integers(0, 4, n).astype(float)
    if kind == "regression":
        y = rng.normal(size=n)
        return y, y + rng.normal(size=n), weight
    if kind == "counts":
        y = rng.poisson(3.0, n).astype(float)
        return y, y + rng.uniform(0.1, 3, n), weight
    if kind == "survival":
        y = rng.integers(1, 20, n) * rng.choice([-1.0, 1.0], n)
        return y, np.round(rng.normal(size=n) - 0.2 * np.abs(y)), weight
    if kind == "ranking":
        y = rng.integers(0, 4, n).astype(float)
        return y, np.round(y + 2 * rng.normal(size=n)), weight
    if kind == "dense_numbers":
        y = rng.normal(size=(n, 2))
        return y, y + rng.normal(size=(n, 2)), weight
    K = 2 if kind == "binary" else 3
    y = rng.integers(0, K, n).astype(float)
    p = np.round(rng.dirichlet(np.ones(K), n) + 0.5 * np.eye(K)[y.astype(int)], 1) + 0.05
    return y, p / p.sum(axis=1, keepdims=True), weight


@pytest.mark.parametrize(("name", "kind"), PAIRS)
def test_an_integer_weight_is_that_many_equal_rows(name, kind):
    y, output, weight = example(kind)
    times = weight.astype(int)
    rows = np.repeat(np.arange(len(y)), times)
    repeated = metric(name)(y[rows], output[rows], **queries(name, rows))
    value = metric(name)(y, output, weight, **queries(name))
    assert value == pytest.approx(repeated, rel=1e-12)


@pytest.mark.parametrize(("name", "kind"), PAIRS)
def test_the_order_of_the_rows_changes_nothing(name, kind):
    y, output, weight = example(kind)
    order = np.random.default_rng(1).permutation(len(y))
    turned = metric(name)(y[order], output[order], weight[order], **queries(name, order))
    value = metric(name)(y, output, weight, **queries(name))
    assert value == pytest.approx(turned, rel=1e-12)


@pytest.mark.parametrize(("name", "kind"), PAIRS)
def test_without_a_label_that_counts_a_metric_is_undefined_and_says_so(name, kind):
    y, output, weight = example(kind)
    found = metric(name).measure(y, output, 0 * weight, **queries(name))
    assert found.value is None
    assert found.note == "no label"


@pytest.mark.parametrize(("name", "kind"), PAIRS)
def test_the_truth_is_not_worse_than_an_example(name, kind):
    y, output, weight = example(kind)
    right = {"survival": -np.abs(y)} | dict.fromkeys(
        ("regression", "counts", "ranking", "dense_numbers"), y
    )
    truth = right[kind] if kind in right else np.eye(output.shape[1])[y.astype(int)]
    told = queries(name)
    best, found = (metric(name)(y, one, weight, **told) for one in (truth, output))
    assert best >= found if metric(name).greater_is_better else best <= found


def test_outputs_that_are_not_finite_are_refused():
    with pytest.raises(DataError, match="1 outputs that are not finite"):
        metric("rmse")([1.0, 2.0], [1.0, np.inf])


def test_a_metric_is_known_by_its_name_and_an_unknown_one_names_the_choices():
    assert known("mean_auc") and not known("mean_luck")
    with pytest.raises(ParameterError, match=r"'luck'\. Known: rmse, mae"):
        metric("luck")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_names_metrics_of_this_list_that_judge_it(kind):
    assert set(kind.metrics) <= set(METRICS)
    assert all(kind.name in METRICS[name].kinds for name in kind.metrics)
    assert of_kind(kind)[0].name == kind.metrics[0]


@pytest.mark.parametrize(
    ("name", "judge"),
    [
        ("rmse", sk.root_mean_squared_error),
        ("mae", sk.mean_absolute_error),
        ("r2", sk.r2_score),
    ],
)
def test_regression_metrics_agree_with_scikit_learn(name, judge):
    y, output, weight = example("regression")
    assert metric(name)(y, output, weight) == pytest.approx(judge(y, output, sample_weight=weight))
    assert metric(name)(y, output) == pytest.approx(judge(y, output))


def test_the_poisson_deviance_agrees_with_scikit_learn():
    y, output, weight = example("counts")
    expected = sk.mean_poisson_deviance(y, output, sample_weight=weight)
    assert metric("poisson_deviance")(y, output, weight) == pytest.approx(expected)
    score = Counts().score(y, output, weight)
    assert score == pytest.approx(sk.d2_tweedie_score(y, output, sample_weight=weight, power=1))


def test_a_mean_that_forbids_what_happened_has_no_deviance():
    for mean, words in ((-1.0, "below zero"), (0.0, "zero where there was a count")):
        with pytest.raises(Undefined, match=words):
            metric("poisson_deviance")([0, 1], [1, mean])


def test_concordance_counts_every_pair_that_can_be_compared():
    y, risk, weight = example("survival")
    right = total = 0.0
    for i, j in np.ndindex(len(y), len(y)):
        longer = abs(y[j]) > y[i] or (abs(y[j]) == y[i] and y[j] < 0)
        if y[i] > 0 and longer:
            total += weight[i] * weight[j]
            right += weight[i] * weight[j] * ((risk[i] > risk[j]) + 0.5 * (risk[i] == risk[j]))
    assert metric("concordance_index")(y, risk, weight) == pytest.approx(right / total)
    with pytest.raises(Undefined, match="no event"):
        metric("concordance_index")([-1, -2], [0, 1])


@pytest.mark.parametrize(
    ("name", "judge"),
    [
        ("auc", sk.roc_auc_score),
        ("average_precision", sk.average_precision_score),
        ("log_loss", sk.log_loss),
    ],
)
def test_binary_metrics_of_probabilities_agree_with_scikit_learn_with_ties(name, judge):
    y, output, weight = example("binary")
    p = output[:, 1]
    assert len(np.unique(p)) < len(p)
    assert metric(name)(y, output, weight) == pytest.approx(judge(y, p, sample_weight=weight))


@pytest.mark.parametrize(
    ("name", "judge"),
    [
        ("accuracy", sk.accuracy_score),
        ("balanced_accuracy", sk.balanced_accuracy_score),
        ("f1", sk.f1_score),
    ],
)
def test_metrics_of_labels_agree_with_scikit_learn_at_any_threshold(name, judge):
    y, output, weight = example("binary")
    for threshold in (0.2, 0.5, 0.8):
        label = output[:, 1] >= threshold
        found = metric(name)(y, output, weight, threshold=threshold)
        assert found == pytest.approx(judge(y, label, sample_weight=weight))


def test_multiclass_metrics_agree_with_scikit_learn():
    y, output, weight = example("multiclass")
    label = output.argmax(axis=1)
    for name, judge in (
        ("accuracy", sk.accuracy_score),
        ("balanced_accuracy", sk.balanced_accuracy_score),
    ):
        expected = judge(y, label, sample_weight=weight)
        assert metric(name)(y, output, weight) == pytest.approx(expected)
    expected = sk.log_loss(y, output, sample_weight=weight)
    assert metric("log_loss")(y, output, weight) == pytest.approx(expected)


@pytest.mark.parametrize("name", ["auc", "average_precision", "f1", "precision_at_k"])
def test_one_class_only_is_undefined(name):
    p = np.linspace(0.1, 0.9, 12)
    with pytest.raises(Undefined, match="one class only"):
        metric(name)(np.ones(12), np.column_stack([1 - p, p]))


def test_equal_labels_leave_r2_undefined_even_where_rounding_would_not():
    with pytest.raises(Undefined, match="all labels are equal"):
        metric("r2")([0.1, 0.1, 0.1], [0.1, 0.2, 0.3])


def test_the_standardised_error_does_not_depend_on_the_unit():
    y, output, weight = example("regression")
    for name in ("rmse", "mae", "r2"):
        plain = metric(name).error(y, output, weight, spread=2.0)
        scaled = metric(name).error(1000 * y, 1000 * output, weight, spread=2000.0)
        assert scaled == pytest.approx(plain)
