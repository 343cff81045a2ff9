"""Works -> bibliographies, one file per format. To add a format, add a module with its function, and a line here."""

from __future__ import annotations

from typing import NamedTuple


class Format(NamedTuple):
    """One format of bibliographies.

    Args:
        file_name: what it is written to in the folder of exports, if nothing else is asked for.
        module: imported only when the format is asked for.
        function: takes batches of works and a list that it adds its warnings to, and yields parts of the file.
    """

    file_name: str
    module: str
    function: str


FORMATS = {
    "bibtex": Format("references.bib", "evidence.export.bibtex", "write_bibtex"),
    "biblatex": Format("references.biblatex.bib", "evidence.export.bibtex", "write_biblatex"),
    "csl-json": Format("references.json", "evidence.export.csl", "write_csl"),
    "ris": Format("references.ris", "evidence.export.ris", "write_ris"),
}
