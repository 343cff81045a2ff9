"""Blocks -> claims, with the marks, identifiers and tags that belong to each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from hashlib import blake2b
from operator import attrgetter
from typing import NamedTuple
from zlib import crc32

from evidence.extract.clauses import number_clauses
from evidence.extract.closing import give_links
from evidence.extract.forms.layout import Block, Layout, Mark
from evidence.extract.forms.marks import merged
from evidence.extract.grid import header_of
from evidence.extract.headings import Opposing
from evidence.extract.labelled import Labels, Piece
from evidence.extract.notices import find_notices, join_notices
from evidence.extract.places import find_places
from evidence.extract.polarities import read_polarities
from evidence.extract.sentences import SentenceSplitter
from evidence.extract.silent import Silent
from evidence.extract.tags import FoundTag, begins_scope, is_gap_list, read_scope
from evidence.extract.titlerows import find_title_rows
from evidence.records import Citation, Claim, Identifier, Tag
from evidence.vocabulary import ClaimKind, Polarity, Role, TagPlace

_SENTENCE, _ITEM = ClaimKind.SENTENCE, ClaimKind.LIST_ITEM
_LETTER = re.compile(r"[^\W\d_]")
_MARK_TEXT = re.compile(r"\[\^[^\]]*\]:?")
_BEFORE_TAG = " \t\n*_([>`"
_AFTER_TAG = " \t\n.;,*_)]`"
# A mark as written: `[^k]`, or in plain text `[1, 2]`.
_ONE_MARK = r"\[(?:\^[^\]]*|\d{1,4}(?:[,;–-] ?\d{1,4})*)\]"
# A colon with the marks behind or before it, or in plain text with their bare numbers behind.
_LEAD_END = re.compile(
    rf":[\s*_]*(?:{_ONE_MARK}[\s*_]*)*$|(?:{_ONE_MARK}\s*)+:[\s*_]*$|(?<=[^\W\d]):\d{{1,4}}(?:, ?\d{{1,4}})*$"
)
_LIST_SIGN = re.compile(r"[ \t>]*+(?:\d{1,9})?([-*+.)])[ \t]+(?:\[.\][ \t]+)?")
_CLOSED = re.compile(r"[.!?][\"'”’)\]*_`]*\s*(?:\[\^[^\]]*\]\s*)*$")
# Round brackets that hold no sentence, or a link, perhaps with marks, and behind them the end or a sentence.
_CLOSING_BRACKETS = re.compile(
    r"(?:<sup>)?"
    r"(?:\((?:[^()\n]|\([^()\n]{0,200}\)){0,400}(?<![.!?])\)|\[[^\[\]\n]{0,300}\]\([^()\s]{1,500}\))"
    r"(?:</sup>)?(?:[ \t]{0,3}\[\^[^\]\n]{1,300}\]){0,20}\.?(?:\s*$|\s+(?=[A-Z]|[*\"“]+[A-Z]))"
)
_OPENING = "([<"
# A claim that denies or doubts something, or reports that a finding failed, may state just what a note says that
# "failed to replicate this". What it is about ("heart failure", "DNA replication") says nothing of the kind.
_DENIES = re.compile(
    r"\b(?:no|not|cannot|never|none|nothing|neither|nor|without|unable|hardly|rarely|whether|ineffective|"
    r"(?:lack(?:s|ed|ing)?|absence) of|absent|fail(?:s|ed|ing)? (?:to|in|replicat\w*|reproduc\w*|attempts?)|"
    r"failures? (?:to (?:replicate|reproduce|confirm|find|show|detect)|of replication)|"
    r"un(?:affected|altered|changed|clear|certain|likely|related|supported|confirmed|proven|replicated|substantiated)|"
    r"to be (?:confirmed|replicated|reproduced|shown)|irreproduc\w*|contradict\w*|contrary|in contrast|at odds|"
    r"the opposite|disagree\w*|disput\w*|refut\w*|rebut\w*|disprov\w*|debat(?:ed|able)|controvers\w*|inconsisten\w*|"
    r"challenge[sd]? (?:by|this|that|the|it)|conflicting|claimed|alleged\w*|supposed\w*|myths?|doubt\w*|"
    r"question(?:ed|able)|in(?:to)? question|null (?:results?|findings?|effects?)|"
    r"(?:results?|findings?|evidence|reports?|data|stud(?:y|ies)|trials?|opinions?) (?:\w{1,20} ){0,2}"
    r"(?:differ(?:s|ed)?|conflict(?:s|ed)?|var(?:y|ied)|mixed|divided))\b|n['’]t\b",
    re.IGNORECASE,
)
# What is written of an identifier beside its value.
_ABOUT_IDENTIFIER = re.compile(
    r"\b(?:doi|pmids?|pmcids?|pmc|pubmed|https?|dx|www|org|com|gov|nih|nlm|ncbi|epub|and)\b", re.IGNORECASE
)
# Nothing longer is written of a mark or identifier alone: "https://pubmed.ncbi.nlm.nih.gov/".
_LONGEST_BARE = 48
_FEW = 8
_SHORT = 24
# How far behind a stop or colon its marks may reach.
_MARK_WIDTH = 160
_SCOPE_LIMIT = 2000
# A lead sentence, a header, a note, an address or a page hands its marks, tags or works on to each claim below it.
# Without an end, a thousand of them over a thousand claims would be a million.
MOST_HANDED_ON = 100


_NO_LEADS: tuple[tuple[int, tuple[str, ...]], ...] = ()
_start = attrgetter("start")
# Half of a claim's cost would be its constructor, which only puts the fields in this order.
_new = tuple.__new__


class NoteIndex(NamedTuple):
    """What claims need to know of the notes: the definition that a key means, and the tags that stand in it.

    `against` are those whose words say that their work speaks against what cites it.
    """

    occurrences: dict[str, tuple[str, int]]
    tags: dict[tuple[str, int], tuple[Tag, ...]]
    against: frozenset[tuple[str, int]] = frozenset()

    def find(self, key: str) -> tuple[str, int] | None:
        """Return the key as defined and the occurrence, or None; keys are compared as Markdown does, without case."""
        return self.occurrences.get(key) or self.occurrences.get(key.casefold())


class LinkedIdentifier(NamedTuple):
    """The use of a link whose address, elsewhere on the page, names a work."""

    identifier: Identifier
    start: int
    end: int


# What makes a stretch of text a claim about a work: a mark, an identifier or a gap tag.
Cited = Mark | Identifier | LinkedIdentifier
Placed = Cited | FoundTag
# A stretch of a block that becomes a claim: start, end, and the tags found for it.
_Piece = tuple[int, int, list[Tag]]


class ClaimReader:
    """Reads the claims of one page; holds the page's identity, its notes and the lead sentence in force."""

    def __init__(self, path: str, layout: Layout, notes: NoteIndex) -> None:
        self.text = layout.text
        self.layout = layout
        self.notes = notes
        self.silent = Silent(layout.text, layout.silent) if layout.silent else None
        whole = merged([*layout.inline_notes, *layout.silent]) if self.silent else layout.inline_notes
        split = SentenceSplitter(layout.text, bare_marks=layout.bare_marks, whole=whole).split
        self.split = self.silent.leave_out_of(split) if self.silent else split
        # Keys of the sentence that introduces the list or table, and of the items above by depth.
        self.lead: tuple[str, ...] = ()
        self.leads: tuple[tuple[int, tuple[str, ...]], ...] = _NO_LEADS
        # The section of that sentence; the table (or 0), the depth and the sign of the list that directly follows it.
        self.lead_section: tuple[str, ...] = ()
        self.led: tuple[int, int, str | None] | None = None
        self.joined: tuple[object, object, tuple[str, ...]] = (None, None, ())
        self.table_lead: tuple[int, tuple[str, ...]] | None = None
        self.opposing: tuple[int, Opposing] | None = None
        self.mark_starts: list[int] | None = None
        self.prefix = blake2b(path.encode("utf-8", "surrogateescape"), digest_size=6).hexdigest()

    def read(self, placed: Sequence[Placed]) -> list[Claim]:
        """Return the claims of the page in order.

        Most blocks hold no mark, identifier or tag: one comparison with where the next of these begins tells them.

        Args:
            placed: the marks, identifiers and tags that lie outside notes and code, sorted by where they begin.
        """
        text, split = self.text, self.split
        pieces: list[Piece] = []
        add = pieces.append
        starts = [one.start for one in placed]
        starts.append(len(text) + 1)
        index = 0
        labels = Labels(text, self.layout.tag_links, _denies)
        titles = find_title_rows(self.layout) if self.layout.headers or self.layout.cells else ()
        for block in self.layout.blocks if self.silent is None else self.silent.trim_blocks(self.layout.blocks):
            kind, start, end, line, section, _, table = block
            lead: tuple[str, ...] = ()
            if kind is _SENTENCE:
                self.lead, self.leads = (), _NO_LEADS
            elif table or self.lead or self.leads:
                lead = self._lead_of(block)
            while starts[index] < start:
                index += 1
            count = len(pieces)
            if starts[index] < end:
                first = index
                while starts[index] < end:
                    index += 1
                pieces += self._read_block(block, placed[first:index], lead)
            elif kind is _SENTENCE:
                for begin, stop in split(start, end):
                    if begin != start:
                        line += text.count("\n", start, begin)
                        start = begin
                    add((kind, section, line, begin, stop, (), (), ()))
            elif start not in titles:
                add((kind, section, line, start, end, (), lead, ()))
            labels.take(block, pieces, count)
        labels.finish(pieces)
        return self._make(pieces)

    def _make(self, pieces: list[Piece]) -> list[Claim]:
        """Make the claims of all pieces at once; a short piece without a letter that cites nothing is none.

        The id of a claim is made of the page, the words without their wrapping, and which of equals it is. A checksum
        of the words is enough: where two texts of one page share it, the count tells them apart.
        """
        text, prefix = self.text, self.prefix
        texts = [text[piece[3] : piece[4]] for piece in pieces]
        if [words for words in texts if len(words) < _SHORT and not _LETTER.search(words)]:
            pieces = [
                piece
                for piece, words in zip(pieces, texts, strict=True)
                if len(words) >= _SHORT or piece[5] or piece[7] or _LETTER.search(words)
            ]
            texts = [text[piece[3] : piece[4]] for piece in pieces]
        checks = [crc32((" ".join(words.split()) if "\n" in words else words).encode()) for words in texts]
        names = [prefix + check.to_bytes(4, "big").hex() for check in checks]
        if len(set(names)) < len(names):
            names = _number_equals(names)
        return [
            _new(Claim, (name, kind, section, line, start, end, words, citations, lead, tags, None))
            for name, words, (kind, section, line, start, end, citations, lead, tags) in zip(
                names, texts, pieces, strict=True
            )
        ]

    def _read_block(self, block: Block, placed: Sequence[Placed], lead: tuple[str, ...]) -> list[Piece]:
        """Read a block that holds marks, identifiers or tags. Pieces and what lies in them are walked side by side."""
        text, note_tags = self.text, self.notes.tags
        kind, counted, end, line, section, _, _ = block
        cited = [one for one in placed if not isinstance(one, FoundTag)]
        count, index, first = len(cited), 0, 0
        read: list[Piece] = []
        for start, stop, own in self._pieces(block, placed, cited):
            while index < count and cited[index].start < start:
                index += 1
            first = index
            while index < count and cited[index].start < stop:
                index += 1
            citations = self._cite(text, start, cited[first:index]) if first < index else ()
            if citations and block.table:
                citations = self._turn_below(block, citations)
            if citations and self.notes.against:
                citations = self._turn_by_notes(start, stop, citations)
            tags = [*own, *self._note_tags(citations)] if citations and note_tags else own
            if start != counted:
                line += text.count("\n", counted, start)
                counted = start
            end = stop
            read.append((kind, section, line, start, stop, citations, lead, _unique(tags)))
        if first < index and ":" in text[max(block.start, end - _MARK_WIDTH) : end]:
            keys = tuple(dict.fromkeys([one.key for one in cited[first:index] if isinstance(one, Mark)]))
            self._remember_lead(block, text, end, keys)
        return read

    def _pieces(self, block: Block, placed: Sequence[Placed], cited: Sequence[Cited]) -> list[_Piece]:
        """Cut a block into claims: sentences, or a whole row, or an item unless several of its sentences are cited."""
        kind, start, end = block[:3]
        text = self.text
        found_tags = [one for one in placed if type(one) is FoundTag] if len(cited) < len(placed) else []
        if kind is not _SENTENCE and kind is not _ITEM:
            tags = [_tag(text, tag, _cell_end(text, tag.end, end), TagPlace.CLAIM)[0] for tag in found_tags]
            return [(start, end, tags)]
        place = TagPlace.CLAIM
        if kind is _ITEM:
            if found_tags and is_gap_list(block.section):
                place = TagPlace.GAP_LIST
            # An item that cites one work is one claim: only the end of a tag's scope asks for its sentences.
            if len(cited) <= 1 and not any(begins_scope(text, tag.end) for tag in found_tags):
                return [(start, end, [_new(Tag, (tag.name, place, None)) for tag in found_tags])]
        spans = self.split(start, end)
        if not spans:
            return []
        spans = give_links(text, spans, cited, self.layout.tag_links)
        spans = _with_closing(text, spans, cited)
        if not found_tags:
            pieces: list[_Piece] = [(begin, stop, []) for begin, stop in spans]
        else:
            pieces = _cut(text, spans, found_tags, place)
            if cited:
                pieces = _covering(text, pieces, spans[-1][1], cited)
        if len(pieces) > 1:
            pieces = _keep_bare_marks(text, pieces, cited)
        if kind is _ITEM:
            if len(pieces) == 1:
                return [(start, end, pieces[0][2])]
            if max(_holding(pieces, cited, marks=True), _holding(pieces, cited, marks=False)) <= 1:
                return [(start, end, [tag for piece in pieces for tag in piece[2]])]
        return pieces

    def _cite(self, text: str, start: int, placed: Sequence[Cited]) -> tuple[Citation, ...]:
        """Return the citations of a claim from `start` on, each with the clause that it closes and its polarity."""
        citations: list[Citation] = []
        find = self.notes.find
        places = find_places(text, start, placed, self.layout.tag_links)
        polarities = read_polarities(text, start, places)
        notices = find_notices(text, start, places)
        clauses = join_notices(number_clauses(text, start, places), notices)
        for one, polarity, clause, is_notice in zip(placed, polarities, clauses, notices, strict=True):
            if isinstance(one, Mark):
                key, occurrence = find(one.key) or (one.key, None)
                citations.append(_new(Citation, (key, occurrence, None, one.start, one.end, polarity, clause)))
            else:
                # A notice is evidence of nothing but that its paper fell.
                said = Polarity.MENTIONS if is_notice else polarity
                identifier = one.identifier if isinstance(one, LinkedIdentifier) else one
                if is_notice:
                    identifier = identifier._replace(role=Role.NOTICE)
                citations.append(_new(Citation, (None, None, identifier, one.start, one.end, said, clause)))
        return tuple(citations)

    def _turn_below(self, block: Block, citations: tuple[Citation, ...]) -> tuple[Citation, ...]:
        """Let what supports a row oppose it where it stands below a heading such as "Contradicted by"."""
        if self.opposing is None or self.opposing[0] != block.table:
            self.opposing = (block.table, Opposing(self.layout, block.table))
        return self.opposing[1].turn(block.start, block.end, citations)

    def _turn_by_notes(self, start: int, stop: int, citations: tuple[Citation, ...]) -> tuple[Citation, ...]:
        """Let what supports a claim oppose it where its note says so, and the claim plainly states something.

        A claim that says itself that something is not so may be what the note supports. What its words set against it
        already stays so.
        """
        against = [
            one.polarity is Polarity.SUPPORTS and (one.note, one.occurrence) in self.notes.against for one in citations
        ]
        if not any(against):
            return citations
        # The words of an inline note stand within the claim.
        words, at = [], start
        for one in citations:
            words.append(self.text[at : max(at, one.start)])
            at = max(at, one.end)
        if _denies(" ".join([*words, self.text[at:stop]])):
            return citations
        return tuple(
            one._replace(polarity=Polarity.OPPOSES) if turns else one
            for one, turns in zip(citations, against, strict=True)
        )

    def _note_tags(self, citations: tuple[Citation, ...]) -> list[Tag]:
        """Return the tags that stand in the notes of a claim rather than in the claim itself."""
        return [
            tag
            for citation in citations
            if citation.note is not None and citation.occurrence is not None
            for tag in self.notes.tags.get((citation.note, citation.occurrence), ())
        ]

    def _lead_of(self, block: Block) -> tuple[str, ...]:
        """Return the keys of the sentences that introduce a list item or table row."""
        if self.lead and not self._is_led(block):
            if block.table and block.start > self.text.rfind("\n", 0, block.start) + 1:
                # Within an item of the list, which goes on behind it.
                lead, self.lead = self.lead, ()
                inside = self._lead_of_row(block.table)
                self.lead = lead
                return inside
            self.lead = ()
        if block.table:
            return self._lead_of_row(block.table)
        if not self.leads:
            return self.lead
        kept = tuple(one for one in self.leads if one[0] < block.depth)
        if len(kept) < len(self.leads):
            self.leads = kept
        # Put together once for all items below: a lead may cite as many works as it has items.
        if self.joined[0] is not self.leads or self.joined[1] is not self.lead:
            keys = tuple(dict.fromkeys([*self.lead, *(key for _, keys in self.leads for key in keys)]))
            self.joined = (self.leads, self.lead, keys[:MOST_HANDED_ON])
        return self.joined[2]

    def _is_led(self, block: Block) -> bool:
        """Tell whether an item or row belongs to the list or table that directly follows the lead sentence."""
        if block.section != self.lead_section:
            return False
        if self.led is None:
            self.led = (block.table, block.depth, None if block.table else _list_sign(self.text, block.start))
            return True
        table, depth, sign = self.led
        if block.table != table:
            return False
        return bool(table) or block.depth > depth or sign is None or _list_sign(self.text, block.start) in {sign, None}

    def _lead_of_row(self, table: int) -> tuple[str, ...]:
        """Return the keys that introduce a table, those in its header included; looked up once for all its rows."""
        if self.table_lead is None or self.table_lead[0] != table:
            begin, end = header_of(self.layout, table)
            if begin < end and self.mark_starts is None:
                self.mark_starts = [mark.start for mark in self.layout.marks]
            starts = self.mark_starts or []
            marks = self.layout.marks[bisect_left(starts, begin) : bisect_left(starts, end)]
            inside = [mark.key for mark in marks]
            self.table_lead = (table, tuple(dict.fromkeys([*self.lead, *inside]))[:MOST_HANDED_ON])
        return self.table_lead[1]

    def _remember_lead(self, block: Block, text: str, end: int, keys: tuple[str, ...]) -> None:
        """Keep the keys of a cited sentence or item that ends in a colon: it introduces what follows."""
        if not keys or not _LEAD_END.search(text, max(block.start, end - _MARK_WIDTH), end):
            return
        keys = keys[:MOST_HANDED_ON]
        if block.kind is _SENTENCE:
            self.lead, self.lead_section, self.led = keys, block.section, None
        elif block.kind is _ITEM:
            self.leads = (*self.leads, (block.depth, keys))


