"""The order of a report: what to act on first. Only the worst are held, however many there are."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from evidence.audit.findings import Finding
from evidence.audit.judged import AuditReport, SourceLine
from evidence.audit.judgement import JudgedClaim
from evidence.audit.ranking import rank_by_urgency
from evidence.vocabulary import Severity, Status

_One = TypeVar("_One")
# Claims of these cite nothing, or are none.
_LEFT_OUT = frozenset({Status.UNCITED, Status.NOT_A_CLAIM})
_SEVERITIES = tuple(Severity)
# How many more than asked for are kept until they are sorted out.
_SPARE = 1000


class ClaimRanking:
    """The worst claims of those that it is shown; it holds no more of them than it is asked for.

    Args:
        report: the audit that the claims are of.
        top: how many; 0 for all.
        once_a_work: of the claims that rest on one work alone keep the worst only, since the others fall with it.
    """

    def __init__(self, report: AuditReport, *, top: int = 0, once_a_work: bool = False) -> None:
        self.number = 0
        self._rank = rank_by_urgency(report)
        self._top = top
        self._once_a_work = once_a_work
        self._kept: list[JudgedClaim] = []
        self._of_work: dict[str, JudgedClaim] = {}

    def add(self, one: JudgedClaim) -> None:
        """Take a claim into account."""
        self.number += 1
        work = _only_work(one) if self._once_a_work else None
        if work is not None:
            if work not in self._of_work or self._rank(one) < self._rank(self._of_work[work]):
                self._of_work[work] = one
            if self._top and len(self._of_work) > self._top + _SPARE:
                # A worse claim is let go with its work: a better one of that work would bring it back.
                kept = worst(self._of_work.items(), lambda item: self._rank(item[1]), self._top)
                self._of_work = dict(kept)
            return
        self._kept.append(one)
        if self._top and len(self._kept) > self._top + _SPARE:
            self._kept = worst(self._kept, self._rank, self._top)

    def ranked(self) -> list[JudgedClaim]:
        """Return the claims, the worst first."""
        return worst([*self._kept, *self._of_work.values()], self._rank, self._top)


class FindingRanking:
    """The gravest findings of those that it is shown; it holds no more of them than it is asked for, or all for 0."""

    def __init__(self, top: int) -> None:
        self.counts: Counter[Severity] = Counter()
        self._top = top
        self._kept: list[Finding] = []

    def add(self, one: Finding) -> None:
        """Take a finding into account."""
        self.counts[one.severity] += 1
        self._kept.append(one)
        if self._top and len(self._kept) > self._top + _SPARE:
            self._kept = rank_findings(self._kept, top=self._top)

    def ranked(self) -> list[Finding]:
        """Return the findings, the gravest first."""
        return rank_findings(self._kept, top=self._top)


def _only_work(one: JudgedClaim) -> str | None:
    if one.verdict.status is not Status.SINGLE_STUDY:
        return None
    return next((line.work.id for line in one.verdict.works if line.counted), None)


def rank_claims(
    report: AuditReport, statuses: frozenset[Status] = frozenset(), *, top: int = 0, once_a_work: bool = False
) -> list[JudgedClaim]:
    """Return the cited claims, or those of some statuses, the worst first."""
    chosen = statuses or frozenset(Status) - _LEFT_OUT
    ranking = ClaimRanking(report, top=top, once_a_work=once_a_work)
    for one in report.claims:
        if one.verdict.status in chosen:
            ranking.add(one)
    return ranking.ranked()


def rank_sources(report: AuditReport, *, top: int = 0) -> list[SourceLine]:
    """Return the cited works, those first that hold up most claims alone."""
    return worst(report.sources.values(), _rank_of_source, top)


def rank_findings(findings: Iterable[Finding], *, top: int = 0) -> list[Finding]:
    """Return findings, the gravest first; of one severity in the order of their codes, retracted support first."""
    return worst(findings, rank_of_finding, top)


def standing(report: AuditReport) -> Iterator[Finding]:
    """Yield the findings that nobody has acknowledged."""
    return (one for one in report.findings if one.acknowledged is None)


def acknowledged(report: AuditReport) -> Iterator[Finding]:
    """Yield the findings that somebody has acknowledged with a reason: told apart, never counted as findings."""
    return (one for one in report.findings if one.acknowledged is not None)


def worst(found: Iterable[_One], key: Callable[[_One], Any], top: int) -> list[_One]:
    """Return the first of some things by a key, or all of them in its order.

    >>> worst([3, 1, 2], lambda one: one, 2)
    [1, 2]
    """
    return heapq.nsmallest(top, found, key=key) if top else sorted(found, key=key)


def _rank_of_source(one: SourceLine) -> tuple[int, int, str, str]:
    return -len(one.held_alone), -len(one.pages), one.name, one.id


def rank_of_finding(one: Finding) -> tuple[int, str, str, int, int, str]:
    """Return where a finding stands: by severity, then by code, then by place."""
    return _SEVERITIES.index(one.severity), one.code, one.path, one.line, one.column, one.fingerprint
