"""One side on one problem in a process of its own: its peak of memory, or its first fit.

python -m linear_wing.alone memory CASE PEER TOL
python -m linear_wing.alone cold GROUP PEER
"""

import sys
import time


def status(field):
    """A field of this process's memory, in MB."""
    with open("/proc/self/status") as lines:
        (line,) = (one for one in lines if one.startswith(field))
    return int(line.split()[1]) / 1024


def peers():
    """Everybody by name and group."""
    from linear_wing.peers import OURS, PEERS

    return {(one.name, one.group): one for one in [*OURS.values(), *PEERS]}


def memory(case, name, tol):
    """MB above the data at the peak, once everything is compiled."""
    from linear_wing.peers import group_of
    from linear_wing.problems import MAKERS, WARM_UP

    problem = MAKERS[case](case)
    peer = peers()[name, group_of(problem)]
    small = WARM_UP[group_of(problem)]("warm-up")
    peer.run(small, peer.prepare(small), tol)
    data = peer.prepare(problem)
    with open("/proc/self/clear_refs", "w") as peak:
        peak.write("5")
    before = status("VmRSS")
    peer.run(problem, data, tol)
    return status("VmHWM") - before


def cold(group, name):
    """CPU seconds from the start of Python to the end of a first fit, imports and all."""
    from linear_wing.problems import WARM_UP

    small = WARM_UP[group]("small")
    peer = peers()[name, group]
    peer.run(small, peer.prepare(small), 1e-4)
    return time.process_time()


def main():
    what, *words = sys.argv[1:]
    if what == "memory":
        case, name, tol = words
        print(memory(case, name, float(tol)))
    else:
        print(cold(*words))


if __name__ == "__main__":
    main()