def _denies(words: str) -> bool:
    return _DENIES.search(_MARK_TEXT.sub("", words)) is not None


def _list_sign(text: str, start: int) -> str | None:
    """Return the sign of the list whose item begins at an offset: "-", "*", "+", "." or ")", or None if it has none."""
    sign = _LIST_SIGN.fullmatch(text, text.rfind("\n", 0, start) + 1, start)
    return sign.group(1) if sign else None


def _unique(tags: Sequence[Tag]) -> tuple[Tag, ...]:
    """Return the tags without repeats. To compare a few enumerations costs less than to hash them."""
    if len(tags) > _FEW:
        return tuple(dict.fromkeys(tags))
    return tuple(tags) if len(tags) <= 1 else tuple(tag for at, tag in enumerate(tags) if tag not in tags[:at])


def _number_equals(names: list[str]) -> list[str]:
    """Return the names, all but the first of equal ones with a number behind."""
    counts: dict[str, int] = {}
    numbered = []
    for name in names:
        count = counts[name] = counts.get(name, -1) + 1
        numbered.append(f"{name}-{count}" if count else name)
    return numbered


def _holding(pieces: Sequence[_Piece], cited: Sequence[Cited], *, marks: bool) -> int:
    """Return the number of pieces in which a mark, or an identifier, begins."""
    starts = [one.start for one in cited if isinstance(one, Mark) is marks]
    held = index = 0
    count = len(starts)
    for start, stop, _ in pieces:
        while index < count and starts[index] < start:
            index += 1
        held += index < count and starts[index] < stop
    return held


