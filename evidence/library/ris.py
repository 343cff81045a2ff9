"""RIS files, as Zotero, EndNote, Mendeley and publishers write them -> entries.

rispy says what a tag means and which repeat. It knows no lines and passes over what it cannot read, so records are cut
here: each with its line, its long values joined, and a record without an end told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rispy import RisParser
from rispy.config import LIST_TYPE_TAGS, TAG_KEY_MAPPING

from evidence.errors import LibraryError
from evidence.export.genres import plain_genre
from evidence.export.kinds import PEER_REVIEW
from evidence.export.names import has_suffix
from evidence.export.ordinals import plain_edition
from evidence.library.dates import date_problems, read_date
from evidence.library.entries import (
    MAX_VALUE_CHARS,
    EntryProblem,
    LibraryEntry,
    Stated,
    are_short_names,
    arxiv_doi,
    failed_entry,
    find_references,
    first_names,
    is_group,
    is_others,
    is_server,
    is_several_names,
    kept_text,
    make_entry,
    make_group,
    make_name,
    read_isbns,
    read_issns,
    read_language,
    read_number,
    read_pages,
    read_text,
    read_title,
)
from evidence.records import ARTICLES, GENRED, OTHERS, AuthorName, Description
from evidence.terminal import shorten
from evidence.vocabulary import Scheme

# Two spaces by the standard, one or none behind the hyphen by habit.
_OPENING = re.compile(r"^[\ufeff\s]*TY {1,2}-", re.MULTILINE)
_LINE = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: |$)(.*)")
_MEDLINE = re.compile(r"^PMID- ?\d", re.MULTILINE)
# Some databases number their records.
_NUMBER = re.compile(r"\s*\d{1,7}[.)]?\s*")
# At the head of a file publishers say who they are: "Provider: ACM", "Content: text/plain; charset=UTF-8".
_HEADER = re.compile(r"\ufeff?[A-Z][A-Za-z-]{2,20}:")
_PUBMED = re.compile(r"pubmed|medline|\bnlm\b", re.IGNORECASE)
# The address of a paper at PMC, where a conference paper has its number: C2 is the year of these.
_AT_PMC = re.compile(r"https?://(?:www\.ncbi\.nlm\.nih\.gov/pmc|pmc\.ncbi\.nlm\.nih\.gov)/articles/(PMC\d{1,9})/?")
_PMCID = re.compile(r"PMC\d+", re.IGNORECASE)
_DOI = re.compile(r"(?:doi:?\s*|https?://(?:dx\.)?doi\.org/)?10\.\d{4,9}/\S+", re.IGNORECASE)
_TYPES = {
    "JOUR": "journal-article", "JFULL": "journal-article", "EJOUR": "journal-article", "ABST": "journal-article",
    "MGZN": "article-magazine", "NEWS": "article-newspaper",
    "BOOK": "book", "EBOOK": "book", "SER": "book", "CLSWK": "book", "EDBOOK": "edited-book",
    "CHAP": "book-chapter", "ECHAP": "book-chapter", "ENCYC": "entry-encyclopedia", "DICT": "entry-dictionary",
    "CONF": "proceedings-article", "CPAPER": "proceedings-article",
    "THES": "dissertation", "COMP": "software", "DATA": "dataset", "DBASE": "database", "AGGR": "database",
    "RPRT": "report", "GOVDOC": "report", "STAND": "standard", "GRNT": "grant", "GRANT": "grant",
    "UNPB": "posted-content", "INPR": "posted-content", "MANSCPT": "manuscript", "UNPD": "manuscript",
    "PAMP": "pamphlet", "SLIDE": "speech", "ELEC": "webpage", "WEB": "webpage", "BLOG": "post-weblog",
    "PCOMM": "personal_communication", "ICOMM": "personal_communication", "PAT": "patent",
    "CASE": "legal_case", "HEAR": "hearing", "STAT": "legislation", "BILL": "bill", "UNBILL": "bill",
    "LEGAL": "regulation",
    "MPCT": "motion_picture", "VIDEO": "motion_picture", "ADVS": "motion_picture", "SOUND": "song", "MUSIC": "song",
    "ART": "graphic", "FIGURE": "figure", "CHART": "figure", "MAP": "map",
}  # fmt: skip
# Tags that rispy leaves out, of Reference Manager.
_TAGS = {**TAG_KEY_MAPPING, "ED": "editors", "BT": "book_title", "J1": "alternate_title4", "SV": "series_volume"}
# JF is the full name of a journal, JO either that or a short one.
_CONTAINERS = ("secondary_title", "book_title", "alternate_title3", "journal_name")
_SHORT_CONTAINERS = ("alternate_title1", "alternate_title2", "alternate_title4", "journal_name")
_PAPERS = frozenset({"CONF", "CPAPER"})
# Where else a type has what holds it: the title of its proceedings, or the series of a whole book.
_OTHER_CONTAINERS = {
    "CONF": ("tertiary_title",), "CPAPER": ("tertiary_title",),
    "CHAP": ("tertiary_title",), "BOOK": ("tertiary_title",), "EDBOOK": ("tertiary_title",),
}  # fmt: skip
# Where EndNote and Zotero write the number of a book in its series; of a chapter's book it is SV.
_NUMBERED_BY_M1 = frozenset({"BOOK", "EBOOK", "EDBOOK"})
# Zotero and EndNote have the number of a report or patent in SN. What stands in IS beside it is another: of the series
# it came out in, or of the gazette.
_NUMBERED_BY_SN = frozenset({"RPRT", "GOVDOC", "PAT", "STAND"})
# Where they have the docket of a case, the number of a bill or an act.
_OTHER_NUMBERS = {"CASE": "series_volume", "BILL": "note", "HEAR": "note", "STAT": "note"}
# Of these ET is the version, to Zotero and EndNote.
_VERSIONED = frozenset({"COMP", "DATA", "UNPB"})
# Neither is a number of volumes ("2 vols").
_SERIES_NUMBER = re.compile(r"(?!0+\Z)(?!\d+ vol)(?=\D*\d)[\w .-]{1,20}")
_NO_NUMBER = re.compile(r"[^\d]+")
# "K. He", "J.-P. van Dam", "S. O'Brien", as IEEE writes its authors; "U.S. Army" is a group.
_INITIALS_FIRST = re.compile(
    r"(?!U\. ?[SKN]\.|E\. ?U\.)((?:[^\W\d_]\.[ -]?)+) ?"
    r"((?:[a-z]+ )*(?:[^\W\d_]['’])?[^\W\d_][^\W\d_]+(?:[-'’][^\W\d_]+)*)"
)
# Between two names; a group may have either in its name.
_AND = re.compile(r",? (?:and|&) ")
_INVERTED = re.compile(r"[^\W\d_][^,]*, *[^\W\d_][^,]*(?:,[^,]*)*")
_NAMED_DAY = re.compile(
    r"[^\W\d_]{3,10}\.?(?: \d{1,2})?|\d{1,2}\.? [^\W\d_]{3,10}\.?|[^\W\d_]{3,10}\.?[-/][^\W\d_]{3,10}\.?"
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[ -]?){1,4}")
_WITH_INITIALS = re.compile(
    r"[^,]+, ?(?!U\. ?[SKN]\.|E\. ?U\.)(?:[^\W\d_a-z][\w'’-]{1,30} )?(?:(?:[^\W\d_a-z]\.[ -]?){1,4}|[^\W\d_a-z]),"
)
_MOST_PARTS = 3
# "Smith, J. et al.": one name, and no more of the list.
_ET_AL = re.compile(r"(?:, ?| )et al\b\.?\s*\Z", re.IGNORECASE)
_ET_AL_CHARS = 20
# As they are written, without stops: "Ma" and "Do" are names.
_DEGREES = frozenset(
    {"MD", "PhD", "PHD", "DPhil", "DSc", "ScD", "DrPH", "MPhil", "MSc", "MS", "MA", "BA", "BS", "BSc", "MB", "BM",
     "MBBS", "MBChB", "BChir", "MBA", "MPH", "MHS", "MHSc", "MEd", "EdD", "JD", "LLM", "DO", "DDS", "DMD", "DVM",
     "VMD", "PharmD", "PsyD", "DNP", "BSN", "MSN", "RN", "NP", "CNM", "RPh", "RD", "PT", "DPT", "FRCP", "FRCPC",
     "FRCS", "FRCSC", "FRACP", "FACP", "FACS", "FACC", "FAHA", "FRS", "Dr", "Prof", "Esq"}
)  # fmt: skip
_SHOWN = 60
_OR_A_GROUP = ", or a group's: give each a line, and a group a comma at its end"
_AUTHORS = ("authors", "first_authors")
# Where the editors stand, of types that have any: A2 of a whole book are those of its series, of a thesis its advisor.
_EDITORS = {
    **dict.fromkeys(("BOOK", "EBOOK"), "tertiary_authors"),
    **dict.fromkeys(("CHAP", "ECHAP", "CONF", "CPAPER", "ENCYC", "DICT"), "secondary_authors"),
}
_BOOK_TITLES = ("secondary_title", "book_title", "alternate_title3", "custom3")


class _Record:
    """The lines of one record, as tag and value, with where it begins."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.tags: list[tuple[str, list[str]]] = []
        self.has_end = False

    def raw(self) -> str:
        return "\n".join(f"{tag}  - {' '.join(parts)}" for tag, parts in self.tags)


