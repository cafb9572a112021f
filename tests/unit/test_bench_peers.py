"""Other routers on the benchmark's cases: what they are given, what is read back, and how it is judged."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from router.bench import peers, run
from router.bench.outcome import Outcome, PeerOutcome
from router.bench.package import build, grid, part
from router.bench.peers import freerouting, pcbrnd, program, qrouter, ses, tscircuit
from router.bench.peers.dsn import dsn_text
from router.bench.table import peer_row
from router.cli import app
from router.model.design import Design
from router.model.layout import Layout, Trace, Via
from router.read.formats.dsn_tokens import parse

# The way of net N0 from its bump at (-200, 0) to its ball at (-400, 0), and of N1 on the other side, in µm.
WAYS = {0: [(-200, 0), (-300, 0), (-400, 0)], 1: [(200, 0), (300, 0), (400, 0)]}


@pytest.fixture(scope="module")
def pair() -> Design:
    """Two bumps at 400 µm and two balls at 800 µm on two levels."""
    die = part("die", "bump", 80, ["1", "2"], grid(2, 1, 400_000), ["A", "B"])
    balls = part("balls", "ball", 250, ["1", "2"], grid(2, 1, 800_000), ["A", "B"])
    return build(
        {"name": "pair", "pdk": "fanout_10um", "levels": 2, "outline": [2000, 1000], "die": [die], "balls": [balls]}
    )


def routed() -> Layout:
    """The first step of each way on the first level, the second on the last, a via between."""
    traces, vias = [], []
    for net, way in WAYS.items():
        points = np.array(way, dtype=np.int64) * 1000
        traces += [Trace(net, 0, 10_000, points[:2]), Trace(net, 1, 10_000, points[1:])]
        vias.append(Via(net, 0, *points[1].tolist()))
    return Layout(tuple(traces), tuple(vias))


def same(a: Layout, b: Layout) -> bool:
    """Whether two layouts hold the same, in any order and with traces in either direction."""

    def told(layout: Layout) -> tuple[set[object], set[Via]]:
        ends = {(t.net, t.level, t.width, frozenset(map(tuple, t.points.tolist()))) for t in layout.traces}
        return set(ends), set(layout.vias)

    return told(a) == told(b)


def test_a_design_file_holds_all_terminals_nets_and_levels(pair: Design) -> None:
    text = parse(dsn_text(pair), "board.dsn").root
    parts = {entry[0]: entry[1:] for entry in text[2:]}
    assert [entry[1] for entry in parts["structure"] if entry[0] == "layer"] == ["RDL1", "RDL2"]
    assert ["via", "V1"] in parts["structure"]
    assert ["rule", ["width", "10"], ["clearance", "10"]] in parts["structure"]
    # Metal keeps 25 µm to the edge, of which the clearance is 10.
    ((_, ring),) = (entry for entry in parts["structure"] if entry[0] == "boundary")
    assert ring[:3] == ["path", "pcb", "0"]
    assert {*ring[3::2]} == {"-985.000", "985.000"} and {*ring[4::2]} == {"-485.000", "485.000"}
    places = [place[1:4] for entry in parts["placement"] for place in entry[2:]]
    assert places == [["T0", "-200.000", "0.000"], ["T1", "200.000", "0.000"], ["T2", "-400.000", "0.000"],
                      ["T3", "400.000", "0.000"]]  # fmt: skip
    nets = [entry for entry in parts["network"] if entry[0] == "net"]
    assert nets == [["net", "N0", ["pins", "T0-1", "T2-1"]], ["net", "N1", ["pins", "T1-1", "T3-1"]]]
    stacks = {entry[1]: entry[2:] for entry in parts["library"] if entry[0] == "padstack"}
    pads = {entry[3][1] for entry in parts["library"] if entry[0] == "image"}
    assert stacks["V1"][:2] == [["shape", ["circle", "RDL1", "25"]], ["shape", ["circle", "RDL2", "25"]]]
    assert len(pads) == 2 and pads | {"V1"} == set(stacks)
    assert {entry[1] for entry in parts["placement"]} == {entry[1] for entry in parts["library"] if entry[0] == "image"}


SESSION = """(session "rdl" (base_design rdl)
 (routes (resolution um 10) (parser (host_cad "rdl"))
  (network_out
   (net N0 (wire (path RDL1 100 -2000 0 -3000 0 -3000 0)) (wire (path RDL2 100 -3000 0 -4000 0)) (via V1 -3000 0))
   (net N1 (wire (path RDL1 100 2000 0 3000 0)) (wire (path RDL2 100 3000 0 4000 0)) (via V1 3000 0)))))
