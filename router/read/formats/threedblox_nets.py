"""Nets of a 3Dblox assembly: those of each chiplet by themselves, joined where bumps of connected regions meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import networkx as nx
from scipy.spatial import cKDTree

from router.read.formats.threedblox_stack import Face, Link

# Bumps whose centres are this near to one another (nm) meet: maps are written in fractions of a micrometre.
_MEET = 100

_Net = tuple[str, str]
"""An instance and the name of a net in it."""


class Joints:
    """Which bumps meet: their nets are one. `dropped`: bumps of substrates, by face, that are those of a die on it;
    `met` and `alone`: what is to be said of connections, and of bumps in them that meet none."""

    def __init__(self, faces: Sequence[Face], links: Iterable[Link]) -> None:
        self._graph: nx.Graph = nx.Graph()
        self._joined = False
        self.met: list[str] = []
        self.dropped: dict[str, set[int]] = defaultdict(set)
        self._names: dict[_Net, str] = {}
        self._dies = {face.instance.name for face in faces if face.instance.chiplet.kind == "die"}
        for face in faces:
            for index in range(len(face.region.bumps)):
                self._graph.add_node(_net(face, index))
        waiting: dict[str, set[int]] = {}
        for link in links:
            if link.top is not None and link.bottom is not None:
                for face in (link.top, link.bottom):
                    waiting.setdefault(face.name, set(range(len(face.region.bumps))))
                self._join(link.name, link.top, link.bottom, waiting)
        self.alone = [f"{len(bumps)} of {name}" for name, bumps in waiting.items() if bumps]
        self._name()

    def net(self, face: Face, index: int) -> str:
        """The name of a bump's net in the whole assembly, empty where it has none."""
        return self._names.get(_net(face, index), "")

    @property
    def by_name(self) -> bool:
        """Whether nothing but their names says which nets of several chiplets are one."""
        return not self._joined

    def _join(self, name: str, top: Face, bottom: Face, waiting: dict[str, set[int]]) -> None:
        self._joined = True
        pairs = 0
        if len(top.places) and len(bottom.places):
            gaps, nearest = cKDTree(bottom.places).query(top.places, distance_upper_bound=_MEET)
            for index, (gap, other) in enumerate(zip(gaps.tolist(), nearest.tolist(), strict=True)):
                if gap <= _MEET:
                    pairs += 1
                    waiting[top.name].discard(index)
                    waiting[bottom.name].discard(other)
                    self._graph.add_edge(_net(top, index), _net(bottom, other))
                    for face, bump, partner in ((top, index, bottom), (bottom, other, top)):
                        if face.instance.name not in self._dies and partner.instance.name in self._dies:
                            self.dropped[face.name].add(bump)
        if pairs:
            self.met.append(f"{name}: {pairs} of {top.name} and {bottom.name}")

    def _name(self) -> None:
        """Groups are called as their nets are, in a substrate first, with the instance in front where two groups would
        be called the same."""
        groups = [
            sorted(group, key=lambda net: (net[0] in self._dies, net)) for group in nx.connected_components(self._graph)
        ]
        wanted: dict[str, list[list[_Net]]] = defaultdict(list)
        for group in sorted(groups):
            wanted[_called(group)].append(group)
        for name, same in wanted.items():
            for group in same:
                alone = len(same) == 1 or self.by_name
                for net in group:
                    self._names[net] = name if alone or not name else f"{group[0][0]}/{name}"


def _called(group: Sequence[_Net]) -> str:
    """The name of a group; bumps without nets that meet are a net called like one of them."""
    named = next((name for _, name in group if not name.startswith(":")), "")
    return named if named or len(group) == 1 else group[0][1].lstrip(":").replace(":", "/")


def _net(face: Face, index: int) -> _Net:
    """A bump's net, its port where it has no net, else a net of its own, which a colon marks."""
    bump = face.region.bumps[index]
    return face.instance.name, bump.net or bump.port or f":{face.region.name}:{bump.name}"
