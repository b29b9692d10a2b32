"""Road scenes: what is at every point, how far its edge is, where its segment's middle is."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from polytask import datasets
from polytask.report.metrics import mean_iou
from polytask.reproduce.row import Row
from polytask.reproduce.simulation import against
from polytask.reproduce.two_forms import TwoForms

TASKS = ("class", "boundary", "offset")
METRICS = {
    "class": ("mean IoU", "%"),
    "boundary": ("mean error of the distance, at most 10", "points"),
    "offset": ("mean error of the offset, per axis", "points"),
}
WAYS = ("alone", "together, equal", "together, uncertainty")


@dataclass(frozen=True)
class Form:
    """Training pictures, epochs, channels; test pictures."""

    train: int
    epochs: int
    channels: int
    test: int


FORMS = {"small": Form(24, 40, 8, 40), "full": Form(367, 30, 24, 233)}


class CamVid(TwoForms):
    """Do tasks at the points of a picture help each other, and does uncertainty weigh them well?

    Examples
    --------
    >>> CamVid().settings[:2]
    ('small, alone', 'small, together, equal')
    """

    name = "camvid"
    chapter = "sharing"
    paper = (
        "Kendall, Gal, Cipolla. Multi-task learning using uncertainty to weigh losses for scene "
        "geometry and semantics. CVPR 2018, table 1: on Cityscapes (not available here) all tasks "
        "together by uncertainty beat the nets alone in classes, instances and depth."
    )
    protocol = (
        "CamVid at 60 x 80 points, official training and test pictures; eleven classes, the "
        "distance to the next boundary (cut at 10 points), the way to the segment's middle for "
        "points of signs, cars, pedestrians and bicyclists. Four convolutions 5 x 5 of 24 "
        "channels, one linear head per task; a net per task, one net with equal weights, one with "
        "learned uncertainties; 30 epochs, AdamW 3e-3, batches of 8; nothing is chosen on the "
        "test pictures. 3 seeds; reported, not gated: other data, another net, no depth. --quick: "
        "'small' rows, 24 training and 40 test pictures, 8 channels, 40 epochs, 1 seed."
    )
    settings = (*(f"small, {way}" for way in WAYS), *WAYS)
    seeds, few = 3, 1

    def measure(self, setting, rng):
        form = FORMS["small" if setting.startswith("small") else "full"]
        data = _drawn(rng, form)
        way, seed = setting.removeprefix("small, "), int(rng.integers(2**31))
        groups = [(task,) for task in TASKS] if way == "alone" else [TASKS]
        found = {}
        for names in groups:
            found |= _learned(names, way, form, [part.keep(*names) for part in data], seed)
        return found

    def rows(self, records):
        for prefix in ("small, ", ""):
            found = {way: _values(self, records, prefix + way) for way in WAYS}
            for way, values in found.items():
                for task, each in values.items():
                    metric, unit = METRICS[task]
                    yield Row(f"{prefix}{way}: {task}", "HardSharing", metric, unit, each)
            for task in TASKS:
                each, alone = found[WAYS[2]].get(task, ()), found["alone"].get(task, ())
                if each and len(each) == len(alone):
                    name = f"{prefix}uncertainty - alone: {task}"
                    yield against(name, each, alone, metric=METRICS[task][0])


def _values(one, records, setting):
    found = {task: one.values(records, setting, task) for task in TASKS}
    return {task: values for task, values in found.items() if values}


@cache
def _loaded():
    return datasets.load("camvid_60x80")


def _drawn(rng, form):
    """Training and test pictures."""
    data, parts = _loaded(), datasets.get("camvid_60x80").parts()
    return [data.take(rng.permutation(parts[k])[: getattr(form, k)]) for k in ("train", "test")]


def _learned(names, way, form, data, seed):
    """Scores of one net for these tasks."""
    from polytask import deep
    from polytask.deep.data import Maps
    from polytask.deep.targets import targets
    from polytask.deep.train import Stream, predictions

    train, test = data
    losses = {"boundary": deep.BoundaryDistance(10.0), "offset": deep.Offsets()}
    aims = targets(train.tasks, {name: losses[name] for name in names if name in losses})
    trunk = (deep.Convolution(form.channels, kernel=5),) * 4
    with Stream(seed):
        net = deep.HardSharing(trunk).build(aims, deep.Shape(3, train.X.shape[2:]))
    like = next(net.parameters())
    balance = deep.Uncertainty() if way.endswith("uncertainty") else deep.Equal()
    options = {"epochs": form.epochs, "batch_size": 8, "seed": seed}
    for _ in deep.steps(net, Maps.of(train, like), balance, **options):
        pass
    answers = predictions(net, Maps.of(test, like), size=32)
    return {name: _score(name, test[name], answers[name]) for name in names}


def _score(name, y, answer):
    there = ~np.isnan(y)
    if name == "class":
        return 100 * mean_iou(y[there], answer.argmax(-1)[there])
    y = np.minimum(y, 10.0) if name == "boundary" else y
    return float(np.abs(answer - y)[there].mean())
