"""Metal and outlines at the limit of a rule and past it, as `limits` has them."""

from __future__ import annotations

import numpy as np
from scene import Scene, X, Y, bar, disc, rect, ring, square


def narrow(s: Scene, less: int) -> None:
    s.add("M1", rect(X, Y, X + 2000 - less, Y + 8000), inside=(X + 500, Y + 500))


def narrow_across(s: Scene, less: int) -> None:
    s.add("M1", rect(X, Y, X + 8000, Y + 2000 - less), inside=(X + 500, Y + 500))


def narrow_between_sides_out_of_line(s: Scene, less: int) -> None:
    """Two sides that run along y but for 1 nm: parts of a nanometre of theirs look straight."""
    left = ((X - 1, Y - 600), (X, Y), (X, Y + 7), (X - 1, Y + 20_000))
    right = ((X + 1999 - less, Y + 20_000), (X + 2000 - less, Y + 6), (X + 2001 - less, Y - 600))
    s.add("M1", ring(*left, *right), inside=(X + 500, Y + 500))


def narrow_neck(s: Scene, less: int) -> None:
    """Two blocks joined by a short neck."""
    s.add("M1", rect(X, Y, X + 8000, Y + 8000), inside=(X + 500, Y + 500))
    s.add("M1", rect(X + 12_000, Y, X + 20_000, Y + 8000))
    s.add("M1", rect(X + 7000, Y + 3000, X + 13_000, Y + 5000 - less))


def narrow_between_corners(s: Scene, less: int) -> None:
    """Two cuts from opposite sides, past each other: their corners stand on the slant of 3 : 4."""
    s.add("M1", rect(X, Y, X + 9000, Y + 5600), inside=(X + 500, Y + 500))
    s.add("M1", rect(X + 7800 + less, Y + 4000, X + 20_000, Y + 9000))


def narrow_beside_a_disc(s: Scene, less: int) -> None:
    """A trace that ends in a disc little wider than it: chords of that are shorter than the trace is wide."""
    s.add("M1", rect(X, Y, X + 8000, Y + 2000 - less), disc(X + 8000, Y + 1000, 2400), inside=(X + 500, Y + 500))


def narrow_with_an_octagonal_end(s: Scene, less: int) -> None:
    tip = ((X + 7414, Y), (X + 8000, Y + 586), (X + 8000, Y + 1414 - less), (X + 7414, Y + 2000 - less))
    s.add("M1", ring((X, Y), *tip, (X, Y + 2000 - less)), inside=(X + 500, Y + 500))


def narrow_diagonal(s: Scene, less: int) -> None:
    """45°; `less` counts steps of 1.4 nm, the finest at this angle."""
    s.add("M1", bar(X, Y, (9000, 9000), (-707, 707), (707 - less, less - 707)), inside=(X + 4000, Y + 4000))


def narrow_any_angle(s: Scene, less: int) -> None:
    """A slope of 3 : 4, where 2000 nm across is exact; one step is 2.2 nm."""
    right = (600 - less, -800 + 2 * less)
    s.add("M1", bar(X, Y, (12_000, 9000), (-600, 800), right), inside=(X + 4000, Y + 3000))


def close_side_by_side(s: Scene, less: int) -> None:
    s.add("M1", rect(X, Y, X + 4000, Y + 8000), inside=(X + 500, Y + 500))
    s.add("M1", rect(X + 6000 - less, Y, X + 10_000, Y + 8000), inside=(X + 8000, Y + 500))


def close_corners(s: Scene, less: int) -> None:
    """Corner to corner, 2000 nm on the slant of 3 : 4."""
    s.add("M1", rect(X, Y, X + 4000, Y + 4000), inside=(X + 500, Y + 500))
    s.add("M1", rect(X + 5200, Y + 5600 - less, X + 9000, Y + 9000), inside=(X + 8000, Y + 8000))


def close_diagonals(s: Scene, less: int) -> None:
    """Two traces at 45°, 2001.1 nm apart, less steps of 1.4 nm."""
    for k, shift in enumerate((0, 3000 + 1415 - less)):
        s.add(
            "M1",
            bar(X + shift, Y - shift, (9000, 9000), (-1500, 1500), (1500, -1500)),
            inside=(X + shift + 4000, Y - shift + 4000 + k),
        )


