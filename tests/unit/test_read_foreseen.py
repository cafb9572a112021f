"""What pads and fixed traces break among themselves is said before anything is routed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from foreseen_packages import PACKAGE, WAFER_LEVEL, fixed, warnings

from router import flow
from router.draw.any_angle import any_angle_rings
from router.draw.masks import draw_masks
from router.draw.shapes import trace_rings
from router.model.design import FixedTrace
from router.model.layout import Layout, Trace
from router.model.pdk import Pdk, Rule, RuleKind
from router.read.design import read_design
from router.read.design_check import swept
from router.read.foreseen import foreseen
from router.write.gds import write_gds

TRACE = '[[fixed]]\nnet = "A"\nlevel = "RDL1"\nwidth = 15\npoints = [[-100, 0], [-400, 0]]\n'


KEEPOUT = "[[keepout]]\nrect = "


LAND_IN = "the land of d.A1 lies in keepout1, a keep-out on RDL1, where any metal of a net is a violation"


CONTACTS = """
[[passive]]
name = "c"
rotation = 90
at = [-700, -700]
pad = "contact"
pin = [{ name = "1", x = 0, y = 0 }, { name = "2", x = XX, y = 0 }]
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("pitch = 200", "pitch = 90", ()),
        ("pitch = 200", "pitch = 89", ("d.A1 and d.A2 are 9 µm apart on RDL1, where RDL1.S.1 needs 10 µm",)),
        (
            "array = { nx = 2, ny = 1, pitch = 200 }",
            'pin = [{ name = "A1", x = 0, y = 0 }, { name = "A2", x = 89.999, y = 0 }]',
            ("d.A1 and d.A2 are 9.999 µm apart on RDL1, where RDL1.S.1 needs 10 µm",),
        ),
        ('"d.A2", "g.A2"]', '"g.A2", "g.A3"]\nC = ["d.A2"]', ("net C has d.A2 alone, and nothing to join it with",)),
        ("pitch = 400", "pitch = 350", ()),
        (
            "pitch = 400",
            "pitch = 349",
            ("g.A1 and g.A2 are 349 µm from centre to centre on BALL, where BALL.P.1 needs 350 µm; 1 more like it",),
        ),
    ],
)
def test_pads_that_are_too_near(old: str, new: str, expected: tuple[str, ...], tmp_path: Path) -> None:
    assert warnings(tmp_path, old, new) == expected


def test_lands_of_one_net_may_be_near_and_slanted_ways_count_from_round_outlines(tmp_path: Path) -> None:
    assert warnings(tmp_path, "pitch = 200", "pitch = 85") != ()
    one_net = '[nets]\nA = ["d.A1", "d.A2", "g.A1"]\nB = ["g.A2", "g.A3"]\n'
    assert warnings(tmp_path, PACKAGE[PACKAGE.index("[nets]") :], one_net) == ()
    (tmp_path / "near.toml").write_text(
        PACKAGE.replace("pitch = 200", "pitch = 85").split("[nets]")[0] + one_net, encoding="utf-8"
    )
    assert foreseen(read_design(tmp_path / "near.toml")) == ()
    aslant = 'pin = [{ name = "A1", x = 0, y = 0 }, { name = "A2", x = 64, y = 64 }]'
    assert warnings(tmp_path, "array = { nx = 2, ny = 1, pitch = 200 }", aslant) == ()


