"""Rules one by one, where a whole package would only be in the way."""

from __future__ import annotations

from dataclasses import replace

import klayout.db as kdb
import numpy as np
import pytest

from router.model.geometry import Box, Points
from router.model.layout import Violation
from router.model.pdk import Mask, MaskRole, Pdk, Rule, RuleKind
from router.verify import edges, shapes
from router.verify.connect import Components
from router.verify.density import density
from router.verify.findings import Findings, Layers, violations
from router.verify.klayout import facing as klayout_facing
from router.verify.klayout import wide as klayout_wide
from router.verify.klayout.layers import Layers as KLayers
from router.verify.merge import merge
from router.verify.wide import wide_space

ROLES = {"OUT": MaskRole.OUTLINE, "M": MaskRole.METAL, "V": MaskRole.CUT, "PI": MaskRole.OPENING}
PDK = Pdk(
    "rules",
    "",
    tuple(Mask(name, 1, 0, 1, 2, role, "#808080", "clear", 0) for name, role in ROLES.items()),
    (),
    (),
    {},
    (),
)
NONE = Components({}, ())


def rect(x0: int, y0: int, x1: int, y1: int) -> Points:
    return Box(x0, y0, x1, y1).ring()


def disc(diameter: int, facets: int = 24, across_corners: bool = False) -> Points:
    angles = (np.arange(facets) + 0.5) * 2 * np.pi / facets
    radius = diameter / 2 / (1 if across_corners else np.cos(np.pi / facets))
    return np.rint(radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)).astype(np.int64)


def layers(**masks: list[Points]) -> Layers:
    """Masks in an outline of 1000 × 1000."""
    return Layers(PDK, Box(0, 0, 1000, 1000), {name: merge(masks.get(name, [])) for name in ROLES}, NONE)


def listed(rule: Rule, findings: Findings, drawn: Layers) -> list[Violation]:
    return violations(rule, findings, drawn)


def test_too_little_and_too_much_metal() -> None:
    rule = Rule("M.D.1", RuleKind.DENSITY, ("M",), 500, minimum=0.3, maximum=0.7)
    drawn = layers(M=[rect(0, 0, 500, 1000)])
    full, empty = listed(rule, density(rule, drawn), drawn)
    assert (full.box, full.required, full.actual) == (Box(0, 0, 500, 1000), 0.7, 1.0)
    assert (empty.box, empty.required, empty.actual) == (Box(500, 0, 1000, 1000), 0.3, 0.0)


@pytest.mark.parametrize("x", [0, -500], ids=["from the origin", "about the origin"])
def test_density_windows_reach_the_far_side_of_the_outline(x: int) -> None:
    rule = Rule("M.D.1", RuleKind.DENSITY, ("M",), 400, minimum=0.3)
    drawn = replace(layers(M=[rect(x, 0, x + 700, 1000)]), outline=Box(x, 0, x + 1000, 1000))
    (found,) = listed(rule, density(rule, drawn), drawn)
    assert (found.box, found.actual) == (Box(x + 600, 0, x + 1000, 1000), 0.25)


def test_density_at_its_limits_is_permitted() -> None:
    rule = Rule("M.D.1", RuleKind.DENSITY, ("M",), 1000, minimum=0.25, maximum=0.25)
    assert not len(density(rule, layers(M=[rect(0, 0, 500, 500)])).actual)


def test_a_window_larger_than_the_outline_is_the_outline() -> None:
    rule = Rule("M.D.1", RuleKind.DENSITY, ("M",), 5000, minimum=0.5)
    drawn = layers(M=[rect(0, 0, 499, 1000)])
    (found,) = listed(rule, density(rule, drawn), drawn)
    assert (found.box, found.actual) == (Box(0, 0, 1000, 1000), 0.499)


def test_density_counts_overlaps_once_and_holes_not() -> None:
    rule = Rule("M.D.1", RuleKind.DENSITY, ("M",), 1000, maximum=0.36)
    frame = [rect(0, 0, 1000, 100), rect(0, 900, 1000, 1000), rect(0, 0, 100, 1000), rect(900, 0, 1000, 1000)]
    assert not len(density(rule, layers(M=frame + frame)).actual)


