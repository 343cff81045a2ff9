"""Raised numbers that are no links, `lost.<sup>1</sup>`: which of them are marks of numbered references.

Exponents, isotopes, charges, sites of phosphorylation, affiliations and notes of tables are raised too, so what stands
before a number and behind it must tell, and the page must cite so elsewhere. A wrong work is worse than none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from evidence.extract.forms.htmltags import BLOCKS, TAG
from evidence.extract.forms.layout import Block
from evidence.extract.forms.marks import InlineCode, Skipper
from evidence.extract.sentences import RAISED_DIGITS
from evidence.identifiers.decoding import unescape_entities
from evidence.vocabulary import ClaimKind

_NUMBERS = re.compile(r"\d{1,4}(?:\s*[,;–-]\s*\d{1,4}){0,30}")
# Nothing longer is written of numbers, entities included.
_ELEMENT = re.compile(r"<sup\b[^<>]{0,200}>([^<>]{1,400})</sup>", re.IGNORECASE)
# Digits that are raised signs themselves, `lost.¹˒²`, with what stands for their commas and dashes; no charge or power.
_ONE_SIGN = rf"[{RAISED_DIGITS}]{{1,4}}"
_RAISED_SIGNS = re.compile(
    rf"(?<![{RAISED_DIGITS}⁺⁻]){_ONE_SIGN}(?:\s?[,;˒⁻–‐-]\s?{_ONE_SIGN}){{0,30}}(?![{RAISED_DIGITS}⁺⁻ᵃ-ᵿⁿ])"
)
_PLAIN = str.maketrans(f"{RAISED_DIGITS}˒⁻", "0123456789,-")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒−—", "–"))
# Round brackets and emphasis around all of the numbers.
_AROUND = re.compile(r"([*_]{0,3})(\(?)([^()*_]+)(\)?)([*_]{0,3})")
# What closes behind a word or stop.
_CLOSING = r"[\"'”’»)\]*_`~]{0,6}"
_BEHIND_STOP = re.compile(rf"[^\W_][\"'”’»)\]*_`~%]{{0,6}}[.,;:!?…。、，]{{1,3}}{_CLOSING}(?P<gap>\s?)$")
_BEHIND_WORD = re.compile(rf"(?P<operator>[/×·^=]\s?)?(?<![^\W_])(?P<word>[^\W\d_]{{3,40}}){_CLOSING}(?P<gap>\s?)$")
_BEHIND_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d[a-z]?\)(?P<gap>\s?)$")
# What goes on behind a mark: nothing, a stop, or a space and no sign of a formula.
_GOES_ON = re.compile(r"$|[.,;:!?)\]\"'”’»*_~|—–…]|\s+(?![=<>≈±×·+*/^−])")
# Behind a space a mark closes: an end, a stop, or a sentence that begins.
_CLOSES = re.compile(r"\s*$|[.,;:!?)\]\"'”’»*_~|]|\s+[A-Z][a-z]")
_LOWER_WORD = re.compile(r"(?<![^\W\d_])[a-z]{3,}(?![^\W\d_])")
_NAME_WORDS = frozenset(["and", "van", "von", "den", "der", "del", "dos", "des", "und"])
# Units, functions and statistics that have powers; amino acids and elements that have sites and masses.
_NO_TEXT = re.compile(
    r"[mnpkfµ]?mol|min|sec|inch(?:es)?|foot|feet|yards?|miles?|acre|(?:(?:centi|milli|kilo|micro|nano|deci)?(?:met(?:er|re)|gram|"
    r"lit(?:er|re)|second)s?)|microns?|pixels?|k?cal|hours?|(?:alph|bet|gamm|delt|thet|kapp|lambd|sigm|omeg)a|epsilon|"
    r"chi|eta|tau|rho|phi|psi|sin|cos|tan|log|exp|adj|glycine|alanine|valine|(?:iso)?leucine|methionine|phenylalanine|"
    r"tryptophan|proline|serine|threonine|cysteine|tyrosine|asparagine|glutamine|lysine|arginine|histidine|aspartate|"
    r"glutamate|residue|carbon|iodine|fluorine|oxygen|(?:nitro|hydro)gen|phosphorus|technetium",
    re.IGNORECASE,
)
# What is squared or cubed.
_QUANTITY = re.compile(
    r"age|height|time|distance|velocity|speed|length|width|depth|radius|diameter|dose|weight|mass|area|temperature|years?|"
    r"months?|weeks?|days?|size|power|squared|scores?|mean",
    re.IGNORECASE,
)
_POWERS = frozenset(["2", "3"])
_UNIT_AND_STOP = re.compile(r"\d\s?[a-zµ]{1,2}\.$")
_WINDOW = 160
_NEAR = 120
_SHORTEST_NAME = 3
_SURE, _LIKELY = 2, 1
_LABELLED = "`{0}` is the number of a note on the page and of an entry of the references: nobody can tell what it cites"


class Raised(NamedTuple):
    """Numbers that are raised, and where their element stands."""

    numbers: str
    start: int
    end: int


class Cited(NamedTuple):
    """Raised numbers that name entries, with the keys of these."""

    raised: Raised
    keys: Sequence[str]


def numbers_of(written: str) -> str | None:
    """Return the numbers that are all that an element says, with their entities read, or None.

    >>> numbers_of("1&ndash;3"), numbers_of("(2)"), numbers_of("*3*"), numbers_of("2+")
    ('1–3', '2', '3', None)
    """
    found = _AROUND.fullmatch(unescape_entities(written).strip())
    if found is None:
        return None
    before, opening, inside, closing, behind = found.groups()
    inside = inside.strip().translate(_DASHES)
    if before != behind or bool(opening) != bool(closing) or not _NUMBERS.fullmatch(inside):
        return None
    return inside


def find_raised(text: str, start: int, code: Sequence[tuple[int, int]]) -> Iterator[Raised]:
    """Yield the raised numbers of a page of Markdown that stand in no code.

    >>> list(find_raised("lost.<sup>1</sup>", 0, []))
    [Raised(numbers='1', start=5, end=17)]
    """
    skip, inline = Skipper(sorted(code)), InlineCode(text)
    for found in _ELEMENT.finditer(text, start):
        numbers = numbers_of(found.group(1))
        if numbers is not None and not skip.covers(found.start()) and not inline.encloses(*found.span()):
            yield Raised(numbers, *found.span())


def find_signs(text: str, start: int, code: Sequence[tuple[int, int]]) -> Iterator[Raised]:
    """Yield the numbers that are written with raised digits and stand in no code.

    >>> list(find_signs("lost.¹ 5 cm⁻² back.²,³", 0, []))
    [Raised(numbers='1', start=5, end=6), Raised(numbers='2,3', start=19, end=22)]
    """
    skip, inline = Skipper(sorted(code)), InlineCode(text)
    for found in _RAISED_SIGNS.finditer(text, start):
        if not skip.covers(found.start()) and not inline.encloses(*found.span()):
            yield Raised(found.group().translate(_PLAIN), *found.span())


def choose_raised(
    source: str, blocks: Sequence[Block], cited: Iterable[Cited], lines: Sequence[int] | None, entries: int
) -> tuple[list[Cited], dict[str, str]]:
    """Return what cites, and the keys of marks of which nobody can tell what they mean, with the reason.

    Args:
        source: the page with its tags.
        blocks: of the page.
        cited: the raised numbers that name entries, in order.
        lines: where lines begin within the blocks of HTML, None where the page is Markdown.
        entries: how many the page has.
    """
    reader = _Reader(source, blocks, lines)
    placed = [(one, block) for one in cited if (block := reader.block_of(one.raised)) is not None]
    labels: dict[str, int] = {}
    labelled: set[int] = set()
    for one, block in placed:
        if reader.is_label(one.raised, block):
            labelled.add(block.start)
            labels |= dict.fromkeys(one.keys, one.raised.start)
    likely: list[Cited] = []
    is_sure = False
    for one, block in placed:
        if block.start in labelled or reader.is_list_of_names(block):
            continue
        weight = reader.weigh(one.raised, block)
        if weight:
            is_sure = is_sure or weight == _SURE
            likely.append(one)
    if not (is_sure or _are_numbered(likely, entries)):
        return [], {}
    unsure: dict[str, str] = {}
    chosen = []
    for one in likely:
        keys = [f"{key}?" if labels.get(key, -1) > one.raised.start else key for key in one.keys]
        unsure |= {key: _LABELLED.format(key[:-1]) for key in keys if key.endswith("?")}
        chosen.append(Cited(one.raised, keys))
    return chosen, unsure


def _are_numbered(likely: Sequence[Cited], entries: int) -> bool:
    """Tell whether marks name half of the entries, or several in order, as references are numbered by first marks."""
    first = [int(key) for key in dict.fromkeys(key for one in likely for key in one.keys)]
    return 2 * len(first) >= entries or (len(first) > 1 and first == list(range(1, len(first) + 1)))


class _Reader:
    """Looks at what stands around raised numbers, on one page."""

    def __init__(self, source: str, blocks: Sequence[Block], lines: Sequence[int] | None) -> None:
        self._source = source
        self._blocks = blocks
        self._starts = [block.start for block in blocks]
        self._lines = lines
        self._names: dict[int, bool] = {}

    def block_of(self, raised: Raised) -> Block | None:
        """Return the block that raised numbers stand in; it may begin or end with them, behind or before their tag."""
        index = bisect_left(self._starts, raised.end) - 1
        block = self._blocks[index] if index >= 0 else None
        return block if block is not None and raised.start < block.end else None

    def is_label(self, raised: Raised, block: Block) -> bool:
        """Tell whether raised numbers stand first on a line: they head an affiliation, or a note of a page or table."""
        begin = max(block.start, raised.start - _WINDOW)
        if self._lines is None:
            begin = max(begin, self._source.rfind("\n", begin, raised.start) + 1)
        elif index := bisect_left(self._lines, raised.start + 1):
            begin = max(begin, self._lines[index - 1])
        return not self._shown(begin, raised.start).strip()

    def is_list_of_names(self, block: Block) -> bool:
        """Tell whether a line has no words but names: that of the authors, whose affiliations are numbered."""
        if block.kind is ClaimKind.TABLE_ROW:
            return False
        if block.start not in self._names:
            words = _LOWER_WORD.findall(self._shown(block.start, block.end))
            self._names[block.start] = _NAME_WORDS.issuperset(words)
        return self._names[block.start]

    def weigh(self, raised: Raised, block: Block) -> int:
        """Return how surely raised numbers are marks: 0 for not at all, more behind a stop than behind a word."""
        before = self._shown(max(block.start, raised.start - _WINDOW), raised.start)[-_NEAR:]
        behind = self._shown(raised.end, max(raised.end, min(block.end, raised.end + _WINDOW)))
        found = _BEHIND_STOP.search(before)
        weight = _SURE if found and not _UNIT_AND_STOP.search(before) else 0
        if found is None and (found := _BEHIND_WORD.search(before)):
            weight = _LIKELY if _is_word_of_text(found, raised.numbers) else 0
        elif found is None and (found := _BEHIND_YEAR.search(before)):
            weight = _LIKELY
        if found is None or not (_CLOSES if found["gap"] else _GOES_ON).match(behind):
            return 0
        return weight

    def _shown(self, start: int, end: int) -> str:
        return unescape_entities(TAG.sub(_blank_of, self._source[start:end]))


def _blank_of(found: re.Match[str]) -> str:
    name = (found.group("name") or "").lower()
    return " | " if name in {"td", "th"} else " " if name in BLOCKS or name == "br" else ""


def _is_word_of_text(found: re.Match[str], numbers: str) -> bool:
    """Tell whether a word has no power: no unit, no symbol, nothing that is squared."""
    word = found["word"]
    if _NO_TEXT.fullmatch(word) or (numbers in _POWERS and (_QUANTITY.fullmatch(word) or found["operator"])):
        return False
    is_caseless = word.lower() == word.upper()
    is_name = len(word) > _SHORTEST_NAME and word[1:].islower()
    # "AMPK" with one number may be a gene of a family, a site or an allele.
    return is_caseless or word.islower() or is_name or not numbers.isdecimal()
