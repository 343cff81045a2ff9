"""What a note states of its work: design, n, p, model, organism, finding, authors, journal, year, title, checks.

A note is a row of parts divided by `·`; one in prose is divided at its full stops and semicolons. Each reader takes
what a part says in so many words. What is not stated stays None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from evidence.levels import find_organisms, level_of
from evidence.records import Note
from evidence.vocabulary import Design

_DIVIDER = re.compile(r"\s+[•|]\s+")
_PROSE_DIVIDER = re.compile(r"(?<![A-Z])[.;]\s+(?=[\"“*(A-Z0-9]|doi|pmid|n ?=|p ?[<=])|;\s+")
# "**", "__", a single sign that opens or closes, a backtick. The sign comes first, which `re` can look for.
_MARKUP = re.compile(r"[*_`](?:(?<=\*)\*|(?<=_)_|(?<![\w*][*_`])(?<!`)(?=\S)|(?<=\S[*_])(?![\w*])|(?<=`))")
_LINK = re.compile(r"!?\[\[([^\]|#\\]+)(?:#[^\]|\\]*)?\\?(?:\|([^\]]*))?\]\]")
_NOTE_LINK = re.compile(r"\[([^\]]*)\]\((?!https?:)([^)\s]+\.md)(?:#[^)]*)?\)")
_SLUG = re.compile(r"(?:[a-z0-9]+/)*[a-z][a-z0-9]*(?:-[a-z0-9]+)*-(?:19|20)\d\d[a-z]?(?:-[a-z0-9]+)*$")

# Phrase -> designs. The longest phrase that begins at a place wins.
_DESIGNS: dict[str, tuple[Design, ...]] = {
    r"meta-?\s?analys(?:is|es)": (Design.META_ANALYSIS,),
    r"(?:umbrella|systematic) review(?:s)?": (Design.SYSTEMATIC_REVIEW,),
    r"review \((?:umbrella|systematic)\)": (Design.SYSTEMATIC_REVIEW,),
    r"(?:randomi[sz]ed|randomi[sz]ed,? (?:placebo-|sham-)?controlled)(?:,? (?:[\w-]+ ){0,4})?trial|rcts?\b|randomi[sz]ed|"
    r"phase[ -](?:[1-4]|I{1,3}V?|IV)[ab]?(?:/[\w]+)? (?:clinical )?trial|clinical trial|crossover trial": (Design.RCT,),
    r"(?:two-sample |drug-target )?mendelian[ -]randomi[sz]ation|MR study": (Design.MENDELIAN_RANDOMIZATION,),
    r"case[ -]control": (Design.CASE_CONTROL,),
    r"cross[ -]sectional": (Design.CROSS_SECTIONAL,),
    r"(?:(?:prospective|retrospective|longitudinal|population|birth|clinical|genetic/clinical|multicent(?:er|re)) )*cohort": (
        Design.COHORT,
    ),
    r"observational": (Design.OBSERVATIONAL,),
    r"case[ -]report": (Design.CASE_REPORT,),
    r"case[ -]series": (Design.CASE_SERIES,),
    r"in[ -]vivo": (Design.IN_VIVO,),
    r"in[ -]vitro|cell[ -]culture|cell lines?": (Design.IN_VITRO,),
    r"ex[ -]vivo": (Design.EX_VIVO,),
    r"in[ -]silico|computational|simulation|modell?ing study|bioinformatic(?:s|al)?": (Design.IN_SILICO,),
    r"(?:narrative |literature |scoping |comprehensive |invited |mini-?)?review(?: article)?": (Design.REVIEW,),
    r"editorial|perspective|viewpoint|news (?:and|&) views": (Design.EDITORIAL,),
    r"comment(?:ary)?|letter to the editor|correspondence": (Design.COMMENT,),
    r"(?:clinical )?(?:practice )?guidelines?": (Design.GUIDELINE,),
    r"(?:expert |delphi )?consensus(?: statement)?|position (?:paper|statement)|delphi": (Design.CONSENSUS,),
    r"database(?: paper| resource)?|resource paper": (Design.RESOURCE,),
    r"retraction notice|erratum|corrigendum|expression of concern": (Design.NOTICE,),
    r"data ?set": (Design.DATASET,),
}
_DESIGN_VALUES = tuple(_DESIGNS.values())
_DESIGN = re.compile(
    "|".join(rf"(?P<d{index}>\b(?:{phrase})\b(?![-\w]))" for index, phrase in enumerate(_DESIGNS)),
    re.IGNORECASE,
)
# Words that may stand before a design in its part, and between two of them.
_MODIFIER = re.compile(
    r"[\s,;/+&()~–—-]*(?:(?:n/a|design:|study[- ]design:|type:|and|with|or|plus|double|single|triple|blind(?:ed)?|"
    r"open-label|placebo|sham|controlled|parallel|crossover|pilot|prospective|retrospective|longitudinal|large|small|"
    r"multi-?cent(?:er|re)|nested|population-based|target|trial|human|mouse|murine|rat|phase|[1-4]|I{1,3}|preprint|exploratory|"
    r"non-randomized|two-arm|split-face|post-hoc|secondary|peer-reviewed|study|primary|transgenic|patient|"
    r"double-blind(?:ed)?|single-blind(?:ed)?|mixed|network|dose-response|individual-participant|bayesian|updated|cochrane)"
    r"[\s,;/+&()~–—-]+)*",
    re.IGNORECASE,
)
# Every design part begins with one of these: a modifier or the design itself.
_HEAD = 14
_STARTS = (
    "meta",
    "umbrella",
    "systematic",
    "randomi",
    "rct",
    "phase",
    "clinical",
    "crossover",
    "mendelian",
    "two-",
    "drug-",
    "mr",
    "case",
    "cross",
    "prospective",
    "retrospective",
    "longitudinal",
    "population",
    "birth",
    "genetic",
    "multi",
    "cohort",
    "observational",
    "in-vivo",
    "in",
    "vivo",
    "in-vitro",
    "in",
    "vitro",
    "cell",
    "ex-vivo",
    "ex",
    "vivo",
    "in-silico",
    "in",
    "silico",
    "computational",
    "simulation",
    "model",
    "bioinformatic",
    "narrative",
    "literature",
    "scoping",
    "comprehensive",
    "invited",
    "mini",
    "review",
    "editorial",
    "perspective",
    "viewpoint",
    "news",
    "comment",
    "letter",
    "correspondence",
    "practice",
    "guideline",
    "expert",
    "delphi",
    "consensus",
    "position",
    "database",
    "resource",
    "retraction",
    "erratum",
    "corrigendum",
    "expression",
    "data",
    "n/a",
    "design",
    "study",
    "type",
    "and",
    "with",
    "or",
    "double",
    "single",
    "triple",
    "blind",
    "open",
    "placebo",
    "sham",
    "controlled",
    "parallel",
    "pilot",
    "large",
    "small",
    "nested",
    "target",
    "trial",
    "human",
    "mouse",
    "murine",
    "rat",
    "preprint",
    "exploratory",
    "non-",
    "split",
    "post-hoc",
    "secondary",
    "peer",
    "primary",
    "transgenic",
    "patient",
    "mixed",
    "network",
    "dose",
    "individual",
    "bayesian",
    "updated",
    "cochrane",
    "(",
    "~",
)
_STARTS_BY_INITIAL = {
    initial: tuple(start for start in _STARTS if start[0] == initial) for initial in {start[0] for start in _STARTS}
}
_HUMAN_DETAIL = frozenset(
    {Design.COHORT, Design.CASE_CONTROL, Design.CROSS_SECTIONAL, Design.CASE_SERIES, Design.CASE_REPORT}
)  # fmt: skip
_TITLE_DESIGN = re.compile(
    r":\s*(?:an? |the )?(?:updated |cochrane |network )?(?P<design>[\w\s,-]{0,80})\W*$", re.IGNORECASE
)

_IN_BRACKETS = re.compile(r"\([^()]*\)")
_BRACKET = re.compile(r"\s*\(([^()]*)\)")

# Patterns that begin with the letter, not with the look behind it, are found much faster.
_N = re.compile(r"[nN](?<![\w.][nN])\s*[=:]\s*")
_COUNT = re.compile(r"[~≈]?\s*(\d{1,3}(?:[,  ]\d{3})+|\d+)(?![\d.]*\d)")
_NO_DIGIT = re.compile(r"\D")
_NOT_TOTAL = re.compile(
    r"\s*(?:[-–—−/]|to\b|±|×|%|x\d|k\b|per\b|each\b|in each\b|mice per|animals per|replicates|biological replicates|"
    r"independent experiments|experiments)",
)
_P = re.compile(
    r"[pP](?<![\w-][pP])\s*(?:-?\s?values?\s*)?(?:<|>|=|≤|≥|&lt;|&gt;)\s*"
    r"(?:0?\.\d+(?:[eE][-−]?\d+)?"
    r"|(?:\d(?:\.\d+)?\s*[×x·]\s*)?10\s*\^?\{?[-−⁻]\s*[\d⁰¹²³⁴-⁹]+}?"
    r"|\d+(?:\.\d+)?[eE][-−]?\d+"
    r"|[01](?:\.0+)?(?![\d.^]))",
)
_LABELLED = re.compile(
    r"(model|(?:key )?findings?|organism|species|title|journal|year|authors?|result|conclusion)\s*:\s*",
    re.IGNORECASE,
)
# The first letters of the labels, with the signs that are another form of K and S.
_LABEL_INITIALS = frozenset("mfkostjyarcMFKOSTJYARC\u212a\u017f")
_QUOTED = re.compile(r"[\"“]([^\"”]{12,400})[\"”]")
_YEAR = re.compile(r"(?<![\d./:-])((?:19|20)\d\d)(?![\d/]|-\d)")
_FAMILY = r"[A-ZÀ-ÞŁŚŻŽŠČĆĐØ][\w'’-]+"
# "de Boer J", "Al Akhdar J", "Wilkie AOM", "O'Neil S-J Jr"
_AUTHOR = (
    r"(?:(?:[a-z]{1,3}[ '’])*(?:[A-ZÀ-ÞŁŚŻŽŠČĆĐØ][\w'’-]*)(?: (?:[a-z]{2,3} )?[A-ZÀ-Þ][\w'’-]+){0,3}"
    r" [A-Z](?:[A-Z.-]{0,5})(?:,? (?:Jr|Sr|I{2,3})\b\.?)?)"
)
_AUTHORS = re.compile(
    rf"{_AUTHOR}(?:(?:\s*[,;&]\s*(?:and |& )?| and ){_AUTHOR})*(?=\s*(?:,?\s*(?:et al|&|;|,|\.|\(|$)|\s*$))",
)
_ONE_AUTHOR = re.compile(_AUTHOR)
_ET_AL = re.compile(
    r"((?:(?:van|von|de|der|den|del|della|di|da|la|le|ter|ten|el|al) )*"
    rf"{_FAMILY}(?:[ -][A-ZÀ-Þ][\w'’-]+)?(?: (?:&|and) {_FAMILY})?)(?:,? et al\b\.?|(?= (?:&|and) [A-Z]))",
)
_SURNAMES_YEAR = re.compile(rf"({_FAMILY}(?: (?:&|and) {_FAMILY})?),? \(?((?:19|20)\d\d)\)?")
_JOURNAL_YEAR = re.compile(
    r"(?P<journal>[A-Z][A-Za-zÀ-ÿ&.,:'’() -]{1,90}?)[,;]?\s+"
    r"(?:(?:19|20)\d\d\b|\(?\d{1,4}(?:\s*\(|:|\s*[,;])|\((?:19|20)\d\d\))",
)
_NOT_JOURNAL = re.compile(
    r"\b(?:et al|verified|phase|aged?|day|week|month|model|figure|table|archive|pdf|study|trial|published|preprint)\b",
    re.IGNORECASE,
)
_ITALIC_JOURNAL = re.compile(r"(?<!\*)[*_]([A-Z][^*_\n]{1,90})[*_](?!\*)")
_DATE = re.compile(r"\b((?:19|20)\d\d-\d\d-\d\d)\b")
_VERIFIED = re.compile(
    r"\b(?:re-?)?(?:verified|verification|confirmed|cross-?checked|checked against|re-read)\b",
    re.IGNORECASE,
)
_UNVERIFIED = re.compile(
    r"\b(?:un-?verified|not (?:yet |independently |fully )*(?:verified|confirmed|checked|re-read)|pending|to be verified|"
    r"verified:\s*(?:false|no|partial)|(?:not|never|cannot) be (?:considered |fully )?(?:verified|confirmed)|"
    r"(?:needs?|requires?|awaits?) (?:\w+ )?(?:verification|confirmation)|verify before|without verification|blocked)\b",
    re.IGNORECASE,
)
_FULL_TEXT = re.compile(r"\bpdf\b|full[- ]?text|main text|\bfull paper")
_REGISTRY = re.compile(r"\bdoi\b|\bpmid\b|pubmed|crossref|efetch")
_CLAUSE = re.compile(r"[;—]|\.\s")
_RETRACTED = re.compile(
    r"\bRETRACTED\b|^[\s*_⚠️!(\[]*retracted\b|#retracted\b|(?:\((?:now |since )?retracted\b)|"
    r"\b(?:(?:paper|article|study|work|publication|it|this) )?(?:was|is|has been|been|since|now|later|subsequently) "
    r"(?:formally |now |since |later )*retracted\b|"
    r"\bretracted (?:in |on |by the |\()?(?:19|20)\d\d",
    re.IGNORECASE | re.MULTILINE,
)
_OTHER_RETRACTED = re.compile(
    r"\b(?:not|never|no longer|neither|nor|non-?|un-?|hasn't been|isn't|wasn't)\s*(?:been |yet |itself )*$|"
    r"\b(?:if|unless|whether|until)\b[^.;·]{0,40}$|"
    r"\b(?:which|that cites?|cit(?:es|ing)|of an?|by an?|other|another|previous|earlier|unrelated) (?:\w+ ){0,3}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Parts:
    """A note's text in parts, as written and without markup."""

    raw: tuple[str, ...]
    plain: tuple[str, ...]


