"""DOIs in a text: where one begins, whether it is one at all, and its normal form."""

from __future__ import annotations

import re
from typing import NamedTuple

from evidence.identifiers.decoding import DASHES, INVISIBLE, Decoded, decode, how_of
from evidence.identifiers.doubts import AMBIGUOUS, TAIL, Doubt, Ending, doubt_of
from evidence.identifiers.endings import CUT, PREPRINT_PREFIXES, TRAILING, extent, plain_extent, settle
from evidence.identifiers.exact import PATH, RESOLVER, levels_of, read_exact
from evidence.identifiers.folding import fold_doi
from evidence.identifiers.linebreaks import BREAK, LineEnd, judge_break
from evidence.identifiers.markup import closes_within, is_cut_by_signs
from evidence.identifiers.shapes import SHAPED, complete_length
from evidence.records import Identifier
from evidence.vocabulary import Role, Scheme

_INVISIBLE = f"[{INVISIBLE}]*"
# The prefix (ISO 26324: "10." and the registrant's digits, perhaps in parts) with its slash, each perhaps escaped.
_BEGINNING = re.compile(
    rf"10(?:\.{_INVISIBLE}|\\\.|%(?:25)*2[Ee]|&\#46;|&period;|\uff0e)"
    rf"([1-9](?:{_INVISIBLE}[0-9]){{3,8}}(?:\.[0-9]{{1,9}}){{0,3}}){_INVISIBLE}"
    r"(/|\\/|%(?:25)*2[Ff]|&\#47;|&\#[xX]2[Ff];|&sol;|\\u002[Ff]|[\uff0f\u2044\u2215])",
)
# Where a prefix may begin; and, in its groups (a resolver, the registrant, the suffix), the whole of a DOI that leaves
# nothing to decide: behind white space, an opening mark, `doi:` or a resolver's address; words of letters and digits
# with single signs between them, the last one a number or a check character; and a sign behind it that ends it. The
# pattern begins with one fixed letter: such a one is found at the speed of a plain search.
_PLACE = re.compile(
    rf"1(?=0(?:\.[0-9{INVISIBLE}]{{4}}|\\\.|%2|&(?:\#46|period);|\uff0e))(?:"
    r"(?:(?<=[\s(\[{|\"'`<>]1)|(?<=[\s(]doi:1)|(?<=[\s(]DOI:1)|((?<=://doi\.org/1)|(?<=://dx\.doi\.org/1)))"
    r"0\.(?!(?:19|20)\d\d/|13039/)([1-9][0-9]{3,8}+)/(?!insert|0000|\d\d?(?!\w|[._\-]\w))"
    r"([a-z0-9]{1,40}+(?![\w.(/\-])"
    r"|(?:[a-z]{2,14}/(?=[a-z]{0,8}[0-9]{3,9}(?![\w./\-])))?"
    r"[A-Za-z0-9]{1,40}+(?:[._\-][A-Za-z0-9]{1,30}+){0,8}"
    r"(?:(?<=[0-9])|(?<=\.x)|(?<=-[w-z])|\([0-9]{2}\)[0-9]{5}-[0-9xX](?!\w)))"
    r"(?=[.,;:]?(?:\s|\Z)|[)\]|\"`*>}']|</))?"
)
_RUN = re.compile(r"[A-Za-z0-9._/()\-]*")
_WINDOW = 1200
_LONGEST_PREFIX = 100
_MOST_INSIDE = 4  # what looks like a prefix inside one DOI
_URL = ("url",)
_DOI, _CITED = Scheme.DOI, Role.CITED
_LINE_END = re.compile(r"[.,;:]?[ \t]{0,3}[\r\n]")
_ADDRESS_WINDOW = 500
# Characters that end a DOI whatever follows them.
_STOPS = frozenset("\t |\"`*,>}'?#^!\u00a0\u2014\u00b7\u2019\u2018\u201c\u201d\u2022\u2020\u3002\uff0c\u3001\uff09")
# Those of them that may also go on: `10.1000/abc,def`.
_DOUBTFUL = frozenset(",?#!")
# What a doubt shows: the word that the DOI stands in.
_WORD = re.compile(r"(?:(?!\]\()[^\s<>\"`|]){1,120}")
_BEHIND_WORD = ".,;:)]}'*_"
_NESTED = re.compile(r"=https?:\\?/\\?/[^\s/\\]{1,120}\\?/(?:doi:)?$", re.IGNORECASE)
_MEANS_TWO = re.compile(r"[?#%]")
_LEVELS = re.compile(r"%((?:25)*)[0-9A-Fa-f]{2}")
_ROOM = re.compile(r"[\s<>\"'`{}|\\^\[\](),]")
_ESCAPE = re.compile(r"%(?:25)*[0-9A-Fa-f]{2}$|\\[nrt]$")
_RESOLVER = re.compile(r"doi\.org(?:/|\\/|%(?:25)*2[Ff])(?:doi(?::|%3[Aa]))?$", re.IGNORECASE)
_INNER = frozenset("0123456789.-_")
_ORDINARY = re.compile(r"10\.(?!(?:19|20)\d\d/)[1-9]\d{3,4}/[A-Za-z]")
_ADDRESS_TAIL = re.compile(
    r"(?:full|abstract|e?pdf|html|meta|summary|suppl|references|figures|tables|-/dc|tab-|article|short|long)",
    re.IGNORECASE,
)
_VERSION_WORD = re.compile(r"(?:^|[^A-Za-z])(?:v|ver|version|rev|release|build)[-_]?$", re.IGNORECASE)
_CUE = re.compile(r"doi", re.IGNORECASE)
_HAS_SIGN = re.compile(r"[^\W_]")
_YEAR_PREFIX = re.compile(r"10\.(?:19|20)\d\d$")
_PLACEHOLDER_PART = re.compile(r"(?<![a-z0-9])x{2,}(?![a-z0-9])")
_PLACEHOLDER_WORDS = re.compile(
    r"(?:x{4,}|n{4,}|y{4}[.\-/]m{2}|0{4,}|suffix|your[-_]?doi|placeholder|tbd|todo|pending|insert.*|unknown)$"
)
_JOURNAL = re.compile(r"\(issn\)", re.IGNORECASE)
_OTHER_HANDLE = re.compile(r"handle\.net/.")  # 2027/10.1234/x is a handle of 2027
_FUNDERS = "10.13039"  # the Open Funder Registry: its DOIs name funders
_PLAIN_DASH = dict.fromkeys(map(ord, DASHES), "-")
_NOTHING = Decoded("", [], [], "")


