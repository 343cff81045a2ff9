"""Values of the audit <-> JSON, by the types that their classes declare: a form that is safe to read from a database.

Dataclasses and named tuples become lists of what they were made of; what follows from that is worked out again.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

_Read = Callable[[Any], Any]
_PLAIN = frozenset({Any, str, int, float, bool, NoneType})
# The fastest: texts of a page shrink to a third, and more work makes little less of them. To lay out the usual window
# and memory would take longer than all that is done in them.
_LEVEL, _WINDOW_BITS, _MEMORY = 1, 13, 6


class Written:
    """Values as JSON, each worked out once: a work is hashed for its verdicts, and kept with its page."""

    def __init__(self) -> None:
        """Begin without any."""
        # By identity; each is kept with its text, so that no other takes its place in memory.
        self._texts: dict[int, tuple[object, str]] = {}

    def text(self, value: object) -> str:
        """Return a value as JSON."""
        known = self._texts.get(id(value))
        if known is None:
            known = self._texts[id(value)] = (value, encode(value))
        return known[1]

    def pack(self, values: Iterable[object]) -> bytes:
        """Return a list of values as `pack` does."""
        return _compress(f"[{','.join(map(self.text, values))}]")


def pack(value: object) -> bytes:
    """Return a value as JSON, compressed.

    >>> from evidence.records import Reference
    >>> from evidence.vocabulary import Scheme
    >>> unpack(pack([Reference(Scheme.DOI, "10.1/a")]), list[Reference])
    [Reference(scheme=<Scheme.DOI: 'doi'>, value='10.1/a')]
    """
    return _compress(encode(value))


def _compress(text: str) -> bytes:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW_BITS, _MEMORY)
    return packer.compress(text.encode()) + packer.flush()


def unpack(data: bytes, hint: Any) -> Any:
    """Return the value that `pack` was given.

    Args:
        data: what it returned.
        hint: the type of the value.
    """
    return read(json.loads(zlib.decompress(data).decode()), hint)


def read(plain: Any, hint: Any) -> Any:
    """Return the value of a type that was written as lists and texts.

    >>> read(["errata", [["a", 1]]], tuple[str, tuple[tuple[str, int], ...]])
    ('errata', (('a', 1),))
    """
    reader = reader_of(hint)
    return plain if reader is None else reader(plain)


def _to_plain(value: Any) -> Any:
    if isinstance(value, frozenset | set):
        return sorted(value)
    kind: Any = type(value)
    return _parts_of(kind)(value)


# Named tuples are lists to it already, and members of enumerations texts. Made once: `json.dumps` makes one a call.
# No value holds itself, which the encoder would otherwise make sure of at each list.
_encoder = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_to_plain)


def encode(value: object) -> str:
    """Return a value as JSON; sets are written in order, so that equal values give equal texts.

    >>> encode([frozenset("ba"), None])
    '[["a","b"],null]'
    """
    return _encoder.encode(value)


@cache
def _parts_of(cls: Any) -> Callable[[Any], Any]:
    names = _names_of(cls)
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda value: [get(value)]


def _names_of(cls: Any) -> tuple[str, ...]:
    if is_dataclass(cls):
        return tuple(one.name for one in fields(cls) if one.init)
    names: tuple[str, ...] = cls._fields
    return names


@cache
def reader_of(hint: Any) -> _Read | None:
    """Return what makes a value of a type from its plain form, or None where that is the value itself.

    Raises:
        TypeError: values of this type have no such form.
    """
    if hint in _PLAIN:
        return None
    origin, args = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return _reader_of_union(args)
    if origin is tuple and args[-1] is not Ellipsis:
        return _reader_of_items(tuple, args)
    if origin in {tuple, list, frozenset}:
        return _reader_of_list(origin, args[0])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _reader_of_mapping(*args)
    return _reader_of_class(hint)


def _reader_of_class(cls: Any) -> _Read:
    if isinstance(cls, type) and issubclass(cls, Enum):
        return {member.value: member for member in cls}.__getitem__
    if is_dataclass(cls) or hasattr(cls, "_fields"):
        hints = get_type_hints(cls)
        return _reader_of_items(lambda values: cls(*values), tuple(hints[name] for name in _names_of(cls)))
    raise TypeError(cls)


def _reader_of_list(kind: Callable[[Any], Any], item: Any) -> _Read:
    reader = reader_of(item)
    return kind if reader is None else lambda plain: kind(map(reader, plain))


def _reader_of_items(kind: Callable[[Any], Any], hints: tuple[Any, ...]) -> _Read:
    readers = [(number, reader) for number, hint in enumerate(hints) if (reader := reader_of(hint)) is not None]

    def read_items(plain: list[Any]) -> Any:
        for number, reader in readers:
            plain[number] = reader(plain[number])
        return kind(plain)

    return read_items


def _reader_of_mapping(key: Any, item: Any) -> _Read:
    read_key, read_item = reader_of(key) or str, reader_of(item)
    if read_item is None:
        return lambda plain: {read_key(name): value for name, value in plain.items()}
    return lambda plain: {read_key(name): read_item(value) for name, value in plain.items()}


def _reader_of_union(hints: tuple[Any, ...]) -> _Read | None:
    """Return the reader of the one type that has its own form; the others (None, texts, numbers) are as they are."""
    own = [(hint, reader) for hint in hints if (reader := reader_of(hint)) is not None]
    if not own:
        return None
    if len(own) > 1:
        raise TypeError(hints)
    ((hint, reader),) = own
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda plain: None if plain is None else reader(plain)
    return lambda plain: reader(plain) if isinstance(plain, list) else plain
