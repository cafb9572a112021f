"""Random crowded packages: both engines mark the same places and name the same faults, whatever is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from random_scenes import RICH, random_discs, random_scene
from scene import Scene

from router.model.pdk import Pdk, Rule, RuleKind
from router.verify import check
from router.verify.agree import differences
from router.verify.klayout import check_with_klayout

# Packages on which the engines once differed: shapes over holes, places on a boundary or where there is but a cut,
# acute corners of wide metal, jogs and slivers of 1 nm, gaps at their limit between slanted edges.
ONCE_DIFFERENT = (
    *(1, 3, 9, 18, 30, 58, 87, 96, 99, 109, 110, 117, 133, 155, 173, 190, 211, 213, 267, 293, 305, 311, 339, 385, 419),
    *(449, 487, 491, 589, 815, 873, 1157, 1208, 1302, 2318, 2640, 2825, 2910, 3005, 3172, 3396, 3652, 3936),
)


# Discs beside which the engines once differed: sides of wide metal that were in pieces, and some within other metal.
DISCS_ONCE_DIFFERENT = (45, 140, 198, 249)


def differ(seed: int, pdk: Pdk, gds: Path) -> bool:
    return unlike(random_scene(seed, pdk), gds)


def unlike(scene: Scene, gds: Path) -> bool:
    scene.write(gds)
    return bool(differences(check(gds, scene.design()), check_with_klayout(gds, scene.design()), ("own", "klayout")))


def test_engines_agree_on_random_packages(tmp_path: Path) -> None:
    seeds = [*range(4000, 4100), *ONCE_DIFFERENT]
    assert [seed for seed in seeds if differ(seed, RICH, tmp_path / "scene.gds")] == []


def test_engines_agree_on_runs_along_discs(tmp_path: Path) -> None:
    seeds = [*range(4000, 4030), *DISCS_ONCE_DIFFERENT]
    assert [seed for seed in seeds if unlike(random_discs(seed), tmp_path / "scene.gds")] == []
    judged = (random_discs(seed).judge().violations for seed in seeds)
    assert sum(any(v.rule == "M1.S.2" for v in found) for found in judged) > 10


def nothing(rule: Rule) -> Rule:
    return rule if rule.kind is RuleKind.DENSITY else replace(rule, value=0, width=0, run_length=0, height=0)


def far(rule: Rule) -> Rule:
    kinds = (RuleKind.AREA, RuleKind.ANGLE, RuleKind.DENSITY, RuleKind.SIZE)
    return rule if rule.kind in kinds else replace(rule, value=100_000, run_length=1)


def blunt(rule: Rule) -> Rule:
    return replace(rule, value=135.5) if rule.kind is RuleKind.ANGLE else rule


def fine_windows(rule: Rule) -> Rule:
    return replace(rule, value=7001, minimum=0.3, maximum=0.3) if rule.kind is RuleKind.DENSITY else rule


@pytest.mark.parametrize("figures", [nothing, far, blunt, fine_windows])
def test_engines_agree_on_odd_figures(figures: Callable[[Rule], Rule], tmp_path: Path) -> None:
    pdk = replace(RICH, rules=tuple(figures(rule) for rule in RICH.rules))
    assert [seed for seed in range(10) if differ(seed, pdk, tmp_path / "scene.gds")] == []
