"""What one page came to by itself: its claims with their verdicts, its findings, and what is counted of them.

It is kept with the page, as JSON, so that the next audit judges only what was touched since.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from evidence.audit.acknowledging import Accepting
from evidence.audit.checks.consistency import Telling
from evidence.audit.findings import Finding, Found
from evidence.audit.packing import Value, Written, decode, encode
from evidence.audit.pages import status_of
from evidence.audit.resting import held_alone_by
from evidence.audit.spool import Part
from evidence.audit.verdicts import Verdict, WorkLine
from evidence.audit.works import CitedPlace, CitedWork, ClaimEvidence, OppositeRow
from evidence.records import Interaction, Tag
from evidence.vocabulary import ClaimKind, Flag, Polarity, Severity, Status


class JudgedClaim(NamedTuple):
    """A claim and what the audit says of it."""

    claim: ClaimEvidence
    verdict: Verdict


class PageSource(NamedTuple):
    """A work as the claims of a page rest on it; `work` is its number among the works of the page."""

    work: int
    id: str
    name: str
    status: str
    year: int | None
    is_noticed: bool
    held_alone: list[str]


class Summary(NamedTuple):
    """What is counted of a page, and what waits for the other pages.

    `tellings` are what its notes tell that notes of other pages may contradict. The findings of a page that accepts
    some all wait, in `found`, since its acknowledgements are held against all of them. `met` are the fingerprints of
    the settings that met their finding; `is_open` says that a look-up of a work that the page names is missing; `links`
    is what it links.
    """

    statuses: Mapping[Status, int]
    flags: Mapping[Flag, int]
    sources: list[PageSource]
    tellings: list[Telling]
    accepting: Accepting | None
    found: list[Found]
    checked: str | None
    is_open: bool
    met: list[str]
    links: list[str]


class JudgedPage(NamedTuple):
    """One page: what was made of it, as lists, or packed where it was kept or comes from another process."""

    id: int
    path: str
    summary: Summary
    works: Part[CitedWork]
    claims: Part[JudgedClaim]
    findings: Mapping[Severity, Part[Finding]]


class KeptPage(NamedTuple):
    """A row of the table `judgement`."""

    page_id: int
    digest: str
    summary: bytes
    works: bytes
    claims: bytes
    findings: bytes


class _Kept(NamedTuple):
    """What `summary` holds in the table: the summary, and how many items and bytes the parts beside it have."""

    summary: Summary
    works: int
    claims: int
    findings: list[tuple[Severity, int, int]]


def summarize(
    judged: Sequence[JudgedClaim],
) -> tuple[Counter[Status], Counter[Flag], list[CitedWork], list[PageSource]]:
    """Return what is counted of the claims of a page: statuses, flags, the works they cite, and what rests on these."""
    statuses: Counter[Status] = Counter()
    flags: Counter[Flag] = Counter()
    # Most claims cite nothing.
    citing = [one for one in judged if one.verdict.works or one.claim.places]
    works = list({id(work): work for one in citing for work in _works_of(one)}.values())
    numbers = {id(work): number for number, work in enumerate(works)}
    sources: dict[str, PageSource] = {}
    for _, verdict in judged:
        statuses[verdict.status] += 1
        for flag in verdict.flags:
            flags[flag] += 1
    for claim, verdict in citing:
        for line in verdict.works:
            work = line.work
            if work.id not in sources:
                said = (work.id, work.name, status_of(work), work.year, bool(work.notices), list[str]())
                sources[work.id] = PageSource(numbers[id(work)], *said)
        for name in held_alone_by(verdict):
            sources[name].held_alone.append(claim.id)
    return statuses, flags, works, list(sources.values())


def _works_of(one: JudgedClaim) -> Iterable[CitedWork]:
    yield from (line.work for line in one.verdict.works)
    yield from (work for place in one.claim.places for work in place.works)


# --- kept ------------------------------------------------------------------------------------------------------------


def pack_page(page: JudgedPage, written: Written) -> JudgedPage:
    """Return a page, judged just now, with its parts in the form in which they are kept."""
    works, claims = _items(page.works), _items(page.claims)
    return page._replace(
        works=(written.encode(works), len(works)),
        claims=(encode(_say(works, claims)), len(claims)),
        findings={severity: (encode(found), len(found)) for severity, found in page.findings.items()},
    )


def keep(page: JudgedPage, digest: str) -> KeptPage:
    """Return a page, packed already, in the form in which it is kept."""
    (works, work_count), (claims, claim_count) = _packed(page.works), _packed(page.claims)
    findings = {severity: _packed(part) for severity, part in page.findings.items()}
    sizes = [(severity, count, len(data)) for severity, (data, count) in findings.items()]
    return KeptPage(
        page.id, digest, encode(_Kept(page.summary, work_count, claim_count, sizes)), works, claims,
        b"".join(data for data, _ in findings.values()),
    )  # fmt: skip


def recall(path: str, kept: KeptPage) -> JudgedPage:
    """Return what was kept of a page. Only the summary is read; the rest is, when somebody asks for it."""
    summary, works, claims, sizes = decode(kept.summary, _Kept)
    findings: dict[Severity, Part[Finding]] = {}
    begin = 0
    for severity, count, size in sizes:
        findings[severity] = (kept.findings[begin : begin + size], count)
        begin += size
    return JudgedPage(kept.page_id, path, summary, (kept.works, works), (kept.claims, claims), findings)


def _items(part: Part[Any]) -> list[Any]:
    assert isinstance(part, list)
    return part


def _packed(part: Part[Any]) -> tuple[bytes, int]:
    assert isinstance(part, tuple)
    return part


def read_works(data: bytes) -> list[CitedWork]:
    """Return the works of a page from the form in which they are kept."""
    works: list[CitedWork] = decode(data, list[CitedWork])
    return works


def read_findings(data: bytes) -> list[Finding]:
    """Return findings of a page from the form in which they are kept."""
    findings: list[Finding] = decode(data, list[Finding])
    return findings


class _SaidPlace(Value, frozen=True):
    """A citation; its works are numbers among those of the page."""

    clause: int
    polarity: Polarity
    works: list[int]
    missing: str | None
    has_fallen: bool
    unseen: str


class _SaidVerdict(Value, frozen=True):
    """A verdict without its works; these are numbers among those of the page, with whether they count, and why."""

    verdict: Verdict
    works: list[tuple[int, bool, str]]


class _SaidClaim(Value, frozen=True):
    """A claim; its section, its citations and its verdict are numbers among those of the page."""

    id: str
    line: int
    kind: ClaimKind
    section: int
    text: str
    places: list[int]
    tags: tuple[Tag, ...]
    interaction: Interaction | None
    reverse_pairs: frozenset[str]
    opposite: OppositeRow | None
    column: int
    verdict: int


class _Said(Value, frozen=True):
    """The claims of a page, with what they share written once."""

    path: str
    sections: list[tuple[str, ...]]
    places: list[_SaidPlace]
    verdicts: list[_SaidVerdict]
    claims: list[_SaidClaim]


def _say(works: Sequence[CitedWork], claims: Sequence[JudgedClaim]) -> _Said:
    numbers = {id(work): number for number, work in enumerate(works)}
    sections: dict[tuple[str, ...], int] = {}
    places: dict[int, int] = {}
    verdicts: dict[int, int] = {}
    said = _Said(claims[0].claim.path if claims else "", [], [], [], [])
    for claim, verdict in claims:
        for place in claim.places:
            if places.setdefault(id(place), len(said.places)) == len(said.places):
                named = [numbers[id(work)] for work in place.works]
                said.places.append(
                    _SaidPlace(place.clause, place.polarity, named, place.missing, place.has_fallen, place.unseen)
                )
        if verdicts.setdefault(id(verdict), len(said.verdicts)) == len(said.verdicts):
            lines = [(numbers[id(line.work)], line.counted, line.why) for line in verdict.works]
            said.verdicts.append(_SaidVerdict(replace(verdict, works=()) if lines else verdict, lines))
        said.claims.append(
            _SaidClaim(
                claim.id, claim.line, claim.kind, sections.setdefault(claim.section, len(sections)), claim.text,
                [places[id(place)] for place in claim.places], claim.tags, claim.interaction, claim.reverse_pairs,
                claim.opposite, claim.column, verdicts[id(verdict)],
            )
        )  # fmt: skip
    said.sections.extend(sections)
    return said


def read_claims(data: bytes, works: Sequence[CitedWork]) -> list[JudgedClaim]:
    """Return the claims of a page from the form in which they are kept.

    Args:
        data: the form.
        works: those of the page.
    """
    said: _Said = decode(data, _Said)
    places = [
        CitedPlace(
            one.clause,
            one.polarity,
            tuple([works[number] for number in one.works]),
            one.missing,
            one.has_fallen,
            one.unseen,
        )
        for one in said.places
    ]
    verdicts = [
        replace(one.verdict, works=tuple([WorkLine(works[number], counted, why) for number, counted, why in one.works]))
        for one in said.verdicts
    ]
    return [
        JudgedClaim(
            ClaimEvidence(
                one.id, said.path, one.line, one.kind, said.sections[one.section], one.text,
                tuple([places[number] for number in one.places]), one.tags, one.interaction, one.reverse_pairs,
                one.opposite, one.column,
            ),
            verdicts[one.verdict],
        )
        for one in said.claims
    ]  # fmt: skip
