"""Blocks -> claims, with the marks, identifiers and tags that belong to each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple
from zlib import crc32

from evidence.extract.layout import Block, Layout, Mark
from evidence.extract.polarity import read_polarity
from evidence.extract.sentences import split_sentences
from evidence.extract.tags import FoundTag, is_gap_list, read_scope
from evidence.records import Citation, Claim, Identifier, Tag
from evidence.vocabulary import ClaimKind, Polarity, TagPlace

_SENTENCE, _ITEM = ClaimKind.SENTENCE, ClaimKind.LIST_ITEM
_LETTER = re.compile(r"[^\W\d_]")
_MARK_TEXT = re.compile(r"\[\^[^\]]*\]:?")
_BEFORE_TAG = " \t\n*_([>`"
_AFTER_TAG = " \t\n.;,*_)]`"
_LEAD_END = re.compile(r":[\s*_]*(?:\[\^[^\]]*\][\s*_]*)*$|(?:\[\^[^\]]*\]\s*)+:[\s*_]*$")
_CLOSED = re.compile(r"[.!?][\"'”’)\]*_`]*\s*(?:\[\^[^\]]*\]\s*)*$")
_SHORT = 24
# How far behind a stop or colon its marks may reach.
_MARK_WIDTH = 160
_SCOPE_LIMIT = 2000


_NO_LEADS: tuple[tuple[int, tuple[str, ...]], ...] = ()
# Half of a claim's cost would be its constructor, which only puts the fields in this order.
_new = tuple.__new__


class NoteIndex(NamedTuple):
    """What claims need to know of the notes: the definition that a key means, and the tags that stand in it."""

    occurrences: dict[str, tuple[str, int]]
    tags: dict[tuple[str, int], tuple[Tag, ...]]

    def find(self, key: str) -> tuple[str, int] | None:
        """Return the key as defined and the occurrence, or None; keys are compared as Markdown does, without case."""
        return self.occurrences.get(key) or self.occurrences.get(key.casefold())


class Found(NamedTuple):
    """What lies on a page outside its notes and code, each list sorted by `start`."""

    marks: Sequence[Mark]
    identifiers: Sequence[Identifier]
    tags: Sequence[FoundTag]


# A stretch of a block that becomes a claim: start, end, and the tags found for it.
_Piece = tuple[int, int, list[Tag]]


class ClaimReader:
    """Reads the claims of one page; holds the page's identity, its notes and the lead sentence in force."""

    def __init__(self, path: str, notes: NoteIndex) -> None:
        self.path = path
        self.notes = notes
        self.seen: dict[int, int] = {}
        self.claims: list[Claim] = []
        # Keys of the sentence that introduces the list or table, and of the items above by depth.
        self.lead: tuple[str, ...] = ()
        self.leads: tuple[tuple[int, tuple[str, ...]], ...] = _NO_LEADS
        self.table_lead: tuple[int, tuple[str, ...]] | None = None
        self.prefix = blake2b(path.encode("utf-8", "surrogateescape"), digest_size=6).hexdigest()

    def read(self, layout: Layout, found: Found) -> list[Claim]:
        """Return the claims of a layout in the order of the page.

        Most blocks hold no mark, identifier or tag: one comparison with where the next of these begins tells them.
        """
        text = layout.text
        marks, identifiers, tags = found
        starts = sorted([one.start for items in found for one in items])
        starts.append(len(text) + 1)
        index = next_mark = next_identifier = next_tag = 0
        add, bare_marks = self._add, layout.bare_marks
        for block in layout.blocks:
            kind, start, end, line, section, _, table = block
            while starts[index] < start:
                index += 1
            if starts[index] >= end:
                if kind is not _SENTENCE:
                    lead = self._lead_of(block, layout) if table or self.lead or self.leads else ()
                    add(text, kind, start, end, line, section, (), lead, ())
                    continue
                self.lead = ()
                self.leads = _NO_LEADS
                at, counted = line, start
                for begin, stop in split_sentences(text, start, end, bare_marks=bare_marks):
                    if begin != counted:
                        at += text.count("\n", counted, begin)
                        counted = begin
                    add(text, kind, begin, stop, at, section, (), (), ())
                continue
            first_mark, next_mark = _slice(marks, next_mark, start, end)
            first_identifier, next_identifier = _slice(identifiers, next_identifier, start, end)
            first_tag, next_tag = _slice(tags, next_tag, start, end)
            inside = Found(
                marks[first_mark:next_mark],
                identifiers[first_identifier:next_identifier],
                tags[first_tag:next_tag],
            )
            self._read_block(text, block, layout, inside)
        return self.claims

    def _add(
        self,
        text: str,
        kind: ClaimKind,
        start: int,
        end: int,
        line: int,
        section: tuple[str, ...],
        citations: tuple[Citation, ...],
        lead_in: tuple[str, ...],
        tags: tuple[Tag, ...],
    ) -> None:
        """Keep a claim, unless it is short and has no letter.

        Its id is made of the page, the words without their wrapping, and which of equals it is. A checksum of the
        words is enough: where two texts of one page share it, the count tells them apart.
        """
        words = text[start:end]
        if end - start < _SHORT and not (citations or tags) and not _LETTER.search(words):
            return
        check = crc32((" ".join(words.split()) if "\n" in words else words).encode())
        seen = self.seen
        if check in seen:
            name = f"{self.prefix}{check:08x}-{seen[check]}"
            seen[check] += 1
        else:
            name = f"{self.prefix}{check:08x}"
            seen[check] = 1
        self.claims.append(
            _new(Claim, (name, kind, section, line, start, end, words, citations, lead_in, tags, None)),
        )

    def _read_block(self, text: str, block: Block, layout: Layout, found: Found) -> None:
        """Read a block that holds marks, identifiers or tags. Pieces and what lies in them are walked side by side."""
        kind, counted, end, at, section, _, _ = block
        lead = self._lead_of(block, layout)
        placed = _in_order(found)
        count, index, first = len(placed), 0, 0
        for start, stop, tags in self._pieces(text, block, found, bare_marks=layout.bare_marks):
            while index < count and placed[index].start < start:
                index += 1
            first = index
            while index < count and placed[index].start < stop:
                index += 1
            citations = self._cite(text, start, placed[first:index]) if first < index else ()
            if citations and self.notes.tags:
                tags = [*tags, *self._note_tags(citations)]  # noqa: PLW2901
            if start != counted:
                at += text.count("\n", counted, start)
                counted = start
            end = stop
            self._add(text, kind, start, stop, at, section, citations, lead, tuple(dict.fromkeys(tags)) if tags else ())
        if first < index and ":" in text[max(block.start, end - _MARK_WIDTH) : end]:
            keys = tuple(dict.fromkeys([one.key for one in placed[first:index] if isinstance(one, Mark)]))
            self._remember_lead(block, text, end, keys)

    def _pieces(self, text: str, block: Block, found: Found, *, bare_marks: bool) -> list[_Piece]:
        """Cut a block into claims: sentences, or a whole row, or an item unless several of its sentences are cited."""
        kind, start, end = block[:3]
        marks, identifiers, found_tags = found
        if kind is not _SENTENCE and kind is not _ITEM:
            tags = [_tag(text, tag, _cell_end(text, tag.end, end), TagPlace.CLAIM)[0] for tag in found_tags]
            return [(start, end, tags)]
        if kind is _ITEM and not found_tags and len(marks) + len(identifiers) == 1:
            return [(start, end, [])]
        pieces = _cut(text, block, found, bare_marks=bare_marks)
        if len(pieces) > 1:
            pieces = _keep_bare_marks(text, pieces, marks)
        if kind is _ITEM:
            if len(pieces) == 1:
                return [(start, end, pieces[0][2])]
            if len(pieces) > 1 and max(_holding(pieces, marks), _holding(pieces, identifiers)) <= 1:
                return [(start, end, [tag for piece in pieces for tag in piece[2]])]
        return pieces

    def _cite(self, text: str, start: int, placed: Sequence[Mark | Identifier]) -> tuple[Citation, ...]:
        """Return the citations of a claim from `start` on, each with the polarity of the clause that it closes."""
        citations: list[Citation] = []
        last = start
        polarity: Polarity | None = None
        find = self.notes.find
        for one in placed:
            # Marks side by side close one clause, which is read once.
            begin, end = one.start, one.end
            if polarity is None or text[last:begin].strip(" ,;[]()^\n"):
                polarity = read_polarity(text, last, begin)
            last = max(last, end)
            if isinstance(one, Mark):
                key, occurrence = find(one.key) or (one.key, None)
                citations.append(_new(Citation, (key, occurrence, None, begin, end, polarity)))
            else:
                citations.append(_new(Citation, (None, None, one, begin, end, polarity)))
        return tuple(citations)

    def _note_tags(self, citations: tuple[Citation, ...]) -> list[Tag]:
        """Return the tags that stand in the notes of a claim rather than in the claim itself."""
        return [
            tag
            for citation in citations
            if citation.note is not None and citation.occurrence is not None
            for tag in self.notes.tags.get((citation.note, citation.occurrence), ())
        ]

    def _lead_of(self, block: Block, layout: Layout) -> tuple[str, ...]:
        """Return the keys of the sentences that introduce a list item or table row."""
        if block.kind is _SENTENCE:
            self.lead = ()
            self.leads = _NO_LEADS
            return ()
        if block.table:
            return self._lead_of_row(block.table, layout)
        if not self.leads:
            return self.lead
        self.leads = tuple(one for one in self.leads if one[0] < block.depth)
        return tuple(dict.fromkeys([*self.lead, *(key for _, keys in self.leads for key in keys)]))

    def _lead_of_row(self, table: int, layout: Layout) -> tuple[str, ...]:
        """Return the keys that introduce a table, those in its header included; looked up once for all its rows."""
        if self.table_lead is None or self.table_lead[0] != table:
            begin, end = layout.headers.get(table, (0, 0))
            inside = [mark.key for mark in layout.marks if begin <= mark.start < end]
            self.table_lead = (table, tuple(dict.fromkeys([*self.lead, *inside])))
        return self.table_lead[1]

    def _remember_lead(self, block: Block, text: str, end: int, keys: tuple[str, ...]) -> None:
        """Keep the keys of a cited sentence or item that ends in a colon: it introduces what follows."""
        if not keys or not _LEAD_END.search(text, max(block.start, end - _MARK_WIDTH), end):
            return
        if block.kind is _SENTENCE:
            self.lead = keys
        elif block.kind is _ITEM:
            self.leads = (*self.leads, (block.depth, keys))


