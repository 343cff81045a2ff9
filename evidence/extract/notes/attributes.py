"""What a note states of its work: design, n, p, model, organism, finding, authors, journal, year, title, checks.

A note is a row of parts divided by `·`; one in prose is divided at its full stops and semicolons. Each reader takes
what a part says in so many words. What is not stated stays None.
"""

from __future__ import annotations

import re

from evidence.extract.notes.bibliography import read_bibliography
from evidence.extract.notes.bracketed_designs import read_bracketed_designs
from evidence.extract.notes.checks import is_marked_retracted, read_verified
from evidence.extract.notes.closing_designs import read_closing_designs
from evidence.extract.notes.designs import design_of_title, is_notice_itself, read_designs, read_listed_designs
from evidence.extract.notes.organisms import read_organisms
from evidence.extract.notes.parts import Parts, split_note, without_links, without_struck, without_tags
from evidence.extract.notes.samples import read_numbers
from evidence.levels import find_organisms, level_of
from evidence.records import Note
from evidence.vocabulary import Design, Role

_LINK = re.compile(r"!?\[\[([^\[\]|#\\]+)(?:#[^\[\]|\\]*)?\\?(?:\|([^\[\]]*))?\]\]")
_NOTE_LINK = re.compile(r"\[([^\[\]]{0,300})\]\((?!https?:)([^()\s]{1,300}\.md)(?:#[^()]{0,300})?\)")
_SLUG = re.compile(r"(?:[a-z0-9]+/)*[a-z][a-z0-9]*(?:-[a-z0-9]+)*-(?:19|20)\d\d[a-z]?(?:-[a-z0-9]+)*$")
# The name of a file is not longer; a colon stands in none.
_LONGEST_SLUG = 255

# Label as written, in lower case -> what it is stored as.
_LABELS = {
    "model": "model", "organism": "organism", "species": "organism", "population": "organism", "title": "title",
    "journal": "journal", "year": "year", "author": "author", "authors": "author", "finding": "finding", "findings": "finding",
    "key finding": "finding", "key findings": "finding", "main finding": "finding", "result": "result", "results": "result",
    "conclusion": "conclusion", "conclusions": "conclusion", "n": "n", "sample size": "n",
}  # fmt: skip
_LABEL_END = 14
_LABEL_INITIALS = frozenset("mospytjarfkcnMOSPYTJARFKCN-")
# What is said of a model ends at a dash and at a full stop that closes no initial.
_SENTENCE = re.compile(r" — |(?<![A-Z])\. (?=[A-Z])")
# "not stated", "n/a": no model after all
_NOT_STATED = re.compile(r"(?:not|n/a|n\.a\.|none|unknown|unclear|nr|unspecified|tbd|pending)\b", re.IGNORECASE)


def read_attributes(note: Note, *, struck: bool = False) -> None:
    """Fill in what a note states of its work. Fields that it does not state stay as they are: None or empty.

    Each reader is asked only where the note holds a word that it needs: the look is far cheaper than the reading.

    Args:
        note: the note with its text and identifiers.
        struck: whether some of it is struck out, which states nothing.
    """
    text = without_struck(note.text) if struck else note.text
    parts = split_note(text)
    plain = parts.plain
    if "[[" in text or "](" in text or "-" in plain[0]:
        note.study_page = _study_page(parts)
    labels = _read_labels(plain)
    read_bibliography(note, parts, labels)
    designs, design_part = read_designs(plain)
    if not designs and "," in text:
        designs = read_listed_designs(plain)
    if Design.NOTICE in designs and (
        any(one.role is Role.NOTICE for one in note.identifiers) or not is_notice_itself(plain)
    ):
        designs.remove(Design.NOTICE)
    if not designs and note.title:
        designs = design_of_title(note.title)
    if not designs:
        designs, design_part = read_closing_designs(plain)
    if not designs:
        designs, design_part = read_bracketed_designs([text] if parts.prose else plain)
    note.design = tuple(designs)
    if note.title is not None and ("=" in note.title or "<" in note.title):
        # The numbers of a title are not those of the note.
        untitled = [part.replace(note.title, "") for part in plain]
        numbers = read_numbers(" · ".join(untitled), untitled, labels.get("n"))
    else:
        numbers = read_numbers(text, plain, labels.get("n"))
    note.n, note.n_text, note.p = numbers
    if labels:
        note.model = _model(labels.get("model"))
        finding = labels.get("finding") or labels.get("result") or labels.get("conclusion")
        note.finding = without_tags(without_links(finding)).strip() or None if finding else None
    organisms = _organisms(design_part, labels, note) or read_organisms(plain, note.journal)
    if organisms:
        note.organism = ", ".join(organisms)
    if designs:
        note.level = level_of(designs, organisms)
    note.verified = read_verified(text)
    if "etract" in text or "ETRACT" in text:
        note.marked_retracted = is_marked_retracted(note, plain)


def _study_page(parts: Parts) -> str | None:
    """Return the page that the note links to as that of its study, as written, or None."""
    for part in parts.raw:
        for wikilink in _LINK.finditer(part) if "[[" in part else ():
            if "studies/" in wikilink.group(1) or (part is parts.raw[0] and part.startswith("[[")):
                return wikilink.group(1).strip()
        if "](" in part and (link := _NOTE_LINK.search(part)) and ("studies/" in link.group(2) or part is parts.raw[0]):
            return link.group(2).removesuffix(".md")
    first = parts.plain[0]
    return first if len(parts.raw) > 1 and len(first) <= _LONGEST_SLUG and _SLUG.match(first) else None


def _read_labels(parts: list[str]) -> dict[str, str]:
    """Return the parts that name what they are: "model: ...", "finding: ..."."""
    labels: dict[str, str] = {}
    for part in [part for part in parts if ":" in part[:_LABEL_END]]:
        if part[0] in _LABEL_INITIALS:
            label, _, value = part.partition(":")
            name = _LABELS.get(label.lower().removeprefix("- ").strip())
            if name is not None and (value := value.strip()):
                labels.setdefault(name, value)
    return labels


def _model(stated: str | None) -> str | None:
    """Return the model without what explains it: remarks behind a dash or stop, tags, links."""
    if stated is None or _NOT_STATED.match(stated):
        return None
    return without_tags(without_links(_SENTENCE.split(stated, 1)[0])).strip(" ,;") or None


def _organisms(design_part: str, labels: dict[str, str], note: Note) -> tuple[str, ...]:
    """Return what was studied: from its label, the part of the design and the model, or else from n."""
    stated = labels.get("organism", "")
    if stated or note.model or design_part:
        found = find_organisms(f"{stated} {design_part} {note.model or ''}")
        if found:
            return found
    return find_organisms(note.n_text) if note.n_text else ()
