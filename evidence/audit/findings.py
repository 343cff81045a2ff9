"""What a page's author should mend in a claim: one function a check, each a claim and its verdict in, results out.

`CHECKS` lists them by code; what a code means is in `evidence.audit.CODES`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from evidence.audit.strength import NEEDS_REPLICATION
from evidence.audit.verdicts import Verdict
from evidence.audit.works import ClaimEvidence, name_of
from evidence.notices import describe
from evidence.vocabulary import Flag, Level, Severity, Status, TagPlace

_OF_PAGE = frozenset({"EV004", "EV008", "EV013", "EV014"})
_REPLICATION = "needs-replication"
_HUMAN = "needs-human-replication"
_REPLICATED = frozenset({Status.REPLICATED, Status.REPLICATED_IN_HUMAN})
_HUMAN_ROW = re.compile(r"\breplicated in humans?\s*\??\W*\|\W*(yes|no)\b", re.IGNORECASE)
_PAGE_PROBLEMS: dict[str, Severity] = {
    "undefined-mark": Severity.ERROR,
    "malformed-mark": Severity.WARNING,
    "ambiguous-identifier": Severity.WARNING,
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


class Result(NamedTuple):
    """What one check found. `about` is the work or identifier meant; `of_page` says that it is not about the claim."""

    severity: Severity
    message: str
    fix: str
    about: str = ""
    of_page: bool = False


_Results = Iterator[Result]


def check_claim(claim: ClaimEvidence, verdict: Verdict) -> list[Finding]:
    """Return the findings of one claim."""
    text = " ".join(claim.text.split())
    return [
        make_finding(code, result, claim.path, claim.line, "" if result.of_page else text, claim.id)
        for code, check in CHECKS.items()
        for result in check(claim, verdict)
    ]


def check_page(path: str, problems: Sequence[dict[str, Any]]) -> list[Finding]:
    """Return what was found in reading a page, as findings EV101."""
    found = []
    for problem in problems:
        severity = _PAGE_PROBLEMS.get(problem["code"], Severity.WARNING)
        result = Result(severity, f"{problem['code']}: {problem['message']}", "mend the page", problem["message"])
        one = make_finding("EV101", result, path, problem["line"], problem["code"])
        found.append(replace(one, column=problem.get("column", 1)))
    return found


def once_a_page(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings of a page; what several claims share, such as an identifier, is told at the first of them."""
    told: set[str] = set()
    kept = []
    for one in findings:
        if one.code in _OF_PAGE and one.fingerprint in told:
            continue
        told.add(one.fingerprint)
        kept.append(one)
    return kept


def make_finding(code: str, result: Result, path: str, line: int, text: str, claim: str | None = None) -> Finding:
    """Return a finding with its fingerprint, which neither a moved line nor a count in the message changes."""
    fingerprint = _fingerprint(code, path, text, result.about)
    return Finding(code, result.severity, path, line, 1, claim, result.message, result.fix, fingerprint)


