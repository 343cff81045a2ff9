"""Gap tags put into a page or taken out of it; whatever the page, reading it again shows that and nothing else changed.

Each change has a few places where it may go. A place is taken only if the changed page, read again, has the tag on that
claim and is the same in all else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from evidence.errors import ConfigError
from evidence.extract.page import extract_page
from evidence.extract.tags import FoundTag, find_tags, is_gap_list
from evidence.records import Claim, ExtractedPage, Identifier, Note, Page, Tag
from evidence.vocabulary import ClaimKind, PageFormat, TagPlace

# So many times a page is read at most: what has found no place by then is told.
_MOST_READINGS = 400
_NAME = "{name}"
_BY_HAND = "no place was found where it would be read back as a tag of this claim alone: tag it by hand"
_ROWS = frozenset({ClaimKind.TABLE_ROW, ClaimKind.INTERACTION})
_BAR = re.compile(r"(?<!\\)\|")
# What closes a claim: its stop with quotes, emphasis and marks; or marks alone, perhaps before a colon.
_STOP = re.compile(r"[.!?。？][\"'”’»)\]*_]*\s*(?:\[\^?[^\]\n]{1,200}\]\s*)*$")
_MARKS = re.compile(r"(?:\s*\[\^?[^\]\n]{1,200}\])*[\s:.*_]*$")
_CLOSERS = re.compile(r"(?:\s|</[A-Za-z][A-Za-z0-9]*\s*>)+$")
_BLOCK_CLOSERS = re.compile(r"(?:\s|</(?:p|li|td|th|tr|div|dd|dt|blockquote)\s*>)+$", re.IGNORECASE)
_INLINE_CLOSERS = re.compile(
    r"(?:</(?:a|abbr|b|cite|code|em|font|i|mark|q|s|small|span|strong|sub|sup|u)\s*>)+", re.IGNORECASE
)
_SEPARATED = re.compile(r"\s*[·|;,]?\s*$")


class Action(StrEnum):
    """What is done to a tag."""

    ADD = "add"
    MOVE = "move"
    REMOVE = "remove"


@dataclass(slots=True)
class TagChange:
    """One change to the tags of a claim, named by its number on the page; `why_not` says why it was not done."""

    claim: int
    action: Action
    name: str
    is_done: bool = False
    why_not: str | None = None


class Edit(NamedTuple):
    """Text that takes the place of a part of the page."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class _Page:
    """A page that is being changed: what was read from it, and the edits that hold so far with what they mean."""

    path: str
    text: str
    record: ExtractedPage
    tags: list[FoundTag]
    form: str
    edits: list[Edit] = field(default_factory=list)
    added: Counter[tuple[int, Tag]] = field(default_factory=Counter)
    removed: Counter[tuple[int, Tag]] = field(default_factory=Counter)
    notes: dict[int, Tag] = field(default_factory=dict)
    readings: int = 0


def write_tags(path: str, text: str, changes: Sequence[TagChange], *, form: str = "#gap/{name}") -> str:
    """Return a page with its tags changed, and say of each change whether it was done.

    Args:
        path: of the page; its ending tells the format.
        text: the whole page. Only the tags and the spaces before them are touched.
        changes: what to do; filled in.
        form: how a tag is written, with `{name}` for its name, where the page has no form of its own.

    Raises:
        ConfigError: a tag in that form would not be read back.

    >>> change = TagChange(0, Action.ADD, "needs-replication")
    >>> write_tags("a.md", "Bone is lost.[^a] So is fat.\\n\\n[^a]: doi:10.1/a\\n", [change]).splitlines()[0]
    'Bone is lost.[^a] #gap/needs-replication So is fat.'
    """
    record = extract_page(Page(path, text.encode()))
    markup = _markup(record.format)
    tags = find_tags(text, form=markup)
    page = _Page(path, text, record, tags, _form_of(text, tags, markup, form))
    _accept(page, [one for one in changes if one.action is not Action.REMOVE])
    _accept(page, [one for one in changes if one.action is Action.REMOVE])
    moved = [one for one in changes if one.action is Action.MOVE and one.is_done]
    for name in dict.fromkeys(one.name for one in moved):
        _clear_notes(page, name, {one.claim for one in moved if one.name == name})
    return _apply(text, page.edits)


