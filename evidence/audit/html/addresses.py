"""The only addresses that a report links: three registries, pages of the vault, and its own files."""

from __future__ import annotations

import os
import posixpath
import re
from pathlib import Path
from urllib.parse import quote

from evidence.records import Reference
from evidence.vocabulary import Scheme

_REGISTRIES = {
    Scheme.DOI: "https://doi.org/",
    Scheme.PMID: "https://pubmed.ncbi.nlm.nih.gov/",
    Scheme.PMCID: "https://pmc.ncbi.nlm.nih.gov/articles/",
}
_RUN = re.compile(r"[^a-z0-9]+")


def address_of(reference: Reference) -> str:
    """Return the address of a work at its registry; only these three hosts are ever linked.

    >>> address_of(Reference(Scheme.DOI, "10.1000/a<b>"))
    'https://doi.org/10.1000/a%3Cb%3E'
    """
    return _REGISTRIES[reference.scheme] + _quote(reference.value)


def address_of_page(path: str, base: str) -> str:
    """Return the relative address of a page, whatever its name: it never leads to another host or scheme.

    Args:
        path: the page, relative to the folder of the settings.
        base: that folder, relative to the folder of the file that links.

    >>> address_of_page("notes/a b.md", "../..")
    '../../notes/a%20b.md'
    >>> address_of_page("javascript:alert(1)", ".")
    './javascript%3Aalert%281%29'
    """
    joined = posixpath.normpath(posixpath.join(base, path.lstrip("/")))
    return _quote(joined if joined.startswith("../") else f"./{joined}")


def base_of(root: Path, folder: Path) -> str:
    """Return a folder relative to another one, with forward slashes.

    >>> base_of(Path("/vault"), Path("/vault/exports/report"))
    '../..'
    """
    return Path(os.path.relpath(root, folder)).as_posix()


def slug(text: str) -> str:
    """Return a name for a file: lower-case ASCII letters, digits and single hyphens.

    >>> slug("Cell types / in vivo"), slug("骨")
    ('cell-types-in-vivo', 'other')
    """
    return _RUN.sub("-", text.lower()).strip("-")[:60].strip("-") or "other"


def _quote(text: str) -> str:
    return quote(text, safe="/", errors="surrogateescape")
