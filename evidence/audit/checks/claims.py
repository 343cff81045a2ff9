"""What is wrong with a claim: one function a check, a claim and its verdict in, results out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from evidence.audit.checks.works import retracted_work
from evidence.audit.counting import unique, works_of
from evidence.audit.findings import Facts, Result
from evidence.audit.groups import groups_of, studies_of
from evidence.audit.statuses import says_contradicted
from evidence.audit.strength import NEEDS_REPLICATION
from evidence.audit.verdicts import Verdict
from evidence.audit.works import ClaimEvidence, names_of
from evidence.directions import sign_of
from evidence.vocabulary import ClaimKind, Flag, Level, Severity, Status

Results = Iterator[Result]
_NOT_IN_PEOPLE = frozenset({Level.ANIMAL, Level.CELLS, Level.COMPUTED})
_HUMAN_ROW = re.compile(r"\breplicated in humans?\s*\??\W*\|\W*(yes|no)\b(?!\s*/)", re.IGNORECASE)
# A row of HTML has no bars between its cells; what spans it stands on a line above.
_HUMAN_ROW_OF_HTML = re.compile(
    r"^[^\w\n]*replicated in humans?\s*\??\W*\s(yes|no)\b(?!\s*/)", re.IGNORECASE | re.MULTILINE
)
# Plain words for people who were studied: "in 60 women", "healthy adults", "a randomized trial in humans".
_PEOPLE = re.compile(
    r"\b(?:(?:in|among|across|between)\s(?:[\w%\u2013-]+,?\s){0,3}?"
    r"(?:humans|people|patients|women|men|volunteers|participants|children|centenarians)"
    r"|(?:in\s|among\s)?(?:older|healthy|middle-aged|elderly|obese|overweight|\d[\d,]*)\s(?:human\s)?adults"
    r"|(?:in|among)\sthe\selderly"
    r"|human\s(?:cohorts?|trials?|studies|participants|subjects|volunteers|patients)"
    r"|(?:patients|women|men|people|volunteers|participants|humans)\s(?:with|who|whose|treated|taking|given|aged))\b",
    re.IGNORECASE,
)
# One of which stands in each of them: to look for these takes less time.
_WORDS = (
    "human", "people", "patient", "men", "adults", "elderly", "volunteer", "participant", "children", "centenarian",
)  # fmt: skip
# What else a claim may be about: then its words for people may be beside the point.
_NOT_PEOPLE = re.compile(
    r"\b(?:mice|mouse|murine|rats?|rodents?|zebrafish|worms?|nematodes?|c\.?\selegans|fl(?:y|ies)|drosophila|yeast|monkeys?|"
    r"macaques?|marmosets?|lemurs?|primates?|nhps?|dogs?|canines?|beagles?|cats?|pigs?|porcine|swine|rabbits?|ferrets?|sheep|"
    r"ovine|goats?|horses?|cows?|bovine|cattle|hamsters?|gerbils?|guinea|chicks?|chickens?|frogs?|xenopus|killifish|fish|bats?|"
    r"embryos?|pups?|littermates?|animals?|knock-?(?:outs?|ins?|downs?)|kos?|transgenic|wild-?type|wt|null|mutants?|"
    r"c57bl\S*|balb\S*|129\S*|strains?|mole-rats?|invertebrates?|vertebrates?|mammal\w*|species|cross-species|\w*olog(?:s|ues?|ous)?|"
    r"models?|modell?(?:ed|ing)|pre-?clinical(?:ly)?|bench|\w*cells?|\w*cytes?|\w*blasts?|\w*clasts?|neurons?|microglia|"
    r"macrophages?|cultur\w+|in[-\s]vitro|ex[-\s]vivo|in[-\s]silico|xenografts?|explants?|organoids?|spheroids?|lines?|"
    r"huvecs?|hek\w*|hela|imr-?90|wi-?38|primary|donors?|tissues?|sections?|biops\w+|recombinant|assays?|lysates?|genes?|alleles?|"
    r"variants?|mutations?|sequences?|protein|homolog\w*)\b",
    re.IGNORECASE,
)
# A question, a plan, a possibility, a negation, or what the page says of its own gaps.
_NOT_ASSERTED = re.compile(
    r"\b(?:not|no|never|nor|neither|none|without|fail\w*|lack\w*|absen\w+|un(?:known|clear|tested|proven|certain|established)|yet|"
    r"whether|if|may|might|could|would|should|can|cannot|suggest\w*|potential\w*|plausib\w*|possib\w*|hypothe\w*|likely|"
    r"translat\w*|extrapolat\w*|relevan\w*|resembl\w*|mimic\w*|parallel\w*|similar\w*|like|unlike|analog\w*|conserv\w*|replicat\w*|"
    r"future|pending|ongoing|planned|need\w*|requir\w*|remain\w*|await\w*|propos\w*|speculat\w*|presum\w*|candidates?|"
    r"target(?:s|ed|ing)?|limited|insufficient|hop\w+|promis\w*|expect\w*|approv\w*|first-line|marketed|aim\w*|intend\w*|goal|"
    r"gap)\b|n['\u2019]t\b|\?|#gap/",
    re.IGNORECASE,
)


def retracted_support(_claim: ClaimEvidence, verdict: Verdict) -> Results:
    """A claim rests on a retracted work: an error where the page does not say so.

    Source:
        EVIDENCE.md sections 3.4 and 4 of the design.

    >>> from evidence.vocabulary import ClaimKind
    >>> from evidence.audit.verdicts import WorkLine
    >>> from evidence.audit.works import CitedWork
    >>> fallen = CitedWork("w", (), spoiled="preprint of doi:10.1/a, which is retracted")
    >>> lines = (WorkLine(fallen, False, "retracted"),)
    >>> claim = ClaimEvidence("c", "a.md", 1, ClaimKind.SENTENCE, (), "Bone is lost.")
    >>> verdict = Verdict(Status.RETRACTED, None, None, (), ("every work",), (), lines, ())
    >>> next(retracted_support(claim, verdict)).severity
    <Severity.ERROR: 'error'>
    """
    for line in verdict.works:
        yield from retracted_work(line.work)


def unresolved(_claim: ClaimEvidence, verdict: Verdict) -> Results:
    """A claim cites something that names no work.

    Source:
        EVIDENCE.md section 3.4 of the design, rule 2.

    >>> from evidence.vocabulary import ClaimKind
    >>> claim = ClaimEvidence("c", "a.md", 1, ClaimKind.SENTENCE, (), "Bone is lost.")
    >>> verdict = Verdict(Status.UNRESOLVED, None, None, (), ("[^a] has no definition",), (), (), ())
    >>> next(unresolved(claim, verdict)).message
    'cites no work that exists: [^a] has no definition'
    """
    if verdict.status is Status.UNRESOLVED:
        said = "; ".join(verdict.reasons)
        message, fix = f"cites no work that exists: {said}", "mend the note or its identifier"
        if any(line.work.exists for line in verdict.works):
            # A notice or a data set: it states nothing that a claim could rest on.
            message, fix = said, "cite the work that states it"
        yield Result(Severity.ERROR, message, fix, facts=(("citations", said),))


def contradicted(claim: ClaimEvidence, verdict: Verdict) -> Results:
    """A claim is contradicted, and the page says so: by its words, a heading, a note or the tag contradictory-evidence.

    Source:
        EVIDENCE.md section 3.4 of the design, rule 4.

    >>> from evidence.vocabulary import ClaimKind, Polarity
    >>> from evidence.audit.works import CitedPlace
    >>> places = (CitedPlace(0, Polarity.OPPOSES),)
    >>> claim = ClaimEvidence("c", "a.md", 1, ClaimKind.TABLE_ROW, (), "Bone is lost.", places)
    >>> verdict = Verdict(Status.CONTRADICTED, None, None, (), ("the page says that w opposes it",), (), (), ())
    >>> next(contradicted(claim, verdict)).message
    'contradicted: the page says that w opposes it'
    """
    if verdict.status is Status.CONTRADICTED and _is_told(claim):
        message, fix = (
            f"contradicted: {verdict.reasons[0]}",
            "say which side weighs more, as soon as a study settles it",
        )
        yield Result(Severity.INFO, message, fix, facts=_against(claim), words=_words_by_sign(claim))


def opposite_sign(claim: ClaimEvidence, verdict: Verdict) -> Results:
    """Two rows give one pair opposite signs, and nothing on the page says so.

    Source:
        EVIDENCE.md sections 3.4, rule 4, and 4 of the design.

    >>> from evidence.vocabulary import ClaimKind
    >>> from evidence.audit.works import OppositeRow
    >>> other = OppositeRow(7, "repression")
    >>> claim = ClaimEvidence("c", "a.md", 6, ClaimKind.INTERACTION, (), "FOXO1 KL", opposite=other)
    >>> verdict = Verdict(Status.CONTRADICTED, None, None, (), (other.words,), (), (), ())
    >>> next(opposite_sign(claim, verdict)).message
    'a.md line 7 says "repression" of the same pair, and neither row says so'
    """
    if verdict.status is Status.CONTRADICTED and claim.opposite is not None and not _is_told(claim):
        message = f"{claim.path} {claim.opposite.words}, and neither row says so"
        fix = "correct the sign, or tag both rows contradictory-evidence"
        yield Result(Severity.WARNING, message, fix, facts=_against(claim), words=_words_by_sign(claim))


def _is_told(claim: ClaimEvidence) -> bool:
    return says_contradicted(claim) or (claim.opposite is not None and claim.opposite.is_told)


def _against(claim: ClaimEvidence) -> Facts:
    """Return what speaks against a claim: the works behind another row, not its line or its word for the same sign."""
    places = [place for place in claim.places if place.polarity.is_against]
    # Of a source that nobody can look up its words count, and not the key of its note.
    unseen = [place.unseen or "a mark that leads to nothing" for place in places if not place.works]
    works = "; ".join(filter(None, [names_of(works_of(places)), *unseen]))
    other = claim.opposite
    return ("against", works), (
        "opposite",
        f"{_sign(other.direction)} {other.behind}".rstrip() if other is not None else "",
    )


def _words_by_sign(claim: ClaimEvidence) -> str:
    """Return the words of a row that another one contradicts, its word for the sign as the sign; else nothing."""
    said = claim.interaction.direction if claim.interaction is not None else None
    if claim.opposite is None or not said:
        return ""
    return re.sub(rf"(?<!\w){re.escape(said)}(?!\w)", _sign(said), claim.text, flags=re.IGNORECASE)


def _sign(direction: str) -> str:
    return {1: "+", -1: "-"}.get(sign_of(direction) or 0, direction)


def human_row(claim: ClaimEvidence, verdict: Verdict) -> Results:
    """A row such as "Replicated in humans? | yes" contradicts the studies that it cites.

    Source:
        EVIDENCE.md section 4 of the design.

    >>> from evidence.vocabulary import ClaimKind
    >>> from evidence.audit.verdicts import WorkLine
    >>> from evidence.audit.works import CitedWork
    >>> lines = (WorkLine(CitedWork("w", ()), True, "rct"),)
    >>> row = "| Replicated in humans? | yes |"
    >>> claim = ClaimEvidence("c", "a.md", 1, ClaimKind.TABLE_ROW, (), row)
    >>> verdict = Verdict(Status.SINGLE_STUDY, None, None, (), ("one study",), (), lines, ())
    >>> next(human_row(claim, verdict)).message
    'the row says yes, but what it cites is single-study'
    """
    answer = answer_of(claim)
    if answer is None or not verdict.works:
        return
    # With a look-up missing it is at most what it is: one study stays one.
    if Flag.UNVERIFIED in verdict.flags and not (answer == "yes" and verdict.status in NEEDS_REPLICATION):
        return
    found = verdict.status is Status.REPLICATED_IN_HUMAN
    if (answer == "yes") != found:
        message = f"the row says {answer}, but what it cites is {verdict.status.value}"
        fix = "cite the human studies, or change the row"
        yield Result(Severity.WARNING, message, fix, facts=(("status", verdict.status.value),))


def answer_of(claim: ClaimEvidence) -> str | None:
    """Return what a row on replication in humans answers, "yes" or "no", or None for all other claims.

    >>> from evidence.vocabulary import ClaimKind
    >>> answer_of(ClaimEvidence("c", "a.md", 1, ClaimKind.TABLE_ROW, (), "| Replicated in humans? | No, in mice |"))
    'no'
    """
    if "|" in claim.text:
        said = _HUMAN_ROW.search(claim.text)
    else:
        said = _HUMAN_ROW_OF_HTML.search(claim.text) if claim.kind is ClaimKind.TABLE_ROW else None
    return said.group(1).lower() if said is not None else None


def human_row_of_section(claim: ClaimEvidence, judged: Sequence[tuple[ClaimEvidence, Verdict]]) -> Results:
    """A row on replication in humans that cites nothing contradicts the studies of its section, or else of its page.

    All studies there together are the most that a "yes" can rest on; "no" is wrong only where one claim of the very
    section is known to be replicated in people.

    Args:
        claim: the row.
        judged: the claims of its page.

    Source:
        EVIDENCE.md section 4 of the design.
    """
    answer = answer_of(claim)
    if answer is None:
        return
    fix = "cite the human studies, or change the row"
    section, beside = _beside(claim, judged)
    if answer == "no":
        sure = (
            one
            for one, verdict in beside
            if verdict.status is Status.REPLICATED_IN_HUMAN and Flag.UNVERIFIED not in verdict.flags
        )
        found = next(sure, None) if section == claim.section else None
        if found is not None:
            message = f"the row says no, but line {found.line} of its section is replicated-in-human"
            yield Result(Severity.WARNING, message, fix, facts=(("line", found.text),))
        return
    works = unique([line.work for _, verdict in beside for line in verdict.works])
    standing = [work for work in works if work.exists and not work.is_retracted]
    studies = studies_of([work for work in standing if work.is_primary])
    # Sums of other studies may rest on as many as they like.
    if not studies or any(work.is_synthesis for work in standing):
        return
    people = [study for study in studies if any(work.level not in _NOT_IN_PEOPLE for work in study)]
    groups, unknown = groups_of(people) if len(people) > 1 else ([[0]] * len(people), [])
    if len(groups) + len(unknown) > 1:
        return
    where = "its section" if section else "its page"
    names = "; ".join(names_of(study) for study in people)
    rests = f"at most one group with studies in people: {names}" if names else "no study in people"
    yield Result(Severity.WARNING, f"the row says yes, but {where} cites {rests}", fix, facts=(("studies", names),))


def _beside(
    row: ClaimEvidence, judged: Sequence[tuple[ClaimEvidence, Verdict]]
) -> tuple[tuple[str, ...], list[tuple[ClaimEvidence, Verdict]]]:
    """Return the innermost section around a row that cites any work, and its claims; the whole page is ()."""
    for depth in range(len(row.section), -1, -1):
        section = row.section[:depth]
        beside = [one for one in judged if one[1].works and one[0].section[:depth] == section]
        if beside:
            return section, beside
    return (), []


def told_of_people(claim: ClaimEvidence, verdict: Verdict) -> Results:
    """A claim speaks of people as if they had been studied, and all that it cites is of animals or cells.

    Only plain words for people count ("in healthy adults", "a trial in 60 women"), and only where the claim names no
    animal, cell, tissue or model and is not put as a question, a plan, a possibility or a negation. A review beside the
    study may tell of people, and so may a work whose design is unknown: then nothing is said.

    Source:
        EXPORTS.md section 4 of the design: animal-only claims worded as human.

    >>> from evidence.vocabulary import ClaimKind
    >>> from evidence.audit.verdicts import WorkLine
    >>> from evidence.audit.works import CitedWork
    >>> lines = (WorkLine(CitedWork("w", (), level=Level.ANIMAL), True, "in-vivo"),)
    >>> claim = ClaimEvidence("c", "a.md", 1, ClaimKind.SENTENCE, (), "Klotho declines in healthy adults.")
    >>> verdict = Verdict(Status.SINGLE_STUDY, Level.ANIMAL, None, (), ("one study",), (), lines, ())
    >>> next(told_of_people(claim, verdict)).message
    'speaks of people ("in healthy adults"), but all that it cites is animal'
    """
    levels = {line.work.level for line in verdict.works if line.work.exists}
    if not levels or not levels <= {Level.ANIMAL, Level.CELLS} or (words := words_of_people(claim)) is None:
        return
    shown = " and ".join(sorted(level.value for level in levels))
    at_most = Flag.UNVERIFIED in verdict.flags
    yield Result(
        Severity.INFO if at_most else Severity.WARNING,
        f'speaks of people ("{words}"), but all that it cites is {shown}',
        "name what was studied, or cite the study in people",
        facts=(("words of people", words), ("levels", shown)),
    )


def words_of_people(claim: ClaimEvidence) -> str | None:
    """Return the words by which a claim says plainly that people were studied, or None.

    >>> from evidence.vocabulary import ClaimKind
    >>> def said(text):
    ...     return words_of_people(ClaimEvidence("c", "a.md", 1, ClaimKind.SENTENCE, (), text))
    >>> said("Bone mass fell in 60 women."), said("In mice, as in women, bone mass fell.")
    ('in 60 women', None)
    """
    lower = claim.text.lower()
    if claim.kind is ClaimKind.INTERACTION or not any(map(lower.__contains__, _WORDS)):
        return None
    if (found := _PEOPLE.search(claim.text)) is None:
        return None
    if _NOT_PEOPLE.search(claim.text) or _NOT_ASSERTED.search(claim.text):
        return None
    return " ".join(found[0].split())


CHECKS: dict[str, Callable[[ClaimEvidence, Verdict], Results]] = {
    "EV001": retracted_support,
    "EV002": unresolved,
    "EV012": human_row,
    "EV022": told_of_people,
    "EV023": contradicted,
    "EV024": opposite_sign,
}
