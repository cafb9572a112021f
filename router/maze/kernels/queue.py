"""A bucket queue (Dial 1969) whose buckets are last-in-first-out, so that among equals a search runs straight at its
goal. Keys too far off for a bucket wait in a list of their own.

  heads  (BUCKETS,) int32: the first entry of each bucket, -1 where it is empty
  items  (M, 4) int32: node, the entry that follows in its bucket or among those that are free, column, row
  keys   (M,) int32: of each entry
  queue  (4,) int64: the bucket reached, the key at which the buckets begin, the first far entry, and the least key when
         the search began
  pool   (2,) int64: the first free entry, entries used so far. Queues may share a pool, with its items and keys.
"""

from __future__ import annotations

import numpy as np

from router.maze.kernels.compiled import inner, part
from router.maze.kernels.natural import natural
from router.maze.kernels.price import NO_COST

BUCKETS = 8192
# A bucket is this many bits of cost wide: about a third of a step.
BUCKET_BITS = 5
NODE, NEXT, COLUMN, ROW = 0, 1, 2, 3
AT, FLOOR, FAR, START = 0, 1, 2, 3
FREE, USED = 0, 1


@inner
def open_queue(queue, far, start):
    """A queue of far entries alone, whose least key is `start`."""
    queue[AT], queue[FAR], queue[START] = BUCKETS, far, start
    queue[FLOOR] = start - (BUCKETS << BUCKET_BITS)


@inner
def least_key(queue):
    """No entry has a key less than this."""
    return queue[FLOOR] + (queue[AT] << BUCKET_BITS)


@inner
def file_entry(heads, items, entry, bucket, far):
    """Put an entry into its bucket, or before the far ones where there is none for it; returns the first far one."""
    if bucket < BUCKETS:
        items[entry, NEXT] = heads[bucket]
        heads[bucket] = entry
        return far
    items[entry, NEXT] = far
    return entry


@inner
def push(heads, items, keys, node, key, column, row, floor, at, free, used, far):
    """Put a node into the queue, where there has to be room; returns the first free entry, how many are used, and the
    first far one."""
    if free >= 0:
        entry = natural(free)
        free = np.int64(items[entry, NEXT])
    else:
        entry = natural(used)
        used += 1
    items[entry, NODE], items[entry, COLUMN], items[entry, ROW] = node, column, row
    keys[entry] = key
    far = file_entry(heads, items, entry, natural(max((key - floor) >> BUCKET_BITS, at)), far)
    return free, used, far


@part
def refill(heads, items, keys, far):
    """Put the cheapest far entries into the buckets; returns the rest, and the key of the first bucket."""
    floor = NO_COST
    entry = far
    while entry >= 0:
        floor = min(floor, keys[entry])
        entry = np.int64(items[entry, NEXT])
    entry = far
    far = np.int64(-1)
    while entry >= 0:
        following = np.int64(items[entry, NEXT])
        far = file_entry(heads, items, entry, (keys[entry] - floor) >> BUCKET_BITS, far)
        entry = following
    return far, floor
