"""A routed package as one SVG drawing in µm: a group a mask in its colour, traces as lines, pads and vias as uses.

Seen from the ball side, as the masks are; y points up, as in the package.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from xml.sax.saxutils import escape, quoteattr

from router.draw.masks import draw_masks
from router.model.design import Design
from router.model.geometry import Box, Points
from router.model.layout import Layout, Masks, Trace
from router.model.pdk import Mask, MaskRole
from router.model.units import decimal_um, text_um

LOST: tuple[str, ...] = (
    "corners: traces have round ends and bends, which the polygons of the GDSII enclose",
    "rules, net classes and keep-outs",
)
_FILLED = (MaskRole.METAL, MaskRole.CUT)
_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{view}">
<title>{name}</title>
<desc>Package {name} in the process {pdk}: {nets} nets on {levels} levels, seen from the ball side, lengths in µm</desc>
<rect id="paper" x="{x}" y="{y}" width="{width}" height="{height}" fill="#ffffff"/>
"""


def svg_text(design: Design, layout: Layout) -> str:
    """Masks that hold something, in the order of the process; metal and cuts are filled, all others are lines."""
    masks = draw_masks(design, Layout((), layout.vias, layout.shapes))
    page = design.outline.grown(max(design.outline.width, design.outline.height) // 20)
    ids = {name: f"c{index}" for index, name in enumerate(sorted(masks.cells))}
    traces: dict[int, list[Trace]] = defaultdict(list)
    for trace in layout.traces:
        traces[trace.level].append(trace)
    lines = [_head(design, page), "<defs>", *_shapes(masks, ids, design), "</defs>", '<g transform="scale(1 -1)">']
    for mask in sorted(design.pdk.masks, key=lambda mask: mask.order):
        level = next((i for i, level in enumerate(design.pdk.levels) if level.name == mask.name), -1)
        content = [*_lines(design, traces[level], mask), *_polygons(masks, mask), *_uses(masks, mask, ids)]
        if content:
            lines += [_group(mask, page), *content, "</g>"]
    return "\n".join([*lines, "</g>", *_texts(masks, design, page), "</svg>"]) + "\n"


def _head(design: Design, page: Box) -> str:
    sizes = dict(zip(("x", "y", "width", "height"), map(decimal_um, _top_down(page)), strict=True))
    return _HEAD.format(
        view=" ".join(sizes.values()),
        name=escape(design.name),
        pdk=escape(design.pdk.name),
        nets=len(design.nets),
        levels=len(design.pdk.levels),
        **sizes,
    ).rstrip("\n")


def _top_down(box: Box) -> tuple[int, int, int, int]:
    """Left, top, width and height where y points down."""
    return box.x0, -box.y1, box.width, box.height


def _group(mask: Mask, page: Box) -> str:
    head = f"<g id={quoteattr(mask.name)} "
    if mask.role in _FILLED:
        head += f'fill="{mask.color}" opacity="0.75">'
    else:
        width = max(page.width, page.height) // 2000
        head += f'fill="none" stroke="{mask.color}" stroke-width="{decimal_um(width)}">'
    return f"{head}<title>{escape(mask.name)}</title>"


def _path(ring: Points) -> str:
    return "M" + " ".join(map(decimal_um, ring.flatten().tolist()))


def _shapes(masks: Masks, ids: dict[str, str], design: Design) -> Iterator[str]:
    """What repeats, once for each mask that it is on."""
    for name, cell in sorted(masks.cells.items()):
        for mask in design.pdk.masks:
            if rings := cell.drawing.get(mask.name):
                yield f'<path id="{ids[name]}-{mask.order}" d="{"".join(_path(ring) + "z" for ring in rings)}"/>'


def _lines(design: Design, traces: Iterable[Trace], mask: Mask) -> Iterator[str]:
    """The traces of a level, those of one net and width as one path."""
    paths: dict[tuple[int, int], list[str]] = defaultdict(list)
    for trace in traces:
        paths[trace.net, trace.width].append(_path(trace.points))
    if not paths:
        return
    yield f'<g fill="none" stroke="{mask.color}" stroke-linecap="round" stroke-linejoin="round">'
    for (net, width), parts in paths.items():
        title = f"<title>{escape(design.nets[net].name)}</title>"
        yield f'<path stroke-width="{decimal_um(width)}" d="{"".join(parts)}">{title}</path>'
    yield "</g>"


def _polygons(masks: Masks, mask: Mask) -> Iterator[str]:
    if polygons := masks.drawing[mask.name]:
        yield f'<path d="{"".join(_path(polygon.ring) + "z" for polygon in polygons)}"/>'


def _uses(masks: Masks, mask: Mask, ids: dict[str, str]) -> Iterator[str]:
    """Pads and vias; on metal, pads say what they are."""
    for placed in masks.placed:
        if mask.name in masks.cells[placed.cell].drawing:
            title = f"<title>{escape(f'{placed.terminal} {placed.net}'.strip())}</title>"
            place = (
                f'xlink:href="#{ids[placed.cell]}-{mask.order}" x="{decimal_um(placed.x)}" y="{decimal_um(placed.y)}"'
            )
            named = placed.terminal and mask.role is MaskRole.METAL
            yield f"<use {place}>{title}</use>" if named else f"<use {place}/>"


def _texts(masks: Masks, design: Design, page: Box) -> Iterator[str]:
    """Names of components, and a bar of a round length, a fifth of the page at most."""
    size = max(page.width, page.height) // 60
    yield f'<g id="texts" font-family="sans-serif" font-size="{decimal_um(size)}" text-anchor="middle">'
    marks = [mask.name for mask in design.pdk.masks if mask.role is MaskRole.DIE]
    for label in chain.from_iterable(masks.labels[name] for name in marks):
        yield f'<text x="{decimal_um(label.x)}" y="{decimal_um(-label.y)}">{escape(label.text)}</text>'
    most = page.width // 5
    bar = max(step * 10 ** int(math.log10(most)) for step in (1, 2, 5) if step * 10 ** int(math.log10(most)) <= most)
    x, y = page.x1 - bar - size, -page.y0 - size // 2
    line = f'd="M{decimal_um(x)} {decimal_um(y)}h{decimal_um(bar)}" stroke="#000000"'
    yield f'<path id="scale" {line} stroke-width="{decimal_um(size // 6)}"/>'
    middle, above = decimal_um(x + bar // 2), decimal_um(y - size // 4)
    yield f'<text x="{middle}" y="{above}">{text_um(bar)}</text>'
    yield "</g>"
