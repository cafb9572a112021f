"""Loops over flat arrays, compiled by numba: edges in a grid, pairs of edges that face or touch, point location.

Rows are copied element by element: assigning slices costs seconds of compilation.
"""
