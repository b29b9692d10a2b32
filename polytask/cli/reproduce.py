"""``polytask reproduce``: a published table, its protocol, the paper's numbers, ours."""


def add(parser):
    """The arguments of the verb."""
    parser.add_argument("name", nargs="?", help="a reproduction: see `polytask list reproduction`")
    parser.add_argument("--all", action="store_true", help="run them all")
    parser.add_argument("--chapter", help="with --all: one chapter only")
    parser.add_argument("--quick", action="store_true", help="at most five minutes: fewer seeds")
    parser.add_argument("--json", metavar="FILE", help="write the rows here")
    parser.add_argument(
        "--out",
        metavar="DIR",
        default="polytask-runs/reproduce",
        help="keep results as they come, and resume (default polytask-runs/reproduce)",
    )


def run(args):
    """Run one or many, print each, and say by the exit status whether all gates hold."""
    from polytask import reproduce
    from polytask.cli.outputs import writable
    from polytask.cli.progress import Shown

    _check(args)
    if args.json:
        writable(args.json, (".json",))
    shown = Shown()
    options = {
        "quick": args.quick,
        "json": args.json,
        "out": args.out,
        "progress": None if args.quiet else shown,
    }
    if args.all:
        found = reproduce.reproduce_all(args.chapter, **options)
    else:
        found = [reproduce.reproduce(args.name, **options)]
    shown.end()
    print("\n\n".join(map(str, found)))
    return max((one.status for one in found), default=0)


def _check(args):
    from polytask import reproduce
    from polytask.errors import require

    require(
        bool(args.name) != args.all,
        f"Name one reproduction, or say --all. Known: {', '.join(reproduce.names())}.",
    )
    require(
        args.all or not args.chapter,
        f"--chapter goes with --all. Found the name {args.name!r} beside it. Leave one out.",
    )
