"""A note's text in parts: rows divided by `·` or `|`, prose at its full stops and semicolons, lists at their lines."""

from __future__ import annotations

import re
from typing import NamedTuple

_DIVIDER = re.compile(r"(?<=\s)[•|](?=\s)")
_PARTS_DOT = re.compile(r"·(?!(?<=\d·)10[\^<⁰¹²³⁴-⁹⁻])")
_PROSE_DIVIDER = re.compile(
    r"(?<![A-Z])[.;]\s+(?=[\"“*(A-Z0-9]|doi|pmid|n ?[=:]|p ?[<=])|;\s+|\n[ \t]*(?=(?:[-*] )?[A-Za-z_ ]{1,16}:\s)"
)
# "**", "__", a single sign that opens or closes, a backtick. The sign comes first, which `re` can look for.
_MARKUP = re.compile(r"[*_`](?:(?<=\*)\*|(?<=_)_|(?<![\w*][*_`])(?<!`)(?=\S)|(?<=\S[*_])(?![\w*])|(?<=`))")
_WIKILINK = re.compile(r"!?\[\[(?:[^\[\]|#\\]*/)?([^\[\]|#\\/]+)(?:#[^\[\]|\\]*)?\\?(?:\|([^\[\]]*))?\]\]")
_IDENTIFIER = re.compile(r"(?:DOI|PMID|PMC|PubMed|Link|Full text|PDF)", re.IGNORECASE)
_DASHES = (" - ", " – ", " — ")
_DASHES_LEAST = 2
_ONLY_IDENTIFIER = re.compile(
    r"(?:(?:doi|DOI|PMID|pmid|PMCID)\b[:\s]*)?(?:10\.\d{4,9}/\S+|PMC\d+|https?://\S+|(?<=[:\sDd])\d{4,9})[.]?"
)
# "[Lee 2019](https://...)" shows its text; one that shows its address too is left as it is.
_LINK = re.compile(r"\[([A-Z][^\[\]]{2,400})\]\(https?://[^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)")
# "~~...~~" and the elements of HTML for what is struck out
_STRUCK = re.compile(
    r"~~(?=[^\s~])[^~\n]*(?:~(?!~)[^~\n]*)*~~|<(del|s|strike)>[^<]{0,300}(?:<(?!/\1>)[^<]{0,300}){0,30}</\1>",
    re.IGNORECASE,
)
# What may stand between a text and the tag behind it.
_BEFORE_TAG = " ;,(—*"


class Parts(NamedTuple):
    """A note's text in parts, as written and without markup; `prose` where nothing but stops divides it."""

    text: str
    raw: list[str]
    plain: list[str]
    prose: bool


def split_note(text: str) -> Parts:
    """Divide a note into its parts; prose has none of the dividers and is cut at its stops.

    >>> split_note("doi:10.1/x · rct · n=40").plain
    ['doi:10.1/x', 'rct', 'n=40']
    """
    prose = False
    if "](http" in text:
        text = _LINK.sub(_shown, text)
    if "·" in text:
        # The dot of "2·10^6" multiplies.
        raw = _PARTS_DOT.split(text) if "·10" in text else text.split("·")
    else:
        raw = _DIVIDER.split(text)
        if len(raw) == 1:
            raw = _dashed(text)
        if len(raw) == 1:
            prose = True
            raw = _PROSE_DIVIDER.split(text)
    kept = [stripped for part in raw if (stripped := part.strip())] or [""]
    if "  " in text or "\n" in text or "\t" in text or "\xa0" in text:
        return Parts(text, kept, [_without_markup(part) for part in kept], prose)
    if "*" in text or "_" in text or "`" in text:
        # Single spaces are all the white space there is: only parts with markup are another without it.
        bare = [_MARKUP.sub("", part) if "*" in part or "_" in part or "`" in part else part for part in kept]
        return Parts(text, kept, [part.strip() for part in bare], prose)
    return Parts(text, kept, kept, prose)


def _shown(link: re.Match[str]) -> str:
    return link.group() if _IDENTIFIER.match(link.group(1)) else link.group(1)


def _dashed(text: str) -> list[str]:
    """Return the parts of a note that is divided by dashes throughout: one of them is nothing but an identifier."""
    for dash in _DASHES:
        if text.count(dash) >= _DASHES_LEAST:
            pieces = text.removeprefix("- ").split(dash)
            if any(_ONLY_IDENTIFIER.fullmatch(piece.strip()) for piece in pieces):
                return pieces
    return [text]


def _without_markup(part: str) -> str:
    """Return a part without markup and with single spaces."""
    if "*" in part or "_" in part or "`" in part:
        part = _MARKUP.sub("", part)
    return " ".join(part.split())


def without_links(text: str) -> str:
    """Return a text with its wikilinks as a reader sees them.

    >>> without_links("[[organisms/mus-musculus|mice]] and [[homo-sapiens]]")
    'mice and homo-sapiens'
    """
    return _WIKILINK.sub(lambda one: one.group(2) or one.group(1), text) if "[[" in text else text


def without_tags(text: str) -> str:
    """Return a text up to its first tag.

    >>> without_tags("aged mice; #gap/needs-replication (one strain)")
    'aged mice'
    """
    at = text.find("#")
    while at >= 0:
        if text[at + 1 : at + 2].isalpha() and not (at and (text[at - 1].isalnum() or text[at - 1] in "/&")):
            return text[:at].rstrip(_BEFORE_TAG)
        at = text.find("#", at + 1)
    return text


def may_strike(text: str) -> bool:
    """Tell whether anything on a page may be struck out; few pages have it, and one look is cheaper than one a note."""
    return "~~" in text or "</del>" in text or "</s>" in text or "</strike>" in text


def find_struck(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans that are struck out.

    >>> find_struck("~~Lee 2018~~ Lee 2019", 0, 21)
    [(0, 12)]
    """
    return [found.span() for found in _STRUCK.finditer(text, start, end)]


def without_struck(text: str) -> str:
    """Return a text without what is struck out.

    >>> without_struck("~~Lee 2018~~ Lee 2019")
    ' Lee 2019'
    """
    return _STRUCK.sub("", text)
