"""The optimiser of a net: which parameters learn how fast, and which of them decay."""

import torch

# Devices with an AdamW in one pass: a whole step of a small net is a quarter shorter there.
FUSED = ("cpu", "cuda")


def adamw(net, learning_rate, weight_decay):
    """AdamW over what a net can learn."""
    groups = parameter_groups(net, learning_rate, weight_decay)
    # one pass over the numbers instead of a dozen, where torch has it for all of them
    fused = all(p.device.type in FUSED for group in groups for p in group["params"])
    return torch.optim.AdamW(groups, lr=learning_rate, fused=fused)


def parameter_groups(net, learning_rate, weight_decay=0.01):
    """What a net can learn, in groups for any optimiser of torch.

    Only matrices decay, and what learns in a way of its own (the stitches of a cross-stitch net)
    has its own rate and decay.

    Parameters
    ----------
    net : torch.nn.Module
        With or without ``groups()``, a list of `Group`.
    learning_rate, weight_decay : float

    Returns
    -------
    list of dict

    Examples
    --------
    >>> from polytask import deep
    >>> from polytask.kinds import Regression
    >>> from polytask.task import Task
    >>> net = deep.HardSharing(deep.mlp(8)).build((Task("a", Regression()),), 3)
    >>> [(len(g["params"]), g["weight_decay"]) for g in deep.parameter_groups(net, 0.01)]
    [(2, 0.01), (2, 0.0)]
    """
    # the biases of columns side by side are a matrix
    biases = {id(p) for name, p in net.named_parameters() if "bias" in name}
    own = net.groups() if hasattr(net, "groups") else []
    taken = {id(p) for group in own for p in group.parameters}
    rest = [p for p in net.parameters() if p.requires_grad and id(p) not in taken]
    return [
        *_by_decay(rest, learning_rate, weight_decay, biases),
        *(
            part
            for group in own
            for part in _by_decay(
                [p for p in group.parameters if p.requires_grad],
                learning_rate * group.rate,
                weight_decay if group.decay else 0.0,
                biases,
            )
        ),
    ]


def _by_decay(parameters, rate, decay, biases):
    matrix = [p.ndim > 1 and id(p) not in biases for p in parameters]
    parts = (
        {
            "params": [p for p, one in zip(parameters, matrix) if one == decays],
            "lr": rate,
            "weight_decay": decay if decays else 0.0,
        }
        for decays in (True, False)
    )
    return [part for part in parts if part["params"]]
