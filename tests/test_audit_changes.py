"""What is said to change a verdict changes it so: the evidence is judged anew with the change made."""

from __future__ import annotations

import pytest
from hypothesis import given
from judging import (
    LEE,
    MEYER,
    ROSSI,
    contrasting,
    human,
    missing,
    resource,
    review,
    status,
    tag,
    unresolved,
    verdict,
    work,
)
from msgspec.structs import replace
from test_audit_properties import SLOW, claims, judged, resolved

from evidence.audit.works import CitedPlace, OppositeRow
from evidence.marks import OF_BIBLIOGRAPHY
from evidence.notices import WorkNotice
from evidence.vocabulary import Design, Level, NoticeKind, Outcome, Polarity, Status

FAILED = (("pubmed", Outcome.FAILED, "no answer"),)
GONE = (WorkNotice(NoticeKind.RETRACTION, "2020", "pubmed"),)


META = work("m", designs=(Design.META_ANALYSIS,))
EMPTY, KEY = (
    CitedPlace(0, Polarity.SUPPORTS, missing=said) for said in ("[^k] is empty", f"`@kim2011` {OF_BIBLIOGRAPHY}")
)


@pytest.mark.parametrize(
    ("cited", "changes"),
    [
        ([], ["citing a study that found this"]),
        ([EMPTY], ["mending the note: [^k] is empty"]),
        # There is no note to mend behind a key.
        ([KEY], [f"a DOI or PMID beside the key, or a footnote in its place: `@kim2011` {OF_BIBLIOGRAPHY}"]),
        (
            [KEY, EMPTY],
            [
                "mending the note: [^k] is empty",
                f"a DOI or PMID beside the key, or a footnote in its place: `@kim2011` {OF_BIBLIOGRAPHY}",
            ],
        ),
        ([work("a", notices=GONE)], ["a study that stands, in place of the retracted one"]),
        ([resource()], ["the study behind the entry of the database: doi:10.1000/db only describes the database"]),
        ([review()], ["a primary study, for instance one that the review cites for this"]),
        # A review beside it sums up nothing.
        ([META, review()], ["the studies that doi:10.1000/m sums up, cited themselves"]),
        (
            [CitedPlace(0, Polarity.OPPOSES, (work("a"),))],
            ["a study that found this, or stating what doi:10.1000/a found in its place"],
        ),
    ],
)
def test_what_is_missing_where_no_study_is_counted(cited, changes):
    assert list(verdict(*cited).changes) == changes


def test_what_nobody_looked_up_may_lower_a_claim():
    # EVIDENCE.md section 3.4: it counts at most.
    *_, last = verdict(unresolved("u"), work("a")).changes
    assert last == "resolving doi:10.1000/u (`evidence refresh`) may lower it: it is counted as it is cited"


def test_single_study_without_authors_promises_no_replication():
    (first, *_) = verdict(human("a", authors=None)).changes
    assert first == "the author list of doi:10.1000/a, and then one independent human study of the same thing"


def test_single_study_not_verified_promises_no_replication():
    (first, *_) = verdict(human("a", authors=LEE, outcomes=FAILED)).changes
    assert first == "a complete look-up of doi:10.1000/a, and then one independent human study of the same thing"


def test_single_study_known_well_promises_what_comes_true():
    (first, *_) = verdict(human("a", authors=LEE)).changes
    assert first == "one independent human study of the same thing would make it replicated-in-human"
    assert status(human("a", authors=LEE), human("b", authors=MEYER)) == "replicated-in-human"


def test_one_report_with_authors_tells_the_laboratory_of_a_study():
    trial = frozenset({"nct:NCT00000001"})
    reports = (human("a", authors=LEE, study=trial), human("b", authors=None, study=trial))
    (one,) = verdict(*reports).changes
    assert one == "one independent human study of the same thing would make it replicated-in-human"
    assert status(*reports, human("c", authors=MEYER)) == "replicated-in-human"


