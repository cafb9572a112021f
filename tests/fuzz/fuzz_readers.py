"""Coverage-guided fuzzing of the readers of other tools' files, each input the whole way of `rdl import`.

    pip install -e '.[fuzz]'
    python tests/fuzz/fuzz_readers.py [FORMAT…] [--inputs 20000] [--seed N] [--out DIR]
    python tests/fuzz/fuzz_readers.py FORMAT --again DIR/FORMAT-1.input

One process a format. atheris (libFuzzer) keeps the inputs that reach new lines of the reader and mutates them further,
by its own means and by those of `import_mutator`. A finding is anything but a package or one line of message: a
traceback, more than 5 s, more than 1 GB, a message that names no file. Each is saved as DIR/FORMAT-N.input, with what
was seen beside it, and the slowest input as DIR/FORMAT-slowest.input; `--again` tries such an input once more. Exit
code 1 when there are findings. Inputs are counted with those that mutation begins with, and an empty one.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
if importlib.util.find_spec("router") is None:
    sys.path.insert(0, str(ROOT))

from fuzz_child import Tally  # noqa: E402
from import_seeds import seeds  # noqa: E402
from import_trial import SECONDS, fault  # noqa: E402

from router.read.formats.readers import FORMATS  # noqa: E402

_MOST_DEATHS = 20
# What holds on in a library's own code hears no alarm of Python: such a process is ended from without.
_STILL_SECONDS = 12 * SECONDS
_IN_MEMORY = Path("/dev/shm")
_COLUMNS = ("format", "inputs", "accepted", "refused", "new paths", "slowest s", "peak MB", "findings")


def fuzz(format_name: str, inputs: int, seed: int, out: Path) -> tuple[Tally, int]:
    """The tally of a format's inputs, and how many of them reached something new."""
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None) as folder:
        work = Path(folder)
        (work / "corpus").mkdir()
        first = seeds(format_name, real=True)
        for number, data in enumerate(first):
            (work / "corpus" / f"seed{number}").write_bytes(data)
        wanted = inputs + len(first) + 1
        for death in range(_MOST_DEATHS):
            last = _run(format_name, wanted, seed + death, work, out / format_name)
            tally = Tally.read(work)
            if tally.inputs >= wanted:
                break
            if not (work / "current").exists():
                raise RuntimeError(f"no input was tried:\n{last}")
            tally.inputs += 1
            tally.add_fault(out / format_name, "the process ended", (work / "current").read_bytes(), last)
            tally.write(work)
        return tally, len(list((work / "corpus").iterdir())) - len(first)


def _run(format_name: str, inputs: int, seed: int, work: Path, out: Path) -> str:
    """One process to its end, and the end of what it said."""
    log = work / "log"
    current = work / "current"
    command = [sys.executable, str(HERE / "fuzz_child.py"), format_name, str(inputs), str(seed), str(work), str(out)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    current.unlink(missing_ok=True)
    start = time.time()
    with log.open("wb") as said:
        child = subprocess.Popen(command, stdout=said, stderr=said, env=environment)
        while child.poll() is None:
            time.sleep(0.2)
            if time.time() - (current.stat().st_mtime if current.exists() else start) > _STILL_SECONDS:
                child.kill()
    return log.read_text(encoding="utf-8", errors="replace")[-3000:]


def again(format_name: str, path: Path) -> bool:
    """Try one input and say what came of it; whether it is a finding."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        place, seen = fault(format_name, path.read_bytes(), Path(folder))
    print(place, seen, sep="\n")
    return place not in ("accepted", "refused")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help=f"of {', '.join(FORMATS)}; default: all")
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "fuzz")
    parser.add_argument("--again", type=Path, metavar="FILE")
    given = parser.parse_args()
    unknown = [name for name in given.formats if name not in FORMATS]
    if unknown:
        parser.error(f"no format {unknown[0]!r}")
    if given.again:
        return int(again(given.formats[0], given.again))
    if importlib.util.find_spec("atheris") is None:
        parser.error("atheris is needed: pip install -e '.[fuzz]'")
    given.out.mkdir(parents=True, exist_ok=True)
    print("  ".join(f"{name:>9}" for name in _COLUMNS))
    findings = 0
    for name in given.formats or FORMATS:
        tally, paths = fuzz(name, given.inputs, given.seed, given.out)
        findings += len(tally.faults)
        row = (name, tally.inputs, tally.accepted, tally.refused, paths)
        row += (f"{tally.slowest:.2f}", tally.peak_mb, len(tally.faults))
        print("  ".join(f"{value:>9}" for value in row), flush=True)
        for place, count in tally.faults.items():
            print(f"           {place} ({count} inputs)", flush=True)
    return int(findings > 0)


if __name__ == "__main__":
    sys.exit(main())
