"""One work, page or claim, with everything that hangs on it: the step `evidence show`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from evidence.audit.eco import eco_of_design, eco_of_method
from evidence.audit.judged import AuditReport
from evidence.audit.pages import page_to_dict, source_to_dict, summarize_pages
from evidence.audit.run import RULES
from evidence.audit.strength import STRENGTHS
from evidence.audit.verdicts import Verdict
from evidence.audit.words import explain
from evidence.errors import EvidenceError, IdentifierError
from evidence.identifiers import parse_reference
from evidence.marks import written
from evidence.markup import bare_title
from evidence.naming import find_named_claim, find_named_page, hint_of_pages
from evidence.notices import WorkNotice, describe, notice_to_dict, state_of
from evidence.records import AuthorName, Description, Reference
from evidence.store import models
from evidence.store.libraries import LIBRARY, Described, are_one_paper, find_described, join_descriptions
from evidence.store.queries import (
    find_claim,
    find_page,
    find_work,
    list_claims_citing,
    list_lookups,
    list_notices_of,
    list_notices_of_works,
    list_references_of_work,
    list_relations_of_work,
    list_works_cited_by_page,
)
from evidence.terminal import shorten
from evidence.vocabulary import ALIAS, Scheme

_WIDTH = 110
_TITLE = 80
_SHOWN = 5


Judge = Callable[[list[str]], AuditReport]


def show(session: Session, what: str, judge: Judge | None = None, *, here: str | None = None) -> dict[str, Any]:
    """Return everything about what a user names.

    Args:
        session: open.
        what: an identifier in any form, a page's path or the end of it, or a claim by its id, the beginning of it, its
            page and line, or some of its words.
        judge: audits some pages as they are now; without it no verdict is told.
        here: the path of a page as it is seen from the working folder.

    Returns:
        Plain values under "work", "page" or "claim", as `--json` prints them.

    Raises:
        EvidenceError: the database holds nothing of that name, or several pages.
    """
    page = find_page(session, here or what.removeprefix("./")) or find_page(session, what.removeprefix("./"))
    if page is not None:
        return {"page": _page(session, page, judge)}
    claim = find_claim(session, what)
    if claim is not None:
        return {"claim": _claim(session, claim, judge)}
    try:
        reference = parse_reference(what, Scheme.PMID if what.isdigit() else None)
    except IdentifierError:
        page = find_named_page(session, what, here)
        if page is not None:
            return {"page": _page(session, page, judge)}
        claim = find_named_claim(session, what)
        if claim is not None:
            return {"claim": _claim(session, claim, judge)}
        raise EvidenceError(
            f"the database holds no work, page or claim named {what!r}",
            hint_of_pages(session, what)
            or "give a DOI, PMID or PMCID, the path of a page, a claim's id as `evidence audit` prints it, "
            "page.md:LINE, or some words of a claim",
        ) from None
    return {"work": _work(session, reference, judge)}


def _work(session: Session, reference: Reference, judge: Judge | None) -> dict[str, Any]:
    work = find_work(session, reference)
    references = list_references_of_work(session, work.id) if work is not None else [reference]
    claims = list_claims_citing(session, references)
    lookups = [one for reference in references for one in list_lookups(session, reference)]
    described = _described(session, references)
    if work is None and not claims and not lookups and not described:
        raise EvidenceError(f"no page cites {reference.scheme}:{reference.value}", "run `evidence refresh` first")
    notices = _notices(session, work, references)
    state = state_of(notices)
    shown = {
        "identifiers": [_name(one) for one in references],
        "aliases": sorted(_name(one) for one in (work.identifiers if work else ()) if one.source == ALIAS),
        "resolved": work is not None and bool(work.field_sources),
        "title": work.title if work else None,
        "authors": [_name_in_full(one.author) for one in work.authorships] if work else [],
        "editors": [_name_in_full(one.author) for one in work.editorships] if work else [],
        "container": work.container if work else None,
        "series": work.series if work else None,
        "date": work.date if work else None,
        "volume": work.volume if work else None,
        "issue": work.issue if work else None,
        "pages": (work.pages or work.article_number) if work else None,
        "type": work.type if work else None,
        "publication_types": work.publication_types if work else [],
        "field_sources": work.field_sources if work else {},
        "conflicts": work.conflicts if work else [],
        "state": describe(state) or None,
        "notices": [notice_to_dict(one) for one in notices],
        "notice_conflicts": list(state.conflicts),
        "relations": [
            {
                "kind": one.kind,
                "of": one.other,
                "sources": list(one.sources),
                "stored": one.is_stored,
                "title": one.title,
            }
            for one in (list_relations_of_work(session, work) if work else ())
        ],
        "lookups": [
            {
                "source": one.source,
                "identifier": f"{one.scheme}:{one.value}",
                "outcome": one.outcome,
                "reason": one.reason,
                "asked": one.asked_at.date().isoformat(),
            }
            for one in lookups
        ],
        "claims": [_claim_line(one) for one in claims],
        "audit": _source(judge, claims, references) if judge is not None else None,
        "library": [{"path": one.path, "line": one.line, "key": one.key} for one in described],
    }
    return {**shown, **_told_by_library(shown, _known(work), described)}


def _known(work: models.Work | None) -> Description:
    """Return what registries say of a work, as far as it tells whether a library means the same."""
    if work is None:
        return Description()
    authors = [one.author for one in work.authorships]
    names = tuple(AuthorName(one.family, one.given, None, one.collective) for one in authors)
    return Description(title=work.title, authors=names, date=work.date)


def _described(session: Session, references: Sequence[Reference]) -> list[Described]:
    """Return the entries of imported libraries that have any of some identifiers."""
    told = find_described(session, references)
    return list({one.entry_id: one for reference in references for one in told.get(reference, ())}.values())


def _told_by_library(shown: dict[str, Any], known: Description, described: Sequence[Described]) -> dict[str, Any]:
    """Return the fields that no registry tells of and a library does, with "library" as what they are from."""
    if not described:
        return {}
    told = join_descriptions(described)
    if not are_one_paper(known, told):
        return {}
    said = {
        "title": told.title,
        "authors": [_name_in_full(one) for one in told.authors],
        "editors": [_name_in_full(one) for one in told.editors],
        "container": told.container,
        "series": told.series,
        "date": told.date,
        "volume": told.volume,
        "issue": told.issue,
        "pages": told.pages or told.article_number,
        "type": told.type,
    }
    new = {name: value for name, value in said.items() if value and not shown[name]}
    return {**new, "field_sources": {**shown["field_sources"], **dict.fromkeys(new, LIBRARY)}} if new else {}


def _source(judge: Judge, claims: Sequence[models.Claim], references: Sequence[Reference]) -> dict[str, Any] | None:
    """Return what the audit says of a work, over the pages that cite it."""
    if not claims:
        return None
    wanted = set(references)
    report = judge(sorted({one.page.path for one in claims}))
    lines = [one for one in report.sources.values() if not wanted.isdisjoint(one.work.identifiers)]
    if not lines:
        return None
    held = {name for one in lines for name in one.held_alone}
    return source_to_dict(lines[0].work, held, {path for one in lines for path in one.pages})


def _page(session: Session, page: models.Page, judge: Judge | None) -> dict[str, Any]:
    claims = session.scalars(
        select(models.Claim)
        .where(models.Claim.page_id == page.id)
        .order_by(models.Claim.position)
        .options(selectinload(models.Claim.citations), selectinload(models.Claim.page)),
    ).all()
    notes = session.scalars(select(models.Note).where(models.Note.page_id == page.id).order_by(models.Note.start)).all()
    summary, statuses = None, {}
    if judge is not None:
        report = judge([page.path])
        told = ((one.path, one.code) for one in report.findings)
        judged = [(one.claim, one.verdict) for one in report.claims]
        summary = page_to_dict(next(summarize_pages(judged, told, [page.path])))
        statuses = {one.id: verdict.status.value for one, verdict in judged}
    return {
        "path": page.path,
        "title": page.title,
        "format": page.format,
        "summary": summary,
        "claims": [{**_claim_line(claim), "status": statuses.get(claim.id)} for claim in claims if claim.citations],
        "claims_without_citation": sum(not claim.citations for claim in claims),
        "notes": [_note(note) for note in notes],
        "works": [
            {
                "identifiers": [_name(one) for one in sorted(work.identifiers, key=_order)],
                "title": work.title,
                "date": work.date,
            }
            for work in list_works_cited_by_page(session, page.id)
        ],
        "problems": page.problems,
    }


def _claim(session: Session, claim: models.Claim, judge: Judge | None) -> dict[str, Any]:
    citations = session.scalars(
        select(models.Citation).where(models.Citation.claim_id == claim.id).order_by(models.Citation.start),
    ).all()
    notes: dict[int | None, models.Note | None] = {
        one.note_id: session.get(models.Note, one.note_id) for one in citations if one.note_id is not None
    }
    tags = session.scalars(select(models.Tag).where(models.Tag.claim_id == claim.id).order_by(models.Tag.id)).all()
    report = judge([claim.page.path]) if judge is not None else None
    verdict = next((one.verdict for one in report.claims if one.claim.id == claim.id), None) if report else None
    return {
        **_claim_line(claim),
        "kind": claim.kind,
        "section": claim.section,
        "text": claim.text,
        "interaction": claim.interaction,
        "eco_of_methods": {
            method: code for method in (claim.interaction or {}).get("methods") or () if (code := eco_of_method(method))
        },
        "lead_in": claim.lead_in,
        "tags": [{"name": tag.name, "place": tag.place, "scope": tag.scope} for tag in tags],
        "citations": [
            {
                "note": one.note,
                "identifier": f"{one.scheme}:{one.value}" if one.scheme else None,
                "polarity": one.polarity,
                "clause": one.clause,
                "cites": _note(note) if (note := notes.get(one.note_id)) is not None else None,
            }
            for one in citations
        ],
        "verdict": _verdict(verdict) if verdict is not None else None,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "rules": RULES,
        "explanation": list(explain(verdict)),
        "status": verdict.status.value,
        "level": verdict.level.value if verdict.level else None,
        "strength": STRENGTHS[verdict.strength] if verdict.strength is not None else None,
        "steps": list(verdict.steps),
        "reasons": list(verdict.reasons),
        "changes": list(verdict.changes),
        "flags": [flag.value for flag in verdict.flags],
        "works": [
            {
                "id": line.work.id,
                "identifiers": [_name(one) for one in line.work.identifiers],
                "title": line.work.title,
                "year": line.work.year,
                "design": [one.value for one in line.work.designs],
                "level": line.work.level.value,
                "eco": eco_of_design(line.work.designs, line.work.level),
                "counted": line.counted,
                "why": line.why,
                "reported": [one._asdict() for one in line.work.reported],
            }
            for line in verdict.works
        ],
        "groups": [list(group) for group in verdict.groups],
    }


def _claim_line(claim: models.Claim) -> dict[str, Any]:
    return {"id": claim.id, "path": claim.page.path, "line": claim.line, "text": claim.text}


def _note(note: models.Note) -> dict[str, Any]:
    primary = f"{note.primary_scheme}:{note.primary_value}" if note.primary_scheme else None
    return {
        "key": note.key,
        "line": note.line,
        "primary": primary,
        "via": note.primary_via,
        "study_page": note.study_page,
        "identifiers": [{"identifier": _name(one), "role": one.role} for one in note.identifiers],
        "text": note.text,
        "stated": note.stated,
    }


def _notices(session: Session, work: models.Work | None, references: Sequence[Reference]) -> list[WorkNotice]:
    if work is not None:
        return list_notices_of_works(session, [work.id]).get(work.id, [])
    return [one for notices in list_notices_of(session, references).values() for one in notices]


def _name_in_full(author: models.Author | AuthorName) -> str:
    return author.collective or " ".join(part for part in (author.family, author.given) if part)


def _name(one: Reference | models.WorkIdentifier | models.Identifier) -> str:
    return f"{one.scheme}:{one.value}"


def _order(one: models.WorkIdentifier) -> tuple[str, str]:
    return one.scheme, one.value


def render(shown: dict[str, Any]) -> Iterator[str]:
    """Yield what `show` returned as lines for a terminal."""
    if "work" in shown:
        yield from _render_work(shown["work"])
    elif "page" in shown:
        yield from _render_page(shown["page"])
    else:
        yield from _render_claim(shown["claim"])


def _render_work(work: dict[str, Any]) -> Iterator[str]:
    yield "  ".join(f"{one} (alias)" if one in work["aliases"] else one for one in work["identifiers"])
    if not work["resolved"] and work["title"]:
        yield "not resolved: no registry has described this work; what follows is from the library"
    unknown = "title not known" if work["resolved"] else "not resolved: nothing is known of this work"
    yield bare_title(work["title"] or unknown)
    if work["authors"]:
        yield shorten("; ".join(work["authors"]), _WIDTH)
    if work["editors"]:
        yield shorten(f"edited by {'; '.join(work['editors'])}", _WIDTH)
    where = [work["container"], work["series"], work["date"], work["volume"], work["pages"]]
    if any(where):
        yield ", ".join(one for one in where if one)
    if origin := work["field_sources"].get("origin"):
        said = ", ".join(f"{source} {how}" for source, how in sorted(origin.items()))
        yield f"answers: {said} (served by a replay server)"
    told = sorted(name for name, source in work["field_sources"].items() if source == LIBRARY)
    if told and work["resolved"]:
        yield f"from the library, since no registry says it: {', '.join(told)}"
    if work["state"]:
        yield f"state: {work['state']}"
    yield from _section("notices", map(_notice_line, work["notices"]))
    yield from _section("registries contradict each other about its notices", work["notice_conflicts"])
    yield from _section("relations", map(_relation_line, work["relations"]))
    yield from _section("conflicts", work["conflicts"])
    yield from _section(
        "in the library", (f"{one['path']}:{one['line']} {one['key'] or 'without a key'}" for one in work["library"])
    )
    yield from _section(
        "look-ups",
        (
            f"{one['source']} {one['identifier']}: {one['outcome']}" + (f" ({one['reason']})" if one["reason"] else "")
            for one in work["lookups"]
        ),
    )
    if work["audit"] is not None:
        yield from _section("audit", _source_lines(work["audit"]))
    yield from _section("claims that cite it", map(_one_line, work["claims"]))


def _notice_line(notice: dict[str, Any]) -> str:
    number = f" record {notice['record_id']}" if notice["record_id"] else ""
    by = f": {notice['asserted_by']}{number}" if notice["asserted_by"] else ""
    return " ".join(filter(None, (notice["kind"], notice["date"], notice["notice"], f"({notice['source']}{by})")))


def _relation_line(relation: dict[str, Any]) -> str:
    known = (
        f"  {shorten(bare_title(relation['title'] or 'title not known'), _WIDTH)}"
        if relation["stored"]
        else "  not in the database"
    )
    known = "" if relation["of"].startswith("nct:") else known
    return f"{relation['kind']} {relation['of']} ({', '.join(relation['sources'])}){known}"


def _render_page(page: dict[str, Any]) -> Iterator[str]:
    yield f"{page['path']}  {page['title'] or ''}".rstrip()
    if page["summary"] is not None:
        yield from _summary_lines(page["summary"])
    yield from _section("claims with citations", map(_one_line, page["claims"]))
    yield f"  and {page['claims_without_citation']} without a citation"
    yield from _section(
        "notes", (f"[^{one['key']}] line {one['line']}: {one['primary'] or '-'}" for one in page["notes"])
    )
    works = (f"{'  '.join(one['identifiers'])}  {bare_title(one['title'] or 'not resolved')}" for one in page["works"])
    yield from _section("works", works)
    yield from _section("problems", (f"line {one['line']}: {one['message']}" for one in page["problems"]))


def _render_claim(claim: dict[str, Any]) -> Iterator[str]:
    yield f"{claim['id']}  {claim['path']}:{claim['line']}"
    yield " ".join(claim["text"].split())
    if verdict := claim["verdict"]:
        yield ""
        yield from verdict["explanation"]
        yield f"status: {verdict['status']}" + (f"  flags: {', '.join(verdict['flags'])}" if verdict["flags"] else "")
        yield from _section("reasons", verdict["reasons"])
        yield from _section("what would change it", verdict["changes"])
        yield from _section("works", map(_work_line, verdict["works"]))
        yield from _section("steps to the strength", verdict["steps"])
    elif claim["verdict"] is None:
        yield "status: not audited"
    several = len(claim["citations"]) > 1
    yield from _section(
        "citations",
        (
            (f"{written(one['note'])} " if one["note"] else "")
            + (one["identifier"] or (one["cites"] or {}).get("primary") or "cites no work")
            + f" ({one['polarity']}"
            + (f", clause {one['clause'] + 1})" if several and one["clause"] is not None else ")")
            for one in claim["citations"]
        ),
    )
    if several:
        yield f"  {_clauses_said(claim)}"
    yield from _section("tags", (f"{one['name']} ({one['place']})" for one in claim["tags"]))


def _clauses_said(claim: dict[str, Any]) -> str:
    """Return why the citations of a claim close one clause or several."""
    clauses = {one["clause"] for one in claim["citations"]}
    if None in clauses:
        return "clauses: not known, since the page was read before they were kept (`evidence refresh`)"
    if claim["interaction"]:
        return "one clause: the papers of a row stand for one statement"
    if len(clauses) == 1:
        return "one clause: between the citations nothing is said that only some of them stand for"
    return f"{len(clauses)} clauses: what is said since the citation before needs support of its own"


def _work_line(work: dict[str, Any]) -> str:
    name = next(iter(work["identifiers"]), work["id"])
    title = shorten(bare_title(work["title"]), _TITLE) if work["title"] else "title not known"
    values: dict[str, list[str]] = {}
    for one in work["reported"]:
        values.setdefault(one["attribute"], []).append(f"{one['value']} ({one['source']})")
    several = "; ".join(f"{name}: {', '.join(told)}" for name, told in values.items() if len(told) > 1)
    said = f"{'counts' if work['counted'] else 'does not count'}: {name}, {work['why']}. {title}"
    return f"{said} [{several}]" if several else said


def _summary_lines(page: dict[str, Any]) -> Iterator[str]:
    counts = ", ".join(f"{name} {number}" for name, number in page["counts"].items() if number)
    yield f"{page['claims']} claims: {counts}" if counts else "no claims"
    if page["uncited_share"] is not None:
        yield f"uncited: {page['uncited_share']:.1%} of the claims"
    if levels := ", ".join(f"{name} {number}" for name, number in page["levels"].items() if number):
        yield f"claims by what was studied: {levels}"
    if page["newest_year"] is not None:
        yield f"works: median year {page['median_year']}, newest {page['newest_year']}"
    yield f"marks that differ from the facts: {page['drift']}"


def _source_lines(source: dict[str, Any]) -> Iterator[str]:
    held = source["claims_held_alone"]
    yield f"status: {source['status']}"
    yield f"it alone holds up {_counted(held, 'claim')}"
    yield f"cited on {_counted(source['pages'], 'page')}"
    yield from (f"contradicts itself: {one}" for one in source["self_conflicts"])


def _counted(names: Sequence[str], word: str) -> str:
    """Return how many there are, with the first of them and how many more."""
    number, more = len(names), len(names) - _SHOWN
    listed = ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    return f"{number} {word}{'' if number == 1 else 's'}" + (f": {listed}" if names else "")


def _one_line(claim: dict[str, Any]) -> str:
    status = f"  {claim['status']}" if claim.get("status") else ""
    return f"{claim['id']}  {claim['path']}:{claim['line']}{status}  {shorten(claim['text'], _WIDTH)}"


def _section(name: str, lines: Iterable[str]) -> Iterator[str]:
    lines = list(lines)
    if lines:
        yield f"{name}:"
        yield from (f"  {line}" for line in lines)
