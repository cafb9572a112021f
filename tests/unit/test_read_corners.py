"""Rectangles as files give them."""

from __future__ import annotations

import pytest

from router.model.errors import InputError
from router.model.geometry import Box
from router.read.corners import box_between


def test_a_rectangle_of_one_nanometre_is_one_wherever_it_lies() -> None:
    assert box_between([1.0, -1.0, 1.001, 1.0], "rect") == Box(1000, -1000, 1001, 1000)


@pytest.mark.parametrize("corners", [[0, 0, 1], [0, 0, 1, 1, 2], [0, 0, 0.0004, 1], [1, 0, 0, 1], [0, 1, 1, 1]])
def test_other_corners_are_no_rectangle(corners: list[float]) -> None:
    with pytest.raises(InputError, match="x0 < x1"):
        box_between(corners, "rect")
