"""Works -> BibTeX files, in the dialect of biblatex and biber or in that of the old styles.

bibtexparser writes the entries, in batches, which keeps memory flat; what stands in them is ours, since
its own encoding breaks braces, DOIs and Greek letters of real metadata.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from operator import attrgetter
from typing import NamedTuple

from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry
from bibtexparser.writer import BibtexFormat

from evidence.export.escaping import (
    clean,
    escape_markup,
    escape_name,
    escape_text,
    escape_verbatim,
    find_single_braces,
    is_latin,
)
from evidence.export.genres import MASTERS, PHD, Degree, biblatex_type, degree_of
from evidence.export.kinds import HELD, KINDS, NUMBERED, PEER_REVIEW, PUBLISHED, PUBLISHED_BY
from evidence.export.languages import babel_language
from evidence.export.names import split_given
from evidence.export.ordinals import with_ordinal
from evidence.export.records import CitedWork
from evidence.records import OTHERS, AuthorName

# The one field whose value is a word that BibTeX knows, and has no braces.
_MONTH = "month"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PLAIN_RANGE = re.compile(r"[A-Za-z]{0,3}[0-9]+-[A-Za-z]{0,3}[0-9]+")
# "S12", "123.e1", "12a"; the pages before the first have Roman numbers.
_PAGE = r"[A-Za-z]{0,3}\d+(?:\.[A-Za-z]{0,2}\d+)?[A-Za-z]?"
_DASH = r"\s*[-\u2010-\u2015]+\s*"
_RANGE = re.compile(
    rf"(?<!\S)(?:({_PAGE}){_DASH}({_PAGE})|([ivxlc]+){_DASH}([ivxlc]+)|([IVXLC]+){_DASH}([IVXLC]+))(?=[,;\s]|$)"
)
_ARXIV = "10.48550/arxiv."


class _Field(NamedTuple):
    """One field as bibtexparser's writer takes it; its own class asks a function for each part."""

    key: str
    value: str


_Part = tuple[str, str | None]
# A named tuple without the function that Python writes for it, which takes twice as long.
_new_field: Callable[[_Part], _Field] = partial(tuple.__new__, _Field)


class _Layout(BibtexFormat):
    """How bibtexparser lays entries out. Plain values: it asks for them thirty times an entry."""

    indent = "  "
    value_column = 0
    trailing_comma = True
    block_separator = "\n"

    def __init__(self) -> None:
        """Leave out what the values above replace."""


class _Dialect(NamedTuple):
    """How one dialect writes one of Crossref's types: the entry type, and the fields of container and publisher."""

    entry: str
    container: str
    publisher: str


class _Kind(NamedTuple):
    """How one of Crossref's types is written. `type` says what it is where the entry type needs to be told.

    `old_type` does so for old styles alone, which have few types. `subtype` tells programs, and is never printed.
    """

    biblatex: _Dialect
    bibtex: _Dialect
    type: str | None = None
    old_type: str | None = None
    subtype: str | None = None


