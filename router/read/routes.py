"""NAME.routes.json of a run → the layout that was written, as it fits its package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field, ValidatorFunctionWrapHandler, WrapValidator

from router.model.design import Design
from router.model.errors import InputError
from router.model.geometry import Points
from router.model.layout import Layout, Shape, Trace, Via
from router.model.units import LIMIT_UM, array_to_nm, text_place, to_nm
from router.read.fields import Length, LengthOrZero, Name, Number, PlaceUm, Strict
from router.read.jsonfile import load_json
from router.read.nearest import one_of
from router.read.textfile import quoted, shown
from router.read.tomlfile import validated


def _at_once(least: int) -> WrapValidator:
    """Takes lists of number pairs as arrays (n, 2), far faster than number by number, by which all else is judged."""

    def validate(value: Any, one_by_one: ValidatorFunctionWrapHandler) -> Any:
        try:
            plain = len(value) >= least and {type(number) for place in value for number in place} <= {int, float}
            array = np.array(value if plain else [], dtype=np.float64)
        except (TypeError, ValueError, OverflowError):
            return one_by_one(value)
        good = array.shape[1:] == (2,) and bool(np.all(np.abs(array) <= LIMIT_UM))
        return array if good else one_by_one(value)

    return WrapValidator(validate)


_Line = Annotated[list[PlaceUm], Field(min_length=1), _at_once(1)]
_Ring = Annotated[list[PlaceUm], Field(min_length=3), _at_once(3)]


class _Piece(Strict):
    id: Annotated[str, Field(min_length=1, max_length=300)]
    net: Name


class _Trace(_Piece):
    level: str
    width_um: Length
    points_um: _Line
    fixed: bool = False


class _Via(_Piece):
    via: str
    x_um: Number
    y_um: Number


class _Shape(_Piece):
    level: str
    role: Annotated[str, Field(min_length=1, max_length=60)]
    ring_um: _Ring


class _Routes(Strict):
    design: str
    pdk: str
    spread_added_um: LengthOrZero
    traces: list[_Trace]
    vias: list[_Via]
    shapes: list[_Shape]


def read_routes(path: Path, design: Design) -> Layout:
    """The traces, vias and shapes of a run, in the order of the file.

    Raises InputError for a file that cannot be read, that is of another package or process, that names nets, levels or
    vias which the package does not have, that holds an id twice, or metal with its middle outside the package.
    """
    routes = validated(_Routes, load_json(path, "JSON, as rdl route writes it"), path)
    for key, own in (("design", design.name), ("pdk", design.pdk.name)):
        if getattr(routes, key) != own:
            raise InputError(f"{shown(path)}: {key}", quoted(getattr(routes, key)), f"{own}, as the package says")
    nets = {net.name: index for index, net in enumerate(design.nets)}
    levels = {level.name: index for index, level in enumerate(design.pdk.levels)}
    rules = {rule.name: index for index, rule in enumerate(design.pdk.vias)}
    for where, piece in _pieces(routes, path):
        _require(piece.net, nets, f"{where}.net")
        if isinstance(piece, _Via):
            _require(piece.via, rules, f"{where}.via")
        elif isinstance(piece, _Trace | _Shape):
            _require(piece.level, levels, f"{where}.level")
    layout = Layout(
        tuple(
            Trace(nets[t.net], levels[t.level], to_nm(t.width_um), array_to_nm(t.points_um), t.fixed)
            for t in routes.traces
        ),
        tuple(Via(nets[v.net], rules[v.via], to_nm(v.x_um), to_nm(v.y_um)) for v in routes.vias),
        tuple(Shape(nets[s.net], levels[s.level], array_to_nm(s.ring_um), s.role) for s in routes.shapes),
        float(to_nm(routes.spread_added_um)),
    )
    _refuse_outside(layout, design, path)
    return layout


def _pieces(routes: _Routes, path: Path) -> Iterator[tuple[str, _Piece]]:
    """All pieces with where they stand. Raises InputError for an id that occurs twice."""
    name, seen = shown(path), set[str]()
    for key, pieces in (("traces", routes.traces), ("vias", routes.vias), ("shapes", routes.shapes)):
        for index, piece in enumerate(pieces, 1):
            where = f"{name}: {key}[{index}]"
            if piece.id in seen:
                raise InputError(f"{where}.id", f"{quoted(piece.id)} twice", "ids that occur once")
            seen.add(piece.id)
            yield where, piece


def _require(name: str, known: dict[str, int], where: str) -> None:
    if name not in known:
        raise InputError(where, quoted(name), one_of(name, known))


def _refuse_outside(layout: Layout, design: Design, path: Path) -> None:
    low, high = np.array([design.outline.x0, design.outline.y0]), np.array([design.outline.x1, design.outline.y1])
    placed: dict[str, list[Points]] = {
        "traces": [trace.points for trace in layout.traces],
        "vias": [np.array([[via.x, via.y] for via in layout.vias], dtype=np.int64)] if layout.vias else [],
        "shapes": [shape.ring for shape in layout.shapes],
    }
    for key, lines in placed.items():
        places = np.concatenate(lines) if lines else np.zeros((0, 2), np.int64)
        outside = np.flatnonzero(np.any((places < low) | (places > high), axis=1))
        if len(outside):
            found = f"metal at {text_place(*places[outside[0]].tolist())}"
            raise InputError(f"{shown(path)}: {key}", found, "metal within the package's outline")
