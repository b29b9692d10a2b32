"""The tables of experts and of two digits: what is drawn, what is judged, what a claim needs."""

import numpy as np
import pytest

from polytask.reproduce import experts, get, multi_mnist, task_correlation


def made(one, seeds=None, **numbers):
    """Records of every seed with these numbers."""
    (setting,) = one.settings
    return {f"{setting} | {seed}": {"status": "ok"} | numbers for seed in range(seeds or one.seeds)}


def by_name(one, records):
    return {row.name: row for row in one.rows(records)}


def test_only_the_second_tasks_weights_differ_between_cosines():
    tables = {c: (data, test) for c, data, test in task_correlation.drawn(np.random.default_rng(0))}
    first = [data.Y[:, 0] for data, _ in tables.values()]
    assert all(np.array_equal(first[0], other) for other in first[1:])
    assert all(np.array_equal(tables[1.0][0].X, data.X) for data, _ in tables.values())
    # one function and unlike noise at cosine 1; the noise has a deviation of .1
    Y = tables[1.0][1].Y
    assert np.std(Y[:, 0] - Y[:, 1]) == pytest.approx(0.1 * np.sqrt(2), rel=0.1)


def test_drawn_tasks_turn_away_from_each_other():
    seen = []
    for cosine, data, test in task_correlation.drawn(np.random.default_rng(3)):
        Y = np.vstack([data.Y, test.Y])
        seen.append((cosine, np.corrcoef(Y.T)[0, 1]))
    correlations = [value for _, value in sorted(seen, reverse=True)]
    assert correlations == sorted(correlations, reverse=True)
    assert correlations[0] > 0.9
    assert abs(correlations[-1]) < 0.1


def test_the_loss_is_a_logarithm_over_the_error_at_cosine_one():
    one = get("task-correlation")
    errors = {f"{name} {c}": 0.1 for name in task_correlation.NETS for c in (1.0, 0.5, 0.0)}
    errors["hard sharing 0.0"] = 0.2
    rows = by_name(one, made(one, **errors))
    assert rows["loss of hard sharing, cosine 0.0"].measured == pytest.approx(np.log(2))
    assert rows["loss of MMoE, cosine 0.0"].measured == 0
    assert rows["hard sharing loses more, cosine 0.0"].measured == pytest.approx(np.log(2))
    assert all(row.holds for row in rows.values() if row.gate)
    errors["MMoE 0.5"] = 0.6
    broken = [row.name for row in one.rows(made(one, **errors)) if row.holds is False]
    assert broken == ["MMoE, cosine 0.5"]


def test_nets_of_the_sines_have_about_as_many_weights_each():
    count = {}
    for name, model in task_correlation.models(0).items():
        net = model.sharing.build(
            next(task_correlation.drawn(np.random.default_rng(0)))[1].tasks, 30
        )
        count[name] = sum(p.numel() for p in net.parameters())
    assert max(count.values()) < 1.25 * min(count.values())


def test_a_net_that_has_not_learnt_the_census_is_seen():
    one = get("experts")
    values = {f"{name}, {word}": 95.0 for name in experts.NETS for word in experts.FLOOR}
    assert all(row.holds for row in one.rows(made(one, **values)) if row.gate)
    values["PLE, income"] = 80.0
    rows = by_name(one, made(one, **values))
    assert [name for name, row in rows.items() if row.holds is False] == ["PLE, income"]
    assert rows["PLE - MMoE, income"].measured == -15.0


@pytest.mark.data("adult")
def test_the_census_is_the_official_split_with_numbers_for_categories():
    train, test = experts.persons()
    assert (train.n_rows, test.n_rows, train.n_features) == (32561, 16281, 101)
    assert list(train.names) == list(experts.TASKS)
    for model in experts.models(0).values():
        net = model.sharing.build(train.tasks, train.n_features)
        assert 7_000 <= sum(p.numel() for p in net.parameters()) <= 10_000


def test_a_net_that_does_not_read_digits_is_seen():
    one = get("multi-mnist")
    words = multi_mnist.TASKS.values()
    values = {f"{name}, {word}": 88.0 for name in multi_mnist.NETS for word in words}
    assert all(row.holds for row in one.rows(made(one, 1, **values)) if row.gate)
    values["hard sharing, top left"] = 10.0
    rows = by_name(one, made(one, 1, **values))
    assert [name for name, row in rows.items() if row.holds is False] == ["hard sharing, top left"]


@pytest.mark.data("mnist")
def test_pictures_are_read_by_a_small_net(monkeypatch):
    monkeypatch.setattr(multi_mnist, "TRAINING", 300)
    monkeypatch.setattr(multi_mnist, "TEST", 100)
    (piece,) = get("multi-mnist").pieces(True)
    found = piece.work()
    assert set(found) == {
        f"{name}, {word}" for name in multi_mnist.NETS for word in multi_mnist.TASKS.values()
    }
    assert all(20 < value <= 100 for value in found.values())  # chance is 10
