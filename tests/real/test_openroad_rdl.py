"""BlackParrot and its variants from LEF and DEF, against the routes that OpenROAD's `rdl_route` wrote for them.

Widths and spacings are those of OpenROAD's own scripts for these files.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from router import flow
from router.draw.shapes import trace_rings
from router.model.design import Design
from router.model.draft import Draft, DraftClass, DraftTrace
from router.model.layout import SignOff, Verdict
from router.model.pad_rings import pad_rings
from router.model.pdk import PadShape
from router.read.formats.lefdef import read_lefdef
from router.read.formats.options import ImportOptions
from router.write.formats.def_ import def_files
from router.write.gds import write_gds
from router.write.package import write_package

DATA = Path(__file__).parents[3] / "shared" / "realdata" / "openroad_rdl"
CLEAN = SignOff({"own": Verdict((), ()), "klayout": Verdict((), ())})
CHIP = ("Nangate45_tech.lef", "dummy_pads.lef")
PASSIVE = ("passive_tech.lef", "bumps.lef")

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="no files of real designs beside the checkout")


@dataclass(frozen=True)
class Case:
    """`width` is the spacing too, in nm; `golden` the file with OpenROAD's routes of so many `nets`, on `layers`."""

    source: str
    golden: str
    width: int
    nets: int
    lefs: tuple[str, ...] = CHIP
    pdk: str = "flipchip_4um"
    layers: tuple[str, ...] = ()


CASES = {
    "4/4": Case("floorplan_flipchip.def", "rdl_route.defok", 4000, 139),
    "6/6": Case("floorplan_flipchip.def", "rdl_route_45.defok", 6000, 139),
    "octagon bumps": Case("floorplan_flipchip_45.def", "rdl_route_45_with_oct_bump.defok", 6000, 139),
    "bumps with two ports": Case("floorplan_flipchip_2port.def", "rdl_route_45_with_2port_bump.defok", 6000, 139),
    "assigned bumps": Case("rdl_route_assignments.defok", "rdl_route_assignments.defok", 4000, 1),
    "daisy chain": Case("rdl_route_daisy_chain.defok", "rdl_route_daisy_chain.defok", 4000, 1),
    "bump to bump": Case(
        "passive_floorplan.def", "rdl_route_bump_to_bump_only.defok", 4000, 16, PASSIVE, "microbump_4um"
    ),
    "pad to pad": Case("rdl_route_probe.def", "rdl_route_probe.defok", 4000, 4, ("probe.lef",)),
}
VIA_CASES = {
    "vias at bumps": Case(
        "floorplan_flipchip.def", "rdl_route_bump_via.defok", 8000, 139, CHIP, "flipchip_4um_2", ("metal9",)
    ),
    "vias at pads": Case(
        "floorplan_flipchip.def", "rdl_route_via.defok", 4000, 139, CHIP, "flipchip_4um_2", ("metal10",)
    ),
}
TWO_LEVELS = ImportOptions(pdk="flipchip_4um_2", levels={"metal9": "RDL1", "metal10": "RDL2"})


def imported(
    lefs: Sequence[Path], source: Path, options: ImportOptions, width: int, layers: tuple[str, ...] = ()
) -> Draft:
    """The package with all routes taken out, and one width and spacing for all nets."""
    draft = read_lefdef([*lefs, source], options)
    nets = dict.fromkeys(pin.net for part in draft.components for pin in part.pins if pin.net)
    return replace(draft, traces=(), classes=(DraftClass("all", tuple(nets), {"": width}, {"": width}, layers),))


def routed(folder: Path, draft: Draft, options: ImportOptions) -> tuple[Design, flow.Result]:
    """Route the package as it was written, and let both engines judge it from its layout file."""
    package = write_package(draft, folder / "chip.toml", options, source="LEF and DEF").design
    result = flow.route(package)
    write_gds(folder / "chip.gds", package, result.masks)
    assert result.routing.unrouted == ()
    assert flow.check(folder / "chip.gds", package) == CLEAN
    return package, result


def from_own_def(folder: Path, package: Design, result: flow.Result) -> Draft:
    files = def_files(package, result.layout)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    levels = {level.name: level.name for level in package.pdk.levels}
    return read_lefdef([folder / name for name in files], ImportOptions(levels=levels))


def wirelength(draft: Draft, traces: Sequence[DraftTrace], nets: set[str]) -> float:
    """Metal of these nets' traces beyond all lands, over its width: µm. What overlaps counts once, and whether a route
    ends at a land's edge or in its middle makes no difference."""
    lands: dict[str, list[shapely.Polygon]] = defaultdict(list)
    for pin in (pin for part in draft.components for pin in part.pins):
        pad = draft.pads[pin.pad]
        ring = pad_rings([PadShape("", pad.shape, pad.width, pad.height)], 50)[0]
        lands[pad.layer].append(shapely.Polygon(ring + np.array((pin.x, pin.y))))
    covered = {layer: shapely.union_all(shapes) for layer, shapes in lands.items()}
    total = 0.0
    for key in {(trace.net, trace.layer) for trace in traces if trace.net in nets}:
        mine = [trace for trace in traces if (trace.net, trace.layer) == key]
        rings = [shapely.Polygon(ring) for trace in mine for ring in trace_rings(trace.points, trace.width)]
        metal = shapely.union_all(rings).difference(covered[key[1]])
        total += metal.area / max(trace.width for trace in mine)
    return total / 1000


