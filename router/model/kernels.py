"""How kernels are compiled, and kept for later runs until the source of any of them changes.

numba keeps a kernel until its own file changes, and with it the kernels that it has called, compiled into it: after an
update of the program, old ones would go on in new ones. It also wants to write where it reads, so that nobody had the
kernels of a program that is installed for all, and raises where there is no place to write to.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any

from numba import njit
from numba.core.caching import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile, InTreeCacheLocator
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

    `beside` is a folder that is read as well, and never written to.
    """

    def __init__(self, folder: str, filename_base: str, sources: bytes, beside: str) -> None:
        super().__init__(folder, filename_base, sources)
        self._folders = tuple(dict.fromkeys((Path(folder), Path(beside))))

    def save(self, key: Any, data: Any) -> None:
        kept = self._dump((key, data))
        with self._open_for_write(self._data_path(self._name_of(key))) as file:
            file.write(self._source_stamp + hashlib.sha256(kept).digest() + kept)

    def load(self, key: Any) -> Any:
        """What was kept for these types by these sources, None if that is nothing."""
        for kept in self._kept_as(self._name_of(key)):
            kept_for, data = pickle.loads(kept)
            if kept_for == key:
                return data
        return None

    def holds_anything(self) -> bool:
        """Whether something was kept by these sources."""
        return any(True for _ in self._kept_as(self._data_name_pattern.replace("{number:d}", "*")))

    def flush(self) -> None:
        """Forget nothing: what is kept is looked at before it is used."""

    def _kept_as(self, pattern: str) -> Iterator[bytes]:
        """What whole files of such names hold. What other sources led to may hold types that are no more, and a
        machine that went down, or a copy that was broken off, leaves part of a file."""
        for folder in self._folders:
            for path in folder.glob(pattern):
                with suppress(OSError):
                    stamp, digest, kept = _parts(path.read_bytes())
                    if stamp == self._source_stamp and digest == hashlib.sha256(kept).digest():
                        yield kept

    def _name_of(self, key: Any) -> str:
        """A name of its own for each version of numba as well: none has to read what another wrote."""
        digest = hashlib.sha256(repr((self._version, key)).encode()).digest()
        return self._data_name_pattern.format(number=int.from_bytes(digest[:8]))


def _parts(file: bytes) -> tuple[bytes, bytes, bytes]:
    """The stamp of the sources, the digest of what is kept, and that itself."""
    return file[:32], file[32:64], file[64:]


class _Nowhere(InTreeCacheLocator):
    """Where no folder can be written to: nothing is kept."""

    def ensure_cache_path(self) -> None:
        """There is none to be made."""


class _Places(CompileResultCacheImpl):
    """The places that numba knows, and none."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._locator_classes = [*self._locator_classes, _Nowhere]
        super().__init__(function)


class _Kept(FunctionCache):
    """What numba keeps of a kernel, stamped with the sources of all."""

    _impl_class = _Places

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        beside = InTreeCacheLocator(function, function.__code__.co_filename).get_cache_path()
        self._cache_file = _KernelFile(self.cache_path, self._impl.filename_base, sources_stamp(), beside)

    @property
    def lasts(self) -> bool:
        """Whether there is a folder to keep kernels in."""
        return not isinstance(self._impl.locator, _Nowhere)

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a kernel; where that cannot be, as on a full disk, it serves this run."""
        with suppress(OSError):
            super().save_overload(sig, data)


def compiled(function: Callable[..., Any] | None = None, **options: Any) -> Any:
    """A function as a kernel, compiled when it is called first, with `options` of numba's; as a decorator, with or
    without these."""
    if function is None:
        return partial(compiled, **options)
    kernel = njit(**options)(function)
    kernel._cache = _Kept(function)
    kernel.get_call_template = _of_any_value(kernel.get_call_template)
    return kernel


def is_kept(kernel: Any) -> bool:
    """Whether a kernel was compiled by an earlier run, for whatever arguments."""
    return bool(kernel._cache._cache_file.holds_anything())


def lasts(kernel: Any) -> bool:
    """Whether what is compiled of a kernel is kept for later runs."""
    return bool(kernel._cache.lasts)


def _of_any_value(call_template: Callable[..., Any]) -> Callable[..., Any]:
    """How numba looks up a kernel that another calls, where it would compile one more for each constant passed."""

    def plain(args: tuple[Any, ...], kws: dict[str, Any]) -> Any:
        return call_template(tuple(map(unliteral, args)), {name: unliteral(arg) for name, arg in kws.items()})

    return plain
