"""The routes of a Specctra session file (SES), as other routers hand them back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from router.model.design import Design
from router.model.layout import Layout, Trace, Via

_TOKEN = re.compile(r'"[^"]*"|[()]|[^\s()"]+')
_UNITS_NM = {"um": 1e3, "mm": 1e6, "mil": 25.4e3, "inch": 25.4e6, "cm": 1e7}


def parse(text: str) -> list[Any]:
    """The nested lists of a Specctra file. Raises ValueError when brackets do not match."""
    # The quote is a bracket of its own only in this one clause.
    text = re.sub(r'\(string_quote\s+"\)', "", text)
    stack: list[list[Any]] = [[]]
    for token in _TOKEN.findall(text):
        if token == "(":
            stack.append([])
        elif token == ")":
            if len(stack) == 1:
                raise ValueError("a bracket closes that was never opened")
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append(token.strip('"'))
    if len(stack) != 1:
        raise ValueError("a bracket is never closed")
    return stack[0]


def layout_of(text: str, design: Design) -> Layout:
    """Traces and vias of a session for the nets N0, N1 … of `dsn.dsn_text`. Raises ValueError when it is none."""
    sessions = [entry for entry in parse(text) if entry and entry[0] == "session"]
    routes = next((part for entry in sessions for part in _named(entry, "routes")), None)
    if routes is None:
        raise ValueError("no routes")
    _, unit, count = next(_named(routes, "resolution"))
    step = _UNITS_NM[unit] / float(count)
    levels = {level.name: index for index, level in enumerate(design.pdk.levels)}
    rules = {rule.name: index for index, rule in enumerate(design.pdk.vias)}
    traces: list[Trace] = []
    vias: list[Via] = []
    for out in _named(routes, "network_out"):
        for net in _named(out, "net"):
            number = int(net[1].removeprefix("N"))
            for wire in _named(net, "wire"):
                traces += (_trace(number, path, levels, step) for path in _named(wire, "path"))
            vias += (Via(number, rules[via[1]], *_places(via[2:4], step)[0]) for via in _named(net, "via"))
    return Layout(tuple(traces), tuple(vias))


def _trace(net: int, path: list[Any], levels: dict[str, int], step: float) -> Trace:
    """Of `(path LEVEL WIDTH x y x y …)`, without points that repeat."""
    places = _places(path[3:], step)
    points = places[:1] + [b for a, b in pairwise(places) if a != b]
    return Trace(net, levels[path[1]], round(float(path[2]) * step), np.array(points, dtype=np.int64))


def _places(numbers: list[str], step: float) -> list[tuple[int, int]]:
    values = [round(float(number) * step) for number in numbers]
    return list(zip(values[::2], values[1::2], strict=True))


def _named(entry: list[Any], name: str) -> Iterator[list[Any]]:
    return (part for part in entry if isinstance(part, list) and part and part[0] == name)
