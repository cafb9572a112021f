"""KLayout's engine finds in each planted package exactly what our own does: the same places, the same faults."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from limits import LIMITS, Limit
from nets import NET_FAULTS, NetFault
from scene import PDK, Scene, X, Y, bar, ring

from router.model.pdk import Rule, RuleKind
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


@pytest.mark.parametrize(("gap", "rules"), [(142, set()), (140, {"M1.S.1"})])
def test_on_a_slant_beside_steps_of_a_nanometre(gap: int, rules: set[str], tmp_path: Path) -> None:
    """A side as pictures have it that were traced pixel by pixel. No other edge of the two shapes is near."""
    scene = Scene(pdk=replace(PDK, rules=(Rule("M1.S.1", RuleKind.SPACE, ("M1",), 200),)))
    steps = [(X + 400 - n // 2, Y + 400 + (n + 1) // 2) for n in range(1601)]
    scene.add("M1", ring(*steps, (X - 400, Y - 400), (X + 400, Y - 400)), inside=(X, Y))
    x, y = X + gap, Y + 800 + gap
    scene.add("M1", bar(x, y, (1000, 1000), (-150, 150), (150, -150)), inside=(x + 500, y + 500))
    assert agreed_rules(scene, tmp_path / "scene.gds") == rules
