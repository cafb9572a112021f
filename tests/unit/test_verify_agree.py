"""Two verdicts, compared: what is the same, and what makes a difference."""

from __future__ import annotations

from dataclasses import replace

import pytest

from router.model.geometry import Box
from router.model.layout import Difference, Fault, Verdict
from router.verify.agree import differences

PLACE = Box(0, 0, 100, 100)
OPEN = Fault("open", ("A", "B"), ("die.1", "die.2"), PLACE)


def told(one: Fault, other: Fault) -> list[tuple[str, str]]:
    found: list[Difference] = differences(Verdict((), (one,)), Verdict((), (other,)), ("own", "klayout"))
    return [(d.only_in, d.rule) for d in found]


def test_faults_agree_in_any_order_of_names_and_wherever_they_are_marked() -> None:
    other = replace(OPEN, nets=("B", "A"), terminals=("die.2", "die.1"), box=PLACE.grown(50))
    assert told(OPEN, other) == []


@pytest.mark.parametrize(
    "fields", [{"kind": "short"}, {"nets": ("A",)}, {"terminals": ("die.1", "die.3")}, {"terminals": ()}], ids=str
)
def test_faults_of_another_kind_net_or_terminal_differ(fields: dict[str, object]) -> None:
    other = replace(OPEN, **fields)  # type: ignore[arg-type]
    assert told(OPEN, other) == [("own", OPEN.kind), ("klayout", other.kind)]


def test_a_fault_that_one_finds_twice_differs_once() -> None:
    found = differences(Verdict((), (OPEN, OPEN)), Verdict((), (OPEN,)), ("own", "klayout"))
    assert [d.only_in for d in found] == ["own"]
