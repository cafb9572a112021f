"""The command in this process and the working directory of a test: one of its own takes seconds to start."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner, Result

from router.cli import app


def rdl(*arguments: str | Path) -> Result:
    """What the command says, and its exit code."""
    run = CliRunner().invoke(app, list(map(str, arguments)))
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    return run
