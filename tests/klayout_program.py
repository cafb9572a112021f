"""The KLayout program on the decks of a process, and what its markers say."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import klayout.rdb as rdb

from router.model.design import Design
from router.model.geometry import Box
from router.model.layout import Fault, Verdict, Violation
from router.write.decks.files import write_decks, write_netlist

MISSING = "the KLayout program is not installed (`make klayout` installs it from Debian's packages)"
# Starting the program takes a second, so one run serves many layouts: each line of LIST is the stem of a layout.
EACH = """\
File.readlines($list, chomp: true).each do |stem|
  $input, $schematic, $report, $markers = "#{stem}.gds", "#{stem}.cir", "#{stem}.drc.lyrdb", nil
  RBA::Macro::new("#{$deck}.lydrc").run
  $report, $markers = "#{stem}.lvsdb", "#{stem}.lvs.lyrdb"
  RBA::Macro::new("#{$deck}.lylvs").run
end
"""


def installed() -> bool:
    return shutil.which("klayout") is not None


def run_decks(folder: Path, designs: dict[str, Design]) -> None:
    """Judge FOLDER/NAME.gds for each name; the designs share one process."""
    for name, design in designs.items():
        write_netlist(folder / f"{name}.cir", design)
    write_decks(folder / "deck", next(iter(designs.values())).pdk)
    (folder / "each.rb").write_text(EACH, encoding="utf-8")
    (folder / "list").write_text("".join(f"{folder / name}\n" for name in designs), encoding="utf-8")
    klayout("-r", folder / "each.rb", "-rd", f"list={folder / 'list'}", "-rd", f"deck={folder / 'deck'}")


def klayout(*arguments: object) -> str:
    """Run the program without a window; returns what it printed. It must not complain."""
    command = ["klayout", "-b", *map(str, arguments)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert run.returncode == 0, run.stderr
    assert "ERROR" not in run.stderr, run.stderr
    return run.stdout


def verdict(folder: Path, name: str) -> Verdict:
    """What both decks marked in a layout."""
    violations, faults = [], []
    for path in (folder / f"{name}.drc.lyrdb", folder / f"{name}.lvs.lyrdb"):
        database = rdb.ReportDatabase("")
        database.load(str(path))
        for item in database.each_item():
            kind = database.category_by_id(item.category_id()).name()
            values = list(item.each_value())
            texts = dict(value.string().split(": ", 1) for value in values if value.is_string())
            box = _box(values[0])
            if "terminals" in texts and not kind.startswith("KEEPOUT."):
                nets, terminals = (tuple(filter(None, texts[key].split(", "))) for key in ("nets", "terminals"))
                faults.append(Fault(kind, nets, terminals, box))
            else:
                violations.append(Violation(kind, (), (), box, 0, 0))
    return Verdict(tuple(violations), tuple(faults))


def as_decks_tell(found: Verdict, design: Design) -> Verdict:
    """Our own verdict with no more terminals than the decks name: of shorts, those without a net."""
    guests = {t.id for t, net in zip(design.terminals, design.net_of_terminal(), strict=True) if net < 0}
    faults = [
        replace(fault, terminals=tuple(t for t in fault.terminals if t in guests)) if fault.kind == "short" else fault
        for fault in found.faults
    ]
    return replace(found, faults=tuple(faults))


def _box(value: rdb.RdbItemValue) -> Box:
    if value.is_box():
        shape = value.box()
    elif value.is_polygon():
        shape = value.polygon().bbox()
    elif value.is_edge():
        shape = value.edge().bbox()
    else:
        shape = value.edge_pair().bbox()
    box = shape.to_itype(0.001)
    return Box(box.left, box.bottom, box.right, box.top)
