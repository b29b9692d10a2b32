"""``polytask fit``: one model, chosen as `compare` chooses, written to a file."""

import sys

from polytask.cli.words import add_data, add_search


def add(parser):
    """The arguments of the verb."""
    add_data(parser)
    parser.add_argument(
        "--model", required=True, metavar="TEXT", help="a name (l21) or a text as reports print it"
    )
    parser.add_argument("--out", required=True, metavar="FILE", help="the model file")
    add_search(parser)


def run(args):
    """Choose by inner cross-validation, fit on all rows, write the file."""
    from polytask import persist
    from polytask.cli.choosing import choose
    from polytask.cli.names import models_of
    from polytask.cli.outputs import writable
    from polytask.cli.source import prepared, source
    from polytask.report.lines import text_of_model

    writable(args.out)
    (model,) = models_of([args.model]).values()
    found = source(args)
    model, params = choose(prepared(model, found, args), found.data, args)
    fitted = model.fit(found.data)
    persist.save(fitted, args.out)
    print(f"{args.out}: {text_of_model(fitted)}")
    if params and not args.quiet:
        chosen = ", ".join(f"{name}={value!r}" for name, value in params.items())
        print(f"chosen by inner cross-validation: {chosen}", file=sys.stderr)
