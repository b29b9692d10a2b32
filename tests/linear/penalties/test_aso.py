import numpy as np
import pytest
from linear import oracle
from linear.penalties.problems import planted
from scipy.optimize import minimize

from polytask import Tasks
from polytask.errors import ParameterError, TaskError, UnsupportedError
from polytask.kinds import Binary
from polytask.linear import (
    ASO,
    L2,
    AlternatingStructure,
    LinearClassifier,
    LinearModel,
    NoPenalty,
    Split,
)

TIGHT = {"tol": 1e-12, "max_iter": 100_000}


def fit(penalty, data, **options):
    return LinearModel(penalty, **TIGHT | options).fit(data)


def from_scratch(model, data, alpha, eta=0.0):
    """The objective of the paper in own parts, v and Theta, nothing taken from the penalty."""
    theta = model.structure_
    total = 0.0
    for t, name in enumerate(data.names):
        X, y, _ = data.table(name)
        v = theta @ model.coef_[t]
        own = model.coef_[t] - theta.T @ v
        f = X @ own + X @ theta.T @ v + model.intercept_[t]
        total += np.mean((y - f) ** 2) / 2 + alpha / 2 * own @ own
        total += alpha * eta / 2 * model.coef_[t] @ model.coef_[t]
    return total


def ridge(X, y, Q):
    """Half the mean of squares plus w'Qw/2, in closed form."""
    Z, r = X - X.mean(0), y - y.mean()
    return np.linalg.solve(Z.T @ Z / len(y) + Q, Z.T @ r / len(y))


def test_the_objective_is_that_of_the_paper_and_the_structure_is_orthonormal():
    data, _, _ = planted(0)
    for eta in (0.0, 0.1):
        model = fit(ASO(0.3, h=2, eta=eta), data)
        assert model.objective_ == pytest.approx(from_scratch(model, data, 0.3, eta), rel=1e-10)
        np.testing.assert_allclose(model.structure_ @ model.structure_.T, np.eye(2), atol=1e-12)
        inside = model.coef_ @ model.structure_.T @ model.structure_
        np.testing.assert_allclose(model.own_, model.coef_ - inside, atol=1e-12)


def test_at_the_end_every_task_is_ridge_outside_of_the_structure():
    data, _, _ = planted(1)
    model = fit(ASO(0.5, h=2), data)
    Q = 0.5 * (np.eye(8) - model.structure_.T @ model.structure_)
    for t, name in enumerate(data.names):
        X, y, _ = data.table(name)
        np.testing.assert_allclose(model.coef_[t], ridge(X, y, Q), atol=1e-5)


def test_and_the_structure_is_that_of_the_singular_vectors():
    data, _, _ = planted(1)
    model = fit(ASO(0.5, h=2), data)
    U, s, _ = np.linalg.svd(model.coef_.T)
    np.testing.assert_allclose(np.linalg.svd(model.structure_ @ U[:, :2])[1], np.ones(2), atol=1e-9)
    assert model.penalty_.value(model.coef_.T) == pytest.approx(0.25 * np.sum(s[2:] ** 2))


@pytest.mark.parametrize("alpha", [0.05, 1.0, 30.0])
def test_the_objective_never_rises_from_round_to_round(alpha):
    data, _, _ = planted(2)
    rounds = [
        fit(ASO(alpha, h=2), data, solver=AlternatingStructure(rounds=k)).objective_
        for k in (1, 2, 3, 5, 10, 30)
    ]
    end = fit(ASO(alpha, h=2), data).objective_
    assert all(after <= before + 1e-12 for before, after in zip(rounds, [*rounds[1:], end]))
    assert end < rounds[0] - 1e-3


def test_one_round_is_ridge_regression():
    data, _, _ = planted(2)
    model = fit(ASO(0.7, h=2), data, solver=AlternatingStructure(rounds=1))
    np.testing.assert_allclose(model.coef_, fit(L2(0.7), data).coef_, atol=1e-10)
    assert model.solution_.certificate == "duality gap in round 1"
    assert model.solution_.converged


def test_without_a_structure_it_is_ridge_and_with_all_of_it_least_squares():
    data, _, _ = planted(3, n=20)
    none, every = fit(ASO(0.7, h=0), data), fit(ASO(0.7, h=8), data)
    np.testing.assert_allclose(none.coef_, fit(L2(0.7), data).coef_, atol=1e-9)
    np.testing.assert_allclose(every.coef_, fit(NoPenalty(), data).coef_, atol=1e-6)
    few = Tasks.stack({name: data.table(name)[:2] for name in data.names[:3]})
    np.testing.assert_allclose(
        fit(ASO(0.7, h=3), few).coef_, fit(NoPenalty(), few).coef_, atol=1e-6
    )


