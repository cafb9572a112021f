"""Pins: arrays, the A1 scheme, tables by header, views and mirrors, pad sizes."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.model.design import Design, Terminal
from router.model.errors import InputError
from router.read.arrays import array_pins, row_letters
from router.read.design import read_design
from router.read.design_file import ArrayTable
from router.read.foreseen import foreseen


def package(folder: Path, body: str, **tables: str) -> Design:
    """A package on `fanout_10um` with the body's components; `tables` are CSV files."""
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    head = 'pdk = "fanout_10um"\noutline = [8000, 6000]\n'
    (folder / "package.toml").write_text(head + body, encoding="utf-8")
    return read_design(folder / "package.toml")


def places(design: Design) -> dict[str, tuple[int, int]]:
    """Terminals in whole micrometres."""
    return {terminal.id: (terminal.x // 1000, terminal.y // 1000) for terminal in design.terminals}


def test_rows_are_lettered_without_letters_that_mislead() -> None:
    letters = row_letters(422)
    assert "".join(letters[:20]) == "ABCDEFGHJKLMNPRTUVWY"
    assert letters[20:22] == ["AA", "AB"]
    assert letters[419:] == ["YY", "AAA", "AAB"]


@pytest.mark.parametrize(
    ("keys", "count", "present", "absent"),
    [
        ({}, 25, {"A1", "C3", "E5"}, set()),
        ({"rings": 1}, 16, {"A1", "B5"}, {"B2", "C3"}),
        ({"centre_without": [3, 1]}, 22, {"B3"}, {"C2", "C3", "C4"}),
        ({"without": ["A1", "E*"]}, 19, {"A2"}, {"A1", "E1", "E5"}),
        ({"rings": 2, "without": ["?1"]}, 19, {"A2"}, {"C3", "C1"}),
    ],
)
def test_arrays_are_depopulated(keys: dict[str, object], count: int, present: set[str], absent: set[str]) -> None:
    names, xy = array_pins(ArrayTable(nx=5, ny=5, pitch=[10.0, 10.0], **keys), "here")
    assert len(names) == len(xy) == count
    assert present <= set(names) and not absent & set(names)


def test_an_array_has_so_many_rings(tmp_path: Path) -> None:
    def body(rings: int) -> str:
        return f'[[balls]]\nname = "b"\npad = "ball"\narray = {{ nx = 6, ny = 5, pitch = 500, rings = {rings} }}\n'

    assert len(package(tmp_path, body(3)).terminals) == 30
    with pytest.raises(InputError, match=r"array\.rings: found 4; expected at most 3: 6 × 5 pins have no more"):
        package(tmp_path, body(4))


def test_an_empty_list_of_pins_beside_a_table_is_refused(tmp_path: Path) -> None:
    body = '[[balls]]\nname = "b"\npad = "ball"\npin = []\ntable = { file = "b.csv" }\n'
    with pytest.raises(InputError, match=r"balls\[1\]\.pin: found \[\]; expected at least 1 in this list"):
        package(tmp_path, body, b="pin,x,y\n1,0,0\n")


def test_array_is_centred_with_a1_upper_left() -> None:
    names, xy = array_pins(ArrayTable(nx=3, ny=2, pitch=[100.0, 50.0]), "here")
    assert names == ["A1", "A2", "A3", "B1", "B2", "B3"]
    assert xy.tolist() == [[-100, 25], [0, 25], [100, 25], [-100, -25], [0, -25], [100, -25]]


def test_array_names_follow_their_template() -> None:
    array = ArrayTable(nx=2, ny=2, pitch=[1.0, 1.0], names="R{row}C{column}_{letters}{n}")
    assert array_pins(array, "here")[0] == ["R1C1_A1", "R1C2_A2", "R2C1_B3", "R2C2_B4"]


# The golden case of the classic mistake: pin 1 of an asymmetric die in each of its views, mirrors and rotations.
@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ("", (1300, 700)),
        ('view = "top"', (700, 700)),
        ('mirror = "x"', (700, 700)),
        ('mirror = "y"', (1300, 300)),
        ('view = "top"\nmirror = "x"', (1300, 700)),
        ('view = "top"\nmirror = "y"', (700, 300)),
        ("rotation = 90", (800, 800)),
        ("rotation = 180", (700, 300)),
        ("rotation = 270", (1200, 200)),
        ('view = "top"\nrotation = 90', (800, 200)),
        ('mirror = "y"\nrotation = 90', (1200, 800)),
    ],
)
def test_pin_one_in_every_view(tmp_path: Path, keys: str, place: tuple[int, int]) -> None:
    pins = '[{ name = "1", x = 300, y = 200 }, { name = "2", x = -400, y = -100 }]'
    design = package(tmp_path, f'[[die]]\nname = "d"\nat = [1000, 500]\npad = "bump"\n{keys}\npin = {pins}\n')
    assert places(design)["d.1"] == place
    assert design.components[0].xy[0].tolist() == [300_000, 200_000]


