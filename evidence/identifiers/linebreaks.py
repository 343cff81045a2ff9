"""Whether a DOI goes on in the next line.

Text that was wrapped, or copied from a PDF, splits a DOI after a slash, a hyphen or a dot, and narrow columns split it
anywhere. The same line ends also end a sentence or stand before a list item. Joined is only what the form of the next
line makes certain enough; a DOI that is certainly cut, but whose rest is not certain, is not read at all.
"""

from __future__ import annotations

import re
from enum import Enum

from evidence.identifiers.shapes import complete_length, is_cut_off

BREAK = re.compile(r"[ \t]{0,3}(?:\r?\n|<br\s?/?>(?:\r?\n)?)[ \t]{0,16}(?:>[ \t]{0,3}){0,3}")
_MARGIN = re.compile(r"[^\s<>\"'`|,\[\]{}*]{0,120}")
_LIST_MARK = re.compile(r"(?:[-+*#>|]|\[\^?|\(?\d{1,3}[.)](?:\s|$)|\(?[a-z][.)]\s)")
_SUFFIX_REST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-()/_:;]*")
_NUMBERS = re.compile(r"\d+(?:\.[\dx]+)*")
_WORD_NEXT = re.compile(r"[ \t]+[^\W\d_]")
_LEAST_DIGITS = 3
_WORDS = re.compile(r"[A-Za-z]{3,}")


class LineEnd(Enum):
    """What a line break behind a DOI means."""

    ENDS = "the DOI ends"
    GOES_ON = "the DOI goes on in the next line"
    CUT = "the DOI goes on, but where it ends is not certain"


def judge_break(  # noqa: PLR0911 -- one return for each reason
    text: str, after: int, prefix: str, suffix: str, *, hyphenated: bool = False
) -> LineEnd:
    """Return what the line break before `after` means for the DOI `prefix`/`suffix` that stands before it.

    Args:
        text: the text.
        after: where the next line's own text begins.
        prefix: the DOI's prefix.
        suffix: what was read of its suffix.
        hyphenated: a soft hyphen stands at the line's end: the word goes on, whatever it is.
    """
    last = suffix[-1:] or "/"
    if last not in "/-." and not hyphenated and not is_cut_off(prefix, suffix):
        return LineEnd.ENDS
    if complete_length(prefix, suffix.rstrip(".-/:_")):
        return LineEnd.ENDS
    rest = _balanced(_next_word(text, after), suffix)
    if rest and complete_length(prefix, suffix + rest) == len(suffix + rest):
        return LineEnd.GOES_ON
    if hyphenated or last not in "/-.":
        return LineEnd.CUT
    if last == "/":
        return _after_slash(suffix, rest)
    if last == "-":
        return _after_hyphen(suffix, rest)
    return _after_dot(text, after, prefix, suffix, rest)


def _next_word(text: str, after: int) -> str:
    """Return the first word of the next line, if it may be the rest of a DOI, or ""."""
    found = None if _LIST_MARK.match(text, after) else _MARGIN.match(text, after)
    rest = found.group().rstrip(".,;:)_-/") if found else ""
    is_rest = _SUFFIX_REST.fullmatch(rest) and not rest.startswith(("10.", "http", "doi", "www"))
    return rest if is_rest else ""


def _balanced(rest: str, suffix: str) -> str:
    """Put back the closing bracket that `rstrip` took where one is open."""
    opened = (suffix + rest).count("(") - (suffix + rest).count(")")
    return rest + ")" if opened > 0 else rest


def _after_slash(suffix: str, rest: str) -> LineEnd:
    """A suffix without a number wants its rest; one with a number may end in a stray slash."""
    numbered = bool(re.search(r"\d", suffix))
    if _is_certain_rest(rest) and (not numbered or re.search(r"[-./(]", rest)):
        return LineEnd.GOES_ON
    return LineEnd.ENDS if numbered else LineEnd.CUT


def _after_hyphen(suffix: str, rest: str) -> LineEnd:
    """Join digits to digits: between letters the hyphen may be the typesetter's."""
    certain = suffix[-2:-1].isdigit() and rest[:1].isdigit() and not _WORDS.search(rest)
    return LineEnd.GOES_ON if certain and (len(rest) > 3 or "-" in rest) else LineEnd.CUT  # noqa: PLR2004


def _after_dot(text: str, after: int, prefix: str, suffix: str, rest: str) -> LineEnd:
    """Join only where the part before has no number of its own: else the dot ends a sentence."""
    if re.search(r"\d", suffix):
        return LineEnd.CUT if is_cut_off(prefix, suffix) or _is_last_number(text, after, rest) else LineEnd.ENDS
    if _is_certain_rest(rest) or re.fullmatch(r"\d{5,}", rest):
        return LineEnd.GOES_ON
    return LineEnd.CUT if is_cut_off(prefix, suffix) or rest[:1].isdigit() else LineEnd.ENDS


def _is_last_number(text: str, after: int, rest: str) -> bool:
    """Tell whether the next line begins with numbers and dots that no words follow, as the rest of a DOI does."""
    if not _NUMBERS.fullmatch(rest):
        return False
    if "." in rest or rest.startswith("0"):
        return True
    return len(rest) >= _LEAST_DIGITS and not _WORD_NEXT.match(text, after + len(rest))


def _is_certain_rest(rest: str) -> bool:
    """Tell whether `rest` can hardly be a word or a number of the next sentence."""
    if len(rest) < 5 or not re.search(r"\d", rest):  # noqa: PLR2004
        return False
    return bool(re.search(r"[A-Za-z]", rest) or re.search(r"\d[-.(]\d", rest))
