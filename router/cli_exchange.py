"""The commands that take designs from other tools and hand results to them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from router import exchange, flow
from router.cli_messages import messages
from router.write.formats import FORMATS


def add_commands(app: typer.Typer) -> None:
    """Adds them to the command `rdl`."""
    app.command("export", help=_EXPORT_HELP)(export)


_EXPORT_HELP = f"Write the results of a run for another tool. FORMAT is one of {', '.join(FORMATS)}."


def export(
    format_name: Annotated[str, typer.Argument(metavar="FORMAT", help="the format")],
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="the results of a run")],
    design: Annotated[
        str | None, typer.Argument(metavar="[DESIGN]", help="its package; default: the one that run.json names")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", metavar="FILE", help="default DIR/NAME.…; a folder, default DIR/FORMAT, for several files"),
    ] = None,
) -> None:
    """Exit code 1: written, but the results are not clean."""
    with messages():
        package = flow.read_design(design) if design else None
        done = exchange.export(format_name, directory, package, out)
        for path in done.files:
            print(path)
        for loss in done.lost:
            print(f"not carried: {loss}")
        for doubt in done.doubts:
            print(f"rdl: {doubt}", file=sys.stderr)
        raise typer.Exit(1 if done.doubts else 0)
