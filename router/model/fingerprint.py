"""What a package was when it was routed, part by part, so that results can tell whether it is still the same."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from router.model.design import Design

# What is said of a process and changes nothing of a result.
_WORDS = ("description", "source")


def fingerprints(design: Design) -> dict[str, str]:
    """The SHA-256 of each part of a package whose balls are chosen, by the name of the part."""
    pdk = design.pdk
    parts = {
        "name": design.name,
        "process": (pdk.name, pdk.masks, pdk.vias, pdk.rules, pdk.chord_error),
        "levels": pdk.levels,
        "pads": pdk.pads,
        "outline": design.outline,
        "components": design.components,
        "nets": design.nets,
        "classes": design.classes,
        "keep-outs": design.keepouts,
        "fixed traces": design.fixed,
    }
    return {name: sha256(json.dumps(part, default=_plain).encode()).hexdigest() for name, part in parts.items()}


def _plain(value: Any) -> Any:
    """An array as lists, a record as a table without what stands at its default, so that records may grow."""
    if is_dataclass(value):
        kept = [field for field in fields(value) if field.compare and field.name not in _WORDS]
        told = ((field.name, getattr(value, field.name), field.default) for field in kept)
        return {name: entry for name, entry, default in told if default is MISSING or entry != default}
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise TypeError(f"a {type(value).__name__} in a package")