_ARTICLE = _Kind(_Dialect("article", "journaltitle", ""), _Dialect("article", "journal", ""))
_BOOK = _Kind(_Dialect("book", "series", "publisher"), _Dialect("book", "series", "publisher"))
_CHAPTER = _Kind(
    _Dialect("incollection", "booktitle", "publisher"),
    _Dialect("incollection", "booktitle", "publisher"),
)
_OLD_MISC = _Dialect("misc", "howpublished", "howpublished")
_MISC = _Kind(_Dialect("misc", "organization", "organization"), _OLD_MISC)
# What biblatex's styles print as @misc, and its data model knows the fields of no better.
_LIKE_MISC = _Dialect("misc", "howpublished", "organization")
_DATASET = _Kind(_Dialect("dataset", "series", "publisher"), _OLD_MISC, old_type="Dataset")
_THESIS = _Kind(
    _Dialect("thesis", "series", "institution"),
    # Of a thesis for an unknown degree too, since old styles have no other entry; they print what `type` says.
    _Dialect("phdthesis", "series", "school"),
    "Thesis",
)
_MASTERS_THESIS = _THESIS._replace(bibtex=_Dialect("mastersthesis", "series", "school"))
_BELOW_DOCTOR = frozenset({Degree.MASTER, Degree.BACHELOR})
# Where biblatex keeps what holds such an entry, and who published it; all others are as @misc to its styles.
_FIELDS = {
    "article": _ARTICLE.biblatex,
    "online": _MISC.biblatex,
    "inreference": _CHAPTER.biblatex,
    "patent": _Dialect("", "", "holder"),
    "unpublished": _Dialect("", "howpublished", "howpublished"),
    "booklet": _Dialect("", "howpublished", "howpublished"),
}
# Where old styles have an entry type too.
_OLD = {
    "article": _ARTICLE.bibtex,
    "inreference": _CHAPTER.bibtex,
    "unpublished": _Dialect("unpublished", "howpublished", "howpublished"),
    "booklet": _Dialect("booklet", "howpublished", "howpublished"),
}


def _kind_of_library(kind: str) -> _Kind:
    one = KINDS[kind]
    biblatex = _FIELDS.get(one.entry, _LIKE_MISC)._replace(entry=one.entry)
    if kind == "speech":
        biblatex = biblatex._replace(container="eventtitle")
    return _Kind(biblatex, _OLD.get(one.entry, _OLD_MISC), None, one.words, one.subtype)


# What old styles print of a thesis by its entry type alone.
_SAID_BY_ENTRY = frozenset({PHD, MASTERS})
_KINDS = {
    "journal-article": _ARTICLE,
    "posted-content": _Kind(
        _Dialect("online", "organization", "organization"),
        _OLD_MISC,
        old_type="Preprint",
    ),
    "book": _BOOK,
    "monograph": _BOOK,
    "edited-book": _BOOK,
    "reference-book": _BOOK,
    "book-chapter": _CHAPTER,
    "book-section": _CHAPTER,
    "book-part": _CHAPTER,
    "reference-entry": _CHAPTER._replace(biblatex=_CHAPTER.biblatex._replace(entry="inreference")),
    "proceedings-article": _Kind(
        _Dialect("inproceedings", "booktitle", "publisher"),
        _Dialect("inproceedings", "booktitle", "publisher"),
    ),
    "proceedings": _Kind(
        _Dialect("proceedings", "series", "publisher"),
        _Dialect("proceedings", "series", "publisher"),
    ),
    "dissertation": _THESIS,
    "report": _Kind(
        _Dialect("report", "series", "institution"),
        _Dialect("techreport", "series", "institution"),
        "Report",
    ),
    "software": _Kind(_Dialect("software", "series", "publisher"), _OLD_MISC, "Software"),
    "dataset": _DATASET,
    "database": _DATASET,
    "peer-review": _MISC._replace(type=PEER_REVIEW),
    "standard": _Kind(_LIKE_MISC._replace(entry="standard"), _OLD_MISC, old_type="Standard"),
    **{kind: _kind_of_library(kind) for kind in KINDS},
}
_BRACED = attrgetter(
    "title",
    "container",
    "series",
    "volume",
    "issue",
    "pages",
    "article_number",
    "publisher",
    "note",
    "abstract",
    "edition",
    "place",
    "version",
)
# Container fields that styles write in small letters, as titles.
_TITLES = frozenset({"booktitle", "series", "eventtitle"})
# What numbers records of works of any kind.
_RECORDS = frozenset({"pubmed", "pmc"})
# Without their container these are refused by every style.
_NEED_CONTAINER = frozenset({"article", "incollection", "inproceedings"})


