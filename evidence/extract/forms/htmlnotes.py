"""The notes of HTML pages that no generator named: `<sup><a href="#r1">1</a></sup>` and `<li id="r1">`.

A link within the page is a mark where three things agree: what it shows is a number, a sign or an author with a year;
it stands as marks do, raised, in brackets or behind words; and what it leads to is an entry, not a heading or figure.
Precision first: a link taken for a mark would make a note of what is said where it leads to.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from evidence.extract.forms.htmlplaces import ALPHA, HEADINGS, LONGEST_LINK, SIGN, InnerLink, Place, Scan
from evidence.extract.forms.htmltags import BACK_NAME, BACKWARD, NOTE_HOLDERS, note_of
from evidence.extract.forms.htmltext import plain_text

_INNER_LINK = re.compile(r"\bhref\s*=\s*[\"']?[^\"'<>\s#]{0,300}#", re.IGNORECASE)
# A citation of pandoc that is no link, with the keys of its entries.
_CITES = re.compile(
    r"<span\b[^<>]{0,200}\bdata-cites=\"([^\"<>]{1,900})\"[^<>]{0,200}>[^<]{0,900}(?:</?(?:em|i|b|strong|sup)>[^<]{0,900}){0,20}</span>"
)
# How the targets of other links are named.
_NOT_OF_NOTES = re.compile(
    r"(?:fig|tab|tbl|sec|eq|chap|step|page|line|box|app|scheme|vid|mov|alg|thm|theorem|lem|toc|heading|question|item|"
    r"example|exercise|rule|part|panel)",
    re.IGNORECASE,
)
_COUNTED = frozenset(
    {"figure", "fig", "table", "tab", "box", "equation", "eqn", "eq", "section", "sect", "sec", "chapter", "chap", "ch",
     "part", "step", "appendix", "theorem", "lemma", "corollary", "definition", "proposition", "example", "exercise",
     "question", "problem", "algorithm", "listing", "item", "point", "page", "pp", "p", "line", "scheme", "panel",
     "video", "movie", "slide", "supplement", "supplementary", "rule", "case", "article", "paragraph", "para", "no",
     "nr", "number", "phase", "stage", "level", "version", "option", "method", "criterion", "criteria", "hypothesis",
     "aim"}
)  # fmt: skip
# Behind these a stop ends no sentence.
_ABBREVIATED = frozenset(["fig", "tab", "eq", "eqn", "sec", "sect", "chap", "ch", "p", "pp", "no", "nr", "figs", "eqs"])
_BETWEEN = frozenset(["and", "or", "to", "through"])
_WORD = re.compile(r"[^\W\d_]+")
_LETTER = re.compile(r"[^\W\d_]")
_PLACE_IN_WORK = r"(?:, ?(?:pp?|ch|chap|fig|table|sec)\.? ?[\w–-]+)?"
_LABEL = re.compile(rf"(?:[Rr]ef(?:erence|s)?\.? |[Nn]ote )?[\[(]?\s*({SIGN})\s*{_PLACE_IN_WORK}[\])]?\s*[,;.]?")
_NUMBERS = re.compile(r"[\[(]?\s*(\d{1,4}(?:\s*[,;–‐-]\s*\d{1,4})+)\s*[\])]?\s*[,;.]?")
_PART = re.compile(r"(\d+)(?:\s*[–‐-]\s*(\d+))?")
_AUTHOR_AND_YEAR = re.compile(r"\(?(?:[^\W\d_][^\d]{0,80}[\s(,])?(?:19|20)\d\d[a-z]?\)?[,;.]?")
_KEY = re.compile(rf"\[?{ALPHA}\]?")
_RANGE_SIGN = re.compile(r"\]?\s*[–‐−-]\s*\[?")
_ARROWS = re.compile(r"[\W\d_]*(?:(?:back|return|jump|go back|up)\b.{0,40}|[a-z])?[\W_]*", re.IGNORECASE)
_FIRST_NUMBER = re.compile(r"\d+")
_LONGEST_RANGE = 50


class PageNote(NamedTuple):
    """A note that begins with a tag: its key, and where its text begins, behind its number."""

    key: str
    start: int


@dataclass(slots=True)
class PageNotes:
    """What of a page is a mark, a note or a link back, by the offset of the tag that begins it.

    `ends` are the line breaks that end a note which is no element of its own, `headings` the ids that headings have:
    what leads to one is no mark, whatever its name. `elsewhere` are links to notes of other pages. `unsure` are the
    keys of marks of which nobody can tell what they cite, with the reason. `shared` are the links, with the numbers
    that they show, to what holds many entries.
    """

    marks: dict[int, tuple[str, ...]] = field(default_factory=dict)
    notes: dict[int, PageNote] = field(default_factory=dict)
    backs: set[int] = field(default_factory=set)
    ends: set[int] = field(default_factory=set)
    headings: set[str] = field(default_factory=set)
    elsewhere: set[int] = field(default_factory=set)
    unsure: dict[str, str] = field(default_factory=dict)
    shared: list[tuple[int, int, str]] = field(default_factory=list)


def why_unsure(number: str) -> str:
    """Return why nobody can tell what a mark cites that leads where marks of other numbers lead."""
    return (
        f"`{number}` leads where marks of other numbers lead, to an entry that is not number {number}: "
        "nobody can tell what it cites"
    )


def find_page_notes(text: str, begin: int = 0) -> PageNotes:
    """Return the marks and notes of a page that are known by what they show and where they lead, not by their names.

    >>> page = '<p>Bone is lost.<sup><a href="#r1">1</a></sup><ol><li id="r1">Lee 2019</ol>'
    >>> found = find_page_notes(page)
    >>> found.marks, list(found.notes.values())
    ({21: ('r1',)}, [PageNote(key='r1', start=62)])
    """
    if not _INNER_LINK.search(text, begin) and "data-cites" not in text:
        return PageNotes()
    scan = Scan(text, begin)
    return _Choice(scan).notes


class _Choice:
    """Which links are marks, and which places are notes."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.notes = PageNotes()
        self.keys: dict[int, str] = {}
        self.shapes: set[tuple[str, str]] = set()
        chosen = self._choose()
        self._add_siblings()
        self._add_missing(chosen)
        self._add_cited()
        self._write(chosen)
        self._add_backs(chosen)

    def _choose(self) -> dict[int, str]:
        """Return the fragments that the links lead to which are marks, by where they begin."""
        scan = self.scan
        labels: dict[int, set[str]] = {}
        named: list[tuple[InnerLink, list[Place], str]] = []
        possible: list[tuple[InnerLink, Place]] = []
        chosen: dict[int, str] = {}
        for link in scan.links:
            places = scan.targets.get(link.fragment, [])
            key = note_of(link.fragment, link.attributes)
            if places and places[0].name in HEADINGS:
                self.notes.headings.add(link.fragment)
                continue
            if key is not None:
                named.append((link, places, key))
                continue
            if not places or _leads_back(link):
                continue
            if (number := _first_number(link)) and not _AUTHOR_AND_YEAR.fullmatch(link.words):
                labels.setdefault(places[0].offset, set()).add(number)
            if _is_mark(link, places[0]):
                possible.append((link, places[0]))
        self._leave_other_pages(
            [link for link, *_ in named if link.fragment in scan.at] + [link for link, _ in possible]
        )
        for link, places, key in named:
            if link.start not in self.notes.elsewhere:
                chosen[link.start] = key
                self._name(link, places, key)
        for link, place in possible:
            if link.start not in self.notes.elsewhere:
                self._choose_among(link, place, labels.get(place.offset, set()), chosen)
        return chosen

    def _choose_among(self, link: InnerLink, place: Place, numbers: set[str], chosen: dict[int, str]) -> None:
        """Choose a possible mark; `numbers` are those of all marks that lead to the same place."""
        if len(numbers) <= 1 or _is_sure(link, place):
            chosen[link.start] = self.keys.setdefault(place.offset, link.fragment)
            self.shapes.add((_shape(link.fragment), place.name))
        elif _is_entry(place):
            key = f"{_first_number(link)}?"
            self.notes.marks[link.start] = (key,)
            self.notes.unsure[key] = why_unsure(_first_number(link))
        elif place.in_notes:
            self.notes.shared.append((link.start, link.end, _first_number(link)))

    def _name(self, link: InnerLink, places: Sequence[Place], key: str) -> None:
        """Give the places that a link with a known name leads to its key, but those that have the name themselves."""
        for place in places:
            if place.own != link.fragment and place.name in NOTE_HOLDERS | {""}:
                self.keys.setdefault(place.offset, key)

    def _leave_other_pages(self, marks: Sequence[InnerLink]) -> None:
        """Set the links apart that lead to another page than the marks do.

        Marks name no page, or, where the page was saved or its program writes them so, all of them their own.
        """
        pages = Counter(link.page for link in marks)
        if pages:
            own = ("", "" if "" in pages else pages.most_common(1)[0][0])
            others = (link for link in self.scan.links if link.page not in own and not _leads_back(link))
            self.notes.elsewhere.update(link.start for link in others)

    def _add_siblings(self) -> None:
        """Make notes of the other entries that are named as those are which marks lead to."""
        if not self.shapes:
            return
        names = {name for _, name in self.shapes}
        for fragment, places in self.scan.targets.items():
            shape = _shape(fragment)
            for place in places:
                is_named = (shape, place.name) in self.shapes and (place.in_notes or place.label or place.ordinal)
                is_listed = place.in_notes and place.name in names and (place.label or place.ordinal)
                if is_named or is_listed:
                    self.keys.setdefault(place.offset, note_of(fragment, "") or fragment)

    def _add_missing(self, chosen: dict[int, str]) -> None:
        """Take a mark as one whose note is missing: it is named as the others are."""
        shapes = {shape for shape, _ in self.shapes}
        for link in self.scan.links:
            if (
                link.start not in chosen
                and link.start not in self.notes.elsewhere
                and link.fragment not in self.scan.at
                and _shape(link.fragment) in shapes
                and _first_number(link)
                and _is_set_apart(link)
                and not _leads_back(link)
            ):
                chosen[link.start] = link.fragment

    def _add_cited(self) -> None:
        """Take the citations of pandoc that are no links: they name the entries, whose ids are `ref-` and the key."""
        if "data-cites" not in self.scan.text:
            return
        for found in _CITES.finditer(self.scan.text):
            names = [f"ref-{key}" for key in found.group(1).split()]
            if keys := tuple(name for name in names if name in self.scan.targets):
                self.notes.marks[found.start()] = keys
                for name in keys:
                    self.keys.setdefault(self.scan.targets[name][0].offset, name)

    def _write(self, chosen: dict[int, str]) -> None:
        """Write down what was chosen, and what stands between the ends of ranges."""
        text, notes = self.scan.text, self.notes
        before: InnerLink | None = None
        for link in self.scan.links:
            if link.start not in chosen:
                continue
            keys = self._listed(link)
            if before is not None and 0 <= link.start - before.end <= LONGEST_LINK:
                between = plain_text(text[before.end : link.start])
                if between and _RANGE_SIGN.fullmatch(between):
                    keys = [*self._between(before, link), *keys]
            notes.marks[link.start] = tuple(dict.fromkeys([chosen[link.start], *keys]))
            before = link
        done: set[int] = set()
        for places in self.scan.targets.values():
            for place in places:
                if place.offset in self.keys and place.offset not in done and not place.is_more:
                    done.add(place.offset)
                    notes.notes[place.offset] = PageNote(self.keys[place.offset], place.start)
                    if not place.name:
                        notes.ends |= self._end_of(place)

    def _end_of(self, place: Place) -> set[int]:
        lines = self.scan.blank_lines
        index = bisect_left(lines, place.start)
        return {lines[index]} if index < len(lines) else set()

    def _listed(self, link: InnerLink) -> list[str]:
        """Return the keys of the other numbers that a link shows: "1-3", "1, 2"."""
        found = _NUMBERS.fullmatch(link.words)
        if found is None:
            return []
        numbers: list[int] = []
        for part in _PART.finditer(found.group(1)):
            low, high = int(part.group(1)), int(part.group(2) or part.group(1))
            if not low <= high < low + _LONGEST_RANGE:
                return []
            numbers += range(low, high + 1)
        return self._named(link.fragment, numbers[0], numbers[1:])

    def _between(self, low: InnerLink, high: InnerLink) -> list[str]:
        first, last = _first_number(low), _first_number(high)
        if not first or not last or not int(first) < int(last) < int(first) + _LONGEST_RANGE:
            return []
        return self._named(high.fragment, int(last), list(range(int(first) + 1, int(last))))

    def _named(self, fragment: str, number: int, others: list[int]) -> list[str]:
        """Return the keys of numbers whose notes are named as that of one number is; none where one is missing."""
        found = re.search(rf"(?<!\d)(0*){number}(?!\d)", fragment)
        if found is None:
            return []
        keys = []
        for other in others:
            name = f"{fragment[: found.start()]}{str(other).zfill(len(found.group()))}{fragment[found.end() :]}"
            if name not in self.scan.at:
                name = f"{fragment[: found.start()]}{other}{fragment[found.end() :]}"
            places = self.scan.targets.get(name, [])
            key = self.keys.get(places[0].offset) if places else None
            key = key or (note_of(name, "") if name in self.scan.at else None)
            if key is None:
                return []
            keys.append(key)
        return keys

    def _add_backs(self, chosen: dict[int, str]) -> None:
        """Find the links of notes that lead back to where they are cited."""
        marks = [link for link in self.scan.links if link.start in chosen]
        ends = [link.end for link in marks]
        for link in self.scan.links:
            at = self.scan.at.get(link.fragment)
            if link.start in chosen or at is None or at > link.start:
                continue
            if link.place.offset not in self.notes.notes and not link.place.in_notes:
                continue
            index = bisect_left(ends, at)
            is_of_mark = index < len(marks) and marks[index].run <= at <= marks[index].end
            if (is_of_mark or link.place.offset in self.notes.notes) and _ARROWS.fullmatch(link.words):
                self.notes.backs.add(link.start)


