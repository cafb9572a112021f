"""A package as a Specctra design file (DSN), as far as other routers need it to try a case.

Names are numbers (component T12, net N3), so that no reader's quoting matters. Each terminal is a component of one pin.
The grammar is that of the SPECCTRA Design Language Reference, the parts that Freerouting and pcb-rnd read.
"""

from __future__ import annotations

from collections.abc import Iterator

from router.model.design import Design, Terminal
from router.model.pdk import ShapeKind, ViaRule
from router.model.units import to_um


def dsn_text(design: Design) -> str:
    """The whole file; lengths in µm, levels and vias by their names in the process."""
    styles = sorted({_style(terminal) for terminal in design.terminals})
    parts = [
        '(pcb "rdl"',
        ' (parser (string_quote ") (space_in_quoted_tokens on) (host_cad "rdl") (host_version "1"))',
        " (resolution um 1000)",
        " (unit um)",
        *_structure(design),
        " (placement",
        *(f"  (component {_style(t)} (place T{k} {_xy(t.x, t.y)} front 0))" for k, t in enumerate(design.terminals)),
        " )",
        " (library",
        *(f"  (image {style} (pin {style} 1 0 0))" for style in styles),
        *dict.fromkeys(_padstack(design, terminal) for terminal in design.terminals),
        *(_via(rule) for rule in design.pdk.vias),
        " )",
        " (network",
        *(
            f"  (net N{n} (pins {' '.join(f'T{end.terminals[0]}-1' for end in net.ends)}))"
            for n, net in enumerate(design.nets)
        ),
        *_classes(design),
        " )",
        " (wiring)",
        ")",
    ]
    return "\n".join(parts) + "\n"


def _structure(design: Design) -> Iterator[str]:
    yield " (structure"
    for index, level in enumerate(design.pdk.levels):
        yield f"  (layer {level.name} (type signal) (property (index {index})))"
    keep = max(max(0, level.edge_keepout - level.min_spacing) for level in design.pdk.levels)
    box = design.outline.grown(-keep)
    yield f"  (boundary (rect pcb {_xy(box.x0, box.y0)} {_xy(box.x1, box.y1)}))"
    for keepout in design.keepouts:
        ring = " ".join(_xy(x, y) for x, y in keepout.ring.tolist())
        yield from (f'  (keepout "" (polygon {design.pdk.levels[k].name} 0 {ring}))' for k in keepout.levels)
    if design.pdk.vias:
        yield f"  (via {' '.join(rule.name for rule in design.pdk.vias)})"
    level = design.pdk.levels[0]
    yield f"  (rule (width {_um(level.default_width)}) (clearance {_um(level.default_spacing)}))"
    yield " )"


def _classes(design: Design) -> Iterator[str]:
    """Each class with the width and spacing of its first level: the cases have the same on all."""
    for name, net_class in design.classes.items():
        nets = " ".join(f"N{n}" for n, net in enumerate(design.nets) if net.net_class == name)
        if nets:
            first = net_class.levels[0]
            rule = f"(width {_um(net_class.widths[first])}) (clearance {_um(net_class.spacings[first])})"
            vias = " ".join(via.name for via in design.pdk.vias)
            circuit = f" (circuit (use_via {vias}))" if vias else ""
            yield f"  (class {name} {nets}{circuit} (rule {rule}))"


def _style(terminal: Terminal) -> str:
    return f"L{terminal.level}_{terminal.width}x{terminal.height}_{terminal.pad.replace('@', '_').replace('.', 'p')}"


def _padstack(design: Design, terminal: Terminal) -> str:
    level, land = design.pdk.levels[terminal.level].name, design.pdk.pads[terminal.pad].land
    if land.shape is ShapeKind.CIRCLE:
        shape = f"(circle {level} {_um(land.width)})"
    else:
        w, h = terminal.width / 2, terminal.height / 2
        shape = f"(rect {level} {_um(-w)} {_um(-h)} {_um(w)} {_um(h)})"
    return f"  (padstack {_style(terminal)} (shape {shape}) (attach off))"


def _via(rule: ViaRule) -> str:
    lower, upper = (rule.cut + 2 * margin for margin in (rule.enclosure_lower, rule.enclosure_upper))
    shapes = f"(shape (circle {rule.lower} {_um(lower)})) (shape (circle {rule.upper} {_um(upper)}))"
    return f"  (padstack {rule.name} {shapes} (attach off))"


def _um(nm: float) -> str:
    return f"{to_um(nm):g}" if abs(nm) < 1e8 else f"{to_um(nm):.3f}"


def _xy(x: float, y: float) -> str:
    return f"{to_um(x):.3f} {to_um(y):.3f}"
