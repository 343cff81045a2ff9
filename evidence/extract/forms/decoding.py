"""Bytes -> text, or an error that names the line."""

from __future__ import annotations

from evidence.errors import PageError


def decode(data: bytes, path: str) -> str:
    """Return the text of a page. A byte order mark stays, so that offsets are those of the file.

    Raises:
        PageError: the bytes are not UTF-8; names the line of the first bad byte.

    >>> decode("µ".encode(), "a.md")
    'µ'
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            hint = "the file is UTF-16: save it as UTF-8"
        elif b"\0" in data[:1024]:
            hint = "the file looks binary: exclude it with [vault] exclude in config.toml"
        else:
            hint = "save the file as UTF-8"
        byte = data[error.start]
        raise PageError(f"not UTF-8: byte 0x{byte:02x}", path, line, hint) from error
