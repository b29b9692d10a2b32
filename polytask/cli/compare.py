"""``polytask compare``: the main job."""

import shlex
import sys

from polytask.cli.words import add_data, add_search


def add(parser):
    """The arguments of the verb."""
    add_data(parser)
    parser.add_argument(
        "--models",
        nargs="+",
        metavar="TEXT",
        help="names (ridge, l21, ...) or texts as reports print them; default: six usual ones",
    )
    parser.add_argument("--baseline", metavar="TEXT", help="one baseline for all gains")
    add_search(parser)
    outer = parser.add_argument_group("splits")
    outer.add_argument("--folds", type=int, help="default 5")
    outer.add_argument(
        "--repeats", type=int, help="of the folds (default 1), or how many official splits to use"
    )
    outer.add_argument(
        "--splits",
        choices=("official", "folds"),
        help="of a data set; default: official where there are two or more",
    )
    outer.add_argument(
        "--curve", nargs="+", type=float, default=[], metavar="SHARE", help="smaller training parts"
    )
    work = parser.add_argument_group("work")
    work.add_argument("--class-weight", choices=("balanced",), help="per task")
    work.add_argument("--n-jobs", type=int, help="workers (default 1)")
    work.add_argument("--minutes", type=float, help="budget; what was not tried is listed")
    work.add_argument("--out", metavar="DIR", help="keep results as they come, and resume")
    work.add_argument(
        "--report", nargs="+", default=[], metavar="FILE", help=".html, .md, .json or .txt"
    )


def run(args):
    """Compare, print the verdict, write the reports."""
    from polytask import report
    from polytask.cli import outputs
    from polytask.cli.names import models_of, usual
    from polytask.cli.progress import Shown
    from polytask.cli.source import source

    outputs.reports(args.report)
    models = models_of(args.models) if args.models else None
    baseline = _baseline(args.baseline, models)
    found = source(args)
    if models is None:
        models = models_of(usual(found.data.kinds))
        # one measure for all, and a seventh model is not fitted for every task of the table
        baseline = baseline or next(iter(models))
    splits = _splits(args, found)
    _say(args, models, splits)
    shown = Shown()
    result = report.compare(
        found.data,
        models,
        metric=args.metric,
        folds=args.folds or 5,
        repeats=args.repeats or 1,
        splits=splits,
        by=args.split_by or ("time" if args.time else None),
        inner=args.inner or None,
        select=args.select,
        baseline=baseline,
        seed=args.seed,
        n_jobs=args.n_jobs,
        minutes=args.minutes,
        out=args.out,
        impute=args.impute,
        categories=args.categories,
        class_weight=args.class_weight,
        curve=args.curve,
        progress=None if args.quiet else shown,
        command=shlex.join(args.command_line),
        name=found.name,
    )
    shown.end()
    print(result)
    for path in args.report:
        result.save(path)
        if not args.quiet:
            print(f"wrote {path}", file=sys.stderr)


def _baseline(text, models):
    from polytask.cli.names import known, models_of

    if text is None:
        return None
    ((name, model),) = models_of([text]).items()
    return name if models and name in models and known(text) else model


def _splits(args, found):
    """The official splits, where they are wanted; None for folds."""
    from polytask.errors import DataError, require

    asked = args.splits == "official"
    require(
        not asked or bool(found.splits),
        f"--splits official needs a data set that has splits. Found {found.name!r}. Use folds.",
        DataError,
    )
    require(
        not (asked and (args.folds or args.split_by)),
        "--splits official brings its splits. Found --folds or --split-by beside it. Leave one "
        "out.",
        DataError,
    )
    free = args.splits is None and not (args.folds or args.split_by)
    wanted = asked or (free and len(found.splits) > 1)
    return found.splits[: args.repeats] if wanted else None


def _say(args, models, splits):
    if args.quiet:
        return
    dealt = f"{len(splits)} splits of the data set" if splits else f"{args.folds or 5} folds"
    print(f"models: {', '.join(models)}\nsplits: {dealt}", file=sys.stderr)
