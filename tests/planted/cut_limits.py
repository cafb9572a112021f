"""Cuts, pads and openings at the limit of a rule and past it, as `limits` has them."""

from __future__ import annotations

import numpy as np
from scene import Scene, X, Y, disc, rect, ring, square


def cut_off_size(s: Scene, more: int) -> None:
    s.add("V1", rect(X - 2000, Y - 2000, X + 2000 + more, Y + 2000))
    s.add("M1", square(X, Y, 8000), inside=(X, Y))
    s.add("M2", square(X, Y, 8000))


def cut_with_a_bite(s: Scene, there: int) -> None:
    """An L as large as the cut."""
    s.via(X, Y)
    if there:
        arm = ring((X - 2000, Y - 2000), (X + 2000, Y - 2000), (X + 2000, Y - 1500), (X - 1500, Y - 1500))
        s.masks["V1"][-1] = np.concatenate([arm, ring((X - 1500, Y + 2000), (X - 2000, Y + 2000))])


def cut_with_a_slanted_bite(s: Scene, there: int) -> None:
    """Behind the sides of this one there is as much as the cut measures."""
    s.via(X, Y)
    if there:
        square_but_for_it = s.masks["V1"][-1].tolist()
        right = next(k for k in range(4) if square_but_for_it[k][0] == square_but_for_it[(k + 1) % 4][0] == X + 2000)
        square_but_for_it[right + 1 : right + 1] = [[X + 2000, Y - 340], [X + 1660, Y], [X + 2000, Y + 340]]
        s.masks["V1"][-1] = np.array(square_but_for_it)


def cut_with_a_hole(s: Scene, there: int) -> None:
    s.via(X, Y)
    if there:
        hole = ring((X - 1900, Y - 1900), (X - 1900, Y + 1900), (X + 1900, Y + 1900), (X + 1900, Y - 1900))
        whole = square(X, Y, 4000)
        s.masks["V1"][-1] = np.concatenate([whole, whole[:1], hole, hole[:1]])


def cuts_too_close(s: Scene, less: int) -> None:
    s.add("V1", square(X, Y, 4000), square(X + 7000 - less, Y, 4000))
    s.add("M1", rect(X - 4000, Y - 4000, X + 12_000, Y + 4000), inside=(X, Y))
    s.add("M2", rect(X - 4000, Y - 4000, X + 12_000, Y + 4000))


def cut_near_edge_below(s: Scene, by: int) -> None:
    s.via(X, Y, shift=by)


def cut_over_the_edge(s: Scene, by: int) -> None:
    s.via(X, Y, shift=4000 * by)


def cuts_stacked(s: Scene, touching: int) -> None:
    s.via(X, Y)
    s.add("V2", square(X + 4001 - touching, Y, 4000))
    s.add("M2", rect(X, Y - 3000, X + 8000, Y + 3000))
    s.add("M3", rect(X, Y - 3000, X + 8000, Y + 3000))


def cuts_on_top(s: Scene, there: int) -> None:
    s.via(X, Y)
    if there:
        s.add("V2", square(X, Y, 2000))
        s.add("M3", square(X, Y, 6000))


def pads_too_near(s: Scene, less: int) -> None:
    s.add("UBM", disc(100_000, 110_000 + less, 20_000))


def pad_too_narrow(s: Scene, less: int) -> None:
    s.masks["UBM"][1] = rect(140_000, 140_000, 160_000 - less, 160_000)


def pad_near_the_outline(s: Scene, less: int) -> None:
    s.masks["UBM"][1] = disc(170_000 + less, 150_000, 20_000)


def pad_centre_outside(s: Scene, there: int) -> None:
    s.masks["UBM"][1] = disc(240_000 if there else 150_000, 150_000, 20_000)


def openings_too_near(s: Scene, less: int) -> None:
    s.add("PI", rect(76_000, 147_000, 80_000 + less, 153_000))


def opening_inside_a_pad(s: Scene, there: int) -> None:
    if there:
        s.add("PI", square(100_000, 150_000, 4000))


def cut_too_small(s: Scene, less: int) -> None:
    s.add("V1", rect(X - 2000, Y - 2000, X + 2000, Y + 2000 - less))
    s.add("M1", square(X, Y, 8000), inside=(X, Y))
    s.add("M2", square(X, Y, 8000))


def cut_clipped(s: Scene, by: int) -> None:
    """A cut without its corner measures less across the slanted side; 2 nm are allowed, a step takes 30 nm."""
    short = 1660 * by
    corner = ((X + 2000, Y + 2000 - short), (X + 2000 - short, Y + 2000))
    s.add("V1", ring((X - 2000, Y - 2000), (X + 2000, Y - 2000), *corner, (X - 2000, Y + 2000)))
    s.add("M1", square(X, Y, 8000), inside=(X, Y))
    s.add("M2", square(X, Y, 8000))


def cuts_close_diagonally(s: Scene, less: int) -> None:
    """Corner to corner on the slant of 3 : 4, 3000 nm."""
    s.add("V1", square(X, Y, 4000), square(X + 4000 + 1800, Y + 4000 + 2400 - less, 4000))
    s.add("M1", rect(X - 4000, Y - 4000, X + 10_000, Y + 12_000), inside=(X, Y))
    s.add("M2", rect(X - 4000, Y - 4000, X + 10_000, Y + 12_000))


def cut_near_edge_above(s: Scene, by: int) -> None:
    s.add("V1", square(X, Y, 4000))
    s.add("M1", square(X, Y, 6000), inside=(X, Y))
    s.add("M2", rect(X - 3000, Y - 3000, X + 3000 - by, Y + 3000))


def cut_near_slanted_edge(s: Scene, by: int) -> None:
    """The corner of a cut 1000.5 nm from a diagonal edge; a step is 0.7 nm."""
    s.add("V1", square(X, Y, 4000))
    s.add("M2", square(X, Y, 8000))
    c = 4000 + 1415 - by
    slant = ((X + c, Y), (X, Y + c))
    s.add("M1", ring((X - 4000, Y - 4000), (X + c, Y - 4000), *slant, (X - 4000, Y + c)), inside=(X, Y))


def cuts_stacked_by_a_corner(s: Scene, touching: int) -> None:
    s.via(X, Y)
    s.add("V2", square(X + 4001 - touching, Y + 4001 - touching, 4000))
    s.add("M2", rect(X, Y - 3000, X + 8000, Y + 8000))
    s.add("M3", rect(X, Y - 3000, X + 8000, Y + 8000))


def pads_too_near_diagonally(s: Scene, less: int) -> None:
    """Centres 40 µm apart on the slant of 3 : 4; a step is 0.8 nm."""
    s.masks["UBM"][1] = disc(124_000, 118_000 + less, 20_000)


def pad_too_narrow_diagonally(s: Scene, less: int) -> None:
    """A diamond 20 001.2 nm across; a step is 0.7 nm."""
    x = y = 150_000
    r = 14_143
    s.masks["UBM"][1] = ring((x, y - r), (x + r - less, y - less), (x - less, y + r - less), (x - r, y))


def pad_near_the_outline_above(s: Scene, less: int) -> None:
    s.masks["UBM"][1] = disc(150_000, 170_000 + less, 20_000)


def openings_near_a_round_pad(s: Scene, less: int) -> None:
    """An opening right beside a flat of the round pad."""
    s.add("PI", rect(97_000, 170_000 - less, 103_000, 176_000))


def opening_touching_a_pad(s: Scene, there: int) -> None:
    s.add("PI", rect(170_000 - 10_000 * there, 147_000, 176_000, 153_000))
