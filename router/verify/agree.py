"""Two verdicts on one layout, place by place: where they differ, one of the judges is wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from router.model.geometry import Box
from router.model.layout import Difference, Fault, Verdict
from router.verify.findings import clusters

# Engines round the corners of their marks differently; marks this near (nm) are one place.
MARGIN = 2


def differences(one: Verdict, other: Verdict, names: tuple[str, str]) -> list[Difference]:
    """All differences between the verdicts of two engines; empty when they agree.

    Violations agree when both engines mark each place: engines cut edges differently, so marks of one rule that touch,
    of either engine, are one place. Faults agree when kind, nets and terminals are the same.
    """
    found: list[Difference] = []
    boxes = [_boxes_by_rule(verdict) for verdict in (one, other)]
    for rule in sorted({*boxes[0], *boxes[1]}):
        found += _unshared(rule, boxes[0].get(rule, ()), boxes[1].get(rule, ()), names)
    for mine, theirs, name in ((one, other, names[0]), (other, one, names[1])):
        rest = Counter(map(_key, theirs.faults))
        for fault in mine.faults:
            if rest[_key(fault)]:
                rest[_key(fault)] -= 1
            else:
                detail = f"nets {', '.join(fault.nets) or 'none'}; terminals {', '.join(fault.terminals) or 'none'}"
                found.append(Difference(name, fault.kind, detail, fault.box))
    return found


def _boxes_by_rule(verdict: Verdict) -> dict[str, list[Box]]:
    boxes: dict[str, list[Box]] = defaultdict(list)
    for violation in verdict.violations:
        boxes[violation.rule].append(violation.box)
    return boxes


def _unshared(rule: str, one: Sequence[Box], other: Sequence[Box], names: tuple[str, str]) -> list[Difference]:
    """Places that one engine marks and the other does not."""
    boxes = [box.grown(MARGIN // 2) for box in (*one, *other)]
    bounds = np.array([box.bounds for box in boxes], dtype=np.float64)
    place = clusters(bounds, np.zeros(len(boxes), dtype=np.int64))
    seen = set(place[: len(one)].tolist()), set(place[len(one) :].tolist())
    found = []
    for mine, name in enumerate(names):
        for number in sorted(seen[mine] - seen[1 - mine]):
            box = (*one, *other)[int(np.flatnonzero(place == number)[0])]
            found.append(Difference(name, rule, "marked by this engine alone", box))
    return found


def _key(fault: Fault) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    return fault.kind, tuple(sorted(fault.nets)), tuple(sorted(fault.terminals))
