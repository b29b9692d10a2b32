"""The optimiser of a net: which parameters learn how fast, and which of them decay."""

import torch


def adamw(net, learning_rate, weight_decay):
    """AdamW over what a net can learn; only matrices decay, and a `Group` as it says."""
    # the biases of columns side by side are a matrix
    biases = {id(p) for name, p in net.named_parameters() if "bias" in name}
    own = net.groups() if hasattr(net, "groups") else []
    taken = {id(p) for group in own for p in group.parameters}
    rest = [p for p in net.parameters() if p.requires_grad and id(p) not in taken]
    groups = [
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
    return torch.optim.AdamW(groups, lr=learning_rate)


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
