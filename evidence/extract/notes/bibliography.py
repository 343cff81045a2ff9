"""Authors, year, title and journal that a note states: each in its part, or all in one reference in prose."""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from evidence.extract.notes.authors import read_authors, read_full_names
from evidence.extract.notes.designs import read_designs
from evidence.extract.notes.organisms import read_organisms
from evidence.extract.notes.parts import Parts
from evidence.records import Note

_DATE = re.compile(r"\b((?:19|20)\d\d-\d\d-\d\d)\b")
_YEAR = re.compile(r"(?<![\d./:-])((?:19|20)\d\d)(?![\d/]|-\d)")
_ONLY_YEAR = re.compile(r"\W*((?:19|20)\d\d)\W*")
_PREPRINT = re.compile(r"\bpreprint\b", re.IGNORECASE)
_YEAR_NEXT = re.compile(r"\s*[,.]?\s*\(?(?:19|20)\d\d")
# "2016, Marine Pollution Bulletin" has no month.
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)(?!\w)\.?"
)
_YEAR_FIRST = re.compile(
    rf"[\s,;:.]*[(\[]?((?:19|20)\d\d)[a-z]?(?:,? {_MONTH}(?: \d{{1,2}}\b)?)?[)\]]?(?![\w/-]|;\S|:\d)[\s.,:;]*"
)
_QUOTED = re.compile(r"[\"“„]([^\"“”„]{1,400})[\"”“]")
_TITLE_LEAST = 12
# A title in quotes opens its part, or stands behind what may stand before a title.
_BEFORE_TITLE = re.compile(r"(?:[.,:;)\]—–-]|\b(?:al|title|entitled|titled|(?:19|20)\d\d[a-z]?))\s*$")
_STATUS = re.compile(r"(?:RETRACTED|Retracted|WITHDRAWN)(?: (?:ARTICLE|Article|PAPER))?[:.]\s*")

_NOTICE_OF = re.compile(
    r"\b(?:Retraction|Withdrawal|Erratum|Correction|Corrigendum|Expression of concern) (?:of|for|to): ", re.IGNORECASE
)

