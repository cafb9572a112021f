"""What a format can carry comes back equal: package → file → package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from test_read_formats_guide import write_example

from router.flow import import_package
from router.model.design import ComponentKind, Design, FixedTrace
from router.model.layout import Layout, Shape, Trace
from router.model.pdk import TerminalKind
from router.plan.assign import assign_balls
from router.read.design import read_design
from router.read.formats.options import ImportOptions
from router.write.formats import FORMATS

# A package with balls that are chosen, one with three dies, and that of the guide, with every view, turn and choice.
PACKAGES = ("toy", "duo", "sensor")
NOTHING = Layout((), ())
ON_DIES = (TerminalKind.BUMP, TerminalKind.PAD)


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Design]:
    sensor = write_example(tmp_path_factory.mktemp("sensor"))
    return {name: assign_balls(read_design(sensor if name == "sensor" else name)) for name in PACKAGES}


def pins(design: Design) -> dict[str, tuple[object, ...]]:
    """Each terminal's kind, place, land and net."""
    nets = [*(net.name for net in design.nets), ""]
    found = {}
    for terminal, owner in zip(design.terminals, design.net_of_terminal(), strict=True):
        shape = design.pdk.pads[terminal.pad].land.shape
        land = (shape, terminal.width, terminal.height)
        found[terminal.id] = (terminal.kind, terminal.x, terminal.y, land, nets[owner])
    return found


def dies(design: Design) -> dict[str, list[list[int]]]:
    """Where the outline of each die lies in the package: its low and its high corner."""
    rings = {
        part.name: part.placement.apply(part.outline.ring())
        for part in design.components
        if part.kind is ComponentKind.DIE
    }
    return {name: [ring.min(axis=0).tolist(), ring.max(axis=0).tolist()] for name, ring in rings.items()}


def rules(design: Design) -> dict[str, tuple[tuple[int, ...], ...]]:
    """Widths, spacings and levels of each net."""
    classes = {net.name: design.classes[net.net_class] for net in design.nets}
    return {name: (of_net.widths, of_net.spacings, of_net.levels) for name, of_net in classes.items()}


def lines(design: Design, traces: Iterable[FixedTrace | Trace]) -> set[tuple[object, ...]]:
    """Traces with the names of their nets."""
    return {(design.nets[t.net].name, t.level, t.width, str(t.points.tolist())) for t in traces}


def routed_in_the_corner(design: Design) -> Layout:
    """A trace where no land lies."""
    corner = np.array([design.outline.x0 + 20_000, design.outline.y0 + 20_000])
    return Layout((Trace(0, 0, 15_000, corner + np.array([[0, 0], [5_000, 0], [9_000, 4_000]])),), ())


def there_and_back(design: Design, name: str, folder: Path, layout: Layout = NOTHING, pdk: str = "") -> Design:
    """Through a file of the format, into a package of the same process, `pdk` where that is a file."""
    text = FORMATS[name].text(design, layout)
    assert isinstance(text, str)
    path = folder / f"{design.name}{FORMATS[name].ending}"
    path.write_text(text, encoding="utf-8")
    options = ImportOptions(pdk=pdk or design.pdk.name)
    return import_package(name, [path], folder / "again" / f"{design.name}.toml", options).design


@pytest.mark.parametrize("name", PACKAGES)
@pytest.mark.parametrize("form", ["bumps", "dsn"])
def test_all_pins_come_back(form: str, name: str, packages: Mapping[str, Design], tmp_path: Path) -> None:
    design = packages[name]
    assert pins(there_and_back(design, form, tmp_path)) == pins(design)


@pytest.mark.parametrize("name", PACKAGES)
def test_rules_and_routes_come_back_from_specctra(name: str, packages: Mapping[str, Design], tmp_path: Path) -> None:
    design = packages[name]
    routed = routed_in_the_corner(design)
    again = there_and_back(design, "dsn", tmp_path, routed)
    assert again.outline == design.outline
    assert [(k.name, k.levels, k.ring.tolist()) for k in again.keepouts] == [
        (k.name, k.levels, k.ring.tolist()) for k in design.keepouts
    ]
    assert rules(again) == rules(design)
    assert lines(again, again.fixed) == lines(design, (*design.fixed, *routed.traces))


