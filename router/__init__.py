"""Routes the redistribution layers of chip packages, writes GDSII masks and judges them from the written file.

from router import read_design, route, write, check, export

design = read_design("duo")
result = route(design)
report = write(result, "out/duo")
verdict = check("out/duo/duo.gds", design)
export("svg", "out/duo")
"""

from __future__ import annotations

__version__ = "0.1.0"

# Imported last, and not lazily: `write` is also the name of a room, and the function is what `router.write` shall be.
from router.flow import check, export, read_design, route, write

__all__ = ["__version__", "check", "export", "read_design", "route", "write"]