_WORD = (
    r"(?:[A-Z&À-ÖØ-Þ][\w&'’/-]*|[a-z]{1,4}[A-Z]\w*|npj|of|the|"
    r"and|in|for|on|de|der|des|du|la|le|les|et|für|und|di|del|y|e)"
)
_FIRST = r"(?:[A-ZÀ-ÖØ-Þ][\w&'’/-]*|[a-z]{1,4}[A-Z]\w*|npj)"
_PLAIN_NAME = rf"{_FIRST}(?:(?:: | & | ){_WORD}){{0,11}}(?: \([A-Z][\w .]{{1,30}}\)?)?"
# "Nat. Med.", "Proc. Natl Acad. Sci. USA": abbreviations end in a consonant, titles in one word seldom do.
_DOTTED_NAME = rf"[A-Z](?:[A-Za-z]*[b-df-hj-np-tv-z])?\.(?:[ -]?(?:{_WORD})\.?){{0,9}}"
_ISSUE = (
    r"(?:19|20)\d\d[a-z]?\b(?:[ -][A-Z][a-z]{2}\b(?:[ -]\d{1,2}\b)?)?\)?(?=[;:,.)\s]|$)|"
    r"\d{1,4}(?:\s?\(|\s?[,:;])|\d{1,4}\. [A-Za-z]?\d[\d–-]*\.?(?:\s|$)"
)
_NUMBERED = re.compile(_ISSUE)
_DIGIT = re.compile(r"\d")
_VOLUME_WORD = re.compile(r"[\s,.]*\b[Vv]ol(?:ume)?$")
_LONGEST_NAME = 110
# The journal of "Lee M, 2011, Obes Rev, PMID 1": alone between commas, up to the identifier.
_LISTED_JOURNAL = re.compile(r",? [(\[]?(?:19|20)\d\d[a-z]?[)\]]?,\s+([A-Z][A-Za-z&.' ]{1,60}?)\s*(?:[,;]|$)")
# A key of a library or a title in quotes may stand before the authors.
_BEFORE_REFERENCE = re.compile(r"(?:\[?@[\w:.-]+\]?\s*(?:[—–:-]\s+)?|- |[\"“„][^\"“”„]{12,400}[\"”“][\s,.;]*)")
_BEFORE_AUTHORS = frozenset('[@-"“„')
_REFERENCE_NEXT = re.compile(r"[\s,]*(?:[(\[]?(?:19|20)\d\d|et al)|[.:] [A-Z\"“]")
_JOINTS = " ,;:.("
_STRICT_JOURNAL = re.compile(
    rf"(?P<journal>{_DOTTED_NAME}|{_PLAIN_NAME})[.,]?\s+(?:(?:19|20)\d\d(?: [A-Z][a-z]{{2}})?(?: \d{{1,2}})?\s?;\s?\d|"
    r"\d{1,4}(?:\(\w+\))?[,:] ?e?\d[\w–-]*,? \((?:19|20)\d\d\))"
)
_WHOLE_NAME = re.compile(rf"(?:{_DOTTED_NAME}|{_PLAIN_NAME})")
_NOT_JOURNAL = re.compile(
    r"\b(?:et al|verified|phase|aged?|days?|weeks?|months?|model|fig|figs?|figure|tables?|archive|pdf|study|trial|"
    r"published|"
    r"preprint|section|chapter|appendix|doi|pmid|nct|accessed|note|see|source data|supplement(?:ary|al)?|version|"
    r"release|"
    r"retrieved|updated|vol|volume|corrected|correction|retracted|retraction|errat(?:um|a)|corrigendum|concern)\b",
    re.IGNORECASE,
)
_JOURNAL_WORDS = 12
_ITALIC = re.compile(r"(?<!\*)[*_]([A-Z][^*_\n]{1,90}|npj [^*_\n]{1,40}|[a-z][A-Z][^*_\n]{1,40})[*_](?!\*)")
_STRONG = re.compile(r"\*\*([A-Z][^*\n]{1,90})\*\*")
_NUMBER_NEXT = re.compile(r"[,;.]?\s*[*_]{0,2}\(?\d")
_SPECIES = re.compile(r"[A-Z]\. [a-z]+|[A-Z][a-z]+ [a-z]+")
_NAME_TO_END = re.compile(r"([A-Z][A-Za-z&.:' -]{2,60})")
_YEAR_THEN_NAME = re.compile(r"[\s(]*(?:et al\.?)?[\s,(]*(?:19|20)\d\d\)?[\s.,:;]*")
_STOP = re.compile(r"[.?!][\"”’']?\s+(?=[A-Z0-9\"“a-z])")
_IDENTIFIER = re.compile(r"\b(?:doi\b|DOI\b|https?:|PMID|pmid|PMC\d|PMCID|arXiv)|#[a-z]|\[\[|\n\n")
_TITLE_MOST = 400
_TITLE_LEAST_WORDS = 3
# A title as Harvard's style has it: in single quotes, with a comma before the journal.
_SINGLE_QUOTED = re.compile(r"['‘]([A-Z0-9][^'’\n]{1,300}(?:['’]\w[^'’\n]{0,200}){0,3})['’][,.]\s+")
# "Title of it. n = 12. Nature 2011": the number is the curator's.
_COUNT_BEHIND = re.compile(r"[.;] [nN] ?=")
# One-word journals that could be a surname before a year; the endings are those of journals, not of people.
_ONE_WORD = frozenset({
    "nature", "science", "cell", "blood", "brain", "lancet", "pnas", "jama", "bmj", "nejm", "elife", "circulation",
    "neuron", "immunity", "diabetes", "gut", "cancer", "bone", "aging", "cells", "nutrients", "stroke", "heart",
    "chest", "pain", "sleep", "genes", "autophagy", "development", "evolution", "medicine", "molecules",
    "hypertension", "cureus", "plos", "geroscience", "maturitas", "menopause", "thorax", "thyroid", "placenta",
    "vaccine", "structure", "leukemia", "lupus", "obesity", "peptides", "viruses", "antioxidants", "biomolecules",
    "biomedicines", "biomaterials", "oncogene", "oncotarget", "redox", "sensors", "spine", "eye", "skin", "hear",
    "chaos", "small", "soft", "health", "age", "ageing", "injury", "epilepsia", "cephalalgia", "cortex", "appetite",
    "birth", "burns",
})  # fmt: skip
# Words of journals' titles, most of them shortened as ISO 4 has it; an institution or a cohort has none of them.
_TITLE_WORDS = frozenset({
    "J", "Rev", "Res", "Med", "Sci", "Biol", "Clin", "Am", "Ann", "Arch", "Acta", "Proc", "Nat", "Int", "Eur",
    "Br", "Curr", "Opin", "Exp", "Mol", "Biochem", "Biophys", "Physiol", "Pharmacol", "Immunol", "Neurosci",
    "Neurol", "Genet", "Endocrinol", "Metab", "Journal", "Reports", "Rep", "Commun", "Communications", "Lett",
    "Letters", "PLoS", "PLOS", "BMC", "BMJ", "JAMA", "Front", "Frontiers", "Oncol", "Cardiol", "Nutr", "Obes",
    "Geriatr", "Gerontol", "Gerontology", "Aging", "Ageing", "Epidemiol", "Surg", "Chem", "Acad", "Natl",
    "Nature", "Lancet", "Trends", "Annu", "Bull", "Adv", "Dis", "Microbiol", "Psychiatr", "Psychol", "Toxicol",
    "Dermatol", "Nephrol", "Hepatol", "Gastroenterol", "Rheumatol", "Ophthalmol", "Stem", "Genomics",
    "Proteomics", "Reviews", "Annals", "Archives", "Proceedings", "Virol", "Malar", "Dent", "Thromb", "Orthop",
})  # fmt: skip
_JOURNAL_ENDING = re.compile(
    r"(?:olog(?:y|ica|ia)|ics|ation|osis|ome|iatry|therapy|ism|istry|neurosci|science|sciences)$"
)