def read_attributes(note: Note) -> None:
    """Fill in what a note states of its work. Fields that it does not state stay as they are: None or empty.

    Each reader is asked only where the note holds a word that it needs: the look is far cheaper than the reading.
    """
    text = note.text
    parts = _split(text)
    if "[[" in text or "](" in text or "-" in parts.plain[0]:
        note.study_page = _study_page(parts)
    note.design, design_part = _designs(parts)
    if "n" in text and _N.search(text):
        note.n, note.n_text = _sample_size(parts)
    if _has_relation(text) and (found := _P.search(text)):
        note.p = " ".join(found.group().split())
    labels = _labels(parts)
    note.model = labels.get("model")
    note.finding = (
        labels.get("finding") or labels.get("key finding") or labels.get("result") or labels.get("conclusion")
    )
    organisms = _organisms(design_part, labels, note)
    note.organism = ", ".join(organisms) or None
    note.level = level_of(note.design, organisms)
    _read_bibliography(note, parts, labels)
    if _has_check_word(text):
        note.verified = _verified(parts)
    if "etract" in text or "ETRACT" in text:
        note.marked_retracted = _marked_retracted(parts)


def _has_relation(text: str) -> bool:
    """Tell whether one of the signs of a p-value stands in the text."""
    return "=" in text or "<" in text or ">" in text or "&" in text or "≤" in text or "≥" in text


