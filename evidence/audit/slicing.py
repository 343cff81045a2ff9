"""A part of an audit: the claims and findings that fit every choice of a user. Every slice says that it is one."""

from __future__ import annotations

import datetime as dt
import heapq
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Generic, TypeVar

from evidence.audit import DRIFT
from evidence.audit.baseline import Comparison
from evidence.audit.findings import Finding
from evidence.audit.judged import AuditReport, SourceLine
from evidence.audit.judgement import JudgedClaim
from evidence.audit.ranking import rank_by_urgency
from evidence.errors import EvidenceError
from evidence.notices import is_surely_later
from evidence.vocabulary import Level, Status

_YEARS = re.compile(r"\d{1,3}")
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a slice shows; an empty choice shows all. `top` is how many claims at most, those to act on first."""

    statuses: frozenset[Status] = frozenset()
    levels: frozenset[Level] = frozenset()
    drift: bool = False
    older_than: str | None = None
    checked_before: str | None = None
    pages: tuple[str, ...] = ()
    top: int = 0

    @property
    def words(self) -> str:
        """What is chosen, in words; empty where all is.

        >>> Choice(frozenset({Status.RETRACTED}), drift=True, pages=("molecules/*",)).words
        'status retracted; drift; page molecules/*'
        """
        said = [
            ("status ", ", ".join(status.value for status in Status if status in self.statuses)),
            ("level ", ", ".join(level.value for level in Level if level in self.levels)),
            ("drift", "" if not self.drift else " "),
            ("newest work before ", self.older_than),
            ("checked before ", self.checked_before),
            ("page ", ", ".join(self.pages)),
            ("top ", str(self.top or "")),
        ]
        return "; ".join(f"{name}{value}".strip() for name, value in said if value)

    @property
    def is_of_claims(self) -> bool:
        """Whether it chooses single claims, so that only findings about these belong to it."""
        return bool(self.statuses or self.levels or self.older_than or self.top)


class Chosen(Collection[_Item], Generic[_Item]):
    """The items of a collection that fit, found anew whenever they are gone through, so that none need be held."""

    def __init__(self, items: Iterable[_Item], fits: Callable[[_Item], bool]) -> None:
        self._items = items
        self._fits = fits
        self._count: int | None = None

    def __iter__(self) -> Iterator[_Item]:
        return filter(self._fits, self._items)

    def __len__(self) -> int:
        if self._count is None:
            self._count = sum(1 for _ in self)
        return self._count

    def __contains__(self, item: object) -> bool:
        return any(one == item for one in self)


def read_age(text: str, today: dt.date) -> str:
    """Return the date that an age in years or a date means: "2016", "2016-05" or "2016-05-09".

    Raises:
        EvidenceError: it is neither.

    >>> read_age("10", dt.date(2026, 11, 21)), read_age("2016-05", dt.date(2026, 11, 21))
    ('2016-11-21', '2016-05')
    """
    if _YEARS.fullmatch(text):
        year = max(today.year - int(text), 1)
        return f"{year:04}{today:-%m-%d}"
    if date := _DATE.fullmatch(text):
        year, month, day = (int(part or 1) for part in date.groups())
        try:
            dt.date(year, month, day)
        except ValueError:
            pass
        else:
            return text
    raise EvidenceError(f"{text!r} is no age and no date", 'write years as "10", or a date as "2016" or "2016-05-09"')


def slice_report(report: AuditReport, choice: Choice) -> AuditReport:
    """Return the part of an audit that fits a choice, or the audit itself where all is chosen.

    Whatever a slice leaves out, a look-up that failed on one of its pages leaves it incomplete: a claim of another
    status may belong to it.
    """
    if choice == Choice():
        return report
    on_page = _fits_page(report, choice)
    drifting = {one.claim for one in report.findings if _drifts(one)} if choice.drift else None

    def fits(one: JudgedClaim) -> bool:
        return (
            on_page(one.claim.path)
            and (not choice.statuses or one.verdict.status in choice.statuses)
            and (not choice.levels or one.verdict.level in choice.levels)
            and (choice.older_than is None or is_older(one, choice.older_than))
            and (drifting is None or one.claim.id in drifting)
        )

    claims: Collection[JudgedClaim] = Chosen(report.claims, fits)
    words = choice.words
    said = f"a slice ({words}): {len(claims)} of {len(report.claims)} claims"
    if choice.top:
        rest = Counter(one.verdict.status for one in claims)
        claims = heapq.nsmallest(choice.top, claims, key=rank_by_urgency(report))
        rest.subtract(one.verdict.status for one in claims)
        left = ", ".join(f"{rest[status]} {status.value}" for status in Status if rest[status])
        said += f", the {len(claims)} to act on first are shown" + (f" and {left} are not" if left else "")
    kept = {one.claim.id for one in claims} if choice.is_of_claims else None
    findings = [
        one
        for one in report.findings
        if on_page(one.path)
        and (not choice.drift or one.code in DRIFT)
        and (kept is None or (one.claim is not None and one.claim in kept))
    ]
    # Cut to the works that are cited here; what is counted of each is of the whole audit, as its load is.
    sources: dict[str, SourceLine] = {}
    paths = set()
    for one in claims:
        sources |= {line.work.id: report.sources[line.work.id] for line in one.verdict.works}
        paths.add(one.claim.path)
    return replace(
        report,
        claims=claims,  # type: ignore[arg-type]
        # Counted of the slice itself, whenever anybody asks.
        statuses=None,
        flags=None,
        findings=findings,
        sources=sources,
        pages=len(paths),
        limits=(*report.limits, f"{said}, {len(findings)} of {len(report.findings)} findings"),
        sliced=words,
        unreadable=tuple(path for path in report.unreadable if _may_hold(path, choice.pages)),
        unverified=[path for path in report.unverified if on_page(path)],
    )


def check_patterns(globs: Iterable[str], paths: Collection[str]) -> None:
    """Hold the patterns of a choice against the pages that there are: one that fits none would read as a clean slice.

    Raises:
        EvidenceError: a pattern fits no page.

    >>> check_patterns(["*.md"], ["a.md"])
    """
    for glob in globs:
        if not any(is_named(path, glob) for path in paths):
            hint = 'write it as a page, a folder or a pattern such as "notes/*.md", from the folder of config.toml'
            raise EvidenceError(f"no page of the audit fits {glob!r}", hint)


def without_known(report: AuditReport, comparison: Comparison) -> AuditReport:
    """Return the audit with the findings alone that a baseline does not have."""
    return replace(report, findings=comparison.new, limits=(*report.limits, comparison.line()))


def is_older(one: JudgedClaim, date: str) -> bool:
    """Tell whether all works that a claim rests on are surely older than a date; of unknown years nothing is sure."""
    years = [line.work.year for line in one.verdict.works if line.work.exists and not line.work.is_retracted]
    return bool(years) and all(year is not None and is_surely_later(date, f"{year:04}") for year in years)


def _fits_page(report: AuditReport, choice: Choice) -> Callable[[str], bool]:
    def fits(path: str) -> bool:
        checked = report.checked.get(path)
        return (not choice.pages or any(is_named(path, glob) for glob in choice.pages)) and (
            choice.checked_before is None or is_surely_later(choice.checked_before, checked)
        )

    return fits


def is_named(path: str, glob: str) -> bool:
    """Tell whether a page fits a pattern, or lies in the folder that it names.

    >>> is_named("molecules/a.md", "*.md"), is_named("molecules/a.md", "molecules"), is_named("a.md", "b*")
    (True, True, False)
    """
    return fnmatchcase(path, glob) or path.startswith(f"{glob.rstrip('/')}/")


def _may_hold(path: str, globs: Sequence[str]) -> bool:
    """Tell whether what could not be read, a page or a folder, may belong to the pages that are chosen."""
    return not globs or any(is_named(path, glob) or glob.startswith(f"{path}/") for glob in globs)


def _drifts(one: Finding) -> bool:
    return one.code in DRIFT and one.acknowledged is None and one.claim is not None
