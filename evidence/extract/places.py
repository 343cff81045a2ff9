"""Where the citations of a claim stand: each with the link around it, and the words of that link."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from evidence.extract.forms.layout import Link, Mark, Spanned, link_at

# The words of a link whose address stands elsewhere, which may hold brackets themselves.
_USED_WORDS = re.compile(r"!?\[([^\]\[]*(?:\[[^\]\[]*\][^\]\[]*)*)\]")
# What stands of an address before the identifier in it, and behind that, with the title that a reader does not see.
_ADDRESS_HEAD = re.compile(r"<?[^)\s]*")
_ADDRESS_REST = re.compile(
    r"[^\s\[\]()<>]*>?(?:\s{1,3}(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'|\([^()\n]{0,300}\)))?\s?\)"
)
# What stands before an identifier in the text is part of it: "doi:10.1000/a", "(PMID: 12345678", "<https://doi.org/...".
_LABEL = re.compile(
    r"(?:(?<![^\W_])(?:doi|pmids?|pmcids?|pmc|arxiv)(?:[:\s]{1,3}|(?=https?:)))?(?:<?https?://[^\s()<>\[\]]{0,100})?$",
    re.IGNORECASE,
)
_LONGEST_LABEL = 120
# Words of links hold brackets of one depth: "[the trial [1]](https://...)".
_DEEPEST = 2
# How far around the citations of a claim the words may stand that tell of them.
AROUND = 160
BEHIND = 600


class Place(NamedTuple):
    """From where to where a citation stands, with its link, and the words of that; a mark has none."""

    start: int
    end: int
    words: int
    words_end: int


def find_places(text: str, start: int, cited: Sequence[Spanned], links: Sequence[Link] = ()) -> list[Place]:
    """Return the place of each citation of the claim that begins at `start`, in order.

    Args:
        text: of the page, without its tags.
        start: where the claim begins.
        cited: its citations in order.
        links: of a page with tags, in order: the text does not show where these stand.

    >>> text = "See [Kim 2011](https://doi.org/10.1000/a)."
    >>> place = find_places(text, 0, [Mark("a", 31, 40)])[0]
    >>> text[place.start : place.end], text[place.words : place.words_end]
    ('[Kim 2011](https://doi.org/10.1000/a)', 'Kim 2011')
    """
    places: list[Place] = []
    before = start
    for one in cited:
        place = _place_of(text, before, one, links)
        places.append(place)
        before = max(before, place.end)
    return places


def without_links(text: str, start: int, places: Sequence[Place]) -> tuple[str, int, list[Place]]:
    """Return what a reader sees of a claim: the words of its links alone; where it begins in that, and its places.

    >>> text = "See [Kim 2011](https://doi.org/10.1000/a)."
    >>> without_links(text, 0, [Place(4, 41, 5, 13)])
    ('See Kim 2011.', 0, [Place(start=4, end=12, words=4, words_end=12)])
    """
    if all(place.words == place.words_end for place in places):
        return text, start, list(places)
    at = max(0, start - AROUND)
    parts: list[str] = []
    gone = at
    start -= gone
    seen: list[Place] = []
    for begin, end, words, words_end in places:
        if begin < at:
            # The second identifier of one link.
            seen.append(seen[-1])
            continue
        here = begin - gone
        if words == words_end:
            seen.append(Place(here, end - gone, here, here))
            continue
        parts += [text[at:begin], text[words:words_end]]
        length = words_end - words
        seen.append(Place(here, here + length, here, here + length))
        gone += end - begin - length
        at = end
    parts.append(text[at : max(at, places[-1].end) + BEHIND])
    return "".join(parts), start, seen


def _place_of(text: str, before: int, one: Spanned, links: Sequence[Link]) -> Place:
    """Return where a citation stands; what stands before `before` belongs to the citation before it."""
    begin, end = one.start, one.end
    if links and (link := link_at(links, begin)) is not None:
        return Place(link.start, link.end, link.words, link.words + len(text[link.words : link.end].rstrip()))
    if text.startswith(("[", "!["), begin):
        used = None if isinstance(one, Mark) else _USED_WORDS.match(text, begin, end)
        return Place(begin, end, *used.span(1)) if used else Place(begin, end, begin, begin)
    close = text.rfind("](", before, begin)
    opening = _opening(text, before, close) if close >= 0 and _ADDRESS_HEAD.fullmatch(text, close + 2, begin) else -1
    if opening < 0:
        label = _LABEL.search(text[max(before, begin - _LONGEST_LABEL) : begin])
        if label and not isinstance(one, Mark):
            begin -= len(label.group())
            end += "<" in label.group() and text.startswith(">", end)
        return Place(begin, end, begin, begin)
    rest = _ADDRESS_REST.match(text, end)
    start = opening - 1 if opening > before and text[opening - 1] == "!" else opening
    return Place(start, rest.end() if rest else end, opening + 1, close)


def _opening(text: str, before: int, close: int) -> int:
    """Return where the bracket opens that closes at `close`, or -1."""
    depth = 0
    opening, closing = text.rfind("[", before, close), text.rfind("]", before, close)
    while opening >= 0 and depth < _DEEPEST:
        if opening < closing:
            depth += 1
            closing = text.rfind("]", before, closing)
        elif depth:
            depth -= 1
            opening = text.rfind("[", before, opening)
        else:
            return opening
    return -1
