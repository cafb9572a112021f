"""Coarse ways over tiles: room counted by hand, and who goes where."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from router.model.design import Design
from router.plan.corridor import Corridors, Prices, plan_corridors
from router.plan.tiles import Tiles, count_room, lay_tiles
from router.plan.tracks import narrowest
from router.read.design import read_design

Write = Callable[..., Design]
CELL, EAST, NORTH = 0, 1, 2


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A package of 4 × 4 mm, lower left at (0, 0), with two balls to a net out of the way and 10/10 µm rules."""

    def package(text: str = "", levels: int = 1, nets: int = 1) -> Design:
        pins = ", ".join(
            f'{{ name = "{side}{k}", x = {x}, y = {150 + 300 * k} }}'
            for k in range(nets)
            for side, x in (("a", 150), ("b", 3850))
        )
        head = f'name = "p"\npdk = "fanout_10um"\nlevels = {levels}\noutline = [0, 0, 4000, 4000]\n'
        balls = f'[[balls]]\nname = "ball"\npad = "ball"\npad_size = 100\npin = [{pins}]\n'
        rows = "".join(f'N{k} = ["ball.a{k}", "ball.b{k}"]\n' for k in range(nets))
        (tmp_path / "p.toml").write_text(head + balls + "[nets]\n" + rows + text, encoding="utf-8")
        return read_design(tmp_path / "p.toml")

    return package


def places(*points: tuple[float, float, int]) -> np.ndarray:
    return np.array([(round(x * 1000), round(y * 1000), level) for x, y, level in points], dtype=np.int64)


def plan(design: Design, *ends: tuple[np.ndarray, np.ndarray]) -> Corridors:
    return plan_corridors(design, list(ends), np.zeros(len(ends), dtype=np.int64), Prices(tracks=10.0))


def room_of(design: Design) -> tuple[Tiles, np.ndarray]:
    tiles = lay_tiles(design, 200_000)
    return tiles, count_room(design, tiles, narrowest(design))


def test_a_free_tile_has_ten_tracks_of_twenty_micrometres(write: Write) -> None:
    """The whole line has 1 + floor(3 990 / 20) = 200 tracks, or a few nanometres less, spread over 20 tiles."""
    tiles, room = room_of(write())
    assert tiles.shape == (1, 20, 20)
    assert room[0, 10, 10] == pytest.approx([10, 10, 10], abs=0.1)
    assert not room[0, :, -1, EAST].any()
    assert not room[0, -1, :, NORTH].any()


def test_lands_take_their_tracks_from_the_passages_beside_them(write: Write) -> None:
    """Lands Ø 80 at 200 µm in the middles of tiles: five tracks pass each gap, on a level without lands ten."""
    die = '[[die]]\nname = "die"\npad = "bump"\npad_size = 80\nat = [2000, 2000]\n'
    die += "array = { nx = 6, ny = 6, pitch = 200 }\n"
    _, room = room_of(write(die, levels=2))
    # Bumps lie at 1 500, 1 700, ... 2 500 µm: in the middles of tiles 7 to 12.
    assert room[0, 9, 9, EAST] == pytest.approx(5, abs=0.3)
    assert room[0, 9, 9, NORTH] == pytest.approx(5, abs=0.3)
    assert room[1, 9, 9, EAST] == pytest.approx(10, abs=0.1)
    assert 5 < room[0, 9, 9, CELL] < 10


def test_a_keepout_leaves_no_room_on_its_level(write: Write) -> None:
    block = '[[keepout]]\nname = "k"\nlevels = ["RDL1"]\nrect = [2000, 1000, 2400, 3000]\n'
    _, room = room_of(write(block, levels=2))
    assert not room[0, 6:14, 10:12, CELL].any()
    assert not room[0, 6:14, 9:12, EAST].any()
    assert room[1, 6:14, 10:12, CELL] == pytest.approx(10, abs=0.1)


def test_a_connection_takes_the_straight_way(write: Write) -> None:
    found = plan(write(), (places((500, 2100, 0)), places((3500, 2100, 0))))
    assert found.of(0).tolist() == [[0, x, 10] for x in range(2, 18)]
    assert found.overflow == 0
    assert found.used.sum() == pytest.approx(30)


def test_a_diagonal_charges_what_it_crosses(write: Write) -> None:
    found = plan(write(), (places((500, 500, 0)), places((1100, 1100, 0))))
    assert found.of(0).tolist() == [[0, k, k] for k in range(2, 6)]
    assert found.used[0, 2, 2, EAST] == pytest.approx(2**-0.5, abs=0.001)
    assert found.used[0, 3, 3, CELL] == pytest.approx(2**0.5, abs=0.001)


