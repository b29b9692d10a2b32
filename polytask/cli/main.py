"""``polytask``: which verb, and what an error looks like."""

import argparse
import os
import sys
import traceback
from importlib import import_module

from polytask import __version__
from polytask.errors import PolytaskError

# The order of a first day: look, compare, fit, predict.
VERBS = {
    "describe": "what is in a table: tasks, kinds, labels, gaps",
    "compare": "does learning the targets together help, which method, which targets",
    "fit": "fit one model and write it to a file",
    "predict": "predict the rows of a new table with a model file",
    "list": "models, penalties, datafits, solvers, sharings, balancers, data sets",
    "datasets": "the data sets: facts, and where each was found",
    "reproduce": "a published table: its protocol, the paper's numbers, ours",
    "demo": "compare on a real data set, and write the page",
}


def main(argv=None):
    """Run one command.

    Parameters
    ----------
    argv : list of str, optional
        Without the name of the program; default: the command line.

    Returns
    -------
    int
        Exit status: 0; 1 where a gate of a reproduction does not hold; 2 for bad input; 130 for
        Ctrl-C. Anything else that goes wrong is a bug and shows its traceback.
    """
    argv = sys.argv[1:] if argv is None else list(argv)
    args = _parser(argv).parse_args(argv)
    args.command_line = ["polytask", *argv]
    try:
        return _verb(args.verb).run(args) or 0
    except PolytaskError as error:
        if args.traceback:
            traceback.print_exc()
        print(f"polytask {args.verb}: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("polytask: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # whoever read us has seen enough; nothing must be flushed into the closed pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser(argv):
    """The parser; only the verb that is asked for is loaded."""
    parser = argparse.ArgumentParser(
        prog="polytask",
        description="Multi-task learning: does learning your targets together help, which method "
        "does it, which targets gain and which lose?",
    )
    parser.add_argument("--version", action="version", version=f"polytask {__version__}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    wanted = next((word for word in argv if not word.startswith("-")), None)
    for name, text in VERBS.items():
        one = verbs.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        if name == wanted:
            _verb(name).add(one)
        one.add_argument("--quiet", action="store_true", help="print results only")
        one.add_argument("--traceback", action="store_true", help="show where an error came from")
    return parser


def _verb(name):
    return import_module(f"polytask.cli.{name}")
