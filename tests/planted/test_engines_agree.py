"""KLayout's engine finds in each planted package exactly what our own does: the same places, the same faults."""

from __future__ import annotations

from pathlib import Path

import pytest
from limits import LIMITS, Limit
from nets import NET_FAULTS, NetFault
from scene import Scene

from router.verify import check
from router.verify.agree import differences
from router.verify.klayout import check_with_klayout


def agreed_rules(scene: Scene, gds: Path) -> set[str]:
    """The rules that both engines find broken. They must not differ in anything."""
    scene.write(gds)
    own, other = check(gds, scene.design()), check_with_klayout(gds, scene.design())
    assert differences(own, other, ("own", "klayout")) == []
    return {violation.rule for violation in other.violations}


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.plant.__name__)
def test_on_both_sides_of_a_limit(limit: Limit, tmp_path: Path) -> None:
    for steps, expected in ((0, set()), (limit.past, {limit.rule})):
        scene = Scene()
        limit.plant(scene, steps)
        assert agreed_rules(scene, tmp_path / "scene.gds") == expected


@pytest.mark.parametrize("fault", NET_FAULTS, ids=lambda fault: fault.plant.__name__)
def test_on_connectivity(fault: NetFault, tmp_path: Path) -> None:
    scene = Scene()
    fault.plant(scene)
    assert agreed_rules(scene, tmp_path / "scene.gds") == fault.rules
