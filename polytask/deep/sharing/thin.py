"""A thin trunk that begins as near as it can to a wide one."""

import torch

from polytask.deep.blocks import Convolution, Dense, Pooling
from polytask.errors import UnsupportedError, require
from polytask.ops.somp import somp


def check_wide(wide, trunk, owner):
    """Refuse a wide trunk that is not the thin one with more units.

    Raises
    ------
    UnsupportedError
        If a stage is none whose units can be picked.
    ParameterError
        If the stages differ in more than their units, or the wide ones have fewer.
    """
    for stage in (*wide, *trunk):
        simple = isinstance(stage, Dense | Pooling) or (
            isinstance(stage, Convolution) and stage.norm == "none"
        )
        require(
            simple,
            f"{owner} begins thin from Dense, Pooling, and Convolution without a norm. Found "
            f"{stage!r}. Leave wide=None: the net then begins at random.",
            UnsupportedError,
        )
    same = len(wide) == len(trunk) and all(
        _with(big, units(small)) == small and (units(big) or 0) >= (units(small) or 0)
        for big, small in zip(wide, trunk)
    )
    require(
        same,
        f"{owner} needs wide with the stages of trunk and at least as many units in each. Found "
        f"trunk={trunk} and wide={wide}.",
    )


def units(stage):
    """What comes out of a stage; None where that is not its own choice."""
    return getattr(stage, "width", getattr(stage, "channels", None))


def _with(stage, count):
    field = next((f for f in ("width", "channels") if hasattr(stage, f)), None)
    return stage if field is None or count is None else stage.replace(**{field: count})


@torch.no_grad()
def thin_out(wide, modules):
    """Give thin stages the units of a wide trunk that stand for all of its units best.

    Stage by stage, ``[W b] ~ A [W b][rows]`` by `somp`; the thin stage has these rows, and what
    comes next reads ``A`` times what it makes.

    Parameters
    ----------
    wide : Trunk
    modules : list of Module
        The thin stages; they are written to.

    Returns
    -------
    tensor (wide channels, thin channels), or None where nothing was picked
        What a head on the wide trunk is to be multiplied by.
    """
    A = None
    for big, small in zip(wide.stages, modules):
        if next(big.parameters(), None) is None:
            continue
        W, b = big[0].weight, big[0].bias
        W = W if A is None else torch.einsum("oi...,ik->ok...", W, A)
        rows, found = somp(torch.cat([W.flatten(1), b[:, None]], 1).cpu(), len(small[0].bias))
        small[0].weight.copy_(W[rows])
        small[0].bias.copy_(b[rows])
        A = torch.as_tensor(found).to(W)
    return A
