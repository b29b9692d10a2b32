"""Which solver follows from what penalty and datafits say of themselves."""

from polytask.linear.solvers.direct import Direct
from polytask.linear.solvers.lbfgs import LBFGS
from polytask.linear.solvers.newton import Newton
from polytask.linear.solvers.proximal_gradient import ProximalGradient

# Numbers in all Hessians together (160 MB): beyond it first-order steps are cheaper, too.
LARGEST = 2e7
LARGEST_NEWTON = 400


def automatic(problem, penalty):
    """The solver for a problem and a penalty.

    Not smooth: `ProximalGradient`. Quadratic penalty: `Direct` for squared losses; `Newton` for
    logistic ones with few features; else `LBFGS`.

    Examples
    --------
    >>> from polytask import Tasks
    >>> from polytask.linear import L1, L2
    >>> from polytask.linear.build import build
    >>> problem = build(Tasks.from_arrays([[0.0], [1.0]], [0.0, 1.0]))
    >>> type(automatic(problem, L1(0.1))).__name__, type(automatic(problem, L2(0.1))).__name__
    ('ProximalGradient', 'Direct')
    """
    if not penalty.smooth:
        return ProximalGradient()
    d, P = problem.shape
    if d * d * (1 if problem.one_hessian else P) > LARGEST:
        return LBFGS()
    if problem.losses == {"squared"}:
        return Direct()
    if "multinomial" in problem.losses or d > LARGEST_NEWTON:
        return LBFGS()
    return Newton()
