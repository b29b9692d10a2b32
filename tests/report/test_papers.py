"""Citations come from docstrings."""

from dataclasses import dataclass

from polytask import Independent
from polytask.report.papers import citations, papers
from polytask.slot import Slot

TEXT = """First line.

References
----------
One, Two. A title that goes
on. JMLR 3, 2003.
Three. Another. ICML 1999 (Algorithm 2).
Survey: some section.

Notes
-----
Not a paper, 1997.
"""


@dataclass(frozen=True)
class Pen(Slot):
    __doc__ = TEXT


class Wrapped(Independent):
    __doc__ = TEXT

    def __init__(self, pen=None, *, task_column=None):
        self.pen = pen
        self.estimator = None
        self.task_column = task_column


def test_an_entry_ends_with_the_full_stop_after_its_year():
    assert citations(TEXT) == [
        "One, Two. A title that goes on. JMLR 3, 2003.",
        "Three. Another. ICML 1999 (Algorithm 2).",
    ]
    assert citations(None) == citations("Nothing.") == []


def test_a_model_has_the_papers_of_its_slots_each_once():
    assert papers(Wrapped(Pen())) == citations(TEXT)
