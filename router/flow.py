"""The whole way on one page: read → plan → route → tighten → masks → write → check → report.

The rooms are entered where the way comes to them, so that a command loads what it needs: half of them take a second.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from router import __version__
from router.exchange import Exported, export, import_package
from router.model.asked import Asked
from router.model.collection import no_collection
from router.model.design import Design, OpenBalls
from router.model.errors import RefusedError
from router.model.layout import Engine, Layout, Masks, SignOff
from router.model.pdk import Pdk
from router.model.routing import Routing
from router.plan.cut import Capacity
from router.read.balls import read_all_balls, read_balls
from router.read.design import read_design
from router.read.foreseen import foreseen
from router.read.result import read_result
from router.view.progress import Progress, Stopwatch

# A package with fewer nets too many is routed as far as it goes, and the nets left over are named: what keeps a few of
# them out is seen best beside all the others.
FEWEST_REFUSED = 10
_COMPILED_ANEW = (
    "each run compiles its kernels anew, which takes minutes: no folder to keep them in can be written to; "
    "NUMBA_CACHE_DIR may name one"
)

__all__ = [
    "Exported",
    "Outlook",
    "Result",
    "assign_balls",
    "check",
    "export",
    "file_stem",
    "foreseen",
    "import_package",
    "is_clean",
    "look_ahead",
    "plan",
    "read_balls",
    "read_design",
    "read_result",
    "refuse",
    "route",
    "wanting",
    "write",
    "write_cut",
]


@dataclass(frozen=True, slots=True)
class Result:
    """A routed package before it is written. `warnings` were said before the search; `witness` is the cut that shows
    that not all nets can be routed, as `plan` has it, None where there is none."""

    design: Design
    routing: Routing
    layout: Layout
    masks: Masks
    seed: int
    threads: int
    clock: Stopwatch
    warnings: tuple[str, ...] = ()
    witness: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """A package before its search, balls chosen: as it is drawn, and as it is `routed`, without levels along which nets
    cannot leave lands of theirs; how full its cuts are, and what is to be said of it."""

    design: Design
    routed: Design
    capacity: Capacity
    warnings: tuple[str, ...]

    def facts(self) -> dict[str, Any]:
        """What `rdl plan --json` says."""
        from router.write.plan import plan_facts

        return plan_facts(self.design, self.capacity, self.warnings)

    def after(self, design: Design) -> Outlook:
        """The same of a package that has other balls."""
        nets = (replace(own, ends=net.ends) for own, net in zip(self.routed.nets, design.nets, strict=True))
        return replace(self, design=design, routed=replace(self.routed, nets=tuple(nets)))


def assign_balls(design: Design) -> Design:
    """As `plan.assign` has it, which is entered where a package leaves balls open."""
    if not design.open:
        return design
    from router.plan import assign

    return assign.assign_balls(design)


def look_ahead(design: Design) -> Outlook:
    """Measure how full the cuts of a package are, whose balls are chosen, and gather what is to be said of it: last,
    where it may have too few levels, though that is no proof."""
    from router.plan.capacity import plan_capacity
    from router.plan.shut_lands import leave_by_cuts, shut_lands, shut_warnings
    from router.view.plan import covered_warning, crowded_warning, full_warning
    from router.write.plan import crowded_facts, cut_facts

    shut = shut_lands(design)
    routed = leave_by_cuts(design, shut)
    capacity = plan_capacity(routed)
    cut, place, ring = capacity.fullest, capacity.crowded, capacity.covered
    doubts = [full_warning(cut_facts(design, cut))] if cut is not None and cut.doubtful else []
    doubts += [crowded_warning(crowded_facts(place))] if place is not None and place.doubtful else []
    doubts += [covered_warning(cut_facts(design, ring))] if ring is not None and capacity.much_covered else []
    return Outlook(design, routed, capacity, (*foreseen(design), *shut_warnings(design, shut), *doubts))


def plan(design: Design) -> dict[str, Any]:
    """What `rdl plan --json` says of a package, with balls chosen where they are open."""
    return look_ahead(assign_balls(design)).facts()


def write_cut(path: Path, ahead: Outlook) -> None:
    """Draw the fullest cut, a witness before any other (.png); an empty package without one. Raises OutputError."""
    from router.view.plan_picture import draw_cut
    from router.write.stage import staged_file

    with staged_file(path) as aside:
        draw_cut(ahead.design, ahead.capacity.fullest, aside)


@no_collection()
def route(
    design: Design,
    *,
    seed: int = 0,
    threads: int = 1,
    force: bool = False,
    stop: Callable[[], bool] = lambda: False,
    progress: Progress | None = None,
) -> Result:
    """Choose the balls that are open, route the package and draw its masks; `stop` is asked now and then, and ends the
    search with its best state.

    `threads` serve the search, and tightening and filling level by level; the result is the same for any number of
    them.
    Raises RefusedError for a package whose search would not fit in memory, and, without `force`, for one with a cut
    that more nets must cross than can.
    """
    from router.draw.masks import draw_masks
    from router.draw.notch import fill_notches
    from router.draw.tighten import tighten
    from router.warm_up import is_for_one_run, warm_up

    progress = progress or Progress(quiet=True)
    with_choices = design
    if design.open:
        with progress.stage("assign"):
            design = assign_balls(design)
    with progress.stage("plan"):
        ahead = look_ahead(design)
        witness, hopeless = _witness(design, ahead.capacity, force=force)
        warnings = (*ahead.warnings, *hopeless)
    for warning in warnings:
        progress.warn(warning)
    if is_for_one_run():
        progress.warn(_COMPILED_ANEW)
    with progress.stage("compile"):
        warm_up(after_routing=_moves_after_routing(design))
    asked = Asked(stop)
    routing = _search(ahead, with_choices.open, seed, threads, asked, progress)
    if routing.balls:
        design = with_choices.with_balls(routing.balls)
        ahead = ahead.after(design)
    with progress.stage("tighten"):
        layout = tighten(ahead.routed, routing, threads=threads, stop=asked)
    routing = replace(routing, stopped=routing.stopped or asked.yes)
    with progress.stage("draw"):
        masks = draw_masks(design, layout)
        layout = replace(layout, shapes=(*layout.shapes, *fill_notches(design, masks, threads=threads)))
    return Result(design, routing, layout, masks, seed, threads, progress.clock, warnings, witness)


def _search(
    ahead: Outlook, choices: Sequence[OpenBalls], seed: int, threads: int, stop: Callable[[], bool], progress: Progress
) -> Routing:
    """The paths of a package, of which some balls were given by these `choices`."""
    from router.maze import Watch, route_design, search_size

    design, fullness, crowding = ahead.routed, ahead.capacity.fullness, ahead.capacity.crowding
    progress.search(*search_size(design, fullness, crowding))
    watch = Watch(stop, progress.iteration, progress.waiting)
    with progress.stage("route"):
        return route_design(
            design, choices=choices, fullness=fullness, crowding=crowding, seed=seed, threads=threads, watch=watch
        )


def _witness(design: Design, capacity: Capacity, *, force: bool) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """The facts of a cut that is hopeless, and the warning that says so; nothing where there is none.

    Raises RefusedError with the witness, without `force`, when it is hopeless for more than a few nets.
    """
    from router.view.plan import witness_text
    from router.write.plan import cut_facts

    cut = capacity.witness
    if cut is None:
        return None, ()
    facts = cut_facts(design, cut)
    found = f"{design.name} is hopeless: {witness_text(facts)}"
    if not force and cut.load - cut.room >= FEWEST_REFUSED:
        raise RefusedError(f"{found}; --force tries it", {"witness": facts})
    return facts, (f"{found}; it is routed as far as it goes",)


def _moves_after_routing(design: Design) -> bool:
    """Whether more than tightening is asked for: any angle, traces moved apart or made wider."""
    moved = any(net_class.spread or net_class.widest for net_class in design.classes.values())
    return moved or any(level.angles == "any" for level in design.pdk.levels)


@no_collection()
def write(
    result: Result,
    directory: str | Path,
    *,
    oasis: bool = False,
    pictures: bool = True,
    engine: Engine | str = Engine.BOTH,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Write all files of a run into `directory`, judge the GDSII as written, and return what report.json says.

    With `oasis` the layout is written a second time, as OASIS; `pictures` take most of the time of small packages,
    which scripts may save. Files that an earlier run of the same name wrote there, and this one does not, go. Raises
    OutputError when files cannot be written, and InputError where one would replace a file that the package is read
    from; then earlier files there are untouched.
    """
    from router.view.pictures import draw_pictures
    from router.write.masks import layout_facts
    from router.write.results import write_layout, write_report
    from router.write.run import refuse_inputs
    from router.write.stage import staged_run

    progress = progress or Progress(quiet=True, clock=result.clock)
    design, stem = result.design, file_stem(result.design)
    refuse_inputs(design, Path(directory), stem)
    with staged_run(Path(directory), stem) as aside:
        gds = aside / f"{stem}.gds"
        with progress.stage("write"):
            write_layout(gds, design, result.masks, result.layout, oasis=oasis)
        with checking(gds, design, engine) as verdict:
            if pictures:
                with progress.stage("pictures"):
                    draw_pictures(gds, design, aside)
            with progress.stage("check"):
                judged = verdict()
        with progress.stage("report"):
            facts = {
                "warnings": list(result.warnings),
                "witness": result.witness,
                "layout": layout_facts(gds, design.pdk),
                "seed": result.seed,
                "version": __version__,
            }
            report = write_report(gds, design, result.routing, result.layout, judged, facts)
        _write_run(result, aside, Path(directory))
    return report


