"""What the package offers, without importing it."""

import subprocess
import sys

from polytask.cli.shelf import entries, role, shelf


def test_every_role_has_its_members_and_no_base():
    found = {what: {entry.name for entry in members} for what, members in shelf().items()}
    assert {"Independent", "Pooled", "LinearModel", "EmpiricalBayes"} <= found["model"]
    assert {"L1", "L21", "TraceNorm", "MeanRegularised"} <= found["penalty"]
    assert {"School", "Digits"} <= found["dataset"]
    assert {"Binary", "Counts", "Ordinal", "Ranking", "Survival", "Tagging"} <= found["kind"]
    bases = {"Model", "Regressor", "Classifier", "Penalty", "Kind", "Dataset", "Slot"}
    assert not bases & set().union(*found.values())


def test_a_role_follows_from_the_ancestors():
    assert role("L21") == "penalty"
    assert role("LinearClassifier") == "model"
    assert role("Relation") is None
    assert role("no such class") is None


def test_an_entry_has_its_first_line_and_its_first_paper():
    entry = entries()["L21"]
    assert entry.headline.startswith("Sum of the lengths of the rows")
    assert entry.paper == "Argyriou, Evgeniou, Pontil. Multi-task feature learning. NIPS 2006."
    assert entry.module == "polytask.linear.penalties.l21"


def test_looking_at_the_shelf_imports_no_wing():
    code = (
        "import sys; from polytask.cli.shelf import shelf; shelf(); "
        "print([m for m in ('torch', 'polytask.linear', 'polytask.bayes', 'polytask.deep') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
