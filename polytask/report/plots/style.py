"""The look that all figures share: few colours, each with one meaning, no decoration."""

from polytask.report.render import lookup, numbers

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
INK, GRID, PAPER = "#475569", "rgba(120,134,156,0.22)", "rgba(0,0,0,0)"
# Teal against vermilion: told apart by every common kind of colour blindness.
GAINS, LOSES, UNDECIDED = "#0d8a7d", "#d4572a", "#8d98aa"
VERDICTS = {"gains": GAINS, "cannot tell": UNDECIDED, "loses": LOSES}
DIVERGING = (
    (0.0, "#b8431c"),
    (0.25, "#e79f78"),
    (0.5, "#f4f2ee"),
    (0.75, "#6fb8ad"),
    (1.0, "#0b6b61"),
)
SEQUENTIAL = ((0.0, "#f2f4f3"), (0.3, "#a9d3cb"), (0.65, "#3f9e92"), (1.0, "#0a5a52"))
SERIES = ("#0d8a7d", "#d4572a", "#5661c9", "#b58210", "#b0437f", "#3d87c7", "#6b8e23", "#7c5c4a")
DASHES = ("solid", "dash", "dot")


def layout(height):
    """The layout that every figure starts from, as a dict of plotly's names."""
    axis = {
        "gridcolor": GRID,
        "zerolinecolor": GRID,
        "linecolor": GRID,
        "automargin": True,
        "title": {"standoff": 12, "font": {"size": 13}},
        "ticks": "",
        "fixedrange": True,  # a page is scrolled with the same gesture that would zoom
    }
    return {
        "template": "none",
        "height": height,
        "font": {"family": FONT, "size": 13, "color": INK},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "margin": {"l": 8, "r": 16, "t": 16, "b": 8},
        "xaxis": axis,
        "yaxis": dict(axis),
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "xanchor": "left", "yanchor": "bottom"},
        "hoverlabel": {"font": {"family": FONT, "size": 13}, "align": "left"},
    }


def label(text, limit=24):
    """User text for a figure: short, and never read as markup.

    >>> label("<b>maths</b>")
    '&lt;b&gt;maths&lt;/b&gt;'
    """
    text = numbers.shorten(text, limit)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def labels(texts, limit=24):
    """Labels for an axis, all different: what shortening made equal gets its number."""
    seen: dict[str, int] = {}
    found = []
    for text in texts:
        short = label(text, limit)
        seen[short] = seen.get(short, 0) + 1
        found.append(short if seen[short] == 1 else f"{short} ({seen[short]})")
    return found


def lines(report):
    """Colour, dash and width of each model's line; baselines are grey and dashed."""
    ranked = [row for row in lookup.rows(report) if not row.failed]
    joint = [row.name for row in ranked if row.role == "joint"]
    found = {row.name: {"color": UNDECIDED, "dash": "dash", "width": 2} for row in ranked}
    for i, name in enumerate(joint):
        dash = DASHES[i // len(SERIES) % len(DASHES)]
        found[name] = {"color": SERIES[i % len(SERIES)], "dash": dash, "width": 3 if i == 0 else 2}
    return found


def faded(colour, share):
    """A hex colour with an opacity in [0, 1], for a band behind a line.

    >>> faded("#0d8a7d", 0.5)
    'rgba(13,138,125,0.5)'
    """
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"
