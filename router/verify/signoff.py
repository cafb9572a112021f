"""Sign-off: our own engine and KLayout's judge a file side by side, each in a process of its own."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from router.model.design import Design
from router.model.errors import InputError
from router.model.geometry import Box
from router.model.layout import Difference, SignOff, Verdict
from router.verify.agree import differences
from router.verify.check import check

OWN, KLAYOUT = "own", "klayout"


class Engine(StrEnum):
    """Who judges a layout."""

    OWN = OWN
    KLAYOUT = KLAYOUT
    BOTH = "both"


def sign_off(layout_file: Path, design: Design, engine: Engine = Engine.BOTH) -> SignOff:
    """Judge a GDSII or OASIS file. Raises InputError when it cannot be read.

    When KLayout's engine breaks down, that is a difference: the file is not signed off.
    """
    if engine is Engine.OWN:
        return SignOff({OWN: check(layout_file, design)})
    with _second_process(layout_file, design) as second:
        if engine is Engine.KLAYOUT:
            verdict = _verdict_of(second)
            if isinstance(verdict, str):
                return SignOff({KLAYOUT: Verdict((), ())}, (_broken_down(verdict, design.outline),))
            return SignOff({KLAYOUT: verdict})
        own, other = check(layout_file, design), _verdict_of(second)
    if isinstance(other, str):
        return SignOff({OWN: own}, (_broken_down(other, design.outline),))
    return SignOff({OWN: own, KLAYOUT: other}, tuple(differences(own, other, (OWN, KLAYOUT))))


@contextmanager
def _second_process(layout_file: Path, design: Design) -> Iterator[subprocess.Popen[bytes]]:
    """KLayout's engine at work on the file; it ends with us, and a Ctrl-C in the terminal is ours alone."""
    command = [sys.executable, "-m", "router.verify.klayout"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True) as process:
        try:
            assert process.stdin is not None
            process.stdin.write(pickle.dumps((layout_file, design)))
            process.stdin.close()
            process.stdin = None
            yield process
        finally:
            process.kill()


def _verdict_of(process: subprocess.Popen[bytes]) -> Verdict | str:
    """The verdict, or why there is none. Raises the InputError that the process met."""
    answer, complaint = process.communicate()
    if process.returncode:
        lines = complaint.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"exit code {process.returncode}"
    found = pickle.loads(answer)
    if isinstance(found, tuple):
        raise InputError(*found)
    verdict: Verdict = found
    return verdict


def _broken_down(why: str, outline: Box) -> Difference:
    return Difference(OWN, "ENGINE", f"KLayout's engine gave no verdict: {why}", outline)
