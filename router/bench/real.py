"""Cases from published data: real chips and packages whose tables lie in a folder beside the checkout, or given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from router.bench.package import build
from router.model.design import Design

AIB, CARAVEL, GTCHIPS, OPENROAD = "aib_stratix10_bumps", "caravel_wlcsp", "gtchips_interposer", "openroad_rdl"


def default_folder() -> Path:
    """Where the data lies unless `--data` says otherwise: in `shared/realdata` beside the checkout."""
    return Path(__file__).resolve().parents[2].parent / "shared" / "realdata"


def caravel(data: Path, angles: str = "octilinear") -> Design:
    """A taped-out chip with one wafer-level RDL, 40 µm traces: 63 pads, 60 balls at 500 µm, 57 nets."""
    chip = {"name": "chip", "size": [3588, 5188], "centre": [1794, 2594], "pad": "pad"}
    chip |= _table(data / CARAVEL / "pads.csv")
    balls = {"name": "balls", "pad": "ball"} | _table(data / CARAVEL / "bumps.csv")
    name = "caravel" + "_any" * (angles == "any")
    design = _built(name, "wlcsp_500", [0, 0, 3588, 5188], die=[chip], balls=[balls])
    return replace(design, pdk=design.pdk.with_angles(angles))


def blackparrot(data: Path, width: int, angles: str = "octilinear") -> Design:
    """The I/O pads of a flip-chip to its bumps on one level, 139 nets; a power bump may end on any pad of its net."""
    pads = {"name": "io", "pad": "io_pad", "joined": True} | _table(data / OPENROAD / "tables" / "pads.csv")
    bumps = {"name": "bumps", "pad": "bump"} | _table(data / OPENROAD / "tables" / "bumps.csv")
    rule = [{"name": "default", "width": width, "spacing": width}]
    name = f"blackparrot_{width}" + "_90" * (angles == "manhattan")
    design = _built(name, "flipchip_4um", [0, 0, 3000, 3000], die=[pads], balls=[bumps], **{"class": rule})
    return replace(design, pdk=design.pdk.with_angles(angles))


def gtchips(data: Path) -> Design:
    """Three chiplets on an interposer of four levels at 0.4/0.4 µm: micro bumps on the first, C4 on the last."""
    table = data / GTCHIPS / "tables" / "pads.csv"
    dies = [{"name": n, "pad": "micro_bump"} | _table(table, where={"component": n}) for n in ("T1", "T2", "U")]
    balls = {"name": "c4", "pad": "c4"} | _table(table, where={"component": "INTERPOSER"})
    return _built("gtchips", "interposer_04", [1800, 1800], die=dies, balls=[balls])


def aib(data: Path) -> Design:
    """The micro bumps of an FPGA's die-to-die edge and their image across 1 mm, 2/2 µm on four levels: 2 400 nets.
    Supplies keep no net and are obstacles."""
    bumps = _table(data / AIB / "s10_aib_bumps.csv", where={"bump_cell": "bumpR2_40x40um"})
    south = {"name": "south", "pad": "bump", "pad_size": 40} | bumps
    # Mirrored about its long edge: its row at 1237.5 comes to 2237.5.
    north = south | {"name": "north", "mirror": "y", "at": [0, 3475]}
    supplies = {"from_tables": True, "exclude": ["VSSGND", "VCC_HSSI", "VCCL_HSSI"]}
    outline = [-300, -300, 8580.72, 3775]
    return _built("aib", "fine_2um", outline, die=[south, north], levels=4, netlist=supplies)


def _table(file: Path, **more: Any) -> dict[str, Any]:
    return {"table": {"file": str(file.resolve()), **more}}


def _built(name: str, pdk: str, outline: Sequence[float], **more: Any) -> Design:
    return build({"name": name, "pdk": pdk, "outline": list(outline), "netlist": {"from_tables": True}} | more)
