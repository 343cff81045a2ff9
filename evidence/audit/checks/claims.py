"""What is wrong with a claim: one function a check, a claim and its verdict in, results out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from evidence.audit.findings import Result
from evidence.audit.verdicts import Verdict
from evidence.audit.works import ClaimEvidence
from evidence.notices import describe
from evidence.vocabulary import Flag, Severity, Status

Results = Iterator[Result]
_HUMAN_ROW = re.compile(r"\breplicated in humans?\s*\??\W*\|\W*(yes|no)\b", re.IGNORECASE)


def retracted_support(_claim: ClaimEvidence, verdict: Verdict) -> Results:
    """A claim rests on a retracted work: an error where the page does not say so.

    Source:
        EVIDENCE.md sections 3.4 and 4 of the design.

    >>> from evidence.vocabulary import ClaimKind
    >>> from evidence.audit.verdicts import WorkLine
    >>> from evidence.audit.works import CitedWork
    >>> fallen = CitedWork("w", (), spoiled="preprint of doi:10.1/a, which is retracted")
    >>> lines = (WorkLine(fallen, False, "retracted"),)
    >>> claim = ClaimEvidence("c", "a.md", 1, ClaimKind.SENTENCE, (), "Bone is lost.")
    >>> verdict = Verdict(Status.RETRACTED, None, None, (), ("every work",), (), lines, ())
    >>> next(retracted_support(claim, verdict)).severity
    <Severity.ERROR: 'error'>
    """
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
                (("mark", str(work.is_marked_retracted)), ("notices", how)),
            )


def unresolved(_claim: ClaimEvidence, verdict: Verdict) -> Results:
    """A claim cites something that names no work.

    Source:
        EVIDENCE.md section 3.4 of the design, rule 2.

    >>> from evidence.vocabulary import ClaimKind
    >>> claim = ClaimEvidence("c", "a.md", 1, ClaimKind.SENTENCE, (), "Bone is lost.")
    >>> verdict = Verdict(Status.UNRESOLVED, None, None, (), ("[^a] has no definition",), (), (), ())
    >>> next(unresolved(claim, verdict)).message
    'cites no work that exists: [^a] has no definition'
    """
    if verdict.status is Status.UNRESOLVED:
        said = "; ".join(verdict.reasons)
        yield Result(
            Severity.ERROR, f"cites no work that exists: {said}", "mend the note or its identifier",
            facts=(("citations", said),),
        )  # fmt: skip


def human_row(claim: ClaimEvidence, verdict: Verdict) -> Results:
    """A row such as "Replicated in humans? | yes" contradicts the studies that it cites.

    Source:
        EVIDENCE.md section 4 of the design.

    >>> from evidence.vocabulary import ClaimKind
    >>> from evidence.audit.verdicts import WorkLine
    >>> from evidence.audit.works import CitedWork
    >>> lines = (WorkLine(CitedWork("w", ()), True, "rct"),)
    >>> row = "| Replicated in humans? | yes |"
    >>> claim = ClaimEvidence("c", "a.md", 1, ClaimKind.TABLE_ROW, (), row)
    >>> verdict = Verdict(Status.SINGLE_STUDY, None, None, (), ("one study",), (), lines, ())
    >>> next(human_row(claim, verdict)).message
    'the row says yes, but what it cites is single-study'
    """
    said = _HUMAN_ROW.search(claim.text)
    if said is None or not verdict.works or Flag.UNVERIFIED in verdict.flags:
        return
    answer, found = said.group(1).lower(), verdict.status is Status.REPLICATED_IN_HUMAN
    if (answer == "yes") != found:
        message = f"the row says {answer}, but what it cites is {verdict.status.value}"
        fix = "cite the human studies, or change the row"
        yield Result(Severity.WARNING, message, fix, facts=(("status", verdict.status.value),))


CHECKS: dict[str, Callable[[ClaimEvidence, Verdict], Results]] = {
    "EV001": retracted_support,
    "EV002": unresolved,
    "EV012": human_row,
}
