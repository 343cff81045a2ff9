"""Where a sentence ends. Footnote marks and closing quotes behind the stop belong to it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

# What may close behind a stop.
_CLOSING = r"[\"'”’»)\]*_`~=」』）》】]*+"
RAISED_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
# Numbers of notes that are raised signs: "lost.¹,²".
_RAISED = rf"(?:[,;˒⁻–‐-]?[ ]?[{RAISED_DIGITS}]++){{0,30}}"
# A mark that belongs to the sentence before it, perhaps at the head of the next line.
_MARK = (
    r"(?:[ \t\xa0]*+|\r?\n[ \t>]*+)(?:[,;–‐-][ ]?)?(?:&nbsp;)?(?:<sup>)?"
    r"\(?\[\^[^\]\n]{1,300}\](?!:)\)?(?:</sup>)?[*_~]*+"
)
# White space, also that of HTML, with the signs of a quote at the head of its next line.
_SPACE = r"(?:\s++|&nbsp;|<br ?/?>|\\(?=\n))+(?!\s|&nbsp;|<br)(?:(?<=\n)>[>\s]*+)?"
# What can begin a sentence: anything but a small letter, perhaps behind opening signs, or a name that is written small
# at its beginning (p53, mTOR, miR-222, cGAS), a link to a page, an address.
_NEXT = (
    r"(?![\"'“‘«(\[*_`~]*[a-z])"
    r"|(?=[\"'“‘«(*_`~]*(?:\[\[|[a-z]{1,3}[A-Z0-9]|[a-z]+-[A-Z0-9]|https?:))"
)
# Marks, then white space and a sentence; behind marks a capital letter is enough.
_REST = rf"{_CLOSING}{_RAISED}((?:{_MARK})+)?(?!{_MARK})(?:({_SPACE})(?:{_NEXT})|(?(1)(?=[A-Z])|(?!)))"
# One pattern for each stop: one that begins with a single sign is looked for many times faster than a class of signs.
# The first group holds what closes the sentence, the second the space behind it.
_DOT = re.compile(rf"\.(?=[\s\"'”’»)\]*_`\[~=<&\\{RAISED_DIGITS}]){_REST}")
_LATIN_STOPS = {sign: re.compile(rf"{re.escape(sign)}{_REST}") for sign in "?!"}
# Those of other scripts; the wide ones need no space behind them. A page without any of the first has none of the rest.
_OTHER_STOPS = {
    **{sign: re.compile(rf"{sign}{_REST}") for sign in "؟।"},
    **{sign: re.compile(rf"{sign}{_CLOSING}((?:{_MARK})+)?(?!{_MARK})(\s*+)(?:{_NEXT})") for sign in "。？"},
}
_WIDE_STOPS = {sign: re.compile(rf"{sign}{_CLOSING}((?:{_MARK})+)?(?!{_MARK})(\s*+)(?:{_NEXT})") for sign in "！．"}
# Markup of a block that stands in a paragraph of Markdown.
_BLOCK_END = re.compile(
    r"</(p|li|div|td|th|tr|h[1-6]|dd|dt|blockquote)>((?:\s*+</?[A-Za-z][^<>]*+>)*\s*+)", re.IGNORECASE
)
_BEGIN = re.compile(rf"{_SPACE}(?![,;:.!?)\]/%·=])(?:{_NEXT})|(?=[A-Z\u3040-\u9fff])")
# The end of a note, `]`, of a comment or of what is struck out.
_NOTE_END = re.compile(rf"([\]>%}}~])({_SPACE})(?:{_NEXT})")
# All of them where marks are bare numbers: "lost.1 Next".
_BARE_STOP = re.compile(
    r"[.!?][\"'”’»)\]]*"
    r"((?:(?<=[^\W\d][.!?)”’\"])|(?<=[.!?][”’\")]))\d{1,4}(?:,[ ]?\d{1,4})*|(?:[ \t]*\[\^?\d[^\]\n]{0,60}\])+)?"
    r"(\s++)(?!\[\^?\d[^\]\n]{0,60}\])"
    rf"(?:{_NEXT})",
)
# Words before a full stop that do not end a sentence, in lower case, without the stop.
ABBREVIATIONS = frozenset(
    [
        "al",
        "et",
        "etc",
        "vs",
        "viz",
        "cf",
        "approx",
        "ca",
        "resp",
        "incl",
        "excl",
        "e.g",
        "i.e",
        "eg",
        "ie",
        "fig",
        "figs",
        "tab",
        "eq",
        "eqs",
        "ref",
        "refs",
        "sec",
        "ch",
        "vol",
        "vols",
        "no",
        "nos",
        "nr",
        "pp",
        "p",
        "ed",
        "eds",
        "dr",
        "prof",
        "mr",
        "mrs",
        "ms",
        "st",
        "jr",
        "sr",
        "dept",
        "univ",
        "inc",
        "ltd",
        "co",
        "corp",
        "sp",
        "spp",
        "subsp",
        "ssp",
        "var",
        "cv",
        "nov",
        "gen",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "a.m",
        "p.m",
        "min",
        "max",
        "avg",
        "mean",
        "suppl",
        "supp",
        "app",
        "appl",
        "ext",
        "est",
        "n.b",
        "nb",
        "op",
        "cit",
        "loc",
        "ibid",
        "j",
        "int",
        "sci",
        "med",
        "biol",
        "chem",
        "phys",
        "res",
        "rev",
        "lett",
        "proc",
        "natl",
        "acad",
        "nat",
        "am",
        "br",
        "clin",
        "exp",
        "mol",
        "cell",
        "biochem",
        "biophys",
        "genet",
        "immunol",
        "neurosci",
        "physiol",
        "pharmacol",
        "pathol",
        "endocrinol",
        "cardiol",
        "oncol",
        "dermatol",
        "geriatr",
        "gerontol",
        "microbiol",
        "nutr",
        "psychiatry",
        "surg",
        "engl",
        "commun",
        "rep",
        "syst",
        "ann",
        "arch",
        "eur",
        "jpn",
        "can",
        "assoc",
        "soc",
    ]
)
# The last letters of the long ones.
_TAILS = frozenset(word[-3:] for word in ABBREVIATIONS)
# Those that are words of their own: they end a sentence where the next one plainly begins.
_COMMON_WORDS = frozenset(
    {
        "am",
        "app",
        "arch",
        "can",
        "cell",
        "co",
        "est",
        "exp",
        "ext",
        "gen",
        "int",
        "max",
        "mean",
        "min",
        "ms",
        "no",
        "rep",
        "res",
    }
)
# What closes before a stop and is no part of a word.
_NO_WORD = frozenset(')]}*%"”`')
# How far before a stop its word is looked for.
_WINDOW = 32
# These may stand before a bracket or quote and go on.
_OPEN_ENDED = frozenset({"e.g", "i.e", "al", "etc", "vs", "cf"})
_CLOSERS = frozenset({"*", "[", ")", '"', "”"})
_BEGINS_SENTENCE = re.compile(r"(?!Nature |Science |Cell )[A-Z][a-z]+,? [a-z]")
_WORD = re.compile(r"[\w.'’-]+$")


class SentenceSplitter:
    """Cuts stretches of one page into sentences; what the page holds none of is not looked for in each of them."""

    def __init__(self, text: str, *, bare_marks: bool = False, whole: Sequence[tuple[int, int]] = ()) -> None:
        """Look at the page once.

        Args:
            text: the page.
            bare_marks: marks are written as numbers.
            whole: spans in which no sentence ends, in order.
        """
        self._text = text
        self._whole = whole
        self._find = (_BARE_STOP if bare_marks else _DOT).finditer
        signs = [] if bare_marks else _patterns(text)
        others = [found for pattern in signs for found in pattern.finditer(text)]
        # A note or comment behind a stop closes its sentence as a mark does.
        others += [
            found
            for begin, end in whole
            if text[max(0, begin - 3) : begin].rstrip('*_"”)')[-1:] in {".", "!", "?"}
            and (found := _NOTE_END.match(text, end - 1))
        ]
        self._others = sorted((found.start(), found) for found in others)

    def split(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the spans of the sentences in `text[start:end]`, in order and without white space around them.

        A full stop ends a sentence unless it follows an abbreviation, an initial, or a number's point, or the next
        word is in lower case and no name that is written so.

        >>> text = "Seen by Lee et al. in *C. elegans*.[^a] p53 did not change."
        >>> [text[slice(*span)] for span in SentenceSplitter(text).split(0, len(text))]
        ['Seen by Lee et al. in *C. elegans*.[^a]', 'p53 did not change.']
        """
        text = self._text
        spans: list[tuple[int, int]] = []
        begin = start
        quick = not (self._others or self._whole)
        for found in self._find(text, start, end) if quick else self._all_stops(start, end):
            close, stop = found.span(2)
            if stop < 0:
                close = stop = found.end()
            if stop >= end:
                break
            at = found.start()
            # Most stops follow a number, a bracket or a word that ends like no abbreviation, which is told here.
            tail = text[at - 3 : at]
            plain = tail.lower() not in _TAILS if tail.isalpha() else tail.isdigit() or tail[-1:] in _NO_WORD
            if not plain and text[at] == "." and _goes_on(text, begin, at, stop):
                continue
            spans.append((begin, close))
            begin = stop
        if begin < end:
            spans.append((begin, end))
        return spans

    def _all_stops(self, start: int, end: int) -> Iterable[re.Match[str]]:
        first = bisect_left(self._others, (start,))
        last = bisect_left(self._others, (end,), first)
        stops: Iterable[re.Match[str]] = self._find(self._text, start, end)
        if first < last:
            stops = sorted([*stops, *(found for _, found in self._others[first:last])], key=re.Match.start)
        if self._whole:
            stops = [found for found in stops if not self._is_whole(found.start())]
        return stops

    def _is_whole(self, at: int) -> bool:
        index = bisect_left(self._whole, (at + 1,)) - 1
        # The bracket that closes a note may end the sentence.
        return index >= 0 and at < self._whole[index][1] - 1