@pytest.mark.parametrize(("x", "count"), [("110", 0), ("109", 1)])
def test_turned_lands_count_as_they_lie(x: str, count: int, tmp_path: Path) -> None:
    assert len(warnings(tmp_path, more=CONTACTS.replace("XX", x))) == count


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (KEEPOUT + "[-160, -50, -120, 50]\n", (LAND_IN,)),
        (KEEPOUT + "[-140, -40, -60, 40]\n", (LAND_IN + ", so that nothing can reach it",)),
        (KEEPOUT + '[-160, -50, -120, 50]\nlevels = ["RDL2"]\n', ()),
        (KEEPOUT + "[-180, -50, -140, 50]\n", ()),
        (KEEPOUT + "[300, 200, 500, 400]\n", ()),
        (KEEPOUT + "[-300, -50, -250, 50]\n" + TRACE, (LAND_IN.replace("the land of d.A1", "fixed[1]"),)),
        (KEEPOUT + '[-300, -50, -250, 50]\nlevels = ["RDL2"]\n' + TRACE, ()),
        (KEEPOUT + "[-300, 7.5, -250, 50]\n" + TRACE, ()),
    ],
)
def test_what_lies_in_keepouts(more: str, expected: tuple[str, ...], tmp_path: Path) -> None:
    """Border on border is none, and neither is a land that no net has."""
    assert warnings(tmp_path, more=more) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (fixed((-100, 0), (-100, -59), (300, -59)), ("d.A2 and fixed[1] are 9 µm apart on RDL1, S",)),
        (fixed((-100, 0), (-100, -60), (300, -60)), ()),
        (fixed((-52, 0), (100, 0), net="B"), ("d.A1 and fixed[1] are 0 µm apart on RDL1, S",)),
        (fixed((0, -100), (0, 0), (41, 0)), ("d.A2 and fixed[1] are 9 µm apart on RDL1, S",)),
        (fixed((0, -100), (0, 0), (40, 0)), ()),
        (fixed((290, -100), (290, 206), level="RDL2"), ("g.A3 and fixed[1] are 9.441 µm apart on RDL2, S",)),
        (fixed((100, 0), (100, 90), net="B") + fixed((-100, 80), (80, 80)), ("fixed[1] and fixed[2] are 0 µm",)),
        (fixed((100, 0), (100, 90), net="B") + fixed((-100, 80), (75, 80)), ("fixed[1] and fixed[2] are 5 µm",)),
        (fixed((-100, 0), (-100, -966)), ("fixed[1] is 24 µm from the package edge on RDL1, K",)),
        (fixed((-100, 0), (-100, -965)), ()),
        (fixed((-100, 0), (-100, 100)) + fixed((-80, 0), (-80, 100)), ()),
    ],
)  # fmt: skip
def test_fixed_traces_that_are_too_near(more: str, expected: tuple[str, ...], tmp_path: Path) -> None:
    """To lands of other nets, of none, to fixed traces of other nets, and to the edge."""
    rules = {"S": "where RDLn.S.1 needs 10 µm", "K": "where RDLn.K.1 needs 25 µm"}
    found = warnings(tmp_path, more=more)
    assert len(found) == len(expected)
    for sentence, start in zip(found, expected, strict=True):
        begin, _, rule = start.partition(", ")
        level = "RDL2" if "RDL2" in begin else "RDL1"
        assert sentence.startswith(begin)
        assert sentence.endswith(rules[rule or "S"].replace("RDLn", level))


WIDE = "wide = [{ width = 100, run_length = 300, spacing = 20 }]"


BESIDE = "d.A1 and d.A2 are {} µm apart on RDL1, where RDL1.S.2 needs 20 µm"


@pytest.mark.parametrize(
    ("shape", "run", "size", "more", "apart"),
    [
        ("rect", 90, "185", "", "15"),
        ("rect", 90, "180.002", "", "19.998"),
        ("rect", 90, "180", "", ""),
        ("rect", 185, "185", "", ""),
        ("circle", 0, "185", "", "15"),
        ("circle", 0, "180", "", ""),
        ("circle", 10, "185", "", ""),
        ("octagon", 70, "185", "", "15"),
        ("octagon", 80, "185", "", ""),
        # What is nearer than all metal may be is said by that rule; a narrow trace beside a wide land counts.
        ("rect", 90, "191", "", "S.1"),
        ("rect", 90, "120", fixed((-15, -60), (-15, 60), net="B"), "fixed"),
        ("rect", 130, "120", fixed((-15, -60), (-15, 60), net="B"), ""),
    ],
)
def test_metal_that_is_too_near_beside_wide_metal(
    shape: str, run: int, size: str, more: str, apart: str, tmp_path: Path
) -> None:
    """As both judges have it."""
    process = (Path(__file__).parents[2] / "pdk" / "fanout_10um.toml").read_text(encoding="utf-8")
    process = process.replace(WIDE, f"wide = [{{ width = 100, run_length = {run}, spacing = 20 }}]")
    process = process.replace('land = { shape = "circle", size = 80 }', f'land = {{ shape = "{shape}", size = 80 }}')
    (tmp_path / "own.toml").write_text(process, encoding="utf-8")
    text = PACKAGE.replace('"fanout_10um"', '"own.toml"').replace("pitch = 200 }", f"pitch = 200 }}\npad_size = {size}")
    (tmp_path / "near.toml").write_text(text + more, encoding="utf-8")
    design = read_design(tmp_path / "near.toml")
    said = {
        "": (),
        "S.1": ("d.A1 and d.A2 are 9 µm apart on RDL1, where RDL1.S.1 needs 10 µm",),
        "fixed": ("d.A1 and fixed[1] are 15 µm apart on RDL1, where RDL1.S.2 needs 20 µm",),
    }
    assert foreseen(design) == said.get(apart, (BESIDE.format(apart),))
    traces = tuple(Trace(t.net, t.level, t.width, t.points, fixed=True) for t in design.fixed)
    write_gds(tmp_path / "near.gds", design, draw_masks(design, Layout(traces, ())))
    for engine in ("own", "klayout"):
        found = {violation.rule for violation in flow.check(tmp_path / "near.gds", design, engine).violations}
        assert ("RDL1.S.2" in found) == (apart != "")


