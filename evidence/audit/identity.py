"""Does a note name the work that its identifier names? What it says against what the registry says.

Pages written in haste or by a machine cite papers that are not what they say. Only clear contradictions are told;
`docs/identity.md` says what is let pass. Journals' names are compared in `evidence.audit.journals`.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from evidence.audit.journals import is_same_journal
from evidence.audit.people import plain_letters
from evidence.audit.stored import StoredWork
from evidence.markup import bare_title
from evidence.records import AuthorName

_WORD = re.compile(r"[^\W_]+(?:[-\u2010-\u2015'’][^\W_]+)*")
_TAG = re.compile(r"<[^>]{0,80}>")
_AND_OTHERS = re.compile(r"[\s,*_]*et\s+al\b")
_LETTERS = re.compile(r"[^\W\d_]+")
# As German, Danish and Swedish write these letters where they have none.
_LONG_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_POINTS = re.compile(r"[.,]")
_STOP = re.compile(r"\.\s+")
_FAMILY_BEHIND = re.compile(r"\.? ((?:[^\W\d_]\. ?){0,2}(?:[a-z]{1,4} ){0,3}[^\W\d_]+(?:[-'’][^\W\d_]+)*)")
_NAME_JOINTS = re.compile(r"\s*[,;&]\s*|\s+and\s+")
_DASH = re.compile(r"[\s\-\u2010-\u2015]+")
_INITIALS = 3
_YEARS_APART = 1
# A preprint is often cited with the year of its article.
_YEARS_APART_PREPRINT = 3
_LEAST_TITLE_WORDS = 4
_LEAST_TITLE_SHARE = 0.34
# Measured: titles of 80 references share 0.86 and more with the registry.
_LEAST_CITED_SHARE = 0.5
_LEAST_LETTERS = 3
_LEAST_MAC = 5
_SECOND = 2
_ORDER = "order of authors"
_PARTICLES = frozenset(
    {"van", "von", "vom", "zu", "zum", "zur", "de", "der", "den", "del", "della", "dello", "dem", "di", "da", "dal",
     "dalla", "dos", "das", "do", "du", "des", "la", "le", "les", "lo", "ter", "ten", "te", "el", "al", "bin", "ibn",
     "ben", "af", "av", "d", "l", "y", "e", "st", "jr", "sr", "ii", "iii", "iv"}
)  # fmt: skip
_RUN_ON = re.compile(r"(?:van|von|vom|der|den|della|dello|del|de|di|da|dos|das|du|des|la|le|lo|ter|ten|el|al|st|d|o)+")
_MOST_RUN_ON = 10
_ROLE = re.compile(
    r"(?:[’']s?)?[\s,]*(?:(?:et al\.?|and colleagues)[\s,]*)?[(\[]?(?:the )?"
    r"(?:(?:lab|labs|laboratory|group|team)\b|(?:(?:senior|last|corresponding)(?:,| and)? ?)+author\b)"
)
_QUOTES = " \"“”„'"
_PART_BEGINS = re.compile(r"(?:[·|•\n]|\s[—–-])[\s*_]*[\"“„]\W?$")
_PART_ENDS = re.compile(r"[.,]?[\"”“][\s*_.]*(?:$|[·|•\n]|[\[(<]?(?i:doi|pmid|pmc|https?:))")
_PASSAGE = re.compile(
    r"\b(?:we|our|was|were|did|had|has|have|been|showed|shown|found|observed|significantly)\b|\b[pn] ?[<=]|"
    r"\d ?%|…|\.\.\.|\[",
    re.IGNORECASE,
)
_OPEN_QUOTE = re.compile(r"[\"“„‘']\W?$")
_TITLE_LABEL = re.compile(r"\b(?:title|titled|entitled)\b\W*$", re.IGNORECASE)
_BEFORE = 12
_SIGNS = re.compile(r"[\W_]*(?:\bin\b[\W_]*)?")
_END_OF_LATIN = "\u0250"
_SMALL_WORDS = {
    "en": frozenset({"the", "of", "and", "for", "with", "by", "from", "on", "to", "at", "is", "are", "after"}),
    "de": frozenset({"und", "der", "die", "das", "bei", "von", "zur", "zum", "mit", "des", "eine", "einer", "durch"}),
    "fr": frozenset({"et", "les", "des", "du", "la", "le", "chez", "par", "une", "au", "aux", "sur", "dans"}),
    "es": frozenset({"y", "los", "las", "el", "la", "del", "con", "por", "una", "al", "sobre", "en"}),
    "it": frozenset({"e", "il", "della", "dei", "delle", "nel", "nella", "con", "per", "una", "gli", "la", "del"}),
    "pt": frozenset({"e", "os", "dos", "das", "da", "do", "com", "em", "uma", "por", "na", "no"}),
    "nl": frozenset({"en", "het", "van", "een", "bij", "voor", "de", "op"}),
}
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "κ": "kappa", "λ": "lambda", "μ": "mu",
    "ω": "omega",
}  # fmt: skip
_SPELLINGS = (("ageing", "aging"), ("ae", "e"), ("oe", "e"), ("our", "or"), ("isation", "ization"))
_SMALL = frozenset(
    {"a", "an", "and", "as", "at", "by", "der", "des", "die", "et", "for", "from", "in", "la", "le", "of", "on", "or",
     "the", "to", "und", "with", "y"}
)  # fmt: skip
_NOT_NAMES = frozenset({"et", "al", "and", "others", "coauthors", "colleagues", "group", "consortium", "collaboration"})


def find_mismatches(stated: Mapping[str, Any], text: str, work: StoredWork) -> Iterator[str]:
    """Yield what a note says of its work and the registry contradicts: first author, year, title, journal.

    Each begins with the name of what differs. "order of authors" is the weakest: another of them is given as the first.

    Args:
        stated: what the note states, as stored.
        text: the note with its key.
        work: what the registries say of the work that its identifier names.
    """
    if (said := _wrong_author(stated.get("authors") or (), text, work)) is not None:
        yield said
    year, known = stated.get("year"), work.year
    apart = _YEARS_APART_PREPRINT if work.is_preprint else _YEARS_APART
    if isinstance(year, int) and known is not None and abs(year - known) > apart:
        yield f"year: the note says {year}, the registry {known}"
    title = str(stated.get("title") or "").strip(_QUOTES)
    if title and work.title and _is_wrong_title(title, stated, text, work):
        yield f"title: the note says “{title}”, the registry “{bare_title(work.title)}”"
    names = work.journals
    journal = stated.get("journal")
    if (
        journal
        and names
        and not work.is_preprint
        and not any(is_same_journal(one, name) for one in _readings(str(journal)) for name in names)
        and not _are_people(str(journal), stated.get("authors") or (), work)
    ):
        yield f"journal: the note says {journal}, the registry {names[0]}"


def is_of_the_work(said: str) -> bool:
    """Tell whether a mismatch may mean another work; an author in another place does not.

    >>> is_of_the_work("year: the note says 2011, the registry 2004")
    True
    """
    return not said.startswith(_ORDER)


def _wrong_author(stated: Sequence[str], text: str, work: StoredWork) -> str | None:
    """Return what is wrong with the note's first author: another of the authors, or nobody of them.

    A group that the registry names first may have had anybody as its first writer.
    """
    authors = work.authors or ()
    family = authors[0].family if stated and authors else None
    # Most notes name the family as the registry does.
    if not family or stated[0] == family or _is_another_role(stated[0], text):
        return None
    name, first = stated[0], authors[0]
    if not (_is_comparable(name) and _is_comparable(family)) or is_same_person(name, first):
        return None
    place = next((at for at, author in enumerate(authors, 1) if author.family and is_same_person(name, author)), None)
    if place is None:
        # What is read as a name may be a journal.
        is_told = (
            not _is_given_name(name, text, authors)
            and _is_surely_a_name(stated, text)
            and all(_is_comparable(one.family) for one in authors if one.family)
        )
        if not is_told or (len(stated) == 1 and _is_the_journal(name, work)):
            return None
        return f"first author: the note says {name}, the registry {family}"
    # Who shares the first place is turned round at times.
    if place == _SECOND and len(stated) > 1 and is_same_person(stated[1], first):
        return None
    return (
        f"{_ORDER}: the note says {name} first, who is author {place} of {len(authors)};"
        f" the registry says {family} first"
    )


def is_same_person(stated: str, author: AuthorName) -> bool:
    """Tell whether a name may be of an author: a part of the family name, or the given name where the parts are turned.

    Initials are not compared, but for names with turned parts: "Li M" is not "Zhang Li".

    >>> is_same_person("van der Berg M", AuthorName("Berg", "Max")), is_same_person("Wei Z", AuthorName("Zhang", "Wei"))
    (True, True)
    >>> is_same_person("Li M", AuthorName("Zhang", "Li")), is_same_person("van Dam J", AuthorName("van der Berg", "J"))
    (False, False)
    """
    words, initials = _parts_of(stated)
    family = author.family or ""
    family_words, family_initials = _parts_of(family)
    known = _forms_of(family_words)
    # "Do" and "Le" are families too.
    is_particle = len(family_words) == 1 and plain_letters(family) in _PARTICLES
    mine = _forms_of(tuple(_WORD.findall(stated)) if is_particle else words)
    if known & mine or any(_is_with_particles(one, other) for one in mine for other in known):
        return True
    given = _WORD.findall(author.given or "")
    given_words = tuple(word for word in given if not _is_initials(word))
    begins = {form[:1] for form in known}
    if len(words) == 1 and mine & _forms_of(given_words):
        said = {one.casefold() for one in initials}
        return not said or not said.isdisjoint(begins | {one.casefold() for one in family_initials})
    # "Wei Z" of "Zhang W": an initial is all that is known of the given name.
    return bool(
        not given_words
        and len(words) == 1
        and initials
        and given
        and initials[0].casefold() in begins
        and {form[:1] for form in mine} & set(given[0][0].casefold())
    )


@lru_cache(1 << 16)
def _parts_of(name: str) -> tuple[tuple[str, ...], str]:
    """Return the words of a name without particles and suffixes, and its initials run together."""
    found = _WORD.findall(name)
    words = [word for word in found if not _is_initials(word)]
    initials = "".join(word for word in found if _is_initials(word))
    if not words and found:
        # "LI X": a short name in capitals is no initial where it opens.
        words, initials = [found[0]], "".join(found[1:])
    bare = [word for word in words if plain_letters(word) not in _PARTICLES | _NOT_NAMES]
    return tuple(bare or words), unicodedata.normalize("NFKD", initials.replace("-", ""))


@lru_cache(1 << 16)
def _forms_of(words: tuple[str, ...]) -> frozenset[str]:
    """Return the forms of each word, of each half of a hyphen, and of all run together."""
    halves = {half for word in words for half in _DASH.split(word) if plain_letters(half) not in _PARTICLES}
    parts = {*words, *halves}
    forms = {form for part in (*parts, "".join(words)) for form in name_forms(part)}
    # Scottish and Irish names have it in full or cut.
    forms |= {"mc" + form[3:] for form in forms if form.startswith("mac") and len(form) > _LEAST_MAC}
    return frozenset(forms - _NOT_NAMES or forms)


def _is_with_particles(one: str, other: str) -> bool:
    """Tell whether a name is another with particles run on: "vandenberg" of "berg"."""
    short, full = (one, other) if len(one) <= len(other) else (other, one)
    if len(short) <= _LEAST_LETTERS or not full.endswith(short):
        return False
    # Particles may be read in many ways: what is longer than they are is not tried.
    before = full[: len(full) - len(short)]
    return len(before) <= _MOST_RUN_ON and _RUN_ON.fullmatch(before) is not None


def _is_comparable(name: str) -> bool:
    """Tell whether a name is in Latin letters; others are written in many ways in them."""
    forms = name_forms(name)
    return bool(forms) and all(form.isascii() for form in forms)


def _is_initials(word: str) -> bool:
    return word.replace("-", "").isupper() and len(word.replace("-", "")) <= _INITIALS


def _ends_of(name: str, text: str) -> Iterator[int]:
    # Not by a pattern: to make one for each name takes longer than all else that is asked of it.
    at = text.find(name)
    while at >= 0:
        yield at + len(name)
        at = text.find(name, at + max(len(name), 1))


def _is_another_role(name: str, text: str) -> bool:
    """Tell whether a name is given as that of a laboratory or of the last author."""
    return any(_ROLE.match(text, end) for end in _ends_of(name, text))


@lru_cache(1 << 16)
def name_forms(name: str) -> frozenset[str]:
    """Return the ways that a name is written in plain letters, umlauts as one letter and as two.

    >>> sorted(name_forms("Jørgensen")), sorted(name_forms("Mueller") & name_forms("Müller"))
    (['joergensen', 'jorgensen'], ['mueller', 'muller'])
    """
    plain = plain_letters(name)
    long = plain_letters(unicodedata.normalize("NFC", name).casefold().translate(_LONG_LETTERS))
    return frozenset({plain, long, re.sub("(?<=[aou])e", "", long)} - {""})


def _key_names(text: str, family: str) -> bool:
    """Tell whether the key of a note begins with a family name: "baker2011", and run together "bakeretal2011"."""
    key = plain_letters(text.split(" ", 1)[0])
    return any(len(form) >= _LEAST_LETTERS and key.startswith(form) for form in _forms_of(_parts_of(family)[0]))


def _is_surely_a_name(stated: Sequence[str], text: str) -> bool:
    """Tell whether the first author is no journal that was read as one: it has initials, or "et al." after it."""
    words = _WORD.findall(stated[0])
    if len(words) > 1 and len(words[-1]) <= _INITIALS and words[-1].isupper():
        return True
    # As the MLA has it: "Smith, John, et al."
    # Or with the given name in full: "Smith, John & Doe, Anna".
    if len(stated) > 1 and all(" " in one and one.replace(" ", ", ", 1) in text for one in stated[:_SECOND]):
        return True
    bare, name = _POINTS.sub("", text), _POINTS.sub("", stated[0])
    _, found, behind = bare.partition(name)
    return bool(found and _AND_OTHERS.match(behind))


def _is_given_name(name: str, text: str, authors: Sequence[AuthorName]) -> bool:
    """Tell whether what is read as a name is the given name of an author: "Joshua E" of "Joshua E. Barker"."""
    _, found, behind = text.partition(name)
    family = _FAMILY_BEHIND.match(behind) if found else None
    return family is not None and any(is_same_person(family.group(1), one) for one in authors)


def _is_the_journal(name: str, work: StoredWork) -> bool:
    """Tell whether what is read as an author is the name of the journal that the work is in ("Biochem J")."""
    return any(_is_comparable(one) and is_same_journal(name, one) for one in work.journals)


def _is_wrong_title(title: str, stated: Mapping[str, Any], text: str, work: StoredWork) -> bool:
    """Tell whether a stated title is another than the registry's.

    Quoted words in a sentence may be words of the work: they say nothing where the author fits.
    """
    if _is_cited(title, stated, text):
        return is_other_title(title, work.title or "", _LEAST_CITED_SHARE)
    authors = stated.get("authors") or ()
    people = [author for author in work.authors or () if author.family]
    fits = any(is_same_person(name, author) for name in authors[:1] for author in people) or any(
        _key_names(text, author.family or "") for author in people
    )
    return (not fits or _is_alone(title, text)) and is_other_title(title, work.title or "")


def _is_alone(title: str, text: str) -> bool:
    """Tell whether quoted words are a part of their own and no sentence of the work, as titles are.

    Measured: all 50 such quotations of 172 in a vault are titles.
    """
    at = text.find(title)
    end = at + len(title)
    return bool(_PART_BEGINS.search(text, 0, at) and _PART_ENDS.match(text, end) and not _PASSAGE.search(title))


def _readings(journal: str) -> Iterator[str]:
    """Yield what may be the name: "Foreword. Nutrition Reviews" may begin with a title of one word."""
    yield journal
    for stop in _STOP.finditer(journal):
        yield journal[stop.end() :]


def _are_people(journal: str, stated: Sequence[str], work: StoredWork) -> bool:
    """Tell whether what is read as a journal is the names of authors, of the note or of the work."""
    if journal in stated:
        return True
    people = [author for author in work.authors or () if author.family]
    return all(any(_is_all_of(name, author) for author in people) for name in _NAME_JOINTS.split(journal))


def _is_all_of(name: str, author: AuthorName) -> bool:
    """Tell whether every word of a name is one of an author: "Death" is a family, "Cell Death Dis" is none."""
    known = _forms_of((*_parts_of(author.family or "")[0], *_WORD.findall(author.given or "")))
    return is_same_person(name, author) and all(known & _forms_of((word,)) for word in _parts_of(name)[0])


def _is_cited(title: str, stated: Mapping[str, Any], text: str) -> bool:
    """Tell whether a title stands in a reference: not in quotes, or in quotes with the journal or the year behind."""
    at = text.find(title)
    if at < 0:
        # Markup or a line break stands in it, which only a reference has read across.
        return True
    if not _OPEN_QUOTE.search(text, max(0, at - 2), at):
        return True
    if _TITLE_LABEL.search(text, max(0, at - _BEFORE), at):
        return True
    behind = _SIGNS.match(text, at + len(title))
    end = behind.end() if behind else at + len(title)
    following = [str(one) for one in (stated.get("journal"), stated.get("year")) if one]
    return any(text.startswith(one, end) for one in following)


def is_other_title(stated: str, known: str, least_share: float = _LEAST_TITLE_SHARE) -> bool:
    """Tell whether two titles are clearly of two works: each says enough, and they share few words.

    A title of another language or script is no other title: PubMed translates them ("[On bones]").

    >>> is_other_title("Leptin extends the lives of old mice", "Effects of metformin on bone in aged rats")
    True
    >>> is_other_title("Metformin and bone in rats", "Effects of <i>metformin</i> on bone in aged rats")
    False
    """
    if _are_of_two_languages(stated, known):
        return False
    mine, theirs = _title_words(stated), _title_words(known)
    if min(len(mine), len(theirs)) < _LEAST_TITLE_WORDS:
        return False
    if _run_together(stated) in _run_together(known) or _run_together(known) in _run_together(stated):
        return False
    return len(mine & theirs) / min(len(mine), len(theirs)) < least_share


def _are_of_two_languages(one: str, other: str) -> bool:
    if _is_latin(one) != _is_latin(other):
        return True
    mine, theirs = _languages(one), _languages(other)
    return bool(mine and theirs and mine.isdisjoint(theirs))


def _is_latin(title: str) -> bool:
    letters = [char for char in title if char.isalpha()]
    return 2 * sum(char < _END_OF_LATIN for char in letters) >= len(letters)


def _languages(title: str) -> set[str]:
    """Return the languages that the small words of a title are of."""
    words = {word.casefold() for word in _LETTERS.findall(title)}
    return {name for name, small in _SMALL_WORDS.items() if words & small}


def _run_together(title: str) -> str:
    return "".join(filter(str.isalnum, _plain_title(title)))


def _plain_title(title: str) -> str:
    folded = unicodedata.normalize("NFKD", _TAG.sub("", html.unescape(title)).casefold())
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    for greek, latin in _GREEK.items():
        if greek in plain:
            plain = plain.replace(greek, latin)
    for british, american in _SPELLINGS:
        plain = plain.replace(british, american)
    return plain


def _title_words(title: str) -> set[str]:
    words = _WORD.findall(_plain_title(title))
    # One letter more or less at the end ("mice", "effects") makes no other word.
    return {word[:6] for part in words for word in re.split(r"[-\u2010-\u2015'’]", part) if word not in _SMALL and word}
