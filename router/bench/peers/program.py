"""Another router's program, run for some time at most, in a folder of its own."""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ran:
    """What a program said, and how long it took: by the clock, and on all cores together."""

    text: str
    code: int
    seconds: float
    cpu_seconds: float


def run_program(command: Sequence[str], folder: Path, limit: float, stdin: str = "") -> Ran:
    """Run a command in `folder`. Raises subprocess.TimeoutExpired, and has ended it, after `limit` seconds."""
    begun, used = time.perf_counter(), _children()
    ran = subprocess.run(
        command, cwd=folder, input=stdin, capture_output=True, text=True, errors="replace", check=False, timeout=limit
    )
    return Ran(ran.stdout + ran.stderr, ran.returncode, time.perf_counter() - begun, _children() - used)


def installed_version(name: str, flag: str, version: str) -> str:
    """What a program on the path says of itself that looks like a `version`, "?" if nothing does; empty if it is not
    installed."""
    program = shutil.which(name)
    if not program:
        return ""
    return next(iter(re.findall(version, run_program([program, flag], Path.cwd(), 20).text)), "?")


def _children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
