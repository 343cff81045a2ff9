"""All identifiers of a text, in order, each place once."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from evidence.identifiers.addresses import find_in_addresses
from evidence.identifiers.doi import find_dois
from evidence.identifiers.doubts import Doubt
from evidence.identifiers.folding import fold_doi
from evidence.identifiers.labels import find_labels
from evidence.identifiers.pmcid import find_pmcids
from evidence.identifiers.pmid import find_pmids
from evidence.records import Identifier

# What stands between an identifier and the same one in its own link: `](https://...`, ` <https://...`, `(https://...`,
# or, in HTML, the rest of the tag and the words before it in the link's text.
_OWN_LINK = re.compile(
    r"[\s.`*_\"')\]]{0,4}(?:\]\(<?|[\s,;(<\[]{0,3})(?:https?:)?//[^\s<>\"]{1,300}"
    r"|[^\s<>\"'`]{0,200}[\"']?(?:\s[^<>]{0,200})?>(?:\s{0,3}<(?!/a)[^<>]{1,60}>){0,3}[^<>\n]{0,80}"
    r"|\]\(<?(?:doi|DOI|info|urn|mailto)?[^\s()]{0,200}"
)
_SHORTEST_GAP = 2
_LONGEST_GAP = 480
_MOST_IN_TEXT = 6
_SPACE = re.compile(r"\s")


class Found(NamedTuple):
    """The identifiers of a text, and the places of those that cannot be told, each in order."""

    identifiers: list[Identifier]
    doubts: list[Doubt]


def find_identifiers(text: str) -> list[Identifier]:
    """Return every DOI, PMID and PMCID in `text`, in order and without overlaps.

    What ends an identifier in one form of a page ends it in all, so the text may be Markdown, HTML or plain.

    Args:
        text: a page, or a part of one.

    Returns:
        The identifiers with their normal value and their place: `text[one.start:one.end] == one.text`. One that
        stands twice as a link and its text is there once, at the first of both places.

    >>> [one.value for one in find_identifiers("See 10.1038/NATURE12373, PMID 23903748.")]
    ['10.1038/nature12373', '23903748']
    """
    return read_identifiers(text).identifiers


def read_identifiers(text: str) -> Found:
    """Return the same, and the places where an identifier stands that cannot be told: no half of it is found.

    >>> [one.text for one in read_identifiers("See doi:10.1000/abc,def.").doubts]
    ['10.1000/abc,def']
    """
    found, doubts = find_dois(text)
    addressed = find_in_addresses(text)
    labels = find_labels(text)
    pmids = find_pmids(text, labels.pubmed, addressed)
    pmcids = find_pmcids(text, labels.pmc)
    if addressed.identifiers or pmids or pmcids:
        # An address knows best what its numbers mean, so it goes first among those that begin at one place.
        found = sorted([*addressed.identifiers, *found, *pmids, *pmcids], key=_start)
    found = _without_repeats(text, found)
    return Found(found, [one for one in doubts if not _is_told_beside(one, found)] if doubts else [])


def read_link(url: str) -> list[Identifier]:
    """Return the identifiers that an address names, with their places in it.

    >>> [one.value for one in read_link("https://pubmed.ncbi.nlm.nih.gov/?term=1%5Buid%5D+OR+2%5Buid%5D")]
    ['1', '2']
    """
    addressed = find_in_addresses(url)
    labels = find_labels(url)
    pmids = find_pmids(url, labels.pubmed, addressed)
    pmcids = find_pmcids(url, labels.pmc)
    found = [*addressed.identifiers, *find_dois(url, is_address=True).identifiers, *pmids, *pmcids]
    found = [one if "url" in one.how else one._replace(how=("url", *one.how)) for one in sorted(found, key=_start)]
    return _without_repeats(url, found)


def _is_told_beside(doubt: Doubt, found: list[Identifier]) -> bool:
    """Tell whether an identifier right beside a doubt says which is meant, as the address does behind a link's text."""
    value = fold_doi(doubt.text)
    lowest = bisect_left(found, doubt.start - _LONGEST_GAP, key=_start)
    highest = bisect_left(found, doubt.end + _LONGEST_GAP, key=_start)
    return any(one.value == value for one in found[lowest:highest])


def _start(one: Identifier) -> int:
    return one.start


def _without_repeats(text: str, found: list[Identifier]) -> list[Identifier]:
    kept: list[Identifier] = []
    end = 0
    previous: Identifier | None = None
    for one in found:
        if one.start < end:
            continue
        end = one.end
        in_address = "url" in one.how
        if previous is not None and one.value == previous.value and _is_own_link(text, previous, one):
            previous = one
            continue
        if in_address and _is_in_link_text(text, one, kept):
            continue
        previous = one
        kept.append(one)
    return kept


def _is_own_link(text: str, first: Identifier, second: Identifier) -> bool:
    gap = second.start - first.end
    return _SHORTEST_GAP <= gap < _LONGEST_GAP and bool(_OWN_LINK.fullmatch(text, first.end, second.start))


def _is_in_link_text(text: str, one: Identifier, kept: list[Identifier]) -> bool:
    """Tell whether the text of the Markdown link that ends in `one` names it already, among others."""
    lowest = max(0, one.start - _LONGEST_GAP)
    target = text.rfind("](", lowest, one.start)
    if target < 0 or _SPACE.search(text, target, one.start):
        return False
    begin = text.rfind("[", lowest, target)
    return any(other.value == one.value and begin < other.start < target for other in kept[-_MOST_IN_TEXT:])
