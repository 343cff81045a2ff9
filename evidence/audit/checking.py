"""A page with its verdicts -> its findings: all checks, then what its author accepts, then what the settings choose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from evidence.audit.acknowledging import Accepting, Acknowledged, acknowledge
from evidence.audit.checks import claims, notes, pages, tags, works
from evidence.audit.checks.consistency import Telling, Told, telling_of
from evidence.audit.findings import Anchor, Facts, Finding, Found, Place, make_found, tell_apart
from evidence.audit.load import PageClaims
from evidence.audit.resting import works_counted
from evidence.audit.selecting import Selection
from evidence.audit.verdicts import Verdict
from evidence.audit.works import CitedWork, ClaimEvidence, name_of
from evidence.errors import PageError
from evidence.marks import FIX_OF_KEYS, OF_BIBLIOGRAPHY
from evidence.notices import describe_notice
from evidence.vocabulary import DOUBTING, Flag, Status

if TYPE_CHECKING:
    from evidence.config import AcknowledgedFinding

_Judged = Sequence[tuple[ClaimEvidence, Verdict]]
_LINE_END = re.compile(r"\r\n|\r|\n")
_CLAIM_CHECKS = (*claims.CHECKS.items(), *tags.CHECKS.items())
# Most claims have no tag.
_UNTAGGED_CHECKS = tuple(one for one in _CLAIM_CHECKS if one[0] not in tags.CHECKS.keys() - tags.WITHOUT_TAG)


class Checker:
    """Checks page after page, by what stands on each alone; remembers which acknowledgements in the settings fit.

    What notes of several pages tell of one work is compared by `contradictions`, in the order of the pages.
    """

    def __init__(self, selection: Selection, acknowledged: Iterable[AcknowledgedFinding]) -> None:
        """Take which findings are wanted, and which the settings accept."""
        self.selection = selection
        self.told = Told()
        self.acknowledged = Acknowledged(acknowledged)

    def settle(self, page: Accepting, found: Sequence[Found]) -> list[Finding]:
        """Return the findings of a page, the acknowledged ones with the reason, without those that nobody wants."""
        found = self._tell_problems_once(acknowledge(tell_apart(found), page))
        return self.selection.choose(self.acknowledged.apply(found))

    def _tell_problems_once(self, found: Sequence[Found]) -> Sequence[Found]:
        """Return the findings without the marks and notes for which a claim cites nothing: it tells of them."""
        told = {one.finding.claim for one in found if one.finding.code == "EV002"}
        if not told or "EV002" in self.selection.hidden:
            return found
        return [one for one in found if not (one.finding.claim in told and pages.is_told_by_its_claim(one.finding))]

    def contradictions(self, tellings: Iterable[Telling]) -> list[Found]:
        """Return where notes of a page contradict notes before them."""
        return [
            make_found("EV011", result, telling.place, note=telling.note)
            for telling in tellings
            for result in self.told.check(telling)
        ]

    def settle_contradictions(self, found: Sequence[Found]) -> list[Finding]:
        """Return these as findings of a page that acknowledges nothing itself."""
        return self.selection.choose(self.acknowledged.apply(tell_apart(found))) if found else []

    def unreadable(self, errors: Iterable[PageError]) -> list[Finding]:
        """Return the pages and folders that could not be read as findings."""
        found = [
            make_found("EV101", result, Place(error.path, error.line or 1))
            for error in errors
            for result in pages.page_problem({"code": "unreadable", "message": error.message, "hint": error.hint})
        ]
        return self.selection.choose(self.acknowledged.apply(found))

    def leftover(self) -> list[Finding]:
        """Return which acknowledgements of the settings fitted nothing, once all pages were checked."""
        return self.selection.choose(self.acknowledged.leftover())


class PageChecked(NamedTuple):
    """What the checks of a page by itself found, and what its notes tell that other pages may contradict."""

    found: list[Found]
    tellings: list[Telling]


def check_page(page: PageClaims, judged: _Judged) -> PageChecked:
    """Return what is found on a page, whatever other pages say."""
    checked = PageChecked([], [])
    marks = _undefined_marks(page)
    bare = _bare_notes(page, judged)
    for problem in page.problems:
        line, column = problem["line"], problem.get("column", 1)
        telling = (name for some in (marks, bare) for name, its in some.items() if problem in its)
        place = Place(page.path, line, column, next(telling, None))
        # An acknowledgement of a problem may stand anywhere on the page.
        checked.found.extend(
            make_found("EV101", result, place)._replace(anchor=Anchor()) for result in pages.page_problem(problem)
        )
    cited = _cited_names(page, judged)
    told = {line.work.id for _, verdict in judged for line in verdict.works}
    _check_notes(page, judged, cited, checked, told)
    for named in page.named:
        if named.work.id not in told:
            told.add(named.work.id)
            place = Place(page.path, named.line, named.column, named.claim)
            checked.found.extend(_of_untold(named.work, place))
            checked.found.extend(_of_work(named.work, place, cited))
    listed = tags.works_in_gap_lists(judged)
    for claim, verdict in judged:
        for one in check_claim(tags.with_gap_list(claim, verdict, listed), verdict, cited):
            if not (page.is_study and one.finding.code in tags.NOT_OF_STUDY_PAGES):
                one = _at_its_mark(one, marks.get(claim.id, ()))  # noqa: PLW2901
                checked.found.append(_with_its_notes(one, bare.get(claim.id, ())))
        # A page about one study says of itself what others found: it cites none of them.
        if not (verdict.works or page.is_study):
            for result in claims.human_row_of_section(claim, judged):
                place = Place(claim.path, claim.line, claim.column, claim.id)
                checked.found.append(make_found("EV012", result, place, text=claim.text))
    checked.found.extend(_unsaid_doubts(page, judged, checked.found))
    return checked


def _undefined_marks(page: PageClaims) -> dict[str, list[dict[str, Any]]]:
    """Return, by claim, the problems of its marks that have no definition, in their order."""
    problems = [one for one in page.problems if one["code"] == pages.UNDEFINED_MARK]
    found: dict[str, list[dict[str, Any]]] = {}
    for claim in page.claims if problems else ():
        begin, end = (claim.line, claim.column), _end_of(claim)
        if some := [one for one in problems if begin <= (one["line"], one.get("column", 1)) < end]:
            found[claim.id] = some
    return found


def _end_of(claim: ClaimEvidence) -> tuple[int, int]:
    first, *rest = _LINE_END.split(claim.text)
    return (claim.line + len(rest), len(rest[-1]) + 1) if rest else (claim.line, claim.column + len(first))


def _at_its_mark(found: Found, marks: Sequence[dict[str, Any]]) -> Found:
    """Return a claim's finding that it cites nothing at its first mark without a definition, with all of them."""
    if found.finding.code != "EV002" or not marks:
        return found
    first, *rest = marks
    told = found.finding.message.replace("`", "")
    said = [one["message"] for one in marks if one["message"].replace("`", "") not in told]
    said += [f"another at line {one['line']}, column {one.get('column', 1)}" for one in rest]
    finding = replace(
        found.finding,
        line=first["line"],
        column=first.get("column", 1),
        message="; ".join([found.finding.message, *said]),
        fix=_fix_of(marks),
    )
    return found._replace(finding=finding)


