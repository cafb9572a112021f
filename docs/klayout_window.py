"""A picture of KLayout with a result in it: `python docs/klayout_window.py DESIGN DIR PICTURE`.

DIR holds the result of `rdl route DESIGN`. In a copy of it a trace is moved too near to its neighbour and the copy is
judged; the real KLayout shows it on a screen of its own (Xvfb): cells, layers, names of nets, and the fault in the
marker browser. docs/klayout_duo.png was made so.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from os import environ
from pathlib import Path
from tempfile import TemporaryDirectory

import klayout.db as kdb

from router.flow import check, read_design, read_result
from router.model.design import Design
from router.model.geometry import Box
from router.model.units import to_um
from router.view.klayout import klayout_command
from router.write.markers import write_markers

SCRIPT = Path(__file__).with_suffix(".rb")
SCREEN = "1760x1000x24"
# What is shown around the fault on either side, nm.
MARGIN = 100_000
# Two traces run beside each other from this length on, nm.
LEAST_RUN = 100_000
SECONDS = 120


def main(design_name: str, result: str, picture: str) -> None:
    """Plant, judge, show, save."""
    design, layout = read_design(design_name), read_result(Path(result)).layout
    with TemporaryDirectory() as folder:
        for path in layout.parent.glob(f"{layout.stem}.ly*"):
            shutil.copy(path, folder)
        faulty = Path(folder) / layout.name
        plant(layout, faulty, design)
        verdict = check(faulty, design)
        write_markers(faulty.with_suffix(".lyrdb"), design, verdict, ())
        with screen() as display:
            show(faulty, verdict.violations[0].box.grown(MARGIN), Path(picture).resolve(), display, Path(folder))


def plant(layout: Path, faulty: Path, design: Design) -> None:
    """Move the shortest trace with a long parallel neighbour until half their spacing is left."""
    drawn = kdb.Layout()
    drawn.read(str(layout))
    level = design.pdk.levels[0]
    mask = design.pdk.mask(level.name)
    (traces,) = (cell for cell in drawn.each_cell() if cell.name == f"ROUTING_{level.name}")
    shapes = list(traces.shapes(drawn.layer(mask.layer, mask.datatype)).each())
    shapes.sort(key=lambda shape: (max(shape.bbox().width(), shape.bbox().height()), shape.bbox()))
    for shape in shapes:
        others = kdb.Region([other.polygon for other in shapes if other.property(1) != shape.property(1)])
        near = kdb.Region(shape.polygon).separation_check(others, 3 * level.min_spacing, min_projection=LEAST_RUN)
        for pair in near.each():
            along, gap = pair.first.d(), pair.first.distance(pair.second.p1)
            if pair.first.is_parallel(pair.second):
                by = kdb.DVector(-along.y, along.x) * ((gap - level.min_spacing / 2) / pair.first.length())
                shape.polygon = shape.polygon.transformed(kdb.Trans(kdb.Vector(by)))
                drawn.write(str(faulty))
                return
    raise SystemExit("no trace runs beside one of another net")


@contextmanager
def screen() -> Iterator[str]:
    """A screen without a monitor: its name, as DISPLAY has it."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            yield f":{server.stdout.readline().strip()}"
        finally:
            server.terminate()


def show(layout: Path, part: Box, picture: Path, display: str, home: Path) -> None:
    """Run KLayout as `rdl view` does, but with a new user's settings, and with the script that takes the picture."""
    program, *arguments = klayout_command(layout)
    box = ",".join(f"{to_um(value):.3f}" for value in (part.x0, part.y0, part.x1, part.y1))
    variables = ["-rd", f"box={box}", "-rd", f"picture={picture}"]
    command = [program, "-nc", "-rm", str(SCRIPT), *arguments[:-2], *variables, "-r", str(SCRIPT)]
    settings = {"DISPLAY": display, "HOME": str(home), "QT_QPA_PLATFORM": "xcb"}
    subprocess.run(command, env=environ | settings, timeout=SECONDS, check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
