"""BibTeX and BibLaTeX files, as Zotero, JabRef and people write them -> entries.

bibtexparser finds the entries and their fields, some hundred at a time, so that memory does not grow with its blocks.
What the fields mean is read here: strings, inheritance, TeX's commands, names.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from bibtexparser.model import (
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    ParsingFailedBlock,
    Preamble,
    String,
)
from bibtexparser.splitter import Splitter

from evidence.errors import LibraryError
from evidence.export.genres import genre_of_entry
from evidence.export.kinds import KINDS, kind_of_entry, kind_of_words
from evidence.export.names import has_suffix
from evidence.library.dates import date_problems, month_problems, read_date
from evidence.library.entries import (
    MAX_VALUE_CHARS,
    EntryProblem,
    LibraryEntry,
    Stated,
    arxiv_doi,
    failed_entry,
    find_references,
    first_names,
    is_others,
    is_server,
    is_several_names,
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
from evidence.library.latex import decode_latex, is_braced
from evidence.library.macros import Macro, expand, read_definitions
from evidence.records import ARTICLES, GENRED, OTHERS, AuthorName, Description
from evidence.terminal import shorten
from evidence.vocabulary import Scheme

# Its warnings say what we say better, with the file and the key.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)

_BLOCKS_AT_ONCE = 300
_MOST_PARENTS = 5
_SHOWN = 60
# Collaborations of physics have thousands of authors.
_OF_NAMES = frozenset({"author", "editor"})
_MOST_NAME_CHARS = 2_000_000
# An entry, or what else stands in a file that has none yet.
_ANY_BLOCK = re.compile(r"@\s*\w+\s*[{(]")
_BLOCK = re.compile(r"^[ \t]*@\w*[ \t]*[{(]", re.MULTILINE)
# EndNote's oldest style writes no key, nor the comma behind it.
_KEYLESS = re.compile(
    r"^([ \t]*@(?!(?:string|preamble|comment)\b)\w+[ \t]*\{)(?=\s{0,9}[A-Za-z]{1,30}\s{0,9}=)",
    re.MULTILINE | re.IGNORECASE,
)
_KEY = re.compile(r"@\w*[ \t]*[{(][ \t\n]*([^\s,]{1,200})")
_PARENT = re.compile(r"\b(?:crossref|xdata)\s{0,20}=\s{0,20}[{\"]?([^{}\"\n]{1,300})", re.IGNORECASE)
_PIECE = re.compile(r"\\.|[{}\"#]", re.DOTALL)
# What stands behind a value in braces or quotation marks is another field.
_ENDS_EARLY = re.compile(r"\{[^{}]*\}|\"[^\"]*\"")
_AND = re.compile(" and ", re.IGNORECASE)
_MARK_IN_NAMES = re.compile(r"\\.|[{}]|,| and (?=\S)", re.DOTALL | re.IGNORECASE)
# biblatex's parts of names, with their initials and options such as `useprefix=true`.
_EXTENDED = re.compile(r"\s*([a-z]+(?:-i)?)\s*=\s*\"?(.*?)\"?\s*\Z", re.DOTALL)
# "Smith et al.", "Smith, J, et al.": one name and no more of the list.
_OTHERS = re.compile(r",?[\s~]+\{?et[\s~]+al\b\.?\}?\s*\Z", re.IGNORECASE)
_OTHERS_CHARS = 30
# "Lee J", "van Dam JW": as a library of MEDLINE writes a name, without a comma.
_SHORT_NAME = re.compile(r"[^\W\d_][\w'’-]+(?: [^\W\d_][\w'’-]+){0,2} [A-Z]{1,3}")
_TAG = re.compile(r"</?(?:i|b|sub|sup)>")
_STRAY_AND = re.compile(r"\Aand |(?<!,) and\Z")
_MOST_COMMAS = 2
_VERBATIM = re.compile(
    r"\{?\\(?:(textless|textgreater|textunderscore)(?:\{\}|\s+|(?![A-Za-z]))|([_%&#$~{}]))\}?|\$([<>])\$"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TYPES = {
    "article": "journal-article", "book": "book", "mvbook": "book", "collection": "edited-book",
    "mvcollection": "edited-book", "mvproceedings": "proceedings", "mvreference": "reference-book",
    "bookinbook": "book-chapter", "suppbook": "book-chapter", "suppcollection": "book-chapter",
    "suppperiodical": "journal-article", "periodical": "journal",
    "incollection": "book-chapter", "inbook": "book-chapter", "inproceedings": "proceedings-article",
    "conference": "proceedings-article", "proceedings": "proceedings", "phdthesis": "dissertation",
    "mastersthesis": "dissertation", "thesis": "dissertation", "techreport": "report", "report": "report",
    "software": "software", "dataset": "dataset", "inreference": "reference-entry", "reference": "reference-book",
    "standard": "standard", "manual": "book", "electronic": "webpage", "www": "webpage", "video": "motion_picture",
    "music": "song",
}  # fmt: skip
# What an entry of these types says of itself, since old styles have no types for it.
_MISC = frozenset({"misc", "online", "electronic", "www", "unpublished"})
# Of these Zotero writes what they are a part of behind the title.
_PAGES = frozenset({"online", "electronic", "www"})
_SAID = {
    "preprint": "posted-content", "dataset": "dataset", "data set": "dataset", "software": "software",
    "standard": "standard",
}  # fmt: skip
_TELLING = ("type", "entrysubtype")
_PREPRINTED = frozenset({"prepublished", "preprint"})
# Where each is looked for, the first that is there.
_CONTAINERS = ("journaltitle", "journal", "booktitle", "maintitle", "series", "eventtitle")
_HELD_BY_SERIES = frozenset(
    {"book", "mvbook", "collection", "mvcollection", "proceedings", "mvproceedings", "reference", "mvreference",
     "thesis", "report", "dataset", "software"}
)  # fmt: skip
_PARTS = frozenset({"incollection", "inbook", "inproceedings", "conference", "inreference", "bookinbook"})
# What may itself stand in a series.
_BOOKS = frozenset({"booktitle", "maintitle"})
_SUBTITLES = {"booktitle": "booksubtitle", "maintitle": "mainsubtitle", "journaltitle": "journalsubtitle"}
_PUBLISHERS = ("publisher", "institution", "school", "organization", "howpublished", "holder")
# Where preprints, data, programs and pages of the web are.
_SERVERS = ("organization", "howpublished")
_NOTES = ("note", "annotation", "annote", "addendum", "extra", "comment")
# What they number was published elsewhere, whatever it is.
_ARCHIVES = frozenset({"pubmed", "pmid", "pmc", "pmcid", "doi", "jstor", "hdl", "googlebooks"})
_EPRINTS = {"pubmed": Scheme.PMID, "pmid": Scheme.PMID, "pmc": Scheme.PMCID, "pmcid": Scheme.PMCID, "doi": Scheme.DOI}
_NOT_INHERITED = frozenset(
    {"doi", "pmid", "pmcid", "pmc", "eprint", "eprinttype", "archiveprefix", "url", "ids", "crossref", "xdata", "xref",
     "note", "annotation", "annote", "addendum", "author", "pages", "title", "subtitle", "shorttitle", "keywords"}
)  # fmt: skip
# From an `@xdata` comes what entries share on purpose, but no identifier of a work.
_NEVER_INHERITED = frozenset({"doi", "pmid", "pmcid", "pmc", "eprint", "url", "ids", "crossref"})
_IN_PARENT = {"booktitle": "title", "booksubtitle": "subtitle"}


class _Field(NamedTuple):
    value: str
    line: int


_Fields = dict[str, _Field]


class _Parsed(NamedTuple):
    """One entry before its fields are read."""

    line: int
    type: str
    key: str
    fields: _Fields
    raw: str
    problems: list[EntryProblem]


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
    parents: dict[str, _Parsed] = {}
    if wanted:
        parents = {
            one.key.lower(): one for one in _parse(text) if isinstance(one, _Parsed) and one.key.lower() in wanted
        }
    for one in _parse(text):
        if isinstance(one, LibraryEntry):
            yield one
        elif one.type != "xdata":
            yield _read(one, parents)


def _parse(text: str) -> Iterator[_Parsed | LibraryEntry]:
    strings = {month: month for month in _MONTHS}
    macros: dict[str, Macro] = {}
    for line, piece in _pieces(text):
        for block in Splitter(_KEYLESS.sub(r"\1,", piece)).split().blocks:
            start = line + (block.start_line or 0)
            if isinstance(block, DuplicateBlockKeyBlock) and block.ignore_error_block is not None:
                block = block.ignore_error_block  # noqa: PLW2901 - which of two counts is decided over the whole file
            if isinstance(block, String):
                value, unknown = _evaluate(block.value, strings)
                strings[block.key.lower()] = value
                if unknown:
                    yield failed_entry(
                        start, None, f"@string {block.key}: there is no string {unknown}", block.raw or ""
                    )
            elif isinstance(block, Preamble):
                macros.update(read_definitions(_evaluate(block.value, strings)[0]))
            elif isinstance(block, Entry):
                yield _parsed(block, (start, line), strings, macros)
            elif isinstance(block, DuplicateFieldKeyBlock) and isinstance(block.ignore_error_block, Entry):
                yield _parsed(block.ignore_error_block, (start, line), strings, macros, block.duplicate_keys)
            elif isinstance(block, ParsingFailedBlock):
                raw = block.raw or ""
                key = _KEY.match(raw.lstrip())
                yield failed_entry(start, key[1] if key else None, _why(block), raw)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield the file in pieces that begin where an entry does, each with its first line, from 1.

    bibtexparser too takes what begins a line like an entry for one, whatever is still open.
    """
    start, line = 0, 1
    for number, match in enumerate(_BLOCK.finditer(text)):
        if number % _BLOCKS_AT_ONCE == 0 and match.start() > start:
            yield line, text[start : match.start()]
            line += text.count("\n", start, match.start())
            start = match.start()
    yield line, text[start:]