def compare(name: str, case: Case, lefs: Sequence[Path], options: ImportOptions, folder: Path) -> None:
    draft = imported(lefs, DATA / case.source, options, case.width, case.layers)
    golden = read_lefdef([*lefs, DATA / case.golden], options)
    nets = {trace.net for trace in golden.traces}
    assert len(nets) == case.nets
    package, result = routed(folder, draft, options)
    ours = from_own_def(folder, package, result)
    back = sorted((trace.net, trace.layer, trace.width, trace.points.tolist()) for trace in ours.traces)
    levels = [level.name for level in package.pdk.levels]
    traces = result.layout.traces
    assert back == sorted((package.nets[t.net].name, levels[t.level], t.width, t.points.tolist()) for t in traces)
    assert nets <= {trace.net for trace in ours.traces}
    routed_on = {options.levels[layer] for layer in case.layers} or set(levels)
    assert {trace.width for trace in ours.traces if trace.layer in routed_on} == {case.width}
    length, theirs = wirelength(ours, ours.traces, nets), wirelength(golden, golden.traces, nets)
    print(f"{name}: {length:.0f} µm, OpenROAD {theirs:.0f} µm")
    assert length <= theirs


@pytest.mark.parametrize("name", CASES)
def test_every_net_that_openroad_routes_is_routed_with_no_more_metal(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    compare(name, case, [DATA / lef for lef in case.lefs], ImportOptions(pdk=case.pdk), tmp_path)


@pytest.mark.parametrize("name", VIA_CASES)
def test_bumps_above_the_level_of_the_pads_are_reached_through_vias(name: str, tmp_path: Path) -> None:
    """I/O pads on metal9 and bumps on metal10, as in the library that OpenROAD's test takes for it. Routes keep to
    one of the two levels, and leave lands on the other by a cut."""
    cells = (DATA / "dummy_pads.lef").read_text(encoding="utf-8").replace("LAYER metal9", "LAYER metal8")
    macros = re.split(r"(?m)(?=^MACRO )", cells)
    lower = [text if "COVER BUMP" in text else text.replace("LAYER metal10", "LAYER metal9") for text in macros]
    (tmp_path / "lower.lef").write_text("".join(lower), encoding="utf-8")
    compare(name, VIA_CASES[name], [DATA / CHIP[0], tmp_path / "lower.lef"], TWO_LEVELS, tmp_path)


def test_ten_by_ten_is_complete(tmp_path: Path) -> None:
    """Where OpenROAD's own log ends at 86.9 %, without 45°."""
    options = ImportOptions(pdk="flipchip_4um")
    draft = imported([DATA / lef for lef in CHIP], DATA / "floorplan_flipchip.def", options, 10_000)
    package, result = routed(tmp_path, draft, options)
    assert {trace.width for trace in result.layout.traces} == {10_000}
    assert len(package.nets) == 139
    assert sum(len(net.ends) for net in package.nets) == 376, "237 bumps, and the joined pads of each net"


def test_a_stripe_that_is_there_is_kept(tmp_path: Path) -> None:
    """As in OpenROAD's own test: metal of VDD, 50 µm wide, in the midst of the bumps."""
    stripe = "\n+ FIXED metal10 100000 + SHAPE IOWIRE ( 620000 1602000 ) ( 620000 1900000 )"
    text = (DATA / "floorplan_flipchip.def").read_text(encoding="utf-8")
    end = text.index(" ;", text.index("- VDD ", text.index("SPECIALNETS")))
    (tmp_path / "stripe.def").write_text(text[:end] + stripe + text[end:], encoding="utf-8")
    options = ImportOptions(pdk="flipchip_4um")
    draft = read_lefdef([*(DATA / lef for lef in CHIP), tmp_path / "stripe.def"], options)
    package, result = routed(tmp_path, draft, options)
    fixed = [(package.nets[t.net].name, t.width, t.points.tolist()) for t in result.layout.traces if t.fixed]
    assert fixed == [("VDD", 50_000, [[310_000, 826_000], [310_000, 925_000]])]


@pytest.mark.parametrize("name", ["4/4", "6/6"])
def test_routes_of_openroad_are_kept(name: str, tmp_path: Path) -> None:
    """All that it routed of one bus, with the rest routed round them at the same width."""
    case, options = CASES[name], ImportOptions(pdk="flipchip_4um")
    lefs = [DATA / lef for lef in CHIP]
    golden = read_lefdef([*lefs, DATA / case.golden], options)
    kept = tuple(trace for trace in golden.traces if trace.net.startswith("p_ci"))
    draft = replace(imported(lefs, DATA / case.golden, options, case.width), traces=kept)
    package, result = routed(tmp_path, draft, options)
    fixed = {(package.nets[t.net].name, t.width, t.points.tobytes()) for t in result.layout.traces if t.fixed}
    assert fixed == {(trace.net, trace.width, trace.points.tobytes()) for trace in kept}
    names = {package.nets[t.net].name for t in result.layout.traces if not t.fixed}
    assert not any(name.startswith("p_ci") for name in names), "they are complete as they are"
