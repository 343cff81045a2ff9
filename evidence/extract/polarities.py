"""The polarity of each citation of a claim, from the clause that it closes or whose subject it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from evidence.extract.clauses import may_name_people, names_a_paper
from evidence.extract.forms.layout import Link, Spanned, link_at
from evidence.extract.polarity import read_polarity
from evidence.extract.subjects import are_joined, has_own_verb, is_subject
from evidence.vocabulary import Polarity

_JOINS = frozenset({"and", "&", "or", "and in", "and by", "and of", "as well as"})
# The rest of a link, what joins, and the beginning of the next, with its words.
_NEXT_LINK = re.compile(
    r"(?:[^\s\[\]()]*[)\]]+)?(?:[,;&\s]|(?:and|or|as well as)(?![^\W_]))*\[([^\[\]]{1,200})\]\(<?[^\s()]{0,300}$"
)
_CLAUSE_END = re.compile(r"[\s\])>*_]*(?:[.,;:|]|$|\n)")
# "Contradicts [^a]", "failed to replicate the finding of [^a]": the work at which the words are directed.
_OBJECT = re.compile(
    r"(?: (?:the|its|their))?(?: [\w-]+){0,2}(?: (?:of|from|by|in|reported (?:by|in)))?[\s\[(^*_]*$|[\s\[(^*_]*$"
)

_NEXT_PART = re.compile(r"[\])]*;\s+[\[(^]*")
_NEXT_CLAUSE = re.compile(r"[;:,.]\s|\b(?:but|and|while|whereas|although|though|because)\b")


class _Place(NamedTuple):
    """A citation as it stands in the text; of a page with tags with its link, and where the words of that end."""

    start: int
    end: int
    words_end: int = 0


class _Subject(NamedTuple):
    """A mark, by its number, with words of contradiction directly behind it."""

    number: int
    verb: re.Match[str]


def read_polarities(text: str, start: int, citations: Sequence[Spanned], links: Sequence[Link] = ()) -> list[Polarity]:
    """Return the polarity of each citation of the claim that begins at `start`, in order.

    Args:
        text: of the page, without its tags.
        start: where the claim begins.
        citations: in order.
        links: of a page with tags, in order: the text does not show where these stand.
    """
    cited = [_place_of(text, one, links) for one in citations] if links else citations
    read: list[Polarity] = []
    heads: list[tuple[int, int]] = []
    subjects: list[_Subject] = []
    last = start
    polarity = Polarity.SUPPORTS
    for index, one in enumerate(cited):
        begin, end = one.start, one.end
        # Marks side by side close one clause, which is read once.
        between = text[last:begin].strip(" ,;[]()^\n")
        if not index or between:
            joined = between in _JOINS or _is_linked_paper(text[last:begin])
            if not joined or polarity is Polarity.SUPPORTS or not _CLAUSE_END.match(text, end):
                polarity = read_polarity(text, last, begin, follows=index > 0)
            heads.append((last, begin))
        else:
            heads.append(heads[-1])
        if polarity is Polarity.SUPPORTS and isinstance(one, _Place) and one.words_end > last:
            polarity = read_polarity(text, last, one.words_end, follows=index > 0)
        verb = has_own_verb(text, end)
        if verb is not None:
            subjects.append(_Subject(index, verb))
        last = max(last, end)
        read.append(polarity)
    for subject in subjects:
        _turn(text, cited, heads, read, subject)
    return read


def _place_of(text: str, one: Spanned, links: Sequence[Link]) -> _Place:
    """Return where a citation stands, which is where its link does."""
    link = link_at(links, one.start)
    if link is None:
        return _Place(one.start, one.end)
    begin, words, end = link
    return _Place(begin, end, words + len(text[words:end].rstrip()))


def _is_linked_paper(between: str) -> bool:
    """Tell whether what stands between two identifiers only begins another link, whose words name a paper."""
    found = _NEXT_LINK.match(between)
    return found is not None and (names_a_paper(found.group(1)) or may_name_people(found.group(1)))


def _turn(
    text: str, cited: Sequence[Spanned], heads: Sequence[tuple[int, int]], read: list[Polarity], subject: _Subject
) -> None:
    """Let the subjects of one verb contrast, and the citation that is its object only be mentioned."""
    index, verb = subject
    begins_anew = _begins_anew(text, cited, heads, index)
    if not begins_anew and not _is_subject(text, heads, subject):
        return
    read[index] = Polarity.CONTRASTS
    _read_behind(text, cited, heads, read, subject)
    while index and not begins_anew and are_joined(text[cited[index - 1].end : cited[index].start]):
        index -= 1
        if not _is_subject(text, heads, _Subject(index, verb)):
            return
        read[index] = Polarity.CONTRASTS


def _is_subject(text: str, heads: Sequence[tuple[int, int]], subject: _Subject) -> bool:
    start, begin = heads[subject.number]
    return is_subject(text, start, begin, subject.verb, follows=start > heads[0][0])


def _begins_anew(text: str, cited: Sequence[Spanned], heads: Sequence[tuple[int, int]], index: int) -> bool:
    """Tell whether a mark behind one that closes a part begins the next: "falls.[^a] [^b] contradicts this"."""
    if not index or heads[index] != heads[index - 1]:
        return False
    between = text[cited[index - 1].end : cited[index].start]
    if between.isspace():
        return text.endswith((".", "!", "?", ";"), 0, heads[index][1])
    return _NEXT_PART.fullmatch(between) is not None


def _read_behind(
    text: str, cited: Sequence[Spanned], heads: Sequence[tuple[int, int]], read: list[Polarity], subject: _Subject
) -> None:
    """Read the next citation without the verb, which is its subject's, unless it closes the same clause."""
    first = subject.number + 1
    if first >= len(cited):
        return
    begin, end = subject.verb.end(), cited[first].start
    if _OBJECT.fullmatch(text, begin, max(begin, end)):
        polarity = Polarity.MENTIONS
    elif _NEXT_CLAUSE.search(text, begin, max(begin, end)):
        polarity = read_polarity(text, begin, end, follows=True)
    else:
        return
    for index in range(first, len(cited)):
        if heads[index] != heads[first]:
            return
        read[index] = polarity
