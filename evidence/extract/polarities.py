"""The polarity of each citation of a claim, from the clause that it closes or whose subject it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from evidence.extract.against import (
    is_seen_against,
    is_set_against,
    is_unlike_people,
    is_unlike_people_behind,
    may_stand_against,
)
from evidence.extract.blanks import without_blanks
from evidence.extract.clauses import may_name_people, names_a_paper
from evidence.extract.places import Place, without_links
from evidence.extract.polarity import read_polarity
from evidence.extract.subjects import (
    are_joined,
    denies,
    find_neither_verb,
    has_own_verb,
    is_subject,
    names_people,
    opens_with_verdict,
)
from evidence.vocabulary import Polarity

_JOINS = frozenset({"and", "&", "or", "and in", "and by", "and of", "and to", "and with", "as well as"})
# What goes on behind the last of "contrary to [^a], [^b] found" begins with it; "in men" does not.
_VERB = re.compile(
    r"[\])>*_]*\s+(?!(?:in|of|on|from|for|with|by|at|as|to|and|or|but|yet|both|also|which|who|that|while|although|though|"
    r"whereas)\b)[^\W\d_]"
)
# "Contradicts [^a]", "failed to replicate the finding of [^a]": the work at which the words are directed.
_OBJECT = re.compile(
    r"(?: (?:the|its|their))?(?: [\w-]+){0,2}(?: (?:of|from|by|in|reported (?:by|in)))?[\s\[(^*_]*$|[\s\[(^*_]*$"
)

# What joins the members of a list that stand with their names: "by Lee 2012[^b] and Park 2013[^c]".
_JOIN = re.compile(
    r"[\s\])*_^]*(?:[,;]\s*(?:(?:and|&|or|as well as)\s)?|(?:and|&|or|as well as)\s)\s*(?:(?:in|by|of|to|with)\s)?"
)
_AND = re.compile(r"[\])>*_]*\s+(?:and|&|or|as well as)\s")
_MOST_LISTED = 8
_POINTS = re.compile(r"\b(?:see|also|cf)\b", re.IGNORECASE)
_LONGEST_NAME = 200
_WIDEST_STOP = 3
# A bracket of nothing but citations and their names: "two trials (Lee 2012[^b]; Park 2013[^c]) found no effect".
_OPENS = re.compile(r"\([^()]*$")
_CLOSES = re.compile(r"[\]\s^*_]*\)")
# What is cited is not what the claim rests on: "(PMID 1; PMID 2 is an unrelated paper)".
_OTHER_PAPER = (
    r"(?:an? |the )?(?:unrelated|wrong|incorrect|misattributed|miscited) (?:papers?|articles?|stud(?:y|ies)|works?|"
    r"dois?|pmids?|identifiers?|citations?|references?|records?|one)\b"
)
_UNRELATED = re.compile(
    rf"[\])*_]{{0,4}},? ?(?:(?:which |that )?(?:(?:is|was) {_OTHER_PAPER}|"
    r"(?:resolves|points|belongs) to (?:an? |the )?(?:unrelated|different|another|other|wrong)\b)|"
    rf"(?:\((?:{_OTHER_PAPER}|unrelated)|(?<=, ){_OTHER_PAPER}|(?<=, )unrelated)(?=[.;)]))",
    re.IGNORECASE,
)

_NEXT_PART = re.compile(r"[\])]*;\s+[\[(^]*")
_NEXT_NAMED = re.compile(r"[\])]*[;.!?]\s+(?P<name>\S[^;]*)")
_NEXT_CLAUSE = re.compile(r"[;:,.]\s|\b(?:but|and|while|whereas|although|though|because)\b")


# The first word of a title, which no acronym is, and the signs that may stand before it.
_TITLE_BEGIN = re.compile(r"[\s*_\"'“”‘’]*[A-Z](?:[a-z]|(?=\s))")
_FEWEST_OF_TITLE = 3


class _Cited(NamedTuple):
    """A citation in the text as it is read: from where to where it stands, and where the clause ends that it closes."""

    start: int
    end: int
    closes: int


class _Subject(NamedTuple):
    """A mark, by its number, with words of contradiction directly behind it."""

    number: int
    verb: re.Match[str]


def read_polarities(text: str, start: int, places: Sequence[Place]) -> list[Polarity]:
    """Return the polarity of each citation of the claim that begins at `start`, in order.

    Args:
        text: of the page, without its tags.
        start: where the claim begins.
        places: of its citations in order.
    """
    text, start, places = without_blanks(*without_links(text, start, places))
    cited = _find_ends(text, start, places)
    read: list[Polarity] = []
    heads: list[tuple[int, int]] = []
    subjects: list[_Subject] = []
    last = start
    polarity = Polarity.SUPPORTS
    for index, one in enumerate(cited):
        # Marks side by side close one clause, which is read once.
        between = text[last : one.closes].strip(" ,;[]()^\n")
        listed = bool(index) and (
            not _goes_on(text, last, one)
            if not between or between in _JOINS
            else _lists_by_name(text, cited, heads[-1], index)
        )
        if not listed or (between and polarity is Polarity.SUPPORTS):
            polarity = _read_clause(text, last, one, polarity, follows=index > 0)
            if polarity is Polarity.CONTRASTS and is_set_against(text, start, one.closes, one.end):
                polarity = Polarity.OPPOSES
        heads.append(heads[-1] if listed and not between else (last, one.closes))
        verb = has_own_verb(text, one.end)
        if verb is not None:
            subjects.append(_Subject(index, verb))
        last = max(last, one.end)
        read.append(polarity)
    for subject in subjects:
        _turn(text, cited, heads, read, subject)
    _turn_neither(text, cited, heads, read)
    _turn_against(text, cited, heads, read)
    return [
        Polarity.MENTIONS if _UNRELATED.match(text, one.end) else polarity
        for one, polarity in zip(cited, read, strict=True)
    ]


def _find_ends(text: str, start: int, places: Sequence[Place]) -> list[_Cited]:
    """Return the citations with the end of the clause that each closes, of which the words of its link may be part."""
    cited: list[_Cited] = []
    last = start
    for begin, end, words, words_end in places:
        stated = words < words_end and begin >= last and _state_something(text, last, words, words_end)
        cited.append(_Cited(begin, end, words_end if stated else begin))
        last = max(last, end)
    return cited


def _state_something(text: str, last: int, begin: int, end: int) -> bool:
    """Tell whether the words of a link are part of the sentence, and no name or title of what it links."""
    words = text[begin:end]
    if names_a_paper(words) or may_name_people(words):
        return False
    if len(words.split()) < _FEWEST_OF_TITLE or not _TITLE_BEGIN.match(words):
        return True
    # A capital begins any sentence; within one it begins a title, unless people are named who contradict.
    before = text[last:begin].rstrip(" \n*_([\"'“‘")
    return not before or before.endswith((".", "!", "?", ":")) or opens_with_verdict(words)


def _lists_by_name(text: str, cited: Sequence[_Cited], head: tuple[int, int], index: int) -> bool:
    """Tell whether a citation goes on with the list of the one before it: "by Lee 2012[^a] and Park 2013[^b]"."""
    one, before = cited[index], text[cited[index - 1].end : cited[index].closes]
    stop = _stop(text, head[1])
    if not _joins(text, cited, index):
        return False
    if _AND.match(before):
        return _VERB.match(text, one.end) is None
    # A comma may as well end the clause: "although this was refuted[^a], Lee 2012[^b] and others found it".
    last = index
    for after in range(index + 1, min(len(cited), index + _MOST_LISTED)):
        if not _only_lists((stop and _stop(text, cited[last].closes)) + text[cited[last].end : cited[after].closes]):
            break
        last = after
    return _VERB.match(text, cited[last].end) is None and _AND.match(text, cited[last].end) is None


def _joins(text: str, cited: Sequence[_Cited], index: int) -> bool:
    """Tell whether nothing but names and what joins stands between a citation and the one before it."""
    before, stop = text[cited[index - 1].end : cited[index].closes], _stop(text, cited[index - 1].closes)
    # All of "Lee 2012,[^a] Park 2013,[^b]" are glued to their stops.
    return _only_lists(before) or bool(stop and _only_lists(stop + before) and _stop(text, cited[index].closes))


def _stop(text: str, mark: int) -> str:
    """Return the stop that a mark is glued to, which is read as if it stood behind: "Lee 2012,[^a] Park 2013[^b]"."""
    before = text[max(0, mark - _WIDEST_STOP) : mark].rstrip()[-1:]
    return before if before and before in ".!?,;" else ""


def _only_lists(between: str) -> bool:
    """Tell whether what stands between two citations joins them and names the paper of the second."""
    if len(between) > _LONGEST_NAME or (")" in between and "(" not in between):
        return False
    join = _JOIN.match(between)
    if join is None or _POINTS.search(between):
        return False
    name = " ".join(between[join.end() :].split())
    return names_a_paper(name) or may_name_people(name)


def _goes_on(text: str, last: int, one: _Cited) -> bool:
    """Tell whether a citation behind a comma or "and" is no member of a list, but what the sentence goes on with."""
    return text[last : one.start].strip(" ;[]()^\n") != "" and _VERB.match(text, one.end) is not None


def _read_clause(text: str, last: int, one: _Cited, before: Polarity, *, follows: bool) -> Polarity:
    """Return the polarity of a clause; words that only mention may stand before the link that they are of."""
    polarity = read_polarity(text, last, one.closes, follows=follows)
    if polarity is not Polarity.SUPPORTS or one.closes == one.start:
        return polarity
    between = text[last : one.start].strip(" ,;()\n")
    if before is Polarity.MENTIONS and (not between or between in _JOINS):
        return before
    said = read_polarity(text, last, one.start, follows=follows)
    return said if said is Polarity.MENTIONS else polarity


def _turn(
    text: str, cited: Sequence[_Cited], heads: Sequence[tuple[int, int]], read: list[Polarity], subject: _Subject
) -> None:
    """Let the subjects of one verb contrast, and the citation that is its object only be mentioned."""
    first = _find_first(text, cited, heads, subject)
    if first is None or (subject.verb["bare"] and first and denies(text, heads[first - 1][1])):
        return
    for index in range(first, subject.number + 1):
        read[index] = Polarity.CONTRASTS
    _read_behind(text, cited, heads, read, subject)


def _turn_neither(text: str, cited: Sequence[_Cited], heads: Sequence[tuple[int, int]], read: list[Polarity]) -> None:
    """Let two citations contrast that did not find what stands before them; alone they support what they did not."""
    for index in range(1, len(cited)):
        first, second = cited[index - 1], cited[index]
        start = heads[index - 1][0]
        verb = find_neither_verb(text, start, (first.start, first.end), (second.start, second.end))
        if verb is not None and (verb["repeats"] or start > heads[0][0]):
            read[index - 1 : index + 1] = [Polarity.CONTRASTS] * 2


def _turn_against(text: str, cited: Sequence[_Cited], heads: Sequence[tuple[int, int]], read: list[Polarity]) -> None:
    """Let works oppose of which a list says that others found otherwise, or to which "but see" sends the reader."""
    for first, (start, mark) in enumerate(heads):
        if not may_stand_against(text, heads[0][0], mark):
            continue
        last = first
        while last + 1 < min(len(cited), first + _MOST_LISTED) and (
            heads[last + 1] == heads[last] or _joins(text, cited, last + 1)
        ):
            last += 1
        # "Refuted by Lee 2012[^b], but see [^c]" sends the reader to what speaks for the statement.
        is_answer = first > 0 and read[first - 1].is_against
        if not is_answer and any(
            one(text, heads[0][0], mark, cited[last].end) for one in (is_seen_against, is_unlike_people_behind)
        ):
            read[first : last + 1] = [Polarity.OPPOSES] * (last + 1 - first)
        # Those who find may stand in the same list: "Unlike Lee 2012[^a], Park 2013[^b] and Wu 2014[^c] found".
        unlike = (one for one in range(last, first - 1, -1) if is_unlike_people(text, start, mark, cited[one].end))
        if (end := next(unlike, None)) is not None:
            read[first : end + 1] = [Polarity.OPPOSES] * (end + 1 - first)


def _find_first(text: str, cited: Sequence[_Cited], heads: Sequence[tuple[int, int]], subject: _Subject) -> int | None:
    """Return the first of the citations that are the subject of a verb together; None where they are not."""
    index, verb = subject
    bracket = _find_bracket(text, cited, heads, index)
    if bracket is not None:
        first, opening = bracket
        start = heads[first][0]
        return first if is_subject(text, start, opening, verb, follows=start > heads[0][0]) else None
    found = None
    while True:
        if _begins_anew(text, cited, heads, index):
            return index
        # What follows of "[^b] and [^c]" need not look like a subject where the first begins anew.
        if found in {None, index + 1} and _is_subject(text, heads, _Subject(index, verb)):
            found = index
        if not index or not are_joined(text[cited[index - 1].end : cited[index].start]):
            return found
        index -= 1


def _find_bracket(
    text: str, cited: Sequence[_Cited], heads: Sequence[tuple[int, int]], last: int
) -> tuple[int, int] | None:
    """Return the first citation of the bracket that closes behind the last of several, and where it opens."""
    if not last or not _CLOSES.match(text, cited[last].end):
        return None
    first = last
    while first and _only_lists(_stop(text, heads[first - 1][1]) + text[cited[first - 1].end : cited[first].start]):
        first -= 1
    head = text[max(cited[first - 1].end if first else 0, cited[first].start - _LONGEST_NAME) : cited[first].start]
    opens = _OPENS.search(head)
    if first == last or opens is None or not (names_a_paper(opens.group()) or may_name_people(opens.group())):
        return None
    return first, cited[first].start - len(opens.group())


def _is_subject(text: str, heads: Sequence[tuple[int, int]], subject: _Subject) -> bool:
    start, begin = heads[subject.number]
    return is_subject(text, start, begin, subject.verb, follows=start > heads[0][0])


def _begins_anew(text: str, cited: Sequence[_Cited], heads: Sequence[tuple[int, int]], index: int) -> bool:
    """Tell whether a mark behind one that closes a part begins the next: "falls.[^a] [^b] contradicts this"."""
    if not index:
        return False
    between = text[cited[index - 1].end : cited[index].start]
    if heads[index] != heads[index - 1]:
        # With the name of its paper: "(Kim 2011[^a]; Lee 2012[^b] found no effect)".
        named = _NEXT_NAMED.fullmatch(_stop(text, heads[index - 1][1]) + between[:_LONGEST_NAME])
        return named is not None and names_people(named["name"])
    if between.isspace():
        return text.endswith((".", "!", "?", ";"), 0, heads[index][1])
    return _NEXT_PART.fullmatch(between) is not None


def _read_behind(
    text: str, cited: Sequence[_Cited], heads: Sequence[tuple[int, int]], read: list[Polarity], subject: _Subject
) -> None:
    """Read the next citation without the verb, which is its subject's, unless it closes the same clause."""
    first = subject.number + 1
    if first >= len(cited):
        return
    begin, end = subject.verb.end(), cited[first].start
    if _OBJECT.fullmatch(text, begin, max(begin, end)):
        polarity = Polarity.MENTIONS
    elif _NEXT_CLAUSE.search(text, begin, max(begin, end)):
        polarity = read_polarity(text, begin, max(end, cited[first].closes), follows=True)
    else:
        return
    for index in range(first, len(cited)):
        if heads[index] != heads[first]:
            return
        read[index] = polarity
