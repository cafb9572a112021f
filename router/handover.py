"""What is done with results: rule decks, mask sets, and layouts compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from router import __version__
from router.flow import file_stem, is_clean, wanting
from router.model.pdk import Pdk
from router.read.pdk import read_pdk
from router.read.result import StoredResult, read_result
from router.verify.compare import Comparison, LayerNumber, compare
from router.view.difference import draw_difference
from router.write.decks.files import write_decks
from router.write.difference import layer_names, write_difference
from router.write.masks import sha256, write_masks
from router.write.stage import staged, staged_file


def write_process_decks(pdk: Pdk, directory: str | Path) -> list[Path]:
    """Write the DRC and LVS decks of a process, plain and for KLayout's menus; returns where they are."""
    stem = file_stem(pdk)
    with staged(Path(directory)) as aside:
        write_decks(aside / stem, pdk)
        names = sorted(path.name for path in aside.iterdir())
    return [Path(directory) / name for name in names]


def doubts(result: StoredResult) -> list[str]:
    """Why the layout of a result should not go to a mask shop: it was judged and found wanting, or changed since."""
    found = []
    if sha256(result.layout) != result.sha256:
        found.append(f"{result.layout} is not the file that report.json judges: it was changed since")
    if not is_clean(result.report):
        found.append(
            f"{result.layout} is not clean: " + ", ".join(f"{n} {what}" for what, n in wanting(result.report).items())
        )
    return found


def write_mask_set(
    result: StoredResult, directory: Path, *, one_file: bool = False, oasis: bool = False
) -> dict[str, Any]:
    """Write the mask set of a result into `directory`, one file a mask or one for all; returns what masks.json says.

    Raises InputError when the layout cannot be read, OutputError when files cannot be written.
    """
    facts = {
        "design": result.report["design"],
        "pdk": result.report["pdk"],
        "version": __version__,
        "layout": {"file": result.layout.name, "sha256": sha256(result.layout)},
        "doubts": doubts(result),
    }
    with staged(directory) as aside:
        return write_masks(result.layout, result.masks, aside, facts, one_file=one_file, oasis=oasis)


def diff(a: Path, b: Path, pdk: str | None = None) -> tuple[Comparison, dict[LayerNumber, str]]:
    """Compare two layouts, each a file or the folder of a result, and name their layers: by the process `pdk`, else as
    the folders do. Raises InputError when a layout cannot be read, or when their database units differ."""
    names: dict[LayerNumber, str] = layer_names(read_pdk(pdk).masks) if pdk else {}
    files = []
    for path in (a, b):
        stored = read_result(path) if path.is_dir() else None
        files.append(stored.layout if stored else path)
        if stored and not pdk:
            names |= layer_names(stored.masks)
    return compare(*files), names


def write_diff(path: Path, found: Comparison, names: dict[LayerNumber, str]) -> None:
    """Write what differs as markers (.lyrdb) or as a picture (.png). Raises OutputError when it cannot be written."""
    with staged_file(path) as aside:
        if path.suffix == ".png":
            draw_difference(found, aside)
        else:
            write_difference(aside, found, names)
