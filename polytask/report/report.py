"""The result of a comparison as one plain value: scores, gains, relations and their recipe."""

import json
from dataclasses import dataclass, field, fields
from pathlib import Path

from polytask.errors import DataError
from polytask.report.plain import plain, require_keys, write_whole

FORMAT = 1

# What every record must carry. More keys are welcome and survive the round trip.
RECORDS = {
    "models": ("name", "text", "papers", "status", "error", "seconds", "baseline"),
    "tasks": ("name", "kind", "metric", "n_labels", "n_rows"),
    "scores": ("model", "task", "metric", "split", "value", "n", "note"),
    "overall": ("model", "metric", "split", "value"),
    "gains": (
        *("model", "baseline", "task", "metric", "gain", "difference", "low", "high"),
        *("p", "p_holm", "verdict", "n_splits"),
    ),
    "summary": (
        *("model", "baseline", "mean_relative_gain", "worst_task", "worst_gain"),
        *("negative_share", "negative_significant_share", "n_gains", "n_loses", "n_undecided"),
    ),
    "curves": ("model", "metric", "mean", "low", "high"),
    "paths": ("model", "params", "split", "metric", "mean", "se"),
    "features": ("model", "feature", "shared", "tasks", "importance"),
    "labels": ("task", "train", "test"),
    "undefined": ("task", "split", "reason"),
    "metrics": ("name", "better"),
}