@pytest.mark.parametrize("name", PACKAGES)
def test_dies_and_balls_come_back_from_aif(name: str, packages: Mapping[str, Design], tmp_path: Path) -> None:
    design = packages[name]
    carried = {pin: what for pin, what in pins(design).items() if what[0] in (*ON_DIES, TerminalKind.BALL)}
    again = there_and_back(design, "aif", tmp_path)
    assert pins(again) == carried
    assert again.outline == design.outline
    assert dies(again) == dies(design)


@pytest.mark.parametrize("name", PACKAGES)
def test_places_nets_and_routes_come_back_from_def(name: str, packages: Mapping[str, Design], tmp_path: Path) -> None:
    design = packages[name]
    routed = routed_in_the_corner(design)
    texts = FORMATS["def"].text(design, routed)
    assert isinstance(texts, Mapping)
    for file, text in texts.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    options = ImportOptions(pdk=design.pdk.name, levels={level.name: level.name for level in design.pdk.levels})
    again = import_package("lefdef", [tmp_path / file for file in texts], tmp_path / "a.toml", options).design
    assert again.outline == design.outline
    assert sorted(what[1:3] + what[4:] for what in pins(again).values()) == sorted(
        what[1:3] + what[4:] for what in pins(design).values()
    )
    assert lines(again, again.fixed) == lines(design, routed.traces)


def test_pillars_on_another_level_come_back_from_def(tmp_path: Path) -> None:
    """DEF tells bumps alone from other cells: on a level without bumps and pads they are what lies there."""
    process = (Path(__file__).parents[2] / "pdk" / "fanout_10um.toml").read_text(encoding="utf-8")
    pillar = 'kind = "pillar"\nlevel = "{}"'
    (tmp_path / "own.toml").write_text(process.replace(pillar.format("first"), pillar.format("last")), encoding="utf-8")
    package = tmp_path / "p.toml"
    package.write_text(
        """
        pdk = "own.toml"
        outline = [2000, 2000]
        die = [{ name = "d", pad = "bump", array = { nx = 2, ny = 1, pitch = 200 } }]
        pillars = [{ name = "io", at = [700, 0], pad = "pillar", array = { nx = 1, ny = 3, pitch = 300 } }]
        nets = { A = ["d.A1", "io.A1"], B = ["d.A2", "io.B1"] }
        """,
        encoding="utf-8",
    )
    design = read_design(package)
    for file, text in FORMATS["def"].text(design, NOTHING).items():  # type: ignore[union-attr]
        (tmp_path / file).write_text(text, encoding="utf-8")
    options = ImportOptions(pdk=str(tmp_path / "own.toml"), levels={"RDL1": "RDL1", "RDL2": "RDL2"})
    written = import_package("lefdef", [tmp_path / "p.lef", tmp_path / "p.def"], tmp_path / "a.toml", options)
    assert {part.kind for part in written.design.components} == {ComponentKind.DIE, ComponentKind.PILLARS}
    before, after = ({(t.kind, t.x, t.y, t.level, t.width) for t in d.terminals} for d in (design, written.design))
    assert after == before


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Design:
    """Lands of each shape with sides of an odd number of nanometres, turned each way, and bumps of two levels."""
    folder = tmp_path_factory.mktemp("odd")
    process = (Path(__file__).parents[2] / "pdk" / "fanout_10um.toml").read_text(encoding="utf-8")
    lands = {"circle": "80.001", "octagon": "80.003", "rect": "[60.005, 90.001]", "oblong": "[60.003, 90.004]"}
    for level in ("first", "last"):
        for shape, size in lands.items():
            # A round opening has other margins to the two sides of an oblong.
            shapes = f'land = {{ shape = "{shape}", size = {size} }}\n'
            shapes += 'shapes = [{ mask = "PI1", shape = "circle", size = 30 }]'
            process += f'[[pad]]\nname = "{level}_{shape}"\nkind = "bump"\nlevel = "{level}"\n{shapes}\n'
    (folder / "own.toml").write_text(process, encoding="utf-8")
    package = 'pdk = "own.toml"\noutline = [9000, 3000]\n'
    for number, (rotation, level) in enumerate(product((0, 90, 180, 270), ("first", "last"))):
        package += f'[[die]]\nname = "d{number}"\nat = [{1000.001 * number - 3500}, 0]\nrotation = {rotation}\n'
        package += f'pad = "{level}_circle"\narray = {{ nx = 2, ny = 2, pitch = 200.001 }}\n'
        package += f'pads = [{{ pins = ["A1"], pad = "{level}_octagon", pad_size = 90.001 }},'
        package += f'{{ pins = ["A2"], pad = "{level}_rect", pad_size = [70.005, 100.001] }},'
        package += f'{{ pins = ["B1"], pad = "{level}_oblong" }}]\n'
    package += "[nets]\n" + "".join(f'{net} = ["d0.{net}", "d7.{net}"]\n' for net in ("A1", "A2", "B1", "B2"))
    (folder / "odd.toml").write_text(package, encoding="utf-8")
    return read_design(folder / "odd.toml")