def _tag(text: str, tag: FoundTag, stop: int, place: TagPlace) -> tuple[Tag, int]:
    scope, end = read_scope(text, tag.end, min(stop, tag.end + _SCOPE_LIMIT))
    if scope is not None:
        scope = " ".join(_MARK_TEXT.sub("", scope).split()) or None
    return _new(Tag, (tag.name, place, scope)), end


def _cut(
    text: str,
    sentences: Sequence[tuple[int, int]],
    tags: Sequence[FoundTag],
    place: TagPlace,
) -> list[_Piece]:
    """Give the tags of a paragraph or item to its sentences; a tag behind a stop goes to the sentence before it.

    A tag that opens the block is about the block's own words. What a tag explains ("— one study so far") is its
    scope and no claim of its own; a new sentence behind it is.
    """
    pieces: list[_Piece] = []
    index, count = 0, len(tags)
    for start, end in sentences:
        first = index
        while index < count and tags[index].start < end:
            index += 1
        if first == index:
            pieces.append((start, end, []))
        else:
            _cut_tagged(text, start, end, tags[first:index], place, pieces)
    return pieces


def _cut_tagged(
    text: str, start: int, end: int, tags: Sequence[FoundTag], place: TagPlace, pieces: list[_Piece]
) -> None:
    """Cut a sentence that holds tags before each that follows a stop, and add what comes of it to the pieces."""
    for begin, stop, own in _before_tags(text, start, end, tags):
        if not own or not pieces or text[begin : own[0].start].strip(_BEFORE_TAG):
            pieces.append((begin, stop, _tags_of(text, own, stop, place)))
            continue
        cursor, rest = begin, list(own)
        while rest and not text[cursor : rest[0].start].strip(_BEFORE_TAG + _AFTER_TAG + "+&"):
            made, cursor = _tag(text, rest.pop(0), rest[0].start if rest else stop, place)
            pieces[-1][2].append(made)
        while cursor < stop and text[cursor] in _AFTER_TAG:
            cursor += 1
        if cursor < stop and not text[cursor].islower():
            pieces.append((cursor, stop, _tags_of(text, rest, stop, place)))
        else:
            pieces[-1][2].extend(_tags_of(text, rest, stop, place))


