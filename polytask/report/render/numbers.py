"""Numbers and names as a reader wants them: short, signed, honest about what is undefined."""

import unicodedata

UNDEFINED = "undefined"
SMALL = 0.01  # below this three decimals would hide every digit
LARGE = 1000.0


def score(value):
    """A score with three decimals, or two digits where it is tiny.

    >>> score(0.28449), score(None), score(0.00123), score(-0.0001)
    ('0.284', 'undefined', '0.0012', '-0.0001')
    """
    if value is None:
        return UNDEFINED
    if abs(value) >= LARGE:
        return f"{value:.0f}" if abs(value) < 1e6 else f"{value:.3g}"
    return f"{value:.3f}" if value == 0 or abs(value) >= SMALL else f"{value:.2g}"


def signed(value):
    """A difference in units of a metric, with its sign."""
    return score(value) if value is None or value < 0 else f"+{score(value)}"


def percent(share, *, sign=True):
    """A share as per cent: one decimal below ten, none above.

    >>> percent(0.0312), percent(-0.25), percent(0.5, sign=False), percent(None)
    ('+3.1 %', '-25 %', '50 %', 'undefined')
    """
    if share is None:
        return UNDEFINED
    value = 100 * share
    text = f"{value:.0f}" if abs(value) >= 9.95 or value == 0 else f"{value:.1f}"
    text = "0" if float(text) == 0 else text
    return f"{'+' if sign and float(text) > 0 else ''}{text} %"


def interval(low, high, text=score):
    """Two ends as words, or nothing when they are not known."""
    return "" if low is None or high is None else f"{text(low)} to {text(high)}"


def percent_between(share, low, high):
    """A share with the ends of its interval.

    >>> percent_between(0.1454, 0.1247, 0.1669), percent_between(0.02, None, None)
    ('+15 % (12 to 17)', '+2.0 %')
    """
    ends = percent_ends(low, high)
    return f"{percent(share)} ({ends})" if ends else percent(share)


def percent_ends(low, high):
    """The ends of an interval in per cent, fine enough to differ; nothing when not known.

    >>> percent_ends(0.1247, 0.1669), percent_ends(0.1062, 0.1083)
    ('12 to 17', '10.6 to 10.8')
    """
    if low is None or high is None:
        return ""
    ends = [percent(end, sign=False).removesuffix(" %") for end in (low, high)]
    if ends[0] == ends[1]:
        ends = [f"{100 * end:.1f}" for end in (low, high)]
    return " to ".join(ends)


def count(n, word):
    """A number of things.

    >>> count(1, "split"), count(3, "split")
    ('1 split', '3 splits')
    """
    return f"{n} {word}{'' if n == 1 else 's'}"


def seconds(value):
    """A duration with two units at most.

    >>> seconds(0.42), seconds(93.2), seconds(8000)
    ('0.4 s', '1 min 33 s', '2 h 13 min')
    """
    if value is None:
        return UNDEFINED
    if value < 60:
        return f"{value:.1f} s" if value < 10 else f"{value:.0f} s"
    if value < 3600:
        return f"{value // 60:.0f} min {value % 60:.0f} s"
    return f"{value // 3600:.0f} h {value % 3600 // 60:.0f} min"


def printable(text):
    """One line without control characters, so that a task's name cannot steer a terminal."""
    return "".join(c if c.isprintable() else " " for c in str(text))


def columns(text):
    """How many terminal columns a text takes; East Asian letters take two."""
    return sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def shorten(text, limit):
    """The text, or its beginning with an ellipsis, in at most ``limit`` columns."""
    text = printable(text)
    if columns(text) <= limit:
        return text
    while text and columns(text) > limit - 3:
        text = text[:-1]
    return text + "..."


def listing(names, limit=4):
    """Names as a list in words, the rest as a number.

    >>> listing(["a", "b", "c"]), listing(["a", "b", "c"], 2)
    ('a, b and c', 'a, b and 1 more')
    """
    names = [printable(name) for name in names]
    if len(names) > limit:
        names = [*names[:limit], f"{len(names) - limit} more"]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
