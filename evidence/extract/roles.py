"""What each identifier does in its note: the work itself, a notice of it, its preprint, something related, or denied.

Only words right around an identifier decide: those since the last part or bracket before it, and those just behind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from evidence.records import Identifier, Primary
from evidence.vocabulary import Role, Scheme

# A part of a note ends here; full stops only before a capital, so that "et al. 10.1/x" stays in one part.
_PART = re.compile(r"\s·\s|·|;|\s—\s|\s\|\s|\n\n|[.!?](?=\s+[A-Z\"“(*#])")
_DENIED_BEFORE = re.compile(
    r"\b(?:incorrect(?:ly)?|wrong(?:ly)?|erroneous(?:ly)?|mis-?(?:cited|attributed|assigned|labell?ed|identified)|invalid|bogus|"
    r"fabricated|hallucinated|non-?existent|fake|"
    r"(?:previously|formerly|originally|earlier|initially) (?:cited|listed|given|recorded|stated|linked)(?: as| to)?|"
    r"seeder (?:had )?(?:cited|used|listed|gave)|(?:had|was|were) cited as|replaces? (?:the )?(?:wrong|incorrect)|"
    r"do not (?:use|cite)|instead of|rather than|corrected from|changed from|confused with)\b[^·;]{0,80}$|"
    r"\b(?:is |are |was )?(?:not|NOT)\s*(?:this|the|to be confused with|in)?\s*(?:right |correct |same |actual )?"
    r"(?:paper|doi|pmid|study|article|identifier|id)?\s*[:(]?\s*(?:doi|pmid|pmcid)?\s*[:]?\s*$",
    re.IGNORECASE,
)
_DENIED_BEHIND = re.compile(
    r"[\s)\]`*_,:–—-]*\(?\s*(?:which |that |this |it |doi |pmid |is |was |are |were |actually |in fact )*"
    r"(?:resolv(?:es|ed|ing) to (?:an? )?(?:unrelated|different|another|other|wrong)|"
    r"points? to (?:an? )?(?:unrelated|different|another|other|wrong)|belongs to (?:an? )?(?:unrelated|different|another|other)|"
    r"(?:an? |the )?(?:incorrect|wrong|erroneous|invalid|unrelated|misattributed|fabricated|hallucinated|non-?existent)|"
    r"(?:does|did) not (?:exist|resolve|match)|not (?:this|the (?:right|correct|same)|a valid|valid|correct|found in)|"
    r"NOT (?:this|the)|404|for (?:an? )?(?:unrelated|different|another))",
)
_NOTICE = re.compile(
    r"\b(?:retraction(?: notice| note)?|notice of (?:retraction|concern|correction)|retract(?:ed|s) (?:by|in|via|per)|errat(?:um|a)|"
    r"corrigend(?:um|a)|addendum|correction(?: notice)?|correct(?:ed|s) (?:by|in|via)|(?:editorial )?expression of concern|"
    r"withdrawal(?: notice)?|now retracts it|retraction at)\b[^·;]{0,60}$",
    re.IGNORECASE,
)
_PREPRINT = re.compile(
    r"\b(?:pre-?prints?(?: version| of| at| doi| posted)?|bioRxiv|medRxiv|posted as|working paper|research square|ssrn)\b[^·;]{0,60}$",
    re.IGNORECASE,
)
_RELATED = re.compile(
    r"\b(?:see also|see|also|cf\.?|compare|repl(?:y|ies)(?: to| by)?|response(?: to| by)?|comment(?:ary|s)?(?: on| by)?|"
    r"letter (?:to|by)|editorial|companion(?: paper)?|related(?: to| work)?|data(?: ?sets?| deposited| available)?|code|protocol|"
    r"suppl(?:ement(?:ary)?)?|reviewed (?:in|by)|follow-?up(?: of| to| in)?|extends|builds on|replicat(?:es|ed by|ion of|ion in)|"
    r"candidates?|possib(?:le|ly)|likely|perhaps|probably|superseded by|supersedes|update of|updated (?:by|in)|"
    r"original(?:ly)?(?: paper| study| report)?|underlying|cit(?:es|ing)|cited (?:in|by)|alternat(?:e|ive)(?:ly)?|"
    r"part of|erratum for|main (?:paper|trial)|primary (?:paper|trial)|parent (?:study|trial))\b[^·;]{0,50}$",
    re.IGNORECASE,
)
_NEGATED_NOTICE = re.compile(r"\b(?:no|not|never|without)\s+(?:\w+\s+)?$", re.IGNORECASE)
# What most often stands before an identifier; none of the patterns finds anything in it.
_PREFIXES = frozenset({"", "doi:", "doi: ", "DOI:", "DOI", "doi", "PMID", "PMID:", "pmid:", "pmid", "PMC:", "PMCID:"})
_WINDOW = 160
_BEHIND = 90


def assign_roles(text: str, start: int, end: int, identifiers: Sequence[Identifier]) -> tuple[Identifier, ...]:
    """Return the identifiers of a note with their roles.

    A preprint or related work that is the only thing the note names, and that nothing denies, is what it cites.

    Args:
        text: the page.
        start: where the note's text begins.
        end: where it ends.
        identifiers: those of the note, in order.

    >>> from evidence.identifiers import find_identifiers
    >>> text = "doi:10.1000/a · retraction notice doi:10.1000/b · NOT PMID 12345678"
    >>> [one.role.value for one in assign_roles(text, 0, len(text), find_identifiers(text))]
    ['cited', 'notice', 'denied']
    """
    roles = [_role(text, start, end, identifiers, index) for index in range(len(identifiers))]
    if Role.CITED not in roles:
        for role in (Role.PREPRINT, Role.RELATED):
            if role in roles:
                roles[roles.index(role)] = Role.CITED
                break
    return tuple(
        one if one.role is role else one._replace(role=role) for one, role in zip(identifiers, roles, strict=True)
    )


def choose_primary(identifiers: Sequence[Identifier]) -> Primary | None:
    """Return the one work that a note cites: its first cited identifier, as DOI where the same work has one.

    Identifiers of different schemes that follow each other name one work; a scheme that comes again begins the next.
    """
    first: dict[Scheme, Identifier] = {}
    for one in identifiers:
        if one.role is Role.CITED:
            if one.scheme in first and first[one.scheme].value != one.value:
                break
            first.setdefault(one.scheme, one)
    for scheme in (Scheme.DOI, Scheme.PMID, Scheme.PMCID):
        if scheme in first:
            return Primary(scheme, first[scheme].value, "note")
    return None


def _role(text: str, start: int, end: int, identifiers: Sequence[Identifier], index: int) -> Role:
    before = _words_before(text, start, identifiers, index)
    if before in _PREFIXES:
        # Nothing but the identifier's own prefix stands before it: only what is behind it can say more.
        denied = _DENIED_BEHIND.match(_words_behind(text, end, identifiers, index))
        return Role.DENIED if denied else _inherited(text, start, end, identifiers, index)
    if _DENIED_BEFORE.search(before) or _DENIED_BEHIND.match(_words_behind(text, end, identifiers, index)):
        return Role.DENIED
    if (notice := _NOTICE.search(before)) and not _NEGATED_NOTICE.search(before, 0, notice.start()):
        return Role.NOTICE
    if _PREPRINT.search(before):
        return Role.PREPRINT
    if before.strip(" ([:`*_") and _RELATED.search(before):
        return Role.RELATED
    return _inherited(text, start, end, identifiers, index)


def _inherited(text: str, start: int, end: int, identifiers: Sequence[Identifier], index: int) -> Role:
    """Return the role of the identifier before it that names the same work, or `cited`."""
    if index:
        previous, one = identifiers[index - 1], identifiers[index]
        if _continues(text[previous.end : one.start], previous, one):
            return _role(text, start, end, identifiers, index - 1)
    return Role.CITED


def _words_behind(text: str, end: int, identifiers: Sequence[Identifier], index: int) -> str:
    """Return the words between an identifier and the next one or the end of the note."""
    begin = identifiers[index].end
    stop = identifiers[index + 1].start if index + 1 < len(identifiers) else end
    behind = text[begin : max(begin, min(stop, begin + _BEHIND))]
    # Nothing is denied behind a divider; the usual one is told without a search.
    return "" if behind[:3] == " · " else " ".join(behind.split())


def _words_before(text: str, start: int, identifiers: Sequence[Identifier], index: int) -> str:
    """Return the words of the same part before an identifier, without its own prefix."""
    one = identifiers[index]
    begin = max(start, one.start - _WINDOW, identifiers[index - 1].end if index else start)
    before = text[begin : one.start]
    part = 0
    if not before.isalpha() and before != "doi:":
        for found in _PART.finditer(before):
            part = found.end()
    return " ".join(before[part:].split())


def _continues(between: str, previous: Identifier, one: Identifier) -> bool:
    """Tell whether an identifier is another name of the one before it: "(doi:10.1/x; PMID 1)"."""
    return previous.scheme != one.scheme and len(between) <= _SAME_WORK and not between.strip(_JOINTS)


_SAME_WORK = 16
_JOINTS = " ,;·/()[]|:=#*_`-PMIDpmidDOIdoiCcuUbBeE"
