"""Judgements in a process of its own, one after another: arguments on the way in, verdicts on the way out, pickled."""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import sys

from router.model.errors import InputError
from router.verify.klayout import check_with_klayout

# Of prctl(2): the signal that a process gets when its parent has ended.
PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """A parent that is killed takes this process along, whatever it is at; elsewhere than on Linux, once it is done."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main() -> None:
    end_with_parent()
    # KLayout prints warnings to standard output, among the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while True:
        try:
            layout_file, design, parts = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer: object = check_with_klayout(layout_file, design, **parts)
        except InputError as error:
            answer = (error.where, error.found, error.expected)
        answers.write(pickle.dumps(answer))
        answers.flush()


if __name__ == "__main__":
    main()