def _write_run(result: Result, aside: Path, directory: Path) -> None:
    """Write what run.json in `directory` is to say, where all its other files are written `aside` already."""
    from router.model.fingerprint import fingerprints
    from router.read.result import RUN_FILE
    from router.write.jsonfile import write_json
    from router.write.run import package_name, run_facts

    design, package = result.design, package_name(result.design.source, directory)
    files = sorted([*(path.name for path in aside.iterdir()), RUN_FILE])
    run = run_facts(result.clock.seconds, len(design.nets), result.threads, package, fingerprints(design), files)
    write_json(aside / RUN_FILE, run)


def check(gds: str | Path, design: Design, engine: Engine | str = Engine.BOTH) -> SignOff:
    """Judge a GDSII or OASIS file by its polygons and labels alone. Raises InputError when it cannot be read.

    Where the package leaves balls open, the table of balls beside the file says which ones its nets have.
    """
    with checking(gds, design, engine) as verdict:
        return verdict()


@contextmanager
def checking(gds: str | Path, design: Design, engine: Engine | str) -> Iterator[Callable[[], SignOff]]:
    """Start judging a layout, as `check` does; what is yielded ends it."""
    from router import verify

    # Without the layout there is no table either, and the judge says that the layout is missing.
    if design.open and Path(gds).is_file():
        design = read_all_balls(design, Path(gds).with_suffix(".balls.csv"))
    with verify.signing_off(Path(gds), design, Engine(engine)) as verdict:
        yield verdict


def refuse(design: Design, error: RefusedError, directory: str | Path, *, seed: int) -> None:
    """Write the report of a run that was refused: the witness, and no other file."""
    from router.write.jsonfile import write_json
    from router.write.stage import staged

    with staged(Path(directory), own=True) as aside:
        write_json(
            aside / "report.json",
            {
                "design": design.name,
                "pdk": design.pdk.name,
                "refused": {"message": str(error), **error.witness},
                "seed": seed,
                "version": __version__,
            },
        )


def file_stem(named: Design | Pdk) -> str:
    """The name of a package or a process as it begins the names of its files."""
    return re.sub(r"[^\w.+-]", "_", named.name)[:100]


def is_clean(report: dict[str, Any]) -> bool:
    """True when every net is routed and no rule violated, in the eyes of all engines that judged it."""
    return not wanting(report)


def wanting(report: dict[str, Any]) -> dict[str, int]:
    """What a report complains of, and how often."""
    counts = {"unrouted": len(report["unrouted"]), "violations": report["drc"].get("total", 0), **report["lvs"]}
    differing = {"differences between the engines": len(report["engines"]["differences"])}
    return {name.replace("_", " "): count for name, count in (counts | differing).items() if count}
