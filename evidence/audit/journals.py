"""May two names be of one journal? Registries, PubMed's abbreviations (ISO 4) and pages write one in many ways."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
# What stands behind is a subtitle, a section or a parallel title: "Current Biology : CB", "Acta (BBA) - Subjects".
_SUBTITLE = re.compile(r"\s*[:=;]\s*|\s+[-\u2010-\u2015]\s+|(?<=[^\W\d_]{4})\.\s+(?=\S)|,\s+")
_WORD = re.compile(r"[^\W\d_]+")
_INITIALISM = re.compile(r"[A-Z]{2,6}")
_DOTTED_INITIALS = re.compile(r"\b(?:[A-Z]\.\s?){2,}")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe"})
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ı": "i"})
# British against American, and Greek and Latin diphthongs.
_SPELLINGS = ((re.compile("[ao]e"), "e"), (re.compile("our"), "or"), (re.compile("ue"), "u"))
_SMALL = frozenset(
    {"a", "an", "and", "as", "at", "by", "de", "der", "des", "di", "die", "du", "et", "for", "from", "fur", "in", "la",
     "le", "les", "of", "on", "or", "the", "to", "und", "with", "y"}
)  # fmt: skip
# Countries and towns of publishers, which one name has and the other has not.
_PLACES = frozenset(
    {"america", "amsterdam", "england", "engl", "english", "lond", "london", "states", "uk", "united", "us", "usa"}
)
# No journal is called nothing but that: who says so names one that begins with it.
_KINDS = frozenset({"annals", "archives", "proceedings", "transactions"})
_LEAST_WORDS = 2
_LEAST_CONTRACTION = 4


class _Name(NamedTuple):
    """A journal's name: its words, and those before a subtitle, each in the forms that it may be written in."""

    words: tuple[frozenset[str], ...]
    main: tuple[frozenset[str], ...]
    initialism: str | None


def is_same_journal(stated: str, known: str) -> bool:
    """Tell whether two names may be of one journal: the same words, abbreviated or by their initials.

    Words may be missing, but a name of one word stands for itself: ISO 4 abbreviates none, and "Nature" is not
    "Nature Medicine".

    Source:
        ISO 4 and the List of Title Word Abbreviations: words are cut at the end, some are contracted.

    >>> is_same_journal("J Bone Miner Res", "Journal of Bone and Mineral Research")
    True
    >>> is_same_journal("PNAS", "Proceedings of the National Academy of Sciences"), is_same_journal("Cell", "Nature")
    (True, False)
    """
    mine, theirs = _read(stated), _read(known)
    if mine is None or theirs is None:
        return True
    if _is_initialism(mine, theirs) or _is_initialism(theirs, mine):
        return True
    return any(
        _is_part(one, other)
        for first in {mine.words, mine.main}
        for second in {theirs.words, theirs.main}
        for one, other in ((first, second), (second, first))
    )


@lru_cache(1 << 12)
def _read(name: str) -> _Name | None:
    """Return a name in parts, or None where it is in letters that are not compared."""
    bare = _BRACKETS.sub(" ", name.replace("&amp;", "&"))
    # "Proc. Natl. Acad. Sci. U.S.A."
    bare = _DOTTED_INITIALS.sub(lambda match: re.sub(r"[.\s]", "", match[0]) + " ", bare)
    words = _words(bare)
    if not words or not all(form.isascii() for forms in words for form in forms):
        return None
    significant = [word for word in _WORD.findall(bare) if _plain(word) not in _PLACES]
    alone = significant[0] if len(significant) == 1 and _INITIALISM.fullmatch(significant[0]) else None
    main = _words(_SUBTITLE.split(bare.strip(), maxsplit=1)[0])
    return _Name(words, main or words, alone.lower() if alone else None)


def _words(text: str) -> tuple[frozenset[str], ...]:
    found = [(word, _plain(word)) for word in _WORD.findall(text)]
    kept = [word for word, plain in found if plain not in _SMALL] or [word for word, _ in found]
    return tuple(map(_forms, kept))


@lru_cache(1 << 12)
def _forms(word: str) -> frozenset[str]:
    long = word.casefold().translate(_UMLAUTS)
    for pattern, spelling in _SPELLINGS:
        long = pattern.sub(spelling, long)
    plain = _plain(word)
    return frozenset({plain, re.sub("ageing", "aging", plain), _plain(long)})


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word.casefold().translate(_LETTERS))
    return "".join(char for char in folded if not unicodedata.combining(char))


def _is_initialism(short: _Name, full: _Name) -> bool:
    """Tell whether one name is the initials of the other: "PNAS" leaves out "of the United States of America"."""
    if short.initialism is None or len(full.words) < _LEAST_WORDS:
        return False
    initials = "".join(min(forms)[0] for forms in full.words)
    return initials == short.initialism or (
        len(short.initialism) > _LEAST_WORDS and initials.startswith(short.initialism)
    )


def _is_part(short: Sequence[frozenset[str]], full: Sequence[frozenset[str]]) -> bool:
    """Tell whether all words of a name are, in order and from the first on, words of the other or cut from them."""
    if len(short) < _LEAST_WORDS or len(full) < _LEAST_WORDS:
        if len(short) == 1 and not _KINDS.isdisjoint(short[0]):
            return _is_word(short[0], full[0])
        return len(short) == len(full) and bool(short[0] & full[0])
    at = 0
    for number, forms in enumerate(short):
        place, length = next(_places(forms, full, at), (None, 0))
        if place is None:
            if number and forms & _PLACES:
                continue
            return False
        if number == 0 and place != 0:
            return False
        at = place + length
    return True


def _places(forms: frozenset[str], full: Sequence[frozenset[str]], at: int) -> Iterator[tuple[int, int]]:
    """Yield where a word stands in a name, and over how many words: "NY" is two."""
    for place in range(at, len(full)):
        if _is_word(forms, full[place]):
            yield place, 1
        for length in (2, 3):
            if "".join(min(one)[0] for one in full[place : place + length]) in forms and place + length <= len(full):
                yield place, length


def _is_word(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    return any(
        one.startswith(other) or other.startswith(one) or _contracts(one, other) or _contracts(other, one)
        for one in mine
        for other in theirs
    )


def _contracts(short: str, full: str) -> bool:
    """Tell whether a word is a contraction of another: "natl" of "national", "wkly" of "weekly"."""
    if len(short) < _LEAST_CONTRACTION or short[0] != full[0]:
        return False
    letters = iter(full)
    return all(letter in letters for letter in short)
