"""Where lattice lines lie: on the terminals, unless the gaps between lands then pass fewer tracks."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.maze.lattice import Lattice, build_lattice, gap_kinds, passes
from router.maze.phase import common_phase, gaps_between, lay_lines, tracks_through
from router.model.design import Design, End, Lands, Net, Terminal
from router.model.pdk import TerminalKind

TRACK = (10_000, 10_000)


def land(x: int, y: int, size: int, level: int = 0, height: int | None = None) -> Terminal:
    return Terminal(f"T.{x}.{y}.{level}", TerminalKind.BUMP, x, y, "bump", level, size, height or size, False)


def row(count: int, pitch: int, size: int, level: int = 0, y: int = 0) -> list[Terminal]:
    return [land(-500_000 + k * pitch, y, size, level) for k in range(count)]


def package(design: Design, terminals: list[Terminal], pitches: tuple[int, int] = (10_000, 10_000)) -> Design:
    """A package of these lands alone, its first two in a net, with tracks of 10/10 µm."""
    nets = (Net("A", (End((0,)), End((1,))), "default"),)
    return replace(design, terminals=tuple(terminals), nets=nets, lattice=pitches)


def on_nodes(design: Design, lattice: Lattice) -> list[bool]:
    """Which terminals lie on a node of their level."""
    places = ((t, lattice.origin(t.level), lattice.level_pitch(t.level)) for t in design.terminals)
    return [(t.x - x0) % pitch == 0 == (t.y - y0) % pitch for t, (x0, y0), pitch in places]


def lines_of(
    lands: Lands, axis: int, pitches: list[int], tracks: list[tuple[int, int]]
) -> tuple[int, list[int]]:  # fmt: skip
    """Where lines of these pitches lie along an axis of a package that has no walls."""
    gaps = [gaps_between(lands, level, axis, *track) for level, track in enumerate(tracks)]
    return lay_lines(lands.places[:, axis], lands.levels, pitches, [sum(track) for track in tracks], gaps)


def test_a_gap_runs_from_centre_line_to_centre_line(small_design: Design) -> None:
    """Half a land, a spacing and half a trace from the land's middle: 20 + 10 + 5 µm and 25 + 10 + 5 µm."""
    lands = [land(0, 0, 40_000), land(150_000, 0, 50_000), land(150_000, 90_000, 20_000), land(0, 0, 10_000, 1)]
    design = package(small_design, lands)
    assert gaps_between(design.lands, 0, 0, *TRACK).tolist() == [[35_000, 110_000]]
    assert gaps_between(design.lands, 0, 1, *TRACK).tolist() == [[40_000, 65_000]]
    assert gaps_between(design.lands, 1, 0, *TRACK).tolist() == []


def test_a_gap_of_oblong_lands_is_measured_along_its_row(small_design: Design) -> None:
    design = package(small_design, [land(x, y, 40_000, 0, 60_000) for x in (0, 150_000) for y in (0, 150_000)])
    assert gaps_between(design.lands, 0, 0, *TRACK).tolist() == [[35_000, 115_000]] * 2
    assert gaps_between(design.lands, 0, 1, *TRACK).tolist() == [[45_000, 105_000]] * 2


def test_there_is_no_gap_between_lands_of_two_rows(small_design: Design) -> None:
    design = package(small_design, [land(0, 0, 40_000), land(150_000, 30_000, 40_000), land(300_000, 60_000, 40_000)])
    assert [len(gaps_between(design.lands, 0, axis, *TRACK)) for axis in (0, 1)] == [0, 0]


def test_gaps_too_narrow_for_a_track_or_too_wide_to_matter_do_not_count(small_design: Design) -> None:
    for pitch, kept in ((69_999, 0), (70_000, 1), (309_000, 1), (310_000, 0)):
        design = package(small_design, row(2, pitch, 40_000))
        assert len(gaps_between(design.lands, 0, 0, *TRACK)) == kept


