"""Extracted pages -> tables. Statements in bulk, since a corpus has a million claims; nothing here commits."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from evidence.errors import PageError
from evidence.records import Claim, ExtractedPage, Identifier, Note, Problem
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.store.matching import ClaimText, match_claims

# What a note states of its work: kept together in one column, as in the JSON of `evidence extract`.
STATED = (
    "design", "level", "n", "n_text", "p", "model", "organism", "finding", "authors", "journal", "year", "title",
    "verified", "marked_retracted",
)  # fmt: skip
# PostgreSQL keeps no NUL in a text and no lone surrogate in any; both come from hostile or broken pages only.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
# PostgreSQL's indexes take at most 2,704 bytes a row. No real DOI has a third of that.
_MAX_VALUE = 600
_MAX_KEY = 200
# The tables in a page's front matter are claims already; kept here as well they would double the database.
_MAX_FRONT_MATTER_VALUE = 4_000
_Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PageChanges:
    """How many claims were written for the first time, with other words than before, or are gone."""

    claims_new: int = 0
    claims_changed: int = 0
    claims_gone: int = 0

    def __add__(self, other: PageChanges) -> PageChanges:
        return PageChanges(
            self.claims_new + other.claims_new,
            self.claims_changed + other.claims_changed,
            self.claims_gone + other.claims_gone,
        )


def write_pages(
    session: Session,
    pages: Iterable[ExtractedPage],
    *,
    extractor: str,
    run_id: int | None = None,
) -> PageChanges:
    """Write pages with all that was read from them, in place of what the database had of them.

    A claim keeps its id where its words are the same or close to what they were.

    Args:
        session: in a transaction that the caller ends.
        pages: each path once; as many as fit in memory together.
        extractor: the version of the extractor, so that a later one reads the pages again.
        run_id: the run that wrote them.
    """
    bundle = {clean_text(page.path): page for page in pages}
    stored = _find_page_ids(session, list(bundle))
    before = _load_claims(session, list(stored.values()))
    identified, changes = _identify(session, bundle, stored, before)
    delete_contents(session, list(stored.values()))
    page_ids = _write_page_rows(session, bundle, stored, extractor, run_id)
    note_ids = _write_notes(session, bundle, page_ids)
    _write_identifiers(session, bundle, page_ids, note_ids)
    _write_claims(session, identified, page_ids, note_ids)
    return changes


def delete_pages(session: Session, paths: Sequence[str]) -> PageChanges:
    """Delete pages with their claims and notes, never a work."""
    page_ids = list(_find_page_ids(session, paths).values())
    gone = sum(len(claims) for claims in _load_claims(session, page_ids).values())
    delete_contents(session, page_ids)
    for chunk in in_chunks(page_ids):
        session.execute(delete(models.Page).where(models.Page.id.in_(chunk)))
    return PageChanges(claims_gone=gone)


def delete_contents(session: Session, page_ids: Sequence[int]) -> None:
    """Delete what pages hold and leave the pages themselves."""
    for chunk in in_chunks(page_ids):
        # Citations and tags go with their claim. Identifiers first, so that no cascade has to look for them.
        for table in (models.Identifier, models.Claim, models.Note):
            session.execute(delete(table).where(table.page_id.in_(chunk)).execution_options(synchronize_session=False))


def rename_page(session: Session, old: str, new: str) -> None:
    """Give a page that was moved its new path; its claims keep their ids."""
    session.execute(update(models.Page).where(models.Page.path == old).values(path=clean_text(new)))


def write_unreadable(session: Session, errors: Iterable[PageError], seen: Collection[str] | None = None) -> None:
    """Write which pages and folders could not be read, in place of what was known of those that were looked at.

    Args:
        session: in a transaction that the caller ends.
        errors: of the pages and folders that could not be read.
        seen: the pages that were looked at; None for the whole vault.
    """
    table = models.Unreadable
    if seen is None:
        session.execute(delete(table))
    else:
        # A folder whose pages were found can be looked into again.
        folders = {parent.as_posix() for path in seen for parent in PurePosixPath(path).parents}
        for chunk in in_chunks(sorted({clean_text(path) for path in (*seen, *folders)})):
            session.execute(delete(table).where(table.path.in_(chunk)))
    rows = {
        clean_text(error.path): {
            "path": clean_text(error.path),
            "line": error.line,
            "message": clean_text(error.message),
            "hint": error.hint and clean_text(error.hint),
        }
        for error in errors
    }
    for chunk in in_chunks(sorted(rows)):
        session.execute(delete(table).where(table.path.in_(chunk)))
        session.execute(insert(table), [rows[path] for path in chunk])


def clean_text(text: str) -> str:
    """Return a text as any database can keep it: what cannot be stored becomes U+FFFD.

    >>> clean_text("a" + chr(0)) == "a" + chr(0xFFFD)
    True
    """
    return _UNSTORABLE.sub("\ufffd", text)


def clean_value(value: Any) -> Any:
    """Return a value for a JSON column with every text in it cleaned.

    >>> clean_value({"a": ("b", 1)})
    {'a': ['b', 1]}
    """
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {clean_text(str(key)): clean_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean_value(item) for item in value]
    return value


# --- which claim is which ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _StoredClaim:
    id: str
    words: ClaimText


def _identify(
    session: Session,
    bundle: dict[str, ExtractedPage],
    stored: dict[str, int],
    before: dict[int, list[_StoredClaim]],
) -> tuple[dict[str, list[tuple[str, Claim]]], PageChanges]:
    """Return the claims of each page with the ids they are to have, and how they differ from before."""
    kept: dict[str, list[str | None]] = {}
    changes = PageChanges()
    for path, page in bundle.items():
        old = before.get(stored.get(path, -1), [])
        words = [_words(claim) for claim in page.claims]
        pairs = match_claims([claim.words for claim in old], words) if old else [None] * len(words)
        kept[path] = [None if pair is None else old[pair].id for pair in pairs]
        matched = [(old[pair].words.text, now.text) for pair, now in zip(pairs, words, strict=True) if pair is not None]
        changes += PageChanges(
            claims_new=len(words) - len(matched),
            claims_changed=sum(was != now for was, now in matched),
            claims_gone=len(old) - len(matched),
        )
    wanted = [
        claim.id
        for path, page in bundle.items()
        for claim, name in zip(page.claims, kept[path], strict=True)
        if not name
    ]
    taken = _find_taken(session, wanted) | {name for names in kept.values() for name in names if name}
    identified = {
        path: [
            (name or _take_free(claim.id, taken), claim) for claim, name in zip(page.claims, kept[path], strict=True)
        ]
        for path, page in bundle.items()
    }
    return identified, changes


def _words(claim: Claim) -> ClaimText:
    subject = None
    if claim.interaction is not None:
        subject = (clean_text(claim.interaction.regulator), clean_text(claim.interaction.target))
    return ClaimText(tuple(clean_text(part) for part in claim.section), clean_text(claim.text), subject)


def _load_claims(session: Session, page_ids: Sequence[int]) -> dict[int, list[_StoredClaim]]:
    claims: dict[int, list[_StoredClaim]] = defaultdict(list)
    table = models.Claim
    for chunk in in_chunks(page_ids):
        rows = session.execute(
            select(table.id, table.page_id, table.section, table.text, table.interaction)
            .where(table.page_id.in_(chunk))
            .order_by(table.page_id, table.position)
        )
        for name, page_id, section, text, interaction in rows:
            subject = (str(interaction["regulator"]), str(interaction["target"])) if interaction else None
            claims[page_id].append(_StoredClaim(name, ClaimText(tuple(section), text, subject)))
    return claims


def _find_taken(session: Session, ids: Sequence[str]) -> set[str]:
    """Return which ids some claim already has: one that was reworded keeps the id that its old words would give."""
    taken: set[str] = set()
    for chunk in in_chunks(ids):
        taken.update(session.execute(select(models.Claim.id).where(models.Claim.id.in_(chunk))).scalars())
    return taken


def _take_free(wanted: str, taken: set[str]) -> str:
    name, count = wanted, 0
    while name in taken:
        count += 1
        name = blake2b(f"{wanted}\0{count}".encode(), digest_size=10).hexdigest()
    taken.add(name)
    return name


# --- rows --------------------------------------------------------------------------------------------------------


def _find_page_ids(session: Session, paths: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in in_chunks(paths):
        rows = session.execute(select(models.Page.path, models.Page.id).where(models.Page.path.in_(chunk)))
        found.update((path, page_id) for path, page_id in rows)
    return found


def _write_page_rows(
    session: Session,
    bundle: dict[str, ExtractedPage],
    stored: dict[str, int],
    extractor: str,
    run_id: int | None,
) -> dict[str, int]:
    new, known = [], []
    for path, page in bundle.items():
        row = {
            "path": path,
            "sha256": page.sha256,
            "extractor": extractor,
            "format": page.format.value,
            "title": None if page.title is None else clean_text(page.title),
            "front_matter": _shorten(page.front_matter),
            "problems": [clean_value(problem._asdict()) for problem in _problems(page)],
            "acknowledgements": [clean_value(one._asdict()) for one in page.acknowledgements] or None,
            "lines": page.lines,
            "run_id": run_id,
        }
        if path in stored:
            known.append(row | {"id": stored[path]})
        else:
            new.append(row)
    if new:
        session.execute(insert(models.Page.__table__), new)  # type: ignore[arg-type]
    if known:
        session.execute(update(models.Page), known)
    return _find_page_ids(session, list(bundle))


def _problems(page: ExtractedPage) -> list[Problem]:
    problems = list(page.problems)
    if any(len(one.value) > _MAX_VALUE for one in page.identifiers):
        message = f"an identifier has more than {_MAX_VALUE} characters and is not kept"
        problems.append(Problem("identifier-too-long", message, 1))
    return problems


def _shorten(front_matter: dict[str, Any]) -> dict[str, Any]:
    return {
        clean_text(key): clean_value(value)
        for key, value in front_matter.items()
        if len(json.dumps(value)) <= _MAX_FRONT_MATTER_VALUE
    }


_NoteKey = tuple[int, str, int]


def _write_notes(
    session: Session,
    bundle: dict[str, ExtractedPage],
    page_ids: dict[str, int],
) -> dict[_NoteKey, int]:
    """Write the notes; return their ids by page, key and occurrence."""
    rows: dict[_NoteKey, dict[str, Any]] = {}
    for path, page in bundle.items():
        for note in page.notes:
            place = (page_ids[path], _clip_key(note.key), note.occurrence)
            rows.setdefault(place, _note_row(place, note))
    if not rows:
        return {}
    session.execute(insert(models.Note.__table__), list(rows.values()))  # type: ignore[arg-type]
    table = models.Note
    found: dict[_NoteKey, int] = {}
    for chunk in in_chunks(list(page_ids.values())):
        query = select(table.id, table.page_id, table.key, table.occurrence).where(table.page_id.in_(chunk))
        found.update(((page_id, key, occurrence), name) for name, page_id, key, occurrence in session.execute(query))
    return found


def _note_row(place: _NoteKey, note: Note) -> dict[str, Any]:
    page_id, key, occurrence = place
    primary = note.primary if note.primary is not None and len(note.primary.value) <= _MAX_VALUE else None
    stated = {name: getattr(note, name) for name in STATED}
    stated["tags"] = [tag._asdict() for tag in note.tags]
    return {
        "page_id": page_id,
        "key": key,
        "occurrence": occurrence,
        "line": note.line,
        "start": note.start,
        "end": note.end,
        "text": clean_text(note.text),
        "primary_scheme": primary.scheme.value if primary else None,
        "primary_value": clean_text(primary.value) if primary else None,
        "primary_via": primary.via if primary else None,
        "study_page": None if note.study_page is None else clean_text(note.study_page),
        "stated": clean_value(stated),
    }


def _write_identifiers(
    session: Session,
    bundle: dict[str, ExtractedPage],
    page_ids: dict[str, int],
    note_ids: dict[_NoteKey, int],
) -> None:
    rows: _Rows = []
    for path, page in bundle.items():
        page_id = page_ids[path]
        in_notes: dict[Identifier, int] = {}
        for note in page.notes:
            for one in note.identifiers:
                in_notes[one] = note_ids[page_id, _clip_key(note.key), note.occurrence]
        for one in dict.fromkeys((*page.identifiers, *in_notes)):
            if len(one.value) <= _MAX_VALUE:
                rows.append(
                    {
                        "page_id": page_id,
                        "note_id": in_notes.get(one),
                        "scheme": one.scheme.value,
                        "value": clean_text(one.value),
                        "role": one.role.value,
                        "start": one.start,
                        "end": one.end,
                        "text": clean_text(one.text),
                    }
                )
    if rows:
        session.execute(insert(models.Identifier.__table__), rows)  # type: ignore[arg-type]


def _write_claims(
    session: Session,
    identified: dict[str, list[tuple[str, Claim]]],
    page_ids: dict[str, int],
    note_ids: dict[_NoteKey, int],
) -> None:
    claims: _Rows = []
    citations: _Rows = []
    tags: _Rows = []
    for path, page_claims in identified.items():
        page_id = page_ids[path]
        for position, (name, claim) in enumerate(page_claims):
            claims.append(_claim_row(page_id, position, name, claim))
            citations += _citation_rows(page_id, name, claim, note_ids)
            tags += [
                {
                    "claim_id": name,
                    "name": clean_text(tag.name),
                    "place": tag.place.value,
                    "scope": None if tag.scope is None else clean_text(tag.scope),
                }
                for tag in claim.tags
            ]
    for table, rows in ((models.Claim, claims), (models.Citation, citations), (models.Tag, tags)):
        if rows:
            session.execute(insert(table.__table__), rows)  # type: ignore[arg-type]


def _claim_row(page_id: int, position: int, name: str, claim: Claim) -> dict[str, Any]:
    return {
        "id": name,
        "page_id": page_id,
        "position": position,
        "kind": claim.kind.value,
        "section": [clean_text(part) for part in claim.section],
        "line": claim.line,
        "start": claim.start,
        "end": claim.end,
        "text": clean_text(claim.text),
        "lead_in": [_clip_key(key) for key in claim.lead_in],
        "interaction": clean_value(claim.interaction._asdict()) if claim.interaction else None,
    }


def _citation_rows(page_id: int, name: str, claim: Claim, note_ids: dict[_NoteKey, int]) -> _Rows:
    rows: _Rows = []
    for citation in claim.citations:
        one = citation.identifier if citation.identifier and len(citation.identifier.value) <= _MAX_VALUE else None
        key = None if citation.note is None else _clip_key(citation.note)
        rows.append(
            {
                "claim_id": name,
                "note_id": None
                if key is None or citation.occurrence is None
                else note_ids.get((page_id, key, citation.occurrence)),
                "note": key,
                "occurrence": citation.occurrence,
                "scheme": one.scheme.value if one else None,
                "value": clean_text(one.value) if one else None,
                "start": citation.start,
                "end": citation.end,
                "polarity": citation.polarity.value,
                "clause": citation.clause,
            }
        )
    return rows


def _clip_key(key: str) -> str:
    """Return a note's key short enough for an index. Real keys have 40 characters."""
    key = clean_text(key)
    if len(key) <= _MAX_KEY:
        return key
    return f"{key[:_MAX_KEY]}…{blake2b(key.encode(), digest_size=6).hexdigest()}"
