r"""Identifiers and addresses in BibTeX: TeX's commands in them stand for single signs, and braces for nothing.

Text would be decoded otherwise: here `~` is a tilde, and `--` two hyphens.
"""

from __future__ import annotations

import re

from evidence.library.signs import MOVE, MOVES, prints_nothing

_ACTIVE = re.compile(r"[\\{}$]")
_TOKEN = re.compile(
    rf"{MOVE}|"
    r"\\href\s{0,9}\{([^{}]*)\}\s{0,9}\{[^{}]*\}|\\([A-Za-z]+)(?:\{\}|[ \t\n]+|(?![A-Za-z]))|\\(.)|[{}]|(\$)",
    re.DOTALL,
)
_SIGNS = {
    "textless": "<", "lt": "<", "textgreater": ">", "gt": ">", "textunderscore": "_", "textasciitilde": "~",
    "sim": "~", "textasciicircum": "^", "slash": "/", "textbar": "|", "textquotesingle": "'", "textpercent": "%",
    "lbrack": "[", "rbrack": "]", "string": "",
    "discretionary": "",
}  # fmt: skip
# What each prints behind a backslash: itself, or nothing but a place where a line may end.
_ESCAPED = {**dict.fromkeys("_%&#$~^", None), "-": "", "/": "", "<": None, ">": None, " ": None}


def read_verbatim(value: str) -> str:
    r"""Return an identifier or address as TeX prints it; a command that is no sign stays, with its backslash.

    >>> read_verbatim(r"10.1000/{X}{\_}1\%20a"), read_verbatim(r"10.1002/(SICI)1$<$1::AID-X\textgreater{}3.0")
    ('10.1000/X_1%20a', '10.1002/(SICI)1<1::AID-X>3.0')
    >>> read_verbatim(r"\url{https://example.org/\~{}a--b}"), read_verbatim(r"10.1000/\'e")
    ('https://example.org/~a--b', "10.1000/\\'e")
    """
    value = value.strip()
    if not _ACTIVE.search(value):
        return value
    has_math = value.replace("\\$", "").count("$") % 2 == 0

    def printed(match: re.Match[str]) -> str:
        address, name, sign, dollar = match.groups()
        if address is not None:
            return read_verbatim(address)
        if name is not None:
            # Without a length that can be read, nobody knows what of the rest is one.
            is_nothing = prints_nothing(name) and name not in MOVES
            return _SIGNS.get(name, "" if is_nothing else f"\\{name}")
        if sign is not None:
            said = _ESCAPED.get(sign, f"\\{sign}")
            return sign if said is None else said
        return "$" if dollar and not has_math else ""

    return _TOKEN.sub(printed, value).strip()
