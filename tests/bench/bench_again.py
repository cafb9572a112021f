"""What orders by chance and other lattices bring where connections are left: `python tests/bench/bench_again.py`.

Packages that can be routed for certain (`router.bench.hidden`), by family: lands on all kinds of raster, and off it.
Each is routed as the program does, with orders by chance on the first lattice alone, and without either.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from unittest.mock import patch

from router.bench.hidden import hidden
from router.maze import again, route_design

# Nodes a side, µm from one to the next, and how far off them lands lie.
FAMILIES = [(20, 20.4, 0.0), (20, 21.0, 0.0), (20, 22.0, 0.0), (20, 23.0, 0.0), (20, 25.0, 2.0), (40, 22.0, 0.0),
            (40, 25.0, 2.0)]  # fmt: skip
SEEDS = range(8)


def as_it_is() -> None:
    """Nothing is changed."""


def first_lattice_alone() -> None:
    patch.object(again, "lattices_anew", lambda design, raster: [raster]).start()


def never_again() -> None:
    patch.object(again, "ORDERS", 1).start()


def main() -> None:
    for change in (as_it_is, first_lattice_alone, never_again):
        run(change)


def run(change: Callable[[], None]) -> None:
    print(change.__name__.replace("_", " "))
    change()
    whole = [0, 0, 0, 0.0]
    for side, pitch, off in FAMILIES:
        designs = [hidden(seed, side, pitch, off) for seed in SEEDS]
        began = time.perf_counter()
        routings = [route_design(design) for design in designs]
        left = [len(routing.unrouted) for routing in routings]
        visits = sum(routing.node_visits for routing in routings)
        found = [len(SEEDS) - left.count(0), sum(left), visits, time.perf_counter() - began]
        whole = [a + b for a, b in zip(whole, found, strict=True)]
        print(f"  {side:2} × {side:2} at {pitch:4} µm, off by {off}:", shown(found), flush=True)
    print("  all:", shown(whole))
    patch.stopall()


def shown(figures: list[float]) -> str:
    return "{:3} not complete, {:3} nets left, {:5.0f} million visits, {:4.0f} s".format(
        *figures[:2], figures[2] / 1e6, figures[3]
    )


if __name__ == "__main__":
    main()
