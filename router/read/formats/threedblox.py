"""3Dblox assemblies (`.3dbx` with its `.3dbv` and `.bmap` files) → drafts.

Grammar: 3Dblox as OpenROAD reads and writes it. A place is the lower left corner of a chiplet's box as it lies; MZ
turns its front down and leaves x and y as they are; bump maps give the centres of bumps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from router.model.design import PADS_OF, ComponentKind
from router.model.draft import Draft, DraftComponent, DraftPad, DraftPin
from router.model.errors import InputError
from router.model.geometry import Box, Placement
from router.model.pdk import ShapeKind
from router.model.units import text_size, text_um
from router.read.fields import PIN_LIMIT
from router.read.formats.lefdef_lands import Land
from router.read.formats.names import Names
from router.read.formats.options import ImportOptions, View
from router.read.formats.threedblox_chiplets import (
    Chiplet,
    Region,
    cell_lands,
    named_file,
    read_bump_map,
    read_chiplets,
    unit_of,
)
from router.read.formats.threedblox_nets import Joints
from router.read.formats.threedblox_stack import Face, Instance, faces, read_links, read_stack
from router.read.formats.threedblox_yaml import Node, read_yaml
from router.read.formats.top_view import seen_from_top
from router.read.textfile import quoted, shown

_FILE_LIMIT = 100


def read_threedblox(files: Sequence[Path], options: ImportOptions) -> Draft:
    """An assembly; or the one chiplet of a `.3dbv`, or a bump map alone. Raises InputError for every fault."""
    if len(files) != 1:
        raise InputError("FILE", f"{len(files)} files", "one .3dbx file, which names the others")
    path = files[0]
    if path.suffix == ".bmap":
        region = Region("map", "front", read_bump_map(path, options.unit))
        chiplet = Chiplet(path.stem, "die", None, 0, (0, 0), 1.0, (region,), (), ())
        return _Assembly(chiplet.name, [_alone(chiplet)], options, Node(shown(path), keys={})).draft()
    root = read_yaml(path)
    if root.get("ChipletInst", "the file") is None:
        chiplets = read_chiplets(root, path.parent, options.unit)
        if len(chiplets) != 1:
            raise InputError(root.where, f"{len(chiplets)} chiplets and no ChipletInst", "an assembly, or one chiplet")
        return _Assembly(chiplets[0].name, [_alone(chiplets[0])], options, root).draft()
    name = root.need("Design", "the assembly").need("name", "Design").word("name")
    instances = read_stack(root, _included(root, path, options), unit_of(root, options.unit))
    return _Assembly(name, instances, options, root).draft()


def _alone(chiplet: Chiplet) -> Instance:
    return Instance(chiplet.name, chiplet, Placement(), 0, flipped=False)


def _included(root: Node, path: Path, options: ImportOptions) -> dict[str, Chiplet]:
    """The chiplets of all files that a header includes, and those that they include, each file once."""
    found: dict[str, Chiplet] = {}
    waiting = [(root, path)]
    seen = {path.resolve()}
    while waiting:
        node, at = waiting.pop(0)
        for chiplet in read_chiplets(node, at.parent, options.unit):
            if chiplet.name in found:
                raise InputError(shown(at), f"the chiplet {quoted(chiplet.name)} twice", "each chiplet once")
            found[chiplet.name] = chiplet
        header = node.get("Header", "the file")
        include = header.get("include", "Header") if header is not None else None
        for entry in include.sequence("include") if include is not None else ():
            other = at.parent / entry.word("include")
            if other.suffix == ".3dbx":
                raise InputError(entry.where, f"{quoted(entry.text)}, an assembly within an assembly", "a .3dbv file")
            named_file(entry, at.parent, "a .3dbv file")
            if other.resolve() in seen:
                continue
            seen.add(other.resolve())
            if len(seen) > _FILE_LIMIT:
                raise InputError(entry.where, f"more than {_FILE_LIMIT} files", "fewer of them")
            waiting.append((read_yaml(other), other))
    return found


class _Assembly:
    """An assembly while it becomes a draft."""

    def __init__(self, name: str, instances: Sequence[Instance], options: ImportOptions, root: Node) -> None:
        self._name = name
        self._instances = instances
        self._keys = root.mapping("the assembly")
        self._options = options
        self._guesses: list[str] = []
        self._lost: list[str] = []
        self._pads: dict[str, DraftPad] = {}
        self._names = Names("component", dots=False)
        self._pins = Names("pin")
        self._nets = Names("net")
        count = sum(len(region.bumps) for instance in instances for region in instance.chiplet.regions)
        if count > PIN_LIMIT:
            raise InputError(root.where, f"more than {PIN_LIMIT} bumps", "a smaller assembly")
        every = [face for instance in instances for face in faces(instance)]
        self._faces = [face for face in every if face.region.bumps]
        self._boxes = {instance.name: instance.box for instance in instances}
        if not self._faces:
            raise InputError(root.where, "no bump map in any region", "bmap in the regions of a chiplet")
        self._links = read_links(root, {face.name: face for face in every})

    def draft(self) -> Draft:
        joints = Joints(self._faces, self._links)
        self._say_joints(joints)
        kept = [face for face in self._in_plane() if len(joints.dropped[face.name]) < len(face.region.bumps)]
        lands = self._lands()
        parts = [self._component(face, joints, lands) for face in kept]
        self._say_rest()
        top = self._from_top(kept)
        said = (*self._guesses, *self._names.said(), *self._pins.said(), *self._nets.said())
        draft = Draft(self._options.name or self._name, tuple(parts), self._pads, guesses=said, lost=tuple(self._lost))
        return seen_from_top(draft) if top else draft

    def _say_joints(self, joints: Joints) -> None:
        self._guesses += [f"two bumps that meet are one net, in connection {text}" for text in joints.met]
        if joints.alone:
            self._lost.append(f"connections of bumps that meet none on the other side: {', '.join(joints.alone)}")
        if len(self._instances) > 1 and joints.by_name:
            self._guesses.append(
                "nets of one name in several chiplets are one net: no connection says how they are joined"
            )

    def _in_plane(self) -> list[Face]:
        """The faces that a package holds: those at the height where most bumps lie, and others beside them; what stands
        over or under them is said to be lost. The lower faces of substrates are the package's balls."""
        balls = [face for face in self._faces if _is_balls(face)]
        others = [face for face in self._faces if not _is_balls(face)]
        heights = self._heights(others)
        count: dict[int, int] = {}
        for face in others:
            count[heights[face.name]] = count.get(heights[face.name], 0) + len(face.region.bumps)
        plane = min(count, key=lambda z: (-count[z], z)) if count else 0
        kept: list[Face] = []
        for face in sorted(others, key=lambda face: abs(heights[face.name] - plane)):
            over = [
                k for k in kept if heights[k.name] != heights[face.name] and self._overlap(k.instance, face.instance)
            ]
            if over:
                z = f"z = {text_um(face.z)}, over or under {over[0].name} at {text_um(over[0].z)}"
                self._lost.append(
                    f"{len(face.region.bumps)} bumps of {face.name} at {z}: a package holds one plane of them"
                )
            else:
                kept.append(face)
        self._say_stacked()
        order = {face.name: index for index, face in enumerate(self._faces)}
        return sorted([*kept, *balls], key=lambda face: order[face.name])

    def _heights(self, listed: Sequence[Face]) -> dict[str, int]:
        """A height for each face; regions that are connected count as one, whatever is between them."""
        heights = {face.name: face.z for face in listed}
        for link in self._links:
            if link.top is not None and link.bottom is not None:
                pair = [face.name for face in (link.top, link.bottom) if face.name in heights]
                low = min((heights[name] for name in pair), default=0)
                old = {heights[name] for name in pair}
                heights = {name: low if z in old else z for name, z in heights.items()}
        return heights

    def _say_stacked(self) -> None:
        dies = [instance for instance in self._instances if instance.chiplet.kind == "die"]
        for index, lower in enumerate(dies):
            above = [other.name for other in dies[index + 1 :] if self._overlap(other, lower)]
            if above:
                self._lost.append(
                    f"the height at which dies stand over one another: {lower.name} and {', '.join(above)}"
                )

    def _overlap(self, a: Instance, b: Instance) -> bool:
        return self._boxes[a.name].overlaps(self._boxes[b.name])

    def _lands(self) -> dict[str, Land]:
        lefs = dict.fromkeys(path for instance in self._instances for path in instance.chiplet.lefs)
        cells = {bump.cell for face in self._faces for bump in face.region.bumps}
        found = cell_lands(tuple(lefs), cells)
        missing = dict.fromkeys(name for instance in self._instances for name in instance.chiplet.missing)
        without = sorted(cells - found.keys())
        if found:
            self._guesses.append(f"sizes of bumps are those of their cells in LEF: {', '.join(sorted(found))}")
        if without and self._options.pad_size is not None:
            size = text_size(*self._options.pad_size)
            self._guesses.append(f"bumps of {', '.join(without)} measure {size}, as was said")
        elif without:
            which = f" ({', '.join(missing)} not found)" if missing else ""
            self._guesses.append(f"no LEF tells the size of {', '.join(without)}{which}: it is left to the process")
        return found

    def _component(self, face: Face, joints: Joints, lands: Mapping[str, Land]) -> DraftComponent:
        """The bumps of a face, but for those that are bumps of the die that it faces."""
        kind = ComponentKind.BALLS if _is_balls(face) else ComponentKind.DIE
        chiplet = face.instance.chiplet
        dropped = joints.dropped[face.name]
        several = sum(len(other.region.bumps) > 0 for other in self._faces if other.instance is face.instance) > 1
        name = self._names.of(f"{face.instance.name}_{face.region.name}" if several else face.instance.name)
        pins: list[DraftPin] = []
        for index, bump in enumerate(face.region.bumps):
            if index not in dropped:
                land = lands.get(bump.cell)
                x, y = bump.x + chiplet.offset[0], bump.y + chiplet.offset[1]
                net = joints.net(face, index)
                pad = self._pad(name, bump.cell, kind, land)
                pins.append(DraftPin(self._pins.of(bump.name), x, y, pad, self._nets.of(net) if net else ""))
        spot = face.instance.placement
        mirror = "x" if spot.mirrored else ""
        return DraftComponent(
            name, kind, tuple(pins), self._outline(face, pins), (spot.x, spot.y), spot.rotation, mirror
        )

    def _outline(self, face: Face, pins: Sequence[DraftPin]) -> Box | None:
        box = face.instance.chiplet.box
        if box is None and self._options.die_size is not None:
            box = Box(0, 0, *self._options.die_size)
            self._guesses.append(f"the lower left corner of {face.instance.name} is at (0, 0), its size as was said")
        if box is None:
            return None
        if all(box.holds(pin.x, pin.y) for pin in pins):
            return box
        self._guesses.append(f"bumps of {face.name} lie beyond the chiplet's area: its outline is their extent")
        return None

    def _pad(self, part: str, cell: str, kind: ComponentKind, land: Land | None) -> str:
        """A pad of its own for each part whose bumps the process is to size, since their pitch decides."""
        terminal = PADS_OF[kind][0]
        sized = land is not None or self._options.pad_size is not None
        key = f"{cell} of {terminal}s" if sized else f"{cell} of {part}"
        if key not in self._pads:
            if land is not None:
                pad = DraftPad(key, terminal, land.shape, land.width, land.height, "", land.polygon)
            else:
                pad = DraftPad(key, terminal, ShapeKind.CIRCLE, *(self._options.pad_size or (0, 0)))
            self._pads[key] = pad
        return key

    def _from_top(self, kept: Sequence[Face]) -> bool:
        """Whether places are mirrored: a package is seen looking at the faces of its dies."""
        if self._options.view is not None:
            return self._options.view is View.TOP
        dies = [face for face in kept if not _is_balls(face)]
        down = sum(len(face.region.bumps) * (-1 if face.up else 1) for face in dies)
        if len(self._instances) == 1:
            self._guesses.append(
                f"the bump map is as it is seen from {'the other side' if down > 0 else 'the ball side'}"
            )
        elif down > 0:
            self._guesses.append("most bumps look down: the assembly, which is seen from above, is seen from the top")
        elif down < 0:
            self._guesses.append("most bumps look up: the assembly is seen looking at them, as from the ball side")
        else:
            self._guesses.append("as many bumps look up as down: the assembly is taken as seen from the ball side")
        return down > 0

    def _say_rest(self) -> None:
        if "Path" in self._keys:
            self._lost.append(f"path assertions: {', '.join(self._keys['Path'].mapping('Path'))[:200]}")
        netlists = list(_texts_of(self._keys, "verilog_file"))
        if netlists:
            self._lost.append(f"connectivity in Verilog: {', '.join(dict.fromkeys(netlists))[:200]}")
        for instance in self._instances:
            if instance.chiplet.shrink != 1:
                self._lost.append(
                    f"the shrink {instance.chiplet.shrink:g} of {instance.name}: bumps stand as they are written"
                )
        if any(instance.flipped for instance in self._instances):
            self._guesses.append("MZ turns a chiplet's front down and leaves x and y as they are")


def _is_balls(face: Face) -> bool:
    """The lower face of a substrate or redistribution layer."""
    return face.instance.chiplet.kind in ("rdl", "substrate", "interposer") and not face.up


def _texts_of(keys: Mapping[str, Node], wanted: str) -> Iterable[str]:
    """Every word under a key of that name, however deep."""
    waiting = list(keys.items())
    while waiting:
        key, node = waiting.pop()
        if key == wanted and node.text is not None:
            yield node.text
        waiting += (node.keys or {}).items()
