"""What stands on a page and states nothing that evidence could support: links, entries of a list, navigation.

Precision first: a statement taken for navigation would never be audited.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from evidence.statements.editing import may_be_a_note, only_notes, only_notes_in_cells
from evidence.statements.leadins import may_only_lead_in, only_leads_in, only_points
from evidence.statements.materials import heads_materials, is_material
from evidence.statements.questions import may_ask, only_asks
from evidence.statements.verbs import FINDS, STATES
from evidence.statements.words import MARKS, MARKUP, PLAIN_MARKS, SHOWN
from evidence.vocabulary import ClaimKind

_WIKILINK = re.compile(r"!?\[\[[^\]]*\]\]")
_LINK = re.compile(r"!?\[[^\]]*\]\([^)\s]*(?:\s+\"[^\"]*\")?\)|<https?://[^>]*>|https?://\S+")
_WORD = re.compile(r"[^\W\d_]{2,}")
# "UniProt: Q13950 (RUNX2_HUMAN)", "**CAS:** 69-72-7": a registry's name and what looks like its number.
_REGISTRIES = (
    "uniprot|ncbi gene|entrez(?: gene)?|hgnc|ensembl|omim|mgi|refseq|pdb|interpro|pfam|kegg|reactome|wikipathways|"
    r"pubchem(?: cid)?|cas(?: number)?|chembl|chebi|drugbank|inchi(?:key)?|unii|ncbi taxon(?:omy)?(?: id)?|orphanet|doid|"
    r"genbank|issn|isbn|nct(?: number)?|clinicaltrials\.gov|genage(?: id)?|hagr"
)
# These mean other things too: endothelial cells, a code of any kind.
_AMBIGUOUS_REGISTRIES = "mim|cid|mesh|atc|ec|go|taxon(?:omy)?"
_IDENTIFIER_FACT = re.compile(
    rf"^\W*(?:{_REGISTRIES}|{_AMBIGUOUS_REGISTRIES}|canonical smiles|smiles|iupac name|mesh id|atc code|ec number|"
    r"taxon(?:omy)? id|accession|doi|pmid|pmcid|pmc)\b"
    r"[^:]{0,30}:\W*[\w.:/-]*\d[\w.:/-]*",
    re.IGNORECASE,
)
# A row of a table whose first cell names a registry and whose others hold nothing but its identifiers. HTML has no bars
# between cells.
_KIND_OF_NAME = r"(?:ids?|identifiers?|accessions?|numbers?|no\.?|codes?|entry|entries|symbol|cid|hagr|gene)"
_ROW_NAME = rf"(?:(?:{_REGISTRIES})(?: {_KIND_OF_NAME}){{0,2}}|(?:{_AMBIGUOUS_REGISTRIES}) {_KIND_OF_NAME})(?: \([\w ,-]{{1,30}}\))?"
_REGISTRY_CELL = re.compile(rf"{_ROW_NAME} ", re.IGNORECASE)
_ROW_VALUE = re.compile(
    r"(?<![\w.])(?:[a-z]+[-_:]?(?:[a-z]+[-_:])?\d\w*(?:[.:-]\w+)*|\d{2,7}-\d\d-\d|\d+(?:\.(?:\d+|-)){3}|"
    r"[a-z]{14}-[a-z]{10}-[a-z]|\w+_[a-z]{3,}|(?:cid|hagrid|hgnc|mim) \d+|\d[a-z]\w\w|\d+)(?: \(\w+_[a-z]+\))?(?![\w.%:-])",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"[*_`>|#~\\]+")
_CELL_MARKUP = re.compile(r"[*`|\s]+")
_REFERENCE_SECTION = re.compile(
    r"^(?:references?|bibliography|further reading|literature(?: cited)?|works cited|external links?|foot ?notes?|sources?)$",
    re.IGNORECASE,
)
# "Chen Y, Wang H · Science · 2025 · DOI: 10.1126/...", "13 authors. PMID: 27004597.": what a paper is, not what it found.
_NAME = r"(?:(?:van|von|de|der|den|di|da|del|la|le|ter|ten) )*[^\W\d_a-z][\w'\u2019-]+ [^\W\d_a-z]{1,3}\b\.?"
_AUTHORS = re.compile(rf"^\W*{_NAME}(?:,? (?:and |& )?{_NAME},?)+(?=\s*(?:$|[\u00b7.;:(]|\d{{4}}\b|et al))")
_IDENTIFIER = re.compile(
    r"(?:https?://\S+|\b(?:doi|pmid|pmcid|pmc)\b[\s:.]*(?:https?://)?[\w./()<>;:-]*\d[\w./()<>;:-]*|\b10\.\d{4,}/\S+|\bPMC\d+)",
    re.IGNORECASE,
)
# A journal with volume and pages, or volume and issue, where a line begins: "Nature 479: 232-236, 2011."
_JOURNAL_PLACE = re.compile(
    r"^\W*(?:[A-Z][\w&.]*,?(?: (?:of|the|and|for|in|on|&))*\s+){1,8}(?:\(?(?:19|20)\d\d\)?\s*[;,]?\s*)?"
    r"\d+\s?(?:\(\d+\))?\s?[:,]\s?e?\d+(?:\s?[-–]\s?\d+)?[,.;]?\s*(?:\(?(?:19|20)\d\d\)?)?\.?"
)
# An item of a list of links: "[[studies/kim-2011]] — stub; the first of its kind (doi:10.1/x)".
_LINKED_STUDY = re.compile(r"^\W*\[\[[^\]]+\]\]\s*[—–-]+\s*stub\b", re.IGNORECASE)
# Headings of lists that lead on to other pages.
_LINKS_SECTION = re.compile(
    r"^\W*(?:see also|see|cross[- ]?(?:references?|links?)|related|related (?:pages?|notes?|articles?|entries|links?|reading)|"
    r"back ?links?|links?|linked (?:pages?|notes?)|cited by(?: \(?[\w ]{1,40}\)?)?|"
    r"(?:pages|notes) (?:that cite|citing) this [a-z]{1,10}|citing (?:pages|notes)(?: [\w ]{1,20})?|"
    r"related (?:wiki|vault) (?:pages|notes)|navigation)\W*$",
    re.IGNORECASE,
)
# An item that begins with a link to a page, bold or not, and what is known of that page: "[[kim|Kim 2011]] (verified)".
_LEADING_LINK = re.compile(r"^[\W_]*?(?:\[\[[^\]]+\]\]|\[[^\]]+\]\([^)\s]*\))(?:\W*\([\w .,-]{1,30}\))?")
_DIGIT = re.compile(r"\d")
_BEGINNINGS = ("://", "10.", "doi", "pmid", "pmc")
_BIBLIOGRAPHIC = frozenset(
    {"author", "authors", "doi", "pmid", "pmcid", "pmc", "pubmed", "journal", "volume", "vol", "issue", "pages", "page",
     "published", "publication", "online", "print", "ahead", "of", "in", "the", "open", "access", "closed", "free",
     "full", "text", "pdf", "abstract", "source", "sources", "reference", "references", "citation", "citations", "see",
     "link", "links", "paper", "article", "available", "at", "and", "id", "gold", "green", "bronze", "hybrid", "diamond", "oa"}
)  # fmt: skip
# "Kim et al. 2011, Nature", "Nature 479: 232", "(2011)".
_DATED = re.compile(r"\bet al\b|\(?\b(?:1[89]|20)\d\d[a-z]?\b\)?|\b\d+ ?(?:\(\d+\))?: ?e?\d+")
# A line that is nothing but papers by their authors and years: "Kim 2011; Lee & Park (2012)", "Kim et al., 2011".
_AUTHOR = r"(?:(?:van|von|de|der|den|di|da|del|la|le|ter|ten) ){0,3}[^\W\d_a-z][\w'’-]{1,40}"
_PAPER = rf"{_AUTHOR}(?:(?:,? (?:and|&) |, ){_AUTHOR}){{0,5}},? (?:et al\.?,? ?)?\(?(?:19|20)\d\d[a-z]?\)?"
_ONLY_PAPERS = re.compile(rf"\W*{_PAPER}(?:(?:[,;] |,? (?:and|&) ){_PAPER}){{0,9}}\W*")
_YEAR_BEHIND = re.compile(r"\d[a-z]?\W*$")
_LONGEST_NAMES = 200
_LEAST_WORDS = 3
_NAMES_A_PAPER = "names a paper, and says nothing of what it found"
_NOTE = "an editor's note on a source"
_LEADS = "leads in or on to something else, and states nothing itself"
_FACT_LENGTH = 160
_ROW_LENGTH = 400
_BESIDE_VALUES = " ,;/\u2014\u2013-"


class NotAClaim(NamedTuple):
    """Why a text states nothing. One that is certain does so also where it cites something."""

    reason: str
    is_certain: bool = False


def why_no_statement(kind: ClaimKind, section: Sequence[str], text: str) -> NotAClaim | None:
    """Return why a text states nothing, or None where it may.

    Args:
        kind: the form of the claim on its page.
        section: the headings that it stands below, the nearest one last.
        text: as written, with its marks.

    >>> why_no_statement(ClaimKind.LIST_ITEM, (), "[[bmp-2]], [[osteopontin]]").reason
    'only links'
    >>> why_no_statement(ClaimKind.SENTENCE, ("Bone",), "RUNX2 drives bone formation.")
    """
    return None if kind is ClaimKind.INTERACTION else _why_not(kind, section[-1] if section else "", text)


# Asked of one claim several times, by each rule that looks at a part of it.
@lru_cache(64)
def _why_not(kind: ClaimKind, heading: str, text: str) -> NotAClaim | None:
    if kind is ClaimKind.TABLE_ROW:
        if _is_row_of_identifiers(text):
            return NotAClaim("an identifier, not a statement", is_certain=True)
        if may_be_a_note(text) and only_notes_in_cells(text):
            return NotAClaim(_NOTE, is_certain=True)
    elif (why_not := _why_it_only_leads(text) or _why_it_tells_nothing(text)) is not None:
        return why_not
    elif _only_names_papers(_without_marks(text)):
        # The cells of a row may be a name and a year of something else.
        return NotAClaim(_NAMES_A_PAPER, is_certain=True)
    if _heads_materials(heading) and kind is not ClaimKind.SENTENCE and is_material(text):
        return NotAClaim("an entry of a list of materials", is_certain=True)
    return _why_it_names_only(heading, text)


def _why_it_only_leads(text: str) -> NotAClaim | None:
    """Return why a line states nothing beside its marks, links and identifiers, or None where it may."""
    if text.lstrip(" *_(").startswith("[^") and not MARKS.sub("", text).strip(" \t\r\n*_.,;()"):
        return NotAClaim("nothing but marks", is_certain=True)
    if not may_only_lead_in(text):
        return None
    bare = MARKS.sub(" ", text)
    for pattern in (PLAIN_MARKS, _WIKILINK, _LINK, _IDENTIFIER):
        bare = pattern.sub(_but_its_colon, bare)
    shown = MARKUP.sub(" ", bare)
    if only_leads_in(shown):
        return NotAClaim(_LEADS, is_certain=True)
    return NotAClaim(_LEADS) if only_points(_SIGNS.sub(" ", bare), has_link=bare != text) else None


def _why_it_tells_nothing(text: str) -> NotAClaim | None:
    """Return why a sentence asks without an answer, or tells of its page and not of the world, or None where it may."""
    if may_ask(text) and (asks_only := only_asks(text)) is not None:
        return NotAClaim("a question", is_certain=asks_only)
    if may_be_a_note(text) and only_notes(text):
        return NotAClaim(_NOTE, is_certain=True)
    return None


def _without_marks(text: str) -> str:
    return MARKS.sub("", text) if "[^" in text else text


def _but_its_colon(found: re.Match[str]) -> str:
    return " : " if found.group().endswith(":") else " "


def _why_it_names_only(heading: str, text: str) -> NotAClaim | None:
    """Return why a text only names a paper, an identifier or other pages, or None where it may state something."""
    bare = _without_marks(text)
    # A sentence with marks of its own is a statement wherever it stands.
    if _heads_references(heading) and (bare == text or _is_entry(bare)):
        return NotAClaim("an entry of a list of references", is_certain=True)
    if bare == text and _heads_links(heading) and _only_leads_on(text):
        return NotAClaim("an item of a list of links", is_certain=True)
    text = bare
    if len(text) <= _FACT_LENGTH and ":" in text and _IDENTIFIER_FACT.match(MARKUP.sub(" ", text)):
        return NotAClaim("an identifier, not a statement", is_certain=True)
    if is_bibliographic(text):
        return NotAClaim(_NAMES_A_PAPER, is_certain=True)
    if "[" in text or "://" in text:
        bare = _LINK.sub(" ", _WIKILINK.sub(" ", text))
        words = _WORD.findall(MARKUP.sub(" ", bare))
        if len(words) < _LEAST_WORDS and bare.strip() != text.strip():
            return NotAClaim("only links")
    return NotAClaim("no statement") if not _WORD.search(text) else None


def is_led_by_a_link(section: Sequence[str], text: str) -> bool:
    """Tell whether a text begins with a link and stands in a list of links: its identifiers may be those of the link.

    >>> is_led_by_a_link(("See also",), "[[studies/kim]] \u2014 Notch drives bone growth (doi:10.1/a)")
    True
    """
    return bool(section and _heads_links(section[-1]) and _LEADING_LINK.match(text))


@lru_cache(256)
def _heads_references(heading: str) -> bool:
    return _REFERENCE_SECTION.match(heading) is not None


@lru_cache(256)
def _heads_materials(heading: str) -> bool:
    return heads_materials(heading)


@lru_cache(256)
def _heads_links(heading: str) -> bool:
    return _LINKS_SECTION.match(heading) is not None


def _only_leads_on(text: str) -> bool:
    """Tell whether a text begins with a link and only describes what it links: no verb in it states anything."""
    link = _LEADING_LINK.match(text)
    if link is None:
        return False
    rest = _IDENTIFIER.sub(" ", _LINK.sub(" ", _WIKILINK.sub(" ", text[link.end() :])))
    return not (FINDS.search(rest) or STATES.search(rest))


def _is_row_of_identifiers(text: str) -> bool:
    """Tell whether a row of a table names a registry and its identifiers, and nothing else."""
    if len(text) > _ROW_LENGTH:
        return False
    shown = SHOWN.sub(lambda one: one[1] or one[2] or "", MARKS.sub(" ", text))
    row = _CELL_MARKUP.sub(" ", shown).strip()
    name = _REGISTRY_CELL.match(row)
    left, found = _ROW_VALUE.subn("", row[name.end() :]) if name else (row, 0)
    return found > 0 and not left.strip(_BESIDE_VALUES)


def _is_entry(text: str) -> bool:
    """Tell whether a text below such a heading describes a work: by an identifier, its authors, its year or place."""
    plain = " ".join(MARKUP.sub(" ", _LINK.sub(" ", _WIKILINK.sub(" ", text))).split())
    if _IDENTIFIER.search(text) or len(_WORD.findall(plain)) <= _LEAST_WORDS:
        return True
    return not FINDS.search(plain) and (_AUTHORS.match(plain) or _DATED.search(plain)) is not None


def _only_names_papers(text: str) -> bool:
    """Tell whether a line, its links as they show, is nothing but papers by their authors and years.

    >>> _only_names_papers("[Kim 2011](https://doi.org/10.1000/x)"), _only_names_papers("Bone fell by 2011")
    (True, False)
    """
    # Most lines name no year: that is seen at once.
    if "19" not in text and "20" not in text:
        return False
    shown = SHOWN.sub(lambda one: one[1] or one[2] or "", text) if "[" in text else text
    if len(shown) > _LONGEST_NAMES or not _YEAR_BEHIND.search(shown):
        return False
    plain = " ".join(_SIGNS.sub(" ", shown).split()).replace(" ;", ";").replace(" ,", ",")
    return _ONLY_PAPERS.fullmatch(plain) is not None


def _may_name_an_identifier(text: str) -> bool:
    """Tell whether a text has any of the beginnings of an identifier: `_IDENTIFIER` takes longer to look."""
    if not _DIGIT.search(text) and "://" not in text:
        return False
    plain = text.lower()
    return any(map(plain.__contains__, _BEGINNINGS))


def is_bibliographic(text: str) -> bool:
    """Tell whether a text with an identifier is a line of authors, or is nothing but words about a publication.

    >>> is_bibliographic("Ali J, Lee K. Klotho and ageing. doi:10.1000/x1"), is_bibliographic("It falls (PMID 12186862)")
    (True, False)
    """
    if not _may_name_an_identifier(text) or not _IDENTIFIER.search(text):
        return False
    plain = " ".join(MARKUP.sub(" ", text).split())
    if (authors := _AUTHORS.match(plain)) is not None:
        return _IDENTIFIER.search(plain, authors.end()) is not None and not FINDS.search(plain, authors.end())
    if _LINKED_STUDY.match(text) and not FINDS.search(plain):
        return True
    left = _IDENTIFIER.sub(" ", _JOURNAL_PLACE.sub(" ", plain, 1) if _JOURNAL_PLACE.match(plain) else plain)
    return {word.casefold() for word in _WORD.findall(left)} <= _BIBLIOGRAPHIC
