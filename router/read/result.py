"""The folder of an earlier run: its report, its layout file and the masks in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from router.model.errors import InputError
from router.model.pdk import Mask, MaskRole
from router.read.fields import Layer
from router.read.jsonfile import load_json
from router.read.textfile import shown
from router.read.tomlfile import validated

RUN_FILE = "run.json"

_EXPECTED = "the results of rdl route"
_FileName = Annotated[str, Field(pattern=r"^[^/\\]+$")]


class _MaskFacts(BaseModel):
    model_config = ConfigDict(extra="ignore")
    name: str
    layer: Layer
    datatype: Layer
    pin_datatype: Layer
    label_datatype: Layer
    role: MaskRole
    color: str
    polarity: str
    order: int


class _LayoutFacts(BaseModel):
    file: _FileName
    sha256: str
    masks: Annotated[list[_MaskFacts], Field(min_length=1)]


class _Rules(BaseModel):
    total: int


class _Engines(BaseModel):
    differences: list[Any]


class _Report(BaseModel):
    design: str
    pdk: str
    layout: _LayoutFacts
    unrouted: list[Any]
    drc: _Rules
    lvs: dict[str, int]
    engines: _Engines


class _Run(BaseModel):
    package: Annotated[str, Field(min_length=1, max_length=4000)] | None
    parts: dict[str, str] = Field(default_factory=dict)
    files: list[_FileName] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StoredResult:
    """What a run left: `report` is report.json as it stands, `sha256` that of the layout file it judged."""

    report: dict[str, Any]
    layout: Path
    sha256: str
    masks: tuple[Mask, ...]


def routed_package(directory: Path) -> str:
    """The package that was routed, as run.json names it: the name of an example, or the path of its file.

    Raises InputError where run.json is missing or names none.
    """
    name = _run(directory).package
    if name is None:
        where = f"{shown(directory / RUN_FILE)}: package"
        raise InputError(where, "no package file", "its name; say which one it is")
    return str(directory / name) if name.endswith(".toml") else name


def routed_parts(directory: Path) -> dict[str, str]:
    """The fingerprints of the package that was routed; none where run.json is missing or was written without."""
    return _run(directory).parts if (directory / RUN_FILE).is_file() else {}


def run_files(directory: Path) -> frozenset[str]:
    """The names of the files that a run wrote into a folder; none where there is no run.json that says so."""
    try:
        return frozenset(_run(directory).files)
    except InputError:
        return frozenset()


def _run(directory: Path) -> _Run:
    path = directory / RUN_FILE
    return validated(_Run, load_json(path, _EXPECTED), path)


def read_result(directory: Path) -> StoredResult:
    """Raises InputError for a folder without a result, and for one whose run was refused."""
    path = directory / "report.json"
    if not path.is_file():
        raise InputError(shown(directory), "no report.json", f"a folder with {_EXPECTED}")
    report = load_json(path, _EXPECTED)
    if isinstance(report, dict) and "refused" in report:
        raise InputError(shown(directory), "a run that was refused", "one that was routed")
    facts = validated(_Report, report, path)
    layout = directory / facts.layout.file
    if not layout.is_file():
        raise InputError(shown(directory), f"no {facts.layout.file}", _EXPECTED)
    masks = tuple(Mask(**mask.model_dump()) for mask in facts.layout.masks)
    return StoredResult(report, layout, facts.layout.sha256, masks)
