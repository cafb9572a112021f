"""Kernels of the maze as they are compiled, and as the Python they are written in."""

from __future__ import annotations

import importlib
import pkgutil

import numpy as np
import pytest

from router.maze import kernels
from router.maze.kernels import advance, prefetch, queue
from router.maze.kernels.natural import natural


@pytest.fixture(params=["compiled", "python"])
def plain(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Runs a test twice; the second time without the compiler."""
    if request.param == "python":
        for room in pkgutil.iter_modules(kernels.__path__, f"{kernels.__name__}."):
            module = importlib.import_module(room.name)
            for name, kernel in vars(module).copy().items():
                if hasattr(kernel, "py_func"):
                    monkeypatch.setattr(module, name, kernel.py_func)
                if kernel is natural:
                    monkeypatch.setattr(module, name, np.int64)
        monkeypatch.setattr(prefetch, "ask_for", lambda array, row: None)
    return request.param == "python"


@pytest.fixture
def exact(plain: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """As plain Python, buckets of the queue are one unit of cost wide, so that searches are exact; compiled, as wide as
    they are in use."""
    if plain:
        for module in (advance, queue):
            monkeypatch.setattr(module, "BUCKET_BITS", 0)