class _Beginning(NamedTuple):
    """A prefix and its slash: where they stand, what may follow, and how they were written (as `Decoded.kinds`).

    `limit` is where the next prefix stands, at most a window away: what is read once is not read again, so the time is
    linear in the text.
    """

    text: str
    start: int
    end: int
    limit: int
    prefix: str
    kinds: str
    address: str
    in_query: bool


class _Read(NamedTuple):
    """The suffix of one DOI: its normal form, where it ends in the text, and how it was read.

    `suffix` is empty where there is none. `reached` is where the stretch of text ends that belongs to it, whatever of
    it is kept: what lies before is not looked at again, and the next DOI may be glued there. `why` says why nobody can
    tell that the suffix is whole, or is "".
    """

    suffix: str
    end: int
    reached: int
    how: tuple[str, ...] = ()
    why: str = ""


class FoundDois(NamedTuple):
    """The DOIs of a text, and the places of those that cannot be told, each in order."""

    identifiers: list[Identifier]
    doubts: list[Doubt]


def find_dois(text: str, *, is_address: bool = False) -> FoundDois:
    """Return the DOIs in `text`, and where one stands that cannot be told.

    Args:
        text: any text.
        is_address: the whole text is one address.
    """
    found: list[Identifier] = []
    doubts: list[Doubt] = []
    reached = 0
    glued_at = -1
    query_at = text.find("?") if is_address else -1
    for place in _PLACE.finditer(text):
        start = place.start()
        if start < reached:
            continue
        if not is_address and (plain := _read_plain(place)):
            found.append(plain)
            continue
        match = _BEGINNING.match(text, start)
        if match is None:
            continue
        reached = match.end()
        if start != glued_at and not _may_begin(text, start):
            continue
        address = _address_before(text, start)
        in_address = is_address or bool(address)
        beginning = _Beginning(
            text,
            start,
            reached,
            _limit_of(text, reached),
            _prefix_of(match),
            _kinds_of(match),
            address,
            "?" in address or 0 <= query_at < start,
        )
        read = _read_suffix(beginning)
        glued_at = reached = read.reached
        # Cut in two by signs of Markdown: one half would be another work's.
        if is_cut_by_signs(text, read.end):
            continue
        if read.suffix and _is_doi(beginning, read.suffix, trusted=in_address):
            if read.why:
                doubts.append(_doubtful_word(text, start, read))
            else:
                found.append(_identifier(beginning, read, in_address=in_address))
    return FoundDois(found, doubts)


