"""The heat map keeps every number with its pair of tasks, and hides no gap."""

import numpy as np
from report.example import example

from polytask.report import Report
from polytask.report.plots import relation


def one(matrix, names):
    return Report(relations={"m": {"names": names, "matrix": matrix, "meaning": "correlation"}})


def test_reordering_moves_names_and_numbers_together():
    report = example()
    value = report.relations["TraceNorm"]
    heat = relation(report, "TraceNorm").data[0]
    assert sorted(heat.x) == sorted(value["names"])
    for i, row in enumerate(heat.y):
        for j, column in enumerate(heat.x):
            a, b = value["names"].index(row), value["names"].index(column)
            assert heat.z[i][j] == value["matrix"][a][b]


def test_similar_tasks_stand_side_by_side():
    blocks = np.kron(np.eye(2), np.full((3, 3), 0.9))
    np.fill_diagonal(blocks, 1.0)
    mixed = [0, 3, 1, 4, 2, 5]
    report = one(blocks[np.ix_(mixed, mixed)], [f"t{i}" for i in mixed])
    order = [int(name[1]) // 3 for name in relation(report, "m").data[0].x]
    assert order in ([0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 0])


def test_zero_is_the_middle_of_the_scale():
    heat = relation(one([[1, -3], [-3, 1]], ["a", "b"]), "m").data[0]
    assert (heat.zmin, heat.zmid, heat.zmax) == (-3, 0, 3)


def test_an_unknown_number_stays_a_gap():
    heat = relation(one([[1, None, 0.5], [None, 1, 0.2], [0.5, 0.2, 1]], list("abc")), "m").data[0]
    i, j = heat.y.index("a"), heat.x.index("b")
    assert np.isnan(heat.z[i][j])


def test_a_relation_of_zeros_or_of_one_task_is_drawn():
    assert relation(one([[0, 0], [0, 0]], ["a", "b"]), "m").data[0].zmax == 1.0
    assert list(relation(one([[1]], ["a"]), "m").data[0].x) == ["a"]


def test_names_that_shortening_makes_equal_stay_different():
    names = ["the same beginning of a name 1", "the same beginning of a name 2"]
    assert len(set(relation(one(np.eye(2), names), "m").data[0].x)) == 2


def test_names_of_many_tasks_are_left_to_hovering():
    assert not relation(example(tasks=40), "TraceNorm").layout.xaxis.showticklabels
    assert relation(example(), "TraceNorm").layout.xaxis.showticklabels
