"""An extracted page as the JSON that `evidence extract` prints, one object a page."""

from __future__ import annotations

import json
from typing import Any

from evidence.records import Citation, Claim, ExtractedPage, Identifier, Note, Tag


def to_json(page: ExtractedPage) -> str:
    """Return one line of JSON; keys stand in the order of the design, text is not escaped to ASCII."""
    return json.dumps(to_dict(page), ensure_ascii=False, separators=(",", ":"))


def to_dict(page: ExtractedPage) -> dict[str, Any]:
    """Return the record of a page as plain values."""
    return {
        "path": page.path,
        "format": page.format.value,
        "title": page.title,
        "sha256": page.sha256,
        "front_matter": page.front_matter,
        "claims": [_claim(claim) for claim in page.claims],
        "notes": [note_to_dict(note) for note in page.notes],
        "identifiers": [_identifier(one) for one in page.identifiers],
        "problems": [problem._asdict() for problem in page.problems],
    }


def note_to_dict(note: Note) -> dict[str, Any]:
    """Return one note as plain values."""
    return {
        "key": note.key,
        "occurrence": note.occurrence,
        "line": note.line,
        "start": note.start,
        "end": note.end,
        "text": note.text,
        "identifiers": [_identifier(one) for one in note.identifiers],
        "primary": note.primary._asdict() if note.primary else None,
        "study_page": note.study_page,
        **stated(note),
    }


def stated(note: Note) -> dict[str, Any]:
    """Return what a note states of its work, as plain values."""
    return {
        "design": [design.value for design in note.design],
        "level": note.level.value if note.level else None,
        "n": note.n,
        "n_text": note.n_text,
        "p": note.p,
        "model": note.model,
        "organism": note.organism,
        "finding": note.finding,
        "authors": list(note.authors),
        "journal": note.journal,
        "year": note.year,
        "title": note.title,
        "verified": note.verified,
        "marked_retracted": note.marked_retracted,
        "tags": [_tag(tag) for tag in note.tags],
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "kind": claim.kind.value,
        "section": list(claim.section),
        "line": claim.line,
        "start": claim.start,
        "end": claim.end,
        "text": claim.text,
        "citations": [_citation(citation) for citation in claim.citations],
        "lead_in": list(claim.lead_in),
        "tags": [_tag(tag) for tag in claim.tags],
        "interaction": claim.interaction._asdict() if claim.interaction else None,
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "note": citation.note,
        "occurrence": citation.occurrence,
        "identifier": _identifier(citation.identifier) if citation.identifier else None,
        "start": citation.start,
        "end": citation.end,
        "polarity": citation.polarity.value,
        "clause": citation.clause,
    }


def _identifier(one: Identifier) -> dict[str, Any]:
    return {
        "scheme": one.scheme.value,
        "value": one.value,
        "role": one.role.value,
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "how": list(one.how),
    }


def _tag(tag: Tag) -> dict[str, Any]:
    return {"name": tag.name, "place": tag.place.value, "scope": tag.scope}