def corners_that_touch(s: Scene, there: int) -> None:
    """Of two squares, one of them turned by 1 nm, so that no sides of theirs lie on one line."""
    away = 0 if there else 2000
    s.add("M1", rect(X - 6000, Y - 6000, X, Y), inside=(X - 3000, Y - 3000))
    turned = ring((X, Y), (X + 8000, Y + 1), (X + 7999, Y + 8001), (X - 1, Y + 8000))
    s.add("M1", turned + np.array([away, away]), inside=(X + 6000, Y + 6000) if away else None)


def close_to_a_disc(s: Scene, less: int) -> None:
    s.add("M1", disc(X, Y, 20_000), inside=(X, Y))
    s.add("M1", rect(X + 12_000 - less, Y - 3000, X + 16_000, Y + 3000), inside=(X + 15_000, Y))


def notch(s: Scene, less: int) -> None:
    s.add("M1", rect(X, Y, X + 4000, Y + 12_000), rect(X, Y, X + 12_000, Y + 4000), inside=(X + 500, Y + 500))
    s.add("M1", rect(X + 6000 - less, Y, X + 12_000, Y + 12_000))


def hole(s: Scene, less: int) -> None:
    """A frame of four bars around an opening 2000 nm wide."""
    s.add("M1", rect(X, Y, X + 4000, Y + 12_000), inside=(X + 500, Y + 500))
    s.add("M1", rect(X, Y, X + 10_000, Y + 4000), rect(X, Y + 8000, X + 10_000, Y + 12_000))
    s.add("M1", rect(X + 6000 - less, Y, X + 10_000, Y + 12_000))


def beside_wide_metal(s: Scene, less: int) -> None:
    s.add("M1", rect(X, Y, X + 10_001, Y + 30_000), inside=(X + 500, Y + 500))
    s.add("M1", rect(X + 13_001 - less, Y, X + 15_001, Y + 20_001), inside=(X + 14_000, Y + 500))


def run_beside_wide_metal(s: Scene, longer: int) -> None:
    s.add("M1", rect(X, Y, X + 10_001, Y + 30_000), inside=(X + 500, Y + 500))
    s.add("M1", rect(X + 12_500, Y, X + 15_000, Y + 20_000 + longer), inside=(X + 14_000, Y + 500))


def wide_beside_metal(s: Scene, wider: int) -> None:
    s.add("M1", rect(X - wider, Y, X + 10_000, Y + 30_000), inside=(X + 500, Y + 500))
    s.add("M1", rect(X + 12_500, Y, X + 15_000, Y + 25_000), inside=(X + 14_000, Y + 500))


def near_the_outline(s: Scene, less: int) -> None:
    s.add("M1", rect(185_000, Y, 195_000 + less, Y + 4000), inside=(190_000, Y + 500))


def across_the_outline(s: Scene, more: int) -> None:
    s.add("M1", rect(185_000, Y, 195_000 + 7000 * more, Y + 4000), inside=(190_000, Y + 500))


def beyond_the_outline(s: Scene, more: int) -> None:
    place = 210_000 if more else 185_000
    s.add("M1", rect(place, Y, place + 4000, Y + 4000), inside=(place + 500, Y + 500))


def small_area(s: Scene, less: int) -> None:
    s.add("M1", rect(X, Y, X + 3000, Y + 3000 - less), inside=(X + 500, Y + 500))


def dense(s: Scene, more: int) -> None:
    """A window of 50 µm at a share of 60 %: 30 µm of every 50 filled, over all of the window."""
    for k in range(10):
        x = 125_000 + 5000 * k
        s.add("M1", rect(x, 75_000, x + 3000, 125_000), inside=(x + 500, 76_000))
    s.add("M1", *[rect(127_000, 80_000, 131_000, 83_000)] * more)


def outline_too_small(s: Scene, less: int) -> None:
    s.masks["OUT"] = [rect(0, 0, 200_000, 200_000 - less)]


def outline_too_large(s: Scene, more: int) -> None:
    s.masks["OUT"] = [rect(0, 0, 200_000 + more, 200_000)]


def narrow_wedge(s: Scene, less: int) -> None:
    """A slope of 3 : 4 that runs towards a straight edge: 2000 nm at its narrow end."""
    top = ((X + 11_000, Y + 4000 - less), (X + 8000, Y + 8000 - less), (X, Y + 2000 - less))
    s.add("M1", ring((X, Y), (X + 11_000, Y), *top), inside=(X + 4000, Y + 500))