def _why(block: ParsingFailedBlock) -> str:
    reason = getattr(block.error, "abort_reason", None) or str(block.error)
    if reason.startswith(("Unexpected block start", "Unexpectedly reached end")):
        return "it has no end: a closing brace or quotation mark is missing"
    if reason.startswith("Expected comma after entry key"):
        return "no comma stands behind its key, or the key has a sign that none may have"
    if reason.startswith("Expected a `=`"):
        return "a field has no = behind its name, or a comma is missing before it"
    if reason.startswith("Expected either"):
        return "a comma is missing between two fields"
    return f"it cannot be read: {reason}"


def _parsed(
    entry: Entry,
    lines: tuple[int, int],
    strings: Mapping[str, str],
    macros: Mapping[str, Macro],
    repeated: Collection[str] = (),
) -> _Parsed:
    """Return an entry with the values of its fields; `lines` are its own and that of the piece it was read from."""
    start, line = lines
    fields: _Fields = {}
    problems: list[EntryProblem] = []
    for field in entry.fields:
        name, place = field.key.lower(), line + (field.start_line or 0)
        most = _MOST_NAME_CHARS if name in _OF_NAMES else MAX_VALUE_CHARS
        value, unknown = _evaluate(str(field.value), strings, most)
        value = expand(value, macros, most)
        if unknown:
            problems.append(EntryProblem(name, _why_unknown(unknown), place))
        if len(value) == most and (name in _READ or name in _OF_NAMES):
            problems.append(EntryProblem(name, f"it is longer than {most} characters; the rest is not read", place))
            # Half of a name would be another one.
            value = value.rpartition(" and ")[0] if name in _OF_NAMES else value
        if name not in fields:
            fields[name] = _Field(value, place)
        elif name in _READ and fields[name].value != value and name in {one.lower() for one in repeated}:
            problems.append(EntryProblem(name, "it stands twice with different values; the first is read", place))
    return _Parsed(start, entry.entry_type.lower(), entry.key, fields, entry.raw or "", problems)


