"""A draft as a package: DESIGN.toml and tables of pins beside it, which the program reads and a person can edit."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from router.model.design import Design
from router.model.draft import Draft, DraftComponent
from router.model.errors import InputError
from router.model.geometry import Box, Points
from router.model.units import decimal_um
from router.read.design import build_design
from router.read.formats.options import ImportOptions
from router.read.include import read_files
from router.read.tomlfile import shown
from router.write.package_pins import pin_list, pin_table, size_um
from router.write.package_process import Process, choose_process
from router.write.package_room import Lands
from router.write.stage import staged

# A part with this many pins is easier read in one place; a larger one is a table.
_INLINE = 8
_LINE = 118


@dataclass(frozen=True, slots=True)
class Written:
    """The files, the package as it was read back from them, and all that had to be guessed and was lost."""

    files: tuple[Path, ...]
    design: Design
    guesses: tuple[str, ...]
    lost: tuple[str, ...]


def write_package(draft: Draft, path: Path, options: ImportOptions, *, source: str, overwrite: bool = False) -> Written:
    """Write `path` and its tables; `source` says where the draft is from. Files appear whole or not at all.

    The result is read back before it is put in place, so that what is written always reads. Raises InputError for a
    package that no process holds, that does not read back, or that would replace files without `overwrite`; and
    OutputError where the disk refuses.
    """
    lands = Lands(draft)
    process = choose_process(draft, lands, options.pdk, options.levels)
    package = _Package(draft, path, process, options.name, lands)
    files = package.files(source)
    taken = [name for name in files if (path.parent / name).exists()]
    if taken and not overwrite:
        raise InputError(shown(path.parent / taken[0]), "a file that exists", "--overwrite, or another name for -o")
    with staged(path.parent.resolve()) as aside:
        for name, text in files.items():
            (aside / name).write_text(text, encoding="utf-8", newline="\n")
        try:
            design = build_design(read_files(aside / path.name), process.pdk)
        except InputError as error:
            where = error.where.replace(f"{shown(aside)}/", "")
            raise InputError(f"{source}, as {where}", error.found, error.expected) from None
    written = tuple(path.parent / name for name in files)
    return Written(written, design, _one_line_each(package.guesses), _one_line_each(package.lost))


class _Package:
    """The text of a package file while it is put together."""

    def __init__(self, draft: Draft, path: Path, process: Process, name: str, lands: Lands) -> None:
        self.draft = draft
        self.path = path
        self.process = process
        self.name = _stem(name or draft.name or path.stem)
        self.guesses = [*draft.guesses, *process.guesses]
        self.lost = [*draft.lost]
        self._tables: dict[str, str] = {}
        self._outline = draft.outline or self._extent(lands)

    def files(self, source: str) -> dict[str, str]:
        """File name → text, the package file first."""
        parts = [block for part in self.draft.components if part.pins for block in self._component(part)]
        blocks = [*parts, *self._classes(), *self._keepouts(), *self._traces()]
        return {self.path.name: "\n".join([*self._head(source), *blocks, ""]), **self._tables}

    def _extent(self, lands: Lands) -> Box:
        """All lands, round them what the process keeps free at its edge, and all components."""
        sizes = {name: (pad.width, pad.height) for name, pad in self.process.pads.items()}
        margin = max(level.edge_keepout for level in self.process.pdk.levels)
        self.guesses.append(f"outline: all components, and all lands with {decimal_um(margin)} µm of room at the edge")
        corners = [lands.extent(sizes).grown(margin).ring()]
        corners += [part.placement.apply(part.outline.ring()) for part in self.draft.components if part.outline]
        low, high = np.concatenate(corners).min(axis=0), np.concatenate(corners).max(axis=0)
        return Box(int(low[0]), int(low[1]), int(high[0]), int(high[1]))

    def _head(self, source: str) -> Iterator[str]:
        yield from _comment(f"Imported from {source}. Lengths in µm.")
        for title, sentences in (("Assumed", self.guesses), ("Not carried over", self.lost)):
            if sentences:
                yield "#"
                yield f"# {title}:"
                for sentence in _one_line_each(sentences):
                    yield from _comment(f"- {sentence}")
        yield f"name = {_text(self.name)}"
        yield f"pdk = {_text(self._pdk())}"
        if self.process.count is not None:
            yield f"levels = {self.process.count}"
        yield f"outline = {_corners(self._outline)}"
        if self._tables:
            yield "netlist = { from_tables = true }"

    def _pdk(self) -> str:
        """The process by name, or by its path from the package file."""
        key = self.process.key
        return os.path.relpath(key, self.path.parent) if key.endswith(".toml") else key

    def _component(self, part: DraftComponent) -> Iterator[str]:
        pads = {pin.pad: self.process.pads[pin.pad] for pin in part.pins}
        first = pads[part.pins[0].pad]
        yield ""
        yield f"[[{part.kind}]]"
        yield f"name = {_text(part.name)}"
        if part.outline is not None:
            # Its middle is a whole nanometre.
            width, height = (side + side % 2 for side in (part.outline.width, part.outline.height))
            middle = part.outline.x0 + width // 2, part.outline.y0 + height // 2
            yield f"size = [{decimal_um(width)}, {decimal_um(height)}]"
            if middle != (0, 0):
                yield f"centre = [{decimal_um(middle[0])}, {decimal_um(middle[1])}]"
        if part.at != (0, 0):
            yield f"at = [{decimal_um(part.at[0])}, {decimal_um(part.at[1])}]"
        if part.rotation:
            yield f"rotation = {part.rotation}"
        if part.mirror:
            yield f"mirror = {_text(part.mirror)}"
        if part.view != "bottom":
            yield f"view = {_text(part.view)}"
        yield f"pad = {_text(first.style.name)}"
        land = first.style.land
        uniform = all(pad == first for pad in pads.values())
        if uniform and (first.width, first.height) != (land.width, land.height):
            yield f"pad_size = {size_um(first)}"
        if part.joined:
            yield "joined = true"
        if len(part.pins) <= _INLINE:
            yield from pin_list(part.pins, pads, first)
        else:
            file = self._table_name(part.name)
            self._tables[file] = pin_table(part.pins, pads)
            yield f"table = {{ file = {_text(file)} }}"

    def _table_name(self, component: str) -> str:
        """A file name of its own for a component's table, on disks that do not know capitals too."""
        base = f"{self.path.stem}_{_stem(component)}"
        taken = {name.lower() for name in (*self._tables, self.path.name)}
        name, number = f"{base}.csv", 1
        while name.lower() in taken:
            number += 1
            name = f"{base}_{number}.csv"
        return name

    def _classes(self) -> Iterator[str]:
        for entry in self.draft.classes:
            yield ""
            yield "[[class]]"
            yield f"name = {_text(entry.name)}"
            yield f"nets = {_texts(entry.nets)}"
            for key, values in (("width", entry.widths), ("spacing", entry.spacings)):
                levels = {
                    self.process.levels[layer]: decimal_um(nm) for layer, nm in values.items() if self._known(layer)
                }
                if levels:
                    listed = ", ".join(f"{_text(level)} = {value}" for level, value in levels.items())
                    yield f"{key} = {{ {listed} }}"
                elif "" in values:
                    yield f"{key} = {decimal_um(values[''])}"
            levels_of = self._levels(entry.layers, f"class {entry.name}")
            if levels_of:
                yield f"levels = {_texts(levels_of)}"

    def _keepouts(self) -> Iterator[str]:
        for keepout in self.draft.keepouts:
            levels = self._levels(keepout.layers, f"keep-out {keepout.name}")
            if keepout.layers and not levels:
                continue
            yield ""
            yield "[[keepout]]"
            yield f"name = {_text(keepout.name)}"
            if levels:
                yield f"levels = {_texts(levels)}"
            yield f"polygon = {_points(keepout.ring)}"

    def _traces(self) -> Iterator[str]:
        gone: dict[str, int] = {}
        for trace in self.draft.traces:
            if not self._known(trace.layer):
                gone[trace.layer] = gone.get(trace.layer, 0) + 1
                continue
            yield ""
            yield "[[fixed]]"
            yield f"net = {_text(trace.net)}"
            yield f"level = {_text(self.process.levels[trace.layer])}"
            yield f"width = {decimal_um(trace.width)}"
            yield f"points = {_points(trace.points)}"
        self.lost += [f"{count} traces on {layer}, which is no level" for layer, count in gone.items()]

    def _known(self, layer: str) -> bool:
        return layer in self.process.levels

    def _levels(self, layers: Sequence[str], what: str) -> list[str]:
        """Levels for layers; what lies on layers that are none is said to be lost."""
        gone = [layer for layer in layers if not self._known(layer)]
        if gone:
            self.lost.append(f"{what} on {', '.join(gone)}, no level of the package")
        return list(dict.fromkeys(self.process.levels[layer] for layer in layers if self._known(layer)))


