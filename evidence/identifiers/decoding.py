"""Read a stretch of text without its escapes, and know where each character stood.

Pages write one DOI in many ways: `%28`, `%2528`, `&lt;`, `\\_`, a soft hyphen inside. The DOI's end can only be
decided on what was meant, and its place must be given in what was written.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple
from urllib.parse import unquote

from evidence.identifiers.markup import Verdict, judge_tags

# Soft hyphen, zero-width space, non-joiner and joiner, word joiner, byte order mark: seen inside, never meant.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
HYPHENS = "\u2010\u2011\ufe63\uff0d"
DASHES = "\u2012\u2013\u2212"
# What says that a text is cut off here.
UNSURE = "\u2026"

_TOKEN = re.compile(
    rf"""
    (?P<plain>[A-Za-z0-9./:()_\-]+)
    |(?P<percent>(?:%(?:25)*[0-9A-Fa-f]{{2}})+)
    |(?P<entity>&(?:amp;)*(?:\#[0-9]{{1,7}}|\#[xX][0-9A-Fa-f]{{1,6}}|[A-Za-z][A-Za-z0-9]{{1,31}});)
    |(?P<invisible>[{INVISIBLE}]+|</?wbr\b[^<>]{{0,99}}>|<!--\s{{0,9}}-->)
    |(?P<tags><(?=/?[A-Za-z]))
    |(?P<json>\\u[0-9A-Fa-f]{{4}})
    |(?P<tex>\{{\\text(?:less|greater|underscore)\}}|\\text(?:less|greater|underscore)(?:\{{\}}|\b)|\{{\\[_&%\#$]\}}|\$\\?[<>_]\$)
    |(?P<escape>\\[!-/:-@\[-`{{-~])
    |(?P<hyphen>[{HYPHENS}])
    |(?P<other>\S)
    """,
    re.VERBOSE,
)
# Python reads no number of more than 4,300 digits; no character has one of more than 7.
_NO_CHARACTER = re.compile(r"&#[0-9]{1000,};?")
_PERCENT_LEVELS = re.compile(r"%(?:25)+(?=[0-9A-Fa-f]{2})")
_TEX_MEANING = re.compile(r"less|greater|underscore|[_&%#$<>]")
_TEX_WORDS = {"less": "<", "greater": ">", "underscore": "_"}

_HOW = {
    "p": "percent-decoded",
    "e": "entity-decoded",
    "u": "unescaped",
    "d": "dash-normalized",
    "j": "joined-line",
}


class Decoded(NamedTuple):
    """What a stretch of text means.

    `starts` and `ends` give for each character of `meant` the place in the text; `kinds` gives for each how it was
    written: "r" as it is, "p" percent-encoded, "e" entity, "u" escaped, "d" another dash, "j" after a line break, "t"
    an ellipsis for tags behind which nobody knows whether it goes on.
    """

    meant: str
    starts: list[int]
    ends: list[int]
    kinds: str


def decode(text: str, start: int, limit: int, *, keep_spaces: bool = False, levels: int = 0) -> Decoded:
    """Return what `text` means from `start` up to white space, but at most to `limit`.

    With `keep_spaces` it goes on behind encoded white space, as the query of an address does. With `levels` it is
    percent-decoded so many times and no more, else as often as it was encoded.

    >>> decode("s0140-6736%2820%2930183-5 and", 0, 40).meant
    's0140-6736(20)30183-5'
    """
    meant: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    kinds: list[str] = []
    opened: list[str] = []
    position = start
    while position < limit and (token := _TOKEN.match(text, position, limit)):
        first, position = token.span()
        group = token.lastgroup or "other"
        written = token.group()
        if group == "invisible":
            if kinds:
                kinds[-1] = "u"
            continue
        if group == "tags":
            verdict, after = judge_tags(text, first, limit, meant[-1] if meant else "", opened)
            if verdict is Verdict.GOES_ON:
                if kinds:
                    kinds[-1] = "u"
                position = after
                continue
            if verdict is Verdict.UNSURE:
                meant.append(UNSURE)
                starts.append(first)
                ends.append(position)
                kinds.append("t")
                break
        if group in {"plain", "other", "tags"}:
            meant.extend(written)
            starts.extend(range(first, position))
            ends.extend(range(first + 1, position + 1))
            kinds.extend("r" * len(written))
            continue
        kind, characters = ("p", _unquoted(written, levels)) if group == "percent" else _meaning(group, written)
        for character in characters:
            if character in INVISIBLE:
                continue
            meant.append("-" if character in HYPHENS else character)
            starts.append(first)
            ends.append(position)
            kinds.append(kind)
        if characters.isspace() and not keep_spaces:
            break
    return Decoded("".join(meant), starts, ends, "".join(kinds))


def how_of(kinds: str) -> tuple[str, ...]:
    """Return what reading took, in words, from the kinds of the characters read.

    >>> how_of("rrpre")
    ('percent-decoded', 'entity-decoded')
    """
    return tuple(word for kind, word in _HOW.items() if kind in kinds)


def unescape_entities(text: str) -> str:
    """Return a text with its HTML entities as the characters that they mean, however long their numbers are.

    >>> unescape_entities("a &lt; b &#" + "1" * 5000 + ";") == "a < b \ufffd"
    True
    """
    try:
        return html.unescape(text)
    except ValueError:
        return html.unescape(_NO_CHARACTER.sub("\ufffd", text))


def _unquoted(written: str, levels: int) -> str:
    for _ in range(levels):
        written = unquote(written, errors="replace")
    return written if levels else unquote(_PERCENT_LEVELS.sub("%", written), errors="replace")


def _meaning(group: str, written: str) -> tuple[str, str]:
    if group == "entity":
        while written.startswith("&amp;") and written != "&amp;":
            written = "&" + written[5:]
        return "e", html.unescape(written)
    if group == "json":
        return "u", chr(int(written.removeprefix("\\u"), base=16))
    if group == "tex":
        found = _TEX_MEANING.search(written.replace("\\text", "").strip("$") or written)
        word = found.group() if found else written
        return "u", _TEX_WORDS.get(word, word)
    if group == "hyphen":
        return "d", "-"
    return "u", written[1:]
