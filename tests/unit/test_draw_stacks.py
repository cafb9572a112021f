"""Stacks of cuts: wide traces that change two levels at once have metal as wide between."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from both_engines import judged_as_drawn
from junction_packages import package, routed

from router.draw.stacks import landing_shapes, stack_landings
from router.draw.standing import via_obstacles
from router.draw.tighten import tighten
from router.model.design import Design
from router.model.layout import Layout, Trace, Via

WIDE = '[[class]]\nname = "wide"\nnets = ["A"]\nwidth = WIDTH\n'
# From bump to bump, along RDL1, RDL3 and RDL1 again.
WAY = [(-500, 0, 0), (-200, 0, 0), (-200, 0, 1), (-200, 0, 2), (200, 0, 2), (200, 0, 1), (200, 0, 0), (500, 0, 0)]
STACK = tuple(Via(0, index, -200_000, 0) for index in (0, 1))


def wide(folder: Path, width: int) -> Design:
    return package(folder, [(-500, 0), (500, 0)], [], WIDE.replace("WIDTH", str(width)), levels=3)


def cuts(layout: Layout) -> list[int]:
    return [sum(via.index == index for via in layout.vias) for index in (0, 1)]


@pytest.mark.usefixtures("no_cut_is_spared")
@pytest.mark.parametrize("angles", ["octilinear", "any"])
@pytest.mark.parametrize(("width", "each"), [(24, 1), (100, 5), (200, 25)])
def test_every_cut_of_a_stack_has_as_many_beside_it(width: int, each: int, angles: str, tmp_path: Path) -> None:
    design = wide(tmp_path, width)
    design = replace(design, pdk=design.pdk.with_angles(angles))
    layout = tighten(design, routed(design, WAY))
    assert cuts(layout) == [2 * each, 2 * each]
    assert len(layout.shapes) == (2 if each > 1 else 0)
    judged = judged_as_drawn(design, layout, tmp_path)
    assert judged.clean, (judged.violations, judged.faults, judged.differences)


def test_metal_lies_between_the_cuts_of_a_stack_alone(tmp_path: Path) -> None:
    design = wide(tmp_path, 200)
    place = 0, 1, -200_000, 0
    assert stack_landings(design, STACK) == {place: 200_000}
    assert not stack_landings(design, (STACK[0], Via(0, 1, 200_000, 0)))
    points = np.array([[-200_000, 0], [400_000, 0]])
    ending, narrow = Trace(0, 1, 200_000, points), Trace(0, 1, 60_000, points)
    assert not list(landing_shapes({place: 200_000}, [ending])), "the end of a trace is metal as wide"
    assert len(list(landing_shapes({place: 200_000}, [narrow]))) == 1


def test_others_keep_from_what_lies_between_the_cuts_of_a_stack(tmp_path: Path) -> None:
    pads = via_obstacles(wide(tmp_path, 200), STACK)
    assert [(pad.level, pad.sides[0] > 150_000) for pad in pads] == [(0, False), (1, True), (1, True), (2, False)]