def _doubtful_word(text: str, start: int, read: _Read) -> Doubt:
    word = _WORD.match(text, start)
    length = len(word.group().rstrip(_BEHIND_WORD)) if word else 0
    end = max(read.end, start + length)
    return Doubt(start, end, text[start:end], read.why)


def _read_plain(place: re.Match[str]) -> Identifier | None:
    """Return the DOI that `_PLACE` matched as a whole, or None where its end or its being one has to be judged."""
    written, resolver, registrant, suffix = place.group(0, 1, 2, 3)
    if suffix is None:
        return None
    value = fold_doi(written)
    prefix = f"10.{registrant}"
    start, end = place.span()
    if not _ends_for_certain(place.string, end, prefix, suffix):
        return None
    # Parts of placeholders, and the beginnings of what may be glued.
    if "xx" in suffix or "www." in suffix or "doi.o" in suffix or "pm" in suffix:
        return None
    if suffix.isalpha() and _is_placeholder(suffix):
        return None
    if value != written and settle(prefix, suffix).length != len(suffix):
        return None
    how = () if resolver is None else _URL
    return tuple.__new__(Identifier, (_DOI, value, start, end, written, _CITED, how))


def _ends_for_certain(text: str, end: int, prefix: str, suffix: str) -> bool:
    """Tell whether nothing is glued to a DOI, and it does not go on in the next line or behind markup."""
    if closes_within(text, end) or is_cut_by_signs(text, end):
        return False
    if prefix in SHAPED:
        length = complete_length(prefix, suffix)
        return length == len(suffix) or (not length and not _LINE_END.match(text, end))
    if prefix in PREPRINT_PREFIXES and "v" in suffix:
        return False
    return text[end : end + 1] != "." or not _LINE_END.match(text, end)


def _limit_of(text: str, end: int) -> int:
    """Return where the next DOI's prefix stands, at most a window behind `end`."""
    limit = min(end + _WINDOW, len(text))
    following = _BEGINNING.search(text, end, limit + _LONGEST_PREFIX)
    for _ in range(_MOST_INSIDE):
        if following is None or _is_own(text, end, following):
            break
        following = _BEGINNING.search(text, following.end(), limit + _LONGEST_PREFIX)
    return min(limit, following.start()) if following else limit


def _is_own(text: str, end: int, following: re.Match[str]) -> bool:
    """Tell whether a prefix that follows is a DOI's own, not `110.123456/full` inside the one that ends before it."""
    start = following.start()
    if not _ADDRESS_TAIL.match(text, following.end()) and (
        text[start - 1] not in _INNER or _ORDINARY.match(text, start)
    ):
        return True
    return bool(_ROOM.search(text, end, start)) or complete_length(*_parts(text, end, start)) == start - end


def _parts(text: str, end: int, start: int) -> tuple[str, str]:
    """Return the prefix that ends before `end`, and the text from there to `start`."""
    before = text.rfind("10.", max(0, end - 32), end)
    return text[before : end - 1], text[end:start]


def _identifier(beginning: _Beginning, read: _Read, *, in_address: bool) -> Identifier:
    how = ("url", *read.how) if in_address else read.how
    written = beginning.text[beginning.start : read.end]
    value = f"{beginning.prefix}/{read.suffix}"
    return Identifier(Scheme.DOI, value, beginning.start, read.end, written, Role.CITED, how)


def _may_begin(text: str, start: int) -> bool:  # noqa: PLR0911 -- one return for each reason
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
    if before == "@" and start > 1 and text[start - 2].isalnum():
        return False  # as in `package@10.1234/file`
    if before in "-_" and _VERSION_WORD.search(text, max(0, start - 9), start):
        return False
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


