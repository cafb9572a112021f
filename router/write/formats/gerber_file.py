"""One Gerber file: apertures, draws, flashes and regions, with X2 attributes, in integer nanometres.

Format: Gerber Layer Format Specification, revision 2023.08. Written here, since the libraries that write Gerber know no
names of nets (attribute .N) and take lengths as floating point.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator

from router.model.geometry import Points
from router.model.pdk import PadShape, ShapeKind

_NM_PER_MM = 1_000_000
_RESERVED = re.compile(r"[%*,\\]")
_AS_IT_IS = {ShapeKind.RECT: "R", ShapeKind.OBLONG: "O"}


class GerberFile:
    """What is drawn on one mask, kept by net and pin until `text` is asked for. All coordinates and sizes in nm."""

    def __init__(self, function: str, project: str, *, negative: bool = False) -> None:
        self._head = [
            f"G04 {field(project)}, seen from the ball side, which is the top*",
            "%TF.GenerationSoftware,rdl-router,rdl*%",
            f"%TF.SameCoordinates,{field(project)}*%",
            f"%TF.FileFunction,{function}*%",
            f"%TF.FilePolarity,{'Negative' if negative else 'Positive'}*%",
            *("%FSLAX46Y46*%", "%MOMM*%", "%LPD*%", "G75*", "G01*"),
        ]
        self._apertures: dict[tuple[str, str], int] = {}
        # Commands by aperture, or by a region's function, by what the object is, by net.
        self._objects: dict[str, dict[str, dict[int | str, list[str]]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(list))
        )

    @property
    def empty(self) -> bool:
        return not self._objects

    def draw(self, points: Points, width: int, function: str, net: str = "", part: str = "") -> None:
        """A line of `width` with round ends along `points` (n, 2), n ≥ 1; `part` names a component."""
        x, y = points[0].tolist()
        commands = [f"X{x}Y{y}D0{2 if len(points) > 1 else 3}*"]
        commands += [f"X{x}Y{y}D01*" for x, y in points[1:].tolist()]
        attribute = f"%TO.C,{field(part)}*%" if part else ""
        self._objects[net][attribute][self._aperture(f"C,{_mm(width)}", function)] += commands

    def fill(self, ring: Points, function: str, net: str) -> None:
        """The area inside a ring (n, 2)."""
        x, y = ring[-1].tolist()
        contour = [f"X{x}Y{y}D02*", *(f"X{x}Y{y}D01*" for x, y in ring.tolist())]
        self._objects[net][""][function] += ["G36*", *contour, "G37*"]

    def flash(self, shape: PadShape, at: tuple[int, int], function: str, net: str = "", pin: str = "") -> None:
        """A shape about `at`; `pin` is `component.pin`."""
        component, _, name = pin.partition(".")
        attribute = f"%TO.P,{field(component)},{field(name)}*%" if pin else ""
        command = f"X{at[0]}Y{at[1]}D03*"
        self._objects[net][attribute][self._aperture(_template(shape), function)].append(command)

    def text(self) -> str:
        """The whole file, the objects of a net together."""
        return "\n".join([*self._head, *self._definitions(), *self._body(), "M02*"]) + "\n"

    def _aperture(self, template: str, function: str) -> int:
        return self._apertures.setdefault((template, function), 10 + len(self._apertures))

    def _definitions(self) -> Iterator[str]:
        for (template, function), number in self._apertures.items():
            if function:
                yield f"%TA.AperFunction,{function}*%"
            yield f"%ADD{number}{template}*%"
            if function:
                yield "%TD*%"

    def _body(self) -> Iterator[str]:
        selected: int | str = 0
        for net, by_attribute in self._objects.items():
            if net:
                yield f"%TO.N,{field(net)}*%"
            for attribute, by_aperture in by_attribute.items():
                if attribute:
                    yield attribute
                for aperture, commands in by_aperture.items():
                    if isinstance(aperture, str):
                        yield from (f"%TA.AperFunction,{aperture}*%", *commands, "%TD.AperFunction*%")
                        continue
                    if aperture != selected:
                        selected = aperture
                        yield f"D{aperture}*"
                    yield from commands
            if net or any(by_attribute):
                yield "%TD*%"


def field(text: str) -> str:
    """Text as a field of an attribute, without the characters that mean something there."""
    return _RESERVED.sub(lambda found: f"\\u{ord(found[0]):04X}", text)


def _mm(nm: int) -> str:
    whole, rest = divmod(nm, _NM_PER_MM)
    return f"{whole}.{rest:06}"


def _template(shape: PadShape) -> str:
    if shape.shape in _AS_IT_IS and shape.width != shape.height:
        return f"{_AS_IT_IS[shape.shape]},{_mm(shape.width)}X{_mm(shape.height)}"
    if shape.shape is ShapeKind.RECT:
        return f"R,{_mm(shape.width)}X{_mm(shape.height)}"
    if shape.shape is ShapeKind.OCTAGON:
        return f"P,{shape.width / math.cos(math.pi / 8) / _NM_PER_MM:.9f}X8X22.5"
    return f"C,{_mm(shape.width)}"
