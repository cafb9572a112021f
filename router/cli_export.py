"""`rdl export`: the results of a run as the files of other tools."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from router import flow
from router.cli_levels import given_levels
from router.cli_messages import messages
from router.write.formats import FORMATS

HELP = (
    f"Write the results of a run for another tool. FORMAT is one of {', '.join(FORMATS)}. "
    "Exit code 1: written, but the results are not clean."
)


def export(
    format_name: Annotated[str, typer.Argument(metavar="FORMAT", help="the format")],
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="the results of a run")],
    design: Annotated[
        str | None, typer.Argument(metavar="DESIGN", help="its package; default: the one that run.json names")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", metavar="FILE", help="default DIR/NAME.…; a folder, default DIR/FORMAT, for several files"),
    ] = None,
    level: Annotated[
        list[str] | None, typer.Option(metavar="SOURCE=LEVEL", help="the other tool's name for a level or via")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="replace files that -o names and that exist")] = False,
) -> None:
    from router import handover

    with messages():
        package = flow.read_design(design) if design else None
        done = flow.export(format_name, directory, package, out, levels=given_levels(level), overwrite=overwrite)
        for path in done.files:
            print(path)
        for loss in done.lost:
            print(f"not carried: {loss}")
        doubts = handover.doubts(flow.read_result(directory))
        for doubt in doubts:
            print(f"rdl: {doubt}", file=sys.stderr)
        raise typer.Exit(1 if doubts else 0)