def _markup(kind: PageFormat) -> str:
    return {PageFormat.HTML: "html", PageFormat.TEXT: "text"}.get(kind, "markdown")


def _form_of(text: str, tags: Sequence[FoundTag], markup: str, form: str) -> str:
    """Return how the tags of a page are written: as most of its own are, else as asked for."""
    name = "needs-replication"
    # A tag in HTML is the text of a link, whose address nobody knows.
    if tags and markup != "html":
        written = Counter(text[tag.start : tag.end].replace(tag.name, _NAME) for tag in tags)
        form = next((one for one, _ in written.most_common() if one.count(_NAME) == 1), form)
    if _NAME not in form or [one.name for one in find_tags(form.replace(_NAME, name), form=markup)] != [name]:
        raise ConfigError(
            f"a tag written as {form!r} would not be read back from {markup} pages",
            'write [audit] tag_form = "#gap/{name}"',
        )
    return form


def _accept(page: _Page, changes: Sequence[TagChange]) -> None:
    """Do as many of some changes as can be done, all at once where that goes."""
    offers = []
    for one in changes:
        edit = next(_offers(page, one), None)
        if edit is None:
            one.why_not = _why_not(page, one)
        else:
            offers.append((one, edit))
    changes = [one for one, _ in offers]
    if not changes or _try(page, changes, [edit for _, edit in offers]):
        return
    if len(changes) > 1:
        half = len(changes) // 2
        _accept(page, changes[:half])
        _accept(page, changes[half:])
        return
    (change,) = changes
    for edit in list(_offers(page, change))[1:]:
        if _try(page, changes, [edit]):
            return
    change.why_not = _why_not(page, change)


def _place_in(claim: Claim) -> TagPlace:
    """Return where a tag that is written to a claim will be found to stand."""
    is_gap = claim.kind is ClaimKind.LIST_ITEM and is_gap_list(claim.section)
    return TagPlace.GAP_LIST if is_gap else TagPlace.CLAIM


def _why_not(page: _Page, change: TagChange) -> str:
    claim = page.record.claims[change.claim]
    if claim.kind is ClaimKind.INTERACTION and not _BAR.search(page.text, claim.start, claim.end):
        return "it stands in the front matter, where claims have no tags"
    scoped = any(tag.name == change.name and tag.scope for tag in claim.tags)
    if change.action is Action.REMOVE and scoped:
        return "the tag has words of its own: take it out by hand"
    return _BY_HAND


def _try(page: _Page, changes: Sequence[TagChange], edits: Sequence[Edit]) -> bool:
    """Take some edits if the page, read again with them, is as it should be."""
    if page.readings >= _MOST_READINGS:
        return False
    page.readings += 1
    added, removed = page.added.copy(), page.removed.copy()
    for change in changes:
        tag = Tag(change.name, _place_in(page.record.claims[change.claim]))
        (removed if change.action is Action.REMOVE else added)[change.claim, tag] += 1
    trial = [*page.edits, *edits]
    again = extract_page(Page(page.path, _apply(page.text, trial).encode()))
    if not _is_as_expected(page, again, added, removed, page.notes):
        return False
    page.edits, page.added, page.removed = trial, added, removed
    for change in changes:
        change.is_done = True
    return True


def _apply(text: str, edits: Sequence[Edit]) -> str:
    parts, at = [], 0
    for edit in sorted(edits):
        parts += [text[at : edit.start], edit.text]
        at = max(at, edit.end)
    return "".join([*parts, text[at:]])


# --- where a change may go ---------------------------------------------------------------------------------------


