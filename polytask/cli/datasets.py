"""``polytask datasets``: the data sets, their facts, and where each was found."""


def add(parser):
    """The arguments of the verb."""
    parser.add_argument("name", nargs="?", help="one of them, with all its facts")


def run(args):
    """Print a line per data set, or everything about one."""
    from polytask import datasets

    if args.name:
        print(_facts(datasets.get(args.name)))
        return
    rows = [_row(datasets.get(name)) for name in datasets.names()]
    head = ["name", "rows", "inputs", "tasks", "found"]
    width = [max(len(row[i]) for row in [head, *rows]) for i in range(5)]
    for row in [head, *rows]:
        print("  ".join(cell.ljust(w) for cell, w in zip(row, width, strict=True)).rstrip())


def _row(found):
    sizes = [f"{number:,}" for number in (found.rows, found.features, found.tasks)]
    return [found.name, *sizes, place(found)]


def place(found):
    """Where a data set is: embedded, a folder of this computer, or to be brought."""
    from polytask.datasets.store import Store

    if not found.files:
        return "embedded"
    store = Store.here()
    at = [store.find(file) for file in found.files]
    if all(at):
        return str(at[0].parent)
    public = all(file.originals for file in found.files)
    return "to be downloaded" if public else "not here, and no public address is left"


def _facts(found):
    lines = [f"{found.name}: {found.title}", f"found: {place(found)}"]
    lines += [
        f"{key}: {value}" for key, value in found.facts().items() if key not in ("name", "title")
    ]
    return "\n".join(lines)
