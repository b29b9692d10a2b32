"""scikit-learn's own conformance suite over every estimator of the package."""

import warnings

from laws.members import models
from sklearn.utils.estimator_checks import parametrize_with_checks

BY_PENALTY = {
    "Positive": {
        "check_classifiers_train": "classes that fall with an input need negative coefficients",
    },
}


def expected(model):
    """Checks that may fail, each with its reason: the class says which, or the penalty."""
    found = getattr(type(model), "_expected_failed_checks", {})
    return found | BY_PENALTY.get(type(getattr(model, "penalty", None)).__name__, {})


# Prepared takes data frames with text and gaps: what the suite wants refused is its work
ESTIMATORS = [model for model in models() if type(model).__name__ != "Prepared"]


@parametrize_with_checks(ESTIMATORS, expected_failed_checks=expected)
def test_every_model_is_a_scikit_learn_estimator(estimator, check):
    # the suite fits on tiny and degenerate tables; a warning there is not an error of ours
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(estimator)


def test_every_expected_failure_names_its_reason():
    for model in models():
        for name, reason in getattr(type(model), "_expected_failed_checks", {}).items():
            assert name.startswith("check_") and len(reason.split()) > 3, (model, name)
