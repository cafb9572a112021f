"""A run of the benchmark: the chosen cases one after another, other routers on each, tables, and the file to keep."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from router.bench.apart import measure_apart, warm_up
from router.bench.cases import Case
from router.bench.outcome import Outcome, Run, as_json, read_run, this_run
from router.bench.peers import Peer, run_peer
from router.bench.table import HEAD, compared, line, machine_line, peer_head, peer_row, row
from router.model.errors import INTERRUPTED, OutputError, RefusedError
from router.write.stage import refuse_files_of_runs, staged_file

STANDARD_OUTPUT = Path("-")


def run_bench(
    cases: Sequence[Case], data: Path, *, command: Sequence[str], time_limit: float | None, keep: Path | None,
    against: Path | None, peers: Sequence[Peer] = (),
) -> int:  # fmt: skip
    """Measure the cases, print the tables, keep the run as JSON in `keep` (`-` prints it, and the tables go to standard
    error), and compare it with the run in the file `against`.

    Returns an exit code as `rdl route` has it, the worst of all cases: 130 when interrupted, 1 when a case failed or is
    not complete and clean, 3 when one was refused. Raises InputError and OutputError before anything is run.
    """
    old = read_run(against) if against else None
    if keep and keep != STANDARD_OUTPUT:
        if not keep.absolute().parent.is_dir():
            raise OutputError(f"{keep}: cannot write there (no such folder)")
        refuse_files_of_runs([keep])
    out = sys.stderr if keep == STANDARD_OUTPUT else sys.stdout
    run, interrupted = this_run(command), True
    print(machine_line(run), line(HEAD), sep="\n", file=out, flush=True)
    with suppress(KeyboardInterrupt):
        warm_up()
        for case in cases:
            run.cases.append(measure_apart(case.name, data, case.limit if time_limit is None else time_limit))
            print(row(run.cases[-1]), file=out, flush=True)
        interrupted = False
    if peers and not interrupted:
        with suppress(KeyboardInterrupt):
            interrupted = True
            _run_peers(run, peers, cases, data, time_limit, out)
            interrupted = False
    if old and against:
        print("", compared(run.cases, old, against.name), sep="\n", file=out)
    _keep(run, keep)
    return INTERRUPTED if interrupted else _code(run.cases)


def _run_peers(
    run: Run, peers: Sequence[Peer], cases: Sequence[Case], data: Path, time_limit: float | None, out: TextIO
) -> None:
    """Other routers on the cases, those that are installed."""
    installed = [(peer, version) for peer in peers if (version := peer.found())]
    print("", *(f"{peer.NAME} is not installed" for peer in peers if not peer.found()), sep="\n", file=out)
    if installed:
        print(peer_head(), file=out, flush=True)
    for case in cases if installed else ():
        design = case.build(data)
        for peer, version in installed:
            run.peers.append(run_peer(peer, version, case.name, design, time_limit))
            print(peer_row(run.peers[-1]), file=out, flush=True)


def _keep(run: Run, keep: Path | None) -> None:
    if keep == STANDARD_OUTPUT:
        sys.stdout.write(as_json(run))
    elif keep:
        with staged_file(keep) as aside:
            aside.write_text(as_json(run), encoding="utf-8")


def _code(outcomes: Sequence[Outcome]) -> int:
    if all(outcome.clean for outcome in outcomes):
        return 0
    return RefusedError.exit_code if all(outcome.clean or outcome.refused for outcome in outcomes) else 1
