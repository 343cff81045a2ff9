"""Long lists of values that are kept on disk: written once, read again and again from the beginning."""

from __future__ import annotations

import io
import pickle
import tempfile
import weakref
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any, Generic, TypeVar, overload

# A small audit never touches the disk.
_IN_MEMORY = 8 * 2**20
_Item = TypeVar("_Item")


# Items as they are, or packed, with their number.
Part = list[_Item] | tuple[bytes, int]


def pack(value: object) -> bytes:
    """Return a value in the form that a spool keeps. Values made of the same objects are packed with each object once.

    The form is for files and pipes of this very run: it is never read from a database or from anybody else.
    """
    buffer = io.BytesIO()
    packer = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    packer.dispatch_table = _reducers
    packer.dump(value)
    return buffer.getvalue()


def pack_part(items: list[_Item]) -> Part[_Item]:
    """Return a list packed, with its length."""
    return pack(items), len(items)


def unpack(data: bytes) -> Any:
    """Return the value that `pack` was given.

    >>> unpack(pack(["a", 1]))
    ['a', 1]
    """
    return pickle.loads(data)  # noqa: S301 - written by this run, into a file without a name


class Spool(Sequence[_Item], Generic[_Item]):
    """A list that is written in parts and read part by part; what is small is held as it is.

    >>> spool = Spool()
    >>> spool.extend(["a", "b"])
    >>> spool.extend(["c"])
    >>> len(spool), list(spool), spool[-1], spool == ["a", "b", "c"]
    (3, ['a', 'b', 'c'], 'c', True)
    """

    def __init__(self) -> None:
        """Open a file that nobody else sees and that is gone with the spool."""
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the spool
        weakref.finalize(self, self._file.close)
        self._offsets = [0]
        self._firsts: list[int] = []
        self._held: dict[int, list[_Item]] = {}
        self._length = 0

    def extend(self, items: Iterable[_Item]) -> None:
        """Add some items as one part."""
        part = list(items)
        self.add(pack(part), len(part))

    def add(self, packed: bytes, length: int) -> None:
        """Add a part that has been packed already, and how many items it has."""
        if length:
            self._file.seek(self._offsets[-1])
            self._file.write(packed)
            self._offsets.append(self._offsets[-1] + len(packed))
            self._firsts.append(self._length)
            self._length += length

    def hold(self, items: list[_Item]) -> None:
        """Add some items as one part that stays in memory."""
        if items:
            self._held[len(self._firsts)] = items
            self._offsets.append(self._offsets[-1])
            self._firsts.append(self._length)
            self._length += len(items)

    def add_part(self, part: Part[_Item]) -> None:
        """Add a part: as it is, or packed."""
        if isinstance(part, list):
            self.hold(part)
        else:
            self.add(*part)

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return len(self._firsts)

    def part(self, number: int) -> list[_Item]:
        """Return the items that were added together, by the number of the part."""
        if number in self._held:
            return self._held[number]
        begin = self._offsets[number]
        self._file.seek(begin)
        items: list[_Item] = unpack(self._file.read(self._offsets[number + 1] - begin))
        return items

    def __len__(self) -> int:
        """Return how many items there are, without reading any."""
        return self._length

    def __iter__(self) -> Iterator[_Item]:
        """Yield the items in order; at no time more than those of one part are in memory."""
        for number in range(self.parts):
            yield from self.part(number)

    @overload
    def __getitem__(self, index: int) -> _Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[_Item]: ...
    def __getitem__(self, index: int | slice) -> _Item | list[_Item]:
        """Return an item by its place; this reads the part that it stands in."""
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(self._length))]
        at = index + self._length if index < 0 else index
        if not 0 <= at < self._length:
            raise IndexError(index)
        number = bisect_right(self._firsts, at) - 1
        return self.part(number)[at - self._firsts[number]]

    def __eq__(self, other: object) -> bool:
        """Tell whether another list has the same items in the same order."""
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(one == theirs for one, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]


_reducers: dict[type, Callable[[Any], Any]] = {}


def pack_fast(*classes: type) -> None:
    """Take the values of some dataclasses apart by one call each: what `dataclass` generates for frozen ones loops."""
    for cls in classes:
        get = attrgetter(*(one.name for one in fields(cls)))
        _reducers[cls] = lambda value, cls=cls, get=get: (_rebuild, (cls, get(value)))  # type: ignore[misc]


@cache
def _setters_of(cls: Any) -> tuple[Callable[[Any, Any], None], ...]:
    return tuple(getattr(cls, one.name).__set__ for one in fields(cls))


def _rebuild(cls: Any, values: tuple[Any, ...]) -> Any:
    value = object.__new__(cls)
    for put, one in zip(_setters_of(cls), values, strict=True):
        put(value, one)
    return value
