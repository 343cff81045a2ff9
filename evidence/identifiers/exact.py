"""DOIs in encoded addresses of the resolver: `https://doi.org/10.1000/abc%23def`.

What is percent-encoded there belongs to the DOI, whatever it is, for that is the work the address leads to. What is
not encoded ends it by the same rules as everywhere: the sentence, the markup and the query go on behind it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple
from urllib.parse import unquote

from evidence.identifiers.decoding import DASHES, Decoded
from evidence.identifiers.doubts import AMBIGUOUS, BROKEN
from evidence.identifiers.endings import CUT, TRAILING, extent, settle

RESOLVER = re.compile(r"doi[.-]org[\w.\-:]*(?:/|\\/)(?:doi(?::|%3A))?$", re.IGNORECASE)
# A path up to where it cannot go on.
PATH = re.compile(r"[^\s<>\"`{}|^?#]*")
_PLAIN = re.compile(r"[A-Za-z0-9/:().\-_]")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
# The signs that older DOIs are full of: an escape of one that is left behind decoding was written twice.
_OF_OLDER = frozenset({"%28", "%29", "%3c", "%3e", "%5b", "%5d", "%3a", "%3b", "%2f"})
_LONG_DASH = re.compile(rf"(?<=\d)[{DASHES}](?=\d|[wxyzWXYZ](?![A-Za-z0-9]))")
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}
_SEPARATORS = "/,;|"
_NO_TEXT = frozenset({"Cc", "Cs"})
_CLOSING_MARKS = "\"'`*\u201c\u201d\u2018\u2019\u00bb|\\"


class Exact(NamedTuple):
    """The suffix of a DOI that an encoded address names, and how it was read; or why it cannot be told.

    Attributes:
        suffix: as it is registered but for the case, or "".
        length: how many of the decoded characters it takes.
        reached: how many of them are looked at: behind them the sentence goes on.
        how: what reading took beyond copying and decoding.
        why: why the suffix cannot be told, or "".
    """

    suffix: str
    length: int
    reached: int
    how: tuple[str, ...] = ()
    why: str = ""


def levels_of(beginning: str) -> int:
    """Return how often an address was encoded, by the slash behind the DOI's prefix; a plain slash is not encoded.

    >>> levels_of("10.1000/"), levels_of("10.1000%2F"), levels_of("10.1000%252F")
    (1, 1, 2)
    """
    return 1 + beginning.count("25", beginning.rfind("%")) if beginning[-1] != "/" else 1


def read_exact(prefix: str, decoded: Decoded, *, is_followed: bool) -> Exact:
    """Return the suffix that `decoded` holds, what stands behind the prefix in an address, decoded once.

    Args:
        prefix: the DOI's prefix.
        decoded: the rest of the address.
        is_followed: the next DOI stands right behind it, so that a separator in between is no part of it.
    """
    meant, kinds = decoded.meant, decoded.kinds
    reached = extent(meant, kinds, in_query=False, is_exact=True)
    if reached == CUT:
        return Exact("", 0, len(meant))
    end = _without_dirt(meant, kinds, reached, _SEPARATORS if is_followed and reached == len(meant) else "/")
    whole = meant[:end]
    why = _why_broken(whole) or _why_cut_out(whole, kinds)
    settled = settle(prefix, whole)
    # What a publisher adds comes off, but nothing that had to be encoded: that is the DOI's own.
    last = kinds.rfind("p", 0, end)
    while last >= 0 and "%" not in whole and (kinds[last] != "p" or _PLAIN.match(meant, last)):
        last -= 1
    if settled.length > last and not why:
        whole, end, how = whole[: settled.length], settled.length, settled.how
    else:
        how = ()
    if not whole:
        return Exact("", 0, reached)
    dashed = _LONG_DASH.sub("-", whole)
    if dashed != whole:
        how += ("dash-normalized",)
    if why:
        return Exact(dashed, end, reached, (), why)
    decoded_again = _decode_again(dashed)
    return Exact(decoded_again or dashed, end, reached, how, "" if decoded_again else AMBIGUOUS)


def _without_dirt(meant: str, kinds: str, length: int, dirt: str) -> int:
    """Return where the DOI ends: signs of the sentence are off, and white space and slashes, also encoded ones."""
    end = length
    while end and (
        meant[end - 1].isspace() or meant[end - 1] in dirt or (kinds[end - 1] != "p" and meant[end - 1] in TRAILING)
    ):
        end -= 1
    return end


def _why_broken(suffix: str) -> str:
    return BROKEN if any(unicodedata.category(one) in _NO_TEXT or one == "\ufffd" for one in suffix) else ""


def _why_cut_out(suffix: str, kinds: str) -> str:
    """Tell whether the sign at an end, an encoded one, is more likely what the address was cut out with."""
    if suffix[:1].isspace():
        return AMBIGUOUS
    last = suffix[-1:]
    if not last or kinds[len(suffix) - 1] != "p":
        return ""
    if opening := _PAIRS.get(last):
        return AMBIGUOUS if suffix.count(opening) < suffix.count(last) else ""
    return AMBIGUOUS if last in TRAILING or last in _CLOSING_MARKS else ""


def _decode_again(suffix: str) -> str:
    """Return a suffix without the escapes that are left in it where it was encoded twice, or "" where nobody knows."""
    try:
        again = unquote(suffix, errors="strict")
    except UnicodeDecodeError:
        return suffix
    is_twice = all(escape.lower() in _OF_OLDER for escape in _ESCAPE.findall(suffix))
    return again if is_twice else ""
