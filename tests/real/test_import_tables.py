"""Real chips and packages from the tables that their makers published: imported, counted, routed and judged."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial import cKDTree

from router import flow
from router.bench.real import caravel
from router.model.design import Design
from router.model.layout import SignOff, Verdict
from router.model.pdk import TerminalKind
from router.read.design import read_design
from router.read.formats.options import ImportOptions, View
from router.write.gds import write_gds

REALDATA = Path(__file__).parents[3] / "shared" / "realdata"
CARAVEL, AIB = REALDATA / "caravel_wlcsp", REALDATA / "aib_stratix10_bumps"
GTCHIPS = REALDATA / "gtchips_interposer"
CLEAN = Verdict((), ())

pytestmark = pytest.mark.skipif(not REALDATA.is_dir(), reason="no tables of real designs beside the checkout")


def places(design: Design) -> dict[str, set[tuple[int, int]]]:
    """Where the pins of each net lie, µm."""
    return {
        net.name: {
            (design.terminals[index].x // 1000, design.terminals[index].y // 1000)
            for end in net.ends
            for index in end.terminals
        }
        for net in design.nets
    }


def routed_clean(design: Design, folder: Path) -> float:
    """Wirelength in mm of the design when all of it is routed, and both engines find the written file clean."""
    result = flow.route(design)
    assert result.routing.unrouted == ()
    write_gds(folder / "real.gds", design, result.masks)
    assert flow.check(folder / "real.gds", design) == SignOff({"own": CLEAN, "klayout": CLEAN})
    return sum(trace_length(trace.points) for trace in result.layout.traces) / 1e6


def trace_length(points: np.ndarray) -> float:
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def test_caravel_from_its_pads_and_balls(tmp_path: Path) -> None:
    files = [CARAVEL / "pads.csv", CARAVEL / "bumps.csv"]
    options = ImportOptions(die_size=(3_588_000, 5_188_000))
    written = flow.import_package("bumps", files, tmp_path / "caravel.toml", options)
    design = written.design
    ours = caravel(REALDATA)
    assert len(design.nets) == 57 and places(design) == places(ours)
    assert (design.name, design.pdk.name, design.outline) == ("caravel", "wlcsp_500", ours.outline)
    assert Counter(terminal.kind for terminal in design.terminals) == {TerminalKind.PAD: 63, TerminalKind.BALL: 60}
    assert not any("WARNING" in guess for guess in written.guesses)
    assert written.lost == ("bumps.csv: columns rdl_taper_deg",)
    assert routed_clean(read_design(tmp_path / "caravel.toml"), tmp_path) < 71


def test_stratix_has_all_its_bumps_at_their_pitch(tmp_path: Path) -> None:
    written = flow.import_package("bumps", [AIB / "s10_aib_bumps.csv"], tmp_path / "s10.toml")
    design = written.design
    assert len(design.terminals) == 3843
    assert Counter(terminal.width for terminal in design.terminals) == {40_000: 3679, 85_000: 164}
    assert any("bumpR1_85x85um, bumpR2_40x40um" in guess for guess in written.guesses)
    micro = np.array([(t.x, t.y) for t in design.terminals if t.width == 40_000])
    assert round(cKDTree(micro).query(micro, k=2)[0][:, 1].min()) == 55_000
    assert np.ptp(micro, axis=0).tolist() == [8_280_720, 1_237_500]
    sizes = Counter(len(net.ends) for net in design.nets)
    assert len(design.nets) == 2425 and sizes[1] == 2420


STUDY = """
# Its image across 1 mm: each signal meets its own. Supplies keep no net and are obstacles.
[[die]]
name = "north"
pad = "bump"
pad_size = 40
mirror = "y"
at = [0, 3475]
table = { file = "s10_south.csv", where = { width_um = "40" } }
"""


def test_a_study_of_two_stratix_edges_that_face_each_other(tmp_path: Path) -> None:
    """What a person makes of the imported file: the micro bumps alone, and once more, mirrored."""
    (tmp_path / "south.csv").write_bytes((AIB / "s10_aib_bumps.csv").read_bytes())
    path = tmp_path / "s10.toml"
    flow.import_package("bumps", [tmp_path / "south.csv"], path, ImportOptions(pdk="fine_2um"))
    text = path.read_text(encoding="utf-8")
    text = text.replace('"s10_south.csv" }', '"s10_south.csv", where = { width_um = "40" } }')
    text = text.replace("from_tables = true", 'from_tables = true, exclude = ["VSSGND", "VCC_HSSI", "VCCL_HSSI"]')
    text = re.sub(r"^levels = \d+$", "levels = 4", text, flags=re.M)
    head, parts = text.split("outline = ", 1)
    text = f"{head}outline = [-300, -300, 8580.72, 3775]\n{parts.split(chr(10), 1)[1]}{STUDY}"
    path.write_text(text, encoding="utf-8")
    study = read_design(path)
    assert places(study) == places(read_design(Path(__file__).parent / "designs" / "stratix10.toml"))
    assert len(study.nets) == 2400


def test_gtchips_from_die_text(tmp_path: Path) -> None:
    files = [*sorted(GTCHIPS.glob("*_data.txt")), GTCHIPS / "chiplet_list.txt"]
    written = flow.import_package("dietext", files, tmp_path / "gtchips.toml", ImportOptions(view=View.BOTTOM))
    design = written.design
    assert [(part.name, part.kind) for part in design.components] == [
        *(("T1", "die"), ("T2", "die"), ("U", "die"), ("INTERPOSER", "balls"))
    ]
    assert places(design) == places(read_design(Path(__file__).parent / "designs" / "gtchips.toml"))
    assert (design.pdk.name, len(design.pdk.levels), len(design.terminals)) == ("interposer_04", 4, 428)
    assert len(design.nets) == 108 and sum(len(net.ends) == 1 for net in design.nets) == 3
    # Without the list the interposer is found by its extents; face down it is the mirror image of itself.
    above = flow.import_package("dietext", files[:-1], tmp_path / "above.toml")
    assert places(above.design) == {net: {(-x, y) for x, y in spots} for net, spots in places(design).items()}
    assert {part.view for part in above.design.components} == {"top"}
    assert routed_clean(above.design, tmp_path) < 89