def write_biblatex(batches: Iterable[Sequence[CitedWork]], warnings: list[str]) -> Iterator[str]:
    """Yield the parts of a file for biblatex and biber.

    Args:
        batches: works in the order of their keys.
        warnings: what BibTeX cannot hold is added here; biber reads every script.
    """

    def entry(work: CitedWork) -> Entry:
        _warn_of_braces(work, warnings)
        return _biblatex_entry(work)

    return _write(batches, entry)


def write_bibtex(batches: Iterable[Sequence[CitedWork]], warnings: list[str]) -> Iterator[str]:
    """Yield the parts of a file for the old BibTeX styles.

    Args:
        batches: works in the order of their keys.
        warnings: names that these styles cannot sort and shorten are added here, and keys that a work has no more.
    """

    def entry(work: CitedWork) -> Entry:
        _warn_of_braces(work, warnings)
        _warn(work, warnings)
        return _bibtex_entry(work)

    return _write(batches, entry)


def _write(batches: Iterable[Sequence[CitedWork]], entry: Callable[[CitedWork], Entry]) -> Iterator[str]:
    layout = _Layout()
    separator = ""
    for works in batches:
        if works:
            library = Library([entry(work) for work in works])
            # No middleware: the braces stand already, and putting them on later takes a tenth of the time.
            yield separator + write_string(library, unparse_stack=[], bibtex_format=layout)
            separator = "\n"


def _biblatex_entry(work: CitedWork) -> Entry:
    kind = _kind(work)
    is_article = kind.biblatex.entry == "article"
    number, archive = _eprint(work) or ("", "")
    # The number at its server says what a preprint is; without one it would be taken for a page of the web.
    is_told = archive and archive not in _RECORDS
    told = kind.old_type if work.type == "posted-content" and not is_told else kind.type
    return _entry(
        kind.biblatex.entry,
        work.key,
        [
            ("ids", ",".join(work.aliases)),
            *_description(work, kind.biblatex, accents=False),
            ("shortjournal", _short_name(work) if is_article else ""),
            ("date", _text(work.date)),
            *_place(work),
            ("issue", _text(work.issue) if work.series_number and work.type not in NUMBERED else ""),
            ("edition", _text(work.edition)),
            ("version", _text(work.version)),
            # A list in biblatex: "Paris and New York" is two.
            ("location", _whole(work.place) if work.place else ""),
            ("type", _text(biblatex_type(work.genre)) if work.genre else told),
            ("entrysubtype", kind.subtype),
            *_numbers(work, kind),
            ("langid", babel_language(work.language)),
            ("eprint", number),
            ("eprinttype", archive),
            # biblatex has one `eprint`, and passes over what JabRef, Zotero and pandoc read the others from.
            ("pmid", escape_verbatim(work.pmid) if work.pmid and archive != "pubmed" else ""),
            ("pmcid", escape_verbatim(work.pmcid) if work.pmcid and archive != "pmc" else ""),
            *_words(work),
        ],
    )


def _bibtex_entry(work: CitedWork) -> Entry:
    kind = _kind(work)
    if kind is _THESIS and degree_of(work.genre) in _BELOW_DOCTOR:
        kind = _MASTERS_THESIS
    year, _, rest = (work.date or "").partition("-")
    has_month = rest[:2].isdecimal() and 1 <= int(rest[:2]) <= len(_MONTHS)
    number, archive = _place_at_server(work, arxiv="arXiv") or ("", "")
    return _entry(
        kind.bibtex.entry,
        work.key,
        [
            *_description(work, kind.bibtex, accents=True),
            ("year", _text(year)),
            (_MONTH, _MONTHS[int(rest[:2]) - 1] if has_month else ""),
            *_place(work),
            ("edition", _text(with_ordinal(work.edition or ""))),
            ("version", _text(work.version)),
            ("address", _text(work.place)),
            ("type", "" if work.genre in _SAID_BY_ENTRY else _text(work.genre) or kind.type or kind.old_type),
            ("entrysubtype", kind.subtype if kind.bibtex.entry == "article" else ""),
            *_numbers(work, kind),
            ("eprint", number),
            ("archiveprefix", archive),
            ("pmid", escape_verbatim(work.pmid) if work.pmid else ""),
            ("pmcid", escape_verbatim(work.pmcid) if work.pmcid else ""),
            *_words(work),
        ],
    )


