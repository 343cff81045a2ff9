"""What the pages cite, what of it was asked before, and what else the store knows these works as."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from evidence.records import Reference
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.vocabulary import UNCONFIRMED, Outcome, Role, Scheme, Source

# Calling an enumeration takes five times as long, and there is a look-up for every identifier of the vault.
_SOURCES = {one.value: one for one in Source}
_SCHEMES = {one.value: one for one in Scheme}
_OUTCOMES = {one.value: one for one in Outcome}
# Who is asked for the notices of a work that has such an identifier.
_OWN_SOURCES = {Scheme.DOI: Source.CROSSREF, Scheme.PMID: Source.PUBMED}
# What the reason of a look-up begins with that found the work of another DOI.
ALIAS_OF = "an alias of "
_STUDY = "study"
_FRONT_MATTER_KEYS = ("doi", "pmid", "pmcid", "pmc")


class Ask(NamedTuple):
    """One identifier to look up at one source."""

    source: Source
    reference: Reference


class PastLookup(NamedTuple):
    """How a look-up ended, and when."""

    outcome: Outcome
    reason: str | None
    asked_at: dt.datetime
    ask_again_at: dt.datetime | None

    @property
    def is_unconfirmed(self) -> bool:
        """Whether it found nothing, and failed when it was made again: still missing, as far as is known."""
        return self.outcome is Outcome.NOT_FOUND and (self.reason or "").startswith(UNCONFIRMED)


def find_cited(session: Session) -> list[Reference]:
    """Return the identifiers that the pages rest on, sorted.

    They are the primary works of notes, what notes cite or name as preprint, what claims cite in their text, and what
    a study page says of itself in its front matter.
    """
    note, identifier, citation = models.Note, models.Identifier, models.Citation
    queries = (
        select(note.primary_scheme, note.primary_value).where(note.primary_scheme.is_not(None)).distinct(),
        select(identifier.scheme, identifier.value)
        .where(identifier.note_id.is_not(None), identifier.role.in_((Role.CITED, Role.PREPRINT)))
        .distinct(),
        select(citation.scheme, citation.value).where(citation.scheme.is_not(None)).distinct(),
    )
    found: set[Reference] = set()
    for query in queries:
        for scheme, value in session.execute(query):
            if scheme and value:
                found.add(Reference(Scheme(scheme), value))
    return sorted(found | _find_in_front_matter(session))


def _find_in_front_matter(session: Session) -> set[Reference]:
    page, identifier = models.Page, models.Identifier
    rows = session.execute(
        select(page.front_matter, identifier.scheme, identifier.value)
        .join(identifier, identifier.page_id == page.id)
        .where(
            page.front_matter["type"].as_string() == _STUDY,
            identifier.note_id.is_(None),
            identifier.role == Role.CITED,
        ),
    )
    found: set[Reference] = set()
    for front_matter, scheme, value in rows:
        # The same page may name other works in its text; its own stand in these keys.
        stated = " ".join(str(front_matter.get(key, "")) for key in _FRONT_MATTER_KEYS).casefold()
        if value.casefold().removeprefix("pmc") in stated:
            found.add(Reference(Scheme(scheme), value))
    return found


def find_aliases(session: Session, references: Collection[Reference]) -> set[Reference]:
    """Return these and the DOIs and PMIDs of their works, as far as the store knows.

    A PMCID that is not cited needs no looking up: a PubMed record that names it says all that there is to know of it.
    """
    table = models.WorkIdentifier
    known = frozenset(references)
    work_ids: set[int] = set()
    for values in in_chunks(sorted({reference.value for reference in known})):
        rows = session.execute(select(table.scheme, table.value, table.work_id).where(table.value.in_(values)))
        work_ids.update(work_id for scheme, value, work_id in rows if (scheme, value) in known)
    found = set(known)
    for ids in in_chunks(sorted(work_ids)):
        query = select(table.scheme, table.value).where(table.work_id.in_(ids), table.scheme != Scheme.PMCID)
        found.update(Reference(_SCHEMES[scheme], value) for scheme, value in session.execute(query))
    return found


def find_pubmed_ids(session: Session, dois: Collection[str]) -> dict[str, str]:
    """Return the PMID of each of these DOIs whose work has one."""
    mine, other = models.WorkIdentifier, aliased(models.WorkIdentifier)
    found: dict[str, str] = {}
    for values in in_chunks(sorted(dois)):
        rows = session.execute(
            select(mine.value, other.value)
            .join(other, other.work_id == mine.work_id)
            .where(mine.scheme == Scheme.DOI, mine.value.in_(values), other.scheme == Scheme.PMID),
        )
        found.update({doi: pmid for doi, pmid in rows})  # noqa: C416  # a Row is no pair to the type checker
    return found


def find_lookups(session: Session) -> dict[Ask, PastLookup]:
    """Return how every look-up so far ended."""
    table = models.Lookup
    rows = session.execute(
        select(
            table.source, table.scheme, table.value, table.outcome, table.reason, table.asked_at, table.ask_again_at
        ),
    )
    return {
        Ask(_SOURCES[source], Reference(_SCHEMES[scheme], value)): PastLookup(
            _OUTCOMES[outcome], reason, as_utc(asked_at), as_utc(again) if again else None
        )
        for source, scheme, value, outcome, reason, asked_at, again in rows
    }


def find_states(session: Session) -> dict[Ask, dt.datetime]:
    """Return when notices were asked for apart from metadata, for every work of which they were."""
    table = models.State
    rows = session.execute(select(table.source, table.scheme, table.value, table.fetched_at))
    return {
        Ask(_SOURCES[source], Reference(_SCHEMES[scheme], value)): as_utc(fetched_at)
        for source, scheme, value, fetched_at in rows
    }


def find_held(past: Mapping[Ask, PastLookup], states: Mapping[Ask, dt.datetime]) -> dict[Ask, dt.datetime]:
    """Return of when the answers are that the store holds, notices included."""
    held = {ask: known.asked_at for ask, known in past.items() if known.outcome is not Outcome.FAILED}
    return held | {ask: max(moment, held.get(ask, moment)) for ask, moment in states.items()}


def find_old_states(
    asks: Iterable[Ask],
    past: Mapping[Ask, PastLookup],
    states: Mapping[Ask, dt.datetime],
    before: dt.datetime,
) -> dict[Ask, dt.datetime]:
    """Return what a registry was last asked for notices of at some time or earlier, with when that was.

    A DOI that PubMed resolved is not among them: its PMID is. An alias is none either: the DOI that it stands for is.
    """
    found: dict[Ask, dt.datetime] = {}
    for ask in asks:
        known = past.get(ask)
        if known is None or known.outcome is not Outcome.RESOLVED or (known.reason or "").startswith(ALIAS_OF):
            continue
        if _OWN_SOURCES.get(ask.reference.scheme) is ask.source:
            as_of = max(known.asked_at, states.get(ask, known.asked_at))
            if as_of <= before:
                found[ask] = as_of
    return found


def find_at_other_agencies(past: Mapping[Ask, PastLookup], references: Iterable[Reference]) -> list[Ask]:
    """Return what to ask other agencies: what Crossref says they registered."""
    return [
        Ask(Source.AGENCY, one)
        for one in references
        if (known := past.get(Ask(Source.CROSSREF, one))) is not None and known.outcome is Outcome.OTHER_AGENCY
    ]


def as_utc(moment: dt.datetime) -> dt.datetime:
    """Return a moment with its zone: SQLite keeps none, and all that we store is UTC."""
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


def asks_for(references: Iterable[Reference], *, own_registry_only: bool = False) -> list[Ask]:
    """Return what to look up where: a DOI at Crossref and PubMed, a PMID at PubMed, a PMCID at the converter.

    >>> [str(ask.source) for ask in asks_for([Reference(Scheme.DOI, "10.1/x")])]
    ['crossref', 'pubmed']
    """
    sources = {
        Scheme.DOI: (Source.CROSSREF,) if own_registry_only else (Source.CROSSREF, Source.PUBMED),
        Scheme.PMID: (Source.PUBMED,),
        Scheme.PMCID: (Source.IDCONV,),
    }
    return [Ask(source, reference) for reference in references for source in sources[reference.scheme]]
