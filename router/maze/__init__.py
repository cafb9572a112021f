"""The detailed router: from a design to paths on nested lattices."""

from router.maze.choose import search_size
from router.maze.route import route_design
from router.maze.watch import Watch

__all__ = ["Watch", "route_design", "search_size"]
