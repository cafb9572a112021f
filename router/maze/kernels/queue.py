"""A bucket queue (Dial 1969) whose buckets are last-in-first-out, so that among equals a search runs straight at its
goal. Keys too far off for a bucket wait in a list of their own.

  heads  (BUCKETS,) int32: the first entry of each bucket, -1 where it is empty
  links  (M,) int32: the entry that follows in its bucket, or among those that are free
  items  (M, 4) int32: node, key, column, row
  queue  (4,) int64: the bucket reached, the key at which the buckets begin, the first far entry, and the least key when
         the search began
  pool   (2,) int64: the first free entry, entries used so far. Queues may share a pool, with its links and items.
"""

from __future__ import annotations

from router.maze.kernels.compiled import inner, kernel
from router.maze.kernels.price import NO_COST

BUCKETS = 8192
# A bucket is this many bits of cost wide: about a third of a step.
BUCKET_BITS = 5
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
def file_entry(heads, links, entry, bucket, far):
    """Put an entry into its bucket, or before the far ones where there is none for it; returns the first far one."""
    if bucket < BUCKETS:
        links[entry] = heads[bucket]
        heads[bucket] = entry
        return far
    links[entry] = far
    return entry


@kernel
def refill(heads, links, items, far):
    """Put the cheapest far entries into the buckets; returns the rest, and the key of the first bucket."""
    floor = NO_COST
    entry = far
    while entry >= 0:
        floor = min(floor, items[entry, 1])
        entry = links[entry]
    entry = far
    far = -1
    while entry >= 0:
        following = links[entry]
        far = file_entry(heads, links, entry, (items[entry, 1] - floor) >> BUCKET_BITS, far)
        entry = following
    return far, floor
