# SPDX-License-Identifier: MIT
"""What streams consist of: bytes that follow from a seed and their place, so that one that is lost,
doubled or moved shows."""

import random

# A prime: no piece as large as a power of two looks like another at a different place.
PERIOD = 65521
LONGEST = 1 << 20

_once = random.Random(1).randbytes(PERIOD)
_TABLE = _once * (LONGEST // PERIOD + 2)


def content(seed: int, offset: int, size: int) -> bytes:
    """At most LONGEST of it."""
    start = (seed + offset) % PERIOD
    return _TABLE[start:start + size]


def first_difference(seed: int, offset: int, data: bytes) -> int | None:
    """Where in the stream `data` departs from it, if it does."""
    wanted = content(seed, offset, len(data))
    if data == wanted:
        return None
    return offset + next(i for i, pair in enumerate(zip(data, wanted)) if pair[0] != pair[1])
