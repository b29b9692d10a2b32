"""Tables from files: the header is judged before a single row is read."""

import csv
import warnings
from pathlib import Path

from polytask.errors import DataError, extra, require

SEPARATORS = {".csv": ",", ".tsv": "\t"}
PARQUET = (".parquet", ".pq")
ENDINGS = (*SEPARATORS, *PARQUET)
LONGEST_LINE = 2**26  # characters of a header; what is longer is no table


def read_table(path, *, max_columns=20_000, separator=None):
    """A data frame from a CSV, TSV or Parquet file.

    Parameters
    ----------
    path : str or Path
    max_columns : int
        A header with more columns is refused before rows are read.
    separator : str, optional
        Of a text file; default: by its ending.

    Returns
    -------
    pandas or Arrow table

    Raises
    ------
    DataError
        If the file is not there, empty, damaged, or its header has too many, double or empty names.
    """
    path = Path(path)
    require(
        path.suffix.lower() in ENDINGS,
        f"A table is a file that ends in {', '.join(ENDINGS)}. Found {path.name!r}. Convert it.",
        DataError,
    )
    require(
        path.is_file(), f"Expected a file. Found none at {str(path)!r}. Check the name.", DataError
    )
    require(
        path.stat().st_size > 0, f"{path.name} is empty. Expected a header and rows.", DataError
    )
    if path.suffix.lower() in PARQUET:
        return _parquet(path, max_columns)
    return _text(path, separator or SEPARATORS[path.suffix.lower()], max_columns)


def _parquet(path, max_columns):
    parquet = extra("pyarrow.parquet", "data")
    arrow = extra("pyarrow", "data")
    try:
        with parquet.ParquetFile(path) as file:
            _few_columns(path, file.metadata.num_columns, max_columns)
            _good_names(path, file.schema_arrow.names)
            return file.read()
    except (arrow.ArrowException, OSError) as error:
        raise DataError(
            f"{path.name} is no whole Parquet file ({_line(error)}). Copy it again from its source."
        ) from error


def _text(path, separator, max_columns):
    pandas = extra("pandas", "data")
    header = _header(path, separator)
    _few_columns(path, len(header), max_columns)
    _one_column(path, header)
    _good_names(path, header)
    try:
        with warnings.catch_warnings():
            # pandas warns where it would cut a line that is too long
            warnings.simplefilter("error", pandas.errors.ParserWarning)
            return pandas.read_csv(
                path,
                sep=separator,
                header=0,
                names=header,
                index_col=False,
                encoding="utf-8-sig",
                low_memory=False,
            )
    except pandas.errors.ParserWarning as error:
        raise DataError(
            f"{path.name} has lines with more fields than its header ({len(header)}). Put text "
            "that holds the separator in quotes."
        ) from error
    except (pandas.errors.ParserError, UnicodeDecodeError) as error:
        raise DataError(
            f"{path.name} cannot be read as a table ({_line(error)}). Save it as UTF-8 text with "
            "one line per row."
        ) from error


def _header(path, separator):
    def lines(file):
        while line := file.readline(LONGEST_LINE):
            require(
                len(line) < LONGEST_LINE,
                f"{path.name} has a line of more than {LONGEST_LINE:,} characters. Expected a "
                "table with a header.",
                DataError,
            )
            yield line

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(lines(file), delimiter=separator), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(
            f"{path.name} has no readable header ({_line(error)}). Save it as UTF-8 text."
        ) from error
    require(
        any(name.strip() for name in header),
        f"{path.name} is empty: it needs a header in its first line. Found an empty line.",
        DataError,
    )
    return header


def _few_columns(path, found, most):
    require(
        found <= most,
        f"{path.name} has {found:,} columns, more than {most:,}. No row was read. Is it "
        f"transposed? If not, allow it: --max-columns {found}.",
        DataError,
    )


def _one_column(path, header):
    if len(header) > 1:
        return
    near = next((mark for mark in ";\t|," if mark in header[0]), None)
    require(
        near is None,
        f"{path.name} has one column, {header[0][:40]!r}. Its fields are apart by {near!r}: "
        f"--separator {near!r}.",
        DataError,
    )


def _good_names(path, names):
    seen, twice = set(), []
    for name in names:
        twice += [name] if name in seen else []
        seen.add(name)
    require(
        not twice,
        f"{path.name} needs column names that differ. Found {sorted(set(twice))[:5]} more than "
        "once. Rename them in the header.",
        DataError,
    )
    nameless = [place for place, name in enumerate(names, 1) if not name.strip()]
    require(
        not nameless,
        f"{path.name} needs a name over every column. Found none over column {nameless[:1]}. Name "
        "it in the header, or save the table without row numbers.",
        DataError,
    )


def _line(error):
    return " ".join(str(error).split())[:160]
