"""Specctra design files (DSN) → drafts. Grammar: SPECCTRA Design Language Reference, as PCB tools write it.

Layers run from the front to the back and become levels from die to ball.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from router.model.draft import Draft, DraftComponent
from router.model.errors import InputError
from router.model.units import Unit
from router.read.formats.dsn_boundary import read_boundary
from router.read.formats.dsn_keepouts import Keepouts
from router.read.formats.dsn_library import KEEPOUTS, Layers, read_images, read_layers, read_padstacks
from router.read.formats.dsn_network import Rules, read_classes, read_nets
from router.read.formats.dsn_notes import Notes
from router.read.formats.dsn_parts import Parts, Placed, read_placement
from router.read.formats.dsn_tokens import Entry, Scope, Specctra, read_specctra, unit_of
from router.read.formats.dsn_wiring import read_wiring
from router.read.formats.names import some
from router.read.formats.options import ImportOptions, View
from router.read.formats.top_view import seen_from_top

_PARTS = ("parser", "resolution", "unit", "structure", "placement", "library", "network", "wiring")
# What stands in a structure and concerns no package: grids, switches and the like.
_NEEDLESS = ("grid", "control", "flip_style", "autoroute_settings", "snap_angle", "via", "resolution", "unit")
_STRUCTURE = ("layer", "boundary", "place_boundary", "rule", *KEEPOUTS, *_NEEDLESS)


def read_dsn(files: Sequence[Path], options: ImportOptions) -> Draft:
    """The one file of a design. Raises InputError for every fault, naming file and line."""
    if len(files) != 1:
        raise InputError("FILE", f"{len(files)} files", "one .dsn file")
    draft = _draft(read_specctra(files[0]), options)
    return seen_from_top(draft) if options.view is View.TOP else draft


def _draft(file: Specctra, options: ImportOptions) -> Draft:
    if file.root.word != "pcb":
        raise file.fault(file.root, f"({file.root.word} …)", "(pcb …)")
    notes = Notes(file)
    notes.skip("the design", file.root.entries(), _PARTS)
    scope = _scope(file, options, notes)
    structure = _part(file, "structure")
    within = scope.within(structure)
    layers = read_layers(file, structure, notes)
    notes.skip("the structure", structure.entries(), _STRUCTURE)
    placed = _placed(scope, layers, notes)
    network = _part(file, "network")
    nets = read_nets(scope, network, placed, notes)
    classes = read_classes(scope, network, nets, _common(within, structure, layers, notes), layers, notes)
    network.clear()
    parts = Parts(layers, notes)
    components = [parts.component(part, nets.of_pins.get(part.name, {})) for part in placed]
    if options.view is None:
        notes.guess("coordinates are as seen from the ball side, looking at the active faces of the dies")
    _say_kinds(components, placed, layers, notes)
    outline, cut_out = read_boundary(within, structure, notes)
    keepouts = Keepouts(file.name, layers, notes)
    keepouts.structure(within, structure)
    keepouts.components(parts, placed)
    keepouts.boundary(cut_out)
    wiring = next(file.root.entries("wiring"), None)
    traces = read_wiring(scope.within(wiring), wiring, nets.names, layers, notes) if wiring is not None else ()
    return Draft(
        options.name or _stem(file),
        tuple(components),
        parts.pads,
        layers.signal,
        outline,
        tuple(classes),
        tuple(keepouts.found),
        traces,
        (*notes.guesses, *parts.names.said(), *parts.pins.said(), *nets.names.said()),
        notes.lost,
    )


def _scope(file: Specctra, options: ImportOptions, notes: Notes) -> Scope:
    """The unit of the whole file: as the user says, else `(unit …)`, else that of `(resolution …)`."""
    if options.unit is not None:
        return Scope(file, options.unit.um, fixed=True)
    for word in ("unit", "resolution"):
        for entry in file.root.entries(word):
            unit = unit_of(file, entry)
            if word == "resolution":
                notes.guess(f"lengths count in {unit}, the unit of the resolution, since the file names no other")
            return Scope(file, unit.um)
    notes.guess("lengths count in inches, as the format says where a file names no unit")
    return Scope(file, Unit.INCH.um)


def _part(file: Specctra, word: str) -> Entry:
    found = next(file.root.entries(word), None)
    if found is None:
        raise file.fault(file.root, f"no ({word} …)", "one")
    return found


def _placed(scope: Scope, layers: Layers, notes: Notes) -> list[Placed]:
    library, placement = _part(scope.file, "library"), next(scope.file.root.entries("placement"), None)
    within = scope.within(library)
    padstacks = read_padstacks(within, library, layers, notes)
    images = read_images(within, library, layers, padstacks, notes)
    notes.skip("the library", library.entries(), ("padstack", "image", "unit", "resolution"))
    # A large library is let go as soon as it is read: the whole must stay below a gigabyte.
    library.clear()
    return read_placement(scope.within(placement) if placement else scope, placement, images, layers, notes)


def _common(scope: Scope, structure: Entry, layers: Layers, notes: Notes) -> Rules:
    """The figures of the structure, and those of its layers."""
    rules = Rules()
    rules.read(scope, structure, "", notes)
    for entry in structure.entries("layer"):
        for index in layers.find(scope.file, entry, scope.file.text_at(entry, 1, "a name")):
            rules.read(scope, entry, layers.signal[index], notes)
    return rules


def _say_kinds(components: Sequence[DraftComponent], placed: Sequence[Placed], layers: Layers, notes: Notes) -> None:
    notes.guess(f"layers run from die to ball: {', '.join(layers.signal)}")
    by_kind: dict[str, list[str]] = {}
    for made, part in zip(components, placed, strict=True):
        if not part.said:
            by_kind.setdefault(made.kind.value, []).append(made.name)
        if part.turned:
            notes.guess(f"{made.name} is turned by {part.turned:g}°: its pins are given where that puts them")
    for kind, names in by_kind.items():
        notes.guess(f"taken as {kind} by the layers of their lands: {some(names)}")


def _stem(file: Specctra) -> str:
    name = file.text_at(file.root, 1, "a name").replace("\\", "/").rsplit("/", 1)[-1]
    return name.removesuffix(".dsn") or "design"
