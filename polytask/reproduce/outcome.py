"""A finished reproduction: it prints as a table and is written in the one JSON form."""

from dataclasses import dataclass

from polytask.reproduce.row import Row


@dataclass(frozen=True)
class Reproduced:
    """The rows of a reproduction, with what they rest on.

    Attributes
    ----------
    name, paper, protocol : str
    rows : tuple of Row
    seconds : float
        Of all pieces of work, those that were resumed included.
    failures : tuple of str
        Pieces that failed, with their errors.

    Examples
    --------
    >>> from polytask.reproduce import Gate, Row
    >>> row = Row("ridge", "Ridge()", "RMSE", "points", (2.0, 2.2), 2.4, Gate(high=2.5))
    >>> found = Reproduced("toy", "A paper.", "Two seeds.", (row,), 1.5)
    >>> print(found)
    toy: A paper.
    Two seeds.
    row    metric (unit)   paper  ours           n  gate   holds
    ridge  RMSE (points)   2.40   2.10 +- 0.14   2  <= 2.5  yes
    1 gate holds, 0 do not, 0 not judged; 2 s.
    >>> found.status
    0
    """

    name: str
    paper: str
    protocol: str
    rows: tuple[Row, ...]
    seconds: float
    failures: tuple[str, ...] = ()

    @property
    def status(self):
        """Exit status: 1 where a gate does not hold, else 0."""
        return int(any(row.holds is False for row in self.rows))

    def to_dict(self):
        """The one JSON form of every reproduction and benchmark."""
        return {
            "name": self.name,
            "paper": self.paper,
            "protocol": self.protocol,
            "rows": [row.to_dict() for row in self.rows],
            "seconds": self.seconds,
        }

    def __str__(self):
        failed = [f"failed: {line}" for line in self.failures]
        head = [f"{self.name}: {self.paper}", self.protocol]
        return "\n".join([*head, *_table(self.rows), *failed, self._verdict()])

    def _verdict(self):
        gates = [row.holds for row in self.rows if row.gate is not None]
        good = gates.count(True)
        return (
            f"{good} gate{' holds' if good == 1 else 's hold'}, {gates.count(False)} do not, "
            f"{gates.count(None)} not judged; {self.seconds:.0f} s."
        )


def _table(rows):
    cells = [("row", "metric (unit)", "paper", "ours", "n", "gate", "holds")]
    cells += [_cells(row, row.to_dict()) for row in rows]
    width = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]
    return ["  ".join(c.ljust(w) for c, w in zip(line, width)).rstrip() for line in cells]


def _cells(row, said):
    ours = "failed" if said["measured"] is None else f"{said['measured']:.2f}"
    ours += "" if said["std"] is None else f" +- {said['std']:.2f}"
    paper = "" if said["published"] is None else f"{said['published']:.2f}"
    judged = {True: "yes", False: "NO", None: "not judged" if row.gate else ""}[said["holds"]]
    metric = f"{said['metric']} ({said['unit']})"
    return (said["name"], metric, paper, ours, str(said["n"]), _gate(row.gate), judged)


def _gate(gate):
    if gate is None:
        return ""
    if gate.low is None:
        return f"<= {gate.high:g}"
    if gate.high is None:
        return f">= {gate.low:g}"
    return f"{gate.low:g} to {gate.high:g}"
