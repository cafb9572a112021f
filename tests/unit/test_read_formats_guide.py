"""The example in docs/formats.md reads as it is printed."""

from __future__ import annotations

import re
from pathlib import Path

from router.model.pdk import RuleKind
from router.read import design_file, pdk_file
from router.read.design import read_design
from router.read.fields import Strict

GUIDE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")


def write_example(folder: Path) -> Path:
    """The example's files, written as the guide prints them; the path of the package file."""
    files = re.findall(r"^File `([\w.]+)`:\n\n```\w+\n(.*?)^```$", GUIDE, re.S | re.M)
    for name, text in files:
        (folder / name).write_text(text, encoding="utf-8")
    return folder / files[0][0]


def test_example_reads(tmp_path: Path) -> None:
    design = read_design(write_example(tmp_path))
    nets = {net.name: net for net in design.nets}
    by_id = {terminal.id: terminal for terminal in design.terminals}
    assert [component.name for component in design.components] == ["cap", "asic", "adc", "pop", "bga"]
    assert sorted(nets) == ["CLK", "DATA", "INT", "SCL", "SDA", "VDD", "VSS"]
    assert [len(nets[name].ends) for name in ("CLK", "DATA", "VDD", "VSS")] == [2, 3, 5, 10]
    # Seen from the top, bump 1 lies upper left; from the ball side upper right of the die's middle at -900.
    assert (by_id["asic.1"].x, by_id["asic.1"].y, by_id["asic.1"].width) == (-600_000, 200_000, 70_000)
    # Upper left of the array, turned by a quarter: lower left.
    assert (by_id["adc.A1"].x, by_id["adc.A1"].y, by_id["adc.A1"].width) == (475_000, 275_000, 90_000)
    assert len([terminal for terminal in design.terminals if terminal.id.startswith("bga.")]) == 30 - 2 - 1
    assert design.classes["supply"].widths == (15_000, 20_000)
    assert nets["VDD"].net_class == "supply" and nets["CLK"].net_class == "clock"
    assert [keepout.levels for keepout in design.keepouts] == [(1,), (0, 1)]
    assert design.lattice == (5_000, 0)
    without_net = {design.terminals[i].id for i, net in enumerate(design.net_of_terminal()) if net < 0}
    assert {"asic.5", "bga.A2", "bga.A6"} <= without_net
    (group,) = design.open
    assert [design.nets[net].name for net in group.nets] == ["INT"]
    assert {design.terminals[ball].id for ball in group.balls} == {"bga.B5", "bga.C5", "bga.C6"}


def test_guide_names_every_key_and_no_other() -> None:
    things = [thing for room in (design_file, pdk_file) for thing in vars(room).values()]
    models = [thing for thing in things if isinstance(thing, type) and issubclass(thing, Strict)]
    keys = {field.alias or name for model in models for name, field in model.model_fields.items()}
    assert {"maximum", "no_connect", "widen"} <= keys, "of the process and of the package"
    keys |= {kind.value for kind in RuleKind}
    prose = re.sub(r"^```.*?^```$", "", GUIDE, flags=re.S | re.M)
    named = {word for span in re.findall(r"`([^`]+)`", prose) for word in re.findall(r"\w+", span)}
    assert not keys - named
    cells = re.findall(r"^\| (`.*?) \|", prose, re.M)
    listed = {word for cell in cells for word in re.findall(r"`\[{0,2}(\w+)\]{0,2}`", cell)}
    assert len(listed) > 50
    assert not listed - keys
