"""One pass over the tags of an HTML page: the links within it, and the places that they may lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from evidence.extract.forms.htmltags import (
    BLOCKS,
    NOTE_NAME,
    SKIPPED,
    TAG,
    UNSEEN,
    attributes_of,
    number_before,
    number_of_item,
)
from evidence.extract.forms.htmltext import plain_text
from evidence.identifiers.decoding import unescape_entities

_HEADING = re.compile(
    r"\W*(?:\d+\.? )?(?:references?(?: and notes| cited)?|notes(?: and references)?|bibliography|literature(?: cited)?|"
    r"foot ?notes?|end ?notes?|sources|citations|works cited|cited (?:works|literature))\W*",
    re.IGNORECASE,
)
# What pages call a list of references, or an entry of one, in its class, id or role.
_OF_NOTES = re.compile(
    r"\b(?:class|id|role)\s*=\s*(?:\"[^\"]{0,300}?|'[^']{0,300}?|[^\s\"'>]{0,100}?)(?<![a-z])"
    r"(?:references?|ref-?list|reflist|foot-?notes?|end-?notes?|bibliography|bib-?items?|bibentry|citations?|"
    r"works-?cited|csl-entry|csl-bib-body|ref-cit-blk|mso(?:foot|end)notetext|msobibliography)(?![a-z])",
    re.IGNORECASE,
)
SIGN = r"\d{1,4}|[a-z]|[*†‡§¶#‖]{1,3}"
# "Lee19", "LKR+20a": the keys of BibTeX's style alpha.
ALPHA = r"[A-Z][A-Za-z+]{0,12}\d\d[a-z]?"
# What stands first in an entry: nothing, or its number. No space is given back, or it could be divided in many ways.
_HEAD = re.compile(rf"\s*+[\[(]?\s*+({SIGN}|{ALPHA})?\s*+[\])]?\s*+[.:)]?\s*+[\^↑]?\s*+")
_HEAD_AND_STOP = re.compile(rf"\s*+(?:[\[(]\s*+({SIGN}|{ALPHA})\s*+[\])][.:]?|({SIGN})[.:)]|([*†‡§¶‖]{{1,3}}))\s+")
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
# What an element that holds a note may hold before the note's first word.
_WITHIN = frozenset(["p", "div", "td", "th", "blockquote"])
# What begins a line that may be a note.
_LINES = frozenset(["br", "hr", "body", "center", "blockquote", "td", "th"])
# What makes a division more than one note, where it stands first.
_MORE = HEADINGS | {"ul", "ol", "dl", "table", "figure", "section", "article"}
LONGEST_LINK = 400
_LONGEST_HEAD = 40
_LONGEST_HEADING = 60
_BEFORE = 120
# More names than that has no place; they are handed on from place to place.
_MOST_IDS = 8


@dataclass(slots=True)
class Place:
    """Where a note may begin: the tag of an element or of a line, and what stands first behind it."""

    offset: int
    start: int
    name: str
    in_notes: bool
    ordinal: int = 0
    own: str = ""
    ids: list[str] = field(default_factory=list)
    head: str = ""
    label: str = ""
    # Nothing but a number stands in it so far.
    is_open: bool = True
    # It holds a heading or a list: it is more than one note.
    is_more: bool = False


@dataclass(slots=True)
class InnerLink:
    """A link within the page, where it stands, and what it shows."""

    start: int
    page: str
    fragment: str
    place: Place
    before: str
    raised: bool
    # Where the tags begin that stand right before it: they may have the id that a link back leads to.
    run: int
    inside: int
    attributes: str
    end: int = 0
    words: str = ""


class Scan:
    """One pass over the tags: the links within the page, and the places that they may lead to."""

    def __init__(self, text: str, begin: int) -> None:
        self.text = text
        self.links: list[InnerLink] = []
        self.targets: dict[str, list[Place]] = {}
        self.at: dict[str, int] = {}
        # Where a second line break follows the first.
        self.blank_lines: list[int] = []
        self.place = Place(begin, begin, "", in_notes=False)
        self.pending: list[str] = []
        # The number of an entry in a list of terms.
        self.term = ""
        # The level of the heading of notes that is in force, or 0; the element that is a list of notes, and how many of
        # its name are open.
        self.level = 0
        self.container: tuple[str, int] | None = None
        self.counts: list[int] = []
        self.block, self.words, self.before = "", "", ""
        self.raised = 0
        self.run = begin
        self.open: InnerLink | None = None
        self.is_broken = False
        for found, words_at in self._tags(begin):
            self._add_words(words_at, found.start())
            self._take(found)
        # The last place ends with the page.
        self._leave()

    def _tags(self, begin: int) -> Iterator[tuple[re.Match[str], int]]:
        """Yield each tag that is read, and where the words before it begin."""
        text, last = self.text, begin
        skip: tuple[str, int] | None = None
        unclosed: set[str] = set()
        found = TAG.search(text, begin)
        while found is not None:
            stop = found.end()
            name = (found.group("name") or "").lower()
            if skip is None and (found.group() in UNSEEN or name in SKIPPED):
                self._add_words(last, found.start())
            if found.group() in UNSEEN:
                closing, overlap = UNSEEN[found.group()]
                close = -1 if closing in unclosed else text.find(closing, stop - overlap)
                if close < 0:
                    unclosed.add(closing)
                else:
                    stop = close + len(closing)
                last = stop if skip is None else last
            elif skip is not None:
                if name == skip[0]:
                    depth = skip[1] + (-1 if found.group("close") else 1)
                    skip, last = ((name, depth), last) if depth else (None, stop)
            elif name in SKIPPED:
                if not found.group("close") and found.group("attributes")[-1:] != "/":
                    skip = (name, 1)
                last = stop
            elif name:
                yield found, last
                last = stop
            found = TAG.search(text, stop)
        if skip is None:
            self._add_words(last, len(text))

    def _add_words(self, start: int, end: int) -> None:
        """Take the words before a tag: to the head of the open place, to its block, and to what stands before links."""
        words = self.text[start:end]
        if not words or words.isspace():
            return
        self.pending.clear()
        self.run = end
        self.is_broken = False
        piece = " ".join(words[-_BEFORE:].split())
        blank = " " if words[-1].isspace() else ""
        self.before = (self.before + (" " if words[0].isspace() else "") + piece + blank)[-2 * _BEFORE :]
        if len(self.words) <= _LONGEST_HEADING:
            self.words += words[: _LONGEST_HEADING + 1]
        if self.place.is_open:
            _add_head(self.place, words, start)

    def _take(self, found: re.Match[str]) -> None:
        name, closing = found.group("name").lower(), found.group("close") == "/"
        if name in BLOCKS or name in {"br", "td", "th"}:
            self._take_block(name, found, closing=closing)
        elif not closing and name != "a":
            self._add_ids(found)
        if name == "sup":
            self.raised = max(0, self.raised + (-1 if closing else 1))
        elif name == "a":
            self._take_link(found, closing=closing)

    def _take_link(self, found: re.Match[str], *, closing: bool) -> None:
        if closing:
            if self.open is not None:
                self.open.end = found.end()
                inside = self.text[self.open.inside : found.start()]
                if len(inside) <= LONGEST_LINK:
                    self.open.words = plain_text(inside)
                    self.open.raised = self.open.raised or "<sup" in inside.lower()
                    self.links.append(self.open)
            self.open = None
            return
        self._add_ids(found)
        self.open = None
        written = found.group("attributes")
        address = unescape_entities(attributes_of(written).get("href", "")) if "#" in written else ""
        page, _, fragment = address.partition("#")
        if fragment:
            self.open = InnerLink(
                found.start(), page, fragment, self.place, self.before, self.raised > 0, self.run, found.end(), written
            )

    def _add_ids(self, found: re.Match[str]) -> None:
        """Note the ids of an element within a line: they are those of the line where it stands first."""
        written = found.group("attributes")
        if "id" not in written and "name" not in written and "ID" not in written and "NAME" not in written:
            return
        named = attributes_of(written)
        for one in {named.get("id", ""), named.get("name", "") if found.group("name") in "aA" else ""} - {""}:
            self.at.setdefault(one, found.start())
            if "href" in named and NOTE_NAME.match(one):
                # A link back that has the name of its note: that is read by itself.
                continue
            ids = self.place.ids if self.place.is_open else self.pending
            if len(ids) < _MOST_IDS:
                ids.append(one)

    def _take_block(self, name: str, found: re.Match[str], *, closing: bool) -> None:
        begin = found.start()
        self._close_words(name, closing=closing)
        if name in {"ol", "ul"}:
            self._take_list(name, found, closing=closing)
        if self.container is not None and name == self.container[0]:
            depth = self.container[1] + (-1 if closing else 1)
            self.container = (name, depth) if depth else None
        if name == "br" and self.is_broken:
            self.blank_lines.append(begin)
        self.is_broken = name == "br"
        if closing:
            if name not in _WITHIN or name == self.place.name or not self._stands_within(name):
                self._enter("", found, "", of_notes=False)
            return
        written = found.group("attributes")
        own = attributes_of(written).get("id", "") if "id" in written else ""
        of_notes = bool(written) and _OF_NOTES.search(written) is not None
        if (
            of_notes
            and self.container is None
            and name in {"ol", "ul", "dl", "div", "section", "aside", "footer", "table"}
        ):
            self.container = (name, 1)
        if own:
            self.at.setdefault(own, begin)
        if own and name == "table" and of_notes:
            # A table of one row: the note of it.
            self.pending.append(own)
            own = ""
        if self._stands_within(name):
            if own:
                self.place.ids.append(own)
            return
        self._enter("" if name in _LINES else name, found, own, of_notes=of_notes)

    def _take_list(self, name: str, found: re.Match[str], *, closing: bool) -> None:
        """Count the items of a numbered list from where it begins to count."""
        if not closing:
            self.counts.append(number_before(name, found.group("attributes")))
        elif self.counts:
            self.counts.pop()

    def _stands_within(self, name: str) -> bool:
        """Tell whether an element only wraps the first words of the place that is open."""
        place = self.place
        holds = place.name in {"li", "dd", "tr"} or (place.name in {"div", "aside"} and place.own)
        return bool(holds) and place.is_open and name in _WITHIN

    def _enter(self, name: str, found: re.Match[str], own: str, *, of_notes: bool) -> None:
        if name in _MORE and self.place.is_open and not self.place.head.strip():
            self.place.is_more = True
        self._leave()
        label = self.term if name == "dd" else ""
        self.term = "" if name != "" else self.term
        ordinal = 0
        if name == "li" and self.counts:
            self.counts[-1] = number_of_item(self.counts[-1], found.group("attributes"))
            ordinal = max(self.counts[-1], 0)
        self.place = Place(
            found.start(), found.end(), name, of_notes or self._in_notes(), ordinal, own, [*self.pending]
        )
        self.place.label = label
        self.pending.clear()
        if own:
            self.place.ids.append(own)

    def _in_notes(self) -> bool:
        return self.level > 0 or self.container is not None

    def _leave(self) -> None:
        """Close a place: its ids are those of what follows where it says nothing itself, or is the name of an entry."""
        place = self.place
        place.is_open = False
        if place.name == "dt":
            self.term = place.label
            self.pending, place.ids = place.ids, []
        elif not place.head.strip() and place.name not in {"li", "dd", "tr"}:
            handed_on = [one for one in place.ids if one != place.own]
            self.pending = [*self.pending, *handed_on][:_MOST_IDS]
            place.ids = [place.own] if place.own else []
        for one in place.ids:
            self.targets.setdefault(one, []).append(place)

    def _close_words(self, name: str, *, closing: bool) -> None:
        """End a line or block; its words may be the heading of the notes."""
        if name in {"td", "th"}:
            self.before += " "
            return
        words = plain_text(self.words) if 0 < len(self.words) <= _LONGEST_HEADING else ""
        is_heading = closing and name in HEADINGS
        heads = bool(words) and self.block not in {"li", "td", "th", "tr"} and _HEADING.fullmatch(words) is not None
        if heads:
            self.level = int(name[1]) if is_heading else len(HEADINGS)
        elif is_heading and int(name[1]) <= (self.level or 0):
            self.level = 0
        self.block = "" if closing else name
        self.words = self.before = ""
        self.raised = 0


def _add_head(place: Place, words: str, start: int) -> None:
    """Add words to the head of a place, and note its number and where its text begins."""
    shown = unescape_entities(words[:_LONGEST_HEAD])
    if shown.isspace() and len(words) <= _LONGEST_HEAD:
        # Entities of white space, without end: one of them is enough.
        place.start = start + len(words)
        place.head = f"{place.head.rstrip()} "
        return
    head = place.head + shown
    if len(words) <= _LONGEST_HEAD and (only := _HEAD.fullmatch(head)):
        place.head, place.start = head, start + len(words)
        place.label = only.group(1) or ""
        return
    place.is_open = False
    if not place.label and (found := _HEAD_AND_STOP.match(head)):
        place.label = found[1] or found[2] or found[3]
        if "&" not in words[:_LONGEST_HEAD]:
            place.start = start + max(found.end() - len(place.head), 0)
    place.head = head
