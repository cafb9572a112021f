"""A process → DRC deck in KLayout's language: how each kind of rule is checked, then a line for each mask and rule."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from router.model.pdk import EXTENTS, Pdk, Rule, RuleKind
from router.write.measure import rule_text

_HEADER = """\
# Design rules of the process {title}
#
#   klayout -b -r FILE.drc -rd input=LAYOUT.gds -rd report=MARKERS.lyrdb
#
# Without `input` the deck checks the layout that is open, and shows its markers.

$input ? source($input) : source
$report ? report({name}, $report) : report({name})

"""


def drc_deck(pdk: Pdk) -> str:
    """The text of a .drc file. Categories of its report are the names of the rules."""
    lines = [_HEADER.format(title=title(pdk), name=quoted(pdk.name))]
    lines += [library("layout.rb"), library("rules.rb"), "\n", *_descriptions(pdk)]
    lines += ["\n# --- masks: name, layer, datatype, role ", "-" * 80, "\n\n", *masks(pdk)]
    lines.append("\nrequire_shapes(@masks.values)\n")
    lines += [
        "\n# --- rules; lengths in nm, areas in nm² ",
        "-" * 80,
        "\n\n",
        *(_check(rule, pdk) for rule in pdk.rules),
    ]
    return "".join([*lines, '\nputs "design rules: #{@marks.to_i} marks"\n'])


def title(pdk: Pdk) -> str:
    """Name and description of a process on one line, without what ends a line or has no place in XML."""
    plain = (character if character.isprintable() else " " for character in pdk.description)
    return f"{pdk.name}: {' '.join(''.join(plain).split())}"


def library(name: str) -> str:
    """The text of a Ruby file of this folder."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def masks(pdk: Pdk, *, with_labels: bool = False) -> Iterator[str]:
    """A line that declares each mask, in the order of the process."""
    for mask in sorted(pdk.masks, key=lambda mask: mask.order):
        labels = f", {mask.label_datatype}" if with_labels else ""
        yield f"mask {quoted(mask.name)}, {mask.layer}, {mask.datatype}, :{mask.role.value}{labels}\n"


def quoted(text: str) -> str:
    """A Ruby string, without interpolation."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _descriptions(pdk: Pdk) -> Iterator[str]:
    yield "@descriptions = {\n"
    for rule in pdk.rules:
        yield f"  {quoted(rule.name)} => {quoted(rule_text(rule))},\n"
    yield "}\n"


def _check(rule: Rule, pdk: Pdk) -> str:
    figures: tuple[float, ...] = (rule.value,)
    if rule.kind is RuleKind.WIDE_SPACE:
        figures = (rule.value, rule.width, rule.run_length)
    elif rule.kind in EXTENTS:
        figures = (rule.value, rule.height)
    elif rule.kind is RuleKind.DENSITY:
        figures = (rule.value, rule.minimum, rule.maximum)
    names = [quoted(name) for name in (rule.name, *rule.masks)]
    outline = [quoted(pdk.outline_mask.name)] if rule.kind is RuleKind.DENSITY else []
    return f"check_{rule.kind.value} {', '.join([*names, *map(_number, figures), *outline])}\n"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))
