"""Nets of a 3Dblox assembly: those of each chiplet by themselves, joined where bumps of connected regions meet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from router.read.formats.threedblox_stack import Face, Link

# Bumps whose centres are this near to one another (nm) meet: maps are written in fractions of a micrometre.
_MEET = 100

_Net = tuple[str, str]
"""An instance and the name of a net in it; a colon marks the name of a bump that has none."""


class Joints:
    """Which bumps meet: their nets are one. `dropped`: bumps of substrates, by face, that are those of a die on it;
    `met` and `alone`: what is to be said of connections, and of bumps in them that meet none.

    `by_name`: nothing but their names says which nets of several chiplets are one."""

    def __init__(self, faces: Sequence[Face], links: Iterable[Link]) -> None:
        self._dies = {face.instance.name for face in faces if face.instance.chiplet.kind == "die"}
        self._joined: list[tuple[_Net, _Net]] = []
        self.met: list[str] = []
        self.dropped: dict[str, set[int]] = defaultdict(set)
        self.by_name = True
        waiting: dict[str, set[int]] = {}
        for link in links:
            if link.top is not None and link.bottom is not None:
                self.by_name = False
                for face in (link.top, link.bottom):
                    waiting.setdefault(face.name, set(range(len(face.region.bumps))))
                self._join(link.name, link.top, link.bottom, waiting)
        self.alone = [f"{len(bumps)} of {name}" for name, bumps in waiting.items() if bumps]
        self._names = self._named({_net(face, k) for face in faces for k in range(len(face.region.bumps))})

    def net(self, face: Face, index: int) -> str:
        """The name of a bump's net in the whole assembly, empty where it has none."""
        return self._names[_net(face, index)]

    def _join(self, name: str, top: Face, bottom: Face, waiting: dict[str, set[int]]) -> None:
        if not len(top.places) or not len(bottom.places):
            return
        gaps, nearest = cKDTree(bottom.places).query(top.places, distance_upper_bound=_MEET)
        pairs = [(index, int(nearest[index])) for index in np.flatnonzero(gaps <= _MEET).tolist()]
        for index, other in pairs:
            waiting[top.name].discard(index)
            waiting[bottom.name].discard(other)
            self._joined.append((_net(top, index), _net(bottom, other)))
            for face, bump, partner in ((top, index, bottom), (bottom, other, top)):
                if face.instance.name not in self._dies and partner.instance.name in self._dies:
                    self.dropped[face.name].add(bump)
        if pairs:
            self.met.append(f"{name}: {len(pairs)} of {top.name} and {bottom.name}")

    def _named(self, nets: set[_Net]) -> dict[_Net, str]:
        """What each net is called in the assembly: as in a substrate first, then as in the first die; with the instance
        in front where two that are not joined would be called the same."""
        order = sorted(nets, key=lambda net: (net[0] in self._dies, net))
        ids = {net: index for index, net in enumerate(order)}
        ends = np.array([(ids[a], ids[b]) for a, b in self._joined], dtype=np.int64).reshape(-1, 2)
        links = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(order), len(order)))
        groups: list[int] = connected_components(links, directed=False)[1].tolist()
        size = Counter(groups)
        called: dict[int, str] = {}
        bumps: dict[int, str] = {}
        first: dict[int, str] = {}
        for (instance, name), group in zip(order, groups, strict=True):
            first.setdefault(group, instance)
            if not name.startswith(":"):
                called.setdefault(group, name)
            elif size[group] > 1:
                bumps.setdefault(group, name.lstrip(":").replace(":", "/"))
        # Bumps without nets that meet are a net called like one of them.
        called = {group: called.get(group) or bumps.get(group, "") for group in size}
        taken = Counter(called.values())
        found = {}
        for net, group in zip(order, groups, strict=True):
            name = called[group]
            found[net] = name if self.by_name or not name or taken[name] == 1 else f"{first[group]}/{name}"
        return found


def _net(face: Face, index: int) -> _Net:
    """A bump's net, its port where it has no net, else a net of its own, which a colon marks."""
    bump = face.region.bumps[index]
    return face.instance.name, bump.net or bump.port or f":{face.region.name}:{bump.name}"
