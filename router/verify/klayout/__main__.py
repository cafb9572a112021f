"""Judgements in a process of its own, one after another: arguments on the way in, verdicts on the way out, pickled."""

from __future__ import annotations

import pickle
import sys

from router.model.errors import InputError
from router.verify.klayout import check_with_klayout


def main() -> None:
    while True:
        try:
            layout_file, design, parts = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer: object = check_with_klayout(layout_file, design, **parts)
        except InputError as error:
            answer = (error.where, error.found, error.expected)
        sys.stdout.buffer.write(pickle.dumps(answer))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
