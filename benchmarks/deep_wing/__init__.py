"""The parts of the deep benchmark: sides that step, loops written by hand, a peer, the race."""
