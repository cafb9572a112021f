"""Files of other tools: packages come in from them, and a routed one goes out to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from router.model.collection import no_collection
from router.model.design import Design
from router.model.errors import InputError
from router.model.fingerprint import fingerprints
from router.read.balls import read_all_balls
from router.read.design import read_design
from router.read.formats.options import OPTIONS, ImportOptions
from router.read.formats.placing import with_places
from router.read.jsonfile import MOST_WRITTEN
from router.read.nearest import among
from router.read.result import read_result, routed_package, routed_parts
from router.read.routes import read_routes
from router.read.textfile import quoted, read_text, shown
from router.write.decks.netlist import netlist
from router.write.formats import FORMATS
from router.write.formats.layers import with_layers
from router.write.run import inputs_of
from router.write.stage import refuse_existing, refuse_files_of_runs, staged, staged_file

if TYPE_CHECKING:
    from router.write.package import Written

_OF_THIS_PACKAGE = "results of this very package; route it again"
_AS_THE_FILE_SAYS = ImportOptions()
# Fields of the options that some formats make no use of.
_SOME_FORMATS = sorted({field for fields in OPTIONS.values() for field in fields})


@dataclass(frozen=True, slots=True)
class Exported:
    """The files that were written, and what of the package the format does not carry, in sentences."""

    files: tuple[Path, ...]
    lost: tuple[str, ...]


def import_package(
    format_name: str,
    files: Sequence[str | Path],
    out: str | Path,
    options: ImportOptions = _AS_THE_FILE_SAYS,
    *,
    overwrite: bool = False,
) -> Written:
    """Make a package, `out` (.toml) and its tables beside it, of the files of another tool.

    Raises InputError for an unknown format, a file that does not read, a package that no process holds, and where
    files would be replaced without `overwrite`; OutputError when files cannot be written.
    """
    from router.read.formats.readers import FORMATS as READERS
    from router.write.package import write_package

    paths, out = [Path(file) for file in files], Path(out)
    _refuse_unknown(format_name, OPTIONS)
    if out.suffix != ".toml":
        raise InputError(str(out), f"the ending {quoted(out.suffix)}", ".toml")
    _refuse_idle(format_name, options)
    source = f"{', '.join(path.name for path in paths)[:300]} ({format_name})"
    with no_collection():
        draft = with_places(READERS[format_name](paths, options), options.places)
        return write_package(draft, out, options, source=source, overwrite=overwrite)


def _refuse_unknown(name: str, formats: Collection[str]) -> None:
    """Raise InputError for a format that is none, with the nearest one."""
    if name not in formats:
        raise InputError("FORMAT", quoted(name), among(name, formats))


def _refuse_idle(format_name: str, options: ImportOptions) -> None:
    """Raise InputError for an option that the format makes no use of, lest it is taken for obeyed."""
    serving = OPTIONS[format_name]
    for field in _SOME_FORMATS:
        if getattr(options, field) and field not in serving:
            found = f"an option that {format_name} makes no use of"
            known = ", ".join(_spelled(name) for name in serving) or "none of its kind"
            raise InputError(_spelled(field), found, known)


def _spelled(field: str) -> str:
    """A field of the options as the command spells it."""
    return {"unit": "--units", "columns": "--column"}.get(field, f"--{field.replace('_', '-')}")


def export(
    format_name: str,
    directory: str | Path,
    design: Design | None = None,
    out: str | Path | None = None,
    *,
    levels: Mapping[str, str] | None = None,
    overwrite: bool = False,
) -> Exported:
    """Write the results of a run as a file of another tool: `out`, else DIR/NAME with the ending of the format.

    Where the format has several files, they go into the folder `out`, else DIR/FORMAT.

    Without `design` the package that run.json names is read; either must be the one that was routed. `levels` gives the
    level or via for a layer of the other tool, whose name then stands in the file. Raises InputError for an unknown
    format, a name that is none, a folder without a result, a package that was changed since, where a file that the run
    came from would be overwritten, and where files of `out` exist, without `overwrite`; OutputError when files cannot
    be written, and earlier ones are untouched.
    """
    _refuse_unknown(format_name, FORMATS)
    writer = FORMATS[format_name]
    if levels and not writer.layered:
        known = ", ".join(name for name in FORMATS if FORMATS[name].layered)
        raise InputError("--level", f"an option that {format_name} makes no use of", f"{known} with it")
    result = read_result(Path(directory))
    stem = result.layout.with_suffix("")
    package = _as_routed(design or read_design(routed_package(Path(directory))), stem)
    layout = read_routes(stem.with_name(f"{stem.name}.routes.json"), package)
    text = writer.text(with_layers(package, levels or {}), layout)
    beside = stem.with_name(stem.name + writer.ending if writer.ending else format_name)
    target = beside if out is None else Path(out)
    files = (target,) if isinstance(text, str) else tuple(target / name for name in text)
    _refuse_to_overwrite(files, package)
    if out is not None:
        refuse_files_of_runs(files)
    if out is not None and not overwrite:
        refuse_existing(files)
    if isinstance(text, str):
        with staged_file(target, own=out is None) as aside:
            aside.write_text(text, encoding="utf-8", newline="\n")
    else:
        _write_all(text, target)
    return Exported(files, writer.losses(package, layout))


def _as_routed(design: Design, stem: Path) -> Design:
    """The package with the balls that the run chose. Raises InputError where it is not the one that was routed."""
    if design.open:
        design = read_all_balls(design, stem.with_name(f"{stem.name}.balls.csv"))
    path = stem.with_name(f"{stem.name}.cir")
    stored = read_text(path, MOST_WRITTEN).splitlines()
    for number, (then, now) in enumerate(zip_longest(stored, netlist(design).splitlines(), fillvalue=""), 1):
        if then != now:
            what = f"{quoted(then)}, where the package now says {quoted(now)}"
            raise InputError(f"{shown(path)}:{number}", what, _OF_THIS_PACKAGE)
    routed = routed_parts(stem.parent)
    changed = [part for part, digest in fingerprints(design).items() if routed.get(part, digest) != digest]
    if changed:
        what = f"results of other {', '.join(changed)} than the package has"
        raise InputError(shown(stem.parent), what, _OF_THIS_PACKAGE)
    return design


def _refuse_to_overwrite(files: tuple[Path, ...], design: Design) -> None:
    """Raise InputError where an input of the run stands in a file's place."""
    inputs = inputs_of(design)
    for path in files:
        if path.resolve() in inputs:
            raise InputError(shown(path), "a file of the run itself", "another name for what is exported")


def _write_all(texts: Mapping[str, str], directory: Path) -> None:
    with staged(directory) as aside:
        for name, text in texts.items():
            (aside / name).write_text(text, encoding="utf-8", newline="\n")