def _in_order(found: Found) -> Sequence[Mark | Identifier]:
    """Return the marks and identifiers of a block by where they begin."""
    if not found.identifiers:
        return found.marks
    return sorted([*found.marks, *found.identifiers], key=_start) if found.marks else found.identifiers


def _start(one: Mark | Identifier) -> int:
    return one.start


def _holding(pieces: Sequence[_Piece], items: Sequence[Mark | Identifier]) -> int:
    """Return the number of pieces in which an item begins."""
    held = index = 0
    count = len(items)
    for start, stop, _ in pieces:
        while index < count and items[index].start < start:
            index += 1
        held += index < count and items[index].start < stop
    return held


def _slice(items: Sequence[Mark | Identifier | FoundTag], index: int, start: int, end: int) -> tuple[int, int]:
    """Return the range of items that begin in `[start, end)`, searching on from `index`."""
    count = len(items)
    while index < count and items[index].start < start:
        index += 1
    stop = index
    while stop < count and items[stop].start < end:
        stop += 1
    return index, stop


def _tag(text: str, tag: FoundTag, stop: int, place: TagPlace) -> tuple[Tag, int]:
    scope, end = read_scope(text, tag.end, min(stop, tag.end + _SCOPE_LIMIT))
    if scope is not None:
        scope = " ".join(_MARK_TEXT.sub("", scope).split()) or None
    return Tag(tag.name, place, scope), end