@pytest.mark.parametrize(
    "header",
    [
        "pin,x,y,net",
        "Bump_ID,Center_X,Center_Y,Name",
        "Ubump_inst,X_origin,Y_origin,Net_Name",
        "ball,x_um,y_um,net",
        " Pin Number , X Coord , Y Coord , Signal ",
    ],
)
def test_headers_of_the_field_are_known(tmp_path: Path, header: str) -> None:
    body = 'netlist = { from_tables = true }\n[[die]]\nname = "d"\npad = "bump"\ntable = { file = "t.csv" }\n'
    design = package(tmp_path, body, t=f"{header}\n# a remark\nP1,-100,0,A\n\nP2,100,0,-\n")
    assert places(design) == {"d.P1": (-100, 0), "d.P2": (100, 0)}
    assert [net.name for net in design.nets] == ["A"]


@pytest.mark.parametrize("cells", ["P1;-100,5;0;A", "P1\t-100.5\t0\tA", "P1   -100.5 0  A"])
def test_cells_stand_between_what_a_spreadsheet_puts_there(tmp_path: Path, cells: str) -> None:
    body = 'netlist = { from_tables = true }\n[[die]]\nname = "d"\npad = "bump"\ntable = { file = "t.csv" }\n'
    between = next((sign for sign in ";\t" if sign in cells), " ")
    design = package(tmp_path, body, t=f"{between.join(['bump', 'x', 'y', 'net'])}\n{cells}\n")
    assert [(t.id, t.x, t.y) for t in design.terminals] == [("d.P1", -100_500, 0)]
    assert [net.name for net in design.nets] == ["A"]


@pytest.mark.parametrize(
    ("netlist", "said"), [("", 1), ("netlist = { from_tables = false }", 0), ('nets = { N = ["d.P1", "d.P2"] }', 0)]
)
def test_nets_of_tables_that_nobody_asked_for_are_named(tmp_path: Path, netlist: str, said: int) -> None:
    body = f'{netlist}\n[[die]]\nname = "d"\npad = "bump"\ntable = {{ file = "t.csv" }}\n'
    design = package(tmp_path, body, t="bump,x,y,net\nP1,-100,0,A\nP2,100,0,A\nP3,300,0,-\n")
    assert len(design.unused) == said
    for sentence in design.unused:
        assert "A for d.P1 is the first of 2" in sentence
        assert sentence in foreseen(design)


def test_a_package_without_nets_is_told(tmp_path: Path) -> None:
    body = '[[die]]\nname = "d"\npad = "bump"\narray = { nx = 2, ny = 1, pitch = 200 }\n'
    assert "the package has no nets: nothing is routed" in foreseen(package(tmp_path, body))


def test_rows_without_a_pin_column_are_numbered_as_in_the_file(tmp_path: Path) -> None:
    body = '[[die]]\nname = "d"\npad = "bump"\n[die.table]\nfile = "t.csv"\nwhere = { kind = "u" }\n'
    design = package(tmp_path, body, t="kind,x,y\nc,0,0\nu,100,0\nu,300,0\n")
    assert list(places(design)) == ["d.2", "d.3"]


def test_sizes_in_a_table_resize_the_land_and_keep_the_margins(tmp_path: Path) -> None:
    body = '[[die]]\nname = "d"\npad = "bump"\ntable = { file = "t.csv" }\n'
    design = package(tmp_path, body, t="pin,x,y,diameter_um\n1,0,0,80\n2,300,0,60\n")
    assert [terminal.pad for terminal in design.terminals] == ["bump", "bump@60"]
    assert [terminal.width for terminal in design.terminals] == [80_000, 60_000]
    shapes = {shape.mask: shape.width for shape in design.pdk.pads["bump@60"].shapes}
    assert shapes == {"RDL1": 60_000, "PI1": 40_000}
    assert design.pdk.pads["bump"].land.width == 80_000


