"""Bad input: one line that names what was found and what to do, status 2, nothing written."""

import numpy as np
import pandas as pd
import pytest

TARGETS = ("--targets", "maths", "physics")
MODEL = ("--model", "Independent()", "--out", "out.model")
MODELS = ("--models", "Independent()", "--report", "out.json", "--out", "kept", "--folds", "2")


def broken(frame, case):
    """The table of a case."""
    if case == "gaps":
        frame.loc[1, "age"] = None
    elif case == "no label":
        frame["physics"] = np.nan
    elif case == "one class":
        frame["physics"] = "yes"
    elif case == "many levels":
        frame["eye"] = [f"eye {i}" for i in range(len(frame))]
    elif case == "infinite":
        frame.loc[1, "age"] = np.inf
    elif case == "dates":
        frame["age"] = pd.date_range("2020-01-01", periods=len(frame)).astype(str)
    return frame


CASES = [
    ("label among the inputs", ("--targets", "physics"), ("'maths' has 7 gaps", "`targets`")),
    ("gaps", TARGETS, ("'age' has 1 gaps in 60 rows", "--impute median")),
    ("no label", TARGETS, ("physics", "Drop")),
    ("one class", TARGETS, ("'physics'", "['yes']", "Drop the task")),
    ("many levels", TARGETS, ("'eye' has 60 levels", "--max-levels")),
    ("dates", TARGETS, ("'age' has 60 levels", "--max-levels")),
    ("infinite", TARGETS, ("age", "infinity")),
    ("unknown target", ("--targets", "maths", "latin"), ("latin", "physics")),
    ("no targets", (), ("--targets", "maths, physics")),
    ("target twice", ("--targets", "maths", "maths"), ("maths",)),
    ("text refused", (*TARGETS, "--categories", "refuse"), ("eye", "--categories onehot")),
    ("wrong kind", (*TARGETS, "--kinds", "maths=poetry"), ("poetry", "regression")),
    ("half a kind", (*TARGETS, "--kinds", "maths"), ("'maths'", "passed=binary")),
    ("few columns", (*TARGETS, "--max-columns", "3"), ("7 columns", "--max-columns 7")),
]


@pytest.mark.parametrize(("case", "words", "parts"), CASES, ids=[case for case, *_ in CASES])
@pytest.mark.parametrize("verb", ["compare", "fit"])
def test_a_table_that_cannot_be_used(verb, case, words, parts, exams, polytask, tmp_path):
    broken(exams, case).to_csv(tmp_path / "exams.csv", index=False)
    rest = MODELS if verb == "compare" else MODEL
    refused(polytask(verb, "exams.csv", *words, *rest, "--quiet"), parts, tmp_path)


def refused(said, parts, folder, kept=("exams.csv",)):
    """Status 2, one line with these parts, nothing written."""
    assert said.status == 2, said.out
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    for part in parts:
        assert part in said.err, said.err
    assert "Traceback" not in said.err
    assert sorted(path.name for path in folder.iterdir()) == sorted(kept)


@pytest.mark.parametrize(
    ("name", "content", "parts"),
    [
        ("a.csv", b"", ("a.csv is empty",)),
        ("a.csv", b"a,maths,physics\n", ("0 rows",)),
        ("a.csv", b"a,maths,a\n1,2,3\n", ("'a'", "Rename")),
        ("a.parquet", b"PAR1\x00\x00", ("a.parquet", "Copy it again")),
        ("a.csv", b",".join(b"c%d" % j for j in range(1_000_000)), ("1,000,000", "--max-columns")),
        ("a.txt", b"a\n1\n", (".csv, .tsv, .parquet",)),
    ],
    ids=["empty", "header only", "double names", "truncated Parquet", "million columns", "ending"],
)
def test_a_file_that_is_no_table(name, content, parts, polytask, tmp_path):
    (tmp_path / name).write_bytes(content)
    said = polytask("compare", name, *TARGETS, *MODELS, "--quiet")
    refused(said, parts, tmp_path, kept=(name,))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("__import__('os').system('touch evil')", ("__import__",)),
        ("LinearModel(__import__('os'))", ("__import__",)),
        ("LinearModel(L99(0.1))", ("'L99'", "polytask list")),
        ("LinearModel(L21(-1))", ("alpha",)),
    ],
)
@pytest.mark.parametrize("verb", ["compare", "fit"])
def test_a_model_text_that_is_none(verb, text, parts, table, polytask, tmp_path):
    rest = {
        "compare": ("--models", "Independent()", text, "--report", "out.json"),
        "fit": ("--model", text, "--out", "out.model"),
    }[verb]
    said = polytask(verb, "exams.csv", *TARGETS, "--drop", "passed", *rest, "--quiet")
    refused(said, parts, tmp_path)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("--metric", "beauty"), ("beauty", "rmse")),
        (("--metric", "auc"), ("auc", "regression")),
        (("--folds", "1"), ("k=1",)),
        (("--minutes", "0"), ("minutes",)),
        (("--split-by", "group"), ("group",)),
        (("--baseline", "nothing()"), ("nothing",)),
        (("--curve", "2"), ("(0, 1]",)),
    ],
)
def test_an_option_that_makes_no_sense(words, parts, table, polytask, tmp_path):
    models = ("--models", "Independent()", "Pooled()", "--report", "out.json")
    said = polytask("compare", "exams.csv", *TARGETS, *models, *words, "--quiet")
    refused(said, parts, tmp_path)


def test_a_data_set_that_nobody_knows(polytask, tmp_path):
    said = polytask("compare", "scool", *MODELS, "--quiet")
    refused(said, ("scool", "school", ".csv"), tmp_path, kept=())
