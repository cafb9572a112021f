"""The benchmark as tables of plain text: this run, this run against an earlier one, and other routers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from router.bench.cases import Case
from router.bench.outcome import Outcome, PeerOutcome, Run

HEAD = (
    "case",
    "levels",
    "nets",
    "complete",
    "route s",
    "whole s",
    "visits / net",
    "× bound",
    "vias",
    "DRC + LVS",
    "peak MB",
)
PEER_HEAD = ("case", "router", "nets", "complete", "seconds", "CPU s", "vias", "length, mm", "DRC + LVS")
COMPARED = ("case", "complete", "route s", "whole s", "visits", "wirelength", "memory")
_WIDTHS = (17, 6, 6, 8, 8, 8, 12, 8, 6, 9, 8)
_PEER_WIDTHS = (17, 20, 6, 8, 8, 8, 6, 10, 11)
_COMPARED_WIDTHS = (17, 16, 8, 8, 8, 10, 8)


def line(cells: Sequence[str], widths: Sequence[int] = _WIDTHS) -> str:
    """One row, the first cell to the left and all others to the right."""
    first, *others = (
        f"{c:<{w}}" if k == 0 else f"{c:>{w}}" for k, (c, w) in enumerate(zip(cells, widths, strict=True))
    )
    return " ".join([first, *others]).rstrip()


def row(outcome: Outcome) -> str:
    """One case of this run."""
    if not outcome.done:
        # What follows the witness is advice for one who routes it.
        why = outcome.refused.removeprefix(f"{outcome.case} is ").partition("; ")[0]
        told = f"refused: {why}" if outcome.refused else f"FAILED: {outcome.failed}"
        return line((outcome.case, str(outcome.levels), str(outcome.nets)), _WIDTHS[:3]) + f" {told}"
    cells = (
        outcome.case, str(outcome.levels), str(outcome.nets),
        f"{outcome.routed}{'*' * outcome.stopped}",
        f"{outcome.route_seconds:.2f}", f"{outcome.whole_seconds:.2f}", f"{outcome.visits_per_net:.0f}",
        _figure(outcome.wirelength_ratio, 4), str(outcome.vias),
        f"{outcome.violations} + {outcome.faults}", f"{outcome.memory_mb:.0f}",
    )  # fmt: skip
    return line(cells)


def peer_row(outcome: PeerOutcome) -> str:
    """One case as another router left it."""
    who = f"{outcome.peer} {outcome.version}"
    if outcome.failed:
        return f"{outcome.case:<{_PEER_WIDTHS[0]}} {who:>{_PEER_WIDTHS[1]}} FAILED: {outcome.failed}"
    cells = (
        outcome.case, who, str(outcome.nets), str(outcome.routed), f"{outcome.seconds:.1f}",
        f"{outcome.cpu_seconds:.1f}", str(outcome.vias),
        f"{outcome.wirelength_um / 1000:.1f}", f"{outcome.violations} + {outcome.faults}",
    )  # fmt: skip
    return line(cells, _PEER_WIDTHS)


def peer_head() -> str:
    """The head of the table of other routers."""
    return line(PEER_HEAD, _PEER_WIDTHS)


def compared(new: Iterable[Outcome], old: Run, name: str) -> str:
    """Ratios new to old of all cases that both runs hold; wirelength only where both routed as many nets."""
    before = {outcome.case: outcome for outcome in old.cases}
    rows = [f"this run / {name} (version {old.version}, {old.when}, {old.machine.cpu}, load {old.machine.load:g})"]
    rows.append(line(COMPARED, _COMPARED_WIDTHS))
    pairs = [(now, before[now.case]) for now in new if now.case in before]
    rows += [line(_ratios(now, then), _COMPARED_WIDTHS) for now, then in pairs]
    return "\n".join(rows if pairs else [rows[0], "no case in common"])


def _ratios(now: Outcome, then: Outcome) -> tuple[str, ...]:
    same = now.routed == then.routed and now.nets == then.nets
    length = _ratio(now.wirelength_um, then.wirelength_um) if same else "-"
    return (
        now.case, f"{_routed(then)} → {_routed(now)}",
        _ratio(now.route_seconds, then.route_seconds), _ratio(now.whole_seconds, then.whole_seconds),
        _ratio(now.node_visits, then.node_visits), length, _ratio(now.memory_mb, then.memory_mb),
    )  # fmt: skip


def _routed(outcome: Outcome) -> str:
    if outcome.done:
        return f"{outcome.routed}/{outcome.nets}"
    return "refused" if outcome.refused else "failed"


def _ratio(now: float, then: float) -> str:
    return f"{now / then:.3f}" if now and then else "-"


def _figure(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def machine_line(run: Run) -> str:
    """Where and with what a run is made."""
    machine, told = run.machine, ", ".join(f"{name} {number}" for name, number in run.packages.items())
    return f"{machine.cpu}, {machine.cores} cores, {machine.memory_gb:g} GB, load {machine.load:g}; {told}; one thread"


def case_list(cases: Iterable[Case], folder: Path) -> str:
    """All cases: those run where none is named with a star, those without their data in `folder` marked."""
    lines = []
    for case in cases:
        missing = "" if case.at_hand(folder) else f"   (needs the data {case.data})"
        lines.append(f"{'*' if case.quick else ' '} {case.name:<{_WIDTHS[0]}} {case.about}{missing}")
    return "\n".join([*lines, "* run where no case is named; `all` runs every case whose data is there"])
