"""Which process a draft becomes a package of: its levels for the layers, its pad styles for the pads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from router.model.design import KIND_WITH, ComponentKind
from router.model.draft import Draft, DraftComponent, DraftPad
from router.model.errors import InputError
from router.model.pdk import EXTENTS, ONE_SIZED, PadStyle, Pdk, RuleKind, ShapeKind, TerminalKind
from router.model.units import text_size, text_um, to_um
from router.read.library import list_pdks
from router.read.pdk import read_pdk
from router.read.styles import Styles
from router.read.textfile import quoted
from router.write.package_room import Crowd, DraftLands

# Where a process has no style of a pad's own kind, level and shape: a die may come with bumps or with bare pads.
_INSTEAD = {TerminalKind.BUMP: TerminalKind.PAD, TerminalKind.PAD: TerminalKind.BUMP}


@dataclass(frozen=True, slots=True)
class ChosenPad:
    """The style of a process that stands for a pad of the draft, and the size of its land in nm."""

    style: PadStyle
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Process:
    """A process, its styles for the pads of a draft, its levels for the layers; and what had to be assumed.

    `key` is its name or path, `count` the number of levels where the package is to say it.
    """

    key: str
    pdk: Pdk
    count: int | None
    pads: Mapping[str, ChosenPad]
    levels: Mapping[str, str]
    guesses: tuple[str, ...]


def choose_process(draft: Draft, lands: DraftLands, name: str, levels: Mapping[str, str]) -> Process:
    """The process of that name or path, or else the coarsest known one in which every pad and width is legal.

    `levels` gives levels to layers by name. Raises InputError where no process fits, naming what does not.
    """
    layers = dict.fromkeys((*draft.layers, *_mentioned(draft)))
    for layer, level in levels.items():
        if layer not in layers:
            known = f"one of {', '.join(layers)}" if layers else "no --level, since the files name no layers"
            raise InputError(f"--level {layer}={level}", f"no layer {layer!r}", known)
    if name:
        return _with_crowds_said(_matched(draft, name, levels, lands), lands)
    found: list[Process] = []
    unfit: dict[str, InputError] = {}
    for path in list_pdks():
        try:
            found.append(_matched(draft, path.stem, levels, lands))
        except InputError as error:
            unfit[path.stem] = error
    for process in sorted(found, key=lambda process: _preference(draft, process)):
        try:
            _refuse_crowded(process, _crowds(process, lands))
            _refuse_unruly(draft, process, lands)
        except InputError as error:
            unfit[process.key] = error
        else:
            guess = f"process {process.key}: the coarsest one that comes along in which every pad and width is legal"
            return replace(process, guesses=(guess, *process.guesses))
    raise _none_fits(unfit, lands.source)


def _none_fits(unfit: Mapping[str, InputError], source: str) -> InputError:
    """One message for the reasons of all processes, by process; each reason stands there once."""
    by_reason: dict[str, list[str]] = {}
    for key, error in unfit.items():
        by_reason.setdefault(error.found, []).append(key)
    if len(by_reason) == 1:
        (reason,) = by_reason
        return InputError(source, f"{reason}, which no process that comes along allows", "--pdk with one that does")
    reasons = "; ".join(f"{reason} in {', '.join(keys)}" for reason, keys in by_reason.items())
    return InputError(source, f"what no process that comes along allows ({reasons[:500]})", "--pdk with one that does")


def _preference(draft: Draft, process: Process) -> tuple[int, int, int, int, int, str]:
    """Pads of their own shape first, then of their own kind, then the number of levels, then the coarsest, then the
    nearest pads."""
    other_shape = sum(
        _unlike(chosen.style, draft.pads[key]) for key, chosen in process.pads.items() if draft.pads[key].width > 0
    )
    other_kind = sum(chosen.style.kind is not draft.pads[key].kind for key, chosen in process.pads.items())
    other_count = abs(len(process.pdk.levels) - len(draft.layers)) if draft.layers else 0
    finest = min(level.min_width + level.min_spacing for level in process.pdk.levels)
    resized = sum(
        abs(chosen.width - chosen.style.land.width) + abs(chosen.height - chosen.style.land.height)
        for chosen in process.pads.values()
    )
    return other_shape, other_kind, other_count, -finest, resized, process.key


def _matched(draft: Draft, key: str, levels: Mapping[str, str], lands: DraftLands) -> Process:
    """The draft in this process. Raises InputError for the first pad or width that is not legal there."""
    pdk, count = _with_levels(key, len(draft.layers))
    where = f"process {key}"
    mapped, guesses = _levels_for(draft, pdk, levels)
    if not draft.layers:
        guesses.append(f"{len(pdk.levels)} levels, since the files do not say how many: see levels in the package")
    _check_widths(draft, pdk, mapped, where)
    pads: dict[str, ChosenPad] = {}
    for name in lands.used:
        pads[name] = _pad_for(draft.pads[name], mapped, pdk, lands, where)
        guesses += [f"pad {name}: {said}" for said in _pad_guesses(draft.pads[name], pads[name], mapped)]
    return Process(key, pdk, count, pads, mapped, tuple(guesses))


def _crowds(process: Process, lands: DraftLands) -> Iterator[Crowd]:
    """The first two lands on each level that are nearer than it allows."""
    sizes = {name: (pad.style.level, pad.width, pad.height) for name, pad in process.pads.items()}
    rounded = [name for name, pad in process.pads.items() if pad.style.land.shape is not ShapeKind.RECT]
    spacing = {level.name: level.min_spacing for level in process.pdk.levels}
    return lands.crowded(sizes, rounded, spacing)


def _refuse_crowded(process: Process, crowds: Iterable[Crowd]) -> None:
    """Raise InputError for the first of these."""
    for crowd in crowds:
        raise InputError(f"process {process.key}: {crowd.level}", crowd.found, crowd.expected)


def _with_crowds_said(process: Process, lands: DraftLands) -> Process:
    """A process that was asked for, with what lands break of it, as sign-off says as well. Raises InputError for lands
    that overlap."""
    crowds = list(_crowds(process, lands))
    _refuse_crowded(process, (crowd for crowd in crowds if crowd.overlap))
    said = [f"WARNING {crowd.found} on {crowd.level}, which asks for {crowd.expected}" for crowd in crowds]
    return replace(process, guesses=(*process.guesses, *said))


def _refuse_unruly(draft: Draft, process: Process, lands: DraftLands) -> None:
    """Raise InputError for pins nearer than a pitch rule allows, and for an outline beyond the extents of the process.

    A process that was asked for may break them: sign-off says so.
    """
    where = f"process {process.key}"
    for rule in process.pdk.rules:
        if rule.kind is RuleKind.PITCH:
            for name, pad in process.pads.items():
                apart = lands.pitch(name) if any(shape.mask in rule.masks for shape in pad.style.shapes) else None
                if apart is not None and apart < rule.value:
                    raise InputError(where, lands.pitch_text(name), text_um(rule.value))
        elif rule.kind in EXTENTS and draft.outline is not None and not rule.permits(draft.outline):
            found = f"an outline of {text_size(draft.outline.width, draft.outline.height)}"
            raise InputError(where, found, f"as {rule.name} allows")


def regrouped(draft: Draft, process: Process) -> Draft:
    """The draft with pins that are drawn as pads of no die taken out of its dies, into components that have such."""
    parts: list[DraftComponent] = []
    for part in draft.components:
        kinds = [KIND_WITH[process.pads[pin.pad].style.kind] for pin in part.pins]
        if part.kind is not ComponentKind.DIE or set(kinds) <= {part.kind}:
            parts.append(part)
            continue
        for kind in dict.fromkeys(kinds):
            pins = tuple(pin for pin, of in zip(part.pins, kinds, strict=True) if of is kind)
            if kind is part.kind:
                parts.append(replace(part, pins=pins))
            else:
                name = f"{part.name}_{kind}"
                while any(name == other.name for other in (*draft.components, *parts)):
                    name += "_"
                parts.append(replace(part, name=name, kind=kind, pins=pins, outline=None, joined=False))
    return replace(draft, components=tuple(parts))


def _with_levels(key: str, wanted: int) -> tuple[Pdk, int | None]:
    """The process with as many levels as there are layers, where it leaves that open; and their number, where it is to
    be said."""
    pdk = read_pdk(key)
    if wanted in (0, len(pdk.levels)):
        return pdk, None if wanted else len(pdk.levels)
    try:
        return read_pdk(key, levels=wanted), wanted
    except InputError:
        return pdk, None


def _levels_for(draft: Draft, pdk: Pdk, given: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """A level for each layer: as given, else of the same name, else in order from the die; layers that are left have
    none."""
    names = {level.name.lower(): level.name for level in pdk.levels}
    layers = dict.fromkeys((*draft.layers, *_mentioned(draft)))
    mapped: dict[str, str] = {}
    for layer, level in given.items():
        if level.lower() not in names:
            where = f"--level {layer[:80]}={level[:80]}"
            raise InputError(where, f"no level {quoted(level)}", f"one of {', '.join(names.values())}")
        mapped[layer] = names[level.lower()]
    mapped |= {layer: names[layer.lower()] for layer in layers if layer not in mapped and layer.lower() in names}
    if any(layer in mapped for layer in draft.layers) or not draft.layers:
        return mapped, []
    in_order = dict(zip(draft.layers, (level.name for level in pdk.levels), strict=False))
    pairs = ", ".join(f"{layer} → {level}" for layer, level in in_order.items())
    return mapped | in_order, [f"layers become levels in their order from the die: {pairs}"]


def _mentioned(draft: Draft) -> Iterator[str]:
    """Layers that things lie on, whether the file orders them or not."""
    for entry in draft.classes:
        yield from (layer for layer in (*entry.layers, *entry.widths, *entry.spacings) if layer)
    for keepout in draft.keepouts:
        yield from keepout.layers
    yield from (trace.layer for trace in draft.traces)


def _check_widths(draft: Draft, pdk: Pdk, mapped: Mapping[str, str], where: str) -> None:
    """Raise InputError for a width or spacing below what its level allows."""
    levels = {level.name: level for level in pdk.levels}
    everywhere = {"": max(level.min_width for level in pdk.levels)}
    apart = {"": max(level.min_spacing for level in pdk.levels)}
    for layer, name in mapped.items():
        everywhere[layer], apart[layer] = levels[name].min_width, levels[name].min_spacing
    for entry in draft.classes:
        for what, values, least in (("width", entry.widths, everywhere), ("spacing", entry.spacings, apart)):
            for layer, value in values.items():
                if value < least.get(layer, 0):
                    found = f"the {what} {text_um(value)} of class {entry.name}"
                    raise InputError(where, found, f"at least {text_um(least[layer])}")
    for trace in draft.traces:
        if trace.width < everywhere.get(trace.layer, 0):
            found = f"a trace of {trace.net} with a width of {text_um(trace.width)}"
            raise InputError(where, found, f"at least {text_um(everywhere[trace.layer])}")


def _pad_for(pad: DraftPad, levels: Mapping[str, str], pdk: Pdk, lands: DraftLands, where: str) -> ChosenPad:
    """The style that is nearest to the pad: that of its name, else on its level, then of its shape, its kind and its
    size. A pad, which some formats call all that is no bump, is of any kind where no style of its own lies on its
    level."""
    kinds = (pad.kind, _INSTEAD.get(pad.kind, pad.kind))
    here = [style for style in pdk.pads.values() if style.level == levels.get(pad.layer)]
    known = [style for style in pdk.pads.values() if style.kind in kinds]
    unlike = pad.kind is TerminalKind.PAD and not any(style in known for style in here)
    styles = [*known, *here] if unlike else known
    if not styles:
        raise InputError(where, f"no pad style of kind {pad.kind}", f"one for {pad.name}")
    if not pad.width:
        named = [style for style in styles if style.name == pad.style]
        own = [style for style in styles if style.kind is pad.kind]
        return _roomiest(pad, named or own or styles, pdk, lands, where)

    def farness(style: PadStyle) -> tuple[bool, bool, int, bool, int, str]:
        elsewhere = levels.get(pad.layer, style.level) != style.level
        other_name, other_kind = style.name != pad.style, style.kind is not pad.kind
        resized = abs(style.land.width - pad.width)
        return other_name, elsewhere, _unlike(style, pad), other_kind, resized, style.name

    reasons: list[InputError] = []
    for style in sorted(styles, key=farness):
        width, height = pad.width, pad.height
        if style.land.shape in ONE_SIZED:
            width = height = min(width, height)
        try:
            Styles(pdk).sized(style.name, (to_um(width), to_um(height)), where)
        except InputError as error:
            reasons.append(error)
        else:
            return ChosenPad(style, width, height)
    raise reasons[0]


def _unlike(style: PadStyle, pad: DraftPad) -> int:
    """0 where a style of the pad's size has its outline, an oblong as wide as it is high being a circle; 1 where an
    octagon stands for a circle, which traces at 45° pass as near, or a circle for an octagon; else 2."""
    shapes = {style.land.shape, pad.shape}
    if pad.width == pad.height and ShapeKind.OBLONG in shapes:
        shapes = shapes - {ShapeKind.OBLONG} | {ShapeKind.CIRCLE}
    return 0 if len(shapes) == 1 else 1 if shapes == set(ONE_SIZED) else 2


def _roomiest(pad: DraftPad, styles: list[PadStyle], pdk: Pdk, lands: DraftLands, where: str) -> ChosenPad:
    """For a pad without a size: the largest land of the process that leaves its level's spacing between pins."""
    spacing = {level.name: level.min_spacing for level in pdk.levels}
    apart = lands.pitch(pad.name)
    for style in sorted(styles, key=lambda s: (-s.land.width, s.name)):
        width, height = style.land.width, style.land.height
        if apart is None or min(width, height) + spacing[style.level] <= apart:
            return ChosenPad(style, width, height)
    least = text_um(min(s.land.width for s in styles))
    raise InputError(where, lands.pitch_text(pad.name), f"room for a land of {least}")


def _pad_guesses(pad: DraftPad, chosen: ChosenPad, levels: Mapping[str, str]) -> Iterator[str]:
    style, land = chosen.style, chosen.style.land
    size = text_um(chosen.width) if chosen.width == chosen.height else text_size(chosen.width, chosen.height)
    if not pad.width:
        yield f"has no size; its lands are those of the process's pad {style.name}, {size}"
    elif _unlike(style, pad) or pad.polygon is not None:
        yield f"{_a(land.shape)} of {size} for {'a polygon' if pad.polygon is not None else _a(pad.shape)}"
    if pad.style and style.name != pad.style:
        yield f"pad {style.name}, since no style {quoted(pad.style)} of the process fits it"
    if style.kind is not pad.kind:
        yield f"pad {style.name} of kind {style.kind}, since the process has no such one of kind {pad.kind}"
    if pad.layer in levels and levels[pad.layer] != style.level:
        yield f"lands on {style.level}, as pad {style.name} has them, instead of {levels[pad.layer]}"


def _a(shape: ShapeKind) -> str:
    return f"{'an' if shape in (ShapeKind.OCTAGON, ShapeKind.OBLONG) else 'a'} {shape}"
