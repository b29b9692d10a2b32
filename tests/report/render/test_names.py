"""Short names are all different, and say what a reader compares."""

from report.example import example

from polytask.report import Report
from polytask.report.render.names import short_names, with_short_names

A = "LinearModel(penalty=L21(alpha=0.1))"
B = "LinearModel(penalty=L21(alpha=1.0))"


def test_an_engine_gives_way_to_its_method_and_a_wrapper_stays():
    alone = f"Independent(estimator={A})"
    assert short_names([A, alone]) == {A: "L21", alone: "Independent(L21)"}


def test_models_that_would_be_equal_keep_their_whole_text():
    assert short_names([A, B]) == {A: A, B: B}


def test_engines_that_differ_are_kept_where_the_method_is_the_same():
    other = "LinearClassifier(penalty=L21(alpha=0.1))"
    assert short_names([A, other]) == {A: "LinearModel(L21)", other: "LinearClassifier(L21)"}


def test_two_methods_in_one_engine_keep_it():
    deep = "DeepModel(sharing=HardSharing(width=64), balance=Uncertainty())"
    assert short_names([deep]) == {deep: "DeepModel(HardSharing, Uncertainty)"}


def test_a_given_name_stays_as_it_is():
    names = ["my model", "L21", "f(x", "a+b", "学校", "__import__('os').system('x')"]
    assert short_names(names) == {name: name for name in names}


def test_a_short_name_never_takes_a_name_that_is_there():
    found = short_names([A, "L21"])
    assert found == {A: "LinearModel(L21)", "L21": "L21"}


def test_every_table_of_a_report_is_renamed_and_the_text_kept():
    long = Report.from_json(example().to_json().replace('"L21"', f'"{A}"'))
    short = with_short_names(long)
    assert A not in short.to_json().replace(f'"text": "{A}"', "")
    assert short.to_json().count('"L21"') == long.to_json().count(f'"{A}"')


def test_a_report_with_short_names_is_left_alone():
    report = example()
    assert with_short_names(report) is report