class _Reference(NamedTuple):
    title: str | None
    journal: str | None
    year: int | None


class _Source(NamedTuple):
    authors: tuple[str, ...]
    reference: _Reference


def read_bibliography(note: Note, parts: Parts, labels: dict[str, str]) -> None:
    """Fill in authors, journal, year and title of a note."""
    quoted = '"' in note.text or "“" in note.text or "„" in note.text
    title = labels.get("title")
    if title is None and quoted:
        title = _quoted_title(parts.plain)
    note.title = _without_status(title) if title else None
    note.journal = labels.get("journal")
    if "year" in labels and (year := _YEAR.search(labels["year"])):
        note.year = int(year.group(1))
    if "author" in labels:
        note.authors = tuple([name.strip() for name in re.split(r";|,(?! [A-Z]\.)", labels["author"]) if name.strip()])
    if parts.prose and labels.keys() <= {"n"}:
        _read_prose(note, parts)
    else:
        _read_rows(note, parts, labels, quoted=quoted)


def _read_rows(note: Note, parts: Parts, labels: dict[str, str], *, quoted: bool) -> None:
    previous, begins = "", True
    preprint = "preprint" in note.text
    starts = _STARTS_BY_INITIAL
    for raw, plain in zip(parts.raw, parts.plain, strict=True):
        if note.authors and note.journal and note.year:
            return
        # Names, journals and years begin large or with a figure, and "van der Berg" not far from it.
        initial = plain[:1]
        if "a" <= initial <= "z":
            if not (initial in starts and plain.startswith(starts[initial])) and not (preprint and "preprint" in plain):
                continue
        elif plain.startswith(_NEVER):
            continue
        if labels and ":" in plain[:_LABEL_END] and plain.partition(":")[0].lower() in _LABELS:
            continue
        authors = note.authors
        if begins and not authors and len(plain) < _LONGEST_LONE and (names := _lone_names(plain, parts.plain)):
            note.authors = names
        else:
            _read_part(note, raw, plain, previous, quoted=quoted, begins_note=begins)
        # What names the authors is no journal.
        previous, begins = plain if note.authors is authors else "", False


_LABEL_END = 14
_LABELS = frozenset({
    "model", "finding", "findings", "key finding", "key findings", "organism", "species", "title", "journal", "year",
    "author", "authors", "result", "conclusion",
})  # fmt: skip
# Identifiers, links and tags hold none of these.
_NEVER = ("PMID", "PMC", "DOI", "[[", "#", "http")
_SMALL_STARTS = (
    "van ", "von ", "vom ", "zu ", "zur ", "de ", "der ", "den ", "del ", "della ", "di ", "da ", "dal ", "dos ", "du ",
    "des ", "la ", "le ", "ter ", "ten ", "te ", "el ", "al ", "d'", "d’", "l'", "l’", "eLife", "npj ", "iScience",
    "mBio", "bioRxiv", "medRxiv",
)  # fmt: skip
_STARTS_BY_INITIAL = {
    initial: tuple([start for start in _SMALL_STARTS if start[0] == initial])
    for initial in {start[0] for start in _SMALL_STARTS}
}


