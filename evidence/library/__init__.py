"""Libraries of reference managers (Zotero, JabRef, EndNote): read as a source of citekeys and of what no registry says.

    decoding    the bytes of a file -> text
    latex       text with TeX's commands -> plain text
    signs       the signs that commands stand for, and those that print nothing
    units       siunitx's units of measurement
    macros      commands with arguments, also those that a library defines
    blocks      the text of a BibTeX file -> its entries, with strings, macros and inheritance resolved
    bibkinds    what kind of work such an entry is
    bibnames    the names in one
    bibtex      BibTeX and BibLaTeX -> entries
    csl         CSL-JSON -> entries
    ris         RIS -> entries
    entries     what an entry is, and its identifiers and names, which all formats share
    dates       dates, and what of them is none
    settling    entries -> citekeys, and what the registries say otherwise
    run         the step `evidence import`

A library describes works for bibliographies. It is never read by the audit: no look-up, work or notice comes of it.
To add a format, write a file like `ris.py` and its line here.
"""

from __future__ import annotations

from typing import NamedTuple


class Format(NamedTuple):
    """A format of libraries: its name, the endings of its files, and what reads it."""

    name: str
    endings: tuple[str, ...]
    module: str
    function: str


FORMATS = {
    one.name: one
    for one in (
        Format("bibtex", (".bib", ".bibtex", ".biblatex"), "evidence.library.bibtex", "read_bibtex"),
        Format("csl-json", (".json", ".csljson"), "evidence.library.csl", "read_csl"),
        Format("ris", (".ris",), "evidence.library.ris", "read_ris"),
    )
}
# Raised whenever the same file may give other entries: it is then read again although its bytes are the same.
VERSION = "9"
