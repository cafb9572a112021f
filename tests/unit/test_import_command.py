"""`rdl import` from its options to the files it writes, and what it says of bad ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from draft_packages import package
from hypothesis import given, settings
from hypothesis import strategies as st
from import_mutations import mutated
from typer.testing import CliRunner

from router import flow
from router.cli import app
from router.model.errors import InputError
from router.read.design import read_design
from router.read.formats.options import ImportOptions, Origin, Unit
from router.write.package import write_package

DIE = (
    "Units: microns\nRefDes: U1\nDieOrient: ChipDown\nOrigin: (5 6)\nRotation: 90\nExtents: ((-300 -300) (300 300))\n\n"
    "Pin Number\tPadstack\tX Coord\tY Coord\tNet Name\n1\tP\t0\t0\tA\n2\tP\t200\t0\tB\n"
)


SAMPLES = {
    "bumps": "component,kind,pin,x_um,y_um,width,net\nU,bump,1,0,0,40,N\nU,bump,2,99,0,40,M\nB,ball,1,0,900,240,N\n",
    "aif": "[DATABASE]\nUNITS=UM\n[DIE]\nWIDTH=900\nHEIGHT=900\n[BGA]\nPITCH=500\nPOPULATION=3 3\nBALL=CIRCLE 250\n"
    "WIDTH=4000\nHEIGHT=4000\n[PADS]\nP=SQ 60\n[NETLIST]\nA 1 P 0 0 A1\nB 2 P 200 0 A2\n",
    "dietext": DIE,
}


@settings(max_examples=120)
@given(data=st.sampled_from(sorted(SAMPLES)).flatmap(lambda name: st.tuples(st.just(name), mutated(SAMPLES[name]))))
def test_mutated_files_are_imported_or_refused(tmp_path: Path, data: tuple[str, bytes]) -> None:
    """What is imported reads again; what is refused leaves nothing behind."""
    name, content = data
    source, out = tmp_path / "source", tmp_path / "out.toml"
    source.write_bytes(content)
    try:
        flow.import_package(name, [source], out, overwrite=True)
    except InputError as error:
        assert "\n" not in str(error) and len(str(error)) < 1500
        assert not out.exists()
        return
    assert read_design(out).terminals
    for path in tmp_path.iterdir():
        path.unlink()


TABLE = "pad,x_um,y_um,net\n1,0,0,N\n2,200,0,M\n"


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "die.csv").write_text(TABLE, encoding="utf-8")
    out = tmp_path / "new" / "chip.toml"
    arguments = ["import", "bumps", str(tmp_path / "die.csv"), "-o", str(out)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0] == str(out)
    assert "chip in wlcsp_500: 1 components (1 die), 2 pins, 0 of them without a net, 2 nets, 0 classes" in lines[1]
    assert any(line.startswith("assumed: places are centres of pads") for line in lines)
    again = CliRunner().invoke(app, arguments)
    assert again.exit_code == 2 and "--overwrite" in again.stderr
    more = ["--overwrite", "--name", "chip", "--pdk", "fanout_10um", "--units", "um", "--view", "top"]
    more += ["--pad-size", "50", "--die-size", "400x300", "--origin", "corner"]
    assert CliRunner().invoke(app, [*arguments, *more]).exit_code == 0
    design = read_design(out)
    assert (design.name, design.pdk.name, design.components[0].view) == ("chip", "fanout_10um", "top")
    assert [(terminal.x, terminal.width) for terminal in design.terminals] == [(-25_000, 50_000), (-225_000, 50_000)]


def test_a_process_of_ones_own(tmp_path: Path) -> None:
    process = (Path(__file__).parents[2] / "pdk" / "fanout_10um.toml").read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(process, encoding="utf-8")
    (tmp_path / "sub").mkdir()
    options = ImportOptions(pdk=str(tmp_path / "mine.toml"))
    write_package(package(), tmp_path / "sub" / "p.toml", options, source="s")
    assert 'pdk = "../mine.toml"' in (tmp_path / "sub" / "p.toml").read_text(encoding="utf-8")
    assert read_design(tmp_path / "sub" / "p.toml").pdk.name == "fanout_10um"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["import", "gerbil", "t.csv", "-o", "x.toml"], "FORMAT: found 'gerbil'; expected one of"),
        (["import", "bumps", "t.csv", "-o", "x.csv"], "the ending '.csv'; expected .toml"),
        (["import", "bumps", "none.csv", "-o", "x.toml"], "a file that cannot be read"),
        (["import", "bumps", "t.csv", "-o", "x.toml", "--pad-size", "0"], "a size in µm, as 40 or 40x60"),
        (["import", "bumps", "t.csv", "-o", "x.toml", "--die-size", "1e3x2"], "a size in µm, as 40 or 40x60"),
        (["import", "bumps", "t.csv", "-o", "x.toml", "--level", "TOP"], "SOURCE=LEVEL"),
        (["import", "bumps", "t.csv", "-o", "x.toml", "--level", "TOP=RDL1"], "no layer 'TOP'; expected no --level,"),
        (["import", "bumps", "t.csv", "-o", "x.toml", "--level", "A=B", "--level", "A=C"], "both B and C for 'A'"),
        (["import", "bumps", "t.csv", "-o", "x.toml", "--pdk", "gold"], "no such name"),
        (["import", "bumps", "t.csv", "-o", "x.toml", "--column", "x"], "HEADER=PART"),
        (["import", "bumps", "t.csv", "-o", "x.toml", "--place", "t=1"], "'t=1'; expected X,Y in µm, and a turn"),
        (["import", "bumps", "t.csv", "-o", "x.toml", "--place", "t=1,2,45"], "expected X,Y in µm, and a turn"),
        (["import", "aif", "t.csv", "-o", "x.toml", "--column", "x=y"], "--column: found an option that aif makes no"),
    ],
)
def test_faults_of_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str], said: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text(TABLE, encoding="utf-8")
    done = CliRunner().invoke(app, more)
    assert done.exit_code == 2
    assert said in done.stderr and len(done.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_a_place_begins_with_a_point_if_you_like(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text(TABLE, encoding="utf-8")
    done = CliRunner().invoke(app, ["import", "bumps", "t.csv", "-o", "x.toml", "--place", "t=-.5,.25"])
    assert (done.exit_code, done.stderr) == (0, "")
    placement = read_design(tmp_path / "x.toml").components[0].placement
    assert (placement.x, placement.y) == (-500, 250)


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        (
            "lefdef",
            {"unit": Unit.MM},
            "--units: found an option that lefdef makes no use of; expected none of its kind",
        ),
        ("aif", {"die_size": (1, 1)}, "--die-size: .* aif .* expected --units, --view"),
        ("dietext", {"origin": Origin.CORNER}, "--origin: .* dietext .* expected --pad-size, --units, --view"),
        ("dsn", {"pad_size": (1, 1)}, "--pad-size: .* dsn "),
    ],
)
def test_options_that_say_nothing_to_a_format(
    tmp_path: Path, name: str, options: Mapping[str, object], said: str
) -> None:
    chosen = ImportOptions(**options)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=said):
        flow.import_package(name, [tmp_path / "none"], tmp_path / "x.toml", chosen)


def test_from_python(tmp_path: Path) -> None:
    (tmp_path / "die.csv").write_text(TABLE, encoding="utf-8")
    written = flow.import_package("bumps", [tmp_path / "die.csv"], tmp_path / "die.toml")
    assert [net.name for net in written.design.nets] == ["N", "M"]
    assert written.design.source == tmp_path / "die.toml"
    again = flow.import_package("bumps", [str(tmp_path / "die.csv")], str(tmp_path / "again.toml"))
    assert again.design.source == tmp_path / "again.toml"
