"""Rows that stay on disk, and a user's own loader: batches as a table in memory has them."""

from itertools import chain, islice

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, Dataset, TensorDataset

from polytask import Tasks, deep
from polytask.deep.data import Arrays, Batch, Loader, Mixture, Parquet, Table, Units
from polytask.errors import DataError, ParameterError
from polytask.kinds import Binary, Regression
from polytask.task import Task

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

LIKE = torch.zeros(1, dtype=torch.float64)
TASKS = (Task("price", Regression()), Task("sold", Binary(("no", "yes"))))
N = 53


def table(seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(N, 3)) + 1
    Y = np.column_stack([X @ np.ones(3), X[:, 0] > 1]).astype(float)
    Y[rng.random(Y.shape) < 0.3] = np.nan
    Y[:, 0] = np.where(np.isnan(Y).all(1), 0.0, Y[:, 0])  # a label in every row
    kinds = {"price": "regression", "sold": TASKS[1].kind}
    words = np.array([None, "no", "yes"], object)[
        np.where(np.isnan(Y[:, 1]), 0, Y[:, 1] + 1).astype(int)
    ]
    frame_like = np.column_stack([Y[:, 0].astype(object), words])
    return X, Y, words, Tasks.from_arrays(X, frame_like, names=["price", "sold"], kinds=kinds)


def in_memory(units=None):
    return Table.of(table()[3], LIKE, units=units)


def mapped(tmp_path, units=None):
    X, Y, _, _ = table()
    for name, array in {"X": X, "Y": Y}.items():
        np.save(tmp_path / f"{name}.npy", array)
    X, Y = (np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in "XY")
    return Arrays(TASKS, X, Y, LIKE, units=units)


def parquet(tmp_path, units=None, **options):
    X, Y, words, _ = table()
    paths = []
    for i, rows in enumerate((slice(0, 30), slice(30, N))):
        columns = {f"x{j}": X[rows, j] for j in range(3)}
        price = pa.array(Y[rows, 0], mask=np.isnan(Y[rows, 0]))
        columns |= {"price": price, "sold": pa.array(list(words[rows]))}
        paths.append(tmp_path / f"{i}.parquet")
        pq.write_table(pa.table(columns), paths[-1], row_group_size=7)
    return Parquet(paths, TASKS, ["x0", "x1", "x2"], LIKE, units=units, **options)


def loader(tmp_path, units=None, **options):
    """What `units` would do is the user's affair."""
    t = in_memory(units)
    Y = torch.where(t.W > 0, t.Y, torch.nan)
    return Loader(TASKS, DataLoader(TensorDataset(t.X, Y), batch_size=8, **options), LIKE)


FORMS = {"arrays": mapped, "parquet": parquet, "loader": loader}
forms = pytest.mark.parametrize("form", FORMS)


@forms
@pytest.mark.parametrize("scaled", [False, True])
def test_all_rows_together_are_the_table(form, scaled, tmp_path):
    units = Units.standard(table()[3]) if scaled else None
    source, expected = FORMS[form](tmp_path, units), in_memory(units)
    X, Y, W = (torch.cat(one) for one in zip(*(source.batch(p) for p in source.chunks(8))))
    assert torch.equal(W, expected.W)
    torch.testing.assert_close(X, expected.X)
    torch.testing.assert_close(Y * W, expected.Y * W)


@forms
def test_every_row_comes_once_an_epoch_in_an_order_of_the_generator(form, tmp_path):
    source = FORMS[form](tmp_path, **({"shuffle": True} if form == "loader" else {}))
    rows = {tuple(x): i for i, x in enumerate(in_memory().X.tolist())}

    def order(generator, epoch=1):
        picks = source.batches(8, generator, epoch)
        return [[rows[tuple(x)] for x in source.batch(p).X.tolist()] for p in picks]

    stream = torch.Generator().manual_seed(0)
    one, two = order(stream, 1), order(stream, 2)
    for batches in (one, two):
        assert sorted(chain(*batches)) == list(range(N))
        assert max(map(len, batches)) <= 8 and len(batches) in (7, 8)
    assert one != two and order(torch.Generator().manual_seed(0)) == one


