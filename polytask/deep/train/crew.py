"""The processes that train one net together, each on its part of every batch."""

import torch
import torch.distributed as dist


class Crew:
    """All processes of ``torch.distributed``, or this one alone.

    A step of the crew is a step of one process on the whole batch: every process computes the
    losses of its rows, labels are counted and losses are summed over all, so that every balancer
    sees the same numbers everywhere; then the gradients are summed. Sums are made in float64 where
    they are numbers of a task, in the type of the parameters where they are gradients.

    Parameters
    ----------
    device : torch.device
        Through which messages go.

    Attributes
    ----------
    rank, size : int
    """

    def __init__(self, device):
        self._device = device
        together = dist.is_available() and dist.is_initialized()
        self.rank = dist.get_rank() if together else 0
        self.size = dist.get_world_size() if together else 1

    @property
    def alone(self):
        """Whether there is one process only."""
        return self.size == 1

    def sum(self, values):
        """The sum of a tensor over all processes, without a graph."""
        if self.alone:
            return values
        total = values.detach().to(self._device, torch.float64, copy=True)
        dist.all_reduce(total)
        return total.to(values)

    def total(self, losses):
        """The sum of losses over all processes; what flows back is every process's own part."""
        return losses if self.alone else _Total.apply(losses, self)

    @torch.no_grad()
    def agree(self, net):
        """Begin with the numbers of the first process."""
        if not self.alone:
            for tensor in [*net.parameters(), *net.buffers()]:
                dist.broadcast(tensor.data, 0)

    @torch.no_grad()
    def add_gradients(self, net):
        """Sum the gradients; None stays None where no process has one."""
        if self.alone:
            return
        parameters = [p for p in net.parameters() if p.requires_grad]
        there = torch.tensor([float(p.grad is not None) for p in parameters])
        grads = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
        flat = torch.cat([there.to(grads[0]), *(g.flatten() for g in grads)])
        dist.all_reduce(flat)
        count, *parts = flat.split([len(parameters), *(p.numel() for p in parameters)])
        for p, part, holders in zip(parameters, parts, count.tolist()):
            p.grad = part.view_as(p) if holders else None

    @torch.no_grad()
    def mean_buffers(self, net):
        """One set of running statistics for all: the mean of every process's own."""
        if not self.alone:
            for buffer in net.buffers():
                if buffer.is_floating_point():
                    dist.all_reduce(buffer)
                    buffer /= self.size


class _Total(torch.autograd.Function):
    @staticmethod
    def forward(ctx, losses, crew):
        return crew.sum(losses)

    @staticmethod
    def backward(ctx, gradient):
        return gradient, None
