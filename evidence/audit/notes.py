"""What a page's author should mend in a note: one function a check, a note's work in, results out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evidence.audit.findings import Finding, Result, make_finding
from evidence.audit.identity import is_of_the_work
from evidence.audit.works import NotedWork
from evidence.notices import describe
from evidence.vocabulary import Severity

# One odd year or journal is a slip of the pen; with another author or title it is another paper. Another of its authors
# in the first place is a slip too.
_TELLING = ("first author", "title")


def check_note(note: NotedWork) -> list[Finding]:
    """Return the findings of one work as one note tells of it."""
    return [
        make_finding(code, result, note.path, note.line, note.key)
        for code, check in CHECKS.items()
        for result in check(note)
    ]


def other_paper(note: NotedWork) -> Iterator[Result]:
    """The registry knows another author, year, title or journal than the note says."""
    said = note.work.mismatches
    if said:
        severity = Severity.WARNING if any(map(is_of_the_work, said)) else Severity.INFO
        if len(said) > 1 and any(one.startswith(_TELLING) for one in said):
            severity = Severity.ERROR
        message = f"[^{note.key}] does not fit {note.work.name}: {'; '.join(said)}"
        fix = "find out whether the identifier or the words are wrong"
        yield Result(severity, message, fix, note.work.name)


def unfounded_retraction(note: NotedWork) -> Iterator[Result]:
    """The note says that its work is retracted, and no registry says that it is now. A failed look-up says nothing."""
    work = note.work
    if work.is_marked_retracted and work.is_resolved and not work.is_retracted:
        told = describe(work.state) or "no registry tells of a retraction"
        message = f"[^{note.key}] says that {work.name} is retracted, but {told}"
        yield Result(Severity.WARNING, message, "review the mark", work.name)


CHECKS: dict[str, Callable[[NotedWork], Iterator[Result]]] = {"EV009": other_paper, "EV010": unfounded_retraction}