def _has_check_word(text: str) -> bool:
    """Tell whether a piece of a word for checking stands in the text; six looks cost less than one search."""
    return (
        "erif" in text or "onfirm" in text or "heck" in text or "e-read" in text or "ERIF" in text or "ONFIRM" in text
    )


def _split(text: str) -> _Parts:
    """Divide a note into its parts; prose has none of the dividers and is cut at its stops.

    >>> _split("doi:10.1/x · rct · n=40").plain
    ('doi:10.1/x', 'rct', 'n=40')
    """
    if "·" in text:
        raw = text.split("·")
    else:
        raw = _DIVIDER.split(text)
        if len(raw) == 1:
            raw = _PROSE_DIVIDER.split(text)
    kept = tuple([stripped for part in raw if (stripped := part.strip())]) or ("",)
    marked = "*" in text or "_" in text or "`" in text
    if "  " in text or (not text.isprintable() and ("\n" in text or marked)):
        return _Parts(kept, tuple([_bare(part) for part in kept]))
    if not marked:
        return _Parts(kept, kept)
    # Single spaces are all the white space there is: only parts with markup are another without it.
    return _Parts(kept, tuple([_bare(part) if "*" in part or "_" in part or "`" in part else part for part in kept]))


def _bare(part: str) -> str:
    """Return a part without markup and with single spaces."""
    if "*" in part or "_" in part or "`" in part:
        part = _MARKUP.sub("", part)
    return " ".join(part.split())