# A year is not shorter, nor a journal with a number.
_SHORTEST = 4


_LONGEST_LONE = 50
_LONE_NAMES = re.compile(r"[A-ZÀ-ÖØ-Þ][a-zß-ÿ][^\W\d_]*(?:[-'’][^\W\d_]+)*(?: (?:&|and) [A-ZÀ-ÖØ-Þ][a-zß-ÿ][^\W\d_]*)?")


def _lone_names(part: str, parts: list[str]) -> tuple[str, ...]:
    """Return the one or two surnames that are all of a part, with nothing but a year in the next one.

    >>> _lone_names("Lee", ["Lee", "2020"]), _lone_names("Nature", ["Nature", "2020"])
    (('Lee',), ())
    """
    if not _LONE_NAMES.fullmatch(part):
        return ()
    behind = parts.index(part) + 1
    if behind == len(parts) or not _ONLY_YEAR.fullmatch(parts[behind]):
        return ()
    names = re.split(" (?:&|and) ", part)
    return () if any(map(_is_journal_word, names)) or _is_attribute(part) else tuple(names)


def _is_attribute(part: str) -> bool:
    """Tell whether a part says what was studied and how: "Mouse", "Cohort", "Verified"."""
    return bool(read_designs([part])[0] or read_organisms([part]) or _NOT_JOURNAL.search(part))


def _read_part(note: Note, raw: str, plain: str, previous: str, *, quoted: bool, begins_note: bool) -> None:
    """Fill in what one part of a row states."""
    bare = _QUOTED.sub(" ", plain) if quoted and ('"' in plain or "“" in plain) else plain
    rest = bare
    # Names are not in italics, journals are.
    if not note.authors and (raw[:1] not in "*_" or raw.startswith("**")):
        names, rest = read_authors(bare, begins_note=begins_note)
        if names and _is_journal_not_author(names, raw, rest):
            names, rest = (), bare
        note.authors = names
        if names and len(rest) > _TITLE_LEAST:
            reference = _read_reference(rest, raw)
            note.title = note.title or reference.title
            note.journal = note.journal or reference.journal
            note.year = note.year or reference.year
    if len(rest) < _SHORTEST:
        return
    if note.journal is None:
        note.journal = _journal_of_part(raw if bare is plain else _QUOTED.sub(" ", raw), rest)
    if note.year is None and ("19" in rest or "20" in rest):
        note.year = _year_of_part(rest, has_journal=note.journal is not None and note.journal in plain)
        if (
            note.year
            and note.journal is None
            and previous
            and _ONLY_YEAR.fullmatch(rest)
            and _is_journal_name(previous)
            and not (not note.authors and " " not in previous and _is_attribute(previous))
        ):
            note.journal = previous.strip(" .,")


def _read_prose(note: Note, parts: Parts) -> None:
    """Fill in what a note in prose states: it begins with authors, or with a journal, its year and volume."""
    written = parts.text
    text = " ".join(parts.plain) if len(parts.plain) == 1 else " ".join(written.replace("**", "").split())
    if cut := _IDENTIFIER.search(text):
        text = text[: cut.start()]
    plain = text.replace("*", "").replace("_", "")
    if plain[:1] in _BEFORE_AUTHORS and (before := _BEFORE_REFERENCE.match(plain)):
        plain = plain[before.end() :]
    names, rest = read_authors(plain, begins_note=True)
    if len(names) == 1 and rest[:1] in {".", ":"} and (source := _source_of_other_form(plain, rest, text)):
        _fill_in(note, *source)
        return
    if names and (_is_journal_not_author(names, text, rest) or _is_species(names, rest)):
        names, rest = (), plain
    # Beside a notice stands what it is of, and that is the work.
    if (notice := _NOTICE_OF.search(plain)) and (others := read_authors(plain[notice.end() :], begins_note=True))[0]:
        names, rest = others
    whole = plain
    if not names and len(parts.plain) > 1:
        plain = _behind_attributes(plain, parts.plain)
        names, rest = read_authors(plain)
        if len(names) == 1 and not _REFERENCE_NEXT.match(rest):
            names, rest = (), plain
    if not names:
        strict = _STRICT_JOURNAL.match(plain)
        if strict and not _NOT_JOURNAL.search(strict.group("journal")):
            note.journal = note.journal or strict.group("journal").strip(" .,;:(")
            note.year = note.year or _first_year(strict.group())
            return
        if source := _source_behind_title(whole) or _source_of_full_names(whole, text):
            _fill_in(note, *source)
        return
    if note.title is not None:
        rest = _QUOTED.sub(" ", rest)
    _fill_in(note, names, _read_reference(rest, written[: cut.start() + len(written) - len(text)] if cut else written))


