"""How kernels are compiled, and kept for later runs until the source of any of them changes.

numba keeps a kernel until its own file changes, and with it the kernels that it has called, compiled into it: after an
update of the program, old ones would go on in new ones.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from numba import njit
from numba.core.caching import FunctionCache, IndexDataCacheFile
from numba.core.types import unliteral

_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def sources_stamp(package: Path = _PACKAGE) -> bytes:
    """What the sources of all kernels of a package come to."""
    found = hashlib.sha256()
    for path in sorted(package.glob("*/kernels/*.py")):
        found.update(path.read_bytes())
    return found.digest()


class _KernelFile(IndexDataCacheFile):
    """What is kept of one kernel: for each set of argument types a file, which says what it holds.

    numba numbers these files and keeps an index of them. Of two processes that compile a kernel for different types at
    once, the later index then leads to the code of the other; it runs, on memory that is laid out otherwise.
    """

    def save(self, key: Any, data: Any) -> None:
        self._save_data(self._name_of(key), (self._source_stamp, self._dump((key, data))))

    def load(self, key: Any) -> Any:
        """What was kept for these types by these sources, None if that is nothing."""
        try:
            stamp, kept = self._load_data(self._name_of(key))
        except OSError:
            return None
        # What other sources led to may hold types that are no more.
        if stamp != self._source_stamp:
            return None
        kept_for, data = pickle.loads(kept)
        return data if kept_for == key else None

    def holds_anything(self) -> bool:
        """Whether something was kept by these sources."""
        names = Path(self._cache_path).glob(self._data_name_pattern.replace("{number:d}", "*"))
        return any(self._load_data(path.name)[0] == self._source_stamp for path in names)

    def flush(self) -> None:
        """Forget nothing: what is kept is looked at before it is used."""

    def _name_of(self, key: Any) -> str:
        """A name of its own for each version of numba as well: none has to read what another wrote."""
        digest = hashlib.sha256(repr((self._version, key)).encode()).digest()
        return self._data_name_pattern.format(number=int.from_bytes(digest[:8]))


class _Kept(FunctionCache):
    """What numba keeps of a kernel, stamped with the sources of all."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self._cache_file = _KernelFile(self.cache_path, self._impl.filename_base, sources_stamp())


def compiled(function: Callable[..., Any] | None = None, **options: Any) -> Any:
    """A function as a kernel, compiled when it is called first, with `options` of numba's; as a decorator, with or
    without these."""
    if function is None:
        return partial(compiled, **options)
    kernel = njit(cache=True, **options)(function)
    kernel._cache = _Kept(function)
    kernel.get_call_template = _of_any_value(kernel.get_call_template)
    return kernel


def is_kept(kernel: Any) -> bool:
    """Whether a kernel was compiled by an earlier run, for whatever arguments."""
    return bool(kernel._cache._cache_file.holds_anything())


def _of_any_value(call_template: Callable[..., Any]) -> Callable[..., Any]:
    """How numba looks up a kernel that another calls, where it would compile one more for each constant passed."""

    def plain(args: tuple[Any, ...], kws: dict[str, Any]) -> Any:
        return call_template(tuple(map(unliteral, args)), {name: unliteral(arg) for name, arg in kws.items()})

    return plain
