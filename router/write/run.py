"""run.json: how long a run took and what it took. The one file that differs between two runs of the same input."""

from __future__ import annotations

import os
import platform
import resource
import sys
from collections.abc import Mapping

# Stages that the speed of routing is measured by; kernel compilation stands apart.
_ROUTING = ("route", "tighten")


def run_facts(seconds: Mapping[str, float], nets: int, threads: int) -> dict[str, object]:
    """Seconds by stage, nets routed per second, peak memory of the process in MB, threads and host."""
    routing = sum(seconds.get(stage, 0.0) for stage in _ROUTING)
    return {
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


def _peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