def test_two_sides_of_a_round_land_lead_to_a_style_that_has_them(tmp_path: Path) -> None:
    body = '[[die]]\nname = "d"\npad = "bump"\ntable = { file = "t.csv" }\n'
    with pytest.raises(InputError, match=r"t\.csv:2: found a circle of 35 × 60 µm; .* land is a rect or an oblong"):
        package(tmp_path, body, t="pad,x,y,width,height\n1,0,0,35,60\n")


def test_lands_that_differ_by_nanometres_are_two_sizes(tmp_path: Path) -> None:
    pins = "1,-1500,0,1234.561\n2,1500,0,1234.564\n"
    body = '[[balls]]\nname = "b"\npad = "ball"\ntable = { file = "b.csv" }\n'
    design = package(tmp_path, body, b="pin,x,y,diameter\n" + pins)
    assert [terminal.width for terminal in design.terminals] == [1_234_561, 1_234_564]


def test_rotation_turns_lands(tmp_path: Path) -> None:
    pin = '[{ name = "1", x = 200, y = 0 }, { name = "2", x = -200, y = 0, pad_size = [120, 160] }]'
    design = package(tmp_path, f'[[passive]]\nname = "c"\npad = "contact"\nrotation = 270\npin = {pin}\n')
    first, second = design.terminals
    assert (first.x, first.y, first.width, first.height, first.rotated) == (0, -200_000, 200_000, 100_000, True)
    assert (second.pad, second.width, second.height) == ("contact@120x160", 160_000, 120_000)
    assert design.components[0].outline.width == 510_000


def test_round_lands_may_come_nearer_than_their_boxes(tmp_path: Path) -> None:
    pins = '[{ name = "1", x = 0, y = 0 }, { name = "2", x = 60, y = 60 }]'
    body = f'[[die]]\nname = "d"\npad = "bump"\npin = {pins}\n'
    assert len(package(tmp_path, body).terminals) == 2
    with pytest.raises(InputError, match=r"overlapping lands of d\.1 and d\.2"):
        package(tmp_path, body.replace("60", "55"))
    one_net = '[nets]\nA = ["d.*"]\n'
    with pytest.raises(InputError, match=r"d\.2, both of net A; expected no overlap of lands of one component"):
        package(tmp_path, body.replace("60", "55") + one_net)


def test_a_ball_below_a_bump_on_one_level_is_told_of_others(tmp_path: Path) -> None:
    body = '[[die]]\nname = "d"\npad = "bump"\npin = [{ name = "1", x = 0, y = 0 }]\n'
    body += '[[balls]]\nname = "b"\npad = "ball"\npin = [{ name = "1", x = 0, y = 100 }]\n'
    assert len(package(tmp_path, body).terminals) == 2
    with pytest.raises(
        InputError, match=r"of d\.1 and b\.1, .*; expected room between them, or balls on another level"
    ):
        package(tmp_path, "levels = 1\n" + body)


@pytest.mark.parametrize("apart", ["100", "100.001"])
def test_lands_that_abut_are_one_piece_of_metal(apart: str, tmp_path: Path) -> None:
    """Of two nets they are a short; of one net, or of none, they harm nothing."""
    pins = f'[{{ name = "1", x = 0, y = 0 }}, {{ name = "2", x = {apart}, y = 0 }}]'
    body = f'[[passive]]\nname = "c"\npad = "contact"\npin = {pins}\n'
    for nets in ("", '[nets]\nA = ["c.*"]\n'):
        assert len(package(tmp_path, body + nets).terminals) == 2
    two = body + '[nets]\nA = ["c.1"]\nB = ["c.2"]\n'
    if apart == "100":
        with pytest.raises(InputError, match=r"abutting lands of c\.1 and c\.2, nets A and B; expected room between"):
            package(tmp_path, two)
    else:
        assert len(package(tmp_path, two).nets) == 2


