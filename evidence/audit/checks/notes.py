"""What is wrong with what a note says of its work: one function a check, a note's work in, results out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evidence.audit.findings import Result
from evidence.audit.identity import is_of_the_work
from evidence.audit.works import NotedWork
from evidence.notices import describe, describe_notice, is_surely_later
from evidence.vocabulary import NoticeKind, Severity

_Results = Iterator[Result]
# One odd year or journal is a slip of the pen; with another author or title it is another paper. Another of its authors
# in the first place is a slip too.
_TELLING = ("first author", "title")


def other_paper(note: NotedWork) -> _Results:
    """The registry knows another author, year, title or journal than the note says.

    Source:
        EVIDENCE.md section 4 of the design, citation identity.

    >>> from evidence.audit.works import CitedWork
    >>> work = CitedWork("w", (), mismatches=("year: the note says 2011, the registry 2004",))
    >>> note = NotedWork("a.md", 3, 1, "k", 0, "", {}, work)
    >>> next(other_paper(note)).message
    '[^k] does not fit w: year: the note says 2011, the registry 2004'
    """
    said = note.work.mismatches
    if said:
        severity = Severity.WARNING if any(map(is_of_the_work, said)) else Severity.INFO
        if len(said) > 1 and any(one.startswith(_TELLING) for one in said):
            severity = Severity.ERROR
        message = f"[^{note.key}] does not fit {note.work.name}: {'; '.join(said)}"
        fix = "find out whether the identifier or the words are wrong"
        yield Result(severity, message, fix, note.work.name, tuple(("said", one) for one in said))


def unfounded_retraction(note: NotedWork) -> _Results:
    """The note says that its work is retracted, and no registry says that it is now. A failed look-up says nothing.

    Source:
        EVIDENCE.md section 4 of the design.

    >>> from evidence.audit.works import CitedWork
    >>> work = CitedWork("w", (), is_resolved=True, is_marked_retracted=True)
    >>> note = NotedWork("a.md", 3, 1, "k", 0, "", {}, work)
    >>> next(unfounded_retraction(note)).message
    '[^k] says that w is retracted, but no registry tells of a retraction'
    """
    work = note.work
    if work.is_marked_retracted and work.is_verified and not work.is_retracted:
        told = describe(work.state) or "no registry tells of a retraction"
        message = f"[^{note.key}] says that {work.name} is retracted, but {told}"
        yield Result(Severity.WARNING, message, "review the mark", work.name, (("notices", told),))


def checked_before_notice(note: NotedWork) -> _Results:
    """The note, or else its page, was checked before a notice of the work came out, and does not speak of it.

    >>> from evidence.audit.works import CitedWork
    >>> from evidence.notices import WorkNotice
    >>> work = CitedWork("w", (), notices=(WorkNotice(NoticeKind.ERRATUM, "2025-06-01", "crossref"),))
    >>> note = NotedWork("a.md", 3, 1, "k", 0, "", {}, work, "2024-11")
    >>> next(checked_before_notice(note)).message
    'w was last checked 2024-11; since then: erratum 2025-06-01 (crossref)'
    """
    if note.checked is None or (note.work.is_marked_retracted and note.work.is_retracted):
        return
    later = [
        notice
        for notice in note.work.notices
        if notice.kind is not NoticeKind.OTHER and is_surely_later(notice.date, note.checked)
    ]
    if later:
        said = ", ".join(dict.fromkeys(map(describe_notice, later)))
        message = f"{note.work.name} was last checked {note.checked}; since then: {said}"
        severity = Severity.WARNING if note.work.state.kind is not None else Severity.INFO
        yield Result(
            severity, message, "read the notice, and date the check anew", note.work.name, (("notices", said),)
        )


CHECKS: dict[str, Callable[[NotedWork], _Results]] = {
    "EV009": other_paper,
    "EV010": unfounded_retraction,
    "EV019": checked_before_notice,
}
