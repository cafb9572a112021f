"""JSON files, as runs write them: every failure names file and line, what was found and what was expected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from router.model.errors import InputError
from router.read.textfile import read_text, shown

# Files that a run wrote are no larger.
MOST_WRITTEN = 1_000_000_000


def load_json(path: Path, expected: str) -> Any:
    """What a file holds. Raises InputError where it cannot be read, or is no JSON."""
    text = read_text(path, MOST_WRITTEN)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"{shown(path)}:{error.lineno}", f"a syntax error: {error.msg}", expected) from None
    except (ValueError, RecursionError):
        raise InputError(shown(path), "text that is no JSON", expected) from None