def _entry(kind: str, key: str, parts: Iterable[_Part]) -> Entry:
    """Return an entry with the fields that are not empty, each in its braces."""
    fields = [_new_field((name, value if name is _MONTH else f"{{{value}}}")) for name, value in parts if value]
    return Entry(kind, key, fields)  # type: ignore[arg-type]  # the writer asks for key and value only


def _description(work: CitedWork, dialect: _Dialect, *, accents: bool) -> list[_Part]:
    return [
        ("author", _names(work.authors, accents=accents)),
        ("editor", _names(work.editors, accents=accents) if work.editors else ""),
        ("title", _title(work.title)),
        *_held(work, dialect),
    ]


def _held(work: CitedWork, dialect: _Dialect) -> tuple[_Part, ...]:
    """Return what holds a work and who published it."""
    container = _name_of_container(work.container) if work.container else ""
    if dialect.container in _TITLES:
        held = work.container or (work.series if dialect.container == "series" else "")
        container = _title(held or "")
    if not dialect.publisher:
        return ((dialect.container, container),)
    publisher = _whole(work.publisher) if work.publisher else ""
    if not dialect.container:
        return ((dialect.publisher, _group(work.publisher or "") if dialect.publisher == "holder" else publisher),)
    if dialect.container == dialect.publisher:
        return _in_one_field(work.type or "", dialect.container, _in_one(container), publisher)
    series = _title(work.series or "") if dialect.container == "booktitle" else ""
    return (dialect.container, container), ("series", series), (dialect.publisher, publisher)


def _in_one_field(kind: str, name: str, container: str, publisher: str) -> tuple[_Part, ...]:
    """Return both where styles print one field for them: the other has a second one, which programs read."""
    if kind in PUBLISHED:
        return ("journal", container), (name, publisher)
    if kind in HELD and container:
        return (name, container), ("publisher", publisher)
    # pandoc would print a field `publisher` beside the other, and BibTeX's styles would not print it alone.
    is_apart = publisher and (kind in HELD or container) and publisher != container
    return (name, container or publisher), ("usera", f"{PUBLISHED_BY}{publisher}" if is_apart else "")


def _short_name(work: CitedWork) -> str:
    return _name_of_container(work.container_short or "") if work.container_short != work.container else ""


def _place(work: CitedWork) -> tuple[_Part, ...]:
    # A report has a number of its own, and is a volume of its series; of a book the number is that in the series.
    is_numbered = work.type in NUMBERED
    return (
        ("volume", _text(work.volume or (work.series_number if is_numbered else ""))),
        ("number", _text(work.issue if is_numbered else work.series_number or work.issue)),
        # An article number stands where the pages do, since pandoc reads no `eid`.
        ("pages", _pages(work.pages) or _text(work.article_number)),
    )


def _numbers(work: CitedWork, kind: _Kind) -> tuple[_Part, ...]:
    # One each: biber takes a list for a mistake, and an ISSN anywhere but in an article.
    is_article = kind.biblatex.entry == "article"
    return (
        ("issn", _text(work.issn[0]) if is_article and work.issn else ""),
        ("isbn", _text(work.isbn[0]) if work.isbn else ""),
        ("doi", escape_verbatim(work.doi) if work.doi else ""),
    )


def _words(work: CitedWork) -> tuple[_Part, ...]:
    return (
        ("note", _text(work.note)),
        ("keywords", ", ".join(map(_text, work.keywords)) if work.keywords else ""),
        ("abstract", escape_markup(work.abstract) if work.abstract else ""),
    )


