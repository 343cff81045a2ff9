"""Rows of pages -> verdicts, findings and what is counted of them. No database: it runs in other processes as well."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from evidence.audit.acknowledging import Acknowledged, accepting_of
from evidence.audit.checking import Checker, check_page, is_open
from evidence.audit.findings import Finding
from evidence.audit.flags import Choices
from evidence.audit.judged import AuditReport, Findings, SourceLine, WorksPart, order_of
from evidence.audit.judgement import (
    JudgedClaim,
    JudgedPage,
    KeptPage,
    PageSource,
    Summary,
    keep,
    pack_page,
    read_claims,
    read_works,
    summarize,
)
from evidence.audit.load import PageClaims, assemble
from evidence.audit.packing import Written
from evidence.audit.reach import targets_of
from evidence.audit.rows import BundleRows
from evidence.audit.selecting import Selection
from evidence.audit.spool import Part, Spool
from evidence.audit.verdict_rows import Cited, RowMaker, VerdictRow, pack_rows, read_rows
from evidence.audit.verdicts import Judge
from evidence.audit.works import CitedWork
from evidence.errors import PageError
from evidence.memory import collecting_later
from evidence.processes import pooled
from evidence.records import Reference
from evidence.vocabulary import Flag, Severity, Status

if TYPE_CHECKING:
    from evidence.config import AcknowledgedFinding

# Starting processes takes as long as judging some thousand claims: with 5,500 it gains little, with 11,000 a third.
_CLAIMS_FOR_PROCESSES = 6_000
# One process reads for all of them.
_MOST_PROCESSES = 8
_WAITING = 2


@dataclass(frozen=True, slots=True)
class Terms:
    """What a judgement follows from besides the store: papers that do not count, with why, and the settings.

    Of these as plain values: what reads the settings takes as long to load in another process as all that judges.
    """

    resources: Mapping[Reference, str]
    choices: Choices
    selection: Selection
    acknowledged: Sequence[AcknowledgedFinding]


class Asked(NamedTuple):
    """Some pages: the rows of those that are to be judged, with their digests, and what was kept of the others.

    Without digests nothing is to be kept.
    """

    rows: BundleRows
    digests: Mapping[int, str]
    recalled: Sequence[JudgedPage]


class JudgedBundle(NamedTuple):
    """What some pages came to, in the order of their paths; of those that were judged just now, what is to be kept."""

    pages: list[JudgedPage]
    rows: Part[VerdictRow]
    kept: list[KeptPage]
    # The paths of those that were not judged anew.
    recalled: frozenset[str] = frozenset()


def judge_all(bundles: Iterable[Asked], terms: Terms, claims: int) -> Generator[JudgedBundle, None, None]:
    """Yield what bundles come to, in their order; of many claims, in as many processes as there are cores.

    Args:
        bundles: read here, since only one process must see the database, in one state.
        terms: what else decides.
        claims: how many are to be judged, as far as is known before.
    """
    jobs = min(os.cpu_count() or 1, _MOST_PROCESSES)
    waiting: deque[tuple[Asked, Future[JudgedBundle] | JudgedBundle]] = deque()
    judged = 0
    with ExitStack() as stack:
        pool: ProcessPoolExecutor | None = None
        if jobs > 1 and claims >= _CLAIMS_FOR_PROCESSES:
            # Before the first bundle is read: processes take a while to start, and whoever gives them work waits until
            # then. So there is some for each of them when they have.
            pool = stack.enter_context(pooled(jobs, __name__))
            bundles = iter(bundles)
            bundles = chain(list(islice(bundles, jobs)), bundles)
        for asked in bundles:
            judged += len(asked.rows.claims)
            # Of a vault of which most is kept nobody knows before how much is to be judged anew.
            if pool is None and jobs > 1 and judged >= _CLAIMS_FOR_PROCESSES:
                pool = stack.enter_context(pooled(jobs, __name__))
            if pool is not None and asked.rows.pages:
                alone = asked._replace(recalled=())
                waiting.append((asked, pool.submit(judge_packed, alone, terms)))
            else:
                waiting.append((asked, judge_bundle(asked, terms)))
            while len(waiting) > (0 if pool is None else jobs + _WAITING):
                yield _joined(*waiting.popleft())
        while waiting:
            yield _joined(*waiting.popleft())


def _joined(asked: Asked, judged: Future[JudgedBundle] | JudgedBundle) -> JudgedBundle:
    bundle = judged if isinstance(judged, JudgedBundle) else judged.result()
    if not asked.recalled:
        return bundle
    pages = sorted([*bundle.pages, *asked.recalled], key=lambda page: page.path)
    return bundle._replace(pages=pages, recalled=frozenset(page.path for page in asked.recalled))


def judge_packed(asked: Asked, terms: Terms) -> JudgedBundle:
    """Return the verdicts and findings of some pages, packed, since they go to another process."""
    with collecting_later():
        return judge_bundle(asked, terms, is_packed=True)


def judge_bundle(asked: Asked, terms: Terms, *, is_packed: bool = False) -> JudgedBundle:
    """Return the verdicts and findings of some pages."""
    if not asked.rows.pages:
        # Works are still read for the digests of the pages; nothing is made of them.
        return JudgedBundle([], [], [])
    written = Written()
    judge, checker, maker = Judge(terms.choices), Checker(terms.selection, terms.acknowledged), RowMaker(written)
    rows: list[VerdictRow] = []
    pages: list[JudgedPage] = []
    kept: list[KeptPage] = []
    for (page_id, _), page in zip(asked.rows.pages, assemble(asked.rows, terms.resources), strict=True):
        judged = [JudgedClaim(claim, judge.judge(claim)) for claim in page.claims]
        rows += [maker.row(claim, verdict) for claim, verdict in judged]
        one = _judge_page(page_id, page, judged, checker)
        digest = asked.digests.get(page_id)
        if is_packed or digest is not None:
            packed = pack_page(one, written)
            if digest is not None:
                kept.append(keep(packed, digest))
            if is_packed:
                one = packed
        pages.append(one)
    return JudgedBundle(pages, (pack_rows(rows), len(rows)) if is_packed else rows, kept)


def _judge_page(page_id: int, page: PageClaims, judged: Sequence[JudgedClaim], checker: Checker) -> JudgedPage:
    """Return what a page comes to, whatever other pages say."""
    found, tellings = check_page(page, judged)
    # Since a page is kept by itself, so is what of the settings it met.
    checker.acknowledged = Acknowledged(checker.acknowledged.entries.values())
    accepting = accepting_of(page) if page.acknowledgements else None
    settled = [] if accepting is not None else checker.settle(accepting_of(page), found)
    findings: dict[Severity, Part[Finding]] = {}
    for finding in sorted(settled, key=order_of):
        part = findings.setdefault(finding.severity, [])
        assert isinstance(part, list)
        part.append(finding)
    statuses, flags, works, sources = summarize(judged)
    summary = Summary(
        statuses, flags, sources, tellings, accepting, found if accepting is not None else [], page.checked,
        is_open(page), sorted(checker.acknowledged.met),
        sorted(targets_of(page.path, (claim.text for claim in page.claims))),
    )  # fmt: skip
    return JudgedPage(page_id, page.path, summary, works, list(judged), findings)


class Collected:
    """Puts pages together, in their order: what is large goes to disk as it came, packed."""

    def __init__(self, checker: Checker) -> None:
        """Begin without any; what notes of several pages tell is compared by a checker."""
        self.checker = checker
        self.pages = 0
        self.rows: Spool[VerdictRow] = Spool(lambda data, _number: read_rows(data))
        self.kept: Spool[KeptPage] = Spool()
        # The pages that were not judged anew.
        self.recalled: set[str] = set()
        # Every work that the claims cite, in the order in which they were met.
        self.cited: list[Cited] = []
        self._works: Spool[CitedWork] = Spool(lambda data, _number: read_works(data))
        self._claims: Spool[JudgedClaim] = Spool(lambda data, number: read_claims(data, self._works.part(number)))
        self._findings = Findings()
        self._statuses: Counter[Status] = Counter()
        self._flags: Counter[Flag] = Counter()
        self._sources: dict[str, SourceLine] = {}
        self._checked: dict[str, str] = {}
        self._unreadable: tuple[str, ...] = ()
        self._unverified: list[str] = []
        self._links: Counter[str] = Counter()

    def add(self, bundle: JudgedBundle) -> None:
        """Add the next bundle."""
        self.recalled |= bundle.recalled
        self.rows.add_part(bundle.rows)
        if bundle.kept:
            self.kept.extend(bundle.kept)
        for page in bundle.pages:
            self._add_page(page)

    def _add_page(self, page: JudgedPage) -> None:
        summary = page.summary
        self.pages += 1
        part = WorksPart(self._works, self._works.parts)
        self._works.add_part(page.works)
        self._claims.add_part(page.claims)
        for severity, findings in page.findings.items():
            self._findings.add(severity, findings)
        self._statuses.update(summary.statuses)
        self._flags.update(summary.flags)
        if summary.checked is not None:
            self._checked[page.path] = summary.checked
        if summary.is_open:
            self._unverified.append(page.path)
        self._links.update(summary.links)
        self.checker.acknowledged.met.update(summary.met)
        for source in summary.sources:
            self._add_source(source, page.path, part)
        contradictions = self.checker.contradictions(summary.tellings)
        if summary.accepting is not None:
            self._findings.add_more(self.checker.settle(summary.accepting, [*summary.found, *contradictions]))
        elif contradictions:
            self._findings.add_more(self.checker.settle_contradictions(contradictions))

    def _add_source(self, found: PageSource, path: str, part: WorksPart) -> None:
        source = self._sources.get(found.id)
        if source is None:
            source = self._sources[found.id] = SourceLine(found.id, found.name, found.status, found.work, part)
            self.cited.append(Cited(found.name, found.year, source.work if found.is_noticed else None))
        source.add(path, found.held_alone)

    def add_unreadable(self, errors: Sequence[PageError]) -> None:
        """Add the pages and folders that the last refresh could not read."""
        self._unreadable = tuple(error.path for error in errors)
        self._findings.add_more(self.checker.unreadable(errors))

    def add_leftover(self) -> None:
        """Add what the settings acknowledge and no page has."""
        self._findings.add_more(self.checker.leftover())

    def report(self, limits: tuple[str, ...]) -> AuditReport:
        """Return all of it as a report."""
        return AuditReport(
            self._claims, self._sources, self._findings, self.pages, limits, self._checked,
            statuses=self._statuses, flags=self._flags, unreadable=self._unreadable,
            unverified=self._unverified, links=self._links,
        )  # fmt: skip
