"""Links to works behind a stop: they close the sentence before them, unless the next one begins with their words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from evidence.extract.clauses import names_a_paper
from evidence.extract.forms.layout import Link, Mark, Spanned
from evidence.extract.places import Place, find_places
from evidence.extract.sentences import RAISED_DIGITS, begins_sentence, ends_sentence

# What is written before an identifier that is a link.
_LABEL = r"(?<![^\W_])(?:doi|pmids?|pmcids?|arxiv)(?![^\W_]):?"
# A stop, what closes behind it, and what opens before links.
_STOP = re.compile(
    rf"[.!?…。？！][\"'”’»)\]*_`~]{{0,6}}(?P<opened>(?:[\s(\[<*_^]|<sup>|&nbsp;)*)(?:{_LABEL}\s*)?$",
    re.IGNORECASE,
)
# What stands between links side by side.
_BETWEEN = re.compile(rf"(?:[\s,;()\[\]*_^·–‐−-]|and(?![^\W_])|&(?!\w)|</?sup>|&nbsp;|{_LABEL})*", re.IGNORECASE)
# The rest of a link whose words are the identifier.
_LINK_REST = re.compile(r"\]\((?:[^()\s]|\([^()\s]{0,100}\)){0,500}\)")
# What closes behind the last of them, perhaps with a stop of its own.
_BEHIND = re.compile(r"(?:\s*+(?:[)\]*_^]|</sup>)){0,8}(?:\.(?=\s|$))?")
# The rest of an address behind the identifier in it.
_ADDRESS_REST = re.compile(r"[!#-'*-;=?-Z\\^-~]{0,300}>?")
# A sentence that plainly begins, whatever the words before it are.
_CAPITAL = re.compile(r"\s*+[*_\"“(\[]{0,4}[A-Z]")
_LETTER = re.compile(r"[^\W\d_]")
# White space, with the signs of a quote at the head of its next line.
_SPACE = re.compile(r"(?:\s++|&nbsp;|<br ?/?>|(?<=\n)>)*")
_SIGN_OF_NOTE = re.compile(rf"[\s*_()\[\]\\]*+(?:[a-z]|[{RAISED_DIGITS},;⁻–-]{{1,40}})[\s*_()\[\]\\]*+")
_STOPS = frozenset(".!?")
# How far before a link its stop may stand, tags included.
_WINDOW = 400


class _Words(IntEnum):
    """What the words of a link are: a number, sign or identifier; the name of a paper; or words of a sentence."""

    SIGN = 0
    NAME = 1
    TEXT = 2


class _Cited(NamedTuple):
    """A citation: from where to where it stands, and what its words are."""

    start: int
    end: int
    words: _Words
    is_mark: bool


class _Closing(NamedTuple):
    """What closes a sentence: its stop, where the links behind it end, and where the next begins, unless it goes on."""

    stop: int
    close: int
    begin: int
    goes_on: bool = False


def give_links(
    text: str, spans: list[tuple[int, int]], cited: Sequence[Spanned], links: Sequence[Link]
) -> list[tuple[int, int]]:
    """Return the sentences of a block, each with the links behind its stop that belong to it.

    Args:
        text: of the page, without its tags.
        spans: of the sentences, in order.
        cited: the citations of the block, in order.
        links: of a page with tags, in order: the text does not show where these stand.

    >>> from evidence.extract.forms.layout import LinkUse
    >>> give_links("Bone falls.[1][x] Fat rises.", [(0, 28)], [LinkUse("x", 11, 17)], [])
    [(0, 17), (18, 28)]
    """
    if all(isinstance(one, Mark) for one in cited):
        return spans
    start, end = spans[0][0], spans[-1][1]
    placed = _placed(text, find_places(text, start, cited, links), cited)
    starts = [begin for begin, _ in spans]
    closings: list[_Closing] = []
    for first, last in _rows(text, placed):
        before = placed[first - 1].end if first else start
        found = _STOP.search(text[max(before, placed[first].start - _WINDOW, start) : placed[first].start])
        if found is None:
            continue
        stop = placed[first].start - len(found.group())
        begin = spans[bisect_right(starts, stop) - 1][0] if stop >= start else start
        limit = placed[last].start if last < len(placed) else end
        closing = _close(text, stop, placed[first:last], found["opened"], limit, end)
        if closing is not None and ends_sentence(text, begin, stop, closing.begin):
            closings.append(closing)
    return _divide(start, end, _keep_links_whole(_merge(spans, closings), placed))


def _placed(text: str, places: Sequence[Place], cited: Sequence[Spanned]) -> list[_Cited]:
    """Return the citations with their addresses whole."""
    placed: list[_Cited] = []
    for place, one in zip(places, cited, strict=True):
        is_mark = isinstance(one, Mark)
        start, end = place.start, place.end
        if place.words == place.words_end and not is_mark and end <= one.end + 1:
            rest = _ADDRESS_REST.match(text, end)
            end = rest.end() if rest else end
            if text[start - 1 : start] == "[" and (link := _LINK_REST.match(text, end)):
                start, end = start - 1, link.end()
        placed.append(_Cited(start, end, _kind_of(text[place.words : place.words_end]), is_mark))
    return placed


def _kind_of(words: str) -> _Words:
    if not words or _SIGN_OF_NOTE.fullmatch(words):
        return _Words.SIGN
    if not names_a_paper(words):
        return _Words.TEXT
    return _Words.NAME if _LETTER.search(words) else _Words.SIGN


def _rows(text: str, placed: Sequence[_Cited]) -> Iterator[tuple[int, int]]:
    """Yield the first of each row of citations side by side and the one behind it; words of a sentence end one."""
    first = 0
    for at in range(1, len(placed) + 1):
        if at < len(placed) and _Words.TEXT not in {placed[at].words, placed[at - 1].words}:
            between = placed[at - 1].end, placed[at].start
            if between[0] >= between[1] or _BETWEEN.fullmatch(text, *between):
                continue
        if not all(one.is_mark for one in placed[first:at]):
            yield first, at
        first = at


def _close(text: str, stop: int, row: Sequence[_Cited], opened: str, limit: int, end: int) -> _Closing | None:
    """Return how a row closes the sentence whose stop it stands behind: the whole row, or the numbers it begins with.

    Args:
        text: of the page.
        stop: where the stop stands.
        row: the citations.
        opened: what stands between the stop and the row.
        limit: where the next citation begins.
        end: of the block.
    """
    is_glued = not text[row[0].start - 1].isspace()
    signs = next((at for at, one in enumerate(row) if one.words is not _Words.SIGN), len(row))
    for count in dict.fromkeys((len(row), signs)):
        if not count:
            continue
        last = row[count - 1].end
        behind = _BEHIND.match(text, last, row[count].start if count < len(row) else limit)
        close = behind.end() if behind else last
        if not _are_closed(text, opened, row[:count], close):
            continue
        begin = _behind_space(text, close, end)
        if begin >= end:
            # The title of a work has no stop.
            if row[0].words is not _Words.TEXT or (is_glued and text[row[0].start : close].rstrip()[-1:] not in _STOPS):
                return _Closing(stop, close, end)
        elif signs >= count:
            if begins_sentence(text, close, end):
                return _Closing(stop, close, begin)
            if is_glued:
                return _Closing(stop, close, begin, goes_on=True)
        elif row[0].words is not _Words.TEXT and _follows_name(text, opened, close, end):
            return _Closing(stop, close, begin)
    return None


def _follows_name(text: str, opened: str, close: int, end: int) -> bool:
    """Tell whether a sentence begins behind the name of a paper; without brackets that may be its subject."""
    if "(" in opened or "[" in opened:
        return begins_sentence(text, close, end)
    return _CAPITAL.match(text, close, end) is not None


def _are_closed(text: str, opened: str, row: Sequence[_Cited], close: int) -> bool:
    """Tell whether the brackets around and between the citations of a row are whole."""
    between = [text[one.end : following.start] for one, following in pairwise(row)]
    signs = "".join([opened, *between, text[row[-1].end : close]])
    return signs.count("(") == signs.count(")") and signs.count("[") == signs.count("]")


def _behind_space(text: str, start: int, end: int) -> int:
    found = _SPACE.match(text, start, end)
    return found.end() if found else start


def _merge(spans: Sequence[tuple[int, int]], closings: Sequence[_Closing]) -> list[tuple[int, int]]:
    """Return where sentences end and the next begin: as they were cut, but where links close them."""
    cuts: list[tuple[int, int]] = []
    index = 0
    for (_, close), (begin, _) in pairwise(spans):
        while index < len(closings) and closings[index].begin < close:
            index += 1
        if index == len(closings) or close <= closings[index].stop:
            cuts.append((close, begin))
    return sorted([*cuts, *((one.close, one.begin) for one in closings if not one.goes_on)])


def _keep_links_whole(cuts: Sequence[tuple[int, int]], placed: Sequence[_Cited]) -> Iterator[tuple[int, int]]:
    """Yield the cuts, those within a link before it: a sentence that begins with its words begins with the link."""
    index = 0
    for close, begin in cuts:
        while index < len(placed) and placed[index].start < close - 1:
            index += 1
        if index < len(placed) and placed[index].start < begin and not placed[index].is_mark:
            begin = placed[index].start  # noqa: PLW2901 - the cut, earlier
        yield min(close, begin), begin


def _divide(start: int, end: int, cuts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    divided = []
    for close, begin in cuts:
        divided.append((start, close))
        start = begin
    return [*divided, (start, end)] if start < end else divided
