"""The door for loops of one's own: outputs and labels to one loss, or straight to gradients."""

import torch
from torch import nn

from polytask.deep.balance import Equal
from polytask.deep.balance.base import LossWeighing
from polytask.deep.targets import targets
from polytask.deep.train.objective import Objective
from polytask.errors import UnsupportedError, require


class TotalLoss(nn.Module):
    r"""``sum_t lambda_t L_t`` plus the net's own price, where a loop computes its loss.

    ``L_t`` is the mean over the labelled rows of the batch, ``lambda_t`` the balancer's. Called, it
    gives a loss to go backward from, for balancers that see losses; `backward` puts the gradients
    into the parameters itself, for every balancer. In evaluation mode it is the plain sum, and
    moves nothing. As a submodule it keeps the balancer's state where the user's module is kept.

    Parameters
    ----------
    net : Net, or sequence of Task or Target
        What a `Sharing` built; or the tasks, for a module of one's own.
    balance : Balancer
    learning_rate : float, > 0
        That of the net, for balancers that learn at a multiple of it.

    Attributes
    ----------
    last : dict of task name -> float
        Losses of the last batch, of the tasks that had a label in it.

    Raises
    ------
    UnsupportedError
        When called with a balancer that sees gradients; `backward` takes those.

    Examples
    --------
    >>> import torch
    >>> from polytask import Tasks, deep
    >>> X, nan = torch.eye(3), float("nan")
    >>> data = Tasks.from_arrays(X.numpy(), [[1.0, 0], [2, nan], [3, 0]])
    >>> net = deep.HardSharing(deep.mlp(8)).build(data.tasks, 3)
    >>> total = deep.TotalLoss(net, deep.Uncertainty(), learning_rate=0.01)
    >>> optimizer = torch.optim.AdamW(deep.parameter_groups(net, 0.01))
    >>> for _ in range(300):
    ...     loss = total(net(X), torch.tensor(data.Y))
    ...     optimizer.zero_grad()
    ...     loss.backward()
    ...     optimizer.step()
    >>> max(total.last.values()) < 0.1
    True
    """

    def __init__(self, net, balance=Equal(), *, learning_rate=3e-3):  # noqa: B008  frozen
        super().__init__()
        aims = targets(getattr(net, "targets", net))
        self._net = (net,)  # in a tuple, so that the net is no part of this module
        self.objective = Objective(aims)
        self.weighing = balance.start(aims, learning_rate=learning_rate)
        self.last: dict[str, float] = {}

    def forward(self, outputs, Y, W=None):
        """One loss, with its graph.

        Parameters
        ----------
        outputs : dict of task name -> tensor ``(b, *grid, o_t)``
            What the net gives.
        Y : tensor (b, T), or dict of task name -> tensor ``(b, *grid)``
            Labels as the kinds encode them (numbers, class numbers), NaN at gaps.
        W : of the form of Y, optional
            Weights; a gap weighs 0 in any case.
        """
        losses, present = self._losses(outputs, Y, W)
        if not self.training:
            return losses.sum()
        require(
            isinstance(self.weighing, LossWeighing),
            "A loss to go backward from needs a balancer that sees losses. Call "
            "total.backward(outputs, Y) in place of loss.backward().",
            UnsupportedError,
        )
        loss = (self.weighing.weigh(losses.detach(), present) * losses).sum()
        price = self._price()
        return loss if price is None else loss + price

    def backward(self, outputs, Y, W=None):
        """Put the gradients of the balanced losses and of the net's price into the parameters.

        Returns
        -------
        tensor (T,)
            The effective weights of the tasks.
        """
        losses, present = self._losses(outputs, Y, W)
        weights = self.weighing.backward(losses, present)
        price = self._price()
        if price is not None:
            price.backward()
        return weights

    def _losses(self, outputs, Y, W):
        like = next(iter(outputs.values()))
        Y, W = _known(Y, W, like)
        losses, present = self.objective(outputs, Y, W)
        each = zip(self.objective.targets, losses.tolist(), present.tolist())
        self.last = {aim.name: loss for aim, loss, there in each if there}
        return losses, present

    def _price(self):
        (net,) = self._net
        return net.penalty() if hasattr(net, "penalty") else None


def _known(Y, W, like):
    """Labels without NaN, and weights that are 0 where there was one."""
    if isinstance(Y, dict):
        both = {name: _known(Y[name], None if W is None else W[name], like) for name in Y}
        return {name: y for name, (y, _) in both.items()}, {n: w for n, (_, w) in both.items()}
    known = (~torch.isnan(Y)).to(like)
    return torch.nan_to_num(Y).to(like), known if W is None else W.to(like) * known