def read_ris(text: str) -> Iterator[LibraryEntry]:
    """Yield the entries of a RIS file; one that is cut off, and lines that belong to none, come with the reason.

    Raises:
        LibraryError: it holds text, and no line of it opens an entry.

    >>> [entry] = read_ris("TY  - JOUR\\nID  - smith2020\\nAU  - Smith, Jane\\nDO  - 10.1000/X\\nER  - \\n")
    >>> entry.key, entry.references[0].value, entry.description.authors[0].family
    ('smith2020', '10.1000/x', 'Smith')
    """
    if text.strip("\ufeff \t\r\n") and not _OPENING.search(text):
        if _MEDLINE.search(text):
            raise LibraryError(
                "it is PubMed's own format (.nbib), not RIS", "export it as RIS from a reference manager"
            )
        raise LibraryError(
            "it has no entry of RIS: no line begins with `TY  -`", "check the file, or give its --format"
        )
    for found in _records(text):
        yield found if isinstance(found, LibraryEntry) else _entry(found)


def _records(text: str) -> Iterator[_Record | LibraryEntry]:
    record: _Record | None = None
    stray: tuple[int, str] | None = None
    is_head = True
    for number, line in enumerate(text.split("\n"), 1):
        match = _LINE.fullmatch(line.strip("\ufeff"))
        tag = match[1] if match else ""
        if tag == "TY":
            if record is not None:
                yield record
            record, is_head = _Record(number), False
        if record is None:
            # Told once for the lines between two records, however many.
            is_said = tag == "ER" or _NUMBER.fullmatch(line) or (is_head and _HEADER.match(line))
            if line.strip() and stray is None and not is_said:
                stray = (number, line)
                yield failed_entry(number, None, "it stands outside of an entry: TY opens one", line)
            continue
        stray = None
        if match is None:
            if line.strip() and record.tags:
                record.tags[-1][1].append(line.strip())
        elif tag == "ER":
            record.has_end = True
            yield record
            record = None
        else:
            record.tags.append((tag, [match[2].strip()]))
    if record is not None:
        yield record