def _evaluate(value: str, strings: Mapping[str, str], most: int = MAX_VALUE_CHARS) -> tuple[str, str | None]:
    """Return what a value says without its enclosing signs, and a name in it that no @string explains.

    >>> _evaluate('jcb # { and } # "more"', {"jcb": "J Cell Biol"}), _evaluate("{a # b}", {}), _evaluate("nope", {})
    (('J Cell Biol and more', None), ('a # b', None), ('', 'nope'))
    """
    value = value.strip()
    if is_braced(value):
        return value[1:-1][:most], None
    parts: list[str] = []
    unknown = None
    # What strings made of strings grow to is cut: each may be twice as long as the one before.
    left = most
    for piece in _concatenated(value):
        bare = piece.strip()
        if is_braced(bare) or (len(bare) > 1 and bare[0] == bare[-1] == '"'):
            part = bare[1:-1]
        elif bare.isdecimal() or not bare:
            part = bare
        elif bare.lower() in strings:
            part = strings[bare.lower()]
        else:
            part, unknown = "", unknown or bare[:60]
        parts.append(part[:left])
        left -= len(parts[-1])
        if left <= 0:
            break
    return "".join(parts), unknown


def _why_unknown(piece: str) -> str:
    """Return what is wrong with a part of a value that no @string explains.

    >>> _why_unknown("jcb"), _why_unknown("{J} year=2000")
    ('there is no @string jcb', 'a comma is missing behind {J}')
    """
    if match := _ENDS_EARLY.match(piece):
        return f"a comma is missing behind {shorten(match[0], _SHOWN)}"
    return f"there is no @string {piece}"


