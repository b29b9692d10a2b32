"""``polytask list``: what can stand in a model text, and the names of the literature."""

# In the order in which a model is put together.
ORDER = ("model", "penalty", "datafit", "solver", "sharing", "balancer", "kind", "dataset")


def add(parser):
    """The arguments of the verb."""
    parser.add_argument("role", nargs="?", help="one of them only, such as penalty")


def run(args):
    """Print every class with its first line and its paper."""
    from polytask.cli.shelf import shelf
    from polytask.errors import ParameterError, require

    found = shelf()
    sections = {**_named(), **{what: _classes(found[what]) for what in _ordered(found)}}
    sections |= _reproductions()
    require(
        args.role is None or args.role in sections,
        f"list takes one of: {', '.join(sections)}. Found {args.role!r}.",
        ParameterError,
    )
    for what, lines in sections.items():
        if args.role in (None, what):
            print("\n".join([f"{what}", *lines, ""]))


def _ordered(found):
    return sorted(found, key=lambda what: (ORDER.index(what) if what in ORDER else 99, what))


def _named():
    from polytask.cli.names import LITERATURE, available

    lines = []
    for one in filter(available, LITERATURE):
        also = f" (also {', '.join(one.names[1:])})" if one.names[1:] else ""
        lines += [f"  {one.names[0]}{also}", f"      {one.text}", f"      {one.paper}"]
    return {"name": lines}


def _classes(members):
    lines = []
    for entry in sorted(members, key=lambda entry: entry.name):
        lines.append(f"  {entry.name}  {entry.headline}")
        lines += [f"      {entry.paper}"] if entry.paper else []
    return lines


def _reproductions():
    from polytask import reproduce

    lines = []
    for name in reproduce.names():
        one = reproduce.get(name)
        lines += [f"  {name}  (chapter {one.chapter})", f"      {one.paper}"]
    return {"reproduction": lines}
