"""Lands that the traces of a class are too wide to leave: nets do without that level, and a warning says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from router import is_clean, read_design, route, write
from router.flow import look_ahead
from router.model.design import Design
from router.model.layout import Engine

WIDE = "traces of class w, 120 µm wide on RDL1, cannot leave a.B2 of net A beside a."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def package(folder: Path, *, levels: int = 2, pitch: float = 100, width: str = "120", more: str = "") -> Design:
    """Two dies of nine bumps of 80 µm, whose middle ones are joined by a net of a class."""
    array = f'pad = "bump"\narray = {{ nx = 3, ny = 3, pitch = {pitch} }}'
    file = folder / "wide.toml"
    file.write_text(
        f'pdk = "fanout_10um"\nlevels = {levels}\noutline = [2400, 1200]\n'
        f'[[die]]\nname = "a"\nat = [-600, 0]\n{array}\n[[die]]\nname = "b"\nat = [600, 0]\n{array}\n'
        f'[nets]\nA = ["a.B2", "b.B2"]\n[[class]]\nname = "w"\nnets = ["A"]\nwidth = {width}\n{more}',
        encoding="utf-8",
    )
    return read_design(file)


def test_cuts_leave_lands_that_traces_are_too_wide_for(folder: Path) -> None:
    design = package(folder)
    result = route(design)
    assert is_clean(write(result, folder / "out", engine=Engine.OWN, pictures=False))
    assert result.design is design
    assert {trace.width for trace in result.layout.traces if trace.level == 1} == {120_000}
    (warning,) = (w for w in result.warnings if w.startswith("traces of class"))
    assert warning.startswith(WIDE) and warning.endswith(": cuts leave it; 1 more like it")


def test_of_a_single_level_the_net_is_said_to_stay_open(folder: Path) -> None:
    design = package(folder, levels=1)
    ahead = look_ahead(design)
    assert ahead.routed.nets == design.nets
    (warning,) = (w for w in ahead.warnings if w.startswith("traces of class"))
    assert warning.startswith(WIDE) and warning.endswith(": it stays open; 1 more like it")


@pytest.mark.parametrize(
    "kind",
    [
        {"pitch": 200},
        {"width": "{ RDL1 = 80, RDL2 = 120 }"},
        {"more": 'levels = ["RDL2"]\n'},
    ],
    ids=["others lie apart", "no wider than the land", "the class leaves the level out"],
)
def test_lands_that_traces_can_leave_are_left_along_their_level(folder: Path, kind: dict[str, str]) -> None:
    design = package(folder, **kind)  # type: ignore[arg-type]
    ahead = look_ahead(design)
    assert ahead.routed is design
    assert not any("traces of class" in warning for warning in ahead.warnings)


@pytest.mark.parametrize(("pitch", "shut"), [(120, False), (119.999, True)])
def test_a_land_is_shut_where_a_nanometre_is_missing(folder: Path, pitch: float, shut: bool) -> None:
    """Traces of 120 µm, lands of 80 µm, and 20 µm beside metal as wide as that."""
    design = package(folder, pitch=pitch)
    assert (look_ahead(design).routed is not design) == shut


def test_the_class_asks_for_nothing_more_on_the_level_that_it_leaves_out(folder: Path) -> None:
    routed = look_ahead(package(folder, more="spacing = 15\nwiden = 150\n")).routed
    (net,) = routed.nets
    net_class, level = routed.classes[net.net_class], routed.pdk.levels[0]
    assert net_class.levels == (1,)
    assert net_class.widths == (level.default_width, 120_000)
    assert net_class.spacings == (level.default_spacing, 15_000)
    assert net_class.widest == (level.default_width, 150_000)


def test_a_fixed_trace_leads_out_of_its_land(folder: Path) -> None:
    lead = '[[fixed]]\nnet = "A"\nlevel = "RDL1"\nwidth = 10\npoints = [[{0}, 0], [{1}, 50]]\n'
    design = package(folder, more=lead.format(-600, -550) + lead.format(600, 550))
    assert look_ahead(design).routed is design
