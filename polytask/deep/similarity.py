"""How alike the tasks of a net are: the cosine of what their outputs react to."""

import numpy as np
import torch

from polytask.relation import Relation

# Numbers in the table of all sensitivities; fewer rows are looked at where it would exceed this.
BUDGET = 20_000_000
ROWS = 256


def similarity(net, X):
    r"""Relation of the tasks by the gradients of their outputs with respect to the inputs.

    With ``g_t(x)`` the gradient of the output of task t, the cosine
    ``sum_i g_s(x_i) . g_t(x_i) / sqrt(sum_i |g_s(x_i)|^2 sum_i |g_t(x_i)|^2)``: for a linear net
    that of the coefficients. A task of K classes has K gradients, about their mean (softmax does
    not see it); with ``C_st`` the table of inner products, its cosine is
    ``|C_st|_F / sqrt(|C_ss|_F |C_tt|_F)``, which has no sign.

    Parameters
    ----------
    net : Net
    X : tensor (n, d)
        Rows to look at; a few hundred of them, evenly spaced, are taken.
    """
    widths = [aim.width for aim in net.targets]
    rows = max(1, min(ROWS, len(X), BUDGET // (sum(widths) * X.shape[1])))
    gradients = _gradients(net, X[np.linspace(0, len(X) - 1, rows).astype(int)])
    softmax = [aim.loss.name == "multinomial" for aim in net.targets]
    flat = np.concatenate([g - g.mean(0) if s else g for g, s in zip(gradients, softmax)])
    ends = np.cumsum(widths)
    parts = [slice(end - width, end) for end, width in zip(ends, widths)]
    inner = flat @ flat.T
    blocks = np.array([[_size(inner[a, b]) for b in parts] for a in parts])
    return Relation(_cosines(blocks), [aim.name for aim in net.targets], "similarity after fitting")


def _gradients(net, X):
    """Per task, gradients of its outputs ``(o_t, m d)``."""
    X = X.clone().requires_grad_(True)
    with torch.enable_grad():
        return [
            np.stack([_gradient(column, X) for column in outputs.unbind(1)])
            for outputs in net(X).values()
        ]


def _gradient(output, X):
    # rows do not see each other, so the gradient of their sum has the gradient of each; codes of
    # categories have none
    found = torch.autograd.grad(output.sum(), X, retain_graph=True, materialize_grads=True)
    return found[0].flatten().numpy()


def _size(block):
    return block.item() if block.size == 1 else np.linalg.norm(block)


def _cosines(inner):
    length = np.sqrt(np.diag(inner))
    scale = np.outer(length, length)
    matrix = np.divide(inner, scale, out=np.zeros_like(inner), where=scale > 0)
    np.fill_diagonal(matrix, 1.0)
    return np.clip(matrix, -1, 1)
