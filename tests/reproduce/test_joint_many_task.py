"""The table of the joint many-task model: parts of data, differences, and one small training."""

import numpy as np
import pytest

from polytask.reproduce import get, joint_many_task
from polytask.reproduce.joint_many_task import OPTIONS, TASKS, Form

NUMBERS = dict.fromkeys(("pos", "chunk", "uas", "las", "entailment", "lost", "constant"), 50.0)


def test_differences_are_taken_seed_by_seed():
    one = get("joint-many-task")
    records = {
        f"{way} | {seed}": NUMBERS | {"relatedness": mean + seed}
        for way, mean in zip(OPTIONS, (0.5, 0.9, 0.6, 1.0, 0.5), strict=True)
        for seed in range(3)
    }
    rows = {row.name: row for row in one.rows(records)}
    assert rows["no shortcut - all: relatedness"].values == pytest.approx((0.4, 0.4, 0.4))
    assert rows["all: entailment accuracy"].published == 84.6
    assert not any(row.gate for row in rows.values())
    quick, full = ({piece.name for piece in one.pieces(form)} for form in (True, False))
    assert len(quick) == 2 and quick < full and len(full) == 2 + 3 * len(OPTIONS)


@pytest.mark.data("conll2000", "sick", "ud_english_ewt")
def test_a_small_model_is_grown_and_judged_on_other_sentences():
    form = Form(sentences=12, pairs=12, width=4, epochs=1, rate=1e-2, judged=8)
    parts = joint_many_task._drawn(np.random.default_rng(0), form)
    assert tuple(parts) == TASKS
    for train, test in parts.values():
        assert (train.n_rows, test.n_rows) == (12, 8)
        assert not set(train.X) & set(test.X)
    found = joint_many_task._grown({}, form, parts, 0)
    assert set(found) == set(NUMBERS) | {"relatedness"}
    assert found["las"] <= found["uas"] and found["relatedness"] > 0
    assert found == joint_many_task._grown({}, form, parts, 0)
