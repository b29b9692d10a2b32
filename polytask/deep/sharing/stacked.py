"""What every task has for itself, computed for all that are asked as one product."""

import torch


def stacked(maps, H):
    """Linear maps of one size, each on features of its own: ``(t, ..., i)`` to ``(t, ..., o)``.

    The maps stay modules of their own, so that one that is not asked has no gradient.

    Parameters
    ----------
    maps : list of t torch.nn.Linear
    H : tensor (t, ..., i)
    """
    if len(maps) == 1:
        return maps[0](H[0])[None]
    weight = torch.stack([one.weight for one in maps])
    bias = torch.stack([one.bias for one in maps])[:, None]
    out = torch.baddbmm(bias, H.flatten(1, -2), weight.mT)
    return out.reshape(*H.shape[:-1], out.shape[-1])
