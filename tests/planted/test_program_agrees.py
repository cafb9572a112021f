"""The KLayout program itself, with the decks that are written beside a layout, finds what our own judge finds."""

from __future__ import annotations

from pathlib import Path

import pytest
from klayout_program import MISSING, as_decks_tell, installed, klayout, run_decks, verdict
from limits import LIMITS
from nets import NET_FAULTS
from scene import Scene

from router.model.layout import Verdict
from router.verify import check
from router.verify.agree import differences
from router.write.decks.files import write_decks, write_netlist

pytestmark = pytest.mark.skipif(not installed(), reason=MISSING)


def scenes() -> dict[str, Scene]:
    made = {}
    for limit in LIMITS:
        for steps in (0, limit.past):
            limit.plant(made.setdefault(f"{limit.plant.__name__}.{steps}", Scene()), steps)
    for fault in NET_FAULTS:
        fault.plant(made.setdefault(fault.plant.__name__, Scene()))
    return made


SCENES = scenes()


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All planted packages, judged by the program in one run."""
    folder = tmp_path_factory.mktemp("program")
    for name, scene in SCENES.items():
        scene.write(folder / f"{name}.gds")
    run_decks(folder, {name: scene.design() for name, scene in SCENES.items()})
    return folder


@pytest.mark.parametrize("name", SCENES)
def test_the_program_finds_the_same(judged: Path, name: str) -> None:
    design = SCENES[name].design()
    own = as_decks_tell(check(judged / f"{name}.gds", design), design)
    assert differences(own, verdict(judged, name), ("own", "program")) == []


def test_the_plain_decks_from_the_command_line(tmp_path: Path) -> None:
    scene = Scene()
    scene.write(tmp_path / "clean.gds")
    write_netlist(tmp_path / "clean.cir", scene.design())
    write_decks(tmp_path / "deck", scene.design().pdk)
    given = ("-rd", f"input={tmp_path / 'clean.gds'}")
    klayout("-r", tmp_path / "deck.drc", *given, "-rd", f"report={tmp_path / 'clean.drc.lyrdb'}")
    lvs = ("-rd", f"report={tmp_path / 'clean.lvsdb'}", "-rd", f"markers={tmp_path / 'clean.lvs.lyrdb'}")
    said = klayout("-r", tmp_path / "deck.lvs", *given, *lvs)
    assert said.strip() == "layout against netlist: 0 faults, the netlists match"
    assert verdict(tmp_path, "clean") == Verdict((), ())
    assert (tmp_path / "clean.lvsdb").stat().st_size > 0
