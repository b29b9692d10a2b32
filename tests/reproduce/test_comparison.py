"""Methods on splits: tuned inside, judged outside, one piece each."""

import numpy as np
import pytest
from reproduce.toy import Small

from polytask.bayes import EmpiricalBayes
from polytask.linear import L2
from polytask.report import evaluate
from polytask.report.digest import digest
from polytask.reproduce import Gate, Row, reproduce
from polytask.reproduce.among import Among, strengths, text
from polytask.reproduce.comparison import difference


@pytest.fixture(scope="module")
def full():
    records = {done.name: done.record for done in Small().run()}
    return Small(), records


def test_a_piece_is_one_model_on_one_split(full):
    one, records = full
    assert len(records) == 8
    assert all(record["status"] == "ok" for record in records.values())
    assert one.values(records, "ridge", "overall_rmse", among="1") == (
        one.values(records, "ridge", "overall_rmse")[1],
    )


def test_the_number_is_that_of_the_chosen_model_on_the_test_rows(full):
    one, records = full
    data = one.data()
    for name, (train, test) in one.splits(data, False).items():
        record = records[f"ridge | {name}"]
        models = {f"penalty={p!r}": Among((p,), penalty=p) for p in one.models()["ridge"].penalties}
        model = models[record["chosen"]].fit(data.take(train))
        expected = evaluate(model, data.take(test))["overall_rmse"]
        assert one.values(records, "ridge", "overall_rmse", among=name)[0] == pytest.approx(
            expected, rel=1e-6
        )


def test_where_nothing_is_to_choose_the_model_is_fitted_once(full):
    _, records = full
    assert records["bayes | 0"]["chosen"] == ""
    assert records["ridge | 0"]["chosen"].startswith("penalty=L2")
    assert records["pooled | 0"]["chosen"].startswith("estimator__penalty=L2")


def test_the_quick_form_has_the_numbers_of_the_full_one(full):
    one, records = full
    for done in one.run(quick=True):
        assert done.record["overall"] == records[done.name]["overall"]


def test_other_candidates_are_other_work():
    one, other = Small(), Small()
    other.models = lambda: {"ridge": Among(strengths(L2(), 1, 0.02, 3))}
    assert one.pieces(True)[0].name == other.pieces(True)[0].name
    a, b = one.pieces(True)[0].recipe, other.pieces(True)[0].recipe
    assert digest(a) != digest(b)
    assert digest(a) == digest(one.pieces(True)[0].recipe)


def test_a_model_that_fails_leaves_a_gap_and_the_others_go_on():
    class Broken(Small):
        def models(self):
            return {"bad": EmpiricalBayes(jitter=0), "bayes": EmpiricalBayes()}

    found = reproduce(Broken(), quick=True)
    assert len(found.failures) == 1
    assert found.failures[0].startswith("bad | 0: ParameterError: EmpiricalBayes needs jitter > 0")


def test_differences_are_taken_split_by_split():
    gate = Gate(0.0, None, 2)
    a = Row("a", "A()", "EV", "%", (3.0, 5.0, None), 4.0, test_share=0.3)
    b = Row("b", "B()", "EV", "%", (1.0, 4.0, 2.0), 3.1)
    found = difference(a, b, gate=gate)
    assert found.values == (2.0, 1.0, None)
    assert found.published == 0.9
    assert found.gate is gate
    assert found.holds is False
    assert found.name == "a - b"
    assert found.test_share == 0.3


def test_candidates_are_printed_by_their_ends():
    model = Among(strengths(L2(), 10, 0.1, 3))
    assert text(model) == (
        "LinearModel(task_weight='size'), 3 penalties from L2(alpha=10.0) to L2(alpha=0.1)"
    )
    np.testing.assert_allclose([p.alpha for p in model.penalties], [10, 1, 0.1])
