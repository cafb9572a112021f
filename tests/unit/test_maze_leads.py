"""Leads: traces leave lands that are no wider than they are along their centre lines, past their neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from both_engines import judged_here

from router import flow
from router.draw.shapes import trace_rings
from router.maze import route_design
from router.maze.access import find_access
from router.maze.lattice import build_lattice
from router.maze.leads import Ground, find_leads
from router.model.design import Design
from router.read.design import read_design
from router.write.gds import write_gds

Package = Callable[..., Design]
COUNT, TRACK = 9, 10
TURNS = {0: (1, 0, 0, 1), 90: (0, -1, 1, 0), 180: (-1, 0, 0, -1), 270: (0, 1, -1, 0)}


@pytest.fixture
def rows(tmp_path: Path) -> Package:
    """Two rows of lands of 5 × 5 µm that face each other, 10 µm apart, as near as traces of 5/5 µm may lie; the lower
    one in `depth` rows behind each other, with just as much between them. The upper one is `aside` of it and off the
    lattice of the other; all is turned by `turn` degrees."""

    def build(
        *, aside: float = 3.7, turn: int = 0, depth: int = 1, angles: str = "octilinear", pdk: str = "microbump_4um",
        extra: str = "",
    ) -> Design:  # fmt: skip
        process = (Path(__file__).parents[2] / "pdk" / f"{pdk}.toml").read_text(encoding="utf-8")
        (tmp_path / "process.toml").write_text(
            process.replace("min_angle", f'angles = "{angles}"\nmin_angle', 1), encoding="utf-8"
        )
        a, b, c, d = TURNS[turn]
        text = 'pdk = "process.toml"\noutline = [480, 480]\n'
        lower = [((k - COUNT / 2) * TRACK, -90 - 20 * (k % depth)) for k in range(COUNT)]
        for name, places in (("a", lower), ("b", [(x + aside, 91.3) for x, _ in lower])):
            pins = ", ".join(
                f'{{ name = "{k}", x = {a * x + b * y}, y = {c * x + d * y} }}' for k, (x, y) in enumerate(places)
            )
            text += f'[[die]]\nname = "{name}"\npad = "io_pad"\npad_size = [5, 5]\npin = [{pins}]\n'
        text += '[[class]]\nname = "default"\nwidth = 5\nspacing = 5\n' + extra + "\n[nets]\n"
        text += "".join(f'N{k} = ["a.{k}", "b.{k}"]\n' for k in range(COUNT))
        (tmp_path / "p.toml").write_text(text, encoding="utf-8")
        return read_design(tmp_path / "p.toml")

    return build


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize(
    ("aside", "depth", "angles"),
    [
        (3.7, 1, "octilinear"),
        (-18.713, 1, "octilinear"),
        (3.7, 3, "octilinear"),
        (6.1, 2, "manhattan"),
        (1.1, 2, "any"),
    ],
)
def test_rows_at_the_least_pitch_are_routed_however_they_are_turned(
    rows: Package, tmp_path: Path, turn: int, aside: float, depth: int, angles: str
) -> None:
    result = flow.route(rows(aside=aside, turn=turn, depth=depth, angles=angles))
    assert result.routing.unrouted == ()
    write_gds(tmp_path / "p.gds", result.design, result.masks)
    assert judged_here(tmp_path / "p.gds", result.design).clean


@pytest.mark.parametrize("divisor", [2, 4])
def test_lattices_of_half_a_track_will_do(rows: Package, divisor: int) -> None:
    """There a node between two lands is closed for the sake of the diagonals that lead from it."""
    pitch = TRACK * 1000 // divisor
    assert route_design(replace(rows(), lattice=(pitch,))).unrouted == ()


def test_leads_keep_the_spacing_and_turn_one_after_the_other(rows: Package) -> None:
    design = rows(depth=2)
    lattice = build_lattice(design, design.outline, 4)
    access = find_access(design, lattice)
    assert all(access.nodes)
    metal: dict[int, list[shapely.Polygon]] = {}
    for stub in access.stubs:
        line = np.array(stub.core).reshape(2, 2)
        metal.setdefault(stub.net, []).extend(shapely.Polygon(ring) for ring in trace_rings(line, 5_000))
    leads = {net: shapely.union_all(shapes) for net, shapes in metal.items()}
    assert len(leads) == COUNT
    gaps = {shapely.distance(leads[net], leads[net + 1]) for net in range(COUNT - 1)}
    assert min(gaps) >= 5_000
    upper = [shapely.bounds(leads[net])[1] for net in range(COUNT)]
    assert upper == sorted(upper, reverse=True), "those to the right turn to the left when those there have"


@pytest.mark.parametrize(("levels", "count"), [('["RDL1", "RDL2"]', 2 * COUNT), ('["RDL2"]', 0)])
def test_nets_that_do_not_run_on_the_level_of_their_lands_have_no_leads(rows: Package, levels: str, count: int) -> None:
    design = rows(pdk="flipchip_4um_2", extra=f"levels = {levels}")
    lattice = build_lattice(replace(design, lattice=(3_300, 3_300)), design.outline, 4)
    terminals = range(2 * COUNT)
    assert len(find_leads(design, lattice, Ground(design, 0, len(terminals)), terminals)) == count
