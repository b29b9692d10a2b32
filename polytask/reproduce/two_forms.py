"""Tables of long trainings: a small form that ends in seconds, and the full one."""

import numpy as np

from polytask.reproduce.simulation import Simulation


class TwoForms(Simulation):
    """Settings named ``small, ...`` are the quick form; the full form runs all settings.

    Every setting of one seed sees the same drawn data. Small settings run with the seeds of the
    quick form, also beside the full ones.
    """

    def pieces(self, quick):
        small = [one for one in super().pieces(True) if one.name.startswith("small")]
        full = [one for one in super().pieces(False) if not one.name.startswith("small")]
        return small if quick else [*small, *full]

    def _measured(self, setting, seed):
        return self.measure(setting, np.random.default_rng(seed))
