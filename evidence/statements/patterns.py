"""Regular expressions built of lists of words: each list can be read and added to by itself."""

from __future__ import annotations


def any_of(*forms: str) -> str:
    """Return an expression for any of some forms, which are expressions themselves.

    >>> any_of("bones?", "teeth")
    '(?:bones?|teeth)'
    """
    return f"(?:{'|'.join(forms)})"


def any_word(*lists: str) -> str:
    """Return an expression for any word of some lists, which have blanks between their words.

    >>> any_word("mice rats?", "flies")
    '(?:mice|rats?|flies)'
    """
    return any_of(*(word for words in lists for word in words.split()))


def alone(*lists: str) -> str:
    r"""Return an expression for any word of some lists, where it is no part of a longer one.

    >>> alone("mice rats?")
    '\\b(?:mice|rats?)\\b'
    """
    return rf"\b{any_word(*lists)}\b"


def maybe(*forms: str) -> str:
    """Return an expression for any of some forms with a blank behind it, or nothing.

    >>> maybe("old", "young")
    '(?:(?:old|young) )?'
    """
    return f"(?:{any_of(*forms)} )?"


def up_to(most: int, form: str) -> str:
    """Return an expression for a form with a blank behind it, so many times at most, or nothing.

    >>> up_to(2, any_word("very old"))
    '(?:(?:very|old) ){0,2}'
    """
    return f"(?:{form} ){{0,{most}}}"
