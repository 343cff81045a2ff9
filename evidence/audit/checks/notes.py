"""What is wrong with what a note says of its work: one function a check, a note's work in, results out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evidence.audit.findings import Result
from evidence.audit.identity import is_of_the_work
from evidence.audit.works import NotedWork, Reported
from evidence.notices import describe, describe_notice, is_surely_later
from evidence.vocabulary import PRIMARY_DESIGNS, REVIEW_DESIGNS, SYNTHESES, NoticeKind, Severity

_Results = Iterator[Result]
_LOCAL = frozenset({"note", "study page"})
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


def told_otherwise(note: NotedWork) -> _Results:
    """The note, the page of the study and PubMed tell different things of one work.

    People or animals, and a study or a review, are a warning; numbers, years and designs of one kind may be wording.
    What the note says of its work beside the registry is citation identity.

    Source:
        EVIDENCE.md sections 1 and 4 of the design.

    >>> from evidence.audit.works import CitedWork, Reported
    >>> work = CitedWork("w", (), reported=(Reported("design", "rct", "note"), Reported("design", "review", "pubmed")))
    >>> next(told_otherwise(NotedWork("a.md", 3, 1, "k", 0, "", {}, work))).message
    'w: design is rct (note) and review (pubmed)'
    """
    told: dict[str, list[Reported]] = {}
    for one in note.work.reported if len(note.work.reported) > 1 else ():
        told.setdefault(one.attribute, []).append(one)
    for attribute, (first, *others) in told.items():
        for other in others:
            severity = _gravity(attribute, first, other)
            if severity is not None:
                said = f"{first.value} ({first.source}) and {other.value} ({other.source})"
                message, about = (
                    f"{note.work.name}: {attribute} is {said}",
                    f"{note.work.name} {attribute} {other.source}",
                )
                fix = "look it up and make the page agree"
                yield Result(severity, message, fix, about, (("first", first.value), ("other", other.value)))
                break


def _gravity(attribute: str, first: Reported, other: Reported) -> Severity | None:
    """Return how grave it is that two sources differ, or None where they may agree."""
    if attribute == "level":
        return Severity.WARNING if first.value != other.value else None
    if attribute == "design":
        mine, theirs = set(first.value.split(", ")), set(other.value.split(", "))
        if mine & theirs:
            return None
        if first.source in _LOCAL and other.source in _LOCAL:
            return Severity.INFO
        # Registries leave the type of many a review out, but they call no study one.
        return Severity.WARNING if mine <= PRIMARY_DESIGNS and theirs <= REVIEW_DESIGNS | SYNTHESES else None
    is_local = first.source in _LOCAL and other.source in _LOCAL
    return Severity.INFO if attribute in {"n", "year"} and is_local and first.value != other.value else None


CHECKS: dict[str, Callable[[NotedWork], _Results]] = {
    "EV009": other_paper,
    "EV011": told_otherwise,
    "EV010": unfounded_retraction,
    "EV019": checked_before_notice,
}
