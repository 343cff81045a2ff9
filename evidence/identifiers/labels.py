"""Where the words that label a PMID or a PMCID stand.

Two passes that each begin with one letter run at the speed of `memchr`; one pattern for all spellings, or one that
ignores case, takes ten times as long, and most pages hold few labels.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_CAPITAL = re.compile(r"P(?:MID|mid|ub[Mm]ed(?:[ \-]?Central)?|UBMED|MC|mc)")
_SMALL = re.compile(r"p(?:mid|ubmed|mc)")
_PMC_LENGTH = 3
_PUBMED_LENGTH = 6


class Labels(NamedTuple):
    """Where "PMID" and "PubMed" stand, and where "PMC" and "PubMed Central" stand, in order."""

    pubmed: list[int]
    pmc: list[int]


def find_labels(text: str) -> Labels:
    """Return the places of all labels in `text`, whatever stands around them.

    >>> find_labels("PMID 1, pmc 2, PubMed")
    Labels(pubmed=[0, 15], pmc=[8])
    """
    pubmed: list[int] = []
    pmc: list[int] = []
    for found in _CAPITAL.finditer(text):
        start, end = found.span()
        (pubmed if _PMC_LENGTH < end - start <= _PUBMED_LENGTH else pmc).append(start)
    small = False
    for found in _SMALL.finditer(text):
        start, end = found.span()
        (pmc if end - start == _PMC_LENGTH else pubmed).append(start)
        small = True
    if small:
        pubmed.sort()
        pmc.sort()
    return Labels(pubmed, pmc)
