"""The one place where micrometres (files, messages) and nanometres (everything inside) meet.

Conversion rounds to the nearest nanometre, halves away from zero: truncation loses a nanometre in one value of eight.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

NM_PER_UM = 1000
# The least length there is, which is the database unit of all layouts, µm.
GRID_UM = 0.001

# A coordinate beyond one metre is a mistake in a package, and stays far from the limits of int64 products.
LIMIT_UM = 1_000_000.0


class Unit(StrEnum):
    """Units of length that files of the field count in."""

    NM = "nm"
    UM = "um"
    MM = "mm"
    CM = "cm"
    MIL = "mil"
    INCH = "inch"

    @property
    def um(self) -> float:
        """Micrometres in one of it."""
        return _IN_UM[self]


_IN_UM = {Unit.NM: 0.001, Unit.UM: 1.0, Unit.MM: 1e3, Unit.CM: 1e4, Unit.MIL: 25.4, Unit.INCH: 25_400.0}
_SPELLINGS = {
    **{unit.value: unit for unit in Unit},
    **dict.fromkeys(
        ("µm", "μm", "micron", "microns", "micrometer", "micrometers", "micrometre", "micrometres"), Unit.UM
    ),
    **dict.fromkeys(("nanometer", "nanometers", "nanometre", "nanometres"), Unit.NM),
    **dict.fromkeys(("millimeter", "millimeters", "millimetre", "millimetres"), Unit.MM),
    **dict.fromkeys(("centimeter", "centimeters", "centimetre", "centimetres"), Unit.CM),
    **dict.fromkeys(("mils", "thou"), Unit.MIL),
    **dict.fromkeys(("in", "inches"), Unit.INCH),
}


def unit_of(text: str) -> Unit | None:
    """The unit that a word of a file means, in any case and spelling; None for any other word."""
    return _SPELLINGS.get(text.strip().lower())


def to_nm(um: float) -> int:
    """Micrometres to integer nanometres. Raises ValueError for NaN, infinities and values beyond one metre."""
    if not math.isfinite(um) or abs(um) > LIMIT_UM:
        raise ValueError(f"{um} is no length in µm: expected a finite number up to {LIMIT_UM:g}")
    return int(math.copysign(math.floor(abs(um) * NM_PER_UM + 0.5), um))


def to_um(nm: float) -> float:
    """Nanometres to micrometres."""
    return nm / NM_PER_UM


def whole_um(nm: float) -> float:
    """Micrometres to the nanometre, for files of facts: lengths that are sums may have any digits."""
    return round(to_um(float(nm)), 3)


def array_to_nm(um: ArrayLike) -> NDArray[np.int64]:
    """Micrometres (any shape) to int64 nanometres of the same shape. Raises ValueError as `to_nm` does."""
    values = np.asarray(um, dtype=np.float64)
    if not np.all(np.isfinite(values)) or np.any(np.abs(values) > LIMIT_UM):
        raise ValueError(f"a length is not finite or beyond {LIMIT_UM:g} µm")
    rounded: NDArray[np.int64] = (np.sign(values) * np.floor(np.abs(values) * NM_PER_UM + 0.5)).astype(np.int64)
    return rounded


def array_to_um(nm: ArrayLike) -> NDArray[np.float64]:
    """Nanometres (any shape) to float64 micrometres of the same shape."""
    return np.asarray(nm, dtype=np.float64) / NM_PER_UM


def decimal_um(nm: int) -> str:
    """Nanometres as µm for files: '-12.5', exact, with no more digits than it needs."""
    whole, rest = divmod(abs(int(nm)), NM_PER_UM)
    digits = f"{whole}.{rest:03}".rstrip("0").rstrip(".")
    return f"-{digits}" if nm < 0 else digits


def text_um(nm: Any) -> str:
    """A length for messages: '12345.678 µm', to the nanometre, with no more digits than it needs."""
    return f"{decimal_um(round(float(nm)))} µm"


def text_area(square_nm: float) -> str:
    """An area for messages: '12.5 µm²', with six digits at most."""
    return f"{square_nm / NM_PER_UM**2:g} µm²"


def text_size(width: float, height: float) -> str:
    """A size, given in nm, for messages: '40 × 62.5 µm', to the nanometre."""
    return f"{decimal_um(round(width))} × {text_um(height)}"


def text_place(x: float, y: float) -> str:
    """A place, given in nm, for messages: '(-12.5, 3)' in µm, to the nanometre."""
    return f"({decimal_um(round(x))}, {decimal_um(round(y))})"
