"""Looks at what the store holds of a work before it is written: what is damaged is named and left out, the rest stays.

No value that comes through holds characters that are none, is of a wrong type, or is longer than any real one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

from evidence.export.escaping import clean, is_text, plain_text
from evidence.export.keyforms import is_readable_key
from evidence.export.records import CitedWork
from evidence.records import AuthorName

_TEXTS = (
    "container", "container_short", "series", "volume",
    "issue", "pages", "article_number", "publisher", "type", "language", "genre", "series_number", "edition", "place",
    "version",
)  # fmt: skip
_LISTS = ("issn", "isbn")
_LOOKED_AT = attrgetter(*_TEXTS, "doi")
_DOI = re.compile(r"10\.[^\s/]+/\S+")
_PMID = re.compile(r"[0-9]{1,9}")
_PMCID = re.compile(r"PMC[0-9]{1,12}", re.IGNORECASE)
_IDENTIFIERS = {"doi": _DOI, "pmid": _PMID, "pmcid": _PMCID}
_DATE = re.compile(r"([12][0-9]{3})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_USUAL_DATE = re.compile(r"[12][0-9]{3}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|1[0-9]|2[0-8]))?)?")
_TITLE_CHARS = 10_000
_TEXT_CHARS = 1_000
_ITEMS = 50


class Problem(NamedTuple):
    """What is wrong with one field of one work. `name` is an identifier of the work, or empty."""

    key: str
    name: str
    field: str
    why: str

    def __str__(self) -> str:
        """Return it in one line, for a person."""
        return f"{self.key}{f' ({self.name})' if self.name else ''}: {self.field}: {self.why}"


def notices_unread(key: str, name: str, error: Exception) -> Problem:
    """Return the problem of a work whose notices cannot be read."""
    why = f"cannot be read ({error}); the work is left out: run `evidence refresh --force`"
    return Problem(key, name, "notices", why)


@dataclass(slots=True)
class Damage:
    """What was found wrong, each once, and the keys of the works that had to be left out."""

    problems: dict[Problem, None] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)

    def tell(self, problem: Problem) -> None:
        """Add a problem."""
        self.problems[problem] = None

    def join(self, other: Damage) -> None:
        """Add what was found elsewhere."""
        self.problems |= other.problems
        self.left_out |= other.left_out

    def leave_out(self, problem: Problem) -> None:
        """Add a problem for which the whole work is left out."""
        self.tell(problem)
        self.left_out.add(problem.key)


def check(work: CitedWork, damage: Damage, *, has_odd_names: bool) -> CitedWork | None:
    """Return a work without what is damaged of it; most works have nothing. None where it cannot be written at all.

    Args:
        work: straight from the store.
        damage: what is wrong is added here.
        has_odd_names: whether `is_usual_name` says so of one of its authors or editors.
    """
    if not has_odd_names and _is_usual(work):
        return work
    mended = _mend(work, damage)
    return None if mended is None else work._replace(**mended)


def is_usual_name(name: AuthorName) -> bool:
    """Tell in one look that nothing is wrong with a name.

    >>> is_usual_name(AuthorName("Komori", "T")), is_usual_name(AuthorName("---"))
    (True, False)
    """
    try:
        first = name.family or name.collective or ""
        given = name.given or ""
        text = first + given
        return first[:1].isalpha() and len(text) <= _TEXT_CHARS and is_text(text)
    except (TypeError, AttributeError):
        return False


def are_usual_names(names: Sequence[AuthorName], said: str) -> bool:
    """Tell in one look that nothing is wrong with all names of a work; where it cannot tell, `is_usual_name` can.

    Args:
        names: with texts or nothing as their parts.
        said: all of them as JSON.

    >>> are_usual_names([AuthorName("Kim", "J")], '["Kim", "J"]'), are_usual_names([AuthorName("")], '["\\\\u0000"]')
    (True, False)
    """
    if len(said) > _TEXT_CHARS or "\\" in said or not said.isprintable():
        return False
    return all((name.family or name.collective or "")[:1].isalpha() for name in names)


def _is_usual(work: Any) -> bool:
    """Tell in one look that nothing is wrong with all else: so it is with nearly every work."""
    try:
        rest = "".join((*filter(None, _LOOKED_AT(work)), *work.issn, *work.isbn))
        title, date = work.title, work.date
        return (
            len(rest) <= _TEXT_CHARS
            and len(title) <= _TITLE_CHARS
            and (title[:1].isalnum() or _holds_text(title))
            and is_text(title + rest)
            and (date is None or _USUAL_DATE.fullmatch(date) is not None)
            and type(work.issn) is type(work.isbn) is tuple
            and is_readable_key(work.key)
            and (work.doi is None or _DOI.fullmatch(work.doi) is not None)
            and (work.pmid is None or _PMID.fullmatch(work.pmid) is not None)
            and (work.pmcid is None or _PMCID.fullmatch(work.pmcid) is not None)
        )
    except (TypeError, AttributeError, IndexError):
        return False


def _mend(work: Any, damage: Damage) -> dict[str, Any] | None:
    key, said = clean(str(work.key))[:60], name_of(work.doi, work.pmid, work.pmcid)

    def teller(name: str) -> Callable[[str], None]:
        return lambda why: damage.tell(Problem(key, said, name, why))

    if not isinstance(work.key, str) or not is_readable_key(work.key):
        why = "not every program takes this key; the work is left out: mend it in the file of keys"
        damage.leave_out(Problem(key, said, "citekey", why))
        return None
    title = _text(work.title, _TITLE_CHARS, teller("title"))
    if not title or not _holds_text(title):
        why = "holds markup and braces alone" if title else "is empty"
        damage.leave_out(Problem(key, said, "title", f"{why}; the work is left out"))
        return None
    fields: dict[str, Any] = {"title": title, "date": _date(work.date, teller("date"))}
    for name in _TEXTS:
        fields[name] = _text(getattr(work, name), _TEXT_CHARS, teller(name))
    for name in _LISTS:
        fields[name] = tuple(_items(getattr(work, name), teller(name)))
    for name, pattern in _IDENTIFIERS.items():
        value = getattr(work, name)
        is_good = value is None or (isinstance(value, str) and pattern.fullmatch(value) and is_text(value))
        fields[name] = value if is_good else None
        if not is_good:
            teller(name)(f"{_shown(value)} is none; left out")
    fields["authors"] = tuple(_names(work.authors, teller("author")))
    fields["editors"] = tuple(_names(work.editors, teller("editor")))
    return fields


def _holds_text(title: str) -> bool:
    """Tell whether anything of a title is left in every format.

    >>> _holds_text("<i></i> {"), _holds_text("<i>?</i>")
    (False, True)
    """
    return plain_text(title).strip("{} ") != ""


def _text(value: Any, limit: int, tell: Callable[[str], None]) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        tell(f"{_shown(value)} is no text; left out")
        return None
    if not is_text(value):
        tell("holds control characters or bytes that are no text; they are left out")
        value = clean(value)
    if len(value) > limit:
        tell(f"is {len(value):,} characters long; cut to {limit:,}")
        value = value[:limit]
    return value if value.strip() else None


def _date(value: Any, tell: Callable[[str], None]) -> str | None:
    """Return a date as far as it can be one.

    >>> _date("2004-02-30", print), _date("2004-3", print)
    '2004-02-30' is no day; its month is kept
    ('2004-02', '2004-03')
    """
    if value is None:
        return None
    match = _DATE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        tell(f"{_shown(value)} is no date; left out")
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    if month is not None and not 1 <= month <= 12:  # noqa: PLR2004 - the months of a year
        tell(f"{_shown(value)} has no such month; its year is kept")
        return match[1]
    if day is None:
        return match[1] if month is None else f"{match[1]}-{month:02}"
    try:
        return dt.date(year or 0, month or 0, day).isoformat()
    except ValueError:
        tell(f"{_shown(value)} is no day; its month is kept")
        return f"{match[1]}-{month:02}"


def _items(values: Any, tell: Callable[[str], None]) -> Iterator[str]:
    if not isinstance(values, tuple):
        if values is not None:
            tell(f"{_shown(values)} is no list; left out")
        return
    for value in values[:_ITEMS]:
        if text := _text(value, _TEXT_CHARS, tell):
            yield text


def _names(names: Sequence[AuthorName], tell: Callable[[str], None]) -> Iterator[AuthorName]:
    for place, name in enumerate(names, start=1):

        def told(why: str, place: int = place) -> None:
            tell(f"{place}: {why}")

        family, given, collective = (_part(part, told) for part in (name.family, name.given, name.collective))
        if family or collective:
            yield AuthorName(family, given if family else None, None, None if family else collective)
        elif given:
            yield AuthorName(given)
        elif all(not part or not part.strip() for part in (name.family, name.given, name.collective)):
            told("has no name; left out")


def _part(part: Any, tell: Callable[[str], None]) -> str | None:
    text = _text(part, _TEXT_CHARS, tell)
    if text is None or any(map(str.isalnum, text)):
        return text
    tell(f"{_shown(text)} is no name; left out")
    return None


def name_of(doi: Any, pmid: Any, pmcid: Any) -> str:
    """Return the identifier that messages name a work by, the best known one; empty where there is none.

    >>> name_of(None, "77", "PMC1")
    'pmid:77'
    """
    for scheme, value in (("doi", doi), ("pmid", pmid), ("pmcid", pmcid)):
        if isinstance(value, str) and value:
            return f"{scheme}:{clean(value)[:100]}"
    return ""


def _shown(value: object) -> str:
    """Return a value in a message: short, and harmless."""
    text = clean(value) if isinstance(value, str) else repr(value)
    return repr(text[:60]) if isinstance(value, str) else text[:60]
