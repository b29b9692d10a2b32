"""How much memory is left, and how a size reads."""

import os
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
ASKED = b"MemAvailable"


def available():
    """Bytes that this process can still get, as the system says; None where it says nothing.

    On Linux the smaller of what the machine and the control group have left; on other systems all
    that is built in.
    """
    free = _linux()
    return free if free is not None else _installed()


def _linux():
    try:
        with open("/proc/meminfo", "rb") as lines:
            free = next(int(one.split()[1]) * 1024 for one in lines if one.startswith(ASKED))
    except (OSError, StopIteration):
        return None
    return min(free, *_groups(free))


def _groups(free):
    try:
        limit, used = (
            (GROUPS / name).read_text(encoding="ascii").strip()
            for name in ("memory.max", "memory.current")
        )
        return [free if limit == "max" else max(int(limit) - int(used), 0)]
    except (OSError, ValueError):
        return [free]


def _installed():
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def readable(size):
    """A number of bytes for people.

    >>> readable(61_300_000_000), readable(2_000_000), readable(12)
    ('61 GB', '2.0 MB', '12 bytes')
    """
    for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size >= unit:
            return f"{size / unit:.{0 if size >= 10 * unit else 1}f} {name}"
    return f"{size:.0f} bytes"
