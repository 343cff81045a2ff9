"""Where the words that label a PMID or a PMCID stand.

Two passes that each begin with one letter run at the speed of `memchr`; one pattern for all spellings, or one that
ignores case, takes ten times as long, and most pages hold few labels.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_CAPITAL = re.compile(r"P(?:MID|mid|ub[Mm]ed|UBMED|MC|mc)")
_SMALL = re.compile(r"p(?:mid|ubmed|mc)")
_PMC_LENGTH = 3


class Labels(NamedTuple):
    """Where "PMID" and "PubMed" stand, and where "PMC" stands, in order."""

    pubmed: list[int]
    pmc: list[int]


def find_labels(text: str) -> Labels:
    """Return the places of all labels in `text`, whatever stands around them.

    >>> find_labels("PMID 1, pmc 2, PubMed")
    Labels(pubmed=[0, 15], pmc=[8])
    """
    spans = [found.span() for found in _CAPITAL.finditer(text)]
    small = [found.span() for found in _SMALL.finditer(text)]
    if small:
        spans = sorted(spans + small)
    pubmed = [start for start, end in spans if end - start > _PMC_LENGTH]
    if len(pubmed) == len(spans):
        return Labels(pubmed, [])
    return Labels(pubmed, [start for start, end in spans if end - start == _PMC_LENGTH])
