"""Which items of a net are joined."""

from __future__ import annotations

import numpy as np

from router.model.kernels import compiled


@compiled
def label_parts(ends, hooks):
    """The part of each item: (ends + C,), the first item of those that are joined. Items are ends, then connections.

    hooks: per connection the items that its path joins, (C, 2), less than 0 where it has no path.
    """
    label = np.arange(ends + hooks.shape[0])
    for k in range(hooks.shape[0]):
        for hook in hooks[k]:
            if hook >= 0:
                a, b = _first(label, ends + k), _first(label, hook)
                label[max(a, b)] = min(a, b)
    for item in range(label.shape[0]):
        label[item] = label[label[item]]
    return label


@compiled
def _first(label, item):
    """The first of the items joined with one, ways to it halved (Tarjan and van Leeuwen 1984)."""
    while label[item] != item:
        label[item] = label[label[item]]
        item = label[item]
    return item
