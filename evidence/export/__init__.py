"""Works -> bibliographies, one file per format. To add a format, add a module with its function, and a line here."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from evidence.errors import ExportError
from evidence.export.records import CitedWork

Write = Callable[[Iterator[Sequence[CitedWork]], list[str]], Iterator[str]]


class Format(NamedTuple):
    """One format of bibliographies.

    Args:
        file_name: what it is written to in the folder of exports, if nothing else is asked for.
        module: imported only when the format is asked for.
        function: takes batches of works and a list that it adds its warnings to, and yields parts of the file.
        head: what a file with works begins with.
        separator: what stands between two works.
        tail: what a file with works ends with.
    """

    file_name: str
    module: str
    function: str
    head: str = ""
    separator: str = ""
    tail: str = ""


FORMATS = {
    "bibtex": Format("references.bib", "evidence.export.bibtex", "write_bibtex", separator="\n"),
    "biblatex": Format("references.biblatex.bib", "evidence.export.bibtex", "write_biblatex", separator="\n"),
    "csl-json": Format("references.json", "evidence.export.csl", "write_csl", "[\n", ",\n", "\n]\n"),
    "ris": Format("references.ris", "evidence.export.ris", "write_ris"),
}


def format_of(name: str) -> Format:
    """Return a format by its name.

    Raises:
        ExportError: there is no such format.
    """
    if name not in FORMATS:
        raise ExportError(f"there is no format {name!r}", f"choose one of {', '.join(FORMATS)}")
    return FORMATS[name]


def writer_of(name: str) -> Write:
    """Return the function that writes a format.

    Raises:
        ExportError: there is no such format.
    """
    one = format_of(name)
    write: Write = getattr(importlib.import_module(one.module), one.function)
    return write
