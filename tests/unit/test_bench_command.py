"""`rdl bench`: rows as they come, files that are kept, ratios, exit codes, bad input."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from router.bench import apart, cases, run
from router.bench.cases import Case
from router.bench.measure import measure, measure_design
from router.bench.outcome import Outcome, Run, as_json, read_run, this_run
from router.bench.table import compared, machine_line, row
from router.cli import app
from router.model.asked import Deadline
from router.model.errors import InputError, RdlError
from router.read.design import read_design

DONE = Outcome(
    case="fan256_1", levels=1, nets=256, routed=256,
    seconds={"compile": 9.0, "route": 2.0, "tighten": 0.5, "check": 0.25},
    node_visits=512_000, wirelength_um=1000.0, wirelength_ratio=1.0863, vias=7, memory_mb=490.0,
)  # fmt: skip
REFUSED = Outcome("fan4096_2", 2, 4096, refused="fan4096_2 is hopeless: 9 nets, 8 tracks; --force tries it")


@pytest.fixture
def rdl(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command, with cases that are told instead of routed."""
    told = {"fan256_1": DONE, "fan4096_2": REFUSED}
    monkeypatch.setattr(run, "warm_up", lambda: None)
    monkeypatch.setattr(
        run, "measure_apart", lambda case, data, limit: told.get(case, Outcome(case, failed="it broke"))
    )
    return lambda *words: CliRunner().invoke(app, ["bench", *map(str, words)])


def kept(path: Path, *outcomes: Outcome) -> Path:
    made = this_run(["rdl", "bench"])
    path.write_text(as_json(replace(made, cases=list(outcomes))), encoding="utf-8")
    return path


def test_a_row_holds_what_was_measured() -> None:
    assert row(DONE).split() == [
        "fan256_1", "1", "256", "256", "2.00", "2.75", "2000", "1.0863", "7", "0", "+", "0", "490"
    ]  # fmt: skip
    assert row(replace(DONE, stopped=True, routed=200)).split()[3] == "200*"
    assert row(replace(DONE, wirelength_ratio=None)).split()[7] == "-"
    assert row(REFUSED).split() == ["fan4096_2", "2", "4096", "refused:", "hopeless:", "9", "nets,", "8", "tracks"]
    assert row(Outcome("big20k", failed="ended by SIGKILL")).endswith("FAILED: ended by SIGKILL")


@pytest.mark.parametrize(
    ("words", "code"),
    [(["fan256"], 0), (["fan256", "fan4096_2"], 3), (["fan256", "fan4096_2", "big20k"], 1)],
)
def test_exit_codes(rdl: Callable[..., Result], words: list[str], code: int) -> None:
    result = rdl(*words)
    assert result.exit_code == code
    assert [line.split()[0] for line in result.stdout.splitlines()[1:]][:2] == ["case", "fan256_1"]


@pytest.mark.parametrize("change", [{"routed": 255}, {"violations": 1}, {"faults": 1}])
def test_what_is_not_clean_is_told_by_the_exit_code(
    rdl: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, change: dict[str, int]
) -> None:
    monkeypatch.setattr(run, "measure_apart", lambda *_: replace(DONE, **change))
    assert rdl("fan256").exit_code == 1


def test_a_run_is_kept_and_read_again(rdl: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    assert rdl("fan256", "fan4096_2", "--json", path).exit_code == 3
    read = read_run(path)
    assert read.cases == [DONE, REFUSED]
    assert read.command[0] == "rdl"
    assert read.machine.cores >= 1 and read.machine.cpu and read.machine.memory_gb > 0
    assert set(read.packages) >= {"python", "numpy", "numba"}
    facts = json.loads(path.read_text(encoding="utf-8"))
    assert facts["cases"][0]["seconds"] == DONE.seconds
    # One line a case.
    assert sum(line.startswith('  {"case": ') for line in path.read_text(encoding="utf-8").splitlines()) == 2


def test_json_on_standard_output_is_nothing_else(rdl: Callable[..., Result]) -> None:
    result = rdl("fan256", "--json", "-")
    assert json.loads(result.stdout)["cases"] == [asdict(DONE)]
    assert "fan256_1" in result.stderr


def test_ratios_to_an_earlier_run(rdl: Callable[..., Result], tmp_path: Path) -> None:
    half = replace(
        DONE, seconds={"route": 4.0, "check": 1.0}, node_visits=256_000, wirelength_um=800.0, memory_mb=980.0
    )
    old = kept(tmp_path / "old.json", half)
    result = rdl("fan256", "fan4096_2", "--compare", old)
    assert result.exit_code == 3
    lines = result.stdout.splitlines()
    assert lines[-1].split() == [
        "fan256_1", "256/256", "→", "256/256", "0.500", "0.550", "2.000", "1.250", "0.500"
    ]  # fmt: skip
    assert lines[-3].startswith("this run / old.json (version ")


def test_wirelength_is_compared_only_where_as_many_nets_are_routed(tmp_path: Path) -> None:
    then: Run = read_run(kept(tmp_path / "old.json", replace(DONE, routed=250), REFUSED))
    lines = compared([DONE, REFUSED], then, "old.json").splitlines()
    assert lines[2].split()[-2:] == ["-", "1.000"]
    assert lines[3].split() == ["fan4096_2", "refused", "→", "refused", "-", "-", "-", "-", "-"]
    assert compared([replace(DONE, case="aib")], then, "old.json").splitlines()[1] == "no case in common"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "the file"),
        ("[]", "the file"),
        ("{}", "version"),
        ('{"cases": 3}', "version"),
        (
            json.dumps({"version": "1", "when": "", "machine": {}, "packages": {}, "command": [], "cases": []}),
            "machine.cpu",
        ),
    ],
)
def test_a_file_that_is_no_run_is_named(rdl: Callable[..., Result], tmp_path: Path, text: str, where: str) -> None:
    (tmp_path / "old.json").write_text(text, encoding="utf-8")
    result = rdl("fan256", "--compare", tmp_path / "old.json")
    assert result.exit_code == 2
    assert f"old.json: {where}: found" in result.stderr
    assert "expected a file that rdl bench --json wrote" in result.stderr
    assert not result.stdout


