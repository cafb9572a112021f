"""The command `rdl`, run in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


COMMAND = [sys.executable, "-m", "router.cli"]


FILES = [
    "report.json",
    "run.json",
    "toy.RDL1.png",
    "toy.RDL2.png",
    "toy.balls.csv",
    "toy.cir",
    "toy.drc",
    "toy.gds",
    "toy.lvs",
    "toy.lydrc",
    "toy.lylvs",
    "toy.lyp",
    "toy.lyrdb",
    "toy.lyt",
    "toy.nets.csv",
    "toy.png",
    "toy.routes.json",
]


def rdl(
    *arguments: str | Path, cwd: Path, preexec: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
        preexec_fn=preexec,
    )


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(directory.iterdir())}
