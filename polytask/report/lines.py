"""The lines of a comparison: the models that were asked for, and the baselines of their gains."""

from dataclasses import dataclass

from sklearn.base import clone

from polytask.errors import ParameterError, require
from polytask.independent import Independent
from polytask.model import Model


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
        per task (``model.alone()``), where it has one, else ``Independent()``.
    seed : int
        Put in place of every ``random_state=None``.

    Returns
    -------
    list of Line
        The models in their order, then the baselines that were added.
    """
    named = {name: seeded(model, name, seed) for name, model in _named(models).items()}
    texts = {text_of_model(model): name for name, model in named.items()}
    chosen = _chosen(baseline, named, seed)
    added, out = {}, []
    for name, model in named.items():
        base = chosen if chosen is not None else _baseline_of(model, seed)
        text = None if base is None else text_of_model(base)
        if text is not None and text not in texts:
            texts[text] = _free(text, named | added)
            added[texts[text]] = base
        at = None if text is None or texts[text] == name else texts[text]
        out.append(Line(name, model, text_of_model(model), at))
    return out + [Line(n, m, text_of_model(m), None, True) for n, m in added.items()]


def _named(models):
    if isinstance(models, Model):
        models = [models]
    if not isinstance(models, dict):
        texts = [text_of_model(_checked(model, repr(model))) for model in models]
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


def _chosen(baseline, named, seed):
    if baseline is None or isinstance(baseline, Model):
        return baseline and seeded(baseline, "baseline", seed)
    require(
        baseline in named,
        f"baseline needs a model or one of the names {list(named)}. Found {baseline!r}.",
    )
    return named[baseline]


def _baseline_of(model, seed):
    alone = model.alone()
    if alone is None and isinstance(model, Independent):
        return None
    return seeded(Independent() if alone is None else alone, "baseline", seed)


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
    """The model as one line of text, whole; can be pasted back.

    Examples
    --------
    >>> text_of_model(Independent())
    'Independent()'
    """
    # scikit-learn cuts long texts unless told otherwise
    return " ".join(model.__repr__(N_CHAR_MAX=10**9).split())