def test_single_study_of_unknown_design_promises_no_replication():
    vague = replace(human("a", authors=LEE), designs=())
    (one,) = verdict(vague).changes
    assert one == (
        "the design of doi:10.1000/a, stated in the note, and then one independent human study of the same thing"
    )
    assert status(vague, human("b", authors=MEYER)) == "multi-study"


def test_human_studies_not_verified_are_looked_up_before_more_are_asked_for():
    mice = (work("a", authors=LEE), work("b", authors=MEYER))
    people = (human("c", authors=ROSSI, outcomes=FAILED), human("d", authors=(), outcomes=FAILED))
    found = verdict(*mice, people[0], replace(people[1], authors=resolved("x").authors))
    assert found.status is Status.REPLICATED
    assert found.changes[0] == "looking up doi:10.1000/c, doi:10.1000/d completely may make it replicated-in-human"


def test_group_with_two_papers_is_not_lowered_by_one():
    works = (human("a", authors=LEE), human("b", authors=MEYER), human("c", authors=MEYER))
    assert verdict(*works).changes[0] == ("it rests on two human groups: a retraction of doi:10.1000/a would lower it")
    assert status(replace(works[0], notices=GONE), *works[1:]) != "replicated-in-human"
    assert status(works[0], replace(works[1], notices=GONE), works[2]) == "replicated-in-human"


def test_three_human_groups_are_lowered_by_no_retraction_of_one():
    works = (human("a", authors=LEE), human("b", authors=MEYER), human("c", authors=ROSSI))
    assert verdict(*works).changes == ("a study that contradicts it",)
    assert status(replace(works[0], notices=GONE), *works[1:]) == "replicated-in-human"


def test_replicated_claim_says_how_many_human_groups_it_lacks():
    mice = (work("a", authors=LEE), work("b", authors=MEYER))
    (none,) = verdict(*mice).changes
    assert none == "human studies of two independent groups would make it replicated-in-human"
    (one,) = verdict(*mice, human("c", authors=ROSSI)).changes
    assert one == "one more human study, of another group than the one there is, would make it replicated-in-human"
    assert status(*mice, human("c", authors=ROSSI), human("d")) == "replicated-in-human"


def test_only_what_supports_a_claim_is_worth_mending():
    against = CitedPlace(1, Polarity.CONTRASTS, (missing("y"),))
    (one,) = verdict(missing("x"), against, CitedPlace(1, Polarity.CONTRASTS, missing="[^k] is empty")).changes
    assert one == "the right identifier in place of doi:10.1000/x"
    assert status(missing("x"), contrasting(work("y"))) == "unresolved"


def test_all_that_speaks_against_a_claim_is_to_be_settled():
    (one,) = verdict(work("a"), tags=[tag("contradictory-evidence")], opposite=OppositeRow(7, "repression")).changes
    assert one == (
        "finding out which of the two rows has the right sign; "
        "and settling what the tag contradictory-evidence is about, and then removing it"
    )
    assert status(work("a"), tags=[tag("contradictory-evidence")]) == "contradicted"


def test_tag_beside_a_source_that_contrasts_is_to_be_settled_too():
    (one,) = verdict(work("a"), contrasting(work("b")), tags=[tag("contradictory-evidence")]).changes
    assert one.endswith("; and settling what the tag contradictory-evidence is about, and then removing it")


def test_retracted_contrast_is_nothing_to_settle():
    (one,) = verdict(work("a"), contrasting(work("b", notices=GONE)), opposite=OppositeRow(7, "repression")).changes
    assert one == "finding out which of the two rows has the right sign"


def test_author_list_alone_tells_nothing_of_a_work_that_is_not_verified():
    nameless = human("b", authors=None, outcomes=FAILED)
    (first, *_) = verdict(human("a", authors=LEE), nameless).changes
    assert first == (
        "the author list of doi:10.1000/b and a complete look-up of doi:10.1000/b "
        "would tell whether the groups are independent"
    )
    assert status(human("a", authors=LEE), replace(nameless, authors=MEYER)) == "multi-study"
    assert status(human("a", authors=LEE), replace(nameless, authors=MEYER, outcomes=())) == "replicated-in-human"