def test_wide_metal_is_seen_past_a_trace_that_leaves_it() -> None:
    """A trace of the same net leaves the pad towards the neighbour: only the pad's own sides count as wide."""
    rule = Rule("M.S.2", RuleKind.WIDE_SPACE, ("M",), 3000, width=10_000, run_length=4000)
    pad = [rect(0, 0, 20_000, 20_000), rect(20_000, 8000, 60_000, 10_000)]
    beside_trace = rect(25_000, 12_000, 55_000, 14_000)
    assert not len(wide_space(rule, layers(M=[*pad, beside_trace])).actual)
    beside_pad = rect(22_000, 12_000, 24_000, 20_000)
    drawn = layers(M=[*pad, beside_pad])
    (found,) = listed(rule, wide_space(rule, drawn), drawn)
    assert (found.actual, found.required) == (2000, 3000)


def test_wide_metal_on_a_slant() -> None:
    rule = Rule("M.S.2", RuleKind.WIDE_SPACE, ("M",), 3000, width=10_000, run_length=4000)
    turn = np.array([[4, 3], [-3, 4]])
    wide, near, far = (
        rect(0, 0, 4000, 2200) @ turn,
        rect(0, 2700, 4000, 3200) @ turn,
        rect(0, 2810, 4000, 3200) @ turn,
    )
    assert len(wide_space(rule, layers(M=[wide, near])).actual) > 0
    assert not len(wide_space(rule, layers(M=[wide, far])).actual)


@pytest.mark.parametrize(("run", "found"), [(3900, True), (3860, False)])
def test_a_run_beside_wide_metal_counts_by_the_longer_shadow(run: int, found: bool) -> None:
    """By both engines: a slanted side casts less of a shadow on the wide metal than that casts on it."""
    rule = Rule("M.S.2", RuleKind.WIDE_SPACE, ("M",), 3000, width=10_000, run_length=4000)
    slanted = np.array([[8000, 21_000], [8000 + run, 22_000], [8000 + run, 30_000], [8000, 30_000]])
    rings = [rect(0, 0, 20_000, 20_000), slanted]
    assert bool(len(wide_space(rule, layers(M=rings)).actual)) == found
    metal = kdb.Region([kdb.Polygon([kdb.Point(x, y) for x, y in ring.tolist()]) for ring in rings])
    assert any(klayout_wide.wide_space(rule, KLayers(PDK, Box(0, 0, 1000, 1000), 1, {"M": metal}, {}))) == found


def finer(rule: Rule, **masks: list[Points]) -> tuple[Rule, KLayers]:
    """A rule and masks as KLayout's engine judges them: on a grid of a tenth of a nanometre."""
    drawn = {
        name: kdb.Region([kdb.Polygon([kdb.Point(x, y) for x, y in ring.tolist()]) for ring in rings])
        for name, rings in masks.items()
    }
    lengths = {name: 10 * getattr(rule, name) for name in ("value", "width", "run_length")}
    return replace(rule, **lengths), KLayers(PDK, Box(0, 0, 1000, 1000), 10, drawn, {})


def test_wide_metal_beside_a_slanted_side_that_goes_on_into_metal() -> None:
    """By both engines it ends there, and what is left of it faces nothing near: metal and its wide part end that side
    at two places of no grid, which were rounded each."""
    rule = Rule("M.S.2", RuleKind.WIDE_SPACE, ("M",), 40_000, width=21_000)
    places = (
        "365000 410000 365000 210000 565000 210000 565000 410000",
        "462928 315000 460000 312072 460000 185428 463500 181928 463500 157428 466428 154500 470572 154500 "
        "473500 157428 473500 186072 470000 189572 470000 312072 467072 315000",
        "166500 164500 166500 154500 470572 154500 473500 157428 473500 161572 470572 164500",
        "466428 164500 463500 161572 463500 157428 548928 72000 553072 72000 556000 74928 556000 79072 470572 164500",
        "460750 188037 460000 185428 464250 171896 466500 174788 466500 181928",
        "464250 177680 444507 163750 447407 161500 463500 161500 466500 164500 466500 174788",
        "454008 157500 451117 155250 480039 138716 482313 141615 468549 156621 466428 157500",
    )
    rings = [np.array(text.split(), dtype=np.int64).reshape(-1, 2) * (1, -1) for text in places]
    assert wide_space(rule, layers(M=rings)).actual.tolist() == [pytest.approx(28_889.6, abs=0.1)]
    marks = klayout_wide.wide_space(*finer(rule, M=rings))
    assert [mark.actual for mark in marks] == [pytest.approx(288_896, abs=2)]