def _cut(text: str, block: Block, found: Found, *, bare_marks: bool) -> list[_Piece]:
    """Cut a paragraph or item into sentences; a tag behind a stop goes to the sentence before it.

    A tag that opens the block is about the block's own words. What a tag explains ("— one study so far") is its
    scope and no claim of its own; a new sentence behind it is.
    """
    place = TagPlace.GAP_LIST if block.kind is _ITEM and is_gap_list(block.section) else TagPlace.CLAIM
    if not found.tags:
        spans = split_sentences(text, block.start, block.end, bare_marks=bare_marks)
        return [(start, end, []) for start, end in spans]
    pieces: list[_Piece] = []
    for start, end in _spans(text, block, found.tags, bare_marks=bare_marks):
        tags = [tag for tag in found.tags if start <= tag.start < end]
        leading = bool(tags) and not text[start : tags[0].start].strip(_BEFORE_TAG)
        if not leading or not pieces:
            pieces.append((start, end, _tags_of(text, tags, end, place)))
            continue
        cursor = start
        while tags and not text[cursor : tags[0].start].strip(_BEFORE_TAG + _AFTER_TAG + "+&"):
            stop = tags[1].start if len(tags) > 1 else end
            made, cursor = _tag(text, tags.pop(0), stop, place)
            pieces[-1][2].append(made)
        while cursor < end and text[cursor] in _AFTER_TAG:
            cursor += 1
        if cursor < end and not text[cursor].islower():
            pieces.append((cursor, end, _tags_of(text, tags, end, place)))
        else:
            pieces[-1][2].extend(_tags_of(text, tags, end, place))
    return pieces


