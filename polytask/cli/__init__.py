"""The command line: ``polytask compare``, ``fit``, ``predict``, ``describe``, ``list`` and more."""

__all__ = []