def _offers(page: _Page, change: TagChange) -> Iterator[Edit]:
    """Yield the edits that may do a change, the most natural first."""
    if change.action is Action.REMOVE:
        yield from _removals(page, *_extent(page.record.claims, change.claim, len(page.text)), change.name)
        return
    claim = page.record.claims[change.claim]
    tag = page.form.replace(_NAME, change.name)
    for place in dict.fromkeys(_places(page, claim)):
        begin = place
        while begin > claim.start and page.text[begin - 1] in " \t":
            begin -= 1
        yield Edit(begin, begin, f" {tag}")
    for place in _before_stop(page, claim):
        yield Edit(place, place, f" ({tag})")


def _places(page: _Page, claim: Claim) -> Iterator[int]:
    text, start = page.text, claim.start
    end = start + len(text[start : claim.end].rstrip())
    if claim.kind in _ROWS:
        # The ends of cells: the bar that opens a row ends none.
        bars = [bar for found in _BAR.finditer(text, start, end) if text[start : (bar := found.start())].strip()]
        cited = max((one.end for one in claim.citations), default=end)
        yield from [bar for bar in bars if bar >= cited][:1]
        yield from reversed(bars)
        if not bars and page.record.format is not PageFormat.HTML:
            return
    if page.record.format is PageFormat.HTML:
        for closers in (_BLOCK_CLOSERS, _CLOSERS):
            found = closers.search(text, start, end)
            place = found.start() if found else end
            # Not in the link or the raised sign that closes the claim.
            behind = _INLINE_CLOSERS.match(text, place)
            yield from (behind.end() if behind else place, place)
        yield from (one.end for one in reversed(claim.citations))
        return
    if claim.kind not in _ROWS:
        yield end
        yield from _before_stop(page, claim)
        yield from (one.end for one in reversed(claim.citations))


def _before_stop(page: _Page, claim: Claim) -> Iterator[int]:
    """Yield where the stop of a claim stands, or the marks that close it."""
    if claim.kind not in _ROWS and page.record.format is not PageFormat.HTML:
        for pattern in (_STOP, _MARKS):
            found = pattern.search(page.text, max(claim.start, claim.end - 400), claim.end)
            if found is not None:
                yield found.start()


def _extent(claims: Sequence[Claim], number: int, length: int) -> tuple[int, int]:
    """Return where the tags of a claim may stand: also behind it, up to the next one."""
    start = claims[number].start
    return start, min((one.start for one in claims if one.start > start), default=length)


def _removals(page: _Page, start: int, end: int, name: str) -> Iterator[Edit]:
    for tag in page.tags:
        if tag.name == name and start <= tag.start < end:
            before = page.text[start : tag.start]
            for kept in (_SEPARATED.sub("", before), before.rstrip(" \t"), before):
                yield Edit(start + len(kept), tag.end, "")


def _clear_notes(page: _Page, name: str, moved: set[int]) -> None:
    """Take a tag that went to the claims out of their notes, where no claim loses it by that."""
    record = page.record
    citing: dict[tuple[str, int], set[int]] = {}
    for number, claim in enumerate(record.claims):
        for citation in claim.citations:
            if citation.note is not None and citation.occurrence is not None:
                citing.setdefault((citation.note, citation.occurrence), set()).add(number)
    for number, note in enumerate(record.notes):
        held = [tag for tag in note.tags if tag.name == name]
        claims = citing.get((note.key, note.occurrence), set())
        if len(held) != 1 or held[0].scope or not claims & moved:
            continue
        tagged = {one for one, tag in page.added if tag.name == name}
        if any(one not in tagged and not _has_own(record.claims[one], name) for one in claims):
            continue
        # A claim may have the tag from another of its notes as well.
        others = {(one.key, one.occurrence) for one in record.notes if one is not note and held[0] in one.tags}
        removed = page.removed.copy()
        for one in claims:
            if not any((cited.note, cited.occurrence) in others for cited in record.claims[one].citations):
                removed[one, held[0]] += 1
        notes = page.notes | {number: held[0]}
        for edit in _removals(page, note.start, note.end, name):
            trial = [*page.edits, edit]
            page.readings += 1
            again = extract_page(Page(page.path, _apply(page.text, trial).encode()))
            if _is_as_expected(page, again, page.added, removed, notes):
                page.edits, page.removed, page.notes = trial, removed, notes
                break


