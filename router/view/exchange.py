"""What an import came to, for people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.write.package import Written


def import_text(written: Written) -> str:
    """The files, what is in the package, and each guess and each loss on a line of its own."""
    design = written.design
    kinds = Counter(str(part.kind) for part in design.components)
    parts = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    owners = design.net_of_terminal()
    counts = [
        f"{len(design.components)} components ({parts})",
        f"{len(design.terminals)} pins, {sum(owner < 0 for owner in owners)} of them without a net",
        f"{len(design.nets)} nets",
        f"{len(design.classes) - 1} classes",
        f"{len(design.keepouts)} keep-outs",
        f"{len(design.fixed)} fixed traces",
    ]
    lines = [str(path) for path in written.files]
    lines.append(f"{design.name} in {design.pdk.name}: {', '.join(counts)}")
    lines += [f"assumed: {guess}" for guess in written.guesses]
    lines += [f"not carried: {loss}" for loss in written.lost]
    return "\n".join(lines)
