"""A file is brought whole and checked, or not at all, and the message says what to do."""

import errno
import hashlib
from pathlib import Path

import pytest

from polytask.errors import DownloadError, MissingExtraError

pytest.importorskip("pooch")
# pooch leaves the socket of a failed answer open until it is collected
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def test_the_right_file_is_converted_and_kept(store, server, file_called, content, left):
    file = file_called("good.csv")
    path = store.path(file, "Made")
    assert path == store.cache / "made/made.csv"
    assert path.read_bytes() == content.upper()
    assert left(store.cache) == ["made.csv"]
    commit = "0123456789abcdef0123456789abcdef01234567"
    assert server.asked == [f"/someone/data/{commit}/some%20folder/good.csv"]


def test_a_kept_file_is_not_asked_for_again(store, server, file_called):
    file = file_called("good.csv")
    assert store.path(file, "Made") == store.path(file, "Made")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("other.csv", "Expected the pinned bytes"),
        ("cut.csv", "to answer in full"),
        ("absent.csv", "404"),
    ],
)
def test_what_goes_wrong_is_named_and_nothing_is_left(store, file_called, left, name, words):
    with pytest.raises(DownloadError) as caught:
        store.path(file_called(name), "Made")
    message = str(caught.value)
    assert words in message
    assert "made/made.csv was not brought" in message
    assert f"{store.address}/someone/data/" in message
    assert "Set $POLYTASK_DATA to a folder that holds made/made.csv" in message
    assert left(store.cache) == []


def test_no_server_is_named_and_nothing_is_left(store, server, file_called, left):
    server.server_close()  # the port is free now, and nobody answers
    with pytest.raises(DownloadError, match="Check the connection"):
        store.path(file_called("good.csv"), "Made")
    assert left(store.cache) == []


def test_a_disk_that_is_full_while_keeping_leaves_nothing(store, file_called, left, monkeypatch):
    write = Path.write_bytes

    def half(path, content):
        write(path, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(DownloadError) as caught:
        store.path(file_called("good.csv"), "Made")
    assert f"Expected room for it in {store.cache}" in str(caught.value)
    assert "set $POLYTASK_CACHE to another folder" in str(caught.value)
    assert left(store.cache) == []


def test_a_disk_that_is_full_while_fetching_leaves_nothing(store, file_called, left, monkeypatch):
    import pooch

    def full(url, known_hash, fname, path):
        Path(path, fname).write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pooch, "retrieve", full)
    with pytest.raises(DownloadError, match="disk full"):
        store.path(file_called("good.csv"), "Made")
    assert left(store.cache) == []


def test_a_cache_that_cannot_be_written_is_named(store, file_called):
    store.cache.write_text("a file stands where the folder should be")
    with pytest.raises(DownloadError, match="POLYTASK_CACHE"):
        store.path(file_called("good.csv"), "Made")
    assert store.cache.read_text() == "a file stands where the folder should be"


def test_a_conversion_that_fails_leaves_nothing(store, file_called, left):
    def convert(content):
        raise MissingExtraError("needs a package")

    with pytest.raises(MissingExtraError, match="needs a package"):
        store.path(file_called("good.csv", convert), "Made")
    assert left(store.cache) == []


def test_a_second_try_after_a_failure_works(store, file_called, content):
    with pytest.raises(DownloadError):
        store.path(file_called("cut.csv"), "Made")
    made = store.path(file_called("good.csv"), "Made").read_bytes()
    assert hashlib.sha256(made).digest() == hashlib.sha256(content.upper()).digest()