_SPECIES_BEHIND = re.compile(r"\. [a-z]{4,}[ ,]")
_ONE_INITIAL = re.compile(r" [A-Z]$")


def _is_species(names: tuple[str, ...], rest: str) -> bool:
    """Tell whether a single name is of a sentence with a species: "Engineering E. coli for ..."."""
    return len(names) == 1 and bool(_SPECIES_BEHIND.match(rest) and _ONE_INITIAL.search(names[0]))


def _source_of_other_form(text: str, rest: str, raw: str) -> _Source | None:
    """Return what a note states whose first words only look like an author: "Joshua E. Barker", "Embodied AI: ..."."""
    return _source_of_full_names(text, raw) if rest[0] == "." else _source_behind_title(text)


def _fill_in(note: Note, authors: tuple[str, ...], reference: _Reference) -> None:
    note.authors = note.authors or authors
    note.title = note.title or reference.title
    note.journal = note.journal or reference.journal
    note.year = note.year or reference.year


# What begins a reference behind a title: its stop, a dash, a bracket.
_BEHIND_TITLE = re.compile(r"(?:[.?!][\"”’']?\s+|\s[—–-]\s|\s\()(?=[A-ZÀ-ÖØ-Þ]|(?:van|von|de|di|da) )")
_MOST_PLACES = 8
_ONLY_NUMBERS = rf"(?:[\W\d_]|\b(?:pp?|[Vv]ol|[Nn]o|[A-Za-z]\d+|{_MONTH})(?=[\W\d]))*"
_JOURNAL_TO_END = re.compile(rf"({_DOTTED_NAME}|{_PLAIN_NAME})(?=[\W\d])({_ONLY_NUMBERS})")
# What is said of another work, which the identifier behind it may or may not name.
_OF_ANOTHER = re.compile(
    r"\W*(?:comment|commentary|reply|response|editorial|letter|erratum|corrigendum|correction|retraction|withdrawal|"
    r"expression of concern)\b|.*\b(?:see|see also|cf|by|of|with|from|to|in|than|unlike|and|or|as|after|e\.g|i\.e)\W*$",
    re.IGNORECASE | re.DOTALL,
)


def _source_behind_title(text: str) -> _Source | None:
    """Return authors, journal and year of a note that begins with a title, or None.

    They must be all that stands between the first words and the identifier. The words before them may be what a reader
    found in the work as well as its title, so there is none.

    >>> _source_behind_title("Waves on a beach. Pujara N, et al. Coast Eng. 2020;158:1. ").reference.journal
    'Coast Eng'
    """
    if len(text) > _LONGEST_REFERENCE or ("19" not in text and "20" not in text):
        return None
    for place in islice(_BEHIND_TITLE.finditer(text, _TITLE_LEAST, _TITLE_MOST), _MOST_PLACES):
        behind = text[place.end() :]
        names, rest = read_authors(behind)
        is_sure = len(names) > 1 or (names and _has_initials(names[0]))
        if not names or not (is_sure or "et al" in behind[: len(behind) - len(rest)]):
            continue
        if len(rest) > _LONGEST_SOURCE or _OF_ANOTHER.match(text[: place.start()]):
            return None
        first = _YEAR_FIRST.match(rest)
        found = _JOURNAL_TO_END.fullmatch(rest, first.end() if first else len(rest) - len(rest.lstrip(_JOINTS)))
        year = int(first.group(1)) if first else found and _first_year(found.group(2))
        if found and year and _is_journal_name(journal := found.group(1).rstrip(_JOINTS)):
            return _Source(names, _Reference(None, journal, year))
        return None
    return None


