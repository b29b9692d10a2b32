"""Spans in a row of tags: where they start and stop, their scheme, how two rows agree."""

from typing import NamedTuple

from polytask.errors import DataError

# What a prefix may be in every scheme. In IOB1 a span starts with I, and with B only where it
# touches another of its type; in BIO every span starts with B; the others mark ends and singles.
SCHEMES = {
    "IOB1": frozenset("BI"),
    "BIO": frozenset("BI"),
    "IOBES": frozenset("BIES"),
    "BILOU": frozenset("BILU"),
}
STARTS, STOPS = frozenset("BSU"), frozenset("ESLU")


class Span(NamedTuple):
    """Positions ``start`` to before ``stop``, all of one type."""

    start: int
    stop: int
    type: str


class Agreement(NamedTuple):
    """Shares in [0, 1]: of predicted spans that are right, of true spans found, their mean.

    Attributes
    ----------
    precision, recall, f1 : float
        0 where nothing was predicted, or there is nothing to find.
    """

    precision: float
    recall: float
    f1: float


class Mixed(DataError):
    """Tags of more than one scheme.

    Attributes
    ----------
    sentence, word : int
        Where the first tag stands that does not fit those before it.
    """

    def __init__(self, sentence, word, tag, schemes):
        self.sentence, self.word, self.tag, self.schemes = sentence, word, tag, schemes
        super().__init__(f"Sentence {sentence}, word {word}: {self.what}")

    @property
    def what(self):
        """What was expected and found, without the place."""
        so_far = " or ".join(self.schemes)
        return (
            f"expected tags of one scheme, up to here {so_far}. Found {self.tag!r} where none of "
            "them allows it. Write all tags in one scheme."
        )


def parted(tag):
    """Prefix and type of a tag: ``("B", "NP")`` of ``"B-NP"``, ``("O", "")`` of ``"O"``.

    Raises
    ------
    DataError
        If it is neither ``O`` nor a letter, a hyphen and a type.
    """
    prefix, hyphen, kind = tag.partition("-")
    if tag == "O" or (hyphen and kind and len(prefix) == 1):
        return prefix, kind
    raise DataError(f"Expected a tag such as O or B-NP. Found {tag!r}.")


def spans(tags):
    """The spans of one sentence by the rules of the CoNLL scorer, which take any tags.

    A span stops before ``B``, ``S``, ``U``, ``O`` and another type, and after ``E``, ``L``, ``S``,
    ``U``; an ``I`` that continues nothing starts a span all the same.

    Parameters
    ----------
    tags : sequence of str

    Returns
    -------
    list of Span

    References
    ----------
    Tjong Kim Sang, Buchholz. Introduction to the CoNLL-2000 shared task: chunking. CoNLL 2000
    (the rules of its scorer).

    Examples
    --------
    >>> spans(["B-NP", "I-NP", "B-NP", "O", "I-VP"])  # doctest: +NORMALIZE_WHITESPACE
    [Span(start=0, stop=2, type='NP'), Span(start=2, stop=3, type='NP'),
     Span(start=4, stop=5, type='VP')]
    """
    found, start, last = [], None, ("O", "")
    for place, tag in enumerate([*tags, "O"]):
        prefix, kind = parted(tag)
        goes_on = start is not None and _goes_on(last, (prefix, kind))
        if start is not None and not goes_on:
            found.append(Span(start, place, last[1]))
        if not goes_on:
            start = None if prefix == "O" else place
        last = prefix, kind
    return found


def _goes_on(last, here):
    (before, type_before), (prefix, kind) = last, here
    new = prefix == "O" or prefix in STARTS or before in STOPS
    return not new and kind == type_before


def agreement(true, predicted):
    """How the spans of predicted tags agree with the true ones: start, stop and type must be equal.

    Parameters
    ----------
    true, predicted : sequences of sentences, each a sequence of str

    Returns
    -------
    Agreement

    Raises
    ------
    DataError
        If they are not of equal lengths; names the sentence.

    References
    ----------
    Tjong Kim Sang, Buchholz. Introduction to the CoNLL-2000 shared task: chunking. CoNLL 2000.

    Examples
    --------
    >>> agreement([["B-NP", "I-NP", "B-VP"]], [["B-NP", "I-NP", "O"]])
    Agreement(precision=1.0, recall=0.5, f1=0.6666666666666666)
    """
    hits = wanted = given = 0
    for i, (one, other) in enumerate(zip(true, predicted, strict=True)):
        if len(one) != len(other):
            raise DataError(
                f"Sentence {i} has {len(one)} true tags and {len(other)} predicted ones. "
                "Give one per word."
            )
        there, found = set(spans(one)), set(spans(other))
        hits, wanted, given = hits + len(there & found), wanted + len(there), given + len(found)
    precision, recall = hits / max(given, 1), hits / max(wanted, 1)
    return Agreement(precision, recall, 2 * precision * recall / max(precision + recall, 1e-30))


def fitting(sentences):
    """The schemes that these tags may have been written in, in the order of `SCHEMES`.

    Parameters
    ----------
    sentences : iterable of sequences of str

    Raises
    ------
    Mixed
        At the first tag after which none fits.
    DataError
        If a tag is none.

    Examples
    --------
    >>> fitting([["B-NP", "I-NP", "O"]]), fitting([["S-NP", "O"]])
    (['BIO'], ['IOBES'])
    """
    left = dict(SCHEMES)
    for i, tags in enumerate(sentences):
        last = ("O", "")
        for j, tag in enumerate([*tags, "O"]):
            prefix, kind = parted(tag)
            here = [name for name in left if _fits(name, last, (prefix, kind))]
            if not here:
                raise Mixed(i, min(j, len(tags) - 1), tags[min(j, len(tags) - 1)], list(left))
            left = {name: left[name] for name in here}
            last = prefix, kind
    return list(left)


def _fits(scheme, last, here):
    """Whether a tag of this scheme may stand after the last one."""
    (before, type_before), (prefix, kind) = last, here
    same = kind == type_before
    if scheme == "IOB1":
        return prefix in "OI" or (prefix == "B" and before in "BI" and same)
    if scheme == "BIO":
        return prefix in "OB" or (prefix == "I" and before in "BI" and same)
    inside = before in "BI"  # where ends are marked, a span goes on until its end
    goes_on = prefix not in STARTS | {"O"}
    known = prefix == "O" or prefix in SCHEMES[scheme]
    return known and inside == goes_on and (same or not goes_on)