def test_odd_lands_and_tracks_get_their_last_nanometre(small_design: Design) -> None:
    design = package(small_design, [land(0, 0, 40_001), land(150_000, 0, 40_001)])
    assert gaps_between(design.lands, 0, 0, 9_999, 10_000).tolist() == [[35_001, 114_999]]


def test_tracks_through_gaps_by_hand() -> None:
    gaps = np.array([[35, 115]])
    assert tracks_through(gaps, 20, 10, 0) == 4  # 40 60 80 100
    assert tracks_through(gaps, 20, 10, 5) == 5  # 35 55 75 95 115
    assert tracks_through(gaps, 20, 20, 0) == 4
    assert tracks_through(gaps, 20, 20, 10) == 4  # 50 70 90 110
    assert tracks_through(gaps, 20, 15, 0) == 3  # 45 75 105: 30 apart, as 15 is too near
    assert tracks_through(gaps, 20, 200, 0) == 0
    assert tracks_through(np.array([[35, 115], [-115, -35], [40, 40], [41, 49]]), 20, 10, 0) == 4 + 4 + 1 + 0
    assert tracks_through(np.empty((0, 2), dtype=np.int64), 20, 10, 0) == 0


@settings(max_examples=300)
@given(
    low=st.integers(-300, 300), width=st.integers(0, 300), track=st.integers(1, 60), pitch=st.integers(1, 60),
    phase=st.integers(-100, 100),
)  # fmt: skip
def test_tracks_through_a_gap_are_as_many_lines_as_keep_their_distance(
    low: int, width: int, track: int, pitch: int, phase: int
) -> None:
    taken: list[int] = []
    for line in range(low, low + width + 1):
        if (line - phase) % pitch == 0 and (not taken or line - taken[-1] >= track):
            taken.append(line)
    assert tracks_through(np.array([[low, low + width]]), track, pitch, phase) == len(taken)


@pytest.mark.parametrize("turned", [False, True])
def test_lines_leave_the_lands_where_each_gap_gains_a_track(small_design: Design, turned: bool) -> None:
    """150 µm pitch, lands of 40 µm, 10/10 µm: on the lands' lines four tracks pass a gap, 5 µm beside them five."""
    lands = row(7, 150_000, 40_000)
    if turned:
        lands = [land(t.y, t.x, t.width) for t in lands]
    design = package(small_design, lands)
    assert lines_of(design.lands, int(turned), [10_000] * 2, [TRACK] * 2) == (5_000, [0, 0])
    lattice = build_lattice(design, design.outline, 2)
    assert passes(gap_kinds(design).lands, lattice) == 6 * 5
    assert passes(gap_kinds(design).lands, replace(lattice, x0=lattice.x0 + 5_000, y0=lattice.y0 + 5_000)) == 6 * 4
    x0, y0 = lattice.origin(0)
    along, across = (y0, x0) if turned else (x0, y0)
    assert along % 10_000 == 5_000
    assert across % 10_000 == 0, "the other axis has no gaps, its lines stay on the lands"


@pytest.mark.parametrize(
    ("pitch", "size", "tracks"), [(160_000, 40_000, 5), (150_000, 30_000, 5), (290_000, 40_000, 11)],
    ids=["as many either way", "more on the lands", "one in eleven is too little"],
)  # fmt: skip
def test_lines_stay_on_the_lands_where_little_is_gained(
    small_design: Design, pitch: int, size: int, tracks: int
) -> None:
    design = package(small_design, row(4, pitch, size))
    lattice = build_lattice(design, design.outline, 2)
    assert all(on_nodes(design, lattice))
    assert passes(gap_kinds(design).lands, lattice) == 3 * tracks


def test_lines_do_not_leave_the_lands_of_one_level_at_the_cost_of_another(small_design: Design) -> None:
    """The second level's gaps pass five tracks on the lands' lines and four beside them."""
    gaining, losing = row(7, 150_000, 40_000), row(3, 160_000, 50_000, 1, 300_000)
    design = package(small_design, gaining + losing)
    lattice = build_lattice(design, design.outline, 2)
    assert all(on_nodes(design, lattice))
    assert passes(gap_kinds(design).lands, lattice) == 6 * 4 + 2 * 5
    alone = package(small_design, gaining)
    assert not any(on_nodes(alone, build_lattice(alone, alone.outline, 2)))