def close_any_angle(s: Scene, less: int) -> None:
    """Two traces at a slope of 3 : 4, 2000 nm apart; a step is 1.4 nm or more."""
    s.add("M1", bar(X, Y, (12_000, 9000), (-1200, 1600), (1200, -1600)), inside=(X + 4000, Y + 3000))
    shift = (-1200 - 2400 + less, 1600 + 3200 - less)
    s.add(
        "M1",
        bar(X + shift[0], Y + shift[1], (12_000, 9000), (-1200, 1600), (1200, -1600)),
        inside=(X + shift[0] + 4000, Y + shift[1] + 3000),
    )


def close_corner_to_slant(s: Scene, less: int) -> None:
    """The corner of a rectangle before a diagonal side, 2001.1 nm away; a step is 1.4 nm."""
    s.add("M1", bar(X, Y, (12_000, 12_000), (-1500, 1500), (1500, -1500)), inside=(X + 4000, Y + 4000))
    reach = 1500 + 1415 - less
    x, y = X + 6000 + reach, Y + 6000 - reach
    s.add("M1", rect(x, y - 4000, x + 4000, y), inside=(x + 1000, y - 1000))


def close_discs(s: Scene, less: int) -> None:
    s.add("M1", disc(X, Y, 10_000), inside=(X, Y))
    s.add("M1", disc(X + 12_000 - less, Y, 10_000), inside=(X + 12_000, Y))


def slanted_notch(s: Scene, less: int) -> None:
    """Two diagonal fingers of one shape, 2001.1 nm apart; a step is 1.4 nm."""
    s.add("M1", bar(X, Y, (9000, 9000), (-1500, 1500), (1500, -1500)), inside=(X + 4000, Y + 4000))
    shift = 3000 + 1415 - less
    s.add("M1", bar(X + shift, Y - shift, (9000, 9000), (-1500, 1500), (1500, -1500)))
    s.add("M1", bar(X - 1500, Y + 1500, (shift + 3000, -shift - 3000), (1500, 1500), (-1500, -1500)))


def beside_wide_diagonal(s: Scene, less: int) -> None:
    """Diagonals 3001 nm apart, the one 10 009 nm wide; a step is 1.4 nm."""
    s.add("M1", bar(X, Y, (30_000, 30_000), (-3539, 3539), (3539, -3539)), inside=(X + 4000, Y + 4000))
    shift = 3539 + 2122 + 1500 - less
    s.add(
        "M1",
        bar(X + shift, Y - shift, (30_000, 30_000), (-1500, 1500), (1500, -1500)),
        inside=(X + shift + 4000, Y - shift + 4000),
    )


def near_the_outline_slanted(s: Scene, less: int) -> None:
    """A corner of slanted metal before the straight outline."""
    tip = 195_000 + less
    s.add("M1", ring((tip - 6000, Y), (tip, Y + 6000), (tip - 6000, Y + 12_000), (tip - 12_000, Y + 6000)))
    s.add("M1", square(tip - 6000, Y + 6000, 4000), inside=(tip - 6000, Y + 6000))


def small_triangle(s: Scene, less: int) -> None:
    """9 µm² and less by 1500 nm² a step; its corners are blunt."""
    s.add("M1", ring((X, Y), (X + 3000, Y), (X + 3000, Y + 3000 - less), (X, Y + 3000)), inside=(X + 500, Y + 500))


def sharp_corner(s: Scene, less: int) -> None:
    """A right angle whose corner gets sharper; on sides of 4 µm the grid may turn it by 4.5 nm altogether."""
    tilt = 7 * less
    s.add("M1", ring((X, Y), (X + 4000, Y), (X + 4000, Y + 4000), (X + tilt, Y + 4000)), inside=(X + 2000, Y + 2000))


def dense_from_lying_bars(s: Scene, more: int) -> None:
    for k in range(10):
        y = 75_000 + 5000 * k
        s.add("M1", rect(125_000, y, 175_000, y + 3000), inside=(126_000, y + 500))
    s.add("M1", *[rect(130_000, 77_000, 133_000, 81_000)] * more)


def outline_too_narrow(s: Scene, less: int) -> None:
    s.masks["OUT"] = [rect(0, 0, 200_000 - less, 200_000)]


def outline_too_high(s: Scene, more: int) -> None:
    s.masks["OUT"] = [rect(0, 0, 200_000, 200_000 + more)]
