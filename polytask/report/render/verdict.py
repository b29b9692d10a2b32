"""The answer in words: does learning together help, which method, which tasks, at what cost."""

from collections import Counter
from dataclasses import dataclass

from polytask.report.render import lookup, numbers

TITLES = {
    "yes": "Yes: learning the tasks together helps here.",
    "no": "No: learning the tasks together does not help here.",
    "harm": "No: learning the tasks together does harm here.",
    "cannot tell": "Cannot tell: the difference is within the noise of the splits.",
    "nothing": "No answer: there is nothing to compare.",
}


@dataclass(frozen=True)
class Verdict:
    """The headline: an answer, its title and the sentences that carry it."""

    answer: str  # a key of TITLES
    leader: str | None
    sentences: tuple

    @property
    def title(self):
        return TITLES[self.answer]


def verdict(report):
    """Read the headline from a report.

    The answer rests on the "best" line (the method chosen by inner cross-validation in each
    split, scored outside it), because the best of many outer scores flatters itself. Without
    that line it rests on the interval of the model with the highest mean gain, and says so.
    """
    joint = [row for row in lookup.rows(report) if row.role == "joint" and row.summary]
    if not joint:
        return Verdict("nothing", None, tuple(_nothing(report)))
    leader = _leader(report, joint)
    parts = [_chosen(report, leader), _tasks(report, leader), _cost(report, leader), _lost(report)]
    return Verdict(_answer(report, leader), leader.name, tuple(p for p in parts if p))


def _leader(report, joint):
    votes = Counter((report.best or {}).get("chosen") or [])
    ranked = sorted(joint, key=lambda row: -votes[row.name])  # stable: by gain where votes tie
    return ranked[0]


def _answer(report, leader):
    best = report.best or {}
    found = leader.summary if best.get("low") is None else best
    low, high = found.get("low"), found.get("high")
    votes = set((report.best or {}).get("chosen") or [])
    if votes and votes <= set(lookup.baselines(report)):
        return "no"
    if low is None or high is None:
        return "cannot tell"
    return "yes" if low > 0 else "harm" if high < 0 else "cannot tell"


def _chosen(report, leader):
    best = report.best
    if not best:
        ends = numbers.percent_ends(leader.summary.get("low"), leader.summary.get("high"))
        ends = f" (interval {ends})" if ends else ", without an interval"
        return (
            f"{leader.name} has the highest mean gain, {numbers.percent(leader.gain)} over "
            f"{leader.summary['baseline']}{ends}. "
            "It was chosen by the same scores, which flatters it."
        )
    ends = numbers.interval(best["low"], best["high"], numbers.signed)
    return (
        f"Inner cross-validation chooses {_votes(best['chosen'])}. What it chooses scores "
        f"{numbers.score(best['score'])} in {best['metric']}, {_better(best)}"
        f"{f' (interval of the difference {ends})' if ends else ''}."
    )


def _votes(chosen):
    count = Counter(chosen).most_common()
    if len(count) == 1:
        return f"{count[0][0]} in {'every split' if len(chosen) > 1 else 'the one split'}"
    words = [f"{name} in {n}" for name, n in count]
    return f"{numbers.listing(words)} of {len(chosen)} splits"


def _better(best):
    difference, baseline = best["difference"], best["baseline"]
    if baseline is None:
        return "and there is no common baseline to compare it with"
    if difference is None:
        return f"with no defined difference from {baseline}"
    if difference == 0:
        return f"the same as {baseline}"
    side = "better" if difference > 0 else "worse"
    return f"{numbers.score(abs(difference))} {side} than {baseline}"


def _tasks(report, leader):
    gains = lookup.gains_of(report, leader.name)
    if not gains:
        return None
    few = 2 if len(gains) < 20 else 3
    text = f"With {leader.name}, {lookup.counts(leader.summary)}"
    if len(gains) > 2 * few:
        text += f". Most: {lookup.named_gains(gains[:few])}"
        return f"{text}; least: {lookup.named_gains(gains[::-1][:few])}."
    return f"{text}: {lookup.named_gains(gains)}."


def _cost(report, leader):
    seconds = {m["name"]: m["seconds"] for m in report.models}
    mine, base = seconds[leader.name], seconds.get(leader.summary["baseline"])
    if mine is None or base is None:
        return None
    times = f", {mine / base:.2g} times as long" if base > 0 and mine > base else ""
    return (
        f"Cost: {numbers.seconds(mine)} of fitting, against {numbers.seconds(base)} "
        f"for {leader.summary['baseline']}{times}."
    )


def _lost(report):
    failed = [m["name"] for m in report.models if m["status"] == "failed"]
    untried = [m["name"] for m in report.models if m["status"] == "not tried"]
    undefined = list(dict.fromkeys(record["task"] for record in report.undefined))
    parts = [
        f"Failed: {numbers.listing(failed)}." if failed else "",
        f"Not tried: {numbers.listing(untried)}." if untried else "",
        f"Undefined in some split: {numbers.listing(undefined)}." if undefined else "",
    ]
    return " ".join(part for part in parts if part)


def _nothing(report):
    if not report.models:
        return ["The report holds no model."]
    failed = [m for m in report.models if m["status"] == "failed"]
    if len(failed) == len(report.models):
        first = f"{failed[0]['name']}: {numbers.printable(failed[0]['error'])}"
        return [f"Every model failed ({len(failed)} of {len(failed)}).", f"The first: {first}"]
    return [
        "A gain needs a model that learns tasks together and its baseline, both fitted.",
        _lost(report),
    ]
