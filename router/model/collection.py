"""Python's search for garbage, left out where there is none to find."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collection() -> Iterator[None]:
    """While many objects are made that all live on, as in reading a package or routing it: a search for garbage among
    them finds none. It doubles the time of reading 100 000 pins, and adds a tenth to a fifth to that of routing,
    tightening and drawing.

    They count as old ones afterwards: else the next object that is made would start the search after all."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if gc.get_freeze_count() == 0:
                gc.freeze()
                gc.unfreeze()
            gc.enable()
