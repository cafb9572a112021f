"""What a run of the benchmark came to, and the file that keeps it."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from router import __version__
from router.model.errors import InputError
from router.read.textfile import read_text, shown

_PACKAGES = ("numpy", "numba", "scipy", "shapely", "rtree", "gdstk", "klayout")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case, routed. `refused` and `failed` say why there is no more to tell. `seconds` by stage, compilation too.

    `wirelength_ratio` is that of two-terminal nets against their octilinear distances, `other_ratio` that of all others
    against their spanning trees. `violations` and `faults` (of connectivity) are those our own judge finds in the file.
    """

    case: str
    levels: int = 0
    nets: int = 0
    routed: int = 0
    refused: str = ""
    failed: str = ""
    stopped: bool = False
    seconds: dict[str, float] = field(default_factory=dict)
    node_visits: int = 0
    wirelength_um: float = 0.0
    wirelength_ratio: float | None = None
    other_ratio: float | None = None
    vias: int = 0
    violations: int = 0
    faults: int = 0
    memory_mb: float = 0.0

    @property
    def route_seconds(self) -> float:
        """Lattice, obstacles and search."""
        return self.seconds.get("route", 0.0)

    @property
    def whole_seconds(self) -> float:
        """All that `rdl route` does, but for compiling kernels."""
        return sum(self.seconds.values()) - self.seconds.get("compile", 0.0)

    @property
    def visits_per_net(self) -> float:
        return self.node_visits / max(1, self.nets)

    @property
    def done(self) -> bool:
        """Whether there is a layout to speak of."""
        return not self.refused and not self.failed

    @property
    def clean(self) -> bool:
        """Every net routed, and nothing to complain of."""
        return self.done and self.routed == self.nets and not self.violations and not self.faults


@dataclass(frozen=True, slots=True)
class PeerOutcome:
    """What another router made of a case, judged by our own judge: nets whose terminals it joined, and violations of
    the process. `failed` says why there is no more to tell."""

    peer: str
    version: str
    case: str
    nets: int = 0
    routed: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    vias: int = 0
    wirelength_um: float = 0.0
    violations: int = 0
    faults: int = 0
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Machine:
    """Where a run took place; `load` is how many processes wanted a core as it began."""

    cpu: str
    cores: int
    memory_gb: float
    system: str
    load: float


@dataclass(frozen=True, slots=True)
class Run:
    """A run that can be kept and compared with."""

    version: str
    when: str
    machine: Machine
    packages: dict[str, str]
    command: list[str]
    cases: list[Outcome]
    peers: list[PeerOutcome] = field(default_factory=list)


def this_run(command: Sequence[str]) -> Run:
    """A run that begins now, on this machine, without a case yet."""
    packages = {"python": platform.python_version()} | {name: version(name) for name in _PACKAGES}
    when = datetime.now(UTC).isoformat(timespec="seconds")
    return Run(__version__, when, this_machine(), packages, list(command), [])


def this_machine() -> Machine:
    """The machine as it stands now."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    system = f"{platform.system()} {platform.machine()}"
    return Machine(_cpu(), os.cpu_count() or 1, round(memory, 1), system, round(os.getloadavg()[0], 2))


def _cpu() -> str:
    """The name of the processor where the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def as_json(run: Run) -> str:
    """The run as text, one line a case, so that two files can be told apart by eye."""
    facts = asdict(run)
    lists = {key: facts.pop(key) for key in ("cases", "peers")}
    head = json.dumps(facts, indent=1, ensure_ascii=False)[:-2]
    parts = []
    for key, entries in lists.items():
        lines = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in entries)
        parts.append(f' "{key}": [\n{lines}\n ]' if entries else f' "{key}": []')
    return ",\n".join([head, *parts]) + "\n}\n"


def read_run(path: Path) -> Run:
    """A run that was kept. Raises InputError when the file is none."""
    try:
        return TypeAdapter(Run).validate_json(read_text(path))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(step) for step in first["loc"]) or "the file"
        raise InputError(f"{shown(path)}: {key}", first["msg"], "a file that rdl bench --json wrote") from None
