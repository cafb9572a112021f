"""KLayout's engine at work in processes of its own, beside whatever else is done."""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
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


class Judge:
    """A process with KLayout's engine, which waits for files to judge, one after the other."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "router.verify.klayout"]
        path = os.pathsep.join([str(_HOME), *filter(None, [os.environ.get("PYTHONPATH")])])
        # A file takes all that it complains of; a pipe that nobody reads would fill.
        self._files = ExitStack()
        self._complaints = self._files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        # A Ctrl-C in the terminal is ours alone.
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._complaints, start_new_session=True,
            env=os.environ | {"PYTHONPATH": path},
        )  # fmt: skip
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            self._files.enter_context(closing(pipe))
        # Of two processes that are forked from one, each has to have its own.
        self.owner = os.getpid()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def answer(self, arguments: bytes) -> Verdict:
        """The verdict on pickled arguments. Raises InputError, and BreakdownError."""
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write(arguments)
            self._process.stdin.flush()
            found = pickle.load(self._process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            raise BreakdownError(self._complaint()) from None
        if isinstance(found, tuple):
            raise InputError(*found)
        verdict: Verdict = found
        return verdict

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        # What was not read any more is lost with the pipe.
        with suppress(OSError):
            self._files.close()

    def _complaint(self) -> str:
        code = self._process.wait()
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"exit code {code}"


# Judges that have nothing to do: to start takes one as long as twenty small files.
_idle: list[Judge] = []


@contextmanager
def judging(layout_file: Path, design: Design) -> Iterator[Callable[[], Verdict]]:
    """Start judging a file; what is yielded waits for the verdict. Nothing goes on after the block.

    Waiting raises InputError where KLayout cannot read the file, and BreakdownError.
    """
    large = layout_file.is_file() and layout_file.stat().st_size > LARGE
    parts = PARTS if large and (os.cpu_count() or 1) > 1 else [{"rules": True, "nets": True}]
    with ExitStack() as stack:
        talks = stack.enter_context(ThreadPoolExecutor(len(parts)))
        answers = []
        for part in parts:
            # Talking is left to a thread: the process starts to listen a second or two after it was born.
            arguments = pickle.dumps((layout_file.absolute(), design, part))
            answers.append(stack.enter_context(_asked(talks, arguments, keep=not large)))
        yield lambda: _joined([answer.result() for answer in answers])


@contextmanager
def _asked(talks: ThreadPoolExecutor, arguments: bytes, *, keep: bool) -> Iterator[Future[Verdict]]:
    """The answer of a judge, who is kept for the next file once he has given it: not after a large one, which he would
    hold the memory of."""
    judge = _hire()
    answer = talks.submit(judge.answer, arguments)
    try:
        yield answer
    finally:
        if keep and answer.done() and not isinstance(answer.exception(), BreakdownError):
            _idle.append(judge)
        else:
            judge.end()


def _hire() -> Judge:
    """A judge of this process who has nothing to do, or else a new one."""
    while _idle:
        judge = _idle.pop()
        if judge.owner == os.getpid() and judge.alive:
            return judge
    return Judge()


@atexit.register
def _dismiss() -> None:
    """End those that wait."""
    while _idle:
        judge = _idle.pop()
        if judge.owner == os.getpid():
            judge.end()


def _joined(verdicts: Sequence[Verdict]) -> Verdict:
    """The parts as one: what is no rule of the process comes last."""
    found = [violation for verdict in verdicts for violation in verdict.violations]
    faults = [fault for verdict in verdicts for fault in verdict.faults]
    metal = {mask: area for verdict in verdicts for mask, area in verdict.metal.items()}
    return Verdict(tuple(found), tuple(faults), metal)
