"""OASIS: the same content as the GDSII, and whole or refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import gdstk
import klayout.db as kdb
import pytest

from router.model.design import Design
from router.model.errors import InputError
from router.model.geometry import Points
from router.verify import check
from router.verify.compare import compare
from router.verify.gds import read_masks
from router.write.oasis import write_oasis


@pytest.fixture
def oas(gds: Path) -> Path:
    write_oasis(gds, gds.with_suffix(".oas"))
    return gds.with_suffix(".oas")


def everything(path: Path) -> list[tuple[str, ...]]:
    """Cells with their shapes, texts, references and properties, as KLayout reads them."""
    layout = kdb.Layout()
    layout.read(str(path))
    found = []
    for cell in layout.each_cell():
        for placed in cell.each_inst():
            places = sorted(str(place) for place in placed.cell_inst.each_trans())
            found.append((cell.name, placed.cell.name, " ".join(places), str(placed.property(1))))
        for index in layout.layer_indexes():
            for shape in cell.each_shape(index):
                # OASIS knows no alignment of texts.
                what = f"{shape.text.string} {shape.text.trans}" if shape.is_text() else str(shape.polygon)
                found.append((cell.name, str(layout.get_info(index)), what, str(shape.property(1))))
    return sorted(found)


def boxed(ring: Points) -> tuple[int, ...]:
    """Corners without where they begin: OASIS keeps rectangles as such."""
    return (len(ring), *ring.min(axis=0).tolist(), *ring.max(axis=0).tolist())


def test_it_holds_what_the_gdsii_holds(gds: Path, oas: Path, small_design: Design) -> None:
    assert everything(oas) == everything(gds)
    assert compare(gds, oas).same
    (rings, labels), (others, texts) = read_masks(gds, small_design.pdk), read_masks(oas, small_design.pdk)
    for mask in rings:
        assert sorted(map(boxed, rings[mask])) == sorted(map(boxed, others[mask]))
        assert sorted(map(str, labels[mask])) == sorted(map(str, texts[mask]))
    assert check(oas, small_design) == check(gds, small_design)


def test_the_same_gdsii_gives_the_same_bytes(gds: Path, oas: Path) -> None:
    write_oasis(gds, gds.with_name("again.oas"))
    assert gds.with_name("again.oas").read_bytes() == oas.read_bytes()


def test_content_decides_not_the_name(oas: Path, small_design: Design) -> None:
    other = oas.rename(oas.with_name("layout.gds"))
    assert read_masks(other, small_design.pdk)[0]["RDL1"]


def test_every_cut_short_file_is_refused(oas: Path, small_design: Design, capfd: pytest.CaptureFixture[str]) -> None:
    data = oas.read_bytes()
    for length in range(0, len(data), 11):
        oas.write_bytes(data[:length])
        with pytest.raises(InputError, match=r"small\.oas: found .*; expected a whole .*OASIS file"):
            check(oas, small_design)
    assert capfd.readouterr().err == "", "the reading library's own complaints are not heard"


def test_every_changed_byte_is_found_by_the_checksum(oas: Path, small_design: Design) -> None:
    data = oas.read_bytes()
    for at in range(0, len(data), 37):
        oas.write_bytes(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :])
        with pytest.raises(InputError):
            check(oas, small_design)


def unsigned(layout: kdb.Layout, path: Path) -> bytes:
    """As KLayout writes it, without a checksum and without compressed blocks."""
    options = kdb.SaveLayoutOptions()
    options.format = "OASIS"
    options.oasis_write_cblocks = False
    layout.write(str(path), options)
    return path.read_bytes()


def test_files_of_klayout_are_read_too(gds: Path, small_design: Design) -> None:
    layout = kdb.Layout()
    layout.read(str(gds))
    path = gds.with_name("klayout.oas")
    unsigned(layout, path)
    assert compare(gds, path).same
    assert check(path, small_design) == check(gds, small_design)


def test_damage_without_a_checksum_is_refused_or_read_but_never_a_crash(
    gds: Path, small_design: Design, capfd: pytest.CaptureFixture[str]
) -> None:
    layout = kdb.Layout()
    layout.read(str(gds))
    path = gds.with_name("klayout.oas")
    data, refused = unsigned(layout, path), 0
    for at in range(13, len(data) - 256, 29):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
        try:
            read_masks(path, small_design.pdk)
        except InputError:
            refused += 1
    assert refused > 10
    assert capfd.readouterr().err == ""


def test_a_cell_that_is_missing_is_damage(gds: Path, oas: Path, small_design: Design) -> None:
    """A reference to a cell that the file does not hold: nobody knows what would be drawn there."""
    library = gdstk.read_gds(gds)
    library.remove(*[cell for cell in library.cells if cell.name == "PAD_bump"])
    library.write_gds(gds.with_name("broken.gds"))
    library.write_oas(gds.with_name("broken.oas"))
    for whole in (gds, oas):
        broken = whole.with_stem("broken")
        # gdstk's OASIS writer may leave the name of a cell it does not find empty.
        refused = pytest.raises(InputError, match=r"broken\.(gds|oas): found (damage|a reference to the cell)")
        with refused:
            check(broken, small_design)
        with refused:
            compare(broken, whole)


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda data: b"%SEMI-OASIS\r\n", "no END record in its 13 bytes"),
        (lambda data: b"%SEMI-OASIS\r\n" + bytes(500), "no END record in its 513 bytes"),
        (lambda data: data + b"more", "no END record"),
        (lambda data: b"%SEMI-OASIS\r\n" + bytes(244) + b"\x02" + bytes(255), "damage"),
    ],
)
def test_what_only_begins_like_oasis(
    spoil: Callable[[bytes], bytes], found: str, oas: Path, small_design: Design
) -> None:
    oas.write_bytes(spoil(oas.read_bytes()))
    with pytest.raises(InputError, match=found):
        check(oas, small_design)


def test_another_database_unit_is_refused(tmp_path: Path, small_design: Design) -> None:
    layout = kdb.Layout()
    layout.dbu = 0.0005
    rdl = small_design.pdk.mask("RDL1")
    layout.create_cell("TOP").shapes(layout.layer(rdl.layer, rdl.datatype)).insert(kdb.Box(0, 0, 100, 100))
    layout.write(str(tmp_path / "fine.oas"))
    with pytest.raises(InputError, match=r"found a database unit of 5e-10 m; expected 1e-09 m \(1 nm\)"):
        check(tmp_path / "fine.oas", small_design)
