"""Seconds to import a table of 100 000 bumps: `python tests/bench/bench_import.py [bumps]`.

One die, bumps of 20 µm at 40 µm, two to a net; each format that holds such a die, from its text to a package file that
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
from pathlib import Path

from router import flow

PITCH = 40.0


def bumps(count: int) -> Iterator[tuple[str, float, float, str]]:
    """Name, place in µm and net of each bump."""
    side = round(count**0.5)
    for number in range(count):
        yield f"B{number}", number % side * PITCH, number // side * PITCH, f"N{number // 2}"


def texts(count: int) -> dict[str, str]:
    """The same die in each format."""
    rows = list(bumps(count))
    table = [f"{name},{x:.3f},{y:.3f},20,20,{net}" for name, x, y, net in rows]
    aif = [f"{net} {name} P {x:.3f} {y:.3f}" for name, x, y, net in rows]
    die = [f"{name}\tpad_20x20um\t{x:.3f}\t{y:.3f}\t0\tBI\t{net}" for name, x, y, net in rows]
    columns = "Pin Number\tPadstack\tX Coord\tY Coord\tRotation\tPin Use\tNet Name"
    return {
        "bumps": "\n".join(["bump,x_um,y_um,width_um,height_um,net", *table, ""]),
        "aif": "\n".join(["[DATABASE]", "UNITS=UM", "[PADS]", "P=ROUND 20", "[NETLIST]", *aif, ""]),
        "dietext": "\n".join(["Units: microns", "RefDes: U1", columns, *die, ""]),
    }


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {count} bumps")
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts(count).items():
            source, out = Path(folder, f"die.{name}"), Path(folder, name, "die.toml")
            source.write_text(text, encoding="utf-8")
            start, used = time.perf_counter(), time.process_time()
            written = flow.import_package(name, [source], out)
            wall, cpu = time.perf_counter() - start, time.process_time() - used
            command = [sys.executable, "-m", "router.cli", "import", name, str(source), "-o", str(out), "--overwrite"]
            start = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            whole = time.perf_counter() - start
            pins, process = len(written.design.terminals), written.design.pdk.name
            print(f"{name:8} {pins} pins in {process}: {wall:.2f} s ({cpu:.2f} s CPU); the command {whole:.2f} s")


if __name__ == "__main__":
    main()
