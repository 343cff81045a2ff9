"""Rows of HTML tables that are headers by their looks: word processors and converters of notes write no `<th>`."""

from __future__ import annotations

import re

from evidence.extract.forms.htmltags import TAG
from evidence.extract.forms.htmltext import plain_text
from evidence.identifiers import find_identifiers

_BOLD_TAGS = frozenset({"b", "strong"})
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold(?:er)?|[6-9]00)\b", re.IGNORECASE)
_VOID = frozenset({"br", "hr", "img", "wbr", "col", "input", "meta", "link"})
_NEXT_ROW = re.compile(r"<tr\b[^<>]*>|</?table\b", re.IGNORECASE)
_END_OF_ROW = re.compile(r"</tr\b|<tr\b|</?table\b|</?t(?:head|body|foot)\b", re.IGNORECASE)
_MARK_OR_TAG = re.compile(r"\[(?:\^|-?@|\d)|#gap/")
_BEHIND_STOP = "\"'”’)] "
# "Ref." and "No. of obs." are no sentences.
_LEAST_WORDS = 4
# A header has few words, and nested tables must not be read once for each table around them.
_LONGEST_ROW = 8000
_LEAST_HEADINGS = 2


def is_bold_header(text: str, start: int, end: int) -> bool:
    """Tell whether the first row of a table is its header: all its words are bold, and not all of the next row are.

    A row that cites, or whose cells are sentences, states something, however it is set.

    Args:
        text: the page.
        start: behind the tag of the row.
        end: where the row ends.

    >>> page = "<tr><td><b>Gene</b><td><b>Effect</b></tr><tr><td><b>KL</b><td>up</tr>"
    >>> is_bold_header(page, 4, page.index("</tr>")), is_bold_header(page, page.rindex("<tr>") + 4, len(page))
    (True, False)
    """
    if end - start > _LONGEST_ROW:
        return False
    cells = _bold_cells(text[start:end])
    if len(cells) < _LEAST_HEADINGS or any(map(_states, cells)) or find_identifiers(text[start:end]):
        return False
    following = _NEXT_ROW.search(text, end)
    if following is None or following.group()[:3].lower() != "<tr":
        return False
    stop = _END_OF_ROW.search(text, following.end(), following.end() + _LONGEST_ROW)
    return not _bold_cells(text[following.end() : stop.start() if stop else following.end() + _LONGEST_ROW])


def _states(words: str) -> bool:
    """Tell whether a cell has a mark or a tag, or is a sentence to its stop."""
    is_sentence = len(words.split()) >= _LEAST_WORDS and words.rstrip(_BEHIND_STOP).endswith((".", "!"))
    return is_sentence or _MARK_OR_TAG.search(words) is not None


def _bold_cells(row: str) -> list[str]:
    """Return the words of the cells of a row without `<th>` that hold any, or nothing where one is not bold."""
    cells: list[str] = []
    # The open elements of the cell, each with whether what it holds is bold.
    opened: list[tuple[str, bool]] = []
    at = 0
    for found in TAG.finditer(row):
        if cells and not _fits(cells, opened, row[at : found.start()]):
            return []
        at = found.end()
        name = (found.group("name") or "").lower()
        if name == "th":
            return []
        if name == "td" and not found.group("close"):
            cells.append("")
            opened = []
        if found.group("close"):
            while opened and opened.pop()[0] != name:
                pass
        elif name and name not in _VOID:
            is_bold = name in _BOLD_TAGS or _BOLD_STYLE.search(found.group("attributes")) is not None
            opened.append((name, is_bold or bool(opened and opened[-1][1])))
    if cells and not _fits(cells, opened, row[at:]):
        return []
    return [words for words in cells if words]


def _fits(cells: list[str], opened: list[tuple[str, bool]], written: str) -> bool:
    """Add words to the last cell; tell whether they are bold, or none."""
    words = plain_text(written)
    cells[-1] = f"{cells[-1]} {words}".strip()
    return not words or bool(opened and opened[-1][1])
