"""run.json: how long a run took and what it took. The one file that differs between two runs of the same input."""

from __future__ import annotations

import os
import platform
import resource
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from router.read.library import list_designs

# Stages that the speed of routing is measured by; kernel compilation stands apart.
_ROUTING = ("route", "tighten")


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
