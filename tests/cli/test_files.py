"""Reading tables."""

import numpy as np
import pandas as pd
import pytest

from polytask.cli import files
from polytask.cli.files import read_table
from polytask.errors import DataError


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def write(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".parquet"])
def test_a_table_is_the_same_in_every_form(ending, exams, folder):
    path = folder / f"exams{ending}"
    if ending == ".parquet":
        exams.to_parquet(path)
        found = read_table(path).to_pandas()
    else:
        exams.to_csv(path, index=False, sep={".csv": ",", ".tsv": "\t"}[ending])
        found = read_table(path)
    assert list(found.columns) == list(exams.columns)
    assert np.allclose(found[["age", "maths"]], exams[["age", "maths"]], equal_nan=True, rtol=1e-14)
    assert found["eye"].tolist() == exams["eye"].tolist()


def test_a_byte_order_mark_quotes_and_windows_lines_are_no_obstacle(folder):
    path = write(folder / "a.csv", '\ufeff"a","b, c"\r\n1,"x, y"\r\n')
    found = read_table(path)
    assert list(found.columns) == ["a", "b, c"]
    assert found["b, c"].tolist() == ["x, y"]


def test_another_separator_can_be_given(folder):
    found = read_table(write(folder / "a.csv", "a;b\n1;2\n"), separator=";")
    assert list(found.columns) == ["a", "b"]


def test_a_column_that_looks_like_row_numbers_stays_a_column(folder):
    # pandas would take the first field of a longer line as an index
    found = read_table(write(folder / "a.csv", "a,b\n1,2\n3,4\n"))
    assert found["a"].tolist() == [1, 3]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", "", "a.csv is empty"),
        ("a.csv", "\n\n", "a.csv is empty"),
        ("a.parquet", "", "a.parquet is empty"),
        ("a.csv", "a,b,a\n1,2,3\n", "['a'] more than once"),
        ("a.csv", "a,,b\n1,2,3\n", "none over column [2]"),
        ("a.csv", ",a,b\n0,1,2\n", "without row numbers"),
        ("a.csv", "a;b;c\n1;2;3\n", "--separator ';'"),
        ("a.csv", "a,b\n1,2,3\n", "more fields than its header (2)"),
        ("a.csv", "a,b\n1,2\n3,4,5\n", "Expected 2 fields in line 3, saw 3"),
        ("a.csv", b"a,b\n\xff\xfe,2\n", "UTF-8"),
        ("a.csv", b"\xff\xfea,b\n1,2\n", "UTF-8"),
        ("a.csv", 'a,b\n"1,2\n', "cannot be read as a table"),
        ("a.xlsx", "PK", ".csv, .tsv, .parquet"),
        ("a.parquet", "PAR1 and nothing more", "no whole Parquet file"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(name, content, says, folder):
    with pytest.raises(DataError) as error:
        read_table(write(folder / name, content))
    assert says in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("keep", [4, 100, -1, -200])
def test_a_truncated_parquet_is_refused(keep, exams, folder):
    exams.to_parquet(folder / "a.parquet")
    whole = (folder / "a.parquet").read_bytes()
    with pytest.raises(DataError, match="Copy it again"):
        read_table(write(folder / "a.parquet", whole[:keep]))


def test_double_names_in_parquet_are_refused(folder):
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = arrow.table([[1], [2]], names=["a", "a"])
    parquet.write_table(table, folder / "a.parquet")
    with pytest.raises(DataError, match="more than once"):
        read_table(folder / "a.parquet")


def test_a_file_that_is_not_there_is_named(folder):
    with pytest.raises(DataError, match=r"none\.csv"):
        read_table(folder / "none.csv")


def test_a_header_of_a_million_columns_is_refused_before_rows_are_read(folder, monkeypatch):
    header = ",".join(f"c{j}" for j in range(1_000_000))
    path = write(folder / "wide.csv", header + "\n" + "1," * 999_999 + "1\n")

    def read(*args, **options):
        raise AssertionError("rows were read")

    monkeypatch.setattr(pd, "read_csv", read)
    with pytest.raises(DataError, match=r"1,000,000 columns, more than 20,000\. No row was read"):
        read_table(path)


def test_a_wide_parquet_is_refused_from_its_footer(folder, monkeypatch):
    pd.DataFrame(np.zeros((1, 50)), columns=[f"c{j}" for j in range(50)]).to_parquet(
        folder / "a.parquet"
    )
    with pytest.raises(DataError, match="50 columns, more than 49"):
        read_table(folder / "a.parquet", max_columns=49)
    assert read_table(folder / "a.parquet", max_columns=50).num_columns == 50


def test_a_line_without_end_is_refused(folder, monkeypatch):
    monkeypatch.setattr(files, "LONGEST_LINE", 1000)
    with pytest.raises(DataError, match="more than 1,000 characters"):
        read_table(write(folder / "a.csv", "a" * 2000))