def test_a_ball_may_cover_a_bump_of_its_net(tmp_path: Path) -> None:
    def body(net: str) -> str:
        die = '[[die]]\nname = "d"\npad = "bump"\npin = [{ name = "1", x = 0, y = 0, net = "A" }]\n'
        balls = '[[balls]]\nname = "b"\npad = "ball"\npin = [{ name = "1", x = 50, y = 0, net = "NET" }]\n'
        return "levels = 1\n" + die + balls.replace("NET", net)

    assert len(package(tmp_path, body("A")).nets[0].ends) == 2
    with pytest.raises(InputError, match="nets A and B"):
        package(tmp_path, body("B"))


def _corner(terminal: Terminal) -> tuple[int, int]:
    return terminal.x - terminal.width // 2, terminal.y - terminal.height // 2


def test_lands_may_touch_the_outline_but_not_cross_it(tmp_path: Path) -> None:
    body = '[[die]]\nname = "d"\npad = "bump"\npin = [{ name = "1", x = -3960, y = -2960 }]\n'
    assert _corner(package(tmp_path, body).terminals[0]) == (-4_000_000, -3_000_000)
    with pytest.raises(InputError, match="beyond the outline"):
        package(tmp_path, body.replace("-3960", "-3960.001"))


STYLES = """
[[die]]
name = "d"
pad = "bump"
{keys}
table = {{ file = "t.csv" }}
"""


@pytest.mark.parametrize(
    ("keys", "table", "pads"),
    [
        ("", "pin,x,y,style\n1,0,0,bump_55\n2,300,0,bump_110\n3,600,0,\n", ["bump_55", "bump_110", "bump_110"]),
        # The component's size is that of its own style.
        ("pad_size = 50", "pin,x,y,style\n1,0,0,bump_55\n2,300,0,\n", ["bump_55", "bump_110@50"]),
        ("", "pin,x,y,pad_style,diameter\n1,0,0,bump_55,30\n2,300,0,bump_110,30\n", ["bump_55@30", "bump_110@30"]),
        ("", "pin,x,y,pad_style,width,height\n1,0,0,bump_55,25,25\n2,300,0,,50,50\n", ["bump_55", "bump_110@50"]),
    ],
)
def test_a_table_may_name_the_style_of_each_pin(tmp_path: Path, keys: str, table: str, pads: list[str]) -> None:
    (tmp_path / "t.csv").write_text(table, encoding="utf-8")
    head = 'pdk = "fanout_2um"\noutline = [8000, 6000]\n'
    body = STYLES.format(keys=keys).replace('pad = "bump"', 'pad = "bump_110"')
    (tmp_path / "package.toml").write_text(head + body, encoding="utf-8")
    assert [terminal.pad for terminal in read_design(tmp_path / "package.toml").terminals] == pads


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ("pin,x,y,style\n1,0,0,bump\n2,300,0,gold\n", r"t\.csv:3: found no pad style 'gold'; expected one of bump"),
        ("pin,x,y,style\n1,0,0,bump\n2,300,0,ball\n", "ball, a pad of kind ball; expected bump or pad"),
        (
            "pin,x,y,style,width\n1,0,0,bump,80\n2,300,0,bump,1\n",
            r"t\.csv:3: found a land of 1 × 1 µm; expected more than 20 × 20 µm, the",
        ),
    ],
)
def test_styles_of_a_table_that_do_not_fit(tmp_path: Path, table: str, found: str) -> None:
    with pytest.raises(InputError, match=found):
        package(tmp_path, STYLES.format(keys=""), t=table)


def test_a_column_of_styles_under_another_header(tmp_path: Path) -> None:
    body = STYLES.format(keys="").replace('"t.csv"', '"t.csv", columns = { style = "kind of pad" }')
    design = package(tmp_path, body, t="pin,x,y,kind of pad\n1,0,0,bump\n")
    assert [terminal.pad for terminal in design.terminals] == ["bump"]


@pytest.mark.parametrize("columns", ["", ', columns = { x = "x (mm)", y = "y (mm)" }'])
def test_headers_say_the_unit_of_their_column(tmp_path: Path, columns: str) -> None:
    """In whatever way the column was found."""
    body = STYLES.format(keys="").replace('"t.csv"', f'"t.csv"{columns}')
    design = package(tmp_path, body, t="pin,x (mm),y (mm),diameter\n1,-0.25,0.5,70\n")
    assert places(design)["d.1"] == (-250, 500)
    assert [terminal.width for terminal in design.terminals] == [70_000]