def begins_sentence(text: str, start: int, end: int) -> bool:
    """Tell whether what stands in `text[start:end]`, behind white space, can begin a sentence.

    >>> begins_sentence("[1] Bone is lost", 3, 16), begins_sentence("[1] is lost", 3, 11)
    (True, False)
    """
    return _BEGIN.match(text, start, end) is not None


def ends_sentence(text: str, begin: int, at: int, following: int) -> bool:
    """Tell whether the stop at `at` ends the sentence that begins at `begin`, as far as its word tells.

    >>> ends_sentence("seen by Lee et al. [1] in", 0, 17, 23), ends_sentence("in mice. [1] Fat", 0, 7, 13)
    (False, True)
    """
    return text[at] != "." or not _goes_on(text, begin, at, following)


def _patterns(text: str) -> list[re.Pattern[str]]:
    """Return the patterns of the stops that a page has besides full stops."""
    others = [pattern for sign, pattern in _OTHER_STOPS.items() if sign in text]
    if others:
        others += [pattern for sign, pattern in _WIDE_STOPS.items() if sign in text]
    others += [pattern for sign, pattern in _LATIN_STOPS.items() if sign in text]
    if "<" in text and "</" in text:
        others.append(_BLOCK_END)
    return others


def _goes_on(text: str, begin: int, at: int, stop: int) -> bool:
    """Tell whether the full stop at `at` ends no sentence."""
    word = text[max(begin, at - _WINDOW) : at].rpartition(" ")[2]
    common = len(word) > 1 and word.isalnum() and word.lower() not in ABBREVIATIONS
    return not common and _is_abbreviation(text, begin, at, stop)


