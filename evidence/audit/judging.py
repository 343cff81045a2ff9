"""Rows of pages -> verdicts, findings and what is counted of them. No database: it runs in other processes as well."""

from __future__ import annotations

import gc
import os
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import NamedTuple

from evidence.audit.checking import Checker, check_page, is_open
from evidence.audit.checks.consistency import Telling
from evidence.audit.findings import Finding, Found
from evidence.audit.flags import Choices
from evidence.audit.history import Cited, RowMaker, VerdictRow
from evidence.audit.judged import AuditReport, Findings, JudgedClaim, SourceLine, order_of
from evidence.audit.load import BundleRows, PageClaims, assemble
from evidence.audit.pages import status_of
from evidence.audit.resting import held_alone_by
from evidence.audit.spool import Part, Spool, pack, pack_part
from evidence.audit.verdicts import Judge
from evidence.audit.works import CitedWork
from evidence.config import AuditSettings
from evidence.errors import PageError
from evidence.processes import pooled
from evidence.records import Reference
from evidence.vocabulary import Flag, Severity, Status

# Starting processes takes as long as judging some ten thousand claims.
_CLAIMS_FOR_PROCESSES = 60_000
# One process reads for all of them.
_MOST_PROCESSES = 8
_WAITING = 2


@dataclass(frozen=True, slots=True)
class Terms:
    """What a judgement follows from besides the store: papers that do not count, with why, and the settings."""

    resources: Mapping[Reference, str]
    choices: Choices
    settings: AuditSettings


class PackedSource(NamedTuple):
    """A work as the claims of a bundle cite it: what is counted of it, and itself, packed."""

    name: str
    status: str
    pages: list[str]
    held_alone: list[str]
    work: bytes | CitedWork
    cited: Cited


class OpenPage(NamedTuple):
    """A page whose findings wait for what the notes of other pages tell.

    Of one that acknowledges findings all wait, since an acknowledgement is held against all of them; of others `page`
    is None, and only what its notes contradict is left to find.
    """

    tellings: list[Telling]
    page: PageClaims | None
    found: list[Found]


class JudgedBundle(NamedTuple):
    """What the pages of a bundle came to. Of a large vault, lists that are only passed on are packed."""

    pages: int
    claims: Part[JudgedClaim]
    rows: Part[VerdictRow]
    findings: dict[Severity, Part[Finding]]
    statuses: Counter[Status]
    flags: Counter[Flag]
    sources: dict[str, PackedSource]
    open: list[OpenPage]
    checked: dict[str, str]
    # The pages of which some work was not looked up.
    unverified: list[str]
    # The acknowledgements of the settings that met their finding.
    met: set[str]


def judge_all(bundles: Iterable[BundleRows], terms: Terms, claims: int) -> Generator[JudgedBundle, None, None]:
    """Yield what bundles come to, in their order; of many claims, in as many processes as there are cores.

    Args:
        bundles: read here, since only one process must see the database, in one state.
        terms: what else decides.
        claims: how many there are in all.
    """
    jobs = min(os.cpu_count() or 1, _MOST_PROCESSES)
    is_large = claims >= _CLAIMS_FOR_PROCESSES
    if jobs == 1 or not is_large:
        for rows in bundles:
            yield judge_bundle(rows, terms, is_large)
        return
    with pooled(jobs) as pool:
        source = iter(bundles)
        waiting: deque[Future[JudgedBundle]] = deque(
            pool.submit(judge_bundle, rows, terms, is_large) for rows in islice(source, jobs + _WAITING)
        )
        while waiting:
            done = waiting.popleft().result()
            waiting.extend(pool.submit(judge_bundle, rows, terms, is_large) for rows in islice(source, 1))
            yield done


def judge_bundle(rows: BundleRows, terms: Terms, is_packed: bool) -> JudgedBundle:  # noqa: FBT001 - by the pool
    """Return the verdicts and findings of some pages, packed where they are to go to another process or to disk."""
    with collecting_later():
        return _judge_bundle(rows, terms, is_packed=is_packed)


