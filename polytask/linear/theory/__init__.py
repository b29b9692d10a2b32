"""What theory says of sharing features: strengths, bounds, and when sharing them hurts."""

from polytask.linear.theory.lounici import LouniciBounds, lounici_alpha, lounici_bounds
from polytask.linear.theory.noise import noise_level
from polytask.linear.theory.overlap import Overlap, overlap_of, support_overlap
from polytask.linear.theory.support_recovery import (
    Recovery,
    rows_needed_alone,
    rows_needed_together,
    support_recovery_experiment,
)

__all__ = [
    "LouniciBounds",
    "Overlap",
    "Recovery",
    "lounici_alpha",
    "lounici_bounds",
    "noise_level",
    "overlap_of",
    "rows_needed_alone",
    "rows_needed_together",
    "support_overlap",
    "support_recovery_experiment",
]
