"""A small server on this computer that answers well or badly, and a store in front of it."""

import gc
import hashlib
import os
import threading
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from polytask.datasets.files import DataFile, Repository
from polytask.datasets.store import Store

CONTENT = b"x,y\n1,2\n" * 500
REPOSITORY = Repository("someone/data", "0123456789abcdef0123456789abcdef01234567")


class Handler(BaseHTTPRequestHandler):
    """Answers by the last part of the address."""

    def do_GET(self):
        self.server.asked.append(self.path)
        name = self.path.rsplit("/", 1)[-1]
        if name == "absent.csv":
            self.send_error(404)
            return
        whole = self.server.files.get(name, CONTENT)
        self.send_response(200)
        self.send_header("Content-Length", str(len(whole)))
        self.end_headers()
        self.wfile.write({"cut.csv": CONTENT[:1000], "other.csv": CONTENT[::-1]}.get(name, whole))

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def server(monkeypatch):
    """A running server: its address, the paths it was asked for, and files it has by name."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.files = [], {}
    server.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()
    with warnings.catch_warnings():
        # pooch leaves the socket of a failed answer to the collector: end it here, not in some
        # later test
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def store(server, tmp_path):
    """A store with one empty folder, an empty cache, and the server behind it."""
    (tmp_path / "data").mkdir()
    return Store(folders=(tmp_path / "data",), cache=tmp_path / "cache", address=server.address)


@pytest.fixture
def file_called():
    """Makes a file in our layout out of one file of the server; converting writes it large."""

    def make(name, convert=bytes.upper):
        sha256 = hashlib.sha256(CONTENT).hexdigest()
        return DataFile(
            "made/made.csv", "", (REPOSITORY.file(f"some folder/{name}", sha256),), convert
        )

    return make


@pytest.fixture
def beside():
    """The bytes of a file that lies in a data folder of this computer, or a skip."""

    def read(path):
        for folder in Store.here().folders:
            if (folder / path).is_file():
                return (folder / path).read_bytes()
        end = pytest.fail if os.environ.get("POLYTASK_DATA") else pytest.skip
        return end(f"needs the file {path}; set $POLYTASK_DATA to a folder that has it")

    return read


@pytest.fixture
def content():
    """What the server sends when nothing goes wrong."""
    return CONTENT


@pytest.fixture
def left():
    """Names of the files below a folder."""

    def names(folder):
        return sorted(path.name for path in folder.rglob("*") if path.is_file())

    return names
