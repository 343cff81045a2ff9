"""The claims that fall if some works fall: judged anew as if a registry told of their retraction. Never writes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from evidence.audit.load import PageClaims, assemble
from evidence.audit.page_rows import list_pages, read_bundles
from evidence.audit.rows import BundleRows
from evidence.audit.run import choices_of, resources_of
from evidence.audit.strength import STRENGTHS
from evidence.audit.support import support_of
from evidence.audit.verdicts import Clause, Verdict, judge
from evidence.audit.works import CitedPlace, CitedWork, ClaimEvidence, name_of
from evidence.config import Settings
from evidence.errors import EvidenceError, IdentifierError
from evidence.identifiers import parse_reference
from evidence.markup import bare_title
from evidence.notices import WorkNotice, describe, state_of
from evidence.records import Reference
from evidence.store.queries import list_notices_of, list_notices_of_works, list_references_of_work
from evidence.store.versions import (
    find_title,
    find_work_of_citekey,
    list_names,
    list_pages_naming,
    list_versions,
    list_works_of,
)
from evidence.terminal import shorten
from evidence.vocabulary import NoticeKind, Scheme, Status

_WIDTH = 100
_OF_STORE = "work:"


class Effect(StrEnum):
    """What becomes of a claim, the worst first."""

    LOSES_SUPPORT = "loses-all-support"
    DROPS = "drops"
    CLAUSE_FALLS = "a-clause-falls"
    WEAKER = "weaker"
    LOSES_CONTRAST = "loses-a-contrast"
    OTHERWISE = "otherwise"
    STANDS = "stands"


_TITLES = {
    Effect.LOSES_SUPPORT: "lose all support",
    Effect.DROPS: "drop to a lower status",
    Effect.CLAUSE_FALLS: "keep their status by another clause; the clause that cites it falls or drops",
    Effect.WEAKER: "keep their status, with less strength",
    Effect.LOSES_CONTRAST: "lose only what contrasts with them",
    Effect.OTHERWISE: "are judged otherwise, and not weaker",
    Effect.STANDS: "cite it and stand as they are",
}


@dataclass(frozen=True, slots=True)
class FallingWork:
    """One work that is taken as retracted, with all its identifiers.

    `preprints` fall with it; `articles` are those that it is a preprint of itself: they stand.
    """

    asked: str
    references: frozenset[Reference]
    title: str | None
    already: str | None
    preprints: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FallingClaim:
    """A claim that cites the work, as it is judged now and without it."""

    claim: ClaimEvidence
    before: Verdict
    after: Verdict
    effect: Effect


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What falls: the claims are sorted, the worst first."""

    works: tuple[FallingWork, ...]
    claims: tuple[FallingClaim, ...]

    @property
    def totals(self) -> dict[Effect, int]:
        """How many claims each effect has."""
        counted = Counter(one.effect for one in self.claims)
        return {effect: counted[effect] for effect in Effect}


def ask_what_if(
    session: Session, asked: Sequence[str], settings: Settings, *, now: dt.datetime | None = None
) -> WhatIf:
    """Return what becomes of the claims that cite some works if these are retracted, all of them at once.

    It is what the audit says once a registry tells of these retractions, and of no others: a preprint falls with its
    article, an article does not fall with its preprint, and reports of one trial do not fall with each other.

    Args:
        session: open; nothing is written.
        asked: DOIs, PMIDs, PMCIDs, citekeys, or ids of works as the audit prints them.
        settings: those of the audit.
        now: the time of the retraction.

    Raises:
        EvidenceError: an id names no work that a page cites.
    """
    now = now or dt.datetime.now(dt.UTC)
    choices, resources = choices_of(settings, now), resources_of(settings)
    own = [(one, frozenset(_references(session, one))) for one in asked]
    fallen = frozenset().union(*(references for _, references in own))
    notice = WorkNotice(NoticeKind.RETRACTION, now.date().isoformat(), "what-if")
    claims = []
    seen = _Seen()
    # What a page cites may be a preprint of what falls.
    paths = list_pages_naming(session, sorted(list_versions(session, fallen)))
    for rows in read_bundles(session, list_pages(session, paths)):
        for page, later in zip(assemble(rows, resources), _without(rows, fallen, notice, resources), strict=True):
            for claim, then in zip(page.claims, later.claims, strict=True):
                if claim.places == then.places and (claim.opposite is None) == (then.opposite is None):
                    continue
                seen.add(claim.places, then.places)
                before, after = judge(claim, choices), judge(then, choices)
                if claim.places == then.places and before.status is after.status:
                    # What spoke against it falls, and nothing had been said for it.
                    continue
                claims.append(FallingClaim(claim, before, after, _effect(before, after)))
    works = tuple(_describe(session, one, references, seen) for one, references in own)
    return WhatIf(works, tuple(sorted(claims, key=_worst_first)))


