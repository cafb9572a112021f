"""A process file (TOML) into a `Pdk`: blocks that repeat are written out, tables become named rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from router.model.colors import color_of, hls_of
from router.model.errors import InputError
from router.model.pdk import (
    Density,
    Level,
    Mask,
    MaskRole,
    PadShape,
    PadStyle,
    Pdk,
    Rule,
    RuleKind,
    ShapeKind,
    TerminalKind,
    ViaRule,
    WideSpacing,
)
from router.model.units import to_nm
from router.read.library import find_pdk
from router.read.pdk_check import contradictions
from router.read.pdk_file import LevelTable, MaskTable, OutlineTable, PadTable, PdkFile, RuleTable, ViaTable
from router.read.pdk_rules import derived_rules
from router.read.textfile import shown
from router.read.tomlfile import load_toml, validated

# Neighbouring repeated masks differ by this share of the colour circle.
HUE_STEP = 0.13


def read_pdk(name_or_path: str | Path, *, levels: int | None = None, asked: str = "levels") -> Pdk:
    """The process of that name or path; `levels` says how often its repeating blocks repeat, and `asked` names the key
    that asks for it.

    Raises InputError for anything that cannot be read and for the first contradiction between its figures.
    """
    path = find_pdk(name_or_path)
    file = validated(PdkFile, load_toml(path), path)
    pdk = _build(file, _level_count(file, levels, asked, path), path)
    for contradiction in contradictions(pdk):
        raise InputError(shown(path), contradiction, "figures that agree with one another")
    return pdk


def _level_count(file: PdkFile, levels: int | None, asked: str, path: Path) -> int:
    if levels is not None and (isinstance(levels, bool) or not isinstance(levels, int) or levels < 1):
        raise InputError(asked, repr(levels)[:60], "a whole number from 1")
    if file.repeat is None:
        names = [m.name for m in file.mask] + [v.name for v in file.level] + [v.name for v in file.via]
        repeating = [name for name in (*names, *(rule.name for rule in file.rule)) if "{n}" in name]
        if repeating:
            raise InputError(
                f"{shown(path)}: {repeating[0]}", "{n} without a key repeat", "repeat = { default, maximum }"
            )
        if levels not in (None, len(file.level)):
            raise InputError(asked, str(levels), f"{len(file.level)}, fixed by {file.name}")
        return len(file.level)
    default, most = file.repeat.default, file.repeat.maximum
    if default > most:
        raise InputError(f"{shown(path)}: repeat.default", str(default), f"at most the maximum, {most}")
    count = default if levels is None else levels
    if count > most:
        raise InputError(asked, str(count), f"at most {most} in {file.name}")
    return count


def _build(file: PdkFile, count: int, path: Path) -> Pdk:
    levels = [_level(table, n) for table in file.level for n in _times(table.name, count)]
    names = [level.name for level in levels]
    vias = [_via(table, n) for table in file.via for n in _times(table.name, count - 1)]
    masks = _masks(file.mask, count)
    _refuse_twins(path, "mask", [mask.name for mask in masks])
    _refuse_twins(path, "level", names)
    _refuse_twins(path, "via", [via.name for via in vias])
    _refuse_twins(path, "pad", [pad.name for pad in file.pad])
    _require_masks(path, masks, levels, vias)
    pads = {table.name: _pad(table, names, path, index) for index, table in enumerate(file.pad, 1)}
    outline = next((mask.name for mask in masks if mask.role is MaskRole.OUTLINE), None)
    if outline is None:
        raise InputError(f"{shown(path)}: mask", "no mask with role outline", "one")
    explicit = [rule for table in file.rule for rule in _rules(table, names, count)]
    rules = (*derived_rules(levels, vias, outline), *explicit)
    _refuse_twins(path, "rule", [rule.name for rule in rules])
    return Pdk(
        name=file.name,
        description=file.description,
        masks=masks,
        levels=tuple(levels),
        vias=tuple(vias),
        pads=pads,
        rules=rules,
        chord_error=to_nm(file.chord_error),
        source=file.source,
    )


def _times(name: str, count: int) -> range:
    """The numbers a block is written out for: 1..count when its name holds `{n}`, else once."""
    return range(1, count + 1) if "{n}" in name else range(1, 2)


def _filled(text: str, n: int) -> str:
    return text.replace("{n}", str(n)).replace("{n+1}", str(n + 1))


def _masks(tables: list[MaskTable], count: int) -> tuple[Mask, ...]:
    """Neighbouring repeating masks run in turn: RDL1, V1, RDL2, V2 …; a cut needs a level above, so it ends earlier."""
    masks: list[Mask] = []
    group: list[MaskTable] = []

    def close_group() -> None:
        for n in range(1, count + 1):
            masks.extend(_mask(table, n) for table in group if n < count or table.role != "cut")
        group.clear()

    for table in tables:
        if "{n}" in table.name:
            group.append(table)
            continue
        close_group()
        masks.append(_mask(table, 1))
    close_group()
    return tuple(replace(mask, order=order) for order, mask in enumerate(masks))


def _shade(color: str, n: int) -> str:
    """The colour of the n-th of repeated masks: the same lightness, another hue."""
    hue, lightness, saturation = hls_of(color)
    return color if n == 1 else color_of(hue + HUE_STEP * (n - 1), lightness, saturation)


def _mask(table: MaskTable, n: int) -> Mask:
    return Mask(
        name=_filled(table.name, n),
        layer=table.layer + (n - 1) * table.step,
        datatype=table.datatype,
        pin_datatype=table.pin_datatype,
        label_datatype=table.label_datatype,
        role=MaskRole(table.role),
        color=_shade(table.color.lower(), n),
        polarity=table.polarity,
        order=0,
        source=table.source,
    )


def _level(table: LevelTable, n: int) -> Level:
    d = table.density
    return Level(
        name=_filled(table.name, n),
        min_width=to_nm(table.min_width),
        min_spacing=to_nm(table.min_spacing),
        default_width=to_nm(table.default_width or table.min_width),
        default_spacing=to_nm(table.default_spacing or table.min_spacing),
        wide=tuple(WideSpacing(to_nm(w.width), to_nm(w.run_length), to_nm(w.spacing)) for w in table.wide),
        angles=table.angles,
        min_angle=table.min_angle,
        thickness=to_nm(table.thickness),
        edge_keepout=to_nm(table.edge_keepout),
        density=Density(to_nm(d.window), d.minimum, d.maximum) if d else None,
        source=table.source,
    )


def _via(table: ViaTable, n: int) -> ViaRule:
    return ViaRule(
        name=_filled(table.name, n),
        lower=_filled(table.lower, n),
        upper=_filled(table.upper, n),
        shape=ShapeKind(table.shape),
        cut=to_nm(table.cut),
        enclosure_lower=to_nm(table.enclosure_lower),
        enclosure_upper=to_nm(table.enclosure_upper),
        spacing=to_nm(table.spacing),
        stackable=table.stackable,
        source=table.source,
    )


def _pad(table: PadTable, levels: list[str], path: Path, index: int) -> PadStyle:
    level = _mask_name(table.level, levels)
    if level not in levels:
        raise InputError(
            f"{shown(path)}: pad[{index}].level", repr(table.level), f"first, last or one of {', '.join(levels)}"
        )
    shapes = [_shape(level, table.land)]
    shapes += [_shape(_mask_name(shape.mask, levels), shape) for shape in table.shapes]
    return PadStyle(table.name, TerminalKind(table.kind), level, tuple(shapes), table.source)


def _shape(mask: str, table: OutlineTable) -> PadShape:
    return PadShape(mask, ShapeKind(table.shape), to_nm(table.size[0]), to_nm(table.size[1]))


def _mask_name(name: str, levels: list[str]) -> str:
    """`first` and `last` stand for the level nearest the die and nearest the balls."""
    return {"first": levels[0], "last": levels[-1]}.get(name, name)


def _rules(table: RuleTable, levels: list[str], count: int) -> Iterator[Rule]:
    is_angle, is_area = table.kind is RuleKind.ANGLE, table.kind is RuleKind.AREA
    value = table.value if is_angle else table.value * 1e6 if is_area else to_nm(table.value)
    for n in _times(table.name, count):
        yield Rule(
            name=_filled(table.name, n),
            kind=table.kind,
            masks=tuple(_mask_name(_filled(mask, n), levels) for mask in table.masks),
            value=value,
            width=to_nm(table.width),
            run_length=to_nm(table.run_length),
            height=to_nm(table.height),
            minimum=table.minimum,
            maximum=table.maximum,
            source=table.source,
        )


def _refuse_twins(path: Path, what: str, names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InputError(f"{shown(path)}: {what}", f"the name {name} twice", "names that occur once")
        seen.add(name)


def _require_masks(path: Path, masks: tuple[Mask, ...], levels: list[Level], vias: list[ViaRule]) -> None:
    """Each level and via level has a mask of its own name."""
    roles = {mask.name: mask.role for mask in masks}
    needed = [(level.name, MaskRole.METAL) for level in levels] + [(via.name, MaskRole.CUT) for via in vias]
    for name, role in needed:
        if roles.get(name) is not role:
            raise InputError(f"{shown(path)}: mask", f"no {role.value} mask {name}", "a mask for each level and via")
