"""Pins of a component as a package file holds them: a list, or a table of their own."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from router.model.draft import DraftPin
from router.model.units import decimal_um, to_um
from router.write.package_process import ChosenPad
from router.write.package_text import string


def size_um(pad: ChosenPad) -> str:
    """A size as a package file holds it: one number where both sides are equal."""
    return decimal_um(pad.width) if pad.width == pad.height else f"[{decimal_um(pad.width)}, {decimal_um(pad.height)}]"


def pin_table(pins: Sequence[DraftPin], pads: Mapping[str, ChosenPad]) -> str:
    """A CSV table: pin, x_um, y_um, net; and a style and a size where they differ between pins."""
    styles = len({pad.style.name for pad in pads.values()}) > 1
    sizes = len({(pad.width, pad.height) for pad in pads.values()}) > 1 or styles
    more = {
        key: ((pad.style.name,) if styles else ()) + ((decimal_um(pad.width), decimal_um(pad.height)) if sizes else ())
        for key, pad in pads.items()
    }
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    head = ("pin", "x_um", "y_um", "net")
    rows.writerow((*head, *(("style",) if styles else ()), *(("width_um", "height_um") if sizes else ())))
    # Ten digits hold every nanometre of a metre, and are written several times faster than piece by piece.
    rows.writerows((p.name, f"{to_um(p.x):.10g}", f"{to_um(p.y):.10g}", p.net, *more[p.pad]) for p in pins)
    return text.getvalue()


def pin_list(pins: Sequence[DraftPin], pads: Mapping[str, ChosenPad], usual: ChosenPad) -> Iterator[str]:
    """`pin = […]`, one line a pin; with its style and size where they are not the component's."""
    uniform = all(pad == usual for pad in pads.values())
    yield "pin = ["
    for pin in pins:
        pad = pads[pin.pad]
        keys = [f"name = {string(pin.name)}", f"x = {decimal_um(pin.x)}", f"y = {decimal_um(pin.y)}"]
        if pin.net:
            keys.append(f"net = {string(pin.net)}")
        if not uniform:
            keys += [f"pad = {string(pad.style.name)}", f"pad_size = {size_um(pad)}"]
        yield f"  {{ {', '.join(keys)} }},"
    yield "]"
