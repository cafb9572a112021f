"""Ball maps: tables laid out as the package is, with the net of a ball in each cell, letters and numbers at the edges.

Letters count as those of JEDEC do, A to Y without I, O, Q, S, X and Z, then AA; in a map that has one of these, as in
the alphabet.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from router.model.errors import InputError
from router.model.units import decimal_um
from router.read.arrays import LETTERS
from router.read.formats.options import View
from router.read.table import Table
from router.read.textfile import quoted, shown

# Lines above the map, as a title.
_MOST_TITLES = 10


@dataclass(frozen=True, slots=True)
class BallMap:
    """Where a table holds a map: the line of the labels on top, by its place among the header (0) and the rows; the
    columns and rows with labels; and what these count to."""

    table: Table
    top: int
    columns: list[int]
    rows: list[int]
    across: list[int]
    down: list[int]
    lettered_rows: bool

    @property
    def view(self) -> View:
        """From where it is seen: on top of a package letters run down where numbers run to the right."""
        upright = _rises(self.across) == _rises(self.down)
        return View.TOP if upright == self.lettered_rows else View.BOTTOM

    def as_table(self, pitch: tuple[int, int]) -> Table:
        """The balls one by one, those without a net too, for each cell that is not empty, about their middle; `pitch`
        along x and y in nm. Raises InputError for a map of empty cells."""
        lines = [list(self.table.header), *self.table.rows]
        numbers = [0, *self.table.lines]
        rows, at = [], []
        ways_x, ways_y = (
            [round(way * step) for way in _from_middle(counts)]
            for counts, step in ((self.across, pitch[0]), (self.down, -pitch[1]))
        )
        for row, y in zip(self.rows, ways_y, strict=True):
            for column, x in zip(self.columns, ways_x, strict=True):
                if net := lines[row][column]:
                    labels = lines[row][0], lines[self.top][column]
                    ball = "".join(labels if self.lettered_rows else labels[::-1])
                    rows.append([ball.upper(), decimal_um(x), decimal_um(y), net])
                    at.append(numbers[row])
        if not rows:
            raise InputError(shown(self.table.path), "a map without balls", "nets in the cells of the map")
        return Table(self.table.path, ("ball", "x_um", "y_um", "net"), rows, at)


def ball_map(table: Table) -> BallMap | None:
    """The map that a table holds; None where it is a list, with a column of places, or has no labels at its edges.

    Raises InputError where labels are neither in order nor alike.
    """
    if table.known("x") is not None and table.known("y") is not None:
        return None
    lines = [list(table.header), *table.rows]
    for top, line in enumerate(lines[: _MOST_TITLES + 1]):
        columns = [column for column in range(1, len(line)) if line[column]]
        rows = [row for row in range(top + 1, len(lines)) if lines[row][0]]
        on_top, at_side = [line[column] for column in columns], [lines[row][0] for row in rows]
        if min(len(columns), len(rows)) > 0 and _are_labels(on_top) and _are_labels(at_side):
            lettered = at_side[0].isalpha()
            if lettered != on_top[0].isalpha():
                return BallMap(table, top, columns, rows, _counted(table, on_top), _counted(table, at_side), lettered)
    return None


def _are_labels(texts: Sequence[str]) -> bool:
    """Whether all are numbers, or all one or two letters."""
    kinds = re.compile(r"\d{1,3}", re.ASCII), re.compile(r"[A-Za-z]{1,2}", re.ASCII)
    return any(all(kind.fullmatch(text) for text in texts) for kind in kinds)


def _counted(table: Table, labels: Sequence[str]) -> list[int]:
    """The numbers that labels stand for, which rise or fall."""
    letters = LETTERS if set("".join(labels).upper()) <= set(LETTERS) else string.ascii_uppercase
    counts = [int(label) if label.isdecimal() else _letters_count(label.upper(), letters) for label in labels]
    for (one, a), (other, b) in pairwise(zip(labels, counts, strict=True)):
        if a == b or (a < b) != _rises(counts):
            expected = "labels of a ball map in order, each one once"
            raise InputError(shown(table.path), f"{quoted(other)} after {quoted(one)}", expected)
    return counts


def _letters_count(label: str, letters: Sequence[str]) -> int:
    count = 0
    for letter in label:
        count = count * len(letters) + letters.index(letter) + 1
    return count


def _rises(counts: Sequence[int]) -> bool:
    return counts[-1] >= counts[0]


def _from_middle(counts: Sequence[int]) -> list[float]:
    """How many pitches each lies from the middle of all, in the order in which they stand."""
    return [abs(count - counts[0]) - abs(counts[-1] - counts[0]) / 2 for count in counts]
