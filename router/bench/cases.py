"""The cases of the benchmark by name, and which of them a command asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from router.bench import facing, fanout, hidden, hub, ladder, mesh, real
from router.model.design import Design
from router.model.errors import InputError
from router.read.design import read_design
from router.read.nearest import one_of

ALL = "all"


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the table. `build` takes the folder of published data, of which the case needs the folder `data`
    where that is not empty; `quick` cases are run where none is named. A search ends after `limit` seconds."""

    name: str
    family: str
    about: str
    build: Callable[[Path], Design]
    quick: bool = False
    data: str = ""
    limit: float = 120.0

    def at_hand(self, folder: Path) -> bool:
        """Whether its data is there."""
        return not self.data or (folder / self.data).is_dir()


def _made(name: str, about: str, build: Callable[[], Design], *, quick: bool = False) -> Case:
    return Case(name, name.rpartition("_")[0] or name.rstrip("0123456789"), about, lambda _: build(), quick)


def _levels(
    name: str, about: str, build: Callable[[int], Design], quick: Iterable[int], slow: Iterable[int] = ()
) -> list[Case]:
    quick = set(quick)
    return [
        _made(f"{name}_{n}", f"{about}, {n} level{'s' * (n > 1)}", partial(build, n), quick=n in quick)
        for n in sorted({*quick, *slow}, reverse=True)
    ]


def _large(name: str, about: str, build: Callable[[], Design]) -> Case:
    return Case(name, name, about, lambda _: build(), limit=600.0)


def _parrot(name: str, about: str, build: Callable[[Path], Design]) -> Case:
    return Case(
        name, "blackparrot", f"I/O pads of a flip-chip to its bumps, {about}, 1 level", build, data=real.OPENROAD
    )


def _caravel(name: str, about: str, build: Callable[[Path], Design]) -> Case:
    return Case(name, "caravel", f"a chip's wafer-level RDL, {about}, 1 level", build, data=real.CARAVEL)


_INTERPOSER = "three chiplets on an interposer, 0.4/0.4 µm, 4 levels"
_BUS = "die to die beside and above, in mirrored order, 2/2 µm"
_CASES = [
    _made("fan256_1", "4 rings of bumps to balls, 10/10 µm, 1 level", fanout.fan256, quick=True),
    *_levels("fan1024", "32 × 32 bumps to balls, 10/10 µm", fanout.fan1024, [3, 2]),
    *_levels("fan2000", "2 000 bumps at 150 µm to balls, 10/10 µm", fanout.fan2000, [3], [2]),
    *_levels("fan4096", "four dies of 32 × 32 bumps to balls, 10/10 µm", fanout.fan4096, [3, 2]),
    *_levels("supply6400", "80 × 80 bumps, two supplies of 3 200 ends each, 10/10 µm", fanout.supply6400, [3]),
    *_levels("tsv1200", "1 200 micro bumps through an empty interposer, 0.4/0.4 µm", fanout.tsv1200, [4]),
    *_levels("d2d512", "die to die in like order, 2/2 µm", facing.d2d512, [2]),
    *_levels("d2d512m", "die to die in mirrored order, 2/2 µm", facing.d2d512m, [2, 1]),
    *_levels("hbm1024", "bumps of memory stacks in mirrored order, 2/2 µm", facing.hbm1024, [3]),
    _made("bus64", f"{_BUS}, 1 level", facing.bus64, quick=True),
    _made("bus64_any", f"{_BUS} at any angle, 1 level", partial(facing.bus64, "any"), quick=True),
    *_levels("cross144", "die to die in an order by chance, 2/2 µm", facing.cross144, [3, 2]),
    *_levels("cross256", "die to die in an order by chance, 2/2 µm", facing.cross256, [], [3]),
    *_levels("corner128", "die to die round a corner, in reverse order, 2/2 µm", facing.corner128, [2]),
    _made("hidden40", "traces drawn and forgotten, 6 of 10 places taken, 10/10 µm, 1 level", hidden.hidden40),
    *(
        _made(f"ladder{n}", f"fan1024 on 2 levels, fullest cut about {n} %", partial(ladder.ladder, n))
        for n in ladder.RUNGS
    ),
    _large("big20k", "nine dies side by side, 20 000 nets, 70 % full, 2/2 µm, 4 levels", mesh.big20k),
    _large("mesh20k", "the same with more room", mesh.mesh20k),
    _large("hub20k", "a hub and eight dies round it, 20 000 nets, over-full at its sides, 2/2 µm", hub.hub20k),
    Case("duo", "duo", "the example package: two dies, passives, nets of many terminals", lambda _: read_design("duo")),
    _caravel("caravel", "40 µm traces", real.caravel),
    _caravel("caravel_any", "40 µm traces at any angle", partial(real.caravel, angles="any")),
    *(_parrot(f"blackparrot_{w}", f"{w}/{w} µm", partial(real.blackparrot, width=w)) for w in (4, 6, 10)),
    _parrot("blackparrot_10_90", "10/10 µm without 45°", partial(real.blackparrot, width=10, angles="manhattan")),
    Case("gtchips", "gtchips", _INTERPOSER, real.gtchips, data=real.GTCHIPS),
    Case("aib", "aib", "micro bumps of an FPGA and their image, 2/2 µm, 4 levels", real.aib, data=real.AIB),
]  # fmt: skip
CASES = {case.name: case for case in _CASES}


def chosen(names: Iterable[str], folder: Path) -> list[Case]:
    """The cases that are named, each once and in the order of the list: by name, by family, or `all` whose data lies in
    `folder`; the quick ones where nothing is named. Raises InputError for a name that is none, or without its data."""
    wanted: set[str] = set()
    for name in names:
        found = [c for c in CASES.values() if name in (c.name, c.family) or (name == ALL and c.at_hand(folder))]
        if not found:
            known = [*CASES, *dict.fromkeys(case.family for case in CASES.values()), ALL]
            raise InputError(f"case {name[:60]!r}", "no such case", one_of(name, known))
        for case in found:
            if not case.at_hand(folder):
                raise InputError(
                    f"case {case.name}", f"no folder {folder / case.data}", "its tables there, or --data DIR"
                )
        wanted |= {case.name for case in found}
    return [case for case in CASES.values() if (case.name in wanted if wanted else case.quick)]
