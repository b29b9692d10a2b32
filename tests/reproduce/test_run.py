"""From a name to a table, a file and an exit status."""

import json

import pytest
from reproduce.toy import Throws

from polytask.errors import ParameterError
from polytask.reproduce import CHAPTERS, get, names, reproduce, reproduce_all
from polytask.reproduce import run as running


def test_a_result_has_a_table_a_file_and_a_status(tmp_path):
    seen = []
    found = reproduce(Throws(), json=tmp_path / "throws.json", progress=seen.append)
    said = json.loads((tmp_path / "throws.json").read_text())
    assert list(said) == ["name", "paper", "protocol", "rows", "seconds"]
    assert said == json.loads(json.dumps(found.to_dict()))
    assert len(seen) == 5
    assert said["rows"][0]["n"] == 5
    text = str(found)
    assert "0.10" in text
    assert "0 to 9" in text


def test_the_status_is_one_where_a_gate_does_not_hold():
    assert reproduce(Throws(low=-9.0)).status == 0
    bad = reproduce(Throws(low=8.0))
    assert bad.status == 1
    assert "NO" in str(bad)
    assert "0 gates hold, 1 do not, 0 not judged" in str(bad)


def test_the_quick_form_does_not_judge_gates_that_ask_for_more_seeds():
    found = reproduce(Throws(low=8.0), quick=True)
    assert found.rows[0].holds is None
    assert found.status == 0
    assert "not judged" in str(found)


def test_a_failed_piece_is_named_and_fails_its_gate():
    found = reproduce(Throws(broken={2}, low=-9.0))
    assert found.status == 1
    assert found.failures == ("throw 2: ValueError: the coin is gone",)
    assert "failed: throw 2" in str(found)


def test_a_resumed_result_is_the_undisturbed_one(tmp_path):
    first = reproduce(Throws(), out=tmp_path).to_dict()
    assert reproduce(Throws(), out=tmp_path).to_dict() == first


def test_many_go_into_one_file_that_is_written_as_they_end(tmp_path, monkeypatch):
    toys = {"a": Throws(low=-9.0), "b": Throws(low=8.0)}
    monkeypatch.setattr(running, "names", lambda chapter: tuple(toys))
    monkeypatch.setattr(running, "get", toys.get)
    found = reproduce_all("linear", json=tmp_path / "all.json")
    assert [one.status for one in found] == [0, 1]
    said = json.loads((tmp_path / "all.json").read_text())
    assert said == json.loads(json.dumps([one.to_dict() for one in found]))


def test_names_are_found_with_either_dash_and_misspelled_ones_are_helped():
    assert type(get("computer_survey")) is type(get("computer-survey"))
    with pytest.raises(ParameterError, match="Near: school"):
        get("scool")
    with pytest.raises(ParameterError, match="A chapter is one of linear, relations"):
        names("pictures")


def test_every_reproduction_has_its_facts():
    assert {"school", "computer-survey"} <= set(names("linear"))
    for name in names():
        one = get(name)
        assert one.name == name
        assert one.chapter in CHAPTERS
        assert len(one.paper) > 20
        assert len(one.protocol) > 20
