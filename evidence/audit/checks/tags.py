"""Where the tags of a claim and its evidence disagree: one function a check, a claim and its verdict in, results out.

Source:
    EVIDENCE.md section 4 of the design.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from evidence.audit.findings import Facts, Result
from evidence.audit.resting import (
    NOT_IN_PEOPLE,
    clause_not_in_people,
    is_replicated,
    resting_status,
    resting_works,
    weak_clause,
    works_counted,
)
from evidence.audit.verdicts import Verdict
from evidence.audit.works import ClaimEvidence
from evidence.records import Tag
from evidence.vocabulary import Flag, Level, Severity, Status, TagPlace

_Results = Iterator[Result]
_REPLICATION = "needs-replication"
_HUMAN = "needs-human-replication"
_ANY_TAG = re.compile(r"#?\bgap/[\w/-]+|#[\w/-]+")
_LETTER = re.compile(r"[^\W\d_]")


def untagged(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """A claim or a clause of it rests on one study or group, and no tag says so. Not looked up, it is at most one.

    >>> from evidence.vocabulary import ClaimKind
    >>> claim = ClaimEvidence("c", "a.md", 1, ClaimKind.SENTENCE, (), "Bone is lost.")
    >>> verdict = Verdict(Status.SINGLE_STUDY, None, None, (), ("one primary study: doi:10.1/a",), (), (), ())
    >>> next(untagged(claim, verdict)).message
    'single-study: one primary study: doi:10.1/a'
    """
    status = resting_status(verdict)
    if status is not None and not _places(claim):
        sure = Flag.UNVERIFIED not in verdict.flags
        at_most = "" if sure else "at most "
        clause = _clause_said(verdict)
        yield Result(
            Severity.WARNING if sure else Severity.INFO,
            f"{at_most}{clause}" if clause is not None else f"{status.value}: {at_most}{verdict.reasons[0]}",
            "tag it needs-replication, or cite another study",
            facts=_evidence(verdict),
        )


def tagged_in_note(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """A claim rests on one study or one group, and only its note says so: who reads the claim does not see it.

    >>> from evidence.vocabulary import ClaimKind
    >>> from evidence.records import Tag
    >>> tags = (Tag("needs-replication", TagPlace.NOTE),)
    >>> claim = ClaimEvidence("c", "a.md", 1, ClaimKind.SENTENCE, (), "Bone is lost.", tags=tags)
    >>> verdict = Verdict(Status.SINGLE_STUDY, None, None, (), ("one primary study: doi:10.1/a",), (), (), ())
    >>> next(tagged_in_note(claim, verdict)).message
    'single-study, tagged only in the note'
    """
    places = _places(claim)
    if resting_status(verdict) and TagPlace.NOTE in places and TagPlace.CLAIM not in places:
        yield _elsewhere(verdict, "note")


def tagged_far_away(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """A claim rests on one study or one group, and only the page's list of gaps or its front matter says so.

    >>> from evidence.vocabulary import ClaimKind
    >>> from evidence.records import Tag
    >>> tags = (Tag("needs-replication", TagPlace.GAP_LIST),)
    >>> claim = ClaimEvidence("c", "a.md", 1, ClaimKind.SENTENCE, (), "Bone is lost.", tags=tags)
    >>> verdict = Verdict(Status.SINGLE_STUDY, None, None, (), ("one primary study: doi:10.1/a",), (), (), ())
    >>> next(tagged_far_away(claim, verdict)).message
    'single-study, tagged only in the list of gaps'
    """
    places = _places(claim)
    if resting_status(verdict) and places and not places & {TagPlace.CLAIM, TagPlace.NOTE}:
        if TagPlace.GAP_LIST in places:
            # Of the claim that an item tells of, and of the item itself, which rightly stands in the list.
            yield _elsewhere(verdict, "list of gaps", "tag the claim where the page makes it; the item may stay")
        else:
            yield _elsewhere(verdict, "front matter")


def tagged_though_replicated(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """A claim is tagged needs-replication although each clause is replicated. To take it away is for the author.

    A tag that says what it is about may be of what else there is to find: "(in women)".

    >>> from evidence.vocabulary import ClaimKind
    >>> from evidence.records import Tag
    >>> tags = (Tag("needs-replication", TagPlace.CLAIM),)
    >>> claim = ClaimEvidence("c", "a.md", 1, ClaimKind.SENTENCE, (), "Bone is lost.", tags=tags)
    >>> verdict = Verdict(Status.REPLICATED, None, None, (), ("2 studies of 2 groups",), (), (), ())
    >>> next(tagged_though_replicated(claim, verdict)).message
    'tagged needs-replication, but 2 studies of 2 groups'
    """
    if is_replicated(verdict) and any(tag.scope is None for tag in _own_tags(claim, _REPLICATION)):
        message = f"tagged needs-replication, but {verdict.reasons[0]}"
        yield Result(Severity.INFO, message, "review the tag", facts=_evidence(verdict))


def wants_other_tag(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """A claim without a study of its own is tagged as in need of one. An item of a list of gaps need not cite any.

    A paragraph of nothing but tags states nothing that could cite a study: its tags are those of what stands around it.

    >>> from evidence.vocabulary import ClaimKind
    >>> from evidence.records import Tag
    >>> tags = (Tag("needs-replication", TagPlace.CLAIM),)
    >>> claim = ClaimEvidence("c", "a.md", 1, ClaimKind.SENTENCE, (), "Bone is lost.", tags=tags)
    >>> verdict = Verdict(Status.UNCITED, None, None, (), ("nothing",), (), (), ())
    >>> next(wants_other_tag(claim, verdict)).fix
    'tag it unsourced, or cite the study'
    """
    tags = [tag.name for tag in claim.tags if tag.place is TagPlace.CLAIM and tag.name in {_REPLICATION, _HUMAN}]
    if not tags:
        return
    if verdict.status is Status.UNCITED and _LETTER.search(_ANY_TAG.sub("", claim.text)):
        message, fix = f"tagged {tags[0]}, but nothing is cited", "tag it unsourced, or cite the study"
        yield Result(Severity.INFO, message, fix, facts=_evidence(verdict))
    elif verdict.status is Status.REVIEW_ONLY:
        message, fix = f"tagged {tags[0]}, but only reviews are cited", "cite the primary study"
        yield Result(Severity.INFO, message, fix, facts=_evidence(verdict))


def tagged_though_human(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """A claim is tagged needs-human-replication although no clause of it lacks a study in people.

    A work that is not verified may be of animals: to review the tag for it would claim more than is known.

    >>> from evidence.vocabulary import ClaimKind
    >>> from evidence.records import Tag
    >>> from evidence.audit.verdicts import WorkLine
    >>> from evidence.audit.works import CitedWork
    >>> lines = (WorkLine(CitedWork("w", (), level=Level.HUMAN, is_resolved=True), True, "rct"),)
    >>> tags = (Tag("needs-human-replication", TagPlace.CLAIM),)
    >>> claim = ClaimEvidence("c", "a.md", 1, ClaimKind.SENTENCE, (), "Bone is lost.", tags=tags)
    >>> verdict = Verdict(Status.SINGLE_STUDY, None, None, (), ("one study",), (), lines, ())
    >>> next(tagged_though_human(claim, verdict)).fix
    'review the tag'
    """
    if not _has(claim, _HUMAN):
        return
    people = any(work.level is Level.HUMAN and work.is_verified for work in works_counted(verdict))
    if people and clause_not_in_people(verdict) is None:
        message = "tagged needs-human-replication, but a human study is cited"
        yield Result(Severity.INFO, message, "review the tag", facts=_evidence(verdict))


def untagged_though_not_human(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """All evidence of a claim, or of a clause of it, is from animals or cells, and no tag says so.

    >>> from evidence.vocabulary import ClaimKind
    >>> from evidence.audit.verdicts import WorkLine
    >>> from evidence.audit.works import CitedWork
    >>> lines = (WorkLine(CitedWork("w", (), level=Level.ANIMAL), True, "in-vivo"),)
    >>> claim = ClaimEvidence("c", "a.md", 1, ClaimKind.SENTENCE, (), "Bone is lost.")
    >>> verdict = Verdict(Status.SINGLE_STUDY, Level.ANIMAL, None, (), ("one study",), (), lines, ())
    >>> next(untagged_though_not_human(claim, verdict)).message
    'all evidence is animal, and no tag says so'
    """
    # The level is the one nearest to people: without clauses none of the others matters where it is neither.
    if not (verdict.clauses or verdict.level in NOT_IN_PEOPLE) or _has(claim, _HUMAN):
        return
    levels, of = frozenset(work.level for work in works_counted(verdict)), ""
    if not levels <= NOT_IN_PEOPLE and (found := clause_not_in_people(verdict)) is not None:
        clause, levels = found
        of = f" of clause {clause.number + 1}"
    if levels and levels <= NOT_IN_PEOPLE:
        shown = " and ".join(sorted(level.value for level in levels))
        message = f"all evidence{of} is {shown}, and no tag says so"
        yield Result(Severity.INFO, message, "tag it needs-human-replication", facts=_evidence(verdict))


CHECKS: dict[str, Callable[[ClaimEvidence, Verdict], _Results]] = {
    "EV003": untagged,
    "EV005": tagged_though_replicated,
    "EV006": wants_other_tag,
    "EV007": tagged_though_human,
    "EV015": tagged_in_note,
    "EV016": tagged_far_away,
    "EV017": untagged_though_not_human,
}
# The others look at a tag of the claim.
WITHOUT_TAG = frozenset({"EV003", "EV017"})


def may_drift(claim: ClaimEvidence, verdict: Verdict) -> bool:
    """Tell whether any check can find something in a claim; in most that rest on no single study none can."""
    return bool(claim.tags or verdict.clauses or verdict.level in NOT_IN_PEOPLE or resting_status(verdict) is not None)


def works_in_gap_lists(judged: Iterable[tuple[ClaimEvidence, Verdict]]) -> list[set[str]]:
    """Return what each item of a page's lists of gaps cites that is tagged needs-replication, as ids of works."""
    items = (claim for claim, _ in judged if claim.tags and TagPlace.GAP_LIST in _places(claim))
    return [{work.id for place in claim.places for work in place.works} for claim in items]


