"""What is foreseen of nets, classes and sizes of packages."""

from __future__ import annotations

from pathlib import Path

import pytest
from foreseen_packages import PACKAGE, WAFER_LEVEL, warnings

from router import flow
from router.read.design import read_design
from router.read.foreseen import foreseen


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ("[6800, 1600]", ()),
        ("[6801, 1600]", ("6801 × 1600 µm, where CHIP.MAX needs 6800 × 6800 µm at most",)),
        ("[1600, 999.5]", ("1600 × 999.5 µm, where CHIP.MIN needs 1000 × 1000 µm at least",)),
    ],
)
def test_sizes_of_packages(size: str, expected: tuple[str, ...], tmp_path: Path) -> None:
    text = WAFER_LEVEL.replace("[1600, 1600]", size).replace("PAD", "155").replace("BALL", "0")
    (tmp_path / "w.toml").write_text(text, encoding="utf-8")
    assert foreseen(read_design(tmp_path / "w.toml")) == tuple(f"the package measures {one}" for one in expected)


@pytest.mark.parametrize(
    ("spacing", "pitch", "expected"),
    [
        ("120", "200", ()),
        ("120.1", "200", ("d.A1 and d.A2 are 120 µm apart on RDL1, where class far of net A asks for 120.1 µm",)),
        (
            "{ RDL2 = 300 }",
            "200",
            ("g.A1 and g.A2 are 150 µm apart on RDL2, where class far of net A asks for 300 µm",),
        ),
        ("120.1", "89", ("d.A1 and d.A2 are 9 µm apart on RDL1, where RDL1.S.1 needs 10 µm",)),
    ],
)
def test_lands_nearer_to_each_other_than_a_class_asks(
    spacing: str, pitch: str, expected: tuple[str, ...], tmp_path: Path
) -> None:
    """Lands that are too near to each other anyhow are named once."""
    far = f'[[class]]\nname = "far"\nnets = ["A"]\nspacing = {spacing}\n'
    found = warnings(tmp_path, "pitch = 200", f"pitch = {pitch}", far)
    assert [one.split("; ")[0] for one in found] == list(expected)


@pytest.mark.parametrize("name", ["NC", "n/c"])
def test_pins_that_a_table_calls_open_are_no_net(name: str, tmp_path: Path) -> None:
    (said,) = warnings(tmp_path, "B =", f'"{name}" =')
    assert said.startswith(f"net {name} joins 2 pins, though its name says that they stay open; exclude")
    assert not warnings(tmp_path, 'B = ["d.A2", "g.A2"]', f'"{name}" = ["d.A2"]')
    assert not warnings(tmp_path, "B =", "NCS =")


def test_nets_of_one_pin_are_told(tmp_path: Path) -> None:
    """As those are that two tables spell differently; not where a ball is to be chosen, or a trace is given."""
    (said,) = warnings(tmp_path, 'B = ["d.A2", "g.A2"]', 'B = ["d.A2"]\nb = ["g.A2"]')
    assert said == "net B has d.A2 alone, and nothing to join it with; 1 more like it"
    assert not warnings(tmp_path, '"d.A2", "g.A2"]', '"d.A2", "*"]')
    fixed = '[[fixed]]\nnet = "B"\nlevel = "RDL1"\nwidth = 10\npoints = [[300, -300], [600, -300]]\n'
    assert not warnings(tmp_path, '"d.A2", "g.A2"]', '"d.A2"]', fixed)


def test_warnings_are_those_of_the_run(tmp_path: Path) -> None:
    (tmp_path / "near.toml").write_text(PACKAGE.replace("pitch = 200", "pitch = 89"), encoding="utf-8")
    result = flow.route(read_design(tmp_path / "near.toml"))
    assert result.warnings == ("d.A1 and d.A2 are 9 µm apart on RDL1, where RDL1.S.1 needs 10 µm",)
    report = flow.write(result, tmp_path / "out", engine=flow.Engine.OWN)
    assert report["warnings"] == list(result.warnings)
    assert report["drc"]["by_rule"] == {"RDL1.S.1": 1}