def _is_mark(link: InnerLink, place: Place) -> bool:
    """Tell whether a link shows what marks show, stands as marks do, and leads to what may be a note."""
    if place.name not in NOTE_HOLDERS | {""} or place.is_more or place.offset == link.place.offset:
        return False
    if not link.raised and (_NOT_OF_NOTES.match(link.fragment) or _is_counted(link.before)):
        return False
    follows = _LETTER.search(link.before) is not None
    # A list of links to the entries is none of citations.
    is_listed = not follows and link.place.name == "li"
    if _AUTHOR_AND_YEAR.fullmatch(link.words) or (_KEY.fullmatch(link.words) and _is_set_apart(link)):
        return place.in_notes and not is_listed
    label = _label_of(link)
    set_apart = _is_set_apart(link)
    is_labelled = place.label == label or _ordinal(label) == place.ordinal
    if place.in_notes and label.isdecimal():
        return set_apart or follows
    if place.in_notes:
        return set_apart and bool(label) and (link.raised or is_labelled)
    return set_apart and follows and bool(label) and is_labelled and place.offset > link.start


def _is_entry(place: Place) -> bool:
    """Tell whether a place is one entry of a list of notes: a division may hold all of them."""
    return place.in_notes and place.name not in {"div", "aside"}


def _is_sure(link: InnerLink, place: Place) -> bool:
    """Tell whether a mark means the entry that it leads to where marks of other numbers lead there too."""
    number = _first_number(link)
    if not number or _AUTHOR_AND_YEAR.fullmatch(link.words):
        return _is_entry(place)
    return _is_entry(place) and number == (place.label or str(place.ordinal))


