"""Arguments that several verbs share."""


def add_data(parser, *, targets=True):
    """A table or the name of a data set, and what its columns are."""
    parser.add_argument("data", help="a .csv, .tsv or .parquet file, or the name of a data set")
    table = parser.add_argument_group("table")
    add_file(table)
    if targets:
        table.add_argument(
            "--targets", nargs="+", metavar="COLUMN", help="label columns: one task each"
        )
    table.add_argument("--by", metavar="COLUMN", help="long form: the column that names the task")
    table.add_argument("--row", metavar="COLUMN", help="long form: lines with one key are one row")
    table.add_argument("--inputs", nargs="+", metavar="COLUMN", help="default: all other columns")
    table.add_argument("--drop", nargs="+", metavar="COLUMN", default=[], help="leave these out")
    table.add_argument("--group", metavar="COLUMN", help="rows of a group stay together in splits")
    table.add_argument("--time", metavar="COLUMN", help="orders rows: the latest are tested")
    table.add_argument("--weight", metavar="COLUMN", help="weight of a row")
    table.add_argument(
        "--kinds",
        nargs="+",
        metavar="TASK=KIND",
        default=[],
        help="a kind where the guess is wrong: binary, ordinal, counts, survival, ranking ...",
    )
    table.add_argument("--max-levels", type=int, default=50, help="of a text input (default 50)")
    add_real(table)


def add_file(group):
    """How a file is read."""
    group.add_argument(
        "--max-columns", type=int, default=20_000, help="of a header (default 20000)"
    )
    group.add_argument("--separator", metavar="SIGN", help="of a text file; default by its ending")


def add_real(group):
    """Gaps and categories."""
    group.add_argument(
        "--impute",
        choices=("refuse", "median", "constant"),
        default="refuse",
        help="gaps in inputs (default refuse)",
    )
    group.add_argument(
        "--categories",
        choices=("onehot", "refuse"),
        default="onehot",
        help="text inputs (default onehot)",
    )


def add_search(parser):
    """How strengths are chosen, and what may be random."""
    search = parser.add_argument_group("search")
    search.add_argument(
        "--inner", type=int, default=5, help="inner folds; 0 fits models as written (default 5)"
    )
    search.add_argument(
        "--select",
        choices=("min", "1se"),
        default="min",
        help="the best mean, or the simplest within a standard error (default min)",
    )
    search.add_argument("--metric", help="chooses and headlines; default: by kind")
    search.add_argument("--seed", type=int, default=0)
    search.add_argument(
        "--split-by", choices=("within", "row", "group", "time"), help="how rows are dealt"
    )
