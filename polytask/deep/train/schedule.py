"""A scheduler of torch beside an optimiser that may be made anew."""

from torch.optim.lr_scheduler import ReduceLROnPlateau

from polytask.errors import require

# What a scheduler keeps per group of parameters; another optimiser has other groups.
PER_GROUP = ("base_lrs", "_last_lr", "lr_lambdas", "min_lrs", "max_lrs")


class Schedule:
    """Moves learning rates on after steps or epochs; nothing where there is no scheduler.

    Parameters
    ----------
    update : Update
    optimizer : torch.optim.Optimizer
    """

    def __init__(self, update, optimizer):
        self._update = update
        self._base = optimizer.param_groups[0]["lr"]
        self._inner = update.schedule and update.schedule(optimizer)

    def after_step(self):
        """A step was made."""
        if self._inner and self._update.schedule_after == "step":
            self._inner.step()

    def after_epoch(self, scores):
        """An epoch was made, with these held-out losses or None."""
        if not self._inner or self._update.schedule_after != "epoch":
            return
        if not isinstance(self._inner, ReduceLROnPlateau):
            self._inner.step()
            return
        require(scores, "ReduceLROnPlateau needs a held-out part. Pass validation=.")
        self._inner.step(sum(scores.values()) / len(scores))

    def onto(self, old, new):
        """Go on with a new optimiser, at the share of its rates that the old one was at."""
        if not self._inner:
            return
        share = old.param_groups[0]["lr"] / self._base
        rates = [group["lr"] for group in new.param_groups]
        kept = {k: v for k, v in self._inner.state_dict().items() if k not in PER_GROUP}
        self._inner, self._base = self._update.schedule(new), rates[0]
        self._inner.load_state_dict(kept)
        for group, rate in zip(new.param_groups, rates):
            group["lr"] = share * rate

    def state_dict(self):
        """Where it stands."""
        return self._inner.state_dict() if self._inner else {}

    def load_state_dict(self, state):
        """Go on from there."""
        if self._inner:
            self._inner.load_state_dict(state)
