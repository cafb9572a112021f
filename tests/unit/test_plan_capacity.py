"""Cuts of small packages, counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import klayout.lay as lay
import numpy as np
import pytest

from router.flow import plan
from router.model.design import Design
from router.model.geometry import Box
from router.plan.capacity import Field, Measures, measure, plan_capacity, prepare
from router.plan.cut import Cut
from router.plan.tracks import OUTSIDE
from router.read.design import read_design
from router.view.plan import plan_text, witness_text
from router.view.plan_picture import draw_cut
from router.write.plan import cut_facts, plan_facts

Write = Callable[..., Design]
DESIGNS = Path(__file__).parents[1] / "real" / "designs"
SHARED = Path(__file__).parents[3] / "shared"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def package(text: str, levels: int = 1, outline: tuple[int, int] = (3000, 3000)) -> Design:
        head = f'name = "p"\npdk = "fanout_10um"\nlevels = {levels}\noutline = {list(outline)}\n'
        (tmp_path / "p.toml").write_text(head + text, encoding="utf-8")
        return read_design(tmp_path / "p.toml")

    return package


def array(n: int, pitch: int = 200) -> str:
    return f'[[die]]\nname = "die"\npad = "bump"\narray = {{ nx = {n}, ny = {n}, pitch = {pitch} }}\n'


def balls(*places: tuple[int, int]) -> str:
    pins = ", ".join(f'{{ name = "{k}", x = {x}, y = {y} }}' for k, (x, y) in enumerate(places))
    return f'[[balls]]\nname = "ball"\npad = "ball"\npin = [{pins}]\n'


def at(field: Field, x0: int | None, y0: int | None, x1: int | None, y1: int | None) -> Measures:
    """The measures of one region in µm; None is outside the package."""
    sides = zip((x0, y0, x1, y1), (-OUTSIDE, -OUTSIDE, OUTSIDE, OUTSIDE), strict=True)
    places = [outside if side is None else side * 1000 for side, outside in sides]
    lines = (field.x.at, field.y.at, field.x.at, field.y.at)
    region = [int(np.flatnonzero(line == place)[0]) for line, place in zip(lines, places, strict=True)]
    return measure(field, np.array([region]))


def test_a_ring_through_a_row_of_bumps_passes_five_tracks_a_gap(write: Write) -> None:
    """Bumps Ø 80 at 200 µm leave 120 µm: floor((120 - 10) / 20) = 5 tracks, in eight gaps; the corners are bumps."""
    design = write(array(3) + balls((1000, 0)) + '[nets]\nA = ["die.B2", "ball.0"]\n')
    ring = at(prepare(design), -200, -200, 200, 200)
    assert ring.tracks.tolist() == [[40.0]]
    assert (ring.need[0], ring.room[0]) == (1, 40)


@pytest.mark.parametrize(
    ("shape", "run", "tracks"), [("rect", 79, 32), ("rect", 80, 40), ("octagon", 33, 32), ("octagon", 34, 40),
     ("circle", 0, 32), ("circle", 1, 40)],
)  # fmt: skip
def test_beside_wide_lands_their_spacing_is_kept(
    write: Write, shape: str, run: int, tracks: int, tmp_path: Path
) -> None:
    """20 µm on both sides of a gap of 120 µm leave 80 µm to tracks with 10 µm between them: four."""
    process = (Path(__file__).parents[2] / "pdk" / "fanout_10um.toml").read_text(encoding="utf-8")
    process = process.replace("width = 100, run_length = 300", f"width = 79, run_length = {run}")
    process = process.replace('land = { shape = "circle", size = 80 }', f'land = {{ shape = "{shape}", size = 80 }}')
    (tmp_path / "own.toml").write_text(process, encoding="utf-8")
    text = array(3) + balls((1000, 0)) + '[nets]\nA = ["die.B2", "ball.0"]\n'
    write(text)
    (tmp_path / "p.toml").write_text((tmp_path / "p.toml").read_text().replace("fanout_10um", "own.toml"))
    design = read_design(tmp_path / "p.toml")
    assert at(prepare(design), -200, -200, 200, 200).tracks.tolist() == [[float(tracks)]]


def test_on_another_level_the_same_ring_is_free(write: Write) -> None:
    """1600 µm round, nothing in the way: 80 tracks on the second level, which has no lands there."""
    design = write(array(3) + balls((1000, 0)) + '[nets]\nA = ["die.B2", "ball.0"]\n', levels=2)
    assert at(prepare(design), -200, -200, 200, 200).tracks.tolist() == [[40.0, 80.0]]


def test_a_line_across_the_package_stops_at_the_edge(write: Write) -> None:
    """3000 µm less 25 µm of keep-out and half a track on both sides: 2940 µm for centres, 148 tracks."""
    design = write(array(3) + balls((1000, 0)) + '[nets]\nA = ["die.B2", "ball.0"]\n')
    line = at(prepare(design), None, None, 100, None)
    assert line.tracks.tolist() == [[148.0]]
    assert line.need[0] == 1


def test_a_corner_does_not_part_an_arc(write: Write) -> None:
    """From the left and the lower edge to a corner region: 1430 + 1430 µm in one piece, 144 tracks, not 72 + 72 + 1."""
    places = [(-50, -50), (1000, 1000)]
    design = write(balls(*places) + '[nets]\nA = ["ball.0", "ball.1"]\n')
    field = prepare(design)
    corner = at(field, None, None, 475, 475)
    assert corner.tracks.tolist() == [[(2 * (475 + 1470)) // 20 + 1]]


SLOT = "[[keepout]]\nrect = [-20, -1500, 20, {low}]\n[[keepout]]\nrect = [-20, {high}, 20, 1500]\n"


def pairs(count: int) -> str:
    """Nets that join balls to the left and to the right of x = 0."""
    rows = [(side * 600, 400 * k - 1000) for k in range(count) for side in (-1, 1)]
    nets = "".join(f'N{k} = ["ball.{2 * k}", "ball.{2 * k + 1}"]\n' for k in range(count))
    return balls(*rows) + "[nets]\n" + nets


@pytest.mark.parametrize(("slot", "fits"), [(50, 3), (49, 2), (10, 1), (9, 0)])
def test_a_slot_in_a_wall_passes_what_its_width_says(write: Write, slot: int, fits: int) -> None:
    """Tracks of 10 µm with 10 µm between them: three in 50 µm, as a track may touch a keep-out."""
    wall = SLOT.format(low=0, high=slot)
    for nets in range(1, 5):
        capacity = plan_capacity(write(wall + pairs(nets)))
        assert (capacity.witness is not None) == (nets > fits)
        if capacity.witness is not None:
            assert capacity.witness.proof
            assert len(capacity.witness.nets) == nets
            assert capacity.least_levels is None if fits == 0 else capacity.least_levels == -(-nets // fits)


def test_a_level_with_room_serves_for_one_without(write: Write) -> None:
    """A wall on the first level alone: two nets pass on the second one, where their balls lie."""
    wall = '[[keepout]]\nrect = [-20, -1500, 20, 1500]\nlevels = ["RDL1"]\n'
    capacity = plan_capacity(write(wall + pairs(2), levels=2))
    assert (capacity.witness, capacity.least_levels) == (None, 1)
    other = plan_capacity(write(wall.replace("RDL1", "RDL2") + pairs(2), levels=2))
    assert (other.witness, other.least_levels) == (None, 2)


@pytest.mark.parametrize(
    ("levels", "nets", "landing", "hopeless"),
    [((0, 1), 90, 20, True), ((0,), 90, 20, False), ((0, 1), 84, 20, False), ((0, 1), 90, 10, False),
     ((0,), 101, 0, True)],
)  # fmt: skip
def test_nets_that_land_on_a_full_cut_count_where_there_are_levels_to_change(
    levels: tuple[int, ...], nets: int, landing: int, hopeless: bool
) -> None:
    region = Box(0, 0, 1, 1)
    cut = Cut("ring", region, levels, (50, 50), tuple(range(nets)), tuple(range(landing)), float(nets), 100.0)
    assert (cut.hopeless, cut.proof) == (hopeless, nets > 100)


@pytest.mark.parametrize(
    ("levels", "nets", "landing", "doubtful"),
    [((0, 1), 88, 0, True), ((0, 1), 80, 10, True), ((0, 1), 87, 0, False), ((0,), 100, 0, False),
     ((0, 1), 101, 0, False)],
)  # fmt: skip
def test_a_cut_that_is_nearly_full_is_doubtful_where_there_are_levels_to_change(
    levels: tuple[int, ...], nets: int, landing: int, doubtful: bool
) -> None:
    cut = Cut("ring", Box(0, 0, 1, 1), levels, (50, 50), tuple(range(nets)), tuple(range(landing)), float(nets), 100.0)
    assert cut.doubtful == doubtful
    few = replace(cut, nets=cut.nets[: nets // 2], landing=(), need=cut.need / 2, room=50.0)
    assert not few.doubtful, "a few nets find their way through a cut"


@pytest.mark.parametrize(("count", "warned"), [(63, 0), (64, 1)])
def test_a_package_with_a_cut_that_is_nearly_full_is_warned_of(write: Write, count: int, warned: int) -> None:
    """A slot of 36 tracks on each of two levels."""
    wall = SLOT.format(low=0, high=710).replace("1500", "26000")
    design = write(wall + pairs(count), levels=2, outline=(3000, 52000))
    said = plan(design)["warnings"]
    assert len([w for w in said if "full" in w]) == warned
    assert all(w.startswith("the line x = 0 µm is 88.9 % full: ") for w in said if "full" in w)


def test_wide_nets_take_more_of_a_slot(write: Write) -> None:
    """Two nets of 30 µm and one of 10 µm need 30 + 10 + 30 + 10 + 10 = 90 µm."""
    nets = pairs(3) + '[[class]]\nname = "wide"\nnets = ["N0", "N1"]\nwidth = 30\n'
    assert plan_capacity(write(SLOT.format(low=0, high=90) + nets)).witness is None
    witness = plan_capacity(write(SLOT.format(low=0, high=80) + nets)).witness
    assert witness is not None and witness.proof
    assert (witness.need, witness.room) == (5.0, 4.5)


@pytest.mark.parametrize(("nets", "slot", "fits"), [(1, 10, True), (2, 320, True), (2, 200, False)])
def test_beside_keepouts_no_spacing_is_kept(write: Write, nets: int, slot: int, fits: bool) -> None:
    """A net of 10 µm that keeps 300 µm from others passes a slot of 10 µm alone; two take 10 + 300 + 10 µm. Another
    net, of the usual spacing, stays on one side."""
    far = '[[class]]\nname = "far"\nnets = ["N*"]\nspacing = 300\n'
    near = 'NEAR = ["near.1", "near.2"]\n'
    pins = '[[balls]]\nname = "near"\npad = "ball"\n'
    pins += 'pin = [{ name = "1", x = -1200, y = 0 }, { name = "2", x = -1200, y = 600 }]\n'
    package = write(pins + SLOT.format(low=0, high=slot) + pairs(nets) + near + far)
    assert (plan_capacity(package).witness is None) == fits


def test_nets_held_to_a_level_must_pass_there(write: Write) -> None:
    """Two levels hold three tracks each; four of five nets may use the last alone."""
    held = [f"N{k}" for k in range(4)]
    nets = pairs(5) + f'[[class]]\nname = "held"\nnets = {held}\nlevels = ["RDL2"]\n'
    wall = SLOT.format(low=0, high=50)
    assert plan_capacity(write(wall + pairs(5), levels=2)).witness is None
    witness = plan_capacity(write(wall + nets, levels=2)).witness
    assert witness is not None
    assert witness.levels == (1,) and len(witness.nets) == 4


@pytest.mark.parametrize("ball", [-900, 900])
@pytest.mark.parametrize("joined", [True, False])
def test_an_end_on_both_sides_need_not_cross(write: Write, tmp_path: Path, joined: bool, ball: int) -> None:
    """Two pads of the die on either side of a wall, joined inside it: the ball takes the one on its own side."""
    (tmp_path / "die.csv").write_text("pin,x,y,net\n1,-400,0,A\n2,400,0,A\n", encoding="utf-8")
    (tmp_path / "balls.csv").write_text(f"pin,x,y,net\n1,{ball},0,A\n", encoding="utf-8")
    parts = "netlist = { from_tables = true }\n[[keepout]]\nrect = [-20, -1500, 20, 1500]\n"
    parts += f'[[die]]\nname = "die"\npad = "bump"\njoined = {str(joined).lower()}\ntable = {{ file = "die.csv" }}\n'
    parts += '[[balls]]\nname = "ball"\npad = "ball"\ntable = { file = "balls.csv" }\n'
    assert (plan_capacity(write(parts)).witness is None) == joined


def test_a_net_on_its_own_fixed_trace_need_not_pass(write: Write) -> None:
    """A slot for one track, taken by a trace that the user gave: its own net passes, the other one cannot."""
    fixed = '[[fixed]]\nnet = "N0"\nlevel = "RDL1"\nwidth = 10\npoints = [[-100, 5], [100, 5]]\n'
    wall = SLOT.format(low=0, high=10)
    assert plan_capacity(write(wall + pairs(1) + fixed)).witness is None
    witness = plan_capacity(write(wall + pairs(2) + fixed)).witness
    assert witness is not None and witness.proof
    assert (witness.nets, witness.room) == ((1,), 0)


def test_a_package_without_nets_has_no_cuts(write: Write, tmp_path: Path) -> None:
    design = write(array(2))
    capacity = plan_capacity(design)
    assert (capacity.families, capacity.witness, capacity.least_levels) == ({}, None, 1)
    assert plan_text(plan_facts(design, capacity)).startswith("p in fanout_10um: 0 nets, 0 cuts")
    draw_cut(design, capacity.fullest, tmp_path / "none.png")
    assert (tmp_path / "none.png").read_bytes().startswith(b"\x89PNG")


def test_the_picture_shows_lands_as_they_are(write: Write, tmp_path: Path) -> None:
    """A ball of Ø 250 in the middle, and a contact of 100 × 200 µm; 1600 pixels are 3120 µm."""
    contact = '[[passive]]\nname = "c"\npad = "contact"\npin = [{ name = "1", x = 1000, y = 0 }]\n'
    draw_cut(write(balls((0, 0)) + contact), None, tmp_path / "lands.png")
    picture = lay.PixelBuffer.read_png(str(tmp_path / "lands.png"))

    def is_land(x: float, y: float) -> bool:
        return picture.pixel(round((x + 1560) / 1.95), round((1560 - y) / 1.95)) & 0xFFFFFF == 0x3A4450

    assert is_land(0, 0) and is_land(0, 115) and not is_land(115, 115)
    assert is_land(1040, 90) and not is_land(1060, 0)


def test_the_picture_shows_trees_of_nets_of_many_ends(write: Write, tmp_path: Path) -> None:
    """Ends in an L: ways lead along its sides, and none from one tip to the other."""
    design = write(balls((-1000, -1000), (1000, -1000), (1000, 1000)) + '[nets]\nA = ["ball.*"]\n')
    cut = next(cut for cuts in plan_capacity(design).families.values() for cut in cuts)
    draw_cut(design, cut, tmp_path / "tree.png")
    picture = lay.PixelBuffer.read_png(str(tmp_path / "tree.png"))

    def is_way(x: float, y: float) -> bool:
        column, row = round((x + 1560) / 1.95), round((1560 - y) / 1.95)
        around = [picture.pixel(column + dx, row + dy) & 0xFFFFFF for dx in range(-2, 3) for dy in range(-2, 3)]
        return any(colour != 0x10141A for colour in around)

    assert is_way(-500, -1000) and is_way(1000, 500)
    assert not any(is_way(k, k) for k in range(100, 800, 10))


@pytest.mark.parametrize("seed", range(12))
def test_slots_add_up(write: Write, seed: int) -> None:
    """Two slots of any width, anywhere in a wall on one or two levels: a witness where more nets are than fit."""
    rng = np.random.default_rng(seed)
    low, high, nets = int(rng.integers(-800, 0)), int(rng.integers(300, 900)), int(rng.integers(1, 7))
    first, second = (int(width) for width in rng.integers(10, 70, 2))
    walls = [(-1500, low), (low + first, high), (high + second, 1500)]
    text = "".join(f"[[keepout]]\nrect = [-20, {a}, 20, {b}]\n" for a, b in walls)
    design = write(text + pairs(nets), levels=int(rng.integers(1, 3)))
    fits = sum((width - 10) // 20 + 1 for width in (first, second)) * len(design.pdk.levels)
    assert (plan_capacity(design).witness is not None) == (nets > fits)


@pytest.mark.skipif(not (SHARED / "realdata").is_dir(), reason="no tables of real designs beside the checkout")
@pytest.mark.parametrize("path", sorted(DESIGNS.glob("*.toml")), ids=lambda path: path.stem)
def test_real_designs(path: Path) -> None:
    """All of these are routed to the last net, but two: one that is nearly full, and one that is hopeless."""
    design = read_design(path)
    capacity = plan_capacity(design)
    fullest = capacity.fullest
    assert fullest is not None
    assert not fullest.proof
    assert (capacity.witness is not None) == (path.stem == "fan4096_2")
    if path.stem == "fan4096_2":
        facts = cut_facts(design, fullest)
        assert (facts["nets"], facts["landing_nets"], facts["tracks"]) == (640, 160, {"RDL1": 348, "RDL2": 396})
        assert "is no proof" in witness_text(facts)
        assert capacity.least_levels == 3
    elif path.stem == "fan2000_2":
        assert round(fullest.utilisation, 3) == 0.889
        assert capacity.least_levels == 2
    elif path.stem == "d2d512m_1":
        assert round(fullest.utilisation, 3) == 0.936
        assert capacity.least_levels == 1
    else:
        assert fullest.utilisation < 0.6
        assert capacity.least_levels is not None and capacity.least_levels <= len(design.pdk.levels)


@pytest.mark.parametrize(("y", "least"), [(164, 2), (165, 1), (1000, 1)])
def test_balls_below_a_die_need_a_level_of_their_own(write: Write, y: int, least: int) -> None:
    """Lands of Ø 80 and Ø 250 lie on one another up to 165 µm; what one level cannot hold is not called enough."""
    design = write(array(1) + balls((0, y), (900, 900)) + '[nets]\nA = ["die.A1", "ball.1"]\n', levels=2)
    assert plan_capacity(design).least_levels == least
    same = write(array(1) + balls((0, y)) + '[nets]\nA = ["die.A1", "ball.0"]\n', levels=2)
    assert plan_capacity(same).least_levels == 1


@pytest.mark.parametrize("name", ["toy", "duo"])
def test_examples(name: str) -> None:
    capacity = plan_capacity(read_design(name))
    assert capacity.witness is None
    assert capacity.least_levels == 2
    for cuts in capacity.families.values():
        assert all(a.utilisation >= b.utilisation for a, b in pairwise(cuts))
