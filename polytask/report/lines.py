"""The lines of a comparison: the models that were asked for, and the baselines of their gains."""

import inspect
from dataclasses import dataclass

import numpy as np
from sklearn.base import BaseEstimator, clone

from polytask.errors import ParameterError, require
from polytask.independent import Independent
from polytask.model import Model
from polytask.report.digest import digest


@dataclass(frozen=True, eq=False)
class Line:
    """One model of the table.

    Attributes
    ----------
    name : str
    model : Model
        With its seed set; never fitted.
    text : str
        As printed; can be pasted back.
    baseline : str or None
        Name of the line that its gain is measured against; None for a baseline.
    added : bool
        Whether it is here as a baseline only.
    """

    name: str
    model: Model
    text: str
    baseline: str | None = None
    added: bool = False


def lines(models, *, baseline=None, seed=0):
    """A line per model, and one per baseline that is not among them; shared baselines run once.

    Parameters
    ----------
    models : dict of name -> Model, or sequence of Model
    baseline : Model or str, optional
        A model, or the name of one of ``models``, for every gain. Default: each model's own form
        per task (``model.alone()``), where it has one, else ``Independent`` of its estimator.
    seed : int
        Put in place of every ``random_state=None``.

    Returns
    -------
    list of Line
        The models in their order, then the baselines that were added.
    """
    given = _named(models)
    named = {name: seeded(model, name, seed) for name, model in given.items()}
    known = {digest(model): name for name, model in named.items()}
    if isinstance(baseline, str):
        baseline = _one_of(baseline, named)
    added: dict[str, Model] = {}
    out = []
    for name, model in named.items():
        base = _baseline_of(given[name]) if baseline is None else baseline
        at = None if base is None else _place(base, known, named, added, seed)
        out.append(Line(name, model, text_of_model(model), None if at == name else at))
    return out + [Line(n, m, text_of_model(m), None, True) for n, m in added.items()]


def _place(base, known, named, added, seed):
    """The name of the line that is this baseline; a new line where there is none."""
    model = seeded(base, "baseline", seed)
    key = digest(model)
    if key not in known:
        # the name is the baseline as it was written, without the seed
        known[key] = _free(text_of_model(base), named | added)
        added[known[key]] = model
    return known[key]


def _named(models):
    if isinstance(models, Model):
        models = [models]
    if not isinstance(models, dict):
        texts = [text_of_model(_checked(model, type(model).__name__)) for model in models]
        twice = sorted({text for text in texts if texts.count(text) > 1})
        require(not twice, f"Models need names of their own. Found {twice} twice. Give a dict.")
        models = dict(zip(texts, models))
    require(len(models) > 0, "compare needs a model or more. Found none.")
    return {str(name): _checked(model, name) for name, model in models.items()}


def _checked(model, name):
    if isinstance(model, Model):
        return model
    raise ParameterError(
        f"Model {name!r} needs the contract of polytask.Model. Found {type(model).__name__}. "
        "Wrap a scikit-learn estimator: Independent(estimator) or Pooled(estimator)."
    )


def _one_of(name, named):
    require(
        name in named,
        f"baseline needs a model or one of the names {list(named)}. Found {name!r}.",
    )
    return named[name]


def _baseline_of(model):
    alone = model.alone()
    if alone is None and isinstance(model, Independent):
        return None
    # a wrapper of the user's estimator is compared with that estimator per task
    return Independent(getattr(model, "estimator", None)) if alone is None else alone


def _free(text, taken):
    name, number = text, 2
    while name in taken:
        name, number = f"{text} ({number})", number + 1
    return name


def seeded(model, name, seed):
    """A clone whose open seeds (``random_state=None``, at any depth) are ``seed``."""
    model = _checked(clone(_checked(model, name)), name)
    open_seeds = [
        key
        for key, value in model.get_params(deep=True).items()
        if value is None and key.rpartition("__")[2] == "random_state"
    ]
    return model.set_params(**dict.fromkeys(open_seeds, seed)) if open_seeds else model


def text_of_model(model):
    """The model as one line of text, whole, with the parameters that are not the defaults.

    Examples
    --------
    >>> from sklearn.linear_model import Ridge
    >>> text_of_model(Independent(Ridge(alpha=2.0)))
    'Independent(estimator=Ridge(alpha=2.0))'
    """
    # scikit-learn's own text leaves out what is long, and then cannot be pasted back
    if isinstance(model, BaseEstimator):
        defaults = inspect.signature(type(model).__init__).parameters
        changed = [
            f"{name}={text}"
            for name, value in model.get_params(deep=False).items()
            if (text := text_of_model(value)) != text_of_model(defaults[name].default)
        ]
        return f"{type(model).__name__}({', '.join(changed)})"
    if isinstance(model, list | tuple):
        inside = ", ".join(map(text_of_model, model))
        return f"[{inside}]" if isinstance(model, list) else f"({inside}{',' * (len(model) == 1)})"
    if isinstance(model, np.generic):
        return repr(model.item())
    if isinstance(model, np.ndarray):
        return text_of_model(model.tolist())
    return " ".join(repr(model).split())
