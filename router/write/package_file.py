"""The text of a package file and of its tables, from a draft and the process that it goes into."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from router.model.draft import DEFAULT_CLASS, Draft, DraftComponent
from router.model.geometry import Box
from router.model.units import decimal_um, text_size
from router.write.package_pins import pin_list, pin_table, size_um
from router.write.package_process import Process
from router.write.package_room import DraftLands
from router.write.package_text import comment, corners, one_line_each, plain_name, ring, string, strings

# A part with this many pins is easier read in one place; a larger one is a table.
_INLINE = 8


class PackageFile:
    """A package while it is put together; `guesses` and `lost` grow with it."""

    def __init__(self, draft: Draft, path: Path, process: Process, name: str, lands: DraftLands) -> None:
        self.draft = draft
        self.path = path
        self.process = process
        given = name or draft.name or path.stem
        self.name = plain_name(given)
        self.guesses = [*draft.guesses, *process.guesses]
        if self.name != given:
            self.guesses.append(f"the package is called {self.name} instead of {given[:80]!r}: its results are files")
        self.lost = [*draft.lost]
        self._nets = {pin.net for part in draft.components for pin in part.pins if pin.net}
        self._tables: dict[str, str] = {}
        self._taken = {path.name.lower()}
        self._numbers: Counter[str] = Counter()
        self._outlines = [self._outline_of(part) for part in draft.components]
        self._outline = self._package_outline(lands)

    def texts(self, source: str) -> dict[str, str]:
        """File name → text, the package file first."""
        blocks: list[str] = []
        for part, outline in zip(self.draft.components, self._outlines, strict=True):
            if part.pins:
                blocks += self._component(part, outline)
            else:
                self.lost.append(f"component {part.name} without pins")
        blocks += [*self._classes(), *self._keepouts(), *self._traces()]
        return {self.path.name: "\n".join([*self._head(source), *blocks, ""]), **self._tables}

    def _outline_of(self, part: DraftComponent) -> Box | None:
        """The outline of a component; none where it does not hold the pins."""
        if part.outline is None or not part.pins:
            return part.outline
        box = part.outline
        off = [pin for pin in part.pins if not box.holds(pin.x, pin.y)]
        if not off:
            return box
        size = text_size(box.width, box.height)
        found = f"{len(off)} pins, {off[0].name[:60]} among them, lie off its outline of {size}"
        self.guesses.append(f"WARNING {part.name}: {found}, which is left out")
        return None

    def _package_outline(self, lands: DraftLands) -> Box:
        """What the draft gives, grown where metal lies beyond it; else all components, and all metal with the room that
        the process keeps free at its edge."""
        metal = [lands.extent({name: (pad.width, pad.height) for name, pad in self.process.pads.items()})]
        metal += [Box.around(trace.points).grown(trace.width // 2) for trace in self.draft.traces]
        around = _hull(metal)
        given = self.draft.outline
        if given is None:
            margin = max(level.edge_keepout for level in self.process.pdk.levels)
            self.guesses.append(f"outline: all components, and all metal with {decimal_um(margin)} µm at the edge")
            boxes = [around.grown(margin)]
            boxes += [
                part.placement.box(box) for part, box in zip(self.draft.components, self._outlines, strict=True) if box
            ]
            return _hull(boxes)
        if not given.contains(around):
            self.guesses.append("WARNING metal lies beyond the outline of the package, which is grown to hold it")
        return _hull([given, around])

    def _head(self, source: str) -> Iterator[str]:
        yield from comment(f"Imported from {source}. Lengths in µm.")
        for title, sentences in (("Assumed", self.guesses), ("Not carried over", self.lost)):
            if sentences:
                yield "#"
                yield f"# {title}:"
                for sentence in one_line_each(sentences):
                    yield from comment(f"- {sentence}")
        # A path counts from where the package file lies.
        key = self.process.key
        yield f"name = {string(self.name)}"
        yield f"pdk = {string(os.path.relpath(key, self.path.parent) if key.endswith('.toml') else key)}"
        if self.process.count is not None:
            yield f"levels = {self.process.count}"
        yield f"outline = {corners(self._outline)}"
        if self._tables:
            yield "netlist = { from_tables = true }"

    def _component(self, part: DraftComponent, outline: Box | None) -> Iterator[str]:
        pads = {pin.pad: self.process.pads[pin.pad] for pin in part.pins}
        first = pads[part.pins[0].pad]
        yield from ("", f"[[{part.kind}]]", f"name = {string(part.name)}")
        if outline is not None:
            yield f"size = [{decimal_um(outline.width)}, {decimal_um(outline.height)}]"
            x, y = outline.middle
            if (x, y) != (0, 0):
                yield f"centre = [{decimal_um(x)}, {decimal_um(y)}]"
        if part.at != (0, 0):
            yield f"at = [{decimal_um(part.at[0])}, {decimal_um(part.at[1])}]"
        if part.rotation:
            yield f"rotation = {part.rotation}"
        if part.mirror:
            yield f"mirror = {string(part.mirror)}"
        if part.view != "bottom":
            yield f"view = {string(part.view)}"
        yield f"pad = {string(first.style.name)}"
        land = first.style.land
        if all(pad == first for pad in pads.values()) and (first.width, first.height) != (land.width, land.height):
            yield f"pad_size = {size_um(first)}"
        if part.joined:
            yield "joined = true"
        if len(part.pins) <= _INLINE:
            yield from pin_list(part.pins, pads, first)
        else:
            file = self._table_name(part.name)
            self._tables[file] = pin_table(part.pins, pads)
            yield f"table = {{ file = {string(file)} }}"

    def _table_name(self, component: str) -> str:
        """A file name of its own for a component's table, on disks that do not know capitals too."""
        base = f"{self.path.stem}_{plain_name(component)}"
        name = f"{base}.csv"
        while name.lower() in self._taken:
            self._numbers[base.lower()] += 1
            name = f"{base}_{self._numbers[base.lower()] + 1}.csv"
        self._taken.add(name.lower())
        return name

    def _classes(self) -> Iterator[str]:
        for entry in self.draft.classes:
            nets = [net for net in dict.fromkeys(entry.nets) if net in self._nets]
            if not nets:
                self.lost.append(f"class {entry.name}, which no net of the package is in")
                continue
            yield from ("", "[[class]]", f"name = {string(entry.name)}")
            if entry.name != DEFAULT_CLASS:
                yield f"nets = {strings(nets)}"
            for key, values in (("width", entry.widths), ("spacing", entry.spacings)):
                if values:
                    yield from self._by_level(key, values)
            if levels := self._levels(entry.layers, f"class {entry.name}"):
                yield f"levels = {strings(levels)}"

    def _by_level(self, key: str, values: Mapping[str, int]) -> Iterator[str]:
        """One number for all levels, or one for each level that has one."""
        own = {self.process.levels[layer]: nm for layer, nm in values.items() if layer in self.process.levels}
        if not own and "" in values:
            yield f"{key} = {decimal_um(values[''])}"
            return
        usual = {level.name: values[""] for level in self.process.pdk.levels if "" in values}
        listed = ", ".join(f"{string(level)} = {decimal_um(nm)}" for level, nm in (usual | own).items())
        if listed:
            yield f"{key} = {{ {listed} }}"

    def _keepouts(self) -> Iterator[str]:
        for keepout in self.draft.keepouts:
            levels = self._levels(keepout.layers, f"keep-out {keepout.name}")
            if keepout.layers and not levels:
                continue
            yield from ("", "[[keepout]]", f"name = {string(keepout.name)}")
            if levels:
                yield f"levels = {strings(levels)}"
            yield f"polygon = {ring(keepout.ring)}"

    def _traces(self) -> Iterator[str]:
        gone: Counter[str] = Counter()
        for trace in self.draft.traces:
            if trace.layer not in self.process.levels:
                gone[f"on {trace.layer}, no level of the package"] += 1
            elif trace.net not in self._nets:
                gone[f"of {trace.net}, no net of the package"] += 1
            else:
                yield from ("", "[[fixed]]", f"net = {string(trace.net)}")
                yield f"level = {string(self.process.levels[trace.layer])}"
                yield f"width = {decimal_um(trace.width)}"
                yield f"points = {ring(trace.points)}"
        self.lost += [f"{count} traces {why}" for why, count in gone.items()]

    def _levels(self, layers: Sequence[str], what: str) -> list[str]:
        """Levels for layers; what lies on layers that are none is said to be lost."""
        known = self.process.levels
        if gone := [layer for layer in layers if layer not in known]:
            self.lost.append(f"{what} on {', '.join(gone)}, no level of the package")
        return list(dict.fromkeys(known[layer] for layer in layers if layer in known))


def _hull(boxes: Sequence[Box]) -> Box:
    return Box.around(np.concatenate([box.ring() for box in boxes]))
