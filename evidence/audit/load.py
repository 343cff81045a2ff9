"""The rows of pages -> claims with their evidence, page by page. No database: it runs in other processes as well."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from msgspec.structs import replace

from evidence.audit.attributes import read_attributes
from evidence.audit.designs import is_article
from evidence.audit.findings import plain_words
from evidence.audit.identity import find_mismatches
from evidence.audit.packing import Value
from evidence.audit.resources import Row, find_hint, find_resources, merge_reasons
from evidence.audit.rows import SCHEMES, BundleRows, LookupLine
from evidence.audit.signs import with_opposites
from evidence.audit.stored import is_confirmed_missing, make_works, texts_of
from evidence.audit.trials import find_trials
from evidence.audit.works import CitedPlace, CitedWork, ClaimEvidence, NamedWork, NotedWork, name_of, spoiled_by
from evidence.identifiers import describe_doubt, read_identifiers
from evidence.marks import why_undefined
from evidence.records import Acknowledgement, Interaction, Reference, Tag
from evidence.vocabulary import ClaimKind, Outcome, Polarity, Role, Scheme, TagPlace

_KINDS = {kind.value: kind for kind in ClaimKind}
_POLARITIES = {polarity.value: polarity for polarity in Polarity}
_TAG_PLACES = {place.value: place for place in TagPlace}
_SCHEME_ORDER = {scheme: number for number, scheme in enumerate(Scheme)}

# Between two identifiers of one work: a sign and the label of the second.
_BESIDE = re.compile(r"[\s,;|/·()\[\]]{1,6}(?:(?:doi|pmid|pmcid|pmc)\b[\s:.]*)?(?:https?://[\w./]*)?", re.IGNORECASE)

# An entry of a list of references, or a sentence, that says so of the work that it names.
_SAYS_RETRACTED = re.compile(r"(?<!\bnot )(?<!\bnever )\bretracted\b|\bretraction of\b", re.IGNORECASE)

_DATE = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-[0-3]\d)?)?")

_Resources = Mapping[Reference, str]


@dataclass(slots=True)
class PageClaims:
    """One page with its claims, the works as its notes tell of them, its problems, and the findings that it accepts.

    `problems` are as they were read, with the key of their `note` where it therefore names no work.
    `named` are the works that it names outside of notes and of tables of interactions. `checked` is when it says that
    it was checked; `is_study` that it is the page of a study, on which its claims rest.
    """

    path: str
    problems: list[dict[str, Any]]
    claims: list[ClaimEvidence]
    notes: list[NotedWork] = field(default_factory=list)
    acknowledgements: list[Acknowledgement] = field(default_factory=list)
    checked: str | None = None
    is_study: bool = False
    named: list[NamedWork] = field(default_factory=list)


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


class _Claim(Value, frozen=True):
    id: str
    page_id: int
    kind: str
    section: tuple[str, ...]
    line: int
    start: int
    text: str
    lead_in: tuple[str, ...]
    interaction: dict[str, Any] | None


class _Citation(NamedTuple):
    claim_id: str
    note_id: int | None
    note: str | None
    scheme: str | None
    value: str | None
    start: int
    end: int
    polarity: str
    clause: int | None


class _Note(Value, frozen=True):
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


class _Meaning(Value, frozen=True):
    """What a note cites: its works, or why there are none."""

    works: tuple[CitedWork, ...]
    missing: str | None


def assemble(rows: BundleRows, resources: _Resources) -> Iterator[PageClaims]:
    """Yield the pages of some rows with their claims. Needs no database."""
    return _Bundle(rows, resources).pages()


@lru_cache(1 << 12)
def _stated_of(text: str) -> Mapping[str, Any]:
    return json.loads(text) or {}


class _Bundle:
    """The rows of a few pages; what a note means is worked out once, however often it is cited."""

    def __init__(self, rows: BundleRows, resources: _Resources) -> None:
        self.rows = rows.pages
        self.resources = resources
        self.studies = rows.studies
        self.study_paths = rows.study_paths
        self.own = rows.own
        self.heads = {row[0]: _make_head(row) for row in rows.heads}
        self.claims: dict[int, list[_Claim]] = defaultdict(list)
        for name, page_id, kind, section, line, start, text, lead_in, interaction in rows.claims:
            told = json.loads(interaction) if interaction else None
            self.claims[page_id].append(
                _Claim(name, page_id, kind, texts_of(section), line, start, text, texts_of(lead_in), told)
            )
        self.citations: dict[str, list[_Citation]] = defaultdict(list)
        for row in rows.citations:
            self.citations[row[0]].append(_Citation._make(row))
        self.tags: dict[str, tuple[Tag, ...]] = {}
        for claim_id, tag, place, scope in rows.tags:
            self.tags[claim_id] = (*self.tags.get(claim_id, ()), Tag(tag, _TAG_PLACES[place], scope))
        self.notes, self.keys = _make_notes(rows)
        self.works = make_works(rows.works)
        self.lookups = rows.lookups
        self.issued = rows.works.issued
        self._meanings: dict[tuple[int, int], _Meaning] = {}
        self._inline: dict[tuple[Reference, int], CitedWork] = {}
        self._places_of_notes: dict[tuple[int, int, Polarity, int], CitedPlace] = {}

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
            claims = []
            for row in rows:
                papers = tables[row.section] if row.interaction else self.resources
                claims.append(self._claim(page_id, path, row, papers, others.get(row.id, frozenset())))
            head = self.heads[page_id]
            noted = [one for note in notes[page_id] for one in self._noted(path, note, head)]
            problems = [_with_its_note(one, notes[page_id]) for one in head.problems]
            yield PageClaims(
                path, problems, with_opposites(claims), noted, head.acknowledgements, head.checked,
                path in self.study_paths, list(self._named(page_id, rows, head)),
            )  # fmt: skip

    def _notes_of_pages(self) -> Iterator[tuple[tuple[int, str], _Note]]:
        for (page_id, key), note_ids in self.keys.items():
            for note_id in note_ids:
                yield (page_id, key), self.notes[note_id]

    def _resources_of(self, rows: Sequence[_Claim]) -> dict[tuple[str, ...], _Resources]:
        """Return, for each interaction table of a page, the papers that do not count in it."""
        tables: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row in rows:
            if row.interaction:
                papers = frozenset(
                    Reference(SCHEMES[one.scheme], one.value)
                    for one in self.citations.get(row.id, ())
                    if one.scheme and one.value
                )
                tables[row.section].append((row.interaction.get("databases") or (), papers))
        return {section: merge_reasons(self.resources, find_resources(table)) for section, table in tables.items()}

    def _claim(
        self,
        page_id: int,
        path: str,
        row: _Claim,
        resources: _Resources,
        others: frozenset[str],
    ) -> ClaimEvidence:
        return ClaimEvidence(
            row.id, path, row.line, _KINDS[row.kind], row.section, row.text, self._places(page_id, row, resources),
            self.tags.get(row.id, ()), _interaction_of(row.interaction) if row.interaction else None, others, None,
            self.heads[page_id].place_of(row.start, row.line)[1],
        )  # fmt: skip

    def _places(self, page_id: int, row: _Claim, resources: _Resources) -> tuple[CitedPlace, ...]:
        """Return the citations of a claim; one without any rests on those of the sentence that introduces it."""
        citations = self.citations.get(row.id)
        if not citations:
            if not row.lead_in:
                return ()
            found = [(key, next(iter(self.keys.get((page_id, key), ())), None)) for key in row.lead_in]
            return tuple(self._place_of_note(0, Polarity.SUPPORTS, key, note_id, resources) for key, note_id in found)
        # Of a page that was read before clauses were kept, each citation stands for itself: rather too few studies.
        clauses = [number if one.clause is None else one.clause for number, one in enumerate(citations)]
        places = [self._place(clause, citation, resources) for clause, citation in zip(clauses, citations, strict=True)]
        if row.interaction:
            return tuple(places)
        for number in range(1, len(places)):
            first, second = citations[number - 1], citations[number]
            if clauses[number - 1] == clauses[number] and _name_one_work(row, first, second):
                places[number - 1 : number + 1] = _join(places[number - 1], places[number])
        return tuple(places)

    def _place(self, clause: int, citation: _Citation, resources: _Resources) -> CitedPlace:
        polarity = _POLARITIES[citation.polarity]
        if citation.scheme and citation.value:
            work = self._inline_work(Reference(SCHEMES[citation.scheme], citation.value), resources)
            return CitedPlace(clause, polarity, (work,))
        return self._place_of_note(clause, polarity, citation.note or "", citation.note_id, resources)

    def _place_of_note(
        self, clause: int, polarity: Polarity, key: str, note_id: int | None, resources: _Resources
    ) -> CitedPlace:
        note = self.notes.get(note_id) if note_id is not None else None
        if note is None:
            return CitedPlace(clause, polarity, missing=_said(key))
        name = (clause, note.id, polarity, id(resources))
        if name not in self._places_of_notes:
            meaning = self._meaning(note, resources)
            self._places_of_notes[name] = (
                CitedPlace(clause, polarity, meaning.works, meaning.missing)
                if meaning.works
                else _unseen_place(clause, polarity, note, meaning.missing)
            )
        return self._places_of_notes[name]

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

    def _named(self, page_id: int, rows: Sequence[_Claim], head: _Head) -> Iterator[NamedWork]:
        for reference, start in self.own.get(page_id, ()):
            yield NamedWork(*head.place_of(start, 1), self._inline_work(reference, self.resources))
        for row in rows:
            # What a row of interactions rests on is always told at the row.
            for one in self.citations.get(row.id, ()) if not row.interaction else ():
                if one.scheme and one.value:
                    work = self._inline_work(Reference(SCHEMES[one.scheme], one.value), self.resources)
                    if work.is_retracted and _SAYS_RETRACTED.search(row.text):
                        work = replace(work, is_marked_retracted=True)
                    yield NamedWork(*head.place_of(one.start, row.line), work, row.id)

    def _inline_work(self, reference: Reference, resources: _Resources) -> CitedWork:
        key = (reference, id(resources))
        if key not in self._inline:
            self._inline[key] = self._work((reference,), None, resources)
        return self._inline[key]

    def _outcomes_of(self, cited: Sequence[Reference], identifiers: Sequence[Reference]) -> tuple[LookupLine, ...]:
        """Return how the look-ups of a work ended: of what is cited all, of its other identifiers those that failed.

        A registry that described the work under one of its identifiers has told of its notices.
        """
        told = [one for reference in cited for one in self.lookups.get(reference, ())]
        heard = {source for source, outcome, _ in told if outcome is Outcome.RESOLVED}
        others = [one for reference in identifiers if reference not in cited for one in self.lookups.get(reference, ())]
        return (*told, *(one for one in others if one[0] not in heard and one[1] is Outcome.FAILED))

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
            outcomes=self._outcomes_of(references, identifiers),
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
            is_article=known is not None and is_article(known.type, known.publication_types),
            is_marked_retracted=bool(stated.get("marked_retracted")),
            resource=next((resources[one] for one in identifiers if one in resources), None),
            conflicts=known.conflicts if known is not None else (),
            missing=tuple(name_of(one) for one in missing) if known is not None else (),
            mismatches=tuple(find_mismatches(stated, f"{note.key} {note.text}", known))
            if note is not None and known is not None and is_resolved
            else (),
            articles=known.articles if known is not None else frozenset(),
            spoiled=spoiled_by(known.fallen_article) if known is not None and known.fallen_article else None,
        )


def _interaction_of(told: Mapping[str, Any]) -> Interaction:
    return Interaction(
        told["regulator"], told["target"], tuple(told.get("databases") or ()), tuple(told.get("methods") or ()),
        told.get("small_scale"), told.get("direction"), tuple(told.get("context") or ()),
    )  # fmt: skip


def _make_head(row: tuple[Any, ...]) -> _Head:
    _, problems, acknowledged, lengths, *dates = row
    lines = json.loads(lengths) if lengths else None
    return _Head(
        json.loads(problems) or [] if problems else [],
        [_acknowledgement(one) for one in json.loads(acknowledged) or ()] if acknowledged else [],
        [0, *accumulate(length + 1 for length in lines[:-1])] if lines else [],
        # SQLite gives a bare year as a number.
        max((str(date) for date in dates if date and _DATE.fullmatch(str(date))), default=None),
    )


def _make_notes(rows: BundleRows) -> tuple[dict[int, _Note], dict[tuple[int, str], list[int]]]:
    """Return the notes by number, and their numbers by page and key: the one that says something comes first."""
    cited: dict[tuple[int, str], list[Reference]] = defaultdict(list)
    places: dict[int, list[int]] = defaultdict(list)
    for note_id, scheme, value, role, start in rows.identifiers:
        cited[note_id, role].append(Reference(SCHEMES[scheme], value))
        if role == Role.CITED:
            places[note_id].append(start)
    notes: dict[int, _Note] = {}
    keys: dict[tuple[int, str], list[int]] = defaultdict(list)
    for number, page_id, key, occurrence, line, start, text, scheme, value, study_page, stated in rows.notes:
        primary = Reference(SCHEMES[scheme], value) if scheme else None
        notes[number] = _Note(
            number, key, occurrence, line, start, primary, study_page, text, _stated_of(stated),
            tuple(cited.get((number, Role.CITED.value), ())), tuple(cited.get((number, Role.PREPRINT.value), ())),
            tuple(places.get(number, ())),
        )  # fmt: skip
        same = keys[page_id, key]
        if text.strip() and same and not notes[same[0]].text.strip():
            same.insert(0, number)
        else:
            same.append(number)
    return notes, keys


def _said(key: str) -> str:
    return why_undefined(key).replace("`[", "[").replace("]`", "]")


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


def _unseen_place(clause: int, polarity: Polarity, note: _Note, missing: str | None) -> CitedPlace:
    """Return the citation of a note that names no work: its words are all that tells it from another source."""
    words = plain_words(note.text)
    unseen = blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest() if words else ""
    return CitedPlace(clause, polarity, (), missing, bool(note.stated.get("marked_retracted")), unseen)


def _why_empty(note: _Note) -> str:
    if not note.text.strip():
        return f"[^{note.key}] is empty"
    if note.study_page:
        return f"[^{note.key}] links {note.study_page}, which does not exist or names no identifier"
    if doubts := read_identifiers(note.text).doubts:
        return f"[^{note.key}]: {describe_doubt(doubts[0])}"
    if read_identifiers(note.text).identifiers:
        return f"[^{note.key}] only points to a related work, or to what it calls a notice or wrong"
    return f"[^{note.key}] names no DOI, PMID or PMCID"


def _with_its_note(problem: dict[str, Any], notes: Sequence[_Note]) -> dict[str, Any]:
    """Return a problem with the key of the note that names no work for it, where there is one."""
    line, message = problem["line"], problem["message"]
    if problem["code"] == "empty-note":
        found = [note for note in notes if note.line == line and not note.text.strip()]
    elif problem["code"] == "ambiguous-identifier":
        above = [note for note in notes if note.line <= line]
        last = max((note.line for note in above), default=0)
        found = [note for note in above if note.line == last and _why_empty(note) == f"[^{note.key}]: {message}"]
    else:
        return problem
    return problem | {"note": found[0].key} if found else problem


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
