"""Model files: one file per fitted model, and loading one executes nothing."""

from polytask.persist.file import load, save

__all__ = ["load", "save"]