@contextmanager
def collecting_later() -> Iterator[None]:
    """Put off the search for cycles: plain values have none, and to look for them takes a fifth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _judge_bundle(rows: BundleRows, terms: Terms, *, is_packed: bool) -> JudgedBundle:
    judge, checker, maker = Judge(terms.choices), Checker(terms.settings), RowMaker()
    claims: list[JudgedClaim] = []
    verdicts: list[VerdictRow] = []
    findings: dict[Severity, list[Finding]] = {severity: [] for severity in Severity}
    statuses: Counter[Status] = Counter()
    flags: Counter[Flag] = Counter()
    sources: dict[str, _Source] = {}
    open_: list[OpenPage] = []
    checked: dict[str, str] = {}
    unverified: list[str] = []
    for page in assemble(rows, terms.resources):
        if page.checked is not None:
            checked[page.path] = page.checked
        if is_open(page):
            unverified.append(page.path)
        judged = [JudgedClaim(claim, judge.judge(claim)) for claim in page.claims]
        claims += judged
        for claim, verdict in judged:
            verdicts.append(maker.row(claim, verdict))
            statuses[verdict.status] += 1
            for flag in verdict.flags:
                flags[flag] += 1
            for line in verdict.works:
                source = sources.get(line.work.id)
                if source is None:
                    source = sources[line.work.id] = _Source(line.work)
                source.pages[page.path] = None
            for work in held_alone_by(verdict):
                sources[work].held_alone.append(claim.id)
        found, tellings = check_page(page, judged)
        if page.acknowledgements:
            open_.append(OpenPage(tellings, replace(page, notes=[], problems=[]), found))
            continue
        if tellings:
            open_.append(OpenPage(tellings, None, []))
        for finding in sorted(checker.settle(page, found), key=order_of):
            findings[finding.severity].append(finding)
    return JudgedBundle(
        len(rows.pages),
        pack_part(claims) if is_packed else claims,
        pack_part(verdicts) if is_packed else verdicts,
        {severity: pack_part(some) if is_packed else some for severity, some in findings.items() if some},
        statuses,
        flags,
        {
            name: PackedSource(
                one.work.name,
                status_of(one.work),
                list(one.pages),
                one.held_alone,
                pack([one.work]) if is_packed else one.work,
                Cited(one.work.name, one.work.year, one.work if one.work.notices else None),
            )
            for name, one in sources.items()
        },
        open_,
        checked,
        unverified,
        checker.acknowledged.met,
    )


@dataclass(slots=True)
class _Source:
    work: CitedWork
    held_alone: list[str] = field(default_factory=list)
    pages: dict[str, None] = field(default_factory=dict)


class Collected:
    """Puts bundles together, in their order: what is large goes to disk as it came, packed."""

    def __init__(self, checker: Checker) -> None:
        """Begin without any; what notes of several pages tell is compared by a checker."""
        self.checker = checker
        self.pages = 0
        self.rows: Spool[VerdictRow] = Spool()
        # Every work that the claims cite, in the order in which they were met.
        self.cited: list[Cited] = []
        self._claims: Spool[JudgedClaim] = Spool()
        self._works: Spool[CitedWork] = Spool()
        self._findings = Findings()
        self._statuses: Counter[Status] = Counter()
        self._flags: Counter[Flag] = Counter()
        self._sources: dict[str, SourceLine] = {}
        self._checked: dict[str, str] = {}
        self._unreadable: tuple[str, ...] = ()
        self._unverified: list[str] = []

    def add(self, bundle: JudgedBundle) -> None:
        """Add the next bundle."""
        self.pages += bundle.pages
        self._claims.add_part(bundle.claims)
        self.rows.add_part(bundle.rows)
        for severity, part in bundle.findings.items():
            self._findings.add(severity, part)
        self._statuses.update(bundle.statuses)
        self._flags.update(bundle.flags)
        self._checked.update(bundle.checked)
        self._unverified += bundle.unverified
        self.checker.acknowledged.met |= bundle.met
        for name, found in bundle.sources.items():
            source = self._sources.get(name)
            if source is None:
                if isinstance(found.work, bytes):
                    source = SourceLine.on_disk(name, found.name, found.status, self._works, found.work)
                else:
                    source = SourceLine(found.work)
                self._sources[name] = source
                self.cited.append(found.cited)
            source.pages.update(found.pages)
            source.held_alone += found.held_alone
        for one in bundle.open:
            contradictions = self.checker.contradictions(one.tellings)
            if one.page is not None:
                self._findings.add_more(self.checker.settle(one.page, [*one.found, *contradictions]))
            elif contradictions:
                self._findings.add_more(self.checker.settle_contradictions(contradictions))

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
            unverified=self._unverified,
        )  # fmt: skip
