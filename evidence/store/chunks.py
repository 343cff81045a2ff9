"""Long lists of values, cut to what one query may hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
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


def batched(items: Iterable[_Item], size: int = SIZE) -> Iterator[list[_Item]]:
    """Yield the items in lists of at most `size`; at no time more than one of these is held.

    >>> list(batched(iter([1, 2, 3]), 2))
    [[1, 2], [3]]
    """
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch
