"""The detailed router: from a design to paths on nested lattices."""

from router.maze.choose import search_size
from router.maze.route import route_design

__all__ = ["route_design", "search_size"]
