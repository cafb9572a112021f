"""What cannot be held however a package is routed: rules that its pads and fixed traces break among themselves, or it
by its size, which a judge will mark, spacings of net classes for which its lands have no room, and places that can
hardly be meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial

import numpy as np
import shapely
from numpy.typing import NDArray

from router.model.design import ComponentKind, Design, Keepout
from router.model.geometry import GRID_SLACK
from router.model.outlines import GRID, falls_short, gap, land
from router.model.pdk import EXTENTS, MaskRole, Rule, RuleKind
from router.model.sentences import first_of_each
from router.model.units import text_place, text_size, text_um
from router.read.beside_wide import is_wide, runs_beside
from router.read.design_check import drawn
from router.read.standing import Drawn, dies_on, outlines, pads_on, shapes_on, traces_on

# What tables write in the column for nets beside pins that stay open.
_OPEN = {"NC", "N/C", "N.C.", "DNC", "NO_CONNECT", "NOCONNECT", "UNCONNECTED", "UNUSED", "NONE", "N/A"}


def foreseen(design: Design) -> tuple[str, ...]:
    """What the package's files hold in vain; a sentence for each rule that pads and fixed traces break by their places
    or the package by its size, one for lands nearer to each other than classes ask, one each for lands of nets and
    fixed traces in keep-outs, one for keep-outs that keep nothing out, one for dies that lie on one another, one for
    nets that join pins which are called open, and one for nets of one pin: the first place, and how many more there
    are. Last, that there are no nets."""
    owner = design.net_of_terminal()
    pads = cache(partial(pads_on, design, owner))
    found = [[sentence] for sentence in design.unused]
    found += [list(_BREAKS[rule.kind](design, rule, pads)) for rule in design.pdk.rules if rule.kind in _BREAKS]
    found += [
        list(_nearer_than_asked(design, pads)),
        list(_lands_in_keepouts(design, owner)),
        list(_traces_in_keepouts(design)),
        list(_keepouts_outside(design)),
        list(_dies_on_dies(design)),
        list(_joined_though_open(design)),
        list(_alone(design)),
        [] if design.nets else ["the package has no nets: nothing is routed"],
    ]
    return first_of_each(found)


_PadsOn = Callable[[str], list[Drawn]]


def _standing(design: Design, pads: _PadsOn, mask: str) -> list[Drawn]:
    """All that stands on a mask before anything is routed, pads first."""
    return [*pads(mask), *traces_on(design, mask), *dies_on(design, mask)]


def _gaps(design: Design, rule: Rule, pads: _PadsOn) -> Iterator[str]:
    """Shapes on a mask nearer than a rule of space; on metal those of one net are joined. Pads that touch are not
    meant, as they are refused elsewhere where that is a fault."""
    (mask,) = rule.masks
    shapes = _standing(design, pads, mask)
    metal = any(mask == level.name for level in design.pdk.levels)
    for a, b in _pairs(_areas(shapes), rule.value):
        first, second = shapes[a], shapes[b]
        if metal and first.net == second.net >= 0:
            continue
        apart = _apart(design, first, second, rule.value)
        if falls_short(apart, rule.value) and (apart > 0.0 or (metal and b >= len(pads(mask)))):
            yield _too_near(rule, first.called, second.called, f"are {text_um(round(max(apart, 0.0)))} apart on")


def _apart(design: Design, first: Drawn, second: Drawn, least: float) -> float:
    """How far two shapes are apart, nm; not above 0 where they meet. Where that just does, it is as they are drawn:
    corners of round ones stand out."""
    exact = gap(first.figure(), second.figure())
    if not least - GRID < exact < least + 2 * (design.pdk.chord_error + GRID_SLACK):
        return exact
    return float(shapely.distance(first.polygon(), second.polygon()))


def _wide_gaps(design: Design, rule: Rule, pads: _PadsOn) -> Iterator[str]:
    """Shapes on metal beside wide ones of another net, nearer than these ask for; what is nearer than any shapes may be
    is said elsewhere."""
    (mask,) = rule.masks
    shapes = _standing(design, pads, mask)
    metal = cache(lambda k: shapes[k].polygon())
    wide = cache(lambda k: is_wide(metal(k), rule))
    least = next((level.min_spacing for level in design.pdk.levels if level.name == mask), 0)
    for a, b in _pairs(_areas(shapes), rule.value):
        if shapes[a].net == shapes[b].net >= 0 or not (wide(a) or wide(b)):
            continue
        reach = rule.value - GRID
        beside = any(runs_beside(metal(i), metal(j), rule, reach) for i, j in ((a, b), (b, a)) if wide(i))
        apart = gap(shapes[a].figure(), shapes[b].figure())
        if beside and not falls_short(apart, least):
            yield _too_near(rule, shapes[a].called, shapes[b].called, f"are {text_um(round(apart))} apart on")


def _separations(design: Design, rule: Rule, pads: _PadsOn) -> Iterator[str]:
    """Shapes on one mask nearer to those on another than a rule of separation, or over them."""
    one, other = (_standing(design, pads, mask) for mask in rule.masks)
    for a, b in _near(_areas(one), _areas(other), rule.value).tolist():
        apart = _apart(design, one[a], other[b], rule.value)
        overlap = apart <= -GRID or one[a].figure()[0].intersection(other[b].figure()[0]).area > 1.0
        if overlap or falls_short(apart, rule.value):
            how = "overlap" if overlap else f"are {text_um(round(apart))} apart"
            yield _too_near(rule, one[a].called, other[b].called, f"{how} on")


def _pitches(design: Design, rule: Rule, pads: _PadsOn) -> Iterator[str]:
    """Shapes on a mask whose centres are nearer than a rule of pitch."""
    shapes = shapes_on(design, rule.masks[0])
    members = [terminal for terminal in design.terminals if terminal.pad in shapes]
    centres = np.array([(t.x, t.y) for t in members], dtype=np.float64).reshape(-1, 2)
    for a, b in _pairs(shapely.points(centres), rule.value):
        pitch = float(np.hypot(*(centres[a] - centres[b])))
        if falls_short(pitch, rule.value):
            how = f"are {text_um(round(pitch))} from centre to centre on"
            yield _too_near(rule, members[a].id, members[b].id, how)


def _margins(design: Design, rule: Rule, pads: _PadsOn) -> Iterator[str]:
    """Shapes nearer to the package edge than a rule of enclosure in the outline, or one of their centres, demands."""
    mask, within = rule.masks
    if design.pdk.mask(within).role is not MaskRole.OUTLINE:
        if rule.kind is RuleKind.CENTRE_SEPARATION:
            yield from _centres(design, rule, pads)
        return
    shapes = _standing(design, pads, mask)
    bounds = shapely.bounds([shape.area for shape in shapes]).reshape(-1, 4)
    centred = rule.kind is RuleKind.CENTRE_SEPARATION
    if centred:
        bounds = np.tile((bounds[:, :2] + bounds[:, 2:]) / 2, 2)
    edge = design.outline
    margin = np.hstack([bounds[:, :2] - (edge.x0, edge.y0), (edge.x1, edge.y1) - bounds[:, 2:]]).min(
        axis=1, initial=np.inf
    )
    for k in np.flatnonzero([falls_short(least, rule.value) for least in margin.tolist()]).tolist():
        apart, need = text_um(round(margin[k])), text_um(rule.value)
        what = f"the centre of {shapes[k].called}" if centred else shapes[k].called
        yield f"{what} is {apart} from the package edge on {mask}, where {rule.name} needs {need}"


def _centres(design: Design, rule: Rule, pads: _PadsOn) -> Iterator[str]:
    """Shapes on one mask whose centres are nearer to the edges of those on another than a rule demands."""
    one, other = (_standing(design, pads, mask) for mask in rule.masks)
    centres = shapely.centroid(_areas(one))
    for a, b in _near(centres, _areas(other), rule.value).tolist():
        figure, out = other[b].figure()
        inside = shapely.contains(figure, centres[a]) and figure.area > 0.0
        to_figure = shapely.distance(shapely.boundary(figure) if inside else figure, centres[a])
        apart = to_figure + out if inside else abs(to_figure - out)
        if falls_short(apart, rule.value):
            how = f"are {text_um(round(apart))} apart on"
            yield _too_near(rule, f"the centre of {one[a].called}", f"the edge of {other[b].called}", how)


def _extents(design: Design, rule: Rule, pads: _PadsOn) -> Iterator[str]:
    """A package that is smaller or larger than the process permits."""
    (mask,) = rule.masks
    if design.pdk.mask(mask).role is not MaskRole.OUTLINE:
        return
    if not rule.permits(design.outline):
        size, limit = text_size(design.outline.width, design.outline.height), text_size(rule.value, rule.height)
        word = "least" if rule.kind is RuleKind.EXTENT_MIN else "most"
        yield f"the package measures {size}, where {rule.name} needs {limit} at {word}"


_BREAKS: Mapping[RuleKind, Callable[[Design, Rule, _PadsOn], Iterator[str]]] = {
    RuleKind.SPACE: _gaps,
    RuleKind.WIDE_SPACE: _wide_gaps,
    RuleKind.SEPARATION: _separations,
    RuleKind.PITCH: _pitches,
    RuleKind.ENCLOSURE: _margins,
    RuleKind.CENTRE_SEPARATION: _margins,
    **dict.fromkeys(EXTENTS, _extents),
}


def _areas(shapes: Sequence[Drawn]) -> NDArray[np.object_]:
    return np.array([shape.area for shape in shapes], dtype=np.object_)


def _pairs(figures: NDArray[np.object_], distance: float) -> list[list[int]]:
    """Pairs (a, b), a before b, of figures nearer than `distance`, in order."""
    near = _near(figures, figures, distance)
    pairs: list[list[int]] = near[near[:, 0] < near[:, 1]].tolist()
    return pairs


def _near(figures: NDArray[np.object_], others: NDArray[np.object_], distance: float) -> NDArray[np.int64]:
    """Pairs (n, 2) of a figure and one of the others nearer to it than `distance`, in order."""
    first, second = shapely.STRtree(others).query(figures, predicate="dwithin", distance=distance)
    order = np.lexsort((second, first))
    return np.stack([first[order], second[order]], axis=1)


def _too_near(rule: Rule, first: str, second: str, how: str) -> str:
    return f"{first} and {second} {how} {' and '.join(rule.masks)}, where {rule.name} needs {text_um(rule.value)}"


def _nearer_than_asked(design: Design, pads: _PadsOn) -> Iterator[str]:
    """Lands that lie nearer to a land of another net than the class of one of them asks for."""
    for index, level in enumerate(design.pdk.levels):
        lands = pads(level.name)
        asks = {k: design.class_of(k).spacings[index] for k in design.joined}
        asked = [asks.get(pad.net, 0) for pad in lands]
        if max(asked, default=0) <= level.min_spacing:
            continue
        for a, b in _pairs(_areas(lands), max(asked)):
            first, second, most = lands[a], lands[b], a if asked[a] >= asked[b] else b
            if first.net == second.net or asked[most] <= level.min_spacing:
                continue
            apart = gap(first.figure(), second.figure())
            if falls_short(apart, asked[most]) and not falls_short(apart, level.min_spacing):
                net = design.nets[lands[most].net]
                yield (
                    f"{first.called} and {second.called} are {text_um(round(apart))} apart on {level.name}, where "
                    f"class {net.net_class} of net {net.name} asks for {text_um(asked[most])}; beside these lands "
                    "the net keeps what room they have"
                )


def _lands_in_keepouts(design: Design, owner: Sequence[int]) -> Iterator[str]:
    """Lands of nets that lie in a keep-out."""
    places, sizes, _ = design.lands
    tree = shapely.STRtree(shapely.box(*(places - sizes / 2).T, *(places + sizes / 2).T))
    for keepout in design.keepouts:
        ring = shapely.Polygon(keepout.ring)
        near = (design.terminals[k] for k in sorted(tree.query(ring, "intersects")) if owner[k] >= 0)
        for terminal in near:
            metal = land(terminal, design.pdk.pads)
            if terminal.level in keepout.levels and ring.intersection(metal).area > 1.0:
                shut = ", so that nothing can reach it" if ring.covers(metal) else ""
                yield _in_keepout(design, f"the land of {terminal.id}", keepout, terminal.level) + shut


def _traces_in_keepouts(design: Design) -> Iterator[str]:
    """Fixed traces that lie in a keep-out."""
    for keepout in design.keepouts:
        ring = shapely.Polygon(keepout.ring)
        for index, trace in enumerate(design.fixed, 1):
            if trace.level in keepout.levels and ring.intersection(drawn(trace)).area > 1.0:
                yield _in_keepout(design, f"fixed[{index}]", keepout, trace.level)


def _keepouts_outside(design: Design) -> Iterator[str]:
    """Keep-outs that share nothing with the package."""
    edge = design.outline
    package = shapely.box(*edge.bounds)
    for keepout in design.keepouts:
        if package.intersection(shapely.Polygon(keepout.ring)).area <= 1.0:
            place = text_place(*keepout.ring.min(axis=0).tolist())
            yield f"{keepout.name}, a keep-out from {place} µm on, lies outside the package and keeps nothing out"


def _dies_on_dies(design: Design) -> Iterator[str]:
    """Dies that overlap and face one level: those that face two may, as one below a bridge does."""
    dies = [part for part in design.components if part.kind is ComponentKind.DIE]
    areas = outlines(dies)
    levels = [{design.pdk.pads[pad].level for pad in die.pads} for die in dies]
    for a, b in _pairs(areas, 0.0):
        shared = sorted(levels[a] & levels[b])
        if shared and areas[a].intersection(areas[b]).area > 1.0:
            yield f"{dies[a].name} and {dies[b].name}, dies that face {shared[0]}, overlap"


def _in_keepout(design: Design, what: str, keepout: Keepout, level: int) -> str:
    where = f"{keepout.name}, a keep-out on {design.pdk.levels[level].name}"
    return f"{what} lies in {where}, where any metal of a net is a violation"


def _joined_though_open(design: Design) -> Iterator[str]:
    """Nets that join pins whose table says that they stay open."""
    for net in design.nets:
        if net.name.upper() in _OPEN and len(net.ends) > 1:
            cure = f'exclude = ["{net.name}"] in [netlist] leaves pins of tables without a net'
            yield f"net {net.name} joins {len(net.ends)} pins, though its name says that they stay open; {cure}"


def _alone(design: Design) -> Iterator[str]:
    """Nets with nothing to join, as those are that two tables spell differently."""
    joined = set(design.joined).union(*(group.nets for group in design.open))
    for index, net in enumerate(design.nets):
        if index not in joined and net.ends and net.name.upper() not in _OPEN:
            pin = design.terminals[net.ends[0].terminals[0]].id
            yield f"net {net.name} has {pin} alone, and nothing to join it with"
