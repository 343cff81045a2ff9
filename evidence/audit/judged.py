"""What an audit found: claims and findings by the million, kept on disk, and what was counted while they passed."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple, overload

from evidence.audit.findings import Finding
from evidence.audit.judgement import JudgedClaim, read_findings
from evidence.audit.pages import status_of
from evidence.audit.spool import Part, Spool
from evidence.audit.works import CitedWork
from evidence.vocabulary import FailOn, Flag, Severity, Status

LIMITS = (
    "the audit sees what the pages cite, not all that exists",
    "support is not checked against the full text of a work",
    "shared authors stand for a shared laboratory",
    "no notice in a registry is no proof that a work stands",
)
_SEVERITIES = {severity: number for number, severity in enumerate(Severity)}


class SourceLine:
    """One work over all pages: the claims that it alone holds up, and where it is cited.

    `status` is what is known of it: retracted, resolved, unverified or does-not-exist. Of a large vault the work itself
    waits on disk, since there is one for every third claim.
    """

    __slots__ = ("_part", "_work", "held_alone", "id", "name", "pages", "status")

    def __init__(self, id_: str, name: str, status: str, work: int | CitedWork, part: WorksPart | None = None) -> None:
        """Begin with a work as its first claim cites it.

        Args:
            id_: of the work.
            name: by which its reader knows it.
            status: what is known of it.
            work: itself, or its number in a part of a spool.
            part: the spool, and the number of the part.
        """
        self.id, self.name, self.status = id_, name, status
        self._work, self._part = work, part
        self.held_alone: list[str] = []
        self.pages: list[str] = []

    def add(self, path: str, held_alone: Iterable[str]) -> None:
        """Add that a page, which comes after those before, cites it; and which of its claims it alone holds up."""
        if path not in self.pages[-1:]:
            self.pages.append(path)
        self.held_alone += held_alone

    @classmethod
    def of(cls, work: CitedWork) -> SourceLine:
        """Return the line of a work that no claim is counted for yet."""
        return cls(work.id, work.name, status_of(work), work)

    @property
    def work(self) -> CitedWork:
        """The work as the first claim cites it."""
        if isinstance(self._work, int):
            assert self._part is not None
            return self._part.works.part(self._part.number)[self._work]
        return self._work


class WorksPart(NamedTuple):
    """The works of one page in a spool of those of all pages."""

    works: Spool[CitedWork]
    number: int


class Findings(Sequence[Finding]):
    """The findings, the worst first, then by path and place. Those of a page come from two lists: they are merged."""

    def __init__(self) -> None:
        """Begin without any."""
        self._spools: dict[Severity, Spool[Finding]] = {
            severity: Spool(lambda data, _number: read_findings(data)) for severity in Severity
        }
        self._more: dict[Severity, list[Finding]] = {severity: [] for severity in Severity}

    def add(self, severity: Severity, part: Part[Finding]) -> None:
        """Add the findings of some pages that follow the pages before, in order."""
        self._spools[severity].add_part(part)

    def add_more(self, findings: Iterable[Finding]) -> None:
        """Add findings that are seen when pages are compared with each other, in any order."""
        for finding in findings:
            self._more[finding.severity].append(finding)

    def __len__(self) -> int:
        """Return how many there are, without reading any."""
        return sum(map(len, self._spools.values())) + sum(map(len, self._more.values()))

    def __iter__(self) -> Iterator[Finding]:
        """Yield them in order."""
        for severity in self._spools:
            yield from self.of(severity)

    def of(self, severity: Severity) -> Iterator[Finding]:
        """Yield those of one severity, in order."""
        spool, more = self._spools[severity], sorted(self._more[severity], key=order_of)
        return heapq.merge(spool, more, key=order_of) if more else iter(spool)

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> list[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | list[Finding]:
        """Return one by its place, or some; all before it are read."""
        if isinstance(index, slice):
            return list(self)[index]
        at = index + len(self) if index < 0 else index
        found = next(islice(self, at, None), None) if at >= 0 else None
        if found is None:
            raise IndexError(index)
        return found

    def __eq__(self, other: object) -> bool:
        """Tell whether another list has the same findings in the same order."""
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(one == theirs for one, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]


def order_of(finding: Finding) -> tuple[int, str, int, int, str, str]:
    """Return by what findings are sorted."""
    severity = _SEVERITIES[finding.severity]
    return severity, finding.path, finding.line, finding.column, finding.code, finding.fingerprint


@dataclass(slots=True)
class AuditReport:
    """Everything that one audit found; every number in a report is counted from it.

    Claims and findings are read in order, as often as needed, and may be more than fit in memory. `statuses` and
    `flags` are counted while the claims pass; without them they are counted anew.
    """

    claims: Sequence[JudgedClaim] = field(default_factory=list)
    sources: dict[str, SourceLine] = field(default_factory=dict)
    findings: Sequence[Finding] = field(default_factory=list)
    pages: int = 0
    limits: tuple[str, ...] = LIMITS
    # When the pages that say so were checked, and what a slice is of.
    checked: dict[str, str] = field(default_factory=dict)
    sliced: str | None = None
    statuses: Counter[Status] | None = None
    flags: Counter[Flag] | None = None
    # The pages and folders that the last refresh could not read.
    unreadable: tuple[str, ...] = ()
    # The pages that name a work, be it in a list of references, whose look-up failed or was never made; of a slice
    # those among its pages, whatever claims it leaves out: one of another status may belong to it.
    unverified: Sequence[str] = ()
    # What pages link, by how many of them do: see `reach.py`.
    links: Mapping[str, int] = field(default_factory=dict)

    @property
    def counts(self) -> dict[Status, int]:
        """How many claims have each status; those that nobody has are 0."""
        counted = Counter(one.verdict.status for one in self.claims) if self.statuses is None else self.statuses
        return {status: counted[status] for status in Status}

    @property
    def flag_counts(self) -> dict[Flag, int]:
        """How many claims have each flag that any claim has."""
        counted = self.flags
        if counted is None:
            counted = Counter(flag for one in self.claims for flag in one.verdict.flags)
        return {flag: counted[flag] for flag in Flag if counted[flag]}

    @property
    def is_incomplete(self) -> bool:
        """Whether a page could not be read or a look-up is missing, so that the result may be wrong."""
        return bool(self.unreadable) or self.lacks_lookups

    @property
    def why_incomplete(self) -> str:
        """What is missing, in words; empty where nothing is.

        >>> AuditReport(unreadable=("a.md",)).why_incomplete
        'some pages could not be read'
        """
        pages = "some pages could not be read" if self.unreadable else ""
        lookups = "some look-ups failed or were never made" if self.lacks_lookups else ""
        return "; ".join(filter(None, (pages, lookups)))

    @property
    def lacks_lookups(self) -> bool:
        """Whether a look-up failed or was never made, so that some verdict says "at most"."""
        return bool(self.unverified)

    def worst(self, severity: Severity | FailOn) -> Iterator[Finding]:
        """Yield the findings of a severity or a worse one that nobody acknowledged; none for "never"."""
        if severity == FailOn.NEVER:
            return
        grave = set(list(Severity)[: list(Severity).index(Severity(severity)) + 1])
        yield from (one for one in self.findings if one.severity in grave and one.acknowledged is None)
