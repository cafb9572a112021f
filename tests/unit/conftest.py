"""The package of three nets as a layout file, and ways that keep their cuts."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.draw.masks import draw_masks
from router.model.design import Design
from router.model.layout import Layout
from router.write.gds import write_gds


@pytest.fixture
def gds(tmp_path: Path, small_design: Design, small_layout: Layout) -> Path:
    path = tmp_path / "small.gds"
    write_gds(path, small_design, draw_masks(small_design, small_layout))
    return path


@pytest.fixture
def no_cut_is_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ways laid by hand keep cuts that they could do without."""
    monkeypatch.setattr("router.draw.tighten.spare_cuts", lambda _design, lines, vias, _still: (lines, vias))
