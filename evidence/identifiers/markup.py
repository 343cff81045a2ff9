"""Inline markup inside an identifier, as the marks of a search leave it: `10.1038/nature<b>12373</b>`.

An identifier that stands in such markup, or has markup behind it, is another thing: `<b>10.1000/x</b><i>next</i>`.
Footnote marks (`<sup>`) and line breaks are never inside.
"""

from __future__ import annotations

import re
from enum import Enum, auto

_NAMES = r"(?:b|strong|em|i|mark|span|font|u)"
_TAG = rf"</?{_NAMES}(?:\s[^<>]{{0,300}})?>"
_RUN = re.compile(rf"(?:{_TAG}){{1,9}}", re.IGNORECASE)
_NAMED = re.compile(r"<(/?)(\w+)")
_PIECE = re.compile(rf"{_TAG}|[A-Za-z0-9._/():;\-]{{1,100}}", re.IGNORECASE)
_MOST_PIECES = 24
_GLUED = re.compile(r"[._/\-]{0,2}[A-Za-z0-9]")
_GOES_ON = re.compile(r"[._/\-][0-9]|[./][a-z]")
_NEXT = re.compile(r"https?:|www\.|doi\b|DOI\b|[Pp][Mm][Ii][Dd]|PMC|pmc|PubMed|Epub|[A-Z](?:[a-z]|\s|$)")
_CLOSED = re.compile(rf"(?:</{_NAMES}\s*>){{1,9}}(?=[._/\-]?[A-Za-z0-9])", re.IGNORECASE)
_CUT_NUMBER = re.compile(rf"(?:{_TAG}){{1,9}}[0-9]", re.IGNORECASE)
# Signs of Markdown with more of a number behind them: `10.1038/nature**12373**`. One or two digits are a footnote mark.
_CUT_BY_SIGNS = re.compile(r"(?:\*{1,3}|`)(?:[0-9]{3}|[._/\-][0-9])")
_SHORT_NUMBER = 2


class Verdict(Enum):
    """What tags behind a character of an identifier mean: it goes on behind them, has ended, or nobody knows."""

    GOES_ON = auto()
    ENDS = auto()
    UNSURE = auto()


def closes_within(text: str, place: int) -> bool:
    """Tell whether markup closes at `place` and something is glued behind it.

    >>> closes_within("<em>10.1016/j.cell</em>.2013.05.039", 18)
    True
    """
    return text.startswith("</", place) and _CLOSED.match(text, place) is not None


def is_cut_by_signs(text: str, place: int) -> bool:
    """Tell whether an identifier that ends at `place` is cut there by Markdown's signs: what follows is a part of it.

    >>> is_cut_by_signs("10.1038/nature**12373**", 14), is_cut_by_signs("10.1038/nature12373**1**", 19)
    (True, False)
    """
    return text[place : place + 1] in {"*", "`"} and _CUT_BY_SIGNS.match(text, place) is not None


def cuts_number(text: str, place: int) -> bool:
    """Tell whether nothing but markup stands between a number that ends at `place` and more digits."""
    return text.startswith("<", place) and _CUT_NUMBER.match(text, place) is not None


def judge_tags(text: str, place: int, limit: int, before: str, opened: list[str]) -> tuple[Verdict, int]:
    """Return what the tags at `place` mean, and where they end.

    Args:
        text: any text.
        place: where the tags begin.
        limit: where to stop.
        before: the character before them, or "" where the identifier's own part begins.
        opened: the names of the elements that opened inside the identifier; this keeps them.

    >>> judge_tags("10.1038/nature<b>12373</b>", 14, 26, "e", [])
    (<Verdict.GOES_ON: 1>, 17)
    """
    run = _RUN.match(text, place, limit)
    if run is None:
        return Verdict.ENDS, place
    depth, closes_outer = len(opened), False
    for closing, name in _NAMED.findall(run.group()):
        if not closing:
            opened.append(name.lower())
        elif opened and opened[-1] == name.lower():
            opened.pop()
        else:
            closes_outer = True
    end = run.end()
    if closes_outer:
        return (Verdict.ENDS if len(opened) > depth else _behind_outer(text, end)), end
    if len(opened) <= depth:
        return Verdict.GOES_ON, end
    return _within(text, end, limit, before, len(opened) - depth), end


def _behind_outer(text: str, place: int) -> Verdict:
    """Judge what follows the end of an element that opened before the identifier."""
    if _GOES_ON.match(text, place):
        return Verdict.GOES_ON
    return Verdict.UNSURE if _GLUED.match(text, place) and not _NEXT.match(text, place) else Verdict.ENDS


def _within(text: str, place: int, limit: int, before: str, depth: int) -> Verdict:  # noqa: PLR0911 -- one for each reason
    """Judge what an element holds that opens right behind a character of the identifier."""
    if not before:
        return Verdict.GOES_ON
    if not _GLUED.match(text, place):
        return Verdict.GOES_ON if text[place : place + 1] in {".", "/", "-", "_"} else Verdict.ENDS
    if _NEXT.match(text, place) and before.isdigit():
        return Verdict.ENDS
    word, end = _word(text, place, limit, depth)
    if not word:
        return Verdict.UNSURE
    if _GLUED.match(text, end):
        return Verdict.GOES_ON
    if word.isdigit() and len(word) == 1:
        # A footnote mark, as it was in all that were seen.
        return Verdict.ENDS
    doubtful = word.isalpha() or (word.isdigit() and len(word) == _SHORT_NUMBER)
    return Verdict.UNSURE if doubtful else Verdict.GOES_ON


def _word(text: str, place: int, limit: int, depth: int) -> tuple[str, int]:
    """Return what stands up to the end of the open elements, where that can be a part of an identifier, or ""."""
    word = ""
    for _ in range(_MOST_PIECES):
        piece = _PIECE.match(text, place, limit)
        if piece is None:
            break
        place = piece.end()
        if piece.group()[0] != "<":
            word += piece.group()
            continue
        depth += -1 if piece.group()[1] == "/" else 1
        if depth == 0:
            return word, place
    return "", place
