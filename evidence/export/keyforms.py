"""Which texts can be citekeys. It leads to no database, so that a process which only writes is small."""

from __future__ import annotations

import re

# What every program takes in a key: none of BibTeX's signs, no space, not only digits, which pages number notes by.
_GOOD_KEY = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9:._+/-]*")
# None of the signs that end a key in BibTeX, LaTeX or pandoc.
READABLE_SIGN = r"[\w:.+/*!?-]"
_READABLE_KEY = re.compile(rf"{READABLE_SIGN}+")
MAX_KEY_CHARS = 200


def is_good_key(key: str) -> bool:
    """Tell whether BibTeX, biber, pandoc and LaTeX all take a key as it is.

    >>> [is_good_key(key) for key in ("Komori1997", "smith:2020_x".replace("_", "-"), "12", "a b", "a,b", "müller")]
    [True, True, False, False, False, False]
    """
    return _GOOD_KEY.fullmatch(key) is not None


def is_readable_key(key: str) -> bool:
    """Tell whether BibTeX reads a key back that somebody's papers use already, such as one of Zotero or JabRef.

    Letters of any script are let pass, as biber and pandoc take them; our own formula makes none.

    >>> [is_readable_key(key) for key in ("Müller:2020_x", "12", "a b", "a,b", "a{b", "x" * 300)]
    [True, True, False, False, False, False]
    """
    return len(key) <= MAX_KEY_CHARS and _READABLE_KEY.fullmatch(key) is not None
