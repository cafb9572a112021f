"""The detailed router: from a design to paths on nested lattices."""

from router.maze.route import route_design, warm_up

__all__ = ["route_design", "warm_up"]
