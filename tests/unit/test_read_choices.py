"""Nets that leave their ball open: places, groups, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.model.design import Design
from router.model.errors import InputError
from router.read.balls import read_all_balls, read_balls
from router.read.design import read_design

HEAD = """
pdk = "fanout_10um"
levels = 2
outline = [4000, 4000]
[[die]]
name = "d"
pad = "bump"
array = { nx = 4, ny = 2, pitch = 200 }
[[balls]]
name = "b"
pad = "ball"
array = { nx = 4, ny = 3, pitch = 500 }
"""
NETS = (
    '[nets]\nV = ["d.A1", "b.A1"]\nD0 = ["d.A2", "*"]\nD1 = ["d.A3", "*"]\nQ = ["d.B1", "*", "*"]\nLOOSE = ["d.B4"]\n'
)


def read(folder: Path, text: str) -> Design:
    (folder / "package.toml").write_text(HEAD + text, encoding="utf-8")
    return read_design(folder / "package.toml")


def groups(design: Design) -> list[tuple[str, list[str], list[str]]]:
    return [
        (
            group.name,
            [design.nets[net].name for net in group.nets],
            [design.terminals[ball].id.removeprefix("b.") for ball in group.balls],
        )
        for group in design.open
    ]


def choice(text: str) -> str:
    return f"[[choice]]\n{text}\n"


def test_a_net_without_open_places_is_as_before(tmp_path: Path) -> None:
    assert read(tmp_path, '[nets]\nV = ["d.A1", "b.A1"]\nLOOSE = ["d.B4"]\n').open == ()


def test_a_star_is_a_ball_that_nobody_has(tmp_path: Path) -> None:
    ((_, nets, balls),) = groups(read(tmp_path, NETS))
    assert nets == ["D0", "D1", "Q", "Q"]
    assert balls == ["A2", "A3", "A4", "B1", "B2", "B3", "B4", "C1", "C2", "C3", "C4"]


def test_a_star_in_a_net_table(tmp_path: Path) -> None:
    (tmp_path / "nets.csv").write_text("net,bump,ball\nS,d.A1,*\nT,d.A2,b.A2\nU,d.A3,\nU,*,\n", encoding="utf-8")
    ((_, nets, balls),) = groups(read(tmp_path, '[netlist]\nfile = "nets.csv"\n'))
    assert nets == ["S", "U"]
    assert "A2" not in balls


def test_groups_take_their_balls_out_of_the_common_ones(tmp_path: Path) -> None:
    text = (
        NETS
        + choice('name = "bus"\nnets = ["D?"]\nballs = ["b.A*"]')
        + choice("nets = ['Q']\nrect = [-800, -600, 0, 0]")
    )
    found = groups(read(tmp_path, text + choice('nets = ["*"]')))
    # A1 is V's: a pattern passes over it.
    assert found[0] == ("bus", ["D0", "D1"], ["A2", "A3", "A4"])
    assert found[1][1:] == (["Q", "Q"], ["B1", "B2", "C1", "C2"])
    assert found[2][1:] == (["LOOSE"], ["B3", "B4", "C3", "C4"])


def test_patterns_and_rectangle_together(tmp_path: Path) -> None:
    text = NETS + choice('nets = ["D?"]\nballs = ["b.A*", "b.C*"]\nrect = [0, -2000, 2000, 2000]')
    assert groups(read(tmp_path, text))[0][2] == ["A3", "A4", "C3", "C4"]


def test_balls_that_stay_without_a_net_are_never_chosen(tmp_path: Path) -> None:
    text = '[netlist]\nno_connect = ["b.A*", "b.B1"]\n' + NETS.replace('"b.A1"', '"b.C4"')
    assert groups(read(tmp_path, text))[0][2] == ["B2", "B3", "B4", "C1", "C2", "C3"]


def test_balls_of_excluded_nets_are_never_chosen(tmp_path: Path) -> None:
    (tmp_path / "balls.csv").write_text("pin,x,y,net\n1,-500,500,NC1\n2,0,500,\n3,500,500,V\n", encoding="utf-8")
    head = HEAD[: HEAD.index("[[balls]]")] + '[[balls]]\nname = "b"\npad = "ball"\ntable = { file = "balls.csv" }\n'
    text = '[netlist]\nfrom_tables = true\nexclude = ["NC*"]\n[nets]\nS = ["d.A1", "*"]\n'
    (tmp_path / "package.toml").write_text(head + text, encoding="utf-8")
    assert groups(read_design(tmp_path / "package.toml"))[0][2] == ["2"]


REFUSED = {
    "unknown net": (choice('nets = ["D9"]\nballs = ["b.A2"]'), r"choice\[1\]\.nets: found no net 'D9'.*D[01] perhaps"),
    "unknown net pattern": (choice('nets = ["X*"]\nballs = ["b.A2"]'), r"choice\[1\]\.nets: found no net 'X\*'"),
    "unknown ball": (choice('nets = ["D0"]\nballs = ["b.A9"]'), r"choice\[1\]\.balls: found no ball 'b\.A9'.*b\.A\d"),
    "ball without component": (choice('nets = ["D0"]\nballs = ["A2"]'), r"balls: found no ball 'A2'.*b\.A2 perhaps"),
    "a bump": (choice('nets = ["D0"]\nballs = ["d.A2"]'), r"balls: found d\.A2, a bump; expected a ball"),
    "a ball that is fixed": (choice('nets = ["D0"]\nballs = ["b.A1"]'), r"balls: found b\.A1 of net V"),
    "a ball that stays free": (
        '[netlist]\nno_connect = ["b.A2"]\n' + choice('nets = ["D0"]\nballs = ["b.A2"]'),
        r"balls: found b\.A2 that stays without a net",
    ),
    "a net whose ball is fixed": (choice('nets = ["V"]\nballs = ["b.A2"]'), r"nets: found V, which has a ball"),
    "nets whose balls are all fixed": (choice('nets = ["V*"]\nballs = ["b.A2"]'), r"nets: found \['V\*'\], all with"),
    "too few balls": (choice('nets = ["D?", "Q"]\nballs = ["b.A2", "b.A3"]'), r"found 2 free balls, and 4 to be"),
    "an empty rectangle": (choice('nets = ["D0"]\nrect = [5, 0, 5, 9]'), r"choice\[1\]\.rect: found \[5, 0, 5, 9\]"),
    "a rectangle without balls": (choice('nets = ["D0"]\nrect = [1, 1, 2, 2]'), r"found 0 free balls, and 1 to be"),
    "a net in two choices": (
        choice('name = "a"\nnets = ["D0"]\nballs = ["b.A2"]') + choice('nets = ["D?"]\nballs = ["b.A3", "b.A4"]'),
        r"choice\[2\]\.nets: found D0, which is in a too",
    ),
    "a ball in two choices": (
        choice('name = "a"\nnets = ["D0"]\nballs = ["b.A2"]') + choice('nets = ["D1"]\nballs = ["b.A*"]'),
        r"choice\[2\]: found b\.A2 in a too",
    ),
    "a name twice": (
        choice('name = "a"\nnets = ["D0"]\nballs = ["b.A2"]') + choice('name = "a"\nnets = ["D1"]\nballs = ["b.A3"]'),
        r"choice\[2\]: found the choice a twice",
    ),
    "no ball left over": (
        choice('nets = ["D?"]\nballs = ["b.*"]'),
        r"\* for a ball: found 0 free balls beside \d+ that choices hold, and 2 to be",
    ),
    "nothing to start from": ('E = ["*"]\n', r"net E: found nothing but a ball to be chosen"),
    "no balls asked for": (choice('nets = ["D0"]\nballs = []'), r"choice\[1\]\.balls: found \[\]; expected at least 1"),
    "no nets": (choice('nets = []\nballs = ["b.A2"]'), r"choice\[1\]\.nets: found \[\]"),
    "an unknown key": (choice('nets = ["D0"]\nball = ["b.A2"]'), r"choice\[1\]\.ball: .*balls perhaps"),
    "a key like none": (choice('nets = ["D0"]\nqqq = 1'), r"choice\[1\]\.qqq: found an unknown key; expected one of "),
    "a connected pin that must not be": (
        '[netlist]\nno_connect = ["b.A1"]\n',
        r"netlist\.no_connect: found b\.A1 of net V",
    ),
    "an unknown pin that must not be": ('[netlist]\nno_connect = ["b.Z1"]\n', r"no_connect: found no terminal 'b\.Z1'"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by_name(name: str, tmp_path: Path) -> None:
    text, message = REFUSED[name]
    with pytest.raises(InputError, match=message):
        read(tmp_path, NETS + text)


def test_no_ball_component(tmp_path: Path) -> None:
    (tmp_path / "package.toml").write_text(
        HEAD[: HEAD.index("[[balls]]")] + '[nets]\nS = ["d.A1", "*"]\n', encoding="utf-8"
    )
    with pytest.raises(InputError, match=r"found 0 free balls, and 1 to be chosen; expected at least as many"):
        read_design(tmp_path / "package.toml")


def ends(design: Design, net: str) -> list[str]:
    found = next(item for item in design.nets if item.name == net)
    return [design.terminals[end.terminals[0]].id for end in found.ends]


TABLE = """ball,x_um,y_um,net,assigned
b.A1,0,0,V,fixed
b.B2,0,0,Q,chosen
b.C1,0,0,D0,chosen
b.C3,0,0,Q,chosen
b.C4,0,0,,
"""


def test_a_table_gives_balls_and_leaves_the_rest_open(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    design = read_balls(read(tmp_path, NETS), tmp_path / "t.csv")
    assert ends(design, "Q") == ["d.B1", "b.B2", "b.C3"]
    assert [design.terminals[ball].id for ball in design.chosen] == ["b.B2", "b.C1", "b.C3"]
    ((_, nets, balls),) = groups(design)
    assert nets == ["D1"]
    assert balls == ["A2", "A3", "A4", "B1", "B3", "B4", "C2", "C4"]
    with pytest.raises(InputError, match=r"t\.csv: found no ball for net D1"):
        read_all_balls(read(tmp_path, NETS), tmp_path / "t.csv")


FOREIGN = {
    "unknown ball": ("b.Z9,0,0,D1,", r"t\.csv:7: found no ball 'b\.Z9'"),
    "unknown net": ("b.A2,0,0,D7,", r"t\.csv:7: found no net 'D7'.*D[01] perhaps"),
    "a fixed ball": ("b.A1,0,0,D1,", r"t\.csv:7: found b\.A1 for D1; expected V"),
    "one ball twice": ("b.C1,0,0,D1,", r"t\.csv:7: found b\.C1 for D1; expected D0"),
    "a net that is not open": ("b.A2,0,0,V,", r"t\.csv:7: found b\.A2 for V; expected a ball that this net may take"),
    "a bump": ("d.B3,0,0,D1,", r"t\.csv:7: found no ball 'd\.B3'"),
    "a bump of the net": ("d.A3,0,0,D1,", r"t\.csv:7: found no ball 'd\.A3'"),
    "one ball too many": ("b.A2,0,0,D0,", r"t\.csv:7: found one more ball for D0"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_table_of_another_package(name: str, tmp_path: Path) -> None:
    row, message = FOREIGN[name]
    (tmp_path / "t.csv").write_text(TABLE + row + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_balls(read(tmp_path, NETS), tmp_path / "t.csv")


def test_a_ball_outside_the_choice_of_its_net(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("ball,net\nb.C1,D0\n", encoding="utf-8")
    design = read(tmp_path, NETS + choice('nets = ["D?"]\nballs = ["b.A*"]'))
    with pytest.raises(InputError, match=r"t\.csv:2: found b\.C1 for D0; expected a ball that this net may take"):
        read_balls(design, tmp_path / "t.csv")


def test_a_table_without_its_columns(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("pin,net\nb.C1,D0\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"no column 'ball'"):
        read_balls(read(tmp_path, NETS), tmp_path / "t.csv")
    with pytest.raises(InputError, match=r"found no such file; expected the table of balls"):
        read_all_balls(read(tmp_path, NETS), tmp_path / "none.csv")
