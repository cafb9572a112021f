"""Arrays of pads, round which rings of cuts are laid."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from router.model.design import Design
from router.plan.regions import arrays, line_places, ring_regions
from router.read.design import read_design


def package(folder: Path, places: np.ndarray) -> Design:
    pins = ", ".join(f'{{ name = "{k}", x = {x}, y = {y} }}' for k, (x, y) in enumerate(places.tolist()))
    die = f'[[die]]\nname = "d"\npad = "bump"\npad_size = 30\nsize = [9000, 9000]\nat = [0, 0]\npin = [{pins}]\n'
    head = 'name = "p"\npdk = "fanout_10um"\nlevels = 2\noutline = [9400, 9400]\n'
    (folder / "p.toml").write_text(f'{head}{die}[nets]\nN = ["d.0", "d.1"]\n', encoding="utf-8")
    return read_design(folder / "p.toml")


def grid(columns: list[int], rows: list[int]) -> np.ndarray:
    return np.stack([axis.ravel() for axis in np.meshgrid(columns, rows)], axis=1)


def test_wide_gaps_part_a_die_into_blocks(tmp_path: Path) -> None:
    near, far = list(range(0, 1000, 100)), list(range(2000, 3000, 100))
    found = arrays(package(tmp_path, grid(near + far, near)))
    assert sorted(len(array.x) for array in found) == [10, 10, 20, 20], "all pads, the die, and its two blocks"


@pytest.mark.parametrize("seed", [1, 2])
def test_pads_without_rows_are_one_block(tmp_path: Path, seed: int) -> None:
    """900 of them, each off its place by chance, were hundreds of blocks, with rings round each of them."""
    steps = list(range(-4350, 4351, 300))
    places = grid(steps, steps) + np.random.default_rng(seed).integers(-60, 61, (900, 2))
    design = package(tmp_path, places)
    assert len(arrays(design)) == 3
    lines = [np.concatenate([[-(10**9)], np.unique(design.lands.places[:, k])[::7], [10**9]]) for k in (0, 1)]
    assert 100 < len(ring_regions(design, *lines)) < 1000


def test_lines_lie_all_over_a_die_without_rows(tmp_path: Path) -> None:
    """Of 900 rows of a pad each the first 128 were kept, all at one side."""
    steps = list(range(-4350, 4351, 300))
    design = package(tmp_path, grid(steps, steps) + np.random.default_rng(3).integers(-60, 61, (900, 2)))
    lines = line_places(design, 0)[1:-1] / 1000
    in_quarter = np.histogram(lines, bins=[-4500, -2250, 0, 2250, 4500])[0]
    assert (in_quarter > len(lines) / 5).all()