def test_two_features_and_every_angle_of_the_structure():
    # brute force: the best objective over a grid of directions, each by ridge in closed form
    rng = np.random.default_rng(4)
    for _ in range(5):
        sets = {t: (rng.normal(size=(7, 2)), rng.normal(size=7)) for t in "abc"}
        least = np.inf
        for angle in np.linspace(0, np.pi, 400):
            b = np.array([np.cos(angle), np.sin(angle)])
            Q = 0.4 * (np.eye(2) - np.outer(b, b))
            total = 0.0
            for X, y in sets.values():
                w, Z, r = ridge(X, y, Q), X - X.mean(0), y - y.mean()
                total += np.mean((r - Z @ w) ** 2) / 2 + w @ Q @ w / 2
            least = min(least, total)
        model = fit(ASO(0.4), Tasks.stack(sets), solver=AlternatingStructure(restarts=5))
        assert least - 1e-4 * least <= model.objective_ <= least + 1e-12


@pytest.mark.parametrize("kind", ["binary", "multiclass", "mixed"])
def test_no_small_change_helps_whatever_the_losses(kind):
    numbers, sorts, many = oracle.regression(), oracle.binary(), oracle.multiclass()
    sets = {
        "binary": {name: sorts[name] for name in "abd"},
        "multiclass": many,
        "mixed": {"n": numbers["a"], "s": sorts["d"], "m": many["a"]},
    }[kind]
    word = {"n": "regression", "s": "binary", "m": "multiclass"}
    kinds = word if kind == "mixed" else dict.fromkeys(sets, kind)
    data = oracle.tasks(sets, kinds)
    model = fit(ASO(0.1, h=1, eta=0.05), data, scale=True)
    from polytask.linear.build import build

    problem = build(data, scale=True)

    def objective(w):
        W = w.reshape(problem.shape)
        return problem.at(W).value + model.penalty_.value(W)

    better = minimize(objective, model.solution_.W.ravel(), method="BFGS", options={"maxiter": 30})
    assert better.fun >= model.objective_ - 1e-8


def test_strong_prices_end_as_weak_ones_do():
    # alternation alone moves about 1 / alpha of the way: the turning steps do the rest
    data, _, basis = planted(5, own=0.0)
    model = fit(ASO(1e4, h=2), data, tol=1e-8)
    assert model.solution_.converged
    assert model.n_iter_ < 200
    assert np.linalg.svd(model.structure_ @ basis)[1].min() > 0.98
    assert np.abs(model.own_).max() < 1e-3


def test_the_planted_structure_is_found_and_helps():
    ratios = []
    for seed in range(5):
        data, W, basis = planted(seed)
        error = {}
        for name, penalty in (("aso", ASO(h=2)), ("ridge", L2())):
            some = [{"penalty": penalty.replace(alpha=a)} for a in (10, 3, 1, 0.3, 0.1)]
            path = LinearModel(penalty).fit_path(data, some)
            best = min(path, key=lambda one: np.sum((one.coef_.T - W) ** 2))
            error[name] = np.linalg.norm(best.coef_.T - W)
            if name == "aso":
                assert np.linalg.svd(best.structure_ @ basis)[1].min() > 0.95
        ratios.append(error["aso"] / error["ridge"])
    assert np.mean(ratios) < 0.5


def test_weights_are_strengths_of_single_tasks():
    data, _, _ = planted(6, T=4)
    weights = (1.0, 0.5, 3.0, 2.0)
    model = fit(ASO(0.5, h=1, weights=weights), data)
    root = np.sqrt(weights)
    U = np.linalg.svd(model.coef_.T * root)[0]
    assert abs(model.structure_[0] @ U[:, 0]) == pytest.approx(1, abs=1e-9)
    rest = np.eye(8) - model.structure_.T @ model.structure_
    for t, name in enumerate(data.names):
        X, y, _ = data.table(name)
        np.testing.assert_allclose(model.coef_[t], ridge(X, y, 0.5 * weights[t] * rest), atol=1e-5)
    with pytest.raises(ParameterError, match=r"a weight for each of 4 tasks\. Found 2"):
        fit(ASO(0.5, weights=(1.0, 2.0)), data)


def test_blocks_of_features_have_structures_of_their_own():
    data, _, _ = planted(7)
    model = fit(ASO(0.5, h=1, blocks=((0, 1, 2), (3, 4, 5))), data)
    assert model.structure_.shape == (2, 8)
    assert not model.structure_[0, 3:].any() and not model.structure_[1, [0, 1, 2, 6, 7]].any()
    for row, block in zip(model.structure_, ([0, 1, 2], [3, 4, 5])):
        U = np.linalg.svd(model.coef_.T[block])[0]
        assert abs(row[block] @ U[:, 0]) == pytest.approx(1, abs=1e-8)
    with pytest.raises(ParameterError, match="blocks of features between 0 and 7"):
        fit(ASO(0.5, blocks=((0, 9),)), data)


