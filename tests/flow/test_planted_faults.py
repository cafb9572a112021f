"""A small clean package, and the same with one fault planted: found under exactly its rule or kind, and not beside it.

Lengths in nm. Metal that a test adds gets a terminal of its own (without a net), so that it is not floating.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from router.model.design import Design, End, Keepout, Net, Terminal
from router.model.geometry import Box, Points
from router.model.layout import MaskLabel, Verdict
from router.model.pdk import Level, Mask, MaskRole, Pdk, Rule, RuleKind, ShapeKind, TerminalKind, ViaRule
from router.verify import check_masks

ROLES = {
    "OUT": MaskRole.OUTLINE,
    "M1": MaskRole.METAL,
    "V1": MaskRole.CUT,
    "M2": MaskRole.METAL,
    "V2": MaskRole.CUT,
    "M3": MaskRole.METAL,
    "PI": MaskRole.OPENING,
    "UBM": MaskRole.UBM,
}
RULES = (
    Rule("M1.W.1", RuleKind.WIDTH, ("M1",), 2000),
    Rule("M1.S.1", RuleKind.SPACE, ("M1",), 2000),
    Rule("M1.S.2", RuleKind.WIDE_SPACE, ("M1",), 3000, width=10_000, run_length=20_000),
    Rule("M1.K.1", RuleKind.ENCLOSURE, ("M1", "OUT"), 5000),
    Rule("M1.A.1", RuleKind.ANGLE, ("M1",), 90),
    Rule("M1.AR.1", RuleKind.AREA, ("M1",), 9_000_000),
    Rule("M1.D.1", RuleKind.DENSITY, ("M1",), 50_000, maximum=0.6),
    Rule("V1.W.1", RuleKind.SIZE, ("V1",), 4000),
    Rule("V1.S.1", RuleKind.SPACE, ("V1",), 3000),
    Rule("V1.EN.M1", RuleKind.ENCLOSURE, ("V1", "M1"), 1000),
    Rule("V1.EN.M2", RuleKind.ENCLOSURE, ("V1", "M2"), 1000),
    Rule("V1.ST.V2", RuleKind.STACKING, ("V1", "V2"), 0),
    Rule("UBM.W.1", RuleKind.WIDTH, ("UBM",), 20_000),
    Rule("UBM.P.1", RuleKind.PITCH, ("UBM",), 40_000),
    Rule("UBM.C.OUT", RuleKind.CENTRE_SEPARATION, ("UBM", "OUT"), 30_000),
    Rule("PI.SEP.UBM", RuleKind.SEPARATION, ("PI", "UBM"), 10_000),
    Rule("OUT.X.1", RuleKind.EXTENT_MIN, ("OUT",), 200_000, height=200_000),
    Rule("OUT.X.2", RuleKind.EXTENT_MAX, ("OUT",), 200_000, height=200_000),
)
PDK = Pdk(
    "test",
    "three levels",
    tuple(Mask(name, n + 1, 0, 1, 2, role, "#808080", "clear", n) for n, (name, role) in enumerate(ROLES.items())),
    tuple(Level(name, 2000, 2000, 2000, 2000) for name in ("M1", "M2", "M3")),
    tuple(
        ViaRule(name, f"M{n}", f"M{n + 1}", ShapeKind.RECT, 4000, 1000, 1000, 3000, False)
        for n, name in ((1, "V1"), (2, "V2"))
    ),
    {},
    RULES,
)


def rect(x0: int, y0: int, x1: int, y1: int) -> Points:
    return Box(x0, y0, x1, y1).ring()


def square(x: int, y: int, size: int) -> Points:
    return rect(x - size // 2, y - size // 2, x + size // 2, y + size // 2)


def ring(*xy: tuple[int, int]) -> Points:
    return np.array(xy, dtype=np.int64)


def bar(x: int, y: int, along: tuple[int, int], left: tuple[int, int], right: tuple[int, int]) -> Points:
    """A slanted trace from (x, y) by `along`, its sides off the centre line by `left` and `right`."""
    ends = np.array([[x, y], [x + along[0], y + along[1]]])
    return np.concatenate([ends + right, (ends + left)[::-1]])


def disc(x: int, y: int, diameter: int) -> Points:
    """24 facets around the circle, flats on the axes."""
    angles = (np.arange(24) + 0.5) * np.pi / 12
    corners = diameter / 2 / np.cos(np.pi / 24) * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return (np.sign(corners) * np.ceil(np.abs(corners) - 1e-6)).astype(np.int64) + np.array([x, y])


def terminal(name: str, x: int, y: int, level: int) -> Terminal:
    return Terminal(name, TerminalKind.BUMP, x, y, "pad", level, 6000, 6000, False)


@dataclass
class Scene:
    """The clean package; tests change it and judge it."""

    masks: dict[str, list[Points]] = field(
        default_factory=lambda: {
            "OUT": [rect(0, 0, 200_000, 200_000)],
            "M1": [
                square(20_000, 20_000, 6000),
                rect(20_000, 19_000, 60_000, 21_000),
                square(60_000, 20_000, 6000),
                square(20_000, 50_000, 6000),
                rect(20_000, 49_000, 80_000, 51_000),
                square(80_000, 50_000, 6000),
                square(20_000, 80_000, 6000),
                bar(20_000, 80_000, (40_000, 40_000), (-707, 707), (707, -707)),
                square(60_000, 120_000, 6000),
                square(150_000, 50_000, 6000),
            ],
            "V1": [square(60_000, 20_000, 4000)],
            "M2": [
                square(60_000, 20_000, 6000),
                rect(60_000, 19_000, 100_000, 21_000),
                square(100_000, 20_000, 6000),
            ],
            "V2": [square(100_000, 20_000, 4000)],
            "M3": [
                square(100_000, 20_000, 6000),
                rect(100_000, 19_000, 140_000, 21_000),
                square(140_000, 20_000, 6000),
            ],
            "PI": [square(60_000, 150_000, 6000)],
            "UBM": [disc(100_000, 150_000, 20_000), disc(150_000, 150_000, 20_000)],
        }
    )
    labels: dict[str, list[MaskLabel]] = field(
        default_factory=lambda: {
            "M1": [MaskLabel("A", 30_000, 20_000), MaskLabel("B", 30_000, 50_000), MaskLabel("C", 40_000, 100_000)]
        }
    )
    terminals: list[Terminal] = field(
        default_factory=lambda: [
            terminal("U.a", 20_000, 20_000, 0),
            terminal("G.a", 140_000, 20_000, 2),
            terminal("U.b", 20_000, 50_000, 0),
            terminal("G.b", 80_000, 50_000, 0),
            terminal("U.c", 20_000, 80_000, 0),
            terminal("G.c", 60_000, 120_000, 0),
            terminal("U.free", 150_000, 50_000, 0),
        ]
    )
    nets: list[Net] = field(
        default_factory=lambda: [
            Net("A", (End((0,)), End((1,))), "default"),
            Net("B", (End((2,)), End((3,))), "default"),
            Net("C", (End((4,)), End((5,))), "default"),
        ]
    )
    keepouts: tuple[Keepout, ...] = ()

    def add(self, mask: str, *rings: Points, inside: tuple[int, int] | None = None) -> None:
        """Draw rings, and where `mask` is metal and `inside` is given, a terminal without a net on them."""
        self.masks[mask].extend(rings)
        if inside:
            number = len(self.terminals)
            self.terminals.append(terminal(f"extra.{number}", *inside, level=("M1", "M2", "M3").index(mask)))

    def via(self, x: int, y: int, shift: int = 0) -> None:
        """A via on its own: cut, both capture pads (the lower one moved by `shift`), a terminal."""
        self.add("V1", square(x, y, 4000))
        self.add("M1", square(x + shift, y, 6000), inside=(x + shift, y))
        self.add("M2", square(x, y, 6000))

    def judge(self) -> Verdict:
        design = Design(
            "test",
            PDK,
            Box(0, 0, 200_000, 200_000),
            (),
            tuple(self.terminals),
            tuple(self.nets),
            {},
            keepouts=self.keepouts,
        )
        return check_masks(self.masks, self.labels, design)

    def rules(self) -> set[str]:
        """Names of broken rules; there must be no fault of connectivity."""
        verdict = self.judge()
        assert verdict.faults == ()
        return {violation.rule for violation in verdict.violations}

    def faults(self) -> dict[str, list[tuple[str, ...]]]:
        """Nets of the faults by kind."""
        found: dict[str, list[tuple[str, ...]]] = {}
        for fault in self.judge().faults:
            found.setdefault(fault.kind, []).append(fault.nets)
        return found


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_the_clean_package_is_clean(scene: Scene) -> None:
    assert scene.judge() == Verdict((), ())


Plant = Callable[[Scene, int], None]
X, Y = 130_000, 80_000  # an empty place


def narrow(s: Scene, less: int) -> None:
    s.add("M1", rect(X, Y, X + 2000 - less, Y + 8000), inside=(X + 500, Y + 500))


def narrow_across(s: Scene, less: int) -> None:
    s.add("M1", rect(X, Y, X + 8000, Y + 2000 - less), inside=(X + 500, Y + 500))


def narrow_neck(s: Scene, less: int) -> None:
    """Two blocks joined by a short neck."""
    s.add("M1", rect(X, Y, X + 8000, Y + 8000), inside=(X + 500, Y + 500))
    s.add("M1", rect(X + 12_000, Y, X + 20_000, Y + 8000))
    s.add("M1", rect(X + 7000, Y + 3000, X + 13_000, Y + 5000 - less))


def narrow_diagonal(s: Scene, less: int) -> None:
    """45°; `less` counts steps of 1.4 nm, the finest at this angle."""
    s.add("M1", bar(X, Y, (9000, 9000), (-707, 707), (707 - less, less - 707)), inside=(X + 4000, Y + 4000))


def narrow_any_angle(s: Scene, less: int) -> None:
    """A slope of 3 : 4, where 2000 nm across is exact; one step is 2.2 nm."""
    right = (600 - less, -800 + 2 * less)
    s.add("M1", bar(X, Y, (12_000, 9000), (-600, 800), right), inside=(X + 4000, Y + 3000))


def close_side_by_side(s: Scene, less: int) -> None:
    s.add("M1", rect(X, Y, X + 4000, Y + 8000), inside=(X + 500, Y + 500))
    s.add("M1", rect(X + 6000 - less, Y, X + 10_000, Y + 8000), inside=(X + 8000, Y + 500))


def close_corners(s: Scene, less: int) -> None:
    """Corner to corner, 2000 nm on the slant of 3 : 4."""
    s.add("M1", rect(X, Y, X + 4000, Y + 4000), inside=(X + 500, Y + 500))
    s.add("M1", rect(X + 5200, Y + 5600 - less, X + 9000, Y + 9000), inside=(X + 8000, Y + 8000))


def close_diagonals(s: Scene, less: int) -> None:
    """Two traces at 45°, 2001.1 nm apart, less steps of 1.4 nm."""
    for k, shift in enumerate((0, 3000 + 1415 - less)):
        s.add(
            "M1",
            bar(X + shift, Y - shift, (9000, 9000), (-1500, 1500), (1500, -1500)),
            inside=(X + shift + 4000, Y - shift + 4000 + k),
        )


def close_to_a_disc(s: Scene, less: int) -> None:
    s.add("M1", disc(X, Y, 20_000), inside=(X, Y))
    s.add("M1", rect(X + 12_000 - less, Y - 3000, X + 16_000, Y + 3000), inside=(X + 15_000, Y))


def notch(s: Scene, less: int) -> None:
    s.add("M1", rect(X, Y, X + 4000, Y + 12_000), rect(X, Y, X + 12_000, Y + 4000), inside=(X + 500, Y + 500))
    s.add("M1", rect(X + 6000 - less, Y, X + 12_000, Y + 12_000))


def hole(s: Scene, less: int) -> None:
    """A frame of four bars around an opening 2000 nm wide."""
    s.add("M1", rect(X, Y, X + 4000, Y + 12_000), inside=(X + 500, Y + 500))
    s.add("M1", rect(X, Y, X + 10_000, Y + 4000), rect(X, Y + 8000, X + 10_000, Y + 12_000))
    s.add("M1", rect(X + 6000 - less, Y, X + 10_000, Y + 12_000))


def beside_wide_metal(s: Scene, less: int) -> None:
    s.add("M1", rect(X, Y, X + 10_001, Y + 30_000), inside=(X + 500, Y + 500))
    s.add("M1", rect(X + 13_001 - less, Y, X + 15_001, Y + 20_001), inside=(X + 14_000, Y + 500))


def run_beside_wide_metal(s: Scene, longer: int) -> None:
    s.add("M1", rect(X, Y, X + 10_001, Y + 30_000), inside=(X + 500, Y + 500))
    s.add("M1", rect(X + 12_500, Y, X + 15_000, Y + 20_000 + longer), inside=(X + 14_000, Y + 500))


def wide_beside_metal(s: Scene, wider: int) -> None:
    s.add("M1", rect(X - wider, Y, X + 10_000, Y + 30_000), inside=(X + 500, Y + 500))
    s.add("M1", rect(X + 12_500, Y, X + 15_000, Y + 25_000), inside=(X + 14_000, Y + 500))


def near_the_outline(s: Scene, less: int) -> None:
    s.add("M1", rect(185_000, Y, 195_000 + less, Y + 4000), inside=(190_000, Y + 500))


def across_the_outline(s: Scene, more: int) -> None:
    s.add("M1", rect(185_000, Y, 195_000 + 7000 * more, Y + 4000), inside=(190_000, Y + 500))


def beyond_the_outline(s: Scene, more: int) -> None:
    place = 210_000 if more else 185_000
    s.add("M1", rect(place, Y, place + 4000, Y + 4000), inside=(place + 500, Y + 500))


def small_area(s: Scene, less: int) -> None:
    s.add("M1", rect(X, Y, X + 3000, Y + 3000 - less), inside=(X + 500, Y + 500))


def dense(s: Scene, more: int) -> None:
    """A window of 50 µm at a share of 60 %: 30 µm of every 50 filled, over all of the window."""
    for k in range(10):
        x = 125_000 + 5000 * k
        s.add("M1", rect(x, 75_000, x + 3000, 125_000), inside=(x + 500, 76_000))
    s.add("M1", *[rect(127_000, 80_000, 131_000, 83_000)] * more)


def cut_off_size(s: Scene, more: int) -> None:
    s.add("V1", rect(X - 2000, Y - 2000, X + 2000 + more, Y + 2000))
    s.add("M1", square(X, Y, 8000), inside=(X, Y))
    s.add("M2", square(X, Y, 8000))


def cuts_too_close(s: Scene, less: int) -> None:
    s.add("V1", square(X, Y, 4000), square(X + 7000 - less, Y, 4000))
    s.add("M1", rect(X - 4000, Y - 4000, X + 12_000, Y + 4000), inside=(X, Y))
    s.add("M2", rect(X - 4000, Y - 4000, X + 12_000, Y + 4000))


def cut_near_edge_below(s: Scene, by: int) -> None:
    s.via(X, Y, shift=by)


def cut_over_the_edge(s: Scene, by: int) -> None:
    s.via(X, Y, shift=4000 * by)


def cuts_stacked(s: Scene, touching: int) -> None:
    s.via(X, Y)
    s.add("V2", square(X + 4001 - touching, Y, 4000))
    s.add("M2", rect(X, Y - 3000, X + 8000, Y + 3000))
    s.add("M3", rect(X, Y - 3000, X + 8000, Y + 3000))


def cuts_on_top(s: Scene, there: int) -> None:
    s.via(X, Y)
    if there:
        s.add("V2", square(X, Y, 2000))
        s.add("M3", square(X, Y, 6000))


def pads_too_near(s: Scene, less: int) -> None:
    s.add("UBM", disc(100_000, 110_000 + less, 20_000))


def pad_too_narrow(s: Scene, less: int) -> None:
    s.masks["UBM"][1] = rect(140_000, 140_000, 160_000 - less, 160_000)


def pad_near_the_outline(s: Scene, less: int) -> None:
    s.masks["UBM"][1] = disc(170_000 + less, 150_000, 20_000)


def pad_centre_outside(s: Scene, there: int) -> None:
    s.masks["UBM"][1] = disc(240_000 if there else 150_000, 150_000, 20_000)


def openings_too_near(s: Scene, less: int) -> None:
    s.add("PI", rect(76_000, 147_000, 80_000 + less, 153_000))


def opening_inside_a_pad(s: Scene, there: int) -> None:
    if there:
        s.add("PI", square(100_000, 150_000, 4000))


def outline_too_small(s: Scene, less: int) -> None:
    s.masks["OUT"] = [rect(0, 0, 200_000, 200_000 - less)]


def outline_too_large(s: Scene, more: int) -> None:
    s.masks["OUT"] = [rect(0, 0, 200_000 + more, 200_000)]


@pytest.mark.parametrize(
    ("plant", "rule"),
    [
        (narrow, "M1.W.1"),
        (narrow_across, "M1.W.1"),
        (narrow_neck, "M1.W.1"),
        (narrow_any_angle, "M1.W.1"),
        (close_side_by_side, "M1.S.1"),
        (close_corners, "M1.S.1"),
        (close_to_a_disc, "M1.S.1"),
        (notch, "M1.S.1"),
        (hole, "M1.S.1"),
        (beside_wide_metal, "M1.S.2"),
        (run_beside_wide_metal, "M1.S.2"),
        (wide_beside_metal, "M1.S.2"),
        (near_the_outline, "M1.K.1"),
        (across_the_outline, "M1.K.1"),
        (beyond_the_outline, "M1.K.1"),
        (small_area, "M1.AR.1"),
        (dense, "M1.D.1"),
        (cut_off_size, "V1.W.1"),
        (cuts_too_close, "V1.S.1"),
        (cut_near_edge_below, "V1.EN.M1"),
        (cut_over_the_edge, "V1.EN.M1"),
        (cuts_stacked, "V1.ST.V2"),
        (cuts_on_top, "V1.ST.V2"),
        (pads_too_near, "UBM.P.1"),
        (pad_too_narrow, "UBM.W.1"),
        (pad_near_the_outline, "UBM.C.OUT"),
        (pad_centre_outside, "UBM.C.OUT"),
        (openings_too_near, "PI.SEP.UBM"),
        (opening_inside_a_pad, "PI.SEP.UBM"),
        (outline_too_small, "OUT.X.1"),
        (outline_too_large, "OUT.X.2"),
    ],
)
def test_at_the_limit_clean_and_one_step_past_it_found(plant: Plant, rule: str) -> None:
    at_limit, past = Scene(), Scene()
    plant(at_limit, 0)
    plant(past, 1)
    assert at_limit.rules() == set()
    assert past.rules() == {rule}


@pytest.mark.parametrize(("plant", "rule"), [(narrow_diagonal, "M1.W.1"), (close_diagonals, "M1.S.1")])
def test_diagonals_may_be_short_by_less_than_a_nanometre(plant: Plant, rule: str) -> None:
    for steps, expected in ((0, set()), (2, {rule})):
        scene = Scene()
        plant(scene, steps)
        assert scene.rules() == expected


@pytest.mark.parametrize(("slant", "corner", "rules"), [(900, 82.67, {"M1.A.1"}), (1300, 79.48, {"M1.A.1", "M1.W.1"})])
def test_an_acute_corner_breaks_the_angle_rule_and_below_80_degrees_is_narrow_at_its_tip(
    scene: Scene, slant: int, corner: float, rules: set[str]
) -> None:
    scene.add(
        "M1", ring((X, Y), (X + 9000, Y), (X + 9000, Y + 7000), (X + slant, Y + 7000)), inside=(X + 4000, Y + 4000)
    )
    assert scene.rules() == rules
    assert min(v.actual for v in scene.judge().violations if v.rule == "M1.A.1") == pytest.approx(corner, abs=0.01)


def test_an_acute_notch_breaks_the_angle_rule_and_is_a_gap(scene: Scene) -> None:
    outline = ring((X, Y), (X + 20_000, Y), (X + 20_000, Y + 10_000), (X + 10_000, Y + 5000), (X + 6000, Y + 10_000))
    scene.add("M1", np.concatenate([outline, ring((X, Y + 10_000))]), inside=(X + 500, Y + 500))
    rules = scene.rules()
    assert "M1.A.1" in rules
    assert rules <= {"M1.A.1", "M1.S.1", "M1.W.1"}


def test_a_rotated_rectangle_has_right_angles_in_spite_of_its_grid(scene: Scene) -> None:
    scene.add(
        "M1", ring((X, Y), (X + 9001, Y + 3003), (X + 8000, Y + 6003), (X - 1001, Y + 3000)), inside=(X, Y + 1500)
    )
    assert scene.rules() == set()


def test_violations_name_rule_masks_nets_place_and_figures(scene: Scene) -> None:
    scene.add("M1", rect(40_000, 52_990, 44_000, 58_000), inside=(42_000, 56_000))
    (violation,) = scene.judge().violations
    assert (violation.rule, violation.masks, violation.nets) == ("M1.S.1", ("M1",), ("B",))
    assert (violation.required, violation.actual) == (2000, 1990)
    assert violation.box == Box(39_800, 51_000, 44_200, 52_990)


def test_missing_via(scene: Scene) -> None:
    scene.masks["V1"].clear()
    (fault,) = scene.judge().faults
    assert (fault.kind, fault.nets, set(fault.terminals)) == ("open", ("A",), {"U.a", "G.a"})
    assert scene.judge().violations == ()


def test_cut_without_metal_above(scene: Scene) -> None:
    scene.masks["M2"] = [rect(70_000, 19_000, 100_000, 21_000), square(100_000, 20_000, 6000)]
    verdict = scene.judge()
    assert [(f.kind, f.nets) for f in verdict.faults] == [("open", ("A",))]
    assert {v.rule for v in verdict.violations} == {"V1.EN.M2"}


def test_cut_on_a_level_that_has_no_metal_at_all(scene: Scene) -> None:
    scene.masks["M2"] = []
    verdict = scene.judge()
    assert [(f.kind, f.nets) for f in verdict.faults] == [("open", ("A",))]
    assert {v.rule for v in verdict.violations} == {"V1.EN.M2"}


def test_gap_of_one_nanometre_in_a_trace(scene: Scene) -> None:
    scene.masks["M1"][4:5] = [rect(20_000, 49_000, 50_000, 51_000), rect(50_001, 49_000, 80_000, 51_000)]
    verdict = scene.judge()
    assert [(f.kind, f.nets, f.terminals) for f in verdict.faults] == [("open", ("B",), ("U.b", "G.b"))]
    assert [(v.rule, v.actual) for v in verdict.violations] == [("M1.S.1", 1)]


def test_abutting_traces_are_joined(scene: Scene) -> None:
    scene.masks["M1"][4:5] = [rect(20_000, 49_000, 50_000, 51_000), rect(50_000, 49_000, 80_000, 51_000)]
    assert scene.judge().clean


def test_two_nets_touching(scene: Scene) -> None:
    scene.masks["M1"][5] = rect(77_000, 47_000, 83_000, 53_000)
    scene.add("M1", rect(30_000, 21_000, 32_000, 49_000))
    assert scene.faults() == {"short": [("A", "B")]}
    assert scene.judge().violations == ()


def test_two_nets_joined_through_a_third_shape_on_another_level(scene: Scene) -> None:
    scene.add("V1", square(20_000, 20_000, 4000), square(20_000, 50_000, 4000))
    scene.add("M2", rect(17_000, 17_000, 23_000, 53_000))
    assert scene.faults() == {"short": [("A", "B")]}
    assert scene.judge().violations == ()


def test_swapped_terminals(scene: Scene) -> None:
    b, c = scene.terminals[3], scene.terminals[5]
    scene.terminals[3], scene.terminals[5] = replace(b, x=c.x, y=c.y), replace(c, x=b.x, y=b.y)
    assert scene.faults() == {"open": [("B",), ("C",)], "short": [("B", "C"), ("B", "C")]}


def test_terminal_without_metal(scene: Scene) -> None:
    scene.masks["M3"] = [square(100_000, 20_000, 6000), rect(100_000, 19_000, 130_000, 21_000)]
    (fault,) = scene.judge().faults
    assert (fault.kind, fault.nets, fault.terminals) == ("unreached", ("A",), ("G.a",))


def test_land_that_no_trace_reaches(scene: Scene) -> None:
    scene.masks["M3"] = [square(100_000, 20_000, 6000), square(140_000, 20_000, 6000)]
    (fault,) = scene.judge().faults
    assert (fault.kind, fault.nets, set(fault.terminals)) == ("open", ("A",), {"U.a", "G.a"})


def test_missing_label(scene: Scene) -> None:
    scene.labels["M1"].pop(1)
    assert scene.faults() == {"missing_label": [("B",)]}


def test_swapped_labels(scene: Scene) -> None:
    scene.labels["M1"][1:] = [MaskLabel("C", 30_000, 50_000), MaskLabel("B", 40_000, 100_000)]
    assert scene.faults() == {"missing_label": [("B",), ("C",)]}


def test_label_beside_its_metal(scene: Scene) -> None:
    scene.labels["M1"][1] = MaskLabel("B", 30_000, 55_000)
    assert scene.faults() == {"missing_label": [("B",)]}


def test_metal_that_belongs_to_nothing(scene: Scene) -> None:
    scene.masks["M1"].append(square(X, Y, 6000))
    scene.labels["M1"].append(MaskLabel("stray", X, Y))
    (fault,) = scene.judge().faults
    assert (fault.kind, fault.nets, fault.box) == ("floating", ("stray",), Box(X - 3000, Y - 3000, X + 3000, Y + 3000))


def test_terminal_without_a_net_touched_by_one(scene: Scene) -> None:
    scene.add("M1", rect(80_000, 49_000, 150_000, 51_000))
    (fault,) = scene.judge().faults
    assert (fault.kind, fault.nets, fault.terminals) == ("short", ("B",), ("U.free",))


def test_a_corner_point_joins_but_is_no_trace(scene: Scene) -> None:
    """As layout extractors see it: shapes that touch in a point are one; width and space both forbid it."""
    scene.masks["M1"][4:5] = [rect(20_000, 49_000, 50_000, 51_000), rect(50_000, 51_000, 80_000, 53_000)]
    verdict = scene.judge()
    assert verdict.faults == ()
    assert {v.rule for v in verdict.violations} == {"M1.W.1", "M1.S.1"}
    assert {v.actual for v in verdict.violations} == {0}


def test_two_nets_that_touch_in_a_corner_are_joined(scene: Scene) -> None:
    scene.masks["M1"].append(rect(83_000, 53_000, 90_000, 60_000))
    scene.terminals[6] = replace(scene.terminals[6], x=85_000, y=55_000)
    scene.masks["M1"].pop(9)
    (fault,) = scene.judge().faults
    assert (fault.kind, fault.nets, fault.terminals) == ("short", ("B",), ("U.free",))


def test_any_of_several_terminals_will_do(scene: Scene) -> None:
    """Pads that are joined inside the die: one is reached, the other has its land only."""
    scene.add("M1", square(X, Y, 6000))
    scene.terminals.append(terminal("U.b2", X, Y, 0))
    scene.nets[1] = Net("B", (End((2, 7)), End((3,))), "default")
    assert scene.judge().clean


def test_pieces_joined_through_the_die_are_one(scene: Scene) -> None:
    scene.add("M1", square(X, Y, 6000), rect(X, Y - 1000, X + 20_000, Y + 1000), square(X + 20_000, Y, 6000))
    scene.terminals += [terminal("U.b2", X, Y, 0), terminal("G.b2", X + 20_000, Y, 0)]
    scene.nets[1] = Net("B", (End((2, 7)), End((3,)), End((8,))), "default")
    assert scene.judge().clean
    scene.nets[1] = Net("B", (End((2,)), End((3,)), End((7,)), End((8,))), "default")
    assert scene.faults() == {"open": [("B",)]}


def test_pieces_joined_later_through_another_end(scene: Scene) -> None:
    """Ends reach three components before one of them turns out to join two."""
    for k in range(2):
        scene.add("M1", square(X + 20_000 * k, Y, 6000))
    scene.terminals += [terminal("D.1", X, Y, 0), terminal("D.2", X + 20_000, Y, 0)]
    scene.nets[1] = Net("B", (End((2,)), End((7,)), End((8, 3, 7))), "default")
    assert scene.judge().clean


def test_metal_of_a_net_in_a_keepout(scene: Scene) -> None:
    scene.keepouts = (Keepout("sensor", (0,), rect(40_000, 45_000, 50_000, 49_000)),)
    assert scene.judge().clean
    scene.keepouts = (Keepout("sensor", (0,), rect(40_000, 45_000, 50_000, 49_100)),)
    (violation,) = scene.judge().violations
    assert (violation.rule, violation.nets) == ("KEEPOUT.sensor", ("B",))


def test_metal_without_a_net_may_lie_in_a_keepout(scene: Scene) -> None:
    scene.keepouts = (Keepout("sensor", (0, 1), rect(145_000, 45_000, 155_000, 55_000)),)
    assert scene.judge().clean