def _tags_of(text: str, tags: Sequence[FoundTag], end: int, place: TagPlace) -> list[Tag]:
    if not tags:
        return []
    stops = [*(tag.start for tag in tags[1:]), end][: len(tags)]
    return [_tag(text, tag, stop, place)[0] for tag, stop in zip(tags, stops, strict=True)]


def _spans(text: str, block: Block, tags: Sequence[FoundTag], *, bare_marks: bool) -> list[tuple[int, int]]:
    """Return the sentences of a block, cut also before a tag that follows a stop: a bare tag begins in lower case."""
    spans: list[tuple[int, int]] = []
    for start, end in split_sentences(text, block.start, block.end, bare_marks=bare_marks):
        begin = start
        for tag in tags:
            if not begin < tag.start < end:
                continue
            stop = _before(text, tag.start)
            # A look at the last sign spares most of the searches: a word stands there, and no stop.
            if text[stop - 2 : stop].rstrip(" ")[-1:].isalnum():
                continue
            if _CLOSED.search(text, max(begin, tag.start - _MARK_WIDTH), stop):
                spans.append((begin, begin + len(text[begin:stop].rstrip())))
                begin = stop
        spans.append((begin, end))
    return spans


def _before(text: str, start: int) -> int:
    """Return where a tag begins with the markup that opens it."""
    while start and text[start - 1] in "*_(`":
        start -= 1
    return start


def _cell_end(text: str, start: int, end: int) -> int:
    bar = text.find("|", start, end)
    return end if bar < 0 else bar


def _keep_bare_marks(text: str, pieces: list[_Piece], marks: Sequence[Mark]) -> list[_Piece]:
    """Give a piece that is nothing but marks to the piece before it."""
    kept: list[_Piece] = []
    for piece in pieces:
        start, end, tags = piece
        # Most begin with a letter, which tells at once.
        bare = not (tags or text[start : start + 1].isalpha() or _LETTER.search(_MARK_TEXT.sub("", text[start:end])))
        if not bare:
            kept.append(piece)
        elif kept and any(start <= mark.start < end for mark in marks):
            kept[-1] = (kept[-1][0], end, kept[-1][2])
    return kept
