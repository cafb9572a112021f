"""How the kernels of the router are compiled.

numba counts the references to an array at each call that it is handed to, with atomic instructions: a fifth to a fourth
of the time of a search was that. Kernels that make no arrays need no counting, and what is called at each step is
compiled into its caller.
"""

from __future__ import annotations

from typing import Any

from router.model.kernels import compiled

_UNCOUNTED: dict[str, Any] = {"error_model": "numpy", "_nrt": False}
# Makes no arrays.
kernel = compiled(**_UNCOUNTED)
# Called by kernels alone: what would read its arguments as Python has them takes longer to compile than it.
part = compiled(no_cpython_wrapper=True, no_cfunc_wrapper=True, **_UNCOUNTED)
# A part of the inner loop of others.
inner = compiled(forceinline=True, **_UNCOUNTED)