def test_what_cuts_off_a_slanted_side_leaves_no_area_beside_it() -> None:
    """By both engines: where a trace crosses a capture pad's side, no place of the grid lies. A step of 1 nm counts."""
    rule = Rule("V.EN.M", RuleKind.ENCLOSURE, ("V", "M"), 0)
    pad = np.array([(8000, 3314), (3314, 8000), (-3314, 8000), (-8000, 3314), (-8000, -3314), (-3314, -8000),
                    (3314, -8000), (8000, -3314)])  # fmt: skip
    trace = np.array([(-797, -4000), (797, -4000), (87_197, 24_800), (85_603, 32_800), (-797, 4000)])
    for outer, count in (([pad, trace], 0), ([pad - (1, 0), trace], 1)):
        assert len(edges.enclosure(rule, layers(V=[pad], M=outer)).actual) == count
        marks = list(klayout_facing.enclosure(*finer(rule, V=[pad], M=outer)))
        assert bool(marks) == bool(count)


@pytest.mark.parametrize(("diameter", "found"), [(10_040, True), (9960, False)])
@pytest.mark.parametrize("tail", [[], [rect(-40_000, -500, 0, 500), rect(-40_000, -500, -39_000, 40_000)]])
def test_what_is_round_may_be_wide_where_any_run_counts(diameter: int, found: bool, tail: list[Points]) -> None:
    """By both engines, alone and with a trace that makes its box as large as one likes."""
    rule = Rule("M.S.2", RuleKind.WIDE_SPACE, ("M",), 3000, width=10_000, run_length=0)
    rings = [disc(diameter), *tail, rect(diameter // 2 + 2000, -9000, diameter // 2 + 3000, 9000)]
    assert bool(len(wide_space(rule, layers(M=rings)).actual)) == found
    metal = kdb.Region([kdb.Polygon([kdb.Point(x, y) for x, y in ring.tolist()]) for ring in rings])
    assert any(klayout_wide.wide_space(rule, KLayers(PDK, Box(0, 0, 1000, 1000), 1, {"M": metal}, {}))) == found


@pytest.mark.parametrize(
    ("cut", "fits"),
    [
        (rect(0, 0, 5000, 5000), True),
        (rect(0, 0, 5000, 4999), False),
        (rect(0, 0, 5001, 5000), False),
        (disc(5000), True),
        (disc(5000, 8), True),
        (disc(4998), False),
        (disc(5000, 24, across_corners=True), False),
        (np.array([[0, 0], [5000, 0], [5000, 5000], [2500, 5000], [0, 2500]]), False),
    ],
)
def test_size_of_cuts(cut: Points, fits: bool) -> None:
    rule = Rule("V.W.1", RuleKind.SIZE, ("V",), 5000)
    assert (not len(shapes.size(rule, layers(V=[cut])).actual)) == fits


def test_what_a_cut_measures_is_told_by_its_worse_side() -> None:
    rule = Rule("V.W.1", RuleKind.SIZE, ("V",), 500)
    drawn = layers(V=[rect(-250, -250, 250, 253)])
    (found,) = listed(rule, shapes.size(rule, drawn), drawn)
    assert (found.required, found.actual) == (500, 503)
    thin = layers(V=[rect(-246, -250, 250, 251)])
    assert listed(rule, shapes.size(rule, thin), thin)[0].actual == 496


@pytest.mark.parametrize(
    ("kind", "width", "height", "required", "measured"),
    [
        (RuleKind.EXTENT_MIN, 600, 400, None, None),
        (RuleKind.EXTENT_MAX, 600, 400, None, None),
        (RuleKind.EXTENT_MIN, 601, 400, 601, 600),
        (RuleKind.EXTENT_MAX, 600, 399, 399, 400),
    ],
)
def test_the_extent_is_that_of_all_shapes_together(
    kind: RuleKind, width: int, height: int, required: int | None, measured: int | None
) -> None:
    """Two shapes about the origin, as packages lie."""
    rule = Rule("M.SIZE.1", kind, ("M",), width, height=height)
    drawn = layers(M=[rect(-300, -200, -100, 0), rect(100, -50, 300, 200)])
    found = [(v.required, v.actual, v.box) for v in listed(rule, shapes.extent(rule, drawn), drawn)]
    assert found == ([] if required is None else [(required, measured, Box(-300, -200, 300, 200))])


def test_centres_may_lie_without_what_they_keep_from_but_for_the_outline() -> None:
    cut = rect(1190, 490, 1210, 510)
    from_metal = Rule("V.M.1", RuleKind.CENTRE_SEPARATION, ("V", "M"), 150)
    drawn = layers(V=[cut], M=[rect(0, 0, 1000, 1000)])
    assert listed(from_metal, shapes.centre_separation(from_metal, drawn), drawn) == []
    from_edge = Rule("V.OUT.1", RuleKind.CENTRE_SEPARATION, ("V", "OUT"), 150)
    drawn = layers(V=[cut], OUT=[rect(0, 0, 1000, 1000)])
    (found,) = listed(from_edge, shapes.centre_separation(from_edge, drawn), drawn)
    assert (found.box, found.actual) == (Box(1000, 500, 1200, 500), 0)


def test_a_round_opening_as_wide_as_the_rule_passes() -> None:
    rule = Rule("PI.W.1", RuleKind.WIDTH, ("PI",), 5000)
    assert not len(edges.width(rule, layers(PI=[disc(5002)])).actual)
    assert len(edges.width(rule, layers(PI=[disc(4990)])).actual) > 0


def test_an_enclosure_of_nothing_allows_touching_but_no_more() -> None:
    rule = Rule("V.EN.M", RuleKind.ENCLOSURE, ("V", "M"), 0)
    metal = rect(0, 0, 1000, 1000)
    for cut, clean in ((rect(0, 0, 500, 500), True), (metal, True), (rect(-1, 0, 500, 500), False)):
        assert (not len(edges.enclosure(rule, layers(V=[cut], M=[metal])).actual)) == clean


def test_a_separation_of_nothing_allows_touching_but_no_overlap() -> None:
    rule = Rule("V.SEP.M", RuleKind.SEPARATION, ("V", "M"), 0)
    metal = rect(0, 0, 1000, 1000)
    for cut, clean in ((rect(1000, 0, 1500, 500), True), (rect(999, 0, 1500, 500), False), (metal // 2, False)):
        assert (not len(edges.separation(rule, layers(V=[cut], M=[metal])).actual)) == clean


def test_a_cut_in_the_hole_of_its_metal_is_not_enclosed() -> None:
    rule = Rule("V.EN.M", RuleKind.ENCLOSURE, ("V", "M"), 10)
    frame = [rect(0, 0, 1000, 100), rect(0, 900, 1000, 1000), rect(0, 0, 100, 1000), rect(900, 0, 1000, 1000)]
    findings = edges.enclosure(rule, layers(V=[rect(400, 400, 600, 600)], M=frame))
    assert findings.boxes.tolist() == [[400, 400, 600, 600]]


@pytest.mark.parametrize("value", [0, 10])
def test_a_cut_over_a_hole_of_its_metal_is_not_enclosed(value: int) -> None:
    rule = Rule("V.EN.M", RuleKind.ENCLOSURE, ("V", "M"), value)
    frame = [rect(0, 0, 1000, 400), rect(0, 600, 1000, 1000), rect(0, 0, 400, 1000), rect(600, 0, 1000, 1000)]
    findings = edges.enclosure(rule, layers(V=[rect(100, 100, 900, 900)], M=frame))
    assert [100, 100, 900, 900] in findings.boxes.tolist()


def test_findings_on_a_round_shape_become_one_violation() -> None:
    rule = Rule("M.S.1", RuleKind.SPACE, ("M",), 3000)
    drawn = layers(M=[disc(20_000), disc(20_000) + np.array([22_000, 0])])
    (found,) = listed(rule, edges.space(rule, drawn), drawn)
    assert found.actual == 2000
    assert found.box.overlaps(Box(10_000, -1, 12_000, 1))


def test_a_mask_without_shapes_breaks_no_rule() -> None:
    drawn = layers()
    for kind, judge in (
        (RuleKind.WIDTH, edges.width),
        (RuleKind.SPACE, edges.space),
        (RuleKind.SEPARATION, edges.separation),
        (RuleKind.STACKING, edges.stacking),
        (RuleKind.ENCLOSURE, edges.enclosure),
        (RuleKind.SIZE, shapes.size),
        (RuleKind.AREA, shapes.area),
        (RuleKind.PITCH, shapes.pitch),
        (RuleKind.CENTRE_SEPARATION, shapes.centre_separation),
        (RuleKind.EXTENT_MIN, shapes.extent),
        (RuleKind.ANGLE, shapes.angle),
        (RuleKind.WIDE_SPACE, wide_space),
        (RuleKind.DENSITY, density),
    ):
        rule = Rule("r", kind, ("M", "V"), 100, height=100)
        assert violations(rule, judge(rule, drawn), drawn) == []