def _without(
    rows: BundleRows, fallen: Iterable[Reference], notice: WorkNotice, resources: Mapping[Reference, str]
) -> Iterator[PageClaims]:
    """Yield the pages as they are once a registry has issued a notice for some works."""
    issued = rows.works.issued
    told = {one: [*issued.get(one, ()), notice] for one in fallen}
    return assemble(rows._replace(works=rows.works._replace(issued={**issued, **told})), resources)


@dataclass(slots=True)
class _Seen:
    """The works of the claims that change: all names of them, and which preprints fell with which articles."""

    cited: set[Reference] = field(default_factory=set)
    spoiled: dict[str, frozenset[str]] = field(default_factory=dict)
    articles: dict[Reference, frozenset[str]] = field(default_factory=dict)

    def add(self, places: Sequence[CitedPlace], later: Sequence[CitedPlace]) -> None:
        """Take the works of a claim into account, as they are and as they would be."""
        pairs = zip(_works_of(places), _works_of(later), strict=True)
        for work, then in pairs:
            self.cited.update(work.identifiers)
            self.articles.update(dict.fromkeys(work.identifiers, work.articles))
            if then.spoiled and not work.spoiled:
                self.spoiled[work.name] = work.articles


def _works_of(places: Iterable[CitedPlace]) -> Iterator[CitedWork]:
    return (work for place in places for work in place.works)


def _describe(session: Session, asked: str, own: frozenset[Reference], seen: _Seen) -> FallingWork:
    """Return one work that falls.

    Raises:
        EvidenceError: no page cites it, nor a preprint of it.
    """
    names = set(map(name_of, own))
    preprints = tuple(sorted(one for one, articles in seen.spoiled.items() if articles & names))
    if not preprints and own.isdisjoint(seen.cited):
        raise EvidenceError(f"no page cites {asked}", "name one that does: `evidence show PAGE` lists them")
    articles = frozenset[str]().union(*(seen.articles.get(one, frozenset()) for one in own))
    return FallingWork(
        asked=asked,
        references=own,
        title=find_title(session, own),
        already=_already(session, sorted(own)),
        preprints=preprints,
        articles=tuple(sorted(articles)),
    )


def _references(session: Session, asked: str) -> list[Reference]:
    """Return the identifiers of the work that a user names."""
    number: int | None = None
    if asked.startswith(_OF_STORE) and asked.removeprefix(_OF_STORE).isdecimal():
        number = int(asked.removeprefix(_OF_STORE))
    else:
        try:
            reference = parse_reference(asked, Scheme.PMID if asked.isdecimal() else None)
        except IdentifierError:
            number = find_work_of_citekey(session, asked)
        else:
            return sorted(list_names(session, [reference]))
    found = list_references_of_work(session, number) if number is not None else []
    if not found:
        raise EvidenceError(
            f"the database holds no work named {asked!r}",
            "give a DOI, PMID or PMCID, a citekey of your exports, or a work's id as `evidence audit` prints it",
        )
    return found


def _already(session: Session, references: Sequence[Reference]) -> str | None:
    """Return how a work fell, where it fell long ago."""
    notices = [one for found in list_notices_of(session, references).values() for one in found]
    for found in list_notices_of_works(session, list_works_of(session, references)).values():
        notices += found
    state = state_of(notices)
    return describe(state) if state.is_retracted else None


def _effect(before: Verdict, after: Verdict) -> Effect:
    """Return what becomes of a claim, by its verdicts now and then."""
    if before.status is after.status and _clauses_that_fell(before, after):
        return Effect.CLAUSE_FALLS
    if (before.status, before.level, before.strength) == (after.status, after.level, after.strength):
        return Effect.STANDS
    if after.status is Status.RETRACTED:
        return Effect.LOSES_SUPPORT
    if before.status is Status.CONTRADICTED and after.status is not Status.CONTRADICTED:
        # Without what supported it, it would be retracted.
        return Effect.LOSES_CONTRAST
    if support_of(after.status) < support_of(before.status):
        return Effect.DROPS
    is_weaker = after.status is before.status and (after.strength or 0) < (before.strength or 0)
    return Effect.WEAKER if is_weaker else Effect.OTHERWISE


