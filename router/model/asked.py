"""Whether a run is to end early."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Asked:
    """A question asked now and then, whether to end early, that remembers a yes: then something was cut short."""

    stop: Callable[[], bool]
    yes: bool = False

    def __call__(self) -> bool:
        self.yes = self.yes or self.stop()
        return self.yes


@dataclass(slots=True)
class Deadline:
    """Whether so many seconds have gone by since this was asked first; never where there are none."""

    seconds: float | None
    end: float | None = field(default=None, init=False)

    def __call__(self) -> bool:
        now = time.monotonic()
        if self.seconds is not None and self.end is None:
            self.end = now + self.seconds
        return self.end is not None and now >= self.end
