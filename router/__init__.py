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

import signal
import sys
from pathlib import Path

# The command takes a second to load, and nothing of its own runs before this. A Ctrl-C meanwhile ends it as it does a
# program without Python, with no traceback; `cli.main` sees to any later one.
_loads_for_the_command = Path(sys.argv[0]).name in ("rdl", "-m")
if _loads_for_the_command and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

__version__ = "0.1.0"

# Imported last: `plan` and `write` are also names of rooms, which have been entered by then, and functions are what
# `router.plan` and `router.write` shall be from then on.
from router.flow import check, export, import_package, is_clean, plan, read_design, route, write  # noqa: E402
from router.model.errors import InputError, OutputError, RdlError, RefusedError  # noqa: E402

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
