"""The status of a claim: one function a rule, in order; the first that gives reasons fits.

Source:
    EVIDENCE.md section 3.4 of the design.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from evidence.audit.counting import (
    Count,
    best_count,
    best_of,
    contradicts,
    count_clauses,
    stands,
    supporting,
    works_of,
)
from evidence.audit.packing import Value
from evidence.audit.works import CitedPlace, CitedWork, ClaimEvidence, names_of, outcomes_of
from evidence.statements import why_no_statement
from evidence.vocabulary import OWN_PLACES, ClaimKind, Polarity, Status

_CONTRADICTORY = "contradictory-evidence"


class Case(Value, frozen=True):
    """What the rules look at.

    Args:
        claim: with its citations.
        works: all works that it cites, also those that do not exist or are retracted.
        standing: those that exist and are not retracted.
        side: those of them that it is counted by: what contrasts with it or is only mentioned is none of them.
        counts: the studies behind each of its clauses that has any.
        count: those of the best supported clause, or None.
    """

    claim: ClaimEvidence
    works: Sequence[CitedWork]
    standing: Sequence[CitedWork]
    side: Sequence[CitedWork]
    counts: Sequence[Count]
    count: Count | None


def case_of(claim: ClaimEvidence, works: Sequence[CitedWork]) -> Case:
    """Return what the rules look at, of a claim and the works that it cites.

    >>> from evidence.vocabulary import Design
    >>> review = CitedWork("doi:10.1000/r", (), designs=(Design.REVIEW,))
    >>> claim = ClaimEvidence("1", "a.md", 1, ClaimKind.SENTENCE, (), "Mice lose bone.", (supports(review),))
    >>> decide(case_of(claim, [review]))
    (<Status.REVIEW_ONLY: 'review-only'>, ['cites only reviews or comments: doi:10.1000/r'])
    """
    standing = [work for work in works if work.exists and not work.is_retracted]
    if all(place.polarity is Polarity.SUPPORTS for place in claim.places):
        side: Sequence[CitedWork] = standing
    else:
        chosen = {work.id for work in works_of(supporting(claim.places))}
        side = [work for work in standing if work.id in chosen]
    counts = count_clauses(claim.places, standing) if standing else []
    return Case(claim, works, standing, side, counts, best_of(counts))


def case_of_works(*works: CitedWork) -> Case:
    """Return the case of a sentence that cites some works side by side; the examples of the rules are made so."""
    places = tuple(map(supports, works))
    claim = ClaimEvidence("1", "a.md", 1, ClaimKind.SENTENCE, (), "Mice lose bone with age.", places)
    return case_of(claim, list(works))


def supports(*works: CitedWork) -> CitedPlace:
    """Return one citation of works that supports its claim."""
    return CitedPlace(0, Polarity.SUPPORTS, works)


def decide(case: Case) -> tuple[Status, list[str]]:
    """Return the status of the first rule that fits, with its reasons."""
    for status, rule in STATUS_RULES.items():
        if reasons := rule(case):
            return (case.count.status if status is Status.SINGLE_STUDY and case.count else status), reasons
    return Status.UNRESOLVED, [f"cites only notices or data sets: {names_of(case.side)}"]


def no_claim(case: Case) -> list[str]:
    """0: a heading, a list of links, an identifier or navigation states nothing.

    >>> case = case_of_works()
    >>> no_claim(case)
    []
    """
    why_not = why_no_statement(case.claim.kind, case.claim.section, case.claim.text)
    if why_not is None or not (why_not.is_certain or not any(place.works for place in case.claim.places)):
        return []
    return [why_not.reason]


def uncited(case: Case) -> list[str]:
    """1: no citation mark and no identifier stands with it.

    >>> uncited(case_of_works())
    ['no note and no identifier stands with it']
    """
    return [] if case.claim.places else ["no note and no identifier stands with it"]


def unresolved(case: Case) -> list[str]:
    """2: it has marks, and none of those that support it names a work that may exist. That is never clean.

    >>> from evidence.records import Reference
    >>> from evidence.vocabulary import Outcome, Scheme
    >>> gone = CitedWork("doi:10.1000/x", (), exists=False, outcomes=(("crossref", Outcome.NOT_FOUND, None),))
    >>> unresolved(case_of_works(gone))
    ['doi:10.1000/x does not exist: crossref not-found']
    """
    support = works_of(supporting(case.claim.places))
    if any(work.exists for work in support):
        return []
    opposing = [place for place in case.claim.places if place.polarity is Polarity.OPPOSES]
    if not support and any(map(stands, opposing)):
        # Rule 4 says so of it.
        return []
    reasons = [place.missing for place in case.claim.places if place.missing]
    reasons += [
        f"{work.name} does not exist: {outcomes_of(work)}" for work in support or works_of(opposing) if not work.exists
    ]
    if opposing and not support:
        reasons.append("nothing that it cites supports it")
    return list(dict.fromkeys(reasons)) or ["its marks name no work"]


def retracted(case: Case) -> list[str]:
    """3: every work that would count is retracted; a review or a contrasting work beside it does not mend that.

    >>> from evidence.notices import WorkNotice
    >>> from evidence.vocabulary import NoticeKind
    >>> fallen = CitedWork("doi:10.1000/x", (), notices=(WorkNotice(NoticeKind.RETRACTION, "2010", "pubmed"),))
    >>> retracted(case_of_works(fallen))
    ['every work that would count is retracted: doi:10.1000/x']
    """
    if len(case.standing) == len(case.works):
        return []
    named = {work.id for work in works_of(supporting(case.claim.places))}
    chosen = [work for work in case.works if work.exists and work.id in named]
    countable = [work for work in chosen if work.is_primary] or chosen
    if not countable or not all(work.is_retracted for work in countable):
        return []
    return [f"every work that would count is retracted: {names_of(countable)}"]


def contradicted(case: Case) -> list[str]:
    """4: a source, another row or the author's tag says the opposite, and at least one work supports the claim.

    A source that nobody can look up contradicts as well: the page says that it does. A work that opposes by a heading
    or by its note does so also where nothing supports the claim: it is no support itself.

    >>> from msgspec.structs import replace
    >>> one, other = CitedWork("doi:10.1000/a", ()), CitedWork("doi:10.1000/b", ())
    >>> claim = case_of_works(one).claim
    >>> claim = replace(claim, places=(*claim.places, CitedPlace(1, Polarity.CONTRASTS, (other,))))
    >>> contradicted(case_of(claim, [one, other]))
    ['the page says that doi:10.1000/b contrasts; and doi:10.1000/a supports it']
    >>> claim = replace(claim, places=(claim.places[0], CitedPlace(1, Polarity.CONTRASTS, missing="[^b] is empty")))
    >>> contradicted(case_of(claim, [one]))
    ['the page says that a source that cannot be looked up ([^b] is empty) contrasts; and doi:10.1000/a supports it']

    A tag in a list of gaps is about the item that it stands with; one in a note is about a work, whatever cites it, and
    one of the page about no claim of its own.
    """
    claim = case.claim
    against = [place for place in claim.places if contradicts(place)]
    said = [
        f"the page says that {told_of(places, *does)}"
        for polarity, does in (
            (Polarity.CONTRASTS, ("contrasts", "contrast")),
            (Polarity.OPPOSES, ("opposes it", "oppose it")),
        )
        if (places := [place for place in against if place.polarity is polarity])
    ]
    if is_tagged_contradictory(claim):
        said.append("the page tags it so itself")
    if claim.opposite is not None:
        said.append(claim.opposite.words)
    if not said:
        return []
    support = [place for place in claim.places if place.polarity is Polarity.SUPPORTS and stands(place)]
    if not support and any(place.polarity is Polarity.OPPOSES and stands(place) for place in against):
        return [f"{'; '.join(said)}; and nothing that it cites supports it"]
    return [f"{'; '.join(said)}; and {told_of(support, 'supports it', 'support it')}"] if support else []


def told_of(places: Sequence[CitedPlace], one: str, several: str) -> str:
    """Return the sources of some citations by name, with what they do.

    >>> told_of([supports(CitedWork("a", ())), supports(CitedWork("b", ()))], "supports it", "support it")
    'a, b support it'
    """
    works, unseen = works_of(places), _unseen(places)
    return f"{names_of_sources(places)} {one if len(works) + len(unseen) == 1 else several}"


def names_of_sources(places: Sequence[CitedPlace]) -> str:
    """Return the works of some citations by name, and how many of these name none, with why.

    >>> names_of_sources([supports(CitedWork("a", ())), CitedPlace(0, Polarity.SUPPORTS, missing="[^b] is empty")])
    'a and a source that cannot be looked up ([^b] is empty)'
    """
    names, unseen = [work.name for work in works_of(places)], _unseen(places)
    if not unseen:
        return ", ".join(names)
    which = "a source" if len(unseen) == 1 else f"{len(unseen)} sources"
    said = f"{which} that cannot be looked up ({'; '.join(unseen)})"
    return f"{', '.join(names)} and {said}" if names else said


def _unseen(places: Sequence[CitedPlace]) -> list[str]:
    """Return why citations name no work, each reason once."""
    return list(dict.fromkeys(place.missing or "it names no work" for place in places if not place.works))


def is_tagged_contradictory(claim: ClaimEvidence) -> bool:
    """Tell whether the page itself tags a claim as contradicted: of all tags the only one that bears on a verdict."""
    # Most claims have no tag.
    return bool(claim.tags) and any(tag.name == _CONTRADICTORY and tag.place in OWN_PLACES for tag in claim.tags)


def says_contradicted(claim: ClaimEvidence) -> bool:
    """Tell whether the page itself says that a claim is contradicted: by a tag wherever it stands, or of a source.

    >>> says_contradicted(case_of_works(CitedWork("doi:10.1000/a", ())).claim)
    False
    """
    tagged = any(tag.name == _CONTRADICTORY for tag in claim.tags)
    return tagged or any(place.polarity.is_against for place in claim.places)


def resource_only(case: Case) -> list[str]:
    """5: all works describe a database.

    >>> resource_only(case_of_works(CitedWork("pmid:29087512", (), resource="describes the database TRRUST")))
    ['cites only papers that describe a database: pmid:29087512']
    """
    if not all(work.is_resource for work in case.side):
        return []
    return [f"cites only papers that describe a database: {names_of(case.side)}"]


def review_only(case: Case) -> list[str]:
    """6: reviews, comments and guidelines, with or without papers that describe a database.

    >>> from evidence.vocabulary import Design
    >>> review_only(case_of_works(CitedWork("doi:10.1000/r", (), designs=(Design.GUIDELINE,))))
    ['cites only reviews or comments: doi:10.1000/r']
    """
    rest = [work for work in case.side if not work.is_resource]
    if case.count is not None or any(work.is_synthesis for work in rest) or not any(work.is_review for work in rest):
        return []
    return [f"cites only reviews or comments: {names_of(rest)}"]


def synthesis(case: Case) -> list[str]:
    """7: a meta-analysis or a systematic review, with or without reviews.

    >>> from evidence.vocabulary import Design
    >>> synthesis(case_of_works(CitedWork("doi:10.1000/m", (), designs=(Design.META_ANALYSIS,))))
    ['rests on doi:10.1000/m, which sums up studies']
    """
    found = [work for work in case.side if work.is_synthesis]
    if case.count is not None or not found:
        return []
    return [f"rests on {names_of(found)}, which {'sums' if len(found) == 1 else 'sum'} up studies"]


def studies(case: Case) -> list[str]:
    """8 to 12: by the number of primary studies, of their laboratories, and of those in people.

    >>> studies(case_of_works(CitedWork("a", ())))
    ['one primary study: a']
    >>> studies(case_of_works(CitedWork("a", ()), CitedWork("b", ())))
    ['2 studies (a; b); author lists are missing, so independence is not known']
    """
    count = case.count
    if count is None:
        return []
    names = "; ".join(names_of(study) for study in count.studies)
    number = len(count.studies)
    if count.status is Status.SINGLE_STUDY:
        return [f"one primary study: {names}"]
    if count.status is Status.MULTI_STUDY and (len(count.groups) > 1 or not count.unknown):
        works = [work for study in count.studies for work in study]
        vague = [work for work in works if not work.may_report]
        why = [] if all(work.is_verified for work in works) else ["not every one is verified"]
        why += [f"the design of {names_of(vague)} is unknown"] if vague else []
        return [f"{number} studies ({names}); {' and '.join(why)}, so whether groups of their own stand is not known"]
    if count.status is Status.MULTI_STUDY:
        return [f"{number} studies ({names}); author lists are missing, so independence is not known"]
    if count.status is Status.SINGLE_GROUP:
        return [f"{number} studies ({names}) of one group: they share authors"]
    levels = sorted({work.level.value for study in count.studies for work in study})
    return [f"{number} studies of {len(count.groups)} groups ({names}); levels: {', '.join(levels)}"]


# In order: the first that gives reasons decides. `SINGLE_STUDY` stands for all that the number of studies decides.
STATUS_RULES: dict[Status, Callable[[Case], list[str]]] = {
    Status.NOT_A_CLAIM: no_claim,
    Status.UNCITED: uncited,
    Status.UNRESOLVED: unresolved,
    Status.RETRACTED: retracted,
    Status.CONTRADICTED: contradicted,
    Status.RESOURCE_ONLY: resource_only,
    Status.REVIEW_ONLY: review_only,
    Status.SYNTHESIS: synthesis,
    Status.SINGLE_STUDY: studies,
}


class ClauseDecided(NamedTuple):
    """What one clause comes to by itself: all works that it cites, and the studies among them that are counted."""

    number: int
    status: Status
    works: list[CitedWork]
    counted: Count | None


def decide_clauses(case: Case) -> list[ClauseDecided]:
    """Return the status of each clause by itself, with its works; nothing where the claim is of one clause.

    >>> from msgspec.structs import replace
    >>> one, other = CitedWork("a", ()), CitedWork("b", ())
    >>> claim = replace(case_of_works(one).claim, places=(supports(one), replace(supports(other), clause=1)))
    >>> [(clause.number, clause.status.value) for clause in decide_clauses(case_of(claim, [one, other]))]
    [(0, 'single-study'), (1, 'single-study')]
    """
    clauses: dict[int, list[CitedPlace]] = {}
    for place in case.claim.places:
        clauses.setdefault(place.clause, []).append(place)
    if len(clauses) == 1:
        return []
    by_id = {work.id: work for work in case.works}
    found = []
    for number, places in sorted(clauses.items()):
        works = [by_id[work.id] for work in works_of(places)]
        if (
            all(place.polarity is Polarity.SUPPORTS for place in places)
            and all(work.exists and not work.is_retracted for work in works)
            and (count := best_count(places, works)) is not None
        ):
            # Most clauses: only the number of their studies is left to decide.
            found.append(ClauseDecided(number, count.status, works, count))
            continue
        # Tags and other rows speak of the whole.
        part = replace(case.claim, places=tuple(places), tags=(), opposite=None)
        rest = case_of(part, works)
        status = decide(rest)[0]
        found.append(ClauseDecided(number, status, works, None if status is Status.RETRACTED else rest.count))
    return found
