"""Values of the audit <-> JSON, by the types that their classes declare: a form that is safe to read from a database.

Values and named tuples become lists of what they were made of; what follows from that is worked out again.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec

# The fastest: texts of a page shrink to a third, and more work makes little less of them. To lay out the usual window
# and memory would take longer than all that is done in them.
_LEVEL, _WINDOW_BITS, _MEMORY = 1, 13, 6
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

    def pack(self, values: Iterable[object]) -> bytes:
        """Return a list of values as `pack` does."""
        return _compress(b"[%b]" % b",".join(map(self.text, values)))


def pack(value: object) -> bytes:
    """Return a value as JSON, compressed.

    >>> from evidence.records import Reference
    >>> from evidence.vocabulary import Scheme
    >>> unpack(pack([Reference(Scheme.DOI, "10.1/a")]), list[Reference])
    [Reference(scheme=<Scheme.DOI: 'doi'>, value='10.1/a')]
    """
    return _compress(encode(value))


def _compress(text: bytes) -> bytes:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW_BITS, _MEMORY)
    return packer.compress(text) + packer.flush()


def unpack(data: bytes, kind: Any) -> Any:
    """Return the value that `pack` was given.

    Args:
        data: what it returned.
        kind: the type of the value.
    """
    return _decoder_of(kind).decode(zlib.decompress(data))


@cache
def _decoder_of(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def encode(value: object) -> bytes:
    """Return a value as JSON; sets and mappings are written in order, so that equal values give equal texts.

    >>> encode([frozenset("ba"), None])
    b'[["a","b"],null]'
    """
    return _encoder.encode(value)
