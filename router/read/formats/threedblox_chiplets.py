"""Chiplet definitions of 3Dblox: `.3dbv` files, the bump maps that they name, and sizes of bump cells from LEF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from router.model.errors import InputError
from router.model.geometry import Box
from router.model.units import LIMIT_UM, Unit, text_size, text_um, to_nm
from router.read.fields import PIN_LIMIT
from router.read.formats.lefdef_lands import Land, land_of
from router.read.formats.lefdef_lef import Lef, read_lef
from router.read.formats.threedblox_yaml import Node
from router.read.numbers import number_of
from router.read.textfile import BYTE_LIMIT, quoted, read_text, shown

TYPES = ("die", "rdl", "ip", "substrate", "interposer", "hier")
_SIDES = ("front", "back", "internal", "internal_ext")
_UNITS = {"micron": Unit.UM, "um": Unit.UM, "nanometer": Unit.NM, "nm": Unit.NM, "millimeter": Unit.MM, "mm": Unit.MM}
_REGION_LIMIT = 100
_BLANKS = re.compile(r"[ \t\r\f\v]+")


@dataclass(frozen=True, slots=True)
class Bump:
    """A row of a bump map: its centre in nm, before the chiplet's offset; `port` and `net` are empty for none."""

    name: str
    cell: str
    x: int
    y: int
    port: str
    net: str


@dataclass(frozen=True, slots=True)
class Region:
    """A face of a chiplet, or a part of one."""

    name: str
    side: str
    bumps: tuple[Bump, ...]


@dataclass(frozen=True, slots=True)
class Chiplet:
    """A definition. `box` is None where it gives no area; `lefs`: the LEF files of its bump cells that exist."""

    name: str
    kind: str
    box: Box | None
    thickness: int
    offset: tuple[int, int]
    shrink: float
    regions: tuple[Region, ...]
    lefs: tuple[Path, ...]
    missing: tuple[str, ...]


def unit_of(root: Node, given: Unit | None) -> float:
    """µm in a unit of a file: as the user says, else its header's, else one. Raises InputError for unknown units."""
    header = root.get("Header", "the file")
    unit = header.get("unit", "Header") if header is not None else None
    if given is not None:
        return given.um
    if unit is None:
        return 1.0
    word = unit.word("unit").lower()
    if word not in _UNITS:
        raise InputError(unit.where, quoted(word), f"one of {', '.join(_UNITS)}")
    return _UNITS[word].um


def read_chiplets(root: Node, folder: Path, unit: Unit | None) -> list[Chiplet]:
    """All definitions of a `.3dbv`; paths count from its folder. Raises InputError for all that is wrong in it."""
    um = unit_of(root, unit)
    defs = root.get("ChipletDef", "the file")
    if defs is None:
        return []
    found: list[Chiplet] = []
    count = 0
    for name, node in defs.mapping("ChipletDef").items():
        found.append(_chiplet(name, node, folder, um, unit))
        count += sum(len(region.bumps) for region in found[-1].regions)
        if count > PIN_LIMIT:
            raise InputError(node.where, f"more than {PIN_LIMIT} bumps", "fewer of them")
    return found


def _chiplet(name: str, node: Node, folder: Path, um: float, unit: Unit | None) -> Chiplet:
    what = f"chiplet {quoted(name)}"
    kind = node.need("type", what).word("type")
    if kind not in TYPES:
        raise InputError(node.need("type", what).where, quoted(kind), f"one of {', '.join(TYPES)}")
    rims = [node.get(key, what) for key in ("seal_ring_width", "scribe_line_remaining_width")]
    # Left, bottom, right, top.
    rim = [sum(widths) for widths in zip(*(r.lengths("rim", um, 4) for r in rims if r is not None), strict=True)]
    area = node.get("design_area", what)
    size = area.lengths("design_area", um, 2) if area is not None else None
    left, bottom, right, top = rim or (0, 0, 0, 0)
    box = Box(0, 0, size[0] + left + right, size[1] + bottom + top) if size else None
    if area is not None and box is not None and (box.width <= 0 or box.height <= 0):
        raise InputError(area.where, f"an area of {text_size(box.width, box.height)}", "a positive one")
    offset = node.get("offset", what)
    thickness = node.get("thickness", what)
    height = thickness.length("thickness", um) if thickness is not None else 0
    if thickness is not None and height < 0:
        raise InputError(thickness.where, f"a thickness of {text_um(height)}", "0 or more")
    shrink = node.get("shrink", what)
    regions = node.get("regions", what)
    listed = regions.mapping("regions") if regions is not None else {}
    if len(listed) > _REGION_LIMIT:
        raise InputError(node.where, f"{len(listed)} regions", f"at most {_REGION_LIMIT}")
    lefs, missing = _lefs(node, folder)
    x, y = offset.lengths("offset", um, 2) if offset is not None else (0, 0)
    return Chiplet(
        name,
        kind,
        box,
        height,
        (x, y),
        shrink.number("shrink") if shrink is not None else 1.0,
        tuple(_region(key, region, folder, unit) for key, region in listed.items()),
        lefs,
        missing,
    )