def process_of(design: Design) -> str:
    assert design.source is not None
    return str(design.source.parent / "own.toml")


@pytest.mark.parametrize("form", ["bumps", "dsn"])
def test_lands_of_odd_nanometres_come_back_on_their_levels(form: str, odd: Design, tmp_path: Path) -> None:
    again = there_and_back(odd, form, tmp_path, pdk=process_of(odd))
    assert pins(again) == pins(odd)
    assert {t.id: t.level for t in again.terminals} == {t.id: t.level for t in odd.terminals}


def test_places_of_odd_lands_and_fills_thinner_than_a_trace_come_back_from_def(odd: Design, tmp_path: Path) -> None:
    """A rectangle that no trace can be fills a notch."""
    fill = Shape(0, 0, np.array([[0, 900_000], [5_000, 900_000], [5_000, 904_000], [0, 904_000]]), "fill")
    for file, text in FORMATS["def"].text(odd, Layout((), (), (fill,))).items():  # type: ignore[union-attr]
        (tmp_path / file).write_text(text, encoding="utf-8")
    options = ImportOptions(pdk=process_of(odd), levels={level.name: level.name for level in odd.pdk.levels})
    again = import_package("lefdef", sorted(tmp_path.iterdir()), tmp_path / "a.toml", options).design
    assert not again.fixed
    before, after = ({(t.x, t.y, t.width, t.height, t.level) for t in d.terminals} for d in (odd, again))
    assert after == before


def test_ends_over_a_land_on_another_level_come_back_from_def(packages: Mapping[str, Design], tmp_path: Path) -> None:
    """The run on the second level ends half a width before the centre of a land on the first, where its metal ends."""
    design = packages["toy"]
    owner = design.net_of_terminal()
    land, net = next((t, net) for t, net in zip(design.terminals, owner, strict=True) if t.level == 0 and net >= 0)
    points = np.array([land.x, land.y]) + np.array([[-45_000, 0], [-5_000, 0]])
    routed = Layout((Trace(net, 1, 10_000, points),), ())
    for file, text in FORMATS["def"].text(design, routed).items():  # type: ignore[union-attr]
        (tmp_path / file).write_text(text, encoding="utf-8")
    options = ImportOptions(pdk=design.pdk.name, levels={level.name: level.name for level in design.pdk.levels})
    files = sorted(tmp_path.iterdir())
    again = import_package("lefdef", files, tmp_path / "a.toml", options).design
    assert lines(again, again.fixed) == lines(design, routed.traces)


def test_outlines_of_odd_nanometres_come_back_from_aif(tmp_path: Path) -> None:
    """Their middles lie between two nanometres; so does that of the package."""
    package = tmp_path / "odd.toml"
    text = 'pdk = "fanout_10um"\noutline = [3000.001, 2000.003]\n'
    for name, at in (("a", -400.001), ("b", 700)):
        text += f'[[die]]\nname = "{name}"\nsize = [601.001, 500.003]\ncentre = [0.001, 3]\nat = [{at}, 0]\n'
        text += 'rotation = 90\nview = "top"\npad = "bump"\narray = { nx = 2, ny = 2, pitch = 200.001 }\n'
    package.write_text(text + '[nets]\nA = ["a.A1", "b.A1"]\n', encoding="utf-8")
    design = read_design(package)
    assert (design.outline.width, design.outline.height) == (3_000_001, 2_000_003)
    assert {(part.outline.width, part.outline.height) for part in design.components} == {(601_001, 500_003)}
    again = there_and_back(design, "aif", tmp_path)
    assert again.outline == design.outline
    assert dies(again) == dies(design)
