"""KLayout's net tracer, told by the .lyt alone, on a routed package."""

from __future__ import annotations

from pathlib import Path

import klayout.db as kdb
import pytest

from router.flow import read_design, route, write
from router.model.pdk import TerminalKind


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("toy")
    write(route(read_design("toy")), folder)
    return folder


def test_every_net_is_followed_from_its_first_bump_to_its_balls_and_to_no_other(toy: Path) -> None:
    design = read_design("toy")
    layout, technology = kdb.Layout(), kdb.Technology()
    layout.read(str(toy / "toy.gds"))
    technology.load(str(toy / "toy.lyt"))
    # Held in names of their own: the engine does not keep what its parts belong to.
    component = technology.component("connectivity")
    (connectivity,) = component.each()
    metal, marks = design.pdk.mask("RDL1"), design.pdk.mask("BALL")
    for net in design.nets:
        terminals = [design.terminals[terminal] for end in net.ends for terminal in end.terminals]
        bump = next(terminal for terminal in terminals if terminal.kind is TerminalKind.BUMP)
        tracer = kdb.NetTracer()
        start = kdb.Point(bump.x, bump.y)
        tracer.trace(connectivity, layout, layout.top_cell(), start, layout.layer(metal.layer, metal.datatype))
        assert tracer.name() == net.name
        on_marks = [e for e in tracer.each_element() if e.layer() == layout.layer(marks.layer, marks.datatype)]
        reached = [element.bbox().center() for element in on_marks]
        balls = [terminal for terminal in terminals if terminal.kind is TerminalKind.BALL]
        assert sorted((at.x, at.y) for at in reached) == sorted((ball.x, ball.y) for ball in balls)
