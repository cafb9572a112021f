"""A die of a few bumps, the paths of one of its nets as a search might leave them, and what comes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from router.model.design import Design
from router.model.layout import Layout
from router.model.routing import Path as Way
from router.model.routing import Routing
from router.read.design import read_design

Place = tuple[float, float]

PACKAGE = """
name = "p"
pdk = "fanout_10um"
levels = LEVELS
outline = [1600, 1600]
[[die]]
name = "die"
size = [1400, 1400]
pad = "bump"
pad_size = 60
pin = [PINS]
[nets]
A = NET
"""


def package(
    folder: Path,
    net: list[Place],
    others: list[Place],
    more: str = "",
    sizes: Mapping[int, int] = MappingProxyType({}),
    join: bool = False,
    levels: int = 2,
) -> Design:
    """A die with these bumps, the first of them in net A, each other in a net of its own, or all in one."""
    size = {k: f", pad_size = {size}" for k, size in sizes.items()}
    pins = ", ".join(
        f'{{ name = "{k}", x = {x}, y = {y}{size.get(k, "")} }}' for k, (x, y) in enumerate([*net, *others])
    )
    ends = ", ".join(f'"die.{k}"' for k in range(len(net)))
    rest = [f'"die.{k}"' for k in range(len(net), len(net) + len(others))]
    groups = [rest] if join else [[one] for one in rest]
    nets = "\n".join(f"O{len(net) + k} = [{', '.join(group)}]" for k, group in enumerate(groups))
    text = PACKAGE.replace("PINS", pins).replace("NET", f"[{ends}]\n{nets}").replace("LEVELS", str(levels))
    (folder / "p.toml").write_text(text + more, encoding="utf-8")
    return read_design(folder / "p.toml")


def routed(design: Design, *ways: list[tuple[float, float, int]]) -> Routing:
    """Paths of net A through these places (x, y, level), µm."""
    net = next(k for k, net in enumerate(design.nets) if net.name == "A")
    paths = []
    for way in ways:
        points = np.array([(x * 1000, y * 1000) for x, y, _ in way], dtype=np.int64)
        paths.append(Way(net, points, np.array([level for *_, level in way])))
    return Routing(tuple(paths), (), (), 0, False, 0)


def vias(layout: Layout) -> list[tuple[float, float]]:
    return [(via.x / 1000, via.y / 1000) for via in layout.vias]


def corners(layout: Layout) -> int:
    return sum(len(trace.points) - 2 for trace in layout.traces)


# From a bump along RDL1 to a cut that stands 12 µm off its line, and up RDL2 to the other bump; in angles of 90° alone,
# so that no other way is shorter.
OFF_ITS_LINE = [(-400, 0, 0), (0, 0, 0), (0, 12, 0), (100, 12, 0), (100, 12, 1), (100, 400, 1), (100, 400, 0)]


def manhattan(design: Design) -> Design:
    return replace(design, pdk=design.pdk.with_angles("manhattan"))
