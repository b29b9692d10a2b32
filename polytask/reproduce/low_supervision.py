"""Chunks of sentences, with parts of speech read low, read high, and not at all."""

import copy
from dataclasses import dataclass
from functools import cache

import numpy as np

from polytask import datasets
from polytask.ops.spans import agreement
from polytask.reproduce.row import Gate, Row
from polytask.reproduce.simulation import against
from polytask.reproduce.two_forms import TwoForms


@dataclass(frozen=True)
class Form:
    """Sentences to train on, hold out and test on; units per layer; rate; chunk steps."""

    train: int
    held: int
    test: int
    width: int
    rate: float
    steps: int


FORMS = {False: Form(1000, 300, 1500, 48, 2e-3, 900), True: Form(200, 100, 300, 24, 1e-2, 100)}
WAYS = ("no POS", "POS at layer 3", "POS at layer 1")
LONGEST, EVERY = 40, 50  # words; chunk steps between looks at the held-out sentences


class LowSupervision(TwoForms):
    """Do chunks profit from parts of speech, and more so where these are read from the first layer?

    Examples
    --------
    >>> LowSupervision().settings[-1]
    'POS at layer 1'
    """

    name = "low-supervision"
    chapter = "sharing"
    paper = (
        "Sogaard, Goldberg. Deep multi-task learning with low level tasks supervised at lower "
        "layers. ACL 2016. Table 2 (all 8,936 training sentences, pretrained word vectors): "
        "chunking F1 95.28 without POS, 95.30 with POS at layer 3, 95.56 at layer 1."
    )
    protocol = (
        "CoNLL-2000 of at most 40 words a sentence: 1,000 training sentences (the same for both "
        "tasks) and 300 held out, drawn per seed; the first 1,500 test sentences. Words seen "
        "twice, last three letters, case (48 + 16 + 4 numbers), word dropout .1, three "
        "bidirectional LSTM layers of 48, dropout .2, Adam 2e-3, clip 5, batches of 32, a chunk "
        "batch and a POS batch in turn, 900 chunk steps; the best of a look at the held-out F1 "
        "every 50. Span F1. 3 seeds. --quick: 'small' rows, 200 training, 100 held-out and 300 "
        "test sentences, layers of 24, Adam 1e-2, 100 chunk steps, 1 seed."
    )
    settings = (*(f"small, {way}" for way in WAYS), *WAYS)
    seeds, few = 3, 1

    def measure(self, setting, rng):
        form = FORMS[setting.startswith("small")]
        seed = int(rng.integers(2**31))
        return {"f1": 100 * _tagger(setting.removeprefix("small, "), form, _drawn(rng, form), seed)}

    def rows(self, records):
        published = dict(zip(WAYS, (95.28, 95.30, 95.56), strict=True))
        for prefix, seeds, gates in (("small, ", 1, SMALL), ("", self.seeds, FULL)):
            found = {way: self.values(records, prefix + way, "f1") for way in WAYS}
            if not found[WAYS[0]]:
                continue
            for way, values in found.items():
                paper = None if prefix else published[way]
                yield Row(f"{prefix}{way}", "LowSupervision", "chunk F1", "%", values, paper)
            for (better, worse), low in gates.items():
                gate = Gate(low, None, seeds, quick=bool(prefix)) if low is not None else None
                pair = found[better], found[worse]
                yield against(f"{prefix}{better} - {worse}", *pair, metric="F1", gate=gate)


NONE, HIGH, LOW = WAYS
FULL = {(LOW, HIGH): 0.5, (HIGH, NONE): 3.0, (LOW, NONE): 3.0}
# with 200 sentences both ways help much, and which is better is left to chance
SMALL = {(LOW, HIGH): None, (HIGH, NONE): 3.0, (LOW, NONE): 3.0}


@cache
def _loaded():
    return datasets.load("conll2000")


def _drawn(rng, form):
    """Training, held-out and test sentences."""
    data, parts = _loaded(), datasets.get("conll2000").parts()
    short = np.array([len(sentence) <= LONGEST for sentence in data.X])
    pool = rng.permutation(parts["train"][short[parts["train"]]])
    test = parts["test"][short[parts["test"]]][: form.test]
    train, held, _ = np.split(pool, np.cumsum([form.train, form.held]))
    return data.take(train), data.take(held), data.take(test)


def _tagger(way, form, data, seed):
    """Span F1 in [0, 1] of chunks on the test sentences."""
    from polytask import deep
    from polytask.deep.text import Vocabulary, sentences, tags
    from polytask.deep.train import Stream

    train, held, test = data
    vocabulary = Vocabulary.of(train.X)
    levels = {"POS at layer 1": {"pos": 3}}.get(way, {})  # stages: words, embedding, layer 1
    trunk = (
        deep.WordDropout(0.1),
        deep.Embedding(vocabulary.sizes, (48, 16, 4)),
        *(deep.Recurrent(form.width),) * 3,
    )
    names = ("chunk",) if way == NONE else ("chunk", "pos")
    with Stream(seed):
        sharing = deep.LowSupervision(trunk, levels, dropout=0.2)
        net = sharing.build(train.keep(*names).tasks, deep.Shape(3, (None,)))
    like = next(net.parameters())
    sources = {name: sentences(train.keep(name), vocabulary, like) for name in names}
    judged = {
        part: sentences(data.keep("chunk"), vocabulary, like)
        for part, data in (("held", held), ("test", test))
    }

    def score(part, data):
        return agreement(data.decoded("chunk"), tags(net, judged[part], "chunk")).f1

    run = deep.steps(
        net,
        deep.Mixture(sources, deep.RoundRobin()),
        epochs=1 + form.steps * 32 // train.n_rows,
        batch_size=32,
        learning_rate=form.rate,
        weight_decay=0.0,
        update=deep.Update(clip=5.0),
        seed=seed,
    )
    best, state = -1.0, None
    for step in run:
        if step.number % (EVERY * len(names)) == 0:
            found = score("held", held)
            if found > best:
                best, state = found, copy.deepcopy(net.state_dict())
        if step.number == form.steps * len(names):
            break
    net.load_state_dict(state)
    return score("test", test)
