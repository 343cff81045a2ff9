"""What an editor notes of the sources of a page: "could not be verified against the full text", "citation needed".

Nor do "TODO check the dose" and "Kim 2011 is closed-access" state anything that a paper could support. Precision first:
"X lengthens life (not verified)" states something, and so does "the effect is not yet verified in people". So a text is
such a note only where each of its parts is.

The words are lists, one per meaning; the forms of such notes are made of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from evidence.statements.patterns import any_of, any_word, maybe, up_to
from evidence.statements.verbs import FINDS, STATES
from evidence.statements.words import BRACKETED, MARK, MARKS, words_of

_LONGEST = 600
_LETTER = re.compile(r"[^\W_]")
# Each part of such a note has one of these.
_HINTS = any_of(
    *("verif", "confirm", "check", "todo", "fixme", r"\bnot "),
    *("citation", "reference", "footnote", "source", "copy", r"\brefs?\b", r"\bpm(?:c?)ids?\b", r"\bdois?\b"),
    *("access", "paywall", "subscription", "full[- ]text", "pdf", r"\boa\b", "cc[- ]by"),
    *("extracted", "generated", "drafted", "written", "summari", "transcribed"),
)
# What a note on sources holds, as parts of words: a text without any is passed over at once.
_OF_NOTES = (
    "erif", " citation", "Citation", " source", "eference", "ootnote", " ref ", "ref to ", "heck", "TODO", "FIXME",
    "-access", "n access", "aywall", "ull text", "PDF", " missing", " needed", "dd a ", "not yet",
)  # fmt: skip
_OF_TEXTS = re.compile(
    any_of(
        *(" against ", "PDF", "[Ff]ull[- ]text", "bstract", "uot[ea]", "age number"),
        *("eference", "etadata", "ootnote", "DOI", "PMID", "PMCID", "doi"),
    )
)

# --- papers and what stands in them ---

_NAME = r"(?-i:[A-Z])[\w'’-]+"
_YEAR = r"(?:19|20)\d\d[a-z]?"
_DATE = rf"{_YEAR}-\d\d-\d\d"
_IDENTIFIER = any_of(r"(?:doi|pmid|pmcid)[: ]*\S+", r"10\.\d{4,}/\S+", r"PMC\d+")
_NAMES = rf"{_NAME}(?:,? (?:and |& )?{_NAME}){{0,4}}"
# By the names of its authors and its year: "Kim 2011", "Kim et al. (2011)", "Kim 2011 and Lee 2012".
_PAPER = rf"(?:{_NAMES} et al\.?(?:,? \(?{_YEAR}\)?)?|{_NAMES},? \(?{_YEAR}\)?)(?: \(?{_IDENTIFIER}\)?)?"
_PAPERS = rf"{_PAPER}(?:(?:,| and|, and|;) {_PAPER}){{0,9}}"
_TEXT = any_of(
    *("full[- ]?texts?", "pdfs?", "abstracts?"),
    *("(?:research )?papers?", "articles?", "publications?", "manuscripts?", "preprints?"),
)
_ANY_TEXT = any_of(
    *(_TEXT, "sources?", "originals?", "source (?:text|pdf)s?", "book", "book text"),
    *("pubmed", "crossref", "published version", "copy", "html"),
)
# "The full published paper", "Kim et al. 2011 abstract".
_WHICH = up_to(
    6,
    any_of(
        *("the", "its", "their", "an?", "this", "any"),
        *("local", "primary", "full", "complete", "published", "peer-reviewed", "original", "main", "cited", "source"),
        *("closed-access", "institutional-access", "final"),
        *(_NAME, r"et al\.?", _YEAR),
    ),
)
_DETERMINER = up_to(
    4,
    any_of(
        any_word("the this that these its their all both said other"),
        any_word("exact full specific precise quantitative original cited primary"),
    ),
)
# What a page says of a paper, never of the world.
_TEXTUAL = any_of(
    *("citations?", "references?", "footnotes?", "dois?", "pmids?", "pmcids?", "quotes?", "quotations?"),
    *("page numbers?", "author lists?", "journal names?", "bibliographic (?:details|data)", "metadata"),
)
_WORD = r"(?!(?:and|or|but|that|which|who|so|this|it|they)\b)[\w'’/-]+"
# What a page repeats of one: "the exact n", "these numbers".
_DETAIL = any_of(
    *("doses?", "ns?", "sample sizes?", "counts?", "prevalence", "durations?", "intervals?", "ranges?"),
    *("figures?", "numbers?", "values?", "percentages?", "statistics?", "estimates?", "data", "tables?", "curves?"),
    *("effect sizes?", "hazard ratios?", "hrs", "cis", "constants?", "dates?", "years?"),
    *("claims?", "statements?", "details?", "specifics", "wording", "results?", "findings?"),
)
_DETAILS = rf"{up_to(4, _WORD)}{_DETAIL}(?: (?:of|for|from|on) (?:{_WORD} ?){{1,4}})?"
_CLAIM_THAT = r"(?:the|this) (?:claim|statement|assertion) that [^,;:]{1,200}"

# --- what was done with them, or is to do ---

_DONE = any_word("(?:source-)?verified confirmed checked cross-checked double-checked")
_HOW = up_to(2, any_word("fully independently directly yet still re"))
# What is not confirmed in a paper may be a result of that paper; in a PDF it is none.
_AGAINST = (
    rf"(?:(?:against|from|via|with) {_WHICH}{_ANY_TEXT}|in {_WHICH}(?:full[- ]?texts?|pdfs?|abstracts?))"
    rf"(?: (?:of|by) {_PAPER})?"
)
_WHEN_OR_WHO = any_of(
    *("yet", "here", "now", "so far", "at this time", "at present"),
    *("independently", "directly", "locally", "end[- ]to[- ]end"),
    *("in this (?:pass|round|session|edit|version)", f"on {_DATE}"),
    "by (?:the |an? )?(?:verifier|editor|curator|reviewer|author of this page)",
)
_WHEN = rf"(?: {_WHEN_OR_WHO}){{0,2}}"
_IS_STILL = r"(?:(?:is|are|was|were|has|have|remains?)(?: still)? )?"
_CANNOT = r"(?:can ?not|could not|can['’]t|couldn['’]t)"
_UNCHECKED = any_of(
    rf"{_CANNOT} (?:yet )?be {_HOW}{_DONE}",
    rf"{_IS_STILL}not (?:yet )?(?:been )?{_HOW}(?:{_DONE}|verifiable)",
    rf"{_IS_STILL}{any_word('unverified unverifiable unchecked unconfirmed')}",
    rf"(?:still )?{any_word('needs? requires? awaits? awaiting pending')} "
    rf"(?:to be (?:verified|confirmed|checked)|verification|confirmation|checking)",
    rf"(?:must|should|(?:(?:is|are|remains?) )?(?:still )?to) be {_HOW}{_DONE}",
)
_VERIFY = r"(?:please )?(?:(?:re-?)?verify|(?:re-?|double-)?check|confirm)"
_CLOSED = any_of(
    *("closed[- ]access", "paywalled", "subscription[- ]only"),
    "not (?:open[- ]access|oa|available|accessible|retrievable|obtainable|downloadable)",
    "not (?:yet )?(?:read|retrieved|archived|downloaded|obtained)",
)
_OPEN = "(?:oa|open[- ]access)"
_COLOUR = maybe("gold", "green", "bronze", "hybrid", "diamond")

# --- the forms of a note ---


def _unchecked_here() -> str:
    """Return the form of "the dose could not be verified against the full text"."""
    return rf"(?:(?:{_CLAIM_THAT}|{_DETAILS}(?:,? and {_DETAILS})?) )?{_UNCHECKED} {_AGAINST}{_WHEN}"


def _about_sources() -> str:
    """Return the form of "the citation has not been confirmed", "Kim 2011 verified against the PDF", "not checked"."""
    is_done = maybe("is", "are", "was", "were", "has been", "have been") + _DONE
    return any_of(
        rf"(?:{_DETERMINER}{_TEXTUAL}(?: of {_PAPER})?|claims (?:citing|attributed to)(?: {_PAPERS})?) "
        rf"{_UNCHECKED}(?: {_AGAINST})?{_WHEN}",
        # "Kim 2011 has not been confirmed": by other studies.
        rf"{_PAPERS} (?:{_UNCHECKED} {_AGAINST}|(?!.*confirm){_UNCHECKED}){_WHEN}",
        rf"(?:{_PAPERS}|{_DETERMINER}(?:{_TEXTUAL}|claims|values|numbers|figures|quantitative values)) "
        rf"{is_done}(?: by the verifier)? against {_WHICH}{_ANY_TEXT}{_WHEN}",
        rf"not (?:yet )?(?:been )?{_HOW}(?:verified|checked){_WHEN}",
        rf"(?:unverified|unchecked|to be (?:verified|checked)){_WHEN}",
    )


def _wanted() -> str:
    """Return the form of "citation needed", "the constant needs a primary source".

    "An energy source is needed", "the assay needs a reference": these words mean other things too.
    """
    better = any_word("better primary proper original")
    source = rf"(?:{better} (?:source|citation|reference)s?|citations?)"
    return any_of(
        rf"{up_to(5, _WORD)}(?:needs?|requires?|wants?) {maybe('an?', 'the', 'its')}{maybe(better)}{source}{_WHEN}",
        rf"{source} {maybe('is', 'are')}(?:still )?(?:needed|wanted|missing|required){_WHEN}",
    )


def _not_there() -> str:
    """Return the form of "the footnote is not yet added", "DOI missing", "add a reference here".

    "The source is unknown", "the reference was not found" may be of an outbreak, or of a star.
    """
    mark = any_word("citations? references? footnotes? dois? pmids? pmcids? refs?")
    is_still = r"(?:(?:is|are|was|were|has|have)(?: been)? )?(?:still )?"
    add = any_of("add", "insert", "find", "supply", "provide", "look up", "fill in")
    added = any_word("added inserted supplied provided given entered written")
    of_this = r"(?: for (?:this|that|it|these)(?: (?:claim|statement|sentence|value|number|row))?)?"
    adjectives = up_to(2, any_word("better primary proper original missing"))
    return any_of(
        rf"{_DETERMINER}(?:{mark}|page numbers?){of_this} {is_still}"
        rf"(?:missing|pending|tbd|not (?:yet )?(?:been )?{added}|(?:yet )?to be {added}|to follow){_WHEN}",
        rf"{maybe('an?', 'the')}(?:sources?|{mark}){of_this} {maybe('is', 'are')}(?:still )?"
        rf"(?:needed|wanted|required){_WHEN}",
        rf"(?:sources?|refs?){of_this} (?:missing|pending|tbd|to be {added}){_WHEN}",
        rf"(?:please )?{add} {maybe('an?', 'the', 'its')}{adjectives}(?:sources?|{mark}){of_this}{_WHEN}",
    )


def _to_do() -> str:
    """Return the form of "verify the dose against the PDF"; "verify pregnancy status before treatment" is advice."""
    words = rf"[^{MARK}]"
    few = up_to(4, r"[\w-]+")
    what = any_of(
        rf"{_DETERMINER}{_TEXTUAL}(?: of {_PAPER})?(?: {_AGAINST})?{_WHEN}",
        rf"{words}{{0,160}}?\bagainst {_WHICH}(?:[\w–-]+ ){{0,6}}?{_ANY_TEXT}\b{words}{{0,120}}",
        rf"(?:{words}{{0,160}}? )?before (?:citing|quoting|relying on {few}(?:{_DETAIL}|quotes|them|it))\b"
        rf"{words}{{0,80}}",
        rf"against {_WHICH}{_ANY_TEXT}{_WHEN}",
    )
    return rf"{_VERIFY} {what}"


def _access() -> str:
    """Return the form of "Kim 2011 is closed-access", "no PDF available", "green OA, but both downloads failed"."""
    paper = rf"(?:{_PAPERS}|{_WHICH}{_TEXT})"
    return any_of(
        rf"{maybe(paper)}{maybe('is', 'are', 'was', 'were')}{_CLOSED}(?: (?:and|or) {_CLOSED})?{_WHEN}"
        rf"(?: per [\w ]{{1,40}}|,? and {_UNCHECKED} {_AGAINST})?",
        rf"(?:{paper} (?:is|are) )?{_COLOUR}{_OPEN},? "
        r"(?:but|and) (?:the |both |all |two )?(?:pdf )?downloads?(?: attempts?)? failed",
        rf"(?:{_PAPERS} )?(?:pdf|full[- ]text) (?:download failed|unavailable|inaccessible|missing)(?: locally)?",
        "no (?:local )?(?:pdf|full[- ]text)(?: (?:available|at hand))?",
        rf"{_COLOUR}{_OPEN}(?: via \w+)?",
        r"cc[- ]by(?:-[a-z]{2})*(?: \d\.\d)?",
        "full[- ]text (?:is )?(?:freely )?(?:available|accessible)(?: (?:at|via|from|for|without|in) [^,;]{1,60})?",
    )


def _made() -> str:
    """Return the form of "auto-extracted by a script on 2026-05-09", "full text read from the PMC version"."""
    made = any_word("extracted generated drafted written summari[sz]ed transcribed")
    return any_of(
        rf"{_WHICH}{_TEXT} (?:(?:was|were) )?read"
        rf"(?: (?:from|in|as|via) {_WHICH}(?:[\w-]+ ){{0,3}}(?:version|copy|pdf|html))?{_WHEN}",
        rf"(?:(?:auto|automatically|machine)[- ])?{made}"
        rf"(?: by (?:{_WORD} ?){{1,3}})? ?(?:on {_DATE}|from {_WHICH}{_ANY_TEXT}(?: alone| only)?)",
    )


# Compiled for the first page that may have such a note: it takes longer than all else of this package.
@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    forms = (_about_sources(), _access(), _unchecked_here(), _wanted(), _not_there(), _made())
    return tuple(re.compile(form, re.IGNORECASE) for form in forms)


@cache
def _form_of_advice() -> re.Pattern[str]:
    return re.compile(_to_do(), re.IGNORECASE)


# --- a text in parts ---

_SENTENCE_END = r"(?<=[.!?])(?<!\bal\.)(?<!\bvs\.)(?<!\bcf\.)\s+"
_SENTENCE = re.compile(_SENTENCE_END)
_PART = re.compile(
    any_of(
        _SENTENCE_END.replace("[.!?]", "[.!?;]"),
        *(r":\s+", r"\s[—–-]\s", r",\s(?=(?:but )?(?:not|full text|closed)\b)"),
    )
)
_EDGE = f" .,;:!—–-[]()⚠️{MARK}"
_HINT = re.compile(_HINTS, re.IGNORECASE)
_TODO = re.compile(r"(?:TODO|FIXME)\b(?! (?:is|are|was|were|has)\b)")
# What only names a note: not one by itself.
_LABEL = re.compile(
    any_of("notes?", "caveats?", "warning", "(?:partial[- ])?verification(?: note| status)?", "editor['’]?s? note")
    + rf"(?: {_DATE})?",
    re.IGNORECASE,
)
_SAYS = re.compile(any_of(FINDS.pattern, STATES.pattern, "[%<>=±≈]"), re.IGNORECASE)


def may_be_a_note(text: str) -> bool:
    """Tell whether a text may be an editor's note: it has one of a few words.

    >>> may_be_a_note("Citation needed."), may_be_a_note("Mice lose bone with age.")
    (True, False)
    """
    return any(map(text.__contains__, _OF_NOTES)) or ("onfirm" in text and _OF_TEXTS.search(text) is not None)


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


def only_notes_in_cells(row: str) -> bool:
    """Tell whether each cell of a row that says anything says nothing but that.

    >>> only_notes_in_cells("| TODO find source | |"), only_notes_in_cells("| Bone is lost | citation needed |")
    (True, False)
    """
    cells = [cell for cell in row.split("|") if _LETTER.search(MARKS.sub("", cell))]
    return bool(cells) and all(map(only_notes, cells))


def _parts(words: str) -> Iterator[str]:
    """Yield the parts of a text by its stops, colons and dashes; what is to do is one, whatever stands in it."""
    for one in _SENTENCE.split(words):
        whole = one.strip(_EDGE)
        if _TODO.match(whole):
            yield whole
        else:
            for part in _PART.split(one):
                yield part.strip(_EDGE)


def _notes(part: str) -> bool:
    """Tell whether one part of a text is an editor's note."""
    if not _HINT.search(part):
        return False
    if _TODO.match(part):
        return True
    if MARK in part:
        part = " ".join(part.replace(MARK, " ").split())
    if any(form.fullmatch(part) for form in _forms()):
        return True
    return _form_of_advice().fullmatch(part) is not None and _SAYS.search(part) is None
