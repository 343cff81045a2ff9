"""What the notices of a work, of all registries together, say of its standing: a dated state. Pure.

The rules, in order:

1. A retraction, withdrawal or removal holds until a reinstatement that is surely later. An expression of concern or a
   correction after it lifts nothing.
2. An expression of concern or a partial retraction holds in the same way, for works that were not retracted.
3. Of several retractions the latest decides; one without a date decides only where none has a date.
4. Corrections, new versions and kinds that nobody knows leave the standing alone.

What the registries contradict each other about is told, whatever was decided.

Source:
    Crossref, "Version control, corrections, and retractions"; NLM, "Errata, Retractions, and Other Linked Citations in
    PubMed"; the natures of the Retraction Watch database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from evidence.records import Reference
from evidence.vocabulary import CORRECTING, DOUBTING, RETRACTING, NoticeKind

# The gravest first.
_BEARING = (
    NoticeKind.RETRACTION,
    NoticeKind.WITHDRAWAL,
    NoticeKind.REMOVAL,
    NoticeKind.PARTIAL_RETRACTION,
    NoticeKind.EXPRESSION_OF_CONCERN,
    NoticeKind.REINSTATEMENT,
)
WORDS = {
    NoticeKind.RETRACTION: "retracted",
    NoticeKind.WITHDRAWAL: "withdrawn",
    NoticeKind.REMOVAL: "removed",
    NoticeKind.PARTIAL_RETRACTION: "partially retracted",
    NoticeKind.EXPRESSION_OF_CONCERN: "expression of concern",
    NoticeKind.REINSTATEMENT: "reinstated",
}
# Kinds that contradict each other where two registries tell of one day.
_CLASSES = (
    RETRACTING,
    frozenset({NoticeKind.PARTIAL_RETRACTION}),
    frozenset({NoticeKind.EXPRESSION_OF_CONCERN}),
    frozenset({NoticeKind.REINSTATEMENT}),
    CORRECTING,
)
_MONTHS_OF_A_YEAR = 12
_WITH_MONTH = len("2010-02")


class WorkNotice(NamedTuple):
    """One notice of a work, and the registry that tells of it."""

    kind: NoticeKind
    date: str | None
    source: str
    identifier: Reference | None = None
    asserted_by: str | None = None
    record_id: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """How a work stands.

    Args:
        kind: what decides, or None where nothing was done that bears on it.
        date: of what decides, as precise as known.
        holding: retractions and doubts that hold, the deciding ones first.
        undone: those that a later reinstatement undid.
        reinstatements: the latest first.
        conflicts: what the registries contradict each other about.
    """

    kind: NoticeKind | None = None
    date: str | None = None
    holding: tuple[WorkNotice, ...] = ()
    undone: tuple[WorkNotice, ...] = ()
    reinstatements: tuple[WorkNotice, ...] = ()
    conflicts: tuple[str, ...] = ()

    @property
    def is_retracted(self) -> bool:
        """Whether it was retracted, withdrawn or removed, and not reinstated since."""
        return self.kind in RETRACTING

    @property
    def is_in_doubt(self) -> bool:
        """Whether an expression of concern or a partial retraction holds."""
        return any(notice.kind in DOUBTING for notice in self.holding)

    @property
    def is_reinstated(self) -> bool:
        """Whether it stands, since what was done to it was undone."""
        return self.kind is NoticeKind.REINSTATEMENT


_STANDS = State()


def state_of(notices: Iterable[WorkNotice]) -> State:
    """Return how a work stands, in whatever order its notices come.

    Args:
        notices: of all registries.

    >>> retraction = WorkNotice(NoticeKind.RETRACTION, "2010-02-06", "pubmed")
    >>> concern = WorkNotice(NoticeKind.EXPRESSION_OF_CONCERN, "2011-11", "pubmed")
    >>> state = state_of([concern, retraction])
    >>> state.kind.value, state.date
    ('retraction', '2010-02-06')
    >>> state_of([retraction, WorkNotice(NoticeKind.REINSTATEMENT, "2012", "crossref")]).is_retracted
    False
    """
    ordered = sorted(dict.fromkeys(notices), key=_order)
    if not ordered:
        return _STANDS
    reinstatements = tuple(notice for notice in ordered if notice.kind is NoticeKind.REINSTATEMENT)
    grave = [notice for notice in ordered if notice.kind in RETRACTING | DOUBTING]
    holding = tuple(notice for notice in grave if not _is_undone(notice, reinstatements))
    undone = tuple(notice for notice in grave if notice not in holding)
    deciding = holding[0] if holding else reinstatements[0] if reinstatements else None
    return State(
        deciding.kind if deciding else None,
        deciding.date if deciding else None,
        holding,
        undone,
        reinstatements,
        tuple(dict.fromkeys(_conflicts(ordered, holding, reinstatements))),
    )


def is_surely_later(date: str | None, other: str | None) -> bool:
    """Tell whether a date is after another one, whatever the months and days that are not known.

    >>> is_surely_later("2012", "2011-11"), is_surely_later("2012", "2012-03"), is_surely_later("2012", None)
    (True, False, False)
    """
    if not date or not other:
        return False
    return date + "-01-01"[len(date) - 4 :] > other + "-12-31"[len(other) - 4 :]


def may_be_one_date(date: str | None, other: str | None) -> bool:
    """Tell whether two dates agree as far as both are known.

    >>> may_be_one_date("2010", "2010-02-06"), may_be_one_date(None, "2010"), may_be_one_date("2010-03", "2010-02-06")
    (True, True, False)
    """
    date, other = date or "", other or ""
    return date.startswith(other) or other.startswith(date)


def differ_by_years(date: str, other: str) -> bool:
    """Tell whether there is more than a year between two dates. Print and online dates of one notice are closer.

    >>> differ_by_years("2004-03-06", "2010"), differ_by_years("2009-11", "2010-12"), differ_by_years("2009-11", "2010")
    (True, True, False)
    """
    years = abs(int(date[:4]) - int(other[:4]))
    if min(len(date), len(other)) < _WITH_MONTH:
        return years > 1
    months = int(date[:4]) * _MONTHS_OF_A_YEAR + int(date[5:7]) - int(other[:4]) * _MONTHS_OF_A_YEAR - int(other[5:7])
    return abs(months) > _MONTHS_OF_A_YEAR


def other_dates(state: State) -> list[str]:
    """Return when else, more than a year from the date of a retracted work's state, it was retracted by some registry.

    >>> said = [WorkNotice(NoticeKind.RETRACTION, date, "pubmed") for date in ("2004-03-06", "2010-02-06", "2010-02")]
    >>> other_dates(state_of(said))
    ['2004-03-06 (pubmed)']
    """
    if not state.is_retracted or state.date is None:
        return []
    retracting = [notice for notice in state.holding if notice.kind in RETRACTING]
    return [
        f"{date} ({_sources(told)})"
        for date, told in _events(retracting)
        if date is not None and differ_by_years(date, state.date)
    ]


def describe(state: State) -> str:
    """Return the state in words, with the registries behind each; empty where nothing bears on the standing.

    >>> by = {"identifier": None, "asserted_by": "retraction-watch"}
    >>> retraction = WorkNotice(NoticeKind.RETRACTION, "2010-02-06", "crossref", **by)
    >>> describe(state_of([retraction, WorkNotice(NoticeKind.RETRACTION, "2010", "pubmed")]))
    'retracted 2010-02-06 (crossref: retraction-watch; pubmed)'
    """
    parts = [*_told(state.holding), *_told(state.reinstatements)]
    # What was undone is told before what undid it, where that is all that there is to tell.
    parts = [*_told(state.undone), *parts] if state.is_reinstated else [*parts, *_told(state.undone)]
    return ", ".join(parts)


def notice_to_dict(notice: WorkNotice) -> dict[str, str | None]:
    """Return a notice as `--json` prints it."""
    return {
        "kind": notice.kind.value,
        "date": notice.date,
        "notice": f"{notice.identifier.scheme}:{notice.identifier.value}" if notice.identifier else None,
        "source": notice.source,
        "asserted_by": notice.asserted_by,
        "record_id": notice.record_id,
    }


def describe_notice(notice: WorkNotice) -> str:
    """Return one notice in words.

    >>> describe_notice(WorkNotice(NoticeKind.ERRATUM, "2004", "crossref", None, "publisher"))
    'erratum 2004 (crossref: publisher)'
    """
    name = f"{notice.identifier.scheme}:{notice.identifier.value}" if notice.identifier else None
    return " ".join(filter(None, (notice.kind.value, notice.date, name, f"({_sources([notice])})")))


def _order(notice: WorkNotice) -> tuple[int, str, int, str, str, str, str]:
    """Retractions come first, then doubts, the gravest first, then the rest; among each the latest first."""
    rank = _BEARING.index(notice.kind) if notice.kind in _BEARING else len(_BEARING)
    return (
        0 if notice.kind in RETRACTING else rank,
        _latest_first(notice.date),
        rank,
        notice.source,
        str(notice.identifier),
        notice.asserted_by or "",
        f"{notice.kind} {notice.record_id or ''}",
    )


def _latest_first(date: str | None) -> str:
    """Return a key by which later dates come first, more precise ones before those that leave the day open."""
    return "".join(chr(ord("9") + ord("0") - ord(char)) if char.isdigit() else char for char in date or "") + "~"


def _is_undone(notice: WorkNotice, reinstatements: Sequence[WorkNotice]) -> bool:
    return any(is_surely_later(one.date, notice.date) for one in reinstatements)


def _told(notices: Sequence[WorkNotice]) -> Iterator[str]:
    for kind in _BEARING:
        for date, told in _events([notice for notice in notices if notice.kind is kind]):
            yield " ".join(filter(None, (WORDS[kind], date, f"({_sources(told)})")))


def _events(notices: Sequence[WorkNotice]) -> list[tuple[str | None, list[WorkNotice]]]:
    """Return notices by date, the latest first; one that leaves the day or all open goes with the first that fits."""
    found: list[tuple[str | None, list[WorkNotice]]] = []
    for notice in notices:
        told = next((told for date, told in found if may_be_one_date(notice.date, date)), None)
        if told is None:
            found.append((notice.date, [notice]))
        else:
            told.append(notice)
    return found


def _sources(notices: Iterable[WorkNotice]) -> str:
    """Return the registries, each with those that assert it there."""
    found: dict[str, dict[str, None]] = {}
    for notice in sorted(notices, key=lambda one: (one.source, one.asserted_by or "")):
        asserters = found.setdefault(notice.source, {})
        if notice.asserted_by:
            asserters[notice.asserted_by] = None
    return "; ".join(f"{source}: {', '.join(names)}" if names else source for source, names in found.items())


def _conflicts(
    notices: Sequence[WorkNotice], holding: Sequence[WorkNotice], reinstatements: Sequence[WorkNotice]
) -> Iterator[str]:
    yield from _contradicting_records(notices)
    yield from _far_apart([notice for notice in holding if notice.kind in RETRACTING])
    yield from _contradicting_days(notices)
    yield from _unordered(holding, reinstatements)


def _contradicting_records(notices: Sequence[WorkNotice]) -> Iterator[str]:
    """One entry of Retraction Watch that says two things: Crossref adds the new one and leaves the old (CR-2746)."""
    kinds: dict[tuple[str, str, str], set[str]] = {}
    for notice in notices:
        if notice.record_id:
            key = (notice.source, notice.asserted_by or notice.source, notice.record_id)
            kinds.setdefault(key, set()).add(notice.kind.value)
    for (source, asserter, number), said in sorted(kinds.items()):
        if len(said) > 1:
            yield f"record {number} of {asserter} stands at {source} as {' and as '.join(sorted(said))}"


def _far_apart(retracting: Sequence[WorkNotice]) -> Iterator[str]:
    """Retractions that are years apart: two, or one whose date is wrong in a registry."""
    dated = [(date, told) for date, told in _events(retracting) if date is not None]
    for date, told in dated[1:]:
        latest, first = dated[0]
        if differ_by_years(date, latest):
            words = f"{told[0].kind.value} {date} ({_sources(told)})"
            yield f"{words} beside {first[0].kind.value} {latest} ({_sources(first)})"


def _contradicting_days(notices: Sequence[WorkNotice]) -> Iterator[str]:
    """What two registries call by different names, of one day or one notice."""
    for number, one in enumerate(notices):
        for other in notices[number + 1 :]:
            if one.source != other.source and _is_one_notice(one, other) and _is_contradicted(one, other, notices):
                first, second = sorted((one, other), key=lambda notice: notice.source)
                yield (
                    f"{first.source} says {first.kind.value} {first.date or ''}".rstrip()
                    + f", {second.source} says {second.kind.value} {second.date or ''}".rstrip()
                )


def _is_one_notice(one: WorkNotice, other: WorkNotice) -> bool:
    if one.identifier is not None and one.identifier == other.identifier:
        return True
    precise = min(len(one.date or ""), len(other.date or "")) >= _WITH_MONTH
    return precise and may_be_one_date(one.date, other.date)


def _is_contradicted(one: WorkNotice, other: WorkNotice, notices: Sequence[WorkNotice]) -> bool:
    """Tell whether two notices are of different classes, and neither registry says what the other one does."""
    mine, theirs = _class_of(one), _class_of(other)
    if mine is None or theirs is None or mine == theirs:
        return False
    return not any(
        (notice.source == other.source and notice.kind in mine and may_be_one_date(notice.date, one.date))
        or (notice.source == one.source and notice.kind in theirs and may_be_one_date(notice.date, other.date))
        for notice in notices
    )


def _class_of(notice: WorkNotice) -> frozenset[NoticeKind] | None:
    return next((kinds for kinds in _CLASSES if notice.kind in kinds), None)


def _unordered(holding: Sequence[WorkNotice], reinstatements: Sequence[WorkNotice]) -> Iterator[str]:
    """A reinstatement that may be later than what it is about, or not."""
    for notice in holding:
        for one in reinstatements:
            if not is_surely_later(notice.date, one.date):
                yield f"{describe_notice(notice)} and {describe_notice(one)}: which came later is not known"
