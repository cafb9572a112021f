"""Facts as JSON files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def write_json(path: Path, facts: dict[str, Any], *, compact: bool = False) -> None:
    """Write the facts in the order given; `compact` puts each entry of a list on one line."""
    if not compact:
        text = json.dumps(facts, indent=2, ensure_ascii=False)
    else:
        text = "{\n" + ",\n".join(f"{json.dumps(key)}: {_lines(value)}" for key, value in facts.items()) + "\n}"
    path.write_text(text + "\n", encoding="utf-8")


def _lines(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return json.dumps(value, ensure_ascii=False)
    return "[\n" + ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in value) + "\n]"
