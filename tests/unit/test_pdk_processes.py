"""The processes that come along: their figures, the rules that follow, blocks that repeat."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.model.errors import InputError
from router.model.pdk import MaskRole, Pdk, Rule, RuleKind
from router.read.library import find_pdk, list_pdks
from router.read.pdk import read_pdk
from router.read.pdk_check import contradictions

NAMES = [path.stem for path in list_pdks()]


def rules(pdk: Pdk) -> dict[str, Rule]:
    return {rule.name: rule for rule in pdk.rules}


@pytest.mark.parametrize("name", NAMES)
def test_process_is_consistent_and_names_its_sources(name: str) -> None:
    pdk = read_pdk(name)
    assert pdk.name == name
    assert contradictions(pdk) == []
    assert len({rule.name for rule in pdk.rules}) == len(pdk.rules)
    assert [mask.order for mask in pdk.masks] == list(range(len(pdk.masks)))
    for part in (pdk, *pdk.masks, *pdk.levels, *pdk.vias, *pdk.pads.values(), *pdk.rules):
        assert part.source, part
    assert {(mask.datatype, mask.pin_datatype, mask.label_datatype) for mask in pdk.masks} == {(0, 10, 20)}
    for pad in pdk.pads.values():
        assert pad.land.mask == pad.level


def test_the_processes_of_the_program() -> None:
    assert {"fanout_2um", "fanout_10um", "wlcsp_500", "interposer_04", "fine_2um", "flipchip_4um"} <= set(NAMES)


def test_fanout_2um_holds_fine_and_coarse_levels() -> None:
    pdk = read_pdk("fanout_2um")
    assert [(level.min_width, level.min_spacing) for level in pdk.levels] == [
        (2000, 2000),
        (2000, 2000),
        (10000, 10000),
    ]
    assert [(via.cut, via.enclosure_lower, via.enclosure_upper) for via in pdk.vias] == [
        (5000, 2500, 2500),
        (20000, 5000, 5000),
    ]
    shapes = {shape.mask: shape.width for shape in pdk.pads["ball"].shapes}
    assert shapes == {"RDL3": 240_000, "SM": 190_000, "UBM": 220_000, "BALL": 250_000}
    assert rules(pdk)["V1.EN.RDL2"] == Rule(
        "V1.EN.RDL2", RuleKind.ENCLOSURE, ("V1", "RDL2"), 2500, source=pdk.vias[0].source
    )
    assert rules(pdk)["RDL3.S.2"].run_length == 300_000
    assert rules(pdk)["RDL1.K.1"].masks == ("RDL1", "OUTLINE")
    assert not [rule for rule in pdk.rules if rule.kind is RuleKind.STACKING]


def test_interposer_does_not_stack_its_cuts() -> None:
    pdk = read_pdk("interposer_04")
    assert [(level.min_width, level.min_spacing) for level in pdk.levels] == [(400, 400)] * 4
    stacking = [(rule.name, rule.masks) for rule in pdk.rules if rule.kind is RuleKind.STACKING]
    assert stacking == [("V1.ST.V2", ("V1", "V2")), ("V2.ST.V3", ("V2", "V3"))]


def test_wlcsp_holds_the_published_column() -> None:
    found = {name: (rule.kind.value, rule.value) for name, rule in rules(read_pdk("wlcsp_500")).items()}
    expected = {
        "PI1.W.1": ("width", 35_000),
        "PI1.S.1": ("space", 20_000),
        "PI1.EN.PAD": ("enclosure", 7_500),
        "RDL.W.1": ("width", 10_000),
        "RDL.S.1": ("space", 10_000),
        "PI1.EN.RDL": ("enclosure", 10_000),
        "PI2.W.1": ("width", 220_000),
        "PI1.S.PI2": ("separation", 25_000),
        "UBM.W.1": ("width", 250_000),
        "PI2.EN.UBM": ("enclosure", 15_000),
        "UBM.EN.RDL": ("enclosure", 10_000),
        "PI1.S.UBM": ("separation", 10_000),
        "UBM.C.SEAL": ("centre_separation", 195_000),
        "BUMP.W.1": ("width", 310_000),
        "BUMP.P.1": ("pitch", 500_000),
        "BUMP.P.2": ("pitch", 500_000),
        "BUMP.EN.SEAL": ("enclosure", 25_000),
        "CHIP.MIN": ("extent_min", 1_000_000),
        "CHIP.MAX": ("extent_max", 6_800_000),
    }
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("count", [1, 2, 5, 18])
def test_levels_repeat_in_turn_with_their_vias(count: int) -> None:
    pdk = read_pdk("fanout_10um", levels=count)
    assert [level.name for level in pdk.levels] == [f"RDL{n}" for n in range(1, count + 1)]
    assert [(via.name, via.lower, via.upper) for via in pdk.vias] == [
        (f"V{n}", f"RDL{n}", f"RDL{n + 1}") for n in range(1, count)
    ]
    stack = [mask for mask in pdk.masks if mask.role in (MaskRole.METAL, MaskRole.CUT)]
    assert [mask.layer for mask in stack] == [10 + 5 * index for index in range(2 * count - 1)]
    assert pdk.pads["bump"].level == "RDL1" and pdk.pads["ball"].level == f"RDL{count}"
    assert rules(pdk)["SM.EN.LAND"].masks == ("SM", f"RDL{count}")
    assert contradictions(pdk) == []


@pytest.mark.parametrize(
    ("name", "levels"), [("fanout_10um", 19), ("fanout_10um", 0), ("fanout_2um", 2), ("wlcsp_500", 2)]
)
def test_level_counts_a_process_does_not_have_are_refused(name: str, levels: int) -> None:
    with pytest.raises(InputError, match="levels"):
        read_pdk(name, levels=levels)


def test_a_default_number_of_levels_beyond_the_most_is_the_fault_of_the_process(tmp_path: Path) -> None:
    text = find_pdk("fanout_10um").read_text(encoding="utf-8").replace("maximum = 18", "maximum = 1")
    (tmp_path / "p.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"p\.toml: repeat\.default: found 2; expected at most the maximum, 1"):
        read_pdk(tmp_path / "p.toml", levels=1)


@pytest.mark.parametrize(
    ("old", "new", "what"), [("DIE", "SM", "mask"), ("contact", "bump", "pad"), ("SM.S.1", "V1.S.1", "rule")]
)
def test_names_that_occur_twice_are_refused(tmp_path: Path, old: str, new: str, what: str) -> None:
    text = find_pdk("fanout_10um").read_text(encoding="utf-8").replace(f'name = "{old}"', f'name = "{new}"')
    (tmp_path / "p.toml").write_text(text, encoding="utf-8")
    with pytest.raises(
        InputError, match=rf"p\.toml: {what}: found the name {new} twice; expected names that occur once"
    ):
        read_pdk(tmp_path / "p.toml")


def test_repeated_rules_are_written_out(tmp_path: Path) -> None:
    text = find_pdk("fanout_10um").read_text(encoding="utf-8")
    text += '\n[[rule]]\nname = "RDL{n}.AREA"\nkind = "area"\nmasks = ["RDL{n}"]\nvalue = 400\n'
    (tmp_path / "p.toml").write_text(text, encoding="utf-8")
    areas = [rule for rule in read_pdk(tmp_path / "p.toml", levels=3).rules if rule.kind is RuleKind.AREA]
    assert [(rule.name, rule.masks, rule.value) for rule in areas] == [
        (f"RDL{n}.AREA", (f"RDL{n}",), 400e6) for n in (1, 2, 3)
    ]


def test_angles_that_no_package_keeps_are_refused(tmp_path: Path) -> None:
    text = find_pdk("fanout_10um").read_text(encoding="utf-8")
    (tmp_path / "p.toml").write_text(text.replace("min_angle = 90", "min_angle = 90.5"), encoding="utf-8")
    with pytest.raises(InputError, match=r"level\[1\]\.min_angle: found 90\.5; expected at most 90, as lands"):
        read_pdk(tmp_path / "p.toml")
