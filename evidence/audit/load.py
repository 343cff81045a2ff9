"""The store -> claims with their evidence, page by page, with a few statements for each bundle of pages."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence.audit.attributes import read_attributes
from evidence.audit.clauses import MarkPlace, number_clauses
from evidence.audit.identity import find_mismatches
from evidence.audit.resources import Row, find_hint, find_resources, merge_reasons
from evidence.audit.stored import (
    SCHEMES,
    StudyFacts,
    WorkReader,
    is_confirmed_missing,
    read_lookups,
    read_study_pages,
)
from evidence.audit.trials import find_trials
from evidence.audit.works import CitedPlace, CitedWork, ClaimEvidence, NotedWork, name_of
from evidence.identifiers import describe_doubt, read_identifiers
from evidence.records import Acknowledgement, Interaction, Reference, Tag
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.store.queries import list_notices_of
from evidence.vocabulary import ClaimKind, Polarity, Role, Scheme, TagPlace

_PAGES = 64
_KINDS = {kind.value: kind for kind in ClaimKind}
_POLARITIES = {polarity.value: polarity for polarity in Polarity}
_TAG_PLACES = {place.value: place for place in TagPlace}
_SCHEME_ORDER = {scheme: number for number, scheme in enumerate(Scheme)}
# Words of a table's sign column that contradict each other.
_SIGNS = {
    "activation": 1, "activator": 1, "stimulation": 1,
    "repression": -1, "repressor": -1, "inhibition": -1,
}  # fmt: skip

# Between two identifiers of one work: a sign and the label of the second.
_BESIDE = re.compile(r"[\s,;|/·()\[\]]{1,6}(?:(?:doi|pmid|pmcid|pmc)\b[\s:.]*)?(?:https?://[\w./]*)?", re.IGNORECASE)

# The fields of front matter that say when a page was checked, and how dates are written there.
_CHECKED = ("verified", "literature-checked-through")
_DATE = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-[0-3]\d)?)?")

_Resources = Mapping[Reference, str]


@dataclass(slots=True)
class PageClaims:
    """One page with its claims, the works as its notes tell of them, its problems, and the findings that it accepts.

    `checked` is when it says that it was checked; `is_study` that it is the page of a study, on which its claims rest.
    """

    path: str
    problems: list[dict[str, Any]]
    claims: list[ClaimEvidence]
    notes: list[NotedWork] = field(default_factory=list)
    acknowledgements: list[Acknowledgement] = field(default_factory=list)
    checked: str | None = None
    is_study: bool = False


class _Head(NamedTuple):
    """What stands with a page itself: problems, comments, where its lines begin, and when it was checked."""

    problems: list[dict[str, Any]]
    acknowledgements: list[Acknowledgement]
    starts: list[int]
    checked: str | None

    def place_of(self, offset: int, line: int) -> tuple[int, int]:
        """Return the line and column of an offset; column 1 where the page was read before its lines were kept."""
        if not self.starts:
            return line, 1
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


def _acknowledgement(stored: Mapping[str, Any]) -> Acknowledgement:
    targets = (tuple(one) if isinstance(one, list) else one for one in stored["targets"])
    return Acknowledgement(**{**stored, "targets": tuple(targets)})


class _Note(NamedTuple):
    id: int
    key: str
    occurrence: int
    line: int
    start: int
    primary: Reference | None
    study_page: str | None
    text: str
    stated: Mapping[str, Any]
    cited: tuple[Reference, ...]
    preprints: tuple[Reference, ...]
    # Where the cited ones stand.
    places: tuple[int, ...]


class _Meaning(NamedTuple):
    """What a note cites: its works, or why there are none."""

    works: tuple[CitedWork, ...]
    missing: str | None


def load_pages(
    session: Session,
    resources: _Resources,
    paths: Sequence[str] | None = None,
) -> Iterator[PageClaims]:
    """Yield every page with its claims, in the order of paths.

    Args:
        session: open.
        resources: papers that describe a database, with why; those found in tables come on top.
        paths: pages to load; all of them by default.
    """
    studies = read_study_pages(session)
    query = select(models.Page.id, models.Page.path).order_by(models.Page.path)
    pages = [(page_id, path) for page_id, path in session.execute(query)]
    if paths is not None:
        wanted = set(paths)
        pages = [page for page in pages if page[1] in wanted]
    works = WorkReader.over(session)
    for bundle in in_chunks(pages, _PAGES):
        yield from _Bundle(session, bundle, resources, studies, works).pages()


class _Bundle:
    """The rows of a few pages, loaded together; what a note means is worked out once, however often it is cited."""

    def __init__(
        self,
        session: Session,
        pages: Sequence[tuple[int, str]],
        resources: _Resources,
        studies: Mapping[Reference, StudyFacts],
        works: WorkReader,
    ) -> None:
        self.session = session
        self.rows = pages
        self.resources = resources
        self.studies = studies
        self.study_paths = {one.path for one in studies.values()}
        ids = [page_id for page_id, _ in pages]
        self.heads = self._load_heads(ids)
        self.claims = self._load_claims(ids)
        self.citations = self._load_citations(ids)
        self.tags = self._load_tags(ids)
        self.notes, self.keys = self._load_notes(ids)
        references = {one for note in self.notes.values() for one in (*note.cited, *note.preprints)}
        references |= {note.primary for note in self.notes.values() if note.primary}
        for rows in self.citations.values():
            references |= {Reference(SCHEMES[row.scheme], row.value) for row in rows if row.scheme and row.value}
        self.works = works.read(references)
        self.lookups = read_lookups(session, references)
        # Of works that no registry has described, a notice may be known all the same.
        self.issued = list_notices_of(session, references - self.works.keys())
        self._meanings: dict[tuple[int, int], _Meaning] = {}
        self._inline: dict[tuple[Reference, int], CitedWork] = {}

    def pages(self) -> Iterator[PageClaims]:
        """Yield the pages of the bundle."""
        notes: dict[int, list[_Note]] = defaultdict(list)
        for (page_id, _), note in self._notes_of_pages():
            notes[page_id].append(note)
        for page_id, path in self.rows:
            rows = self.claims.get(page_id, [])
            tables = self._resources_of(rows)
            interactions = [row for row in rows if row.interaction]
            others = _papers_of_other_rows(interactions, self.citations)
            opposites = _opposite_signs(interactions)
            claims = []
            for row in rows:
                papers = tables[tuple(row.section)] if row.interaction else self.resources
                claims.append(
                    self._claim(page_id, path, row, papers, others.get(row.id, frozenset()), opposites.get(row.id))
                )
            head = self.heads[page_id]
            noted = [one for note in notes[page_id] for one in self._noted(path, note, head)]
            yield PageClaims(
                path, head.problems, claims, noted, head.acknowledgements, head.checked, path in self.study_paths
            )

    def _notes_of_pages(self) -> Iterator[tuple[tuple[int, str], _Note]]:
        for (page_id, key), note_ids in self.keys.items():
            for note_id in note_ids:
                yield (page_id, key), self.notes[note_id]

    def _load_heads(self, page_ids: Sequence[int]) -> dict[int, _Head]:
        page = models.Page
        checked = [page.front_matter[key].as_string() for key in _CHECKED]
        columns = (page.id, page.problems, page.acknowledgements, page.lines, *checked)
        return {
            page_id: _Head(
                problems or [],
                [_acknowledgement(one) for one in acknowledged or ()],
                [0, *accumulate(length + 1 for length in lines[:-1])] if lines else [],
                max((date for date in dates if date and _DATE.fullmatch(str(date))), default=None),
            )
            for page_id, problems, acknowledged, lines, *dates in self.session.execute(
                select(*columns).where(page.id.in_(page_ids))
            )
        }

    def _load_claims(self, page_ids: Sequence[int]) -> dict[int, list[Any]]:
        claim = models.Claim
        columns = (
            claim.id, claim.page_id, claim.kind, claim.section, claim.line, claim.start, claim.text, claim.lead_in,
            claim.interaction,
        )  # fmt: skip
        query = select(*columns).where(claim.page_id.in_(page_ids)).order_by(claim.page_id, claim.position)
        found: dict[int, list[Any]] = defaultdict(list)
        for row in self.session.execute(query):
            found[row.page_id].append(row)
        return found

    def _load_citations(self, page_ids: Sequence[int]) -> dict[str, list[Any]]:
        table, claim = models.Citation, models.Claim
        columns = (
            table.claim_id, table.note_id, table.note, table.scheme, table.value, table.start, table.end,
            table.polarity,
        )  # fmt: skip
        query = select(*columns).join(claim, claim.id == table.claim_id).where(claim.page_id.in_(page_ids))
        found: dict[str, list[Any]] = defaultdict(list)
        for row in self.session.execute(query.order_by(table.claim_id, table.start, table.id)):
            found[row.claim_id].append(row)
        return found

    def _load_tags(self, page_ids: Sequence[int]) -> dict[str, tuple[Tag, ...]]:
        table, claim = models.Tag, models.Claim
        columns = (table.claim_id, table.name, table.place, table.scope)
        query = select(*columns).join(claim, claim.id == table.claim_id).where(claim.page_id.in_(page_ids))
        found: dict[str, tuple[Tag, ...]] = {}
        for claim_id, name, place, scope in self.session.execute(query.order_by(table.claim_id, table.id)):
            found[claim_id] = (*found.get(claim_id, ()), Tag(name, _TAG_PLACES[place], scope))
        return found

    def _load_notes(self, page_ids: Sequence[int]) -> tuple[dict[int, _Note], dict[tuple[int, str], list[int]]]:
        """Return the notes by number, and their numbers by page and key: the one that says something comes first."""
        table, identifier = models.Note, models.Identifier
        cited: dict[tuple[int | None, str], list[Reference]] = defaultdict(list)
        places: dict[int | None, list[int]] = defaultdict(list)
        query = (
            select(identifier.note_id, identifier.scheme, identifier.value, identifier.role, identifier.start)
            .where(
                identifier.page_id.in_(page_ids),
                identifier.note_id.is_not(None),
                identifier.role.in_((Role.CITED.value, Role.PREPRINT.value)),
            )
            .order_by(identifier.start, identifier.id)
        )
        for note_id, scheme, value, role, start in self.session.execute(query).all():
            cited[note_id, role].append(Reference(SCHEMES[scheme], value))
            if role == Role.CITED:
                places[note_id].append(start)
        columns = (
            table.id, table.page_id, table.key, table.occurrence, table.line, table.start, table.text,
            table.primary_scheme, table.primary_value, table.study_page, table.stated,
        )  # fmt: skip
        notes: dict[int, _Note] = {}
        keys: dict[tuple[int, str], list[int]] = defaultdict(list)
        order = (table.page_id, table.line, table.occurrence)
        for row in self.session.execute(select(*columns).where(table.page_id.in_(page_ids)).order_by(*order)):
            primary = Reference(SCHEMES[row.primary_scheme], row.primary_value) if row.primary_scheme else None
            notes[row.id] = _Note(
                row.id, row.key, row.occurrence, row.line, row.start, primary, row.study_page, row.text,
                row.stated or {}, tuple(cited.get((row.id, Role.CITED.value), ())),
                tuple(cited.get((row.id, Role.PREPRINT.value), ())), tuple(places.get(row.id, ())),
            )  # fmt: skip
            same = keys[row.page_id, row.key]
            if row.text.strip() and same and not notes[same[0]].text.strip():
                same.insert(0, row.id)
            else:
                same.append(row.id)
        return notes, keys

    def _resources_of(self, rows: Sequence[Any]) -> dict[tuple[str, ...], _Resources]:
        """Return, for each interaction table of a page, the papers that do not count in it."""
        tables: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row in rows:
            if row.interaction:
                papers = frozenset(
                    Reference(SCHEMES[one.scheme], one.value)
                    for one in self.citations.get(row.id, ())
                    if one.scheme and one.value
                )
                tables[tuple(row.section)].append((row.interaction.get("databases") or (), papers))
        return {section: merge_reasons(self.resources, find_resources(table)) for section, table in tables.items()}

    def _claim(
        self,
        page_id: int,
        path: str,
        row: Any,
        resources: _Resources,
        others: frozenset[str],
        opposite: str | None,
    ) -> ClaimEvidence:
        interaction = row.interaction
        return ClaimEvidence(
            id=row.id,
            path=path,
            line=row.line,
            kind=_KINDS[row.kind],
            section=tuple(row.section),
            text=row.text,
            places=self._places(page_id, row, resources),
            tags=self.tags.get(row.id, ()),
            interaction=Interaction(
                interaction["regulator"],
                interaction["target"],
                tuple(interaction.get("databases") or ()),
                tuple(interaction.get("methods") or ()),
                interaction.get("small_scale"),
                interaction.get("direction"),
            )
            if interaction
            else None,
            reverse_pairs=others,
            opposite=opposite,
            column=self.heads[page_id].place_of(row.start, row.line)[1],
        )

    def _places(self, page_id: int, row: Any, resources: _Resources) -> tuple[CitedPlace, ...]:
        """Return the citations of a claim; one without any rests on those of the sentence that introduces it."""
        citations = self.citations.get(row.id)
        if not citations:
            if not row.lead_in:
                return ()
            found = [(key, next(iter(self.keys.get((page_id, key), ())), None)) for key in row.lead_in]
            return tuple(self._place_of_note(0, Polarity.SUPPORTS, key, note_id, resources) for key, note_id in found)
        if row.interaction or len(citations) == 1:
            # The papers of a row stand for one statement, not for clauses of it.
            clauses = [0] * len(citations)
        else:
            marks = [
                MarkPlace(one.note or one.value or "", one.note is not None, one.start, one.end) for one in citations
            ]
            clauses = number_clauses(row.text, row.start, marks)
        places = [self._place(clause, citation, resources) for clause, citation in zip(clauses, citations, strict=True)]
        if row.interaction:
            return tuple(places)
        for number in range(1, len(places)):
            first, second = citations[number - 1], citations[number]
            if clauses[number - 1] == clauses[number] and _name_one_work(row, first, second):
                places[number - 1 : number + 1] = _join(places[number - 1], places[number])
        return tuple(places)

    def _place(self, clause: int, citation: Any, resources: _Resources) -> CitedPlace:
        polarity = _POLARITIES[citation.polarity]
        if citation.scheme and citation.value:
            key = (Reference(SCHEMES[citation.scheme], citation.value), id(resources))
            if key not in self._inline:
                self._inline[key] = self._work((key[0],), None, resources)
            return CitedPlace(clause, polarity, (self._inline[key],))
        return self._place_of_note(clause, polarity, citation.note or "", citation.note_id, resources)

    def _place_of_note(
        self, clause: int, polarity: Polarity, key: str, note_id: int | None, resources: _Resources
    ) -> CitedPlace:
        note = self.notes.get(note_id) if note_id is not None else None
        if note is None:
            return CitedPlace(clause, polarity, missing=f"[^{key}] has no definition")
        meaning = self._meaning(note, resources)
        return CitedPlace(clause, polarity, meaning.works, meaning.missing)

    def _meaning(self, note: _Note, resources: _Resources) -> _Meaning:
        key = (note.id, id(resources))
        if key not in self._meanings:
            works = tuple(self._works_of_note(note, resources))
            self._meanings[key] = _Meaning(works, None if works else _why_empty(note))
        return self._meanings[key]

    def _works_of_note(self, note: _Note, resources: _Resources) -> Iterator[CitedWork]:
        groups = _group_references(note)
        for group in groups:
            # By the DOI, where the note has one: that is the name that most readers know.
            known: dict[int, Reference] = {}
            for reference in sorted(group, key=lambda one: _SCHEME_ORDER[one.scheme]):
                if reference in self.works:
                    known.setdefault(self.works[reference].id, reference)
            if not known:
                works = [self._work(group, note, resources)]
            else:
                works = [self._work((reference,), note, resources, group) for reference in known.values()]
            # A version or a translation that a registry tells of is the same article under another identifier.
            if any(not first.study & second.study for first, second in pairwise(works)):
                names = " and ".join(work.name for work in works)
                said = f"the note's identifiers name different works: {names}"
                works = [replace(work, conflicts=(*work.conflicts, said)) for work in works]
            # Two identifiers of one note, its preprint too, are one piece of research by the note's own word.
            joined = frozenset().union(*(work.study for work in works))
            if len(groups) == 1:
                joined |= {name_of(one) for one in note.preprints}
            yield from (replace(work, study=joined) if joined != work.study else work for work in works)

    def _noted(self, path: str, note: _Note, head: _Head) -> Iterator[NotedWork]:
        checked = (note.stated.get("verified") or {}).get("date") or head.checked
        for work in self._meaning(note, self.resources).works:
            places = (start for one, start in zip(note.cited, note.places, strict=True) if one in work.identifiers)
            line, column = head.place_of(next(places, note.start), note.line)
            yield NotedWork(path, line, column, note.key, note.occurrence, note.text, note.stated, work, checked)

    def _work(
        self,
        references: tuple[Reference, ...],
        note: _Note | None,
        resources: _Resources,
        group: tuple[Reference, ...] = (),
    ) -> CitedWork:
        """Return the work that some identifiers name, with what the note, its study page and the registries say.

        Args:
            references: identifiers of one work.
            note: the note that cites it, or None for an identifier in the text.
            resources: papers that describe a database.
            group: all identifiers that the note gives for this work.
        """
        known = self.works.get(references[0])
        # What the page cites comes first: that is the name that its reader knows.
        identifiers = tuple(dict.fromkeys((*references, *(known.identifiers if known is not None else ()))))
        study_page = next((self.studies[one] for one in identifiers if one in self.studies), None)
        stated = note.stated if note is not None else {}
        said = read_attributes(stated, study_page, known)
        is_resolved = known is not None and known.is_resolved
        missing = [one for one in (group or references) if is_confirmed_missing(one, self.lookups)]
        study = known.study if known is not None else frozenset(map(name_of, references))
        study |= _trials_of(note)
        return CitedWork(
            id=f"work:{known.id}" if known is not None else name_of(references[0]),
            identifiers=identifiers,
            title=known.title if known is not None else None,
            is_resolved=is_resolved,
            exists=is_resolved or len(missing) < len(group or references),
            outcomes=tuple(one for reference in references for one in self.lookups.get(reference, ())),
            designs=said.designs,
            designs_from=said.designs_from,
            level=said.level,
            level_from=said.level_from,
            organisms=said.organisms,
            n=said.n,
            year=said.year,
            reported=said.reported,
            resource_hint=find_hint(known.title, known.mesh) if known is not None else None,
            authors=known.authors if known is not None else None,
            notices=known.notices
            if known is not None
            else tuple(one for reference in references for one in self.issued.get(reference, ())),
            study=study | study_page.names if study_page is not None else study,
            is_preprint=known is not None and known.is_preprint,
            is_marked_retracted=bool(stated.get("marked_retracted")),
            resource=next((resources[one] for one in identifiers if one in resources), None),
            conflicts=known.conflicts if known is not None else (),
            missing=tuple(name_of(one) for one in missing) if known is not None else (),
            mismatches=tuple(find_mismatches(stated, f"{note.key} {note.text}", known))
            if note is not None and known is not None and is_resolved
            else (),
            articles=known.articles if known is not None else frozenset(),
        )


def _name_one_work(row: Any, first: Any, second: Any) -> bool:
    """Tell whether two identifiers in the text are given for one work, as in "(PMID 123; doi:10.1/x)"."""
    if not (first.scheme and second.scheme) or first.scheme == second.scheme:
        return False
    between = row.text[first.end - row.start : second.start - row.start]
    return _BESIDE.fullmatch(between) is not None


def _join(first: CitedPlace, second: CitedPlace) -> tuple[CitedPlace, CitedPlace]:
    """Return two citations as one study, unless the registries know each as a work of its own."""
    (one,), (other,) = first.works, second.works
    if one.is_resolved and other.is_resolved:
        return first, second
    study = one.study | other.study
    return (
        replace(first, works=(replace(one, study=study),)),
        replace(second, works=(replace(other, study=study),)),
    )


def _group_references(note: _Note) -> list[tuple[Reference, ...]]:
    """Return the works that a note cites, each with the identifiers that it gives for it.

    Identifiers of different schemes that follow each other name one work; a scheme that comes again with another value
    begins the next one.
    """
    groups: list[list[Reference]] = []
    for reference in note.cited:
        if groups and all(one.scheme != reference.scheme or one.value == reference.value for one in groups[-1]):
            groups[-1].append(reference)
        else:
            groups.append([reference])
    if not groups and note.primary is not None:
        return [(note.primary,)]
    return [tuple(dict.fromkeys(group)) for group in groups]


def _trials_of(note: _Note | None) -> frozenset[str]:
    """Return the trials that a note names; of a note on several works it is not known whose they are."""
    return find_trials(note.text) if note is not None and len(_group_references(note)) == 1 else frozenset()


def _why_empty(note: _Note) -> str:
    if not note.text.strip():
        return f"[^{note.key}] is empty"
    if note.study_page:
        return f"[^{note.key}] links {note.study_page}, which does not exist or names no identifier"
    if doubts := read_identifiers(note.text).doubts:
        return f"[^{note.key}]: {describe_doubt(doubts[0])}"
    return f"[^{note.key}] names no DOI, PMID or PMCID"


def _papers_of_other_rows(rows: Iterable[Any], citations: Mapping[str, Sequence[Any]]) -> dict[str, frozenset[str]]:
    """Return, for each row whose two genes stand in another row of the page too, the papers of those other rows."""
    papers: dict[frozenset[str], list[tuple[str, frozenset[str]]]] = defaultdict(list)
    for row in rows:
        pair = frozenset((row.interaction["regulator"], row.interaction["target"]))
        papers[pair].append((row.id, frozenset(one.value for one in citations.get(row.id, ()) if one.value)))
    return {
        name: frozenset().union(*(theirs for other, theirs in same if other != name))
        for same in papers.values()
        if len(same) > 1
        for name, _ in same
    }


def _opposite_signs(rows: Iterable[Any]) -> dict[str, str]:
    """Return, for each row whose pair another row of the page gives the other sign, what that row says."""
    signs: dict[tuple[str, str], list[tuple[Any, int]]] = defaultdict(list)
    for row in rows:
        sign = _SIGNS.get(str(row.interaction.get("direction") or "").casefold())
        if sign is not None:
            signs[row.interaction["regulator"], row.interaction["target"]].append((row, sign))
    found: dict[str, str] = {}
    for same in signs.values():
        for row, sign in same:
            against = next((other for other, theirs in same if theirs != sign), None)
            if against is not None:
                found[row.id] = f"line {against.line} gives the same pair as {against.interaction['direction']}"
    return found
