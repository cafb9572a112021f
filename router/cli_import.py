"""`rdl import`: packages from the files of other tools."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from router import flow
from router.cli_levels import given_levels, given_pairs
from router.cli_messages import messages
from router.model.errors import InputError
from router.model.units import GRID_UM, LIMIT_UM, Unit, to_nm
from router.read.formats.options import OPTIONS, ImportOptions, Origin, View
from router.read.textfile import quoted
from router.view.exchange import import_text

HELP = (
    "Make a package of the files of another tool: DESIGN.toml and its tables, with all that was assumed. "
    f"FORMAT is one of {', '.join(OPTIONS)}."
)
_NUMBER = r"(?:\d+\.?\d*|\.\d+)"


def import_package(
    format_name: Annotated[str, typer.Argument(metavar="FORMAT", help="the format")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="the files that make one package")],
    out: Annotated[Path, typer.Option("-o", metavar="DESIGN.toml", help="the package file to write")],
    pdk: Annotated[str, typer.Option(metavar="NAME", help="the process; default: the coarsest that fits")] = "",
    level: Annotated[
        list[str] | None, typer.Option(metavar="SOURCE=LEVEL", help="the level for a layer of the file")
    ] = None,
    name: Annotated[str, typer.Option(metavar="NAME", help="the name of the package")] = "",
    units: Annotated[Unit | None, typer.Option(help="the unit of lengths, where the file does not say it")] = None,
    origin: Annotated[Origin | None, typer.Option(help="what the places of pads are; default: their centres")] = None,
    view: Annotated[View | None, typer.Option(help="from where places are seen; bottom: from the ball side")] = None,
    pad_size: Annotated[str, typer.Option(metavar="D|WxH", help="µm, where the file has no sizes of pads")] = "",
    die_size: Annotated[str, typer.Option(metavar="WxH", help="µm, where the file has no sizes of dies")] = "",
    pitch: Annotated[str, typer.Option(metavar="P|XxY", help="µm, of the balls of a map")] = "",
    column: Annotated[
        list[str] | None, typer.Option(metavar="HEADER=PART", help="what a column with a header of your own holds")
    ] = None,
    place: Annotated[
        list[str] | None, typer.Option(metavar="NAME=X,Y[,TURN]", help="where a component lies, in µm and degrees")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="replace files that exist")] = False,
) -> None:
    with messages():
        options = ImportOptions(
            name=name,
            unit=units,
            origin=origin,
            view=view,
            pad_size=_size(pad_size, "--pad-size"),
            die_size=_size(die_size, "--die-size"),
            pitch=_size(pitch, "--pitch"),
            pdk=pdk,
            levels=given_levels(level),
            columns=given_pairs("--column", "HEADER=PART", column),
            places=_places(place),
        )
        print(import_text(flow.import_package(format_name, files, out, options, overwrite=overwrite)))


def _places(texts: list[str] | None) -> dict[str, tuple[int, int, int]]:
    """`hbm=2600,0` or `hbm=2600,0,90` of each text, in nm and degrees."""
    places: dict[str, tuple[int, int, int]] = {}
    for name, text in given_pairs("--place", "NAME=X,Y or NAME=X,Y,TURN", texts).items():
        match = re.fullmatch(rf"(-?{_NUMBER}),(-?{_NUMBER})(?:,(0|90|180|270))?", text, re.ASCII)
        if match is None or any(abs(float(way)) > LIMIT_UM for way in match.groups()[:2]):
            found, expected = quoted(f"{name}={text}"), "X,Y in µm, and a turn of 90, 180 or 270 perhaps"
            raise InputError("--place", found, expected)
        places[name] = to_nm(float(match[1])), to_nm(float(match[2])), int(match[3] or 0)
    return places


def _size(text: str, option: str) -> tuple[int, int] | None:
    """`40` or `40x60` in µm, in nm."""
    if not text:
        return None
    match = re.fullmatch(rf"({_NUMBER})(?:[x×]({_NUMBER}))?", text, re.ASCII)
    sides = [float(side) for side in match.groups() if side] if match else []
    if not sides or not all(GRID_UM <= side <= LIMIT_UM for side in sides):
        raise InputError(option, quoted(text), "a size in µm, as 40 or 40x60")
    return to_nm(sides[0]), to_nm(sides[-1])