def _tags_of(text: str, tags: Sequence[FoundTag], end: int, place: TagPlace) -> list[Tag]:
    if not tags:
        return []
    stops = [*(tag.start for tag in tags[1:]), end]
    return [_tag(text, tag, stop, place)[0] for tag, stop in zip(tags, stops, strict=True)]


def _before_tags(
    text: str, start: int, end: int, tags: Sequence[FoundTag]
) -> list[tuple[int, int, Sequence[FoundTag]]]:
    """Cut a sentence before each tag that follows a stop: a bare tag begins in lower case. Each part keeps its tags."""
    cuts: list[tuple[int, int, Sequence[FoundTag]]] = []
    begin, first = start, 0
    for index, tag in enumerate(tags):
        if tag.start <= begin:
            continue
        stop = _before(text, tag.start)
        # A look at the last sign spares most of the searches: a word stands there, and no stop.
        if text[stop - 2 : stop].rstrip(" ")[-1:].isalnum():
            continue
        if _CLOSED.search(text, max(begin, tag.start - _MARK_WIDTH), stop):
            cuts.append((begin, begin + len(text[begin:stop].rstrip()), tags[first:index]))
            begin, first = stop, index
    cuts.append((begin, end, tags[first:]))
    return cuts


def _before(text: str, start: int) -> int:
    """Return where a tag begins with the markup that opens it."""
    while start and text[start - 1] in "*_(`":
        start -= 1
    return start


