"""Pictures, messages and progress."""

from __future__ import annotations

import io
import time
from dataclasses import replace
from pathlib import Path

import klayout.lay as lay
import pytest
from rich.console import Console

from router.draw.masks import draw_masks
from router.model.design import Design, Keepout
from router.model.geometry import Box
from router.model.layout import Difference, Fault, Layout, SignOff, Unrouted, Verdict, Violation
from router.model.routing import IterationStats, Routing
from router.view import text
from router.view.pictures import draw_pictures
from router.view.progress import Progress
from router.write.gds import write_gds
from router.write.nets import net_lengths
from router.write.report import build_report


def test_one_picture_a_level_and_one_of_all(tmp_path: Path, small_design: Design, small_layout: Layout) -> None:
    gds = tmp_path / "small.gds"
    write_gds(gds, small_design, draw_masks(small_design, small_layout))
    paths = draw_pictures(gds, small_design, tmp_path)
    assert [path.name for path in paths] == ["small.RDL1.png", "small.RDL2.png", "small.png"]
    image = lay.PixelBuffer.read_png(str(paths[2]))
    assert image.width() >= 2000
    ball = image.pixel(*(round(2400 * (0.5 + at / 2080)) for at in (-600, -400))) & 0xFFFFFF
    assert ball == int(small_design.pdk.mask("RDL2").color[1:], 16)
    lower = lay.PixelBuffer.read_png(str(paths[0]))
    assert lower.pixel(*(round(2400 * (0.5 + at / 2080)) for at in (-600, -400))) & 0xFFFFFF == 0x10141A


def test_levels_whose_names_hold_slashes_have_pictures(
    tmp_path: Path, small_design: Design, small_layout: Layout
) -> None:
    gds = tmp_path / "small.gds"
    write_gds(gds, small_design, draw_masks(small_design, small_layout))
    levels = tuple(replace(level, name=level.name.replace("L", "/")) for level in small_design.pdk.levels)
    design = replace(small_design, pdk=replace(small_design.pdk, levels=levels))
    paths = draw_pictures(gds, design, tmp_path)
    assert [path.name for path in paths] == ["small.RD%2F1.png", "small.RD%2F2.png", "small.png"]
    assert all(path.is_file() for path in paths)


def test_keepouts_are_drawn_where_they_hold(tmp_path: Path, small_design: Design, small_layout: Layout) -> None:
    gds = tmp_path / "small.gds"
    write_gds(gds, small_design, draw_masks(small_design, small_layout))
    ring = Box(-100_000, -400_000, 100_000, -100_000).ring()
    design = replace(small_design, keepouts=(Keepout("key", (0,), ring),))
    images = [lay.PixelBuffer.read_png(str(path)) for path in draw_pictures(gds, design, tmp_path)]
    left, right, middle = (round(2400 * (0.5 + at / 2080)) for at in (-150, 150, 250))
    drawn = [sum(image.pixel(x, middle) & 0xFFFFFF != 0x10141A for x in range(left, right)) for image in images]
    assert (drawn[0] > 0, drawn[1], drawn[2] > 0) == (True, 0, True)
    assert drawn[0] < 10, "the outline alone"


def test_progress_is_plain_lines_where_there_is_no_terminal() -> None:
    output = io.StringIO()
    progress = Progress(console=Console(file=output, width=200))
    with progress.stage("route"):
        progress.iteration(IterationStats(3, 12, 4, 0, 0))
        progress.iteration(IterationStats(4, 11, 4, 0, 0))
    lines = output.getvalue().splitlines()
    assert lines[0].startswith("route: iteration 3, 12 connections in conflict or unrouted")
    assert len(lines) == 2, "one line a second is enough"
    assert lines[1].startswith("route") and lines[1].endswith("s")
    assert "\x1b" not in output.getvalue()
    assert progress.clock.seconds["route"] >= 0


def test_a_long_pass_says_how_many_connections_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("router.view.progress.time.perf_counter", lambda: now[0])
    for terminal, seconds in ((False, 21.0), (True, 0.3)):
        output = io.StringIO()
        progress = Progress(console=Console(file=output, force_terminal=terminal, width=200))
        with progress.stage("route"):
            progress.iteration(IterationStats(1, 12, 4, 0, 0))
            progress.waiting(11)
            now[0] += seconds
            progress.waiting(10)
            progress.waiting(9)
        said = output.getvalue()
        assert f"route: iteration 2, 10 connections waiting, {seconds} s" in said
        assert "11 connections" not in said and "9 connections" not in said


def test_lines_in_a_log_are_as_long_as_they_are() -> None:
    output = io.StringIO()
    progress = Progress(console=Console(file=output, width=40))
    progress.warn("word " * 40 + "end")
    with progress.stage("route"):
        progress.iteration(IterationStats(3, 12, 4, 0, 0))
    assert len(output.getvalue().splitlines()) == 3