def _label_of(link: InnerLink) -> str:
    """Return the number, letter or sign that a link shows first, or nothing where it shows anything else."""
    found = _LABEL.fullmatch(link.words)
    return found.group(1) if found else _first_number(link)


def _ordinal(label: str) -> int:
    """Return which item of a list a label is that of, or -1: "3" and "c" are both the third."""
    if label.isdecimal():
        return int(label)
    return ord(label) - ord("a") + 1 if label.isalpha() else -1


def _leads_back(link: InnerLink) -> bool:
    return BACK_NAME.match(link.fragment) is not None or BACKWARD.search(link.attributes) is not None


def _first_number(link: InnerLink) -> str:
    """Return the number that a link shows first, or nothing where it shows anything else."""
    if not (_LABEL.fullmatch(link.words) or _NUMBERS.fullmatch(link.words)):
        return ""
    found = _FIRST_NUMBER.search(link.words)
    return found.group() if found else ""


def _is_set_apart(link: InnerLink) -> bool:
    """Tell whether a link is raised or stands in square brackets, alone or in a list."""
    return link.raised or link.words.startswith("[") or link.before.rstrip(" 0123456789,;–‐-]").endswith("[")


def _is_counted(before: str) -> bool:
    """Tell whether a number is that of a figure, a table, a step.

    >>> _is_counted("as in Figs. 1 and "), _is_counted("as in the figure. Bone is lost ")
    (True, False)
    """
    words = list(_WORD.finditer(before))
    while words and (words[-1].group().casefold() in _BETWEEN or len(words[-1].group()) == 1 != len(words)):
        words.pop()
    if not words:
        return False
    last = words[-1].group().casefold()
    behind = before[words[-1].end() :]
    if last not in _COUNTED and last.removesuffix("s") not in _COUNTED:
        return False
    return not re.search(r"[.!?]", behind) or last in _ABBREVIATED


def _shape(fragment: str) -> str:
    return _FIRST_NUMBER.sub("#", fragment, count=1)
