"""Sign-off by both engines, KLayout's in this process as well: one of its own takes seconds to start."""

from __future__ import annotations

from pathlib import Path

from router.draw.masks import draw_masks
from router.draw.notch import fill_notches
from router.model.design import Design
from router.model.layout import Layout, SignOff
from router.verify import check
from router.verify.agree import differences
from router.verify.klayout import check_with_klayout
from router.verify.signoff import KLAYOUT, OWN
from router.write.gds import write_gds


def judged_here(layout_file: Path, design: Design) -> SignOff:
    """What `sign_off` says."""
    own, other = check(layout_file, design), check_with_klayout(layout_file, design)
    return SignOff({OWN: own, KLAYOUT: other}, tuple(differences(own, other, (OWN, KLAYOUT))))


def judged_as_drawn(design: Design, layout: Layout, folder: Path) -> SignOff:
    """What `sign_off` says of a layout that is drawn, filled and written into a folder."""
    masks, file = draw_masks(design, layout), folder / "drawn.gds"
    fill_notches(design, masks)
    write_gds(file, design, masks)
    return judged_here(file, design)