_LONGEST_REFERENCE = 3000
_LONGEST_SOURCE = 200
_LONGEST_INITIALS = 4
_NO_INITIALS = frozenset({"II", "III", "IV", "UK", "US", "USA", "EU", "NZ", "ONE"})


def _has_initials(name: str) -> bool:
    *family, last = name.replace("-", "").split(" ")
    return bool(family) and last.isupper() and len(last) <= _LONGEST_INITIALS and last not in _NO_INITIALS


def _source_of_full_names(text: str, raw: str) -> _Source | None:
    """Return what a reference states whose authors have their given names in full and first, or None.

    Words with capitals are names where title, journal and year follow. One name may be a heading, and the sentence
    behind it no title.
    """
    names, rest = read_full_names(text)
    if not names or _is_attribute(text[: len(text) - len(rest)]) or any(map(_is_of_journal_words, names)):
        return None
    is_dated = _YEAR_FIRST.match(rest) is not None
    reference = _read_reference(_QUOTED.sub(" ", rest) if is_dated else rest, raw)
    if len(names) > 1 and is_dated:
        return _Source(names, reference)
    if reference.journal is None or reference.year is None or (len(names) == 1 and reference.title is None):
        return None
    return _Source(names, reference if len(names) > 1 else reference._replace(title=None))


def _is_of_journal_words(name: str) -> bool:
    return all(map(_is_journal_word, name.split()))


def _behind_attributes(text: str, parts: list[str]) -> str:
    """Return a note in prose from the first sentence that states neither a design nor an organism."""
    for index, part in enumerate(parts):
        if not (read_designs([part])[0] or read_organisms([part])):
            begin = text.find(part.replace("*", "").replace("_", "")) if index else 0
            return text[begin:] if begin > 0 else text
    return text


def _read_reference(rest: str, raw: str) -> _Reference:
    """Return what stands behind the authors of a reference: year, title, journal, year, in one of the usual orders.

    Args:
        rest: the text behind the authors, without markup.
        raw: the note with its markup: what is in italics before a number is the journal.
    """
    rest = rest[: 2 * _TITLE_MOST]
    first = _YEAR_FIRST.match(rest)
    year = int(first.group(1)) if first else None
    begin = first.end() if first else len(rest) - len(rest.lstrip(" .,;:("))
    if (quoted := _SINGLE_QUOTED.match(rest, begin)) and (name := _journal_at(rest, quoted.end())):
        return _Reference(quoted.group(1), name, year or _first_year(rest[quoted.end() + len(name) :][:80]))
    found = _find_journal(rest, begin, raw)
    if found is None:
        listed = _LISTED_JOURNAL.match(rest) if first and rest.startswith((", ", " ")) else None
        name = listed.group(1) if listed else None
        return _Reference(None, name if name and _is_known_journal(name) else None, year)
    journal, start, end = found
    title = rest[begin:start].strip(' .,;:"“”*_') if start > begin else None
    if title is not None and (number := _COUNT_BEHIND.search(title)):
        title = title[: number.start()]
    if title is not None and not (
        len(title.split()) >= _TITLE_LEAST_WORDS and len(title) <= _TITLE_MOST and title[:1].isalnum()
    ):
        title = None
    return _Reference(_without_status(title) if title else None, journal, year or _first_year(rest[end : end + 80]))


def _find_journal(rest: str, begin: int, raw: str) -> tuple[str, int, int] | None:
    """Return the journal of a reference and where it stands: in italics before a number, or a name before one."""
    for pattern in (_ITALIC, _STRONG):
        for italic in pattern.finditer(raw) if "*" in raw or "_" in raw else ():
            name = italic.group(1).strip(" .,")
            place = rest.find(name, begin)
            if place >= 0 and _NUMBER_NEXT.match(raw, italic.end()) and _is_journal_name(name):
                return name, place, place + len(name)
    places = [begin, *(stop.end() for stop in _STOP.finditer(rest, begin))]
    for place in places:
        if name := _journal_at(rest, place):
            return name, place, place + len(name)
    return None


