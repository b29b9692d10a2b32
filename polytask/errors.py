"""One tree of errors. Each message says what was expected, what was found, what to do."""

from importlib import import_module


class PolytaskError(Exception):
    """Root of every error that polytask raises on purpose."""


class DataError(PolytaskError, ValueError):
    """The table cannot be used as it is; the message names the task and the column."""


class TaskError(DataError):
    """A task is unknown, empty, named twice, or of the wrong kind."""


class ParameterError(PolytaskError, ValueError):
    """A hyperparameter is out of its range."""


class UnsupportedError(PolytaskError, ValueError):
    """A combination that makes no sense, or that a method cannot take, refused by name."""


class TooLargeError(PolytaskError, MemoryError):
    """A fit would need more memory than is left; the message says how much, before it is spent."""


class DownloadError(PolytaskError, OSError):
    """A data set could not be brought; nothing half-written was left."""


class ModelFileError(PolytaskError, ValueError):
    """A model file is damaged, foreign, or holds what may not be loaded."""


class MissingExtraError(PolytaskError, ImportError):
    """An optional dependency is not installed; the message has the pip line."""


def require(condition, message, error=ParameterError):
    """Raise ``error(message)`` unless ``condition`` holds."""
    if not condition:
        raise error(message)


def extra(module, name):
    """Import an optional module, or say which extra of polytask brings it.

    >>> extra("json", "io").__name__
    'json'
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtraError(
            f"This needs the package {module.split('.')[0]!r}, which is not installed. "
            f'Run: pip install "polytask[{name}]"'
        ) from error
