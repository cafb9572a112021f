"""DRC and connectivity of a layout, from its polygons alone. Imports nothing of the program but the model."""

from router.model.layout import Engine
from router.verify.check import check, check_masks
from router.verify.signoff import sign_off, signing_off

__all__ = ["Engine", "check", "check_masks", "sign_off", "signing_off"]
