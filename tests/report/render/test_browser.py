"""In a real browser: every chart is drawn, tables sort, nothing is logged and nothing loaded."""

import json
import re
import shutil
import subprocess
from html import unescape

import pytest
from report.example import all_failed, example

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="needs chromium on the PATH"),
]
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--no-first-run", "--disable-dev-shm-usage", "--window-size=1280,900"),
    *("--virtual-time-budget=6000", "--dump-dom"),
)

# Runs before anything else in the page and writes down what goes wrong.
WATCH = """<script>
const wrong = [];
addEventListener("error", (e) => wrong.push("error " + e.message), true);
addEventListener("unhandledrejection", (e) => wrong.push("rejected " + e.reason));
addEventListener("securitypolicyviolation", (e) => wrong.push("blocked " + e.blockedURI));
for (const level of ["error", "warn"]) console[level] = (...all) => wrong.push(level + all);
</script>"""

# Runs last: uses the page as a reader would, then leaves the answers in the document.
TELL = """<script>
const texts = (table) => Array.from(table.tBodies[0].rows, (row) => row.cells[0].textContent);
const table = document.querySelector("#scores table");
const select = document.querySelector("#gains select");
const found = { ready: document.documentElement.dataset.ready || "no", wrong };
if (table) {
  const button = table.querySelector("th button");
  button.click(); found.up = texts(table); found.sort = button.parentNode.getAttribute("aria-sort");
  button.click(); found.down = texts(table);
}
if (select) {
  select.value = "1"; select.dispatchEvent(new Event("change"));
  found.views = Array.from(document.querySelectorAll("#gains .view"), (view) => view.hidden);
}
const shown = Array.from(document.querySelectorAll(".view:not([hidden]) .chart"));
found.charts = shown.map((box) => box.querySelectorAll("svg.main-svg").length > 0);
found.loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
found.overflow = document.documentElement.scrollWidth - innerWidth;
document.body.dataset.found = JSON.stringify(found);
</script>"""


def browse(report, folder):
    """What the page says of itself after a visit."""
    html = report.to_html().replace("<head>", "<head>" + WATCH, 1)
    head, tail = html.rsplit("</body>", 1)
    page = folder / "report.html"
    page.write_text(head + TELL + "</body>" + tail, encoding="utf-8")
    command = [BROWSER, *FLAGS, f"--user-data-dir={folder / 'user'}", page.as_uri()]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    return json.loads(unescape(re.search(r'data-found="([^"]*)"', dom)[1]))


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return browse(example(), tmp_path_factory.mktemp("page"))


def test_nothing_goes_wrong_and_nothing_is_loaded(found):
    assert found["ready"] == "yes"
    assert found["wrong"] == []
    assert [name for name in found["loaded"] if not name.startswith(("data:", "blob:"))] == []


def test_every_chart_in_sight_is_drawn(found):
    assert found["charts"] == [True] * 5


def test_a_head_sorts_its_column_up_and_down(found):
    assert found["up"] == sorted(found["up"])
    assert found["down"] == found["up"][::-1]
    assert found["sort"] == "ascending"


def test_choosing_another_model_shows_its_view_alone(found):
    assert found["views"] == [True, False, True, True, True]


def test_the_page_is_not_wider_than_its_window(found):
    assert found["overflow"] <= 0


def test_a_page_without_any_score_goes_wrong_nowhere(tmp_path):
    found = browse(all_failed(), tmp_path)
    assert (found["ready"], found["wrong"], found["charts"]) == ("yes", [], [])
