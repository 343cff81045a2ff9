"""Where a DOI ends: what a publisher, a page or a sentence added to it.

Two steps. `extent` walks over what was meant and stops at the first character that cannot belong: an unmatched
bracket, a quotation mark, a tag, a query. `settle` then takes off what belongs to the sentence (a full stop), to
the publisher's address (`/full`), to a preprint's version (`v2`) or to the next cell (`Mouse`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from evidence.identifiers.decoding import DASHES
from evidence.identifiers.doubts import is_accent, is_letter_of_doi
from evidence.identifiers.shapes import complete_length

MAX_LENGTH = 300

CUT = -1
_STOP = -2
_GO = -3
_ELLIPSIS = re.compile(r"\.\.\.|…|\[(?:\.\.\.|…)\]|\((?:\.\.\.|…)\)|\. \. \.")
_CONTINUES = re.compile(r"[A-Za-z0-9]")
_PARAMETER = re.compile(r"[&;](?:amp;)?[A-Za-z][\w.-]{0,30}=")
# Z39.56: <location:title>version.medium.form;number-check. Wiley's check characters go beyond the standard's.
_SICI_END = r"\d\.\d\.[A-Za-z]{2};\d(?:-(?!\*\*)[0-9A-Za-z#+@!*$&=~?])?"
_ANGLE = re.compile(rf"[<¡][\w.\-,:+()]{{0,24}}:[^<>¡¿\s]{{0,60}}[>¿]{_SICI_END}")
_SQUARE = re.compile(rf"\[[\w.\-]{{0,24}}:[^\[\]\s]{{0,60}}\]{_SICI_END}")
_SICI_BEGUN = re.compile(r"[<\[¡][A-Za-z]{0,2}\d{1,6}:")
_STRUCK_OUT = re.compile(r"~~+[A-Za-z0-9]")
# After a dash: a number, or the check character of a PII or of Springer Nature's numbers.
_AFTER_DASH = re.compile(r"\d|[wxyzWXYZ](?![A-Za-z0-9])")
_LONE_SICI_END = re.compile(r"\.[A-Za-z]{2};\d(?:-[0-9A-Za-z#+@!*$&=~?])?(?![A-Za-z0-9])")
_OPEN_PII = re.compile(r"\d{4}-\d{3}[\dxX]$")

_GLUE = re.compile(
    r"https?:|doi:|(?<=.)(?:PMC?ID|pmc?ids?[:=]|PMC\d{5}|PubMed|[Dd][Oo][Ii](?::|\.org|\s?=)|DOI|www\.|Epub)",
)
# None of 40,000 registered DOIs has a word with a capital behind its last number; one had its title glued to it.
_NEXT_WORD = re.compile(r"(?<=\d)(?:\.[A-Z][a-z]+|\.?[A-Z][a-z]{2,}(?:(?:19|20)\d\d)?)$")
_ADDRESS_PATH = re.compile(
    r"(?<=.)/(?:"
    r"(?:abstract|summary|meta|epdf|pdfdirect|pdfft|pdfplus|_pdf|_article|full-text|citedby|metrics|issuetoc|otherversions"
    r"|epub|enhanced|reader|download|agency|citations|tab-[\w-]+|article-info|peer-review|keywords|suppinfo|supplemental|supplementary[\w-]*)/?$"
    r"|(?:full|fulltext|pdf|html|xml|figures?|tables?|suppl|references)(?:[/.][\w./+-]*)?$"
    r"|(?:mediaobjects|suppl_file|asset|transform|-/dc\d?)(?:/.*)?$"
    r")",
    re.IGNORECASE,
)
_ADDRESS_ENDING = re.compile(
    r"(?<=.)(?:\.(?:full-text|fulltext|full|abstract|short|long|extract|e?pdf|epub|x?html?|xml|jats|article-info"
    r"|article-metrics|figures-only|figures|supplementary-material|citation|svg))+(?:\+html)?$",
    re.IGNORECASE,
)
_PREPRINT = re.compile(
    r"(?:\d{4}\.\d\d\.\d\d\.)?\d{6,8}(?=v\d{1,2}(?![\w])|v\d{1,2}\.(?:full|abstract|supp|article))", re.IGNORECASE
)
PREPRINT_PREFIXES = frozenset({"10.1101", "10.64898"})
_PLOS_PART = re.compile(r"(journal\.p[a-z]{3}\.\d{7})\.[a-z]\d{3}$", re.IGNORECASE)
_OXFORD_TAIL = re.compile(
    r"(.+\.\d{3}\.\d{4})/[a-z]+-\d{13}\b.*$|([a-z_]+/[a-z]{1,8}\d[a-z0-9]*)/\d{5,9}$",
    re.IGNORECASE,
)
# Registered with its ending, unlike all others that were seen.
_HEALTH_AFFAIRS = re.compile(r"(?:hblog|forefront)[\d.]+/full", re.IGNORECASE)
# Silverchair's addresses (`/article/doi/10.1093/brain/awaa123/5870427/Title`) go on with a number of their own.
_SILVERCHAIR = re.compile(r"/[a-z\-]*article[a-z\-]*/doi/$", re.IGNORECASE)
_SILVERCHAIR_TAIL = re.compile(r"(?<=.)/\d{4,9}(?:/[^/]*)?$")
# A badge's address goes on with its colour: `shields.io/badge/DOI-10.5281%2Fzenodo.1234567-blue`.
_BADGE = re.compile(r"shields\.io/badge/")
_BADGE_COLOUR = re.compile(r"(?<=.)-[A-Za-z0-9]+$")
_BRACKETS = (("(", ")"), ("[", "]"), ("<", ">"))
TRAILING = ".,:;_-/~@=&'"


class Settled(NamedTuple):
    """How many characters of the suffix are the DOI's, and why others are not."""

    length: int
    how: tuple[str, ...]


