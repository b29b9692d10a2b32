"""Model texts: what a report prints for a model, read back without evaluating anything."""

import ast
import difflib
import inspect
import math
from importlib import import_module

from sklearn.base import BaseEstimator
from sklearn.utils import all_estimators

from polytask.cli.shelf import entries, role
from polytask.errors import ParameterError, require
from polytask.model import Model

LONGEST = 10_000
NUMBERS = {"inf": math.inf, "nan": math.nan}
RULE = (
    "A model text holds names of the catalog, numbers, strings, None, True, False, lists, tuples "
    "and dicts only."
)


def parse_model(text):
    """The model that a text names, as a report prints it.

    Names are looked up among the classes of polytask, then among scikit-learn's estimators. The
    text is read as a tree and walked; nothing in it is evaluated.

    Parameters
    ----------
    text : str
        Such as ``"LinearModel(L21(0.1))"``; a bare name stands for a call without arguments.

    Returns
    -------
    Model
        Not fitted.

    Raises
    ------
    ParameterError
        If the text is not a model text, names what is not in the catalog, or gives an argument
        that the class does not have.

    Examples
    --------
    >>> parse_model("Independent(Ridge(alpha=2.0))")
    Independent(estimator=Ridge(alpha=2.0))
    """
    value = parse(text)
    if isinstance(value, Model):
        return value
    raise ParameterError(_not_a_model(text, value))


def parse(text):
    """The value that a text names: a model, a slot such as a data set, an estimator, a number.

    Raises
    ------
    ParameterError
        As `parse_model`.

    Examples
    --------
    >>> parse("Digits(labels_per_task=40)").labels_per_task
    40
    """
    require(
        len(text) <= LONGEST,
        f"A model text has at most {LONGEST} characters. Found {len(text)}. "
        "Write the model in Python, or name fewer options.",
    )
    return _value(_bare_call(_tree(text)))


def find(name):
    """The class of this name: polytask's own first, then scikit-learn's estimators.

    Raises
    ------
    ParameterError
        If neither has it; the message offers near names.
    """
    if role(name) and not entries()[name].abstract:
        return getattr(import_module(entries()[name].module), name)
    estimators = dict(all_estimators())
    if name in estimators:
        return estimators[name]
    known = [own for own in entries() if role(own)]
    near = difflib.get_close_matches(name, [*known, *estimators], n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "See `polytask list`."
    raise ParameterError(f"Expected a name of the catalog. Found {name!r}. {hint}")


def _tree(text):
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        where = getattr(error, "msg", None) or type(error).__name__
        raise ParameterError(
            f"Expected a model text such as 'LinearModel(L21(0.1))'. Found {_short(text)!r} "
            f"({where}). Paste a model as a report prints it."
        ) from None


def _bare_call(node):
    bare = isinstance(node, ast.Name) and node.id not in NUMBERS
    return ast.Call(node, [], []) if bare else node


def _value(node):
    match node:
        case ast.Constant(value=bool() | int() | float() | str() | None as value):
            return value
        case ast.List(elts=items):
            return [_value(item) for item in items]
        case ast.Tuple(elts=items):
            return tuple(_value(item) for item in items)
        case ast.Dict(keys=keys, values=values) if None not in keys:
            return {_key(k): _value(v) for k, v in zip(keys, values, strict=True)}
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return _signed(node, operand)
        case ast.Name(id=name) if name in NUMBERS:
            return NUMBERS[name]
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
            return _call(name, args, keywords)
    raise ParameterError(f"{RULE} Found {_what(node)}. Paste a model as a report prints it.")


def _key(node):
    value = _value(node)
    require(
        isinstance(value, str | int | float | bool | tuple | None),
        f"{RULE} Found {_short(ast.unparse(node))!r} as the key of a dict. Use a string.",
    )
    return value


def _signed(node, operand):
    value = _value(operand)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ParameterError(f"{RULE} Found {_what(node)}. Only numbers take a sign.")
    return -value if isinstance(node.op, ast.USub) else value


def _call(name, args, keywords):
    if any(isinstance(arg, ast.Starred) for arg in args) or any(k.arg is None for k in keywords):
        raise ParameterError(f"{RULE} Found a star in the call of {name}. Name each argument.")
    make = find(name)
    names = [keyword.arg for keyword in keywords]
    twice = sorted({one for one in names if names.count(one) > 1})
    require(not twice, f"{name} takes each argument once. Found {twice} twice. Drop one.")
    positional = [_value(arg) for arg in args]
    named = {keyword.arg: _value(keyword.value) for keyword in keywords}
    try:
        inspect.signature(make).bind(*positional, **named)
    except TypeError as error:
        raise ParameterError(_bad_arguments(name, make, error)) from None
    return make(*positional, **named)


def _bad_arguments(name, make, error):
    known = ", ".join(inspect.signature(make).parameters) or "no arguments"
    return f"{name} takes: {known}. Found a call with {error}. Correct the text of the model."


def _what(node):
    kinds = {
        ast.Attribute: "an attribute",
        ast.Lambda: "a lambda",
        ast.JoinedStr: "an f-string",
        ast.ListComp: "a comprehension",
        ast.SetComp: "a comprehension",
        ast.DictComp: "a comprehension",
        ast.GeneratorExp: "a comprehension",
        ast.Subscript: "a subscript",
        ast.BinOp: "arithmetic",
        ast.Call: "the call of",
    }
    text = ast.unparse(node.func if isinstance(node, ast.Call) else node)
    return f"{kinds.get(type(node), type(node).__name__.lower())} {_short(text)!r}"


def _not_a_model(text, value):
    name = type(value).__name__
    if isinstance(value, BaseEstimator):
        return (
            f"Expected a multi-task model. Found {name}, an estimator of scikit-learn for one "
            f"task. Write 'Independent({_short(text)})' to fit it task by task."
        )
    what = f"{name}, a {role(name)}" if role(name) else repr(_short(text))
    return f"Expected a model. Found {what}. Put it inside a model: see `polytask list`."


def _short(text, width=60):
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 3] + "..."
