"""What would change a verdict: for each status what is missing, in words that a curator can act on.

Source:
    EVIDENCE.md section 5 of the design.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evidence.audit.counting import (
    Count,
    best_count,
    contradicts,
    count_human_groups,
    human_studies,
    supporting,
    works_of,
)
from evidence.audit.groups import Study
from evidence.audit.statuses import Case, is_tagged_contradictory, names_of_sources, told_of
from evidence.audit.works import CitedWork, names_of
from evidence.marks import OF_BIBLIOGRAPHY
from evidence.vocabulary import Level, Status

_TWO = 2


def what_would_change(case: Case, status: Status) -> list[str]:
    """Return what would change the status of a claim; the first is the most telling. Nothing for what is no claim.

    >>> from evidence.audit.statuses import case_of_works
    >>> from evidence.audit.works import CitedWork
    >>> from evidence.records import AuthorName
    >>> from evidence.vocabulary import Design
    >>> work = CitedWork("a", (), is_resolved=True, designs=(Design.RCT,), authors=(AuthorName("Kim", "J"),))
    >>> what_would_change(case_of_works(work), Status.SINGLE_STUDY)
    ['one independent study of the same thing would make it replicated']
    """
    wanted = CHANGES[status](case) if status in CHANGES else []
    open_ = [work for work in case.works if work.exists and not work.is_verified]
    if open_:
        wanted.append(f"resolving {names_of(open_)} (`evidence refresh`) may lower it: it is counted as it is cited")
    return wanted


def _cite(_: Case) -> list[str]:
    return ["citing a study that found this"]


def _mend(case: Case) -> list[str]:
    # What contrasts with a claim, or is only mentioned, supports it no more once it is found.
    places = supporting(case.claim.places)
    missing = [place.missing for place in places if place.missing]
    gone = [work for work in works_of(places) if not work.exists]
    keys = [said for said in missing if said.endswith(OF_BIBLIOGRAPHY)]
    notes = [said for said in missing if said not in keys]
    wanted = [f"mending the note: {'; '.join(notes)}"] if notes else []
    wanted += [f"a DOI or PMID beside the key, or a footnote in its place: {'; '.join(keys)}"] if keys else []
    wanted += [f"the right identifier in place of {names_of(gone)}"] if gone else []
    return wanted or ["citing a study that found this"]


def _stand(_: Case) -> list[str]:
    return ["a study that stands, in place of the retracted one"]


def _settle(case: Case) -> list[str]:
    """Return what settles all that speaks against a claim: of two things one alone changes nothing."""
    wanted = []
    if contrasts := [place for place in case.claim.places if contradicts(place)]:
        if case.side:
            sides = f"{told_of(contrasts, 'stands', 'stand')} against {names_of(case.side)}"
            wanted.append(f"an independent study that settles it, or two claims, each with its own source: {sides}")
        else:
            wanted.append(f"a study that found this, or stating what {names_of_sources(contrasts)} found in its place")
    if case.claim.opposite is not None:
        wanted.append("finding out which of the two rows has the right sign")
    if is_tagged_contradictory(case.claim):
        wanted.append("settling what the tag contradictory-evidence is about, and then removing it")
    return ["; and ".join(wanted)]


def _trace(case: Case) -> list[str]:
    return [f"the study behind the entry of the database: {names_of(case.side)} only describes the database"]


def _primary(_: Case) -> list[str]:
    return ["a primary study, for instance one that the review cites for this"]


def _summed_up(case: Case) -> list[str]:
    return [f"the studies that {names_of([work for work in case.side if work.is_synthesis])} sums up, cited themselves"]


def _second(case: Case) -> list[str]:
    """Return that another study is wanted; what it makes of the claim is sure only where the one is known well."""
    count = case.count
    if count is None:
        return []
    (study, *_) = count.studies
    # What nobody knows to be a study replicates none, in people or not.
    known = [work for work in study if work.may_report] or study
    in_people = _is_human(known)
    another = f"one independent {'human study' if in_people else 'study'} of the same thing"
    if not any(work.people for work in known):
        return [f"the author list of {names_of(known)}, and then {another}"]
    if not all(work.is_verified for work in study):
        return [f"a complete look-up of {names_of(study)}, and then {another}"]
    if not any(work.may_report for work in known):
        return [f"the design of {names_of(study)}, stated in the note, and then {another}"]
    status = Status.REPLICATED_IN_HUMAN if in_people else Status.REPLICATED
    return [f"{another} would make it {status.value}"]


def _authors(case: Case) -> list[str]:
    """Return all that is missing to tell the groups apart: of two things one alone tells nothing."""
    if case.count is None:
        return []
    studies = case.count.studies
    works = [work for study in studies for work in study]
    nameless = [work for number in case.count.unknown for work in studies[number]]
    vague = [work for work in works if not work.may_report]
    open_ = [work for work in works if not work.is_verified]
    wanted = [f"the author list of {names_of(nameless)}"] if nameless else []
    wanted += [f"the design of {names_of(vague)}, stated in the note,"] if vague else []
    wanted += [f"a complete look-up of {names_of(open_)}"] if open_ else []
    return [f"{' and '.join(wanted)} would tell whether the groups are independent"]


def _other_group(case: Case) -> list[str]:
    """Return that a study of another group is wanted, and first what is missing of those that there are."""
    if case.count is None:
        return []
    works = [work for study in case.count.studies for work in study]
    known = [work for work in works if work.may_report and work.is_verified]
    another = (
        f"one {'human study' if _is_human(known or works) else 'study'} of a group that shares no authors with these"
    )
    if known:
        return [another]
    if open_ := [work for work in works if work.may_report]:
        return [f"a complete look-up of {names_of(open_)}, and then {another}"]
    return [f"the design of {names_of(works)}, stated in the note, and then {another}"]


def _in_people(case: Case) -> list[str]:
    if case.count is None:
        return []
    human = count_human_groups(_verified(case.count))
    if count_human_groups(case.count.found) > max(human, 1):
        open_ = [work for study in human_studies(case.count.found) for work in study.works if not work.is_verified]
        return [f"looking up {names_of(open_)} completely may make it replicated-in-human"]
    if human:
        return ["one more human study, of another group than the one there is, would make it replicated-in-human"]
    return ["human studies of two independent groups would make it replicated-in-human"]


def _lower(case: Case) -> list[str]:
    """Return whose retraction would lower it: found by taking each human study away in turn."""
    if case.count is None:
        return []
    human = human_studies(_verified(case.count))
    if count_human_groups(human) != _TWO:
        return ["a study that contradicts it"]
    telling = [names_of(study.works) for study in human if _falls_without(case, study)]
    if telling:
        return [f"it rests on two human groups: a retraction of {' or of '.join(telling)} would lower it"]
    return ["it rests on two human groups: no retraction of a single study would lower it"]


def _falls_without(case: Case, study: Study) -> bool:
    gone = {work.id for work in study.works}
    left = best_count(case.claim.places, [work for work in case.standing if work.id not in gone])
    return left is None or left.status is not Status.REPLICATED_IN_HUMAN


def _verified(count: Count) -> list[Study]:
    """Return the studies, each with those of its works that every registry has told of."""
    told = (Study(*([work for work in some if work.is_verified] for some in study)) for study in count.found)
    return [study for study in told if study.works]


def _is_human(works: Sequence[CitedWork]) -> bool:
    return any(work.level is Level.HUMAN for work in works)


CHANGES: dict[Status, Callable[[Case], list[str]]] = {
    Status.UNCITED: _cite,
    Status.UNRESOLVED: _mend,
    Status.RETRACTED: _stand,
    Status.CONTRADICTED: _settle,
    Status.RESOURCE_ONLY: _trace,
    Status.REVIEW_ONLY: _primary,
    Status.SYNTHESIS: _summed_up,
    Status.SINGLE_STUDY: _second,
    Status.MULTI_STUDY: _authors,
    Status.SINGLE_GROUP: _other_group,
    Status.REPLICATED: _in_people,
    Status.REPLICATED_IN_HUMAN: _lower,
}
