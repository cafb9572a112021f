"""A die with a few nets, routed and judged."""

from __future__ import annotations

from pathlib import Path

from router.draw.masks import draw_masks
from router.draw.notch import fill_notches
from router.draw.tighten import tighten
from router.maze import route_design
from router.model.design import Design
from router.model.layout import Layout, Verdict
from router.model.routing import Routing
from router.read.design import read_design
from router.verify import check
from router.write.gds import write_gds

DIE = """
[[die]]
name = "die"
size = [1000, 1000]
pad = "bump"
array = { nx = 4, ny = 4, pitch = 200 }
"""


def package(folder: Path, text: str, levels: int = 1, side: int = 2400) -> Design:
    head = f'name = "p"\npdk = "fanout_10um"\nlevels = {levels}\noutline = [{side}, {side}]\n'
    (folder / "p.toml").write_text(head + text, encoding="utf-8")
    return read_design(folder / "p.toml")


def routed(folder: Path, design: Design) -> tuple[Routing, Layout, Verdict]:
    routing = route_design(design)
    layout = tighten(design, routing)
    masks = draw_masks(design, layout)
    fill_notches(design, masks)
    write_gds(folder / "p.gds", design, masks)
    return routing, layout, check(folder / "p.gds", design)


def complete(folder: Path, design: Design) -> tuple[Routing, Layout]:
    """Route, and insist on every net being joined and no rule broken."""
    routing, layout, verdict = routed(folder, design)
    assert routing.unrouted == ()
    assert verdict.violations == ()
    assert verdict.faults == ()
    return routing, layout
