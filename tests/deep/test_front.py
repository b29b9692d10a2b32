"""Categories before a net, stopping, going on, and one pass for all tasks."""

import numpy as np
import pandas as pd
import pytest
import torch

from polytask import Prepared, Tasks, deep
from polytask.deep.data import Units
from polytask.deep.front import Front, built, stage
from polytask.errors import DataError, ParameterError, UnsupportedError
from polytask.labels import Input
from polytask.persist import load, save

SMALL = deep.HardSharing(deep.mlp(16))


def frame(n=240, seed=0):
    """A place decides both labels, a number one of them; a tenth of the places is not known."""
    rng = np.random.default_rng(seed)
    place = rng.choice(["bay", "cove", "dune", "fell"], n)
    effect = pd.Series({"bay": -2.0, "cove": 1.0, "dune": 3.0, "fell": 0.5})
    x = rng.normal(size=n)
    y = effect[place].to_numpy()
    table = pd.DataFrame({"place": place.astype(object), "x": x, "u": y + x, "v": 5 - y})
    table.loc[rng.random(n) < 0.1, "place"] = None
    return table


def tasks(table):
    return Tasks.from_frame(table, ["u", "v"], gaps="keep", verbose=False)


def fitted(**options):
    return deep.DeepModel(SMALL, epochs=60, random_state=0, **options).fit(tasks(frame()))


def test_categories_are_learnt_as_vectors_as_well_as_in_columns_of_their_own():
    data, fresh = tasks(frame()), tasks(frame(seed=1))
    vectors = deep.DeepModel(SMALL, random_state=0).fit(data).score(fresh)
    columns = Prepared(deep.DeepModel(SMALL, random_state=0)).fit(data).score(fresh)
    assert vectors > columns - 0.02 and vectors > 0.75


def test_an_unseen_level_and_an_unseen_gap_stand_where_every_level_began():
    full = frame().dropna(subset=["place"])
    model = deep.DeepModel(SMALL, epochs=5, random_state=0).fit(tasks(full))
    rows = pd.DataFrame({"place": ["moor", None, "bay"], "x": 0.3})
    found = model.predict(rows)
    np.testing.assert_array_equal(found[0], found[1])
    assert np.abs(found[0] - found[2]).max() > 1e-3
    (table,) = model._net.entry.tables
    assert not table.weight[4:].any() and table.weight[:4].all()


def test_a_gap_that_training_has_seen_has_a_vector_of_its_own():
    (table,) = fitted()._net.entry.tables
    assert table.weight[4].all() and not table.weight[5].any()


def test_a_net_with_vectors_is_the_net_inside_on_looked_up_rows():
    data = tasks(frame())
    units = Units.standard(data)
    front = Front.over(units.inputs, data.inputs)
    net = built(SMALL, data.tasks, 2, front)
    torch.nn.init.normal_(net.entry.tables[0].weight)
    X = torch.as_tensor(front.transform(data.X), dtype=torch.float32)
    by_hand = torch.cat([net.entry.tables[0].weight[X[:, 0].long()], X[:, 1:]], 1)
    for name, out in net.inner(by_hand).items():
        torch.testing.assert_close(net(X)[name], out)
    # the number is in standard units, the codes are whole and without gaps
    assert abs(X[:, 1].mean()) < 1e-5 and set(X[:, 0].tolist()) == {0, 1, 2, 3, 4}
    assert {id(p) for p in net.shared()} == {
        *map(id, net.entry.parameters()),
        *map(id, net.inner.shared()),
    }


def test_without_categories_nothing_stands_before_the_net():
    units = Units.own(Tasks.from_arrays(np.eye(3), np.ones(3)))
    assert Front.over(units.inputs, [Input(name) for name in "abc"]) is units.inputs
    assert stage(units.inputs) is None


@pytest.mark.parametrize("sharing", [deep.MTAN(), deep.PLE(), deep.AnchoredSharing()])
def test_nets_that_look_at_their_rows_between_epochs_see_vectors(sharing):
    data = tasks(frame())
    model = deep.DeepModel(sharing, epochs=2, random_state=0).fit(data)
    assert np.isfinite(model.predict(data)).all()
    assert all(np.isfinite(one.values).all() for one in model.couplings_.values())


def test_a_table_of_categories_alone_has_a_relation():
    table = frame().drop(columns="x")
    data = Tasks.from_frame(table, ["u", "v"], gaps="keep", verbose=False)
    model = deep.DeepModel(SMALL, random_state=0).fit(data)
    assert model.relation_["u", "v"] < -0.8


def test_a_gap_in_a_number_is_refused_by_name():
    table = frame()
    table.loc[3, "x"] = np.nan
    with pytest.raises(DataError, match=r"'x' has 1 gaps in 240 rows.*impute='median'"):
        deep.DeepModel(SMALL).fit(tasks(table))


