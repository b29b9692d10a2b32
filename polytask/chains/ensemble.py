"""Many chains in random orders, and the mean of their answers."""

from itertools import permutations
from math import factorial

import numpy as np

from polytask.chains.base import _OverTasks
from polytask.chains.chain import Chain
from polytask.errors import ParameterError, require
from polytask.model import Model


class ChainEnsemble(_OverTasks, Model):
    """Fit a `Chain` in each of several random orders, and average their outputs.

    No order has to be chosen, and no task is always first.

    Parameters
    ----------
    estimator : scikit-learn estimator or Model, optional
    n_chains : int, >= 1
        Different orders; all of them where there are no more.
    meta, cv, chain_method
        As in `Chain`.
    random_state : int, optional
        Of orders and folds; None is 0.
    task_column : str or int, optional
        The column of X that names the task of a line.

    Attributes
    ----------
    chains_ : list of fitted `Chain`

    Raises
    ------
    ParameterError
        If an option is out of its range.

    References
    ----------
    Read, Pfahringer, Holmes, Frank. Classifier chains for multi-label classification. Machine
    Learning 85, 2011 (ECC; here every chain sees all rows).
    Spyromitros-Xioufis, Tsoumakas, Groves, Vlahavas. Multi-target regression via input space
    expansion. Machine Learning 104, 2016 (ERC; with ``meta="cv"`` ERC_cv).
    Survey: baselines.

    Examples
    --------
    >>> from polytask.chains import ChainEnsemble
    >>> X, Y = [[0.0], [1.0], [2.0], [3.0]], [[0, 1], [1, 0], [2, 5], [3, 4]]
    >>> [one.order_ for one in ChainEnsemble(cv=2).fit(X, Y).chains_]
    [('y0', 'y1'), ('y1', 'y0')]
    """

    _in_order = True

    def __init__(
        self,
        estimator=None,
        *,
        n_chains=10,
        meta="cv",
        cv=5,
        chain_method="predict_proba",
        random_state=None,
        task_column=None,
    ):
        self.estimator = estimator
        self.n_chains = n_chains
        self.meta = meta
        self.cv = cv
        self.chain_method = chain_method
        self.random_state = random_state
        self.task_column = task_column

    def _fit(self, data):
        self._check()
        require(
            self.n_chains >= 1,
            f"ChainEnsemble needs n_chains >= 1. Found {self.n_chains}.",
            ParameterError,
        )
        seed = self.random_state or 0
        self.chains_ = [
            Chain(
                self.estimator,
                order=order,
                meta=self.meta,
                cv=self.cv,
                chain_method=self.chain_method,
                random_state=seed + number,
            ).fit(data)
            for number, order in enumerate(orders(data.n_tasks, self.n_chains, seed))
        ]

    def _answering(self, X):
        walks = [chain._answering(X) for chain in self.chains_]
        return lambda name: np.mean([walk(name) for walk in walks], axis=0)


def orders(T, count, seed):
    """Different orders of T tasks, drawn by a seed; all of them where there are no more.

    >>> orders(2, 10, 0)
    [(0, 1), (1, 0)]
    """
    if T < 10 and factorial(T) <= count:
        return list(permutations(range(T)))
    rng = np.random.default_rng(seed)
    found = {}
    while len(found) < count:
        found[tuple(rng.permutation(T).tolist())] = None
    return list(found)
