"""What other weights of the search would cost: `python tests/bench/bench_costs.py fee=4 growth=1`.

Every package is routed with the weights as they are and with those given (names as in `router.maze.cost.Costs`).
Visits, wirelength and cuts of the second over those of the first, as geometric means of families of packages: a single
one may take three times the visits or a third of them for any change, a family may not.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import fields
from functools import partial

import numpy as np

from router.bench.cases import CASES
from router.bench.fanout import fan1024
from router.bench.ladder import ladder, scaled
from router.bench.real import OPENROAD, blackparrot, default_folder
from router.maze import Watch, route_design
from router.maze.cost import Costs
from router.model.design import Design
from router.model.routing import Routing
from router.plan.capacity import plan_capacity
from router.plan.crowding import most_crowded
from router.read.pdk import read_pdk

LIMIT = 60.0
Build = Callable[[], Design]


def fan(levels: int, width_um: int) -> Design:
    """`fan1024` with traces of this width."""
    return fan1024(levels, f"fan{levels}_{width_um}", scaled(read_pdk("fanout_10um", levels=levels), width_um * 1000))


def case(name: str) -> Build:
    return partial(CASES[name].build, default_folder())


def families() -> dict[str, dict[str, Build]]:
    """Packages by name, those with room, those with little, those with one level; left out is what needs data that is
    not at hand."""
    room = ["fan2000_3", "fan4096_3", "d2d512_2", "d2d512m_2", "cross144_3", "duo", "gtchips", "aib"]
    one = ["fan256_1", "d2d512m_1", "caravel", "blackparrot_10_90"]
    widths = (4, 5, 6, 7, 8, 9, 10)
    return {
        "several levels, room": {
            **{f"fan1024_3, {w} µm": partial(fan, 3, w) for w in (9, 10, 11, 12, 13)},
            **{f"fan1024_2, {w} µm": partial(fan, 2, w) for w in (7, 9, 10)},
            **{f"ladder {n} %": partial(ladder, n) for n in (50, 55, 60)},
            **{name: case(name) for name in room if CASES[name].at_hand(default_folder())},
        },
        "several levels, full": {
            **{f"ladder {n} %": partial(ladder, n) for n in (65, 70, 75, 80)},
            **{name: case(name) for name in ("cross144_2", "cross256_3")},
        },
        "one level": {
            **{name: case(name) for name in one if CASES[name].at_hand(default_folder())},
            **{
                f"blackparrot, {w} µm": partial(blackparrot, default_folder(), width=w)
                for w in (widths if (default_folder() / OPENROAD).is_dir() else ())
            },
        },
    }


def measured(design: Design, costs: Costs) -> tuple[Routing, np.ndarray]:
    """A routing, and its visits, length and cuts, (3,); a run that leaves nets counts twice its visits."""
    place, began = most_crowded(design), time.perf_counter()
    routing = route_design(
        design, costs=costs, fullness=plan_capacity(design).fullness, crowding=place.share if place else 0.0,
        watch=Watch(lambda: time.perf_counter() - began > LIMIT),
    )  # fmt: skip
    length = sum(np.hypot(*np.diff(path.points, axis=0).T).sum() for path in routing.paths)
    cuts = sum(np.count_nonzero(np.diff(path.levels)) for path in routing.paths)
    return routing, np.array([routing.node_visits * (1 + bool(routing.unrouted)), length, max(cuts, 1)])


def weights(words: list[str]) -> Costs:
    known = {field.name for field in fields(Costs)}
    given = dict(word.split("=") for word in words)
    if not given or not given.keys() <= known:
        sys.exit(f"weights as name=value; the names: {', '.join(sorted(known))}")
    return Costs(**{name: float(value) for name, value in given.items()})


def main() -> None:
    other = weights(sys.argv[1:])
    for family, packages in families().items():
        ratios = []
        for name, build in packages.items():
            design = build()
            (first, before), (second, after) = measured(design, Costs()), measured(design, other)
            ratios.append(after / before)
            visits = [routing.node_visits / len(design.nets) for routing in (first, second)]
            left = [f"{len(r.unrouted)} left" for r in (first, second) if r.unrouted]
            print(f"  {name:20} {visits[0]:9.0f} {visits[1]:9.0f} visits a net {' and '.join(left)}", flush=True)
        means = np.exp(np.log(ratios).mean(axis=0))
        print("{}: {} packages, visits × {:.3f}, length × {:.5f}, cuts × {:.3f}".format(family, len(ratios), *means))


if __name__ == "__main__":
    main()
