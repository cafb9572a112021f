"""`rdl masks` and `rdl diff`: mask sets of results, and layouts compared."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from router import flow
from router.cli_messages import messages
from router.model.errors import InputError
from router.view.mask_set import mask_set_text


def masks(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="the results of a run")],
    out: Annotated[Path | None, typer.Option("-o", metavar="OUT", help="where to write; default DIR/masks")] = None,
    one_file: Annotated[bool, typer.Option("--one-file", help="all masks in one file")] = False,
    oasis: Annotated[bool, typer.Option("--oasis", help="OASIS instead of GDSII")] = False,
    force: Annotated[bool, typer.Option("--force", help="write masks of a layout that is not clean")] = False,
) -> None:
    """Write the masks of a run as a mask shop takes them: merged boundaries, one file a mask, and masks.json. Exit code
    1: the layout is not clean, or was changed since it was judged."""
    from router import handover

    with messages():
        result, target = flow.read_result(directory), out or directory / "masks"
        doubts = handover.doubts(result)
        for doubt in doubts:
            print(f"rdl: {doubt}", file=sys.stderr)
        if doubts and not force:
            print("rdl: no masks written; --force writes them as they are", file=sys.stderr)
            raise typer.Exit(1)
        facts = handover.write_mask_set(result, target, one_file=one_file, oasis=oasis)
        print(mask_set_text(facts, target))
        raise typer.Exit(1 if doubts else 0)


def diff(
    a: Annotated[Path, typer.Argument(metavar="A", help="a layout file, or the results of a run")],
    b: Annotated[Path, typer.Argument(metavar="B", help="another one")],
    out: Annotated[
        Path | None, typer.Option("-o", metavar="FILE", help="markers (.lyrdb) or a picture (.png) of what differs")
    ] = None,
    pdk: Annotated[str | None, typer.Option(metavar="NAME", help="the process that names the layers")] = None,
) -> None:
    """Compare two layouts as geometry, mask by mask. Exit code 0: the same; 1: they differ."""
    from router import handover
    from router.view.difference import difference_text

    with messages():
        if out and out.suffix not in (".lyrdb", ".png"):
            raise InputError(str(out), f"the ending {out.suffix!r}", ".lyrdb for markers, .png for a picture")
        found, names = handover.diff(a, b, pdk)
        if out:
            handover.write_diff(out, found, names)
        print(difference_text(found, names))
        raise typer.Exit(0 if found.same else 1)