def _entry(record: _Record) -> LibraryEntry:
    lines = [f"{tag}  - {' '.join(parts)[:MAX_VALUE_CHARS]}" for tag, parts in record.tags]
    parser = RisParser(mapping=_TAGS, skip_unknown_tags=True, list_tags=[*LIST_TYPE_TAGS, "SN", "ED"])
    fields = parser.parse_lines(iter([*lines, "ER  - "]))[0]
    tag, said, month = _date(fields)
    description = _describe(fields, read_date(said, month))
    stated, notes, addresses = _identifiers(fields)
    if not _text(fields.get("doi")) and (doi := arxiv_doi(description.container or "")):
        # "arXiv preprint arXiv:1706.03762", as Google Scholar calls what holds it.
        stated.append(Stated("JO", Scheme.DOI, doi))
    found, wrong = find_references(stated, notes, addresses)
    problems = [*_name_problems(fields), *date_problems(tag, said, description.date), *wrong]
    entry = make_entry(record.line, _key(fields), description, (found, problems), record.raw)
    if record.has_end:
        return entry
    problem = EntryProblem(None, "it has no end: the line `ER  -` is missing")
    return replace(entry, problems=(problem, *entry.problems), raw=kept_text(record.raw()))


def _describe(fields: Mapping[str, Any], date: str | None) -> Description:
    def text(*names: str) -> str | None:
        return next((found for name in names if (found := _text(fields.get(name)))), None)

    first, last = read_pages(text("start_page")), read_pages(text("end_page"))
    kind = text("type_of_reference") or ""
    # Of a paper Zotero writes the name of the conference where others have the title of its proceedings.
    first_of_all = ("custom3",) if kind in _PAPERS else ()
    container = read_title(text(*first_of_all, *_CONTAINERS, *_OTHER_CONTAINERS.get(kind, ())))
    short = read_text(text(*_SHORT_CONTAINERS))
    # Patents have neither ISSN nor ISBN, but numbers as long: "11234567".
    numbers = " ".join(fields.get("issn") or ()) if kind != "PAT" else ""
    authors, editors = (
        first_names(_name(one) for one in names if not _is_several(one)) for _, names in _people(fields)
    )
    # EndNote writes the degree of a thesis as its volume.
    degree = text("volume") if kind == "THES" and _NO_NUMBER.fullmatch(text("volume") or "") else None
    said = text("type_of_work") or degree or ""
    is_article = _TYPES.get(kind) in ARTICLES
    is_in_series = _EDITORS.get(kind) == "secondary_authors" and text(*_BOOK_TITLES) is not None
    return Description(
        title=read_title(text("title", "primary_title")),
        authors=authors,
        editors=editors,
        container=container,
        series=read_title(text("tertiary_title")) if is_in_series else None,
        container_short=short if short != container or text("alternate_title1") else None,
        date=date,
        volume=read_number(text("volume")) if degree is None else None,
        issue=read_number(
            (_own_number(fields) if kind in _NUMBERED_BY_SN else None)
            or text("number")
            or text(_OTHER_NUMBERS.get(kind, ""))
        ),
        pages=read_pages(f"{first}-{last}" if first and last and "-" not in first else first or last),
        article_number=read_number(text("custom7")),
        publisher=read_text(text("publisher")),
        issn=read_issns(numbers),
        isbn=read_isbns(numbers),
        type=_type(fields, kind, container),
        language=read_language(text("language")),
        genre=plain_genre(said) if _TYPES.get(kind) in GENRED and not _DOI.fullmatch(said) else None,
        series_number=_series_number(fields, kind) if container and kind not in _OTHER_NUMBERS else None,
        edition=plain_edition(read_text(text("edition"))) if not is_article and kind not in _VERSIONED else None,
        version=read_text(text("edition")) if kind in _VERSIONED else None,
        place=read_text(text("place_published")) if not is_article else None,
    )