def _study_page(parts: _Parts) -> str | None:
    """Return the page that the note links to as that of its study, as written, or None."""
    if not parts.raw:
        return None
    for part in parts.raw:
        for wikilink in _LINK.finditer(part) if "[[" in part else ():
            if "studies/" in wikilink.group(1) or (part is parts.raw[0] and part.startswith("[[")):
                return wikilink.group(1).strip()
        if "](" in part and (link := _NOTE_LINK.search(part)) and ("studies/" in link.group(2) or part is parts.raw[0]):
            return link.group(2).removesuffix(".md")
    first = parts.plain[0]
    return first if len(parts.raw) > 1 and _SLUG.match(first) else None


def _designs(parts: _Parts) -> tuple[tuple[Design, ...], str]:
    """Return the designs that head a part, or close a title, in the order of the note, and the first such part."""
    found: dict[Design, None] = {}
    first = ""
    for part in parts.plain:
        if part in _EXACT:
            found.update(_EXACT[part])
            first = first or part
            continue
        head = part[:_HEAD].lower()
        if not head.startswith(_STARTS_BY_INITIAL.get(head[:1], ())):
            continue
        if not (part[0] in _LABEL_INITIALS and _LABELLED.match(part)):
            _designs_of_part(part, found)
            if found and not first:
                first = part
    if not found and (title := next((m for p in parts.plain if (m := _QUOTED.search(p))), None)):
        suffix = _TITLE_DESIGN.search(title.group(1))
        if suffix:
            _designs_of_part(suffix.group("design"), found)
    if Design.SYSTEMATIC_REVIEW in found or Design.META_ANALYSIS in found:
        found.pop(Design.REVIEW, None)
    return tuple(found), first


