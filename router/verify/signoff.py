"""Sign-off: our own engine and KLayout's judge a file side by side, and must agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from router.model.design import Design
from router.model.layout import Difference, Engine, SignOff, Verdict
from router.verify.agree import differences
from router.verify.check import check
from router.verify.klayout.process import BreakdownError, judging

OWN, KLAYOUT = Engine.OWN.value, Engine.KLAYOUT.value


def sign_off(layout_file: Path, design: Design, engine: Engine = Engine.BOTH) -> SignOff:
    """Judge a GDSII or OASIS file. Raises InputError when it cannot be read.

    When KLayout's engine breaks down, that is a difference: the file is not signed off.
    """
    with signing_off(layout_file, design, engine) as judged:
        return judged()


@contextmanager
def signing_off(layout_file: Path, design: Design, engine: Engine) -> Iterator[Callable[[], SignOff]]:
    """Start judging a file with KLayout's engine; what is yielded does the rest, and raises as `sign_off`."""
    if engine is Engine.OWN:
        yield lambda: SignOff({OWN: check(layout_file, design)})
        return
    with judging(layout_file, design) as second:
        yield lambda: _compared(layout_file, design, engine, second)


def _compared(layout_file: Path, design: Design, engine: Engine, second: Callable[[], Verdict]) -> SignOff:
    """The verdict of KLayout's engine, which `second` waits for, beside our own where both are asked for."""
    own = {OWN: check(layout_file, design)} if engine is Engine.BOTH else {}
    try:
        verdicts = own | {KLAYOUT: second()}
    except BreakdownError as error:
        why = f"KLayout's engine gave no verdict: {error}"
        return SignOff(own or {KLAYOUT: Verdict((), ())}, (Difference(KLAYOUT, "ENGINE", why, design.outline),))
    found = differences(verdicts[OWN], verdicts[KLAYOUT], (OWN, KLAYOUT)) if own else []
    return SignOff(verdicts, tuple(found))