def _type(fields: Mapping[str, Any], kind: str, container: str | None) -> str:
    if kind == "CONF" and not _is_paper(fields):
        return "proceedings"
    if kind == "GEN" and (_text(fields.get("type_of_work")) or "").casefold() == PEER_REVIEW.casefold():
        return "peer-review"
    found = _TYPES.get(kind, "other")
    return "posted-content" if found in {"journal-article", "other"} and is_server(container) else found


def _own_number(fields: Mapping[str, Any]) -> str | None:
    """Return the number of a report or patent, which stands where others have an ISSN or ISBN, as a report may too."""
    told = [one for one in fields.get("issn") or () if one.strip()]
    if _text(fields.get("type_of_reference")) != "PAT":
        told = [one for one in told if not read_issns(one) and not read_isbns(one)]
    return next(iter(told), None)


def _series_number(fields: Mapping[str, Any], kind: str) -> str | None:
    """Return the number of a book in its series: publishers write a 0 or a DOI there too."""
    told = _text(fields.get("note")) if kind in _NUMBERED_BY_M1 else None
    if told is None or not _SERIES_NUMBER.fullmatch(told):
        told = _text(fields.get("series_volume"))
    if told is None and kind in {"RPRT", "GOVDOC"} and _own_number(fields):
        # The report's own number stands elsewhere.
        told = read_number(_text(fields.get("number")))
    return read_text(told)