def _read_suffix(beginning: _Beginning) -> _Read:
    """Read the suffix: at once where nothing in it wants decoding, which is nearly always."""
    if beginning.address and (encoded := _read_encoded(beginning)) is not None:
        return encoded
    text, position = beginning.text, beginning.end
    run = _RUN.match(text, position, beginning.limit)
    assert run is not None
    end = run.end()
    after = text[end : end + 1]
    if end != beginning.limit and (
        (after not in _STOPS and not (after == "<" and text[end + 1 : end + 2] == "/" and not closes_within(text, end)))
        or (after in " \t" and _LINE_END.match(text, end))
    ):
        return _read_slowly(beginning)
    suffix = run.group()
    length = plain_extent(suffix)
    if length == CUT:
        return _Read("", position, end)
    settled = settle(beginning.prefix, suffix[:length], beginning.address)
    how = how_of(beginning.kinds) + settled.how if beginning.kinds else settled.how
    why = ""
    if after in _DOUBTFUL and length == len(suffix):
        why = _doubt(beginning, suffix, settled.length, text[end : min(end + TAIL, beginning.limit)], "r")
    return _Read(fold_doi(suffix[: settled.length]), position + settled.length, position + length, how, why)


def _read_encoded(beginning: _Beginning) -> _Read | None:
    """Read a suffix from an address of the resolver that is percent-encoded, or return None where it is none."""
    text, end = beginning.text, beginning.end
    if beginning.in_query or not RESOLVER.search(beginning.address):
        return None
    path = PATH.match(text, end, beginning.limit)
    assert path is not None
    if "%" not in path.group() and "p" not in beginning.kinds:
        return None
    levels = levels_of(text[beginning.start : end])
    decoded = decode(text, end, beginning.limit, keep_spaces=True, levels=levels)
    if not decoded.meant:
        return _Read("", end, end)
    is_followed = decoded.ends[-1] == beginning.limit and _BEGINNING.match(text, beginning.limit) is not None
    exact = read_exact(beginning.prefix, decoded, is_followed=is_followed)
    reached = decoded.ends[exact.reached - 1] if exact.reached else end
    if not exact.suffix:
        return _Read("", end, reached)
    if exact.why == "" and _NESTED.search(text, max(0, beginning.start - _ADDRESS_WINDOW), beginning.start):
        # What a query holds was encoded for it, or not: `url=https://doi.org/10.1000/abc%23d`.
        exact = exact._replace(why=AMBIGUOUS if _MEANS_TWO.search(exact.suffix) else "")
    why = exact.why or _doubt(
        beginning,
        decoded.meant[: exact.reached],
        exact.length,
        decoded.meant[exact.reached :],
        decoded.kinds[exact.reached :],
    )
    how = how_of(beginning.kinds + decoded.kinds[: exact.length]) + exact.how
    return _Read(fold_doi(exact.suffix), decoded.ends[exact.length - 1], reached, how, why)


def _read_slowly(beginning: _Beginning) -> _Read:
    """Read a suffix with escapes, brackets of older DOIs or a line break in it."""
    decoded = decode(beginning.text, beginning.end, beginning.limit)
    length = extent(decoded.meant, decoded.kinds, in_query=beginning.in_query)
    if length == CUT and decoded.kinds.endswith("t"):
        known = complete_length(beginning.prefix, decoded.meant)
        length = known if known == len(decoded.meant) - 1 else CUT
    if length == CUT:
        return _Read("", beginning.end, decoded.ends[-1])
    longer = _with_next_line(beginning, decoded, length)
    if longer is not decoded:
        decoded = longer
        length = extent(decoded.meant, decoded.kinds, in_query=beginning.in_query)
    if length < 0 or not decoded.meant:
        return _Read("", beginning.end, beginning.end)
    tail = decoded.meant[length:]
    if tail and tail[-1].isspace() and decoded.ends[-1] < beginning.limit:
        tail += beginning.text[decoded.ends[-1]]
    if length == 0:
        why = _doubt(beginning, "", 0, tail, decoded.kinds)
        return _Read(tail[:1] if why else "", beginning.end, beginning.end, (), why)
    meant = _plain_dashes(decoded.meant[:length])
    settled = settle(beginning.prefix, meant, beginning.address)
    if not settled.length:
        return _Read("", beginning.end, decoded.ends[length - 1])
    kinds = decoded.kinds[: settled.length]
    if meant != decoded.meant[:length]:
        kinds += "d"
    suffix = fold_doi(meant[: settled.length])
    how = how_of(beginning.kinds + kinds) + settled.how
    why = ""
    if tail:
        place = decoded.starts[length] if length < len(decoded.meant) else beginning.limit
        why = _doubt(beginning, meant, settled.length, tail, decoded.kinds[length:], place)
    return _Read(suffix, decoded.ends[settled.length - 1], decoded.ends[length - 1], how, why)


