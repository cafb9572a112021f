"""What is routed as a Specctra session file (SES), which board tools take back into their design.

Grammar: SPECCTRA Design Language Reference. Lengths count in steps of the resolution, a nanometre.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from router.model.design import Design
from router.model.layout import Layout
from router.write.formats.specctra import Lengths, Words, words_for

LOST = (
    "pads, nets without metal, keep-outs and rules: a session holds routes, and belongs to its design file",
    "which traces are fixed",
)
_LENGTHS = Lengths(steps=True)


def ses_text(design: Design, layout: Layout) -> str:
    """The whole file; it belongs to the design file NAME.dsn.

    It has no placement: readers move components to where that says, and a package knows neither the sides nor all
    angles of the board that it was read from.
    """
    words = words_for(design)
    parts = [
        f"(session {words.of(design.name)}",
        f" (base_design {words.of(f'{design.name}.dsn')})",
        " (routes (resolution um 1000)",
        "  (parser (host_cad rdl) (host_version 1))",
        "  (library_out",
        *(f"   {_LENGTHS.via(words, rule)}" for rule in design.pdk.vias),
        "  )",
        "  (network_out",
        *_nets(design, layout, words),
        "  )",
        " )",
        ")",
    ]
    return "\n".join(parts) + "\n"


def _nets(design: Design, layout: Layout, words: Words) -> Iterator[str]:
    levels = [words.of(level.name) for level in design.pdk.levels]
    vias = [words.of(rule.name) for rule in design.pdk.vias]
    pieces: dict[int, list[str]] = defaultdict(list)
    for trace in layout.traces:
        pieces[trace.net].append(
            f"(wire (path {levels[trace.level]} {trace.width} {_LENGTHS.places(trace.points.tolist())}))"
        )
    for shape in layout.shapes:
        pieces[shape.net].append(f"(wire (polygon {levels[shape.level]} 0 {_LENGTHS.ring(shape.ring)}))")
    for via in layout.vias:
        pieces[via.net].append(f"(via {vias[via.index]} {via.x} {via.y})")
    for net in sorted(pieces):
        yield f"   (net {words.of(design.nets[net].name)}"
        yield from (f"    {piece}" for piece in pieces[net])
        yield "   )"
