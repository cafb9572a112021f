"""Levels and vias under the names that another tool has for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from router.model.design import Design
from router.model.errors import InputError
from router.model.pdk import Pdk

# What a name may hold in LEF and DEF, and in Specctra files between quotes.
_NAME = re.compile(r"[^\s;()\"'#]{1,200}")


def with_layers(design: Design, levels: Mapping[str, str]) -> Design:
    """The package with the levels and vias of its process renamed; `levels` gives a level or via for a layer of the
    other tool, as `rdl import` takes them. Raises InputError for what is no level, and for names that are none."""
    if not levels:
        return design
    known = [entry.name for part in (design.pdk.levels, design.pdk.vias) for entry in part]
    names = {level: layer for layer, level in levels.items()}
    for layer, level in levels.items():
        where = f"--level {layer[:80]}={level[:80]}"
        if level not in known:
            raise InputError(where, f"no level or via {level[:80]!r}", f"one of {', '.join(known)}")
        if not _NAME.fullmatch(layer):
            raise InputError(where, f"the layer {layer[:80]!r}", "a name without blanks, quotes and brackets")
        if names[level] != layer:
            raise InputError(where, f"two layers for {level}", "one for each level")
    ours = [mask.name for mask in design.pdk.masks if mask.name not in names]
    if doubled := sorted(set(ours) & set(levels)):
        raise InputError("--level", f"{doubled[0]}, which is another mask of {design.pdk.name}", "another layer")
    return replace(design, pdk=_renamed(design.pdk, names))


def _renamed(pdk: Pdk, names: Mapping[str, str]) -> Pdk:
    def of(name: str) -> str:
        return names.get(name, name)

    vias = (replace(via, name=of(via.name), lower=of(via.lower), upper=of(via.upper)) for via in pdk.vias)
    pads = {
        name: replace(
            pad, level=of(pad.level), shapes=tuple(replace(shape, mask=of(shape.mask)) for shape in pad.shapes)
        )
        for name, pad in pdk.pads.items()
    }
    return replace(
        pdk,
        masks=tuple(replace(mask, name=of(mask.name)) for mask in pdk.masks),
        levels=tuple(replace(level, name=of(level.name)) for level in pdk.levels),
        vias=tuple(vias),
        pads=pads,
        rules=tuple(replace(rule, masks=tuple(map(of, rule.masks))) for rule in pdk.rules),
    )
