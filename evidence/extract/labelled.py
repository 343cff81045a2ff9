"""Works of labels belong to the claim above: "Contradicted by: [^b]" below an item, or a list below "Sources:"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from evidence.extract.forms.layout import Block, Link
from evidence.extract.labels import GENERAL, LONGEST_LABEL, Label, Works, label_alone, label_at, label_of, read_works
from evidence.records import Citation, Tag
from evidence.statements import why_no_statement
from evidence.vocabulary import ClaimKind, Polarity

_SENTENCE = ClaimKind.SENTENCE
_KINDS = (_SENTENCE, ClaimKind.LIST_ITEM)
# "Mice:" says what is below, and nothing of it.
_ONE_WORD = re.compile(r"[\s*_]*\w+[\s*_]*:[\s*_]*")
# A label behind what an item states, or on a line of its own.
_INNER = re.compile(r"(?:\n|[.!?;)\]])[\s>*_]*([A-Za-z][^\[\]().!?;:\n]{1,60}?)[\s*_]*:")
_ENDS_OF_LABELS = ":*_"
_MARKUP = " \t\n>*_"
_Section = tuple[str, ...]
# What a claim is made of, but its id and words: kind, section, line, start, end, citations, lead-in, tags.
Piece = tuple[ClaimKind, _Section, int, int, int, tuple[Citation, ...], tuple[str, ...], tuple[Tag, ...]]


def may_be_labelled(section: _Section, words: str) -> bool:
    """Tell whether a text states something that works below it can support or oppose.

    >>> may_be_labelled((), "Bone is lost with age."), may_be_labelled((), "Evidence:")
    (True, False)
    """
    if label_alone(words, 0, len(words)) is not None or _ONE_WORD.fullmatch(words):
        return False
    return why_no_statement(ClaimKind.LIST_ITEM, section, words) is None


@dataclass(slots=True)
class _Group:
    """What is said of the works below one label, and the clause that they have together."""

    label: Label
    clause: int | None = None


@dataclass(slots=True)
class _Claim:
    """What a claim has of its own and from labels.

    `labels_end` is behind the pieces that are labels of it without works, which become words of it with what is below.
    """

    end: int
    citations: list[Citation]
    tags: list[Tag]
    clauses: int
    next_clause: int
    labels_end: int


@dataclass(slots=True)
class _Level:
    """An item or paragraph that others may be below: a claim, or with a group a label or works of it.

    `number` is the piece of the claim; None where nobody can tell it. A label is open that has no works on its line.
    """

    depth: int
    kind: ClaimKind
    number: int | None
    group: _Group | None = None
    is_open: bool = False


class Labels:
    """Gives the works of labels to the claims above them, block by block.

    A label is about the item that it is within, as far as this is one claim and nothing else stands before it there; or
    about the one sentence of the paragraph that it directly follows.
    """

    def __init__(self, text: str, links: Sequence[Link], denies: Callable[[str], bool]) -> None:
        """Take a page, its links, and what tells of words that they say themselves that something is not so."""
        self._text = text
        self._links = links
        self._denies = denies
        self._section: _Section = ()
        self._levels: list[_Level] = []
        self._claims: dict[int, _Claim] = {}

    def take(self, block: Block, pieces: list[Piece], first: int) -> None:
        """Take the pieces of a block, which are those from `first` on."""
        kind, depth, levels = block.kind, block.depth, self._levels
        if block.section != self._section or kind not in _KINDS:
            levels.clear()
            self._section = block.section
            if kind not in _KINDS:
                return
        popped: list[_Level] = []
        while levels and levels[-1].depth >= depth:
            popped.append(levels.pop())
        if len(pieces) == first:
            levels.append(_Level(depth, kind, None))
            return
        beside = [one for one in popped if one.depth == depth and one.kind is kind] if kind is _SENTENCE else []
        if beside and beside[0] is not popped[0]:
            # Behind a list only the claim above it goes on to have labels.
            beside = [one for one in beside if one.group is None]
        works = self._read(pieces, first, [*beside, *levels[-1:]]) if levels or beside else None
        is_taken = works is not None and (
            self._take_listed(block, pieces, first, works[0].citations, beside)
            if works[0].label is None
            else self._take_labelled(block, pieces, first, works, beside)
        )
        if not is_taken:
            self._take_claim(block, pieces, first)

    def finish(self, pieces: list[Piece]) -> None:
        """Put what the claims were given into their pieces."""
        for number, claim in self._claims.items():
            kind, section, line, start, _, _, lead, _ = pieces[number]
            # The first clause was kept for works that support the claim.
            least = min((one.clause for one in claim.citations), default=0)
            citations = tuple([one._replace(clause=one.clause - least) for one in claim.citations])
            tags = tuple(dict.fromkeys(claim.tags))
            pieces[number] = (kind, section, line, start, claim.end, citations, lead, tags)

    def _read(self, pieces: Sequence[Piece], first: int, above: Sequence[_Level] = ()) -> list[Works] | None:
        """Return the works of a block that is nothing but labels and works, or a label alone.

        Works without a label are none where nothing above them has one.
        """
        *_, start, end, citations, _, _ = pieces[first]
        if not citations:
            label = label_alone(self._text, start, end) if len(pieces) == first + 1 else None
            return None if label is None else [Works(label, ())]
        if all(one.group is None for one in above) and label_at(self._text, start, end)[0] is None:
            return None
        read: list[Works] = []
        for *_, start, end, citations, _, _ in pieces[first:]:
            works = read_works(self._text, start, end, citations, self._links) if citations else None
            if works is None:
                return None
            if read and works[0].label is None:
                read[-1] = Works(read[-1].label, read[-1].citations + works.pop(0).citations)
            read += works
        return read if read[0].label is not None or len(read) == 1 else None

    def _take_listed(
        self, block: Block, pieces: list[Piece], first: int, citations: Sequence[Citation], beside: Sequence[_Level]
    ) -> bool:
        """Take works without a label, which have that of the list or paragraph above; tell whether there is one."""
        levels = self._levels
        is_beside = bool(beside) and beside[0].is_open
        above = beside[0] if is_beside else levels[-1] if levels else None
        if above is None or above.group is None or above.number is None:
            return False
        self._give(pieces, first, above.number, [(above.group, citations)])
        levels += reversed(beside) if is_beside else [_Level(block.depth, block.kind, above.number, above.group)]
        return True

    def _take_labelled(
        self, block: Block, pieces: list[Piece], first: int, works: Sequence[Works], beside: Sequence[_Level]
    ) -> bool:
        """Take works with labels, or a label alone; tell whether the claim that they may be of says something."""
        levels = self._levels
        claim = beside[-1] if beside and beside[-1].group is None else None
        above = claim or (levels[-1] if levels else None)
        if claim is not None:
            levels.append(claim)
        if above is None or not self._attach(block, above, pieces, first, works):
            # What it is about nobody can tell, nor what is below it; the claim above may have other labels.
            levels.append(_Level(block.depth, block.kind, None))
        return True

    def _take_claim(self, block: Block, pieces: list[Piece], first: int) -> None:
        """Take a block that states something, perhaps with labels of its own behind that."""
        levels = self._levels
        above = levels[-1] if levels else None
        *_, start, end, citations, _, _ = pieces[first]
        if above is not None and above.group is None and above.number is not None:
            label, _ = label_at(self._text, start, min(end, start + LONGEST_LABEL))
            if label is None:
                above.number = None
        level = _Level(block.depth, block.kind, first)
        levels.append(level)
        if len(pieces) > first + 1:
            works = self._read(pieces, first + 1)
            if works is None or works[0].label is None or not self._attach(block, level, pieces, first + 1, works):
                level.number = None
        elif self._text[end - 1] in _ENDS_OF_LABELS or (citations and self._text.find(":", start, end) >= 0):
            self._take_inner(block, level, pieces, first)

    def _take_inner(self, block: Block, level: _Level, pieces: list[Piece], first: int) -> None:
        """Take the labels behind the words of a claim that was not cut before them."""
        kind, section, line, start, end, citations, lead, tags = whole = pieces[first]
        for found in _INNER.finditer(self._text, start, end):
            label, begin = label_of(found[1]), found.start(1)
            if label is not None:
                own = tuple([one for one in citations if one.start < begin])
                below = citations[len(own) :]
                works = read_works(self._text, begin, end, below, self._links) if below else [Works(label, ())]
                if works is None or not (below or found.end() == end):
                    return
                pieces[first] = (kind, section, line, start, begin, own, lead, tags)
                if self._attach(block, level, pieces, first + 1, works):
                    self._claims[first].end = end
                else:
                    pieces[first] = whole
                return

    def _attach(self, block: Block, above: _Level, pieces: list[Piece], first: int, works: Sequence[Works]) -> bool:
        """Give works with labels to the claim of the level above; tell whether it may have all of them."""
        number = above.number
        if number is None or (above.group is not None and not above.is_open):
            return False
        kind, section, *_ = pieces[number]
        groups = []
        for one in works:
            label = _within(above.group.label if above.group else None, one.label or GENERAL)
            if label is None or (label.is_general and kind is _SENTENCE):
                return False
            groups.append((_Group(label), one.citations))
        if not may_be_labelled(section, self._words(pieces[number])):
            return False
        if works[-1].citations:
            self._give(pieces, first, number, groups)
        elif (claim := self._claim(pieces, number)).labels_end == first < len(pieces):
            claim.labels_end = first + 1
        levels = self._levels
        levels.append(_Level(block.depth, block.kind, number, groups[-1][0], is_open=not works[-1].citations))
        return True

    def _words(self, piece: Piece) -> str:
        return self._text[piece[3] : piece[4]].rstrip(_MARKUP)

    def _claim(self, pieces: Sequence[Piece], number: int) -> _Claim:
        claim = self._claims.get(number)
        if claim is None:
            *_, end, citations, _, tags = pieces[number]
            clauses = max((one.clause for one in citations), default=-1) + 1
            claim = _Claim(end, list(citations), list(tags), clauses, max(1, clauses), number + 1)
            self._claims[number] = claim
        return claim

    def _give(
        self, pieces: list[Piece], first: int, number: int, works: Iterable[tuple[_Group, Sequence[Citation]]]
    ) -> None:
        """Give the pieces from `first` on to a claim, whose words they become part of where no others stand between.

        What supports an item of one clause closes that too, whatever other labels stand between; of several clauses
        nobody knows which it is about.
        """
        claim = self._claim(pieces, number)
        for group, citations in works:
            opposes = group.label.polarity is Polarity.OPPOSES
            if not opposes and claim.clauses <= 1:
                group.clause = 0
            elif group.clause is None:
                group.clause = claim.next_clause
                claim.next_clause += 1
            for one in citations:
                polarity = Polarity.OPPOSES if opposes else one.polarity
                if not opposes and polarity is Polarity.OPPOSES and self._denies(self._words(pieces[number])):
                    # Its note says "failed to replicate this", and so does the claim.
                    polarity = Polarity.SUPPORTS
                claim.citations.append(one._replace(clause=group.clause, polarity=polarity))
        if first == claim.labels_end:
            claim.end = pieces[-1][4]
            claim.labels_end = first = number + 1
        claim.tags += [tag for piece in pieces[first:] for tag in piece[7]]
        del pieces[first:]


def _within(outer: Label | None, inner: Label) -> Label | None:
    """Return what a label says below another one: "Against" below "Evidence"; None where they are at odds."""
    if outer is None or outer.is_general:
        return inner
    return outer if inner.is_general or inner == outer else None
