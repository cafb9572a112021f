"""Real designs routed from their own tables and judged from the written file."""

from __future__ import annotations

from pathlib import Path

import klayout_program
import numpy as np
import pytest

from router import flow
from router.bench.real import blackparrot
from router.model.layout import SignOff, Verdict
from router.read.design import read_design
from router.write.gds import write_gds

SHARED = Path(__file__).parents[3] / "shared"

CLEAN = Verdict((), ())

pytestmark = pytest.mark.skipif(
    not (SHARED / "realdata").is_dir(), reason="no tables of real designs beside the checkout"
)


@pytest.mark.parametrize("name", ["blackparrot_4", "blackparrot_10", "d2d512m_2", "d2d512m_1", "caravel"])
def test_a_real_design_is_complete_and_every_engine_says_clean(name: str, tmp_path: Path) -> None:
    """Our own judge, KLayout's engine, and where it is installed the KLayout program with the decks of the process."""
    design = read_design(Path(__file__).parent / "designs" / f"{name}.toml")
    result = flow.route(design)
    write_gds(tmp_path / "real.gds", design, result.masks)
    judged = flow.check(tmp_path / "real.gds", design)
    assert result.routing.unrouted == ()
    assert judged == SignOff({"own": CLEAN, "klayout": CLEAN})
    if klayout_program.installed():
        klayout_program.run_decks(tmp_path, {"real": design})
        assert klayout_program.verdict(tmp_path, "real") == CLEAN


def test_pads_of_a_chip_are_joined_without_diagonals(tmp_path: Path) -> None:
    design = blackparrot(SHARED / "realdata", 10, "manhattan")
    result = flow.route(design)
    write_gds(tmp_path / "real.gds", design, result.masks)
    assert result.routing.unrouted == ()
    assert flow.check(tmp_path / "real.gds", design) == SignOff({"own": CLEAN, "klayout": CLEAN})
    steps = np.concatenate([np.diff(trace.points, axis=0) for trace in result.layout.traces])
    assert (steps == 0).any(axis=1).all()
