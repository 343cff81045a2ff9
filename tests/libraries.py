"""For the tests of libraries: files as reference managers write them, read and imported."""

from __future__ import annotations

import importlib
from pathlib import Path

from sqlalchemy import select

from evidence.config import Settings
from evidence.library import FORMATS
from evidence.library.decoding import decode
from evidence.library.entries import LibraryEntry, with_unique_keys
from evidence.library.run import ImportResult, LibraryFile, import_library
from evidence.store import models
from evidence.store.database import reading

DATA = Path(__file__).parent / "data" / "library"
FORMAT_OF = {ending: one.name for one in FORMATS.values() for ending in one.endings}


def read_text(text: str, format_: str = "bibtex") -> list[LibraryEntry]:
    chosen = FORMATS[format_]
    return list(with_unique_keys(getattr(importlib.import_module(chosen.module), chosen.function)(text)))


def read_file(name: str) -> list[LibraryEntry]:
    return read_text(decode((DATA / name).read_bytes()).text, FORMAT_OF[Path(name).suffix])


def take(engine, folder, text: str | bytes, name: str = "refs.bib", *, rename: bool = False) -> ImportResult:
    """Import a text as a file of that name."""
    data = text if isinstance(text, bytes) else text.encode()
    file = LibraryFile(data, name, FORMAT_OF[Path(name).suffix])
    return import_library(engine, Settings(), folder, file, is_renaming=rename)


def keys_of(engine) -> dict[str, tuple[str, bool]]:
    """Each key with the identifier or number of its work, and whether it is an alias."""
    with reading(engine) as session:
        rows = session.execute(select(models.Citekey)).scalars()
        return {one.key: (one.value or str(one.work_id), one.is_alias) for one in rows}


def bib(key: str, doi: str | None = None, **fields: str) -> str:
    """One entry of a BibTeX file."""
    told = {"title": "A title", "doi": doi, **fields}
    return (
        f"@article{{{key},\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in told.items() if value) + "}\n"
    )
