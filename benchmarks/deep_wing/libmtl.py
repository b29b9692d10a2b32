"""LibMTL's own training step, from a copy of its repository that ``$LIBMTL_HOME`` names."""

import os
import sys
from itertools import count
from unittest import mock

import torch
from torch import nn

from deep_wing.problems import tensors
from deep_wing.sides import optimizer, trunk_of


def absent():
    """Why it does not race, or None."""
    home = os.environ.get("LIBMTL_HOME")
    if not home:
        return "LibMTL: set $LIBMTL_HOME to a copy of its repository"
    return None if os.path.isdir(os.path.join(home, "LibMTL")) else f"LibMTL: none in {home}"


def loaded():
    """Its hard sharing, its equal weights and its squared error."""
    home = os.environ["LIBMTL_HOME"]
    if home not in sys.path:
        sys.path.insert(0, home)
    missing = {}
    while True:
        with mock.patch.dict(sys.modules, missing):
            try:
                from LibMTL.architecture import HPS
                from LibMTL.loss import MSELoss
                from LibMTL.weighting import EW
            except ModuleNotFoundError as error:
                # it imports solvers and other libraries whether or not this step uses them
                if error.name is None or error.name in missing:
                    raise
                missing[error.name] = mock.MagicMock()
            else:
                return HPS, EW, MSELoss


def steps(case):
    """Hard sharing with equal weights: what its trainer does per batch, without its meter."""
    HPS, EW, MSELoss = loaded()
    names = [f"y{t}" for t in range(case.T)]

    class Both(HPS, EW):
        def __init__(self):
            decoders = nn.ModuleDict({name: nn.Linear(case.widths[-1], 1) for name in names})
            HPS.__init__(self, names, lambda: trunk_of(case), decoders, False, False, "cpu")
            self.init_param()

    X, Y = tensors(case.table())
    net, losses = Both(), {name: MSELoss() for name in names}
    descent = optimizer(net)
    for _ in count():
        for rows in torch.randperm(len(X)).split(case.b):
            x = X[rows]
            labels = {name: Y[rows, t : t + 1] for t, name in enumerate(names)}
            predictions = net(x)
            each = torch.zeros(case.T)
            for t, name in enumerate(names):
                each[t] = losses[name]._update_loss(predictions[name], labels[name])
            descent.zero_grad(set_to_none=False)
            net.backward(each)
            descent.step()
            yield
