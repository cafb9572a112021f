"""What the search pays goes by how full a package is."""

from __future__ import annotations

import pytest

from router.maze import problem, route
from router.maze.cost import FULL, Costs
from router.model.design import Design


@pytest.mark.parametrize(("fullness", "via"), [(0.1, 0.9), (FULL - 0.01, 0.9), (FULL, 1.2), (0.95, 1.2)])
def test_cuts_cost_more_where_packages_are_full(
    small_design: Design, monkeypatch: pytest.MonkeyPatch, fullness: float, via: float
) -> None:
    paid = []
    weights = problem.weights
    monkeypatch.setattr(problem, "weights", lambda costs, *rest: paid.append(costs) or weights(costs, *rest))
    assert not route.route_design(small_design, fullness=fullness, crowding=0.0).unrouted
    assert paid and {costs.via for costs in paid} == {via}
    assert {costs.fee for costs in paid} == {Costs().fee}
