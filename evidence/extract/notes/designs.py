"""The designs that a note states: the words of study designs that head a part, or close a title."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evidence.vocabulary import HUMAN_DESIGNS, Design

# Design -> its phrases, words divided by one space; hyphens and slashes count as spaces.
_PHRASES: dict[Design, str] = {
    Design.META_ANALYSIS: "meta analysis|meta analyses|metaanalysis|metaanalyses",
    Design.SYSTEMATIC_REVIEW: "systematic review|systematic reviews|umbrella review|umbrella reviews|review umbrella|"
    "review systematic|systematic literature review|cochrane review|cochrane systematic review",
    Design.RCT: "randomized|randomised|rct|rcts|clinical trial|crossover trial|cross over trial",
    Design.MENDELIAN_RANDOMIZATION: "mendelian randomization|mendelian randomisation|mr study|mr analysis|"
    "two sample mr|two sample mendelian randomization|two sample mendelian randomisation|"
    "drug target mendelian randomization|drug target mendelian randomisation",
    Design.COHORT: "cohort|genetic clinical cohort",
    Design.CASE_CONTROL: "case control",
    Design.CROSS_SECTIONAL: "cross sectional",
    Design.OBSERVATIONAL: "observational",
    Design.CASE_REPORT: "case report",
    Design.CASE_SERIES: "case series",
    Design.IN_VIVO: "in vivo",
    Design.IN_VITRO: "in vitro|cell culture|cell line|cell lines",
    Design.EX_VIVO: "ex vivo",
    Design.IN_SILICO: "in silico|computational|simulation|modeling study|modelling study|bioinformatic|bioinformatics|"
    "bioinformatical",
    Design.REVIEW: "review|review article|narrative review|literature review|scoping review|comprehensive review|"
    "invited review|mini review|minireview|narrative review article|mini review article",
    Design.EDITORIAL: "editorial|perspective|perspectives article|viewpoint|opinion article|opinion piece|book review|"
    "news and views|news views",
    Design.COMMENT: "comment|commentary|letter to the editor|correspondence",
    Design.GUIDELINE: "guideline|guidelines|practice guideline|practice guidelines|clinical guideline|"
    "clinical guidelines|clinical practice guideline|clinical practice guidelines",
    Design.CONSENSUS: "consensus|consensus statement|expert consensus|expert consensus statement|delphi|"
    "delphi consensus|delphi consensus statement|position paper|position statement",
    Design.RESOURCE: "database|database paper|database resource|resource paper",
    Design.NOTICE: "retraction notice|erratum|corrigendum|expression of concern",
    Design.DATASET: "dataset|data set",
}
# Words that may stand before a design in its part, and between two of them.
_MODIFIERS = frozenset({
    "and", "with", "or", "plus", "double", "single", "triple", "blind", "blinded", "open", "label", "placebo",
    "sham", "controlled", "parallel", "crossover", "pilot", "prospective", "retrospective", "longitudinal", "large",
    "small", "multi", "center", "centre", "multicenter", "multicentre", "nested", "population", "based", "target",
    "trial", "human", "mouse", "murine", "rat", "phase", "preprint", "exploratory", "non", "two", "arm", "split",
    "face", "post", "hoc", "secondary", "peer", "reviewed", "study", "primary", "transgenic", "patient", "mixed",
    "network", "dose", "response", "individual", "participant", "bayesian", "updated", "cochrane", "birth",
    "clinical", "genetic", "gwas", "n", "global", "worldwide", "international", "multinational", "national",
    "nationwide", "pooled", "umbrella", "living", "rapid", "critical", "quantitative", "cumulative", "ipd", "pairwise",
    "component", "pragmatic", "adaptive", "feasibility", "confirmatory", "superiority", "noninferiority", "matched",
    "registry", "register", "hospital", "community", "quadruple", "evidence",
})  # fmt: skip
# These only between others: alone at the head of a part they say nothing of a design.
_INNER = frozenset({
    "a", "1", "2", "3", "4", "i", "ii", "iii", "iv", "1a", "1b", "2a", "2b", "cross", "over", "sectional", "data",
    "level", "masked", "factorial", "cluster",
})  # fmt: skip
_HUMAN_DETAIL = re.compile(r"\b(?:cohort|case[ -]control|cross[ -]sectional|case[ -]series|case[ -]report)\b(?![-\w])")
_BRACKET = re.compile(r"\s*\(([^()]*)\)")
_FIRST = re.compile(r"[\s,;/+&()~–—-]*([A-Za-z0-9]+)")
_TOKEN = re.compile(r"[\s,;/+&()~–—-]*([a-z0-9]+)")
_LABEL = re.compile(r"(?:study[ -])?(?:design|type)\s*:\s*")
# "phase 2 trial", "phase I/II clinical trial"
_PHASE_TRIAL = re.compile(r"phase[ -](?:[1-4]|i{1,3}v?|iv)[ab]?(?:/\w+)? (?:clinical )?trial\b(?!-)")
# A genome-wide association study, not a hit of one: nothing but brackets, numbers and other designs stand behind it.
_GWAS = re.compile(
    r"(?:gwas|genome[ -]wide association study)(?: meta-analysis)?(?=\s*(?:$|[,;(+/&]|n\s*=|with\b|and\b|study\b))"
)
# "cohort-study", "rct-secondary-analysis"
_HYPHENED = re.compile(
    r"-(?:(?:secondary|post-?hoc|sub-?group|sub)-?analys[ei]s|stud(?:y|ies)|trials?|analys[ei]s|design|report|article|"
    r"paper|sub-?study)(?![\w-])"
)
_NOT_DESIGN = re.compile(r" of | reviews?\b")
_BY_CHANCE = re.compile(r"[Rr]andomi[sz]|RCT|[Cc]ontrolled")
_TITLE_DESIGN = re.compile(r"(?::|—|–|\.)\s+(?:an? |the )?([a-z][\w\s,-]{0,80})\W*$")
_HUMAN_DESIGN = {
    "cohort": Design.COHORT,
    "case control": Design.CASE_CONTROL,
    "cross sectional": Design.CROSS_SECTIONAL,
    "case series": Design.CASE_SERIES,
    "case report": Design.CASE_REPORT,
}


def _index() -> dict[str, list[tuple[tuple[str, ...], Design]]]:
    """Return the phrases by their first word, the longest first."""
    index: dict[str, list[tuple[tuple[str, ...], Design]]] = {}
    for design, phrases in _PHRASES.items():
        for phrase in phrases.split("|"):
            first, *rest = phrase.split()
            index.setdefault(first, []).append((tuple(rest), design))
    for entries in index.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return index


_BY_WORD = _index()


def _heads() -> frozenset[str]:
    """Return what the first three characters of a part with a design may be: most parts are told by them."""
    heads = set()
    for word in {*_BY_WORD, *_MODIFIERS, "design", "type", "genome", "prespecified", "ancillary", "subgroup"} - {"n"}:
        shorts = [word[:3]] if len(word) > 2 else [f"{word}{end}" for end in " -/,"]  # noqa: PLR2004
        for short in shorts:
            heads |= {short, short.capitalize(), short.upper()}
    return frozenset({*heads, "n/a", "N/A"})


_HEADS = _heads()
_FIRST_WORDS = frozenset({
    *_BY_WORD, *_MODIFIERS, "design", "type", "genome", "prespecified", "pre", "ancillary", "subgroup", "posthoc",
})  # fmt: skip
_HEAD = 240
_OPENING = frozenset("(~–—+")
# Most design parts are one of the vocabulary's own words.
_EXACT = {design.value: design for design in Design}


def read_designs(parts: Sequence[str]) -> tuple[list[Design], str]:
    """Return the designs that head a part, in the order of the note, and the first such part that says more.

    >>> read_designs(["double-blind RCT", "n=12", "in-vitro + ex-vivo (skin)"])[0]
    [<Design.RCT: 'rct'>, <Design.IN_VITRO: 'in-vitro'>, <Design.EX_VIVO: 'ex-vivo'>]
    """
    # Lists: an enumeration's members are slow to hash, and a note has two designs at most.
    found: list[Design] = []
    first = ""
    heads, exact = _HEADS, _EXACT
    for part in parts:
        if part[:3] in heads or part[:1] in _OPENING:
            # A design heads its part: the rest of a long one is not looked at.
            if part in exact:
                if exact[part] not in found:
                    found.append(exact[part])
                continue
            token = _FIRST.match(part)
            if token is None or token.group(1).lower() not in _FIRST_WORDS:
                continue
            if read_part(part[:_HEAD].lower(), found) >= 0 and not first:
                first = part
    if Design.SYSTEMATIC_REVIEW in found or Design.META_ANALYSIS in found:
        found = [one for one in found if one is not Design.REVIEW]
    return found, first


def design_of_title(title: str) -> list[Design]:
    """Return the designs that close a title: "...: a systematic review"; a notice opens it, "Erratum: ...".

    >>> design_of_title("Coenzyme Q10 in myopathy: a systematic review")
    [<Design.SYSTEMATIC_REVIEW: 'systematic-review'>]
    """
    if _NOTICE_TITLE.match(title):
        return [Design.NOTICE]
    found: list[Design] = []
    if suffix := _TITLE_DESIGN.search(title.lower()):
        read_part(suffix.group(1), found)
    # "...: phase 2 trial results" does not say by chance.
    return [one for one in found if one is not Design.RCT or _BY_CHANCE.search(title)]


def read_listed_designs(parts: Sequence[str]) -> list[Design]:
    """Return the designs that stand between commas, beside an identifier or n: "Lee 2011, RCT in men, PMID 12345678".

    >>> read_listed_designs(["PMID 12345678, meta-analysis of 29 studies, n=119,439"])
    [<Design.META_ANALYSIS: 'meta-analysis'>]
    """
    found: list[Design] = []
    for part in [part for part in parts if ", " in part]:
        pieces = _COMMA.split(part[:_LISTED])
        if any(_FIELD.match(piece) for piece in pieces):
            for piece in pieces:
                here: list[Design] = []
                end = read_part(piece.lower(), here) if piece[:3] in _HEADS else -1
                if end >= 0 and _BEHIND_DESIGN.match(piece, end):
                    found += [one for one in here if one not in found]
    return found


def is_notice_itself(parts: Sequence[str]) -> bool:
    """Tell whether a note cites a notice, rather than a paper of which it names the notice.

    >>> is_notice_itself(["doi:10.1/x", "retraction notice"]), is_notice_itself(["doi:10.1/x", "Erratum: PMID 1"])
    (True, False)
    """
    named = False
    for part in parts:
        label = _LABEL.match(part.lower())
        part = part[label.end() :] if label else part  # noqa: PLW2901
        if part in _EXACT and _EXACT[part] is Design.NOTICE:
            return True
        if (notice := _NOTICE_HEAD.match(part)) and (
            not part[notice.end() :].strip(" .") or (not named and part.startswith((":", " to", " for"), notice.end()))
        ):
            return True
        named = named or _IDENTIFIER.search(part) is not None
    return False


_COMMA = re.compile(r",\s+")
_FIELD = re.compile(r"(?:PMID|PMC|pmid|doi|DOI|10\.\d|https?:|[nN] ?=)")
_BEHIND_DESIGN = re.compile(r"\s*(?:$|[(.;]|(?:of|in|with|from|across|among|study|trial|design)\b|n ?=)")
_NOTICE_HEAD = re.compile(r"(?:retraction notice|erratum|corrigendum|expression of concern)\b", re.IGNORECASE)
_NOTICE_TITLE = re.compile(
    r"(?:retraction(?: note| notice)?|correction|erratum|corrigendum|expression of concern)(?: to| for| of)?: ",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"\b10\.\d|PMID|PMC\d|https?:")
_LISTED = 600
# "secondary analysis of an RCT": what was analysed is the design, where it is a study.
_ANALYSIS_OF = re.compile(
    r"(?:an? )?(?:(?:secondary|post[ -]?hoc|exploratory|pre-?specified|pre-?planned|ancillary|"
    r"sub-?group)[ ,]+)+"
    r"analys[ei]s of (?:(?:an?|the|data (?:from|of)|two|three|four|five|several|\d+|all|large|published) )*"
)


def read_part(part: str, found: list[Design]) -> int:
    """Add the designs that head a part in lower case; return where they end, or -1 where there are none."""
    if " of " not in part or (analysis := _ANALYSIS_OF.match(part)) is None:
        return _read_head(part, found)
    here: list[Design] = []
    end = _read_head(part[analysis.end() :], here)
    found += [one for one in here if one in HUMAN_DESIGNS and one not in found]
    return analysis.end() + end if end >= 0 else -1


def _read_head(part: str, found: list[Design]) -> int:
    """Add the designs that head a part, which is no analysis of another study; return where they end, or -1."""
    label = _LABEL.match(part) if part.startswith(("design", "type", "study")) else None
    index = label.end() if label else 0
    if part[index:] in _EXACT:
        if (stated := _EXACT[part[index:]]) not in found:
            found.append(stated)
        return len(part)
    end = -1
    here: list[Design] = []
    inner = label is not None
    not_random = False
    while token := _TOKEN.match(part, index):
        word = token.group(1)
        phrase = _phrase_at(part, word, token.start(1), token.end())
        if phrase is not None:
            design, index = phrase
            here.append(design)
            # A bracket explains the design; only the kinds of human study are read from it.
            if bracket := _BRACKET.match(part, index):
                here += [_HUMAN_DESIGN[one.replace("-", " ")] for one in _HUMAN_DETAIL.findall(bracket.group(1))]
                index = bracket.end()
            end = index
        elif word in _MODIFIERS or (inner and word in _INNER):
            index = token.end()
            # "non-randomized", "single-arm": a trial all the same, but not by chance
            if word == "non" and part.startswith(("random", "-random"), index):
                index += len("-randomized") if part[index] == "-" else len("randomized")
                not_random = True
            elif word == "single" and part.startswith(("-arm", " arm"), index):
                not_random = True
        else:
            break
        inner = True
    for one in here:
        if one not in found and not (not_random and one is Design.RCT):
            found.append(one)
    return end if here else -1


def _phrase_at(part: str, word: str, start: int, end: int) -> tuple[Design, int] | None:
    """Return the design whose phrase begins with a word, and where the phrase ends."""
    if word == "phase" and (phase := _PHASE_TRIAL.match(part, start)):
        return Design.RCT, phase.end()
    if (word in {"gwas", "genome"}) and (gwas := _GWAS.match(part, start)):
        return Design.OBSERVATIONAL, start + (len("gwas") if word == "gwas" else gwas.end() - start)
    for rest, design in _BY_WORD.get(word, ()):
        index = end
        for other in rest:
            token = _TOKEN.match(part, index)
            if token is None or token.group(1) != other:
                break
            index = token.end()
        else:
            # "review-level" is no review, the "Database of Systematic Reviews" no database.
            if (part.startswith(("-", "_"), index) and not _HYPHENED.match(part, index)) or (
                word == "database" and _NOT_DESIGN.match(part, index)
            ):
                continue
            # "Comment in: Nature 2011", "review by Park 2012" is another work.
            if (design is Design.COMMENT and part.startswith((" in", " by"), index)) or (
                design is Design.REVIEW and part.startswith(" by ", index)
            ):
                continue
            return design, index
    return None
