"""Tiny drawings inside tables and tiles, as inline SVG that needs no script."""

from polytask.report.render import tags

WIDE, HIGH = 132, 20


def gain_bar(gain, low, high, *, most):
    """A bar from zero to the gain, with its interval as a thin line.

    Parameters
    ----------
    gain, low, high : float or None
        Relative gain and the ends of its interval.
    most : float, > 0
        What reaches the edge.

    Returns
    -------
    str
        SVG, hidden from screen readers: the number stands beside it.
    """
    if gain is None:
        return ""
    look = _look(low, high)
    zero, end = _place(0.0, most), _place(gain, most)
    parts = [
        f'<rect class="{look}" x="{min(zero, end):.1f}" y="5" height="10" rx="2" '
        f'width="{max(abs(end - zero), 1):.1f}"/>',
        f'<line class="axis" x1="{zero}" x2="{zero}" y1="1" y2="19"/>',
    ]
    if low is not None and high is not None:
        x1, x2 = _place(low, most), _place(high, most)
        parts.append(f'<line class="whisker" x1="{x1:.1f}" x2="{x2:.1f}" y1="10" y2="10"/>')
    return _svg("".join(parts), WIDE, HIGH)


def _look(low, high):
    if low is None or high is None:
        return "undecided"
    return "gains" if low > 0 else "loses" if high < 0 else "undecided"


def _place(value, most):
    half = WIDE / 2
    return half + (half - 2) * max(-1.0, min(1.0, value / most))


def share_bar(summary, *, wide=WIDE, high=10):
    """Tasks that gain, that cannot be told, and that lose, as one bar of three parts."""
    keys = {"gains": "n_gains", "undecided": "n_undecided", "loses": "n_loses"}
    total = sum(summary[key] for key in keys.values())
    if not total:
        return ""
    parts, x = [], 0.0
    for look, key in keys.items():
        width = wide * summary[key] / total
        if width:
            inner = max(width - 1.5, 1)
            parts.append(
                f'<rect class="{look}" x="{x:.1f}" y="0" rx="2" '
                f'width="{inner:.1f}" height="{high}"/>'
            )
        x += width
    return _svg("".join(parts), wide, high)


def count_words(summary):
    """The same three numbers as HTML text, each in its colour."""
    keys = {"gains": "n_gains", "undecided": "n_undecided", "loses": "n_loses"}
    title = "gain / cannot tell / lose"
    words = " / ".join(
        f'<span class="{look if summary[key] else "muted"}">{summary[key]}</span>'
        for look, key in keys.items()
    )
    return f'<span class="counts" title="{tags.text(title)}">{words}</span>'


def _svg(body, wide, high):
    return (
        f'<svg class="bar" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
        f'preserveAspectRatio="none" aria-hidden="true" focusable="false">{body}</svg>'
    )