def test_strong_blocks_are_turned_inside_their_blocks():
    data, _, _ = planted(7)
    model = fit(ASO(300.0, h=1, blocks=((0, 1, 2), (3, 4, 5))), data, tol=1e-8)
    assert model.solution_.converged
    assert not model.structure_[0, 3:].any() and not model.structure_[1, [0, 1, 2, 6, 7]].any()


def test_the_positive_part_shapes_the_structure_where_that_was_asked_for():
    data, _, _ = planted(8)
    model = fit(ASO(0.5, h=2, part="positive"), data, tol=1e-6)
    U = np.linalg.svd(np.maximum(model.coef_.T, 0))[0]
    np.testing.assert_allclose(np.linalg.svd(model.structure_ @ U[:, :2])[1], np.ones(2), atol=1e-9)


def test_a_source_shapes_the_structure_and_the_others_use_it():
    data, _, _ = planted(9)
    helpers = data.names[1:]
    marked = data.main(data.names[0])
    by_role = fit(ASO(0.5, h=2, source="auxiliary"), marked)
    by_name = fit(ASO(0.5, h=2, source=helpers), data)
    alone = fit(ASO(0.5, h=2), Tasks.stack({name: data.table(name)[:2] for name in helpers}))
    np.testing.assert_allclose(by_role.coef_, by_name.coef_, atol=1e-9)
    np.testing.assert_allclose(by_role.coef_[1:], alone.coef_, atol=1e-5)
    X, y, _ = data.table(data.names[0])
    Q = 0.5 * (np.eye(8) - alone.structure_.T @ alone.structure_)
    np.testing.assert_allclose(by_role.coef_[0], ridge(X, y, Q), atol=1e-5)
    with pytest.raises(TaskError, match=r"role is auxiliary\. Found none"):
        fit(ASO(0.5, source="auxiliary"), data)
    with pytest.raises(TaskError, match="'zebra', which is no task"):
        fit(ASO(0.5, source=("zebra",)), data)


def test_a_new_task_is_fitted_with_the_structure_frozen():
    data, _, basis = planted(10, T=20)
    rng = np.random.default_rng(0)
    w = basis @ np.array([2.0, -2.0])
    X = rng.normal(size=(6, 8)) + 1
    y = X @ w + 0.3 * rng.normal(size=6) + 2
    for scale in (False, True):
        model = fit(ASO(1.0, h=2), data, scale=scale)
        new = model.adapt(X, y)
        unit = np.diag(1 / model.scale_)
        theta = model.structure_ * model.scale_  # in the units that the price sees
        Q = np.linalg.inv(unit) @ (np.eye(8) - theta.T @ theta) @ np.linalg.inv(unit)
        np.testing.assert_allclose(new.coef_[0], ridge(X, y, Q), atol=1e-5)
    assert np.linalg.norm(new.coef_[0] - w) < 0.3 * np.linalg.norm(w)


def test_classes_that_a_line_separates_need_a_little_eta():
    X = np.random.default_rng(0).normal(size=(12, 3))
    Y = (X @ np.array([[1.0, 2.0], [0.0, 1.0], [0.5, 0.0]]) > 0).astype(int)
    model = LinearClassifier(ASO(0.1, h=1, eta=0.01)).fit(X, Y)
    assert model.solution_.converged
    assert np.abs(model.coef_).max() < 100


def test_too_many_features_for_the_proof_are_refused_with_the_way_out():
    X = np.zeros((3, 4000))
    X[0, :3] = 1
    Y = np.array([[0, 1], [1, 0], [1, 1]])
    data = Tasks.stack(
        {"a": (X, Y[:, 0]), **{f"b{t}": (X, Y[:, 1]) for t in range(8)}}, kinds=Binary()
    )
    with pytest.raises(UnsupportedError, match=r"Take ASO\(eta=0\.001\)"):
        LinearModel(ASO(0.1)).fit(data)


def test_what_asks_for_a_dual_is_refused():
    X, Y = np.eye(4), np.eye(4)[:, :2]
    with pytest.raises(UnsupportedError, match="ASO is not convex"):
        LinearModel(Split(ASO(0.1), L2(0.1))).fit(X, Y)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"h": -1}, "h >= 0"),
        ({"h": 1.5}, r"Found h=1\.5"),
        ({"eta": -0.1}, "eta >= 0"),
        ({"part": "negative"}, "Found part='negative'"),
        ({"weights": (1.0, 0.0)}, "weights above zero"),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    with pytest.raises(ParameterError, match=message):
        ASO(**options)


def test_solver_options_out_of_range_are_refused():
    with pytest.raises(ParameterError, match="rounds >= 1"):
        AlternatingStructure(rounds=0)
    with pytest.raises(ParameterError, match="restarts >= 0"):
        AlternatingStructure(restarts=-1)
