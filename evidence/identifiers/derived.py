"""DOIs that follow from a publisher's address by the publisher's own rule.

Three publishers have such a rule: Nature, eLife and The Lancet. Others look as if they had one (Elsevier's other PIIs,
Oxford's volume and page), but the DOI cannot be told from the address, so there is none.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_NATURE = re.compile(
    r"/(?:articles|nature/journal/[^?#]{1,60}/(?:full|abs|pdf)|(?:[a-z]{2,12})/journal/[^?#]{1,60}/(?:full|abs|pdf))/"
    r"(?P<id>[A-Za-z0-9][A-Za-z0-9.\-]{2,40})"
)
# Titles whose identifiers are the DOI's suffix as it stands. Others lose dots in the address (cddis2014412 is
# 10.1038/cddis.2014.412), and seven digits alone stand for sj.* of some journal.
_NATURE_IDS = re.compile(
    r"(?:[sd]\d{5}-0\d\d-\d{4,5}-[\dwxyz]|nature\d{4,5}|ncomms\d{4,5}|srep\d{5}|\d{5,6}[a-z]\d|35\d{6}"
    r"|n(?:m|g|i|n|meth|bt|cb|chembio|chem|mat|phys|photon|nano|geo|rc|ri|rm|rg|rd|rn|struct|smb)\d{3,4}"
    r"|n(?:m|g|i|n|meth|bt|cb|chembio|chem|mat|phys|photon|nano|geo|rc|ri|rm|rg|rd|rn|smb|rcardio|rclinonc|rendo|rgastro"
    r"|rmicro|rneph|rneurol|rrheum|rurol|climate|energy|microbiol|plants)\.\d{4}(?:\.\d{1,4})?)"
)
_NATURE_ENDING = re.compile(r"\.(?:pdf|html?|epdf|ris)$|[.\-]+$")
# Palgrave's journal on nature.com keeps its own prefix.
_PALGRAVE = re.compile(r"s41599-")

_ELIFE = re.compile(
    r"/(?:articles|reviewed-preprints)/(?P<id>\d{5,6})(?!\d)|/content/\d{1,2}/e(?P<old>\d{5,6})(?!\d)",
)

_LANCET = re.compile(
    r"/PII(?P<id>S(?P<issn>\d{4}-\d{3}[\dX])\((?P<year>\d\d)\)\d{5}-[\dX])(?![\dA-Za-z])",
    re.IGNORECASE,
)
# The Lancet's titles whose DOI is "10.1016/" and the PII. EBioMedicine, eClinicalMedicine and Regional Health
# stand on the same site with DOIs of another form.
_LANCET_TITLES = frozenset(
    {
        "0140-6736",
        "1470-2045",
        "1473-3099",
        "1474-4422",
        "2213-2600",
        "2213-8587",
        "2214-109X",
        "2215-0366",
        "2352-3018",
        "2352-3026",
        "2352-4642",
        "2468-1253",
        "2468-2667",
        "2665-9913",
    },
)
# These took article numbers (10.1016/j.lanhl.2024.100651) some time in 2024: only older ones are certain.
_LANCET_TITLES_TO_2023 = frozenset({"2542-5196", "2589-7500", "2666-5247", "2666-7568"})


class Derived(NamedTuple):
    """A DOI, and the part of the path that it follows from."""

    doi: str
    first: int
    last: int


def derive_nature(path: str) -> Derived | None:
    """Return the DOI of an article on nature.com.

    >>> derive_nature("/articles/s41586-020-2649-2").doi
    '10.1038/s41586-020-2649-2'
    >>> derive_nature("/articles/cddis2014412") is None
    True
    """
    found = _NATURE.match(path)
    if found is None:
        return None
    first, last = found.span("id")
    name = found.group("id")
    while ending := _NATURE_ENDING.search(name):
        name = name[: ending.start()]
    if not _NATURE_IDS.fullmatch(name) or path[last : last + 1] == "_":
        return None
    prefix = "10.1057" if _PALGRAVE.match(name) else "10.1038"
    return Derived(f"{prefix}/{name.lower()}", first, first + len(name))


def derive_elife(path: str) -> Derived | None:
    """Return the DOI of an article on elifesciences.org; its number has five digits or more, zeros in front included.

    >>> derive_elife("/articles/00013").doi
    '10.7554/elife.00013'
    """
    found = _ELIFE.match(path)
    if found is None:
        return None
    group = "id" if found.group("id") else "old"
    return Derived(f"10.7554/elife.{found.group(group)}", *found.span(group))


def derive_lancet(path: str) -> Derived | None:
    """Return the DOI of an article on thelancet.com.

    >>> derive_lancet("/journals/lancet/article/PIIS0140-6736(20)30183-5/fulltext").doi
    '10.1016/s0140-6736(20)30183-5'
    """
    found = _LANCET.search(path)
    if found is None:
        return None
    issn, year = found.group("issn").upper(), int(found.group("year"))
    certain = issn in _LANCET_TITLES or (issn in _LANCET_TITLES_TO_2023 and year <= 23)  # noqa: PLR2004
    return Derived(f"10.1016/{found.group('id').lower()}", *found.span("id")) if certain else None
