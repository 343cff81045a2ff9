"""Values of the audit <-> JSON, by the types that their classes declare: a form that is safe to read from a database.

Values and named tuples become lists of what they were made of; what follows from that is worked out again.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec

# Sets and mappings in order, so that equal values give equal texts.
_encoder = msgspec.json.Encoder(order="deterministic")


class Value(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A value of the audit: made, and written where it is kept, in a fraction of the time of a frozen dataclass.

    None holds itself, so the collector of garbage need not look at them.
    """


class Written:
    """Values as JSON, each worked out once: a work is hashed for its verdicts, and kept with its page."""

    def __init__(self) -> None:
        """Begin without any."""
        # By identity; each is kept with its text, so that no other takes its place in memory.
        self._texts: dict[int, tuple[object, bytes]] = {}

    def text(self, value: object) -> bytes:
        """Return a value as JSON."""
        known = self._texts.get(id(value))
        if known is None:
            known = self._texts[id(value)] = (value, encode(value))
        return known[1]

    def encode(self, values: Iterable[object]) -> bytes:
        """Return a list of values as `encode` does."""
        return b"[%b]" % b",".join(map(self.text, values))


def decode(data: bytes, kind: Any) -> Any:
    """Return the value that `encode` was given.

    Args:
        data: what it returned.
        kind: the type of the value.

    >>> from evidence.records import Reference
    >>> from evidence.vocabulary import Scheme
    >>> decode(encode([Reference(Scheme.DOI, "10.1/a")]), list[Reference])
    [Reference(scheme=<Scheme.DOI: 'doi'>, value='10.1/a')]
    """
    return _decoder_of(kind).decode(data)


@cache
def _decoder_of(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def encode(value: object) -> bytes:
    """Return a value as JSON; sets and mappings are written in order, so that equal values give equal texts.

    >>> encode([frozenset("ba"), None])
    b'[["a","b"],null]'
    """
    return _encoder.encode(value)
