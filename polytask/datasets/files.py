"""The files of a data set: our layout, the public original, and how one becomes the other."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Original:
    """A file of a public repository, pinned to a commit and to its bytes.

    Attributes
    ----------
    repository : str
        ``owner/name``.
    commit : str
        40 hexadecimal digits.
    path : str
        Inside the repository.
    sha256 : str
        Of the file as it stands there.
    """

    repository: str
    commit: str
    path: str
    sha256: str

    def url(self, base):
        """Where the file is, below a base address."""
        return f"{base.rstrip('/')}/{self.repository}/{self.commit}/{quote(self.path)}"


@dataclass(frozen=True)
class DataFile:
    """A file in our layout, and how to make it from public originals.

    Attributes
    ----------
    path : str
        Below the data folder: ``school/school.npz``.
    sha256 : str
        Of the file as polytask's own tests use it. A file made by ``convert`` holds the same
        numbers; its bytes may differ with the versions of numpy and zlib.
    originals : tuple of Original
        Empty where no public address is left.
    convert : callable
        ``convert(*originals: bytes) -> bytes``.
    rebuilt : bool
        Whether ``convert`` was seen to give the same numbers, or the same text, from originals with
        these sums.
    """

    path: str
    sha256: str
    originals: tuple[Original, ...] = ()
    convert: Callable[..., bytes] | None = None
    rebuilt: bool = False


@dataclass(frozen=True)
class Repository:
    """A public repository at one commit."""

    name: str
    commit: str

    def file(self, path, sha256):
        """One of its files."""
        return Original(self.name, self.commit, path, sha256)
