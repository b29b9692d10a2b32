"""Files are looked for in order: the named folder, beside a checkout, the cache, the public."""

import pytest

from polytask import datasets
from polytask.datasets import store as module
from polytask.datasets.files import DataFile
from polytask.datasets.store import ADDRESS, Store
from polytask.errors import DownloadError, MissingExtraError

# pooch leaves the socket of a failed answer open until it is collected
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

FILE = DataFile("made/made.csv", "")


def put(folder, text):
    path = folder / FILE.path
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


def test_the_first_folder_that_has_the_file_wins(tmp_path):
    store = Store(folders=(tmp_path / "a", tmp_path / "b"), cache=tmp_path / "cache")
    assert store.find(FILE) is None
    cached = put(tmp_path / "cache", "cached")
    assert store.find(FILE) == cached
    second = put(tmp_path / "b", "second")
    assert store.find(FILE) == second
    first = put(tmp_path / "a", "first")
    assert store.path(FILE, "Made") == first


def test_the_environment_names_folder_cache_and_address(monkeypatch, tmp_path):
    monkeypatch.setenv("POLYTASK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POLYTASK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("POLYTASK_DATA_URL", "http://127.0.0.1:1")
    store = Store.here()
    assert store.folders[0] == tmp_path / "data"
    assert store.cache == tmp_path / "cache"
    assert store.address == "http://127.0.0.1:1"


def test_an_empty_environment_leaves_the_defaults(monkeypatch):
    for name in ("POLYTASK_DATA", "POLYTASK_CACHE", "POLYTASK_DATA_URL"):
        monkeypatch.setenv(name, "")
    assert Store.here().cache is None
    assert Store.here().address == ADDRESS


def test_the_folder_beside_a_checkout_is_looked_at_only_in_a_checkout(monkeypatch, tmp_path):
    house = tmp_path / "work" / "main" / "polytask"
    monkeypatch.setattr(module.polytask, "__file__", str(house / "__init__.py"))
    monkeypatch.delenv("POLYTASK_DATA", raising=False)
    house.mkdir(parents=True)
    assert Store.here().folders == ()
    (house.parent / "pyproject.toml").touch()
    assert Store.here().folders == (tmp_path / "work" / "shared" / "data",)


def test_the_cache_of_the_user_is_the_one_of_the_platform(monkeypatch, tmp_path):
    pooch = pytest.importorskip("pooch")
    monkeypatch.setattr(pooch, "os_cache", lambda name: tmp_path / name)
    path = put(tmp_path / "polytask", "cached")
    assert Store().find(FILE) == path


def test_a_set_without_an_address_says_so(tmp_path):
    store = Store(folders=(tmp_path,), cache=tmp_path / "cache")
    with pytest.raises(DownloadError) as caught:
        store.path(FILE, "The old set")
    assert "The old set needs the file made/made.csv" in str(caught.value)
    assert "No public address is left" in str(caught.value)
    assert f"looked in: {tmp_path}" in str(caught.value)
    assert "Set $POLYTASK_DATA" in str(caught.value)


def test_without_pooch_the_message_has_the_extra_and_the_variable(monkeypatch, store, file_called):
    def absent(name, group):
        raise MissingExtraError(name)

    monkeypatch.setattr(module, "extra", absent)
    with pytest.raises(MissingExtraError) as caught:
        store.path(file_called("good.csv"), "Made")
    assert 'pip install "polytask[data]"' in str(caught.value)
    assert "Set $POLYTASK_DATA" in str(caught.value)
    assert "someone/data" in str(caught.value)


def test_a_loader_brings_its_file_through_the_environment(monkeypatch, server, tmp_path):
    # the server answers 404 to what it does not know by name: that is how far the wire is tested
    pytest.importorskip("pooch")
    monkeypatch.setattr(module, "_beside_a_checkout", list)
    monkeypatch.delenv("POLYTASK_DATA", raising=False)
    monkeypatch.setenv("POLYTASK_CACHE", str(tmp_path))
    monkeypatch.setenv("POLYTASK_DATA_URL", server.address)
    school = datasets.get("school")
    assert not school.here()
    with pytest.raises(DownloadError, match=r"school/school\.npz was not brought"):
        school.load()
    assert server.asked[0].endswith("fb9751594983df020ddc4f7e4a40520ee7c37989/data/school.mat")
