"""Sign-off by both engines, KLayout's in this process as well: one of its own takes seconds to start."""

from __future__ import annotations

from pathlib import Path

from router.model.design import Design
from router.model.layout import SignOff
from router.verify import check
from router.verify.agree import differences
from router.verify.klayout import check_with_klayout
from router.verify.signoff import KLAYOUT, OWN


def judged_here(layout_file: Path, design: Design) -> SignOff:
    """What `sign_off` says."""
    own, other = check(layout_file, design), check_with_klayout(layout_file, design)
    return SignOff({OWN: own, KLAYOUT: other}, tuple(differences(own, other, (OWN, KLAYOUT))))