def _clauses_that_fell(before: Verdict, after: Verdict) -> list[tuple[Clause, Clause]]:
    """Return the clauses with less behind them than before; the best clause may hide them from the whole."""
    later = {one.number: one for one in after.clauses}
    pairs = [(one, later[one.number]) for one in before.clauses if one.number in later]
    return [(one, then) for one, then in pairs if support_of(then.status) < support_of(one.status)]


def _worst_first(one: FallingClaim) -> tuple[int, int, int, str, int]:
    fallen = support_of(one.after.status) - support_of(one.before.status)
    return list(Effect).index(one.effect), fallen, support_of(one.after.status), one.claim.path, one.claim.line


# --- for readers -------------------------------------------------------------------------------------------------


def what_if_to_dict(found: WhatIf) -> dict[str, Any]:
    """Return the result as `--json` prints it."""
    return {
        "works": [
            {
                "asked": work.asked,
                "identifiers": sorted(map(name_of, work.references)),
                "preprints": list(work.preprints),
                "articles": list(work.articles),
                "title": work.title,
                "already_retracted": work.already,
            }
            for work in found.works
        ],
        "totals": {effect.value: number for effect, number in found.totals.items()},
        "claims": [
            {
                "id": one.claim.id,
                "path": one.claim.path,
                "line": one.claim.line,
                "text": one.claim.text,
                "effect": one.effect.value,
                "from": _verdict_to_dict(one.before),
                "to": _verdict_to_dict(one.after),
            }
            for one in found.claims
        ],
    }


def _verdict_to_dict(verdict: Verdict) -> dict[str, Any]:
    return {
        "status": verdict.status.value,
        "level": verdict.level.value if verdict.level else None,
        "strength": None if verdict.strength is None else STRENGTHS[verdict.strength],
        "reasons": list(verdict.reasons),
    }


def what_if_lines(found: WhatIf, *, top: int = 20) -> Iterator[str]:
    """Yield the result in lines for a terminal.

    Args:
        found: what falls.
        top: how many claims of each effect to show; 0 for all.
    """
    for work in found.works:
        yield f"if {work.asked} is retracted: {shorten(bare_title(work.title or 'title not known'), _WIDTH)}"
        if work.preprints:
            yield f"  with it fall its preprints: {', '.join(work.preprints)}"
        if work.articles:
            yield f"  it is a preprint of {', '.join(work.articles)}, which stands: name both to see both fall"
        if work.already:
            yield f"  it is retracted already: {work.already}"
    pages = len({one.claim.path for one in found.claims})
    yield f"{_number(len(found.claims), 'claim')} on {_number(pages, 'page')} would be judged without it:"
    for effect, number in found.totals.items():
        if number:
            yield f"  {number:>5} {_TITLES[effect]}"
    for effect, number in found.totals.items():
        if not number or effect is Effect.STANDS:
            continue
        yield ""
        yield f"{_TITLES[effect]}:"
        same = [one for one in found.claims if one.effect is effect]
        for one in same[:top] if top else same:
            yield f"  {one.claim.path}:{one.claim.line}  {_words(one.before)} -> {_words(one.after)}"
            yield f"    {shorten(one.claim.text, _WIDTH)}"
            yield from _details(one)
        if top and number > top:
            yield f"  and {number - top} more"


def _details(one: FallingClaim) -> Iterator[str]:
    if one.effect is Effect.CLAUSE_FALLS:
        for clause, then in _clauses_that_fell(one.before, one.after):
            yield f"    - clause {clause.number + 1}: {clause.status.value} -> {then.status.value}"
    elif one.effect is not Effect.LOSES_SUPPORT and one.after.reasons:
        yield f"    - {one.after.reasons[0]}"


def _number(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _words(verdict: Verdict) -> str:
    parts = [verdict.level.value] if verdict.level else []
    parts += [STRENGTHS[verdict.strength]] if verdict.strength is not None and verdict.level else []
    return verdict.status.value + (f" ({', '.join(parts)})" if parts else "")
