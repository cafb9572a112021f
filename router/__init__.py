"""Routes the redistribution layers of chip packages, writes GDSII masks and judges them from the written file.

from router import read_design, route, write, check

design = read_design("duo")
result = route(design)
report = write(result, "out/duo")
verdict = check("out/duo/duo.gds", design)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from router.flow import check, read_design, route, write

__version__ = "0.1.0"
__all__ = ["__version__", "check", "read_design", "route", "write"]


def __getattr__(name: str) -> Any:
    """The public functions, loaded at first use: compiled kernels and layout engines take a second to import."""
    if name in __all__:
        return getattr(import_module("router.flow"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
