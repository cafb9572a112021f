"""Seconds to route with one thread and with all: `python tests/bench/bench_threads.py [CASE…]`.

Cases of `rdl bench`. Lattice, obstacles and search alone, each after the other in one process, kernels compiled
beforehand; a run of a case that is stopped by the clock (`hub20k`, after a minute) is compared by its node visits.
"""

from __future__ import annotations

import os
import platform
import sys
import time

import numba
import numpy as np

from router.bench.cases import CASES
from router.bench.real import default_folder
from router.maze import Watch, route_design
from router.model.design import Design
from router.model.routing import Routing
from router.plan.capacity import plan_capacity
from router.read.design import read_design

NAMES = ("fan1024_3", "fan1024_2", "fan2000_3", "fan4096_3", "ladder70", "aib", "hub20k")
LIMIT = 60.0


def timed(design: Design, fullness: float, threads: int) -> tuple[float, Routing]:
    began = time.perf_counter()
    routing = route_design(
        design, threads=threads, fullness=fullness, watch=Watch(lambda: time.perf_counter() - began > LIMIT)
    )  # fmt: skip
    return time.perf_counter() - began, routing


def main() -> None:
    most = os.cpu_count() or 1
    timed(read_design("toy"), 0.0, most)
    print(f"{'case':12} {'nets':>5} {'1 thread s':>10} {f'{most} threads s':>11} {'faster':>7}  visits a net")
    for name in sys.argv[1:] or NAMES:
        design = CASES[name].build(default_folder())
        fullness = plan_capacity(design).fullness
        (one, first), (many, second) = (timed(design, fullness, threads) for threads in (1, most))
        visits = [routing.node_visits / len(design.nets) for routing in (first, second)]
        faster = one / many * visits[1] / visits[0]
        print(
            f"{name:12} {len(design.nets):5} {one:10.2f} {many:11.2f} {faster:7.2f}"
            f"  {visits[0]:.0f}, {visits[1]:.0f}" + " (stopped)" * first.stopped,
            flush=True,
        )
    print(
        f"{platform.machine()}, {most} CPUs, Python {platform.python_version()}, numba {numba.__version__}, "
        f"numpy {np.__version__}"
    )


if __name__ == "__main__":
    main()
