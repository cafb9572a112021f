"""The judge's edge checks next to KLayout's on random layouts: the same places, rule by rule.

KLayout puts the vertices of merged slanted edges on the grid, so layouts here have none that cross; that keeps the
comparison exact. What a nanometre decides is left out at any angle: there the judge is more lenient than KLayout, since
such edges have their ends rounded to the grid.
"""

from __future__ import annotations

import klayout.db as kdb
import numpy as np
import pytest

from router.model.geometry import Box, Points
from router.model.pdk import Mask, MaskRole, Pdk, Rule, RuleKind
from router.verify import edges
from router.verify.connect import Components
from router.verify.findings import Findings, Layers
from router.verify.kernels.facing import IGNORED_ANGLE
from router.verify.klayout.chords import without_chords
from router.verify.merge import merge

DISTANCE = 2000
MARGIN = 3


def layers(a: list[Points], b: list[Points]) -> Layers:
    masks = tuple(Mask(name, 1, 0, 1, 2, MaskRole.METAL, "#808080", "clear", 0) for name in ("a", "b"))
    pdk = Pdk("two", "", masks, (), (), {}, ())
    none = Components({}, ())
    return Layers(pdk, Box(0, 0, 1, 1), {"a": merge(a), "b": merge(b)}, none)


def region(rings: list[Points]) -> kdb.Region:
    shapes = kdb.Region()
    for ring in rings:
        shapes.insert(kdb.Polygon([kdb.Point(x, y) for x, y in ring.tolist()]))
    return shapes.merged()


def narrow(shapes: kdb.Region) -> kdb.EdgePairs:
    """What is narrower than the distance; chords of what is round do not count."""
    facing = shapes.width_check(DISTANCE, ignore_angle=IGNORED_ANGLE)
    opposite = shapes.width_check(DISTANCE, metrics=kdb.Metrics.Projection, ignore_angle=IGNORED_ANGLE)
    return opposite + kdb.EdgePairs(list(without_chords(facing, shapes)))


def boxes(shapes: list[kdb.EdgePair] | list[kdb.Polygon]) -> np.ndarray:
    bounds = [shape.bbox() for shape in shapes]
    return np.array([(b.left, b.bottom, b.right, b.top) for b in bounds], dtype=float).reshape(-1, 4)


def on_the_verge(pair: kdb.EdgePair) -> bool:
    """Short of the distance by less than the two nanometres that slanted edges may be: maybe in a single point."""
    in_a_point = pair.first.is_degenerate() or pair.second.is_degenerate()
    return bool(in_a_point or pair.distance() > DISTANCE - 2)


def same_places(found: Findings, pairs: kdb.EdgePairs, more: kdb.Region | None = None) -> None:
    extra = boxes(list(more.each())) if more else np.empty((0, 4))
    every = np.vstack([boxes(list(pairs.each())), extra])
    clear = np.vstack([boxes([pair for pair in pairs.each() if not on_the_verge(pair)]), extra])
    assert [box for box in found.boxes.tolist() if not meets(box, every)] == []
    assert [box for box in clear.tolist() if not meets(box, found.boxes)] == []


def meets(box: list[float], others: np.ndarray) -> bool:
    low, high = np.array(box[:2]) - MARGIN, np.array(box[2:]) + MARGIN
    return bool(((low <= others[:, 2:]) & (high >= others[:, :2])).all(axis=1).any())


def rectangles(rng: np.random.Generator, count: int, grid: int) -> list[Points]:
    corners = rng.integers(0, 30_000 // grid, (count, 2)) * grid
    sizes = rng.integers(1, 6_000 // grid + 1, (count, 2)) * grid
    return [Box(*low, *(low + size)).ring() for low, size in zip(corners.tolist(), sizes, strict=True)]


def apart(rng: np.random.Generator, count: int) -> list[Points]:
    """Traces at any angle, discs, diamonds and triangles, each in a cell of its own with some room around."""
    shapes = []
    for n in range(count):
        centre = np.array([n % 5, n // 5]) * 6900
        kind = n % 4
        if kind == 0:
            along = rng.choice([-1, 1], 2) * rng.integers(300, 2200, 2)
            across = np.array([-along[1], along[0]]) / np.hypot(*along) * rng.integers(500, 1200)
            ring = np.array([-along - across, along - across, along + across, -along + across])
        elif kind == 1:
            angles = (np.arange(16) + 0.5) * np.pi / 8
            ring = rng.integers(800, 3300) * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        elif kind == 2:
            ring = rng.uniform(-3300, 3300, (3, 2))
        else:
            ring = rng.integers(1200, 3300) * np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])
        shapes.append(np.rint(ring + centre).astype(np.int64))
    return shapes


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("grid", [1, 500])
def test_rectangles(seed: int, grid: int) -> None:
    rng = np.random.default_rng(seed)
    outer, inner = rectangles(rng, 15, grid), rectangles(rng, 8, grid)
    drawn, shapes, cuts = layers(inner, outer), region(outer), region(inner)
    rule = Rule("r", RuleKind.WIDTH, ("b",), DISTANCE)
    same_places(edges.width(rule, drawn), narrow(shapes))
    same_places(edges.space(rule, drawn), shapes.space_check(DISTANCE, ignore_angle=IGNORED_ANGLE))
    both = Rule("r", RuleKind.ENCLOSURE, ("a", "b"), 500)
    same_places(
        edges.enclosure(both, drawn), shapes.enclosing_check(cuts, 500, ignore_angle=IGNORED_ANGLE), cuts - shapes
    )
    same_places(
        edges.separation(both, drawn), shapes.separation_check(cuts, 500, ignore_angle=IGNORED_ANGLE), cuts & shapes
    )


@pytest.mark.parametrize("seed", range(30))
def test_shapes_at_any_angle(seed: int) -> None:
    rings = apart(np.random.default_rng(seed), 20)
    drawn, shapes = layers([], rings), region(rings)
    rule = Rule("r", RuleKind.WIDTH, ("b",), DISTANCE)
    same_places(edges.width(rule, drawn), narrow(shapes))
    same_places(edges.space(rule, drawn), shapes.space_check(DISTANCE, ignore_angle=IGNORED_ANGLE))
