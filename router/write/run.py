"""run.json: how long a run took and what it took. The one file that differs between two runs of the same input."""

from __future__ import annotations

import os
import platform
import resource
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from router.model.design import Design
from router.model.errors import InputError
from router.read.design import package_files
from router.read.library import list_designs
from router.read.result import RUN_FILE
from router.read.textfile import shown

# Stages that the speed of routing is measured by; kernel compilation stands apart.
_ROUTING = ("route", "tighten")
# How the files of a run are called, and how those end that begin with the name of its package.
NAMES = ("report.json", RUN_FILE)
ENDINGS = (
    ".gds", ".oas", ".lyp", ".lyt", ".lyrdb", ".drc", ".lvs", ".lydrc", ".lylvs", ".cir", ".png", ".routes.json",
    ".balls.csv", ".nets.csv",
)  # fmt: skip


def run_facts(
    seconds: Mapping[str, float],
    nets: int,
    threads: int,
    package: str | None = None,
    parts: Mapping[str, str] | None = None,
    files: Sequence[str] = (),
) -> dict[str, object]:
    """Which package it was, with the fingerprints of its parts, the files that were written, seconds by stage, nets
    routed per second, peak memory in MB, threads and host."""
    routing = sum(seconds.get(stage, 0.0) for stage in _ROUTING)
    return {
        "package": package,
        "parts": dict(parts or {}),
        "files": list(files),
        "seconds": {stage: round(value, 3) for stage, value in seconds.items()},
        "seconds_without_compile": round(sum(seconds.values()) - seconds.get("compile", 0.0), 3),
        "nets_per_second": round(nets / routing, 1) if routing else None,
        "peak_memory_mb": round(_peak_bytes() / 1e6, 1),
        "threads": threads,
        "host": {
            "system": platform.system(),
            "machine": platform.machine(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
        },
    }


def inputs_of(design: Design) -> set[Path]:
    """The files that a package is read from as it stands now; none where it came from no file, or does not read."""
    if design.source is None or not design.source.is_file():
        return set()
    with suppress(InputError):
        return {path.resolve() for path in package_files(design.source)}
    return set()


def refuse_inputs(design: Design, directory: Path, stem: str) -> None:
    """Raise InputError for a file that the package is read from and that a run into a folder, whose files begin with
    `stem`, would replace."""
    for path in sorted(inputs_of(design)):
        ours = path.name in NAMES or (path.name.startswith(f"{stem}.") and path.name.endswith(ENDINGS))
        if ours and path.parent == directory.resolve():
            raise InputError(shown(path), "a file of the package in the place of one of the run", "another folder, -o")


def package_name(source: Path | None, directory: Path) -> str | None:
    """How run.json in `directory` names a package file: an example by its name, one that lies below the folder of the
    results or the two above it by its path from there, so that both can be moved together, others by their whole path.
    """
    if source is None:
        return None
    path = source.resolve()
    if path in [example.resolve() for example in list_designs()]:
        return path.stem
    folder = directory.resolve()
    beside = any(path.is_relative_to(above) for above in (folder, *folder.parents[:2]) if above.parent != above)
    return os.path.relpath(path, folder) if beside else str(path)


def _peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
