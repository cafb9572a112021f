"""The benchmark: cases made by code, each routed in a process of its own, one table, earlier runs to compare."""
