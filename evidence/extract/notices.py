"""Which identifiers in the text of a claim are notices of a retraction or correction, which are no evidence.

What a note says is read by `notes/roles.py`. In running text the same words mean more else, such as axons that retract
and drugs that are withdrawn: a notice is one by its full name, or right behind the paper that it is of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from evidence.extract.clauses import may_name_people, names_a_paper
from evidence.extract.places import Place, without_links

_NOTICE = (
    r"(?:(?:retraction|retracted|withdrawal|correction) (?:notice|note)s?|"
    r"notices? of (?:retraction|concern|correction|withdrawal)|"
    r"errat(?:um|a)|corrigend(?:um|a)|(?:author|publisher(?:['’]s)?) corrections?|"
    r"(?:editorial )?expressions? of concern)"
)
_LABEL = r"(?:(?:doi|PMID|PMCID)\b)?[:\s]{0,3}(?:https?://\S{0,60})?"
# "retraction notice: doi:10.1/b", "(erratum in [2]", "the expression of concern".
_NAMED = re.compile(
    rf"(?<![\w-])(?<!\bno ){_NOTICE}(?: (?:in|at|as|see|published (?:in|as)))?[\s:,(\[*_–—-]{{0,6}}{_LABEL}$",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"[)\]*_]{{0,4}},? ?(?:\((?:the |an? )?{_NOTICE}\)|(?:is|was) (?:the |its |an? )?{_NOTICE}\b)", re.IGNORECASE
)
_DATE = r"(?: (?:in|on))?(?: [A-Z][a-z]{2,8})? (?:19|20)\d\d"
# Right behind a paper: ", since retracted (10.1/b", "(retraction: doi:10.1/b".
_BEHIND_PAPER = re.compile(
    r"[\s)\]*_]{0,4}[,;:(\[–—-][\s(\[*_]{0,4}(?:(?:which|that|since|later|now|was|has|been|subsequently|then) ){0,4}"
    rf"retracted(?: (?:in|by|via|per)|{_DATE})?[\s:,;(\[*_]{{0,4}}(?:see )?{_LABEL}|"
    r"(?:[\s*_]{0,4}[,;:–—-]|[\s)\]*_]{0,4}[(\[])[\s*_]{0,4}(?:see )?(?:the |its )?"
    rf"(?:retraction|correction|withdrawal)s?[\s:*_]{{0,4}}{_LABEL}",
    re.IGNORECASE,
)
# Only in the plural is a word of several: "errata: 10.1/b, 10.1/c"; "erratum: 10.1/b, 10.1/c" may end with a paper.
_SEVERAL = re.compile(
    r"\b(?:(?:notic|not)es|notices of \w+|errata|corrigenda|(?:correction|retraction|withdrawal)s|"
    r"expressions of concern)"
    rf"(?: (?:in|at|as|see|published (?:in|as)))?[\s:,(\[)\]*_–—-]{{0,6}}{_LABEL}$",
    re.IGNORECASE,
)
_NEXT = re.compile(
    rf"[\s)\]*_]{{0,4}}(?:[,;]|,? (?:and|&)(?=\s))[\s(\[*_]{{0,4}}(?:(?:and|&)\s)?{_LABEL}", re.IGNORECASE
)
# "[Retraction: Bone is lost in mice](10.1/b)"; the paper itself is called "RETRACTED: Bone is lost in mice".
_TITLE = re.compile(
    r"[\s*_\"“‘']{0,4}(?:Retraction|Correction|Erratum|Corrigendum|(?:Editorial )?Expression of [Cc]oncern)"
    r"(?: [Nn]ot(?:ic)?e)?(?: (?:to|for|on))?: "
)
# Each of the words holds one of these, which costs less to look for.
_HINTS = ("etract", "orrect", "rrat", "orrig", "oncern", "ithdraw")
_WIDTH = 160
_WIDTH_BEHIND = 60


def find_notices(text: str, start: int, places: Sequence[Place]) -> list[bool]:
    """Tell of each citation of the claim that begins at `start` whether the words call it a notice.

    Args:
        text: of the page, without its tags.
        start: where the claim begins.
        places: of its citations in order.

    >>> from evidence.extract.places import find_places
    >>> from evidence.identifiers import find_identifiers
    >>> text = "Bone falls (doi:10.1000/a; retraction notice: doi:10.1000/b)."
    >>> find_notices(text, 0, find_places(text, 0, find_identifiers(text)))
    [False, True]
    """
    said = text[start : places[-1].end + _WIDTH_BEHIND]
    if not any(map(said.__contains__, _HINTS)):
        return [False] * len(places)
    return _find(*without_links(text, start, places))


def join_notices(clauses: Sequence[int], notices: Sequence[bool]) -> list[int]:
    """Return the clauses of citations with each notice in that of the citation before it: it states nothing itself.

    >>> join_notices([0, 1, 2], [False, True, False])
    [0, 0, 1]
    """
    joined: list[int] = []
    fewer = 0
    for index, (clause, is_notice) in enumerate(zip(clauses, notices, strict=True)):
        if is_notice and index and clause > clauses[index - 1]:
            fewer += 1
        joined.append(clause - fewer)
    return joined


def _find(text: str, start: int, places: Sequence[Place]) -> list[bool]:
    found: list[bool] = []
    last, paper, several = start, False, False
    for index, place in enumerate(places):
        words = text[place.words : place.words_end]
        stop = min(place.end + _WIDTH_BEHIND, places[index + 1].start if index + 1 < len(places) else len(text))
        before = text[max(last, place.start - _WIDTH) : place.start]
        is_named = _is_notice(before, words, is_behind_paper=paper and place.start - last < _WIDTH)
        several = (is_named and _names_several(before, words)) or (several and _NEXT.fullmatch(before) is not None)
        found.append(is_named or several or _BEHIND.match(text, place.end, stop) is not None)
        last = max(last, place.end)
        paper = not words or names_a_paper(words) or may_name_people(words)
    return found


def _names_several(before: str, words: str) -> bool:
    return any(_SEVERAL.search(said) for said in (before, before + words.strip()))


def _is_notice(before: str, words: str, *, is_behind_paper: bool) -> bool:
    """Tell whether the words before an identifier, and those of its link, say that it is a notice."""
    return _TITLE.match(words) is not None or any(
        _NAMED.search(said) or (is_behind_paper and _BEHIND_PAPER.fullmatch(said))
        for said in (before, before + words.strip())
    )
