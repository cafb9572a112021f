"""The program KLayout itself, where it is installed, with the files of a run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import klayout.lay as lay
import pytest

from router.draw.masks import draw_masks
from router.model.design import Design
from router.model.geometry import Box
from router.model.layout import Layout, SignOff, Verdict, Violation
from router.read.design import read_design
from router.view.klayout import klayout_command
from router.write.gds import write_gds
from router.write.klayout import write_layer_properties, write_technology
from router.write.markers import write_markers

ROOT = Path(__file__).resolve().parents[2]
needs_klayout = pytest.mark.skipif(not shutil.which("klayout"), reason="the program klayout is not installed")
needs_screen = pytest.mark.skipif(not shutil.which("Xvfb"), reason="Xvfb, a screen without a monitor, is not installed")

needs_cases = pytest.mark.skipif(
    not (ROOT.parent / "shared" / "cases").is_dir(), reason="no tables of the benchmark beside the checkout"
)


@needs_klayout
def test_the_program_opens_everything(tmp_path: Path, small_design: Design, small_layout: Layout) -> None:
    """Layers, technology, all levels of hierarchy, markers; its net tracer goes from a bump to the ball of its net."""
    gds = tmp_path / "small.gds"
    write_gds(gds, small_design, draw_masks(small_design, small_layout))
    write_layer_properties(gds.with_suffix(".lyp"), small_design.pdk)
    write_technology(gds.with_suffix(".lyt"), small_design.pdk)
    found = SignOff(
        {"own": Verdict((Violation("RDL1.S.1", ("RDL1",), ("A", "B"), Box(0, 0, 1, 1), 10_000, 9000),), ())}
    )
    write_markers(gds.with_suffix(".lyrdb"), small_design, found, ())
    program, *arguments, last, script = klayout_command(gds)
    assert last == "-rr"
    variables = ["-rd", f"last_script={script}", "-rd", "bump=-200000,0", "-rd", "layer=21"]
    run = subprocess.run(
        [program, "-z", "-nc", *arguments, *variables, "-r", str(Path(__file__).with_name("opened.rb"))],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )
    opened = json.loads(run.stdout.splitlines()[-1])
    assert opened["technology"] == "two_levels"
    assert opened["layers"][:6] == [f"{mask.name} {mask.layer}/{mask.datatype}" for mask in small_design.pdk.masks]
    assert opened["levels"] == 3
    assert opened["markers"] == ["rules.'RDL1.S.1'"]
    assert opened["setting"] == "false", "the user's setting is as it was"
    assert opened["net"] == "A"
    assert opened["box"] == [-720_000, -40_000, -160_000, 520_000]


@needs_klayout
@needs_screen
@needs_cases
def test_a_picture_of_the_window_shows_masks_and_marker(tmp_path: Path) -> None:
    """The script that made docs/klayout_duo.png, on a package that is routed in a few seconds."""
    design = ROOT / "tests" / "real" / "designs" / "d2d512_2.toml"
    route = [sys.executable, "-m", "router.cli", "route", str(design), "-o", str(tmp_path / "out"), "--quiet"]
    picture = tmp_path / "window.png"
    script = [
        sys.executable,
        str(ROOT / "docs" / "klayout_window.py"),
        str(design),
        str(tmp_path / "out"),
        str(picture),
    ]
    for command in (route, script):
        subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=600, check=True)
    image = lay.PixelBuffer.read_png(str(picture))
    colors = [image.pixel(x, y) & 0xFFFFFF for x in range(image.width()) for y in range(image.height())]
    masks = {mask.name: int(mask.color[1:], 16) for mask in read_design(design).pdk.masks}
    for name, pixels in (("RDL1", 1000), ("V1", 100), ("RDL2", 1000)):
        assert colors.count(masks[name]) > pixels, name
    assert colors.count(0xFF00FF) > 100, "the marker"
    assert max(colors.count(color) for color in set(masks.values())) < len(colors) / 2
