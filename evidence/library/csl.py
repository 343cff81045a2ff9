"""CSL-JSON, as Zotero, Better BibTeX and citation tools write it -> entries.

Source:
    Citation Style Language 1.0.2, csl-data.json. Zotero adds `citation-key`, and puts its "Extra" into `note`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from evidence.errors import LibraryError
from evidence.export.genres import plain_genre
from evidence.export.kinds import KINDS, NUMBERED, OF_AUTHORITIES
from evidence.export.ordinals import plain_edition
from evidence.library.dates import date_problems, read_date
from evidence.library.entries import (
    EntryProblem,
    LibraryEntry,
    Stated,
    arxiv_doi,
    failed_entry,
    find_references,
    first_names,
    is_others,
    is_server,
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
from evidence.resolve.stated import stated_date
from evidence.vocabulary import Scheme

_DECODER = json.JSONDecoder()
_LISTS = ("items", "references")
_NOTE_CHARS = 20_000
_HUGE = 10**12
_SHOWN_CHARS = 100
_SPACE = re.compile(r"[ \t\n\r]*")
_NEXT = re.compile(r"[ \t\n\r]*([,\]])[ \t\n\r]*")
# The number of an item in Zotero's own database is no key that a paper uses.
_ITEM_NUMBER = re.compile(r"https?://.*|\d+|\d+/[A-Z0-9]{8}")
_PINNED = re.compile(r"^\s*citation key\s*:\s*(\S+)\s*$", re.IGNORECASE | re.MULTILINE)
_SCHEMES = (("DOI", Scheme.DOI), ("PMID", Scheme.PMID), ("PMCID", Scheme.PMCID))
_TYPES = {
    "article-journal": "journal-article", "article": "posted-content", "book": "book", "classic": "book",
    "chapter": "book-chapter", "entry": "reference-entry",
    "paper-conference": "proceedings-article", "thesis": "dissertation", "software": "software", "dataset": "dataset",
    "report": "report", "review": "peer-review", "standard": "standard", **{kind: kind for kind in KINDS},
}  # fmt: skip
_CROSSREF = frozenset(_TYPES.values()) - _TYPES.keys()
_OF_ZOTERO = "this is Zotero's own JSON: export the library as CSL JSON or Better CSL JSON"


def read_csl(text: str) -> Iterator[LibraryEntry]:
    """Yield the entries of a CSL-JSON file: a list of items, or an object that holds one or is one.

    Raises:
        LibraryError: it is no JSON; nothing behind the fault can be told from it.

    >>> [entry] = read_csl('[{"id": "smith2020", "title": "Bone", "DOI": "10.1000/X", "note": "PMID: 12"}]')
    >>> entry.key, [one.value for one in entry.references]
    ('smith2020', ['10.1000/x', '12'])
    """
    for line, raw, item in _items(text):
        if not isinstance(item, dict):
            yield failed_entry(line, None, "it is no object", raw)
        elif "itemType" in item:
            yield failed_entry(line, _key(item), _OF_ZOTERO, raw)
        else:
            yield _entry(line, item, raw)


def _items(text: str) -> Iterator[tuple[int, str, Any]]:
    """Yield each item with its line, from 1, and its text."""
    start = _SPACE.match(text).end()  # type: ignore[union-attr]  # it matches everywhere
    if text[start : start + 1] == "[":
        yield from _elements(text, start)
        return
    document, end = _decode(text, start)
    behind = _SPACE.match(text, end).end()  # type: ignore[union-attr]
    if behind < len(text):
        yield from _lines(text, start)
        return
    if not isinstance(document, dict):
        raise LibraryError("it is no list of items", "export the library as CSL JSON")
    name = next((one for one in _LISTS if isinstance(document.get(one), list)), None)
    if name is not None:
        # Decoded again one by one, which tells the line of each.
        place = re.search(rf'"{name}"[ \t\n\r]*:[ \t\n\r]*\[', text)
        if place is not None:
            yield from _elements(text, place.end() - 1)
    elif document and all(isinstance(one, dict) for one in document.values()):
        line, at = 1, 0
        for key, item in document.items():
            found = text.find(json.dumps(key, ensure_ascii=False), at)
            if found >= 0:
                line, at = line + text.count("\n", at, found), found
            yield line, json.dumps(item, ensure_ascii=False), {"id": key, **item}
    elif document:
        yield text.count("\n", 0, start) + 1, text[start:end], document


def _lines(text: str, start: int) -> Iterator[tuple[int, str, Any]]:
    """Yield the items of JSON Lines, one behind the other."""
    line, at = 1, 0
    while start < len(text):
        item, end = _decode(text, start)
        line, at = line + text.count("\n", at, start), start
        yield line, text[start:end], item
        start = _SPACE.match(text, end).end()  # type: ignore[union-attr]


def _elements(text: str, start: int) -> Iterator[tuple[int, str, Any]]:
    line, at = 1, 0
    place = _SPACE.match(text, start + 1).end()  # type: ignore[union-attr]
    if text[place : place + 1] == "]":
        return
    while True:
        item, end = _decode(text, place)
        line, at = line + text.count("\n", at, place), place
        yield line, text[place:end], item
        behind = _NEXT.match(text, end)
        if behind is None:
            raise _fault(text, end, "a comma or a closing bracket is missing")
        if behind[1] == "]":
            return
        place = behind.end()


def _decode(text: str, start: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise _fault(text, error.pos, error.msg) from error
    except (RecursionError, ValueError) as error:
        # Numbers of thousands of digits, and lists in lists in lists, stand in no library.
        raise _fault(text, start, "the item that begins here is nested too deep or holds too long a number") from error


def _fault(text: str, place: int, message: str) -> LibraryError:
    line = text.count("\n", 0, place) + 1
    column = place - text.rfind("\n", 0, place)
    return LibraryError(f"line {line}, column {column}: it is no JSON: {message}", "export the library again")


def _entry(line: int, item: Mapping[str, Any], raw: str) -> LibraryEntry:
    def text(*names: str) -> str | None:
        return next((found for name in names if (found := _text(item.get(name)))), None)

    said = text("type") or ""
    # Crossref's answers have its own words for types.
    kind = said if said in _CROSSREF else _TYPES.get(said, "other" if said else None)
    if kind in {"journal-article", "other"} and is_server(text("container-title")):
        kind = "posted-content"
    # Zotero's of a talk.
    meeting = text("event-title", "event") if kind == "speech" else None
    number = read_number(text("number"))
    pages = read_pages(text("page"))
    # An article's own number is written where the pages stand; a paper of a conference may have one too.
    has_own_number = kind in ARTICLES or (pages == number and kind not in NUMBERED)
    said_date, date = _date(item.get("issued"))
    description = Description(
        title=read_title(text("title")),
        authors=first_names(_name(one) for one in _list(item.get("author"))),
        container=read_title(text("container-title") or meeting or text("collection-title")),
        container_short=read_text(text("container-title-short", "journalAbbreviation")),
        date=date,
        volume=read_number(text("volume")),
        # Reports, patents and laws have their number there.
        issue=read_number(text("issue")) or (number if kind in NUMBERED else None),
        pages=None if has_own_number and pages == number else pages,
        article_number=number if has_own_number else None,
        publisher=read_text(text("authority", "publisher") if kind in OF_AUTHORITIES else text("publisher")),
        issn=read_issns(text("ISSN")),
        isbn=read_isbns(text("ISBN")),
        type=kind,
        language=read_language(text("language")),
        series=read_title(text("collection-title")) if text("container-title") else None,
        editors=first_names(_name(one) for one in _list(item.get("editor"))),
        genre=plain_genre(text("genre")) if kind in GENRED else None,
        series_number=read_number(text("collection-number")),
        edition=plain_edition(read_text(text("edition"))) if kind not in ARTICLES else None,
        place=read_text(text("publisher-place")) if kind not in ARTICLES else None,
        version=read_text(text("version")),
    )
    note = text("note") or ""
    is_unnamed = kind == "posted-content" and not text("DOI", "doi")
    found, wrong = find_references(
        [*_stated(item), *(_preprint(f"{number} {text('container-title')}") if is_unnamed else ())],
        [("note", note)],
        [text("URL") or ""],
    )
    problems = [*_name_problems(item), *date_problems("issued", said_date, date), *wrong]
    custom = item.get("custom")
    former = [str(one) for one in _list(custom.get("former-ids") if isinstance(custom, dict) else None)]
    return make_entry(line, _key(item), description, (found, problems), lambda: raw, former)


def _stated(item: Mapping[str, Any]) -> Iterator[Stated]:
    for name, scheme in _SCHEMES:
        if told := _text(item.get(name)) or _text(item.get(name.lower())):
            yield Stated(name, scheme, told)


def _preprint(number: str) -> Iterator[Stated]:
    """Yield the DOI of a preprint at arXiv by its number, as Zotero writes that: "arXiv:1706.03762"."""
    if doi := arxiv_doi(number):
        yield Stated("number", Scheme.DOI, doi)


def _key(item: Mapping[str, Any]) -> str | None:
    """Return the key that papers use: that of Better BibTeX, or the id, unless it is the number of an item.

    >>> _key({"id": "http://zotero.org/users/1/items/AB", "note": "Citation Key: smith2020"}), _key({"id": 12})
    ('smith2020', None)
    """
    if key := _text(item.get("citation-key")) or _text(item.get("citekey")):
        return key
    pinned = _PINNED.search((_text(item.get("note")) or "")[:_NOTE_CHARS])
    if pinned is not None:
        return pinned[1]
    key = _text(item.get("id")) or ""
    return None if _ITEM_NUMBER.fullmatch(key) else key


def _text(value: object) -> str | None:
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, str):
        return value.strip() or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _HUGE else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _name(item: object) -> AuthorName | None:
    if not isinstance(item, dict):
        return None
    if is_others(_text(item.get("literal")) or _text(item.get("family")) or "") and not _text(item.get("given")):
        return OTHERS
    if not _text(item.get("family")):
        return make_group(_text(item.get("literal"))) or make_name(_text(item.get("given")))
    family = _joined(item, "non-dropping-particle", "family")
    return make_name(family, _joined(item, "given", "dropping-particle", "suffix"))


def _name_problems(item: Mapping[str, Any]) -> Iterator[EntryProblem]:
    """Yield what stands in the place of names and is none."""
    for role in ("author", "editor"):
        told = item.get(role)
        wrong = [one for one in (told if isinstance(told, list) else [told]) if _says(one) and _name(one) is None]
        yield from (
            EntryProblem(role, f"{kept_text(_shown(one) or '')} is no name of CSL; it is not read") for one in wrong[:3]
        )


def _joined(item: Mapping[str, Any], *names: str) -> str:
    return " ".join(filter(None, (_text(item.get(name)) for name in names)))


def _date(value: object) -> tuple[str | None, str | None]:
    """Return the text of a date, and the date that it is; what is there and none is shown as it stands.

    >>> _date({"date-parts": [[2004, 3]]}), _date(2019.0), _date({"year": 2019}), _date({})
    (('2004-3', '2004-03'), ('2019', '2019'), ('{"year": 2019}', None), (None, None))
    """
    if not isinstance(value, dict):
        said = _text(_whole(value))
        return said or _shown(value), read_date(said)
    parts = _list(value.get("date-parts"))
    first = [_whole(one) for one in (parts[0] if parts and isinstance(parts[0], list) else parts)]
    year, month, day, *_ = [*first, None, None, None]
    said = _text(value.get("raw")) or _text(value.get("literal"))
    if date := stated_date(year, month, day):
        return "-".join(str(part) for part in (year, month, day) if part is not None), date
    if said := said or "-".join(str(part) for part in first if part is not None):
        return said, read_date(said)
    return _shown(value) if any(map(_says, value.values())) else None, None


def _whole(value: object) -> object:
    """Return a number without its fraction, where that is none: to JSON, 2019.0 is 2019."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _says(value: object) -> bool:
    """Tell whether anything but emptiness stands in a value, or in a list of lists as dates are."""
    found = [value]
    for _ in range(2):
        found = [inner for one in found for inner in (one if isinstance(one, list) else [one])]
    return any(one not in (None, "", False, {}, []) for one in found)


def _shown(value: object) -> str | None:
    if value in (None, "", [], {}):
        return None
    try:
        return json.dumps(value, ensure_ascii=False)[:_SHOWN_CHARS]
    except RecursionError:
        return "a list in lists in lists"
