"""Real designs and benchmark cases from their own tables, where these lie beside the checkout."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from router.model.design import Design
from router.model.pdk import RuleKind
from router.read.design import read_design
from router.read.pdk import read_pdk

SHARED = Path(__file__).parents[3] / "shared"
DESIGNS = sorted((Path(__file__).parent / "designs").glob("*.toml"))

pytestmark = pytest.mark.skipif(
    not (SHARED / "realdata").is_dir(), reason="no tables of real designs beside the checkout"
)

# Terminals, nets, levels.
EXPECTED = {
    "blackparrot_10": (513, 139, 1),
    "blackparrot_4": (513, 139, 1),
    "caravel": (123, 57, 1),
    "d2d512_2": (1024, 512, 2),
    "d2d512m_2": (1024, 512, 2),
    "d2d512m_1": (1024, 512, 1),
    "fan1024_2": (2048, 1024, 2),
    "fan1024_3": (2048, 1024, 3),
    "fan2000_2": (4000, 2000, 2),
    "fan2000_3": (4000, 2000, 3),
    "fan256_1": (512, 256, 1),
    "fan4096_2": (8192, 4096, 2),
    "fan4096_3": (8192, 4096, 3),
    "gtchips": (428, 108, 4),
    "stratix10": (7358, 2400, 4),
}


def read(name: str) -> Design:
    return read_design(Path(__file__).parent / "designs" / f"{name}.toml")


@pytest.mark.parametrize("path", DESIGNS, ids=lambda path: path.stem)
def test_design_reads(path: Path) -> None:
    design = read_design(path)
    assert design.name == path.stem
    assert (len(design.terminals), len(design.nets), len(design.pdk.levels)) == EXPECTED[path.stem]


def test_blackparrot_power_may_end_on_any_pad() -> None:
    design = read("blackparrot_10")
    nets = {net.name: net for net in design.nets}
    ends = sorted((len(end.terminals) for end in nets["DVDD"].ends), reverse=True)
    assert ends == [34] + [1] * 34
    assert sum(len(net.ends) - 1 for net in design.nets) == 237
    assert sum(owner < 0 for owner in design.net_of_terminal()) == 39
    assert design.classes["default"].widths == design.classes["default"].spacings == (10_000,)
    assert {(t.width, t.height) for t in design.terminals if t.id.startswith("io.")} == {
        (5_000, 10_000),
        (10_000, 5_000),
    }


def test_stratix_faces_its_image() -> None:
    design = read("stratix10")
    for net in design.nets:
        south, north = (design.terminals[end.terminals[0]] for end in net.ends)
        assert south.x == north.x and south.y + north.y == 3_475_000
    ys = {name: [t.y for t in design.terminals if t.id.startswith(name)] for name in ("south", "north")}
    assert min(ys["north"]) - max(ys["south"]) == 1_000_000
    assert {t.width for t in design.terminals} == {40_000}


def test_gtchips_dies_lie_first_and_c4_last() -> None:
    design = read("gtchips")
    assert {t.level for t in design.terminals if t.id.startswith("c4.")} == {3}
    assert {t.level for t in design.terminals if not t.id.startswith("c4.")} == {0}
    two_ended = [net for net in design.nets if len(net.ends) == 2]
    assert len(two_ended) == 98 and sum(len(net.ends) == 1 for net in design.nets) == 3


def test_wlcsp_values_are_those_of_the_published_table() -> None:
    path = SHARED / "realdata" / "skywater_wlcsp_rules" / "amkor.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    published, group = {}, ""
    for row in rows[2:]:
        if row[1].startswith("("):
            group = row[1].strip("()").split(".")[0]
        elif row[1]:
            published[f"{group}.{row[1]}"] = row[-1]
    ours = {}
    for rule in read_pdk("wlcsp_500").rules:
        value = f"{rule.value / 1000:g}"
        if rule.kind in (RuleKind.EXTENT_MIN, RuleKind.EXTENT_MAX):
            value += f" X {rule.height / 1000:g}"
        for name in published:
            if f"({name})" in rule.source or (
                rule.name[:6] in ("RDL.W.", "RDL.S.") and f"{name}" == _derived(rule.name)
            ):
                ours[name] = value
    assert {name: _plain(value) for name, value in published.items()} == ours


def _derived(rule: str) -> str:
    return {"RDL.W.1": "rdl_500.1", "RDL.S.1": "rdl_500.2"}[rule]


def _plain(value: str) -> str:
    return value if "X" in value else f"{float(value):g}"