def _fix_of(marks: Sequence[dict[str, Any]]) -> str:
    """Return what mends marks without a definition: keys of a bibliography have none to write."""
    if all(one["message"].endswith(OF_BIBLIOGRAPHY) for one in marks):
        return FIX_OF_KEYS
    return "write the note, or correct the mark"


def _bare_notes(page: PageClaims, judged: _Judged) -> dict[str, list[dict[str, Any]]]:
    """Return, by claim that cites no work, the problems of its notes for which they name none."""
    problems = [one for one in page.problems if one.get("note") is not None]
    found: dict[str, list[dict[str, Any]]] = {}
    for claim, verdict in judged if problems else ():
        if verdict.status is Status.UNRESOLVED:
            missing = [place.missing for place in claim.places if place.missing]
            some = [one for one in problems if any(said.startswith(f"[^{one['note']}]") for said in missing)]
            found |= {claim.id: some} if some else {}
    return found


def _with_its_notes(found: Found, notes: Sequence[dict[str, Any]]) -> Found:
    """Return a claim's finding that it cites nothing with where the notes stand that name no work."""
    if found.finding.code != "EV002" or not notes:
        return found
    lines = dict.fromkeys(f"[^{one['note']}] stands in line {one['line']}" for one in notes)
    return found._replace(finding=replace(found.finding, message="; ".join([found.finding.message, *lines])))


def _unsaid_doubts(page: PageClaims, judged: _Judged, found: Sequence[Found]) -> Iterator[Found]:
    """Yield the works in doubt that the page does not say to be so, each where it is cited first."""
    words: dict[str, list[str]] = {}
    first: dict[str, tuple[CitedWork, Place, tuple[str, int] | None]] = {}
    for note in page.notes:
        if note.work.state.kind in DOUBTING:
            place = Place(note.path, note.line, note.column)
            first.setdefault(note.work.id, (note.work, place, (note.key, note.occurrence)))
            words.setdefault(note.work.id, []).append(note.text)
    for claim, verdict in judged:
        for line in verdict.works:
            if line.work.state.kind in DOUBTING:
                place = Place(claim.path, claim.line, claim.column, claim.id)
                first.setdefault(line.work.id, (line.work, place, None))
                words.setdefault(line.work.id, []).append(claim.text)
    if not first:
        return
    # A work that was checked before the notice came out is told of already.
    told = {dict(one.facts).get("about") for one in found if one.finding.code == "EV019"}
    for name, (work, place, anchor) in first.items():
        if work.name not in told:
            for result in works.unsaid_doubt(work, " ".join(words[name])):
                yield make_found("EV021", result, place, note=anchor)


