"""Characters of five alphabets, a task each: trace norms and factors against separate nets."""

from functools import cache

import numpy as np

from polytask.datasets.omniglot import Omniglot
from polytask.reproduce.row import Gate, Row
from polytask.reproduce.simulation import Simulation, against

TRAIN, HELD = 4, 2  # of the 20 drawings of a character
UNITS, STEPS, RANK = 64, 200, 24
DECAYS = (0.01, 1.0)
STRENGTHS = (0.01, 0.03)
FORMS = ("laf", "tucker", "tt")


class OmniglotAlphabets(Simulation):
    """With four drawings of every character, what do alphabets tell each other?

    Examples
    --------
    >>> OmniglotAlphabets().settings
    ('20 %',)
    """

    name = "omniglot-alphabets"
    chapter = "sharing"
    paper = (
        "Yang, Hospedales. Trace norm regularised deep multi-task learning. ICLR workshop 2017; "
        "Deep multi-task representation learning: a tensor factorisation approach. ICLR 2017 (50 "
        "alphabets, convolutions, curves: all forms below single-task learning)."
    )
    protocol = (
        "Five alphabets with 22 to 40 characters, drawn by 20 people: 4 drawings of every "
        "character to train on, 2 that choose, 14 for the test, dealt per draw. Means of 7 x 7 "
        "points (15 x 15), standardised; one hidden layer of 64 units per task, all rows in every "
        "step, AdamW at 3e-3, 200 steps (factorised nets: 200 of separate nets first). Separate "
        "nets with decay .01 or 1; trace norms with strength .01 or .03 and decay .01, whichever "
        "errs less on the drawings that choose, on average; factors of rank 24 at most. Mean "
        "error over alphabets, five draws. Gate: each trace norm at most separate nets; "
        "factorised nets are reported. Five alphabets are not fifty. --quick: one draw."
    )
    settings = ("20 %",)
    seeds, few = 5, 1

    def measure(self, setting, rng):
        train, held, test = dealt(rng)
        found = {}
        for method, candidates in methods().items():
            fitted = [model.fit(train) for model in candidates]
            found |= {
                f"{method}, held": [error(model, held) for model in fitted],
                method: [error(model, test) for model in fitted],
            }
        return found

    def rows(self, records):
        found = {
            method: self.at_best(records, "20 %", method, by=f"{method}, held") for method in TEXTS
        }
        for method, values in found.items():
            yield Row(method, TEXTS[method], "error", "%", values)
        for method, values in found.items():
            gate = Gate(None, 0.0, seeds=5) if method.startswith("trace") else None
            if method not in ("separate", "hard"):
                name = f"{method} against separate"
                yield against(name, values, found["separate"], metric="error, points", gate=gate)


TEXTS = {
    "separate": f"SoftSharing(mlp({UNITS}), 0)",
    "hard": f"HardSharing(mlp({UNITS}))",
    **{f"trace norm, {f}": f"TensorTraceNorm(mlp({UNITS}), strength, form='{f}')" for f in FORMS},
    **{f"factors, {f}": f"TensorFactorised(mlp({UNITS}), '{f}', {RANK}, 'single')" for f in FORMS},
}


def methods():
    """For every method the models that the held drawings choose from."""
    from polytask import deep

    trunk = deep.mlp(UNITS)
    made = {
        "separate": [_model(deep.SoftSharing(trunk, 0.0), decay) for decay in DECAYS],
        "hard": [_model(deep.HardSharing(trunk), decay) for decay in DECAYS],
    }
    for form in FORMS:
        norms = [deep.TensorTraceNorm(trunk, strength, form=form) for strength in STRENGTHS]
        made[f"trace norm, {form}"] = [_model(norm) for norm in norms]
        factors = deep.TensorFactorised(trunk, form, RANK, "single")
        made[f"factors, {form}"] = [_model(factors)]
    return made


def _model(sharing, decay=0.01):
    from polytask import deep

    options = {"epochs": STEPS, "batch_size": 10**6, "validation": 0, "random_state": 0}
    return deep.DeepModel(sharing, weight_decay=decay, **options).set_params(learning_rate=3e-3)


@cache
def _drawings():
    return Omniglot(shrink=7).load()


def dealt(rng):
    """Drawings to train on, to choose by and for the test; every character is in all three."""
    data = _drawings()
    characters = [one.rows[one.y == c] for one in data for c in np.unique(one.y)]
    orders = [rng.permutation(rows) for rows in characters]
    cuts = (slice(TRAIN), slice(TRAIN, TRAIN + HELD), slice(TRAIN + HELD, None))
    return tuple(data.take(np.sort(np.concatenate([o[cut] for o in orders]))) for cut in cuts)


def error(model, data):
    """Percent of drawings that are taken for another character, mean over alphabets."""
    answers = model.predict_each(data)
    wrong = [np.mean(answers[one.task.name].argmax(axis=1) != one.y) for one in data]
    return 100 * float(np.mean(wrong))
