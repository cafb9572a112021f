"""How kernels are compiled, and kept for later runs until the source of any of them changes.

numba keeps a kernel until its own file changes, and with it the kernels that it has called, compiled into it: after an
update of the program, old ones would go on in new ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from numba import njit
from numba.core.caching import FunctionCache, IndexDataCacheFile

_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def sources_stamp(package: Path = _PACKAGE) -> bytes:
    """What the sources of all kernels of a package come to."""
    found = hashlib.sha256()
    for path in sorted(package.glob("*/kernels/*.py")):
        found.update(path.read_bytes())
    return found.digest()


class _Kept(FunctionCache):
    """What numba keeps of a kernel, stamped with the sources of all."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self._cache_file = IndexDataCacheFile(self.cache_path, self._impl.filename_base, sources_stamp())


def compiled(function: Callable[..., Any] | None = None, **options: Any) -> Any:
    """A function as a kernel, compiled when it is called first, with `options` of numba's; as a decorator, with or
    without these."""
    if function is None:
        return partial(compiled, **options)
    kernel = njit(cache=True, **options)(function)
    kernel._cache = _Kept(function)
    return kernel