def test_traces_that_are_drawn_with_round_ends_count_as_they_are_drawn(small_pdk: Pdk) -> None:
    trace = FixedTrace(0, 0, 20_000, np.array([[0, 0], [30_000, 10_000], [30_000, 60_000]]))
    for angles, draw, wider in (("octilinear", trace_rings, 5), ("any", any_angle_rings, trace.width / 50)):
        rings = draw(trace.points, trace.width)
        as_drawn = shapely.union_all([shapely.Polygon(ring) for ring in rings])
        assert shapely.hausdorff_distance(swept(trace, replace(small_pdk.levels[0], angles=angles)), as_drawn) < wider


@pytest.mark.parametrize(("y", "apart"), [(850, ""), (851, "24 µm")])
def test_lands_too_near_to_the_edge(y: int, apart: str, tmp_path: Path) -> None:
    where = "from the package edge on RDL2, where RDL2.K.1 needs 25 µm; 2 more like it"
    assert warnings(tmp_path, "at = [0, 300]", f"at = [0, {y}]") == ((f"g.A1 is {apart} {where}",) if apart else ())


OTHER_DIE = """
[[die]]
name = "e"
size = [200, 200]
at = [X, 0]
pad = "bump"
pin = [{ name = "1", x = 50, y = 0 }]
"""


@pytest.mark.parametrize(("x", "overlap"), [("240", False), ("239.9", True)])
def test_dies_that_face_one_level_do_not_overlap(x: str, overlap: bool, tmp_path: Path) -> None:
    more = OTHER_DIE.replace("X", x)
    assert warnings(tmp_path, more=more) == (("d and e, dies that face RDL1, overlap",) if overlap else ())
    design = read_design(tmp_path / "near.toml")
    pads = {**design.pdk.pads, "over": replace(design.pdk.pads["bump"], level="RDL2")}
    bridge = tuple(replace(part, pads=("over",)) if part.name == "e" else part for part in design.components)
    assert foreseen(replace(design, components=bridge, pdk=replace(design.pdk, pads=pads))) == ()


@pytest.mark.parametrize(("x", "outside"), [("999.999", False), ("1000", True)])
def test_a_keepout_outside_the_package(x: str, outside: bool, tmp_path: Path) -> None:
    said = "keepout1, a keep-out from (1000, -50) µm on, lies outside the package and keeps nothing out"
    assert warnings(tmp_path, more=f"{KEEPOUT}[{x}, -50, 1200, 50]\n") == ((said,) if outside else ())


OVERLAP = "d.1 and b.1 overlap on PI1 and {}, where PI1.S.{} needs {} µm"
APART = "d.1 and b.1 are {} µm apart on PI1 and {}, where PI1.S.{} needs {} µm"


