"""A routed package → the files of other tools: one module a format, and the formats by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from router.model.design import Design
from router.model.layout import Layout
from router.write.formats import aif, bumps, def_, dsn, gerber, ses, spice, svg


@dataclass(frozen=True, slots=True)
class Writer:
    """`text` gives the file, or for a format of several files (`ending` is empty) their texts by file name. `lost` says
    in sentences what the format does not carry; it is computed where that depends on the package. `layered`: levels
    stand in it by name, so that another tool's names may serve."""

    ending: str
    text: Callable[[Design, Layout], str | Mapping[str, str]]
    lost: tuple[str, ...] | Callable[[Design, Layout], tuple[str, ...]]
    layered: bool = False

    def losses(self, design: Design, layout: Layout) -> tuple[str, ...]:
        """What of this package the format does not carry."""
        return self.lost(design, layout) if callable(self.lost) else self.lost


FORMATS: Mapping[str, Writer] = {
    "aif": Writer(".aif", aif.aif_text, aif.lost),
    "bumps": Writer(".bumps.csv", bumps.bumps_text, bumps.LOST),
    "def": Writer("", def_.def_files, def_.lost, layered=True),
    "dsn": Writer(".dsn", dsn.dsn_text, dsn.lost, layered=True),
    "gerber": Writer("", gerber.gerber_files, gerber.LOST),
    "ses": Writer(".ses", ses.ses_text, ses.LOST, layered=True),
    "spice": Writer(".cir", spice.spice_text, spice.LOST),
    "svg": Writer(".svg", svg.svg_text, svg.LOST),
}