def _cell_end(text: str, start: int, end: int) -> int:
    bar = text.find("|", start, end)
    return end if bar < 0 else bar


def _first(cited: Sequence[Cited], offset: int) -> int:
    """Return the index of the first item that begins at or behind an offset."""
    return bisect_left(cited, offset, key=_start)


def _covering(text: str, pieces: list[_Piece], end: int, cited: Sequence[Cited]) -> list[_Piece]:
    """Let a claim take the scope of its tag in where that cites, so that no mark is lost."""
    covering: list[_Piece] = []
    for (start, stop, tags), following in zip(pieces, [*(piece[0] for piece in pieces[1:]), end], strict=True):
        if _first(cited, stop) < _first(cited, following):
            stop = start + len(text[start:following].rstrip())  # noqa: PLW2901 - the piece, longer
        covering.append((start, stop, tags))
    return covering


def _with_closing(text: str, spans: list[tuple[int, int]], cited: Sequence[Cited]) -> list[tuple[int, int]]:
    """Give what stands in brackets behind a stop, and cites, to the sentence that it closes: "(Lee 2019, PMID 1)".

    A link closes a sentence only where another one plainly begins behind it; else it may be its subject.
    """
    if not any(text[start] in _OPENING for start, _ in spans[1:]):
        return spans
    kept = spans[:1]
    for start, stop in spans[1:]:
        close = 0
        found = _CLOSING_BRACKETS.match(text, start, stop) if text[start] in _OPENING else None
        if found is not None and _first(cited, start) < _first(cited, found.end()):
            close = found.end()
            while text[close - 1].isspace():
                close -= 1
            kept[-1] = (kept[-1][0], close)
        if not close:
            kept.append((start, stop))
        elif found is not None and found.end() < stop:
            kept.append((found.end(), stop))
    return kept


def _keep_bare_marks(text: str, pieces: list[_Piece], cited: Sequence[Cited]) -> list[_Piece]:
    """Give a piece that is nothing but marks or identifiers to the piece before it."""
    kept: list[_Piece] = []
    for piece in pieces:
        start, end, tags = piece
        inside = cited[_first(cited, start) : _first(cited, end)]
        rest = end - start - sum([one.end - one.start for one in inside])
        bare = not tags and inside and len(inside) * _LONGEST_BARE > rest and _is_bare(text, start, end, inside)
        if not bare and (inside or tags or _LETTER.search(text, start, end)):
            kept.append(piece)
        elif kept and inside:
            kept[-1] = (kept[-1][0], end, kept[-1][2])
        elif inside:
            kept.append(piece)
    return kept


def _is_bare(text: str, start: int, end: int, inside: Sequence[Cited]) -> bool:
    """Tell whether no word is left beside the marks and identifiers."""
    rest, at = [], start
    for one in inside:
        rest.append(text[at : max(at, one.start)])
        at = max(at, one.end)
    words = _MARK_TEXT.sub("", " ".join([*rest, text[at:end]]))
    return not _LETTER.search(_ABOUT_IDENTIFIER.sub("", words))