def _date(fields: Mapping[str, Any]) -> tuple[str, str, str | None]:
    """Return the tag and text of the date, and the month and day where EndNote writes them apart.

    DA is fuller than the year, where it is of that year; of another, it may be when the record was made.
    """
    day = (_text(fields.get("date")) or "").rstrip("/")
    year = _text(fields.get("year")) or _text(fields.get("publication_year")) or ""
    if not year or day.startswith(year[:4]):
        return "DA", day, None
    if _NAMED_DAY.fullmatch(day):
        return "PY", year, day
    # As Wiley writes it.
    first = (_text(fields.get("publication_year")) or "").rstrip("/")
    is_fuller = len(found := read_date(first) or "") > len("2019") and found.startswith(year[:4])
    return ("Y1", first, None) if is_fuller else ("PY", year, None)


def _people(fields: Mapping[str, Any]) -> tuple[tuple[str, list[str]], tuple[str, list[str]]]:
    """Return the names of authors and of editors, each with the tag that they are told by."""
    kind = _text(fields.get("type_of_reference"))
    authors, editors = _family_first(_names(fields, *_AUTHORS)), _names(fields, "editors")
    if not editors and kind in _EDITORS:
        editors = _names(fields, _EDITORS[kind])
    if kind == "EDBOOK" and not editors:
        # EndNote writes the editors of such a book in the place of its authors.
        return ("AU", []), ("AU", authors)
    return ("AU", authors), ("ED", editors)


def _names(fields: Mapping[str, Any], *names: str) -> list[str]:
    """Return the names of the first of these tags that is there; an "et al." behind one is apart."""
    said = next((value for name in names if isinstance(value := fields.get(name), list)), [])
    return [part for one in said for part in _without_others(str(one))]


def _without_others(name: str) -> list[str]:
    """Return a name, and what says that the list goes on, where that stands behind it.

    >>> _without_others("Lee, J., et al."), _without_others("et al."), _without_others("Al, Et")
    (['Lee, J.', 'et al.'], ['et al.'], ['Al, Et'])
    """
    match = _ET_AL.search(name, max(1, len(name) - _ET_AL_CHARS))
    return [name[: match.start()], "et al."] if match else [name]


def _family_first(names: list[str]) -> list[str]:
    """Return names with the family name first, where each of a person is written with initials first.

    >>> _family_first(["K. He", "J.-P. van Dam"]), _family_first(["K. He", "Keck"]), _family_first(["A.B. Consortium"])
    (['He, K.', 'van Dam, J.-P.'], ['K. He', 'Keck'], ['A.B. Consortium'])
    """
    found = {name: _INITIALS_FIRST.fullmatch(name) for name in names if not is_group(name) and not is_others(name)}
    if not all(found.values()):
        return names
    return [f"{one[2]}, {one[1].strip()}" if (one := found.get(name)) else name for name in names]


