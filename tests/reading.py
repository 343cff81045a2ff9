"""How the tests of extraction read a page: from a text and a name, as a user would."""

from __future__ import annotations

from evidence.extract import extract_page
from evidence.records import Claim, ExtractedPage, Note, Page


def read(text: str, name: str = "page.md") -> ExtractedPage:
    return extract_page(Page(name, text.encode()))


def claims(text: str, name: str = "page.md") -> list[Claim]:
    return list(read(text, name).claims)


def note(text: str) -> Note:
    """Read the text of one note."""
    (only,) = read(f"A claim.[^k]\n\n[^k]: {text}\n").notes
    return only


def keys(claim: Claim) -> list[str | None]:
    return [citation.note for citation in claim.citations]


def problems(text: str, name: str = "page.md") -> list[str]:
    return [problem.code for problem in read(text, name).problems]
