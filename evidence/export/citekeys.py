"""The short keys of works in exports: made once by a formula, kept in the database, never given to another work."""

from __future__ import annotations

import functools
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.errors import ConfigError, EvidenceError
from evidence.export.keyforms import is_good_key
from evidence.records import AuthorName, Reference
from evidence.store import models
from evidence.store.among import among
from evidence.store.inserting import inserting
from evidence.store.libraries import list_reserved_keys, list_wanted_keys
from evidence.store.pruning import NO_WORK
from evidence.vocabulary import Scheme

PARTS = ("family", "year", "word")
FORMULA = "{family}{year}{word}"
# In place of a formula: the key of the footnote, where that names the work and no other.
NOTE = "note"
# What may stand between the parts of a formula.
_JOINTS = ":._+/-"
_SIGNS = re.compile(rf"([{_JOINTS}])[{_JOINTS}]+")
_NO_SIGN = re.compile(rf"[^A-Za-z0-9{_JOINTS}]")
# As `owner_columns` has the last three.
_COLUMNS = ("folded", "key", "is_alias", "work_id", "scheme", "value")
_MAX_PART_CHARS = 30
_MAX_AHEAD = 500
# Latin letters that Unicode does not take apart, by what libraries and passports write for them.
_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "ı": "i",
        "ŋ": "n",
        "ŧ": "t",
        "ĸ": "k",
        "ə": "e",
        "ɓ": "b",
        "ɗ": "d",
        "ƒ": "f",
        "ƙ": "k",
        "ɔ": "o",
        "ɛ": "e",
    },
)
_MARKUP = re.compile(r"</?(?:i|em|b|sub|sup|scp)>")
_WORD = re.compile(r"[^\W_]+")
_STOP_WORD_LINES = """
    a an and are as at be by can do does for from has have how in into is it its of on or s that the their to was were
    what when which who why with
    das den der des die ein eine im
    la le les l un une de du
    el las los il lo gli
    de det
"""
_STOP_WORDS = frozenset(_STOP_WORD_LINES.split())


class KeyedWork(NamedTuple):
    """What a key is made of. `identifiers` has one value a scheme at most."""

    author: AuthorName | None
    year: str | None
    title: str | None
    identifiers: Mapping[str, str]


def make_citekey(work: KeyedWork, formula: str) -> str:
    """Return the key that the formula gives a work: parts in lower-case ASCII letters and digits, and its own signs.

    A work without any name, or whose first one is not written in Latin letters, is named after its identifier: a
    guessed romanization would be wrong as often as right.

    Args:
        work: the first author, or editor where it has no author, the year, the title, and the identifiers.
        formula: with `{family}`, `{year}` and `{word}`, the first significant word of the title.

    Raises:
        ConfigError: the formula has another name in it, or none at all.

    >>> heart = KeyedWork(AuthorName("Ørsted", "A."), "2020", "On the <i>heart</i>", {"pmid": "12345"})
    >>> make_citekey(heart, "{family}{year}{word}")
    'orsted2020heart'
    >>> make_citekey(heart._replace(author=AuthorName("山田")), "{family}{year}{word}")
    'pmid12345'
    """
    return make_named_key(work, formula) or make_identifier_key(work.identifiers)


def make_named_key(work: KeyedWork, formula: str) -> str | None:
    """Return the key that the formula gives a work by its name; None where it has none in Latin letters.

    Raises:
        ConfigError: the formula has another name in it, or none at all.
    """
    check_formula(formula)
    formula = FORMULA if formula == NOTE else formula
    family = _family(work.author)
    if not family:
        return None
    key = formula.format(family=_bare(family), year=work.year or "", word=_first_word(work.title or ""))
    # Signs around a part that a work lacks would stand together, or at an end.
    return _SIGNS.sub(r"\1", key).strip(_JOINTS) or None


def make_identifier_key(identifiers: Mapping[str, str]) -> str:
    """Return the key of a work that cannot be named after anybody.

    >>> make_identifier_key({"doi": "10.1000/x", "pmid": "12"}), make_identifier_key({})
    ('pmid12', 'work')
    """
    for scheme in (Scheme.PMID, Scheme.DOI, Scheme.PMCID):
        if value := identifiers.get(scheme):
            return _bare(value if scheme is Scheme.PMCID else scheme + value)[: 2 * _MAX_PART_CHARS]
    return "work"


