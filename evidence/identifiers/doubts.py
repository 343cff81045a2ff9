"""Whether a DOI may go on behind the place where a sentence would end it: then nobody can tell which work is meant.

A DOI may hold any character, so `10.1000/abc,def` is one whole DOI, or one with a word glued to it. Half a DOI names
another work, which is worse than none: such a place is a doubt, told to the author, and no identifier.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple
from urllib.parse import quote

from evidence.identifiers.decoding import DASHES

AMBIGUOUS = "it cannot be told where it ends"
BROKEN = "its percent-encoding is broken"

# Scripts that put no space between words, and Korean, whose particles follow a word without one: what stands behind a
# DOI there is the sentence. Where it soon goes on in ASCII, both may be meant, but for Japanese particles.
SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30fa\u30fc-\u312f\u3131-\u318e"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U000323af"
)
_SPACELESS = re.compile(rf"[{SPACELESS}]")
_SHORT_WORD = re.compile(rf"(?![\u3041-\u309f])[{SPACELESS}]{{1,8}}[A-Za-z0-9]")
# A comma or a semicolon and something behind it that is no cell of a table, no parameter and no other identifier.
_LISTED = re.compile(
    r"[,;](?=[A-Za-z0-9(])(?!\(?(?:(?:19|20)\d\d|[1-9]\d{5,7}|PMC\d+)(?![\w.-])|[A-Z][a-z]|10\.\d{4}|https?:|doi|DOI"
    r"|PMID|pmid|[A-Za-z_]+=|[A-Za-z]+:)"
)
# `?page=2` asks a server; `#gap/unsourced` is a tag of a vault.
_PARAMETER = re.compile(r"\?[\w.\-]{1,40}=|#[A-Za-z][\w\-]{0,40}/[A-Za-z]")
_ANOTHER = re.compile(r"10\.|https?:")
_ENDS_PATH = "?#"
_LETTERS = frozenset({"Lu", "Ll", "Lt", "Lo", "Mc"})
_RAISED = "\u00aa\u00ba"  # letters that stand for a footnote's mark
_SIGNS = "?#!$"
# What a sign begins that this says nothing of: the text is read on so far.
TAIL = 48


class Doubt(NamedTuple):
    """A place where an identifier stands that cannot be told, and why."""

    start: int
    end: int
    text: str
    why: str


class Ending(NamedTuple):
    """What stands around the end of a DOI: the tail behind it, decoded, and how its first character was written.

    `before` is the character before the whole DOI, `last` the last one in it. `encoded` says that the DOI is encoded
    as a whole, and the tail no more often than it.
    """

    tail: str
    kind: str
    last: str
    before: str
    in_address: bool
    in_query: bool
    encoded: bool


def describe_doubt(doubt: Doubt) -> str:
    """Return what is wrong at a doubt, and how to mend it.

    >>> describe_doubt(Doubt(0, 15, "10.1000/abc,def", AMBIGUOUS))
    '`10.1000/abc,def` is an ambiguous identifier: it cannot be told where it ends; if all of it is meant, write it as \
https://doi.org/10.1000/abc%2Cdef, if not, end it with a space'
    """
    shown = " ".join(doubt.text.split())
    if doubt.why == BROKEN:
        return f"`{shown}` is a broken identifier: {doubt.why}; encode the DOI behind https://doi.org/ once, as UTF-8"
    encoded = shown if "%" in shown else quote(shown, safe="/()", errors="replace")
    return (
        f"`{shown}` is an ambiguous identifier: {doubt.why}; if all of it is meant, write it as "
        f"https://doi.org/{encoded}, if not, end it with a space"
    )


def is_letter_of_doi(character: str) -> bool:
    """Tell whether a letter beyond ASCII goes on with a DOI: Latin and Greek words stand apart, so it is the DOI's own.

    >>> is_letter_of_doi("\u00e9"), is_letter_of_doi("\u03b1"), is_letter_of_doi("\u4e2d"), is_letter_of_doi("\u00b2")
    (True, True, False, False)
    """
    if "\u00c0" <= character <= "\u024f" or "\u0370" <= character <= "\u03ff" or "\u1e00" <= character <= "\u1fff":
        return character.isalpha() and unicodedata.category(character) != "Lm"
    return is_accent(character)


def is_accent(character: str) -> bool:
    """Tell whether a character is an accent that stands over the letter before it."""
    return "\u0300" <= character <= "\u036f" or "\u1ab0" <= character <= "\u1aff"


def doubt_of(end: Ending) -> str:  # noqa: PLR0911 -- one return for each reason
    """Return why it cannot be told whether a DOI ends where it was read to, or "" where it ends.

    >>> doubt_of(Ending(",def", "r", "c", " ", False, False, False))
    'it cannot be told where it ends'
    >>> doubt_of(Ending(", def", "r", "c", " ", False, False, False))
    ''
    """
    tail, first = end.tail, end.tail[:1]
    if not first:
        return ""
    goes_on = tail[1:2].isalnum()
    if end.kind == "p":
        return _doubt_of_encoded(end, goes_on=goes_on)
    if first == "%":
        return BROKEN if goes_on or end.in_address else ""
    if end.kind in "eu" and not (end.kind == "u" and first in "#%$"):
        return ""
    if first in ",;":
        return AMBIGUOUS if end.before != first and _LISTED.match(tail) else ""
    if first in _SIGNS:
        in_path = first in _ENDS_PATH and (end.in_address or end.before == "/")
        return AMBIGUOUS if goes_on and not in_path and not _PARAMETER.match(tail) else ""
    if first == "~":
        return AMBIGUOUS
    if first in DASHES:
        return AMBIGUOUS if goes_on and not end.last.isdigit() and not _ANOTHER.match(tail, 1) else ""
    if first.isascii():
        return ""
    if _SPACELESS.match(first):
        return AMBIGUOUS if _SHORT_WORD.match(tail) or end.last == "/" else ""
    return AMBIGUOUS if first not in _RAISED and unicodedata.category(first) in _LETTERS else ""


def _doubt_of_encoded(end: Ending, *, goes_on: bool) -> str:
    """Judge an encoded sign that no sentence puts there: in a query alone it may end one word of several."""
    first = end.tail[0]
    if first == "\ufffd":
        return BROKEN
    if end.in_query and (end.encoded or first.isspace()):
        return ""
    if first in "#?%" or (goes_on or end.tail[1:2] == "(") or first.isalpha():
        return "" if _ANOTHER.match(end.tail, 1) else AMBIGUOUS
    return ""
