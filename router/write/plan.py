"""What planning found, ready for JSON; lengths in µm."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

from router.model.design import Design
from router.model.units import to_um
from router.plan.crowding import CrowdedSquare
from router.plan.cut import Capacity, Cut
from router.write.balls import ball_facts

_MOST_NAMES = 20


def plan_facts(design: Design, capacity: Capacity, warnings: Sequence[str] = ()) -> dict[str, Any]:
    """The fullest cuts of each family, the fewest levels they allow, the witness where the package is hopeless, and
    what else is to be said before it is routed."""
    return {
        "design": design.name,
        "pdk": design.pdk.name,
        "nets": len(design.nets),
        "balls": ball_facts(design),
        "levels": [level.name for level in design.pdk.levels],
        "least_levels": capacity.least_levels,
        "cuts": capacity.cuts,
        "fullest": {
            family: [cut_facts(design, cut) for cut in cuts] for family, cuts in capacity.families.items()
        },
        "crowded": crowded_facts(capacity.crowded) if capacity.crowded else None,
        "covered": cut_facts(design, capacity.covered) if capacity.covered else None,
        "witness": cut_facts(design, capacity.witness) if capacity.witness else None,
        "warnings": list(warnings),
    }  # fmt: skip


def crowded_facts(place: CrowdedSquare) -> dict[str, Any]:
    """Where straight ways would take the largest share of the room for traces."""
    box = place.box
    return {
        "box_um": [to_um(value) for value in box.bounds],
        "share": round(place.share, 4),
    }


def cut_facts(design: Design, cut: Cut) -> dict[str, Any]:
    """Where a cut runs, how many tracks pass it on each level, and which nets must (the first of them by name).

    `utilisation` is `load` over `room`, None where nothing can pass; `proof` is true where that many nets cannot pass
    whoever routes.
    """
    names = [design.nets[n].name for n in cut.nets]
    landing = [design.nets[n].name for n in cut.landing]
    return {
        "family": cut.family,
        "sides_um": [[to_um(value) for value in side] for side in cut.sides(design.outline)],
        "levels": [design.pdk.levels[k].name for k in cut.levels],
        "tracks": {level.name: tracks for level, tracks in zip(design.pdk.levels, cut.tracks, strict=True)},
        "nets": len(names),
        "net_names": names[:_MOST_NAMES],
        "landing_nets": len(landing),
        "landing_net_names": landing[:_MOST_NAMES],
        "need": round(cut.need, 3),
        "load": round(cut.load, 3),
        "room": round(cut.room, 3),
        "utilisation": round(cut.utilisation, 4) if isfinite(cut.utilisation) else None,
        "hopeless": cut.hopeless,
        "proof": cut.proof,
    }
