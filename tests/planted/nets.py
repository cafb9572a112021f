"""Faults of connectivity, and layouts that look like one and are none. Lengths in nm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from scene import Scene, X, Y, rect, ring, square, terminal

from router.model.design import End, Keepout, Net
from router.model.layout import MaskLabel


@dataclass(frozen=True)
class NetFault:
    """What a plant leads to: nets of the faults by kind, and the names of broken rules."""

    plant: Callable[[Scene], None]
    faults: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    rules: frozenset[str] = frozenset()


def missing_via(s: Scene) -> None:
    s.masks["V1"].clear()


def missing_via_of_the_upper_level(s: Scene) -> None:
    s.masks["V2"].clear()


def cut_without_metal_above(s: Scene) -> None:
    s.masks["M2"] = [rect(70_000, 19_000, 100_000, 21_000), square(100_000, 20_000, 6000)]


def cut_without_metal_below(s: Scene) -> None:
    s.masks["M1"][1:3] = [rect(20_000, 19_000, 50_000, 21_000)]


def cut_on_a_level_without_metal(s: Scene) -> None:
    s.masks["M2"] = []


def cut_on_no_metal_at_all(s: Scene) -> None:
    s.add("V1", square(X, Y, 4000))


def gap_in_a_trace(s: Scene) -> None:
    s.masks["M1"][4:5] = [rect(20_000, 49_000, 50_000, 51_000), rect(50_001, 49_000, 80_000, 51_000)]


def gap_in_a_diagonal_trace(s: Scene) -> None:
    s.masks["M1"][7] = ring((20_707, 79_293), (40_707, 99_293), (39_293, 100_707), (19_293, 80_707))


def gap_bridged_by_a_spike(s: Scene) -> None:
    """Of no width: the ring runs out to the other half and back."""
    bridge = ring((40_000, 50_000), (44_000, 50_000), (40_000, 50_000))
    left = np.concatenate([ring((20_000, 49_000), (40_000, 49_000)), bridge, ring((40_000, 51_000), (20_000, 51_000))])
    s.masks["M1"][4:5] = [left, rect(44_000, 49_000, 80_000, 51_000)]


def gap_within_a_ring(s: Scene) -> None:
    """A ring runs round one half, across to the other, round that, and back on the same line, which is slanted."""
    there = ring((44_003, 50_501), (44_003, 49_000), (80_000, 49_000), (80_000, 51_000), (44_003, 51_000))
    ends = ring((20_000, 49_000), (40_000, 49_000), (40_000, 50_000)), ring((40_000, 50_000), (40_000, 51_000))
    s.masks["M1"][4] = np.concatenate([ends[0], there, there[:1], ends[1], ring((20_000, 51_000))])


def abutting_traces(s: Scene) -> None:
    s.masks["M1"][4:5] = [rect(20_000, 49_000, 50_000, 51_000), rect(50_000, 49_000, 80_000, 51_000)]


def two_nets_touching(s: Scene) -> None:
    s.masks["M1"][5] = rect(77_000, 47_000, 83_000, 53_000)
    s.add("M1", rect(30_000, 21_000, 32_000, 49_000))


def three_nets_in_one(s: Scene) -> None:
    s.add("M1", rect(30_000, 21_000, 32_000, 49_000), rect(19_000, 53_000, 21_000, 77_000))


def joined_through_another_level(s: Scene) -> None:
    s.add("V1", square(20_000, 20_000, 4000), square(20_000, 50_000, 4000))
    s.add("M2", rect(17_000, 17_000, 23_000, 53_000))


def joined_through_a_third(s: Scene) -> None:
    """A and B do not touch: each touches metal that touches the other."""
    s.add("M1", rect(30_000, 21_000, 32_000, 35_000), rect(31_000, 33_000, 33_000, 49_000))


def swapped_terminals(s: Scene) -> None:
    b, c = s.terminals[3], s.terminals[5]
    s.terminals[3], s.terminals[5] = replace(b, x=c.x, y=c.y), replace(c, x=b.x, y=b.y)


def terminal_without_metal(s: Scene) -> None:
    s.masks["M3"] = [square(100_000, 20_000, 6000), rect(100_000, 19_000, 130_000, 21_000)]


def land_that_no_trace_reaches(s: Scene) -> None:
    s.masks["M3"] = [square(100_000, 20_000, 6000), square(140_000, 20_000, 6000)]


def missing_label(s: Scene) -> None:
    s.labels["M1"].pop(1)


def swapped_labels(s: Scene) -> None:
    s.labels["M1"][1:] = [MaskLabel("C", 30_000, 50_000), MaskLabel("B", 40_000, 100_000)]


def label_beside_its_metal(s: Scene) -> None:
    s.labels["M1"][1] = MaskLabel("B", 30_000, 55_000)


def label_of_another_case(s: Scene) -> None:
    s.labels["M1"][1] = MaskLabel("b", 30_000, 50_000)


def one_label_of_another_net(s: Scene) -> None:
    s.labels["M1"].append(MaskLabel("C", 40_000, 50_000))


def label_that_is_no_name(s: Scene) -> None:
    s.labels["M1"].append(MaskLabel("stray", 40_000, 50_000))


def label_on_a_cut(s: Scene) -> None:
    s.labels["V1"] = [MaskLabel("A", 60_000, 20_000)]
    s.labels["M1"].pop(0)


def metal_of_nothing(s: Scene) -> None:
    s.masks["M1"].append(square(X, Y, 6000))


def labelled_metal_of_nothing(s: Scene) -> None:
    s.masks["M1"].append(square(X, Y, 6000))
    s.labels["M1"].append(MaskLabel("stray", X, Y))


def via_of_nothing(s: Scene) -> None:
    for mask in ("M1", "M2"):
        s.masks[mask].append(square(X, Y, 6000))
    s.masks["V1"].append(square(X, Y, 4000))


def terminal_without_a_net_touched(s: Scene) -> None:
    s.add("M1", rect(80_000, 49_000, 150_000, 51_000))


def corner_point_joins_a_trace(s: Scene) -> None:
    """As layout extractors see it: shapes that touch in a point are one; width and space both forbid it."""
    s.masks["M1"][4:5] = [rect(20_000, 49_000, 50_000, 51_000), rect(50_000, 51_000, 80_000, 53_000)]


def nets_touching_in_a_corner(s: Scene) -> None:
    s.masks["M1"].append(rect(83_000, 53_000, 90_000, 60_000))
    s.terminals[6] = replace(s.terminals[6], x=85_000, y=55_000)
    s.masks["M1"].pop(9)


def any_of_several_terminals(s: Scene) -> None:
    """Pads that are joined inside the die: one is reached, the other has its land only."""
    s.add("M1", square(X, Y, 6000))
    s.terminals.append(terminal("U.b2", X, Y, 0))
    s.nets[1] = Net("B", (End((2, 7)), End((3,))), "default")


def pieces_joined_through_the_die(s: Scene) -> None:
    _second_piece(s)
    s.nets[1] = Net("B", (End((2, 7)), End((3,)), End((8,))), "default")


def pieces_not_joined_through_the_die(s: Scene) -> None:
    _second_piece(s)
    s.nets[1] = Net("B", (End((2,)), End((3,)), End((7,)), End((8,))), "default")


def _second_piece(s: Scene) -> None:
    s.add("M1", square(X, Y, 6000), rect(X, Y - 1000, X + 20_000, Y + 1000), square(X + 20_000, Y, 6000))
    s.terminals += [terminal("U.b2", X, Y, 0), terminal("G.b2", X + 20_000, Y, 0)]


def pieces_joined_later_through_another_end(s: Scene) -> None:
    """Ends reach three components before one of them turns out to join two."""
    for k in range(2):
        s.add("M1", square(X + 20_000 * k, Y, 6000))
    s.terminals += [terminal("D.1", X, Y, 0), terminal("D.2", X + 20_000, Y, 0)]
    s.nets[1] = Net("B", (End((2,)), End((7,)), End((8, 3, 7))), "default")


def net_in_a_keepout(s: Scene) -> None:
    s.keepouts = (Keepout("sensor", (0,), rect(40_000, 45_000, 50_000, 49_001)),)


def net_beside_a_keepout(s: Scene) -> None:
    s.keepouts = (Keepout("sensor", (0,), rect(40_000, 45_000, 50_000, 49_000)),)


def net_in_a_slanted_keepout(s: Scene) -> None:
    s.keepouts = (
        Keepout("sensor", (0,), ring((45_000, 49_002), (43_000, 47_002), (45_000, 45_002), (47_000, 47_002))),
    )


def metal_without_a_net_in_a_keepout(s: Scene) -> None:
    s.keepouts = (Keepout("sensor", (0, 1), rect(145_000, 45_000, 155_000, 55_000)),)


NET_FAULTS = (
    NetFault(missing_via, {"open": [("A",)]}),
    NetFault(missing_via_of_the_upper_level, {"open": [("A",)]}),
    NetFault(cut_without_metal_above, {"open": [("A",)]}, frozenset({"V1.EN.M2"})),
    NetFault(cut_without_metal_below, {"open": [("A",)]}, frozenset({"V1.EN.M1"})),
    NetFault(cut_on_a_level_without_metal, {"open": [("A",)]}, frozenset({"V1.EN.M2"})),
    NetFault(cut_on_no_metal_at_all, {}, frozenset({"V1.EN.M1", "V1.EN.M2"})),
    NetFault(gap_in_a_trace, {"open": [("B",)]}, frozenset({"M1.S.1"})),
    NetFault(gap_in_a_diagonal_trace, {"open": [("C",)]}),
    NetFault(gap_bridged_by_a_spike, {"open": [("B",)]}),
    NetFault(gap_within_a_ring, {"open": [("B",)]}),
    NetFault(abutting_traces),
    NetFault(two_nets_touching, {"short": [("A", "B")]}),
    NetFault(three_nets_in_one, {"short": [("A", "B", "C")]}),
    NetFault(joined_through_another_level, {"short": [("A", "B")]}),
    NetFault(joined_through_a_third, {"short": [("A", "B")]}),
    NetFault(swapped_terminals, {"open": [("B",), ("C",)], "short": [("B", "C"), ("B", "C")]}),
    NetFault(terminal_without_metal, {"unreached": [("A",)]}),
    NetFault(land_that_no_trace_reaches, {"open": [("A",)]}),
    NetFault(missing_label, {"missing_label": [("B",)]}),
    NetFault(swapped_labels, {"missing_label": [("B",), ("C",)], "wrong_label": [("B", "C"), ("C", "B")]}),
    NetFault(label_beside_its_metal, {"missing_label": [("B",)]}),
    NetFault(label_of_another_case, {"missing_label": [("B",)], "wrong_label": [("b", "B")]}),
    NetFault(one_label_of_another_net, {"wrong_label": [("C", "B")]}),
    NetFault(label_that_is_no_name, {"wrong_label": [("stray", "B")]}),
    NetFault(label_on_a_cut),
    NetFault(metal_of_nothing, {"floating": [()]}),
    NetFault(labelled_metal_of_nothing, {"floating": [("stray",)]}),
    NetFault(via_of_nothing, {"floating": [()]}),
    NetFault(terminal_without_a_net_touched, {"short": [("B",)]}),
    NetFault(corner_point_joins_a_trace, {}, frozenset({"M1.W.1", "M1.S.1"})),
    NetFault(nets_touching_in_a_corner, {"short": [("B",)]}, frozenset({"M1.W.1", "M1.S.1"})),
    NetFault(any_of_several_terminals),
    NetFault(pieces_joined_through_the_die),
    NetFault(pieces_not_joined_through_the_die, {"open": [("B",)]}),
    NetFault(pieces_joined_later_through_another_end),
    NetFault(net_in_a_keepout, {}, frozenset({"KEEPOUT.sensor"})),
    NetFault(net_beside_a_keepout),
    NetFault(net_in_a_slanted_keepout, {}, frozenset({"KEEPOUT.sensor"})),
    NetFault(metal_without_a_net_in_a_keepout),
)
