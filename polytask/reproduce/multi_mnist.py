"""Two digits in one picture: one convolutional trunk for both tasks, or a net for each."""

import numpy as np

from polytask import datasets
from polytask.independent import Independent
from polytask.reproduce.row import Gate, Row
from polytask.reproduce.simulation import Simulation, against

TRAINING, TEST = 2000, 2000
TASKS = {"top_left": "top left", "bottom_right": "bottom right"}
NETS = ("hard sharing", "separate nets")


class MultiMNIST(Simulation):
    """Accuracy on the digit at the top left and on that at the bottom right.

    Examples
    --------
    >>> MultiMNIST().settings
    ('2000 pictures',)
    """

    name = "multi-mnist"
    chapter = "sharing"
    paper = (
        "Sener, Koltun. Multi-task learning as multi-objective optimization. NeurIPS 2018, "
        "MultiMNIST after Sabour, Frosst, Hinton. NIPS 2017. The claim: with 60,000 pictures one "
        "trunk with equal weights falls behind separate nets on both digits, and balancing makes "
        "up for it."
    )
    protocol = (
        "datasets.MultiMNIST with 2,000 training pictures of 36 by 36 pixels, drawn anew for every "
        "seed, and 2,000 test pictures; accuracy of both digits. Two convolutions of size 5 and "
        "stride 2 with 8 and 16 channels, a layer of 32, a head per task; separate nets are two of "
        "these, so they have twice the weights. AdamW at 3e-3, batches of 64, at most 15 epochs, a "
        "tenth held out to stop by. The paper trains on 30 times as many pictures, and makes them "
        "in its own way: its numbers do not compare. Five seeds. Bound: 80 % on both digits. "
        "--quick: one seed."
    )
    settings = ("2000 pictures",)
    seeds, few = 5, 1

    def measure(self, setting, rng):
        seed = int(rng.integers(2**31))
        made = datasets.MultiMNIST(training=TRAINING, test=TEST, seed=seed)
        data, (train, test) = made.load(), made.splits()[0]
        held, found = data.take(test), {}
        for name, model in models(seed).items():
            answers = model.fit(data.take(train)).predict_each(held)
            for task, word in TASKS.items():
                right = answers[task].argmax(1) == held[task].y
                found[f"{name}, {word}"] = 100 * float(np.mean(right))
        return found

    def rows(self, records):
        (setting,) = self.settings
        for word in TASKS.values():
            each = [self.values(records, setting, f"{name}, {word}") for name in NETS]
            for name, values in zip(NETS, each, strict=True):
                gate = Gate(80.0, None, quick=True)
                yield Row(f"{name}, {word}", name, "accuracy", "%", values, gate=gate)
            yield against(f"hard sharing - separate nets, {word}", *each, metric="accuracy")


def models(seed):
    """The nets of the table, a dict."""
    from polytask import deep

    trunk = (
        deep.View(1, (36, 36)),
        deep.Convolution(8, 5, stride=2),
        deep.Convolution(16, 5, stride=2),
        deep.Flat(),
        deep.Dense(32),
    )
    # pixels have units of their own
    options = {"epochs": 15, "scale": False, "random_state": seed}
    both = deep.DeepModel(deep.HardSharing(trunk), **options)
    return {"hard sharing": both, "separate nets": Independent(both)}