def with_gap_list(claim: ClaimEvidence, verdict: Verdict, listed: Sequence[set[str]]) -> ClaimEvidence:
    """Return a claim with the tag needs-replication of the list of gaps, where its items tell of all that it rests on.

    An item that cites the one study of a claim is about that claim, wherever this stands on the page.

    Args:
        claim: whose tags are asked for.
        verdict: what the audit says of it.
        listed: what the items cite, as `works_in_gap_lists` returns it.
    """
    resting = resting_works(verdict) if listed else []
    if not resting or not all(any(works <= item for item in listed) for works in resting):
        return claim
    return replace(claim, tags=(*claim.tags, Tag(_REPLICATION, TagPlace.GAP_LIST)))


# The claims of a page about one study rest on it without citing it.
NOT_OF_STUDY_PAGES = frozenset({"EV006"})


def _elsewhere(verdict: Verdict, place: str, fix: str = "move the tag to the claim") -> Result:
    status = resting_status(verdict) or verdict.status
    message = f"{_clause_said(verdict) or status.value}, tagged only in the {place}"
    return Result(Severity.INFO, message, fix, facts=_evidence(verdict))


def _clause_said(verdict: Verdict) -> str | None:
    """Return which clause rests on one study or group, where the whole rests on more."""
    clause = weak_clause(verdict)
    if clause is None:
        return None
    names = {line.work.id: line.work.name for line in verdict.works}
    works = "; ".join(names[work] for work in clause.counted)
    return f"clause {clause.number + 1} by itself is {clause.status.value}: {works}"


def _places(claim: ClaimEvidence) -> set[TagPlace]:
    return {tag.place for tag in claim.tags if tag.name == _REPLICATION}


def _has(claim: ClaimEvidence, name: str) -> bool:
    return bool(_own_tags(claim, name))


def _own_tags(claim: ClaimEvidence, name: str) -> list[Tag]:
    """Return the tags of a claim with this name; one for the whole page says nothing of the single claim."""
    return [tag for tag in claim.tags if tag.name == name and tag.place is not TagPlace.FRONT_MATTER]


def _evidence(verdict: Verdict) -> Facts:
    """Return what the drift of a tag follows from: the status, and which works count at which level."""
    works = [f"{work.name} {work.level}" for work in works_counted(verdict)]
    facts = ("status", verdict.status.value), ("studies", "; ".join(works))
    said = _clause_said(verdict)
    return (*facts, ("clause", said)) if said is not None else facts
