"""Wide metal as KLayout's engine finds it: round lands of many chords about as large as a rule's width."""

from __future__ import annotations

import time

import klayout.db as kdb
import numpy as np
import pytest

from router.verify.klayout.wide import _wide_sides

RADIUS, CHORDS = 1_000_000, 800


def land_with_a_trace() -> kdb.Region:
    turn = np.arange(CHORDS) * (2 * np.pi / CHORDS)
    ring = np.rint(RADIUS * np.stack([np.cos(turn), np.sin(turn)], axis=1)).astype(int).tolist()
    land = kdb.Polygon([kdb.Point(x, y) for x, y in ring])
    return kdb.Region([land, kdb.Polygon(kdb.Box(0, -RADIUS // 20, 6 * RADIUS, RADIUS // 20))]).merged()


@pytest.mark.parametrize(("across", "sides"), [(2.2, 0), (2.01, 0), (1.99, CHORDS), (1.8, CHORDS)])
def test_wide_lands_are_found_by_their_chords_and_soon(across: float, sides: int) -> None:
    """At once, all chords would sweep over one another: seconds for a single land."""
    metal = land_with_a_trace()
    start = time.process_time()
    found = _wide_sides(metal, int(across * RADIUS), 0)
    assert time.process_time() - start < 1.0
    assert sides - 20 <= found.count() <= sides
