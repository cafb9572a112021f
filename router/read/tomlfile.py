"""TOML files into checked models: every failure names file, line or key, what was found and what was expected."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from router.model.errors import InputError
from router.read.nearest import among
from router.read.textfile import quoted, read_text, shown

# Where one number counts for all levels, it is kept under this key.
ALL_LEVELS = "*"

Model = TypeVar("Model", bound=BaseModel)

# What Python's reader of TOML says of a key or table that comes a second time.
_TWICE = "Cannot overwrite a value", "Cannot declare", "Cannot mutate immutable", "Duplicate inline table key"

# What was expected, by pydantic's kind of error, in the words of a person who writes such a file.
_EXPECTED = {
    "missing": "this key",
    "model_type": "a table",
    "dict_type": "a table",
    "list_type": "a list",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "string_type": "text",
    "string_too_short": "text of at least {min_length} characters",
    "string_too_long": "text of at most {max_length} characters",
    "string_pattern_mismatch": "text that matches {pattern}",
    "too_short": "at least {min_length} in this list",
    "too_long": "at most {max_length} in this list",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "less_than": "less than {lt}",
}


def load_toml(path: Path) -> dict[str, Any]:
    """The file as plain tables. Raises InputError with the line where the syntax fails."""
    text = read_text(path)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f"{shown(path)}:{line[1]}" if line else shown(path)
        if any(words in str(error) for words in _TWICE):
            raise InputError(where, "a key or table that is there already", "each of them once") from None
        raise InputError(where, f"a syntax error: {str(error)[:200]}", "TOML") from None
    except (RecursionError, ValueError) as error:
        raise InputError(shown(path), f"text that cannot be parsed: {str(error)[:200]}", "TOML") from None


def validated(model: type[Model], data: object, path: Path) -> Model:
    """`data` as `model`. Raises InputError for the first field that does not fit, an unknown key before the rest."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        unknown = [problem for problem in problems if problem["type"] == "extra_forbidden"]
        problem: Any = (unknown or problems)[0]
        where = f"{shown(path)}: {key_path(problem['loc'])}"
        if unknown:
            known = _keys_beside(model, problem["loc"])
            raise InputError(where, "an unknown key", among(str(problem["loc"][-1]), known)) from None
        raise InputError(where, *_found_and_expected(problem)) from None


def key_path(location: tuple[int | str, ...]) -> str:
    """A location as `level[2].min_width`; entries of a list count from 1."""
    path = ""
    for part in location:
        if part == ALL_LEVELS:
            continue
        if isinstance(part, int):
            path += f"[{part + 1}]"
        else:
            path += f".{part[:80]}" if path else part[:80]
    return path or "file"


def _found_and_expected(problem: dict[str, Any]) -> tuple[str, str]:
    found = "nothing" if problem["type"] == "missing" else quoted(problem["input"])
    message = str(problem["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    return found, _EXPECTED.get(problem["type"], message[:200]).format(**problem.get("ctx", {}))


def _keys_beside(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """The keys that are known where the unknown one stands."""
    current: Any = model
    for part in location[:-1]:
        for name, field in current.model_fields.items():
            if part == (field.alias or name):
                current = _model_in(field.annotation) or current
                break
    return [field.alias or name for name, field in current.model_fields.items()]


def _model_in(annotation: Any) -> Any:
    """The model inside an annotation such as `list[Model] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in getattr(annotation, "__args__", ()) if (found := _model_in(part))), None)