def _name_problems(fields: Mapping[str, Any]) -> list[EntryProblem]:
    """Return what is wrong with names: each line holds one."""
    return [
        EntryProblem(tag, f"“{shorten(one, _SHOWN)}” is more than one name{_OR_A_GROUP}; it is not read")
        for tag, names in _people(fields)
        for one in names
        if _is_several(one)
    ]


def _is_several(name: str) -> bool:
    """Tell whether a line holds more than one name: by semicolons, by commas, or by an "and" between two persons.

    >>> _is_several("He, K. and Zhang, X."), _is_several("K. He and X. Zhang"), _is_several("Simon and Schuster, Inc.")
    (True, True, False)
    >>> _is_several("Smith J, Lee K"), _is_several("Smith, J., Lee, K."), _is_several("King, Martin, Jr.")
    (True, True, False)
    >>> _is_several("Jo Smith, Kim Lee, Al Poe"), _is_several("Smith, J., Ma, X., MD"), _is_several("Department, A, B,")
    (True, True, False)
    """
    is_closed = name.endswith((",", "}"))
    parts = _parts(name.rstrip(" ,"))
    name = ", ".join(parts)
    if is_several_names(name) or are_short_names(name) or _are_inverted(name) or _are_initials_first(name):
        return True
    if not (_may_be_person(parts) or is_closed or is_group(name)):
        return True
    parts = _AND.split(name)
    return (
        len(parts) > 1
        and not name.startswith("{")
        and not is_group(name)
        and all(_INVERTED.fullmatch(one.strip()) or _INITIALS_FIRST.fullmatch(one.strip()) for one in parts)
    )


def _may_be_person(parts: Sequence[str]) -> bool:
    """Tell whether the parts of a name may be those of "Family, Given, Suffix"; what begins as a name is no suffix.

    >>> _may_be_person(["Smith", "John", "A"]), _may_be_person(["Berg", "Jan", "van der"])
    (True, True)
    >>> _may_be_person(["Smith", "John", "Kim Lee"]), _may_be_person(["Smith", "J.", "Ma", "X."])
    (False, False)
    """
    if len(parts) < _MOST_PARTS:
        return True
    last = parts[-1]
    is_name = last[:1].isupper() and last[1:2].islower() and not _is_suffix(last)
    return len(parts) == _MOST_PARTS and not (is_name and _DEGREES.isdisjoint(last.replace(".", "").split()))


def _are_inverted(name: str) -> bool:
    """Tell whether family names and initials take turns: a name has three parts at most, the last a suffix."""
    parts = [one.strip() for one in name.split(",")]
    return len(parts) > _MOST_PARTS and len(parts) % 2 == 0 and all(map(_INITIALS.fullmatch, parts[1::2]))


def _are_initials_first(name: str) -> bool:
    """Tell whether two or more stand there as IEEE writes them: "J. Smith, K. Lee"."""
    return sum(_INITIALS_FIRST.fullmatch(one) is not None for one in name.split(", ")) > 1


def _parts(name: str) -> list[str]:
    """Return the parts of a name between its commas, without degrees behind the given name.

    What stands in its place is one: many are called Md.

    >>> _parts("Smith, J., M.D., PhD"), _parts("Rahman, MD"), _parts("Smith, J., Lee, MS")
    (['Smith', 'J.'], ['Rahman', 'MD'], ['Smith', 'J.', 'Lee', 'MS'])
    """
    family, *parts = (one.strip() for one in name.split(","))
    if len(parts) > 1 and _is_suffix(parts[0]):
        # As BibTeX has it; here a suffix stands behind the given name.
        parts[:2] = parts[1::-1]
    if all(_is_suffix(one) or _is_degree(one) for one in parts[1:]):
        parts[1:] = filter(_is_suffix, parts[1:])
    return [family, *parts]


def _is_suffix(part: str) -> bool:
    return has_suffix(f"- {part}")


