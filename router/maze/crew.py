"""Searches at once: searchers that share a window, its usage and its fees, each with labels of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import TracebackType
from typing import TypeVar

from router.maze.labels import label_bytes, open_labels
from router.maze.search import Searcher
from router.maze.window import memory_limit

T = TypeVar("T")
R = TypeVar("R")


class Crew:
    """A searcher and its helpers, no more than threads are asked for and labels fit in memory.

    Which of them makes a search, and how many they are, changes nothing of what it finds.
    """

    def __init__(self, searcher: Searcher, threads: int) -> None:
        nodes = len(searcher.window.node)
        helpers = min(threads - 1, memory_limit() // max(1, label_bytes(nodes)))
        self.searchers = [searcher, *(replace(searcher, labels=open_labels(nodes), visits=0) for _ in range(helpers))]
        self.pool = ThreadPoolExecutor(max(1, helpers))

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:  # fmt: skip
        self.pool.shutdown()

    def map(self, find: Callable[[T, Searcher], R], things: Sequence[T]) -> list[R]:
        """What `find` returns for each thing, in their order. It changes nothing that others read meanwhile."""
        found: dict[int, R] = {}
        waiting = iter(range(len(things)))

        def work(searcher: Searcher) -> None:
            for k in waiting:
                found[k] = find(things[k], searcher)

        first, *others = self.searchers[: max(1, len(things))]
        at_work = [self.pool.submit(work, searcher) for searcher in others]
        work(first)
        for one in at_work:
            one.result()
        for searcher in others:
            first.visits, searcher.visits = first.visits + searcher.visits, 0
        return [found[k] for k in range(len(things))]
