"""Kernels compiled, or read where they are kept, before they are needed: no later stage pays for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path as File
from tempfile import TemporaryDirectory

import numpy as np

from router import verify
from router.draw.centreline import NO_PAD, Line, draw_lines
from router.draw.kernels.tighten import tighten_pass
from router.draw.masks import draw_masks
from router.draw.notch import fill_notches
from router.draw.spare_cuts import Metal
from router.draw.tighten import tighten
from router.maze import route_design
from router.model.design import Design, FixedTrace, Keepout
from router.model.kernels import is_kept, lasts
from router.model.layout import Engine, Layout, Masks
from router.model.routing import Path, Routing
from router.model.units import NM_PER_UM
from router.read.design import read_design
from router.write.gds import write_gds


@cache
def warm_up(*, after_routing: bool) -> None:
    """Send a package of ten nets all the way; `after_routing`: with traces at any angle, moved apart and made wider.

    Where the kernels that draw are not kept yet, another process compiles them while this one compiles those that
    search and judge: a first run waits little more than half as long.
    """
    package = exacting_toy()
    if not is_kept(tighten_pass) and (os.cpu_count() or 1) > 1:
        with drawn_elsewhere(after_routing=after_routing):
            route_design(package)
            lines, vias = draw_lines(package, straight_routing(package))
            judge(package, draw_masks(package, Layout(tuple(line.trace for line in lines), vias)))
    judge(package, draw(package, route_design(package), after_routing=after_routing))


def is_for_one_run() -> bool:
    """Whether kernels are yet to be compiled, and will not be kept for later runs."""
    return not is_kept(tighten_pass) and not lasts(tighten_pass)


def exacting_toy() -> Design:
    """The example of ten nets with what it has not of its own: a keep-out and a fixed trace, where nothing else lies,
    and traces as wide as the lands that they leave, which ask for leads."""
    toy = read_design("toy")
    corner = np.array([[1350, 850], [1450, 850], [1350, 950]], dtype=np.int64) * NM_PER_UM
    keepout = Keepout("corner", tuple(range(len(toy.pdk.levels))), corner)
    fixed = FixedTrace(0, 0, 20_000, np.array([[-1401, 850], [-1300, 901]], dtype=np.int64) * NM_PER_UM)
    supply = replace(toy.classes["supply"], widths=(toy.terminals[0].width,) * len(toy.pdk.levels))
    return replace(toy, keepouts=(keepout,), fixed=(fixed,), classes={**toy.classes, "supply": supply})


def draw(package: Design, routing: Routing, *, after_routing: bool) -> Masks:
    """The masks of a routing, drawn in all ways that packages may ask for."""
    layout = tighten(package, routing)
    if after_routing:
        classes = {
            name: replace(c, spread=True, widest=(2 * max(c.widths),) * len(c.widths))
            for name, c in package.classes.items()
        }
        for angles in ("octilinear", "any"):
            tighten(replace(package, pdk=package.pdk.with_angles(angles), classes=classes), routing)
    # Runs that may go to another level, or on along each other, are not in every package.
    run = Line(layout.traces[0], (NO_PAD, NO_PAD))
    metal = Metal(package, run.trace.level, [run], [])
    if metal.has_room(run):
        metal.take(run)
    masks = draw_masks(package, layout)
    fill_notches(package, masks)
    return masks


def judge(package: Design, masks: Masks) -> None:
    """Write masks aside and have them judged. Where nothing can be written, kernels compile when they are needed."""
    with suppress(OSError), TemporaryDirectory() as folder:
        gds = File(folder) / "toy.gds"
        write_gds(gds, package, masks)
        with verify.signing_off(gds, package, Engine.OWN) as verdict:
            verdict()


@contextmanager
def drawn_elsewhere(*, after_routing: bool) -> Iterator[None]:
    """Another process draws the package meanwhile, whatever else it crosses, and keeps the kernels for that. What it
    cannot keep, or where there can be none, compiles here later on."""
    here = str(File(__file__).resolve().parents[1])
    paths = os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-m", "router.warm_up", *["after_routing"] * after_routing]
    try:
        # Ctrl-C is for the run that waits.
        other = subprocess.Popen(
            command, env=os.environ | {"PYTHONPATH": paths}, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:
        yield
        return
    try:
        yield
        other.wait()
    finally:
        other.kill()
        other.wait()


def straight_routing(package: Design) -> Routing:
    """From the first end of each net to every other one corner, with the cuts there."""
    paths = []
    for index, net in enumerate(package.nets):
        first, *others = (package.terminals[end.terminals[0]] for end in net.ends)
        for other in others:
            step = 1 if other.level > first.level else -1
            levels = range(first.level, other.level + step, step)
            way = [(first.x, first.y), *[(other.x, first.y)] * len(levels), (other.x, other.y)]
            on = [first.level, *levels, other.level]
            chain = [(first.x, first.y, first.level)]
            chain += [b for a, b in pairwise((*place, level) for place, level in zip(way, on, strict=True)) if a != b]
            *xy, found = np.array(chain, dtype=np.int64).T
            paths.append(Path(index, np.stack(xy, axis=1), found))
    return Routing(tuple(paths), (), (), 0, False, 0)


if __name__ == "__main__":
    package = exacting_toy()
    draw(package, straight_routing(package), after_routing="after_routing" in sys.argv)