def retracted_support(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """A claim rests on a retracted work."""
    for line in verdict.works:
        work = line.work
        if work.is_retracted:
            said = "marked so on the page" if work.is_marked_retracted else "and the page does not say so"
            how = work.spoiled or describe(work.state)
            yield Result(
                Severity.INFO if work.is_marked_retracted else Severity.ERROR,
                f"{work.name} is retracted, {said}: {how}",
                "mark it as retracted, or cite another work",
                work.name,
            )


def unresolved(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """A claim cites something that names no work."""
    if verdict.status is Status.UNRESOLVED:
        message = f"cites no work that exists: {'; '.join(verdict.reasons)}"
        yield Result(Severity.ERROR, message, "mend the note or its identifier")


def untagged(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """A claim rests on one study or one group, and no tag says so. Where a look-up is missing it is at most one."""
    if verdict.status not in NEEDS_REPLICATION:
        return
    places = {tag.place for tag in claim.tags if tag.name == _REPLICATION}
    if not places:
        sure = Flag.UNVERIFIED not in verdict.flags
        yield Result(
            Severity.WARNING if sure else Severity.INFO,
            f"{verdict.status.value}: {'' if sure else 'at most '}{verdict.reasons[0]}",
            "tag it needs-replication, or cite another study",
        )
    elif TagPlace.CLAIM not in places:
        message = f"{verdict.status.value}, tagged only in the {_place(places)}"
        yield Result(Severity.INFO, message, "move the tag to the claim")


def conflict(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """Identifiers of one work contradict each other."""
    for line in verdict.works:
        for said in line.work.conflicts:
            fix = "find out which identifier is the right one"
            yield Result(Severity.ERROR, f"{line.work.name}: {said}", fix, f"{line.work.name} {said}", of_page=True)


def tagged_though_replicated(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """A claim is tagged needs-replication although groups of their own replicated it."""
    if verdict.status in _REPLICATED and _has(claim, _REPLICATION):
        yield Result(Severity.INFO, f"tagged needs-replication, but {verdict.reasons[0]}", "review the tag")


def wants_other_tag(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """A claim without evidence of its own is tagged needs-replication."""
    if not _has(claim, _REPLICATION):
        return
    if verdict.status is Status.UNCITED:
        message, fix = "tagged needs-replication, but nothing is cited", "tag it unsourced, or cite the study"
        yield Result(Severity.INFO, message, fix)
    elif verdict.status is Status.REVIEW_ONLY:
        message, fix = "tagged needs-replication, but only reviews are cited", "cite the primary study"
        yield Result(Severity.INFO, message, fix)


def human_tag(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """The tag needs-human-replication does not fit what was studied."""
    levels = {line.work.level for line in verdict.works if line.counted}
    if _has(claim, _HUMAN) and Level.HUMAN in levels:
        yield Result(Severity.INFO, "tagged needs-human-replication, but a human study is cited", "review the tag")
    elif levels and levels <= {Level.ANIMAL, Level.CELLS} and not _has(claim, _HUMAN):
        shown = " and ".join(sorted(level.value for level in levels))
        message = f"all evidence is {shown}, and no tag says so"
        yield Result(Severity.INFO, message, "tag it needs-human-replication")


def missing_identifier(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """An identifier does not exist, alone or beside another one of its note that does."""
    for line in verdict.works:
        work = line.work
        names = work.missing or (() if work.exists else tuple(map(name_of, work.identifiers)))
        for name in names:
            beside = f", although {work.name} does" if work.exists else ""
            message = f"{name} does not exist{beside}: its registry knows no such work"
            yield Result(Severity.ERROR, message, "mend the identifier", name, of_page=True)


def human_row(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """A row such as "Replicated in humans? | yes" contradicts the studies that it cites."""
    said = _HUMAN_ROW.search(claim.text)
    if said is None or not verdict.works or Flag.UNVERIFIED in verdict.flags:
        return
    answer, found = said.group(1).lower(), verdict.status is Status.REPLICATED_IN_HUMAN
    if (answer == "yes") != found:
        message = f"the row says {answer}, but what it cites is {verdict.status.value}"
        yield Result(Severity.WARNING, message, "cite the human studies, or change the row")


def contested_notices(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """The registries contradict each other, or themselves, about what was done to a work."""
    for line in verdict.works:
        for said in line.work.state.conflicts:
            fix = "read the notices themselves; what was taken is the graver reading"
            yield Result(Severity.WARNING, f"{line.work.name}: {said}", fix, f"{line.work.name} {said}", of_page=True)


def reinstated(claim: ClaimEvidence, verdict: Verdict) -> _Results:
    """A work was retracted, and stands again."""
    for line in verdict.works:
        if line.work.state.is_reinstated:
            message = f"{line.work.name} stands again: {describe(line.work.state)}"
            yield Result(Severity.INFO, message, "read the notice of the reinstatement", line.work.name, of_page=True)


CHECKS: dict[str, Callable[[ClaimEvidence, Verdict], _Results]] = {
    "EV001": retracted_support,
    "EV002": unresolved,
    "EV003": untagged,
    "EV004": conflict,
    "EV005": tagged_though_replicated,
    "EV006": wants_other_tag,
    "EV007": human_tag,
    "EV008": missing_identifier,
    "EV012": human_row,
    "EV013": contested_notices,
    "EV014": reinstated,
}


def _fingerprint(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def _has(claim: ClaimEvidence, name: str) -> bool:
    """Tell whether a claim has a tag of its own; one for the whole page says nothing of the single claim."""
    return any(tag.name == name and tag.place is not TagPlace.FRONT_MATTER for tag in claim.tags)


def _place(places: set[TagPlace]) -> str:
    return "note" if TagPlace.NOTE in places else "list of gaps" if TagPlace.GAP_LIST in places else "front matter"
