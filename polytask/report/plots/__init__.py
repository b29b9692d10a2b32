"""Figures of a report, one file each; every function returns a plotly Figure."""
