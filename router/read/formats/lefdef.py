"""LEF and DEF: a placed chip whose bumps and I/O cells are to be joined in its top metal.

Bumps (cells of CLASS COVER BUMP) become balls; pins of all other cells on the redistribution layers become pads that
are joined inside the chip, so that any pad of a net will do; obstructions and blockages become keep-outs, and wires
that lie on these layers fixed traces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from router.model.draft import Draft
from router.model.errors import InputError
from router.model.units import text_um
from router.read.formats.lefdef_def import read_def
from router.read.formats.lefdef_draft import Package
from router.read.formats.lefdef_items import READERS
from router.read.formats.lefdef_lef import Lef, LefMacro, read_lef
from router.read.formats.lefdef_tokens import opened
from router.read.formats.options import ImportOptions
from router.read.textfile import quoted, shown

_SNIFFED_WORDS = 2000
_CELLS_ALONE = {"COMPONENTS": READERS["COMPONENTS"]}
_DEF_WORDS = {"DESIGN", "DIEAREA", "COMPONENTS"}
_LEF_WORDS = {"LAYER", "MACRO", "SITE", "VIA", "LIBRARY", "MANUFACTURINGGRID"}


def read_lefdef(files: Sequence[Path], options: ImportOptions) -> Draft:
    """The package that one DEF file and the LEF files of its cells tell, in any order. `options.levels` names the
    redistribution layers. Raises InputError with file and line."""
    lef = Lef()
    lef_files, def_file = _sorted(files)
    for file in lef_files:
        read_lef(file, lef)
    layers, guess = _redistribution(lef, options, def_file)
    macros = {name: macro for name, macro in lef.macros.items() if _has_metal(macro, layers)}
    usual = {layer: lef.layers[layer].width if layer in lef.layers else 0 for layer in layers}
    found = read_def(def_file, macros, usual, READERS)
    if not found.units or found.area is None:
        missing = "DIEAREA" if found.units else "UNITS DISTANCE MICRONS"
        raise InputError(shown(def_file), f"no {missing}", "a DEF file with it")
    package = Package(found, macros, usual, shown(def_file))
    if not package.components:
        expected = "placed cells with pins there, or --level LAYER=LEVEL with the layer where they are"
        raise InputError(shown(def_file), f"no pin on {', '.join(layers)[:300]}", expected)
    guesses = (guess, *package.guesses, *_widths(lef, layers))
    return Draft(
        name=options.name or found.name or def_file.stem,
        components=package.components,
        pads=package.pads,
        layers=tuple(layers),
        outline=package.outline,
        keepouts=tuple(package.keepouts),
        traces=tuple(package.traces),
        guesses=guesses,
        lost=tuple(package.lost),
    )


def _sorted(files: Sequence[Path]) -> tuple[list[Path], Path]:
    """LEF files, those with layers before others, and the one DEF file."""
    lefs: list[tuple[bool, Path]] = []
    defs: list[Path] = []
    for file in files:
        words = set(_first_words(file))
        ending = file.suffix.lower()
        if ending == ".def" or (ending != ".lef" and words & _DEF_WORDS):
            defs.append(file)
        elif ending == ".lef" or words & _LEF_WORDS:
            lefs.append(("ROUTING" not in words, file))
        else:
            raise InputError(shown(file), "neither LEF nor DEF", "files with MACRO or DESIGN statements")
    if len(defs) != 1 or not lefs:
        found = f"{len(lefs)} LEF and {len(defs)} DEF files"
        raise InputError(shown(files[0]) if files else "files", found, "the LEF files of all cells and one DEF file")
    return [file for _, file in sorted(lefs, key=lambda entry: entry[0])], defs[0]


def _first_words(file: Path) -> Iterator[str]:
    with opened(file) as words:
        for _ in range(_SNIFFED_WORDS):
            word = words.next()
            if word is None:
                return
            yield word


def _redistribution(lef: Lef, options: ImportOptions, def_file: Path) -> tuple[list[str], str]:
    """The layers to redistribute on, from the chip upwards, and how they were found."""
    order = {name: place for place, name in enumerate(lef.layers)}
    macros = list(lef.macros.values())
    if options.levels:
        known = set(order) | set(_pin_layers(lef, macros))
        for name in options.levels:
            if name not in known:
                near = ", ".join(layer.name for layer in lef.layers.values() if layer.kind == "ROUTING")
                raise InputError("--level", quoted(name), f"a layer of the LEF files: {near[:300] or 'none there'}")
        chosen = sorted(options.levels, key=lambda name: order.get(name, len(order)))
        return chosen, f"redistribution is on {', '.join(chosen)}, as --level says"
    layers, of_what = _terminal_layers(lef, macros)
    if len(layers) > 1:
        # A library may hold bumps of several technologies: those that are placed count.
        placed = {cell.macro for cell in read_def(def_file, lef.macros, {}, _CELLS_ALONE).cells.values()}
        used, of_which = _terminal_layers(lef, [macro for macro in macros if macro.name in placed])
        layers, of_what = (used, of_which) if used else (layers, of_what)
    if not layers:
        expected = "cells of CLASS COVER BUMP or PAD in the LEF files, or --level LAYER=LEVEL"
        raise InputError(shown(def_file), "no layer that redistribution could be on", expected)
    top = max(layers, key=lambda name: order.get(name, len(order)))
    return [top], f"redistribution is on {top}, the top layer that {of_what}; --level LAYER=LEVEL names others"


def _terminal_layers(lef: Lef, macros: Sequence[LefMacro]) -> tuple[list[str], str]:
    """Layers that bumps lie on, else pads; and what they are."""
    if by_bumps := _pin_layers(lef, [macro for macro in macros if macro.is_bump]):
        return by_bumps, "pins of bumps lie on"
    return _pin_layers(lef, macros), "pins of pad and cover cells lie on"


def _pin_layers(lef: Lef, macros: Sequence[LefMacro]) -> list[str]:
    """Layers with pins of bumps, covers and pads: routing layers, and those that no LEF file describes."""
    found: dict[str, None] = {}
    for macro in macros:
        if macro.kind.split(" ")[0] in ("COVER", "PAD"):
            for pin in macro.pins.values():
                found |= dict.fromkeys(shape.layer for port in pin.ports for shape in port)
    return [name for name in found if name not in lef.layers or lef.layers[name].kind == "ROUTING"]


def _has_metal(macro: LefMacro, layers: Sequence[str]) -> bool:
    pins = (shape.layer for pin in macro.pins.values() for port in pin.ports for shape in port)
    return any(layer in layers for layer in pins) or any(shape.layer in layers for shape in macro.blocked)


def _widths(lef: Lef, layers: Sequence[str]) -> Iterator[str]:
    for name in layers:
        layer = lef.layers.get(name)
        if layer is not None and layer.width:
            least = f"{text_um(layer.width)} wide and {text_um(layer.spacing)} apart"
            yield f"{name}: widths and spacings are those of the process, not the chip's own least ({least})"
