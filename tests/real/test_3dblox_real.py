"""3Dblox samples of OpenROAD, where they lie beside the checkout: dies and bump maps where the assembly says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from router.model.draft import Draft
from router.model.errors import InputError
from router.read.formats.options import ImportOptions
from router.read.formats.threedblox import read_threedblox

SAMPLES = Path(__file__).parents[3] / "shared" / "realdata" / "openroad_3dblox"

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="no 3Dblox samples beside the checkout")


def read(name: str) -> Draft:
    return read_threedblox([SAMPLES / name], ImportOptions())


def places(draft: Draft) -> dict[str, dict[str, tuple[float, float, str]]]:
    """Each die's bumps in the package in µm, with their nets."""
    found = {}
    for part in draft.components:
        xy = part.placement.apply(np.array([(pin.x, pin.y) for pin in part.pins], dtype=np.int64)) / 1000
        found[part.name] = {pin.name: (*at, pin.net) for pin, at in zip(part.pins, xy.tolist(), strict=True)}
    return found


def test_two_dies_face_each_other_as_the_assembly_says() -> None:
    """d and q of the upper die are crossed: what it calls d meets what the lower one calls q."""
    draft = read("3dic_cross.3dbx")
    found = places(draft)
    assert found == {
        "chipA": {"bump_clk": (15, 17, "clk"), "bump_d": (15, 19, "d"), "bump_q": (19, 19, "chipA/q")},
        "chipB": {"bump_clk": (15, 17, "clk"), "bump_d": (19, 19, "chipA/q"), "bump_q": (19, 17, "chipB/q")},
    }
    for part, map_name in zip(draft.components, ("3dic_cross_flop_a.bmap", "3dic_cross_flop_b.bmap"), strict=True):
        rows = [line.split() for line in (SAMPLES / map_name).read_text(encoding="utf-8").splitlines()]
        assert {row[0]: (float(row[2]), float(row[3])) for row in rows} == {
            name: place[:2] for name, place in found[part.name].items()
        }
    assert any("stand over one another: chipA and chipB" in lost for lost in draft.lost)


@pytest.mark.parametrize("name", ["example.3dbx", "path_assertions.3dbx"])
def test_of_two_dies_back_to_back_one_lies_in_the_plane(name: str) -> None:
    """The bumps are on the backs, which look down on the lower die: they are seen from there, mirrored in x."""
    draft = read(name)
    assert places(draft) == {"soc_inst": {"bump1": (-200, 400, ""), "bump2": (-250, 400, "")}}
    assert any("soc_inst_duplicate.back_reg at z = 600 µm" in lost for lost in draft.lost)


@pytest.mark.parametrize(
    ("name", "bumps", "nets"),
    [
        ("example.3dbv", 2, 0), ("example.bmap", 2, 0), ("example1.bmap", 2, 2), ("example2.bmap", 2, 2),
        ("example3.bmap", 2, 1), ("example4.bmap", 2, 0), ("3dic_cross_flop_a.bmap", 3, 3),
        ("3dic_cross_flop_b.bmap", 3, 3),
    ],
)  # fmt: skip
def test_one_chiplet_alone(name: str, bumps: int, nets: int) -> None:
    (part,) = read(name).components
    assert len(part.pins) == bumps and len({pin.net for pin in part.pins} - {""}) == nets


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("3dic_cross_flop.3dbv", "2 chiplets and no ChipletInst"),
        ("example_no_coords.3dbv", r":19: found region 'front_reg' without coords"),
        ("example_polygon.3dbv", "no bump map in any region"),
        ("write_3dbv.3dbvok", r":21: found no file .*SoC_back_reg\.bmap"),
        ("write_3dbx.3dbxok", r":6: found no file .*TopDesign\.3dbv"),
    ],
)
def test_samples_that_are_not_whole(name: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(name)
