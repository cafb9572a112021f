"""What a package has no room for is refused where it is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from router.model.errors import InputError
from router.read.design import read_design

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("edge_keepout = 1000", "RDL1: edge_keepout 1000 µm"),
        ("spacing = 2000", "V1: spacing 2000 µm"),
        ("cut = 1990", "V1: capture pad 2000 µm"),
    ],
)
def test_a_process_too_coarse_for_the_package_is_refused(tmp_path: Path, line: str, key: str) -> None:
    """Its figures were meant in another unit; engines would compare all with all."""
    process = (ROOT / "pdk" / "fanout_10um.toml").read_text(encoding="utf-8")
    figure = line.split()[0]
    changed = re.sub(rf"^{figure} = .*$", line, process, count=1, flags=re.M)
    (tmp_path / "own.toml").write_text(changed, encoding="utf-8")
    toy = (
        (ROOT / "netlists" / "toy.toml").read_text(encoding="utf-8").replace('pdk = "fanout_10um"', 'pdk = "own.toml"')
    )
    (tmp_path / "toy.toml").write_text(toy, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_design(tmp_path / "toy.toml")
    assert key in str(caught.value) and "toy.toml: pdk" in str(caught.value)
