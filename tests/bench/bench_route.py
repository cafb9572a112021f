"""Route the benchmark cases and real designs on one core and print a table.

    python tests/bench/bench_route.py            all designs in tests/real/designs, and duo
    python tests/bench/bench_route.py fan1024_3 caravel

Seconds are those of the run after compilation: route (lattice, obstacles, search), draw (tightening, masks, fills),
check (the written file judged by the project's own checker). The ratio is over two-terminal nets against their
octilinear distances. Each design runs in a process of its own.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
DESIGNS = HERE.parent / "real" / "designs"
COLUMNS = "{:16} {:>6} {:>9} {:>8} {:>7} {:>7} {:>12} {:>8} {:>6} {:>11} {:>10}"


def run(name: str) -> dict[str, object]:
    """Route one design in a process of its own, for two minutes at most; what report.json and run.json say."""
    path = DESIGNS / f"{name}.toml"
    with tempfile.TemporaryDirectory() as folder:
        options = ["--threads", "1", "--engine", "own", "--time-limit", "120", "--quiet"]
        command = ["route", str(path) if path.exists() else name, "-o", folder, *options]
        subprocess.run([sys.executable, "-m", "router.cli", *command], check=False, stdout=subprocess.DEVNULL)
        report = json.loads((Path(folder) / "report.json").read_text())
        if "refused" in report:
            return report
        return report | {"run": json.loads((Path(folder) / "run.json").read_text())}


def row(name: str, result: dict[str, object]) -> str:
    if "refused" in result:
        return f"{name:16} {result['refused']['message']}"  # type: ignore[index]
    report, took = result, result["run"]["seconds"]  # type: ignore[index]
    faults = sum(report["lvs"].values())  # type: ignore[attr-defined]
    ratio = report["wirelength_ratio"]
    return COLUMNS.format(
        name,
        report["nets"],
        f"{report['routed']}",
        f"{took['route']:.2f}",
        f"{took['tighten'] + took['draw']:.2f}",
        f"{took['check']:.2f}",
        f"{report['node_visits'] / max(1, report['nets']):.0f}",  # type: ignore[operator]
        "-" if ratio is None else f"{ratio:.4f}",
        report["vias"],
        f"{report['drc']['total']} + {faults}",  # type: ignore[index]
        f"{result['run']['peak_memory_mb']:.0f}",  # type: ignore[index]
    )


def main() -> None:
    names = sys.argv[1:] or ["duo", *sorted(p.stem for p in DESIGNS.glob("*.toml"))]
    packages = ", ".join(f"{p} {version(p)}" for p in ("numpy", "numba", "shapely", "rtree", "gdstk"))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {packages}; one thread")
    heads = ("design", "nets", "complete", "route s", "draw s", "check s", "visits / net", "× bound", "vias")
    print(COLUMNS.format(*heads, "DRC + LVS", "peak MB"))
    for name in names:
        print(row(name, run(name)), flush=True)


if __name__ == "__main__":
    main()
