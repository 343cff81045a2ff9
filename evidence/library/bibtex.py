"""BibTeX and BibLaTeX files, as Zotero, JabRef and people write them -> entries.

What the fields mean is read here: TeX's commands, numbers, what holds a work and who published it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from evidence.errors import LibraryError
from evidence.export.genres import genre_of_entry
from evidence.export.kinds import HELD, NUMBERED, PUBLISHED, PUBLISHED_BY
from evidence.export.ordinals import plain_edition
from evidence.library.bibkinds import ARCHIVES, BOOKS, MISC, PAGES, SERVERS, read_archive, read_kind
from evidence.library.bibnames import name_problems, read_names
from evidence.library.blocks import Block, Fields, parse_blocks, with_inherited
from evidence.library.dates import date_problems, month_problems, read_date
from evidence.library.entries import (
    EntryProblem,
    LibraryEntry,
    Stated,
    arxiv_doi,
    find_references,
    first_names,
    make_entry,
    read_isbns,
    read_issns,
    read_language,
    read_number,
    read_pages,
    read_text,
    read_title,
)
from evidence.library.latex import decode_latex, find_unknown
from evidence.library.verbatim import read_verbatim
from evidence.records import ARTICLES, GENRED, Description
from evidence.terminal import shorten
from evidence.vocabulary import Scheme

_SHOWN = 60
# `journal = {\aap}`: the styles of astronomy and others define the names of journals.
_COMMAND_ALONE = re.compile(r"\s{0,9}\{?\\[A-Za-z]+\s{0,9}(?:\{\s{0,9}\})?\s{0,9}\}?\s{0,9}")
_WRITTEN_OUT = dict.fromkeys(("journal", "journaltitle"), "the journal's name")
# An entry, or what else stands in a file that has none yet.
_ANY_BLOCK = re.compile(r"@\s*\w+\s*[{(]")
_PARENT = re.compile(r"\b(?:crossref|xdata)\s{0,20}=\s{0,20}[{\"]?([^{}\"\n]{1,300})", re.IGNORECASE)
# Where each is looked for, the first that is there.
_CONTAINERS = ("journaltitle", "journal", "booktitle", "maintitle", "series", "eventtitle")
_WHOLE_BOOKS = frozenset(
    {"book", "mvbook", "collection", "mvcollection", "proceedings", "mvproceedings", "reference", "mvreference"}
)
_HELD_BY_SERIES = _WHOLE_BOOKS | {"thesis", "report", "dataset", "software"}
_PARTS = frozenset({"incollection", "inbook", "inproceedings", "conference", "inreference", "bookinbook"})
_SUBTITLES = {"booktitle": "booksubtitle", "maintitle": "mainsubtitle", "journaltitle": "journalsubtitle"}
_PUBLISHERS = ("publisher", "institution", "school", "organization", "howpublished", "holder")
_OFFICES = {"patentus": "US", "patenteu": "EP", "patentuk": "GB", "patentde": "DE", "patentfr": "FR"}
_HOLDERS = (*_CONTAINERS, *_PUBLISHERS, "titleaddon", "entrysubtype", "usera")
# Of these one field tells what holds a work, or who published it. The others are biblatex's, which has one for each.
_SHARING = MISC | {"booklet"}
_NOTES = ("note", "annotation", "annote", "addendum", "extra", "comment")
_EPRINTS = {"pubmed": Scheme.PMID, "pmid": Scheme.PMID, "pmc": Scheme.PMCID, "pmcid": Scheme.PMCID, "doi": Scheme.DOI}
# Where TeX's commands are read as text.
_TEXTS = frozenset(
    {
        "title",
        "subtitle",
        "author",
        "editor",
        "volume",
        "number",
        "issue",
        "pages",
        "eid",
        "shortjournal",
        "type",
        "edition",
        "address",
        "location",
        "version",
        *_CONTAINERS,
        *_SUBTITLES.values(),
        *_PUBLISHERS,
    }
)
# What is wrong with any other field makes no difference.
_READ = frozenset(
    {"title", "subtitle", "author", "date", "year", "month", "volume", "number", "issue", "pages", "eid", "issn",
     "isbn", "language", "langid", "shortjournal", "type", "doi", "pmid", "pubmedid", "pmcid", "pmc", "eprint",
     *_CONTAINERS, *_PUBLISHERS}
)  # fmt: skip


def read_bibtex(text: str) -> Iterator[LibraryEntry]:
    """Yield the entries of a BibTeX file in order; one that cannot be read comes with the reason.

    Raises:
        LibraryError: it holds text, and nothing of it is BibTeX.

    >>> [entry] = read_bibtex('@article{Smith2020, title={{A {DNA}}}, author="Smith, J{\\\\"o}rg", doi={10.1000/X}}')
    >>> entry.key, entry.description.title, entry.description.authors[0].given, entry.references[0].value
    ('Smith2020', 'A DNA', 'Jörg', '10.1000/x')
    """
    if (
        text.strip()
        and not _ANY_BLOCK.search(text)
        and not all(line.lstrip().startswith("%") for line in text.splitlines() if line.strip())
    ):
        raise LibraryError("it has no entry of BibTeX", "check the file, or give its --format")
    # As BibTeX, which takes two keys for one that differ only in case.
    wanted = {key.strip().lower() for match in _PARENT.finditer(text) for key in match[1].split(",")}
    parents: dict[str, Block] = {}
    if wanted:
        parents = {
            one.key.lower(): one
            for one in parse_blocks(text, _READ)
            if isinstance(one, Block) and one.key.lower() in wanted
        }
    for one in parse_blocks(text, _READ):
        if isinstance(one, LibraryEntry):
            yield one
        elif one.type != "xdata":
            yield _read(one, parents)


def _read(parsed: Block, parents: Mapping[str, Block]) -> LibraryEntry:
    problems = list(parsed.problems)
    fields = with_inherited(parsed, parents, problems)

    def text(*names: str) -> str | None:
        return next((found for name in names if name in fields and (found := decode_latex(fields[name].value))), None)

    kind = read_kind(parsed.type, fields)
    is_book = parsed.type in _HELD_BY_SERIES or kind == "book"
    container, publisher = _holders(parsed.type, kind, is_book=is_book, text=text)
    # Zotero tells the server of a preprint by its archive alone.
    archive = (
        text("eprinttype", "archiveprefix")
        if kind == "posted-content" and read_archive(fields) not in ARCHIVES
        else None
    )
    archive = "arXiv" if (archive or "").lower() == "arxiv" else archive
    # btxdoc: a series may be a set of books, of which this is a volume.
    main = read_title(text("maintitle"), text("mainsubtitle")) if container == "booktitle" else None
    held = read_title(text(container) if container else archive, text(_SUBTITLES.get(container, "")))
    date = read_date(text("date") or text("year"), text("month"), text("day"))
    problems += month_problems(text("month"), date)
    problems += date_problems("date" if text("date") else "year", text("date") or text("year"), date)
    # btxdoc: what has a series has its number there, unless it is a report.
    is_numbered = (is_book or parsed.type in _PARTS) and kind not in GENRED and text("series") is not None
    # A report has a number of its own, and is a volume of its series.
    is_volume = kind in NUMBERED and text("series") is not None
    volume, series_number = read_number(text("volume")), read_number(text("number")) if is_numbered else None
    description = Description(
        title=read_title(text("title"), text("subtitle")),
        authors=first_names(read_names(fields["author"].value)) if "author" in fields else (),
        container=read_title(main, held) if text("series") else held,
        series=(read_title(text("series")) or main) if container in BOOKS else None,
        container_short=read_text(text("shortjournal", "journalabbreviation", "abbrev_source_title")),
        date=date,
        volume=volume if not is_volume else None,
        issue=_number_of_patent(text)
        if kind == "patent"
        else read_number(text("issue") if is_numbered else text("number", "issue")),
        pages=read_pages(text("pages")),
        article_number=read_number(text("eid", "article-number", "articleno")),
        publisher=read_text((text(publisher) or "").removeprefix(PUBLISHED_BY)) if publisher else None,
        issn=read_issns(text("issn")),
        isbn=read_isbns(text("isbn")),
        type=kind,
        language=read_language(text("langid", "language")),
        editors=first_names(read_names(fields["editor"].value)) if "editor" in fields else (),
        genre=genre_of_entry(parsed.type, text("type")) if kind in GENRED else None,
        series_number=volume if is_volume else series_number,
        edition=plain_edition(read_text(text("edition"))) if kind not in ARTICLES else None,
        # Where both stand, as ACM writes them, the location is that of the conference.
        place=read_text(text("address", "location")) if kind not in ARTICLES else None,
        version=read_text(text("version")),
    )
    problems += [one for name in ("author", "editor") for one in name_problems(name, fields)]
    problems += _unknown_commands(fields)
    found, wrong = find_references(
        _stated(fields, container),
        # Two backslashes end a line.
        [(name, read_verbatim(fields[name].value.replace(r"\\", "\n"))) for name in _NOTES if name in fields],
        [read_verbatim(fields[name].value) for name in ("url", "howpublished") if name in fields],
    )
    former = [one.strip() for one in fields["ids"].value.split(",")] if "ids" in fields else []
    return make_entry(parsed.line, parsed.key, description, (found, [*problems, *wrong]), lambda: parsed.raw, former)


def _unknown_commands(fields: Fields) -> Iterator[EntryProblem]:
    for name, field in fields.items():
        if name in _TEXTS and (unknown := find_unknown(field.value)):
            said = ", ".join(f"\\{one}" for one in unknown)
            what = "; it is left out, and what its braces hold is kept"
            if _COMMAND_ALONE.fullmatch(field.value):
                what = f", and nothing else stands there: write {_WRITTEN_OUT.get(name, 'what it stands for')}"
            yield EntryProblem(name, f"{shorten(said, _SHOWN)}: no known command of TeX{what}", field.line)


def _number_of_patent(text: Callable[..., str | None]) -> str | None:
    """Return the number of a patent with its office, which biblatex and Zotero tell by the type alone."""
    number = read_number(text("number"))
    office = _OFFICES.get((text("type") or "").strip().lower(), "")
    return f"{office}{number}" if number and number[0].isdecimal() else number


def _holders(entry: str, kind: str, *, is_book: bool, text: Callable[..., str | None]) -> tuple[str, str]:
    """Return the fields that tell what holds a work, and who published it; empty where none does."""
    # An address says where a text is found, not what it is a part of.
    told = {one: said for one in _HOLDERS if (said := text(one)) and "://" not in said}
    if entry in _WHOLE_BOOKS:
        # How what stands in the book is to name it, by `crossref`.
        told.pop("booktitle", None)
    container = next((one for one in (*(("series",) if is_book else ()), *_CONTAINERS) if one in told), "")
    if kind == "patent":
        # Who owns a patent does not hold it.
        container = ""
    elif not container:
        container = _shared_holder(entry, kind, told)
    if told.get("usera", "").startswith(PUBLISHED_BY):
        return container, "usera"
    return container, next((one for one in _PUBLISHERS if one != container and one in told), "")


def _shared_holder(entry: str, kind: str, told: Mapping[str, str]) -> str:
    """Return which of the fields for servers, publishers and more tells what holds a work, or none."""
    shared = next((one for one in SERVERS if one in told), "")
    if (said := told.get("usera", "")).startswith(PUBLISHED_BY) and shared:
        return shared if told[shared] != said.removeprefix(PUBLISHED_BY) else ""
    if kind == "posted-content" or not shared or kind not in HELD | PUBLISHED:
        found = shared if kind == "posted-content" else ""
    elif entry not in _SHARING or _has_both(entry, kind, told):
        # A talk is held by a meeting, which has its own field.
        found = "howpublished" if "howpublished" in told and entry != "unpublished" else ""
    elif other := next((told[one] for one in _PUBLISHERS if one in told and one != shared), ""):
        found = shared if other != told[shared] else ""
    else:
        found = shared if kind in HELD else ""
    return found or ("titleaddon" if entry in PAGES and "titleaddon" in told else "")


def _has_both(entry: str, kind: str, told: Mapping[str, str]) -> bool:
    """Tell whether an entry has a field each for what holds it and who published it, though its type has one."""
    return (entry not in PAGES and "entrysubtype" in told) or (kind in PUBLISHED and told.keys() >= set(SERVERS))


def _stated(fields: Fields, container: str) -> Iterator[Stated]:
    for name, scheme in (
        ("doi", Scheme.DOI),
        ("pmid", Scheme.PMID),
        ("pubmedid", Scheme.PMID),
        ("pmcid", Scheme.PMCID),
        ("pmc", Scheme.PMCID),
    ):
        if name in fields:
            yield Stated(name, scheme, read_verbatim(fields[name].value), fields[name].line)
    archive = read_archive(fields)
    if "eprint" in fields and (known := _EPRINTS.get(archive)) is not None:
        yield Stated("eprint", known, read_verbatim(fields["eprint"].value), fields["eprint"].line)
    held = decode_latex(fields[container].value) if container else ""
    if "doi" not in fields and (not held or "arxiv" in held.lower()):
        # What is in a journal too is another text there.
        name = "eprint" if archive == "arxiv" and "eprint" in fields else container
        if name == container and held.strip().lower() == "arxiv" and "number" in fields:
            name = "number"
        if name and (doi := arxiv_doi(read_verbatim(fields[name].value), is_number=name in {"eprint", "number"})):
            yield Stated(name, Scheme.DOI, doi, fields[name].line)