def _designs_of_part(part: str, found: dict[Design, None]) -> None:
    index = 0
    while index < len(part):
        modifier = _MODIFIER.match(part, index)
        index = modifier.end() if modifier else index
        match = _DESIGN.match(part, index)
        if match is None:
            break
        for design in _DESIGN_VALUES[int((match.lastgroup or "d0")[1:])]:
            found.setdefault(design)
        index = match.end()
        # A bracket explains the design; only the kinds of human study are read from it.
        bracket = _BRACKET.match(part, index)
        if bracket:
            inside = [_DESIGN_VALUES[int((one.lastgroup or "d0")[1:])] for one in _DESIGN.finditer(bracket.group(1))]
            found.update({design: None for designs in inside for design in designs if design in _HUMAN_DETAIL})
            index = bracket.end()


def _read_alone(phrase: str) -> dict[Design, None]:
    found: dict[Design, None] = {}
    _designs_of_part(phrase, found)
    return found


# Most design parts are one of the vocabulary's own words, which mean what they mean alone.
_EXACT = {design.value: found for design in Design if (found := _read_alone(design.value))}


def _sample_size(parts: _Parts) -> tuple[int | None, str | None]:
    """Return n as a number, where the note states one total, and as written.

    Several numbers, a range, or a number per group are no total: the number is None, the text is kept.
    """
    for part in parts.plain:
        found = _N.search(part) if "=" in part or ":" in part else None
        if found is None:
            continue
        text = part[found.end() :].strip() or None
        if text is None:
            return None, None
        outside = _IN_BRACKETS.sub("", part) if "(" in part else part
        counts = [_COUNT.match(outside, one.end()) for one in _N.finditer(outside)]
        if len(counts) != 1 or counts[0] is None or _NOT_TOTAL.match(outside, counts[0].end()):
            return None, text
        return int(_NO_DIGIT.sub("", counts[0].group(1))), text
    return None, None