def _journal_at(text: str, begin: int) -> str | None:
    """Return the name of a journal that begins there, with nothing but signs between it and its first number."""
    digit = _DIGIT.search(text, begin, begin + _LONGEST_NAME)
    if digit is None or digit.start() == begin or text[digit.start() - 1] not in _JOINTS:
        return None
    if not _NUMBERED.match(text, digit.start()):
        return None
    name = text[begin : digit.start()].rstrip(_JOINTS)
    if name[-3:].lower() in {"vol", "ume"}:
        name = _VOLUME_WORD.sub("", name)
    return name if name[1:2] and name != "Part" and _is_journal_name(name) else None


def _first_year(text: str) -> int | None:
    years = _YEAR.search(_DATE.sub(" ", text)) if "19" in text or "20" in text else None
    return int(years.group(1)) if years else None


def _is_journal_name(name: str) -> bool:
    return (
        _WHOLE_NAME.fullmatch(name) is not None
        and len(name.split()) <= _JOURNAL_WORDS
        and not _NOT_JOURNAL.search(name)
    )


def _is_known_journal(name: str) -> bool:
    """Tell whether a name without volume is a journal's: known in one word, or with a word of such titles."""
    words = name.replace(".", "").split()
    if len(words) == 1:
        return name.lower() in _ONE_WORD or _JOURNAL_ENDING.search(name) is not None
    return _is_journal_name(name) and not _TITLE_WORDS.isdisjoint(words)


def _is_journal_not_author(names: tuple[str, ...], raw: str, rest: str) -> bool:
    """Tell whether a single name is a journal: before a year in italics, in capitals or known; "EMBO J" everywhere."""
    name = names[0]
    if name.endswith(" J") and len(names) == 1 and (not rest.strip(" .") or _YEAR_NEXT.match(rest)):
        # "EMBO J", "Eur Heart J": but "Lee J".
        return any(word.isupper() or _is_journal_word(word) for word in name.split()[:-1])
    if " " in name or not _YEAR_NEXT.match(rest):
        return False
    return name.isupper() or _is_journal_word(name) or raw.startswith((f"*{name}*", f"_{name}_"))


def _is_journal_word(word: str) -> bool:
    return word in _TITLE_WORDS or word.lower() in _ONE_WORD or _JOURNAL_ENDING.search(word) is not None


def _quoted_title(parts: list[str]) -> str | None:
    """Return the first quotation that stands where a title does; other quotations are words of the work."""
    for part in parts:
        for quoted in _QUOTED.finditer(part) if '"' in part or "“" in part or "„" in part else ():
            title = quoted.group(1).strip(" .,;")
            if len(title) < _TITLE_LEAST or not (title[0].isalnum() or title[0] in "'‘[") or "a" <= title[0] <= "z":
                continue
            if quoted.start() == 0 or _BEFORE_TITLE.search(part, max(0, quoted.start() - 12), quoted.start()):
                return title
            break
    return None


def _without_status(title: str) -> str:
    status = _STATUS.match(title)
    return title[status.end() :] if status else title


def _journal_of_part(raw: str, rest: str) -> str | None:
    """Return the journal of a part: in italics beside a year or volume, or a name before them."""
    for italic in _ITALIC.finditer(raw) if "*" in raw or "_" in raw else ():
        behind = raw[italic.end() : italic.end() + 40]
        if _NUMBER_NEXT.match(behind) or not behind.strip(" *_.,") or _YEAR.search(raw[: italic.start()]):
            name = italic.group(1).strip(" .,")
            return name if not _SPECIES.fullmatch(name) else None
    begin = 0
    if rest[:1] in " ,.;:(" and (joint := _YEAR_THEN_NAME.match(rest)):
        begin = joint.end()
        tail = _NAME_TO_END.fullmatch(rest, begin)
        if tail and not _NOT_JOURNAL.search(tail.group(1)):
            return tail.group(1).strip(" .,")
    while rest[begin : begin + 1] in _OPENINGS:
        begin += 1
    return _journal_at(rest, begin)


_OPENINGS = frozenset(_JOINTS)


def _year_of_part(part: str, *, has_journal: bool) -> int | None:
    """Return the year of publication: alone in its part, or beside the journal, authors or the word preprint."""
    years = _YEAR.search(_DATE.sub(" ", part) if "-" in part else part)
    if years is None:
        dated = _DATE.search(part) if has_journal else None
        return int(dated.group(1)[:4]) if dated else None
    alone = has_journal or _ONLY_YEAR.fullmatch(part) or _PREPRINT.search(part) or _YEAR_NEXT.match(part)
    return int(years.group(1)) if alone else None
