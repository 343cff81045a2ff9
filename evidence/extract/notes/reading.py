"""Definitions -> notes: identifiers with their roles, one primary work, the stated attributes, the tags."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from evidence.extract.claims import MOST_HANDED_ON, NoteIndex
from evidence.extract.forms.layout import Definition
from evidence.extract.notes.attributes import read_attributes
from evidence.extract.notes.parts import find_struck, may_strike
from evidence.extract.notes.roles import assign_roles, choose_primary
from evidence.extract.notes.stances import speaks_against
from evidence.extract.tags import FoundTag, read_scope
from evidence.records import Identifier, Note, Problem, Tag
from evidence.vocabulary import TagPlace

# Nothing but a pointer: "see [^b]", "Ibid. [^b]", "[^b]"
_POINTER = re.compile(
    r"[\s(*_]*(?:(?:see|see also|as in|as for|as|ibid|ibidem|idem|same as|same source as|cf|refer to)\b[\s.,:*_]*)*"
    r"\[\^([^\]\s]{1,200})\][\s.;)*_]*",
    re.IGNORECASE,
)


def read_notes(
    text: str,
    body: str,
    definitions: Sequence[Definition],
    identifiers: Sequence[Sequence[Identifier]],
    tags: Sequence[Sequence[FoundTag]],
    shown: Callable[[str], str] | None = None,
) -> list[Note]:
    """Return the notes of a page in order; `occurrence` counts the definitions of one key from 0.

    Args:
        text: the page.
        body: its copy without markup, of the same length; the page itself where nothing is blanked out.
        definitions: where the notes stand.
        identifiers: for each definition, those in its text.
        tags: for each definition, those in its text.
        shown: makes of a note as written what a reader sees.
    """
    seen: dict[str, int] = {}
    notes = []
    strikes = bool(definitions) and may_strike(text)
    for definition, inside, marked in zip(definitions, identifiers, tags, strict=True):
        occurrence = seen.get(definition.key, 0)
        seen[definition.key] = occurrence + 1
        start, end = definition.start, definition.end
        note = Note(definition.key, occurrence, definition.line, start, end, text[start:end])
        if shown is not None:
            note.text = shown(note.text)
        struck = find_struck(text, start, end) if strikes else ()
        note.identifiers = assign_roles(body, start, end, inside, struck)
        note.primary = choose_primary(note.identifiers)
        note.tags = _tags(body, end, marked)
        if note.text:
            read_attributes(note, struck=bool(struck))
        notes.append(note)
    _follow_pointers(notes)
    return notes


def _follow_pointers(notes: Sequence[Note]) -> None:
    """Give each note that only points at another ("see [^b]") its work or study page; a circle has none."""
    pointers = {id(note): key for note in notes if (key := _pointer(note)) is not None}
    if not pointers:
        return
    chosen = _choose(notes)
    by_case = {key.casefold(): note for key, note in reversed(chosen.items())}
    # Where each pointer ends, kept: a chain of notes is walked once.
    ends: dict[int, Note | None] = {}
    for note in notes:
        if id(note) not in pointers:
            continue
        walked: list[Note] = []
        at: Note | None = note
        while at is not None and id(at) in pointers and id(at) not in ends:
            # Until its end is known it has none: who comes by again goes in a circle.
            ends[id(at)] = None
            walked.append(at)
            key = pointers[id(at)]
            at = chosen.get(key) or by_case.get(key.casefold())
        end = ends.get(id(at), at) if at is not None else None
        ends |= {id(one): end for one in walked}
        if end is not None:
            note.primary, note.study_page = end.primary, end.study_page


def _pointer(note: Note) -> str | None:
    """Return the key of the note that a note points at, or None where it says anything else."""
    if "[^" not in note.text or note.identifiers or note.study_page is not None:
        return None
    found = _POINTER.fullmatch(note.text.strip())
    return found.group(1) if found else None


def _choose(notes: Sequence[Note]) -> dict[str, Note]:
    """Return the note that each key means: its first definition with a text."""
    chosen: dict[str, Note] = {}
    for note in notes:
        first = chosen.get(note.key)
        if first is None or (not first.text and note.text):
            chosen[note.key] = note
    return chosen


def index_notes(notes: Sequence[Note], text: str) -> NoteIndex:
    """Return what claims need to know of the notes of a page. A key defined twice means its first one with a text."""
    chosen = _choose(notes)
    occurrences = {note.key.casefold(): (note.key, note.occurrence) for note in reversed(chosen.values())}
    occurrences |= {note.key: (note.key, note.occurrence) for note in chosen.values()}
    tags = {
        (note.key, note.occurrence): tuple(dict.fromkeys(note.tags))[:MOST_HANDED_ON] for note in notes if note.tags
    }
    against = frozenset(
        (note.key, note.occurrence) for note in notes if speaks_against(note, text[note.start : note.end])
    )
    return NoteIndex(occurrences, tags, against)


def find_note_problems(notes: Sequence[Note], used: set[str]) -> list[Problem]:
    """Return what the author of the notes should mend: doubled, empty and unused ones.

    Args:
        notes: the notes of a page.
        used: the keys that its marks name, in lower case.
    """
    problems = []
    first: dict[str, Note] = {}
    for note in notes:
        if note.key in first:
            where = first[note.key].line
            problems.append(
                Problem("duplicate-key", f"`[^{note.key}]` is defined again; first in line {where}", note.line)
            )
        first.setdefault(note.key, note)
        if not note.text.strip():
            problems.append(Problem("empty-note", f"`[^{note.key}]` has no text", note.line))
        if note.occurrence == 0 and note.key.casefold() not in used:
            problems.append(Problem("unused-note", f"`[^{note.key}]` is defined but nothing cites it", note.line))
    return problems


def _tags(text: str, end: int, tags: Sequence[FoundTag]) -> tuple[Tag, ...]:
    made = []
    for index, tag in enumerate(tags):
        stop = tags[index + 1].start if index + 1 < len(tags) else end
        divider = text.find(" · ", tag.end, stop)
        scope, _ = read_scope(text, tag.end, stop if divider < 0 else divider)
        made.append(Tag(tag.name, TagPlace.NOTE, " ".join(scope.split()) if scope else None))
    return tuple(made)
