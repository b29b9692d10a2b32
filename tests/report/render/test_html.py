"""The page is whole, safe against what names hold, and asks the network for nothing."""

import json
import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from report.example import all_failed, example

from polytask.errors import MissingExtraError
from polytask.report import Report

EVIL = ("</script><script>alert(1)</script>", '"><img src=x onerror=alert(2)>', "a & b", "<b>c</b>")
PANELS = ("verdict", "gains", "relations", "curves", "paths", "scores", "features", "provenance")
ABSENT = {
    "gains": "No gain could be measured",
    "relations": "No fitted model gave a relation",
    "curves": "were not measured",
    "paths": "No model searched",
    "scores": "There are no scores",
    "features": "No model was asked",
}
VOID = {"meta", "link", "br", "wbr", "img", "input", "hr"}


class Page(HTMLParser):
    """Elements, attributes, script texts and the text of every section."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.scripts = [], [], {}
        self.sections, self.open, self.stack = {}, None, []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs.items()]
        if tag not in VOID:
            self.stack.append(tag)
        if tag == "section":
            self.open = attrs["id"]
            self.sections[self.open] = ""
        if tag == "script":
            self.scripts[attrs.get("id", len(self.scripts))] = ""

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag, f"</{tag}> closes nothing that is open"
        self.open = None if tag == "section" else self.open

    def handle_data(self, data):
        if self.stack and self.stack[-1] == "script":
            self.scripts[list(self.scripts)[-1]] += data
        elif self.open:
            self.sections[self.open] += data


@pytest.fixture(scope="module")
def html():
    return example().to_html()


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


@pytest.fixture(scope="module")
def evil():
    return Page(example(tasks=EVIL, undefined=(EVIL[0],), failed=("L21",)).to_html())


def test_every_panel_is_there_once(page):
    assert tuple(page.sections) == PANELS
    assert all(text.strip() for text in page.sections.values())


def test_every_element_is_closed(page):
    assert page.stack == []


@pytest.mark.parametrize("report", [Report(), all_failed()], ids=["empty", "failed"])
def test_a_panel_without_data_says_why(report):
    sections = Page(report.to_html()).sections
    assert tuple(sections) == PANELS
    for name, words in ABSENT.items():
        assert words in sections[name]


def test_nothing_in_the_page_refers_to_the_network(page):
    loading = {"src", "href", "action", "srcset", "poster", "data", "formaction", "background"}
    for tag, name, value in page.attributes:
        if name in loading:
            assert value.startswith(("#", "data:,")), f"<{tag} {name}={value!r}>"
    assert not {"iframe", "object", "embed", "img", "base"} & set(page.tags)


def test_style_and_script_of_the_page_load_nothing():
    folder = files("polytask.report.render").joinpath("page")
    style = folder.joinpath("style.css").read_text(encoding="utf-8")
    script = folder.joinpath("page.js").read_text(encoding="utf-8")
    assert not re.search(r"@import|url\(|https?:", style)
    assert not re.search(r"fetch|XMLHttpRequest|WebSocket|import\s*\(|https?:", script)


def test_the_page_itself_forbids_every_connection(page):
    policy = next(v for t, n, v in page.attributes if (t, n) == ("meta", "content"))
    assert "default-src 'none'" in policy
    assert "http" not in policy


def test_the_plotting_code_is_embedded_once(html):
    assert html.count("plotly.js v") == 1


def test_the_data_of_the_report_is_in_the_page_and_reads_back(page):
    assert Report.from_json(page.scripts["report"]) == example()


def test_every_chart_has_its_figure_in_the_page(page):
    figures = json.loads(page.scripts["figures"])
    charts = [value for _, name, value in page.attributes if name == "data-figure"]
    assert sorted(charts) == sorted(figures)
    assert {name.split("-")[0] for name in figures} == set(ABSENT) - {"scores"}


def test_every_chart_has_its_numbers_as_a_table_that_needs_no_script(page):
    panels = ("gains", "relations", "curves", "paths", "features")
    assert all("The numbers as a table" in page.sections[name] for name in panels)
    assert "biology" in page.sections["gains"]
    assert "noscript" in page.tags


def test_no_name_becomes_markup(evil):
    assert len(evil.scripts) == 4
    assert "img" not in evil.tags
    assert not [name for _, name, _ in evil.attributes if name.startswith("on")]
    assert EVIL[0] in evil.sections["scores"]
    assert EVIL[0] in evil.sections["provenance"]


def test_names_with_markup_read_back_from_the_embedded_data(evil):
    assert [t["name"] for t in Report.from_json(evil.scripts["report"]).tasks] == list(EVIL)


def test_names_with_markup_stay_text_in_the_figures(evil):
    assert "<b>c</b>" not in evil.scripts["figures"].replace("\\u003c", "<")
    assert "&lt;b&gt;c" in evil.scripts["figures"]


def test_an_error_with_markup_stays_text():
    report = example(failed=("L21",))
    text = report.to_json().replace("column 'age' has 3 gaps", "<script>alert(3)</script>")
    page = Page(Report.from_json(text).to_html())
    assert len(page.scripts) == 4
    assert "<script>alert(3)</script>" in page.sections["verdict"]


def test_provenance_tells_what_it_takes_to_repeat(page):
    text = page.sections["provenance"]
    report = example()
    assert report.recipe["command"] in text
    assert report.recipe["data"]["checksum"] in text
    assert report.recipe["protocol"] in text
    for model in report.models:
        assert model["text"] in text
        assert all(paper in text for paper in model["papers"])


def test_what_is_missing_is_named_in_the_provenance(evil):
    assert "Undefined: " in evil.sections["provenance"]
    assert "Failed: L21" in evil.sections["provenance"]


def test_the_best_of_each_row_follows_the_direction_of_the_metric():
    text = example(splits=2).to_json().replace('"better": "higher"', '"better": "lower"')
    pages = [example(splits=2).to_html(), Report.from_json(text).to_html()]
    best = [re.findall(r'class="right best"[^>]*data-value="([^"]+)"', page) for page in pages]
    assert all(float(high) > float(low) for high, low in zip(*best, strict=True))


def test_without_plotly_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "plotly.offline", None)
    with pytest.raises(MissingExtraError, match=r'pip install "polytask\[report\]"'):
        example(splits=2).to_html()


def test_a_page_of_139_tasks_lists_them_all():
    page = Page(example(tasks=139, splits=3).to_html())
    assert all(f"school {i + 1}" in page.sections["scores"] for i in range(139))
