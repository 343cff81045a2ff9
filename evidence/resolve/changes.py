"""What a registry says of a work now against what it said before, both read in the same way. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from evidence.records import AuthorName, NoticeRecord, Reference, WorkRecord
from evidence.vocabulary import NoticeKind, Source

# What a reader cites a work by. PubMed completes volumes and pages of half of its new records within weeks.
_FIELDS = {"title": "title", "subtitle": "subtitle", "date": "date", "journal": "container", "type": "type"}
NOTICE = "notice"


class FieldChange(NamedTuple):
    """One thing that changed; None stands for nothing: an identifier or a notice came or went."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class WorkChange:
    """What one registry changed about one work.

    Args:
        source: the registry.
        references: the work's identifiers, as it gives them now.
        title: as it gives it now.
        changes: one or more.
    """

    source: Source
    references: tuple[Reference, ...]
    title: str | None
    changes: tuple[FieldChange, ...]

    @property
    def withdrawn(self) -> tuple[str, ...]:
        """The notices that the registry no longer tells of."""
        return tuple(one.before for one in self.changes if one.name == NOTICE and one.before and not one.after)


def compare(before: WorkRecord, after: WorkRecord) -> WorkChange | None:
    """Return what changed between two readings of one registry, or None.

    >>> doi = (Reference("doi", "10.1/x"),)
    >>> said = compare(WorkRecord(Source.CROSSREF, doi, date="2019"), WorkRecord(Source.CROSSREF, doi, date="2020"))
    >>> said.changes
    (FieldChange(name='date', before='2019', after='2020'),)
    """
    changes = (*_fields(before, after), *_identifiers(before, after), *_notices(before, after))
    return WorkChange(after.source, after.identifiers, after.title, changes) if changes else None


def _fields(before: WorkRecord, after: WorkRecord) -> Iterator[FieldChange]:
    for name, field in _FIELDS.items():
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            yield FieldChange(name, old, new)
    for name, old_names, new_names in (
        ("authors", before.authors, after.authors),
        ("editors", before.editors, after.editors),
    ):
        if old_names != new_names:
            yield FieldChange(name, _names(old_names), _names(new_names))


def _identifiers(before: WorkRecord, after: WorkRecord) -> Iterator[FieldChange]:
    old, new = set(before.identifiers), set(after.identifiers)
    for scheme, value in sorted(old - new):
        yield FieldChange("identifier", f"{scheme}:{value}", None)
    for scheme, value in sorted(new - old):
        yield FieldChange("identifier", None, f"{scheme}:{value}")


def _notices(before: WorkRecord, after: WorkRecord) -> Iterator[FieldChange]:
    """Yield notices that came and went. One that only got another date is the same notice."""
    old, new = _by_notice(before.notices), _by_notice(after.notices)
    for key in [*old, *(key for key in new if key not in old)]:
        was, now = old.get(key), new.get(key)
        if was != now:
            yield FieldChange(NOTICE, was, now)


def _by_notice(notices: tuple[NoticeRecord, ...]) -> dict[tuple[NoticeKind, Reference | None], str]:
    return {(notice.kind, notice.identifier): _told(notice) for notice in notices}


def _told(notice: NoticeRecord) -> str:
    place = f"({notice.identifier.scheme}:{notice.identifier.value})" if notice.identifier else ""
    return " ".join(filter(None, (notice.kind.value, notice.date, place)))


def _names(people: tuple[AuthorName, ...]) -> str | None:
    """Return names as one text."""
    names = (one.collective or " ".join(filter(None, (one.family, one.given))) for one in people)
    return ", ".join(names) or None
