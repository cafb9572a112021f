"""DRC and connectivity of a layout, from its polygons alone. Imports nothing of the program but the model."""

from router.verify.check import check, check_masks

__all__ = ["check", "check_masks"]
