"""A case in a process of its own: its peak memory is its own, one thread does all, and a crash ends it alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from router.bench.measure import measure, measure_design
from router.bench.outcome import Outcome
from router.model.errors import InputError, RdlError
from router.read.design import read_design

_THREADS = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def measure_apart(case: str, data: Path, time_limit: float) -> Outcome:
    """What `measure` says, from another process; where that one dies, how. Raises InputError where the data is bad."""
    ran = _run([case, str(data), time_limit])
    if ran.returncode == InputError.exit_code:
        raise RdlError(ran.stderr.strip())
    if ran.returncode:
        return Outcome(case, failed=_cause(ran.returncode, ran.stderr))
    return Outcome(**json.loads(ran.stdout))


def warm_up() -> None:
    """Have all kernels compiled and kept on disk, as compiling them takes memory that no case should answer for."""
    _run([])


def _run(request: list[object]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "router.bench.apart", json.dumps(request)],
        env=os.environ | dict.fromkeys(_THREADS, "1"),
        capture_output=True, text=True, check=False, start_new_session=True,
    )  # fmt: skip


def _cause(code: int, said: str) -> str:
    """Why a process ended: by the system, or with its last words."""
    if code < 0:
        return f"ended by {signal.Signals(-code).name}"
    return (said.strip().splitlines() or [f"ended with {code}"])[-1][:200]


def main(arguments: Sequence[str]) -> None:
    """Measure the case of a request, and print what came of it; a request without one is for compiling alone."""
    request = json.loads(arguments[0])
    if not request:
        measure_design("toy", read_design("toy"), 60.0)
        return
    case, data, time_limit = request
    try:
        print(json.dumps(asdict(measure(case, Path(data), time_limit))))
    except RdlError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    except MemoryError:
        sys.exit("out of memory")


if __name__ == "__main__":
    main(sys.argv[1:])
