"""Where data files are looked for, and where a brought file is kept."""

import os
from dataclasses import dataclass
from pathlib import Path

import polytask
from polytask.datasets.download import bring
from polytask.errors import DownloadError, MissingExtraError, extra

# Where the pinned commits of public repositories can be read file by file.
ADDRESS = "https://raw.githubusercontent.com"
FOLDER, CACHE, BASE = "POLYTASK_DATA", "POLYTASK_CACHE", "POLYTASK_DATA_URL"


@dataclass(frozen=True)
class Store:
    """Folders that are read, a cache that is written, and the address behind them.

    Parameters
    ----------
    folders : tuple of Path
        Looked at in this order; nothing is ever written there.
    cache : Path, optional
        Default: the user's cache folder for polytask, which needs pooch to be known.
    address : str
        Base of the download address.

    Examples
    --------
    >>> from polytask.datasets.files import DataFile
    >>> Store(folders=()).find(DataFile("none/none.npz", "")) is None
    True
    """

    folders: tuple[Path, ...] = ()
    cache: Path | None = None
    address: str = ADDRESS

    @classmethod
    def here(cls):
        """The store of this computer, as the environment says at this moment.

        ``$POLYTASK_DATA`` is a data folder, then ``../shared/data`` beside a checkout;
        ``$POLYTASK_CACHE`` replaces the user's cache, ``$POLYTASK_DATA_URL`` the address.
        """
        named = os.environ.get(FOLDER)
        folders = [Path(named).expanduser()] if named else []
        cache = os.environ.get(CACHE)
        return cls(
            folders=(*folders, *_beside_a_checkout()),
            cache=Path(cache).expanduser() if cache else None,
            address=os.environ.get(BASE) or ADDRESS,
        )

    def find(self, file):
        """The path of this `DataFile` on this computer, or None."""
        cache = self.cache or _cache_of_the_user()
        for folder in (*self.folders, *([cache] if cache else [])):
            path = folder / file.path
            if path.is_file():
                return path
        return None

    def path(self, file, title):
        """The path of this `DataFile`, brought from its public original if need be.

        Raises
        ------
        MissingExtraError
            If it has to be brought and pooch is not installed.
        DownloadError
            If it cannot be brought; then nothing was left behind.
        """
        found = self.find(file)
        return found if found is not None else self._bring(file, title)

    def _bring(self, file, title):
        looked = ", ".join(str(folder) for folder in self.folders) or "no folder"
        absent = (
            f"{title} needs the file {file.path}, which is not on this computer "
            f"(looked in: {looked}, and the cache). "
        )
        own = f"Set ${FOLDER} to a folder that holds {file.path}"
        if not file.originals:
            raise DownloadError(f"{absent}No public address is left for it. {own}.")
        try:
            pooch = extra("pooch", "data")
        except MissingExtraError as error:
            raise MissingExtraError(
                f"{absent}To bring it from {file.originals[0].repository}, run: "
                f'pip install "polytask[data]". Or: {own}.'
            ) from error
        return bring(file, self.cache or Path(pooch.os_cache("polytask")), self.address, advice=own)


def _beside_a_checkout():
    root = Path(polytask.__file__).resolve().parent.parent
    return [root.parent / "shared" / "data"] if (root / "pyproject.toml").is_file() else []


def _cache_of_the_user():
    try:
        return Path(extra("pooch", "data").os_cache("polytask"))
    except MissingExtraError:
        return None
