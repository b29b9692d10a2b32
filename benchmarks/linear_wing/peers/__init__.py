"""Ourselves and the peers: each solves a `Case` at a tolerance."""

from linear_wing.peers.base import ALONE, Peer, group_of
from linear_wing.peers.more import MORE
from linear_wing.peers.ours import OURS
from linear_wing.peers.programs import PROGRAMS
from linear_wing.peers.python import PYTHON

# programs count CPU seconds only
PEERS = PYTHON + MORE + PROGRAMS if ALONE else PYTHON + MORE

__all__ = ["OURS", "PEERS", "Peer", "absent", "group_of", "rivals"]


def rivals(case):
    """Peers that are here and take this case."""
    group = group_of(case)
    return [p for p in PEERS if p.group == group and p.missing() is None and p.fits(case)]


def absent():
    """Lines that name the packages which are not run, and why."""
    missing = {p.name.split(",")[0]: p.missing() for p in PEERS}
    return [f"{name}: {why}" for name, why in missing.items() if why is not None]
