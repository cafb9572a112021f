"""What mutation begins with: samples of the guide, exports of a routed package, files of real designs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from import_inputs import packed

from router import flow
from router.read.design import read_design
from router.read.formats.options import OPTIONS
from router.read.library import find_design
from router.write.formats import FORMATS as WRITERS

ROOT = Path(__file__).resolve().parents[2]
REALDATA = ROOT.parent / "shared" / "realdata"
_WRITTEN_AS = {"aif": "aif", "bumps": "bumps", "def": "lefdef", "dsn": "dsn"}
_OPTIONS = ("view=top", "view=bottom", "unit=mm", "unit=mil", "origin=corner", "pad_size=40", "die_size=2000")

# Files of real designs that are small enough to be read thousands of times.
_REAL = {
    "3dblox": (
        ("3dic_cross.3dbx", "3dic_cross_flop.3dbv", "3dic_cross_flop_a.bmap", "3dic_cross_flop_b.bmap"),
        ("example.3dbx", "example.3dbv", "example.bmap"),
        ("path_assertions.3dbx", "example.3dbv", "example.bmap"),
        ("example_polygon.3dbv", "example.bmap"),
        ("example1.bmap",),
    ),
    "bumps": (("caravel_wlcsp/pads.csv", "caravel_wlcsp/bumps.csv"),),
    "dietext": (("T1_data.txt",), ("U_data.txt",), ("T1_data.txt", "INTERPOSER_data.txt")),
    "lefdef": (
        ("3ML_0400.lef", "lambdapdk_interposer/bumps.lef", "3dic_cross_flop_a.def"),
        ("passive_tech.lef", "openroad_rdl/bumps.lef", "passive_floorplan.def"),
    ),
}


def seeds(format_name: str, *, real: bool = False) -> list[bytes]:
    """What mutation begins with: the guide's files with several options, the export of a routed package, and, if wished
    and where they lie beside the checkout, files of real designs."""
    found = [(files, options) for name, files, options in _of_guide() if name == format_name]
    guide = found[0][0]
    found += [(guide, option) for option in _OPTIONS if option.partition("=")[0] in OPTIONS[format_name]]
    found += [(files, "") for name, files in _of_export() if name == format_name]
    if real and REALDATA.is_dir():
        found += [(_real_files(names), "") for names in _REAL.get(format_name, ())]
    return [packed(files, options) for files, options in found]


def _of_guide() -> Iterator[tuple[str, dict[str, bytes], str]]:
    text = (ROOT / "docs" / "exchange.md").read_text(encoding="utf-8")
    for section in re.split(r"^## ", text, flags=re.M):
        files = dict(re.findall(r"^File `([\w.]+)`:\n\n```\w*\n(.*?)^```$", section, re.S | re.M))
        command = re.search(r"^\$ rdl import (\w+) ([\w. ]+?) -o", section, re.M)
        if command:
            pdk = re.search(r"rdl import .*--level (\w+)=(\w+) --pdk (\w+)", section)
            pitch = re.search(r"^\$ rdl import .*--pitch (\d+)", section, re.M)
            options = f"levels={pdk[1]}:{pdk[2]} pdk={pdk[3]}" if pdk else f"pitch={pitch[1]}" if pitch else ""
            # The files that the command names come first: the others are found through them.
            order = sorted(files, key=lambda name: name not in command[2].split())
            yield command[1], {name: files[name].encode() for name in order}, options


@cache
def _of_export() -> list[tuple[str, dict[str, bytes]]]:
    design = read_design(find_design("toy"))
    layout = flow.route(design).layout
    found = []
    for written, name in _WRITTEN_AS.items():
        text = WRITERS[written].text(design, layout)
        files = {f"toy.{name}": text} if isinstance(text, str) else text
        found.append((name, {file: content.encode() for file, content in files.items()}))
    return found


def _real_files(names: Iterable[str]) -> dict[str, bytes]:
    return {Path(name).name: next(REALDATA.rglob(name)).read_bytes() for name in names}
