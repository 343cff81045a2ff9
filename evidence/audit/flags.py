"""What a reader of a verdict must also know: one function a flag, true or not. A flag never decides a status.

Source:
    EVIDENCE.md section 3.4 of the design.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evidence.audit.groups import authors_of, count_shared
from evidence.audit.identity import is_of_the_work
from evidence.audit.packing import Value
from evidence.audit.statuses import Case, case_of_works
from evidence.audit.works import CitedWork
from evidence.vocabulary import CORRECTING, Flag, Level, Status

_TWO = 2


class Choices(Value, frozen=True):
    """What the settings choose of the audit; `year` is that of the audit. Belief is worked out only where asked for."""

    n_small: int = 30
    old_years: int = 20
    year: int = 2026
    belief: bool = False


class Flagged(Value, frozen=True):
    """What the flags look at: the case, its status, the works that are counted as studies, and the settings."""

    case: Case
    status: Status
    studied: Sequence[CitedWork]
    choices: Choices = Choices()


def _of(*works: CitedWork) -> Flagged:
    """Return what the flags look at, of a sentence that cites some works; their examples are made so."""
    return Flagged(case_of_works(*works), Status.SINGLE_STUDY, works)


def unverified(one: Flagged) -> bool:
    """A work was never looked up, or a look-up failed: it counts at most as it is cited.

    >>> unverified(_of(CitedWork("a", ())))
    True
    """
    return any(work.exists and not work.is_verified for work in one.case.works)


def partly_unresolved(one: Flagged) -> bool:
    """A mark names no work, or an identifier does not exist, beside others that do.

    >>> partly_unresolved(_of(CitedWork("a", ()), CitedWork("b", (), exists=False)))
    True
    """
    return any(not place.works for place in one.case.claim.places) or any(
        work.missing or not work.exists for work in one.case.works
    )


def preprint_only(one: Flagged) -> bool:
    """All studies that are counted are preprints.

    >>> preprint_only(_of(CitedWork("a", (), is_preprint=True)))
    True
    """
    return bool(one.studied) and all(work.is_preprint for work in one.studied)


def concern(one: Flagged) -> bool:
    """An expression of concern or a partial retraction holds for a work.

    >>> from evidence.notices import WorkNotice
    >>> from evidence.vocabulary import NoticeKind
    >>> concern(_of(CitedWork("a", (), notices=(WorkNotice(NoticeKind.EXPRESSION_OF_CONCERN, None, "pubmed"),))))
    True
    """
    return any(work.state.is_in_doubt for work in one.case.works)


def corrected(one: Flagged) -> bool:
    """A work has a correction, erratum, corrigendum, addendum or clarification.

    >>> from evidence.notices import WorkNotice
    >>> from evidence.vocabulary import NoticeKind
    >>> corrected(_of(CitedWork("a", (), notices=(WorkNotice(NoticeKind.ERRATUM, None, "pubmed"),))))
    True
    """
    return any(notice.kind in CORRECTING for work in one.case.works for notice in work.notices)


def high_throughput_untraceable(one: Flagged) -> bool:
    """A row of an interaction table names databases, and no paper behind their entries.

    >>> high_throughput_untraceable(_of(CitedWork("a", (), resource="describes a database")))
    False
    """
    return one.case.claim.interaction is not None and all(work.is_resource for work in one.case.standing)


def shared_with_reverse_row(one: Flagged) -> bool:
    """A counted paper stands in another row for the same two genes, either way round.

    >>> shared_with_reverse_row(_of(CitedWork("a", ())))
    False
    """
    pairs = one.case.claim.reverse_pairs
    return bool(pairs) and any(reference.value in pairs for work in one.studied for reference in work.identifiers)


def multi_database_one_paper(one: Flagged) -> bool:
    """Several databases list a row, and it cites one study besides the papers on databases.

    >>> multi_database_one_paper(_of(CitedWork("a", ())))
    False
    """
    interaction, count = one.case.claim.interaction, one.case.count
    return (
        interaction is not None and count is not None and len(count.studies) == 1 and len(interaction.databases) >= _TWO
    )


def n_small(one: Flagged) -> bool:
    """A counted study in people has fewer subjects than `n_small` of the settings.

    >>> n_small(_of(CitedWork("a", (), level=Level.HUMAN, n=12)))
    True
    """
    least = one.choices.n_small
    return any(work.level is Level.HUMAN and work.n is not None and work.n < least for work in one.studied)


def old(one: Flagged) -> bool:
    """The newest work that stands is older than `old_years` of the settings; one without a year may be newer.

    >>> old(_of(CitedWork("a", (), year=1997))), old(_of(CitedWork("a", (), year=1997), CitedWork("b", ())))
    (True, False)
    """
    limit = one.choices.year - one.choices.old_years
    standing = one.case.standing
    return bool(standing) and all(work.year is not None and work.year < limit for work in standing)


def overlap(one: Flagged) -> bool:
    """Studies of different groups share an author all the same.

    >>> from evidence.records import AuthorName
    >>> def work(name, *families):
    ...     return CitedWork(name, (), authors=tuple(AuthorName(family, "A") for family in families))
    >>> overlap(_of(work("a", "Kim", "Lee", "Wu"), work("b", "Li", "Lee", "Cho")))
    True
    """
    count = one.case.count
    if count is None or len(count.groups) < _TWO:
        return False
    groups = [[people for number in group for people in authors_of(count.studies[number])] for group in count.groups]
    return any(
        count_shared(mine, theirs)
        for at, group in enumerate(groups)
        for other in groups[at + 1 :]
        for mine in group
        for theirs in other
    )


def identifier_conflict(one: Flagged) -> bool:
    """Identifiers of one work contradict each other; it is counted once.

    >>> identifier_conflict(_of(CitedWork("a", (), conflicts=("pmid:1 (pubmed) / pmid:2 (crossref)",))))
    True
    """
    return any(work.conflicts for work in one.case.works)


def metadata_mismatch(one: Flagged) -> bool:
    """The note says another author, year, title or journal than the registry.

    >>> metadata_mismatch(_of(CitedWork("a", (), mismatches=("year: the note says 2011, the registry 1997",))))
    True
    """
    return any(is_of_the_work(said) for work in one.case.works for said in work.mismatches)


def reinstated(one: Flagged) -> bool:
    """A work was retracted, and stands again.

    >>> reinstated(_of(CitedWork("a", ())))
    False
    """
    return any(work.state.is_reinstated for work in one.case.works)


def contested_notices(one: Flagged) -> bool:
    """The registries contradict each other about what was done to a work.

    >>> contested_notices(_of(CitedWork("a", ())))
    False
    """
    return any(work.state.conflicts for work in one.case.works)


FLAG_RULES: dict[Flag, Callable[[Flagged], bool]] = {
    Flag.UNVERIFIED: unverified,
    Flag.PARTLY_UNRESOLVED: partly_unresolved,
    Flag.PREPRINT_ONLY: preprint_only,
    Flag.CONCERN: concern,
    Flag.CORRECTED: corrected,
    Flag.HIGH_THROUGHPUT_UNTRACEABLE: high_throughput_untraceable,
    Flag.SHARED_WITH_REVERSE_ROW: shared_with_reverse_row,
    Flag.MULTI_DATABASE_ONE_PAPER: multi_database_one_paper,
    Flag.N_SMALL: n_small,
    Flag.OLD: old,
    Flag.OVERLAP: overlap,
    Flag.IDENTIFIER_CONFLICT: identifier_conflict,
    Flag.METADATA_MISMATCH: metadata_mismatch,
    Flag.REINSTATED: reinstated,
    Flag.CONTESTED_NOTICES: contested_notices,
}
# Of a claim whose support fell, only what its citations themselves say is told.
_OF_CITATIONS = frozenset(
    {Flag.UNVERIFIED, Flag.PARTLY_UNRESOLVED, Flag.CONCERN, Flag.CORRECTED, Flag.IDENTIFIER_CONFLICT,
     Flag.METADATA_MISMATCH, Flag.REINSTATED, Flag.CONTESTED_NOTICES}
)  # fmt: skip


# None of them holds where each mark leads to a work that is plain.
_OF_DOUBTS = _OF_CITATIONS | {Flag.PREPRINT_ONLY}
_OF_THE_REST = {flag: rule for flag, rule in FLAG_RULES.items() if flag not in _OF_DOUBTS}


def flags_of(one: Flagged) -> tuple[Flag, ...]:
    """Return the flags that hold, in the order of the vocabulary."""
    case = one.case
    if all(work.is_plain for work in case.works) and all(place.works for place in case.claim.places):
        return tuple(flag for flag, rule in _OF_THE_REST.items() if rule(one))
    only = _OF_CITATIONS if one.status is Status.RETRACTED else FLAG_RULES.keys()
    return tuple(flag for flag, rule in FLAG_RULES.items() if flag in only and rule(one))