@dataclass(frozen=True, repr=False)
class Report:
    """Tables of scores with the recipe that made them; prints, renders and round-trips exactly.

    Every field holds only what JSON holds (dict, list, str, int, float, bool, None). What is
    given is made so: tuples and arrays become lists, numpy numbers become Python numbers, and a
    number that is not finite becomes ``None``, which means *undefined* everywhere. Then
    ``Report.from_json(report.to_json()) == report``, to the last bit.

    Parameters
    ----------
    models : list of dict
        ``name`` (short, unique), ``text`` (the model as printed, can be pasted back), ``papers``
        (list of citations), ``status`` ("ok", "failed" or "not tried"), ``error`` (text or None),
        ``seconds`` (float, all fits together), ``baseline`` (name of the model its gain is
        measured against, or None for a baseline).
    tasks : list of dict
        ``name``, ``kind``, ``metric`` (the primary one), ``n_labels``, ``n_rows``.
    scores : list of dict
        ``model``, ``task``, ``metric``, ``split`` (int), ``value`` (None when undefined), ``n``
        (test labels used), ``note``.
    overall : list of dict
        Metrics over all tasks together: ``model``, ``metric``, ``split``, ``value``.
    gains : list of dict
        One per model and task: ``model``, ``baseline``, ``task``, ``metric``, ``gain`` (relative:
        difference / abs(mean score of the baseline), for R² difference / (1 - that mean); 0.05 is
        5 %), ``difference`` (in units of the metric), ``low``, ``high`` (interval of
        ``difference``), ``p``, ``p_holm``, ``verdict`` ("gains", "loses" or "cannot tell"),
        ``n_splits``. The signs are turned so that positive is better for every metric.
    summary : list of dict
        One per model: ``model``, ``baseline``, ``mean_relative_gain``, ``worst_task``,
        ``worst_gain``, ``negative_share`` (tasks with a lower mean, 0 to 1),
        ``negative_significant_share``, ``n_gains``, ``n_loses``, ``n_undecided``. Optional:
        ``low`` and ``high``, the interval of ``mean_relative_gain`` over splits.
    best : dict or None
        The honest "best" line, the method chosen by inner cross-validation in every outer split:
        ``metric``, ``score`` (mean over outer splits), ``chosen`` (list of model names, one per
        outer split), ``baseline``, ``difference``, ``low``, ``high`` (positive is better).
    relations : dict
        By model name: ``names`` (T), ``matrix`` (T, T), ``meaning``.
    curves : list of dict
        Scores against training size: ``model``, ``fraction`` or ``n_train`` (or both),
        ``metric``, ``mean``, ``low``, ``high``.
    paths : list of dict
        The inner search: ``model``, ``params`` (text), ``split``, ``metric``, ``mean``, ``se``;
        candidates in the order of the grid. Optional ``chosen`` (bool).
    features : list of dict
        ``model``, ``feature``, ``shared`` ("shared", "own" or "unused"), ``tasks`` (names of the
        tasks that use it), ``importance`` (by task name).
    labels : list of dict
        ``task``, ``train``, ``test``: labels used, mean over splits (or the exact count of one).
    not_tried : list of str
        What the budget left out.
    undefined : list of dict
        ``task``, ``split``, ``reason``.
    metrics : list of dict
        ``name``, ``better`` ("higher" or "lower"); optional ``text``, what it is in words.
    recipe : dict
        ``command``, ``seed``, ``versions`` (dict), ``data`` (``name``, ``checksum``, ``rows``,
        ``features``, ``tasks``, ``labels``), ``protocol`` (text), ``select``, ``metric`` (the one
        that headlines), ``started``, ``seconds``. Any may be missing.

    Raises
    ------
    DataError
        If a record lacks one of these keys, or a value cannot be written as JSON.

    Examples
    --------
    >>> report = Report(metrics=[{"name": "rmse", "better": "lower"}])
    >>> Report.from_json(report.to_json()) == report
    True
    """

    models: list = field(default_factory=list)
    tasks: list = field(default_factory=list)
    scores: list = field(default_factory=list)
    overall: list = field(default_factory=list)
    gains: list = field(default_factory=list)
    summary: list = field(default_factory=list)
    best: dict | None = None
    relations: dict = field(default_factory=dict)
    curves: list = field(default_factory=list)
    paths: list = field(default_factory=list)
    features: list = field(default_factory=list)
    labels: list = field(default_factory=list)
    not_tried: list = field(default_factory=list)
    undefined: list = field(default_factory=list)
    metrics: list = field(default_factory=list)
    recipe: dict = field(default_factory=dict)

    def __post_init__(self):
        for name in (f.name for f in fields(self)):
            object.__setattr__(self, name, plain(getattr(self, name), name))
        for name, keys in RECORDS.items():
            require_keys(getattr(self, name), keys, name)

    def __repr__(self):
        splits = len({record["split"] for record in self.scores})
        return f"<Report: {len(self.models)} models, {len(self.tasks)} tasks, {splits} splits>"

    def __str__(self):
        return self.to_text()

    def to_dict(self):
        """The report as one dict of plain values, with the number of its format."""
        return {"polytask_report": FORMAT} | {f.name: getattr(self, f.name) for f in fields(self)}

    def to_json(self, *, indent=None):
        """The whole report as JSON text, strict: no NaN, no Infinity."""
        return json.dumps(self.to_dict(), indent=indent, allow_nan=False)

    @classmethod
    def from_json(cls, text):
        """Read back what ``to_json`` wrote.

        Raises
        ------
        DataError
            If the text is not JSON, or not a report of this format.
        """
        values = _parse(text)
        names = {f.name for f in fields(cls)}
        return cls(**{key: value for key, value in values.items() if key in names})

    def to_text(self, *, width=100):
        """The verdict table for a terminal, at most ``width`` columns wide."""
        from polytask.report.render import terminal

        return terminal.render(self, width=width)

    def to_markdown(self):
        """The report in Markdown, for an issue, a README or a paper's notes."""
        from polytask.report.render import markdown

        return markdown.render(self)

    def to_html(self):
        """One self-contained page that works offline; needs the extra ``polytask[report]``."""
        from polytask.report.render import html

        return html.render(self)

    def save(self, path):
        """Write the report, whole or not at all, in the form that the file's ending names.

        Parameters
        ----------
        path : str or Path
            Ends in ``.html``, ``.json``, ``.md`` or ``.txt``.

        Raises
        ------
        DataError
            If the ending is none of these.
        """
        path = Path(path)
        forms = {
            ".html": self.to_html,
            ".json": self.to_json,
            ".md": self.to_markdown,
            ".txt": self.to_text,
        }
        if path.suffix.lower() not in forms:
            raise DataError(
                f"A report is saved as {', '.join(forms)}. Found {path.name!r}. "
                "Give the file one of these endings."
            )
        write_whole(path, forms[path.suffix.lower()]())


def _parse(text):
    try:
        values = json.loads(text)
    except ValueError as error:
        raise DataError(
            f"A report is JSON text. Found text that is not: {error}. "
            "Give the file that `Report.save` or `--json` wrote."
        ) from error
    found = values.get("polytask_report") if isinstance(values, dict) else None
    if found != FORMAT:
        raise DataError(
            f"Expected a polytask report of format {FORMAT}. Found format {found!r}. "
            "Make the report again with this version."
        )
    return values
