"""How crowded the places of a package are, counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from router.flow import plan
from router.model.design import Design
from router.model.geometry import Box
from router.plan import crowding as crowding_module
from router.plan.capacity import plan_capacity
from router.plan.crowding import Squares, _overlaps, most_crowded
from router.plan.cut import Capacity
from router.read.design import read_design
from router.view.plan import plan_text
from router.write.plan import plan_facts

Write = Callable[..., Design]
# Traces of 10 µm, 10 µm apart: a square is 64 × 20 µm wide, and two of them lie side by side.
SIDE = 1280


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def package(text: str, levels: int = 1, outline: tuple[int, int] = (2 * SIDE, SIDE)) -> Design:
        head = f'name = "p"\npdk = "fanout_10um"\nlevels = {levels}\noutline = {list(outline)}\n'
        (tmp_path / "p.toml").write_text(head + text, encoding="utf-8")
        return read_design(tmp_path / "p.toml")

    return package


def bumps(*places: tuple[int, int]) -> str:
    pins = ", ".join(f'{{ name = "{k}", x = {x}, y = {y} }}' for k, (x, y) in enumerate(places))
    return f'[[die]]\nname = "die"\npad = "bump"\npad_size = 80\npin = [{pins}]\n'


def row(count: int, x: int) -> list[tuple[int, int]]:
    return [(x, 120 * k - 480) for k in range(count)]


def test_straight_ways_take_the_width_of_a_track_of_what_lands_leave(write: Write) -> None:
    """Five nets from the left square to its middle and one on into the right one; lands of 80 µm, 10 µm around."""
    near, far = row(6, -1200), [(-560, y) for _, y in row(5, 0)] + [(1200, 120)]
    nets = "".join(f'N{k} = ["die.{k}", "die.{k + 6}"]\n' for k in range(6))
    place = most_crowded(write(bumps(*near, *far) + "[nets]\n" + nets))
    assert place is not None
    assert place.box == Box(-1_280_000, -640_000, 0, 640_000)
    taken, room = (5 * 640 + 1200) * 20, SIDE**2 - 11 * 100**2
    assert place.share == pytest.approx(taken / room)


def test_levels_share_the_ways_and_wide_classes_take_more(write: Write) -> None:
    text = bumps((-1200, 0), (-80, 0)) + '[nets]\nN = ["die.0", "die.1"]\n'
    one, two = (most_crowded(write(text, levels)) for levels in (1, 2))
    wide = most_crowded(write(text + '[[class]]\nname = "wide"\nnets = ["N"]\nwidth = 30\n'))
    assert one is not None and two is not None and wide is not None
    lands = 2 * 100**2
    assert one.share == pytest.approx(1120 * 20 / (SIDE**2 - lands))
    assert two.share == pytest.approx(1120 * 20 / (2 * SIDE**2 - lands))
    # Squares are as wide as 64 of these tracks: there is one.
    assert wide.share == pytest.approx(1120 * 40 / (2 * SIDE**2 - lands))


def test_a_net_of_three_ends_takes_its_spanning_tree(write: Write) -> None:
    design = write(bumps((-1200, 0), (-640, 0), (-80, 0)) + '[nets]\nN = ["die.0", "die.2", "die.1"]\n')
    place = most_crowded(design)
    assert place is not None
    assert place.share == pytest.approx(1120 * 20 / (SIDE**2 - 3 * 100**2))


def test_squares_are_larger_where_there_would_be_very_many(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowding_module, "MOST", 1)
    place = most_crowded(write(bumps((-1200, 0), (-80, 0)) + '[nets]\nN = ["die.0", "die.1"]\n'))
    assert place is not None
    assert place.box == Box(-1_280_000, -640_000, 1_280_000, 640_000)
    assert place.share == pytest.approx(1120 * 20 / (2 * SIDE**2 - 2 * 100**2))


def test_without_a_way_nothing_is_crowded(write: Write) -> None:
    assert most_crowded(write(bumps((0, 0)))) is None
    assert "most crowded" not in plan_text(plan_facts(*planned(write(bumps((0, 0))))))


def planned(design: Design) -> tuple[Design, Capacity]:
    return design, plan_capacity(design)


def test_the_plan_says_where(write: Write) -> None:
    design = write(bumps((-1200, 0), (-80, 0)) + '[nets]\nN = ["die.0", "die.1"]\n')
    facts = plan_facts(*planned(design))
    assert facts["crowded"] == {"box_um": [-1280.0, -640.0, 0.0, 640.0], "share": 0.0138}
    line = "most crowded: straight ways take 1.4 % of the room for traces in (-1280, -640) to (0, 640)"
    assert line in plan_text(facts).splitlines()


def test_lands_lie_in_all_the_squares_that_they_reach() -> None:
    rng = np.random.default_rng(5)
    squares = Squares(Box(0, 0, 700, 300), 7, 3)
    low = rng.uniform(-50, [680, 280], (40, 2))
    high = low + rng.uniform(1, 260, (40, 2))
    found = _overlaps(squares, low, high)
    for column, y in product(range(7), range(3)):
        corner = np.array([column, y]) * 100
        sides = np.minimum(high, corner + 100) - np.maximum(low, corner)
        assert found[y, column] == pytest.approx(np.maximum(0, sides).prod(axis=1).sum())
    assert not _overlaps(squares, low[:0], high[:0]).any()


@pytest.mark.parametrize(("apart", "warned"), [(480, 0), (600, 1)])
def test_a_package_that_may_have_too_few_levels_is_warned_of(write: Write, apart: int, warned: int) -> None:
    """One net takes 74 and 83 % of the room."""
    net_class = f'[[class]]\nname = "wide"\nnets = ["N"]\nwidth = 600\nspacing = {apart}\n'
    design = write(
        bumps((-1200, 0), (-80, 0)) + '[nets]\nN = ["die.0", "die.1"]\n' + net_class, outline=(2 * SIDE, SIDE // 2)
    )
    said = [w for w in plan(design)["warnings"] if "crowded" in w]
    assert len(said) == warned
    assert all(w.startswith("straight ways take 83.0 % of the room") for w in said)
