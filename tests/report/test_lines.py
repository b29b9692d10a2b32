"""Lines of a comparison: names, texts, baselines, seeds."""

import pytest
from report.small import Shrunk
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import Ridge

from polytask import Independent, Pooled
from polytask.errors import ParameterError
from polytask.report.lines import lines, seeded, text_of_model


def test_models_of_a_list_are_named_by_their_texts():
    found = lines([Shrunk(alpha=2.0), Pooled()])
    assert [line.name for line in found[:2]] == ["Shrunk(alpha=2.0)", "Pooled()"]


def test_equal_models_of_a_list_are_refused_and_of_a_dict_are_not():
    with pytest.raises(ParameterError, match="Give a dict"):
        lines([Pooled(), Pooled()])
    assert len(lines({"a": Pooled(), "b": Pooled()})) == 3


def test_a_baseline_is_the_method_alone_else_independent():
    by_name = {line.name: line for line in lines([Shrunk(), Pooled()])}
    assert by_name["Shrunk()"].baseline == "Shrunk(pull=0.0)"
    assert by_name["Pooled()"].baseline == "Independent()"
    assert by_name["Shrunk(pull=0.0)"].added and by_name["Independent()"].added


def test_a_wrapped_estimator_is_compared_with_itself_per_task():
    assert lines([Pooled(Ridge(3.0))])[0].baseline == "Independent(estimator=Ridge(alpha=3.0))"


def test_a_model_per_task_is_a_baseline_itself():
    (line,) = lines([Independent(Ridge(3.0))])
    assert line.baseline is None


def test_a_given_baseline_is_known_among_the_models_by_its_parameters():
    found = lines(
        {"mine": Independent(Ridge(3.0)), "p": Pooled()}, baseline=Independent(Ridge(3.0))
    )
    assert [(line.name, line.baseline) for line in found] == [("mine", None), ("p", "mine")]


def test_the_name_of_a_baseline_has_no_seed_and_its_text_has():
    found = lines([Pooled()], baseline=Independent(RandomForestRegressor()), seed=7)
    assert found[1].name == "Independent(estimator=RandomForestRegressor())"
    assert "random_state=7" in found[1].text


def test_a_name_that_is_taken_gets_a_number():
    found = lines({"Independent()": Pooled()})
    assert [line.name for line in found] == ["Independent()", "Independent() (2)"]


def test_only_open_seeds_are_set_and_the_model_that_was_given_is_left_alone():
    given = Independent(RandomForestRegressor(random_state=3))
    assert seeded(given, "m", 9).estimator.random_state == 3
    open_seed = Independent(RandomForestRegressor())
    assert seeded(open_seed, "m", 9).estimator.random_state == 9
    assert open_seed.estimator.random_state is None


def test_the_text_of_a_model_is_whole_and_on_one_line():
    text = text_of_model(Independent(Ridge(alpha=[float(i) for i in range(300)])))
    assert "299.0" in text and "\n" not in text and "..." not in text


def test_an_unknown_name_of_a_baseline_is_refused():
    with pytest.raises(ParameterError, match="baseline needs a model or one of the names"):
        lines({"a": Pooled()}, baseline="b")