def is_open(page: PageClaims) -> bool:
    """Tell whether a look-up of any work that a page names failed or was never made, whether a claim rests on it."""
    named = (one.work for some in (page.notes, page.named) for one in some)
    # Those of notes and of the text stand in the lists; those of tables of interactions in their rows alone.
    rows = (claim for claim in page.claims if claim.interaction is not None)
    works = chain(named, (work for row in rows for place in row.places for work in place.works))
    return any(work.exists and not work.is_verified for work in works)


def _check_notes(page: PageClaims, judged: _Judged, cited: works.Cited, checked: PageChecked, told: set[str]) -> None:
    # A work that stands in a note is told at the note, with the first claim that rests on it.
    bears: dict[str, str] = {}
    for claim, verdict in judged:
        for line in verdict.works:
            bears.setdefault(line.work.id, claim.id)
    for note in page.notes:
        place = Place(note.path, note.line, note.column, bears.get(note.work.id))
        anchor = (note.key, note.occurrence)
        for code, check in notes.CHECKS.items():
            checked.found.extend(make_found(code, result, place, note=anchor) for result in check(note))
        if (telling := telling_of(note, place.claim)) is not None:
            checked.tellings.append(telling)
        if note.work.id not in told:
            told.add(note.work.id)
            checked.found.extend(_of_untold(note.work, place, anchor))
        checked.found.extend(_of_work(note.work, place, cited, anchor))


def check_claim(claim: ClaimEvidence, verdict: Verdict, cited: works.Cited = frozenset()) -> Iterator[Found]:
    """Yield the findings of one claim, then those of the works that it cites.

    Args:
        claim: with its evidence.
        verdict: what the audit says of it.
        cited: the names of all works of its page.
    """
    if not (verdict.works or claim.tags or verdict.status is Status.UNRESOLVED):
        # Most claims: no check has anything to look at.
        return
    place = Place(claim.path, claim.line, claim.column, claim.id)
    grounds: Facts | None = None
    for code, check in _CLAIM_CHECKS if claim.tags else _UNTAGGED_CHECKS:
        for result in check(claim, verdict):
            grounds = _grounds(verdict) if grounds is None else grounds
            yield make_found(code, result, place, text=claim.text, grounds=grounds)
    for line in verdict.works:
        yield from _of_work(line.work, place, cited)


def _grounds(verdict: Verdict) -> Facts:
    """Return what a verdict follows from: an acknowledgement holds for the evidence that its author saw."""
    counted = works_counted(verdict)
    designs = [f"{work.name} {' '.join(sorted(work.designs))}" for work in counted]
    if Flag.N_SMALL in verdict.flags:
        designs.append("few subjects")
    if verdict.level is not None:
        designs.append(verdict.level.value)
    # A correction too may touch what its reader accepted.
    notices = [f"{work.name} {said}" for work in counted for said in sorted(set(map(describe_notice, work.notices)))]
    return ("designs", "; ".join(designs)), ("notices", "; ".join(notices))


def _of_untold(work: CitedWork, place: Place, note: tuple[str, int] | None = None) -> Iterator[Found]:
    """Yield that a work is retracted which no claim rests on: that of a list of references, or of a note without mark.

    A claim tells of it by itself.
    """
    for result in works.retracted_work(work):
        yield make_found("EV001", result._replace(of_page=True), place, note=note)


def _of_work(work: CitedWork, place: Place, cited: works.Cited, note: tuple[str, int] | None = None) -> Iterator[Found]:
    if works.may_be_wrong(work):
        for code, check in works.CHECKS.items():
            for result in check(work, cited):
                yield make_found(code, result, place, note=note)


def _cited_names(page: PageClaims, judged: _Judged) -> works.Cited:
    """Return the names of all works of a page, where it cites a preprint: only there anybody asks."""
    cited = [note.work for note in page.notes]
    cited += [line.work for _, verdict in judged for line in verdict.works]
    cited += [one.work for one in page.named]
    if not any(work.is_preprint for work in cited):
        return frozenset()
    return {name_of(one) for work in cited for one in work.identifiers}
