"""``polytask demo``: the main job on real data, within a minute."""

import shlex
import sys

# Few rows to learn from, so that learning together has something to give; many to judge on.
EMBEDDED = ["Digits(train_rows=60)", "--repeats", "4", "--inner", "3", "--metric", "auc"]
SCHOOL = ["school", "--repeats", "3", "--inner", "3"]
METRIC = ["--metric", "explained_variance_within_task"]


def add(parser):
    """The arguments of the verb."""
    parser.add_argument("--html", metavar="FILE", help="write the page here")
    parser.add_argument("--n-jobs", type=int, default=2, help="workers (default 2)")


def words(args):
    """The command that the demo stands for, without the name of the program."""
    from polytask import datasets

    data = [*SCHOOL, *METRIC] if datasets.get("school").here() else EMBEDDED
    page = ["--report", args.html] if args.html else []
    return ["compare", *data, "--n-jobs", str(args.n_jobs), *page]


def run(args):
    """Say which command this is, and run it."""
    from pathlib import Path

    from polytask.cli.main import main

    if args.html:
        Path(args.html).parent.mkdir(parents=True, exist_ok=True)
    command = words(args)
    print(f"$ polytask {shlex.join(command)}", file=sys.stderr)
    return main(command + ["--quiet"] * args.quiet)