def _concatenated(value: str) -> Iterator[str]:
    """Yield the parts of a value between its `#` outside braces and quotation marks."""
    depth, quoted, start = 0, False, 0
    for match in _PIECE.finditer(value):
        sign = match[0]
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
        elif sign == '"' and depth == 0:
            quoted = not quoted
        elif sign == "#" and depth == 0 and not quoted:
            yield value[start : match.start()]
            start = match.end()
    yield value[start:]


_READ = frozenset(
    {"title", "subtitle", "author", "date", "year", "month", "volume", "number", "issue", "pages", "eid", "issn",
     "isbn", "language", "langid", "shortjournal", "type", "doi", "pmid", "pmcid", "pmc", "eprint", *_CONTAINERS,
     *_PUBLISHERS}
)  # fmt: skip


def _read(parsed: _Parsed, parents: Mapping[str, _Parsed]) -> LibraryEntry:
    problems = list(parsed.problems)
    fields = _inherited(parsed, parents, problems)

    def text(*names: str) -> str | None:
        return next((found for name in names if name in fields and (found := decode_latex(fields[name].value))), None)

    kind = _type(parsed.type, fields)
    is_book = parsed.type in _HELD_BY_SERIES or kind == "book"
    has_server = kind in {"posted-content", "standard", *KINDS} or (parsed.type in _MISC and kind != "other")
    containers = (
        *(("series",) if is_book else ()),
        *_CONTAINERS,
        *(_SERVERS if has_server else ()),
        *(("titleaddon",) if parsed.type in _PAGES else ()),
    )
    # An address says where a text is found, not what it is a part of; who owns a patent does not hold it either.
    container = next(
        (name for name in containers if kind != "patent" and (told := text(name)) and "://" not in told), ""
    )
    # Zotero tells the server of a preprint by its archive alone.
    archive = (
        text("eprinttype", "archiveprefix") if kind == "posted-content" and _archive(fields) not in _ARCHIVES else None
    )
    archive = "arXiv" if (archive or "").lower() == "arxiv" else archive
    # btxdoc: a series may be a set of books, of which this is a volume.
    main = read_title(text("maintitle"), text("mainsubtitle")) if container == "booktitle" else None
    held = read_title(text(container) if container else archive, text(_SUBTITLES.get(container, "")))
    if kind == "posted-content" and arxiv_doi(held or ""):
        # "arXiv preprint arXiv:1706.03762", as Google Scholar calls it.
        held = "arXiv"
    publisher = next((one for one in _PUBLISHERS if one != container and (told := text(one)) and "://" not in told), "")
    date = read_date(text("date") or text("year"), text("month"), text("day"))
    problems += month_problems(text("month"), date)
    problems += date_problems("date" if text("date") else "year", text("date") or text("year"), date)
    # btxdoc: what has a series has its number there, unless it is a report.
    is_numbered = (is_book or parsed.type in _PARTS) and kind not in GENRED and text("series") is not None
    description = Description(
        title=read_title(text("title"), text("subtitle")),
        authors=first_names(_names(fields["author"].value)) if "author" in fields else (),
        container=read_title(main, held) if text("series") else held,
        series=(read_title(text("series")) or main) if container in _BOOKS else None,
        container_short=read_text(text("shortjournal", "journalabbreviation", "abbrev_source_title")),
        date=date,
        volume=read_number(text("volume")),
        issue=read_number(text("issue") if is_numbered else text("number", "issue")),
        pages=read_pages(text("pages")),
        article_number=read_number(text("eid", "article-number", "articleno")),
        publisher=read_text(text(publisher)) if publisher else None,
        issn=read_issns(text("issn")),
        isbn=read_isbns(text("isbn")),
        type=kind,
        language=read_language(text("langid", "language")),
        editors=first_names(_names(fields["editor"].value)) if "editor" in fields else (),
        genre=genre_of_entry(parsed.type, text("type")) if kind in GENRED else None,
        series_number=read_number(text("number")) if is_numbered else None,
        edition=read_text(text("edition")) if kind not in ARTICLES else None,
        # Where both stand, as ACM writes them, the location is that of the conference.
        place=read_text(text("address", "location")) if kind not in ARTICLES else None,
    )
    problems += [one for name in ("author", "editor") for one in _name_problems(name, fields)]
    found, wrong = find_references(
        _stated(fields, container),
        [(name, fields[name].value) for name in _NOTES if name in fields],
        [_verbatim(fields[name].value) for name in ("url", "howpublished") if name in fields],
    )
    former = [one.strip() for one in fields["ids"].value.split(",")] if "ids" in fields else []
    return make_entry(parsed.line, parsed.key, description, (found, [*problems, *wrong]), lambda: parsed.raw, former)


