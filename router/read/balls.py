"""A table of balls as an earlier run wrote it: which ball each open net has."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from router.model.design import Design
from router.model.errors import InputError
from router.model.pdk import TerminalKind
from router.read.nearest import nearest
from router.read.pins import NO_NET
from router.read.table import read_table
from router.read.textfile import quoted, shown


def read_balls(design: Design, path: Path) -> Design:
    """The package with the balls that the columns `ball` and `net` of a CSV table give to its open nets.

    Nets that the table does not name stay open. Raises InputError for a row that the package does not allow: a ball
    that is no ball of the net's choice, or another net on a ball that is fixed.
    """
    table = read_table(path)
    ball, net = table.column("ball"), table.column("net")
    nets = {item.name: index for index, item in enumerate(design.nets)}
    balls = {item.id: index for index, item in enumerate(design.terminals) if item.kind is TerminalKind.BALL}
    owners = design.net_of_terminal()
    free = Counter(index for group in design.open for index in group.nets)
    allowed = {place: set(group.nets) for group in design.open for place in group.balls}
    pairs: list[tuple[int, int]] = []
    for row, cells in enumerate(table.rows):
        if cells[net] in NO_NET:
            continue
        where, name, place = table.where(row), cells[net], balls.get(cells[ball])
        if place is None:
            raise InputError(where, f"no ball {quoted(cells[ball])}", _nearest(cells[ball], list(balls)))
        if name not in nets:
            raise InputError(where, f"no net {quoted(name)}", _nearest(name, list(nets)))
        index = nets[name]
        if owners[place] == index:
            continue
        if owners[place] >= 0:
            raise InputError(where, f"{cells[ball]} for {name}", f"{design.nets[owners[place]].name}, whose ball it is")
        if index not in allowed.get(place, ()):
            raise InputError(where, f"{cells[ball]} for {name}", "a ball that this net may take")
        if not free[index]:
            raise InputError(where, f"one more ball for {name}", "no more than the package leaves open")
        owners[place] = index
        free[index] -= 1
        pairs.append((index, place))
    return design.with_balls(pairs)


def read_all_balls(design: Design, path: Path) -> Design:
    """The same, for a package whose balls have all been chosen. Raises InputError where the table is missing, or leaves
    a net without its ball."""
    if not path.is_file():
        raise InputError(shown(path), "no such file", "the table of balls that belongs to this layout")
    whole = read_balls(design, path)
    for group in whole.open:
        raise InputError(shown(path), f"no ball for net {whole.nets[group.nets[0]].name}", "a ball for each net")
    return whole


def _nearest(text: str, names: list[str]) -> str:
    near = nearest(text, names)
    return f"{near} perhaps" if near else "none"