def _eprint(work: CitedWork) -> tuple[str, str] | None:
    """Return where the work itself, or its record at PubMed, is found: the number and the kind that biblatex knows."""
    if not _arxiv_number(work) and (work.pmid or work.pmcid):
        return escape_verbatim(work.pmid or work.pmcid or ""), "pubmed" if work.pmid else "pmc"
    return _place_at_server(work, arxiv="arxiv")


def _place_at_server(work: CitedWork, *, arxiv: str) -> tuple[str, str] | None:
    """Return the number of a preprint and the name of its server, which for arXiv is as the dialect writes it."""
    if number := _arxiv_number(work):
        return escape_verbatim(number), arxiv
    # Any other server is named by the container or publisher; the DOI is the number there.
    server = work.container or work.publisher
    if work.type == "posted-content" and work.doi and server:
        return escape_verbatim(work.doi), _text(server)
    return None


def _arxiv_number(work: CitedWork) -> str | None:
    """Return the number that arXiv's own DOIs end in.

    >>> from evidence.export.records import CitedWork
    >>> work = CitedWork("a", (), (), "10.48550/arxiv.2101.00001", *[None] * 17)
    >>> _arxiv_number(work)
    '2101.00001'
    """
    return work.doi[len(_ARXIV) :] if work.doi and work.doi.lower().startswith(_ARXIV) else None


def _kind(work: CitedWork) -> _Kind:
    kind = _KINDS.get(work.type or "", _MISC)
    if work.type is None:
        kind = _ARTICLE
    return kind if work.container or kind.bibtex.entry not in _NEED_CONTAINER else _MISC


def _title(title: str) -> str:
    # Styles write titles in small letters; only inner braces keep "C. elegans" and "García" as they are.
    escaped = escape_markup(title)
    return f"{{{escaped}}}" if escaped else ""


def _text(text: str | None) -> str:
    return escape_text(text) if text else ""


# Journals and publishers come again and again.
@lru_cache(1 << 12)
def _whole(text: str) -> str:
    return _in_one(_text(text))


@lru_cache(1 << 12)
def _name_of_container(text: str) -> str:
    return escape_markup(text)


def _group(text: str) -> str:
    """Return who is no person where a field holds names."""
    return f"{{{_text(text)}}}" if text else ""


def _in_one(escaped: str) -> str:
    """Return the name of a publisher or group in braces where biblatex would take it for several.

    >>> _in_one("Taylor and Francis"), _in_one("Sandoz")
    ('{Taylor and Francis}', 'Sandoz')
    """
    words = escaped.casefold().split()
    return f"{{{escaped}}}" if "and" in words or words == ["others"] else escaped


def _pages(pages: str | None) -> str:
    """Return pages with the dash of a range.

    >>> _pages("637-641, S1-S4"), _pages("e1000-x"), _pages("2020-01-05"), _pages("123.e1-123.e9"), _pages("iv-xii")
    ('637--641, S1--S4', 'e1000-x', '2020-01-05', '123.e1--123.e9', 'iv--xii')
    """
    if pages and _PLAIN_RANGE.fullmatch(pages):
        return pages.replace("-", "--")
    return _text(_RANGE.sub(_with_dash, pages or "")).replace("\u2013", "--")


def _with_dash(found: re.Match[str]) -> str:
    return "\u2013".join(filter(None, found.groups()))


def _names(names: Sequence[AuthorName], *, accents: bool) -> str:
    return " and ".join(text for name in names if (text := _name(name, accents=accents)))


def _name(name: AuthorName, *, accents: bool) -> str:
    if not name.family:
        if name == OTHERS:
            # Without braces styles print it as "et al.".
            return "others"
        group = escape_name(name.collective or "", accents=accents)
        return f"{{{group}}}" if group else ""
    family, given = _family(name.family, accents), _given(name.given or "", accents)
    if family and given:
        return f"{family}, {given}"
    alone = family or given
    # A family name of several words is one name, also where it stands alone; one with small letters has its braces.
    inner = alone[1:-1]
    is_held = "," in alone or (alone.startswith("{") and (_is_small(inner) or _ends_small(inner)))
    return f"{{{alone}}}" if " " in alone and not is_held else alone


