"""The packages in netlists/ hold what they promise."""

from __future__ import annotations

from collections import Counter

import pytest

from router.model.design import Design
from router.read.design import read_design
from router.read.library import list_designs


@pytest.mark.parametrize("path", list_designs(), ids=lambda path: path.stem)
def test_every_example_reads(path) -> None:  # type: ignore[no-untyped-def]
    design = read_design(path)
    assert design.name == path.stem
    assert design.nets


def _joins(design: Design) -> Counter[tuple[str, ...]]:
    """How many two-ended nets join which components."""
    joins: Counter[tuple[str, ...]] = Counter()
    for net in design.nets:
        parts = [design.terminals[i].id.partition(".")[0] for end in net.ends for i in end.terminals]
        if len(parts) == 2:
            joins[tuple(parts)] += 1
    return joins


def test_duo_is_the_package_it_says() -> None:
    design = read_design("duo")
    sizes = {component.name: len(component.ids) for component in design.components}
    assert sizes == {"logic": 900, "memory": 306, "balls": 400, **{f"C{n}": 2 for n in (1, 2, 3, 4)}}
    assert (design.outline.width, design.outline.height) == (8_600_000, 8_600_000)
    assert _joins(design) == {("logic", "memory"): 120, ("logic", "balls"): 180, ("memory", "balls"): 40}
    supplies = [net for net in design.nets if net.net_class == "supply"]
    assert [net.name for net in supplies] == ["VDD", "VDDIO", "VDDM", "VSS"]
    members = Counter(
        design.terminals[i].id.partition(".")[0] for net in supplies for end in net.ends for i in end.terminals
    )
    assert members["logic"] == 600 and members["memory"] == 146 and members["balls"] == 180
    for name in ("C1", "C2", "C3", "C4"):
        nets = [net.name for net in supplies for end in net.ends if design.terminals[end.terminals[0]].id[:2] == name]
        assert len(nets) == 2 and "VSS" in nets
    assert -1 not in design.net_of_terminal()
    assert all(len(end.terminals) == 1 for net in design.nets for end in net.ends)


def test_duo_balls_are_named_as_seen_from_the_top() -> None:
    balls = {terminal.id: terminal for terminal in read_design("duo").terminals if terminal.id.startswith("balls.")}
    assert (balls["balls.A1"].x, balls["balls.A1"].y) == (3_800_000, 3_800_000)
    assert (balls["balls.Y20"].x, balls["balls.Y20"].y) == (-3_800_000, -3_800_000)


def test_toy_has_ten_nets() -> None:
    design = read_design("toy")
    assert [(net.name, len(net.ends)) for net in design.nets] == [
        *((name, 2) for name in ("CLK", "RST", "D0", "D1", "D2", "D3", "D4", "D5")),
        ("VDD", 5),
        ("VSS", 5),
    ]
    assert -1 not in design.net_of_terminal()
