"""All identifiers of a text, in order, each place once."""

from __future__ import annotations

import re

from evidence.identifiers.addresses import find_in_addresses
from evidence.identifiers.doi import find_dois
from evidence.identifiers.labels import find_labels
from evidence.identifiers.pmcid import find_pmcids
from evidence.identifiers.pmid import find_pmids
from evidence.identifiers.shapes import is_complete
from evidence.records import Identifier
from evidence.vocabulary import Scheme

# What stands between an identifier and the same one in its own link: `](https://...`, ` <https://...`, `(https://...`,
# or, in HTML, the rest of the tag and the words before it in the link's text.
_OWN_LINK = re.compile(
    r"[\s.`*_\"')\]]{0,4}(?:\]\(<?|[\s,;(<\[]{0,3})(?:https?:)?//[^\s<>\"]{1,300}"
    r"|[^\s<>\"'`]{0,200}[\"']?(?:\s[^<>]{0,200})?>(?:\s{0,3}<(?!/a)[^<>]{1,60}>){0,3}[^<>\n]{0,80}"
    r"|\]\(<?(?:doi|DOI|info|urn|mailto)?[^\s()]{0,200}"
)
# `,` `;` `?` `#` `%` or a space, percent-encoded once or twice, and something behind it that is no second DOI.
_ENCODED_TAIL = re.compile(r"%(?:25)*(?:2[CcFf0-35]|3[BbFf])(?!10\.|(?:25)*%?20|https?)[A-Za-z0-9(]")
# A comma or a semicolon and something behind it that is no cell of a table, no parameter and no other identifier.
_RAW_TAIL = re.compile(
    r"[,;](?=[A-Za-z0-9(])(?!(?:(?:19|20)\d\d|[1-9]\d{5,7}|PMC\d+)(?![\w.-])|[A-Z][a-z]|10\.\d{4}|https?:|doi|DOI|PMID|pmid"
    r"|[A-Za-z_]+=|[A-Za-z]+:)"
)
_RESOLVER = re.compile(r"doi[.-]org[^\s?#]*/(?:doi:)?$", re.IGNORECASE)
_SHORTEST_GAP = 2
_LONGEST_GAP = 480
_MOST_IN_TEXT = 6
_SPACE = re.compile(r"\s")


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
    found = find_dois(text)
    addressed = find_in_addresses(text)
    labels = find_labels(text)
    pmids = find_pmids(text, labels.pubmed, addressed)
    pmcids = find_pmcids(text, labels.pmc)
    if addressed.identifiers or pmids or pmcids:
        # An address knows best what its numbers mean, so it goes first among those that begin at one place.
        found = sorted([*addressed.identifiers, *found, *pmids, *pmcids], key=_start)
    return _without_repeats(text, found)


def read_link(url: str) -> list[Identifier]:
    """Return the identifiers that an address names, with their places in it.

    >>> [one.value for one in read_link("https://pubmed.ncbi.nlm.nih.gov/?term=1%5Buid%5D+OR+2%5Buid%5D")]
    ['1', '2']
    """
    addressed = find_in_addresses(url)
    labels = find_labels(url)
    pmids = find_pmids(url, labels.pubmed, addressed)
    pmcids = find_pmcids(url, labels.pmc)
    found = [*addressed.identifiers, *find_dois(url, is_address=True), *pmids, *pmcids]
    found = [one if "url" in one.how else one._replace(how=("url", *one.how)) for one in sorted(found, key=_start)]
    return _without_repeats(url, found)


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
        if in_address and _is_cut_off(text, one):
            continue
        if previous is not None and one.value == previous.value and _is_own_link(text, previous, one):
            previous = one
            continue
        if in_address and _is_in_link_text(text, one, kept):
            continue
        previous = one
        kept.append(one)
    return kept


def _is_cut_off(text: str, one: Identifier) -> bool:
    """Tell whether an address goes on right behind its DOI in a way that may be the rest of a longer DOI.

    A raw `?` or `#` ends the path of an address; `%3F`, a comma and a semicolon are characters of it. Where we cannot
    tell the whole DOI, a part of it would be another work.
    """
    if one.scheme is not Scheme.DOI or "/" not in one.text:
        return False
    if text[one.end : one.end + 1] in {",", ";"}:
        return (
            _RAW_TAIL.match(text, one.end) is not None
            and _RESOLVER.search(text, max(0, one.start - 80), one.start) is not None
            and not is_complete(one.value)
        )
    return _ENCODED_TAIL.match(text, one.end) is not None


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
