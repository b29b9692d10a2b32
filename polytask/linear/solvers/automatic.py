"""Which solver follows from what penalty and datafits say of themselves."""

from polytask.linear.penalties import ASO, Split, Weighted
from polytask.linear.solvers.alternating_structure import AlternatingStructure
from polytask.linear.solvers.backtracking_gradient import BacktrackingGradient
from polytask.linear.solvers.block_descent import BlockDescent
from polytask.linear.solvers.block_newton import BlockNewton
from polytask.linear.solvers.change_of_units import ChangeOfUnits
from polytask.linear.solvers.direct import Direct
from polytask.linear.solvers.interior_point import InteriorPoint
from polytask.linear.solvers.lbfgs import LBFGS
from polytask.linear.solvers.monotone_proximal_gradient import MonotoneProximalGradient
from polytask.linear.solvers.newton import Newton
from polytask.linear.solvers.preconditioned_lbfgs import PreconditionedLBFGS
from polytask.linear.solvers.proximal_gradient import ProximalGradient
from polytask.linear.solvers.proximal_newton import ProximalNewton
from polytask.linear.solvers.two_blocks import TwoBlocks

# Numbers in all Hessians together (160 MB): beyond it first-order steps are cheaper, too.
LARGEST = 2e7
# Features up to which Hessians of logistic losses are cheaper than many first-order steps.
LARGEST_NEWTON = 400


def automatic(problem, penalty):
    """The solver for a problem and a penalty.

    Squared losses: `Direct` with a quadratic penalty, or `LBFGS` where the Hessians are large;
    `BlockDescent` with sums over blocks of features, `PreconditionedLBFGS` with other penalties
    that have a gradient, else `ProximalGradient`. Other losses that curve, row by row:
    `BlockNewton` with sums over blocks; with few features `Newton` with a quadratic penalty, else
    `ProximalNewton`. Everything else: `LBFGS` with a quadratic penalty, else `ProximalGradient`, or
    `BacktrackingGradient` where the curvature has no bound.

    Whatever the losses, `Weighted` takes `ChangeOfUnits`, inside which the choice is made again.
    `Hinge` takes `InteriorPoint`. Whatever the other losses, a `Split` whose step has no
    closed form takes `TwoBlocks`, `ASO` `AlternatingStructure`, and another penalty that is not
    convex `MonotoneProximalGradient`. `Smoothing` is asked for by name.

    Examples
    --------
    >>> from polytask import Tasks
    >>> from polytask.linear import L1, L2
    >>> from polytask.linear.build import build
    >>> problem = build(Tasks.from_arrays([[0.0], [1.0]], [0.0, 1.0]))
    >>> type(automatic(problem, L1(0.1))).__name__, type(automatic(problem, L2(0.1))).__name__
    ('BlockDescent', 'Direct')
    """
    if isinstance(penalty, Weighted):
        return ChangeOfUnits()
    if problem.kinked:
        return InteriorPoint()
    if isinstance(penalty, Split) and not penalty.closed:
        return TwoBlocks()
    if isinstance(penalty, ASO):
        return AlternatingStructure()
    if not penalty.convex:
        return MonotoneProximalGradient()
    d, P = problem.shape
    small = d * d * (1 if problem.one_hessian else P) <= LARGEST
    if problem.losses == {"squared"}:
        if not penalty.smooth:
            fast = (BlockDescent(), PreconditionedLBFGS())
            taken = (one for one in fast if one.refuses(problem, penalty) is None)
            return next(taken, ProximalGradient())
        return Direct() if small else LBFGS()
    if BlockNewton().refuses(problem, penalty) is None:
        return BlockNewton()
    second = Newton() if penalty.smooth else ProximalNewton()
    if d <= LARGEST_NEWTON and small and second.refuses(problem, penalty) is None:
        return second
    if penalty.smooth:
        return LBFGS()
    return ProximalGradient() if problem.bounded else BacktrackingGradient()
