"""Kernels are compiled before the search, in a stage of their own, by two processes where there are two cores."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from router import read_design, route, warm_up
from router.view.progress import Progress

PACKAGE = """
name = "p"
pdk = "fanout_10um"
levels = 2
outline = [2400, 2400]
[[die]]
name = "d"
pad = "bump"
array = { nx = 3, ny = 2, pitch = 300 }
[[balls]]
name = "g"
at = [0, 600]
pad = "ball"
array = { nx = 3, ny = 1, pitch = 500 }
[nets]
A = ["d.A1", "g.A1"]
B = ["d.A2", "g.A2", "d.B2"]
C = ["d.A3", "g.A3"]
[[keepout]]
polygon = [[-700, -700], [-200, -700], [-700, -300]]
[[fixed]]
net = "C"
level = "RDL1"
width = 20
points = [[800, -800], [800, 0], [600, 200]]
"""
# What is compiled, or read from numba's cache, after the kernels have been asked for.
LATE = """
import sys
from router import flow
from router.warm_up import warm_up

def compiled():
    rooms = {name: vars(room) for name, room in sys.modules.items() if name.startswith("router.")}
    return {(room, name) for room, held in rooms.items() for name, it in held.items() if getattr(it, "signatures", ())}

warm_up(after_routing=False)
before = compiled()
flow.route(flow.read_design(sys.argv[1]))
print(*sorted(f"{room}.{name}" for room, name in compiled() - before), sep="\\n")
"""


def test_a_search_compiles_nothing(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(PACKAGE, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-c", LATE, tmp_path / "p.toml"], capture_output=True, text=True, check=True, timeout=600
    )
    # The id of a node is a line of arithmetic, which takes no time to compile where Python asks for one.
    assert [name for name in run.stdout.split() if not name.endswith(".node_at")] == []


# The kernels of drawing that are asked for by a package whose nets cross each other, and then by one that is routed.
DRAWN = """
import sys
from router.maze import route_design
from router.warm_up import draw, exacting_toy, straight_routing

def asked_for():
    rooms = {name: vars(room) for name, room in sys.modules.items() if name.startswith("router.draw.")}
    return {
        (room, name, len(it.signatures))
        for room, held in rooms.items() for name, it in held.items() if getattr(it, "signatures", ())
    }

toy = exacting_toy()
draw(toy, straight_routing(toy), after_routing=True)
before = asked_for()
draw(toy, route_design(toy), after_routing=True)
print(len(before), *sorted(asked_for() - before))
"""


def test_what_another_process_draws_asks_for_all_kernels_of_drawing() -> None:
    run = subprocess.run([sys.executable, "-c", DRAWN], capture_output=True, text=True, check=True, timeout=600)
    count, *late = run.stdout.split()
    assert int(count) > 5
    assert late == []


def test_the_other_process_ends_with_the_run_that_waits_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = tmp_path / "done"
    slow = tmp_path / "python"
    slow.write_text(f"#!/bin/sh\nsleep 0.5\ntouch {done}\n", encoding="utf-8")
    slow.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(slow))
    with pytest.raises(KeyboardInterrupt), warm_up.drawn_elsewhere(after_routing=False):
        raise KeyboardInterrupt
    time.sleep(1)
    assert not done.exists()
    with warm_up.drawn_elsewhere(after_routing=False):
        assert not done.exists()
    assert done.exists(), "it is waited for"


def test_where_there_can_be_no_other_process_all_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    went_on = False
    with warm_up.drawn_elsewhere(after_routing=False):
        went_on = True
    assert went_on


@pytest.mark.parametrize(
    ("kept", "lasting", "said"), [(False, False, True), (True, False, False), (False, True, False)]
)
def test_kernels_that_serve_one_run_alone_are_warned_of(
    monkeypatch: pytest.MonkeyPatch, *, kept: bool, lasting: bool, said: bool
) -> None:
    monkeypatch.setattr(warm_up, "is_kept", lambda _: kept)
    monkeypatch.setattr(warm_up, "lasts", lambda _: lasting)
    monkeypatch.setattr(warm_up, "warm_up", lambda **_: None)
    output = io.StringIO()
    route(read_design("toy"), progress=Progress(console=Console(file=output, width=200)))
    assert ("NUMBA_CACHE_DIR may name one" in output.getvalue()) == said
