"""Compare a layout with its golden one, as geometry and texts. A difference is kept: both files, markers, a picture.

A change that is meant: look at the picture, then `RENEW_GOLDEN=1 pytest tests/golden`, and commit the new files.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from router.verify.compare import Comparison, compare
from router.view.difference import difference_text, draw_difference
from router.write.difference import write_difference

HERE = Path(__file__).parent


def assert_golden(drawn: Path, folder: Path, *, golden: Path | None = None, thinner_than: int = 0) -> None:
    """Fail where `drawn` differs from the golden layout of its name by more than slivers thinner than so many nm.

    What a person needs to judge the difference is then in `folder`.
    """
    golden = golden or HERE / drawn.name
    if os.environ.get("RENEW_GOLDEN"):
        shutil.copy(drawn, golden)
    found = compare(golden, drawn)
    if found.same or (not found.texts and _slivers(found, thinner_than)):
        return
    stem = drawn.stem
    shutil.copy(golden, folder / f"{stem}.A_golden.gds")
    shutil.copy(drawn, folder / f"{stem}.B_drawn.gds")
    write_difference(folder / f"{stem}.difference.lyrdb", found, {})
    draw_difference(found, folder / f"{stem}.difference.png")
    raise AssertionError(
        f"{stem} is drawn differently (A golden, B now); both files, markers and a picture are in {folder}\n"
        f"{difference_text(found, {})}\n"
        "If this is meant: RENEW_GOLDEN=1 pytest tests/golden"
    )


def _slivers(found: Comparison, thinner_than: int) -> bool:
    """True when nothing of the differences is left once they shrink by half that thickness."""
    return all(
        region.sized(-(thinner_than // 2)).is_empty()
        for layer in found.layers
        for region in (layer.only_a, layer.only_b)
    )