def _region(name: str, node: Node, folder: Path, unit: Unit | None) -> Region:
    what = f"region {quoted(name)}"
    side = node.need("side", what)
    if side.word("side") not in _SIDES:
        raise InputError(side.where, quoted(side.text), f"one of {', '.join(_SIDES)}")
    coords = node.need("coords", what).sequence("coords")
    if len(coords) < 3:
        raise InputError(node.need("coords", what).where, f"{len(coords)} corners", "four corners [x, y]")
    for corner in coords:
        corner.lengths("a corner", 1.0, 2)
    bmap = node.get("bmap", what)
    bumps: tuple[Bump, ...] = ()
    if bmap is not None:
        bumps = read_bump_map(named_file(bmap, folder, "a bump map"), unit)
    return Region(name, side.word("side"), bumps)


def named_file(node: Node, folder: Path, what: str) -> Path:
    """The file that a value names, counted from a folder. Raises InputError where there is none."""
    path = folder / node.word(what)
    try:
        if path.is_file():
            return path
    except OSError:
        pass  # a name that no disk holds
    raise InputError(node.where, f"no file {shown(path)[:300]}", what)


def read_bump_map(path: Path, unit: Unit | None) -> tuple[Bump, ...]:
    """The rows of a `.bmap`, six columns parted by blanks. Raises InputError with the line of the first fault."""
    found: list[Bump] = []
    seen: set[str] = set()
    name, um = shown(path), unit.um if unit is not None else 1.0
    for number, line in enumerate(read_text(path, BYTE_LIMIT).split("\n"), 1):
        words = _BLANKS.split(line.strip())
        if words == [""] or words[0].startswith("#"):
            continue
        if len(words) != 6:
            raise InputError(f"{name}:{number}", f"{len(words)} columns", "instance, cell, x, y, port and net")
        if words[0] in seen:
            raise InputError(f"{name}:{number}", f"the bump {quoted(words[0])} twice", "each bump once")
        if len(found) == PIN_LIMIT:
            raise InputError(f"{name}:{number}", f"more than {PIN_LIMIT} bumps", "a smaller bump map")
        seen.add(words[0])
        try:
            x, y = to_nm(number_of(words[2]) * um), to_nm(number_of(words[3]) * um)
        except ValueError:
            found_here = quoted(" ".join(words[2:4]))
            raise InputError(f"{name}:{number}", found_here, f"x and y: numbers up to {LIMIT_UM:g}") from None
        port, net = ("" if word == "-" else word for word in words[4:])
        found.append(Bump(words[0], words[1], x, y, port, net))
    return tuple(found)


def _lefs(node: Node, folder: Path) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """LEF files of a chiplet's cells that exist, and names of those that do not; a `*` stands for any text."""
    external = node.get("external", "chiplet")
    listed = external.get("LEF_file", "external") if external is not None else None
    found: list[Path] = []
    missing: list[str] = []
    for entry in listed.sequence("LEF_file") if listed is not None else ():
        path = folder / entry.word("LEF_file")
        try:
            matches = sorted(path.parent.glob(path.name)) if "*" in path.name else [path] if path.is_file() else []
        except (OSError, ValueError, NotImplementedError):
            matches = []
        found += matches
        if not matches:
            missing.append(path.name)
    return tuple(found), tuple(missing)


def cell_lands(lefs: Sequence[Path], cells: set[str]) -> dict[str, Land]:
    """The land of each bump cell that the files describe: its largest on the topmost layer that carries any. Shapes
    without a width are none."""
    lef = Lef()
    for path in lefs:
        read_lef(path, lef)
    order = {name: index for index, name in enumerate(lef.layers)}
    found: dict[str, Land] = {}
    for cell in cells & lef.macros.keys():
        macro = lef.macros[cell]
        shapes = [s for pin in macro.pins.values() for port in pin.ports for s in port if np.ptp(s.ring, axis=0).all()]
        if shapes:
            top = max(order.get(shape.layer, -1) for shape in shapes)
            lands = [land_of((), s.layer, s.ring) for s in shapes if order.get(s.layer, -1) == top]
            found[cell] = max(lands, key=lambda land: land.width * land.height)
    return found
