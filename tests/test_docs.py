"""What the pages show runs, and prints what they say; the pages build without a warning."""

import contextlib
import doctest
import io
import re
import runpy
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import polytask

ROOT = Path(polytask.__file__).parent.parent
DOCS = ROOT / "docs"
# Decisions quote signatures, and what is generated is a list: neither is for running.
QUIET = {"decisions", "_generated", "_build"}
PAGES = [
    ROOT / "README.md",
    *sorted(page for page in DOCS.rglob("*.md") if not QUIET & set(page.relative_to(DOCS).parts)),
]
EXAMPLES = sorted((DOCS / "examples").glob("*.py"))
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# A block that is shown only: the comment before it says why, for instance that it downloads.
SHOWN_ONLY = re.compile(r"<!-- not run: \S.*-->\s*$")
SAME = doctest.OutputChecker()


@dataclass
class Block:
    """A fenced block of a page, and the output that stands right below it, if any."""

    language: str
    code: str
    line: int
    output: str | None = None


def blocks(text):
    """The python and console blocks of a page that are to be run, in order."""
    found, end = [], None
    for match in FENCE.finditer(text):
        language, code = match.groups()
        line = text.count("\n", 0, match.start()) + 1
        follows = end is not None and not text[end : match.start()].strip()
        if language == "text" and follows and found:
            found[-1].output = code
        shown = SHOWN_ONLY.search(text[: match.start()])
        end = match.end() if language == "python" and not shown else None
        if language in ("python", "console") and not shown:
            found.append(Block(language, code, line))
    return found


def run_python(block, names, page):
    """Run a block in the namespace of its page, and compare what it prints."""
    printed = io.StringIO()
    code = compile("\n" * block.line + block.code, str(page), "exec")
    with contextlib.redirect_stdout(printed):
        exec(code, names)  # noqa: S102  our own page
    if block.output is not None:
        flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        got = printed.getvalue()
        message = f"{page.name}:{block.line} prints\n{got}\nand the page says\n{block.output}"
        assert SAME.check_output(block.output, got, flags), message


def run_console(block, page):
    """Run the polytask commands of a block; they must end well."""
    for line in block.code.replace("\\\n", " ").splitlines():
        if not line.startswith("$ polytask"):
            continue
        words = [sys.executable, "-m", "polytask.cli", *shlex.split(line)[2:]]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{page.name}:{block.line}: {line}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_page_does_what_it_shows(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "page"}
    for block in blocks(page.read_text(encoding="utf-8")):
        if block.language == "python":
            run_python(block, names, page)
        else:
            run_console(block, page)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.name)
def test_an_example_runs(path, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(path), run_name="__main__")
    assert capsys.readouterr().out.strip(), f"{path.name} should print what it found"


def test_there_are_examples():
    assert EXAMPLES


def test_every_local_link_of_a_page_leads_somewhere():
    dead = []
    for page in [*PAGES, ROOT / "CONTRIBUTING.md"]:
        text = FENCE.sub("", page.read_text(encoding="utf-8"))
        for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text):
            if not (page.parent / target).exists():
                dead.append(f"{page.relative_to(ROOT)} -> {target}")
    assert not dead, "\n".join(dead)


def test_the_pages_build_without_a_warning(tmp_path):
    pytest.importorskip("sphinx")
    pytest.importorskip("myst_parser")
    words = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    done = subprocess.run(
        [*words, "-d", str(tmp_path / "trees"), str(DOCS), str(tmp_path / "html")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]


@pytest.mark.parametrize(
    ("text", "count", "output"),
    [
        ("```python\nprint(1)\n```\n\n```text\n1\n```\n", 1, "1\n"),
        ("```python\nprint(1)\n```\nwords\n\n```text\n1\n```\n", 1, None),
        ("<!-- not run: downloads -->\n```python\nprint(1)\n```\n", 0, None),
        ("```console\n$ polytask list\n```\n", 1, None),
    ],
)
def test_blocks_are_found(text, count, output):
    found = blocks(text)
    assert len(found) == count
    assert [block.output for block in found] == [output] * count


def test_a_block_that_prints_something_else_is_found_out():
    block = Block("python", "print(2)\n", 1, "1\n")
    with pytest.raises(AssertionError, match="prints"):
        run_python(block, {}, Path("page.md"))
