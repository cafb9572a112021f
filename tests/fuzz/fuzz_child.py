"""The process that fuzzes one reader: libFuzzer's target, and what its inputs came to. `fuzz_readers` starts it."""

from __future__ import annotations

import json
import os
import random
import sys
import time
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path

_MOST_BYTES = 100_000
_SAVED_EVERY = 200


@dataclass
class Tally:
    """What a format's inputs came to; `faults` by place in the program, with the number of inputs that ended there."""

    inputs: int = 0
    accepted: int = 0
    refused: int = 0
    slowest: float = 0.0
    peak_mb: int = 0
    faults: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, work: Path) -> Tally:
        stored = work / "tally.json"
        return cls(**json.loads(stored.read_text(encoding="utf-8"))) if stored.exists() else cls()

    def write(self, work: Path) -> None:
        (work / "tally.json").write_text(json.dumps(asdict(self)), encoding="utf-8")

    def add_fault(self, out: Path, place: str, data: bytes, seen: str) -> None:
        """Save the first input of a fault as OUT-N.input, and a shorter one instead of it."""
        first = place not in self.faults
        self.faults[place] = self.faults.get(place, 0) + 1
        path = out.with_name(f"{out.name}-{list(self.faults).index(place) + 1}.input")
        if first or len(data) < path.stat().st_size:
            path.write_bytes(data)
            path.with_suffix(".txt").write_text(f"{place}\n\n{seen}\n", encoding="utf-8", errors="backslashreplace")


def main(format_name: str, wanted: int, seed: int, work: Path, out: Path) -> None:
    """Fuzz until the tally in `work` holds so many inputs. The corpus is in `work`/corpus; `out` begins the names of
    saved inputs."""
    import atheris

    # New ways through the readers are the goal, not through all the program: these alone are imported once more.
    import_module("router.exchange")
    for module in [name for name in sys.modules if name.startswith(("router.read.formats", "router.exchange"))]:
        del sys.modules[module]
    with atheris.instrument_imports(include=["router"]):
        import_module("router.exchange")
    import import_mutator
    import import_trial

    from router.write import package_process

    package_process.read_pdk = import_trial.process_read_once
    mutate = import_mutator.Mutator(import_mutator.keywords(format_name))
    tally = Tally.read(work)

    def mutated(data: bytes, most: int, number: int) -> bytes:
        rng = random.Random(number)
        changed = atheris.Mutate(data, most) if rng.randrange(4) == 0 else mutate(data, rng)
        return changed[:most]

    def tried(data: bytes) -> None:
        (work / "current").write_bytes(data)
        start = time.perf_counter()
        place, seen = import_trial.fault(format_name, data, work / "trial")
        seconds = time.perf_counter() - start
        if seconds > tally.slowest:
            tally.slowest = seconds
            out.with_name(f"{out.name}-slowest.input").write_bytes(data)
        tally.inputs += 1
        if place in ("accepted", "refused"):
            setattr(tally, place, getattr(tally, place) + 1)
        else:
            tally.add_fault(out, place, data, seen)
            tally.write(work)
        if tally.inputs >= wanted or tally.inputs % _SAVED_EVERY == 0:
            tally.peak_mb = max(tally.peak_mb, import_trial.peak_mb())
            tally.write(work)
        if tally.inputs >= wanted:
            os._exit(0)

    flags = (f"-seed={seed}", f"-max_len={_MOST_BYTES}", "-mutate_depth=1", "-timeout=0", "-rss_limit_mb=0")
    arguments = [sys.argv[0], str(work / "corpus"), *flags, f"-artifact_prefix={work}/"]
    atheris.Setup(arguments, tried, custom_mutator=mutated)
    import_trial.limit_memory()
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]), Path(sys.argv[5]))
