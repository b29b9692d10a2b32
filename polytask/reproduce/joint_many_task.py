"""Five tasks of sentences in one net that grows: what shortcuts and label embeddings are for."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from polytask import datasets
from polytask.kinds.dependency import attachment
from polytask.ops.spans import agreement
from polytask.reproduce.row import Row
from polytask.reproduce.simulation import against
from polytask.reproduce.two_forms import TwoForms

TASKS = ("pos", "chunk", "dependency", "relatedness", "entailment")
LONGEST = 40  # words
OPTIONS = {
    "all": {},
    "no shortcut": {"shortcut": False},
    "no label embeddings": {"label_width": 0},
    "neither": {"shortcut": False, "label_width": 0},
    "nothing held": {"successive": (0.0, 0.0)},
}
# Of the development set: POS %, chunk F1 %, UAS %, relatedness (mean squared error), entailment %.
PAPER = {
    "all": (97.88, 97.59, 94.51, 0.236, 84.6),
    "no shortcut": (97.79, 97.08, 94.52, 0.698, 75.0),
    "no label embeddings": (97.85, 97.40, 94.09, 0.261, 81.6),
    "neither": (97.87, 97.33, 94.04, 0.765, 71.2),
    "nothing held": (97.85, 97.13, 94.46, 0.239, 84.2),
}
METRICS = {
    "pos": ("POS accuracy", "%"),
    "chunk": ("chunk F1", "%"),
    "uas": ("UAS", "%"),
    "relatedness": ("relatedness, mean squared error", ""),
    "entailment": ("entailment accuracy", "%"),
}


@dataclass(frozen=True)
class Form:
    """Sentences of either corpus, pairs, units per direction, epochs, rate; how many are judged."""

    sentences: int
    pairs: int
    width: int
    epochs: int
    rate: float
    judged: int


FORMS = {"small": Form(200, 200, 16, 6, 1e-2, 200), "full": Form(2000, 4439, 32, 3, 5e-3, 1000)}


class JointManyTask(TwoForms):
    """Which parts of the joint many-task model do its tasks need?

    Examples
    --------
    >>> JointManyTask().settings[:2]
    ('small, all', 'small, no shortcut')
    """

    name = "joint-many-task"
    chapter = "sharing"
    paper = (
        "Hashimoto, Xiong, Tsuruoka, Socher. A joint many-task model. EMNLP 2017 (first version), "
        "ablations on the development sets: all of the Penn Treebank and SICK, 100 units, "
        "pretrained embeddings of words and of letters."
    )
    protocol = (
        "POS and chunks of CoNLL-2000, trees of UD English EWT (2,000 sentences of at most 40 "
        "words each, drawn per seed), SICK (4,439 training pairs); no pretrained numbers: words "
        "seen twice, last three letters, case (32 + 16 + 4); five bidirectional LSTM layers of 32, "
        "a task each; label embeddings of 32; dropout .2; three epochs, in each all of POS, "
        "chunks, trees, relatedness, entailment; Adam 5e-3 in batches of 25, the holding scaled so "
        "that rate times strength is that of the paper's SGD. Judged on 1,000 test sentences and "
        "pairs. 'Lost' is POS accuracy before the last entailment stage less that after it. 3 "
        "seeds; reported, not gated. --quick: 'small' rows: 200 sentences, 200 pairs, 16 units, 6 "
        "epochs, Adam 1e-2, the model with and without shortcuts, 1 seed."
    )
    settings = ("small, all", "small, no shortcut", *OPTIONS)
    seeds, few = 3, 1

    def measure(self, setting, rng):
        form = FORMS["small" if setting.startswith("small") else "full"]
        parts = _drawn(rng, form)
        options = OPTIONS[setting.removeprefix("small, ")]
        return _grown(options, form, parts, int(rng.integers(2**31)))

    def rows(self, records):
        for setting in self.settings:
            small, way = setting.startswith("small"), setting.removeprefix("small, ")
            if not self.values(records, setting, "pos"):
                continue
            for (key, (metric, unit)), paper in zip(METRICS.items(), PAPER[way], strict=True):
                values = self.values(records, setting, key)
                paper = None if small else paper
                yield Row(f"{setting}: {metric}", "JointManyTask", metric, unit, values, paper)
            for key in ("constant", "lost"):
                values = self.values(records, setting, key)
                yield Row(f"{setting}: {WORDS[key]}", "JointManyTask", key, "", values)
        yield from self._differences(records)

    def _differences(self, records):
        for key in ("relatedness", "entailment"):
            whole = self.values(records, "all", key)
            for way in ("no shortcut", "no label embeddings"):
                other = self.values(records, way, key)
                if whole and len(other) == len(whole):
                    yield against(f"{way} - all: {key}", other, whole, metric=key)


WORDS = {"constant": "variance of relatedness", "lost": "POS accuracy lost to entailment, points"}


@cache
def _loaded(name):
    return datasets.load(name)


def _some(rng, name, part, count):
    """Rows of a part of a data set; sentences of at most 40 words."""
    data, rows = _loaded(name), datasets.get(name).parts()[part]
    short = [row for row in rows if name == "sick" or len(data.X[row]) <= LONGEST]
    return data.take(rng.permutation(short)[:count])


def _drawn(rng, form):
    """Training and test parts ``{task: (train, test)}``."""
    sizes = {"train": form.sentences, "test": form.judged}
    words, trees = (
        {part: _some(rng, name, part, size) for part, size in sizes.items()}
        for name in ("conll2000", "ud_english_ewt")
    )
    sizes = {"train": form.pairs, "test": form.judged}
    pairs = {part: _some(rng, "sick", part, size) for part, size in sizes.items()}
    where = dict(zip(TASKS, (words, words, trees, pairs, pairs), strict=True))
    return {
        task: tuple(where[task][part].keep(task) for part in ("train", "test")) for task in TASKS
    }


def _grown(options, form, parts, seed):
    """Scores of a model that was trained level by level."""
    from polytask import deep
    from polytask.deep.targets import targets
    from polytask.deep.text import Vocabulary, pairs, sentences
    from polytask.deep.train import Stream

    vocabulary = Vocabulary.of(_text(train for train, _ in parts.values()))
    sharing = deep.JointManyTask(
        words=(deep.WordDropout(0.1), deep.Embedding(vocabulary.sizes, (32, 16, 4))),
        layers=(deep.Recurrent(form.width),) * len(TASKS),
        levels={task: level for level, task in enumerate(TASKS, 1)},
        towers={
            "relatedness": (deep.PairFeatures(), deep.Maxout(form.width)),
            "entailment": (deep.PairFeatures(absolute=False), *(deep.Maxout(form.width),) * 3),
        },
        # paper: SGD at rate 1 with 1e-3 and 1e-2
        **{"label_width": 32, "successive": (1e-3 / form.rate, 1e-2 / form.rate), "dropout": 0.2}
        | options,
    )
    tasks = [train.task(task) for task, (train, _) in parts.items()]
    with Stream(seed):
        aims = targets(tasks, {"relatedness": deep.Relatedness()})
        net = sharing.build(aims, deep.Shape(3, (None,)))
    like = next(net.parameters())
    made = {
        task: [(pairs if task in TASKS[3:] else sentences)(one, vocabulary, like) for one in both]
        for task, both in parts.items()
    }
    mixture = deep.Mixture({task: train for task, (train, _) in made.items()}, deep.InTurn())
    run = deep.steps(
        net,
        mixture,
        epochs=form.epochs,
        batch_size=25,
        learning_rate=form.rate,
        weight_decay=0.0,
        update=deep.Update(clip=3.0),
        seed=seed,
    )
    before = _before_the_last_stage(run, net, parts["pos"][1], made["pos"][1])
    found = _scores(net, parts, {task: test for task, (_, test) in made.items()})
    return found | {"lost": before - found["pos"]}


def _text(parts):
    """All sentences, those of pairs too."""
    for part in parts:
        for row in part.X:
            yield from [row] if isinstance(row[0], str) else row


def _before_the_last_stage(run, net, data, source):
    """Train to the end; POS accuracy where the entailment stage of the last epoch began."""
    kept = 0.0
    last = ""
    for step in run:
        task = step.names[int(step.present.nonzero()[0])]
        if task == TASKS[-2] and last != task:
            kept = None
        last = task
        if task == TASKS[-1] and kept is None:
            kept = _accuracy(net, data, source)
    return kept


def _accuracy(net, data, source):
    from polytask.deep.text import tags

    pairs = zip(data.decoded("pos"), tags(net, source, "pos"), strict=True)
    right = [a == b for one, other in pairs for a, b in zip(one, other, strict=True)]
    return 100 * float(np.mean(right))


def _scores(net, parts, sources):
    from polytask.deep.text import judged, tags

    test = {task: data for task, (_, data) in parts.items()}
    chunks = agreement(test["chunk"].decoded("chunk"), tags(net, sources["chunk"], "chunk")).f1
    trees = test["dependency"]
    said = tags(net, sources["dependency"], "dependency")
    kind = trees.task("dependency").kind
    uas, las = attachment(kind, trees.decoded("dependency"), said)
    y = test["relatedness"]["relatedness"]
    related = judged(net, sources["relatedness"], "relatedness")
    follows = judged(net, sources["entailment"], "entailment").argmax(-1)
    return {
        "pos": _accuracy(net, test["pos"], sources["pos"]),
        "chunk": 100 * chunks,
        "uas": 100 * uas,
        "las": 100 * las,
        "relatedness": float(np.mean((related - y) ** 2)),
        "constant": float(np.var(y)),
        "entailment": 100 * float(np.mean(follows == test["entailment"]["entailment"])),
    }
