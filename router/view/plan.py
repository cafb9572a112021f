"""What planning found, as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SHOWN = 3
_NAMES = 8


def plan_text(facts: Mapping[str, Any]) -> str:
    """A table of the fullest cuts of each family, the fewest levels that will do, warnings, and the witness."""
    levels = facts["levels"]
    rows = [("cut", "nets", "landing", *levels, "full", "where, µm")]
    for family, cuts in facts["fullest"].items():
        for cut in cuts[:_SHOWN]:
            tracks = (str(cut["tracks"][level]) for level in levels)
            rows.append((family, str(cut["nets"]), str(cut["landing_nets"]), *tracks, percent(cut), where(cut)))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [f"{facts['design']} in {facts['pdk']}: {facts['nets']} nets, {facts['cuts']} cuts"]
    if facts["balls"]["chosen"]:
        lines.append("balls: {chosen} chosen, {fixed} fixed".format(**facts["balls"]))
    for row in rows if facts["fullest"] else []:
        middle = (f"{cell:>{width}}" for cell, width in zip(row[1:-1], widths[1:-1], strict=True))
        lines.append("  ".join([row[0].ljust(widths[0]), *middle, row[-1]]))
    if facts["crowded"]:
        lines.append(f"most crowded: {_crowded_line(facts['crowded'])}")
    if facts["covered"]:
        lines.append(f"most covered: {_covered_line(facts['covered'])}")
    count, given = facts["least_levels"], f"here the process has {len(levels)}"
    asked = (
        "no number of levels like these will do"
        if count is None
        else f"levels needed by cuts and lands: {count} or more"
    )
    lines.append(f"{asked}; {given}")
    lines += [f"warning: {warning}" for warning in facts["warnings"]]
    if facts["witness"]:
        lines += [f"HOPELESS: {witness_text(facts['witness'])}", *_names(facts["witness"])]
    return "\n".join(lines)


def _crowded_line(place: Mapping[str, Any]) -> str:
    """The most crowded place, and what it means."""
    x0, y0, x1, y1 = place["box_um"]
    line = f"straight ways take {100 * place['share']:.1f} % of the room for traces"
    return f"{line} in ({x0:g}, {y0:g}) to ({x1:g}, {y1:g})"


def full_warning(cut: Mapping[str, Any]) -> str:
    """Of a package that is hardly complete on its levels, its fullest cut."""
    line = f"the {cut['family']} {where(cut)} µm is {percent(cut)} full"
    return f"{line}: most packages with a cut as full as that need another level to be complete"


def crowded_warning(place: Mapping[str, Any]) -> str:
    """Of a package that is hardly complete on its levels, though no cut may say so, its most crowded place."""
    return f"{_crowded_line(place)}: most packages as crowded as that need another level to be complete"


def _covered_line(cut: Mapping[str, Any]) -> str:
    """The ring that is fullest of nets whose lands have no room for a cut, and what that means."""
    (level,) = cut["levels"]
    line = f"{cut['nets']} nets across the {cut['family']} {where(cut)} µm have lands in which no cut has room"
    return f"{line}, as lands of others lie over them or below; they take {percent(cut)} of {level}"


def covered_warning(cut: Mapping[str, Any]) -> str:
    """Of a package that is hardly complete on its levels, though no cut may say so, its most covered ring."""
    return f"{_covered_line(cut)}: most packages with as many need another level to be complete"


def percent(cut: Mapping[str, Any]) -> str:
    """How full a cut is."""
    return "no track" if cut["utilisation"] is None else f"{100 * cut['utilisation']:.1f} %"


def where(cut: Mapping[str, Any]) -> str:
    """A straight line as x = or y =, else the sides that lie within the package."""
    sides = cut["sides_um"]
    if len(sides) == 1:
        x0, y0, x1, _ = sides[0]
        return f"x = {x0:g}" if x0 == x1 else f"y = {y0:g}"
    xs, ys = [v for s in sides for v in s[::2]], [v for s in sides for v in s[1::2]]
    return f"({min(xs):g}, {min(ys):g}) to ({max(xs):g}, {max(ys):g})"


def witness_text(cut: Mapping[str, Any]) -> str:
    """One sentence: how many nets, how many tracks, where, and whether that is a proof."""
    tracks = ", ".join(f"{cut['tracks'][level]} on {level}" for level in cut["levels"])
    line = f"{cut['nets']} nets must cross the {cut['family']} {where(cut)} µm"
    if not cut["proof"]:
        line += f" and {cut['landing_nets']} end on it"
    line += f", {cut['room']:g} tracks pass ({tracks})"
    if cut["proof"] and cut["need"] > cut["nets"]:
        line += f", and with their widths the nets take {cut['need']:g}"
    return line + ("" if cut["proof"] else f"; {percent(cut)} full is no proof, but beyond what can be hoped for")


def _names(cut: Mapping[str, Any]) -> list[str]:
    names, total = cut["net_names"][:_NAMES], cut["nets"]
    return [f"nets that must cross: {', '.join(names)}" + (f" … {total - len(names)} more" * (total > len(names)))]
