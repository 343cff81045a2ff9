"""DOIs that differ in case only, made equal."""

from __future__ import annotations

from string import ascii_uppercase

_SMALL = {ord(letter): letter.lower() for letter in ascii_uppercase}


def fold_doi(text: str) -> str:
    """Return a DOI with its letters A to Z in lower case, and all others as they are.

    Two DOIs name the same work where they differ in the case of ASCII letters only; any other way to fold would make
    two works one: "stra\u00dfe" and "strasse", or the kelvin sign and "k".

    Source:
        DOI Handbook, "Numbering", case sensitivity: DOIs that differ in the case of other characters may be different.

    >>> fold_doi("10.1000/STRA\u00dfE\u212a")
    '10.1000/stra\u00dfe\u212a'
    """
    return text.lower() if text.isascii() else text.translate(_SMALL)
