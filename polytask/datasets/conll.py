"""Reading text with labels per word: the columns of the CoNLL shared tasks, and CoNLL-U.

Nothing is guessed: a line that does not fit is an error with the file and the line.
"""

import gzip
from itertools import chain
from typing import NamedTuple

from polytask.errors import DataError, require
from polytask.ops.spans import Mixed, fitting, parted

CONLLU = ("id", "form", "lemma", "upos", "xpos", "feats", "head", "deprel", "deps", "misc")
DOCUMENT = "-DOCSTART-"


class Words(NamedTuple):
    """Sentences of a file, column by column.

    Attributes
    ----------
    columns : dict of str -> list of n tuples of str
        What every word has in every column, sentence by sentence.
    comments : list of n dicts
        ``{"sent_id": ...}`` and what else stands before a sentence as ``# key = value``.
    """

    columns: dict
    comments: list

    @property
    def n_sentences(self):
        """Number of sentences."""
        return len(self.comments)


def joined(parts):
    """Several files as one, in order.

    Parameters
    ----------
    parts : sequence of Words
        With the same columns.

    Examples
    --------
    >>> one = Words({"form": [("Go",)]}, [{}])
    >>> joined([one, one]).columns
    {'form': [('Go',), ('Go',)]}
    """
    columns = {
        name: list(chain.from_iterable(part.columns[name] for part in parts))
        for name in parts[0].columns
    }
    return Words(columns, list(chain.from_iterable(part.comments for part in parts)))


def read_conll(path, columns, *, spans=(), separator=None, encoding="utf-8"):
    """Read a word a line with its columns, and an empty line after every sentence.

    Parameters
    ----------
    path : Path
        A file; one that ends in ``.gz`` is unpacked.
    columns : tuple of str
        What the columns are called, from the left.
    spans : tuple of str
        Those of them that hold spans (``B-NP I-NP O``), which must be of one scheme.
    separator : str, optional
        Between columns; default: any white space.
    encoding : str

    Returns
    -------
    Words
        ``-DOCSTART-`` lines are left out.

    Raises
    ------
    DataError
        A column is missing or one too many, a sentence is empty, schemes of tags are mixed, or the
        bytes are of another encoding: with file and line.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "two.txt"
    >>> _ = path.write_text("She PRP B-NP\\nsleeps VBZ B-VP\\n\\nGo VB B-VP\\n")
    >>> read_conll(path, ("form", "pos", "chunk"), spans=("chunk",)).columns["pos"]
    [('PRP', 'VBZ'), ('VB',)]
    """
    sentences = [s for s in _sentences(path, encoding) if not s.starts_document]
    rows = [[_cells(path, line, columns, separator) for line in one.lines] for one in sentences]
    words = Words(_columns(rows, columns), [{} for _ in rows])
    for name in spans:
        _one_scheme(path, sentences, words.columns[name], name)
    return words


def read_conllu(path, *, encoding="utf-8"):
    """Read a treebank of Universal Dependencies: ten columns with tabs, comments before sentences.

    Parts of a word that was written together (``3-4``) and words that were left out (``3.1``) are
    skipped; the syntactic words are numbered from 1.

    Parameters
    ----------
    path : Path
        A file; one that ends in ``.gz`` is unpacked.
    encoding : str

    Returns
    -------
    Words
        With the columns of `CONLLU`; ``_`` stays ``_``.

    Raises
    ------
    DataError
        A column is missing, a sentence is empty, words are not numbered one after the other, a head
        is no word of its sentence, or the bytes are of another encoding: with file and line.

    References
    ----------
    Nivre et al. Universal Dependencies v2. LREC 2020.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "one.conllu"
    >>> line = "1\\tGo\\tgo\\tVERB\\tVB\\t_\\t0\\troot\\t_\\t_\\n"
    >>> _ = path.write_text("# sent_id = a-1\\n" + line)
    >>> read_conllu(path).columns["head"], read_conllu(path).comments
    ([('0',)], [{'sent_id': 'a-1'}])
    """
    sentences = list(_sentences(path, encoding, comments=True))
    rows = []
    for one in sentences:
        cells = [(line[0], _cells(path, line, CONLLU, "\t")) for line in one.lines]
        words = [(number, row) for number, row in cells if row[0].isdigit()]
        _check_tree(path, one, words)
        rows.append([row for _, row in words])
    return Words(_columns(rows, CONLLU), [one.comments for one in sentences])


