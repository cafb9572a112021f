"""The fullest cut of a package, drawn."""

from __future__ import annotations

from pathlib import Path

import klayout.db as kdb
import klayout.lay as lay
import shapely

from router.model.design import Design, Terminal
from router.model.outlines import land
from router.plan.cut import Cut
from router.plan.decompose import spanning_tree

_LONG_SIDE = 1600
_BACKGROUND = "#10141a"
_SOLID, _HOLLOW = 0, 1
# Layer, colour, stipple: other lands, ways, lands of the nets that cross, the cut, dies and edge.
_OTHERS, _WAYS, _ENDS, _CUT, _FRAMES = range(1, 6)
_STYLES = (
    (_OTHERS, 0x3A4450, _SOLID),
    (_WAYS, 0x5070A0, _SOLID),
    (_ENDS, 0x50B0F0, _SOLID),
    (_FRAMES, 0x808080, _HOLLOW),
    (_CUT, 0xF0D040, _SOLID),
)


def draw_cut(design: Design, cut: Cut | None, path: Path) -> None:
    """A PNG of a cut (yellow), the nets that must cross it (blue, with straight ways between their ends) and all other
    lands (grey); without a cut, lands alone. Raises OSError when it cannot be written."""
    layout = kdb.Layout()
    top = layout.create_cell("CUT")
    shapes = {number: top.shapes(layout.layer(number, 0)) for number, _, _ in _STYLES}
    long_side = max(design.outline.width, design.outline.height)
    nets = cut.nets if cut else ()
    crossing = {t for n in nets for end in design.nets[n].ends for t in end.terminals}
    drawn: dict[tuple[str, int, int], kdb.Polygon] = {}
    for index, t in enumerate(design.terminals):
        kind = t.pad, t.width, t.height
        if kind not in drawn:
            drawn[kind] = _land(design, t)
        shapes[_ENDS if index in crossing else _OTHERS].insert(drawn[kind].moved(t.x, t.y))
    for net in (design.nets[n] for n in nets):
        ends = [design.terminals[end.terminals[0]] for end in net.ends]
        for one, other, _ in spanning_tree(design, net):
            shapes[_WAYS].insert(kdb.Edge(ends[one].x, ends[one].y, ends[other].x, ends[other].y))
    for x0, y0, x1, y1 in cut.sides(design.outline) if cut else ():
        shapes[_CUT].insert(kdb.Box(x0, y0, x1, y1).enlarged(long_side // 400, long_side // 400))
    for ring in [design.outline.ring(), *(c.placement.apply(c.outline.ring()) for c in design.components)]:
        shapes[_FRAMES].insert(kdb.Polygon([kdb.Point(x, y) for x, y in ring.tolist()]))
    _picture(layout, design, path)


def _land(design: Design, terminal: Terminal) -> kdb.Polygon:
    """The outline of a land about its centre."""
    ring = shapely.get_coordinates(land(terminal, design.pdk.pads)) - (terminal.x, terminal.y)
    return kdb.Polygon([kdb.Point(round(x), round(y)) for x, y in ring.tolist()])


def _picture(layout: kdb.Layout, design: Design, path: Path) -> None:
    view = lay.LayoutView()
    view.set_config("background-color", _BACKGROUND)
    view.set_config("grid-visible", "false")
    view.show_layout(layout, False)
    view.max_hier()
    view.clear_layers()
    for number, colour, stipple in _STYLES:
        properties = lay.LayerProperties()
        properties.source = f"{number}/0@1"
        properties.fill_color = properties.frame_color = colour
        properties.dither_pattern = stipple
        properties.visible = True
        view.insert_layer(view.end_layers(), properties)
    box = design.outline.grown(max(design.outline.width, design.outline.height) // 50)
    width, height = (max(1, round(_LONG_SIDE * v / max(box.width, box.height))) for v in (box.width, box.height))
    target = kdb.DBox(*(value / 1000 for value in (box.x0, box.y0, box.x1, box.y1)))
    path.write_bytes(view.get_pixels_with_options(width, height, 1, 2, 0, target).to_png_data())
