"""Broken packages, tables and processes: faults that need sense rather than form, made by replacing a piece of text.

A case is a name and the files to write, the package or process file first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from router.read.design_file import NOT_BUILT

Files = dict[str, bytes]


@dataclass(frozen=True)
class Case:
    name: str
    files: Files


def replaced(text: str, old: str, new: str) -> bytes:
    assert old in text, old
    return text.replace(old, new, 1).encode()


# Faults of the toy package that need sense rather than form: what is replaced, and by what.
_TOY: dict[str, tuple[str, str]] = {
    "duplicate component": ('name = "cap"', 'name = "die"'),
    "component name with a dot": ('name = "cap"', 'name = "c.ap"'),
    "component name with a blank": ('name = "cap"', 'name = "c ap"'),
    "component name beyond ASCII": ('name = "cap"', 'name = "cäp"'),
    "duplicate pin": ('name = "2", x = 200', 'name = "1", x = 200'),
    "duplicate net": ('RST = ["die.A2"', 'CLK = ["die.A2"'),
    "unknown terminal": ('"die.A1"', '"die.A9"'),
    "unknown component": ('"die.A1"', '"dye.A1"'),
    "terminal pattern without a match": ('"die.A1"', '"die.Z*"'),
    "pin in two nets": ('RST = ["die.A2"', 'RST = ["die.A1"'),
    "pin in two nets by pattern": ('RST = ["die.A2"', 'RST = ["die.A*"'),
    "empty net": ('CLK = ["die.A1", "balls.A1"]', "CLK = []"),
    "net name with a blank": ("CLK =", '"C LK" ='),
    "empty net name": ("CLK =", '"" ='),
    "pads outside the outline": ("[3000, 2000]", "[1000, 1000]"),
    "outline without area": ("[3000, 2000]", "[0, 0, 0, 2000]"),
    "outline upside down": ("[3000, 2000]", "[1500, 1000, -1500, -1000]"),
    "outline of three numbers": ("[3000, 2000]", "[1, 2, 3]"),
    "negative outline": ("[3000, 2000]", "[-3000, 2000]"),
    "overlapping lands of two nets": ("pitch = 200", "pitch = 60"),
    "capacitor on the die": ("at = [1150, 0]", "at = [-300, 0]"),
    "pin beyond its component": ('name = "2", x = 200', 'name = "2", x = 900'),
    "array of a billion pins": ("nx = 4, ny = 3, pitch = 200", "nx = 31623, ny = 31623, pitch = 0.01"),
    "array of 10^24 pins": ("nx = 4, ny = 3, pitch = 200", "nx = 1000000000000, ny = 1000000000000, pitch = 1"),
    "array wider than a metre": ("nx = 4, ny = 3, pitch = 200", "nx = 1000, ny = 1, pitch = 100000"),
    "array without a pin": ("ny = 3, pitch = 500", "ny = 3, pitch = 500, centre_without = [4, 3]"),
    "array that leaves out an unknown pin": ("ny = 3, pitch = 500", 'ny = 3, pitch = 500, without = ["K7"]'),
    "array with equal names": ("ny = 3, pitch = 500", 'ny = 3, pitch = 500, names = "{letters}"'),
    "array with an unknown field": ("ny = 3, pitch = 500", 'ny = 3, pitch = 500, names = "{colour}"'),
    "array with constant names": ("ny = 3, pitch = 500", 'ny = 3, pitch = 500, names = "A"'),
    "array with endless names": (
        "ny = 3, pitch = 500",
        f'ny = 3, pitch = 500, names = "{"A" * 250}{{column}}{{row}}{{n}}{{n}}"',
    ),
    "rotation by an odd angle": ("rotation = 90", "rotation = 45"),
    "unknown view": ("rotation = 90", 'view = "side"'),
    "unknown mirror": ("rotation = 90", 'mirror = "z"'),
    "contact for a die": ('pad = "bump"', 'pad = "contact"'),
    "bump for a capacitor": ('pad = "contact"', 'pad = "bump"'),
    "pad size of two numbers for a circle": ('pad = "bump"', 'pad = "bump"\npad_size = [80, 60]'),
    "pad size below its opening": ('pad = "bump"', 'pad = "bump"\npad_size = 20'),
    "pad size below the level's width": ('pad = "bump"', 'pad = "bump"\npad_size = 0.5'),
    "pads without style": ('pad = "bump"', 'pad = "bump"\npads = [{ pins = ["A1"] }]'),
    "pads of an unknown pin": ('pad = "bump"', 'pad = "bump"\npads = [{ pins = ["K9"], pad_size = 70 }]'),
    "no pins": ("array = { nx = 4, ny = 3, pitch = 200 }", ""),
    "two sources of pins": ("pitch = 200 }", 'pitch = 200 }\npin = [{ name = "1", x = 0, y = 0 }]'),
    "two sources of pins, one of them empty": ("pitch = 200 }", "pitch = 200 }\npin = []"),
    "array with more rings than it has": ("ny = 3, pitch = 500", "ny = 3, pitch = 500, rings = 3"),
    "class restricted to a level twice": ("width = 20", 'levels = ["RDL1", "RDL1"]'),
    "keep-out on a level twice": (
        "[[class]]",
        '[[keepout]]\nlevels = ["RDL1", "RDL1"]\nrect = [0, 0, 1, 1]\n[[class]]',
    ),
    "class below the minimum width": ("width = 20", "width = 9.999"),
    "class below the minimum spacing": ("width = 20", "spacing = 9"),
    "class with an unknown level": ("width = 20", "width = { RDL7 = 20 }"),
    "class restricted to an unknown level": ("width = 20", 'levels = ["RDL7"]'),
    "class restricted to no level": ("width = 20", "levels = []"),
    "class twice": ("[[class]]", '[[class]]\nname = "supply"\n[[class]]'),
    "class of an unknown net": ('nets = ["VDD", "VSS"]', 'nets = ["VCC"]'),
    **{f"class with {key}": ("width = 20", f"{key} = 5") for key in NOT_BUILT},
    "keep-out on an unknown level": ("[[class]]", '[[keepout]]\nlevels = ["M9"]\nrect = [0, 0, 1, 1]\n[[class]]'),
    "keep-out without a shape": ("[[class]]", '[[keepout]]\nname = "k"\n[[class]]'),
    "keep-out of two shapes": (
        "[[class]]",
        "[[keepout]]\nrect = [0, 0, 1, 1]\npolygon = [[0, 0], [1, 0], [0, 1]]\n[[class]]",
    ),
    "keep-out without area": ("[[class]]", "[[keepout]]\nrect = [0, 0, 0, 1]\n[[class]]"),
    "keep-out that crosses itself": (
        "[[class]]",
        "[[keepout]]\npolygon = [[0, 0], [9, 9], [9, 0], [0, 9]]\n[[class]]",
    ),
    "keep-out of two points": ("[[class]]", "[[keepout]]\npolygon = [[0, 0], [9, 9]]\n[[class]]"),
    "fixed trace of an unknown net": (
        "[[class]]",
        '[[fixed]]\nnet = "X"\nlevel = "RDL1"\nwidth = 10\npoints = [[0, 0], [9, 0]]\n[[class]]',
    ),
    "fixed trace on an unknown level": (
        "[[class]]",
        '[[fixed]]\nnet = "CLK"\nlevel = "RDL5"\nwidth = 10\npoints = [[0, 0], [9, 0]]\n[[class]]',
    ),
    "fixed trace that is too thin": (
        "[[class]]",
        '[[fixed]]\nnet = "CLK"\nlevel = "RDL1"\nwidth = 3\npoints = [[0, 0], [9, 0]]\n[[class]]',
    ),
    "fixed trace beyond the outline": (
        "[[class]]",
        '[[fixed]]\nnet = "CLK"\nlevel = "RDL1"\nwidth = 10\npoints = [[0, 0], [9000, 0]]\n[[class]]',
    ),
    "fixed trace of one point": (
        "[[class]]",
        '[[fixed]]\nnet = "CLK"\nlevel = "RDL1"\nwidth = 10\npoints = [[0, 0]]\n[[class]]',
    ),
    "fixed trace that stands still": (
        "[[class]]",
        '[[fixed]]\nnet = "CLK"\nlevel = "RDL1"\nwidth = 10\npoints = [[0, 0], [0, 0]]\n[[class]]',
    ),
    "lattice of an unknown level": ("[[class]]", "[lattice]\nRDL9 = 5\n[[class]]"),
    "unknown process": ('pdk = "fanout_10um"', 'pdk = "fanout_11um"'),
    "process file that is not there": ('pdk = "fanout_10um"', 'pdk = "none.toml"'),
    "more levels than the process has": ("levels = 2", "levels = 19"),
    "levels for a process with fixed ones": ('pdk = "fanout_10um"', 'pdk = "fanout_2um"'),
    "result name with a folder": ('name = "toy"', 'name = "../toy"'),
    "include of itself": ("levels = 2", 'levels = 2\ninclude = "toy.toml"'),
    "include that is not there": ("levels = 2", 'levels = 2\ninclude = "none.toml"'),
    "include of a folder": ("levels = 2", 'levels = 2\ninclude = "."'),
    "include of a device": ("levels = 2", 'levels = 2\ninclude = "/dev/zero"'),
    "include with a zero character": ("levels = 2", 'levels = 2\ninclude = "a\\u0000b"'),
    "syntax: key without value": ("levels = 2", "levels ="),
    "syntax: open string": ('pdk = "fanout_10um"', 'pdk = "fanout_10um'),
    "syntax: key twice": ("levels = 2", "levels = 2\nlevels = 2"),
    "syntax: open table": ("[nets]", "[nets"),
    "syntax: number of a thousand digits": ("levels = 2", "levels = " + "9" * 10_000),
    "syntax: nested without end": ("levels = 2", "levels = " + "[" * 100_000),
    "net table that is not there": ("[nets]", '[netlist]\nfile = "none.csv"\n[nets]'),
}


def toy_faults(toy_text: str) -> Iterator[Case]:
    for name, (old, new) in _TOY.items():
        yield Case(f"toy: {name}", {"toy.toml": replaced(toy_text, old, new)})
    first, second = b'include = "b.toml"\n', b'include = "a.toml"\n'
    main = replaced(toy_text, "levels = 2", 'levels = 2\ninclude = "a.toml"')
    yield Case("toy: circular include", {"toy.toml": main, "a.toml": first, "b.toml": second})
    yield Case("toy: include with an outline", {"toy.toml": main, "a.toml": b"outline = [1, 1]\n"})
    yield Case("toy: class twice across files", {"toy.toml": main, "a.toml": b'class = [{ name = "supply" }]\n'})
    yield Case("toy: net twice across files", {"toy.toml": main, "a.toml": b'nets = { CLK = ["die.A1"] }\n'})
    deep = {f"f{i}.toml": f'include = "f{i + 1}.toml"\n'.encode() for i in range(40)}
    nested = replaced(toy_text, "levels = 2", 'levels = 2\ninclude = "f0.toml"')
    yield Case("toy: forty nested includes", {"toy.toml": nested, **deep})
    yield Case("toy: not UTF-8", {"toy.toml": b"# \xff\xfe\n" + toy_text.encode()})
    yield Case("toy: UTF-16", {"toy.toml": toy_text.encode("utf-16")})
    yield Case("toy: empty file", {"toy.toml": b""})
    yield Case("toy: zeros", {"toy.toml": bytes(1000)})
    yield Case("toy: too large", {"toy.toml": b"# 34567\n" * 2_100_000})
    without = toy_text[: toy_text.index("[[die]]")]
    yield Case("toy: no components", {"toy.toml": without.encode()})


_TABLE: dict[str, tuple[str, str]] = {
    "no header known for x": ("Center_X", "Somewhere"),
    "no header known for y": ("Center_Y", "Somewhere"),
    "no column of the filter": ("Type", "Sort"),
    "no row passes the filter": ("bump", "bmp"),
    "column twice": ("Center_Y", "Center_X"),
    "text for a number": ("-300,200", "left,200"),
    "empty number": ("-300,200", ",200"),
    "nan": ("-300,200", "nan,200"),
    "inf": ("-300,200", "inf,200"),
    "number beyond a metre": ("-300,200", "-3e9,200"),
    "number with underscores": ("-300,200", "-3_00,200"),
    "row too short": ("-300,200,-", "-300"),
    "row too long": ("-300,200,-", "-300,200,-,-"),
    "pin twice": ("2,bump", "1,bump"),
    "pin without name": ("2,bump", ",bump"),
    "pin with a blank": ("2,bump", "2 b,bump"),
    "pin of a million characters": ("2,bump", "2" * 1_000_000 + ",bump"),
    "pin of a thousand characters": ("2,bump", "2" * 1_000 + ",bump"),
    "net with a blank": ("SDA", "S DA"),
    "net of a thousand characters": ("SDA", "S" * 1_000),
    "net that takes a pin of another": ("-300,200,-", "-300,200,SDA"),
    "pin beyond the die": ("-300,200", "-900,200"),
    "lands on one another": ("-300,200", "0,200"),
    "open quote": ("-300,200,-", '-300,200,"-'),
}


def guide_faults(files: dict[str, str]) -> Iterator[Case]:
    """Faults in the tables of the example package of the guide. Only table files change."""
    plain = {name: text.encode() for name, text in files.items()}
    for name, (old, new) in _TABLE.items():
        if name == "no row passes the filter":
            yield Case(f"asic.csv: {name}", {**plain, "asic.csv": files["asic.csv"].replace(old, new).encode()})
        else:
            yield Case(f"asic.csv: {name}", {**plain, "asic.csv": replaced(files["asic.csv"], old, new)})
    header = files["asic.csv"].split("\n")[0].encode()
    for name, data in {
        "empty": b"",
        "header only": header + b"\n",
        "comments only": b"# nothing\n",
        "not UTF-8": files["asic.csv"].replace("SDA", "SDÄ").encode("latin-1"),
        "zeros": bytes(64),
        "ten thousand columns": b",".join(b"c%d" % i for i in range(10_000)) + b"\n1\n",
        "widths of zero": replaced(files["asic.csv"], "Type,", "Type,Width,").replace(b",bump,", b",bump,0,"),
    }.items():
        yield Case(f"asic.csv: {name}", {**plain, "asic.csv": data})
    for name, (old, new) in {
        "unknown terminal": ("asic.2", "asic.99"),
        "pin of another net": ("asic.2", "asic.3"),
        "no net column": ("net,", "wire,"),
        "row without terminal": ("bga.D2,", ","),
        "row without net": ("VDD,bga.D2", ",bga.D2"),
    }.items():
        yield Case(f"nets.csv: {name}", {**plain, "nets.csv": replaced(files["nets.csv"], old, new)})
    yield Case("nets.csv: empty", {**plain, "nets.csv": b""})
    missing = {name: data for name, data in plain.items() if name != "asic.csv"}
    yield Case("asic.csv: not there", missing)


# Faults of a process that need sense rather than form.
_PROCESS: dict[str, tuple[str, str]] = {
    "cut larger than its capture pad": ("enclosure_lower = 5", "enclosure_lower = -5"),
    "capture pad below the minimum width": ("cut = 15\nenclosure_lower = 5", "cut = 4\nenclosure_lower = 1"),
    "default width below the minimum": ("min_spacing = 10", "min_spacing = 10\ndefault_width = 5"),
    "default spacing below the minimum": ("min_spacing = 10", "min_spacing = 10\ndefault_spacing = 5"),
    "two masks on one layer": ("layer = 5", "layer = 2"),
    "mask on a level's layer": ("layer = 210", "layer = 10"),
    "pins on the drawing's datatype": ("layer = 5", "layer = 5\npin_datatype = 0"),
    "two masks of one name": ('name = "DIE"', 'name = "PI1"'),
    "via between one level": ('upper = "RDL{n+1}"', 'upper = "RDL{n}"'),
    "via downwards": ('lower = "RDL{n}"\nupper = "RDL{n+1}"', 'lower = "RDL{n+1}"\nupper = "RDL{n}"'),
    "via to an unknown level": ('upper = "RDL{n+1}"', 'upper = "M{n+1}"'),
    "via without mask": ('name = "V{n}"\nlower', 'name = "W{n}"\nlower'),
    "no outline mask": ('role = "outline"', 'role = "mark"'),
    "two outline masks": ('role = "die"', 'role = "outline"'),
    "level mask that is no metal": ('role = "metal"', 'role = "mark"'),
    "unknown mask in a rule": ('masks = ["SM", "UBM"]', 'masks = ["SM", "UMB"]'),
    "rule with one mask too few": ('masks = ["SM", "UBM"]', 'masks = ["SM"]'),
    "rule with one mask too many": ('masks = ["BALL"]', 'masks = ["BALL", "UBM"]'),
    "rule of the name of a derived one": ('name = "SM.S.1"', 'name = "RDL1.S.1"'),
    "unknown mask in a pad": ('{ mask = "UBM"', '{ mask = "UMB"'),
    "two shapes on one mask": ('{ mask = "UBM"', '{ mask = "SM"'),
    "unknown level of a pad": ('level = "first"', 'level = "RDL9"'),
    "opening larger than its land": (
        'mask = "PI1", shape = "circle", size = 60',
        'mask = "PI1", shape = "circle", size = 90',
    ),
    "UBM smaller than its opening": ('"UBM", shape = "circle", size = 230', '"UBM", shape = "circle", size = 190'),
    "UBM larger than its land": ('"UBM", shape = "circle", size = 230', '"UBM", shape = "circle", size = 290'),
    "circle of two sizes": ('shape = "circle", size = 80', 'shape = "circle", size = [80, 70]'),
    "land below the minimum width": ('shape = "circle", size = 80', 'shape = "circle", size = 9'),
    "balls that do not fit their pitch": ("value = 350", "value = 200"),
    "wide metal closer than other metal": ("run_length = 300, spacing = 20", "run_length = 300, spacing = 5"),
    "wide metal thinner than a trace": ("width = 100, run_length", "width = 5, run_length"),
    "repetition without number": ("repeat = { default = 2, maximum = 18 }", ""),
    "default beyond the maximum": ("default = 2", "default = 20"),
    "density upside down": ("thickness = 7", "thickness = 7\ndensity = { window = 100, minimum = 0.8, maximum = 0.2 }"),
    "density above one": ("thickness = 7", "thickness = 7\ndensity = { window = 100, maximum = 1.2 }"),
    "colour by name": ('"#808080"', '"grey"'),
    "view from the top": ('view = "bottom"', 'view = "top"'),
    "syntax": ("[[level]]", "[[level]"),
}


def process_faults(text: str) -> Iterator[Case]:
    for name, (old, new) in _PROCESS.items():
        yield Case(f"process: {name}", {"process.toml": replaced(text, old, new)})
    yield Case("process: not UTF-8", {"process.toml": text.encode("utf-16")})
    yield Case("process: empty", {"process.toml": b""})
