"""The bytes of a library -> text."""

from __future__ import annotations

import codecs
from typing import NamedTuple

# What XML and databases forbid, and what no reference manager writes.
_NUL = "\x00"
_REPLACED = "\ufffd"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Decoded(NamedTuple):
    """The text of a file with every line ending in LF, and what its reader should know."""

    text: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes) -> Decoded:
    """Return the text of a file: by its byte order mark, else UTF-8, else what Windows took for Latin-1.

    >>> decode(b"\\xef\\xbb\\xbfM\\xc3\\xbcller\\r\\n").text
    'Müller\\n'
    >>> decode(b"M\\xfcller").warnings
    ('it is no UTF-8: read as Latin-1, so check names with accents',)
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    warnings = []
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        # The five bytes that Windows-1252 leaves out are controls in Latin-1.
        text = "".join(_latin(data))
        warnings.append("it is no UTF-8: read as Latin-1, so check names with accents")
    if _NUL in text:
        text = text.replace(_NUL, _REPLACED)
        warnings.append("it holds NUL characters, as text files do not; they are replaced")
    return Decoded(text.replace("\r\n", "\n").replace("\r", "\n"), tuple(warnings))


def _latin(data: bytes) -> list[str]:
    try:
        return [data.decode("cp1252")]
    except UnicodeDecodeError:
        return [data.decode("latin-1")]
