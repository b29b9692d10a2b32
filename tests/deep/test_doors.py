"""Nets in loops of other people: the same numbers as in ours, in three changed lines."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from polytask import Tasks, deep
from polytask.deep.data import Batch, Source, Table
from polytask.errors import UnsupportedError
from polytask.kinds import Multiclass, Regression
from polytask.task import Task

RATE = 0.01
SHARINGS = [
    deep.HardSharing(deep.mlp(8)),
    deep.CrossStitch(deep.mlp(6)),
    deep.SoftSharing(deep.mlp(6)),
    deep.TensorTraceNorm(deep.mlp(6)),
]
every = pytest.mark.parametrize("sharing", SHARINGS, ids=lambda s: type(s).__name__)


def problem(sharing, n=36, seed=0):
    """A table whose tasks are all in every batch: what is absent rests in our loop only."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4)).astype(np.float32)
    Y = np.column_stack([X @ [1, 1, 0, 0], X @ [1, -1, 0, 0], X[:, 2] ** 2])
    Y[2::6, 1] = np.nan
    data = Tasks.from_arrays(X, Y)
    with deep.train.Stream(seed):
        return data, sharing.build(data.tasks, 4)


class InOrder(Source):
    """The rows of a table as they stand."""

    def __init__(self, table):
        self.table, self.tasks = table, table.tasks

    def batches(self, size, generator, epoch=1):
        return self.chunks(size)

    def batch(self, pick):
        return self.table.batch(pick)

    def chunks(self, size):
        return self.table.chunks(size)


def ours(net, data, epochs=3):
    net = copy.deepcopy(net)
    source = InOrder(Table.of(data, next(net.parameters())))
    options = {"epochs": epochs, "batch_size": 12, "learning_rate": RATE}
    for _ in deep.steps(net, source, deep.Uncertainty(), **options):
        pass
    return flat(net)


def flat(net):
    return torch.cat([p.detach().ravel() for p in net.parameters()])


def rows(data):
    tensors = (torch.tensor(values, dtype=torch.float32) for values in (data.X, data.Y))
    return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(*tensors), batch_size=12)


@every
@pytest.mark.parametrize("how", ["loss", "backward"])
def test_a_plain_loop_makes_the_steps_of_ours(sharing, how):
    data, net = problem(sharing)
    expected = ours(net, data)
    total = deep.TotalLoss(net, deep.Uncertainty(), learning_rate=RATE)
    optimizer = torch.optim.AdamW(deep.parameter_groups(net, RATE))
    for _ in range(3):
        for X, Y in rows(data):
            optimizer.zero_grad()
            if how == "loss":
                total(net(X), Y).backward()
            else:
                total.backward(net(X), Y)
            optimizer.step()
            net.after_step(RATE)
    torch.testing.assert_close(flat(net), expected, rtol=1e-4, atol=1e-6)


def test_labels_by_name_weights_and_gaps_are_those_of_a_table():
    data, net = problem(SHARINGS[0])
    total = deep.TotalLoss(net, learning_rate=RATE)
    X, Y = (torch.tensor(values, dtype=torch.float32) for values in (data.X, data.Y))
    W = torch.rand(Y.shape)
    named = ({name: one[:, t] for t, name in enumerate(data.names)} for one in (Y, W))
    assert total(net(X), Y, W).item() == pytest.approx(total(net(X), *named).item(), rel=1e-6)
    by_hand = 0.0
    for t, out in enumerate(net(X).values()):
        known = ~torch.isnan(Y[:, t])
        w = W[known, t]
        by_hand += (w * (out[known, 0] - Y[known, t]) ** 2).sum() / w.sum()
    assert total(net(X), Y, W).item() == pytest.approx(by_hand.item(), rel=1e-5)
    assert total.last.keys() == set(data.names)


def test_in_evaluation_nothing_is_weighed_and_nothing_moves():
    data, net = problem(deep.SoftSharing(deep.mlp(6)))
    total = deep.TotalLoss(net, deep.Uncertainty(), learning_rate=RATE).eval()
    before = copy.deepcopy(total.state_dict())
    X, Y = (torch.tensor(values, dtype=torch.float32) for values in (data.X, data.Y))
    assert total(net(X), Y).item() == pytest.approx(sum(total.last.values()), rel=1e-6)
    assert all(torch.equal(before[name], value) for name, value in total.state_dict().items())
    assert not any(name.startswith("_net") for name in before) and before


def test_a_balancer_that_sees_gradients_goes_backward_itself():
    class Seeing(deep.balance.base.Weighing):
        def backward(self, losses, present):
            losses.sum().backward()
            return torch.ones_like(losses)

    class Gradients(deep.Equal):
        def start(self, tasks, *, learning_rate):
            return Seeing()

    data, net = problem(SHARINGS[0])
    total = deep.TotalLoss(net, Gradients(), learning_rate=RATE)
    X, Y = (torch.tensor(values, dtype=torch.float32) for values in (data.X, data.Y))
    with pytest.raises(UnsupportedError, match=r"total\.backward\(outputs, Y\)"):
        total(net(X), Y)
    assert total.backward(net(X), Y).tolist() == [1, 1, 1]
    assert all(p.grad is not None for p in net.parameters())


