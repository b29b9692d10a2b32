"""Markdown tables stay tables whatever a name holds."""

from report.example import all_failed, example

from polytask.report import Report
from polytask.report.render.markdown import code


def tables(text):
    """Runs of lines that start with a bar."""
    block, found = [], []
    for line in [*text.split("\n"), ""]:
        if line.startswith("|"):
            block.append(line)
        elif block:
            found.append(block)
            block = []
    return found


def bars(line):
    """Bars that split cells: those without a backslash before them."""
    return line.replace("\\|", "").count("|")


def test_every_row_of_every_table_has_as_many_cells_as_its_head():
    text = example(tasks=("a|b", "c\nd", "`e`", "<i>f</i>")).to_markdown()
    assert len(tables(text)) >= 2
    for table in tables(text):
        assert len({bars(line) for line in table}) == 1


def test_markup_in_a_name_is_escaped():
    text = example(tasks=("<img src=x>", "*bold*", "[a](b)")).to_markdown()
    text = text[: text.index("- again: ")]  # the command is inline code, where markup is text
    assert "<img" not in text.replace("\\<img", "")
    assert "*bold*" not in text.replace("\\*bold\\*", "")
    assert "\\[a\\](b)" in text


def test_code_survives_backticks():
    assert code("a`b") == "`` a`b ``"


def test_every_model_is_there_as_text_that_can_be_pasted():
    report = example()
    text = report.to_markdown()
    for model in report.models:
        assert f"`{model['text']}`" in text


def test_failures_and_undefined_tasks_are_told():
    text = example(failed=("L21",), not_tried=("Pooled",), undefined=("sport",)).to_markdown()
    for words in ("L21 failed", "Not tried: Pooled", "Undefined: sport in 10 splits"):
        assert words in text


def test_reports_without_scores_are_rendered():
    assert "Every model failed" in all_failed().to_markdown()
    assert Report().to_markdown().startswith("## No answer")
