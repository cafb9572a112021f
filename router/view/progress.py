"""What a run says while it runs: a live line on a terminal, plain lines elsewhere, nothing when quiet."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.status import Status

from router.model.routing import IterationStats

# Plain output goes to logs: one line a second is enough there.
_PLAIN_INTERVAL = 1.0
# A pass over a large package takes minutes: a log hears of it after so many seconds of silence, a terminal sooner.
_PASS_INTERVAL, _LIVE_INTERVAL = 20.0, 0.2
# A stage that is quick but on the first run says so when it goes on for more seconds than this.
_SLOW_AFTER = 8.0
_SLOW = {"compile": "kernels are being compiled: minutes on the first run on a machine, and kept for later ones"}


@dataclass(slots=True)
class Stopwatch:
    """Seconds by stage, in the order the stages began."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - begun


class Progress:
    """Shows stages and iterations on standard error, and times the stages."""

    def __init__(self, *, quiet: bool = False, clock: Stopwatch | None = None, console: Console | None = None) -> None:
        self.clock = clock or Stopwatch()
        self._console = console or Console(stderr=True, quiet=quiet, highlight=False)
        self._status: Status | None = None
        self._stage = ""
        self._begun = 0.0
        self._said = 0.0
        self._passes = 0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """A stage of the run; its time goes to the clock under its name."""
        self._stage, self._begun, self._said, self._passes = name, time.perf_counter(), 0.0, 0
        with self._told_when_slow(name), self._live(name), self.clock.time(name):
            yield
        self._say(f"{name:10} {self.clock.seconds[name]:8.2f} s", "green")

    def search(self, nodes: int, memory: int) -> None:
        """What the search is about to take at most: lattice nodes and bytes."""
        self._say(f"search over {nodes:,} lattice nodes, at most {memory / 1e6:,.0f} MB")

    def warn(self, warning: str) -> None:
        """What should be known before a long search."""
        self._say(f"warning: {warning}", "yellow")

    def iteration(self, stats: IterationStats) -> None:
        """The state after one pass of the router."""
        now = time.perf_counter()
        self._passes = stats.iteration
        if self._status is not None or now - self._said >= _PLAIN_INTERVAL:
            self._show(
                f"{self._stage}: iteration {stats.iteration}, {stats.unrouted} connections in conflict or unrouted, "
                f"{stats.ripped} removed, {now - self._begun:.1f} s"
            )

    def waiting(self, connections: int) -> None:
        """So many connections wait for their turn, within a pass of the router."""
        now = time.perf_counter()
        interval = _PASS_INTERVAL if self._status is None else _LIVE_INTERVAL
        if now - max(self._said, self._begun) >= interval:
            seconds = f"{now - self._begun:.1f} s"
            self._show(f"{self._stage}: iteration {self._passes + 1}, {connections} connections waiting, {seconds}")

    def _show(self, text: str) -> None:
        """The state of a stage: in place of the last one, or as a line of a log."""
        self._said = time.perf_counter()
        if self._status is not None:
            self._status.update(text)
        else:
            self._say(text)

    def _say(self, line: str, style: str | None = None) -> None:
        """A line of its own, however long: terminals break it where they end, and logs need not."""
        self._console.print(line, style=style, markup=False, soft_wrap=True)

    @contextmanager
    def _told_when_slow(self, name: str) -> Iterator[None]:
        """Says why a stage takes long, once it does."""
        if name not in _SLOW:
            yield
            return
        timer = threading.Timer(_SLOW_AFTER, self._say, [_SLOW[name]])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    @contextmanager
    def _live(self, name: str) -> Iterator[None]:
        if not self._console.is_terminal or self._console.quiet:
            yield
            return
        with self._console.status(name) as self._status:
            yield
        self._status = None
