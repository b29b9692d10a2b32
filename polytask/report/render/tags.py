"""Small pieces of HTML from values; every text that comes from outside is escaped here."""

import json
import re
from dataclasses import dataclass
from html import escape

from polytask.report.render import numbers

MINUS = re.compile(r"(?<![\w.])-(?=\d)")
MINUS_SHARE = re.compile(r"(?<![\w.])-(?=[\d.]+ %)")  # in a sentence: names keep their hyphens


@dataclass(frozen=True)
class Cell:
    """One cell of a table: what is shown, what it sorts by, and how it looks."""

    html: str
    value: float | str | None = None
    look: str = ""


def text(value):
    """Any value as safe HTML text, one line.

    >>> text("</script><b>")
    '&lt;/script&gt;&lt;b&gt;'
    """
    return escape(numbers.printable("" if value is None else value), quote=True)


def figures(words):
    """A number as it is set in a page: a true minus, and no line break before the per cent.

    >>> figures("-7.1 %") == "\\u22127.1\\u202f%"
    True
    """
    return MINUS.sub("\u2212", escape(words)).replace(" %", "\u202f%")


def breakable(value):
    """Text whose long names may break where a reader expects it.

    >>> breakable("mean_r2")
    'mean_<wbr>r2'
    """
    return re.sub(r"([_(,])(?=\w)", r"\1<wbr>", text(value))


def prose(sentence):
    """A sentence as safe HTML that keeps a number and its per cent on one line."""
    return MINUS_SHARE.sub("\u2212", text(sentence)).replace(" %", "\u202f%")


def number(value, form=numbers.score, look=""):
    """A cell of a number, sorted by its value; undefined is a dash, sorted last."""
    if value is None:
        return Cell('<span class="muted" title="undefined">–</span>', None, look)
    return Cell(figures(form(value)), value, look)


def word(value, look=""):
    """A cell of plain text."""
    return Cell(breakable(value), numbers.printable("" if value is None else value), look)


def code(value):
    """A cell of text that can be pasted."""
    return Cell(f"<code>{text(value)}</code>", numbers.printable(value))


def table(head, rows, *, caption, right=(), look=""):
    """A table inside a box that scrolls sideways; JavaScript makes its heads sort it.

    Parameters
    ----------
    head : sequence of str
    rows : sequence of sequences of Cell
    caption : str
        Read aloud, not shown.
    right : set of int
        Columns aligned to the right.
    look : str
        More CSS classes.

    Returns
    -------
    str
    """
    heads = "".join(
        f'<th scope="col" class="{"right" if j in right else ""}">{breakable(name)}</th>'
        for j, name in enumerate(head)
    )
    lines = "".join(_row(head, row, right) for row in rows)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{text(caption)}">'
        f'<table class="sortable {look}"><caption>{text(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _row(head, row, right):
    cells = []
    for j, (name, cell) in enumerate(zip(head, row, strict=True)):
        side = "right " if j in right else ""
        tag, scope = ("th", ' scope="row"') if j == 0 else ("td", "")
        value = "" if cell.value is None else f' data-value="{text(cell.value)}"'
        cells.append(
            f'<{tag}{scope} class="{side}{cell.look}" data-head="{text(name)}"{value}>'
            f"{cell.html}</{tag}>"
        )
    return f"<tr>{''.join(cells)}</tr>"


def data(identifier, value):
    """A value as JSON inside the page; no text in it can end the script element."""
    body = value if isinstance(value, str) else json.dumps(value, allow_nan=False)
    safe = body.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f'<script type="application/json" id="{text(identifier)}">{safe}</script>'
