"""routes.json as written reads as the same layout; any other is refused with what is wrong with it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.model.design import Design
from router.model.errors import InputError
from router.model.layout import Layout, Shape, Trace, Via
from router.read.routes import read_routes
from router.write.routes import write_routes

SIDE = 1_000_000


def plain(layout: Layout) -> list[Any]:
    """A layout as nested lists, its pieces in the order that routes.json has."""
    traces = [(t.net, t.level, t.points.tolist(), t.width, t.fixed) for t in layout.traces]
    vias = [(v.net, v.index, v.x, v.y) for v in layout.vias]
    shapes = [(s.net, s.level, s.ring.tolist(), s.role) for s in layout.shapes]
    return [sorted(traces), sorted(vias), sorted(shapes), layout.spread_length]


coordinate = st.integers(-SIDE, SIDE)
places = st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=6).map(lambda p: np.array(p, dtype=np.int64))
one = st.integers(0, 1)
layouts = st.builds(
    Layout,
    st.lists(st.builds(Trace, one, one, st.integers(1, 99_999), places, st.booleans())).map(tuple),
    st.lists(st.builds(Via, one, st.just(0), coordinate, coordinate)).map(tuple),
    st.lists(st.builds(Shape, one, one, places, st.sampled_from(["fill", "bus"]))).map(tuple),
    st.integers(0, 10**9).map(float),
)


@settings(max_examples=60)
@given(layouts)
def test_what_was_written_reads_the_same(tmp_path: Path, small_design: Design, layout: Layout) -> None:
    path = tmp_path / "small.routes.json"
    write_routes(path, small_design, layout)
    again = read_routes(path, small_design)
    assert plain(again) == plain(layout)
    assert all(trace.points.dtype == np.int64 for trace in again.traces)
    first = path.read_bytes()
    write_routes(path, small_design, again)
    assert path.read_bytes() == first


@pytest.fixture
def written(tmp_path: Path, small_design: Design, small_layout: Layout) -> Path:
    ring = np.array([[0, 0], [9_000, 0], [0, 9_000]])
    write_routes(tmp_path / "r.json", small_design, replace(small_layout, shapes=(Shape(0, 0, ring, "fill"),)))
    return tmp_path / "r.json"


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda r: r.update(design="other"), "r.json: design: found 'other'; expected small, as the package says"),
        (lambda r: r.update(pdk="other"), "r.json: pdk: found 'other'; expected two_levels"),
        (lambda r: r.pop("vias"), "r.json: vias: found nothing; expected this key"),
        (lambda r: r.update(trace=[]), "r.json: trace: found an unknown key; expected traces perhaps"),
        (lambda r: r["traces"][1].update(net="C"), r"r.json: traces\[2\].net: found 'C'; expected one of A, B"),
        (lambda r: r["traces"][0].update(level="M1"), r"traces\[1\].level: found 'M1'; expected one of RDL1, RDL2"),
        (lambda r: r["vias"][0].update(via="V9"), r"vias\[1\].via: found 'V9'; expected one of V1"),
        (lambda r: r["vias"][0].update(id="A:1"), r"vias\[1\].id: found 'A:1' twice; expected ids that occur once"),
        (lambda r: r["vias"][0].update(x_um=float("nan")), r"vias\[1\].x_um: found nan; expected a finite number"),
        (lambda r: r["vias"][0].update(x_um="1"), r"vias\[1\].x_um: found '1'; expected a number"),
        (lambda r: r["vias"][0].update(x_um=2000), r"r.json: vias: found metal at \(2000, 0\); expected metal within"),
        (lambda r: r["traces"][0].update(width_um=0), r"traces\[1\].width_um: found 0.*; expected at least 0.001"),
        (lambda r: r["traces"][0].update(points_um=[]), r"traces\[1\].points_um: found \[\]; expected at least 1"),
        (lambda r: r["traces"][0].update(points_um=[[1]]), r"traces\[1\].points_um\[1\]: found \[1\]"),
        (lambda r: r["traces"][0].update(points_um=[[0, -3e3]]), "traces: found metal at"),
        (lambda r: r["shapes"][0].update(ring_um=[[0, 0], [1, 1]]), r"shapes\[1\].ring_um: found .* at least 3"),
        (lambda r: r["shapes"][0].update(ring_um=[[0, 1e9]] * 3), r"shapes\[1\].ring_um\[1\]\[2\]: found 1000000000"),
        (lambda r: r["shapes"][0].update(role=7), r"shapes\[1\].role: found 7; expected text"),
    ],
)
def test_what_does_not_fit_the_package_is_refused(
    change: Change, found: str, written: Path, small_design: Design
) -> None:
    routes = json.loads(written.read_text(encoding="utf-8"))
    change(routes)
    written.write_text(json.dumps(routes), encoding="utf-8")
    with pytest.raises(InputError, match=found):
        read_routes(written, small_design)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "[]", "1" * 5000, '{"design": 1}', "null"])
def test_what_is_no_routes_file_is_refused(text: str, tmp_path: Path, small_design: Design) -> None:
    (tmp_path / "r.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"r\.json"):
        read_routes(tmp_path / "r.json", small_design)


def test_broken_bytes_are_refused_in_words(written: Path, small_design: Design) -> None:
    whole, chance = written.read_bytes(), random.Random(5)
    for _ in range(1500):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data))
            data[at : at + chance.randint(0, 3)] = chance.choice(
                [b"", b"9", b"-", b"]", b"[", b'"', b"e9", b"\xff", b"null"]
            )
        written.write_bytes(data)
        try:
            read_routes(written, small_design)
        except InputError as error:
            assert "r.json" in error.where and len(str(error)) < 1_000


def test_a_missing_file_and_a_cut_off_one(written: Path, small_design: Design) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_routes(written.with_name("none.json"), small_design)
    text = written.read_text(encoding="utf-8")
    written.write_text(text[: len(text) // 2], encoding="utf-8")
    with pytest.raises(InputError, match=r"r\.json:\d+: found a syntax error"):
        read_routes(written, small_design)
