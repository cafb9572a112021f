"""Routes the redistribution layers of chip packages, writes GDSII masks and judges them from the written file.

from pathlib import Path
from router import import_package, read_design, plan, route, write, check, export

written = import_package("bumps", [Path("chip.csv")], Path("chip.toml"))
design = read_design("duo")
facts = plan(design)
result = route(design)
report = write(result, "out/duo")
verdict = check("out/duo/duo.gds", design)
export("svg", "out/duo")
"""

from __future__ import annotations

__version__ = "0.1.0"

# Imported last: `plan` and `write` are also names of rooms, which have been entered by then, and functions are what
# `router.plan` and `router.write` shall be from then on.
from router.flow import check, export, import_package, is_clean, plan, read_design, route, write
from router.model.errors import InputError, OutputError, RdlError, RefusedError

__all__ = [
    "InputError",
    "OutputError",
    "RdlError",
    "RefusedError",
    "__version__",
    "check",
    "export",
    "import_package",
    "is_clean",
    "plan",
    "read_design",
    "route",
    "write",
]
