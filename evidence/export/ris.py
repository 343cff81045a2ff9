"""Works -> RIS, as EndNote, Zotero and Mendeley read it.

Source:
    The RIS format specification of Research Information Systems: two letters, two spaces, a hyphen, a space, the
    value; each line ends in CR LF; `TY` first and `ER` last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from evidence.export.escaping import clean, plain_text
from evidence.export.kinds import ENTRIES, KINDS, PEER_REVIEW
from evidence.export.languages import iso_language
from evidence.export.names import split_name
from evidence.export.records import CitedWork
from evidence.records import AuthorName

_TYPES = {
    "journal-article": "JOUR",
    "posted-content": "UNPB",
    "book": "BOOK",
    "monograph": "BOOK",
    "edited-book": "BOOK",
    "reference-book": "BOOK",
    "proceedings": "CONF",
    "book-chapter": "CHAP",
    "book-section": "CHAP",
    "book-part": "CHAP",
    "reference-entry": "ENCYC",
    "proceedings-article": "CONF",
    "dissertation": "THES",
    "software": "COMP",
    "dataset": "DATA",
    "database": "DBASE",
    "report": "RPRT",
    "standard": "STAND",
    **{kind: one.ris for kind, one in KINDS.items()},
}
# Of a conference paper some programs take the title of its proceedings from C3, others from T2, and the year that it
# came out in from C2; what holds a whole volume is its series.
_CONTAINERS = {"proceedings-article": ("T2", "C3"), "proceedings": ("T3",)}
# Zotero and EndNote take A2 of a book for the editors of its series, and AU of an edited one (EDBOOK) for authors or
# editors, each as it likes; other types have ED, which Zotero reads.
_EDITORS = {"BOOK": "A3", "CHAP": "A2", "ENCYC": "A2", "DICT": "A2", "CONF": "A2"}
# Where the number in a series stands; other types have none of their own, and are read with the tag of chapters.
_SERIES_NUMBERS = {"BOOK": "M1"}
# What stands in a book, which may stand in a series.
_PARTS = frozenset(kind for kind, tag in _TYPES.items() if tag == "CHAP") | ENTRIES | {"proceedings-article"}
# Of these ET is the version.
_VERSIONED = frozenset({"COMP", "DATA", "UNPB"})
# Where others have an ISSN or ISBN these have a number of their own.
_NUMBER_TAGS = {"RPRT": "SN", "PAT": "SN", "CASE": "SV", "BILL": "M1", "HEAR": "M1", "STAT": "M1"}
_PMC = "https://www.ncbi.nlm.nih.gov/pmc/articles/"
_RANGE = re.compile(r"(\S+?)\s*[-\u2010-\u2015]+\s*(\S+)")


def write_ris(batches: Iterable[Sequence[CitedWork]], warnings: list[str]) -> Iterator[str]:
    """Yield the parts of a RIS file.

    Args:
        batches: works in the order of their keys.
        warnings: keys that a work has no more are added here; RIS takes every text, without the markup of titles.
    """
    for works in batches:
        warnings += [
            f"{work.key}: was also {', '.join(work.aliases)}, which RIS cannot tell: change these in your text"
            for work in works
            if work.aliases
        ]
        yield "".join(f"{tag}  - {value}\r\n" for work in works for tag, value in _lines(work))


def _lines(work: CitedWork) -> Iterator[tuple[str, str]]:
    kind = work.type or ""
    container = plain_text(work.container or (work.series if kind not in _PARTS else "") or "")
    tag_of_type = _TYPES.get(kind, "JOUR" if work.type is None and work.container else "GEN")
    yield "TY", tag_of_type
    yield "ID", work.key
    first, last = _pages(work)
    dates = (work.date or "").split("-")
    values = (
        *(("AU", _name(author)) for author in work.authors),
        *((_EDITORS.get(tag_of_type, "ED"), _name(editor)) for editor in work.editors),
        ("TI", plain_text(work.title)),
        *((tag, container) for tag in _CONTAINERS.get(kind, ("T2",))),
        ("T3", plain_text(work.series or "") if kind in _PARTS else ""),
        (_SERIES_NUMBERS.get(tag_of_type, "SV"), clean(work.series_number or "")),
        ("M3", PEER_REVIEW if kind == "peer-review" else clean(work.genre or "")),
        ("J2", plain_text(work.container_short or "")),
        ("PY", clean(dates[0])),
        # Year, month and day, each with its slash even where it is not known.
        ("DA", "/".join((*dates, "", "", "")[:3]) + "/" if len(dates) > 1 else ""),
        ("VL", clean(work.volume or "")),
        (_NUMBER_TAGS.get(tag_of_type, "IS"), clean(work.issue or "")),
        ("SP", first),
        ("EP", last),
        ("ET", clean((tag_of_type in _VERSIONED and work.version) or work.edition or "")),
        ("CY", clean(work.place or "")),
        ("PB", clean(work.publisher or "")),
        *(("SN", clean(number)) for number in (*work.issn, *work.isbn)),
        ("LA", iso_language(work.language) or ""),
        ("DO", clean(work.doi or "")),
        ("DB", "PubMed" if work.pmid else ""),
        ("AN", work.pmid or ""),
        ("C2", clean(dates[0]) if tag_of_type == "CONF" else work.pmcid or ""),
        # Where C2 is taken, its address names it.
        ("UR", _PMC + work.pmcid if tag_of_type == "CONF" and work.pmcid else ""),
        ("N1", clean(work.note or "")),
        *(("KW", clean(word)) for word in work.keywords),
        ("AB", plain_text(work.abstract or "")),
    )
    yield from ((tag, value) for tag, value in values if value)
    yield "ER", ""


def _name(name: AuthorName) -> str:
    """Return a name as "Family, Given, Suffix"; a group's name has a comma at its end, so that nobody splits it.

    >>> _name(AuthorName("King", "Martin Luther Jr.")), _name(AuthorName(collective="WHO Group"))
    ('King, Martin Luther, Jr.', 'WHO Group,')
    """
    person = split_name(name)
    if person is None:
        return clean(name.collective or "") + ","
    # A comma within a part would begin the next one.
    return ", ".join(part for one in person if (part := clean(one.replace(",", " "))))


def _pages(work: CitedWork) -> tuple[str, str]:
    # An article's own number stands where its pages do: Zotero and others know no tag for it.
    pages = clean(work.pages or work.article_number or "")
    match = _RANGE.fullmatch(pages)
    return (match[1], match[2]) if match else (pages, "")