def test_a_long_compilation_says_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    for after, stage in ((0.0, "compile"), (60.0, "compile"), (0.0, "route")):
        monkeypatch.setattr("router.view.progress._SLOW_AFTER", after)
        output = io.StringIO()
        with Progress(console=Console(file=output, width=200)).stage(stage):
            time.sleep(0.2)
        said.append("kernels are being compiled" in output.getvalue().splitlines()[0])
    assert said == [True, False, False]


def test_progress_lives_on_a_terminal() -> None:
    output = io.StringIO()
    progress = Progress(console=Console(file=output, force_terminal=True, width=200))
    with progress.stage("route"):
        progress.iteration(IterationStats(3, 12, 4, 0, 0))
    assert "\x1b[" in output.getvalue()


def test_quiet_says_nothing(capfd: object) -> None:
    progress = Progress(quiet=True)
    with progress.stage("route"):
        progress.iteration(IterationStats(3, 12, 4, 0, 0))
    assert capfd.readouterr() == ("", "")  # type: ignore[attr-defined]


def test_the_summary_names_what_is_not_routed(small_design: Design, small_layout: Layout) -> None:
    missing = (Unrouted("A", "U1.1", "BGA.A1", ("B",)), Unrouted("B", "U1.2", "BGA.A2", ()))
    found = Verdict((Violation("RDL1.S.1", ("RDL1",), ("A",), Box(0, 0, 1, 1), 1, 1),), ())
    routing, lengths = Routing((), missing, (), 0, True, 0), net_lengths(small_design, small_layout)
    report = build_report(small_design, routing, small_layout, SignOff({"own": found}), lengths)
    said = text.summary(report, {"route": 1.0, "write": 0.001})
    assert "0 of 2 nets, 2 nets NOT routed, stopped early" in said
    assert "unrouted: A from U1.1 to BGA.A1, blocked by B" in said
    assert "unrouted: B from U1.2 to BGA.A2, not tried before the run was stopped" in said
    closed = text.summary(report | {"stopped": False}, {})
    assert "B from U1.2 to BGA.A2, blocked by no routed net; the way is closed by pads, fixed traces, keep" in closed
    wide = replace(small_design.classes["default"], widths=(30_000, 50_000), spacings=(100_000, 100_000))
    asking = replace(small_design, classes={**small_design.classes, "default": wide})
    report = build_report(asking, replace(routing, stopped=False), small_layout, SignOff({"own": found}), lengths)
    asks = "for traces of class default, 30 µm to 50 µm wide and 100 µm from others, by pads"
    assert f"blocked by no routed net; the way is closed {asks}" in text.summary(report, {})
    hint = "traces of a smaller width or spacing may pass"
    assert hint in text.summary(report, {})
    assert hint not in closed + said
    assert "1 violations, 0 opens, 0 shorts (RDL1.S.1 1)" in said
    assert "1 balls, 1 contacts" in said
    assert "write" not in said.split("seconds: ")[1].splitlines()[0]


def test_a_verdict_names_rules_places_and_figures(small_design: Design) -> None:
    box = Box(1500, -2500, 2000, 0)
    violations = tuple(Violation("RDL1.S.1", ("RDL1",), ("A", "B"), box, 10_000, 9_000) for _ in range(30))
    found = Verdict(violations, (Fault("open", ("A",), ("U1.1",), box),))
    said = text.sign_off(SignOff({"own": found}), small_design)
    assert "RDL1.S.1 at (1.5, -2.5) µm, A and B: required 10 µm, found 9 µm" in said
    assert "10 more; in all: RDL1.S.1 30" in said
    assert "open at (1.75, -1.25) µm: nets A; U1.1" in said
    assert said.endswith("small, own: 30 violations, 1 faults in connectivity: NOT clean")
    assert text.sign_off(SignOff({"own": Verdict((), ())}), small_design).endswith("clean")


def test_a_difference_between_engines_is_named_and_is_no_sign_off(small_design: Design) -> None:
    clean = Verdict((), ())
    agreed = text.sign_off(SignOff({"own": clean, "klayout": clean}), small_design)
    assert agreed.endswith("klayout: 0 violations, 0 faults in connectivity: agrees")
    found = Difference("klayout", "RDL1.S.1", "marked by this engine alone", Box(1500, -2500, 2000, 0))
    judged = SignOff({"own": clean, "klayout": clean}, (found,))
    said = text.sign_off(judged, small_design)
    assert not judged.clean
    assert "only klayout finds RDL1.S.1 at (1.5, -2.5) µm" in said
    assert said.endswith("1 differences between the engines: NOT signed off")


def test_a_process_is_shown_with_all_its_figures(small_design: Design) -> None:
    said = text.process(small_design.pdk)
    for expected in ("RDL1.ANG.1", "90°", "circle 15 µm", "rect 100 × 200 µm", "41/0"):
        assert expected in said
    assert text.process_list([small_design.pdk]).startswith("two_levels")
