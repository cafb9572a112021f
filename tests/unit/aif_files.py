"""Packages as AIF, made by hand."""

from __future__ import annotations

from pathlib import Path

from router.model.draft import Draft, DraftComponent
from router.read.formats.aif import read_aif
from router.read.formats.options import ImportOptions

DATABASE = "[DATABASE]\nTYPE=AIF\nVERSION=2.0\nUNITS=UM\n"


SINGLE = f"""; one die
{DATABASE}[DIE]
NAME=D
WIDTH=11000 ; across
HEIGHT=10000
[BGA]
NAME=B
WIDTH=33000
HEIGHT=33000
PITCH=1270
CHAMFER=UR 250
[PADS]
BP750=CIRCLE 750
DP100=SQ 100
[RINGS]
VSS 1 2
[NETLIST]
NET3 3 DP100 -5270 4750 D3 BP750 -13335 12065
NET4\t4\tDP100\t-5270\t4250
NET5 5 DP100 -5270 3750 -
NET6 6 DP100 -5270 3250 - - - - F6 DP100 -7000 3250 45
VSS  - -     -     -    A1 BP750 -15875 15875
"""


SEVERAL = """[DATABASE]
TYPE=AIF
VERSION=2.0
UNITS=MM
MCM=TRUE
[MCM_DIE]
A0=D1
C0=D2, D3
[MCM_A0_D1]
WIDTH=2
HEIGHT=2
CENTER=-2.000, 0.000
[MCM_C0_D2]
WIDTH=1
HEIGHT=1
CENTER=0 0
[PADS]
dp=SQ .08
[NETLIST]
a D1.1 dp -2.4 0
b D2.1 dp 0 0
c D3.1 dp 2 0
- D1.2 dp -2 0
"""


GRID = """[DATABASE]
UNITS=MM
[BGA]
PITCH=1
POPULATION=4 3
BALL=CIRCLE .4
{more}
[PADS]
dp=SQ .08
[NETLIST]
a 1 dp 0 0 {ball}
"""


def draft(folder: Path, text: str, **options: object) -> Draft:
    (folder / "p.aif").write_text(text, encoding="utf-8")
    return read_aif([folder / "p.aif"], ImportOptions(**options))  # type: ignore[arg-type]


def part(found: Draft, name: str) -> DraftComponent:
    return next(part for part in found.components if part.name == name)
