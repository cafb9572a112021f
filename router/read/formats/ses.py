"""The routes of Specctra session files (SES), as routers hand them back."""

from __future__ import annotations

from collections.abc import Mapping

from router.model.design import Design
from router.model.layout import Layout, Trace, Via
from router.read.formats.dsn_shapes import apart
from router.read.formats.dsn_tokens import Entry, Scope, Specctra, unit_of
from router.read.numbers import count_of
from router.read.textfile import quoted

_MOST_STEPS = 1_000_000_000


def session_layout(file: Specctra, design: Design) -> Layout:
    """Traces and vias of a session for the nets of a package, by name. Raises InputError for what is none, and for
    nets, levels and vias that the package does not have."""
    routes = next(file.root.entries("routes"), None) if file.root.word == "session" else None
    if routes is None:
        raise file.fault(file.root, f"({file.root.word} …) with no routes", "(session … (routes …))")
    scope = _steps(file, routes)
    nets = {net.name: index for index, net in enumerate(design.nets)}
    levels = {level.name: index for index, level in enumerate(design.pdk.levels)}
    rules = {rule.name: index for index, rule in enumerate(design.pdk.vias)}
    traces: list[Trace] = []
    vias: list[Via] = []
    for out in routes.entries("network_out"):
        for entry in out.entries("net"):
            net = _known(file, entry, "net", nets)
            for wire in entry.entries("wire"):
                traces += (_trace(scope, net, path, levels) for path in wire.entries("path"))
            for via in entry.entries("via"):
                vias += (Via(net, _known(file, via, "via", rules), *place) for place in scope.points(via, 2).tolist())
    return Layout(tuple(traces), tuple(vias))


def _steps(file: Specctra, routes: Entry) -> Scope:
    """Sessions count in steps of their resolution."""
    for entry in routes.entries("resolution"):
        unit = unit_of(file, entry)
        word = file.text_at(entry, 2, "steps in a unit")
        steps = count_of(word, _MOST_STEPS)
        if not steps:
            raise file.fault(entry, quoted(word), "a number of steps in a unit")
        return Scope(file, unit.um / steps)
    raise file.fault(routes, "routes without a resolution", "(resolution um 10)")


def _trace(scope: Scope, net: int, path: Entry, levels: Mapping[str, int]) -> Trace:
    """Of `(path LEVEL WIDTH x y x y …)`, without points that repeat."""
    level = _known(scope.file, path, "level", levels)
    return Trace(net, level, scope.length(path, 2, "a width"), apart(scope.points(path, 3)))


def _known(file: Specctra, entry: Entry, what: str, known: Mapping[str, int]) -> int:
    name = file.text_at(entry, 1, f"a {what}")
    if name not in known:
        raise file.fault(entry, f"the {what} {quoted(name)}", f"a {what} of the package")
    return known[name]