def _is_degree(part: str) -> bool:
    """Tell whether a part of a name is degrees and memberships alone.

    >>> _is_degree("M.D."), _is_degree("MD, PhD".replace(",", "")), _is_degree("Ma")
    (True, True, False)
    """
    words = part.replace(".", "").split()
    return bool(words) and ("".join(words) in _DEGREES or _DEGREES.issuperset(words))


def _is_paper(fields: Mapping[str, Any]) -> bool:
    """Tell a paper of a conference from a whole volume: programs write `CONF` for both.

    A paper has pages, or the title of its proceedings; a volume has at most a series.
    """
    held = ("secondary_title", "book_title", "custom3", "start_page")
    authors = any(fields.get(name) for name in _AUTHORS)
    return any(_text(fields.get(name)) for name in held) or (authors and not _text(fields.get("tertiary_title")))


def _identifiers(fields: Mapping[str, Any]) -> tuple[list[Stated], list[tuple[str, str]], list[str]]:
    """Return what a record names its work by: fields for it, notes, addresses."""
    stated = [Stated("DO", Scheme.DOI, _text(fields.get("doi")) or "")]
    accession = _text(fields.get("accession_number")) or ""
    origin = " ".join(_text(fields.get(name)) or "" for name in ("name_of_database", "database_provider"))
    # Every database has numbers; only where it is named, or the number says so itself, is one a PMID.
    if _PUBMED.search(origin) or _PUBMED.search(accession) or "pmid" in accession.lower():
        stated.append(Stated("AN", Scheme.PMID, accession))
    if _PMCID.fullmatch(_text(fields.get("custom2")) or ""):
        stated.append(Stated("C2", Scheme.PMCID, _text(fields.get("custom2")) or ""))
    # Publishers put the DOI where EndNote has another number.
    for tag, name in (("M3", "type_of_work"), ("M1", "note")):
        if _DOI.fullmatch(told := _text(fields.get(name)) or ""):
            stated.append(Stated(tag, Scheme.DOI, told))
    notes = fields.get("notes")
    urls = [str(one) for one in fields["urls"]] if isinstance(fields.get("urls"), list) else []
    stated += [Stated("UR", Scheme.PMCID, found[1]) for one in urls if (found := _AT_PMC.fullmatch(one.strip()))]
    return stated, [("N1", str(one)) for one in notes] if isinstance(notes, list) else [], urls


def _key(fields: Mapping[str, Any]) -> str | None:
    """Return the citekey; EndNote's number of a record, which changes with each export, is none."""
    return next(
        (found for name in ("id", "label") if (found := _text(fields.get(name))) and not found.isdecimal()), None
    )


def _text(value: object) -> str | None:
    if isinstance(value, list):
        value = next(iter(value), None)
    return value.strip() or None if isinstance(value, str) else None


def _name(name: object) -> AuthorName | None:
    """Return an author: "Family, Given, Suffix"; without a comma, or with one at its end, it is a group's name.

    Some end the names of persons so too: what then has initials is one.

    >>> _name("King, Martin Luther, Jr.").given, _name("WHO Group,").collective, _name("Plato").collective
    ('Martin Luther Jr.', 'WHO Group', 'Plato')
    >>> _name("Lee, K.,").family, _name("Ministry of Food, Health and Care, UK").collective
    ('Lee', 'Ministry of Food, Health and Care, UK')
    """
    text = str(name).strip()
    if is_others(text.rstrip(",")):
        return OTHERS
    if text.endswith(",") and not _WITH_INITIALS.fullmatch(text):
        return make_group(text[:-1])
    if text.startswith("{") and text.endswith("}"):
        return make_group(text[1:-1])
    family, *rest = _parts(text)
    is_person = _may_be_person([family, *rest]) and (len(rest) < _MOST_PARTS - 1 or _is_suffix(rest[-1]))
    if not is_person and is_group(text):
        return make_group(text)
    given = " ".join(filter(None, rest))
    return make_name(family, given) if given else make_group(family)
