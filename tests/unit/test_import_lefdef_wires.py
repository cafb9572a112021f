"""Wires, vias and blockages of DEF as traces and keep-outs of a draft."""

from __future__ import annotations

from pathlib import Path

from lefdef_files import COMPONENTS, NETS, def_text, read


def test_wires_become_fixed_traces(tmp_path: Path) -> None:
    """Flush ends move in by half a width, since traces reach so far beyond; extensions move them out again."""
    special = (
        "n1 ( b1 P ) + FIXED top 4000 + SHAPE IOWIRE ( 300000 300000 ) ( * 340000 ) ( 350000 350000 ) "
        "NEW top 4000 + SHAPE STRIPE ( 100000 500000 2000 ) ( 200000 * 2000 ) v "
        "NEW m1 4000 ( 0 0 ) ( 100 0 ) + USE SIGNAL "
        "+ RECT top ( 500000 500000 ) ( 510000 540000 ) + VIA v N ( 1 1 ) "
        "+ ROUTED top 4000 ( 220000 220000 ) ( 220000 280000 )",
        "other + ROUTED top 10000 ( 800000 800000 ) ( 900000 800000 )",
    )
    wire = "( 600000 600000 ) ( 600000 640000 ) RECT ( -1000 -2000 1000 2000 ) VIRTUAL ( 0 0 )"
    nets = (NETS[0], f"n3 ( b2 P ) + ROUTED top {wire} + NONDEFAULTRULE wide")
    draft = read(tmp_path, def_text(nets=nets, SPECIALNETS=special))
    lines = [(trace.net, trace.width, trace.points.tolist()) for trace in draft.traces]
    assert lines == [
        ("n1", 4000, [[300_000, 302_000], [300_000, 340_000], [350_000, 350_000]]),
        ("n1", 4000, [[100_000, 500_000], [200_000, 500_000]]),
        ("n1", 4000, [[220_000, 220_000], [220_000, 278_000]]),
        ("n3", 2000, [[600_000, 600_000], [600_000, 640_000]]),
        ("n1", 10_000, [[505_000, 505_000], [505_000, 535_000]]),
        ("n3", 2000, [[600_000, 639_000], [600_000, 641_000]]),
    ]
    assert [keepout.ring.tolist() for keepout in draft.keepouts if keepout.name.startswith("wire")] == [
        [[800_000, 805_000], [800_000, 795_000], [900_000, 795_000], [900_000, 805_000]]
    ]
    assert "vias of wires that are there: 2 (v)" in draft.lost
    assert "nets with a rule of their own, whose wires are taken as wide as their layer's: 1" in draft.lost
    assert "wires of nets without a pin here, kept clear of: 1" in draft.lost


def test_wires_that_meet_end_where_they_meet(tmp_path: Path) -> None:
    """A slanted run goes on from a straight one; a narrow wire within a wide one adds nothing."""
    special = (
        "n1 ( b1 P ) + ROUTED top 4000 ( 300000 300000 ) ( 340000 300000 ) "
        "NEW top 4000 ( 340000 300000 ) ( 360000 320000 ) NEW top 2000 ( 310000 301000 ) ( 320000 301000 )",
    )
    draft = read(tmp_path, def_text(SPECIALNETS=special))
    assert [(trace.width, trace.points.tolist()) for trace in draft.traces] == [
        (4000, [[302_000, 300_000], [340_000, 300_000], [360_000, 320_000]]),
    ]
    assert "wires that lie within wider ones of their net: 1" in draft.lost


def test_what_stands_among_the_points_of_a_wire_is_passed_over(tmp_path: Path) -> None:
    """Arrays of vias, vias of the file's own, turned ones, styles and shapes: wires go on behind them."""
    special = (
        "n1 ( b1 P ) + ROUTED top 4000 + STYLE 1 ( 300000 300000 ) own FN DO 2 BY 3 STEP 10 10 ( * 340000 )",
        "n2 + ROUTED top 4000 ( 500000 300000 ) TAPER ( 500000 340000 ) SHAPE STRIPE ( 540000 340000 ) own",
    )
    own = "own + RECT top ( -5 -5 ) ( 5 5 ) + POLYGON top + MASK 1 ( 0 0 ) ( 5 0 ) ( 0 5 )"
    draft = read(tmp_path, def_text(VIAS=(own,), SPECIALNETS=special))
    assert [(trace.net, trace.points.tolist()) for trace in draft.traces] == [
        ("n1", [[300_000, 302_000], [300_000, 338_000]]),
        ("n2", [[500_000, 302_000], [500_000, 340_000], [538_000, 340_000]]),
    ]
    assert "arrays of vias in wires: 1" in draft.lost
    assert "vias of wires that are there: 2 (own)" in draft.lost


def test_pieces_of_a_route_are_one_trace(tmp_path: Path) -> None:
    """As they follow one another in the file, whichever way round; not through a land or a third wire, and not back."""
    # Wires end flush, so that they reach half their width beyond their corners.
    pieces = (
        ((340, 298), (340, 402)),
        ((338, 300), (442, 300)),
        ((642, 300), (438, 300)),
        ((640, 302), (640, 200)),
        ((640, 200), (540, 300)),
        ((220, 502), (220, 220)),
        ((220, 220), (502, 220)),
        ((698, 700), (802, 700)),
        ((800, 698), (800, 802)),
        ((798, 700), (902, 700)),
    )
    wires = " NEW top 4000 ".join(" ".join(f"( {1000 * x} {1000 * y} )" for x, y in piece) for piece in pieces)
    draft = read(tmp_path, def_text(SPECIALNETS=(f"n1 ( b1 P ) + ROUTED top 4000 {wires}",)))
    assert [(trace.points / 1000).tolist() for trace in draft.traces] == [
        [[340, 400], [340, 300], [640, 300], [640, 200]],
        [[640, 200], [540, 300]],
        [[220, 500], [220, 220]],
        [[220, 220], [500, 220]],
        [[700, 700], [800, 700]],
        [[800, 700], [800, 800]],
        [[800, 700], [900, 700]],
    ]


def test_what_is_blocked_becomes_keep_outs(tmp_path: Path) -> None:
    blockages = (
        "LAYER top + PUSHDOWN RECT ( 0 500000 ) ( 10000 510000 ) POLYGON ( 0 0 ) ( 9 0 ) ( 0 9 )",
        "LAYER m1 RECT ( 0 0 ) ( 1 1 )",
        "PLACEMENT RECT ( 0 0 ) ( 1 1 )",
    )
    area = "( 0 0 ) ( 0 1000000 ) ( 800000 1000000 ) ( 800000 600000 ) ( 1000000 600000 ) ( 1000000 0 )"
    draft = read(tmp_path, def_text(components=COMPONENTS[:2], area=area, BLOCKAGES=blockages))
    boxes = [(*k.ring.min(axis=0).tolist(), *k.ring.max(axis=0).tolist(), k.layers) for k in draft.keepouts]
    assert boxes == [
        (0, 500_000, 10_000, 510_000, ("top",)),
        (0, 0, 9, 9, ("top",)),
        (800_000, 600_000, 1_000_000, 1_000_000, ()),
    ]
    assert "blockages that are not on these layers: 2" in draft.lost