# The parts of names come again and again, and looking at each would take a tenth of an export.
@lru_cache(1 << 11)
def _family(text: str, accents: bool) -> str:  # noqa: FBT001 - a cache takes names for longer
    name = escape_name(text, accents=accents)
    if (_is_small(text) or _ends_small(text)) and name[:1] + name[-1:] != "{}":
        # biber takes a family name without a capital for a particle, and the given name for the family name; pandoc
        # does so with "Abd" of "Abd el-Rahman".
        return f"{{{name}}}"
    # citation-js takes what comes before a hyphen and has a command in it for a particle.
    return name.replace("-", "{-}") if "\\" in name else name


def _is_small(family: str) -> bool:
    """Tell whether no word of a family name begins with a capital, in a script that has them.

    >>> [_is_small(name) for name in ("çelik", "d’errico", "van der berg", "van der Berg", "山田")]
    [True, True, True, False, False]
    """
    return bool(family) and all(word[0].islower() for word in family.split())


def _ends_small(family: str) -> bool:
    """Tell whether the last of several words of a family name begins without a capital.

    >>> _ends_small("Abd el-Rahman"), _ends_small("de la Cruz"), _ends_small("Smith")
    (True, False, False)
    """
    _, space, last = family.rpartition(" ")
    return bool(space) and (last[:1].islower() or last[:1].isdigit())


@lru_cache(1 << 11)
def _given(text: str, accents: bool) -> str:  # noqa: FBT001 - as above
    """Return what stands behind a family name: a suffix first, as BibTeX wants it."""
    given, suffix = split_given(text)
    return ", ".join(escape_name(part, accents=accents) for part in (suffix, given) if part)


def _warn_of_braces(work: CitedWork, warnings: list[str]) -> None:
    # Few works have any: one look at all their texts together.
    texts = "".join(filter(None, _BRACED(work)))
    if "{" in texts or "}" in texts:
        warnings += [
            f"{work.key}: {name}: a brace without its partner is left out: BibTeX cannot hold it"
            for name, text in _texts(work)
            if text and find_single_braces(text)
        ]
    for role, names in (("author", work.authors), ("editor", work.editors)):
        for one in names:
            name, given = one.family or one.collective or "", one.given or ""
            if "{" in name or "}" in name or "{" in given or "}" in given:
                said = clean(f"{name}, {given}" if given else name)
                warnings.append(f"{work.key}: {role}: the braces of {said} are left out: names in BibTeX hold none")


def _texts(work: CitedWork) -> tuple[tuple[str, str | None], ...]:
    """Return the texts of an entry that may hold braces, each with the name of its field."""
    return (
        ("title", work.title),
        ("container", work.container),
        ("series", work.series),
        ("volume", work.volume),
        ("issue", work.issue),
        ("pages", work.pages or work.article_number),
        # The publisher of a journal is not written.
        ("publisher", work.publisher if _kind(work).bibtex.publisher else None),
        ("edition", work.edition),
        ("place", work.place),
        ("version", work.version),
        ("note", work.note),
        ("abstract", work.abstract),
    )


def _warn(work: CitedWork, warnings: list[str]) -> None:
    foreign = [
        name
        for person in (*work.authors, *work.editors)
        for name in (person.family, person.given, person.collective)
        if name and not is_latin(name)
    ]
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        warnings.append(
            f"{work.key}: BibTeX's styles cannot sort or shorten the name {clean(foreign[0])}{more}:"
            " use biblatex with biber",
        )
    if work.aliases:
        warnings.append(
            f"{work.key}: was also {', '.join(work.aliases)}, which BibTeX cannot tell: change these in your text"
        )
