"""``polytask describe``: what is in a table."""

from polytask.cli.words import add_data


def add(parser):
    """The arguments of the verb."""
    add_data(parser)


def run(args):
    """Print tasks, kinds, labels, gaps, splits and descriptors."""
    from polytask.cli.source import source

    # looking at gaps is no reason to refuse them
    args.impute = "constant"
    found = source(args)
    print(text_of(found))


def text_of(found):
    """The description of a `Source` as text."""
    data = found.data
    shared = "every row has every label" if data.shared else "rows may lack labels"
    blocks = [
        f"{found.name}: {data.n_rows:,} rows, {data.n_features} inputs, {data.n_tasks} tasks, "
        f"{int(data.n_labels.sum()):,} labels ({shared})",
        _table(["task", "kind", "labels", "share", "values"], [_task(data, one) for one in data]),
        _inputs(data),
    ]
    if found.splits:
        blocks.append(f"official splits: {len(found.splits)}")
    for word, column in (("groups", data.groups), ("moments", data.time)):
        if column is not None:
            blocks.append(f"{word}: {len(set(column.tolist()))}")
    if data.descriptors is not None:
        known = data.descriptors
        rows = [[n, *(f"{v:.4g}" for v in row)] for n, row in zip(data.names, known.values)]
        blocks.append("descriptors\n" + _table(["task", *known.names], rows))
    return "\n\n".join(blocks)


def _task(data, one):
    kind = one.task.kind
    if not one.n:
        values = ""
    elif kind.name == "survival":
        time = abs(one.y)
        values = f"{time.min():.4g} to {time.max():.4g}, {int((one.y > 0).sum())} events"
    elif kind.classes is None:
        values = f"{one.y.min():.4g} to {one.y.max():.4g}, mean {one.y.mean():.4g}"
    else:
        counts = [(label, int((one.y == code).sum())) for code, label in enumerate(kind.classes)]
        values = ", ".join(f"{label}: {count}" for label, count in counts[:10])
        values += f", ... ({len(counts)} classes)" if len(counts) > 10 else ""
    share = one.n / max(data.n_rows, 1)
    return [one.task.name, kind.name, f"{one.n:,}", f"{share:.0%}", values]


def _inputs(data):
    import numpy as np
    from scipy import sparse

    gaps = np.zeros(data.n_features, int)
    if not sparse.issparse(data.X):
        gaps = np.isnan(data.X).sum(axis=0)
    text = sum(column.levels is not None for column in data.inputs)
    head = (
        f"inputs: {data.n_features - text} numbers, {text} text, {int((gaps > 0).sum())} with gaps"
    )
    rows = [
        [column.name, f"{len(column.levels)} levels" if column.levels else "numbers", f"{gap:,}"]
        for column, gap in zip(data.inputs, gaps.tolist())
        if gap or column.levels
    ]
    return head + ("\n" + _table(["input", "holds", "gaps"], rows) if rows else "")


def _table(head, rows):
    cells = [head, *rows]
    width = [max(len(row[i]) for row in cells) for i in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(w) for cell, w in zip(row, width, strict=True)).rstrip()
        for row in cells
    )
