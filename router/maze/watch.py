"""Who looks on while a package is searched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from router.model.routing import IterationStats


@dataclass(frozen=True, slots=True)
class Watch:
    """stop: asked between connections, and in long searches, whether to end with the best state so far. progress: told
    of each pass. waiting: told how many connections wait for their turn, each time that one has had it."""

    stop: Callable[[], bool] = lambda: False
    progress: Callable[[IterationStats], None] = lambda stats: None
    waiting: Callable[[int], None] = lambda connections: None


UNWATCHED = Watch()
