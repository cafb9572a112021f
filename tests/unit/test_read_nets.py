"""Nets and their ends, classes, keep-outs, fixed traces, includes."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.model.design import Design, End
from router.model.errors import InputError
from router.read.design import read_design

HEAD = """
pdk = "fanout_10um"
levels = 3
outline = [4000, 4000]
[[die]]
name = "io"
pad = "bump"
joined = true
at = [0, 1000]
array = { nx = 4, ny = 1, pitch = 200, names = "p{n}" }
[[balls]]
name = "b"
pad = "ball"
array = { nx = 4, ny = 2, pitch = 500 }
"""


def read(folder: Path, text: str) -> Design:
    (folder / "package.toml").write_text(HEAD + text, encoding="utf-8")
    return read_design(folder / "package.toml")


def ids(design: Design, end: End) -> list[str]:
    return [design.terminals[index].id for index in end.terminals]


def test_joined_pins_of_a_net_make_one_end(tmp_path: Path) -> None:
    design = read(tmp_path, '[nets]\nV = ["io.p1", "b.A1", "io.p2", "b.A2"]\nS = ["io.p3", "b.A3"]\n')
    supply, signal = design.nets
    assert [ids(design, end) for end in supply.ends] == [["io.p1", "io.p2"], ["b.A1"], ["b.A2"]]
    assert [ids(design, end) for end in signal.ends] == [["io.p3"], ["b.A3"]]
    assert [index for index, net in enumerate(design.net_of_terminal()) if net < 0] == [3, 7, 8, 9, 10, 11]


def test_net_with_one_end_is_kept(tmp_path: Path) -> None:
    design = read(tmp_path, '[nets]\nDUMMY = ["b.A1"]\n')
    assert [(net.name, len(net.ends)) for net in design.nets] == [("DUMMY", 1)]


def test_brackets_in_names_are_plain(tmp_path: Path) -> None:
    nets = '[nets]\n"io[1]" = ["b.A1"]\n"io[2]" = ["b.A2"]\nio1 = ["b.A3"]\n'
    text = nets + '[[class]]\nname = "c"\nnets = ["io[*", "io1"]\n'
    assert [net.net_class for net in read(tmp_path, text).nets] == ["c", "c", "c"]
    with pytest.raises(InputError, match=r"class\[1\]\.nets"):
        read(tmp_path, text.replace('"io[*"', '"io[12]"'))


def test_first_class_that_matches_counts(tmp_path: Path) -> None:
    text = """
[nets]
VDD = ["b.A1"]
VSS = ["b.A2"]
CLK = ["b.A3"]
[[class]]
name = "ground"
nets = ["VSS"]
width = 30
[[class]]
name = "supply"
nets = ["V*"]
width = { RDL2 = 20 }
spacing = 15
levels = ["RDL3", "RDL2"]
[[class]]
name = "default"
width = 12
"""
    design = read(tmp_path, text)
    assert [net.net_class for net in design.nets] == ["supply", "ground", "default"]
    supply = design.classes["supply"]
    assert supply.levels == (1, 2)
    assert supply.widths == (10_000, 20_000, 10_000) and supply.spacings == (10_000, 15_000, 15_000)
    assert design.classes["default"].widths == (12_000,) * 3
    assert set(design.classes) == {"default", "ground", "supply"}


@pytest.mark.parametrize("key", ["pair", "gap", "max_length", "max_skew", "spacing_to"])
def test_what_is_not_built_is_refused_by_name(tmp_path: Path, key: str) -> None:
    with pytest.raises(InputError, match=rf"class\[1\]\.{key}.*not built yet"):
        read(tmp_path, f'[[class]]\nname = "c"\n{key} = 5\n')


def test_keepouts_fixed_traces_and_lattice(tmp_path: Path) -> None:
    text = """
