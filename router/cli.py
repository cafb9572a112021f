"""The command `rdl`. Exit codes: 0 done and clean, 1 done but not clean, 2 bad input, 3 refused, 130 interrupted."""

from __future__ import annotations

import json
import math
import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from router import cli_export, cli_handover, cli_import, flow
from router.cli_messages import VersionOption, allow_any_letter, messages
from router.model.asked import Deadline
from router.model.design import Design
from router.model.errors import INTERRUPTED, InputError, RefusedError
from router.model.layout import Engine
from router.read.jsonfile import load_json
from router.read.library import list_pdks
from router.read.pdk import read_pdk
from router.read.result import RUN_FILE
from router.view import text
from router.view.klayout import open_in_klayout
from router.view.plan import plan_text
from router.view.progress import Progress
from router.write.run import refuse_inputs
from router.write.stage import refuse_closed

app = typer.Typer(
    name="rdl",
    help="Route the redistribution layers of a chip package, write its masks, and judge them.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
pdk_app = typer.Typer(help="Processes: list them, show one, check a file for contradictions.", no_args_is_help=True)
app.add_typer(pdk_app, name="pdk")
app.command("import", help=cli_import.HELP)(cli_import.import_package)
app.command("export", help=cli_export.HELP)(cli_export.export)


@app.callback()
def every_command(version: VersionOption = False) -> None:
    """What may stand before the name of a command."""


_RESULTS = "the results of rdl route"
DesignArgument = Annotated[str, typer.Argument(metavar="DESIGN", help="a package file, or the name of an example")]
BallsOption = Annotated[
    Path | None, typer.Option("--balls", metavar="FILE", help="the balls of open nets, as NAME.balls.csv has them")
]
EngineOption = Annotated[Engine, typer.Option(help="who judges: our own rules, KLayout's engine, or both")]


def _seconds(value: float | None) -> float | None:
    if value is not None and math.isnan(value):
        raise typer.BadParameter("nan is no number of seconds")
    return value


def _package(design: str, balls: Path | None) -> Design:
    """The package, with the balls of its open nets that a table gives."""
    package = flow.read_design(design)
    return flow.read_balls(package, balls) if balls else package


class Interrupt:
    """The first Ctrl-C asks the run to end with its best result; a second one ends it at once."""

    def __init__(self, time_limit: float | None) -> None:
        self.happened = False
        self._late = Deadline(time_limit)
        signal.signal(signal.SIGINT, self._on_signal)

    def stop(self) -> bool:
        """True once the run should end. The time limit counts from the first time this is asked."""
        return self._late() or self.happened

    def _on_signal(self, number: int, frame: object) -> None:
        if self.happened:
            raise KeyboardInterrupt
        self.happened = True
        print("\nrdl: interrupted; writing the best result (Ctrl-C again to stop at once)", file=sys.stderr, flush=True)


@app.command()
def route(
    design: DesignArgument,
    out: Annotated[Path | None, typer.Option("-o", metavar="DIR", help="where to write; default out/NAME")] = None,
    balls: BallsOption = None,
    seed: Annotated[int, typer.Option(min=0, help="another seed, another order among equals")] = 0,
    time_limit: Annotated[
        float | None, typer.Option(min=0, metavar="S", callback=_seconds, help="end the search after S seconds")
    ] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="default: all cores; the result is the same")] = None,
    oasis: Annotated[bool, typer.Option("--oasis", help="write the layout as OASIS too")] = False,
    no_pictures: Annotated[bool, typer.Option("--no-pictures", help="no PNG files: quicker, in scripts")] = False,
    engine: EngineOption = Engine.BOTH,
    force: Annotated[bool, typer.Option("--force", help="route even what planning calls hopeless")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="no progress, only the summary")] = False,
) -> None:
    """Route DESIGN, write its masks into DIR, judge the written file, and say what came of it."""
    with messages():
        interrupt = Interrupt(time_limit)
        progress = Progress(quiet=quiet)
        with progress.stage("read"):
            package = _package(design, balls)
        directory = out or Path("out") / flow.file_stem(package)
        refuse_closed(directory)
        refuse_inputs(package, directory, flow.file_stem(package))
        try:
            result = flow.route(
                package,
                seed=seed,
                threads=threads or os.cpu_count() or 1,
                force=force,
                stop=interrupt.stop,
                progress=progress,
            )
        except RefusedError as error:
            flow.refuse(package, error, directory, seed=seed)
            raise
        report = flow.write(
            result, directory, oasis=oasis, pictures=not no_pictures, engine=engine, progress=progress
        )  # fmt: skip
        print(text.summary(report, progress.clock.seconds))
        print(text.files(directory, flow.file_stem(package)))
        if interrupt.happened:
            raise typer.Exit(INTERRUPTED)
        raise typer.Exit(0 if flow.is_clean(report) else 1)