@every
@pytest.mark.filterwarnings("ignore")  # Lightning's own advice on workers, loggers and devices
def test_lightning_makes_the_steps_of_ours(sharing, tmp_path):
    lightning = pytest.importorskip("lightning")

    class Module(lightning.LightningModule):
        def __init__(self, net):
            super().__init__()
            self.net = net
            self.total = deep.TotalLoss(net, deep.Uncertainty(), learning_rate=RATE)

        def training_step(self, batch, index):
            X, Y = batch
            return self.total(self.net(X), Y)

        def on_train_batch_end(self, *_):
            self.net.after_step(RATE)

        def configure_optimizers(self):
            return torch.optim.AdamW(deep.parameter_groups(self.net, RATE))

    data, net = problem(sharing)
    expected = ours(net, data)
    module = Module(net)
    trainer = lightning.Trainer(
        max_epochs=3,
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        default_root_dir=tmp_path,
    )
    trainer.fit(module, rows(data))
    torch.testing.assert_close(flat(net), expected, rtol=1e-4, atol=1e-6)
    assert "total.weighing.s" in module.state_dict(), "what the balancer learnt is kept with it"


TASKS = (Task("stars", Regression()), Task("topic", Multiclass(("art", "food", "law"))))


class Encoder(nn.Module):
    """A tiny BERT, started at random, as a stage: word numbers in, a vector out."""

    def __init__(self):
        super().__init__()
        transformers = pytest.importorskip("transformers")
        size = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
        small = {"vocab_size": 30, "intermediate_size": 20, "max_position_embeddings": 12}
        self.bert = transformers.BertModel(transformers.BertConfig(**size, **small))

    def forward(self, X):
        words = X.long()
        return self.bert(input_ids=words, attention_mask=(words > 0).long()).last_hidden_state[:, 0]


def sentences(n=24, seed=0):
    """Word 0 is padding; the label of a task is missing here and there."""
    rng = np.random.default_rng(seed)
    words = rng.integers(1, 30, (n, 7))
    words[::3, 5:] = 0
    Y = np.column_stack([(words == 4).sum(1) + 1.0, words[:, 0] % 3]).astype(np.float32)
    Y[1::5, 1] = np.nan
    return torch.tensor(words), torch.tensor(Y)


class ForTrainer(nn.Module):
    """What transformers' Trainer trains: inputs and labels in, a dict with the loss out."""

    def __init__(self, net):
        super().__init__()
        self.net = net
        self.total = deep.TotalLoss(net, deep.Uncertainty(), learning_rate=RATE)

    def forward(self, input_ids, labels):
        outputs = self.net(input_ids)
        return {"loss": self.total(outputs, labels), "outputs": outputs}


@pytest.mark.filterwarnings("ignore")  # transformers' own, of torch and of its future
def test_the_trainer_of_transformers_makes_the_steps_of_ours(tmp_path):
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("accelerate")  # without which there is no Trainer
    words, Y = sentences()
    with deep.train.Stream(0):
        net = deep.HardSharing((deep.Own(Encoder()),)).build(TASKS, 7)
    for module in net.modules():  # the Trainer has a stream of its own
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    expected, before = copy.deepcopy(net), flat(net)

    class Sentences(Source):
        tasks = TASKS

        def batches(self, size, generator, epoch=1):
            return self.chunks(size)

        def chunks(self, size):
            return torch.arange(24).split(size)

        def batch(self, pick):
            return Batch(words[pick], Y[pick].nan_to_num(), (~Y[pick].isnan()).float())

    options = {"epochs": 2, "batch_size": 8, "learning_rate": RATE}
    for _ in deep.steps(expected, Sentences(), deep.Uncertainty(), **options):
        pass

    class InOrder(transformers.Trainer):
        def get_train_dataloader(self):
            return torch.utils.data.DataLoader(
                [{"input_ids": w, "labels": y} for w, y in zip(words, Y, strict=True)], batch_size=8
            )

    optimizer = torch.optim.AdamW(deep.parameter_groups(net, RATE))
    arguments = transformers.TrainingArguments(
        output_dir=tmp_path,
        num_train_epochs=2,
        per_device_train_batch_size=8,
        max_grad_norm=0.0,
        report_to=[],
        save_strategy="no",
        disable_tqdm=True,
        use_cpu=True,
        remove_unused_columns=False,
    )
    trainer = InOrder(
        model=ForTrainer(net),
        args=arguments,
        train_dataset=[0] * 24,
        optimizers=(optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1.0)),
    )
    trainer.train()
    assert not torch.equal(flat(net), before)
    torch.testing.assert_close(flat(net), flat(expected), rtol=1e-3, atol=1e-4)
