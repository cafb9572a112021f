"""YAML files of 3Dblox as trees of plain values that know their lines.

Made of the parser's events (PyYAML, safe loader), without recursion and without its constructor: no anchors, no keys
twice, a bounded depth. `#!define NAME VALUE` replaces NAME by VALUE in the lines below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from router.model.errors import InputError
from router.model.units import LIMIT_UM, to_nm
from router.read.numbers import number_of
from router.read.textfile import quoted, read_text, shown

_BYTE_LIMIT = 1_000_000
_DEPTH_LIMIT = 20
_EVENT_LIMIT = 200_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOTHING = ("", "~", "null", "Null", "NULL")


@dataclass(slots=True)
class Node:
    """A value of a file: text, a list or a mapping (the others are None). `where` is `file:line`."""

    where: str
    text: str | None = None
    items: list[Node] | None = None
    keys: dict[str, Node] | None = None
    key_lines: dict[str, str] = field(default_factory=dict)

    @property
    def is_nothing(self) -> bool:
        return self.text in _NOTHING

    def mapping(self, what: str) -> dict[str, Node]:
        """Its keys; none where the value is left out. Raises InputError for anything else."""
        if self.keys is None and not self.is_nothing:
            raise InputError(self.where, self._shown(), f"{what}: a mapping of keys")
        return self.keys or {}

    def get(self, key: str, what: str) -> Node | None:
        """The value of a key, None where it is left out. Raises InputError where this is no mapping."""
        found = self.mapping(what).get(key)
        return None if found is None or found.is_nothing else found

    def need(self, key: str, what: str) -> Node:
        """The value of a key. Raises InputError where it is missing."""
        found = self.get(key, what)
        if found is None:
            raise InputError(self.where, f"{what} without {key}", key)
        return found

    def word(self, what: str) -> str:
        """One word. Raises InputError for anything else, which says `what` was wanted."""
        if self.text is None:
            raise InputError(self.where, self._shown(), f"{what}: one word")
        return self.text

    def sequence(self, what: str) -> list[Node]:
        """Its entries; a word alone stands for a list of one. Raises InputError for a mapping."""
        if self.items is not None:
            return self.items
        if self.text is not None:
            return [] if self.is_nothing else [self]
        raise InputError(self.where, self._shown(), f"{what}: a list")

    def number(self, what: str) -> float:
        """A finite number. Raises InputError for what is none."""
        text = self.word(what)
        value = number_of(text)
        if not abs(value) <= LIMIT_UM:
            raise InputError(self.where, quoted(text), f"{what}: a number up to {LIMIT_UM:g}")
        return value

    def length(self, what: str, um: float) -> int:
        """A length in units of `um` µm, in nm. Raises InputError for anything else, or more than a metre."""
        try:
            return to_nm(self.number(what) * um)
        except ValueError:
            raise InputError(self.where, quoted(self.text), f"{what}: a length up to one metre") from None

    def lengths(self, what: str, um: float, count: int) -> list[int]:
        """A list of so many lengths, in nm."""
        items = self.sequence(what)
        if len(items) != count:
            raise InputError(self.where, f"{len(items)} values", f"{what}: {count} of them")
        return [item.length(what, um) for item in items]

    def _shown(self) -> str:
        if self.text is not None:
            return quoted(self.text)
        return f"a list of {len(self.items)}" if self.items is not None else f"a mapping of {len(self.keys or {})}"


def read_yaml(path: Path) -> Node:
    """The file as a tree. Raises InputError with the line for what is no YAML, or YAML that could be a trap."""
    name = shown(path)
    text = _defined(read_text(path, _BYTE_LIMIT), name)
    try:
        return _tree(yaml.parse(text, Loader=_LOADER), name)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:{mark.line + 1}" if mark else name
        problem = getattr(error, "problem", None) or "a character that no YAML holds"
        raise InputError(where, f"a syntax error: {str(problem)[:120]}", "YAML") from None


def _tree(events: Iterator[yaml.Event], name: str) -> Node:
    top = Node(name, items=[])
    open_nodes: list[Node] = [top]
    keys: list[tuple[str, str] | None] = [None]
    for count, event in enumerate(events):
        where = f"{name}:{event.start_mark.line + 1 if event.start_mark else 1}"
        if count > _EVENT_LIMIT or len(open_nodes) > _DEPTH_LIMIT:
            raise InputError(where, f"more than {_EVENT_LIMIT} values, or {_DEPTH_LIMIT} levels", "a smaller file")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise InputError(where, "an anchor or an alias", "plain values")
        if isinstance(event, yaml.ScalarEvent):
            if open_nodes[-1].keys is not None and keys[-1] is None:
                keys[-1] = (event.value, where)
                continue
            _put(open_nodes[-1], keys, Node(where, text=event.value))
        elif isinstance(event, yaml.CollectionStartEvent):
            if open_nodes[-1].keys is not None and keys[-1] is None:
                raise InputError(where, "a key that is no word", "a word")
            node = Node(where, keys={}) if isinstance(event, yaml.MappingStartEvent) else Node(where, items=[])
            _put(open_nodes[-1], keys, node)
            open_nodes.append(node)
            keys.append(None)
        elif isinstance(event, yaml.CollectionEndEvent):
            open_nodes.pop()
            keys.pop()
        elif isinstance(event, yaml.DocumentStartEvent) and top.items:
            raise InputError(where, "a second document", "one")
    return top.items[0] if top.items else Node(f"{name}:1", text="")


def _put(parent: Node, keys: Sequence[tuple[str, str] | None], node: Node) -> None:
    """Add a value to the node it stands in. Raises InputError for a key that is there already."""
    if parent.items is not None:
        parent.items.append(node)
        return
    assert parent.keys is not None and keys[-1] is not None
    key, where = keys[-1]
    if key in parent.keys:
        raise InputError(where, f"the key {quoted(key)} twice", "each key once")
    parent.keys[key] = node
    parent.key_lines[key] = where
    keys[-1] = None  # type: ignore[index]


def _defined(text: str, name: str) -> str:
    """The text with its definitions put in, line by line; lines keep their numbers."""
    if "#!define" not in text:
        return text
    defines: dict[str, str] = {}
    lines: list[str] = []
    size = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("#!define"):
            words = line.split(maxsplit=2)
            if len(words) == 3:
                defines[words[1]] = words[2].strip()
            lines.append("")
            continue
        for word, value in defines.items():
            line = line.replace(word, value)  # noqa: PLW2901
            if size + len(line) > 2 * _BYTE_LIMIT:
                raise InputError(f"{name}:{number}", "definitions that make the file huge", "a smaller file")
        size += len(line)
        lines.append(line)
    return "\n".join(lines)