def wall(*slots: tuple[int, int]) -> str:
    """A wall on RDL1 from bottom to top with slots (from, to), µm."""
    edges = [0, *(edge for slot in slots for edge in slot), 4000]
    return "".join(
        f'[[keepout]]\nname = "k{y}"\nlevels = ["RDL1"]\nrect = [1800, {y}, 2200, {top}]\n'
        for y, top in zip(edges[::2], edges[1::2], strict=True)
    )


def crossing(count: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Connections across the wall whose ends lie in five rows of tiles about y = 2 100 µm."""
    rows = [1700 + 200 * (k % 5) for k in range(count)]
    return [(places((900, y, 0)), places((3100, y, 0))) for y in rows]


def test_more_than_a_slot_holds_go_through_the_next(write: Write) -> None:
    """Slots of a tile, in rows 10 and 15: fourteen connections, of which the nearer slot passes nine."""
    found = plan(write(wall((2000, 2200), (3000, 3200))), *crossing(14))
    rows = [int(path[path[:, 1] == 9, 2][0]) for path in map(found.of, range(14))]
    assert found.overflow == 0
    assert set(rows) == {10, 15}
    assert 5 <= rows.count(15) <= 8


def test_more_than_a_slot_holds_change_level(write: Write) -> None:
    found = plan(write(wall((2000, 2200)), levels=2), *crossing(14))
    above = [k for k in range(14) if (found.of(k)[:, 0] == 1).any()]
    assert found.overflow == 0
    assert 5 <= len(above) < 14
    assert found.used[0, 10, 9, EAST] <= 9


def test_ways_that_cross_take_two_levels(write: Write) -> None:
    """On one level two straight ways across each other cannot be, and this is said; with two, one goes below."""
    ends = [(places((500, 2100, 0)), places((3500, 2100, 0))), (places((2100, 500, 0)), places((2100, 3500, 0)))]
    assert plan(write(nets=4), *ends).crossings == 1
    found = plan(write(nets=4, levels=2), *ends)
    assert found.crossings == 0
    assert [len(np.unique(found.of(k)[:, 0])) for k in (0, 1)] == [1, 2]


def test_two_diagonals_over_one_corner_cross(write: Write) -> None:
    ends = [(places((1500, 1500, 0)), places((2300, 2300, 0))), (places((1700, 2500, 0)), places((2500, 1700, 0)))]
    found = plan(write(levels=2), *ends)
    assert found.crossings == 0
    assert 1 in found.cells[:, 0]


def test_a_keepout_is_gone_round(write: Write) -> None:
    block = '[[keepout]]\nname = "k"\nlevels = ["RDL1"]\nrect = [2000, 1000, 2400, 3000]\n'
    found = plan(write(block), (places((1500, 2300, 0)), places((3100, 2300, 0))))
    assert found.overflow == 0
    assert all(not (10 <= x <= 11 and 5 <= y <= 14) for _, x, y in found.of(0).tolist())


def test_the_nearest_of_several_ends_is_taken(write: Write) -> None:
    far, near = (3500, 3500, 0), (900, 2100, 0)
    found = plan(write(), (places((500, 300, 0), (500, 2100, 0)), places(far, near)))
    assert found.of(0).tolist() == [[0, 2, 10], [0, 3, 10], [0, 4, 10]]


def test_overflow_that_cannot_be_avoided_is_named(write: Write) -> None:
    """One slot passes nine or ten tracks, and twenty connections need it."""
    found = plan(write(wall((2000, 2200))), *crossing(20))
    assert found.overflow > 10
    _, _, x, _ = np.unravel_index(np.argmax(found.over), found.over.shape)
    assert 7 <= x <= 11


def test_the_same_input_gives_the_same_corridors(write: Write) -> None:
    rng = np.random.default_rng(7)
    design = write(levels=2)
    ends = [tuple(places((*rng.uniform(0, 4000, 2), k)) for k in (0, 1)) for _ in range(300)]
    first, second = plan(design, *ends), plan(design, *ends)
    assert np.array_equal(first.cells, second.cells)
    assert np.array_equal(first.offsets, second.offsets)
    steps = np.abs(np.diff(first.of(5), axis=0))
    assert steps[:, 1:].max() <= 1
    assert first.of(5)[0, 0] == 0
    assert first.of(5)[-1, 0] == 1


def test_no_connections_are_no_corridors(write: Write) -> None:
    found = plan(write())
    assert found.cells.shape == (0, 3)
    assert found.offsets.tolist() == [0]