class _Walk(NamedTuple):
    """What a judge of one character sees: the text, its place in it, and the brackets that are open."""

    meant: str
    kinds: str
    opened: list[int]
    in_query: bool


def extent(meant: str, kinds: str, *, in_query: bool, is_exact: bool = False) -> int:
    """Return how many characters of `meant`, a DOI's suffix and what follows, can belong to it.

    Args:
        meant: the decoded text.
        kinds: for each character how it was written (see `decoding.Decoded`).
        in_query: the DOI stands in the query of an address, where `&` begins the next parameter.
        is_exact: what is percent-encoded belongs, whatever it is.

    Returns:
        A length, or `CUT` where the DOI is certainly not written in full.
    """
    walk = _Walk(meant, kinds, [], in_query)
    index = 0
    size = min(len(meant), MAX_LENGTH + 1)
    while index < size:
        character = meant[index]
        if not ((character.isascii() and character.isalnum()) or (is_exact and kinds[index] == "p")):
            step = _JUDGES.get(character, _at_other)(walk, index)
            if step == _STOP:
                break
            if step != _GO:
                return step
        index += 1
    if index > MAX_LENGTH:
        return CUT
    return _without_open_bracket(meant, walk.opened, index)


def _at_point(walk: _Walk, index: int) -> int:
    return CUT if _ELLIPSIS.match(walk.meant, index) else _GO


def _at_plus(walk: _Walk, index: int) -> int:
    """In a query a plus stands for a space."""
    return _STOP if walk.in_query and walk.kinds[index] == "r" else _GO


def _at_tilde(walk: _Walk, index: int) -> int:
    """Stop where a word stands behind the end of what is struck out; elsewhere such an end comes off by itself."""
    return _STOP if _STRUCK_OUT.match(walk.meant, index) else _GO


def _at_opening(walk: _Walk, index: int) -> int:
    if _ELLIPSIS.match(walk.meant, index):
        return CUT
    walk.opened.append(index)
    return _GO


def _at_closing(walk: _Walk, _index: int) -> int:
    if not walk.opened:
        return _STOP
    walk.opened.pop()
    return _GO


def _at_sici(walk: _Walk, index: int) -> int:
    """Take an older DOI's `<title>` or `[title]` with its end, or stop before a tag or a mark."""
    pattern = _SQUARE if walk.meant[index] == "[" else _ANGLE
    if found := pattern.match(walk.meant, index):
        return found.end()
    cut = _ELLIPSIS.match(walk.meant, index) or _SICI_BEGUN.match(walk.meant, index)
    return CUT if cut else _STOP


def _at_semicolon(walk: _Walk, index: int) -> int:
    if index >= 3 and (found := _LONE_SICI_END.match(walk.meant, index - 3)):  # noqa: PLR2004 -- ".co" before it
        return found.end()
    return _GO if walk.opened and _CONTINUES.match(walk.meant, index + 1) else _STOP