def test_a_file_keeps_vectors_and_nets_of_several_epochs(tmp_path):
    model = fitted(stop="each", patience=3)
    save(model, tmp_path / "m.model")
    again = load(tmp_path / "m.model")
    table = frame(seed=2)
    assert np.array_equal(again.predict(table), model.predict(table))


def test_a_new_task_stands_on_the_vectors():
    model, table = fitted(), frame(40, seed=3)
    table["w"] = table.pop("u") - table.pop("v")
    new = model.adapt(Tasks.from_frame(table, ["w"], gaps="keep", verbose=False))
    before, mine = model._net.entry.tables[0].weight, new._net.entry.tables[0].weight
    assert torch.equal(before, mine) and new.predict(table).shape == (40, 1)


def watched(**options):
    """Noise on one task, a law on the other: they are best at unlike epochs."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 4))
    Y = np.column_stack([np.sin(X[:, 0]) + X[:, 1], rng.normal(size=200)])
    model = deep.DeepModel(SMALL, **{"patience": 8, "epochs": 80, "random_state": 0} | options)
    return model.fit(X, Y), X


def held_out(model):
    return model.history_["validation"]


def test_each_task_is_answered_from_its_own_best_epoch():
    each, X = watched(stop="each")
    held = held_out(each)
    best = held.argmin(0)
    assert best[0] != best[1]
    # the same training, ended at the best epoch of one task
    for t, epochs in enumerate(best + 1):
        short, _ = watched(stop=f"y{t}", epochs=int(epochs), patience=80)
        assert short.n_iter_ == epochs
        np.testing.assert_array_equal(short.predict(X)[:, t], each.predict(X)[:, t])


def test_one_task_can_be_watched_and_a_word_that_names_none_is_refused():
    by_name, X = watched(stop="y0")
    by_watch, _ = watched(stop=deep.MainTask("y0"))
    np.testing.assert_array_equal(by_name.predict(X), by_watch.predict(X))
    with pytest.raises(ParameterError, match=r"'each', a Watch or a task out of \['y0', 'y1'\]"):
        watched(stop="y7")


def test_several_nets_have_no_trunk_for_a_new_task():
    each, X = watched(stop="each")
    with pytest.raises(UnsupportedError):
        each.adapt(X, X[:, 0])


def test_a_warm_start_goes_on_where_the_last_fit_ended():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 4))
    Y = X @ rng.normal(size=(4, 2))
    options = {"epochs": 1, "learning_rate": 1e-9, "validation": 0, "random_state": 0}
    model = deep.DeepModel(SMALL, **options | {"epochs": 40, "learning_rate": 3e-3}).fit(X, Y)
    ended = model.predict(X)
    model.set_params(warm_start=True, **options).fit(X, Y)
    np.testing.assert_allclose(model.predict(X), ended, atol=1e-5)
    # other tasks begin anew
    model.fit(X, Y[:, :1])
    assert np.corrcoef(model.predict(X)[:, 0], ended[:, 0])[0, 1] < 0.9
    with pytest.raises(ParameterError, match="goes on from one net"):
        deep.DeepModel(warm_start=True, stop="each").fit(X, Y)


def test_all_tasks_are_answered_by_one_pass_where_they_share_rows():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(60, 3)), rng.normal(size=(60, 5))
    model = deep.DeepModel(SMALL, epochs=2, random_state=0).fit(X, Y)
    passes = []
    model._net.register_forward_hook(lambda *_: passes.append(1))
    whole = model.predict(X)
    assert len(passes) == 1
    for t, name in enumerate(model.task_names_):
        np.testing.assert_allclose(model._outputs(X, name), whole[:, t], rtol=1e-12)
    passes.clear()
    holes = np.where(rng.random(Y.shape) < 0.3, np.nan, Y)
    data = Tasks.from_arrays(X, holes)
    found = model.predict_each(data)
    assert len(passes) == 1
    for t, one in enumerate(data):
        np.testing.assert_allclose(found[one.task.name], whole[one.rows, t], rtol=1e-12)


def test_how_a_step_is_made_can_be_said():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(64, 3))
    Y = X @ np.ones((3, 2))
    base = deep.DeepModel(SMALL, epochs=3, validation=0, random_state=0, batch_size=32)
    fitted = base.set_params(update=deep.Update(rates={"y0": 0.0, "y1": 0.0})).fit(X, Y)
    seed = int(np.random.RandomState(0).randint(2**31 - 1, size=3)[0])
    with deep.train.Stream(seed):
        start = built(SMALL, fitted._net.targets, 3, fitted._units.inputs).double()
    # heads rest, the trunk learns
    assert torch.equal(start.heads.linear.weight, fitted._net.heads.linear.weight)
    moved = fitted._net.trunk.stages[0][0].weight
    assert not torch.equal(start.trunk.stages[0][0].weight, moved)