@pytest.mark.parametrize(
    ("pad", "ball", "expected"),
    [
        (155, 0, ()),
        (154, 0, (APART.format(24, "PI2", "PI2", 25), APART.format(9, "UBM", "UBM", 10))),
        (0, 0, (OVERLAP.format("PI2", "PI2", 25), OVERLAP.format("UBM", "UBM", 10))),
        (500, 605, ()),
        (500, 606, ("the centre of b.1 is 194 µm from the package edge on UBM, where UBM.C.SEAL needs 195 µm",)),
        (
            500,
            621,
            (
                "the centre of b.1 is 179 µm from the package edge on UBM, where UBM.C.SEAL needs 195 µm",
                "b.1 is 24 µm from the package edge on BUMP, where BUMP.EN.SEAL needs 25 µm",
            ),
        ),
    ],
)
def test_pads_on_masks_that_are_no_metal(pad: int, ball: int, expected: tuple[str, ...], tmp_path: Path) -> None:
    """Too near to each other, to shapes of another mask, or to the edge: just what is found in the layout."""
    (tmp_path / "w.toml").write_text(WAFER_LEVEL.replace("PAD", str(pad)).replace("BALL", str(ball)), encoding="utf-8")
    design = read_design(tmp_path / "w.toml")
    assert foreseen(design) == expected
    masks = draw_masks(design, Layout((), ()))
    write_gds(tmp_path / "w.gds", design, masks)
    broken = {violation.rule for violation in flow.check(tmp_path / "w.gds", design, "own").violations}
    assert broken == {rule.name for rule in design.pdk.rules if f"{rule.name} needs" in str(expected)}


CENTRE = "the centre of g.{} and the edge of {} are {} µm apart on {}, where R needs {} µm{}"


@pytest.mark.parametrize(
    ("kind", "masks", "value", "y", "expected"),
    [
        ("separation", "SM DIE", 155.0, 300, ""),
        ("separation", "SM DIE", 155.001, 300, "g.A2 and d are 155 µm apart on SM and DIE, where R needs 155.001 µm"),
        ("separation", "SM DIE", 0.0, 145, ""),
        ("separation", "SM DIE", 0.0, 144, "g.A2 and d overlap on SM and DIE, where R needs 0 µm"),
        ("separation", "SM DIE", 9.0, 20, "g.A2 and d overlap on SM and DIE, where R needs 9 µm"),
        ("centre_separation", "SM DIE", 260.0, 300, ""),
        ("centre_separation", "SM DIE", 261.0, 300, CENTRE.format("A2", "d", 260, "SM and DIE", 261, "")),
        ("centre_separation", "SM DIE", 41.0, 0, CENTRE.format("A2", "d", 40, "SM and DIE", 41, "")),
        (
            "centre_separation", "BALL SM", 106.0, 300,
            CENTRE.format("A1", "g.A1", 105, "BALL and SM", 106, "; 2 more like it"),
        ),
        ("enclosure", "DIE OUTLINE", 861.0, 300, "d is 860 µm from the package edge on DIE, where R needs 861 µm"),
    ],
)  # fmt: skip
def test_rules_of_two_masks(kind: str, masks: str, value: float, y: int, expected: str, tmp_path: Path) -> None:
    """Pads beside dies, and beside each other: just what is found in the layout."""
    (tmp_path / "near.toml").write_text(PACKAGE.replace("at = [0, 300]", f"at = [0, {y}]"), encoding="utf-8")
    design = read_design(tmp_path / "near.toml")
    rule = Rule("R", RuleKind(kind), tuple(masks.split()), round(value * 1000))
    design = replace(design, pdk=replace(design.pdk, rules=(rule,)))
    assert foreseen(design) == ((expected,) if expected else ())
    write_gds(tmp_path / "p.gds", design, draw_masks(design, Layout((), ())))
    assert bool(flow.check(tmp_path / "p.gds", design, "own").violations) == bool(expected)


def test_what_is_foreseen_of_fixed_traces_is_what_is_found(tmp_path: Path) -> None:
    more = fixed((-100, 0), (-100, -59), (300, -59), (300, -970))
    (tmp_path / "near.toml").write_text(PACKAGE + more, encoding="utf-8")
    result = flow.route(read_design(tmp_path / "near.toml"))
    report = flow.write(result, tmp_path / "out", engine=flow.Engine.OWN)
    assert len(result.warnings) == 2
    assert report["drc"]["by_rule"] == {"RDL1.K.1": 1, "RDL1.S.1": 1}
