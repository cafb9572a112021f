"""A package file (TOML, with tables in CSV) into a `Design` whose terminals lie in package coordinates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from router.model.design import PADS_OF, Component, ComponentKind, Design, FixedTrace, Keepout, Terminal
from router.model.errors import InputError
from router.model.geometry import Box, Placement
from router.model.pdk import Pdk
from router.model.units import GRID_UM, array_to_nm, text_place, text_size, text_um, to_nm
from router.read.choices import open_balls
from router.read.corners import box_between, numbers
from router.read.design_check import check_fixed, refuse_coarse, refuse_crossed, refuse_outside, refuse_overlaps
from router.read.design_file import FILE_STEM, ComponentTable
from router.read.fields import PIN_LIMIT
from router.read.include import Read, read_files, tables
from router.read.library import find_design, find_pdk
from router.read.nets import Book, assign_classes, gather_nets, level_index, level_indices, read_classes, unused_nets
from router.read.patterns import is_pattern
from router.read.pdk import read_pdk
from router.read.pins import Pins, Tables, component_pins
from router.read.styles import Styles
from router.read.textfile import shown

_NAME_SHOWN = 60


def read_design(name_or_path: str | Path) -> Design:
    """The package of that name or path, with its process. Raises InputError for the first mistake found."""
    return build_design(read_files(find_design(name_or_path)))


def package_files(name_or_path: str | Path) -> list[Path]:
    """All files that a package is read from: its own, those it includes, their tables, and the process.

    Raises InputError where a package file cannot be read.
    """
    reads = read_files(find_design(name_or_path))
    found = []
    for folder, file in ((read.path.parent, read.file) for read in reads):
        parts = [*file.die, *file.passive, *file.pillars, *file.balls]
        tables = [part.table.file for part in parts if part.table] + ([file.netlist.file] if file.netlist.file else [])
        found += [folder / name for name in tables]
    process = _process_file(reads[-1].file.pdk, reads[-1].path)
    return [*(read.path for read in reads), *found, process]


def build_design(reads: Sequence[Read], pdk: Pdk | None = None) -> Design:
    """The package of a file (the last of `reads`) and those it includes; `pdk` stands in for the process that it names.

    Raises InputError for the first mistake found.
    """
    main, path = reads[-1].file, reads[-1].path
    where = shown(path)
    outline = _outline(main.outline, where)
    pdk = pdk or read_pdk(_process_file(main.pdk, path), levels=main.levels, asked=f"{where}: levels")
    styles = Styles(pdk)
    parts = _components(reads, styles)
    components = tuple(component for component, _, _ in parts)
    terminals = _terminals(components, styles)
    ids = [terminal.id for terminal in terminals]
    owner = [index for index, component in enumerate(components) for _ in component.ids]
    book = Book(ids, owner, [joined for _, _, joined in parts])
    table_nets = [net for _, pins, _ in parts for net in pins.nets]
    gather_nets(reads, book, table_nets, [pins.listed for _, pins, _ in parts for _ in pins.nets])
    choices = open_balls(reads, book, terminals)
    classes = read_classes(reads, pdk, outline)
    nets = book.built(assign_classes(reads, list(book.nets)))
    refuse_coarse(pdk, outline, where)
    refuse_outside(terminals, outline, where)
    refuse_overlaps(terminals, book.owner, owner, styles.pads, where)
    design = Design(
        name=_name(main.name, path),
        pdk=replace(pdk, pads=styles.pads),
        outline=outline,
        components=components,
        terminals=terminals,
        nets=nets,
        classes=classes,
        keepouts=_keepouts(reads, pdk),
        fixed=_fixed(reads, pdk, {net.name: index for index, net in enumerate(nets)}),
        lattice=_lattice(reads, pdk, outline),
        open=choices,
        source=path,
        unused=unused_nets(reads, book, table_nets),
    )
    check_fixed(design, [place for place, _ in tables(reads, "fixed")])
    return design


def _name(name: str | None, path: Path) -> str:
    """The name given, or that of the file: results are files of this name."""
    if name is None and not re.fullmatch(FILE_STEM, path.stem):
        raise InputError(f"{shown(path)}: name", "nothing", "a name, since the file's own is none for results")
    return name or path.stem


def _outline(corners: Sequence[float] | None, where: str) -> Box:
    """[width, height] about the origin, or [x0, y0, x1, y1]."""
    if corners is None:
        raise InputError(f"{where}: outline", "nothing", "[width, height] or [x0, y0, x1, y1]")
    if len(corners) == 2:
        if min(corners) < GRID_UM:
            raise InputError(f"{where}: outline", numbers(corners), "[width, height], both above 0")
        return Box.about((0, 0), [to_nm(side) for side in corners])
    return box_between(corners, f"{where}: outline")


def _process_file(name: str | None, design: Path) -> Path:
    """The process that a package names. Raises InputError at its key `pdk`."""
    where = f"{shown(design)}: pdk"
    if name is None:
        raise InputError(where, "nothing", "the name of a process, or its file")
    try:
        return find_pdk(design.parent / name if name.endswith(".toml") else name)
    except InputError as error:
        raise InputError(where, f"{name[:_NAME_SHOWN]!r}, {error.found}", error.expected) from None


def _components(reads: Sequence[Read], styles: Styles) -> list[tuple[Component, Pins, bool]]:
    """Components with their pins, and whether their pins of one net are joined inside."""
    parts: list[tuple[Component, Pins, bool]] = []
    tables, names, total = Tables(), set[str](), 0
    for read in reads:
        for kind in ComponentKind:
            blocks: list[ComponentTable] = getattr(read.file, kind.value)
            for index, table in enumerate(blocks, 1):
                where = f"{shown(read.path)}: {kind.value}[{index}]"
                if table.name in names:
                    raise InputError(where, f"the component {table.name} twice", "names that occur once")
                if "." in table.name or is_pattern(table.name):
                    raise InputError(where, f"the component {table.name}", "a name without dot, * and ?")
                names.add(table.name)
                pins = component_pins(table, read.path.parent, where, styles, tables)
                total += len(pins.names)
                if total > PIN_LIMIT:
                    raise InputError(where, f"more than {PIN_LIMIT} pins in all", "a smaller package")
                parts.append((_component(kind, table, pins, where, styles), pins, table.joined))
    if not parts:
        raise InputError(shown(reads[-1].path), "no component", "at least one die, passive, pillars or balls")
    return parts


def _component(kind: ComponentKind, table: ComponentTable, pins: Pins, where: str, styles: Styles) -> Component:
    for pad in dict.fromkeys(pins.pads):
        if styles.pads[pad].kind not in PADS_OF[kind]:
            expected = " or ".join(PADS_OF[kind])
            raise InputError(f"{where}.pad", f"{pad}, a pad of kind {styles.pads[pad].kind}", expected)
    return Component(
        name=table.name,
        kind=kind,
        outline=_component_outline(table, pins, where, styles),
        placement=_placement(table),
        view=table.view,
        ids=tuple(pins.names),
        xy=pins.xy,
        pads=tuple(pins.pads),
    )


def _placement(table: ComponentTable) -> Placement:
    at = to_nm(table.at[0]), to_nm(table.at[1])
    return Placement.seen(at, table.rotation, from_top=table.view == "top", mirror=table.mirror or "")


def _component_outline(table: ComponentTable, pins: Pins, where: str, styles: Styles) -> Box:
    """The size that was given, which must hold every pin, or the extent of the lands."""
    if table.size is None:
        lands = {pad: styles.pads[pad].land for pad in set(pins.pads)}
        half = np.array([(lands[pad].width, lands[pad].height) for pad in pins.pads], dtype=np.int64) // 2
        return Box.around(np.concatenate([pins.xy - half, pins.xy + half]))
    box = Box.about([to_nm(um) for um in table.centre], [to_nm(um) for um in table.size])
    outside = ((pins.xy < (box.x0, box.y0)) | (pins.xy > (box.x1, box.y1))).any(axis=1)
    if outside.any():
        pin = int(np.flatnonzero(outside)[0])
        place = f"{table.name}.{pins.names[pin]} at {text_place(*pins.xy[pin].tolist())}"
        size = text_size(*array_to_nm(table.size).tolist())
        raise InputError(where, place, f"pins within the component's size of {size}")
    return box


def _terminals(components: Sequence[Component], styles: Styles) -> tuple[Terminal, ...]:
    drawn = {name: (pad.kind, styles.pdk.level_index(pad.level), pad.land) for name, pad in styles.pads.items()}
    terminals: list[Terminal] = []
    for part in components:
        rotated = part.placement.swaps_axes
        placed = part.placement.apply(part.xy).tolist()
        for pin, (x, y), pad in zip(part.ids, placed, part.pads, strict=True):
            kind, level, land = drawn[pad]
            width, height = (land.height, land.width) if rotated else (land.width, land.height)
            terminals.append(Terminal(f"{part.name}.{pin}", kind, x, y, pad, level, width, height, rotated))
    return tuple(terminals)


def _keepouts(reads: Sequence[Read], pdk: Pdk) -> tuple[Keepout, ...]:
    keepouts: list[Keepout] = []
    names = [level.name for level in pdk.levels]
    for where, table in tables(reads, "keepout"):
        if (table.rect is None) == (table.polygon is None):
            raise InputError(where, "both or neither of rect and polygon", "one of them")
        ring = box_between(table.rect, f"{where}.rect").ring() if table.rect else array_to_nm(table.polygon)
        refuse_crossed(ring, f"{where}.polygon")
        levels = level_indices(table.levels or names, names, f"{where}.levels")
        keepouts.append(Keepout(table.name or f"keepout{len(keepouts) + 1}", levels, ring))
    return tuple(keepouts)


def _fixed(reads: Sequence[Read], pdk: Pdk, nets: Mapping[str, int]) -> tuple[FixedTrace, ...]:
    traces = []
    names = [level.name for level in pdk.levels]
    for where, table in tables(reads, "fixed"):
        if table.net not in nets:
            raise InputError(f"{where}.net", f"no net {table.net!r}", "a net of this package")
        level = level_index(table.level, names, f"{where}.level")
        traces.append(FixedTrace(nets[table.net], level, to_nm(table.width), array_to_nm(table.points)))
    return tuple(traces)


def _lattice(reads: Sequence[Read], pdk: Pdk, outline: Box) -> tuple[int, ...]:
    """The user's pitch of each level, nm, 0 where there is none. Raises InputError for one that the package is smaller
    than."""
    names = [level.name for level in pdk.levels]
    pitches = [0] * len(names)
    most = min(outline.width, outline.height)
    for read in reads:
        for name, pitch in read.file.lattice.items():
            index = level_index(name, names, f"{shown(read.path)}: lattice")
            pitches[index] = to_nm(pitch)
            if pitches[index] > most:
                expected = f"at most {text_um(most)}, the shorter side of the package"
                raise InputError(f"{shown(read.path)}: lattice.{name}", text_um(pitches[index]), expected)
    return tuple(pitches)