def _at_ampersand(walk: _Walk, index: int) -> int:
    if walk.in_query and walk.kinds[index] != "p":
        return _STOP
    goes_on = _CONTINUES.match(walk.meant, index + 1) and not _PARAMETER.match(walk.meant, index)
    return _GO if goes_on else _STOP


def _at_dash(walk: _Walk, index: int) -> int:
    """Take a dash between numbers for the hyphen that it once was."""
    follows = _AFTER_DASH.match(walk.meant, index + 1)
    return _GO if follows and walk.meant[index - 1 : index].isdigit() else _STOP


def _at_other(walk: _Walk, index: int) -> int:
    character = walk.meant[index]
    if character == "\u2026" or character.isdecimal() or "\uff21" <= character <= "\uff5a":
        return CUT
    if is_accent(character):
        return _GO if walk.meant[index - 1 : index].isalpha() else _STOP
    return _GO if is_letter_of_doi(character) else _STOP


_JUDGES: dict[str, Callable[[_Walk, int], int]] = {
    **dict.fromkeys("-_/:@=", lambda _walk, _index: _GO),
    **dict.fromkeys("<[\u00a1", _at_sici),
    **dict.fromkeys(DASHES, _at_dash),
    ".": _at_point,
    "+": _at_plus,
    "~": _at_tilde,
    "(": _at_opening,
    ")": _at_closing,
    ";": _at_semicolon,
    "&": _at_ampersand,
}


def plain_extent(run: str) -> int:
    """Return the same as `extent` for a run of letters, digits and `.-_/()` that nothing was decoded in."""
    if "..." in run:
        return CUT
    end = len(run)
    if end > MAX_LENGTH:
        return CUT
    if "(" not in run and ")" not in run:
        return end
    opened: list[int] = []
    for index, character in enumerate(run):
        if character == "(":
            opened.append(index)
        elif character == ")":
            if not opened:
                return index
            opened.pop()
    return _without_open_bracket(run, opened, end)


def settle(prefix: str, suffix: str, address: str = "") -> Settled:
    """Return how much of `suffix` is the DOI's own; `address` is the part of an address that stands before it.

    >>> settle("10.1101", "2020.01.01.123456v2.full.pdf")
    Settled(length=17, how=('version-stripped', 'suffix-stripped'))
    """
    how: list[str] = []
    glued = _GLUE.search(suffix)
    if glued:
        suffix = suffix[: glued.start()]
        for opening, closing in _BRACKETS:
            while suffix.count(opening) > suffix.count(closing):
                suffix = suffix[: suffix.rindex(opening)]
    suffix = suffix.rstrip(TRAILING)
    if prefix in PREPRINT_PREFIXES and (found := _PREPRINT.match(suffix)):
        how.append("version-stripped")
        if not re.fullmatch(r"v\d+", suffix[found.end() :], re.IGNORECASE):
            how.append("suffix-stripped")
        return Settled(found.end(), tuple(how))
    kept = _without_address(prefix, suffix)
    if address and _SILVERCHAIR.search(address):
        kept = _SILVERCHAIR_TAIL.sub("", kept)
    if address and _BADGE.search(address):
        kept = _BADGE_COLOUR.sub("", kept)
    kept = _without_next_word(prefix, kept)
    return Settled(len(kept), ("suffix-stripped",) if kept != suffix else ())


def _without_open_bracket(meant: str, opened: list[int], end: int) -> int:
    if not opened:
        return end
    before = opened[0]
    return CUT if _OPEN_PII.search(meant, 0, before) else before


def _without_address(prefix: str, suffix: str) -> str:
    kept = suffix
    while not (prefix == "10.1377" and _HEALTH_AFFAIRS.fullmatch(kept)):
        shorter = _ADDRESS_ENDING.sub("", _ADDRESS_PATH.sub("", kept)).rstrip(TRAILING)
        if shorter == kept:
            break
        kept = shorter
    if prefix == "10.1371" and (found := _PLOS_PART.match(kept)):
        return found.group(1)
    if prefix == "10.1093" and (found := _OXFORD_TAIL.match(kept)):
        return found.group(1) or found.group(2)
    return kept


def _without_next_word(prefix: str, suffix: str) -> str:
    length = complete_length(prefix, suffix)
    return suffix[:length] if length else _NEXT_WORD.sub("", suffix)
