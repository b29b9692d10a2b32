"""What a training may not leave behind: torch's global random numbers and thread count."""

from contextlib import contextmanager

import torch

# Below this many numbers in a net a second thread costs more than it computes.
SMALL = 200_000


class Stream:
    """A private stream of torch's random numbers; inside ``with`` it stands for the global one.

    Parameters
    ----------
    seed : int
    device : torch.device, optional
        Its stream is kept too, where it has one of its own.

    Examples
    --------
    >>> import torch
    >>> before = torch.get_rng_state()
    >>> with Stream(0):
    ...     first = torch.rand(2)
    >>> bool((torch.get_rng_state() == before).all())
    True
    """

    def __init__(self, seed, device=None):
        self._device = None if device is None or device.type != "cuda" else device
        self._inner = [torch.Generator().manual_seed(seed).get_state()]
        if self._device is not None:
            self._inner.append(torch.Generator(self._device).manual_seed(seed).get_state())

    def __enter__(self):
        self._outer = self._read()
        self._write(self._inner)

    def __exit__(self, *failure):
        self._inner = self._read()
        self._write(self._outer)

    def state_dict(self):
        """Where the stream stands."""
        return dict(enumerate(self._inner))

    def load_state_dict(self, state):
        """Go on from there."""
        self._inner = [state[i] for i in range(len(self._inner))]

    def _read(self):
        own = [] if self._device is None else [torch.cuda.get_rng_state(self._device)]
        return [torch.get_rng_state(), *own]

    def _write(self, states):
        torch.set_rng_state(states[0])
        if self._device is not None:
            torch.cuda.set_rng_state(states[1], self._device)


@contextmanager
def one_thread(net):
    """Compute a small net with one thread, and give torch its threads back.

    Examples
    --------
    >>> import torch
    >>> before = torch.get_num_threads()
    >>> with one_thread(torch.nn.Linear(3, 2)):
    ...     torch.get_num_threads()
    1
    >>> torch.get_num_threads() == before
    True
    """
    before = torch.get_num_threads()
    if before > 1 and sum(p.numel() for p in net.parameters()) < SMALL:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        if torch.get_num_threads() != before:
            torch.set_num_threads(before)