def _is_abbreviation(text: str, begin: int, stop: int, after: int) -> bool:
    """Tell whether the full stop at `stop` belongs to an abbreviation, an initial or a list number."""
    last = text[max(begin, stop - _WINDOW) : stop].rpartition(" ")[2]
    if not last.isalnum():
        word = _WORD.search(last)
        if word is None or last[word.start() - 1 : word.start()] in {"/", "&"}:
            return False
        last = word.group().strip("'-’")
    last = last.lower()
    if text[stop + 1 : stop + 2] in _CLOSERS:
        # `**Bold sentence.**` and `done.[^a]` end one, whatever the last word is but these.
        return last in _OPEN_ENDED and text[stop + 1] not in "*["
    if len(last) == 1:
        return _is_initial(text, begin, stop, after)
    if last in ABBREVIATIONS:
        may_end = last in {"al", "etc"} or last in _COMMON_WORDS
        return not may_end or _BEGINS_SENTENCE.match(text, after) is None
    # "U.S.", "Ph.D": letters with stops between them.
    return "." in last and all(len(part) <= 2 and part.isalpha() for part in last.split("."))  # noqa: PLR2004


def _is_initial(text: str, begin: int, stop: int, after: int) -> bool:
    """Tell whether the one character before the stop is an initial ("Smith J."), a genus, or a list number.

    "Vitamin K. The cycle" does end: a whole word before it, and behind it a capital and a word in lower case.
    """
    letter = text[stop - 1]
    if letter.isdigit():
        return stop - begin < _WINDOW and not text[begin : stop - 1].strip(" *_")
    before = text[max(begin, stop - _WINDOW) : stop - 1].rstrip().rpartition(" ")[2]
    return not (len(before) > 2 and before[-1:].islower() and _BEGINS_SENTENCE.match(text, after))  # noqa: PLR2004
