"""Pieces of a net, by the components that its ends reach."""

from __future__ import annotations

import time
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from router.bench.package import build, grid, part
from router.model.design import Design
from router.model.geometry import Box
from router.model.layout import Fault
from router.read.design import read_design
from router.verify.netlist import Extraction, connectivity_faults

NAME = {"N": {0}}
PACKAGE = """
name = "p"
pdk = "fanout_10um"
outline = [3000, 3000]
[[die]]
name = "a"
pad = "bump"
pin = [APART]
[[die]]
name = "b"
pad = "bump"
at = [0, 600]
joined = true
pin = [JOINED]
[nets]
N = ["a.*", "b.*"]
"""


def package(folder: Path, apart: int, joined: int) -> Design:
    """A net of so many ends of a terminal each, and one end of several."""
    pins = [", ".join(f'{{ name = "{k}", x = {200 * k}, y = 0 }}' for k in range(n)) for n in (apart, joined)]
    text = PACKAGE.replace("APART", pins[0]).replace("JOINED", pins[1])
    (folder / "p.toml").write_text(text, encoding="utf-8")
    return read_design(folder / "p.toml")


def faults(design: Design, components: list[int]) -> list[Fault]:
    """What is found where each terminal, in the order of the package, lies on a component; the name is on the first."""
    count = max(components) + 1
    boxes = [Box(0, 0, 1, 1)] * count
    found = connectivity_faults(Extraction(np.array(components), NAME, boxes, frozenset(range(count))), design)
    return [fault for fault in found if fault.kind in ("open", "unreached", "missing_label")]


@pytest.mark.parametrize(
    ("components", "kinds", "terminals"),
    [
        ([0, 0, 0, 0, 0], [], []),
        ([0, 1, 2, 0, 2], ["open"], [("a.0", "a.1")]),
        ([2, 1, 0, 0, 2], ["open"], [("a.0", "a.1")]),
        ([1, 1, 1, 1, 1], ["missing_label"], [("a.0",)]),
        ([1, 1, 1, 1, 0], [], []),
        ([0, -1, 0, 0, -1], ["unreached", "unreached"], [("a.1",), ("b.1",)]),
        ([0, 1, -1, -1, -1], ["unreached"] * 3 + ["open"], [("a.2",), ("b.0",), ("b.1",), ("a.0", "a.1")]),
    ],
)
def test_an_end_joins_what_its_terminals_reach(
    tmp_path: Path, components: list[int], kinds: list[str], terminals: list[tuple[str, ...]]
) -> None:
    found = faults(package(tmp_path, 3, 2), components)
    assert [fault.kind for fault in found] == kinds
    assert [fault.terminals for fault in found] == terminals


def test_pieces_are_those_of_the_graph_of_ends_and_components(tmp_path: Path) -> None:
    design = package(tmp_path, 5, 5)
    (net,) = design.nets
    rng = np.random.default_rng(3)
    for _ in range(200):
        components = rng.integers(0, 7, len(design.terminals)).tolist()
        graph = nx.Graph((("end", k), components[t]) for k, end in enumerate(net.ends) for t in end.terminals)
        pieces = list(nx.connected_components(graph))
        found = [fault for fault in faults(design, components) if fault.kind == "open"]
        assert len(pieces) == (len(found[0].terminals) if found else 1)


def test_a_supply_of_twenty_thousand_ends_that_nothing_joins() -> None:
    """Each was compared with all before it: half a minute."""
    xy = grid(200, 100, 50_000)
    pins = [str(k) for k in range(len(xy))]
    die = part("d", "bump", 25, pins, xy, ["VDD"] * len(xy))
    design = build(
        {"name": "p", "pdk": "fanout_10um", "outline": [12_000, 6_000], "die": [die], "netlist": {"from_tables": True}}
    )
    begun = time.process_time()
    (fault,) = faults(design, list(range(len(xy))))
    assert len(fault.terminals) == len(xy)
    assert time.process_time() - begun < 5