def test_author_lists_that_are_known_are_not_asked_for():
    open_ = (human("a", authors=LEE, outcomes=FAILED), human("b", authors=MEYER, outcomes=FAILED))
    (first, *_) = verdict(*open_).changes
    assert first == ("a complete look-up of doi:10.1000/a, doi:10.1000/b would tell whether the groups are independent")


def test_design_is_asked_for_beside_the_author_list():
    nameless = replace(human("b", authors=None), designs=())
    (one,) = verdict(human("a", authors=LEE), nameless).changes
    assert one == (
        "the author list of doi:10.1000/b and the design of doi:10.1000/b, stated in the note, "
        "would tell whether the groups are independent"
    )
    assert status(human("a", authors=LEE), replace(nameless, authors=MEYER)) == "multi-study"


def test_another_group_replicates_only_a_group_that_is_known():
    other = " one human study of a group that shares no authors with these"
    open_ = (human("a", authors=LEE, outcomes=FAILED), human("b", authors=LEE, outcomes=FAILED))
    assert verdict(*open_).changes[0] == f"a complete look-up of doi:10.1000/a, doi:10.1000/b, and then{other}"
    assert status(*open_, human("c", authors=MEYER)) == "multi-study"
    vague = tuple(replace(one, designs=(), outcomes=()) for one in open_)
    assert verdict(*vague).changes == (
        f"the design of doi:10.1000/a, doi:10.1000/b, stated in the note, and then{other}",
    )
    assert status(*vague, human("c", authors=MEYER)) == "multi-study"
    known = replace(open_[0], outcomes=())
    assert verdict(known, open_[1]).changes[0] == other.strip()
    assert status(known, open_[1], human("c", authors=MEYER)) == "replicated-in-human"


def test_people_of_what_may_be_no_study_promise_no_replication_in_people():
    trial = frozenset({"nct:NCT00000001"})
    mice, letter = work("a", authors=LEE, study=trial), replace(human("b", authors=LEE, study=trial), designs=())
    assert verdict(mice, letter).changes[0] == "one independent study of the same thing would make it replicated"
    assert status(mice, letter, human("c", authors=MEYER)) == "replicated"


def test_people_of_what_may_be_no_study_ask_for_no_study_in_people():
    mice, letter = work("a", authors=LEE), replace(human("b", authors=LEE), designs=())
    assert verdict(mice, letter).changes[0] == "one study of a group that shares no authors with these"
    assert status(mice, letter, work("c", authors=MEYER)) == "replicated"


def test_study_in_people_without_authors_is_no_group_to_add_one_to():
    mice = (work("a", authors=LEE), work("b", authors=MEYER))
    nameless = human("c", authors=None)
    (one,) = verdict(*mice, nameless).changes
    assert one == "human studies of two independent groups would make it replicated-in-human"
    assert status(*mice, nameless, human("d")) == "replicated"


@given(claims())
@SLOW
def test_retraction_that_is_said_to_lower_a_claim_lowers_it(one):
    people = replace(
        one,
        places=tuple(
            replace(place, works=tuple(replace(cited, level=Level.HUMAN) for cited in place.works))
            for place in one.places
        ),
        tags=(),
        opposite=None,
    )
    before = judged(people)
    for line in before.changes:
        if "a retraction of " not in line:
            continue
        for said in line.split("a retraction of ")[1].removesuffix(" would lower it").split(" or of "):
            names = set(said.split(", "))
            places = tuple(
                replace(
                    place,
                    works=tuple(
                        replace(cited, notices=GONE) if cited.name in names else cited for cited in place.works
                    ),
                )
                for place in people.places
            )
            assert judged(replace(people, places=places)).status is not before.status
