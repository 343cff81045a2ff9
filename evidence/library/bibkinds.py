"""What kind of work an entry of BibTeX or BibLaTeX is."""

from __future__ import annotations

from evidence.export.kinds import PEER_REVIEW, kind_of_entry, kind_of_words
from evidence.library.blocks import Fields
from evidence.library.entries import is_server
from evidence.library.latex import decode_latex

_TYPES = {
    "article": "journal-article", "book": "book", "mvbook": "book", "collection": "edited-book",
    "mvcollection": "edited-book", "mvproceedings": "proceedings", "mvreference": "reference-book",
    "bookinbook": "book-chapter", "suppbook": "book-chapter", "suppcollection": "book-chapter",
    "suppperiodical": "journal-article", "periodical": "journal",
    "incollection": "book-chapter", "inbook": "book-chapter", "inproceedings": "proceedings-article",
    "conference": "proceedings-article", "proceedings": "proceedings", "phdthesis": "dissertation",
    "mastersthesis": "dissertation", "thesis": "dissertation", "techreport": "report", "report": "report",
    "software": "software", "dataset": "dataset", "inreference": "reference-entry", "reference": "reference-book",
    "standard": "standard", "manual": "book", "electronic": "webpage", "www": "webpage", "video": "motion_picture",
    "music": "song", "preprint": "posted-content",
}  # fmt: skip
# What an entry of these types says of itself, since old styles have no types for it.
MISC = frozenset({"misc", "online", "electronic", "www", "unpublished"})
# Of these Zotero writes what they are a part of behind the title.
PAGES = frozenset({"online", "electronic", "www"})
_SAID = {
    "preprint": "posted-content", "dataset": "dataset", "data set": "dataset", "software": "software",
    "standard": "standard", PEER_REVIEW.casefold(): "peer-review",
}  # fmt: skip
_TELLING = ("type", "entrysubtype")
_PREPRINTED = frozenset({"prepublished", "preprint"})
# Where preprints, data, programs and pages of the web are.
SERVERS = ("organization", "howpublished")
# What they number was published elsewhere, whatever it is.
ARCHIVES = frozenset({"pubmed", "pmid", "pmc", "pmcid", "doi", "jstor", "hdl", "googlebooks"})
# What may itself stand in a series.
BOOKS = frozenset({"booktitle", "maintitle"})


def read_kind(name: str, fields: Fields) -> str:
    """Return Crossref's word for the kind of work; a text that only a server of preprints has is one."""
    if _is_preprint(name, fields):
        return "posted-content"
    if name == "inbook" and fields.keys().isdisjoint(BOOKS):
        # BibTeX's own: a chapter or some pages of the book that the title names.
        return "book"
    told = {field: decode_latex(fields[field].value).strip().lower() for field in _TELLING if field in fields}
    if name in MISC and (said := told.get("type")) and (found := _SAID.get(said) or kind_of_words(said)):
        return found
    if name == "unpublished" and "eventtitle" in fields:
        return "speech"
    return kind_of_entry(name, told.get("entrysubtype", "")) or _TYPES.get(name, "other")


def _is_preprint(name: str, fields: Fields) -> bool:
    if (
        name in MISC
        and "eprint" in fields
        and "://" not in fields["eprint"].value
        and read_archive(fields) not in ARCHIVES
    ):
        return True
    if name in PAGES and "pubstate" in fields and fields["pubstate"].value.strip().lower() in _PREPRINTED:
        return True
    said = decode_latex(fields["type"].value) if "type" in fields and name in MISC else ""
    if kind_of_words(said) is not None:
        return False
    held = ("journal", "journaltitle", *(("publisher", *SERVERS) if name in MISC else ()))
    return name in {"article", *MISC} and any(
        is_server(decode_latex(fields[one].value)) for one in held if one in fields
    )


def read_archive(fields: Fields) -> str:
    """Return in what the number of the field `eprint` is one."""
    return next((fields[name].value.strip().lower() for name in ("eprinttype", "archiveprefix") if name in fields), "")
