"""Other routers on the same cases, where they are installed, and what our own judge finds in their results."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from router.bench.outcome import PeerOutcome
from router.bench.peers import freerouting, pcbrnd, qrouter, tscircuit
from router.bench.peers.program import run_program
from router.draw.masks import draw_masks
from router.model.design import Design
from router.model.errors import InputError
from router.model.geometry import line_length
from router.model.layout import Layout
from router.model.units import to_um
from router.read.nearest import one_of
from router.verify import Engine, sign_off
from router.write.gds import write_gds

# How long another router may take where no time limit is given.
DEFAULT_LIMIT = 600.0


class Peer(Protocol):
    """A module for each router: its name, whether it is installed, how it is run and how its result is read."""

    NAME: str

    def found(self) -> str: ...

    def command(self, design: Design, folder: Path) -> tuple[list[str], str]: ...

    def layout(self, design: Design, folder: Path) -> Layout: ...


_MODULES: tuple[Peer, ...] = (freerouting, pcbrnd, qrouter, tscircuit)
PEERS = {peer.NAME: peer for peer in _MODULES}


def chosen_peers(names: Iterable[str]) -> list[Peer]:
    """The routers of these names. Raises InputError for one that is not known."""
    for name in names:
        if name not in PEERS:
            raise InputError(f"peer {name[:60]!r}", "no such router", one_of(name, PEERS))
    return [PEERS[name] for name in dict.fromkeys(names)]


def run_peer(peer: Peer, version: str, case: str, design: Design, limit: float | None) -> PeerOutcome:
    """Let another router try a case for `limit` seconds at most, and judge what it hands back."""
    limit = DEFAULT_LIMIT if limit is None else limit
    with TemporaryDirectory() as name:
        folder = Path(name)
        command, said = peer.command(design, folder)
        try:
            ran = run_program(command, folder, limit, said)
        except subprocess.TimeoutExpired:
            return PeerOutcome(peer.NAME, version, case, len(design.nets), failed=f"not done after {limit:g} s")
        try:
            routed = peer.layout(design, folder)
        except (ValueError, KeyError, IndexError, TypeError) as error:
            why = f"{error} (ended with {ran.code}: {(ran.text.strip().splitlines() or [''])[-1][:120]})"
            return PeerOutcome(peer.NAME, version, case, len(design.nets), failed=why)
        gds = folder / "judged.gds"
        write_gds(gds, design, draw_masks(design, routed))
        verdict = sign_off(gds, design, Engine.OWN).verdict
    broken = {net for fault in verdict.faults if fault.kind in ("open", "unreached") for net in fault.nets}
    return PeerOutcome(
        peer=peer.NAME,
        version=version,
        case=case,
        nets=len(design.nets),
        routed=len(design.nets) - len(broken),
        seconds=round(ran.seconds, 3),
        cpu_seconds=round(ran.cpu_seconds, 3),
        vias=len(routed.vias),
        wirelength_um=round(to_um(sum(line_length(trace.points) for trace in routed.traces)), 3),
        violations=len(verdict.violations),
        faults=len(verdict.faults),
    )
