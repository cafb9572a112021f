"""A package as a Specctra design file (DSN), with the wiring of what is routed.

Grammar: SPECCTRA Design Language Reference, the parts that Freerouting, pcb-rnd and other readers know. Layers run from
die to ball. The properties rdl_kind and rdl_terminal of a place are of our own: they say what kind of component it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from router.model.design import Component, Design, NetClass
from router.model.geometry import Box
from router.model.layout import Layout
from router.write.formats.specctra import Lengths, Words, images, pad_names, words_for

_LENGTHS = Lengths(steps=False)
um, xy, places = _LENGTHS.of, _LENGTHS.xy, _LENGTHS.places
# What the line of a component's outline is wide, for the eye alone.
_LINE = 1000
LOST = (
    "UBM, openings and balls of pads, cuts of vias: a padstack holds its lands and capture pads",
    "the process's rules but for widths and spacings, and its edge keep-out",
    "lattice, spread and widen, and choices of balls that are still open",
)


def dsn_text(design: Design, layout: Layout) -> str:
    """The whole file; lengths in µm, levels and vias by their names in the process."""
    words = words_for(design)
    q = words.quote
    parts = [
        f"(pcb {words.of(design.name)}",
        # Some readers get over the bare quote only where quoted words follow it at once.
        f" (parser (string_quote {q}) (space_in_quoted_tokens on) (host_cad {q}rdl{q}) (host_version {q}1{q}))",
        " (resolution um 1000)",
        " (unit um)",
        *_structure(design, words),
        *_placement(design, words),
        *_library(design, words),
        *_network(design, words),
        *_wiring(design, layout, words),
        ")",
    ]
    return "\n".join(parts) + "\n"


def lost(design: Design, layout: Layout) -> tuple[str, ...]:
    """What of this package the file does not say."""
    several = [net.name for net in design.nets if any(len(end.terminals) > 1 for end in net.ends)]
    joined = f"pins that are joined inside their component: all of them are joined, in {len(several)} nets"
    return (*LOST, joined) if several else LOST


def _structure(design: Design, words: Words) -> Iterator[str]:
    yield " (structure"
    for index, level in enumerate(design.pdk.levels):
        yield f"  (layer {words.of(level.name)} (type signal) (property (index {index})))"
    yield f"  (boundary {_edge('pcb', 0, design.outline)})"
    for keepout in design.keepouts:
        ring = _LENGTHS.ring(keepout.ring)
        every = len(keepout.levels) == len(design.pdk.levels)
        for layer in ["signal"] if every else [words.of(design.pdk.levels[k].name) for k in keepout.levels]:
            yield f"  (keepout {words.of(keepout.name)} (polygon {layer} 0 {ring}))"
    if design.pdk.vias:
        yield f"  (via {' '.join(words.of(rule.name) for rule in design.pdk.vias)})"
    default = design.classes["default"]
    yield f"  (rule (width {um(default.widths[0])}) (clearance {um(default.spacings[0])}))"
    yield " )"


def _placement(design: Design, words: Words) -> Iterator[str]:
    yield " (placement"
    for parts in images(design):
        yield f"  (component {words.of(parts[0].name)}"
        for part in parts:
            spot = part.placement
            kinds = {design.pdk.pads[pad].kind for pad in part.pads}
            terminal = f" (rdl_terminal {kinds.pop()})" if len(kinds) == 1 else ""
            said = f"(property (rdl_kind {part.kind}){terminal})"
            yield f"   (place {words.of(part.name)} {xy(spot.x, spot.y)} front {spot.rotation} {said})"
        yield "  )"
    yield " )"


def _library(design: Design, words: Words) -> Iterator[str]:
    pads = pad_names(design)
    yield " (library"
    for parts in images(design):
        yield from _image(parts[0], pads, words)
    for pad, name in pads.items():
        style = design.pdk.pads[pad]
        yield f"  (padstack {name} (shape {_LENGTHS.shape(words.of(style.level), style.land)}) (attach off))"
    yield from (f"  {_LENGTHS.via(words, rule)}" for rule in design.pdk.vias)
    yield " )"


def _image(part: Component, pads: Mapping[str, str], words: Words) -> Iterator[str]:
    """A component in its own coordinates, mirrored where it is: nothing lies on the back of a package."""
    sign = -1 if part.placement.mirrored else 1
    outline = part.outline.mirrored if part.placement.mirrored else part.outline
    yield f"  (image {words.of(part.name)} (outline {_edge('signal', _LINE, outline)})"
    for pin, (x, y), pad in zip(part.ids, part.xy.tolist(), part.pads, strict=True):
        yield f"   (pin {pads[pad]} {words.of(pin)} {xy(sign * x, y)})"
    yield "  )"


def _network(design: Design, words: Words) -> Iterator[str]:
    yield " (network"
    for net in design.nets:
        pins = " ".join(words.pin(design.terminals[t].id) for end in net.ends for t in end.terminals)
        yield f"  (net {words.of(net.name)} (pins {pins}))"
    for name, net_class in design.classes.items():
        nets = " ".join(words.of(net.name) for net in design.nets if net.net_class == name)
        if nets:
            yield f"  (class {words.of(name)} {nets}"
            yield from _rules(design, net_class, words)
            yield "  )"
    yield " )"


def _rules(design: Design, net_class: NetClass, words: Words) -> Iterator[str]:
    """Vias and levels that a class may use; its figures on its first level, and on each level where they differ."""
    levels = design.pdk.levels
    first = net_class.levels[0]
    usual = (net_class.widths[first], net_class.spacings[first])
    if design.pdk.vias:
        yield f"   (circuit (use_via {' '.join(words.of(via.name) for via in design.pdk.vias)}))"
    if len(net_class.levels) < len(levels):
        yield f"   (circuit (use_layer {' '.join(words.of(levels[k].name) for k in net_class.levels)}))"
    yield f"   {_rule(*usual)}"
    for index, figures in enumerate(zip(net_class.widths, net_class.spacings, strict=True)):
        if figures != usual:
            yield f"   (layer_rule {words.of(levels[index].name)} {_rule(*figures)})"


def _wiring(design: Design, layout: Layout, words: Words) -> Iterator[str]:
    levels = [words.of(level.name) for level in design.pdk.levels]
    nets = [words.of(net.name) for net in design.nets]
    yield " (wiring"
    routed = [trace for trace in layout.traces if not trace.fixed]
    for kind, traces in (("fix", design.fixed), ("route", routed)):
        for trace in traces:
            way = f"(path {levels[trace.level]} {um(trace.width)} {places(trace.points.tolist())})"
            yield f"  (wire {way} (net {nets[trace.net]}) (type {kind}))"
    for via in layout.vias:
        name = words.of(design.pdk.vias[via.index].name)
        yield f"  (via {name} {xy(via.x, via.y)} (net {nets[via.net]}) (type route))"
    for shape in layout.shapes:
        ring = _LENGTHS.ring(shape.ring)
        yield f"  (wire (polygon {levels[shape.level]} 0 {ring}) (net {nets[shape.net]}) (type route))"
    yield " )"


def _rule(width: int, clearance: int) -> str:
    return f"(rule (width {um(width)}) (clearance {um(clearance)}))"


def _edge(layer: str, width: int, box: Box) -> str:
    """A rectangle as a closed path: some readers know no other outline."""
    return f"(path {layer} {um(width)} {_LENGTHS.ring(box.ring())})"
