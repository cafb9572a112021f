"""Metal between the cuts of a stack, where a trace changes two levels at once: as wide as the traces that it joins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from router.draw.centreline import NetPlace
from router.draw.cut_arrays import least_width
from router.draw.shapes import trace_octagon
from router.model.design import Design
from router.model.layout import Shape, Trace, Via

ROLE = "stack"


def stack_landings(design: Design, vias: Sequence[Via]) -> dict[NetPlace, int]:
    """How wide metal between the cuts of stacks is, nm, by net, level and place: as traces of its class are there, for
    which the search leaves room. Left out are those too narrow for more than one cut."""
    least = least_width(design.pdk)
    widths = [design.classes[net.net_class].widths for net in design.nets]
    lower = {(via.net, via.index + 1, via.x, via.y) for via in vias}
    between = [place for via in vias if (place := (via.net, via.index, via.x, via.y)) in lower]
    return {(net, level, x, y): widths[net][level] for net, level, x, y in between if widths[net][level] > least}


def landing_shapes(landings: Mapping[NetPlace, int], traces: Sequence[Trace]) -> Iterator[Shape]:
    """The metal of landings, in order, but of those on which a trace as wide ends, which is the same."""
    ends = {(t.net, t.level, x, y, t.width) for t in traces for x, y in t.points[[0, -1]].tolist()}
    for (net, level, *at), width in sorted(landings.items()):
        if (net, level, *at, width) not in ends:
            yield Shape(net, level, np.array(at, dtype=np.int64) + np.array(trace_octagon(width)), ROLE)
