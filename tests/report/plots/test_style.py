"""Labels are short, different, and text only."""

from report.example import example

from polytask.report.plots import style


def test_labels_are_all_different():
    found = style.labels(["a" * 50, "a" * 60, "b"])
    assert len(set(found)) == 3


def test_a_failed_model_has_no_line():
    assert "L21" not in style.lines(example(failed=("L21",)))


def test_the_scale_of_gains_has_its_pale_end_at_zero():
    def light(colour):
        return sum(int(colour[i : i + 2], 16) for i in (1, 3, 5))

    shades = [light(colour) for _, colour in style.DIVERGING]
    assert max(shades) == shades[2]
    assert style.DIVERGING[2][0] == 0.5
