"""Routes the redistribution layers of chip packages, writes GDSII masks and judges them from the written file.

from pathlib import Path
from router import import_package, read_design, route, write, check, export

written = import_package("bumps", [Path("chip.csv")], Path("chip.toml"))
design = read_design("duo")
result = route(design)
report = write(result, "out/duo")
verdict = check("out/duo/duo.gds", design)
export("svg", "out/duo")
"""

from __future__ import annotations

__version__ = "0.1.0"

# Imported last: `write` is also the name of a room, which has been entered by then, and the function is what
# `router.write` shall be from then on.
from router.flow import check, export, import_package, is_clean, read_design, route, write
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
    "read_design",
    "route",
    "write",
]
