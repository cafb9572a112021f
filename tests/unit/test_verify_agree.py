"""Two verdicts, compared: what is the same, and what makes a difference."""

from __future__ import annotations

from dataclasses import replace

import pytest

from router.model.geometry import Box
from router.model.layout import Difference, Fault, Verdict, Violation
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


def marked(rule: str, *places: tuple[int, int, int, int]) -> Verdict:
    return Verdict(tuple(Violation(rule, ("RDL1",), (), Box(*place), 10, 9) for place in places), ())


def test_a_place_that_one_engine_marks_alone_is_a_difference() -> None:
    alone, both = (500, 0, 600, 50), (0, 0, 100, 50)
    found = differences(marked("RDL1.S.1", both, alone), marked("RDL1.S.1", both), ("own", "klayout"))
    assert found == [Difference("own", "RDL1.S.1", "marked by this engine alone", Box(*alone))]
    found = differences(marked("RDL1.S.1", both), marked("RDL1.S.1", alone, both), ("own", "klayout"))
    assert found == [Difference("klayout", "RDL1.S.1", "marked by this engine alone", Box(*alone))]


@pytest.mark.parametrize(("apart", "same"), [(-40, True), (0, True), (2, True), (3, False), (60, False)])
def test_marks_of_a_rule_that_touch_or_nearly_so_are_one_place(apart: int, same: bool) -> None:
    one, other = marked("RDL1.S.1", (0, 0, 100, 50)), marked("RDL1.S.1", (100 + apart, 0, 250, 50))
    found = [d.only_in for d in differences(one, other, ("own", "klayout"))]
    assert found == ([] if same else ["own", "klayout"])


def test_a_row_of_marks_is_one_place_however_each_engine_cuts_it() -> None:
    row = [(k, 0, k + 100, 50) for k in range(0, 1000, 100)]
    assert differences(marked("RDL1.W.1", *row), marked("RDL1.W.1", (0, 0, 1000, 50)), ("own", "klayout")) == []
    gone = marked("RDL1.W.1", *row[:4], *row[6:])
    assert differences(gone, marked("RDL1.W.1", *row[:3]), ("own", "klayout")) == [
        Difference("own", "RDL1.W.1", "marked by this engine alone", Box(*row[6]))
    ]


def test_marks_of_another_rule_are_another_place() -> None:
    place = (0, 0, 100, 50)
    found = differences(marked("RDL1.S.1", place), marked("RDL1.W.1", place), ("own", "klayout"))
    assert [(d.only_in, d.rule) for d in found] == [("own", "RDL1.S.1"), ("klayout", "RDL1.W.1")]
