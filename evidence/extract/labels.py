"""Items of a list that are a label and marks or links ("Contradicted by: [^b]"): they are about the item above."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evidence.extract.columns import words_of_heading
from evidence.extract.forms.layout import Link
from evidence.extract.headings import is_against, is_for
from evidence.extract.places import find_places
from evidence.records import Citation
from evidence.statements import why_no_statement
from evidence.vocabulary import ClaimKind, Polarity

_LABEL = re.compile(r"[\s*_]*([A-Za-z][^\[\]:\n]{1,60}?)[\s*_]*:[\s*_]*")
# What may stand between marks and links, with the brackets around them, and a tag behind them.
_BETWEEN = re.compile(r"(?:[\s,;.&*_()\[\]]|\band\b|`?#gap/[\w/-]+`?)*")
_SOURCES = re.compile(
    r"(?:(?:primary|key|main|supporting) )?(?:source|reference|ref|citation|study|studies|evidence)s?(?: for)?"
)
_Section = tuple[str, ...]


def read_label(
    text: str, start: int, end: int, citations: Sequence[Citation], links: Sequence[Link] = ()
) -> Polarity | None:
    """Return what an item that is nothing but a label and what it cites says of that, or None for all others.

    Args:
        text: the page.
        start: where the words of the item begin.
        end: where it ends.
        citations: those of the item, in order.
        links: of a page with tags, in order.

    >>> from evidence.vocabulary import Polarity
    >>> mark = Citation("b", 0, None, 17, 21, Polarity.SUPPORTS)
    >>> read_label("Contradicted by: [^b]", 0, 21, [mark])
    <Polarity.OPPOSES: 'opposes'>
    """
    label = _LABEL.match(text, start, end)
    # A notice of a retraction, or what the words of a link point at ("see also"), is about something else.
    if label is None or not citations or any(one.polarity is Polarity.MENTIONS for one in citations):
        return None
    at = label.end()
    for place in find_places(text, at, citations, links):
        # Of several keys in one pair of brackets each has the brackets.
        if not _BETWEEN.fullmatch(text, at, max(at, place.start)):
            return None
        at = max(at, place.end)
    # In a page with tags a mark may end with its link, behind what is seen of the item.
    if at < end and not _BETWEEN.fullmatch(text, at, end):
        return None
    said = " ".join(words_of_heading(label[1]))
    if is_against(said):
        return Polarity.OPPOSES
    return Polarity.SUPPORTS if is_for(said) or _SOURCES.fullmatch(said) else None


def may_be_labelled(section: _Section, words: str) -> bool:
    """Tell whether an item states something that works below it can support or oppose.

    >>> may_be_labelled((), "Bone is lost with age."), may_be_labelled((), "Evidence:")
    (True, False)
    """
    label = _LABEL.fullmatch(words)
    return (label is None or " " in label[1].strip()) and why_no_statement(ClaimKind.LIST_ITEM, section, words) is None


def count_clauses(citations: Sequence[Citation]) -> int:
    """Return how many clauses are closed by citations.

    >>> count_clauses([]), count_clauses([Citation("a", 0, None, 8, 12)])
    (0, 1)
    """
    return max((one.clause for one in citations), default=-1) + 1


def with_label(
    above: Sequence[Citation], below: Sequence[Citation], polarity: Polarity, clauses: int
) -> tuple[Citation, ...]:
    """Return the citations of an item with those of the label below it.

    What supports an item of one clause closes that too, whatever other labels stand between; of several clauses nobody
    knows which it is about.

    Args:
        above: those of the item, and of labels before this one.
        below: those of the label.
        polarity: what the label says of them.
        clauses: how many the words of the item have.

    >>> one, other = Citation("a", 0, None, 8, 12), Citation("b", 0, None, 30, 34)
    >>> [(mark.note, mark.clause) for mark in with_label([one], [other], Polarity.SUPPORTS, 1)]
    [('a', 0), ('b', 0)]
    """
    is_of_one = polarity is Polarity.SUPPORTS and clauses <= 1
    clause = 0 if is_of_one else count_clauses(above)
    opposes = polarity is Polarity.OPPOSES
    turned = (one._replace(clause=clause, polarity=polarity if opposes else one.polarity) for one in below)
    return (*above, *turned)
