"""Claims with evidence made by hand, for the tests of the audit's rules."""

from __future__ import annotations

from evidence.audit.flags import Choices
from evidence.audit.judged import SourceLine
from evidence.audit.resting import held_alone_by
from evidence.audit.verdicts import judge
from evidence.audit.works import CitedPlace, CitedWork, ClaimEvidence
from evidence.notices import WorkNotice
from evidence.records import AuthorName, Interaction, Reference, Tag
from evidence.vocabulary import ClaimKind, Design, Level, NoticeKind, Outcome, Polarity, Scheme, TagPlace

LEE = (AuthorName("Kim", "J"), AuthorName("Park", "S"), AuthorName("Choi", "H"), AuthorName("Lee", "K"))
MEYER = (AuthorName("Weber", "A"), AuthorName("Fuchs", "B"), AuthorName("Vogel", "C"), AuthorName("Meyer", "D"))
ROSSI = (AuthorName("Bruno", "E"), AuthorName("Ricci", "F"), AuthorName("Conti", "G"), AuthorName("Rossi", "H"))
RETRACTION = WorkNotice(NoticeKind.RETRACTION, "2010-02-02", "crossref")
CHOICES = Choices(n_small=30, old_years=20, year=2026)


def work(name="a", **facts):
    """A resolved in-vivo study of mice by its own group, unless told otherwise."""
    values = {
        "id": f"work:{name}",
        "identifiers": (Reference(Scheme.DOI, f"10.1000/{name}"),),
        "is_resolved": True,
        "designs": (Design.IN_VIVO,),
        "designs_from": "note",
        "level": Level.ANIMAL,
        "year": 2020,
        "authors": (AuthorName(f"First{name}", "A"), AuthorName(f"Last{name}", "B")),
        "study": frozenset({f"doi:10.1000/{name}"}),
    }
    return CitedWork(**(values | facts))


def unresolved(name="u", **facts):
    """A work whose look-up failed."""
    failed = (("crossref", Outcome.FAILED, "no answer"),)
    return work(name, id=f"doi:10.1000/{name}", is_resolved=False, authors=None, outcomes=failed, **facts)


def missing(name="x"):
    """A work that its registry says does not exist."""
    return work(name, is_resolved=False, exists=False, authors=None, outcomes=(("crossref", Outcome.NOT_FOUND, None),))


def review(name="r", **facts):
    return work(name, designs=(Design.REVIEW,), level=Level.UNKNOWN, **facts)


def resource(name="db"):
    return work(name, resource="describes the database X (shipped table)", designs=())


def human(name, **facts):
    return work(name, designs=(Design.RCT,), level=Level.HUMAN, **facts)


def claim(*works, clauses=False, polarity=Polarity.SUPPORTS, tags=(), text="Bone is lost with age in mice.", **facts):
    """A sentence that cites works, all in one clause or each in one of its own."""
    places = tuple(
        CitedPlace(number if clauses else 0, polarity, (one,)) if isinstance(one, CitedWork) else one
        for number, one in enumerate(works)
    )
    values = {"kind": ClaimKind.SENTENCE, "section": ("Part",), "places": places, "tags": tuple(tags)}
    return ClaimEvidence("c1", "a.md", 3, text=text, **(values | facts))


def row(*works, databases=("X",), **facts):
    interaction = Interaction("FOS", "RUNX2", tuple(databases), ("assay",))
    return claim(*works, kind=ClaimKind.INTERACTION, interaction=interaction, text="FOS,P01100,2353", **facts)


def contrasting(one):
    return CitedPlace(1, Polarity.CONTRASTS, (one,))


def tag(name="needs-replication", place=TagPlace.CLAIM):
    return Tag(name, place)


def verdict(*works, **facts):
    return judge(claim(*works, **facts), CHOICES)


def status(*works, **facts):
    return verdict(*works, **facts).status.value


def add_sources(sources, claim, verdict):
    """Count a claim at each work that it cites, as the audit does."""
    for line in verdict.works:
        source = sources.setdefault(line.work.id, SourceLine.of(line.work))
        source.add(claim.path, ())
    for work in held_alone_by(verdict):
        sources[work].add(claim.path, [claim.id])
