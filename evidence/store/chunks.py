"""Long lists of values, cut to what one query may hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

# SQLite before 3.32 took 999 values in one statement; more than some hundreds gains nothing.
SIZE = 500
_Item = TypeVar("_Item")


def in_chunks(items: Sequence[_Item], size: int = SIZE) -> Iterator[Sequence[_Item]]:
    """Yield the items in parts of at most `size`.

    >>> list(in_chunks([1, 2, 3], 2))
    [[1, 2], [3]]
    """
    for start in range(0, len(items), size):
        yield items[start : start + size]