def _name_problems(role: str, fields: _Fields) -> Iterator[EntryProblem]:
    value = fields[role].value if role in fields else ""
    if ";" not in value and "," not in value:
        return
    for name, commas in _split_names(value):
        if not is_braced(name) and "=" not in name and _is_several(name, len(commas)):
            message = f"“{shorten(name, _SHOWN)}” is more than one name: write ` and ` between them; it is not read"
            yield EntryProblem(role, message, fields[role].line)


def _type(name: str, fields: _Fields) -> str:
    """Return Crossref's word for the kind of work; a text that only a server of preprints has is one."""
    if _is_preprint(name, fields):
        return "posted-content"
    if name == "inbook" and fields.keys().isdisjoint(_BOOKS):
        # BibTeX's own: a chapter or some pages of the book that the title names.
        return "book"
    told = {field: decode_latex(fields[field].value).strip().lower() for field in _TELLING if field in fields}
    if name in _MISC and (said := told.get("type")) and (found := _SAID.get(said) or kind_of_words(said)):
        return found
    if name == "unpublished" and "eventtitle" in fields:
        return "speech"
    return kind_of_entry(name, told.get("entrysubtype", "")) or _TYPES.get(name, "other")


def _is_preprint(name: str, fields: _Fields) -> bool:
    if (
        name in _MISC
        and "eprint" in fields
        and "://" not in fields["eprint"].value
        and _archive(fields) not in _ARCHIVES
    ):
        return True
    if name in _PAGES and "pubstate" in fields and fields["pubstate"].value.strip().lower() in _PREPRINTED:
        return True
    held = ("journal", "journaltitle", *(("publisher", *_SERVERS) if name in _MISC else ()))
    return name in {"article", *_MISC} and any(
        is_server(decode_latex(fields[one].value)) for one in held if one in fields
    )


