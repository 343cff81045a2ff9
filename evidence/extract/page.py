"""Page -> everything that is read from it. Pure: the same bytes give the same record, in any process."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from pathlib import PurePosixPath
from typing import Any, NamedTuple, TypeVar

from evidence.extract.acknowledgements import OPENING, blank_out, find_comments, read_acknowledgements
from evidence.extract.claims import MOST_HANDED_ON, ClaimReader, LinkedIdentifier, NoteIndex, Placed
from evidence.extract.forms.decoding import decode
from evidence.extract.forms.frontmatter import FrontMatter, read_front_matter
from evidence.extract.forms.html import read_html
from evidence.extract.forms.htmltags import TAG, whole_tags
from evidence.extract.forms.htmltext import claim_text, note_text
from evidence.extract.forms.layout import Layout, Positions
from evidence.extract.forms.markdown import read_markdown
from evidence.extract.forms.marks import merged
from evidence.extract.forms.plaintext import read_plaintext
from evidence.extract.grid import subjects_above
from evidence.extract.interactions import read_interactions
from evidence.extract.notes.parts import find_struck, may_strike
from evidence.extract.notes.reading import find_note_problems, index_notes, read_notes
from evidence.extract.tables import read_tables
from evidence.extract.tags import FoundTag, find_tags, tags_of_page
from evidence.identifiers import Doubt, describe_doubt, read_identifiers
from evidence.marks import why_undefined, written
from evidence.records import Citation, Claim, ExtractedPage, Identifier, Interaction, Note, Page, Problem
from evidence.vocabulary import ClaimKind, PageFormat, Role

# Raised whenever the same bytes may give another record, so that stored pages are read again.
VERSION = "14"

_SUFFIXES = {
    ".html": PageFormat.HTML,
    ".htm": PageFormat.HTML,
    ".xhtml": PageFormat.HTML,
    ".txt": PageFormat.TEXT,
    ".text": PageFormat.TEXT,
}
_Item = TypeVar("_Item", Identifier, FoundTag, Doubt)
_start = attrgetter("start")


class _Span(NamedTuple):
    start: int
    end: int


def extract_page(page: Page) -> ExtractedPage:
    """Return the claims, notes, identifiers and problems of one page.

    Args:
        page: its path, whose ending tells the format, and its bytes.

    Raises:
        PageError: the bytes are not UTF-8.

    >>> record = extract_page(Page("a.md", b"Bone is lost. [^a]\\n\\n[^a]: doi:10.1000/x1 PMID 12345"))
    >>> record.claims[0].text, record.notes[0].primary.value
    ('Bone is lost. [^a]', '10.1000/x1')
    """
    text = decode(page.data, page.path)
    kind = format_of(page.path, text)
    record, hidden = _extract(page, kind, text)
    if OPENING not in text or not (comments := find_comments(text, hidden)):
        return record
    # A comment is no part of what is read: neither its reason nor the spaces in its place are words of a claim.
    record, _ = _extract(page, kind, blank_out(text, comments))
    return replace(record, acknowledgements=read_acknowledgements(text, comments, record.claims, record.notes))


def _extract(page: Page, kind: PageFormat, text: str) -> tuple[ExtractedPage, Sequence[tuple[int, int]]]:
    """Return what a page holds, and the spans of its code and comments."""
    front = read_front_matter(text) if kind is not PageFormat.TEXT else FrontMatter()
    layout = _read_layout(kind, text, max(front.body, text.startswith("\ufeff")))
    body = layout.text
    markup = "html" if kind is PageFormat.HTML else "text" if kind is PageFormat.TEXT else "markdown"
    found = read_identifiers(text)
    identifiers = _outside(found.identifiers, layout.code)
    added, interactions = read_tables(layout, identifiers)
    if added:
        identifiers = sorted([*identifiers, *added], key=_start)
    tags = _outside(find_tags(body, front.body, form=markup), layout.code)
    if tags and may_strike(body):
        tags = _drop_struck(layout, tags, front.body)

    head, rest = _split(identifiers, front.body)
    spans = [_Span(one.start, one.end) for one in layout.definitions]
    in_notes, in_text = _divide(rest, spans)
    tags_in_notes, tags_in_text = _divide(tags, spans)
    shown = note_text if kind is PageFormat.HTML else None
    notes = read_notes(text, body, layout.definitions, in_notes, tags_in_notes, shown)
    index = index_notes(notes, text)
    placed: list[Placed] = [*layout.marks, *in_text, *tags_in_text]
    if layout.link_uses:
        placed += _linked(layout, in_text)
    placed.sort(key=_start)
    claims = ClaimReader(page.path, layout, index).read(placed)
    if interactions:
        claims = [_with_interaction(claim, interactions.get(claim.start)) for claim in claims]
    subjects = subjects_above(layout, text) if layout.cells else {}
    above = [subjects.get(claim.start, "") for claim in claims]
    if body is not text:
        claims = _as_in_file(text, body, claims)
    if kind is PageFormat.HTML:
        # On a line of its own: what a row begins with tells what it is about.
        claims = [
            claim._replace(text=f"{subject}\n{_seen(text, claim)}" if subject else _seen(text, claim))
            for claim, subject in zip(claims, above, strict=True)
        ]
    if page_tags := tags_of_page(front.values)[:MOST_HANDED_ON]:
        claims = [claim._replace(tags=(*claim.tags, *page_tags)) for claim in claims]
    rows = _read_rows(page.path, text, front, head)
    problems = [*layout.problems, *_mark_problems(layout, index)]
    cited = {mark.key.casefold() for mark in layout.marks}
    problems += find_note_problems(notes, cited | {key.rstrip("?") for key in layout.unsure})
    if found.doubts:
        problems += _doubts(text, front, _outside(found.doubts, layout.code))
    if front.problem is not None:
        problems.append(front.problem)
    if rows and not claims and not notes:
        kind = PageFormat.FRONT_MATTER
    record = ExtractedPage(
        path=page.path,
        format=kind,
        title=_title(front.values) or layout.title,
        sha256=hashlib.sha256(page.data).hexdigest(),
        front_matter=front.values,
        claims=(*rows, *claims),
        notes=tuple(notes),
        identifiers=_with_roles(identifiers, notes, claims),
        problems=tuple(sorted(problems, key=lambda one: (one.line, one.column, one.code))),
        lines=tuple(map(len, text.split("\n"))),
    )
    return record, layout.code


def _drop_struck(layout: Layout, tags: list[FoundTag], start: int) -> list[FoundTag]:
    """Return the tags that are not struck out. Where nothing else is struck out, that states nothing."""
    text = layout.text
    struck = find_struck(text, start, len(text))
    inside, _ = _divide(tags, [_Span(*one) for one in struck])
    silent = []
    for (begin, end), held in zip(struck, inside, strict=True):
        ends = [begin, *(tag.end for tag in held)]
        starts = [*(tag.start for tag in held), end]
        words = "".join(text[at:stop] for at, stop in zip(ends, starts, strict=True))
        if held and not any(map(str.isalpha, TAG.sub("", words))):
            silent.append((begin, end))
    layout.silent = merged([*layout.silent, *silent])
    return _outside(tags, struck)


def format_of(path: str, text: str) -> PageFormat:
    """Return how a page is written: by the ending of its path, or where that says nothing by its first characters.

    >>> format_of("a/b.htm", ""), format_of("-", "<!doctype html><p>x")
    (<PageFormat.HTML: 'html'>, <PageFormat.HTML: 'html'>)
    """
    known = _SUFFIXES.get(PurePosixPath(path).suffix.lower())
    if known is not None:
        return known
    head = text[:256].lstrip("\ufeff \t\r\n").lower()
    return PageFormat.HTML if head.startswith(("<!doctype html", "<html", "<?xml")) else PageFormat.MARKDOWN


def _read_layout(kind: PageFormat, text: str, body: int) -> Layout:
    if kind is PageFormat.HTML:
        return read_html(text, body)
    if kind is PageFormat.TEXT:
        return read_plaintext(text)
    return read_markdown(text, body)


def _as_in_file(text: str, body: str, claims: list[Claim]) -> list[Claim]:
    """Return claims that were read from a copy of the page with their lines, ends and words in the page itself.

    The copy joins lines before marks, and writes `[^k]` for a link to a note, which is longer.
    """
    positions = Positions(text)
    placed = []
    for claim in claims:
        start, end = whole_tags(text, body, claim.start, claim.end)
        # Works of a label may stand behind other claims.
        end = max([end, *(citation.end for citation in claim.citations if citation.start < claim.end)])
        line, _ = positions.of(start)
        placed.append(claim._replace(line=line, start=start, end=end, text=text[start:end]))
    return placed


def _seen(text: str, claim: Claim) -> str:
    """Return a claim of an HTML page as a reader sees it, its marks as `[^k]`."""
    parts, at = [], claim.start
    for citation in claim.citations:
        if citation.note is not None and at <= citation.start < claim.end:
            parts += [text[at : citation.start], written(citation.note)]
            at = citation.end
    return claim_text("".join([*parts, text[at : claim.end]]))


def _linked(layout: Layout, identifiers: Sequence[Identifier]) -> list[LinkedIdentifier]:
    """Return the identifiers that links name whose addresses stand elsewhere, where the links stand."""
    starts = [one.start for one in identifiers]
    named = {
        label: identifiers[bisect_left(starts, start) : bisect_left(starts, end)][:MOST_HANDED_ON]
        for label, (start, end) in layout.links.items()
    }
    return [LinkedIdentifier(one, use.start, use.end) for use in layout.link_uses for one in named[use.label]]


def _with_interaction(claim: Claim, interaction: Interaction | None) -> Claim:
    if interaction is None or claim.kind is not ClaimKind.TABLE_ROW:
        return claim
    # The papers of a row stand for one statement, not for clauses of it.
    citations = tuple(citation._replace(clause=0) for citation in claim.citations)
    return claim._replace(kind=ClaimKind.INTERACTION, interaction=interaction, citations=citations)


def _title(values: dict[str, Any]) -> str | None:
    title = values.get("title")
    return str(title) if title not in (None, "") and not isinstance(title, dict | list) else None


def _outside(items: list[_Item], code: Sequence[tuple[int, int]]) -> list[_Item]:
    """Return what does not begin in a span of code."""
    if not code:
        return items
    starts = [span[0] for span in code]
    kept = []
    for one in items:
        index = bisect_left(starts, one.start + 1) - 1
        if index < 0 or one.start >= code[index][1]:
            kept.append(one)
    return kept


def _split(items: list[Identifier], body: int) -> tuple[list[Identifier], list[Identifier]]:
    first = next((index for index, one in enumerate(items) if one.start >= body), len(items))
    return items[:first], items[first:]


def _divide(items: Sequence[_Item], spans: Sequence[_Span]) -> tuple[list[list[_Item]], list[_Item]]:
    """Return the items of each span, and those in none. Both lists are in the order of the page."""
    inside: list[list[_Item]] = [[] for _ in spans]
    outside: list[_Item] = []
    index, count = 0, len(spans)
    for one in items:
        while index < count and spans[index].end <= one.start:
            index += 1
        if index < count and spans[index].start <= one.start:
            inside[index].append(one)
        else:
            outside.append(one)
    return inside, outside


def _read_rows(path: str, text: str, front: FrontMatter, identifiers: Sequence[Identifier]) -> list[Claim]:
    """Return the interaction tables of the front matter as claims that cite their papers inline."""
    claims: list[Claim] = []
    positions = Positions(text)
    seen: dict[str, int] = {}
    for row in read_interactions(text, front.start, front.end, front.values, identifiers):
        key = f"{row.section}\0{row.text}"
        count = seen[key] = seen.get(key, -1) + 1
        name = hashlib.blake2b(f"{path}\0{key}\0{count}".encode("utf-8", "surrogatepass"), digest_size=10)
        citations = tuple(Citation(None, None, one, one.start, one.end) for one in row.identifiers)
        line, _ = positions.of(row.start)
        claims.append(
            Claim(
                name.hexdigest(), ClaimKind.INTERACTION, (row.section,), line, row.start, row.end, row.text, citations,
                interaction=row.interaction,
            )
        )  # fmt: skip
    return claims


def _doubts(text: str, front: FrontMatter, doubts: Sequence[Doubt]) -> list[Problem]:
    """Return the identifiers that cannot be told as problems. A value of the front matter is whole in itself."""
    positions = Positions(text)
    values = {one[max(one.find("10."), 0) :] for one in front.values.values() if isinstance(one, str)}
    return [
        Problem("ambiguous-identifier", describe_doubt(doubt), *positions.of(doubt.start))
        for doubt in doubts
        if doubt.start >= front.body or doubt.text not in values
    ]


def _mark_problems(layout: Layout, index: NoteIndex) -> list[Problem]:
    problems = []
    positions = Positions(layout.text)
    for mark in layout.marks:
        if index.find(mark.key) is None:
            line, column = positions.of(mark.start)
            message = layout.unsure.get(mark.key) or why_undefined(mark.key)
            problems.append(Problem("undefined-mark", message, line, column))
    return problems


def _with_roles(
    identifiers: Sequence[Identifier], notes: Sequence[Note], claims: Sequence[Claim]
) -> tuple[Identifier, ...]:
    """Return all identifiers of the page with the roles that they have in their notes and claims."""
    roles = {one.start: one for note in notes for one in note.identifiers}
    for claim in claims:
        for citation in claim.citations:
            one = citation.identifier
            if one is not None and one.role is not Role.CITED:
                roles[one.start] = one
    return tuple(roles.get(one.start, one) for one in identifiers)