"""


def test_a_session_becomes_a_layout(pair: Design) -> None:
    assert same(ses.layout_of(SESSION, pair), routed())


@pytest.mark.parametrize("text", ["(session", "())", "(session x)", "(pcb x)"])
def test_what_is_no_session_is_said_so(pair: Design, text: str) -> None:
    with pytest.raises(ValueError, match=r"bracket|no routes"):
        ses.layout_of(text, pair)


def test_freerouting_is_run_on_files_in_its_folder(
    pair: Design, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FREEROUTING_JAR", "")
    command, said = freerouting.command(pair, tmp_path)
    assert (command, said) == (["freerouting", "-de", "board.dsn", "-do", "board.ses"], "")
    assert (tmp_path / "board.dsn").read_text(encoding="utf-8") == dsn_text(pair)
    with pytest.raises(ValueError, match="no session"):
        freerouting.layout(pair, tmp_path)
    (tmp_path / "board.ses").write_text(SESSION, encoding="utf-8")
    assert same(freerouting.layout(pair, tmp_path), routed())


def test_a_board_for_pcb_rnd(pair: Design, tmp_path: Path) -> None:
    command, said = pcbrnd.command(pair, tmp_path)
    text = (tmp_path / command[-1]).read_text(encoding="utf-8")
    assert 'PCB["" 2000.000um 1000.000um]' in text
    assert 'Styles["Signal,10.000um,25.000um,15.000um,10.000um:' in text
    assert 'Element["" "" "T0" "" 800.000um 500.000um 0 0 0 100 ""]' in text
    assert text.count('"onsolder"') == 2
    assert 'Net("N1" "(unknown)") (Connect("T1-1") Connect("T3-1"))' in text
    assert said.splitlines()[1] == "AutoRoute(AllRats)"


SAVED = """Via[700001nm 500000nm 25um 20um 0 15um "" "clearline"]
Via[1.3mm 500um 25um 20um 0 15um "" "clearline"]
Layer(1 "RDL1")
(
\tLine[800000nm 500000nm 700000nm 500000nm 10000nm 20000nm "auto"]
\tLine[1200um 500um 1300um 500um 10um 20um "auto"]
)
Layer(2 "RDL2")
(
\tLine[700um 500um 600um 500um 10um 20um "auto"]
\tLine[1300um 500um 1400um 500um 10um 20um "auto"]
)
Layer(3 "silk")
(
\tLine[0 0 600um 500um 10um 20um "auto"]
)
"""


def test_a_saved_board_becomes_a_layout(pair: Design, tmp_path: Path) -> None:
    """Nothing there says of which net a line is; it is the net of the land to which it leads."""
    with pytest.raises(ValueError, match="no board"):
        pcbrnd.layout(pair, tmp_path)
    (tmp_path / "routed.pcb").write_text(SAVED, encoding="utf-8")
    found = pcbrnd.layout(pair, tmp_path)
    moved = [replace(via, x=via.x + (via.net == 0)) for via in routed().vias]
    assert same(found, Layout(routed().traces, tuple(moved)))
    (tmp_path / "routed.pcb").write_text("", encoding="utf-8")
    assert pcbrnd.layout(pair, tmp_path) == Layout((), ())


def test_lef_and_def_for_qrouter(pair: Design, tmp_path: Path) -> None:
    command, _ = qrouter.command(pair, tmp_path)
    assert (tmp_path / command[-1]).read_text(encoding="utf-8").splitlines()[:2] == [
        "read_lef board.lef",
        "read_def board.def",
    ]
    lef, placed = ((tmp_path / name).read_text(encoding="utf-8") for name in ("board.lef", "board.def"))
    assert re.findall(r"^(?:LAYER|VIA|MACRO) (\S+)", lef, re.MULTILINE) == [
        "RDL1", "V1", "RDL2", "V1_cut", "L0_80000x80000", "L1_250000x250000"
    ]  # fmt: skip
    assert "PITCH 20.0000 ;\n WIDTH 10.0000 ;\n SPACING 10.0000 ;" in lef
    # The boxes of a round land reach its rim at most.
    corners = np.array(re.findall(r"RECT ([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) ; ?", lef)[:3], dtype=float).reshape(-1, 2)
    assert np.hypot(*(corners - 40).T).max() == pytest.approx(40, abs=0.5)
    assert "- T0 L0_80000x80000 + PLACED ( -240000 -40000 ) N ;" in placed
    assert "- N1\n  ( T1 P ) ( T3 P )\n ;" in placed


ROUTED = """UNITS DISTANCE MICRONS 1000 ;
NETS 2 ;
- N0
  ( T0 P ) ( T2 P )
+ ROUTED RDL1 ( -199999 0 ) ( -299999 * ) V1_cut
  NEW RDL2 ( -299999 0 ) ( -400000 * ) ;
- N1
  ( T1 P ) ( T3 P )
+ ROUTED RDL1 ( 200000 0 ) ( 300000 * ) V1_cut
  NEW RDL2 ( 300000 0 ) ( 300000 * ) ( 400000 * ) ;
