"""Pure functions on arrays: steps of penalties, spectra, scaling, linear systems."""

from polytask.ops.scale import Scale

__all__ = ["Scale"]
