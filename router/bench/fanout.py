"""Fan-outs: arrays of bumps whose nets go to wider arrays of balls."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from router.bench.package import build, grid, part
from router.model.design import Design
from router.model.geometry import Points
from router.model.pdk import Pdk
from router.model.units import NM_PER_UM as UM


def fan256() -> Design:
    """The outer rings of 23 × 23 bumps at 200 µm to those of 19 × 19 balls at 500 µm, on one level.

    Of the fourth ring of bumps and the fifth of balls sixteen are taken, evenly. A single level needs an order that
    nearly suits all nets at once: short ways count more than the sum of all, hence lengths to the power of 1.1,
    which leave no two assignments equal.
    """
    bumps = np.concatenate([*(ring(k) for k in (11, 10, 9)), evenly(ring(8), 16)]) * 200 * UM
    balls = np.concatenate([*(ring(k) for k in (9, 8, 7, 6)), evenly(ring(5), 16)]) * 500 * UM
    balls = balls[shortest(bumps, balls, power=1.1)]
    names = [str(k) for k in range(len(bumps))]
    return _fan("fan256_1", "fanout_10um", 1, 10_000, (80, bumps), (250, balls), names)


def fan1024(levels: int, name: str = "", pdk: Pdk | None = None) -> Design:
    """32 × 32 bumps at 200 µm, each to the ball of the same row and column of 32 × 32 at 400 µm."""
    names = [f"{row}_{column}" for row in range(32) for column in range(32)]
    bumps, balls = grid(32, 32, 200 * UM), grid(32, 32, 400 * UM)
    name = name or f"fan1024_{levels}"
    return _fan(name, "fanout_10um", levels, 14_000, (80, bumps), (200, balls), names, pdk)


def fan2000(levels: int) -> Design:
    """The outermost 2 000 of 53 × 53 bumps at 150 µm to balls at 400 µm, all ways together shortest."""
    bumps, balls = grid(53, 53, 150 * UM), grid(49, 49, 400 * UM)
    outermost = np.sort(np.argsort(-np.abs(bumps).max(axis=1), kind="stable")[:2000])
    names = [f"{k // 53}_{k % 53}" for k in outermost.tolist()]
    bumps = bumps[outermost]
    balls = balls[shortest(bumps, balls)]
    return _fan(f"fan2000_{levels}", "fanout_10um_30", levels, 20_000, (40, bumps), (240, balls), names)


def fan4096(levels: int) -> Design:
    """Four dies of 32 × 32 bumps at 150 µm, each to the balls at 400 µm of its own quarter, row by row."""
    names = [f"{row}_{column}" for row in range(32) for column in range(32)]
    dies, ball_names, balls = [], [], []
    for die, (x, y) in enumerate([(-1, -1), (1, -1), (-1, 1), (1, 1)]):
        centre = np.array([x, y], dtype=np.int64) * 6400 * UM
        nets = [f"N{1024 * die + k}" for k in range(1024)]
        pins = [f"A{name}" for name in names]
        dies.append(part(f"D{die}", "bump", 70, pins, grid(32, 32, 150 * UM) + centre, nets))
        ball_names += [f"B{die}_{name}" for name in names]
        balls.append(grid(32, 32, 400 * UM) + centre)
    all_balls = part("balls", "ball", 200, ball_names, np.concatenate(balls), [f"N{k}" for k in range(4096)])
    return build(_file(f"fan4096_{levels}", "fanout_10um", levels, 27_000, dies, all_balls))


def supply6400(levels: int) -> Design:
    """80 × 80 bumps at 130 µm: of the outer six rings four in five are signals, all others two supplies, column by
    column. The signals go to the outermost balls of 53 × 53 at 400 µm, all ways together shortest; the balls within
    these are the supplies' too."""
    bumps, balls = grid(80, 80, 130 * UM), grid(53, 53, 400 * UM)
    outer = np.flatnonzero(np.abs(bumps).max(axis=1) > (40 - 6) * 130 * UM)
    signals = outer[np.arange(len(outer)) % 5 != 0]
    outermost = np.argsort(-np.abs(balls).max(axis=1), kind="stable")[: len(signals)]
    goals = outermost[shortest(bumps[signals], balls[outermost])]
    parts = []
    for name, pad, size, xy, own in (("die", "bump", 60, bumps, signals), ("balls", "ball", 200, balls, goals)):
        nets = np.where(xy[:, 0] // (130 * UM) % 2 == 0, "VDD", "VSS").astype("<U5")
        nets[own] = [f"N{k}" for k in range(len(own))]
        parts.append(part(name, pad, size, [f"{name[0]}{k}" for k in range(len(xy))], xy, nets.tolist()))
    return build(_file(f"supply6400_{levels}", "fanout_10um", levels, 22_000, parts[:1], parts[1]))


def tsv1200(levels: int) -> Design:
    """1 200 of 50 × 50 micro bumps at 45 µm through an interposer to as many of 40 × 40 at 180 µm, all ways together
    shortest: with tracks of 0.8 µm a package that is large and nearly empty."""
    bumps, balls = evenly(grid(50, 50, 45 * UM), 1200), grid(40, 40, 180 * UM)
    balls = balls[shortest(bumps, balls)]
    nets = [f"N{k}" for k in range(len(bumps))]
    die = part("die", "micro_bump", 20, [f"A{k}" for k in range(len(bumps))], bumps, nets)
    below = part("below", "c4", 90, [f"B{k}" for k in range(len(bumps))], balls, nets)
    return build(_file(f"tsv1200_{levels}", "interposer_04", levels, 7600, [die], below))


def ring(k: int) -> Points:
    """The ring of a grid that is `k` steps from its middle, (8k, 2) in steps: from the lower left corner rightwards."""
    side = np.stack([np.arange(-k, k), np.full(2 * k, -k)], axis=1)
    turns = [((1, 0), (0, 1)), ((0, 1), (-1, 0)), ((-1, 0), (0, -1)), ((0, -1), (1, 0))]
    rounds: Points = np.concatenate([side @ np.array(turn, dtype=np.int64) for turn in turns]).astype(np.int64)
    return rounds


def evenly(places: Points, count: int) -> Points:
    """`count` of the places, evenly along their order."""
    chosen: Points = places[np.arange(count) * len(places) // count]
    return chosen


def shortest(bumps: Points, balls: Points, power: float = 1.0) -> NDArray[np.int64]:
    """For each bump (n, 2) one of the balls (m, 2), m ≥ n, none twice: the least sum of lengths in µm to that power."""
    apart = (bumps[:, None, :] - balls[None, :, :]) / UM
    _, chosen = linear_sum_assignment(np.hypot(apart[..., 0], apart[..., 1]) ** power)
    return np.asarray(chosen, dtype=np.int64)


def _fan(
    name: str, pdk: str, levels: int, side: int, bumps: tuple[float, Points], balls: tuple[float, Points],
    names: list[str], process: Pdk | None = None,
) -> Design:  # fmt: skip
    """One die over its balls: the k-th bump to the k-th ball; lands in µm with their places in nm."""
    nets = [f"N{k}" for k in range(len(names))]
    die = part("die", "bump", bumps[0], [f"A{n}" for n in names], bumps[1], nets)
    grid_array = part("balls", "ball", balls[0], [f"B{n}" for n in names], balls[1], nets)
    return build(_file(name, pdk, levels, side, [die], grid_array), process)


def _file(
    name: str, pdk: str, levels: int, side: int, dies: list[dict[str, Any]], balls: dict[str, Any]
) -> dict[str, Any]:
    return {"name": name, "pdk": pdk, "levels": levels, "outline": [side, side], "die": dies, "balls": [balls]}