@app.command()
def plan(
    design: DesignArgument,
    out: Annotated[Path | None, typer.Option("-o", metavar="FILE", help="a picture (.png) of the fullest cut")] = None,
    balls: BallsOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="say it as JSON")] = False,
) -> None:
    """Say how full DESIGN's cuts are and how many levels they ask for. Exit code 3: hopeless, with the witness."""
    with messages():
        if out and out.suffix != ".png":
            raise InputError(str(out), f"the ending {out.suffix!r}", ".png for a picture")
        ahead = flow.look_ahead(flow.assign_balls(_package(design, balls)))
        if out:
            flow.write_cut(out, ahead)
        facts = ahead.facts()
        print(json.dumps(facts, indent=1, ensure_ascii=False) if as_json else plan_text(facts))
        raise typer.Exit(RefusedError.exit_code if ahead.capacity.witness else 0)


@app.command()
def bench(
    cases: Annotated[
        list[str] | None, typer.Argument(metavar="CASE", help="cases or families; else the quick ones")
    ] = None,
    keep: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="keep the run as JSON; - prints it")
    ] = None,
    compare: Annotated[Path | None, typer.Option(metavar="OLD.json", help="ratios to a run that was kept")] = None,
    peer: Annotated[list[str] | None, typer.Option(metavar="NAME", help="another router on the same cases")] = None,
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="the folder of published data")] = None,
    time_limit: Annotated[
        float | None,
        typer.Option(min=0, metavar="S", callback=_seconds, help="end each search after S seconds; default 120 or 600"),
    ] = None,
    show: Annotated[bool, typer.Option("--list", help="name the cases, and run none")] = False,
) -> None:
    """Route the cases of the benchmark, each in a process of its own on one thread, and print a table."""
    from router.bench.cases import CASES, chosen
    from router.bench.peers import chosen_peers
    from router.bench.real import default_folder
    from router.bench.run import run_bench
    from router.bench.table import case_list

    with messages():
        folder = data or default_folder()
        if show:
            print(case_list(CASES.values(), folder))
            raise typer.Exit
        raise typer.Exit(
            run_bench(
                chosen(cases or [], folder),
                folder,
                command=["rdl", *sys.argv[1:]],
                time_limit=time_limit,
                keep=keep,
                against=compare,
                peers=chosen_peers(peer or []),
            )
        )


@app.command()
def check(
    gds: Annotated[Path, typer.Argument(metavar="GDS", help="a layout file, GDSII or OASIS")],
    design: DesignArgument,
    balls: BallsOption = None,
    engine: EngineOption = Engine.BOTH,
) -> None:
    """Judge GDS by the rules and the netlist of DESIGN, from its polygons and labels alone."""
    with messages():
        package = _package(design, balls)
        judged = flow.check(gds, package, engine)
        print(text.sign_off(judged, package))
        raise typer.Exit(0 if judged.clean else 1)


@app.command()
def report(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="the results of a run")],
) -> None:
    """Say again what a run came to."""
    with messages():
        facts, run = load_json(directory / "report.json", _RESULTS), directory / RUN_FILE
        try:
            print(text.summary(facts, load_json(run, _RESULTS)["seconds"] if run.is_file() else {}))
        except (KeyError, TypeError, AttributeError):
            raise InputError(str(directory), "a report of another program", _RESULTS) from None


@app.command()
def view(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="the results of a run")],
) -> None:
    """Open a run in KLayout, with its layers, technology and markers."""
    with messages():
        open_in_klayout(flow.read_result(directory).layout)


app.command()(cli_handover.masks)
app.command()(cli_handover.diff)


@pdk_app.command("list")
def pdk_list() -> None:
    """Name the processes that come with the program."""
    with messages():
        print(text.process_list([read_pdk(path) for path in list_pdks()]))


@pdk_app.command("show")
def pdk_show(name: Annotated[str, typer.Argument(metavar="NAME", help="a process, or its file")]) -> None:
    """Show the levels, vias, pads, masks and rules of a process."""
    with messages():
        print(text.process(read_pdk(name)))


@pdk_app.command("decks")
def pdk_decks(
    name: Annotated[str, typer.Argument(metavar="NAME", help="a process, or its file")],
    out: Annotated[Path, typer.Option("-o", metavar="DIR", help="where to write")] = Path(),
) -> None:
    """Write the rules of a process as decks for KLayout: .drc and .lvs, and as .lydrc and .lylvs for its menus."""
    from router import handover

    with messages():
        for path in handover.write_process_decks(read_pdk(name), out):
            print(path)


@pdk_app.command("check")
def pdk_check(file: Annotated[str, typer.Argument(metavar="FILE", help="a process file")]) -> None:
    """Look for contradictions in a process: a cut larger than its pad, a default below its minimum, …"""
    with messages():
        process = read_pdk(file)
        print(f"{process.name}: no contradictions among {len(process.rules)} rules and {len(process.masks)} masks")


def main() -> None:
    """Entry point of the command."""
    allow_any_letter()
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # So that what was written aside goes when a scheduler ends a run, or its terminal is closed, unless under nohup.
    for ending in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ending) is signal.SIG_DFL:
            signal.signal(ending, signal.default_int_handler)
    app()


if __name__ == "__main__":
    main()
