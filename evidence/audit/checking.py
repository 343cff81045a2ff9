"""A page with its verdicts -> its findings: all checks, then what its author accepts, then what the settings choose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evidence.audit.acknowledging import Acknowledged, acknowledge
from evidence.audit.checks import claims, notes, pages, tags, works
from evidence.audit.checks.consistency import Told
from evidence.audit.findings import Finding, Found, Place, make_found, tell_apart
from evidence.audit.load import PageClaims
from evidence.audit.selecting import Selection
from evidence.audit.verdicts import Verdict
from evidence.audit.works import CitedWork, ClaimEvidence, name_of
from evidence.config import AuditSettings

_Judged = Sequence[tuple[ClaimEvidence, Verdict]]
_CLAIM_CHECKS = (*claims.CHECKS.items(), *tags.CHECKS.items())


class Checker:
    """Checks page after page; remembers what was told of each work, and which acknowledgements in the settings fit."""

    def __init__(self, settings: AuditSettings) -> None:
        """Take the choices of the settings.

        Raises:
            ConfigError: they name a code that no check has.
        """
        self.selection = Selection.of(settings)
        self.told = Told()
        self.acknowledged = Acknowledged(settings.acknowledged)

    def check(self, page: PageClaims, judged: _Judged) -> list[Finding]:
        """Return the findings of a page, the acknowledged ones with the reason, without those that nobody wants."""
        found = tell_apart(list(self._found(page, judged)))
        found = acknowledge(found, page)
        findings = self.acknowledged.apply(found)
        return self.selection.choose(findings)

    def leftover(self) -> list[Finding]:
        """Return which acknowledgements of the settings fitted nothing, once all pages were checked."""
        return self.selection.choose(self.acknowledged.leftover())

    def _found(self, page: PageClaims, judged: _Judged) -> Iterator[Found]:
        for problem in page.problems:
            place = Place(page.path, problem["line"], problem.get("column", 1))
            for result in pages.page_problem(problem):
                yield make_found("EV101", result, place)
        cited = _cited_names(page, judged)
        yield from self._of_notes(page, judged, cited)
        for claim, verdict in judged:
            for one in check_claim(claim, verdict, cited):
                if not (page.is_study and one.finding.code in tags.NOT_OF_STUDY_PAGES):
                    yield one

    def _of_notes(self, page: PageClaims, judged: _Judged, cited: works.Cited) -> Iterator[Found]:
        # A work that stands in a note is told at the note, with the first claim that rests on it.
        bears: dict[str, str] = {}
        for claim, verdict in judged:
            for line in verdict.works:
                bears.setdefault(line.work.id, claim.id)
        for note in page.notes:
            place = Place(note.path, note.line, note.column, bears.get(note.work.id))
            anchor = (note.key, note.occurrence)
            for code, check in notes.CHECKS.items():
                for result in check(note):
                    yield make_found(code, result, place, note=anchor)
            for result in self.told.check(note):
                yield make_found("EV011", result, place, note=anchor)
            yield from _of_work(note.work, place, cited, anchor)


def check_claim(claim: ClaimEvidence, verdict: Verdict, cited: works.Cited = frozenset()) -> Iterator[Found]:
    """Yield the findings of one claim, then those of the works that it cites.

    Args:
        claim: with its evidence.
        verdict: what the audit says of it.
        cited: the names of all works of its page.
    """
    place = Place(claim.path, claim.line, claim.column, claim.id)
    for code, check in _CLAIM_CHECKS:
        for result in check(claim, verdict):
            yield make_found(code, result, place, text=claim.text)
    for line in verdict.works:
        yield from _of_work(line.work, place, cited)


def _of_work(work: CitedWork, place: Place, cited: works.Cited, note: tuple[str, int] | None = None) -> Iterator[Found]:
    if works.may_be_wrong(work):
        for code, check in works.CHECKS.items():
            for result in check(work, cited):
                yield make_found(code, result, place, note=note)


def _cited_names(page: PageClaims, judged: _Judged) -> works.Cited:
    """Return the names of all works of a page, where it cites a preprint: only there anybody asks."""
    cited = [note.work for note in page.notes]
    cited += [line.work for _, verdict in judged for line in verdict.works]
    if not any(work.is_preprint for work in cited):
        return frozenset()
    return {name_of(one) for work in cited for one in work.identifiers}
