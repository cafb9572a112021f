"""The cases of the benchmark: what the generators make, and what a command may ask for."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from router.bench import facing, fanout, hub, ladder, mesh, nine
from router.bench.cases import CASES, chosen
from router.bench.package import grid
from router.model.design import Design, TerminalKind
from router.model.errors import InputError
from router.plan.capacity import plan_capacity
from router.read.pdk import read_pdk

TABLES = Path(__file__).parents[3] / "shared" / "cases"
needs_tables = pytest.mark.skipif(not TABLES.is_dir(), reason="no tables of the cases beside the checkout")


def ends(design: Design) -> np.ndarray:
    """Bump and ball of each net, (n, 2, 2) nm, in the order of the nets."""
    return np.array(
        [[(design.terminals[t].x, design.terminals[t].y) for e in net.ends for t in e.terminals] for net in design.nets]
    )


def table(name: str) -> tuple[list[str], list[str], np.ndarray]:
    """Names of nets, names of pins, and places like `ends`, from the table of a case."""
    with (TABLES / f"{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    keys = [["bump_x_um", "bump_y_um"], ["ball_x_um", "ball_y_um"]]
    places = np.array([[[round(float(row[key]) * 1000) for key in pair] for pair in keys] for row in rows])
    return [row["net"] for row in rows], [row["ball"] for row in rows], places


@needs_tables
@pytest.mark.parametrize(
    ("name", "design"),
    [
        ("fan1024", fanout.fan1024(3)),
        ("fan4096", fanout.fan4096(2)),
        ("d2d512", facing.d2d512(2)),
        ("d2d512m", facing.d2d512m(1)),
    ],
)
def test_the_generated_case_is_that_of_the_table(name: str, design: Design) -> None:
    nets, _, places = table(name)
    assert [net.name for net in design.nets] == nets
    assert np.array_equal(ends(design), places)


@needs_tables
def test_fan2000_has_the_shortest_assignment_of_the_table() -> None:
    nets, _, places = table("fan2000")
    design = fanout.fan2000(3)
    assert [net.name for net in design.nets] == nets
    assert np.array_equal(ends(design), places)


@needs_tables
def test_fan256_has_the_arrays_of_the_table_and_nearly_its_assignment() -> None:
    """The rule behind the table is not known; the same bumps go to the same balls, but for some swapped neighbours."""
    _, _, places = table("fan256")
    ours = ends(fanout.fan256())
    assert np.array_equal(ours[:, 0], places[:, 0])
    assert set(map(tuple, ours[:, 1].tolist())) == set(map(tuple, places[:, 1].tolist()))
    same = (ours[:, 1] == places[:, 1]).all(axis=1)
    assert np.count_nonzero(same) == 200
    assert np.abs(ours[~same, 1] - places[~same, 1]).max() <= 1_000_000
    lengths = [np.hypot(*(p[:, 0] - p[:, 1]).T).sum() for p in (ours, places)]
    assert lengths[0] == pytest.approx(lengths[1], rel=0.002)


def test_arrays_by_hand() -> None:
    assert grid(2, 2, 400).tolist() == [[-200, -200], [200, -200], [-200, 200], [200, 200]]
    assert fanout.ring(1).tolist() == [[-1, -1], [0, -1], [1, -1], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0]]
    assert fanout.evenly(fanout.ring(1), 4).tolist() == [[-1, -1], [1, -1], [1, 1], [-1, 1]]
    bumps, balls = np.array([[0, 0], [1000, 0]]), np.array([[9000, 0], [1000, 0], [3000, 0]])
    assert fanout.shortest(bumps, balls).tolist() in ([1, 2], [2, 1])
    assert fanout.shortest(bumps, balls, power=1.1).tolist() == [1, 2]


def test_fan256_is_planar_enough_for_one_level_and_turns_into_itself() -> None:
    """A quarter turn maps the arrays onto themselves."""
    places = ends(fanout.fan256())
    turned = np.stack([-places[..., 1], places[..., 0]], axis=2)
    for side in (0, 1):
        assert set(map(tuple, turned[:, side].tolist())) == set(map(tuple, places[:, side].tolist()))


def test_a_case_is_the_same_each_time() -> None:
    first, second = fanout.fan256(), fanout.fan256()
    assert first.terminals == second.terminals
    assert first.nets == second.nets


def test_a_scaled_process_keeps_its_proportions_and_its_pads() -> None:
    base = read_pdk("fanout_10um", levels=2)
    wide = ladder.scaled(base, 14_000)
    assert [(level.min_width, level.min_spacing, level.default_width) for level in wide.levels] == [(14_000,) * 3] * 2
    assert (wide.vias[0].cut, wide.vias[0].enclosure_lower, wide.vias[0].spacing) == (21_000, 7_000, 21_000)
    assert wide.pads == base.pads
    assert [rule.name for rule in wide.rules] == [rule.name for rule in base.rules]
    assert {rule.value for rule in wide.rules if rule.name == "RDL2.W.1"} == {14_000}
    assert ladder.scaled(base, 10_000) == base


@pytest.mark.parametrize(("rung", "width"), [(60, 10_910), (90, 15_390)])
def test_a_rung_is_as_full_as_its_name(rung: int, width: int) -> None:
    design = ladder.ladder(rung)
    assert design.pdk.levels[0].min_width == width
    assert 100 * ladder.fullest(design) == pytest.approx(rung, abs=1)
    assert len(design.nets) == 1024


def test_the_hub_by_hand() -> None:
    """122 rows without the middle 16 and the corners, in four quarters that together are all of it."""
    sector, field = hub.hub_sector(), hub.side_field()
    assert len(sector) == (122 * 122 - 16 * 16 - 4) // 4 == 3656
    assert len(field) >= len(sector)
    quarters = [sector]
    for _ in range(3):
        quarters.append(np.stack([-quarters[-1][:, 1], quarters[-1][:, 0]], axis=1))
    assert len(np.unique(np.concatenate(quarters), axis=0)) == 4 * 3656
    # Upwards, and from the edge inwards.
    assert (np.diff(sector[:, 1]) >= 0).all()
    assert (np.diff(sector[:, 0])[np.diff(sector[:, 1]) == 0] == -55_000).all()


def test_hub20k_is_what_its_name_says() -> None:
    design = hub.hub20k()
    assert len(design.nets) == 20_000
    assert all(len(net.ends) == 2 for net in design.nets)
    assert [c.name for c in design.components] == ["hub", *nine.SIDES, *nine.CORNERS, "balls"]
    assert {level.min_width for level in design.pdk.levels} == {2_000}
    assert (len(design.pdk.levels), design.outline.width, design.outline.height) == (4, 30_000_000, 30_000_000)
    capacity = plan_capacity(design)
    assert capacity.fullest is not None and not capacity.fullest.hopeless
    assert capacity.fullness == pytest.approx(0.70, abs=0.015)
    assert capacity.crowded is not None
    assert capacity.crowded.share == pytest.approx(1.02, abs=0.01)
    # Nets round the ring are images of one another: they run straight across.
    places = ends(design)
    ring = [places[n] for n, net in enumerate(design.nets) if "east_northeast_" in net.name]
    assert len(ring) == 384
    assert all(a[0] == b[0] for a, b in ring)


@pytest.mark.parametrize(
    ("design", "deep", "wide", "to_balls", "fullest", "share"),
    [(mesh.big20k(), 28, 55, 169, 0.28, 0.70), (mesh.mesh20k(), 20, 68, 400, 0.26, 0.54)],
)
def test_a_mesh_is_what_its_name_says(
    design: Design, deep: int, wide: int, to_balls: int, fullest: float, share: float
) -> None:
    assert len(design.nets) == 12 * deep * wide + 9 * to_balls
    assert len(design.nets) == pytest.approx(20_000, rel=0.005)
    assert all(len(net.ends) == 2 for net in design.nets)
    assert {level.min_width for level in design.pdk.levels} == {2_000}
    assert (len(design.pdk.levels), design.outline.width, design.outline.height) == (4, 30_000_000, 30_000_000)
    places = ends(design)
    for names in (("southwest", "south"), ("middle", "north"), ("east", "northeast")):
        buses = [places[n] for n, net in enumerate(design.nets) if net.name.startswith("_".join(names) + "_")]
        ways = np.array([np.subtract(b, a) for a, b in buses])
        assert len(ways) == deep * wide
        assert (np.abs(ways).min(axis=1) == 0).all(), "straight across"
        assert np.unique(np.abs(ways).max(axis=1)).tolist() == [2_700_000 + 110_000 * k for k in range(deep)]
    capacity = plan_capacity(design)
    assert capacity.fullness == pytest.approx(fullest, abs=0.01)
    assert capacity.crowded is not None
    assert capacity.crowded.share == pytest.approx(share, abs=0.01)


def test_a_cut_along_a_field_of_big20k_is_70_percent_full() -> None:
    design = mesh.big20k()
    track, pitch, ball_pitch = 4_000, 55_000, 400_000
    bump, ball = (next(t for t in design.terminals if t.level == level) for level in (0, 3))

    def between(lands: int, of: int) -> float:
        """Tracks between lands of this size and pitch, as many as there are on the pitch of a bump."""
        return (of - lands - 2_000) // track * pitch / of

    room = between(bump.width, pitch) + 2 * pitch / track + between(ball.width, ball_pitch)
    assert 28 / room == pytest.approx(0.70, abs=0.01)


@pytest.mark.parametrize(("design", "side"), [(facing.cross144(2), 12), (facing.cross256(3), 16)])
def test_nets_between_two_dies_are_dealt_by_chance(design: Design, side: int) -> None:
    places = ends(design)
    assert len(places) == len(np.unique(places[:, 0], axis=0)) == len(np.unique(places[:, 1], axis=0)) == side**2
    assert (places[:, 0, 0] < 0).all() and (places[:, 1, 0] > 0).all()
    order = np.argsort(np.argsort(places[:, 0, 1], kind="stable")) - np.argsort(np.argsort(places[:, 1, 1]))
    assert np.abs(order).mean() == pytest.approx(side**2 / 3, rel=0.15), "as far as chance takes them"


def test_nets_round_a_corner_come_out_in_reverse_order() -> None:
    first, second = ends(facing.corner128(2)).transpose(1, 0, 2)
    assert len(np.unique(first, axis=0)) == len(np.unique(second, axis=0)) == 128
    assert np.ptp(first, axis=0).tolist() == np.ptp(second, axis=0)[::-1].tolist() == [15 * 55_000, 7 * 55_000]
    assert (first.max(axis=0) < second.min(axis=0)).all()
    assert (second[np.argsort(first[:, 0], kind="stable"), 1].reshape(16, 8) == np.unique(second[:, 1])[:, None]).all()


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["fan1024"], ["fan1024_3", "fan1024_2"]),
        (["d2d512_2", "fan256_1", "d2d512_2"], ["fan256_1", "d2d512_2"]),
        (["ladder"], [f"ladder{n}" for n in (50, 60, 70, 75, 80, 85, 90)]),
        (["big20k"], ["big20k"]),
        (["hub20k"], ["hub20k"]),
        ([], [name for name, case in CASES.items() if case.quick]),
    ],
)
def test_cases_by_name_and_family(names: list[str], found: list[str], tmp_path: Path) -> None:
    assert [case.name for case in chosen(names, tmp_path)] == found


def test_all_cases_are_those_with_data(tmp_path: Path) -> None:
    made = [name for name, case in CASES.items() if not case.data]
    assert [case.name for case in chosen(["all"], tmp_path)] == made
    (tmp_path / "caravel_wlcsp").mkdir()
    assert [case.name for case in chosen(["all"], tmp_path)] == [n for n in CASES if n in made or "caravel" in n]


def test_no_such_case_and_no_data(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"case 'fan265': found no such case; expected a name such as fan256"):
        chosen(["fan265"], tmp_path)
    with pytest.raises(InputError, match=r"case caravel: found no folder .*caravel_wlcsp; expected .* --data DIR"):
        chosen(["caravel"], tmp_path)


@pytest.mark.skipif(not (TABLES.parent / "realdata").is_dir(), reason="no tables of real designs beside the checkout")
@pytest.mark.parametrize(
    ("name", "nets", "levels"),
    [
        ("caravel", 57, 1),
        ("caravel_any", 57, 1),
        ("blackparrot_6", 139, 1),
        ("blackparrot_10_90", 139, 1),
        ("gtchips", 108, 4),
        ("aib", 2400, 4),
    ],
)
def test_published_data_becomes_cases(name: str, nets: int, levels: int) -> None:
    design = CASES[name].build(TABLES.parent / "realdata")
    assert (design.name, len(design.nets), len(design.pdk.levels)) == (name, nets, levels)


def test_supplies_are_all_that_is_not_a_signal() -> None:
    design = fanout.supply6400(3)
    ends = {net.name: len(net.ends) for net in design.nets}
    signals = [name for name, count in ends.items() if count == 2]
    assert len(signals) == 1420 == len(ends) - 2
    assert ends["VDD"] + ends["VSS"] == 80 * 80 + 53 * 53 - 2 * 1420
    assert min(ends["VDD"], ends["VSS"]) > 3000
    terminals = [[design.terminals[t] for end in net.ends for t in end.terminals] for net in design.nets]
    assert all(t.kind is TerminalKind.BUMP for one in terminals for t in one[:1])
    inner = [t for t in design.terminals if t.kind is TerminalKind.BUMP and max(abs(t.x), abs(t.y)) < 34 * 130_000]
    supplies = {t.id for one in terminals if len(one) > 2 for t in one}
    assert inner and all(t.id in supplies for t in inner)


def test_the_interposer_is_nearly_empty() -> None:
    design = fanout.tsv1200(4)
    assert {len(net.ends) for net in design.nets} == {2} and len(design.nets) == 1200
    assert len({(t.x, t.y, t.kind) for t in design.terminals}) == 2400
    assert 0 < plan_capacity(design).fullness < 0.05
