"""Seconds to import 100 000 bumps: `python tests/bench/bench_import.py [bumps]`.

One die, bumps of 20 µm at 40 µm, two to a net; each format that holds such a die, from its files to a package file that
was read back. Beside it the whole command, the program's own start included.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from router import flow

PITCH = 40.0
CELLS = """VERSION 5.8 ;
LAYER top TYPE ROUTING ; DIRECTION HORIZONTAL ; WIDTH 2 ; SPACING 2 ; END top
MACRO BUMP CLASS COVER BUMP ; SIZE 20 BY 20 ;
  PIN PAD PORT LAYER top ; RECT 0 0 20 20 ; END END PAD
END BUMP
END LIBRARY
"""
CHIPLET = """Header: {{version: 2.5, unit: micron, precision: 2000}}
ChipletDef:
  chip:
    type: die
    design_area: [{side}, {side}]
    thickness: 100
    regions:
      front:
        side: front
        coords: [[0, 0], [{side}, 0], [{side}, {side}], [0, {side}]]
        bmap: chip.bmap
"""
ASSEMBLY = """Header: {version: 2.5, unit: micron, precision: 2000, include: [chip.3dbv]}
Design: {name: chip}
ChipletInst: {die: {reference: chip}}
Stack: {die: {loc: [0, 0], z: 0, orient: R0}}
"""

Bump = tuple[str, float, float, str]


def bumps(count: int) -> Iterator[Bump]:
    """Name, place in µm and net of each bump."""
    side = round(count**0.5)
    for number in range(count):
        yield f"B{number}", (number % side + 1) * PITCH, (number // side + 1) * PITCH, f"N{number // 2}"


def dsn(rows: list[Bump], edge: float) -> str:
    """A component of one image, as Specctra has it."""
    pins = "".join(f"(pin pad {name} {x:.3f} {y:.3f})\n" for name, x, y, _ in rows)
    nets = "".join(
        f"(net {net} (pins {' '.join(f'U1-{bump[0]}' for bump in of_net)}))\n"
        for net, of_net in groupby(rows, key=lambda bump: bump[3])
    )
    return (
        f"(pcb chip (resolution um 1000) (unit um)\n(structure (layer TOP (type signal))"
        f" (boundary (rect pcb 0 0 {edge} {edge})) (rule (width 2) (clearance 2)))\n"
        f"(placement (component die (place U1 0 0 front 0)))\n"
        f"(library (image die {pins}) (padstack pad (shape (circle TOP 20))))\n(network {nets}))\n"
    )


def lefdef(rows: list[Bump], edge: float) -> str:
    """A chip whose bumps are cells."""
    cells = "".join(f"- {name} BUMP + PLACED ( {x * 1000:.0f} {y * 1000:.0f} ) N ;\n" for name, x, y, _ in rows)
    nets = {net: list(of_net) for net, of_net in groupby(rows, key=lambda bump: bump[3])}
    lists = "".join(f"- {net} {' '.join(f'( {bump[0]} PAD )' for bump in nets[net])} ;\n" for net in nets)
    return (
        f"VERSION 5.8 ;\nDESIGN chip ;\nUNITS DISTANCE MICRONS 1000 ;\n"
        f"DIEAREA ( 0 0 ) ( {edge * 1000:.0f} {edge * 1000:.0f} ) ;\nCOMPONENTS {len(rows)} ;\n{cells}END COMPONENTS\n"
        f"NETS {len(nets)} ;\n{lists}END NETS\nEND DESIGN\n"
    )


def texts(count: int) -> dict[str, dict[str, str]]:
    """The same die in each format: the files, those first that the command takes."""
    rows = list(bumps(count))
    edge = (round(count**0.5) + 3) * PITCH
    table = [f"{name},{x:.3f},{y:.3f},20,20,{net}" for name, x, y, net in rows]
    aif = [f"{net} {name} P {x:.3f} {y:.3f}" for name, x, y, net in rows]
    die = [f"{name}\tpad_20x20um\t{x:.3f}\t{y:.3f}\t0\tBI\t{net}" for name, x, y, net in rows]
    bump_map = [f"{name} BUMP {x:.3f} {y:.3f} - {net}" for name, x, y, net in rows]
    columns = "Pin Number\tPadstack\tX Coord\tY Coord\tRotation\tPin Use\tNet Name"
    return {
        "bumps": {"die.csv": "\n".join(["bump,x_um,y_um,width_um,height_um,net", *table, ""])},
        "aif": {"die.aif": "\n".join(["[DATABASE]", "UNITS=UM", "[PADS]", "P=ROUND 20", "[NETLIST]", *aif, ""])},
        "dietext": {"die.txt": "\n".join(["Units: microns", "RefDes: U1", columns, *die, ""])},
        "lefdef": {"cells.lef": CELLS, "chip.def": lefdef(rows, edge)},
        "3dblox": {
            "chip.3dbx": ASSEMBLY,
            "chip.3dbv": CHIPLET.format(side=edge),
            "chip.bmap": "\n".join([*bump_map, ""]),
        },
        "dsn": {"die.dsn": dsn(rows, edge)},
    }


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {count} bumps")
    with tempfile.TemporaryDirectory() as folder:
        for name, files in texts(count).items():
            for file, text in files.items():
                Path(folder, file).write_text(text, encoding="utf-8")
            sources = [Path(folder, file) for file in files][: 2 if name == "lefdef" else 1]
            out = Path(folder, name, "die.toml")
            start, used = time.perf_counter(), time.process_time()
            written = flow.import_package(name, sources, out)
            wall, cpu = time.perf_counter() - start, time.process_time() - used
            command = [sys.executable, "-m", "router.cli", "import", name, *map(str, sources), "-o", str(out)]
            start = time.perf_counter()
            subprocess.run([*command, "--overwrite"], check=True, capture_output=True)
            whole = time.perf_counter() - start
            pins, process = len(written.design.terminals), written.design.pdk.name
            print(f"{name:8} {pins} pins in {process}: {wall:.2f} s ({cpu:.2f} s CPU); the command {whole:.2f} s")


if __name__ == "__main__":
    main()
