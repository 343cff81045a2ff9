"""DOIs in a text: where one begins, whether it is one at all, and its normal form."""

from __future__ import annotations

import re
from typing import NamedTuple

from evidence.identifiers.decoding import INVISIBLE, Decoded, decode, how_of
from evidence.identifiers.endings import CUT, extent, plain_extent, settle
from evidence.identifiers.linebreaks import BREAK, LineEnd, judge_break
from evidence.records import Identifier
from evidence.vocabulary import Role, Scheme

_INVISIBLE = f"[{INVISIBLE}]*"
# The prefix (ISO 26324: "10." and the registrant's digits, perhaps in parts) with its slash, each perhaps escaped.
_BEGINNING = re.compile(
    rf"10(?:\.{_INVISIBLE}|\\\.|%(?:25)*2[Ee]|&\#46;|&period;|\uff0e)"
    rf"([1-9](?:{_INVISIBLE}[0-9]){{3,8}}(?:\.[0-9]{{1,9}}){{0,3}}){_INVISIBLE}"
    r"(/|\\/|%(?:25)*2[Ff]|&\#47;|&\#[xX]2[Ff];|&sol;|\\u002[Ff]|[\uff0f\u2044\u2215])",
)
_RUN = re.compile(r"[A-Za-z0-9._/()\-]*")
_WINDOW = 1200
_ADDRESS_WINDOW = 500
# Characters that end a DOI whatever follows them.
_STOPS = frozenset("\t |\"`*,>}'?#^!\u00a0\u2014\u00b7\u2019\u2018\u201c\u201d\u2022\u2020\u3002\uff0c\u3001\uff09")
_ROOM = re.compile(r"[\s<>\"'`{}|\\^]")
_ESCAPE = re.compile(r"%(?:25)*[0-9A-Fa-f]{2}$|\\[nrt]$")
_RESOLVER = re.compile(r"doi\.org(?:/|\\/|%(?:25)*2[Ff])(?:doi(?::|%3[Aa]))?$", re.IGNORECASE)
_VERSION_WORD = re.compile(r"(?:^|[^A-Za-z])(?:v|ver|version|rev|release|build)$", re.IGNORECASE)
_CUE = re.compile(r"doi", re.IGNORECASE)
_HAS_SIGN = re.compile(r"[A-Za-z0-9\u00c0-\u024f]")
_YEAR_PREFIX = re.compile(r"10\.(?:19|20)\d\d$")
_PLACEHOLDER_PART = re.compile(r"(?<![a-z0-9])x{2,}(?![a-z0-9])")
_PLACEHOLDER_WORDS = re.compile(
    r"(?:x{4,}|n{4,}|y{4}[.\-/]m{2}|0+|suffix|your[-_]?doi|placeholder|tbd|todo|pending|insert.*|unknown)$"
)
_JOURNAL = re.compile(r"\(issn\)", re.IGNORECASE)
_FUNDERS = "10.13039"  # the Open Funder Registry: its DOIs name funders
_ASCII_LOWER = {ord(upper): ord(upper) + 32 for upper in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


class _Read(NamedTuple):
    """The suffix of one DOI: its normal form, where it ends in the text, where to go on, and how it was read."""

    suffix: str
    end: int
    resume: int
    how: tuple[str, ...]


def find_dois(text: str, *, is_address: bool = False) -> list[Identifier]:
    """Return the DOIs in `text`, in order.

    Args:
        text: any text.
        is_address: the whole text is one address.
    """
    found: list[Identifier] = []
    position = 0
    glued_at = -1
    while beginning := _BEGINNING.search(text, position):
        start, position = beginning.span()
        if start != glued_at and not _may_begin(text, start):
            continue
        prefix = "10." + beginning.group(1)
        if not prefix.isascii():
            prefix = "".join(character for character in prefix if character.isascii())
        address = _address_before(text, start)
        in_address = is_address or bool(address)
        in_query = "?" in address or (is_address and "?" in text[:start])
        read = _read_suffix(text, beginning, prefix, address, in_query=in_query)
        if read is None:
            continue
        glued_at = position = max(position, read.resume)
        if not _is_doi(text, start, prefix, read.suffix, trusted=in_address):
            continue
        how = ("url", *read.how) if in_address else read.how
        found.append(
            Identifier(Scheme.DOI, f"{prefix}/{read.suffix}", start, read.end, text[start : read.end], Role.CITED, how),
        )
    return found


def _may_begin(text: str, start: int) -> bool:
    """Tell whether the character before lets a DOI begin: no number, version or date runs into it."""
    if start == 0:
        return True
    before = text[start - 1]
    if not before.isascii():
        return True
    if before.isalnum():
        if _is_escape(text, start):
            return True
        if before.isdigit():
            year = text[max(0, start - 5) : start]
            return year[-4:-2] in {"19", "20"} and len(year) > 3 and not year[:-4].isdigit()  # noqa: PLR2004
        return start > 1 and text[start - 2].isalpha() and not _VERSION_WORD.search(text, max(0, start - 9), start)
    if before in ".-/" and start > 1 and text[start - 2].isdigit():
        return before == "/" and not _YEAR_PREFIX.match(text[start : start + 7])
    return True


def _is_escape(text: str, start: int) -> bool:
    """Tell whether `%2F`, `\\n` or the like stands right before `start`."""
    return bool(_ESCAPE.search(text, max(0, start - 9), start))


def _address_before(text: str, start: int) -> str:
    """Return the part of an address that stands right before `start`, or ""."""
    if start == 0 or text[start - 1].isspace():
        return ""
    lowest = max(0, start - _ADDRESS_WINDOW)
    begin = text.rfind("://", lowest, start)
    if begin >= 0 and not _ROOM.search(text, begin, start):
        return text[begin:start]
    begin = text.rfind(":\\/\\/", lowest, start)
    if begin >= 0 and not _ROOM.search(text[begin:start].replace("\\/", "/")):
        return text[begin:start].replace("\\/", "/")
    resolver = _RESOLVER.search(text, max(0, start - 24), start)
    return resolver.group() if resolver else ""


def _read_suffix(text: str, beginning: re.Match[str], prefix: str, address: str, *, in_query: bool) -> _Read | None:
    position = beginning.end()
    run = _RUN.match(text, position, position + _WINDOW)
    assert run is not None
    end = run.end()
    after = text[end : end + 1]
    suffix = run.group()
    if (
        after in _STOPS
        or (after == "<" and text[end + 1 : end + 2] == "/")
        or (after in "\r\n" and suffix[-1:].isalnum())
    ):
        length = plain_extent(suffix)
        if length == CUT:
            return None
        if after in {"\n", "\r"}:
            return _read_slowly(text, beginning, prefix, address, in_query=in_query)
        settled = settle(prefix, suffix[:length], address)
        end = position + settled.length
        how = how_of(_kinds_of(beginning)) + settled.how
        return _Read(suffix[: settled.length].lower(), end, end, how)
    return _read_slowly(text, beginning, prefix, address, in_query=in_query)


def _read_slowly(text: str, beginning: re.Match[str], prefix: str, address: str, *, in_query: bool) -> _Read | None:
    """Read a suffix with escapes, brackets of older DOIs or a line break in it."""
    position = beginning.end()
    decoded = decode(text, position, position + _WINDOW)
    length = extent(decoded.meant, decoded.kinds, in_query=in_query)
    if length == CUT:
        return None
    decoded = _with_next_line(text, position, decoded, length, prefix, in_query=in_query)
    length = extent(decoded.meant, decoded.kinds, in_query=in_query)
    if length == CUT or not decoded.meant[:length]:
        return None
    settled = settle(prefix, _plain_dashes(decoded.meant[:length]), address)
    if not settled.length:
        return None
    kinds = "".join(
        "d" if kind == "r" and ord(character) > 0x2000 else kind  # noqa: PLR2004
        for character, kind in zip(decoded.meant[: settled.length], decoded.kinds, strict=False)
    )
    suffix = _plain_dashes(decoded.meant[: settled.length]).translate(_ASCII_LOWER)
    end = decoded.ends[settled.length - 1]
    return _Read(suffix, end, end, how_of(_kinds_of(beginning) + kinds) + settled.how)


def _with_next_line(text: str, position: int, decoded: Decoded, length: int, prefix: str, *, in_query: bool) -> Decoded:
    """Return `decoded` with what follows a line break, where that certainly belongs; empty where it is cut."""
    end = decoded.ends[length - 1] if length else position
    soft = 1 if text[end : end + 1] == "\u00ad" else 0
    line_break = BREAK.match(text, end + soft)
    if line_break is None:
        return decoded
    meant = decoded.meant[:length]
    verdict = judge_break(text, line_break.end(), prefix, meant)
    if verdict is LineEnd.ENDS:
        return decoded
    if verdict is LineEnd.CUT:
        return Decoded("", [], [], "")
    rest = decode(text, line_break.end(), line_break.end() + _WINDOW)
    size = extent(meant + rest.meant, decoded.kinds[:length] + rest.kinds, in_query=in_query)
    if size <= length:
        return Decoded("", [], [], "")
    return Decoded(
        meant + rest.meant[: size - length],
        decoded.starts[:length] + rest.starts,
        decoded.ends[:length] + rest.ends,
        decoded.kinds[:length] + "j" * (size - length),
    )


def _plain_dashes(meant: str) -> str:
    return meant if meant.isascii() else re.sub("[\u2012\u2013\u2212]", "-", meant)


def _kinds_of(beginning: re.Match[str]) -> str:
    """Return how the prefix was written, as kinds of `decoding.Decoded`."""
    written = beginning.group()
    if (
        written.isascii()
        and written.endswith("/")
        and "\\" not in written
        and "%" not in written
        and "&" not in written
    ):
        return ""
    kinds = "p" if "%" in written else ""
    kinds += "e" if "&" in written else ""
    return kinds + ("u" if "\\" in written or not written.isascii() else "")


def _is_doi(text: str, start: int, prefix: str, suffix: str, *, trusted: bool) -> bool:
    """Tell whether prefix and suffix can be a DOI of a work: no date, ratio, placeholder or journal."""
    if not _HAS_SIGN.search(suffix) or _JOURNAL.search(suffix) or prefix == _FUNDERS:
        return False
    if "(sici)" in suffix and ";2" not in suffix:
        return False
    if _is_placeholder(suffix):
        return False
    if trusted or _CUE.search(text, max(0, start - 12), start):
        return True
    if _YEAR_PREFIX.match(prefix):
        return not re.fullmatch(r"[\d.]{1,8}|[a-z]+", suffix)
    return not re.fullmatch(r"\d{1,2}", suffix)


def _is_placeholder(suffix: str) -> bool:
    if _PLACEHOLDER_WORDS.match(suffix):
        return True
    parts = _PLACEHOLDER_PART.findall(suffix)
    return len(parts) > 1 or (len(parts) == 1 and len(parts[0]) > 2 and not re.search(r"\d", suffix))  # noqa: PLR2004
