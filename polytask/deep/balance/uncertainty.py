"""Uncertainty weighting: a task counts as much as its noise allows."""

from dataclasses import dataclass
from typing import ClassVar

import torch

from polytask.deep.balance.base import Balancer, LossWeighing
from polytask.deep.targets import targets
from polytask.errors import UnsupportedError, require

# (a, c) of the objective ``a e^{-s} L + c s`` by the loss of a task: what is left of -log of its
# density, where e^s is a variance, the square of a scale, a scale, or a temperature
GAUSS, SQUARE, LAPLACE, SOFTMAX = (0.5, 0.5), (1.0, 0.5), (1.0, 1.0), (1.0, 0.5)
FORMS = (
    dict.fromkeys(("squared", "poisson"), GAUSS)
    | {"huber": SQUARE}
    | dict.fromkeys(
        ("absolute", "quantile", "offsets", "boundary_distance", "inverse_depth"), LAPLACE
    )
    | dict.fromkeys(
        (
            *("logistic", "multinomial", "cumulative", "funnel", "chain", "cox", "pairwise"),
            *("listwise", "relatedness", "dependency"),
        ),
        SOFTMAX,
    )
)


@dataclass(frozen=True)
class Uncertainty(Balancer):
    r"""Learn the noise of every task beside the net; a noisy task counts less.

    With ``L_t`` the mean loss and ``s_t`` learned, ``J = sum_t a_t e^{-s_t} L_t + c_t s_t``:

    ==================================  ===  ===  =================  ==========
    loss of the task                    a    c    s stands for       settles at
    ==================================  ===  ===  =================  ==========
    squared error                       1/2  1/2  log variance       log L
    Poisson deviance                    1/2  1/2  log dispersion     log L
    Huber's error                       1    1/2  log variance       log 2L
    absolute error, quantiles           1    1    log scale          log L
    offsets, distances, inverse depths  1    1    log scale          log L
    classes, levels, tags, funnels      1    1/2  log temperature    log 2L
    Cox, rankings                       1    1/2  log temperature    log 2L
    ==================================  ===  ===  =================  ==========

    The effective weight of a task is ``a_t e^{-s_t}``.

    Parameters
    ----------
    start_at : float
        Every ``s_t`` at the start, inside the bound.
    rate : float, > 0
        Learning rate of ``s``, as a multiple of the net's.
    bound : float, > 0
        ``|s_t|`` never exceeds it, so that a loss near zero cannot make a weight infinite.

    Raises
    ------
    ParameterError
        If a parameter is out of its range.
    UnsupportedError
        If a task's loss has no form here.

    Notes
    -----
    ``s`` follows its own Adam, ten times as fast as the net: at the net's rate it cannot cross the
    distance between units that differ by a hundred. It is no parameter of the net, so no weight
    decay reaches it and no balancer takes it for shared. A task without labels in a batch moves
    neither its ``s`` nor the moments of its Adam. The bound projects after the step and never cuts
    the gradient: a value on the bound comes back. A negative ``J`` is normal.

    The rows of the table beyond the paper's two: the Laplace density ``exp(-|r| / b) / (2 b)`` and
    the asymmetric one of a quantile, by ``s = log b``; the Poisson deviance D by the saddlepoint
    form ``phi^{-1/2} exp(-D / 2 phi)`` of an exponential dispersion model, ``s = log phi``; Huber's
    error as the Gaussian that it is near the label (it has the half that the squared error has
    not). Cox, ListNet, RankNet and a chain of tags are softmaxes over rows at risk, rows of a
    query, pairs and sequences, and take the paper's approximation for a softmax; so do ordered
    levels and the product of a funnel, for which it is a convention.

    References
    ----------
    Kendall, Gal, Cipolla. Multi-task learning using uncertainty to weigh losses for scene geometry
    and semantics. CVPR 2018. Equations 7 to 10.
    Jørgensen. Exponential dispersion models. JRSS B 49, 1987. (The saddlepoint form.)
    Koenker, Machado. Goodness of fit and related inference processes for quantile regression. JASA
    94, 1999. (The density of a quantile.)
    Survey: weighting losses with uncertainty.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep import Uncertainty
    >>> from polytask.kinds import Binary, Regression
    >>> from polytask.task import Task
    >>> tasks = (Task("price", Regression()), Task("sold", Binary()))
    >>> weighing = Uncertainty().start(tasks, learning_rate=0.01)
    >>> weighing.backward(torch.tensor([9.0, 0.7], requires_grad=True), torch.tensor([True, True]))
    tensor([0.5000, 1.0000])
    >>> weighing.s
    tensor([0.1000, 0.1000])
    """

    start_at: float = 0.0
    rate: float = 10.0
    bound: float = 10.0

    sees: ClassVar[str] = "losses"

    def __post_init__(self):
        require(self.rate > 0, f"Uncertainty needs rate > 0. Found rate={self.rate}.")
        require(
            abs(self.start_at) <= self.bound,
            f"Uncertainty needs |start_at| <= bound. Found start_at={self.start_at}, "
            f"bound={self.bound}.",
        )

    def start(self, tasks, *, learning_rate):
        """All ``s_t`` at ``start_at``."""
        aims = targets(tasks)
        for aim in aims:
            require(
                aim.loss.name in FORMS,
                f"Uncertainty has forms for the losses {list(FORMS)}. Found {aim.loss.name!r} in "
                f"task {aim.name!r}. Use another balancer.",
                UnsupportedError,
            )
        forms = torch.tensor([FORMS[aim.loss.name] for aim in aims])
        return _Uncertainty(self, forms, self.rate * learning_rate)

    @classmethod
    def examples(cls):
        """The default, and a slow one that starts elsewhere."""
        yield cls()
        yield cls(start_at=-0.5, rate=1.0, bound=3.0)


class _Uncertainty(LossWeighing):
    """``s`` and the moments of its Adam, per task."""

    s: torch.Tensor
    first: torch.Tensor
    second: torch.Tensor
    count: torch.Tensor

    def __init__(self, balancer, forms, learning_rate):
        super().__init__()
        self.bound = balancer.bound
        self.learning_rate = learning_rate
        zero = torch.zeros(len(forms))
        self.register_buffer("forms", forms)
        self.register_buffer("s", zero + balancer.start_at)
        for name in ("first", "second", "count"):
            self.register_buffer(name, zero.clone())

    def weigh(self, losses, present):
        a, c = self.forms.T.to(losses.dtype)
        weights = a * torch.exp(-self.s)
        self._move(c - weights * losses, present)
        return weights

    def _move(self, gradient, present, first=0.9, second=0.999, floor=1e-8):
        """A step of Adam (Kingma and Ba, ICLR 2015, algorithm 1) for the tasks that are there."""
        self.count += present
        self.first = torch.where(present, self.first.lerp(gradient, 1 - first), self.first)
        self.second = torch.where(present, self.second.lerp(gradient**2, 1 - second), self.second)
        count = self.count.clamp_min(1)
        mean = self.first / (1 - first**count)
        size = (self.second / (1 - second**count)).sqrt() + floor
        step = torch.where(present, self.learning_rate * mean / size, 0.0)
        self.s = (self.s - step).clamp(-self.bound, self.bound)
