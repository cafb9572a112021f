"""Every shape of every pad of the design must be in the file."""

from __future__ import annotations

from pathlib import Path

import gdstk
import pytest

from router.draw.masks import draw_masks
from router.model.layout import Layout
from router.read.design import read_design
from router.verify import check
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
