"""A draft as a package: DESIGN.toml and tables of pins beside it, which the program reads and a person can edit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from router.model.design import Design
from router.model.draft import Draft
from router.model.errors import InputError
from router.read.design import build_design
from router.read.formats.options import ImportOptions
from router.read.include import read_files
from router.read.textfile import shown
from router.write.package_file import PackageFile
from router.write.package_process import choose_process, regrouped
from router.write.package_room import DraftLands
from router.write.package_text import one_line_each
from router.write.stage import refuse_existing, staged


@dataclass(frozen=True, slots=True)
class Written:
    """The files, the package as it was read back from them, and all that had to be guessed and was lost."""

    files: tuple[Path, ...]
    design: Design
    guesses: tuple[str, ...]
    lost: tuple[str, ...]


def write_package(draft: Draft, path: Path, options: ImportOptions, *, source: str, overwrite: bool = False) -> Written:
    """Write `path` and its tables; `source` says where the draft is from. Files appear whole or not at all.

    The result is read back before it is put in place, so that what is written always reads. Raises InputError for a
    package that no process holds, that does not read back, or that would replace files without `overwrite`; and
    OutputError where the disk refuses.
    """
    lands = DraftLands(draft, source)
    process = choose_process(draft, lands, options.pdk, options.levels)
    package = PackageFile(regrouped(draft, process), path, process, options.name, lands)
    files = package.texts(source)
    if not overwrite:
        refuse_existing(path.parent / name for name in files)
    with staged(path.parent.resolve()) as aside:
        for name, text in files.items():
            (aside / name).write_text(text, encoding="utf-8", newline="\n")
        try:
            design = build_design(read_files(aside / path.name), process.pdk)
        except InputError as error:
            where = error.where.replace(f"{shown(aside)}/", "")
            assumed = "" if options.pdk else f" (assumed: process {process.key}; --pdk names another)"
            raise InputError(f"{source}, as {where}", error.found, f"{error.expected}{assumed}") from None
    written = tuple(path.parent / name for name in files)
    return Written(written, replace(design, source=path), one_line_each(package.guesses), one_line_each(package.lost))
