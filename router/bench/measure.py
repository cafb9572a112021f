"""One case from its generator to the judged file, in this process."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from router import flow
from router.bench.cases import CASES
from router.bench.outcome import Outcome
from router.model.asked import Deadline
from router.model.design import Design
from router.model.errors import RefusedError
from router.read.result import RUN_FILE
from router.verify import Engine


def measure(case: str, data: Path, time_limit: float) -> Outcome:
    """Route a case by name on one thread, for `time_limit` seconds at most. Raises InputError where its data is bad."""
    return measure_design(case, CASES[case].build(data), time_limit)


def measure_design(case: str, design: Design, time_limit: float) -> Outcome:
    """Do what `rdl route` does, and say how it went."""
    levels, nets = len(design.pdk.levels), len(design.nets)
    try:
        result = flow.route(design, threads=1, stop=Deadline(time_limit))
    except RefusedError as error:
        return Outcome(case, levels, nets, refused=str(error))
    with TemporaryDirectory() as folder:
        report = flow.write(result, folder, engine=Engine.OWN)
        run = json.loads((Path(folder) / RUN_FILE).read_text(encoding="utf-8"))
    return Outcome(
        case=case,
        levels=levels,
        nets=nets,
        routed=report["routed"],
        stopped=report["stopped"],
        seconds=run["seconds"],
        node_visits=report["node_visits"],
        wirelength_um=report["wirelength_um"],
        wirelength_ratio=report["wirelength_ratio"],
        other_ratio=report["other_nets"]["ratio"],
        vias=report["vias"],
        violations=report["drc"]["total"],
        faults=sum(report["lvs"].values()),
        memory_mb=run["peak_memory_mb"],
    )
