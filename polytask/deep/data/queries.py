"""Batches of whole queries: rows that are ordered together stay together."""

import torch


def cut(groups, size, generator=None):
    """Row numbers of batches that hold whole groups.

    Parameters
    ----------
    groups : long tensor (n,)
        Numbers from 0.
    size : int
        Most rows per batch; a larger group is a batch of its own.
    generator : torch.Generator, optional
        Draws the order of the groups; default: as they are numbered.

    Returns
    -------
    list of long tensors, a partition of the rows

    Examples
    --------
    >>> [rows.tolist() for rows in cut(torch.tensor([1, 0, 1, 2, 0]), 3)]
    [[1, 4], [0, 2, 3]]
    """
    counts = groups.bincount()
    order = torch.arange(len(counts))
    if generator is not None:
        order = torch.randperm(len(counts), generator=generator)
    order = order.to(groups.device)
    rank = torch.empty_like(order)
    rank[order] = torch.arange(len(order), device=order.device)
    rows = rank[groups].argsort(stable=True)
    lengths, filled = [], 0
    for count in counts[order].tolist():
        if filled and filled + count > size:
            lengths.append(filled)
            filled = 0
        filled += count
    return rows.split([*lengths, filled])
