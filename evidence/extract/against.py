"""Words that set a work against the statement they stand with: "it falls, contrary to [^b]", "(contradicted by [^b])".

Where they are the statement ("Lee's finding was refuted by [^b]"), the work is its support.
"""

from __future__ import annotations

import re

from evidence.extract.polarity import CONTRARY_TO

_BUT = r"(?:(?:but|yet|and|although|though|albeit|while|however|later|since|now|also|then|\w+ly),?\s+){0,3}"
_CONTRARY = rf"(?:unlike|contra|{CONTRARY_TO})\b"
_REFUTED = r"(?:contradicted|refuted|disputed|disproved|disproven|rebutted|challenged)"
_BY = rf"(?:{_REFUTED}|not (?:\w+ly )?(?:replicated|reproduced|confirmed))(?: \w+){{0,3}}? (?:by|in)\b"
# What names the statement before it, and says that it was refuted.
_THIS_WAS = (
    r"(?:this|that|it|which|these|those|the (?:findings?|results?|claims?|effects?|conclusions?|hypothesis|idea|view))"
    rf"\s+(?:was|were|is|are|(?:has|have|had)(?: \w+)? been)(?: \w+){{0,2}}? {_REFUTED}\b"
)
# Up to the mark only names of papers follow, no verb of another subject: "(disputed in 2012), was revived [^b]".
_NAMES = r"(?:[^.;:,]|\bal\.|,(?=[\s\[(^*_]*(?:$|(?:19|20)\d\d|and\b|&|(?-i:[A-Z]))))*[.,]?[\s\[(^*_]*"
_BEHIND = re.compile(rf"(?:[,;:(\[—–]|\s--?)[\s*_]*{_BUT}(?:{_CONTRARY}|{_BY}|{_THIS_WAS}){_NAMES}$", re.IGNORECASE)
_BEFORE = re.compile(rf"[\s*_]*{_CONTRARY}[^.;:]*$", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]{2,}\W+[^\W\d_]{2,}")
_GOES_ON = re.compile(r",\s+[^\W_][\w'’-]*\s+[^\W_]")
# Words farther from the mark are not of what it closes.
_REACH = 160


def is_set_against(text: str, start: int, mark: int) -> bool:
    """Tell whether the words before a mark, which contrast, set its work against what the claim states beside them.

    Args:
        text: of the page.
        start: where the claim begins.
        mark: where the mark stands.

    >>> [is_set_against(f"{words} [^b]", 0, len(words) + 1) for words in ("It falls, contrary to", "It was refuted by")]
    [True, False]
    """
    tail = max(start, mark - _REACH)
    behind = _BEHIND.search(text, tail, mark)
    if behind is not None:
        return _WORDS.search(text, start, behind.start()) is not None
    if not _BEFORE.fullmatch(text, start, mark):
        return False
    return _GOES_ON.search(text, mark, mark + _REACH) is not None
