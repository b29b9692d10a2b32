"""The parts of the linear benchmark: problems, peers, the race, and what else is measured."""
