"""Pieces of work are done once, kept, and read back."""

import pytest
from reproduce.toy import Throws

from polytask.reproduce import base


def values(done):
    return {one.name: one.record["value"] for one in done}


def test_without_a_folder_every_piece_is_done():
    one = Throws()
    assert [d.done for d in one.run()] == [1, 2, 3, 4, 5]
    list(one.run())
    assert one.count == dict.fromkeys(range(5), 2)


def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path):
    undisturbed = values(Throws().run())
    one = Throws()
    for done in one.run(out=tmp_path):
        if done.done == 2:
            break
    again = list(one.run(out=tmp_path))
    assert [done.resumed for done in again] == [True, True, False, False, False]
    assert values(again) == undisturbed
    assert one.count == dict.fromkeys(range(5), 1)


def test_the_full_form_takes_what_the_quick_one_did(tmp_path):
    one = Throws()
    list(one.run(quick=True, out=tmp_path))
    assert [done.resumed for done in one.run(out=tmp_path)] == [True] * 3 + [False] * 2


def test_other_code_does_the_work_again(tmp_path, monkeypatch):
    one = Throws()
    list(one.run(out=tmp_path))
    monkeypatch.setattr(base, "code", lambda: "other")
    assert not any(done.resumed for done in one.run(out=tmp_path))


def test_a_file_cut_in_the_middle_counts_as_not_done(tmp_path):
    one = Throws()
    list(one.run(out=tmp_path))
    for path in list(tmp_path.iterdir())[:2]:
        path.write_text(path.read_text()[:20])
    assert sum(done.resumed for done in one.run(out=tmp_path)) == 3


def test_a_piece_that_fails_stops_nothing_and_is_tried_again(tmp_path):
    one = Throws(broken={1})
    done = list(one.run(out=tmp_path))
    assert done[1].record["status"] == "failed"
    assert str(done[1]) == "2/5 throw 1: ValueError: the coin is gone"
    one.broken = ()
    again = list(one.run(out=tmp_path))
    assert [d.resumed for d in again] == [True, False, True, True, True]
    assert again[1].record["status"] == "ok"


def test_a_user_who_stops_it_stops_it():
    class Stopped(Throws):
        def _throw(self, i):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(Stopped().run())


def test_the_digest_of_the_code_is_that_of_these_files():
    assert len(base.code()) == 64
    assert base.code() == base.code()
