"""Long lists of values that are kept on disk: written once, read again and again from the beginning."""

from __future__ import annotations

import pickle
import tempfile
import weakref
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar, overload

# A small audit never touches the disk.
_IN_MEMORY = 8 * 2**20
# A list that is no longer than this is unpacked once; of a longer one a part at a time is in memory.
_FEW = 50_000
_Item = TypeVar("_Item")


# Items as they are, or packed, with their number.
Part = list[_Item] | tuple[bytes, int]


class Spool(Sequence[_Item], Generic[_Item]):
    """A list that is written in parts and read part by part; what is small is held as it is.

    >>> spool = Spool()
    >>> spool.extend(["a", "b"])
    >>> spool.extend(["c"])
    >>> len(spool), list(spool), spool[-1], spool == ["a", "b", "c"]
    (3, ['a', 'b', 'c'], 'c', True)
    """

    def __init__(self, unpack: Callable[[bytes, int], list[_Item]] | None = None) -> None:
        """Open a file that nobody else sees and that is gone with the spool.

        Args:
            unpack: makes the items of a packed part from its bytes and its number; those of pickle by default.
        """
        self._unpack = unpack or _unpickle
        # The part that was read last: whoever asks for single items asks for those of one part in turn.
        self._recent: tuple[int, list[_Item]] = (-1, [])
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the spool
        weakref.finalize(self, self._file.close)
        self._offsets = [0]
        self._firsts: list[int] = []
        self._held: dict[int, list[_Item]] = {}
        self._length = 0

    def extend(self, items: Iterable[_Item]) -> None:
        """Add some items as one part, pickled: that form is for a file of this very run."""
        part = list(items)
        self.add(pickle.dumps(part, pickle.HIGHEST_PROTOCOL), len(part))

    def add(self, packed: bytes, length: int) -> None:
        """Add a part that has been packed already, and how many items it has."""
        self._file.seek(self._offsets[-1])
        self._file.write(packed)
        self._begin(length, len(packed))

    def hold(self, items: list[_Item]) -> None:
        """Add some items as one part that stays in memory."""
        self._held[len(self._firsts)] = items
        self._begin(len(items), 0)

    def _begin(self, length: int, size: int) -> None:
        self._offsets.append(self._offsets[-1] + size)
        self._firsts.append(self._length)
        self._length += length

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
        if number != self._recent[0]:
            begin = self._offsets[number]
            self._file.seek(begin)
            self._recent = (number, self._unpack(self._file.read(self._offsets[number + 1] - begin), number))
            if self._length <= _FEW:
                self._held[number] = self._recent[1]
        return self._recent[1]

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


def _unpickle(data: bytes, _number: int) -> list[Any]:
    items: list[Any] = pickle.loads(data)  # noqa: S301 - written by this run, into a file without a name
    return items