def _labels(parts: _Parts) -> dict[str, str]:
    """Return the parts that name what they are: "model: ...", "finding: ..."."""
    labels: dict[str, str] = {}
    for part in parts.plain:
        if ":" not in part[:_HEAD] or part[0] not in _LABEL_INITIALS:
            continue
        found = _LABELLED.match(part)
        if found and found.end() < len(part):
            name = found.group(1).lower()
            labels.setdefault(
                name.removesuffix("s") if name.endswith(("findings", "authors")) else name, part[found.end() :]
            )
    return labels


def _organisms(design_part: str, labels: dict[str, str], note: Note) -> tuple[str, ...]:
    """Return what was studied: from its label, the part of the design and the model, or else from n."""
    stated = labels.get("organism") or labels.get("species") or ""
    found = find_organisms(f"{stated} {design_part} {labels.get('model') or ''}")
    return found or (find_organisms(note.n_text) if note.n_text else ())


def _read_bibliography(note: Note, parts: _Parts, labels: dict[str, str]) -> None:
    """Fill in authors, journal, year and title."""
    note.title = labels.get("title")
    if note.title is None and ('"' in note.text or "“" in note.text):
        note.title = next((m.group(1) for p in parts.plain if (m := _QUOTED.search(p))), None)
    note.journal = labels.get("journal")
    note.year = int(year.group(1)) if (year := _YEAR.search(labels.get("year", ""))) else None
    for raw, plain in zip(parts.raw, parts.plain, strict=True):
        if note.authors and note.journal and note.year:
            break
        # Names, journals and years begin large or with a figure, and "van der Berg" not far from it.
        if plain[:1].islower() and not plain.startswith(_PARTICLES) and "preprint" not in plain:
            continue
        if ":" in plain[:_HEAD] and plain[0] in _LABEL_INITIALS and _LABELLED.match(plain):
            continue
        bare = _QUOTED.sub(" ", plain) if '"' in plain or "“" in plain else plain
        if not note.authors:
            note.authors, bare = _authors(bare)
        if note.journal is None:
            note.journal = _journal(raw if bare is plain else _QUOTED.sub(" ", raw), bare)
        if note.year is None:
            note.year = _year_of_part(bare, has_journal=note.journal is not None and note.journal in plain)
    if not note.authors and "author" in labels:
        note.authors = tuple(name.strip() for name in re.split(r"[,;]", labels["author"]) if name.strip())


def _authors(part: str) -> tuple[tuple[str, ...], str]:
    """Return the authors that begin a part ("Wu Y, Zhou J", "Kim JM et al.", "Narendra et al. 2008") and the rest."""
    if found := _AUTHORS.match(part):
        names = _ONE_AUTHOR.findall(found.group())
        return tuple(names), part[found.end() :]
    if found := _ET_AL.match(part):
        return tuple(re.split(r" (?:&|and) ", found.group(1))), part[found.end() :]
    if found := _SURNAMES_YEAR.match(part):
        return tuple(re.split(r" (?:&|and) ", found.group(1))), part[found.start(2) :]
    return (), part