@functools.cache
def check_formula(formula: str) -> None:
    """Refuse a formula that names anything but the parts of a key.

    Raises:
        ConfigError: with the part that is not known.
    """
    if formula == NOTE:
        return
    hint = 'write [export] citekey with {family}, {year} and {word}, such as "{family}{year}{word}", or "note"'
    try:
        parts = list(string.Formatter().parse(formula))
    except ValueError as error:
        raise ConfigError(f"`export.citekey`: {formula!r} cannot be read: {error}", hint) from error
    names = [name for _, name, _, _ in parts if name is not None]
    if odd := _NO_SIGN.search("".join(literal for literal, *_ in parts)):
        raise ConfigError(f"`export.citekey`: not every program takes {odd[0]!r} in a key", hint)
    for _, name, form, conversion in parts:
        if name is not None and (name not in PARTS or form or conversion):
            raise ConfigError(f"`export.citekey`: {{{name}}} is not a part of a key", hint)
    if not names:
        raise ConfigError(f"`export.citekey`: {formula!r} gives every work the same key", hint)


# Names and words come again and again.
@functools.lru_cache(1 << 13)
def fold(text: str) -> str | None:
    """Return a text in lower-case ASCII letters and digits, or None where a letter has no such form.

    >>> fold("Müller-Łoś"), fold("O'Brien"), fold("Иванов") is None
    ('mullerlos', 'obrien', True)
    """
    if text.isascii() and text.isalnum():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    # Modifier letters stand for sounds that Latin spelling leaves out, such as the okina of "Paʻu".
    letters = "".join(char for char in apart if char.isalnum() and unicodedata.category(char) != "Lm")
    return letters if letters.isascii() else None


@functools.lru_cache(1 << 12)
def letters_for(number: int) -> str:
    """Return the ending of the nth work that clashes: a, b, ... z, aa, ab; nothing for 0.

    >>> [letters_for(number) for number in (0, 1, 26, 27)]
    ['', 'a', 'z', 'aa']
    """
    ending = ""
    while number:
        number, rest = divmod(number - 1, 26)
        ending = chr(ord("a") + rest) + ending
    return ending


class Clashes:
    """The endings that keys have had, kept from batch to batch so that none is tried twice."""

    def __init__(self) -> None:
        self.used: dict[str, int] = {}


def lock_citekeys(session: Session) -> None:
    """Keep others from giving keys until the transaction ends: two at once would give one key twice."""
    # SQLite has one writer anyway.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("LOCK TABLE citekey IN SHARE ROW EXCLUSIVE MODE"))


def assign_citekeys(session: Session, works: Sequence[tuple[int | Reference, str]], clashes: Clashes) -> None:
    """Write a key for each of these works, which have none yet.

    Args:
        session: in a transaction that writes.
        works: their numbers, each with the key that the formula gives it, in the order of their identifiers; a work
            that is not stored is named by an identifier.
        clashes: of the batches before; filled here.
    """
    # BibTeX takes keys that differ in case for one.
    names = {base.lower(): base for _, base in works}
    works = [(work_id, base.lower()) for work_id, base in works]
    wanted = Counter(base for _, base in works)
    taken = _find_taken(session, set(wanted))
    # The endings that this batch will need are looked up together, not one by one.
    checked = {base: clashes.used.get(base, 0) + count for base, count in wanted.items() if count > 1 or base in taken}
    endings = {key for base, last in checked.items() for key in _endings(base, clashes.used.get(base, 0), last)}
    taken |= _find_taken(session, endings)
    rows = []
    for work_id, base in works:
        key = base
        while key in taken:
            number = clashes.used[base] = clashes.used.get(base, 0) + 1
            if number > checked.get(base, 0):
                # Looks ahead further each time: a thousand may be taken.
                checked[base] = min(2 * number, number + _MAX_AHEAD)
                taken |= _find_taken(session, set(_endings(base, number - 1, checked[base])))
            key = base + letters_for(number)
        taken.add(key)
        rows.append((key, names[base] + key[len(base) :], False, *owner_columns(work_id).values()))
    inserting(session.connection(), models.Citekey, _COLUMNS)(rows)


