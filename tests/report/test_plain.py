"""Files are written whole or not at all, with the rights that any new file gets."""

import os
import stat

import pytest

from polytask.report.plain import write_whole


def test_a_cut_write_leaves_the_old_file_and_no_draft(tmp_path, monkeypatch):
    path = tmp_path / "report.json"
    path.write_text("old")

    def cut(source, target):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", cut)
    with pytest.raises(OSError, match="no space"):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]


def test_a_written_file_has_the_rights_of_any_new_file(tmp_path):
    (tmp_path / "plain").write_text("")
    write_whole(tmp_path / "ours", "x")
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "ours")}
    assert len(modes) == 1


def test_text_that_utf8_cannot_hold_is_replaced_not_refused(tmp_path):
    write_whole(tmp_path / "odd", "a\ud800b")
    assert (tmp_path / "odd").read_bytes() == b"a?b"
