"""One page that holds everything and asks the network for nothing."""

from importlib.resources import files
from string import Template

from polytask.errors import extra
from polytask.report.render import panels, provenance, summary, tags
from polytask.report.render.names import with_short_names
from polytask.report.render.verdict import verdict

# What the browser itself enforces: scripts and styles of this page, and no connection at all.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'"
)

MENU = {
    "gains": "Gains",
    "relations": "Relations",
    "curves": "Training size",
    "paths": "Path",
    "scores": "Scores",
    "features": "Inputs",
}


def render(report):
    """The report as one HTML page that works offline.

    Parameters
    ----------
    report : Report

    Returns
    -------
    str
        About 5 MB, nearly all of it the plotting code, which is inside so that nothing is loaded.

    Raises
    ------
    MissingExtraError
        Without plotly.
    """
    plotting = extra("plotly.offline", "report").get_plotlyjs()
    whole, report = report, with_short_names(report)
    found = verdict(report)
    shown = panels.panels(report)
    return Template(_file("page.html")).substitute(
        policy=POLICY,
        title=tags.text(_title(report)),
        eyebrow=tags.text(_title(report)),
        style=_file("style.css"),
        badge=summary.badge(found),
        headline=summary.headline(found),
        sentences="".join(f"<p>{tags.prose(text)}</p>" for text in found.sentences),
        tiles=summary.tiles(report, found),
        menu=_menu(shown),
        verdict=summary.verdict_table(report),
        panels="\n".join(_panel(panel) for panel in shown),
        provenance=provenance.render(report),
        report=tags.data("report", whole.to_dict()),
        figures=tags.data("figures", _figures(shown)),
        plotting=plotting.replace("</script", "<\\/script"),
        script=_file("page.js"),
    )


def _file(name):
    return files("polytask.report.render").joinpath("page", name).read_text(encoding="utf-8")


def _title(report):
    name = (report.recipe.get("data") or {}).get("name") or "a table"
    return f"polytask: {len(report.tasks)} tasks of {name}"


def _menu(shown):
    links = [("verdict", "Verdict"), *((p.id, MENU[p.id]) for p in shown)]
    links.append(("provenance", "How it was made"))
    return "".join(f'<a href="#{key}">{tags.text(name)}</a>' for key, name in links)


def _panel(panel):
    head = f'<div class="head"><h2>{tags.text(panel.title)}</h2>{_chooser(panel)}</div>'
    if not panel.views:
        body = f'<p class="absent">{tags.text(panel.absent)}</p>'
    else:
        views = "".join(_view(panel, i, view) for i, view in enumerate(panel.views))
        body = f'<p class="lead">{tags.text(panel.lead)}</p>{views}'
    return f'<section class="panel" id="{panel.id}">{head}{body}</section>'


def _chooser(panel):
    if len(panel.views) < 2:
        return ""
    options = "".join(
        f'<option value="{i}">{tags.text(view.label)}</option>'
        for i, view in enumerate(panel.views)
    )
    return (
        f'<label class="chooser" hidden>{panel.chooser} '
        f'<select data-panel="{panel.id}">{options}</select></label>'
    )


def _view(panel, i, view):
    title = f'<h3 class="which">{tags.text(view.label)}</h3>'
    note = f'<p class="note">{tags.text(view.note)}</p>' if view.note else ""
    if view.figure is None:
        body = view.table
    else:
        label = tags.text(f"{panel.title}: {view.label}. The numbers are in the table below.")
        chart = f'<div class="chart" data-figure="{panel.id}-{i}" role="img" aria-label="{label}">'
        numbers = f"<details><summary>The numbers as a table</summary>{view.table}</details>"
        body = f"{chart}</div>{note}{numbers}"
    return f'<div class="view" data-view="{i}">{title}{body}</div>'


def _figures(shown):
    return {
        f"{panel.id}-{i}": view.figure.to_plotly_json()
        for panel in shown
        for i, view in enumerate(panel.views)
        if view.figure is not None
    }
