"""`rdl view`: a result in KLayout, with its layers, its technology and its markers."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from router.model.errors import InputError

_ALL_LEVELS = Path(__file__).with_name("all_levels.rb")


def klayout_command(layout: Path) -> list[str]:
    """The command that opens a layout with the files beside it, all of one stem.

    Raises InputError where KLayout is not installed or one of the files is missing.
    """
    program = shutil.which("klayout")
    if program is None:
        raise InputError("klayout", "no such program", "KLayout: klayout.de, or the package klayout of your system")
    beside = {suffix: layout.with_suffix(suffix) for suffix in (".lyt", ".lyp", ".lyrdb")}
    for path in (layout, *beside.values()):
        if not path.is_file():
            raise InputError(str(layout.parent), f"no {path.name}", "the results of rdl route")
    before = ["-rm", _ALL_LEVELS, "-nn", beside[".lyt"]]
    after = ["-l", beside[".lyp"], "-m", beside[".lyrdb"], "-rr", _ALL_LEVELS]
    return [program, *map(str, [*before, layout, *after])]


def open_in_klayout(layout: Path) -> None:
    """Open a layout and wait until the window is closed. Raises InputError as above, and where no window opens."""
    command = klayout_command(layout)
    code = subprocess.run(command, check=False).returncode
    if code:
        raise InputError("klayout", f"exit code {code}", "a screen to open its window on")