def _archive(fields: _Fields) -> str:
    """Return in what the number of the field `eprint` is one."""
    return next((fields[name].value.strip().lower() for name in ("eprinttype", "archiveprefix") if name in fields), "")


def _stated(fields: _Fields, container: str) -> Iterator[Stated]:
    for name, scheme in (("doi", Scheme.DOI), ("pmid", Scheme.PMID), ("pmcid", Scheme.PMCID), ("pmc", Scheme.PMCID)):
        if name in fields:
            yield Stated(name, scheme, _verbatim(fields[name].value), fields[name].line)
    archive = _archive(fields)
    if "eprint" in fields and (known := _EPRINTS.get(archive)) is not None:
        yield Stated("eprint", known, _verbatim(fields["eprint"].value), fields["eprint"].line)
    held = decode_latex(fields[container].value) if container else ""
    if "doi" not in fields and (not held or "arxiv" in held.lower()):
        # What is in a journal too is another text there.
        name = "eprint" if archive == "arxiv" and "eprint" in fields else container
        if name and (doi := arxiv_doi(_verbatim(fields[name].value), is_number=name == "eprint")):
            yield Stated(name, Scheme.DOI, doi, fields[name].line)


def _verbatim(value: str) -> str:
    r"""Return an identifier or address without the backslashes that BibTeX does not need there but many write.

    >>> _verbatim(r"10.1000/x{\_}1\%20a"), _verbatim(r"10.1002/(SICI)1$<$1::AID-X\textgreater{}3.0")
    ('10.1000/x_1%20a', '10.1002/(SICI)1<1::AID-X>3.0')
    """
    signs = {"textless": "<", "textgreater": ">", "textunderscore": "_"}
    value = _VERBATIM.sub(lambda match: signs.get(match[1]) or match[2] or match[3], value.strip())
    return value[1:-1] if is_braced(value) else value


def _inherited(parsed: _Parsed, parents: Mapping[str, _Parsed], problems: list[EntryProblem]) -> _Fields:
    """Return the fields of an entry with those from `crossref` and `xdata`, but no identifier of another work."""
    fields = dict(parsed.fields)
    seen = {parsed.key.lower()}
    waiting = _named_parents(fields)
    while waiting and len(seen) <= _MOST_PARENTS:
        how, name = waiting.pop(0)
        if name.lower() in seen:
            continue
        seen.add(name.lower())
        parent = parents.get(name.lower())
        if parent is None:
            problems.append(
                EntryProblem(how, f"there is no entry {name}", parsed.fields.get(how, _Field("", 0)).line or None)
            )
            continue
        barred = _NEVER_INHERITED if how == "xdata" else _NOT_INHERITED
        for key, field in parent.fields.items():
            if key not in barred:
                fields.setdefault(key, field)
        if how == "crossref":
            for mine, theirs in _IN_PARENT.items():
                if theirs in parent.fields:
                    fields.setdefault(mine, parent.fields[theirs])
        waiting += _named_parents(parent.fields)
    return fields


def _named_parents(fields: _Fields) -> list[tuple[str, str]]:
    return [
        (how, name.strip())
        for how in ("xdata", "crossref")
        if how in fields
        for name in fields[how].value.split(",")
        if name.strip()
    ]


def _names(value: str) -> Iterator[AuthorName | None]:
    r"""Yield the names of an author field.

    >>> [name and name.family for name in _names(r"van der Berg, Jan and {Rock and Roll} and K. {\O}rsted")]
    ['van der Berg', None, 'Ørsted']
    """
    is_cut = False
    for name, commas in _split_names(value):
        if len(name) < _OTHERS_CHARS and is_others(decode_latex(name).strip(" ,")):
            is_cut = True
        elif is_braced(name) and not commas:
            yield make_group(_plain(name))
        else:
            # A look at its end alone: a name may be one long line.
            others = _OTHERS.search(name, max(0, len(name) - _OTHERS_CHARS))
            is_cut = is_cut or others is not None
            end = others.start() if others else len(name)
            yield _name(name[:end], [place for place in commas if place < end])
    if is_cut:
        yield OTHERS


