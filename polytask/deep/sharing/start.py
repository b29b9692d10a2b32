"""Where a net of recurrent layers begins."""

import torch
from torch import nn

from polytask.deep.heads import Heads


@torch.no_grad()
def start_uniform(net):
    """Matrices within ``sqrt(6 / (rows + columns))`` of 0, biases and heads 0, forget gates 1.

    Every gate of a recurrent layer is a matrix of its own. Embeddings keep their start.

    References
    ----------
    Glorot, Bengio. Understanding the difficulty of training deep feedforward neural networks.
    AISTATS 2010.
    Jozefowicz, Zaremba, Sutskever. An empirical exploration of recurrent network architectures.
    ICML 2015. (Forget gates.)
    """
    for module in net.modules():
        if isinstance(module, nn.Embedding):
            continue
        gates = {nn.LSTM: 4, nn.GRU: 3}.get(type(module), 1)
        for name, parameter in module.named_parameters(recurse=False):
            if parameter.ndim > 1:
                for part in parameter.chunk(gates):
                    nn.init.xavier_uniform_(part)
            else:
                parameter.zero_()
            if isinstance(module, nn.LSTM) and name.startswith("bias_ih"):
                parameter.chunk(4)[1].fill_(1.0)  # input, forget, cell, output
    for module in net.modules():
        plain = module.linear if isinstance(module, Heads) else None
        own = getattr(module, "starts_at_zero", list)()
        for parameter in [*(plain.parameters() if plain else ()), *own]:
            parameter.zero_()