def _has_own(claim: Claim, name: str) -> bool:
    return any(tag.name == name and tag.place in {TagPlace.CLAIM, TagPlace.GAP_LIST} for tag in claim.tags)


# --- whether it went right ---------------------------------------------------------------------------------------


def _is_as_expected(
    page: _Page,
    again: ExtractedPage,
    added: Counter[tuple[int, Tag]],
    removed: Counter[tuple[int, Tag]],
    notes: dict[int, Tag],
) -> bool:
    """Tell whether a page, read again, differs from what it was in the tags that were to change, and in no more."""
    was = page.record
    if (was.format, was.title, was.front_matter) != (again.format, again.title, again.front_matter):
        return False
    if len(was.claims) != len(again.claims) or len(was.notes) != len(again.notes):
        return False
    if [(one.code, one.message, one.line) for one in was.problems] != [
        (one.code, one.message, one.line) for one in again.problems
    ]:
        return False
    if list(map(_identifier, was.identifiers)) != list(map(_identifier, again.identifiers)):
        return False
    touched: dict[int, Counter[Tag]] = {}
    for (number, tag), count in added.items():
        touched.setdefault(number, Counter())[tag] += count
    for (number, tag), count in removed.items():
        touched.setdefault(number, Counter())[tag] -= count
    for number, (old, new) in enumerate(zip(was.claims, again.claims, strict=True)):
        if not _is_same_claim(page, old, new, touched.get(number)):
            return False
    return all(
        _note(old, notes.get(number)) == _note(new, None, is_changed=number in notes)
        for number, (old, new) in enumerate(zip(was.notes, again.notes, strict=True))
    )


def _is_same_claim(page: _Page, old: Claim, new: Claim, change: Counter[Tag] | None) -> bool:
    same = (old.kind, old.section, old.line, old.lead_in, old.interaction)
    if same != (new.kind, new.section, new.line, new.lead_in, new.interaction):
        return False
    if [_citation(one) for one in old.citations] != [_citation(one) for one in new.citations]:
        return False
    if not change:
        return old.text == new.text and old.tags == new.tags
    wanted = Counter(old.tags)
    wanted.update(change)
    if +wanted != Counter(new.tags):
        return False
    names = {tag.name for tag in change}
    return _bare(page, old.text, names) == _bare(page, new.text, names)


def _bare(page: _Page, text: str, names: set[str]) -> str:
    """Return the words of a claim without some tags."""
    markup = _markup(page.record.format)
    for tag in reversed(find_tags(text, form=markup)):
        if tag.name in names:
            text = text[: tag.start] + text[tag.end :]
    return "".join(text.replace("()", "").split())


def _citation(one: Any) -> tuple[Any, ...]:
    return one.note, one.occurrence, _identifier(one.identifier) if one.identifier else None, one.polarity, one.clause


def _identifier(one: Identifier) -> tuple[Any, ...]:
    return one.scheme, one.value, one.text, one.role, one.how


def _note(note: Note, removed: Tag | None, *, is_changed: bool = False) -> tuple[Any, ...]:
    """Return what is read from a note but for where it stands, without a tag that is to go."""
    tags = [tag for tag in note.tags if tag != removed]
    words = None if removed is not None or is_changed else note.text
    identifiers = tuple(map(_identifier, note.identifiers))
    return (
        note.key, note.occurrence, note.line, words, identifiers, note.primary, note.study_page, note.design,
        note.level, note.n, note.n_text, note.p, note.model, note.organism, note.finding, note.authors, note.journal,
        note.year, note.title, note.verified, note.marked_retracted, tags,
    )  # fmt: skip
