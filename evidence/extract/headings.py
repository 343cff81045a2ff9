"""Which columns of a table hold the works that speak against its rows: "Contradicted by", "Evidence against".

What a heading says is said of every citation below it, as the words of a sentence are of its marks.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import groupby

from evidence.extract.columns import trim, words_of_heading
from evidence.extract.forms.layout import Cell, Layout
from evidence.extract.grid import cells_of, header_of, headings_of
from evidence.records import Citation
from evidence.vocabulary import Polarity

_WORKS = (
    r"(?:evidence|stud(?:y|ies)|findings?|results?|papers?|reports?|trials?|data|works?|sources?|references?|refs?|citations?|"
    r"publications?|articles?|literature|observations?|experiments?|groups?|labs?|authors?|pmids?|dois?)"
)
_REPEATED = r"(?:independently )?(?:replicated|reproduced|confirmed)"
_DOES = r"(?:contradict|refute|dispute|disprove|rebut|challenge|oppose)s?"
_FAILED = r"fail(?:s|ed|ing)? to (?:replicate|reproduce|confirm)"
_DOING = (
    r"(?:against|contradicting|refuting|disputing|disproving|rebutting|challenging|opposing|disagreeing(?: with)?|"
    rf"{_FAILED}|(?:which|that) (?:{_DOES}|{_FAILED}|disagrees?(?: with)?|do(?:es)? not support))"
)
_THE_ROW = (
    r"(?: (?:it|this|(?:(?:the|this|that) )?"
    r"(?:claim|statement|finding|hypothesis|view|effect|association|idea|theory)))?"
)
# The whole heading: "Disputed findings" are those of the rows, and "Evidence for and against" is of both.
_AGAINST = re.compile(
    r"(?:contradicted|refuted|disputed|disproved|disproven|rebutted|challenged|opposed|countered|questioned|"
    rf"called into (?:question|doubt)|not (?:{_REPEATED}|supported)) (?:by|in)(?: {_WORKS})?|"
    rf"(?:contradicts|refutes|disputes|disproves|disagrees with|argues against|speaks against){_THE_ROW}|"
    r"(?:contradictory|contradicting|conflicting|contrary|opposing|disconfirming|refuting|disputing|dissenting|"
    rf"non ?supporti(?:ng|ve)|unsupporti(?:ng|ve)) {_WORKS}|"
    rf"contradictory|disconfirming|counter ?(?:evidence|examples?|arguments?)|contradictions?|rebuttals?|"
    rf"arguments? against|{_WORKS} {_DOING}{_THE_ROW}|non ?replications?|"
    r"failed (?:replications?|replication (?:attempts?|stud(?:y|ies)|trials?))|"
    rf"failed to (?:replicate|reproduce|confirm)(?:{_THE_ROW}| (?:in|by)(?: {_WORKS})?)"
)
# What a heading says of the form of what stands below, not of its stance: "Evidence against (PMID)", "(n)".
_FORM_OF = re.compile(r"(?: (?:pmc?ids?|pubmed|pmc|dois?|ids?|n|s)){1,4}$")
# These alone may mean something else (an antibody "against" a protein), unless a column beside them is for the rows.
_AGAINST_OR_ELSE = frozenset({"against", "con", "contra", "opposed", "opposing", "refuting", "contradicting"})
_FOR = re.compile(
    rf"for|pro|in favou?r|support(?:s|ed|ing|ive)?(?: by| {_WORKS})?|{_WORKS} (?:for|supporting|in favou?r)|"
    rf"confirm(?:s|ed|ing)|{_REPEATED} (?:by|in)(?: {_WORKS})?|(?:corroborated|verified) (?:by|in)(?: {_WORKS})?"
)
# Each of the headings holds one of these, which costs less to look for.
_HINTS = re.compile(
    r"against|contra|refut|disput|disprov|rebut|challeng|oppos|counter|question|doubt|not\s|fail|disagree|conflict|"
    r"dissent|disconfirm|non.?(?:replic|support)|unsupport|\bcon\b",
    re.IGNORECASE,
)
# A cell may say that there is nothing: "none [^a]", "no known ones", "no trial has contradicted it [^a]".
# "No effect in men [^a]" and "none of the trials found one [^a]" speak against the row.
_STUDIES = (
    r"(?:evidence|stud(?:y|ies)|trials?|papers?|reports?|data|works?|results?|findings?|publications?|experiments?|"
    r"sources?|research|literature|ones?|replications?|rcts?|reviews?|meta.?analys[ei]s|cohorts?|groups?|authors?)"
)
_CONTRARY = r"(?:contrary|contradict\w*|conflict\w*|opposing|disconfirming|dissenting|refut\w+|disput\w+)"
_REFUTES = (
    r"(?:contradict|refut|disput|disprov|rebut|challeng|oppos|disagree|question|speaks? against|argues? against|"
    r"fail(?:s|ed)? to (?:replicate|reproduce|confirm))"
)
_LOOKED_FOR = (
    r"(?: (?:were|was|are|is|has|have|been|yet|so far|to date|at present|currently|as of \S+|found|known|reported|"
    r"identified|published|available|listed))"
)
_SOURCE = r" (?:in|by|per|from|according to|as of|since|until)"
# A link begins with a star in the copy of HTML, and spaces for its address.
_SIGN = r"[\s*_]*(?:[\[.,;:()|<]|\*\s{9}|$)"
# What ends the words that say so, or the source that says so behind them.
_SAID = (
    rf"(?:{_LOOKED_FOR}+(?:(?={_SIGN})|{_SOURCE}\b)|"
    rf"(?={_SIGN}|{_SOURCE}[\s*_]+(?:\[|\d|(?-i:[A-Z]))))"
)
_NOTHING = re.compile(
    rf"[\s*_(]*(?:(?:none|nothing|nobody|no(?!\.? ?(?:\d|of\b))|n/?a|0(?![.,]\d)|[–—-]){_SAID}|"
    rf"no (?:(?:known|such|published|other|further|direct|clear) )*(?:{_STUDIES}{_SAID}|{_CONTRARY}\b)|"
    rf"no (?:\w+ )?{_STUDIES} (?:against|to the contrary)\b|"
    rf"(?:no (?:\w+ )?{_STUDIES}|none(?: of (?:\w+ ){{0,2}}\w+)?|nothing|nobody|no one) (?:\w+ )?(?:\w+ )?{_REFUTES}|"
    rf"(?:not|never) (?:(?:yet|been|ever|directly|so far) )*(?:contradicted|refuted|disputed|disproved|challenged)\b|"
    rf"not (?:yet|known|so far|to date|available|reported|applicable)(?={_SIGN}))",
    re.IGNORECASE,
)
# A cell may say of a work that it bears the row out, also below such a heading: "replicated by [^a]", "[^a] agrees".
_BORNE_OUT = re.compile(
    r"[\s*_(,;:.]*(?:(?:but|and|also|later|since|independently) )*"
    r"(?:replicated|reproduced|confirmed|supported|corroborated|verified) (?:by|in)\b|"
    r"(?:.*\b)?(?:agrees?|concurs?)[\s*_(:]*$",
    re.IGNORECASE | re.DOTALL,
)
# In HTML the name that is linked stands behind its address, between tags of which spaces are left.
_BEARS_OUT = re.compile(
    r"(?:\s\s.{0,100}?\s{4})?[\s*_():–—-]*"
    r"(?:agree[sd]?|concur(?:s|red)?|(?:confirm|support|corroborate|replicate|reproduce)(?:s|d|ed)?)"
    rf"(?: with)?{_THE_ROW}[\s*_]*(?:[.,;:()|<]|$)",
    re.IGNORECASE | re.DOTALL,
)
_DENIED = re.compile(
    r"\b(?:not?|never|none|nobody|neither|nor|hardly|only|partly|fail\w*|un\w+)\b|n['’]t\b", re.IGNORECASE
)
_STOP = re.compile(r"[;.](?=\s)")
_JOINS = re.compile(r"(?:[\s,&]|\band\b){0,9}")
# How far the words reach that are said of a work.
_REACH = 160


class Opposing:
    """Tells which citations of a table stand below a heading that sets them against their row."""

    def __init__(self, layout: Layout, table: int) -> None:
        """Read the header of a table, by its number."""
        self._layout = layout
        self._columns: frozenset[int] = frozenset()
        self._width = 0
        start, end = header_of(layout, table)
        if start < end and _HINTS.search(layout.text, start, end):
            headings = headings_of(layout, table)
            self._width = len(headings[-1])
            # What stands one below the other may be one heading: "Evidence" above "for" and "against".
            joined = [[" ".join(dict.fromkeys(column)) for column in zip(*headings, strict=True)]]
            self._columns = frozenset().union(*map(opposing_columns, headings + joined))

    def turn(self, start: int, end: int, citations: tuple[Citation, ...]) -> tuple[Citation, ...]:
        """Return the citations of the row from `start` to `end`, those below such a heading with what it makes of them.

        They oppose the row, but are only mentioned where the cell says that there is nothing, or that they agree.
        A cell that spans other columns too is told nothing of.
        """
        if not self._columns:
            return citations
        own = [cell for cell in cells_of(self._layout, start, end, self._width) if cell.start >= start]
        begins = [cell.start for cell in own]
        places = [bisect_right(begins, one.start) - 1 for one in citations]
        turned = list(citations)
        for place, group in groupby(range(len(citations)), places.__getitem__):
            if place >= 0 and self._opposes(own[place]):
                below = list(group)
                span = trim(self._layout.text, own[place].start, own[place].end)
                turned[below[0] : below[-1] + 1] = self._turn_cell(*span, [citations[index] for index in below])
        return tuple(turned)

    def _opposes(self, cell: Cell) -> bool:
        columns = range(cell.first, min(cell.last, self._width))
        return bool(columns) and self._columns.issuperset(columns)

    def _turn_cell(self, start: int, end: int, citations: Sequence[Citation]) -> list[Citation]:
        nothing = _NOTHING.match(self._layout.text, start, end)
        stop = _STOP.search(self._layout.text, start, end)
        # Behind "none in mice;" words may say of a work that it contradicts the row all the same.
        said = start if nothing is None else stop.start() if stop else end
        turned = []
        for one, agrees in zip(citations, self._agreeing(start, end, citations), strict=True):
            own = one.polarity is Polarity.CONTRASTS and one.start >= said
            mentions = one.polarity is Polarity.MENTIONS or (not own and (nothing or agrees))
            turned.append(one._replace(polarity=Polarity.MENTIONS if mentions else Polarity.OPPOSES))
        return turned

    def _agreeing(self, start: int, end: int, citations: Sequence[Citation]) -> list[bool]:
        """Tell of each citation of a cell whether the words beside it say that it bears the row out."""
        text = self._layout.text
        groups: list[list[int]] = []
        for index, one in enumerate(citations):
            if groups and _JOINS.fullmatch(text, citations[index - 1].end, one.start):
                groups[-1].append(index)
            else:
                groups.append([index])
        agreeing: list[bool] = []
        begin = start
        for group, following in zip(groups, [*groups[1:], None], strict=True):
            first, last = citations[group[0]], citations[group[-1]]
            stop = citations[following[0]].start if following else end
            before = _STOP.split(text[max(begin, first.start - _REACH) : first.start])[-1]
            behind = _STOP.split(text[last.end : min(stop, last.end + _REACH)])[0]
            said = _BORNE_OUT.match(before) or _BEARS_OUT.match(behind)
            agreeing += [said is not None and not _DENIED.search(f"{before} {behind}")] * len(group)
            begin = last.end
        return agreeing


def is_against(words: str) -> bool:
    """Tell whether words, in lower case, set the works that they head against a claim.

    >>> is_against("contradicted by"), is_against("against"), is_against("source")
    (True, True, False)
    """
    return words == "against" or _AGAINST.fullmatch(words) is not None


def is_for(words: str) -> bool:
    """Tell whether words, in lower case, say of the works that they head that they support a claim.

    >>> is_for("supported by"), is_for("against")
    (True, False)
    """
    return _FOR.fullmatch(words) is not None


def opposing_columns(headings: Sequence[str]) -> frozenset[int]:
    """Return the columns, from 0, whose headings set the works below them against the rows.

    >>> sorted(opposing_columns(["Claim", "Source", "Contradicted by"]))
    [2]
    >>> sorted(opposing_columns(["Claim", "For", "Against"])), sorted(opposing_columns(["Antibody", "Against"]))
    ([2], [])
    >>> sorted(opposing_columns(["Claim", "Evidence for/against", "Contradicts?"]))
    []
    """
    said = {heading: _said_of_rows(heading) for heading in set(headings)}
    words = [said[heading] for heading in headings]
    is_paired = any(map(_FOR.fullmatch, words))
    return frozenset(
        index
        for index, heading in enumerate(words)
        if _AGAINST.fullmatch(heading)
        or _AGAINST.fullmatch(_FORM_OF.sub("", heading))
        or (heading in _AGAINST_OR_ELSE and (is_paired or (index and words[index - 1] == "evidence")))
    )


def _said_of_rows(heading: str) -> str:
    """Return the words of a heading, or none where it asks: the answer is in the cell, unless it asks by whom."""
    words = words_of_heading(heading)
    if "?" in heading and words[-1:] not in (["by"], ["in"]):
        return ""
    return " ".join(words)