END NETS
"""


def test_a_routed_def_becomes_a_layout(pair: Design, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no routed DEF"):
        qrouter.layout(pair, tmp_path)
    (tmp_path / "routed.def").write_text(ROUTED, encoding="utf-8")
    assert same(qrouter.layout(pair, tmp_path), routed())
    (tmp_path / "routed.def").write_text("DESIGN board ;\n", encoding="utf-8")
    with pytest.raises(ValueError, match="without units or nets"):
        qrouter.layout(pair, tmp_path)


def test_a_problem_for_tscircuit_and_its_result(pair: Design, tmp_path: Path) -> None:
    tscircuit.command(pair, tmp_path)
    problem = json.loads((tmp_path / "problem.json").read_text(encoding="utf-8"))
    assert (problem["layerCount"], len(problem["obstacles"]), len(problem["connections"])) == (2, 4, 2)
    assert problem["minTraceWidth"] == pytest.approx(0.15)
    assert problem["minViaPadDiameter"] == pytest.approx(0.375)
    assert problem["connections"][0]["pointsToConnect"][0] == {"x": pytest.approx(-3.0), "y": 0.0, "layer": "top"}
    with pytest.raises(ValueError, match="no result"):
        tscircuit.layout(pair, tmp_path)
    pieces = []
    for net, way in WAYS.items():
        (a, _), (b, _), (c, _) = [(0.015 * x, y) for x, y in way]
        wires = [(a, "top"), (b, "top"), (b, "bottom"), (c, "bottom")]
        route = [{"route_type": "wire", "x": x, "y": 0, "width": 0.15, "layer": layer} for x, layer in wires]
        route.insert(2, {"route_type": "via", "x": b, "y": 0, "from_layer": "top", "to_layer": "bottom"})
        pieces.append({"connection_name": f"N{net}", "route": route})
    (tmp_path / "result.json").write_text(json.dumps(pieces), encoding="utf-8")
    assert same(tscircuit.layout(pair, tmp_path), routed())


class Told:
    """A router that is this interpreter with a line of code, and a layout that is given."""

    NAME = "told"

    def __init__(self, code: str, layout: Callable[[], Layout], version: str = "1.0") -> None:
        self._code, self._layout, self._version = code, layout, version

    def found(self) -> str:
        return self._version

    def command(self, design: Design, folder: Path) -> tuple[list[str], str]:
        return [sys.executable, "-c", self._code], ""

    def layout(self, design: Design, folder: Path) -> Layout:
        return self._layout()


def test_a_result_is_judged_by_our_own_judge(pair: Design) -> None:
    outcome = peers.run_peer(Told("pass", routed), "1.0", "pair", pair, None)
    assert (outcome.routed, outcome.nets, outcome.violations, outcome.faults) == (2, 2, 0, 0)
    assert (outcome.vias, outcome.wirelength_um) == (2, 400.0)
    assert outcome.seconds > 0


def test_what_is_missing_or_too_thin_is_found(pair: Design) -> None:
    whole = routed()
    thin = replace(whole.traces[0], width=5_000)
    broken = Layout((thin, *whole.traces[1:]), whole.vias[:1])
    outcome = peers.run_peer(Told("pass", lambda: broken), "1.0", "pair", pair, None)
    assert outcome.routed == 1
    assert outcome.violations > 0 and outcome.faults > 0


def nothing() -> Layout:
    raise ValueError("no session was written")


def test_a_router_that_fails_or_takes_too_long_is_told(pair: Design) -> None:
    slow = peers.run_peer(Told("import time; time.sleep(60)", routed), "1.0", "pair", pair, 0.2)
    assert slow.failed == "not done after 0.2 s"
    failed = peers.run_peer(Told("print('out of luck'); exit(3)", nothing), "1.0", "pair", pair, None)
    assert failed.failed == "no session was written (ended with 3: out of luck)"
    assert peer_row(failed).endswith("FAILED: no session was written (ended with 3: out of luck)")


def test_a_row_of_another_router() -> None:
    cells = peer_row(PeerOutcome("told", "1.0", "pair", 2, 1, 12.34, 5.67, 3, 4500.0, 1, 2)).split()
    assert cells == ["pair", "told", "1.0", "2", "1", "12.3", "5.7", "3", "4.5", "1", "+", "2"]


def test_other_routers_run_beside_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One that is not installed is named in a line, and left out."""
    for router in (freerouting, pcbrnd, qrouter, tscircuit):
        monkeypatch.setattr(router, "found", lambda: "")
    monkeypatch.setattr(run, "warm_up", lambda: None)
    monkeypatch.setattr(run, "measure_apart", lambda case, data, limit: Outcome(case, nets=2, routed=2))
    monkeypatch.setitem(peers.PEERS, "told", Told("pass", lambda: Layout((), ())))
    words = ["bench", "d2d512m_1", "--peer", "told", "--peer", "pcb-rnd", "--json", str(tmp_path / "run.json")]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0
    assert "pcb-rnd is not installed" in result.stdout
    assert result.stdout.splitlines()[-1].split()[:5] == ["d2d512m_1", "told", "1.0", "512", "0"]
    kept = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert [entry["peer"] for entry in kept["peers"]] == ["told"]


def test_a_program_is_given_its_words_and_its_time_is_taken(tmp_path: Path) -> None:
    code = "import sys, os; print(sys.stdin.read() + os.getcwd())"
    ran = program.run_program([sys.executable, "-c", code], tmp_path, 30, "hello ")
    assert ran.text.strip() == f"hello {tmp_path.resolve()}"
    assert (ran.code, ran.seconds > 0, ran.cpu_seconds > 0) == (0, True, True)
