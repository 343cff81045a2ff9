"""What an editor notes of the sources of a page: "could not be verified against the full text", "citation needed".

Nor do "TODO check the dose" and "Kim 2011 is closed-access" state anything that a paper could support. Precision first:
"X lengthens life (not verified)" states something, and so does "the effect is not yet verified in people". So a text is
such a note only where each of its parts is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.statements.verbs import FINDS, STATES
from evidence.statements.words import BRACKETED, MARK, words_of

_LONGEST = 600
# Each part of such a note has one of these words.
_HINT = re.compile(
    r"verif|confirm|check|citation|reference|source|access|paywall|full[- ]text|pdf|todo|fixme|subscription|\boa\b|"
    r"cc[- ]by|\bnot |copy|extracted|generated|drafted|written|summari|transcribed",
    re.IGNORECASE,
)
_OF_TEXTS = re.compile(
    r" against |PDF|[Ff]ull[- ]text|bstract|eference|DOI|PMID|PMCID|doi|uot[ea]|etadata|ootnote|age number"
)
_SENTENCE = re.compile(r"(?<=[.!?])(?<!\bal\.)(?<!\bvs\.)(?<!\bcf\.)\s+")
_PART = re.compile(
    r"(?<=[.!?;])(?<!\bal\.)(?<!\bvs\.)(?<!\bcf\.)\s+|:\s+|\s[—–-]\s|,\s(?=(?:but )?(?:not|full text|closed)\b)"
)
_TODO = re.compile(r"(?:TODO|FIXME)\b(?! (?:is|are|was|were|has)\b)")
_NAME = r"(?-i:[A-Z])[\w'’-]+"
_YEAR = r"(?:19|20)\d\d[a-z]?"
_IDENTIFIER = r"(?:doi|pmid|pmcid)[: ]*\S+|10\.\d{4,}/\S+|PMC\d+"
# A paper by the names of its authors and its year: "Kim 2011", "Kim et al. (2011)", "Kim 2011 and Lee 2012".
_NAMES = rf"{_NAME}(?:,? (?:and |& )?{_NAME}){{0,4}}"
_PAPER = rf"(?:{_NAMES} et al\.?(?:,? \(?{_YEAR}\)?)?|{_NAMES},? \(?{_YEAR}\)?)(?: \(?(?:{_IDENTIFIER})\)?)?"
_PAPERS = rf"{_PAPER}(?:(?:,| and|, and|;) {_PAPER}){{0,9}}"
_DETERMINER = (
    r"(?:(?:the|this|that|these|its|their|all|both|exact|full|specific|precise|quantitative|original|cited|primary|said|"
    r"other) ){0,4}"
)
# What a page says of a paper, never of the world.
_TEXTUAL = (
    r"(?:citations?|references?|dois?|pmids?|pmcids?|quotes?|quotations?|page numbers?|bibliographic (?:details|"
    r"data)|metadata|"
    r"author lists?|journal names?|footnotes?)"
)
_TEXT = r"(?:full[- ]?texts?|pdfs?|abstracts?|(?:research )?papers?|articles?|publications?|manuscripts?|preprints?)"
_ANY_TEXT = (
    rf"(?:{_TEXT}|sources?|originals?|source (?:text|pdf)s?|book|book text|pubmed|crossref|published version|copy|html)"
)
_WHICH = (
    rf"(?:(?:the|its|their|an?|this|any|local|primary|full|complete|published|peer-reviewed|original|main|cited|"
    rf"source|closed-access|"
    rf"institutional-access|final|{_NAME}|et al\.?|{_YEAR}) ){{0,6}}"
)
# What is not confirmed in a paper may be a result of that paper; in a PDF it is none.
_AGAINST = (
    rf"(?:(?:against|from|via|with) {_WHICH}{_ANY_TEXT}|"
    rf"in {_WHICH}(?:full[- ]?texts?|pdfs?|abstracts?))(?: (?:of|by) {_PAPER})?"
)
_WHEN = (
    rf"(?: (?:yet|here|now|so far|at this time|at present|independently|directly|locally|end[- ]to[- ]end|"
    rf"in this (?:pass|round|session|"
    rf"edit|version)|on {_YEAR}-\d\d-\d\d|by (?:the |an? )?(?:verifier|editor|curator|reviewer|"
    rf"author of this page))){{0,2}}"
)
_HOW = r"(?:(?:fully|independently|directly|yet|still|re) ){0,2}"
_DONE = r"(?:(?:source-)?verified|confirmed|checked|cross-checked|double-checked)"
_UNCHECKED = (
    rf"(?:(?:can ?not|could not|can['’]t|couldn['’]t) (?:yet )?be {_HOW}{_DONE}|"
    rf"(?:(?:is|are|was|were|has|have|remains?)(?: still)? )?(?:not (?:yet )?(?:been )?{_HOW}(?:{_DONE}|verifiable)|"
    r"unverified|unverifiable|unchecked|unconfirmed)|"
    r"(?:still )?(?:needs?|requires?|awaits?|awaiting|pending) (?:to be (?:verified|confirmed|checked)|verification|"
    r"confirmation|checking)|"
    rf"(?:must|should|(?:(?:is|are|remains?) )?(?:still )?to) be {_HOW}{_DONE})"
)
# Without a verb before it, as far as a noun at the end and few words before that tell: "the exact n", "these numbers".
_WORD = r"(?!(?:and|or|but|that|which|who|so|this|it|they)\b)[\w'’/-]+"
_DETAIL = (
    r"(?:doses?|n|ns|sample sizes?|figures?|numbers?|values?|claims?|statements?|details?|statistics?|percentages?|"
    r"estimates?|effect sizes?|hazard ratios?|hrs|cis|curves?|constants?|dates?|years?|wording|data|results?|findings?|"
    r"counts?|specifics|prevalence|durations?|intervals?|ranges?|tables?)"
)
_DETAILS = rf"(?:{_WORD} ){{0,4}}{_DETAIL}(?: (?:of|for|from|on) (?:{_WORD} ?){{1,4}})?"
_CLAIM_THAT = r"(?:the|this) (?:claim|statement|assertion) that [^,;:]{1,200}"
_UNCHECKED_HERE = re.compile(
    rf"(?:(?:{_CLAIM_THAT}|{_DETAILS}(?:,? and {_DETAILS})?) )?{_UNCHECKED} {_AGAINST}{_WHEN}", re.IGNORECASE
)
_ABOUT_SOURCES = re.compile(
    rf"(?:{_DETERMINER}{_TEXTUAL}(?: of {_PAPER})?|claims (?:citing|attributed to)(?: {_PAPERS})?) "
    rf"{_UNCHECKED}(?: {_AGAINST})?{_WHEN}|"
    # "Kim 2011 has not been confirmed": by other studies.
    rf"{_PAPERS} (?:{_UNCHECKED} {_AGAINST}|(?!.*confirm){_UNCHECKED}){_WHEN}|"
    rf"(?:{_PAPERS}|{_DETERMINER}(?:{_TEXTUAL}|claims|values|numbers|figures|quantitative values)) "
    rf"(?:(?:is|are|was|were|has been|have been) )?{_DONE}(?: by the verifier)? against {_WHICH}{_ANY_TEXT}{_WHEN}|"
    rf"(?:not (?:yet )?(?:been )?{_HOW}(?:verified|checked)|unverified|unchecked|to be (?:verified|checked)){_WHEN}",
    re.IGNORECASE,
)
# "An energy source is needed", "the assay needs a reference": these words mean other things too.
_BETTER = r"(?:better|primary|proper|original)"
_WANTED = re.compile(
    rf"(?:{_WORD} ){{0,5}}(?:needs?|requires?|wants?) (?:(?:an?|the|its) )?(?:{_BETTER} (?:{_BETTER} )?"
    rf"(?:source|citation|reference)s?|citations?){_WHEN}|"
    rf"(?:{_BETTER} (?:source|citation|reference)s?|citations?) (?:(?:is|are) )?(?:still )?(?:needed|wanted|missing|"
    rf"required){_WHEN}",
    re.IGNORECASE,
)
# "Verify pregnancy status before treatment" is advice, which a paper may support.
_TO_DO = re.compile(
    rf"(?:please )?(?:(?:re-?)?verify|(?:re-?|double-)?check|confirm) (?:"
    rf"{_DETERMINER}{_TEXTUAL}(?: of {_PAPER})?(?: {_AGAINST})?{_WHEN}|"
    rf"[^{MARK}]{{0,160}}?\bagainst {_WHICH}(?:[\w–-]+ ){{0,6}}?{_ANY_TEXT}\b[^{MARK}]{{0,120}}|"
    rf"(?:[^{MARK}]{{0,160}}? )?before (?:citing|quoting|relying on (?:[\w-]+ ){{0,4}}(?:{_DETAIL}|quotes|them|it))\b"
    rf"[^{MARK}]{{0,80}})|"
    rf"(?:please )?(?:(?:re-?)?verify|(?:re-?|double-)?check|confirm) against {_WHICH}{_ANY_TEXT}{_WHEN}",
    re.IGNORECASE,
)
_CLOSED = (
    r"(?:closed[- ]access|paywalled|subscription[- ]only|not (?:open[- ]access|oa|available|accessible|retrievable|"
    r"obtainable|downloadable|(?:yet )?(?:read|retrieved|archived|downloaded|obtained)))"
)
_ACCESS = re.compile(
    rf"(?:(?:{_PAPERS}|{_WHICH}{_TEXT}) )?(?:(?:is|are|was|were) )?{_CLOSED}(?: (?:and|or) {_CLOSED})?{_WHEN}"
    rf"(?: per [\w ]{{1,40}}|,? and {_UNCHECKED} {_AGAINST})?|"
    rf"(?:(?:{_PAPERS}|{_WHICH}{_TEXT}) (?:is|are) )?(?:(?:gold|green|bronze|hybrid) )?(?:oa|open[- ]access),? "
    rf"(?:but|and) (?:the |both |all |two )?(?:pdf )?downloads?(?: attempts?)? failed|"
    rf"(?:{_PAPERS} )?(?:pdf|full[- ]text) (?:download failed|unavailable|inaccessible|missing)(?: locally)?|"
    r"no (?:local )?(?:pdf|full[- ]text)(?: (?:available|at hand))?|"
    r"(?:(?:gold|green|bronze|hybrid|diamond) )?(?:oa|open[- ]access)(?: via \w+)?|cc[- ]by(?:-[a-z]{2})*(?: \d\.\d)?|"
    r"full[- ]text (?:is )?(?:freely )?(?:available|accessible)(?: (?:at|via|from|for|without|in) [^,;]{1,60})?",
    re.IGNORECASE,
)
# "Auto-extracted by a script on 2026-05-09", "Drafted from the abstract", "Full text read from the PMC version".
_MADE = re.compile(
    rf"{_WHICH}{_TEXT} (?:(?:was|were) )?read(?: (?:from|in|as|via) {_WHICH}(?:[\w-]+ ){{0,3}}"
    rf"(?:version|copy|pdf|html))?{_WHEN}|"
    rf"(?:(?:auto|automatically|machine)[- ])?(?:extracted|generated|drafted|written|summari[sz]ed|transcribed)"
    rf"(?: by (?:{_WORD} ?){{1,3}})? ?(?:on {_YEAR}-\d\d-\d\d|from {_WHICH}{_ANY_TEXT}(?: alone| only)?)",
    re.IGNORECASE,
)
# What only names a note: not one by itself.
_LABEL = re.compile(
    rf"(?:notes?|caveats?|warning|(?:partial[- ])?verification(?: note| status)?|"
    rf"editor['’]?s? note)(?: {_YEAR}-\d\d-\d\d)?",
    re.IGNORECASE,
)
_SAYS = re.compile(rf"{FINDS.pattern}|{STATES.pattern}|[%<>=±≈]", re.IGNORECASE)


def may_be_a_note(text: str) -> bool:
    """Tell whether a text may be an editor's note: it has one of a few words.

    >>> may_be_a_note("Citation needed."), may_be_a_note("Mice lose bone with age.")
    (True, False)
    """
    return (
        "erif" in text
        or ("onfirm" in text and _OF_TEXTS.search(text) is not None)
        or " citation" in text
        or "Citation" in text
        or "y source" in text
        or "r source" in text
        or "l source" in text
        or "heck" in text
        or "-access" in text
        or "n access" in text
        or "aywall" in text
        or "ull text" in text
        or "PDF" in text
        or "TODO" in text
        or "FIXME" in text
    )


def only_notes(text: str) -> bool:
    """Tell whether a text says nothing but what its editor did, or has to do, with its sources.

    >>> only_notes("The dose could not be verified against the full text [^a]."), only_notes("TODO check the dose [^a]")
    (True, True)
    >>> only_notes("X lengthens life [^a]; not verified."), only_notes("The effect is not yet verified in people [^a].")
    (False, False)
    """
    if len(text) > _LONGEST:
        return False
    words = words_of(text)
    # Brackets may stand in brackets: "(10.1016/s0140-6736(12)62167-9)".
    bare = BRACKETED.sub("", BRACKETED.sub("", words)) if "(" in words else words
    has_told = False
    for part in _parts(bare):
        if part and not _LABEL.fullmatch(part):
            if not _notes(part):
                return False
            has_told = True
    return has_told and all(_notes(one.strip(_EDGE)) for one in BRACKETED.findall(words) if _SAYS.search(one))


def _parts(words: str) -> Iterator[str]:
    """Yield the parts of a text by its stops, colons and dashes; what is to do is one, whatever stands in it."""
    for one in _SENTENCE.split(words):
        whole = one.strip(_EDGE)
        if _TODO.match(whole):
            yield whole
        else:
            for part in _PART.split(one):
                yield part.strip(_EDGE)


_EDGE = f" .,;:!—–-[]()⚠️{MARK}"


def _notes(part: str) -> bool:
    """Tell whether one part of a text is an editor's note."""
    if not _HINT.search(part):
        return False
    if _TODO.match(part):
        return True
    if MARK in part:
        part = " ".join(part.replace(MARK, " ").split())
    if any(form.fullmatch(part) for form in (_ABOUT_SOURCES, _ACCESS, _UNCHECKED_HERE, _WANTED, _MADE)):
        return True
    return _TO_DO.fullmatch(part) is not None and _SAYS.search(part) is None
