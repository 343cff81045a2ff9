"""Where a sentence ends. Footnote marks and closing quotes behind the stop belong to it."""

from __future__ import annotations

import re

# A stop, what closes behind it, marks, then white space and something that can begin a sentence.
_STOP = re.compile(
    r"[.!?。！？]"
    r"[\"'”’»)\]*_`]*"
    r"(?:[ \t]*\[\^[^\]\n]{1,300}\](?!:)[*_]*)*"
    r"(?:\s+|(?<=[。！？]))",
)
# The same where marks are bare numbers: "lost.1 Next".
_BARE_STOP = re.compile(
    r"[.!?][\"'”’»)\]]*(?:(?<=[^\W\d][.!?)”’\"])\d{1,4}(?:,[ ]?\d{1,4})*|(?:[ \t]*\[\^?\d[^\]\n]{0,60}\])+)?\s+",
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
# How far before a stop its word is looked for.
_WINDOW = 32
# These may stand before a bracket or quote and go on.
_OPEN_ENDED = frozenset({"e.g", "i.e", "al", "etc", "vs", "cf"})
_CLOSERS = frozenset({"*", "[", ")", '"', "”"})
_BEGINS_SENTENCE = re.compile(r"(?!Nature |Science |Cell )[A-Z][a-z]+,? [a-z]")
_OPENERS = frozenset("\"'“‘«([*_`#~<")
_WORD = re.compile(r"[\w.'’-]+$")
_NO_START = re.compile(r"[\"'“‘«(\[*_`~]*[a-z]")
# Names that begin a sentence in lower case: p53, mTOR, miR-222, cGAS, α-Klotho, and links to pages.
_LOWER_NAME = re.compile(
    r"[\"'“‘«(*_`~]*(?:\[\[|[a-z]{1,3}[A-Z0-9][\w-]*|[a-z]+-[A-Z0-9]|[a-z]{1,2}[0-9]|[α-ω]-?\w|https?:)",
)


def split_sentences(text: str, start: int, end: int, *, bare_marks: bool = False) -> list[tuple[int, int]]:
    """Return the spans of the sentences in `text[start:end]`, in order and without white space around them.

    A full stop ends a sentence unless it follows an abbreviation, an initial, or a number's point, or the next word
    is in lower case and no name that is written so.

    >>> text = "Seen by Lee et al. in *C. elegans*.[^a] p53 did not change."
    >>> [text[slice(*span)] for span in split_sentences(text, 0, len(text))]
    ['Seen by Lee et al. in *C. elegans*.[^a]', 'p53 did not change.']
    """
    spans: list[tuple[int, int]] = []
    begin = start
    pattern = _BARE_STOP if bare_marks else _STOP
    for found in pattern.finditer(text, start, end):
        at, stop = found.span()
        if stop >= end:
            break
        if not (text[stop].isupper() or _can_begin(text, stop)):
            continue
        if text[at] == ".":
            # Most stops follow a whole word that nobody abbreviates, which is told here.
            word = text[max(begin, at - _WINDOW) : at].rpartition(" ")[2]
            common = len(word) > 1 and word.isalnum() and word.lower() not in ABBREVIATIONS
            if not common and _is_abbreviation(text, begin, at, stop):
                continue
        spans.append((begin, begin + len(text[begin:stop].rstrip())))
        begin = stop
    if begin < end:
        spans.append((begin, end))
    return spans


def _can_begin(text: str, index: int) -> bool:
    """Tell whether what stands at `index`, which is no capital letter, can begin a sentence."""
    char = text[index]
    if char.isdigit():
        return True
    if char in _OPENERS or char.islower():
        return _NO_START.match(text, index) is None or _LOWER_NAME.match(text, index) is not None
    return True


def _is_abbreviation(text: str, begin: int, stop: int, after: int) -> bool:
    """Tell whether the full stop at `stop` belongs to an abbreviation, an initial or a list number."""
    last = text[max(begin, stop - _WINDOW) : stop].rpartition(" ")[2]
    if not last.isalnum():
        word = _WORD.search(last)
        if word is None:
            return False
        last = word.group().strip("'-’")
    last = last.lower()
    if text[stop + 1 : stop + 2] in _CLOSERS:
        # `**Bold sentence.**` and `done.[^a]` end one, whatever the last word is but these.
        return last in _OPEN_ENDED and text[stop + 1] not in "*["
    if len(last) == 1:
        return _is_initial(text, begin, stop, after)
    if last in ABBREVIATIONS:
        return last not in {"al", "etc"} or _BEGINS_SENTENCE.match(text, after) is None
    # "U.S.", "Ph.D": letters with stops between them.
    return "." in last and all(len(part) <= 2 for part in last.split("."))  # noqa: PLR2004


def _is_initial(text: str, begin: int, stop: int, after: int) -> bool:
    """Tell whether the one character before the stop is an initial ("Smith J."), a genus, or a list number.

    "Vitamin K. The cycle" does end: a whole word before it, and behind it a capital and a word in lower case.
    """
    letter = text[stop - 1]
    if letter.isdigit():
        return stop - begin < _WINDOW and not text[begin : stop - 1].strip(" *_")
    before = text[max(begin, stop - _WINDOW) : stop - 1].rstrip().rpartition(" ")[2]
    return not (len(before) > 2 and before[-1:].islower() and _BEGINS_SENTENCE.match(text, after))  # noqa: PLR2004
