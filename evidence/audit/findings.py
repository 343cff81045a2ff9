"""What a page's author should mend: one function a check, each a claim or page in and findings out.

`CHECKS` lists them. Codes stay: a baseline and an ignore list of a user name them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evidence.audit.verdicts import NEEDS_REPLICATION, Verdict
from evidence.audit.works import ClaimEvidence
from evidence.vocabulary import Flag, Level, Severity, Status, TagPlace

_REPLICATION = "needs-replication"
_HUMAN = "needs-human-replication"
_PAGE_PROBLEMS: dict[str, Severity] = {
    "undefined-mark": Severity.ERROR,
    "malformed-mark": Severity.WARNING,
    "front-matter": Severity.WARNING,
    "duplicate-key": Severity.WARNING,
    "empty-note": Severity.WARNING,
    "dangling-study-page": Severity.INFO,
    "unused-note": Severity.INFO,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a check. The fingerprint stays when lines move, so that a baseline goes on knowing it."""

    code: str
    severity: Severity
    path: str
    line: int
    column: int
    claim: str | None
    message: str
    fix: str
    fingerprint: str


def check_claim(claim: ClaimEvidence, verdict: Verdict) -> list[Finding]:
    """Return the findings of one claim."""
    return [
        _make(code, severity, claim, message, fix)
        for code, check in CHECKS.items()
        for severity, message, fix in check(claim, verdict)
    ]


def check_page(path: str, problems: Sequence[dict[str, Any]]) -> list[Finding]:
    """Return what was found in reading a page, as findings EV101."""
    found = []
    for problem in problems:
        severity = _PAGE_PROBLEMS.get(problem["code"], Severity.WARNING)
        line, column = problem["line"], problem.get("column", 1)
        message = f"{problem['code']}: {problem['message']}"
        fingerprint = _fingerprint("EV101", path, problem["code"], problem["message"])
        found.append(Finding("EV101", severity, path, line, column, None, message, "mend the page", fingerprint))
    return found


_Results = Iterator[tuple[Severity, str, str]]


def retracted_support(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """A claim rests on a retracted work."""
    for line in verdict.works:
        work = line.work
        if work.is_retracted:
            marked = work.is_marked_retracted
            severity = Severity.INFO if marked else Severity.ERROR
            said = "marked so on the page" if marked else "and the page does not say so"
            yield severity, f"{work.name} is retracted, {said}", "mark it as retracted, or cite another work"


def unmarked_replication(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """A claim rests on one study or one group, and no tag says so."""
    if verdict.status in NEEDS_REPLICATION and Flag.UNVERIFIED not in verdict.flags:
        places = {tag.place for tag in claim.tags if tag.name == _REPLICATION}
        if not places:
            yield (
                Severity.WARNING,
                f"{verdict.status.value}: {verdict.reasons[0]}",
                "tag it needs-replication, or cite another study",
            )
        elif TagPlace.CLAIM not in places:
            yield (
                Severity.INFO,
                f"{verdict.status.value}, tagged only in the {_place(places)}",
                "move the tag to the claim",
            )


def tagged_though_replicated(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """A claim is tagged needs-replication although groups of their own replicated it."""
    if verdict.status in {Status.REPLICATED, Status.REPLICATED_IN_HUMAN} and _has(claim, _REPLICATION):
        yield Severity.INFO, f"tagged needs-replication, but {verdict.reasons[0]}", "review the tag"


def wants_other_tag(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """A claim without evidence of its own is tagged needs-replication."""
    if not _has(claim, _REPLICATION):
        return
    if verdict.status is Status.UNCITED:
        yield Severity.INFO, "tagged needs-replication, but nothing is cited", "tag it unsourced, or cite the study"
    elif verdict.status is Status.REVIEW_ONLY:
        yield Severity.INFO, "tagged needs-replication, but only reviews are cited", "cite the primary study"


def human_tag(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """The tag needs-human-replication does not fit what was studied."""
    counted = [line.work for line in verdict.works if line.counted]
    levels = {work.level for work in counted}
    if _has(claim, _HUMAN) and Level.HUMAN in levels:
        yield Severity.INFO, "tagged needs-human-replication, but a human study is cited", "review the tag"
    elif levels and levels <= {Level.ANIMAL, Level.CELLS} and not _has(claim, _HUMAN):
        shown = " and ".join(sorted(level.value for level in levels))
        yield Severity.INFO, f"all evidence is {shown}, and no tag says so", "tag it needs-human-replication"


def unresolved(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """A claim cites something that names no work."""
    if verdict.status is Status.UNRESOLVED:
        yield (
            Severity.ERROR,
            f"cites no work that exists: {'; '.join(verdict.reasons)}",
            "mend the note or its identifier",
        )
    for line in verdict.works:
        if not line.work.exists and verdict.status is not Status.UNRESOLVED:
            yield Severity.ERROR, f"{line.work.name} {line.why}", "mend the identifier"


def conflict(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """Identifiers of one work contradict each other."""
    for line in verdict.works:
        for said in line.work.conflicts:
            yield Severity.ERROR, f"{line.work.name}: {said}", "find out which identifier is the right one"


CHECKS: dict[str, Callable[[ClaimEvidence, Verdict], _Results]] = {
    "EV001": retracted_support,
    "EV002": unresolved,
    "EV003": unmarked_replication,
    "EV004": conflict,
    "EV005": tagged_though_replicated,
    "EV006": wants_other_tag,
    "EV007": human_tag,
}


def _make(code: str, severity: Severity, claim: ClaimEvidence, message: str, fix: str) -> Finding:
    fingerprint = _fingerprint(code, claim.path, " ".join(claim.text.split()), message)
    return Finding(code, severity, claim.path, claim.line, 1, claim.id, message, fix, fingerprint)


def _fingerprint(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def _has(claim: ClaimEvidence, name: str) -> bool:
    return any(tag.name == name for tag in claim.tags)


def _place(places: set[TagPlace]) -> str:
    return "note" if TagPlace.NOTE in places else "list of gaps" if TagPlace.GAP_LIST in places else "front matter"
