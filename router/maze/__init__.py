"""The detailed router: from a design to paths on nested lattices."""

from router.maze.route import route_design, search_size

__all__ = ["route_design", "search_size"]
