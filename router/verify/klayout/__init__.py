"""The second judge: the rules of a process and the netlist of a package on KLayout's engine, from the file alone."""

from router.verify.klayout.check import check_with_klayout

__all__ = ["check_with_klayout"]