def owner_columns(owner: int | Reference) -> dict[str, object]:
    """Return the columns of a key that say whose it is: a stored work's, or that of an identifier without a work.

    >>> owner_columns(7), owner_columns(Reference(Scheme.PMID, "12"))["value"]
    ({'work_id': 7, 'scheme': None, 'value': None}, '12')
    """
    if isinstance(owner, Reference):
        return {"work_id": NO_WORK, "scheme": owner.scheme.value, "value": owner.value}
    return {"work_id": owner, "scheme": None, "value": None}


def rename_citekey(session: Session, old: str, new: str) -> None:
    """Give a work another key; the old one stays its alias and is never given to another work.

    Args:
        session: in a transaction that writes.
        old: a key of the work, in upper or lower case.
        new: the key to write from now on; it may be an alias of the same work.

    Raises:
        EvidenceError: no work has the old key, or the new one cannot be had.
    """
    owner = find_owner(session, old)
    if owner is None:
        raise EvidenceError(f"no work has the key {old}", "look it up in the exported file; keys come with an export")
    if not is_good_key(new):
        raise EvidenceError(
            f"{new}: not every program takes this key", "use ASCII letters, digits and . : + / -, and a letter at least"
        )
    table = models.Citekey
    is_taken = session.scalar(sa.select(table.folded).where(table.folded == new.lower())) is not None
    if is_taken and find_owner(session, new) != owner:
        raise EvidenceError(f"{new}: another work has or had this key", "keys are never given again; choose another")
    if not is_taken and new.lower() in list_reserved_keys(session):
        raise EvidenceError(
            f"{new}: an entry without an identifier has this key in a library", "choose another, or mend that entry"
        )
    set_citekey(session, owner, new)


def find_owner(session: Session, key: str) -> int | Reference | None:
    """Return whose a key is: a stored work's number, or an identifier without a work; None where it is nobody's."""
    table = models.Citekey
    row = session.execute(
        sa.select(table.work_id, table.scheme, table.value).where(table.folded == key.lower())
    ).one_or_none()
    if row is None or not (row.work_id or row.scheme):
        return None
    return row.work_id or Reference(Scheme(row.scheme), row.value)


def set_citekey(session: Session, owner: int | Reference, key: str) -> None:
    """Make a key, which no other work has, the one of a work; its other keys become aliases."""
    table = models.Citekey
    columns = {name: value for name, value in owner_columns(owner).items() if value is not None}
    is_own = sa.and_(*(getattr(table, name) == value for name, value in columns.items()))
    session.execute(sa.update(table).where(is_own).values(is_alias=True))
    session.execute(sa.delete(table).where(table.folded == key.lower()))
    session.execute(sa.insert(table), [{"folded": key.lower(), "key": key, "is_alias": False, **owner_columns(owner)}])


def _endings(base: str, used: int, last: int) -> Iterator[str]:
    return (base + letters_for(number) for number in range(used + 1, last + 1))


def _find_taken(session: Session, keys: set[str]) -> set[str]:
    if not keys:
        return set()
    connection, folded = session.connection(), models.Citekey.folded
    taken = set(connection.scalars(sa.select(folded).where(among(connection, folded, keys))))
    # What papers call another work by is not given to this one.
    return taken | list_wanted_keys(session, keys)


def _family(author: AuthorName | None) -> str | None:
    if author is None:
        return None
    if isinstance(author.family, str) and author.family:
        return (fold(author.family) or "")[:_MAX_PART_CHARS] or None
    return _first_word(author.collective) or None if isinstance(author.collective, str) else None


def _first_word(text: str) -> str:
    """Return the first word of a title that carries meaning and is written in Latin letters."""
    return next((word for word in _words(text) if word not in _STOP_WORDS), "")[:_MAX_PART_CHARS]


def _words(text: str) -> Iterator[str]:
    for match in _WORD.finditer(_MARKUP.sub("", text) if "<" in text else text):
        folded = fold(match[0])
        if folded:
            yield folded


def _bare(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text.lower()
    return "".join(char for char in text.lower() if char.isascii() and char.isalnum())
