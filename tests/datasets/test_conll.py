"""Malformed text is an error with file and line."""

import gzip

import pytest

from polytask.datasets.conll import read_conll, read_conllu
from polytask.errors import DataError

COLUMNS = ("form", "pos", "chunk")
GOOD = "She PRP B-NP\nsleeps VBZ B-VP\n\nNow RB O\n"


@pytest.fixture
def written(tmp_path):
    """Writes a file and gives its path."""

    def write(content, name="some.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def read(path, **options):
    return read_conll(path, COLUMNS, spans=("chunk",), **options)


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        GOOD + "\n\n",
        GOOD.replace("\n", "\r\n"),
        "\ufeff" + GOOD,
        "-DOCSTART- -X- O\n\n" + GOOD,
    ],
    ids=["plain", "empty lines at the end", "line ends of Windows", "byte order mark", "document"],
)
def test_sentences_are_read_column_by_column(written, content):
    words = read(written(content))
    assert words.columns == {
        "form": [("She", "sleeps"), ("Now",)],
        "pos": [("PRP", "VBZ"), ("RB",)],
        "chunk": [("B-NP", "B-VP"), ("O",)],
    }


def test_a_packed_file_is_unpacked(written):
    path = written(gzip.compress(GOOD.encode()), "some.txt.gz")
    assert read(path).n_sentences == 2
    with pytest.raises(DataError, match="Expected a gzip file"):
        read(written(b"not packed", "other.txt.gz"))


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("She PRP B-NP\nsleeps VBZ\n", 2, r"3 columns \(form, pos, chunk\). Found 2: 'sleeps VBZ'"),
        ("She PRP B-NP B-NP\n", 1, "3 columns"),
        ("She PRP B-NP\n\n\nNow RB O\n", 3, "an empty one"),
        ("\nNow RB O\n", 1, "an empty one"),
        ("", 1, "an empty one"),
        ("She PRP B-NP\n\nNow RB S-ADVP\n", 3, "'chunk': expected tags of one scheme"),
        ("She PRP NP\n", 1, "such as O or B-NP"),
        (
            "She PRP B-NP\nna\xefve JJ O\n".encode("latin-1"),
            2,
            "text in utf-8. Found the byte 0xef",
        ),
        (GOOD.encode("utf-16-le"), 1, "text in utf-8. Found a zero byte"),
    ],
)
def test_malformed_text_is_refused_with_file_and_line(written, content, line, words):
    path = written(content)
    with pytest.raises(DataError, match=words) as found:
        read(path)
    assert f"{path}, line {line}" in str(found.value)


def test_a_named_encoding_is_used(written):
    words = read(written("na\xefve JJ O\n".encode("latin-1")), encoding="latin-1")
    assert words.columns["form"] == [("na\xefve",)]


def tree(*lines, comments=("# sent_id = a-1",)):
    rows = [
        "\t".join([number, form, form, "X", "X", "_", head, "dep", "_", "_"])
        for number, form, head in lines
    ]
    return "\n".join([*comments, *rows]) + "\n\n"


def test_a_treebank_keeps_its_words_only(written):
    text = tree(("1-2", "don't", "_"), ("1", "do", "0"), ("2", "n't", "1"), ("2.1", "x", "_"))
    words = read_conllu(written(text))
    assert words.columns["form"] == [("do", "n't")]
    assert words.columns["head"] == [("0", "1")]
    assert words.comments == [{"sent_id": "a-1"}]


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (tree(("1", "do", "0")).replace("\tdep", ""), 2, "10 columns"),
        (tree(("1", "do", "0"), ("3", "it", "1")), 3, "word 2. Found the number 3"),
        (tree(("1", "do", "2")), 2, "a head from 0 to 1 that is another word. Found '2'"),
        (tree(("1", "do", "1")), 2, "another word. Found '1'"),
        (tree(("1", "do", "x")), 2, "Found 'x'"),
        (tree(("1", "do", "0")) + tree(), 5, "an empty one"),
        (tree(("1", "do", "0")) + tree(("1.1", "x", "_")), 4, "a sentence. Found no word"),
    ],
)
def test_a_malformed_treebank_is_refused_with_file_and_line(written, content, line, words):
    path = written(content)
    with pytest.raises(DataError, match=words) as found:
        read_conllu(path)
    assert f"{path}, line {line}" in str(found.value)
