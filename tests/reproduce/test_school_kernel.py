"""School with a kernel: what is judged, and that candidates are those of the protocol."""

import pytest

from polytask.reproduce import get

SEEN = {"linear": 27.2, "Gaussian kernel": 27.0}


def judged(seen, splits=10):
    records = {
        f"{name} | split {i}": {
            "status": "ok",
            "overall": [{"metric": "explained_variance_within_task", "value": value / 100}],
        }
        for i in range(1, splits + 1)
        for name, value in seen.items()
    }
    return {row.name: row.holds for row in get("school-kernel").rows(records)}


def test_both_lines_are_judged_and_their_difference_is_printed():
    assert list(judged(SEEN).values()) == [True, True, None]
    assert list(judged(SEEN, splits=3).values()) == [None, None, None]
    assert judged(SEEN | {"Gaussian kernel": 24.0})["Gaussian kernel"] is False


def test_candidates_are_two_widths_with_four_strengths():
    grid = get("school-kernel").models()["Gaussian kernel"].grid(None)
    assert len(grid) == 8 and len({one["kernel"] for one in grid}) == 2


@pytest.mark.slow
@pytest.mark.data("school")
def test_a_piece_of_the_real_table_gives_the_number_of_the_kernel():
    one = get("school-kernel")
    piece = next(p for p in one.pieces(True) if p.name == "Gaussian kernel | split 1")
    record = piece.work() | {"status": "ok"}
    value = one.values({piece.name: record}, "Gaussian kernel", one.criterion, factor=100)[0]
    assert 26.5 < value < 29.5  # 28.1 to 28.3 at single settings on this split
