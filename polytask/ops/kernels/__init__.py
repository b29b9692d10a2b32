"""Compiled loops over rows of coefficients; numba is loaded with the first of them, not here."""

__all__ = []
