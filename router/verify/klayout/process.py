"""KLayout's engine at work in processes of its own, beside whatever else is done."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from router.model.design import Design
from router.model.errors import InputError
from router.model.layout import Verdict

# Where this package lies; taken early, as the working directory may change.
_HOME = Path(__file__).resolve().parents[3]
# Rules and nets take about as long; more parts would take a core from our own judge.
PARTS = [{"rules": True, "nets": False}, {"rules": False, "nets": True}]
# Smaller files (bytes) are judged sooner by one process than two have started.
LARGE = 300_000


class BreakdownError(Exception):
    """KLayout's engine ended without a verdict; the message says why."""


@contextmanager
def judging(layout_file: Path, design: Design) -> Iterator[Callable[[], Verdict]]:
    """Start judging a file; what is yielded waits for the verdict. The processes end with the block.

    Waiting raises InputError where KLayout cannot read the file, and BreakdownError.
    """
    large = layout_file.is_file() and layout_file.stat().st_size > LARGE
    parts = PARTS if large and (os.cpu_count() or 1) > 1 else [{"rules": True, "nets": True}]
    with ExitStack() as stack:
        talks = stack.enter_context(ThreadPoolExecutor(len(parts)))
        answers = []
        for part in parts:
            process = stack.enter_context(_process())
            # Talking is left to a thread: the process starts to listen a second or two after it was born.
            arguments = pickle.dumps((layout_file.absolute(), design, part))
            answers.append(talks.submit(_answer, process, arguments))
        yield lambda: _joined([answer.result() for answer in answers])


@contextmanager
def _process() -> Iterator[subprocess.Popen[bytes]]:
    """A judge waiting for its arguments. A Ctrl-C in the terminal is ours alone."""
    command = [sys.executable, "-m", "router.verify.klayout"]
    pipe = subprocess.PIPE
    path = os.pathsep.join([str(_HOME), *filter(None, [os.environ.get("PYTHONPATH")])])
    process = subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True, env=os.environ | {"PYTHONPATH": path}
    )
    try:
        yield process
    finally:
        process.kill()


def _answer(process: subprocess.Popen[bytes], arguments: bytes) -> Verdict:
    answer, complaint = process.communicate(arguments)
    if process.returncode:
        lines = complaint.decode(errors="replace").strip().splitlines()
        raise BreakdownError(lines[-1] if lines else f"exit code {process.returncode}")
    found = pickle.loads(answer)
    if isinstance(found, tuple):
        raise InputError(*found)
    verdict: Verdict = found
    return verdict


def _joined(verdicts: Sequence[Verdict]) -> Verdict:
    """The parts as one: what is no rule of the process comes last."""
    found = [violation for verdict in verdicts for violation in verdict.violations]
    return Verdict(tuple(found), tuple(fault for verdict in verdicts for fault in verdict.faults))