def _doubt(beginning: _Beginning, suffix: str, length: int, tail: str, kinds: str, place: int = 0) -> str:
    """Return why it cannot be told whether the DOI ends before `tail`; where something was glued to it, it does.

    `place` is where the tail stands in the text, if it may be encoded.
    """
    if len(suffix.rstrip(TRAILING)) > length or complete_length(beginning.prefix, suffix) == length > 0:
        return ""
    text, start = beginning.text, beginning.start
    return doubt_of(
        Ending(
            tail=tail[:TAIL],
            kind=kinds[:1],
            last=suffix[-1:] or "/",
            before=text[start - 1 : start],
            in_address=bool(beginning.address),
            in_query=beginning.in_query,
            encoded="p" in beginning.kinds and not _is_deeper(beginning, place),
        )
    )


def _is_deeper(beginning: _Beginning, place: int) -> bool:
    """Tell whether the sign at `place` is encoded once more than the DOI's own slash."""
    found = _LEVELS.match(beginning.text, place)
    return found is not None and 1 + found.group(1).count("25") > levels_of(
        beginning.text[beginning.start : beginning.end]
    )


def _with_next_line(beginning: _Beginning, decoded: Decoded, length: int) -> Decoded:
    """Return `decoded` with what follows a line break, where that certainly belongs; empty where it is cut."""
    text = beginning.text
    end = decoded.ends[length - 1] if length else beginning.end
    soft = 1 if text[end : end + 1] == "\u00ad" else 0
    line_break = BREAK.match(text, end + soft)
    if line_break is None:
        return decoded
    meant = decoded.meant[:length]
    verdict = judge_break(text, line_break.end(), beginning.prefix, meant, hyphenated=soft > 0)
    if verdict is LineEnd.ENDS:
        return decoded
    if verdict is LineEnd.CUT:
        return _NOTHING
    rest = decode(text, line_break.end(), beginning.limit)
    size = extent(meant + rest.meant, decoded.kinds[:length] + rest.kinds, in_query=beginning.in_query)
    if size <= length:
        return _NOTHING
    return Decoded(
        meant + rest.meant[: size - length],
        decoded.starts[:length] + rest.starts,
        decoded.ends[:length] + rest.ends,
        decoded.kinds[:length] + "j" * (size - length),
    )


def _plain_dashes(meant: str) -> str:
    return meant if meant.isascii() else meant.translate(_PLAIN_DASH)


def _prefix_of(match: re.Match[str]) -> str:
    registrant: str = match.group(1)
    if not registrant.isascii():
        registrant = "".join(character for character in registrant if character.isascii())
    return f"10.{registrant}"


def _kinds_of(match: re.Match[str]) -> str:
    """Return how the prefix was written, as kinds of `decoding.Decoded`."""
    if match.end() - match.start() == match.end(1) - match.start(1) + len("10./") and match.group(2) == "/":
        return ""
    written = match.group()
    kinds = "p" if "%" in written else ""
    kinds += "e" if "&" in written else ""
    return kinds + ("u" if "\\" in written or not written.isascii() else "")


def _is_doi(beginning: _Beginning, suffix: str, *, trusted: bool) -> bool:  # noqa: PLR0911 -- one return for each reason
    """Tell whether prefix and suffix can be a DOI of a work: no date, ratio, placeholder or journal."""
    prefix = beginning.prefix
    if _OTHER_HANDLE.search(beginning.address):
        return False
    if not _HAS_SIGN.search(suffix) or _JOURNAL.search(suffix) or prefix == _FUNDERS:
        return False
    if "(sici)" in suffix and ";2" not in suffix:
        return False
    if _is_placeholder(suffix):
        return False
    if trusted or _CUE.search(beginning.text, max(0, beginning.start - 12), beginning.start):
        return True
    if _YEAR_PREFIX.match(prefix):
        return not re.fullmatch(r"[\d.]{1,8}|[a-z]+", suffix)
    return not re.fullmatch(r"\d{1,2}", suffix)


def _is_placeholder(suffix: str) -> bool:
    if _PLACEHOLDER_WORDS.match(suffix):
        return True
    if "xx" not in suffix:
        return False
    parts = _PLACEHOLDER_PART.findall(suffix)
    return len(parts) > 1 or any(len(part) > 2 for part in parts)  # noqa: PLR2004 -- "xx" alone is in real ones
