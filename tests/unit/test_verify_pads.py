"""Every shape of every pad of the design must be in the file."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, radians, sin
from pathlib import Path

import gdstk
import pytest
from klayout_program import MISSING, installed, run_decks, verdict

from router.draw.masks import draw_masks
from router.model.design import Design
from router.model.geometry import Box
from router.model.layout import Layout, Verdict
from router.read.design import read_design
from router.verify import check
from router.verify.klayout import check_with_klayout
from router.write.gds import write_gds


@pytest.mark.parametrize(("terminal", "mask"), [("bump", "RDL1"), ("bump", "PI1"), ("ball", "BALL"), ("ball", "SM")])
def test_a_shape_that_is_missing_is_named(tmp_path: Path, terminal: str, mask: str) -> None:
    """Without its own cell's shape on one mask a pad style is reported for each of its terminals there."""
    design = read_design("toy")
    path = tmp_path / "toy.gds"
    write_gds(path, design, draw_masks(design, Layout((), ())))
    assert not [fault for fault in check(path, design).faults if fault.kind == "missing_pad"]
    library = gdstk.read_gds(path)
    layer = design.pdk.mask(mask)
    (cell,) = [c for c in library.cells if c.name.startswith(f"PAD_{terminal}")]
    cell.remove(*[p for p in cell.polygons if (p.layer, p.datatype) == (layer.layer, layer.datatype)])
    library.write_gds(path)
    missing = [fault for fault in check(path, design).faults if fault.kind == "missing_pad"]
    mine = [t.id for t in design.terminals if design.pdk.pads[t.pad].name.startswith(terminal)]
    assert sorted(fault.terminals[0] for fault in missing) == sorted(f"{pin} on {mask}" for pin in mine)
    lands = {f"{t.id} on {mask}": Box.about((t.x, t.y), (t.width, t.height)) for t in design.terminals}
    assert all(fault.box == lands[fault.terminals[0]] for fault in missing)


def balls_as_crosses(path: Path, design: Design) -> None:
    """They reach as far out as the pads along the axes."""
    write_gds(path, design, draw_masks(design, Layout((), ())))
    library = gdstk.read_gds(path)
    layer = design.pdk.mask("BALL")
    (cell,) = [c for c in library.cells if c.name.startswith("PAD_ball")]
    (ball,) = [p for p in cell.polygons if (p.layer, p.datatype) == (layer.layer, layer.datatype)]
    cell.remove(ball)
    (x0, y0), (x1, y1) = ball.bounding_box()
    for bar in (((x0, y0 / 3), (x1, y1 / 3)), ((x0 / 3, y0), (x1 / 3, y1))):
        cell.add(gdstk.rectangle(*bar, layer=layer.layer, datatype=layer.datatype))
    library.write_gds(path)


@pytest.mark.parametrize("judge", [check, check_with_klayout])
def test_a_cross_is_no_round_pad(judge: Callable[[Path, Design], Verdict], tmp_path: Path) -> None:
    design = read_design("toy")
    balls_as_crosses(tmp_path / "toy.gds", design)
    assert len(missing(judge(tmp_path / "toy.gds", design))) == sum(t.pad == "ball" for t in design.terminals)


@pytest.mark.parametrize("angle", [None, *range(0, 360, 45)])
@pytest.mark.parametrize("judge", [check, check_with_klayout])
def test_a_bite_out_of_a_pad_is_seen(
    judge: Callable[[Path, Design], Verdict], angle: int | None, tmp_path: Path
) -> None:
    """4 µm about its middle, an extreme, or a place on its edge at 45°."""
    design, path = read_design("toy"), tmp_path / "toy.gds"
    write_gds(path, design, draw_masks(design, Layout((), ())))
    library, layer = gdstk.read_gds(path), design.pdk.mask("BALL")
    (cell,) = [c for c in library.cells if c.name.startswith("PAD_ball")]
    (ball,) = [p for p in cell.polygons if (p.layer, p.datatype) == (layer.layer, layer.datatype)]
    radius = 0.0 if angle is None else ball.bounding_box()[1][0]
    place = (radius * cos(radians(angle or 0)), radius * sin(radians(angle or 0)))
    cell.remove(ball)
    cell.add(*gdstk.boolean(ball, gdstk.ellipse(place, 4), "not", layer=layer.layer, datatype=layer.datatype))
    library.write_gds(path)
    assert len(missing(judge(path, design))) == sum(t.pad == "ball" for t in design.terminals)


@pytest.mark.skipif(not installed(), reason=MISSING)
def test_the_deck_says_so_too(tmp_path: Path) -> None:
    design = read_design("toy")
    balls_as_crosses(tmp_path / "toy.gds", design)
    run_decks(tmp_path, {"toy": design})
    assert missing(verdict(tmp_path, "toy")) == missing(check(tmp_path / "toy.gds", design))


def missing(verdict: Verdict) -> set[tuple[str, ...]]:
    return {fault.terminals for fault in verdict.faults if fault.kind == "missing_pad"}
