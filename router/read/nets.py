"""Nets of a package: from `[nets]`, from a net table, from the net columns of component tables; and net classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from router.model.design import End, Net, NetClass
from router.model.errors import InputError
from router.model.geometry import Box
from router.model.pdk import Pdk
from router.model.units import text_um, to_nm
from router.read.design_file import ClassTable
from router.read.fields import NAME_EXPECTED, name_fault
from router.read.include import Read, tables
from router.read.nearest import nearest, one_of
from router.read.patterns import compiled, is_pattern, matches
from router.read.pins import NO_NET
from router.read.table import Table, read_table
from router.read.textfile import quoted, shown
from router.read.tomlfile import ALL_LEVELS

DEFAULT = "default"
OPEN = "*"
"""In the place of a terminal: a ball that the program chooses."""


@dataclass(slots=True)
class Book:
    """Terminals by name while nets are gathered. `component_of` gives each terminal's component index.

    `open` counts the balls that nets leave open; `kept` are terminals that stay without a net.
    """

    ids: Sequence[str]
    component_of: Sequence[int]
    joined: Sequence[bool]
    index: dict[str, int] = field(init=False)
    owner: list[str] = field(init=False)
    nets: dict[str, list[int]] = field(init=False)
    open: Counter[str] = field(init=False, default_factory=Counter)
    kept: set[int] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.index = {name: number for number, name in enumerate(self.ids)}
        self.owner = [""] * len(self.ids)
        self.nets = {}

    def take(self, net: str, text: str, where: str) -> None:
        """Give a net what `text` stands for: a terminal, several, or a ball to be chosen."""
        if text == OPEN:
            self.nets.setdefault(net, [])
            self.open[net] += 1
        else:
            self.add(net, self.resolve(text, where), where)

    def add(self, net: str, terminals: Sequence[int], where: str) -> None:
        """Give terminals to a net. Raises InputError for one that belongs to another net already."""
        members = self.nets.setdefault(net, [])
        for terminal in terminals:
            owner = self.owner[terminal]
            if owner == net:
                continue
            if owner:
                raise InputError(where, f"{self.ids[terminal]} in net {net} and in {owner}", "one net a pin")
            self.owner[terminal] = net
            members.append(terminal)

    def resolve(self, text: str, where: str) -> list[int]:
        """The terminals that `component.pin`, or such a pattern, stands for. Raises InputError for none."""
        if text in self.index:
            return [self.index[text]]
        if is_pattern(text):
            match = compiled(text).match
            found = [number for number, name in enumerate(self.ids) if match(name)]
            if found:
                return found
        raise InputError(where, f"no terminal {text[:80]!r}", self._nearest(text))

    def _nearest(self, text: str) -> str:
        """What to write instead: a component that exists, or the nearest of its pins."""
        prefix = text.partition(".")[0] + "."
        pins = [name for name in self.ids if name.startswith(prefix)]
        if not pins:
            components = dict.fromkeys(name.partition(".")[0] for name in self.ids)
            return f"component.pin, the component being {one_of(prefix[:-1], components)}"
        return f"a pin of {prefix[:-1]}, {nearest(text, pins)} perhaps"

    def built(self, classes: Mapping[str, str]) -> tuple[Net, ...]:
        """All nets in the order they were first named; pins joined inside one component make one end."""
        return tuple(Net(name, self._ends(members), classes[name]) for name, members in self.nets.items())

    def _ends(self, members: Sequence[int]) -> tuple[End, ...]:
        ends: dict[tuple[int, int], list[int]] = {}
        for terminal in members:
            component = self.component_of[terminal]
            key = (component, -1) if self.joined[component] else (component, terminal)
            ends.setdefault(key, []).append(terminal)
        return tuple(End(tuple(terminals)) for terminals in ends.values())


def gather_nets(reads: Sequence[Read], book: Book, table_nets: Sequence[str], listed: Sequence[bool]) -> None:
    """Fill the book: inline nets, then net tables, then nets written beside pins."""
    for read in reads:
        _inline_nets(read, book)
    for read in reads:
        if read.file.netlist.file is not None:
            _net_table(read_table(read.path.parent / read.file.netlist.file), book)
    from_tables = any(read.file.netlist.from_tables for read in reads)
    where = shown(reads[-1].path)
    gathered: dict[str, list[int]] = {}
    for terminal, net in enumerate(table_nets):
        if net and (from_tables or listed[terminal]):
            gathered.setdefault(net, []).append(terminal)
    excluded = _excluded(reads, list(gathered))
    for net, terminals in gathered.items():
        if net in excluded:
            book.kept.update(terminals)
        else:
            book.add(net, terminals, f"{where}: net {net}")
    for read in reads:
        _keep_unconnected(read, book)


def unused_nets(reads: Sequence[Read], book: Book, table_nets: Sequence[str]) -> tuple[str, ...]:
    """A sentence about tables that name nets for pins that have none, where nobody said whether those count."""
    if any("from_tables" in read.file.netlist.model_fields_set for read in reads):
        return ()
    left = [t for t, net in enumerate(table_nets) if net and not book.owner[t] and t not in book.kept]
    if not left:
        return ()
    first = f"{table_nets[left[0]]} for {book.ids[left[0]]} is the first of {len(left)}"
    return (f"tables name nets for pins that have none, {first}: [netlist] from_tables = true takes them",)


def _excluded(reads: Sequence[Read], nets: Sequence[str]) -> set[str]:
    """The nets of tables that are left without a net. Raises InputError for a pattern that matches none."""
    excluded: set[str] = set()
    for read in reads:
        for pattern, found in matches(read.file.netlist.exclude, nets):
            if not found:
                raise InputError(f"{shown(read.path)}: netlist.exclude", quoted(pattern), "a net of the tables")
            excluded.update(nets[index] for index in found)
    return excluded


def _keep_unconnected(read: Read, book: Book) -> None:
    where = f"{shown(read.path)}: netlist.no_connect"
    for text in read.file.netlist.no_connect:
        for terminal in book.resolve(text, where):
            if book.owner[terminal]:
                raise InputError(where, f"{book.ids[terminal]} of net {book.owner[terminal]}", "pins without a net")
            book.kept.add(terminal)


def _inline_nets(read: Read, book: Book) -> None:
    file = shown(read.path)
    for net, members in read.file.nets.items():
        where = f"{file}: nets.{net[:80]}"
        if fault := name_fault(net):
            raise InputError(where, f"{fault} of a net", NAME_EXPECTED)
        if net in book.nets:
            raise InputError(where, f"the net {net} twice", "net names that occur once")
        if not members:
            raise InputError(where, "an empty list", "at least one terminal")
        for text, count in Counter(members).items():
            if count > 1 and not is_pattern(text):
                raise InputError(where, f"{text[:80]} twice", "each terminal of a net once")
        for text in members:
            book.take(net, text, where)


def _net_table(table: Table, book: Book) -> None:
    """Rows of a net and one or more terminals; the rows of one net add up."""
    column = table.known("net")
    if column is None or len(table.header) < 2:
        raise InputError(shown(table.path), f"the columns {', '.join(table.header)[:300]}", "net and terminals")
    file = shown(table.path)
    for line, row in zip(table.lines, table.rows, strict=True):
        net, where = row[column], f"{file}:{line}"
        if fault := name_fault(net):
            raise InputError(where, f"{fault} of a net", NAME_EXPECTED)
        texts = [text for other, text in enumerate(row) if other != column and text not in NO_NET]
        if not texts:
            raise InputError(where, f"net {net} without a terminal", "at least one")
        for text in texts:
            book.take(net, text, where)


def read_classes(reads: Sequence[Read], pdk: Pdk, outline: Box) -> dict[str, NetClass]:
    """Net classes by name, the default first, all others in file order. Raises InputError for what the process or the
    package has no room for."""
    across = min(outline.width, outline.height)
    classes = {DEFAULT: _net_class(ClassTable(name=DEFAULT), pdk, across, "class default")}
    seen: set[str] = set()
    for where, table in tables(reads, "class_"):
        if table.name in seen:
            raise InputError(where, f"the class {table.name} twice", "class names that occur once")
        if not table.nets and table.name != DEFAULT:
            raise InputError(f"{where}.nets", "no net", f"patterns of nets, as for every class but {DEFAULT}")
        classes[table.name] = _net_class(table, pdk, across, where)
        seen.add(table.name)
    return classes


def assign_classes(reads: Sequence[Read], nets: Sequence[str]) -> dict[str, str]:
    """The class of each net: the first whose patterns match, else the default. Raises InputError for a pattern that
    matches none."""
    chosen = dict.fromkeys(nets, DEFAULT)
    for where, table in reversed([*tables(reads, "class_")]):
        for pattern, found in matches(table.nets, nets):
            if not found:
                raise InputError(f"{where}.nets", quoted(pattern), "a net of this package")
            chosen.update((nets[index], table.name) for index in found)
    return chosen


def _net_class(table: ClassTable, pdk: Pdk, across: int, where: str) -> NetClass:
    """The class of a table, in a package that is so far across, nm: what is as wide was meant in another unit."""
    names = [level.name for level in pdk.levels]
    levels = level_indices(table.levels or names, names, f"{where}.levels")
    widths = [level.default_width for level in pdk.levels]
    spacings = [level.default_spacing for level in pdk.levels]
    for key, given, values in (("width", table.width, widths), ("spacing", table.spacing, spacings)):
        for index, value in _by_level(given or {}, levels, names, f"{where}.{key}").items():
            level = pdk.levels[index]
            least = level.min_width if key == "width" else level.min_spacing
            if value < least:
                raise InputError(f"{where}.{key}", text_um(value), f"at least {text_um(least)} on {level.name}")
            if value >= across:
                expected = f"less than {text_um(across)}, the smaller side of the package"
                raise InputError(f"{where}.{key}", text_um(value), expected)
            values[index] = value
    widest = list(widths)
    for index, value in _by_level(table.widen or {}, levels, names, f"{where}.widen").items():
        if value <= widths[index]:
            expected = f"more than the width, {text_um(widths[index])} on {pdk.levels[index].name}"
            raise InputError(f"{where}.widen", text_um(value), expected)
        widest[index] = value
    room = tuple(widest) if table.widen else ()
    return NetClass(table.name, tuple(widths), tuple(spacings), levels, table.spread, room)


def _by_level(given: Mapping[str, float], levels: Sequence[int], names: Sequence[str], where: str) -> dict[int, int]:
    """Values in nm by level index; a single number counts for the levels of the class."""
    if ALL_LEVELS in given:
        return {index: to_nm(given[ALL_LEVELS]) for index in levels}
    return {level_index(name, names, where): to_nm(um) for name, um in given.items()}


def level_indices(given: Sequence[str], names: Sequence[str], where: str) -> tuple[int, ...]:
    """The indices of levels, sorted. Raises InputError for one that is none, and for one that occurs twice."""
    found = [level_index(name, names, where) for name in given]
    for place, name in enumerate(given):
        if name in given[:place]:
            raise InputError(where, f"the level {name} twice", "levels that occur once")
    return tuple(sorted(found))


def level_index(name: str, names: Sequence[str], where: str) -> int:
    """The index of a level by name. Raises InputError naming those there are."""
    if name not in names:
        raise InputError(where, f"no level {name[:80]!r}", f"one of {', '.join(names)}")
    return names.index(name)
