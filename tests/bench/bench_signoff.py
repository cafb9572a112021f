"""Seconds to sign off a routed layout: `python tests/bench/bench_signoff.py [NAME…]`.

`own` is our judge alone on one core; `klayout` is KLayout's engine alone, in its own process as `rdl check` starts it;
`both` is what `rdl check` takes with the two side by side on two cores. Kernels are compiled beforehand.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import klayout.db as kdb
import numba
import numpy as np
import shapely

from router import flow
from router.model.design import Design
from router.model.layout import SignOff
from router.verify import Engine
from router.write.gds import write_gds

DESIGNS = Path(__file__).parents[1] / "real" / "designs"
NAMES = ("duo", "caravel", "fan1024_2", "fan1024_3", "fan4096_3", "stratix10")


def design_of(name: str) -> Design:
    path = DESIGNS / f"{name}.toml"
    return flow.read_design(path if path.is_file() else name)


def timed(gds: Path, design: Design, engine: Engine) -> tuple[float, SignOff]:
    began = time.perf_counter()
    judged = flow.check(gds, design, engine)
    return time.perf_counter() - began, judged


def main() -> None:
    print(f"{'design':12} {'nets':>5} {'own s':>8} {'klayout s':>10} {'both s':>8} {'findings':>9} {'differences':>12}")
    for name in sys.argv[1:] or NAMES:
        design = design_of(name)
        with TemporaryDirectory() as folder:
            gds = Path(folder) / "layout.gds"
            write_gds(gds, design, flow.route(design, threads=os.cpu_count() or 1).masks)
            seconds = {engine: timed(gds, design, engine)[0] for engine in (Engine.OWN, Engine.KLAYOUT)}
            both, judged = timed(gds, design, Engine.BOTH)
        findings = sum(len(v.violations) + len(v.faults) for v in judged.verdicts.values())
        own, klayout = seconds[Engine.OWN], seconds[Engine.KLAYOUT]
        print(
            f"{name:12} {len(design.nets):5} {own:8.2f} {klayout:10.2f} {both:8.2f} {findings:9}"
            f" {len(judged.differences):12}",
            flush=True,
        )
    print(
        f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}, klayout {kdb.__version__}, "
        f"numba {numba.__version__}, numpy {np.__version__}, shapely {shapely.__version__}"
    )


if __name__ == "__main__":
    main()
