"""The fullest cut of a package, drawn."""

from __future__ import annotations

from pathlib import Path

import klayout.db as kdb
import shapely

from router.model.design import Design, Terminal
from router.model.outlines import land
from router.plan.cut import Cut
from router.plan.decompose import spanning_tree
from router.view.canvas import HOLLOW, SOLID, draw, layer_of, open_view, package_window

_LONG_SIDE = 1600
# Layer, colour, stipple: other lands, ways, lands of the nets that cross, the cut, dies and edge.
_OTHERS, _WAYS, _ENDS, _CUT, _FRAMES = range(1, 6)
_STYLES = (
    (_OTHERS, 0x3A4450, SOLID),
    (_WAYS, 0x5070A0, SOLID),
    (_ENDS, 0x50B0F0, SOLID),
    (_FRAMES, 0x808080, HOLLOW),
    (_CUT, 0xF0D040, SOLID),
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
    view = open_view()
    view.show_layout(layout, False)
    layers = [layer_of(f"{number}/0@1", colour, stipple) for number, colour, stipple in _STYLES]
    draw(view, layers, *package_window(design, _LONG_SIDE), path)


def _land(design: Design, terminal: Terminal) -> kdb.Polygon:
    """The outline of a land about its centre."""
    ring = shapely.get_coordinates(land(terminal, design.pdk.pads)) - (terminal.x, terminal.y)
    return kdb.Polygon([kdb.Point(round(x), round(y)) for x, y in ring.tolist()])
