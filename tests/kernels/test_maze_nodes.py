"""Node ids: every column and row has its own, near ones lie together, and each leads back to where it came from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.maze.kernels import nodes
from router.maze.kernels.nodes import BASE, DX, DY, NX, NY, TILE, TILES
from router.maze.lattice import build_lattice
from router.model.design import Design
from router.model.geometry import Box

sides = st.integers(1, 4 * TILE + 1)


def stack(*shapes: tuple[int, int]) -> np.ndarray:
    """Levels of these (columns, rows), one after another."""
    level = np.zeros((len(shapes), nodes.EVEN + 1), dtype=np.int64)
    base = 0
    for row, (columns, rows) in zip(level, shapes, strict=True):
        row[[BASE, NX, NY, nodes.STEP, TILES]] = base, columns, rows, 1, -(-columns // TILE)
        base += -(-columns // TILE) * -(-rows // TILE) * TILE**2
    return level


def id_of(level: np.ndarray, lev: int, column: int, row: int) -> int:
    return int(nodes.node_at(level[lev, BASE], level[lev, TILES], column, row))


def test_the_first_and_the_last_id_of_a_level_are_its_own(plain: bool) -> None:
    level = stack((1, 1), (TILE + 1, 3), (2 * TILE, TILE), (5, 5))
    bases = level[:, BASE].tolist()
    assert [nodes.level_of(level, base) for base in bases] == [0, 1, 2, 3]
    assert [nodes.level_of(level, base - 1) for base in bases[1:]] == [0, 1, 2]


@given(shapes=st.lists(st.tuples(sides, sides), min_size=1, max_size=4), data=st.data())
def test_an_id_leads_back_to_its_level_column_and_row(
    plain: bool, shapes: list[tuple[int, int]], data: st.DataObject
) -> None:
    level = stack(*shapes)
    lev = data.draw(st.integers(0, len(shapes) - 1))
    column, row = (data.draw(st.integers(0, side - 1)) for side in shapes[lev])
    n = id_of(level, lev, column, row)
    assert nodes.level_of(level, n) == lev
    assert nodes.cell_of(level, n, lev) == (column, row)
    assert nodes.place_of(level, n, lev) == (column, row)
    for way in range(8):
        before = column - int(DX[way]), row - int(DY[way])
        if 0 <= before[0] < shapes[lev][0] and 0 <= before[1] < shapes[lev][1]:
            assert nodes.step_back(level, n, lev, way) == (id_of(level, lev, *before), lev)


@pytest.mark.parametrize("shape", [(1, 1), (TILE, TILE), (TILE + 1, 3), (3, 2 * TILE + 1), (70, 45)])
def test_no_two_nodes_share_an_id_and_a_tile_is_one_stretch(plain: bool, shape: tuple[int, int]) -> None:
    level = stack((5, 5), shape, (2, 2))
    ids = np.array([[id_of(level, 1, i, j) for j in range(shape[1])] for i in range(shape[0])])
    assert len(np.unique(ids)) == ids.size
    assert ids.min() == level[1, BASE] and ids.max() < level[2, BASE]
    for i in range(0, shape[0], TILE):
        for j in range(0, shape[1], TILE):
            tile = ids[i : i + TILE, j : j + TILE]
            assert tile.max() - tile.min() < TILE**2
            assert (tile.min() - level[1, BASE]) % TILE**2 == 0


@pytest.mark.parametrize("pitches", [(5_000, 5_000), (5_000, 15_000), (20_000, 5_000)], ids=str)
def test_the_node_across_a_cut_lies_at_the_same_place(
    small_design: Design, plain: bool, pitches: tuple[int, int]
) -> None:
    lattice = build_lattice(replace(small_design, lattice=pitches), Box(-300_000, -200_000, 100_000, 300_000), 2)
    rng = np.random.default_rng(1)
    met = 0
    coarse = int(np.argmax(lattice.levels[:, nodes.STEP]))
    for column, row in (rng.integers(lattice.levels[coarse, [NX, NY]]) for _ in range(60)):
        n = lattice.node(coarse, int(column), int(row))
        m, there = nodes.step_back(lattice.levels, n, coarse, nodes.DOWN if coarse == 0 else nodes.UP)
        assert there == 1 - coarse
        cell = nodes.cell_of(lattice.levels, m, there)
        if 0 <= cell[0] < lattice.levels[there, NX] and 0 <= cell[1] < lattice.levels[there, NY]:
            met += 1
            assert nodes.place_of(lattice.levels, m, there) == nodes.place_of(lattice.levels, n, coarse)
    assert met > 40


def test_a_design_numbers_its_nodes_level_by_level(small_design: Design) -> None:
    lattice = build_lattice(small_design, small_design.outline, 2)
    assert lattice.levels[:, BASE].tolist() == [0, lattice.ids(0)]
    last = [lattice.node(level, *(int(v) - 1 for v in lattice.levels[level, [NX, NY]])) for level in (0, 1)]
    assert last[0] < lattice.ids(0) <= last[1] < lattice.ids(0) + lattice.ids(1)