def _one_line_each(sentences: Sequence[str]) -> tuple[str, ...]:
    """Whatever a file held, each sentence is one line, and is said once."""
    return tuple(dict.fromkeys(" ".join(_printable(text).split()) for text in sentences))


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _stem(name: str) -> str:
    """A name for files."""
    return re.sub(r"[^A-Za-z0-9_+-]", "_", name)[:80] or "_"


def _comment(text: str) -> Iterator[str]:
    """Lines of a comment; whatever a file held, it stays one."""
    line = "#"
    for word in _printable(text).split():
        if len(line) + len(word) >= _LINE and line != "#":
            yield line
            line = "#"
        line += f" {word}"
    yield line


def _text(text: str) -> str:
    """A basic string, which TOML and JSON write alike for ASCII."""
    return json.dumps(text)


def _texts(texts: Iterable[str]) -> str:
    return f"[{', '.join(_text(text) for text in texts)}]"


def _corners(box: Box) -> str:
    return f"[{decimal_um(box.x0)}, {decimal_um(box.y0)}, {decimal_um(box.x1)}, {decimal_um(box.y1)}]"


def _points(points: Points) -> str:
    return f"[{', '.join(f'[{decimal_um(x)}, {decimal_um(y)}]' for x, y in points.tolist())}]"
