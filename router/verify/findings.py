"""Findings of one rule → violations: touching findings on the same shapes become one, with nets and worst figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from router.model.geometry import Box
from router.model.layout import Violation
from router.model.pdk import Pdk, Rule
from router.verify.connect import Components
from router.verify.kernels.touching import join_boxes
from router.verify.region import Floats, Ints, Region, box_of


@dataclass(frozen=True, slots=True)
class Layers:
    """What the rules are checked on: merged regions by mask name, and the nets on them."""

    pdk: Pdk
    outline: Box
    regions: Mapping[str, Region]
    components: Components


@dataclass(frozen=True, slots=True)
class Findings:
    """`islands` (k, 2) of the rule's first mask and of its last, negative for none; `actual` (k,); `boxes` (k, 4).

    `required` (k,) where it is not the rule's value.
    """

    islands: Ints
    actual: Floats
    boxes: Floats
    required: Floats | None = None


def no_findings() -> Findings:
    return Findings(np.empty((0, 2), dtype=np.int64), np.empty(0), np.empty((0, 4)))


def joined(*parts: Findings) -> Findings:
    return Findings(
        np.concatenate([part.islands for part in parts]),
        np.concatenate([part.actual for part in parts]),
        np.concatenate([part.boxes for part in parts]),
    )


def of_islands(region: Region, islands: Ints, actual: Floats) -> Findings:
    """Findings on whole islands of a rule's first mask."""
    return Findings(np.stack([islands, np.full_like(islands, -1)], axis=1), actual, region.boxes()[islands])


def violations(rule: Rule, findings: Findings, layers: Layers) -> list[Violation]:
    """One violation for each group of touching boxes of the same islands; `actual` is the smallest of the group."""
    if not len(findings.actual):
        return []
    pairs, key = np.unique(findings.islands, axis=0, return_inverse=True)
    cluster = clusters(findings.boxes, key.reshape(-1))
    result = []
    order = np.argsort(cluster, kind="stable")
    _, first = np.unique(cluster[order], return_index=True)
    for group in np.split(order, first[1:]):
        low, high = findings.boxes[group, :2].min(axis=0), findings.boxes[group, 2:].max(axis=0)
        one, other = pairs[key.reshape(-1)[group[0]]].tolist()
        nets = set(layers.components.nets_of(rule.masks[0], [one] if one >= 0 else []))
        nets |= set(layers.components.nets_of(rule.masks[-1], [other] if other >= 0 else []))
        result.append(
            Violation(
                rule.name,
                rule.masks,
                tuple(sorted(nets)),
                box_of(np.concatenate([low, high])),
                rule.value if findings.required is None else float(findings.required[group[0]]),
                round(float(findings.actual[group].min()), 3),
            )
        )
    return sorted(result, key=lambda v: (v.box.bounds, v.nets))


def clusters(boxes: Floats, key: Ints) -> Ints:
    """Number (n,) the groups of boxes (n, 4) with equal keys (n,) that touch, directly or through others."""
    names, of = np.unique(key, return_inverse=True)
    low, high = np.full((len(names), 2), np.inf), np.full((len(names), 2), -np.inf)
    np.minimum.at(low, of, boxes[:, :2])
    np.maximum.at(high, of, boxes[:, 2:])
    # Along the longer side of what those of a key cover, the fewest begin before others end.
    spread = (high - low)[of]
    along = np.where(spread[:, :1] < spread[:, 1:], boxes[:, [1, 0, 3, 2]], boxes)
    roots = join_boxes(along, of, np.lexsort((along[:, 0], of)))
    return np.unique(roots, return_inverse=True)[1].astype(np.int64)