[nets]
A = ["b.A1", "b.B1"]
[[keepout]]
name = "antenna"
levels = ["RDL3", "RDL1"]
rect = [-100, -200, 300, 400]
[[keepout]]
polygon = [[0, 0], [10, 0], [0, 10]]
[[fixed]]
net = "A"
level = "RDL2"
width = 10
points = [[-750, 250], [-750, -250]]
[lattice]
RDL2 = 2.5
"""
    design = read(tmp_path, text)
    first, second = design.keepouts
    assert (first.name, first.levels) == ("antenna", (0, 2))
    assert first.ring.tolist() == [[-100_000, -200_000], [300_000, -200_000], [300_000, 400_000], [-100_000, 400_000]]
    assert second.levels == (0, 1, 2)
    (trace,) = design.fixed
    assert (trace.net, trace.level, trace.width) == (0, 1, 10_000)
    assert trace.points.tolist() == [[-750_000, 250_000], [-750_000, -250_000]]
    assert design.lattice == (0, 2_500, 0)


def test_fixed_traces_on_metal_of_other_nets_are_refused(tmp_path: Path) -> None:
    nets = '[nets]\nA = ["b.A1", "b.B1"]\nC = ["b.A2"]\n'
    fixed = '[[fixed]]\nnet = "{net}"\nlevel = "RDL3"\nwidth = 10\npoints = {points}\n'
    down, across = [[-750, 250], [-750, -250]], [[-900, 0], [-600, 0]]
    with pytest.raises(
        InputError, match=r"fixed\[1\]\.points: found metal on the land of b\.A1 of net A; expected room.* but C"
    ):
        read(tmp_path, nets + fixed.format(net="C", points=down))
    with pytest.raises(
        InputError, match=r"fixed\[2\]\.points: found metal on fixed\[1\] of net A; expected room.* but C"
    ):
        read(tmp_path, nets + fixed.format(net="A", points=down) + fixed.format(net="C", points=across))
    other_level = fixed.format(net="C", points=across).replace("RDL3", "RDL2")
    assert len(read(tmp_path, nets + fixed.format(net="A", points=down) + other_level).fixed) == 2


def test_a_terminal_twice_in_a_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nets\.A: found b\.A1 twice"):
        read(tmp_path, '[nets]\nA = ["b.A1", "b.A1"]\n')
    assert len(read(tmp_path, '[nets]\nA = ["b.A1", "b.A*"]\n').nets[0].ends) > 1


def test_excluded_nets_leave_their_pins_alone(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("pin,x,y,net\n1,0,-1500,VSS\n2,300,-1500,S\n3,600,-1500,VDD9\n", encoding="utf-8")
    die = '[[die]]\nname = "t"\npad = "bump"\ntable = { file = "t.csv" }\n'
    netlist = '[netlist]\nfrom_tables = true\nexclude = ["VSS", "VDD*"]\n'
    assert [net.name for net in read(tmp_path, die + netlist).nets] == ["S"]
    assert read(tmp_path, die).nets == ()
    with pytest.raises(InputError, match=r"netlist\.exclude: found 'VSSX\*'; expected a net of the tables"):
        read(tmp_path, die + netlist.replace('"VDD*"', '"VSSX*"'))


@pytest.mark.parametrize("nets", ["", "nets = []\n"])
def test_a_class_of_no_net_is_refused(nets: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"class\[1\]\.nets: found no net; expected patterns of nets, as for every"):
        read(tmp_path, f'[[class]]\nname = "c"\n{nets}width = 12\n')
    assert read(tmp_path, f'[[class]]\nname = "default"\n{nets}width = 12\n').classes["default"].widths[0] == 12_000


def test_included_blocks_count_from_their_own_folder(tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    (folder / "t.csv").write_text("pin,x,y\n1,0,-1500\n", encoding="utf-8")
    part = '[[die]]\nname = "t"\npad = "bump"\ntable = { file = "t.csv" }\n'
    (folder / "part.toml").write_text(part + '[nets]\nX = ["t.1"]\n', encoding="utf-8")
    (tmp_path / "package.toml").write_text('include = "parts/part.toml"\n' + HEAD, encoding="utf-8")
    design = read_design(tmp_path / "package.toml")
    assert [component.name for component in design.components] == ["t", "io", "b"]
    assert [net.name for net in design.nets] == ["X"]


@pytest.mark.parametrize("name", ["*", "d?", "a.b"])
def test_components_are_called_by_no_pattern(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"die\[2\]: found the component .*; expected a name without dot, \* and \?"):
        read(tmp_path, f'[[die]]\nname = "{name}"\npad = "bump"\npin = [{{ name = "1", x = 0, y = -1500 }}]\n')


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("include = -1", "include: found -1; expected a file name, or a list of them"),
        ("outline = -1", r"outline: found -1; expected \[width, height\] or \[x0, y0, x1, y1\]"),
        ("outline = [4200, -3000]", r"outline: found \[4200, -3000\]; expected \[width, height\], both above 0"),
        ("outline = [-1.5, 0, -2, 9]", r"outline: found \[-1\.5, 0, -2, 9\]; expected .* with x0 < x1 and y0 < y1"),
        ('name = "a/b"', "name: found 'a/b'; expected 1 to 100 letters, digits and signs of _ [+] - [.], the first"),
        (r'name = "a\n"', r"name: found 'a\\n'; expected 1 to 100 letters, digits and signs"),
        (
            "class = [{ name = 'x', nets = ['*'], width = -2 }]",
            r"class\[1\]\.width: found -2; expected at least 0\.001",
        ),
        (
            "class = [{ name = 'default', width = { RDL2 = 10_000 } }]",
            r"class\[1\]\.width: found 10000 µm; expected less than 4000 µm, the smaller side of the package",
        ),
        ("class = [{ name = 'default', spacing = 4000 }]", r"class\[1\]\.spacing: found 4000 µm; expected less than"),
        ("levels = 40", r"package\.toml: levels: found 40; expected at most \d+ in fanout_10um"),
        ("outline = [1, 2, 3]", r"outline: found \[1, 2, 3\]; expected \[width, height\] or"),
    ],
)
def test_what_a_key_holds_is_said_in_its_own_words(line: str, message: str, tmp_path: Path) -> None:
    key = line.split(" = ")[0]
    head = "".join(one for one in HEAD.splitlines(keepends=True) if not one.startswith(f"{key} ="))
    (tmp_path / "package.toml").write_text(f"{line}\n{head}", encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_design(tmp_path / "package.toml")


def test_a_mistyped_terminal_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nets\.S.*'b\.A9'.*a pin of b, b\.A"):
        read(tmp_path, '[nets]\nS = ["b.A9"]\n')
    with pytest.raises(InputError, match="the component being one of io, b"):
        read(tmp_path, '[nets]\nS = ["bb.A9"]\n')


def test_name_is_that_of_the_file_unless_given(tmp_path: Path) -> None:
    assert read(tmp_path, "").name == "package"
    for stem in ("two words", "line\n"):
        (tmp_path / f"{stem}.toml").write_text(HEAD, encoding="utf-8")
        with pytest.raises(InputError, match="a name"):
            read_design(tmp_path / f"{stem}.toml")