def test_a_level_of_a_coarser_pitch_may_lie_beside_the_lands_alone(small_design: Design) -> None:
    """Lands of 30 µm every 160 µm leave 100 µm: six lines 20 µm apart fit, but not when one of them meets a land."""
    design = package(small_design, row(4, 160_000, 30_000, 1), (10_000, 20_000))
    assert lines_of(design.lands, 0, [10_000, 20_000], [TRACK] * 2) == (0, [0, 10_000])
    lattice = build_lattice(design, design.outline, 2)
    assert passes(gap_kinds(design).lands, lattice) == 3 * 6
    assert lattice.origin(0)[0] % 10_000 == 0
    assert (lattice.origin(1)[0] - design.terminals[0].x) % 20_000 == 10_000


@settings(max_examples=60)
@given(
    rows=st.lists(
        st.tuples(
            st.integers(2, 5), st.integers(80_000, 400_000), st.integers(10_000, 60_000), st.integers(0, 1),
            st.integers(-40_000, 40_000),
        ),
        min_size=1, max_size=4,
    ),
    pitch=st.sampled_from([5_000, 7_000, 10_000, 20_000]),
)  # fmt: skip
def test_no_level_passes_fewer_tracks_than_on_the_lines_of_its_terminals(
    small_design: Design, rows: list[tuple[int, int, int, int, int]], pitch: int
) -> None:
    lands = [
        replace(t, x=t.x + shift)
        for k, (count, apart, size, level, shift) in enumerate(rows)
        for t in row(count, apart, size, level, 100_000 * k)
    ]
    design = package(small_design, lands)
    usual = common_phase(np.array([t.x for t in lands]), pitch, 1)
    phase, offsets = lines_of(design.lands, 0, [pitch] * 2, [TRACK] * 2)
    assert 0 <= phase < pitch and offsets == [0, 0]
    gaps = [gaps_between(design.lands, level, 0, *TRACK) for level in (0, 1)]
    before, after = ([tracks_through(g, sum(TRACK), pitch, p) for g in gaps] for p in (usual, phase))
    assert all(a >= b for a, b in zip(after, before, strict=True))
    assert phase == usual or any(a > 1.1 * b for a, b in zip(after, before, strict=True))


def test_a_package_without_lands_has_lines_all_the_same(small_design: Design) -> None:
    design = replace(small_design, terminals=(), nets=())
    assert lines_of(design.lands, 0, [5_000, 10_000], [TRACK] * 2) == (0, [0, 0])
    assert passes(gap_kinds(design).lands, build_lattice(design, design.outline, 2)) == 0


@pytest.mark.parametrize("seed", range(40))
def test_levels_have_places_in_common_with_their_neighbours(seed: int) -> None:
    """Where cuts may stand: coarse levels side by side would miss each other if each went by its own lands."""
    rng = np.random.default_rng(seed)
    count, finest = int(rng.integers(2, 6)), 1000
    pitches = [finest * int(rng.choice([2, 2, 3, 4, 6])) for _ in range(count)]
    pitches[int(rng.integers(count))] = finest
    tracks = [(pitch, pitch) for pitch in pitches]
    places = rng.integers(0, 90, (60, 2)) * 1000 + rng.integers(0, 2, (60, 2)) * 300
    lands = Lands(places, np.full((60, 2), 4000), rng.choice([0, count - 1], 60))
    for axis in (0, 1):
        _, offsets = lines_of(lands, axis, pitches, tracks)
        for (a, pa), (b, pb) in pairwise(zip(offsets, pitches, strict=True)):
            assert (a - b) % math.gcd(pa, pb) == 0
            assert 0 <= a < pa