def _split_names(value: str) -> Iterator[tuple[str, list[int]]]:
    """Yield each name with the places of its commas outside braces."""
    value = _STRAY_AND.sub("", " ".join(value.split()))
    if "{" not in value and "\\" not in value:
        for name in _AND.split(value):
            if name:
                yield name, [place for place, char in enumerate(name) if char == ","]
        return
    depth, start, commas = 0, 0, list[int]()
    for match in _MARK_IN_NAMES.finditer(value):
        sign = match[0]
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth = max(0, depth - 1)
        elif depth == 0 and sign == ",":
            commas.append(match.start() - start)
        elif depth == 0 and sign[0].isspace():
            yield value[start : match.start()], commas
            start, commas = match.end(), []
    if start < len(value):
        yield value[start:], commas


def _name(name: str, commas: list[int]) -> AuthorName | None:
    parts = [name[i:j] for i, j in zip([0, *(place + 1 for place in commas)], [*commas, len(name)], strict=True)]
    extended = {match[1]: match[2] for one in parts if (match := _EXTENDED.match(one))}
    if len(extended) == len(parts) > 0 and not extended.keys().isdisjoint({"family", "given"}):
        family = " ".join(filter(None, (extended.get("prefix"), extended.get("family"))))
        given = " ".join(filter(None, (extended.get("given"), extended.get("suffix"))))
        return make_name(_plain(family), _plain(given))
    if _is_several(name, len(commas)):
        return None
    if len(parts) == 1:
        return _plain_name(name)
    if len(parts) == _MOST_COMMAS + 1 and has_suffix(f"- {parts[-1].strip()}"):
        # Not as BibTeX has it, but nobody is called Jr.
        parts = [parts[0], parts[2], parts[1]]
    # "Family, Given", or "Family, Jr, Given": the registries put a suffix behind the given name.
    given = " ".join(filter(None, (parts[-1].strip(), *(one.strip() for one in parts[1:-1]))))
    return make_name(_plain(parts[0]), _plain(given))


def _plain(text: str) -> str:
    """Return a part of a name without commands and markup, which names have none of."""
    return _TAG.sub("", decode_latex(text))


def _is_several(name: str, commas: int) -> bool:
    """Tell whether what stands between two `and` is more than one name, which nobody can take apart for certain.

    >>> _is_several("Lee J, Doe A", 1), _is_several("Lee, J. & Doe, A.", 2), _is_several("Lee, Jin A", 1)
    (True, True, False)
    """
    if commas > _MOST_COMMAS or is_several_names(name):
        return True
    before, sign, _ = name.replace(r"\&", "&").partition(" & ")
    if sign and "," in before:
        return True
    parts = [one.strip().replace(".", "") for one in name.split(",")]
    return commas > 0 and all(map(_SHORT_NAME.fullmatch, parts))


def _plain_name(name: str) -> AuthorName | None:
    """Return a name without a comma: particles in small letters, or the last word, begin the family name."""
    words = _words(name)
    if len(words) <= 1:
        return make_name(_plain(name))
    decoded = [_plain(one) for one in words]
    small = (at for at, word in enumerate(decoded[1:-1], 1) if word[:1].islower() and not words[at].startswith("{"))
    at = next(small, len(words) - 1)
    return make_name(" ".join(decoded[at:]), " ".join(decoded[:at]))


def _words(name: str) -> list[str]:
    """Return the words of a name; what stands in braces is one, and so is a letter with its accent."""
    words: list[list[str]] = [[]]
    depth = 0
    for match in re.finditer(r"\\[A-Za-z]+\s*|\\.|[{}]|\s+|~|[^\\{}\s~]+", name, re.DOTALL):
        sign = match[0]
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth <= 0 and (sign.isspace() or sign == "~"):
            words.append([])
        else:
            words[-1].append(sign)
    return ["".join(one) for one in words if one]