def test_bad_words_are_named_before_anything_runs(rdl: Callable[..., Result], tmp_path: Path) -> None:
    for words, said in [
        (["fan1O24"], "case 'fan1O24': found no such case; expected a name such as fan1024"),
        (["--peer", "freeruting"], "peer 'freeruting': found no such router; expected one of freerouting"),
        (["--compare", tmp_path / "no.json"], "no.json: found a file that cannot be read"),
        (["--json", tmp_path / "no" / "run.json"], "cannot write there (no such folder)"),
        (["caravel", "--data", tmp_path], "case caravel: found no folder"),
    ]:
        result = rdl(*words)
        assert result.exit_code == 2, words
        assert said in result.stderr
        assert not result.stdout
    assert rdl("--time-limit", "nan").exit_code == 2


def test_every_search_has_an_end(rdl: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    limits = []
    monkeypatch.setattr(run, "measure_apart", lambda case, data, limit: limits.append(limit) or DONE)
    for words in (["fan256", "big20k"], ["fan256", "big20k", "--time-limit", "0"]):
        assert rdl(*words).exit_code == 0
    assert limits == [120.0, 600.0, 0.0, 0.0]


def test_an_interrupted_run_keeps_what_it_has(
    rdl: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def told(case: str, data: Path, limit: float | None) -> Outcome:
        if case == "fan256_1":
            return DONE
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "measure_apart", told)
    assert rdl("fan256", "fan1024", "--json", tmp_path / "run.json").exit_code == 130
    assert read_run(tmp_path / "run.json").cases == [DONE]


def test_the_list_names_every_case(rdl: Callable[..., Result], tmp_path: Path) -> None:
    result = rdl("--list", "--data", tmp_path)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line[2:].split()[0] for line in lines[:-1]] == list(cases.CASES)
    assert next(line for line in lines if line.startswith("  caravel")).endswith("(needs the data caravel_wlcsp)")


def test_the_machine_is_told(tmp_path: Path) -> None:
    line = machine_line(this_run([]))
    assert "cores" in line and "numba" in line and line.endswith("one thread")


def test_a_small_package_is_measured_in_full() -> None:
    outcome = measure_design("toy", read_design("toy"), 60.0)
    assert outcome.clean
    assert (outcome.case, outcome.nets, outcome.routed, outcome.stopped) == ("toy", 10, 10, False)
    assert {"compile", "route", "tighten", "draw", "write", "check"} <= set(outcome.seconds)
    assert 0 < outcome.route_seconds <= outcome.whole_seconds
    assert outcome.node_visits > 0 and outcome.memory_mb > 10
    assert outcome.wirelength_um > 0


def test_a_hopeless_case_is_refused_not_routed() -> None:
    outcome = measure("fan4096_2", Path(), 60.0)
    assert outcome.refused.startswith("fan4096_2 is hopeless: ")
    assert not outcome.done and not outcome.clean and outcome.nets == 4096


def test_a_deadline_counts_from_the_first_question() -> None:
    assert Deadline(0.0)()
    assert not Deadline(3600.0)()
    assert not Deadline(None)()


def test_a_case_apart_tells_its_outcome(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(cases.CASES, "toy", Case("toy", "toy", "", lambda _: read_design("toy")))
    apart.main(['["toy", ".", 60]'])
    assert Outcome(**json.loads(capsys.readouterr().out)).routed == 10


def test_bad_data_is_told_from_the_other_process(tmp_path: Path) -> None:
    (tmp_path / "caravel_wlcsp").mkdir()
    with pytest.raises(RdlError, match=r"pads\.csv: found a file that cannot be read"):
        apart.measure_apart("caravel", tmp_path, 60.0)


def test_why_a_process_ended() -> None:
    assert apart._cause(-9, "") == "ended by SIGKILL"
    assert apart._cause(1, "Traceback …\nValueError: no\n") == "ValueError: no"
    assert apart._cause(1, "") == "ended with 1"


def test_read_run_raises_for_what_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="text in UTF-8"):
        read_run(tmp_path / "run.json")
