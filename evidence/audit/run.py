"""The step `audit`: every claim of the store gets its verdict, with reasons; the verdicts are kept with their run."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.audit.checking import Checker
from evidence.audit.findings import Finding
from evidence.audit.flags import Choices
from evidence.audit.history import keep_audit
from evidence.audit.load import load_pages
from evidence.audit.pages import status_of
from evidence.audit.resources import chosen_resources, merge_reasons, shipped_resources
from evidence.audit.stored import count_old_states
from evidence.audit.verdicts import Judge, Verdict
from evidence.audit.works import CitedWork, ClaimEvidence
from evidence.config import Settings
from evidence.errors import ConfigError, IdentifierError
from evidence.identifiers import parse_reference
from evidence.records import Reference
from evidence.store import models
from evidence.store.database import reading, store_errors, writing
from evidence.vocabulary import FailOn, Flag, Severity, Status

# Raised whenever the same evidence may get another verdict.
RULES = "4"
LIMITS = (
    "the audit sees what the pages cite, not all that exists",
    "support is not checked against the full text of a work",
    "shared authors stand for a shared laboratory",
    "no notice in a registry is no proof that a work stands",
)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A claim and what the audit says of it."""

    claim: ClaimEvidence
    verdict: Verdict


@dataclass(slots=True)
class SourceLine:
    """One work over all pages: the claims that it alone holds up, and where it is cited."""

    work: CitedWork
    held_alone: list[str] = field(default_factory=list)
    pages: set[str] = field(default_factory=set)

    @property
    def status(self) -> str:
        """What is known of it: retracted, resolved, unverified or does-not-exist."""
        return status_of(self.work)


@dataclass(slots=True)
class AuditReport:
    """Everything that one audit found; every number in a report is counted from it."""

    claims: list[JudgedClaim] = field(default_factory=list)
    sources: dict[str, SourceLine] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    pages: int = 0
    limits: tuple[str, ...] = LIMITS
    # When the pages that say so were checked; what a slice is of, and whether what it is taken from is incomplete.
    checked: dict[str, str] = field(default_factory=dict)
    sliced: str | None = None
    incomplete: bool | None = None

    @property
    def counts(self) -> dict[Status, int]:
        """How many claims have each status; those that nobody has are 0."""
        counted = Counter(one.verdict.status for one in self.claims)
        return {status: counted[status] for status in Status}

    @property
    def is_incomplete(self) -> bool:
        """Whether a look-up failed or was never made, so that some verdict says "at most"."""
        if self.incomplete is not None:
            return self.incomplete
        return any(Flag.UNVERIFIED in one.verdict.flags for one in self.claims)

    def worst(self, severity: Severity | FailOn) -> list[Finding]:
        """Return the findings of a severity or a worse one that nobody acknowledged; none for "never"."""
        if severity == FailOn.NEVER:
            return []
        grave = set(list(Severity)[: list(Severity).index(Severity(severity)) + 1])
        return [finding for finding in self.findings if finding.severity in grave and finding.acknowledged is None]


def audit(
    engine: sa.Engine,
    settings: Settings,
    *,
    paths: Sequence[str] | None = None,
    progress: Progress | None = None,
    now: dt.datetime | None = None,
    belief: bool = False,
) -> AuditReport:
    """Judge every claim in the store.

    Args:
        engine: the database, with pages in it.
        settings: the user's own resources and thresholds.
        paths: pages to judge; without any, all of them, and the verdicts are kept with their run.
        progress: called after each page.
        now: the time of the audit.
        belief: whether each verdict says how much it is to be believed, next to others.

    Raises:
        ConfigError: [audit] resources names something that is no identifier.
        StoreError: the database cannot be read or written.
    """
    now = now or dt.datetime.now(dt.UTC)
    choices = choices_of(settings, now, belief=belief)
    resources = resources_of(settings)
    report, checker = AuditReport(), Checker(settings.audit)
    with store_errors(engine):
        with reading(engine) as session:
            report.limits += tuple(_old_states(session, settings.registries.retraction_age_days, now))
            total = session.scalar(sa.select(sa.func.count()).select_from(models.Page)) or 0
            for page in load_pages(session, resources, paths):
                report.pages += 1
                if page.checked is not None:
                    report.checked[page.path] = page.checked
                judge = Judge(choices)
                judged = [(claim, judge.judge(claim)) for claim in page.claims]
                for claim, verdict in judged:
                    _add(report, claim, verdict)
                report.findings += checker.check(page, judged)
                if progress is not None:
                    progress("audit", report.pages, len(paths) if paths is not None else total)
        if paths is None:
            report.findings += checker.leftover()
        report.findings.sort(key=_order)
        if paths is None:
            kept = ((one.claim, one.verdict) for one in report.claims)
            cited = (source.work for source in report.sources.values())
            with writing(engine) as session:
                keep_audit(session, kept, cited, report.counts, rules=RULES, now=now)
    return report


def choices_of(settings: Settings, now: dt.datetime, *, belief: bool = False) -> Choices:
    """Return what the settings choose of the rules."""
    return Choices(settings.audit.n_small, settings.audit.old_years, now.year, belief)


def resources_of(settings: Settings) -> dict[Reference, str]:
    """Return the papers that describe a database, with why: those of the settings, and those that everybody knows.

    Raises:
        ConfigError: [audit] resources names something that is no identifier.
    """
    found = []
    for text in settings.audit.resources:
        try:
            found.append(parse_reference(text))
        except IdentifierError as error:
            raise ConfigError(
                f"[audit] resources: {error.message}", 'write it as "pmid:29087512" or "doi:10.1/x"'
            ) from error
    return merge_reasons(chosen_resources(found), shipped_resources())


def _old_states(session: Session, age_days: int, now: dt.datetime) -> Iterator[str]:
    """Yield that registries have not been asked for some works' notices for long: a retraction may be newer."""
    count, oldest = count_old_states(session, now - dt.timedelta(days=age_days))
    if oldest is not None:
        works = "1 work" if count == 1 else f"{count} works"
        yield (
            f"the notices of {works} were last asked for more than {age_days} days ago "
            f"(the oldest on {oldest:%Y-%m-%d}): run `evidence refresh`"
        )


def _add(report: AuditReport, claim: ClaimEvidence, verdict: Verdict) -> None:
    report.claims.append(JudgedClaim(claim, verdict))
    add_sources(report.sources, claim, verdict)


def add_sources(sources: dict[str, SourceLine], claim: ClaimEvidence, verdict: Verdict) -> None:
    """Count a claim at each work that it cites."""
    for line in verdict.works:
        source = sources.setdefault(line.work.id, SourceLine(line.work))
        source.pages.add(claim.path)
        if verdict.status is Status.SINGLE_STUDY and line.counted:
            source.held_alone.append(claim.id)


def _order(finding: Finding) -> tuple[int, str, int, str, str]:
    return list(Severity).index(finding.severity), finding.path, finding.line, finding.code, finding.fingerprint
