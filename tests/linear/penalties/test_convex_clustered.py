import numpy as np
import pytest
from linear import oracle
from sklearn.metrics import adjusted_rand_score

from polytask import Tasks
from polytask.errors import ParameterError
from polytask.linear import L2, Clustered, ConvexClustered, LinearModel


def fit(penalty, data, **options):
    return LinearModel(penalty, **{"tol": 1e-9, "max_iter": 50_000} | options).fit(data)


@pytest.mark.parametrize("kind", ["regression", "binary"])
@pytest.mark.parametrize("clusters", [1, 2, 4])
def test_the_joint_optimum_in_w_and_the_covariance_is_reached(kind, clusters):
    sets = oracle.regression() if kind == "regression" else oracle.binary()
    kinds = dict.fromkeys(sets, kind)
    penalty = ConvexClustered(0.5, clusters, between=0.2, mean=0.05)
    expected, _ = oracle.optimum(sets, kinds, penalty)
    assert fit(penalty, oracle.tasks(sets, kinds)).objective_ == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("clusters", [1, 2, 4, 7])
def test_the_mean_may_be_a_direction_like_the_others(clusters):
    sets = oracle.regression()
    kinds = dict.fromkeys(sets, "regression")
    penalty = ConvexClustered(0.5, clusters, between=0.2, mean=None)
    expected, _ = oracle.optimum(sets, kinds, penalty)
    assert fit(penalty, oracle.tasks(sets, kinds)).objective_ == pytest.approx(expected, rel=1e-6)


def test_without_a_price_for_the_mean_it_is_the_form_of_zhou_chen_and_ye():
    # rho_1 eta (1 + eta) tr W (eta I + M)^-1 W' at the M of a clustering is an upper bound
    rng = np.random.default_rng(0)
    first, second, label = 2.0, 0.5, np.repeat([0, 1, 2], 2)
    eta = second / first
    W = rng.normal(size=(5, 3))[:, label]
    M = (label[:, None] == label) / 2
    theirs = first * eta * (1 + eta) * np.trace(W @ np.linalg.inv(eta * np.eye(6) + M) @ W.T)
    ours = ConvexClustered(2 * (first + second), 3, between=second / (first + second), mean=None)
    # tasks that are equal within clusters leave nothing to relax
    assert ours.value(W) == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize(
    ("options", "within"),
    [({"between": 1.0}, 1.0), ({"clusters": 1, "between": 0.2}, 1.0), ({"clusters": 4}, 0.1)],
)
def test_where_there_is_nothing_to_choose_it_is_mean_and_variance(options, within):
    # one price for all, one cluster, or a cluster per task
    W = np.random.default_rng(0).normal(size=(5, 4))
    penalty = ConvexClustered(2.0, **options, mean=0.05)
    same = Clustered(2.0 * within, between=1.0, mean=0.05 / within)
    assert penalty.value(W) == pytest.approx(same.value(W), rel=1e-12)


def test_no_clustering_costs_less_than_the_relaxation():
    rng = np.random.default_rng(0)
    for _ in range(20):
        W = rng.normal(size=(4, 6))
        found = ConvexClustered(1.0, 2).value(W)
        for size in (1, 2, 3):
            order = rng.permutation(6)
            groups = (tuple(order[:size].tolist()), tuple(order[size:].tolist()))
            assert found <= Clustered(1.0, groups).value(W) + 1e-12


def test_the_gradient_is_the_slope_of_the_value():
    rng = np.random.default_rng(0)
    W, D = rng.normal(size=(2, 6, 5))
    penalty = ConvexClustered(0.7, 3)
    h = 1e-5
    slope = (penalty.value(W + h * D) - penalty.value(W - h * D)) / (2 * h)
    assert np.sum(penalty.gradient(W) * D) == pytest.approx(slope, rel=1e-7)


def planted(seed, n=8):
    """Three clusters of eight tasks, inputs of their own per task."""
    rng = np.random.default_rng(seed)
    label = np.repeat(np.arange(3), 8)
    W = rng.normal(size=(20, 3))[:, label] + 0.1 * rng.normal(size=(20, 24))
    sets = {}
    for t in range(24):
        X = rng.normal(size=(n, 20))
        sets[f"t{t:02d}"] = (X, X @ W[:, t] + rng.normal(size=n))
    return Tasks.stack(sets), W, label


def test_planted_clusters_come_out_and_help():
    agreement, ratio = [], []
    for seed in range(3):
        data, W, label = planted(seed)
        own = {}
        for name, penalty in (("all", ConvexClustered(1.0, 3, between=0.03)), ("alone", L2(1.0))):
            model = LinearModel(penalty, tol=1e-4)
            path = model.fit_path(
                data, [{"penalty": penalty.replace(alpha=a)} for a in (3, 1, 0.3)]
            )
            own[name] = min(path, key=lambda one: np.sum((one.coef_.T - W) ** 2))
        error = {k: np.linalg.norm(one.coef_.T - W) for k, one in own.items()}
        ratio.append(error["all"] / error["alone"])
        found = [own["all"].clusters_[name] for name in data.names]
        agreement.append(adjusted_rand_score(label, found))
    assert np.mean(agreement) >= 0.9
    assert np.mean(ratio) <= 0.6


def test_the_relation_is_the_relaxed_same_cluster():
    data, _, label = planted(0, n=30)
    model = fit(ConvexClustered(0.5, 3, between=0.03), data, tol=1e-4)
    same = label[:, None] == label
    assert model.relation_.names == data.names
    assert model.relation_.meaning == "same cluster, relaxed"
    assert model.relation_.matrix[same].mean() > 3 * np.abs(model.relation_.matrix[~same]).mean()
    assert np.trace(model.relation_.matrix) == pytest.approx(3, abs=1e-9)


def test_classes_of_a_task_are_outputs_too():
    sets = oracle.multiclass()
    model = fit(
        ConvexClustered(0.5), oracle.tasks(sets, dict.fromkeys(sets, "multiclass")), tol=1e-4
    )
    assert len(model.clusters_) == 6
    assert model.relation_.meaning == "similarity after fitting"


def test_a_number_of_clusters_below_one_is_refused():
    with pytest.raises(ParameterError, match=r"clusters >= 1\. Found clusters=0"):
        ConvexClustered(1.0, clusters=0)
