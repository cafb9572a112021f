"""The assembly of 3Dblox: which chiplets stand where, which way up, and which of their regions face each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from router.model.errors import InputError
from router.model.geometry import Box, Placement, Points
from router.read.formats.threedblox_chiplets import Chiplet, Region
from router.read.formats.threedblox_yaml import Node
from router.read.textfile import quoted

_LIMIT = 1000
_TURN = re.compile(r"MX|MY|MZ|R(?:0|90|180|270)(?!\d)|_")


@dataclass(frozen=True, slots=True)
class Instance:
    """A chiplet in its place; `z` is the height of its lower face in nm. `flipped`: its front looks down."""

    name: str
    chiplet: Chiplet
    placement: Placement
    z: int
    flipped: bool

    @property
    def box(self) -> Box:
        """Where it lies in the assembly."""
        return self.placement.box(chiplet_box(self.chiplet))


@dataclass(frozen=True, slots=True)
class Face:
    """A region of an instance: its bumps at `places` (n, 2), all at height `z`; `up`: they look up."""

    instance: Instance
    region: Region
    places: Points
    z: int
    up: bool

    @property
    def name(self) -> str:
        return f"{self.instance.name}.{self.region.name}"


@dataclass(frozen=True, slots=True)
class Link:
    """A connection of two regions, by their faces; None where a side is left open."""

    name: str
    top: Face | None
    bottom: Face | None


def chiplet_box(chiplet: Chiplet) -> Box:
    """Its area with its rims, or the extent of its bumps where the file gives none."""
    if chiplet.box is not None:
        return chiplet.box
    places = [(bump.x, bump.y) for region in chiplet.regions for bump in region.bumps]
    return Box.around(np.array(places or [(0, 0)], dtype=np.int64) + np.array(chiplet.offset))


def read_stack(root: Node, chiplets: Mapping[str, Chiplet], um: float) -> list[Instance]:
    """Every instance with its place. Raises InputError for unknown chiplets, and for instances without a place."""
    listed = root.need("ChipletInst", "the assembly")
    stack = root.need("Stack", "the assembly")
    places = stack.mapping("Stack")
    instances = listed.mapping("ChipletInst")
    if len(instances) > _LIMIT:
        raise InputError(listed.where, f"{len(instances)} instances", f"at most {_LIMIT}")
    for name in places:
        if name not in instances:
            raise InputError(stack.key_lines[name], quoted(name), "an instance of ChipletInst")
    found = []
    for name, node in instances.items():
        reference = node.need("reference", f"instance {quoted(name)}")
        word = reference.word("reference")
        if word not in chiplets:
            known = ", ".join(chiplets) or "none is defined"
            raise InputError(reference.where, f"the chiplet {quoted(word)}", f"one of ChipletDef: {known[:300]}")
        if chiplets[word].kind == "hier":
            raise InputError(reference.where, f"{quoted(word)}, an assembly of its own", "chiplets without parts")
        if name not in places:
            raise InputError(listed.key_lines[name], f"{quoted(name)} without a place", "an entry in Stack")
        found.append(_instance(name, chiplets[word], places[name], um))
    return found


def _instance(name: str, chiplet: Chiplet, node: Node, um: float) -> Instance:
    what = f"the place of {quoted(name)}"
    orient = node.need("orient", what)
    mirrored, rotation, flipped = orientation(orient)
    x, y = node.need("loc", what).lengths("loc", um, 2)
    z = node.need("z", what).length("z", um)
    turned = Placement(0, 0, rotation, mirrored).apply(chiplet_box(chiplet).ring()).min(axis=0).tolist()
    return Instance(name, chiplet, Placement(x - turned[0], y - turned[1], rotation, mirrored), z, flipped)


def orientation(node: Node) -> tuple[bool, int, bool]:
    """Of a word such as R90, MX, MXR90, MZ_MY_R270: mirrored in x, then turned by degrees; and whether its front looks
    down. The parts apply from left to right. Raises InputError for other words."""
    word = node.word("orient").upper()
    parts = _TURN.findall(word)
    if not parts or "".join(parts) != word or word in ("_",):
        raise InputError(node.where, quoted(node.text), "R0, R90, R180, R270, MX, MY, MZ or such, joined by '_'")
    mirrored, rotation, flipped = False, 0, False
    for part in parts:
        if part == "MZ":
            flipped = not flipped
        elif part in ("MX", "MY"):
            mirrored, rotation = not mirrored, (180 if part == "MX" else 0) - rotation
        elif part != "_":
            rotation += int(part[1:])
    return mirrored, rotation % 360, flipped


def faces(instance: Instance) -> list[Face]:
    """Its regions as they lie. A front looks up unless it is flipped; regions inside lie at their chiplet's middle."""
    found = []
    for region in instance.chiplet.regions:
        inside = region.side.startswith("internal")
        up = (region.side == "front") != instance.flipped
        height = instance.chiplet.thickness // 2 if inside else instance.chiplet.thickness if up else 0
        xy = np.array([(bump.x, bump.y) for bump in region.bumps], dtype=np.int64).reshape(-1, 2)
        places = instance.placement.apply(xy + np.array(instance.chiplet.offset, dtype=np.int64))
        found.append(Face(instance, region, places, instance.z + height, up))
    return found


def read_links(root: Node, known: Mapping[str, Face]) -> list[Link]:
    """The connections between regions, whose words are INSTANCE.regions.REGION. Raises InputError for unknown ones."""
    listed = root.get("Connection", "the assembly")
    return [
        Link(name, _end(node, "top", known), _end(node, "bot", known))
        for name, node in (listed.mapping("Connection").items() if listed is not None else ())
    ]


def _end(node: Node, key: str, known: Mapping[str, Face]) -> Face | None:
    end = node.get(key, "a connection")
    if end is None:
        if key not in node.mapping("a connection"):
            raise InputError(node.where, f"a connection without {key}", f"{key}, ~ where it is open")
        return None
    word = end.word(key)
    instance, dot, region = word.partition(".regions.")
    face = known.get(f"{instance}.{region}") if dot else None
    if face is None:
        raise InputError(end.where, quoted(word), f"INSTANCE.regions.REGION, one of {', '.join(known)[:300]}")
    return face