@forms
def test_a_training_from_disk_goes_on_from_any_step_and_leaves_the_global_stream(form, tmp_path):
    def run():
        with deep.train.Stream(0):
            net = deep.HardSharing(deep.mlp(5)).build(TASKS, 3).double()
        options = {"shuffle": True} if form == "loader" else {}
        source = FORMS[form](tmp_path, **options)
        return deep.steps(net, source, validation=source, epochs=3, batch_size=8)

    before = torch.get_rng_state()
    expected = [step.losses.tolist() for step in run()]
    assert torch.equal(torch.get_rng_state(), before)
    first, again = run(), run()
    seen = [step.losses.tolist() for step in islice(first, 11)]
    again.load_state_dict(first.state_dict())
    assert seen + [step.losses.tolist() for step in again] == expected


def test_a_parquet_of_few_groups_at_a_time_reads_only_those(tmp_path):
    source = parquet(tmp_path, together=2)
    read = []
    inner = source._read
    source._read = lambda groups: read.append(groups) or inner(groups)
    for pick in source.batches(4, torch.Generator().manual_seed(0)):
        source.batch(pick)
    assert [len(groups) for groups in read] == [2, 2, 2, 2, 1]
    assert sorted(chain(*read)) == list(range(9))


def test_processes_together_have_the_pick(tmp_path):
    for source in (mapped(tmp_path), parquet(tmp_path), Mixture({"one": mapped(tmp_path)})):
        pick = next(iter(source.batches(8, torch.Generator())))
        parts = [source.part(pick, rank, 3) for rank in range(3)]
        whole = torch.cat([source.batch(part).X for part in parts])
        assert torch.equal(whole, source.batch(pick).X)
    tiny = torch.tensor([4])
    assert mapped(tmp_path).part(tiny, 1, 2) is None


def test_a_loader_with_workers_and_a_generator_of_its_own_repeats(tmp_path):
    def seen():
        own = torch.Generator()
        source = loader(tmp_path, shuffle=True, generator=own, num_workers=1)
        picks = source.batches(0, torch.Generator().manual_seed(3))
        return torch.cat([source.batch(pick).X for pick in picks])

    assert torch.equal(seen(), seen())


def test_a_loaders_items_are_read_as_the_user_says():
    class Pairs(Dataset):
        def __len__(self):
            return 4

        def __getitem__(self, i):
            return {"picture": torch.full((2,), float(i)), "label": float(i) if i else float("nan")}

    def read(item):
        return item["picture"], {"price": item["label"]}

    source = Loader(TASKS[:1], DataLoader(Pairs(), 4), LIKE, read=read)
    (batch,) = [source.batch(pick) for pick in source.chunks(0)]
    assert isinstance(batch, Batch) and batch.W["price"].tolist() == [0, 1, 1, 1]
    assert batch.X.dtype == batch.Y["price"].dtype == torch.float64
    with pytest.raises(DataError, match=r"\(X, Y\).*Found dict.*read="):
        Loader(TASKS[:1], DataLoader(Pairs(), 4), LIKE).batch({"picture": 0})


def test_a_loader_without_a_length_cannot_be_mixed():
    class Endless(torch.utils.data.IterableDataset):
        def __iter__(self):
            return iter([])

    source = Loader(TASKS, DataLoader(Endless()), LIKE)
    with pytest.raises(DataError, match=r"\['stream'\] do not say"):
        Mixture({"stream": source})


def test_columns_that_are_not_there_or_have_gaps_are_refused_with_the_file(tmp_path):
    parquet(tmp_path)
    path = tmp_path / "0.parquet"
    with pytest.raises(DataError, match=r"0\.parquet has no column \['x9'\]"):
        Parquet(path, TASKS, ["x9"], LIKE)
    source = Parquet(path, TASKS[1:], ["price"], LIKE)
    with pytest.raises(DataError, match=r"Inputs \['price'\] of .*0\.parquet have gaps"):
        [source.batch(pick) for pick in source.chunks(8)]
    with pytest.raises(ParameterError, match="together >= 1"):
        Parquet(path, TASKS, ["x0"], LIKE, together=0)


def test_labels_of_another_shape_are_refused():
    with pytest.raises(DataError, match=r"here \(4, 2\).*\(4, 1\)"):
        Arrays(TASKS, np.zeros((4, 3)), np.zeros((4, 1)), LIKE)
