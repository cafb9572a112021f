"""The folder of an earlier run: read, or refused with what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from router.model.errors import InputError
from router.model.pdk import MaskRole
from router.read.result import read_result

MASK = {
    "name": "RDL1",
    "layer": 10,
    "datatype": 0,
    "pin_datatype": 10,
    "label_datatype": 20,
    "role": "metal",
    "color": "#c04020",
    "polarity": "clear",
    "order": 3,
}
REPORT: dict[str, Any] = {
    "design": "toy",
    "pdk": "p",
    "unrouted": [],
    "drc": {"total": 0, "by_rule": {}},
    "lvs": {"opens": 0},
    "engines": {"differences": []},
    "layout": {"file": "toy.gds", "sha256": "ab", "masks": [MASK]},
}


def stored(folder: Path, report: object) -> Path:
    (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")
    (folder / "toy.gds").write_bytes(b"")
    return folder


def test_a_result_names_its_layout_and_masks(tmp_path: Path) -> None:
    result = read_result(stored(tmp_path, REPORT | {"more": 1}))
    assert result.layout == tmp_path / "toy.gds"
    assert result.sha256 == "ab"
    assert result.report["more"] == 1
    (mask,) = result.masks
    assert (mask.name, mask.layer, mask.role, mask.order) == ("RDL1", 10, MaskRole.METAL, 3)


@pytest.mark.parametrize(
    ("report", "found"),
    [
        ([], "found"),
        ({"a": 1}, "design: found nothing; expected this key"),
        (REPORT | {"refused": {}}, "found a run that was refused"),
        (REPORT | {"layout": None}, "layout: found None"),
        (
            REPORT | {"layout": REPORT["layout"] | {"masks": [MASK | {"datatype": 2**40}]}},
            r"layout\.masks\[1\]\.datatype: found 1099511627776; expected .*32767",
        ),
        (REPORT | {"layout": REPORT["layout"] | {"file": "../toy.gds"}}, r"layout\.file: found '\.\./toy\.gds'"),
        (REPORT | {"layout": REPORT["layout"] | {"file": "other.gds"}}, r"found no other\.gds"),
        (REPORT | {"layout": REPORT["layout"] | {"masks": []}}, r"layout\.masks: found \[\]; expected at least 1"),
        (REPORT | {"layout": REPORT["layout"] | {"masks": [MASK | {"role": "hat"}]}}, r"masks\[1\]\.role: found 'hat'"),
        (REPORT | {"layout": REPORT["layout"] | {"masks": [MASK | {"layer": -1}]}}, r"masks\[1\]\.layer: found -1"),
        (REPORT | {"drc": {}}, r"drc\.total: found nothing"),
        (REPORT | {"engines": {}}, r"engines\.differences: found nothing"),
        (REPORT | {"lvs": {"opens": "many"}}, r"lvs\.opens: found 'many'"),
    ],
)
def test_what_is_no_result_is_refused(report: object, found: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=found):
        read_result(stored(tmp_path, report))


def test_folders_without_a_report_and_reports_that_are_no_json(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"found no report\.json; expected a folder with the results of rdl route"):
        read_result(tmp_path)
    with pytest.raises(InputError, match=r"found no report\.json"):
        read_result(tmp_path / "missing")
    for text in ("{", "[" * 100_000, "", "\ufeff{}"):
        (tmp_path / "report.json").write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=r"report\.json"):
            read_result(tmp_path)
    (tmp_path / "report.json").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="expected text in UTF-8"):
        read_result(tmp_path)
