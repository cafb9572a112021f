"""Kernels are compiled before the search, in a stage of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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

def compiled():
    rooms = {name: vars(room) for name, room in sys.modules.items() if name.startswith("router.")}
    return {(room, name) for room, held in rooms.items() for name, it in held.items() if getattr(it, "signatures", ())}

flow._warm_up(after_routing=False)
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
