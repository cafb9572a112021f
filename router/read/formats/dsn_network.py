"""Nets and net classes of Specctra design files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from router.model.draft import DEFAULT_CLASS, DraftClass
from router.model.units import text_um
from router.read.formats.dsn_library import Layers
from router.read.formats.dsn_notes import Notes
from router.read.formats.dsn_parts import Placed
from router.read.formats.dsn_tokens import Entry, Scope
from router.read.formats.names import Names
from router.read.textfile import quoted

_PINS = ("pins", "order", "comp_order", "fromto", "source", "load", "terminator")
_NET = (*_PINS, "rule", "type", "net_number", "property", "unit", "resolution")
_NETWORK = ("net", "class", "unit", "resolution")
_CLASS = ("circuit", "rule", "layer_rule", "unit", "resolution", "property")


@dataclass(slots=True)
class Rules:
    """Widths and clearances in nm by layer name, `""` standing for all layers."""

    widths: dict[str, int] = field(default_factory=dict)
    spacings: dict[str, int] = field(default_factory=dict)

    def read(self, scope: Scope, holder: Entry, layer: str, notes: Notes) -> None:
        """Take over every `(rule …)` of an entry; a later figure replaces an earlier one."""
        for rule in holder.entries("rule"):
            for entry in rule.entries():
                kind = {"width": self.widths, "clearance": self.spacings}.get(entry.word)
                if kind is None:
                    notes.skip("a rule", [entry], ())
                elif any(True for _ in entry.entries("type")):
                    pair = " ".join(word for part in entry.entries("type") for word in scope.file.texts(part))
                    notes.lose("clearances between kinds of things", pair)
                elif (value := scope.length(entry, 1, "a length")) > 0:
                    kind[layer] = value
                elif value < 0:
                    raise scope.file.fault(entry, text_um(value), "no negative length")

    def over(self, below: Rules) -> Rules:
        """These figures, and those of `below` where there are none here."""
        return Rules({**below.widths, **self.widths}, {**below.spacings, **self.spacings})

    def on_layers(self, layers: Sequence[str]) -> tuple[dict[str, int], dict[str, int]]:
        """Widths and spacings: one figure for all layers, or one for each of them where any differs."""
        return _spread(self.widths, layers), _spread(self.spacings, layers)


@dataclass(slots=True)
class Network:
    """The net of each pin by component and pin; net names as ours, and the rules of nets by themselves."""

    of_pins: dict[str, dict[str, str]]
    names: Names
    rules: dict[str, Rules]


def read_nets(scope: Scope, network: Entry, placed: Sequence[Placed], notes: Notes) -> Network:
    """Who is joined to whom; a net may come in several parts. Raises InputError for pins that do not exist, or that
    belong to two nets."""
    pins = _by_reference(placed)
    found = Network({}, Names("net"), {})
    notes.skip("the network", network.entries(), _NETWORK)
    for entry in network.entries("net"):
        name = scope.file.text_at(entry, 1, "a name")
        net = found.names.of(name)
        for part in entry.entries(*_PINS):
            if part.word in ("order", "comp_order", "fromto"):
                notes.lose("orders in which nets visit their pins", name)
            for word in scope.file.texts(part):
                if word not in pins:
                    raise scope.file.fault(part, f"the pin {quoted(word)}", "component-pin, of a placed component")
                component, pin = pins[word]
                taken = found.of_pins.setdefault(component, {}).setdefault(pin, net)
                if taken != net:
                    raise scope.file.fault(part, f"{quoted(word)} in the nets {taken} and {net}", "one net")
        notes.skip("a net", entry.entries(), _NET)
        rules = Rules()
        rules.read(scope.within(entry), entry, "", notes)
        if rules.widths or rules.spacings:
            found.rules[name] = rules
    return found


@dataclass(slots=True)
class _Class:
    name: str
    members: list[str]
    rules: Rules
    on: tuple[str, ...] = ()


def read_classes(
    scope: Scope, network: Entry, nets: Network, common: Rules, layers: Layers, notes: Notes
) -> list[DraftClass]:
    """Classes with their figures, those of single nets first; figures that a class has not are the structure's.

    Raises InputError for nets that do not exist.
    """
    known = dict.fromkeys(scope.file.text_at(entry, 1, "a name") for entry in network.entries("net"))
    listed = [_class(scope, entry, common, layers, notes) for entry in network.entries("class")]
    for entry, made in zip(network.entries("class"), listed, strict=True):
        for member in made.members:
            if member not in known:
                raise scope.file.fault(entry, f"the net {quoted(member)}", "a net of the network")
    first: dict[str, _Class] = {}
    for made in listed:
        for member in made.members:
            first.setdefault(member, made)
    single = []
    for net, rules in nets.rules.items():
        above = first.get(net, _Class("", [], common))
        single.append(_Class(f"net_{net}", [net], rules.over(above.rules), above.on))
    rests = (made for made in listed if made.name == DEFAULT_CLASS and _takes_the_rest(made, first, known))
    default = next(rests, None)
    if default is None:
        default = _Class(DEFAULT_CLASS, [], common)
    names = Names("class")
    names.of(DEFAULT_CLASS)
    drafts = [
        DraftClass(
            names.of(made.name if made.name != DEFAULT_CLASS else "default_nets"),
            tuple(nets.names.of(member) for member in made.members),
            *made.rules.on_layers(layers.signal),
            made.on,
        )
        for made in (*single, *(made for made in listed if made is not default and made.members))
    ]
    rest = tuple(nets.names.of(net) for net in known if first.get(net, default) is default and net not in nets.rules)
    if rest and (default.rules.widths or default.rules.spacings or default.on):
        drafts.append(DraftClass(DEFAULT_CLASS, rest, *default.rules.on_layers(layers.signal), default.on))
    return drafts


def _takes_the_rest(made: _Class, first: Mapping[str, _Class], known: Mapping[str, None]) -> bool:
    """Whether a class holds all nets that no other one does, as `default` does in a package file."""
    return all(first.get(net) is made for net in known if net not in first or net in made.members)


def _class(scope: Scope, entry: Entry, common: Rules, layers: Layers, notes: Notes) -> _Class:
    rules, on = _class_rules(scope.within(entry), entry, layers, notes)
    members = list(dict.fromkeys(word for word in scope.file.texts(entry, 2) if word))
    return _Class(scope.file.text_at(entry, 1, "a name"), members, rules.over(common), on)


def _class_rules(scope: Scope, entry: Entry, layers: Layers, notes: Notes) -> tuple[Rules, tuple[str, ...]]:
    """Figures of a class, and the layers it may use (none: all)."""
    rules = Rules()
    rules.read(scope, entry, "", notes)
    for part in entry.entries("layer_rule"):
        for word in scope.file.texts(part):
            for layer in layers.find(scope.file, part, word):
                rules.read(scope, part, layers.signal[layer], notes)
    used: dict[str, None] = {}
    for circuit in entry.entries("circuit"):
        for part in circuit.entries("use_layer"):
            for word in scope.file.texts(part):
                used |= {layers.signal[layer]: None for layer in layers.find(scope.file, part, word)}
        notes.skip("a circuit", circuit.entries(), ("use_layer", "use_via"))
    notes.skip("a class", entry.entries(), _CLASS)
    return rules, tuple(used) if len(used) < len(layers.signal) else ()


def _by_reference(placed: Sequence[Placed]) -> Mapping[str, tuple[str, str]]:
    """Pins by the word that nets call them by, `component-pin`; words that could mean two pins mean none."""
    found: dict[str, tuple[str, str]] = {}
    twice: set[str] = set()
    for part in placed:
        for pin in part.image.pins:
            word = f"{part.name}-{pin.name}"
            if word in found:
                twice.add(word)
            found[word] = (part.name, pin.name)
    for word in twice:
        del found[word]
    return found


def _spread(figures: Mapping[str, int], layers: Sequence[str]) -> dict[str, int]:
    """One figure for all layers, or where they differ one for each layer that has any."""
    each = {layer: figures.get(layer, figures.get("")) for layer in layers}
    if len(set(each.values())) == 1:
        each = {"": each[layers[0]]}
    return {layer: value for layer, value in each.items() if value is not None}
