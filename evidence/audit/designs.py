"""Study design and level of a work, from the note, the study page, PubMed's types and MeSH, in this order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from evidence.levels import HUMAN_MATERIAL, find_organisms, level_of
from evidence.vocabulary import HUMAN_DESIGNS, Design, Level

PUBLICATION_TYPES: dict[str, Design] = {
    "meta-analysis": Design.META_ANALYSIS,
    "network meta-analysis": Design.META_ANALYSIS,
    "systematic review": Design.SYSTEMATIC_REVIEW,
    "randomized controlled trial": Design.RCT,
    "controlled clinical trial": Design.RCT,
    "pragmatic clinical trial": Design.RCT,
    "equivalence trial": Design.RCT,
    "adaptive clinical trial": Design.RCT,
    "clinical trial": Design.RCT,
    "clinical trial, phase i": Design.RCT,
    "clinical trial, phase ii": Design.RCT,
    "clinical trial, phase iii": Design.RCT,
    "clinical trial, phase iv": Design.RCT,
    "randomized controlled trial, veterinary": Design.IN_VIVO,
    "clinical trial, veterinary": Design.IN_VIVO,
    "observational study, veterinary": Design.IN_VIVO,
    "observational study": Design.OBSERVATIONAL,
    "twin study": Design.OBSERVATIONAL,
    "case reports": Design.CASE_REPORT,
    "review": Design.REVIEW,
    "scoping review": Design.REVIEW,
    "editorial": Design.EDITORIAL,
    "comment": Design.COMMENT,
    # Words about research.
    "news": Design.COMMENT,
    "newspaper article": Design.COMMENT,
    "introductory journal article": Design.COMMENT,
    "interview": Design.COMMENT,
    "lecture": Design.COMMENT,
    "address": Design.COMMENT,
    "biography": Design.COMMENT,
    "patient education handout": Design.COMMENT,
    "guideline": Design.GUIDELINE,
    "practice guideline": Design.GUIDELINE,
    "consensus development conference": Design.CONSENSUS,
    "consensus development conference, nih": Design.CONSENSUS,
    "consensus statement": Design.CONSENSUS,
    "retraction of publication": Design.NOTICE,
    "retraction notice": Design.NOTICE,
    "published erratum": Design.NOTICE,
    "expression of concern": Design.NOTICE,
    "dataset": Design.DATASET,
}
# Of these MeSH tells what they are about, not what was done.
_NO_STUDIES = frozenset(
    {"clinical trial protocol", "personal narrative", "historical article", "autobiography", "bibliography",
     "clinical conference", "congress", "dictionary", "directory", "festschrift", "interactive tutorial", "legal case",
     "legislation", "periodical index", "portrait", "video-audio media", "webcast"}
)  # fmt: skip
_NO_STUDY_OF_ITS_OWN = frozenset({Design.REVIEW, Design.EDITORIAL, Design.GUIDELINE, Design.CONSENSUS})
# Crossref's types of what may report a study.
_ARTICLES = frozenset({"journal-article", "proceedings-article", "posted-content"})
RETRACTED_TYPE = "retracted publication"
_VETERINARY = ", veterinary"
# "Cells, Cultured" with what stands below it in MeSH (A11.251), as far as papers on ageing and cancer are indexed so.
_CELLS = frozenset(
    {"cells, cultured", "cell line", "cell line, tumor", "cell line, transformed", "tumor cells, cultured",
     "clone cells", "primary cell culture", "hybrid cells", "hybridomas", "3t3 cells", "nih 3t3 cells",
     "swiss 3t3 cells", "balb 3t3 cells", "3t3-l1 cells", "cho cells", "cos cells", "vero cells", "llc-pk1 cells",
     "madin darby canine kidney cells", "raw 264.7 cells", "hela cells", "hek293 cells", "hep g2 cells", "mcf-7 cells",
     "a549 cells", "caco-2 cells", "ht29 cells", "hct116 cells", "jurkat cells", "k562 cells", "hl-60 cells",
     "u937 cells", "thp-1 cells", "pc12 cells", "pc-3 cells", "sk-br-3 cells", "spheroids, cellular", "organoids"}
)  # fmt: skip


def designs_of_types(types: Collection[str], mesh: Iterable[str]) -> tuple[Design, ...]:
    """Return the designs that PubMed's publication types and MeSH terms say.

    "Journal Article" and "Letter" say nothing. MeSH decides only where the types do not.

    >>> [design.value for design in designs_of_types(["Journal Article"], ["Animals", "Mice"])]
    ['in-vivo']
    """
    found = dict.fromkeys(PUBLICATION_TYPES[name] for one in types if (name := one.casefold()) in PUBLICATION_TYPES)
    if Design.IN_VIVO in found and (Design.RCT in found or Design.OBSERVATIONAL in found):
        # A trial in animals is now and then typed as a trial besides.
        found.pop(Design.RCT, None)
        found.pop(Design.OBSERVATIONAL, None)
    if Design.SYSTEMATIC_REVIEW in found or Design.META_ANALYSIS in found:
        found.pop(Design.REVIEW, None)
    if found:
        return tuple(found)
    if not _NO_STUDIES.isdisjoint(one.casefold() for one in types):
        return ()
    terms = {one.casefold() for one in mesh}
    if "animals" in terms and "humans" not in terms:
        return (Design.IN_VIVO,)
    if terms & _CELLS and "animals" not in terms:
        return (Design.IN_VITRO,)
    return (Design.IN_SILICO,) if "computer simulation" in terms and not terms & {"humans", "animals"} else ()


def is_no_study(designs: Collection[Design]) -> bool:
    """Tell whether the designs that a registry gives a work say that it reports no study of its own.

    A comment may: letters with data are typed so.

    >>> is_no_study([Design.REVIEW]), is_no_study([Design.REVIEW, Design.RCT]), is_no_study([])
    (True, False, False)
    """
    return bool(designs) and _NO_STUDY_OF_ITS_OWN.issuperset(designs)


def is_article(kind: str | None, types: Collection[str]) -> bool:
    """Tell whether a registry types a work as an article, which may report a study whatever else is not known of it.

    A chapter, a grant or a part of a work is none, and neither is what PubMed types as a protocol or a portrait.

    Args:
        kind: Crossref's type.
        types: PubMed's publication types.

    >>> is_article("journal-article", []), is_article("journal-article", ["Clinical Trial Protocol"])
    (True, False)
    """
    named = {one.casefold() for one in types}
    return _NO_STUDIES.isdisjoint(named) and (kind in _ARTICLES or "journal article" in named)


def terms_of(types: Iterable[str], mesh: Sequence[str]) -> Sequence[str]:
    """Return the MeSH terms of a work; a veterinary publication type says "Animals", whatever is indexed.

    >>> terms_of(["Clinical Trial, Veterinary"], [])
    ('Animals',)
    """
    if any(one.casefold().endswith(_VETERINARY) for one in types):
        return (*(one for one in mesh if one.casefold() not in {"humans", "animals"}), "Animals")
    return mesh


def level_of_mesh(mesh: Iterable[str]) -> Level | None:
    """Return the level that MeSH terms alone tell, or None."""
    terms = {one.casefold() for one in mesh}
    human, animal = "humans" in terms, "animals" in terms
    if human and animal:
        return Level.MIXED
    if human and terms & _CELLS:
        return Level.CELLS
    return Level.HUMAN if human else Level.ANIMAL if animal else None


_WITHOUT_PEOPLE = {Level.HUMAN: Level.CELLS, Level.MIXED: Level.ANIMAL}


class ChosenLevel(NamedTuple):
    """A level, and what tells it: "organism", "design", "mesh", or nothing."""

    level: Level
    by: str | None


def choose_level(designs: Sequence[Design], organism: str | None, mesh: Iterable[str]) -> Level:
    """Return the level of a work: by design and the organism that is stated, else by MeSH, else unknown.

    >>> choose_level([Design.RCT], None, ["Animals", "Mice"]), choose_level([Design.IN_VIVO], "human", [])
    (<Level.ANIMAL: 'animal'>, <Level.HUMAN: 'human'>)
    """
    return find_level(designs, organism, mesh).level


def find_level(designs: Sequence[Design], organism: str | None, mesh: Iterable[str]) -> ChosenLevel:
    """Return the level of a work with what tells it.

    >>> find_level([Design.IN_VITRO], None, ["Animals"]).by, find_level([], None, ["Humans"]).by
    ('design', 'mesh')
    """
    mesh = tuple(mesh)
    organisms = find_organisms(organism or "") or tuple(
        name.strip() for name in (organism or "").split(",") if name.strip()
    )
    stated = level_of(designs, organisms)
    if stated is not None and (organisms or not mesh or not set(designs) & HUMAN_DESIGNS):
        return ChosenLevel(stated, "organism" if organisms else "design")
    # A trial in animals is typed as a trial: MeSH knows.
    by_mesh = level_of_mesh(mesh)
    if by_mesh in _WITHOUT_PEOPLE and organisms and HUMAN_MATERIAL.issuperset(organisms):
        # MeSH says "Humans" of their cells too.
        return ChosenLevel(stated or _WITHOUT_PEOPLE[by_mesh], "organism")
    if by_mesh is None or (by_mesh is Level.MIXED and stated is not None and set(designs) & HUMAN_DESIGNS):
        return ChosenLevel(stated or Level.UNKNOWN, "design" if stated is not None else None)
    return ChosenLevel(by_mesh, "mesh")


_WORDS: dict[str, Design] = {design.value: design for design in Design} | {
    "randomized-controlled-trial": Design.RCT,
    "clinical-trial": Design.RCT,
    "mr": Design.MENDELIAN_RANDOMIZATION,
    "umbrella-review": Design.SYSTEMATIC_REVIEW,
    "narrative-review": Design.REVIEW,
    "prospective-cohort": Design.COHORT,
    "retrospective-cohort": Design.COHORT,
    "computational": Design.IN_SILICO,
}


def designs_of_words(value: object) -> tuple[Design, ...]:
    """Return the designs in the front matter of a study page: one word, several joined, or a list.

    >>> [design.value for design in designs_of_words("in-vivo + in-vitro")]
    ['in-vivo', 'in-vitro']
    """
    parts = value if isinstance(value, list) else str(value or "").replace("+", "/").replace(",", "/").split("/")
    words = ("-".join(str(part).casefold().split()) for part in parts)
    return tuple(dict.fromkeys(_WORDS[word] for word in words if word in _WORDS))
