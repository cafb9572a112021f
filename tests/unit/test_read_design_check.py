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


@pytest.mark.parametrize(
    ("included", "where"),
    [
        ('[[fixed]]\nnet = "A"\nlevel = "RDL1"\nwidth = 1\npoints = [[0, 0], [100, 0]]\n', "fixed[1].width"),
        ('[[fixed]]\nnet = "A"\nlevel = "RDL1"\nwidth = 10\npoints = [[0, 0], [500, 500]]\n', "fixed[1].points"),
        ('[[class]]\nname = "wide"\nnets = ["X*"]\n', "class[1].nets"),
        ("[[keepout]]\npolygon = [[0, 200], [100, 300], [100, 200], [0, 300]]\n", "keepout[1].polygon"),
    ],
    ids=["thin", "short", "no net", "crossed"],
)
def test_a_fault_is_said_of_the_file_that_it_stands_in(tmp_path: Path, included: str, where: str) -> None:
    (tmp_path / "more.toml").write_text(included, encoding="utf-8")
    (tmp_path / "whole.toml").write_text(
        'name = "whole"\npdk = "fanout_10um"\noutline = [2000, 2000]\ninclude = "more.toml"\n'
        'nets = { A = ["d.1", "d.2"], B = ["d.3"] }\n[[die]]\nname = "d"\npad = "bump"\n'
        'pin = [{ name = "1", x = 0, y = 0 }, { name = "2", x = 500, y = 0 }, { name = "3", x = 500, y = 500 }]\n',
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        read_design(tmp_path / "whole.toml")
    assert caught.value.where == f"{tmp_path / 'more.toml'}: {where}"
