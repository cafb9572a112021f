"""Shapes of Specctra design files: lands, keep-outs and the boundary."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from test_import_dsn import IMAGES, design, pad_of, places

from router.model.errors import InputError
from router.model.geometry import Box
from router.model.pdk import ShapeKind


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("(circle Top 50)", (ShapeKind.CIRCLE, 50, 50)),
        ("(rect Top 20 10 -20 -10)", (ShapeKind.RECT, 40, 20)),
        ("(polygon Top 0 20 10 -20 10 -20 -10 20 -10 20 10)", (ShapeKind.RECT, 40, 20)),
        ("(polygon Top 0 50 21 21 50 -21 50 -50 21 -50 -21 -21 -50 21 -50 50 -21)", (ShapeKind.OCTAGON, 100, 100)),
        ("(path Top 20 -10 0 10 0)", (ShapeKind.OBLONG, 40, 20)),
        ("(poly Top 0 20 10 -20 10 -20 -10 20 -10)", (ShapeKind.RECT, 40, 20)),
        ("(path Top 20 0 0)", (ShapeKind.CIRCLE, 20, 20)),
        ("(path Top 20 0 -10 0 10 (aperture_type square))", (ShapeKind.RECT, 20, 40)),
    ],
)
def test_lands(tmp_path: Path, shape: str, expected: tuple[ShapeKind, int, int]) -> None:
    draft = design(tmp_path, pads=f"(padstack P (shape {shape})) (padstack Q (shape (circle Bottom 200)))")
    pad = pad_of(draft, "U1", "1")
    assert (pad.shape, pad.width, pad.height, pad.polygon) == (
        expected[0],
        expected[1] * 1000,
        expected[2] * 1000,
        None,
    )


def test_a_land_of_no_shape_of_ours_keeps_its_ring(tmp_path: Path) -> None:
    shape = "(polygon Top 0 0 0 60 0 60 20 20 20 20 60 0 60)"
    draft = design(tmp_path, pads=f"(padstack P (shape {shape})) (padstack Q (shape (circle Bottom 200)))")
    pad = pad_of(draft, "U1", "1")
    assert pad.polygon is not None and len(pad.polygon) == 6
    # The middle of its box lies outside it; the pin stands inside.
    assert 0 < pad.width < 40_000
    assert any("off the pin's place" in guess for guess in draft.guesses)


def test_pins_stand_in_the_middle_of_offset_lands(tmp_path: Path) -> None:
    pads = "(padstack P (shape (circle Top 80 30 10))) (padstack Q (shape (circle Bottom 200)))"
    assert places(design(tmp_path, pads=pads), "U1")["1"] == (190, 30)


def test_keepouts(tmp_path: Path) -> None:
    structure = """(keepout "" (circle Top 100 500 500)) (keepout coil (rect signal 0 0 10 20))
      (wire_keepout w (path Bottom 10 0 0 100 0 100 50)) (via_keepout v (rect Top 0 0 5 5))
      (keepout coil (polygon Top 0 0 0 10 0 10 10 0 0)) (keepout flat (rect Top 0 0 10 0))
      (keepout point (polygon Top 0 5 5 5 5 5 5)) (keepout (circ Top 20))"""
    images = IMAGES.replace("(image die", "(image die (keepout k (rect Top 50 -10 70 10))")
    draft = design(tmp_path, structure=structure, images=images)
    found = {keepout.name: keepout for keepout in draft.keepouts}
    assert list(found) == ["keepout_1", "coil", "w", "w_4", "coil_5", "keepout_6", "U1"]
    assert found["coil"].layers == () and found["coil_5"].layers == ("Top",) and found["w"].layers == ("Bottom",)
    # The polygon of a circle goes round it.
    assert np.hypot(*(found["keepout_1"].ring - 500_000).T).min() > 50_000
    assert found["U1"].ring.min(axis=0).tolist() == [190_000, 150_000]
    assert any("v (via_keepout)" in lost for lost in draft.lost) and any(
        "flat (keepout), point (keepout)" in x for x in draft.lost
    )
    assert any("wire_keepout" in guess for guess in draft.guesses)


def test_a_quarter_of_a_circle(tmp_path: Path) -> None:
    """From its first point to its second, about its third: as wide as it says, and the short way, whichever turn."""
    for ends in ("200 100 100 200", "100 200 200 100"):
        draft = design(tmp_path, structure=f"(keepout arc (qarc Top 10 {ends} 100 100))")
        covered = shapely.union_all([shapely.Polygon(keepout.ring) for keepout in draft.keepouts])
        assert covered.area == pytest.approx(np.pi / 2 * 100_000 * 10_000 + np.pi * 5_000**2, rel=0.02)
        about = shapely.Point(100_000, 100_000)
        assert covered.distance(about) > 94_000 and covered.hausdorff_distance(about) < 106_000
        assert covered.covers(shapely.Point(100_000 + 70_710, 100_000 + 70_710))


def test_what_lies_outside_the_boundary_is_kept_out(tmp_path: Path) -> None:
    shape = "(boundary (path pcb 0 0 0 400 0 400 300 200 300 200 200 0 200 0 0) (polygon pcb 0 50 50 60 50 60 60))"
    draft = design(tmp_path, boundary=shape)
    assert draft.outline == Box(0, 0, 400_000, 300_000)
    areas = sorted(float(np.ptp(k.ring[:, 0])) * float(np.ptp(k.ring[:, 1])) for k in draft.keepouts)
    assert areas == [10_000.0**2, 200_000.0 * 100_000.0]
    assert design(tmp_path, boundary="").outline is None


def test_the_drawing_may_be_larger_than_the_bounds_of_traces(tmp_path: Path) -> None:
    sheet = "(boundary (rect pcb 0 0 400 300))"
    within = design(tmp_path, boundary=f"{sheet} (boundary (path signal 0 10 10 390 10 390 290 10 290 10 10))")
    assert within.outline == Box(10_000, 10_000, 390_000, 290_000) and within.keepouts == ()
    hole = "(boundary (path signal 0 0 0 90 0 90 90 0 90 0 0)) (boundary (path signal 0 10 10 80 10 80 80 10 80 10 10))"
    island = design(tmp_path, boundary=f"{hole} (boundary (path pcb 0 0 0 90 0 90 90 0 90 0 0))")
    assert sorted(np.ptp(keepout.ring, axis=0).tolist() for keepout in island.keepouts) == [[70_000, 70_000]]


def test_boundaries_that_lie_apart(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="lie apart"):
        design(tmp_path, boundary="(boundary (rect pcb 0 0 9 9)) (boundary (rect signal 20 0 29 9))")
