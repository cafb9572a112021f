"""The example packages from end to end: complete, clean in the eyes of every engine, and the same where they go out."""

from __future__ import annotations

from pathlib import Path

import klayout.db as kdb
import klayout_program
import pytest

from router import flow, handover
from router.draw.masks import draw_masks
from router.model.design import Design
from router.model.layout import Verdict
from router.model.pdk import MaskRole
from router.read.library import list_designs
from router.read.routes import read_routes
from router.write.formats import FORMATS
from router.write.gds import write_gds

# What is drawn as an area in the GDSII and as a line in Gerber.
CONTOURS = (MaskRole.OUTLINE, MaskRole.DIE)


@pytest.mark.parametrize("name", [path.stem for path in list_designs()])
def test_every_example_is_signed_off(name: str, tmp_path: Path) -> None:
    result = flow.route(flow.read_design(name), threads=2)
    report = flow.write(result, tmp_path)
    assert flow.is_clean(report), report["engines"]
    assert sorted(report["engines"]["verdicts"]) == ["klayout", "own"]
    if klayout_program.installed():
        klayout_program.run_decks(tmp_path, {name: result.design})
        assert klayout_program.verdict(tmp_path, name) == Verdict((), ())
    routes_hold_all_that_was_drawn(tmp_path, result.design)
    for name_of_format in FORMATS:
        assert all(path.stat().st_size for path in flow.export(name_of_format, tmp_path).files)
    gerber_holds_the_same_metal(tmp_path, result.design)


def routes_hold_all_that_was_drawn(folder: Path, design: Design) -> None:
    """Masks of routes.json are, polygon by polygon and label by label, those of the GDSII."""
    layout = read_routes(folder / f"{design.name}.routes.json", design)
    write_gds(folder / "again.gds", design, draw_masks(design, layout))
    found, _ = handover.diff(folder / f"{design.name}.gds", folder / "again.gds")
    assert found.same


def gerber_holds_the_same_metal(folder: Path, design: Design) -> None:
    """KLayout reads the Gerber files: nothing stands out of the GDSII, and nothing is missing but corners."""
    gerber, gds = kdb.Layout(), kdb.Layout()
    gerber.read(str(folder / "gerber" / f"{design.name}.pcb"))
    gds.read(str(folder / f"{design.name}.gds"))
    for mask in design.pdk.masks:
        theirs = kdb.Region(gds.top_cell().begin_shapes_rec(gds.layer(mask.layer, mask.datatype))).merged()
        ours = kdb.Region(gerber.top_cell().begin_shapes_rec(gerber.layer(mask.layer, mask.datatype))).merged()
        if mask.role not in CONTOURS:
            assert (ours - theirs.sized(2)).is_empty(), mask.name
            assert ours.count() == theirs.count(), mask.name
            assert ours.area() > 0.993 * theirs.area(), mask.name
