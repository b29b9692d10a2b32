"""Readers give what stands in a file, and name a file that is damaged."""

import gzip

import numpy as np
import pytest

from polytask.datasets.readers import arrays, category, csr, idx, numbers, table, text
from polytask.errors import DataError


def put(path, content):
    path.write_bytes(content)
    return path


def test_a_table_has_a_header_and_cells_without_blanks(tmp_path):
    names, rows = table(put(tmp_path / "a.csv", b'"a","b"\n1, two words\n\n3,\n'))
    assert names == ["a", "b"]
    assert rows == [["1", "two words"], ["3", ""]]


def test_a_table_may_have_a_remark_and_no_header(tmp_path):
    path = put(tmp_path / "a.csv.gz", gzip.compress(b"|remark\n1,2\n"))
    assert table(path, header=False, skip=1) == (None, [["1", "2"]])


def test_an_empty_cell_is_a_gap():
    assert np.array_equal(
        numbers([["1", "", "x"], ["2.5", "-3e-1", "y"]], [0, 1]),
        [[1, np.nan], [2.5, -0.3]],
        equal_nan=True,
    )


def test_categories_are_codes_of_sorted_levels():
    codes, levels = category([["b"], ["?"], ["b"]], 0)
    assert levels == ("?", "b")
    assert codes.tolist() == [1, 0, 1]


def test_sparse_parts_without_values_are_ones():
    parts = {"indices": np.array([2, 0], np.uint16), "indptr": np.array([0, 1, 2])}
    matrix = csr(parts | {"shape": np.array([2, 3])})
    assert matrix.toarray().tolist() == [[0, 0, 1], [1, 0, 0]]


def test_pictures_are_rows(tmp_path):
    head = bytes([0, 0, 8, 3]) + b"".join(n.to_bytes(4) for n in (2, 1, 3))
    path = put(tmp_path / "pictures.gz", gzip.compress(head + bytes(range(6))))
    assert idx(path).tolist() == [[0, 1, 2], [3, 4, 5]]
    path = put(tmp_path / "labels.gz", gzip.compress(bytes([0, 0, 8, 1, 0, 0, 0, 2, 7, 9])))
    assert idx(path).tolist() == [7, 9]


@pytest.mark.parametrize(
    ("reader", "name", "content"),
    [
        (text, "cut.csv.gz", gzip.compress(b"a,b\n" * 1000)[:-20]),
        (text, "no.csv.gz", b"not compressed"),
        (text, "latin.csv", b"\xff\xfe\xfa"),
        (table, "uneven.csv", b"a,b\n1,2\n3\n"),
        (table, "empty.csv", b""),
        (arrays, "cut.npz", b"PK\x03\x04 and then nothing"),
        (arrays, "no.npz", b"not an archive"),
        (idx, "cut.gz", gzip.compress(bytes([0, 0, 8, 3, 0, 0]))),
    ],
)
def test_a_damaged_file_is_named(reader, name, content, tmp_path):
    with pytest.raises(DataError, match=f"Found .*{name} damaged or of another layout"):
        reader(put(tmp_path / name, content))


def test_pickled_arrays_are_refused(tmp_path):
    path = tmp_path / "objects.npz"
    np.savez(path, a=np.array([{"code": "could run"}], dtype=object))
    with pytest.raises(DataError, match="damaged or of another layout"):
        arrays(path)
