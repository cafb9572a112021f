"""The chain of records of a GDSII file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from router.model.kernels import compiled

HEADER, ENDLIB = 0x00, 0x04


@compiled
def record_chain(content: NDArray[np.uint8]) -> tuple[int, int]:
    """Follow the records to ENDLIB. Returns a problem and its byte offset; problem 0 means none.

    1: no HEADER record at the start; 2: a record length below 4 or odd; 3: the file ends within a record;
    4: the file ends before ENDLIB.
    """
    size = content.size
    if size < 6 or content[2] != HEADER or content[0] != 0 or content[1] != 6:
        return 1, 0
    at = 0
    while at + 4 <= size:
        length = int(content[at]) * 256 + int(content[at + 1])
        if length < 4 or length % 2:
            return 2, at
        if at + length > size:
            return 3, at
        if content[at + 2] == ENDLIB:
            return 0, at
        at += length
    return 4, at
