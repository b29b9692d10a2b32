"""Every model of the package with settings under which the laws are quick."""

from laws.found import classes
from sklearn.base import is_classifier
from sklearn.linear_model import LogisticRegression

from polytask import Independent, Model, Pooled
from polytask.prepared import Prepared

# a model that is not here is taken with its defaults
QUICK = {
    "Independent": lambda c: [c(), c(LogisticRegression(max_iter=1000))],
    "Pooled": lambda c: [c(), c(LogisticRegression(max_iter=1000))],
    "Prepared": lambda c: [c(Independent()), c(Independent(LogisticRegression(max_iter=1000)))],
    "ReducedRank": lambda c: [c(2, alpha=0.01), c(1, weighting="scale")],
    "CurdsAndWhey": lambda c: [c(), c(shrinkage="population", alpha=0.1)],
    "Chain": lambda c: over_tasks(c),
    "ChainEnsemble": lambda c: over_tasks(c, n_chains=2),
    "Stacking": lambda c: over_tasks(c),
    "DSML": lambda c: [c(alpha=0.02), c(alpha=0.05, mu=0.0, threshold=0.1, refit=True)],
    "KernelModel": lambda c: kernels(c),
    "LinearModel": lambda c: linear(c),
    "LinearClassifier": lambda c: linear(c),
    "LinearModelCV": lambda c: searched(c),
    "LinearClassifierCV": lambda c: searched(c),
    "DeepModel": lambda c: [c(epochs=8, batch_size=48, random_state=0)],
    "DeepClassifier": lambda c: [c(epochs=8, batch_size=48, random_state=0)],
}


def over_tasks(one, **options):
    """A chain or a stack, in its three ways and for classes."""
    classes = LogisticRegression(max_iter=1000)
    return [
        *(one(meta=meta, cv=3, **options) for meta in ("cv", "train", "true")),
        one(classes, meta="cv", cv=3, **options),
        one(classes, meta="true", chain_method="predict", **options),
    ]


def kernels(one):
    """A model on kernel features: exact, with few landmarks, and for classes."""
    from polytask.kernel import Linear
    from polytask.linear import LinearClassifier, LinearModel, SquaredTraceNorm

    return [
        one(),
        one(LinearModel(SquaredTraceNorm(0.1)), Linear()),
        one(LinearModel(SquaredTraceNorm(1e-4)), landmarks=50, scale=True),
        one(LinearClassifier(SquaredTraceNorm(0.1)), scale=True),
    ]


def linear(one):
    """A linear model with every penalty, and with every loss that is asked for by name."""
    from polytask.linear import L2, L21, Hinge, Huber, SquaredHinge
    from polytask.linear.penalties.base import Penalty

    first = [next(iter(penalty.examples())) for penalty in classes(Penalty)]
    pairs = [(L2(0.1), Huber(1.0)), (L2(0.1), Hinge()), (L21(0.02), SquaredHinge())]
    numbers = one.__name__ == "LinearModel"
    return [
        # a price that levels off has no optimum where classes can be separated: not for long
        *(one(penalty, max_iter=10_000 if penalty.convex else 200) for penalty in first),
        *(one(p, datafit=fit) for p, fit in pairs if numbers == (fit.name == "huber")),
    ]


def searched(one):
    """A search over few strengths, of a penalty with one of them and of one with two."""
    from polytask.linear import L21, MeanRegularised

    return [one(penalty, points=4, folds=3) for penalty in (L21(), MeanRegularised())]


def models():
    """All members, discovered."""
    return [
        model for one in classes(Model) for model in QUICK.get(one.__name__, lambda c: [c()])(one)
    ]


def label(model):
    """A name for a test: the text of the model."""
    return " ".join(str(model).split())


def regressors():
    """Members that learn numbers."""
    return [model for model in models() if not _classes(model)]


def classifiers():
    """Members that learn bare classes."""
    return [model for model in models() if _classes(model)]


def _classes(model):
    return is_classifier(model)


__all__ = ["Pooled", "Prepared", "classifiers", "label", "models", "regressors"]
