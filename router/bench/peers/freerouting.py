"""Freerouting (a Java program), by Specctra files. FREEROUTING_JAR names its jar; else `freerouting` is looked for."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from router.bench.peers.dsn import dsn_text
from router.bench.peers.ses import layout_of
from router.model.design import Design
from router.model.layout import Layout

NAME = "freerouting"
_DSN, _SES = "board.dsn", "board.ses"


def found() -> str:
    """The version that is installed, or nothing."""
    jar = os.environ.get("FREEROUTING_JAR", "")
    if jar and Path(jar).is_file() and shutil.which("java"):
        return next(iter(re.findall(r"\d+\.[\d.]*\d", Path(jar).name)), "?")
    return "?" if shutil.which(NAME) else ""


def command(design: Design, folder: Path) -> tuple[list[str], str]:
    """Write the design file into `folder`; the command that routes it, and what it reads."""
    (folder / _DSN).write_text(dsn_text(design), encoding="utf-8")
    jar = os.environ.get("FREEROUTING_JAR", "")
    program = ["java", "-jar", str(Path(jar).resolve())] if jar else [NAME]
    return [*program, "-de", _DSN, "-do", _SES], ""


def layout(design: Design, folder: Path) -> Layout:
    """What it routed. Raises ValueError when nothing was written."""
    session = folder / _SES
    if not session.is_file():
        raise ValueError("no session was written")
    return layout_of(session.read_text(encoding="utf-8", errors="replace"), design)