# -- lines ------------------------------------------------------------------------------------


class _Sentence(NamedTuple):
    first: int  # line
    lines: list  # (number, text)
    comments: dict

    @property
    def starts_document(self):
        return len(self.lines) == 1 and self.lines[0][1].startswith(DOCUMENT)


def _sentences(path, encoding, comments=False):
    """Sentences of a file; an empty one inside it is an error, empty lines at its end are none."""
    lines, told, first = [], {}, 1
    numbered = list(enumerate(_text(path, encoding).rstrip().split("\n"), 1))
    for number, line in [*numbered, (len(numbered) + 1, "")]:
        line = line.rstrip("\r")
        if comments and line.startswith("#"):
            key, sign, value = line[1:].partition("=")
            told |= {key.strip(): value.strip()} if sign else {}
        elif line.strip():
            lines.append((number, line))
        else:
            _expect(
                bool(lines), path, number, "a sentence", "an empty one", "Remove the extra line."
            )
            yield _Sentence(first, lines, told)
            lines, told, first = [], {}, number + 1


def _text(path, encoding):
    raw = path.read_bytes()
    try:
        raw = gzip.decompress(raw) if path.suffix == ".gz" else raw
    except (OSError, EOFError) as error:
        raise DataError(f"Expected a gzip file. Found {path} damaged ({error}).") from error
    try:
        text = raw.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        found = f"the byte {raw[error.start]:#04x}"
        _expect(False, path, line, f"text in {encoding}", found, "Name it in encoding=.")
    place = text.find("\0")
    line = text[: max(place, 0)].count("\n") + 1
    _expect(place < 0, path, line, f"text in {encoding}", "a zero byte", "Name it in encoding=.")
    return text


def _cells(path, line, columns, separator):
    number, text = line
    cells = tuple(text.split(separator))
    _expect(
        len(cells) == len(columns) and all(cells),
        path,
        number,
        f"{len(columns)} columns ({', '.join(columns)})",
        f"{sum(map(bool, cells))}: {text[:60]!r}",
        "Complete the line.",
    )
    return cells


def _columns(rows, names):
    each = [tuple(zip(*row, strict=True)) for row in rows]
    return {name: [row[j] for row in each] for j, name in enumerate(names)}


# -- what must fit together -------------------------------------------------------------------


def _one_scheme(path, sentences, tags, name):
    for one, row in zip(sentences, tags, strict=True):
        for (number, _), tag in zip(one.lines, row, strict=True):
            try:
                parted(tag)
            except DataError as error:
                raise DataError(f"{path}, line {number}, column {name!r}: {error}") from None
    try:
        fitting(tags)
    except Mixed as error:
        number = sentences[error.sentence].lines[error.word][0]
        raise DataError(f"{path}, line {number}, column {name!r}: {error.what}") from None


def _check_tree(path, sentence, words):
    _expect(bool(words), path, sentence.first, "a sentence", "no word", "Remove it.")
    for place, (number, row) in enumerate(words, 1):
        found = f"the number {row[0]}"
        _expect(row[0] == str(place), path, number, f"word {place}", found, "Number the words.")
        head = row[CONLLU.index("head")]
        fits = head == "_" or (head.isdigit() and int(head) <= len(words) and int(head) != place)
        expected = f"a head from 0 to {len(words)} that is another word"
        _expect(fits, path, number, expected, repr(head), "Correct it.")


def _expect(condition, path, line, expected, found, advice):
    require(
        condition, f"{path}, line {line}: expected {expected}. Found {found}. {advice}", DataError
    )