def _journal(raw: str, plain: str) -> str | None:
    """Return the journal of a part: in italics beside a year or volume, or a name before them."""
    for italic in _ITALIC_JOURNAL.finditer(raw) if "*" in raw or "_" in raw else ():
        rest = raw[italic.end() :]
        if _NUMBER_NEXT.match(rest) or not rest.strip(" *_.,") or _YEAR.search(raw[: italic.start()]):
            return italic.group(1).strip(" .,") if not _SPECIES.fullmatch(italic.group(1).strip()) else None
    text = plain.strip(" .,;:()")
    joint = _BEFORE_JOURNAL.match(text)
    text = text[joint.end() :] if joint else text
    found = _JOURNAL_YEAR.match(text)
    if (
        found
        and not _NOT_JOURNAL.search(found.group("journal"))
        and len(found.group("journal").split()) <= _JOURNAL_WORDS
    ):
        return found.group("journal").strip(" .,;:(")
    if plain != text and (tail := _NAME.fullmatch(text)) and _YEAR_FIRST.match(plain):
        return tail.group(1).strip() if not _NOT_JOURNAL.search(tail.group(1)) else None
    return None


_JOURNAL_WORDS = 12
_NUMBER_NEXT = re.compile(r"[,;.]?\s*\(?\d")
_BEFORE_JOURNAL = re.compile(r"(?:et al\.?|and|&)?[\s,;.]*(?:\(?(?:19|20)\d\d\)?[\s,;.]+)?")
_NAME = re.compile(r"([A-Z][A-Za-z&.:' -]{2,60})")
_ONLY_YEAR = re.compile(r"\W*(?:19|20)\d\d\W*")
_PREPRINT = re.compile(r"\bpreprint\b", re.IGNORECASE)
_YEAR_NEXT = re.compile(r"\s*[,.]?\s*\(?(?:19|20)\d\d")
_YEAR_FIRST = re.compile(r"^[\s(]*(?:et al\.?)?[\s,(]*(?:19|20)\d\d")
_PARTICLES = (
    "van ",
    "von ",
    "de ",
    "der ",
    "den ",
    "del ",
    "della ",
    "di ",
    "da ",
    "la ",
    "le ",
    "ter ",
    "ten ",
    "el ",
    "al ",
)
_SPECIES = re.compile(r"[A-Z]\. [a-z]+|[A-Z][a-z]+ [a-z]+")


def _year_of_part(part: str, *, has_journal: bool) -> int | None:
    """Return the year of publication: alone in its part, or beside the journal, authors or the word preprint."""
    if "19" not in part and "20" not in part:
        return None
    years = _YEAR.findall(_DATE.sub(" ", part) if "-" in part else part)
    if not years:
        dated = _DATE.search(part) if has_journal else None
        return int(dated.group(1)[:4]) if dated else None
    alone = _ONLY_YEAR.fullmatch(part) is not None
    beside = has_journal or _PREPRINT.search(part) or _YEAR_NEXT.match(part)
    return int(years[0]) if alone or beside else None


def _verified(parts: _Parts) -> dict[str, str] | None:
    """Return who checked the note against what: `kind` is full-text, abstract or identifier; `date` where stated."""
    for part in parts.plain:
        lowered = part.lower()
        if not ("ver" in lowered or "rmed" in lowered or "heck" in lowered or "re-read" in lowered):
            continue
        for found in _VERIFIED.finditer(part):
            clause = _CLAUSE.split(part[: found.start()])[-1] + _CLAUSE.split(part[found.start() :])[0]
            if _UNVERIFIED.search(clause):
                continue
            kind = _verified_kind(clause.lower())
            if kind is None:
                continue
            date = _DATE.search(part, found.start()) or _DATE.search(part)
            return {"kind": kind} | ({"date": date.group(1)} if date else {})
    return None


def _verified_kind(clause: str) -> str | None:
    if "abstract" in clause:
        return "abstract"
    if _FULL_TEXT.search(clause):
        return "full-text"
    if _REGISTRY.search(clause):
        return "identifier"
    return "unspecified" if clause.strip().startswith(("verified", "confirmed")) else None


def _marked_retracted(parts: _Parts) -> bool:
    """Tell whether the note states that the cited work is retracted, not merely that the word occurs."""
    for part in parts.plain:
        for found in _RETRACTED.finditer(part):
            if not _OTHER_RETRACTED.search(part[: found.start()]) and not _OTHER_RETRACTED.search(
                part[: found.start() + max(0, found.group().lower().find("retract"))],
            ):
                return True
    return False
