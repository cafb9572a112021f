"""Our own judge: each planted fault is found under exactly its rule or kind, and nothing beside it. Lengths in nm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from limits import LIMITS, Limit
from nets import (
    NET_FAULTS,
    NetFault,
    gap_in_a_trace,
    land_that_no_trace_reaches,
    metal_of_nothing,
    missing_via,
    terminal_without_a_net_touched,
    three_nets_in_one,
    two_nets_touching,
)
from scene import PDK, Scene, X, Y, rect, ring

from router.model.geometry import Box
from router.model.layout import Verdict
from router.verify import check
from router.verify.klayout import check_with_klayout


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_the_clean_package_is_clean(scene: Scene) -> None:
    assert scene.judge() == Verdict((), ())


def test_every_rule_of_the_process_has_a_limit() -> None:
    assert {limit.rule for limit in LIMITS} == {rule.name for rule in PDK.rules}


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.plant.__name__)
def test_at_the_limit_clean_and_past_it_found(limit: Limit) -> None:
    at_limit, past = Scene(), Scene()
    limit.plant(at_limit, 0)
    limit.plant(past, limit.past)
    assert at_limit.rules() == set()
    assert past.rules() == {limit.rule}


@pytest.mark.parametrize("fault", NET_FAULTS, ids=lambda fault: fault.plant.__name__)
def test_faults_of_connectivity(scene: Scene, fault: NetFault) -> None:
    fault.plant(scene)
    verdict = scene.judge()
    found = defaultdict(list)
    for one in verdict.faults:
        found[one.kind].append(one.nets)
    assert found == fault.faults
    assert {violation.rule for violation in verdict.violations} == fault.rules


@pytest.mark.parametrize(("slant", "corner", "rules"), [(900, 82.67, {"M1.A.1"}), (1300, 79.48, {"M1.A.1", "M1.W.1"})])
def test_an_acute_corner_breaks_the_angle_rule_and_below_80_degrees_is_narrow_at_its_tip(
    scene: Scene, slant: int, corner: float, rules: set[str]
) -> None:
    scene.add(
        "M1", ring((X, Y), (X + 9000, Y), (X + 9000, Y + 7000), (X + slant, Y + 7000)), inside=(X + 4000, Y + 4000)
    )
    assert scene.rules() == rules
    assert min(v.actual for v in scene.judge().violations if v.rule == "M1.A.1") == pytest.approx(corner, abs=0.01)


def test_an_acute_notch_breaks_the_angle_rule_and_is_a_gap(scene: Scene) -> None:
    outline = ring((X, Y), (X + 20_000, Y), (X + 20_000, Y + 10_000), (X + 10_000, Y + 5000), (X + 6000, Y + 10_000))
    scene.add("M1", np.concatenate([outline, ring((X, Y + 10_000))]), inside=(X + 500, Y + 500))
    rules = scene.rules()
    assert "M1.A.1" in rules
    assert rules <= {"M1.A.1", "M1.S.1", "M1.W.1"}


def test_a_rotated_rectangle_has_right_angles_in_spite_of_its_grid(scene: Scene) -> None:
    scene.add(
        "M1", ring((X, Y), (X + 9001, Y + 3003), (X + 8000, Y + 6003), (X - 1001, Y + 3000)), inside=(X, Y + 1500)
    )
    assert scene.rules() == set()


def test_violations_name_rule_masks_nets_place_and_figures(scene: Scene) -> None:
    scene.add("M1", rect(40_000, 52_990, 44_000, 58_000), inside=(42_000, 56_000))
    (violation,) = scene.judge().violations
    assert (violation.rule, violation.masks, violation.nets) == ("M1.S.1", ("M1",), ("B",))
    assert (violation.required, violation.actual) == (2000, 1990)
    assert violation.box == Box(39_800, 51_000, 44_200, 52_990)


def test_an_open_names_a_terminal_of_each_piece(scene: Scene) -> None:
    missing_via(scene)
    (fault,) = scene.judge().faults
    assert set(fault.terminals) == {"U.a", "G.a"}
    other = Scene()
    land_that_no_trace_reaches(other)
    assert set(other.judge().faults[0].terminals) == {"U.a", "G.a"}


@pytest.mark.parametrize("engine", ["own", "klayout"])
@pytest.mark.parametrize(
    ("plant", "terminals", "box"),
    [
        (two_nets_touching, ("U.a", "U.b"), Box(20_000, 20_000, 20_000, 50_000)),
        (three_nets_in_one, ("U.a", "U.b", "U.c"), Box(20_000, 20_000, 20_000, 50_000)),
        (terminal_without_a_net_touched, ("G.b", "U.free"), Box(80_000, 50_000, 150_000, 50_000)),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_short_lies_between_the_nearest_terminals_of_its_nets(
    plant: Callable[[Scene], None], terminals: tuple[str, ...], box: Box, engine: str, scene: Scene, tmp_path: Path
) -> None:
    plant(scene)
    scene.write(tmp_path / "scene.gds")
    judge = check if engine == "own" else check_with_klayout
    (fault,) = judge(tmp_path / "scene.gds", scene.design()).faults
    assert (fault.kind, fault.terminals, fault.box) == ("short", terminals, box)


def test_a_gap_of_one_nanometre_is_measured(scene: Scene) -> None:
    gap_in_a_trace(scene)
    verdict = scene.judge()
    assert [fault.terminals for fault in verdict.faults] == [("U.b", "G.b")]
    assert [violation.actual for violation in verdict.violations] == [1]


def test_floating_metal_is_boxed(scene: Scene) -> None:
    metal_of_nothing(scene)
    (fault,) = scene.judge().faults
    assert fault.box == Box(X - 3000, Y - 3000, X + 3000, Y + 3000)
