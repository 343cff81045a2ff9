"""Gap tags: `#gap/needs-replication`, where they stand and what they are about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from evidence.records import Tag
from evidence.vocabulary import TagPlace

# A tag as Obsidian writes it, in a code span, or in the brackets of a footnote that never was one. The pattern begins
# with its letters, which `re` finds fast; what must stand before them is looked at afterwards.
_TAG = re.compile(r"gap/([A-Za-z0-9]+(?:[-_/][A-Za-z0-9]+)*)")
# The names that plain-text renderings print without their prefix. A bare word must be one of the taxonomy.
_BARE = re.compile(
    r"(?<![\w/#-])(?:#?gap/)?((?:needs|no)-[a-z]+(?:-[a-z]+)*|contradictory-evidence|dose-response-unclear|"
    r"long-term-unknown|unsourced|stub)(?![\w-])",
)
# `#gap/x is not the appropriate tag`: the tag is spoken of, not set.
_SPOKEN_OF = re.compile(
    r"[`\]]*\s+(?:is|was|were|are|tags?|tagged|markers?|retained|remains|kept|removed|resolved|added|applied|cleared|flags?)\b",
)
# What stands between a tag and a word that speaks of it.
_BEFORE_WORD = frozenset(" `]\n\t\r\xa0")
_SCOPE_DASH = re.compile(r"[`\]]*(?:\s*(?:—|–|--|-(?=\s)|:)|\s+(?:for|about|regarding)(?=\s))\s*")
_SCOPE_WORDS = (" for ", " about ", " regarding ")
_SCOPE_BRACKET = re.compile(r"[`\]]*\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_ALONE = frozenset("#.,;*_|+&/?!") | {""}
_GAP_SECTION = re.compile(r"\b(?:gaps?|open questions?|unknowns?|limitations?)\b", re.IGNORECASE)


# Half of a tag's cost would be its constructor.
_new = tuple.__new__
_PAGE_TAG = re.compile(r"#?(gap/)?([A-Za-z0-9]+(?:[-_/][A-Za-z0-9]+)*)")


class FoundTag(NamedTuple):
    """One tag with its span, brackets and backticks included."""

    name: str
    start: int
    end: int


def find_tags(text: str, start: int = 0, *, form: str = "markdown") -> list[FoundTag]:
    """Return the gap tags of a page in order.

    Args:
        text: the page.
        start: where its body begins.
        form: "markdown", "html" or "text"; plain-text renderings print the names without `#gap/`.

    >>> [tag.name for tag in find_tags("Seen once. #gap/needs-replication (one study)")]
    ['needs-replication']
    >>> find_tags("#gap/unsourced is not the right tag here")
    []
    """
    if form == "text":
        return [
            FoundTag(found.group(1), *found.span())
            for found in _BARE.finditer(text, start)
            if not _SPOKEN_OF.match(text, found.end()) and not _is_word(text, found)
        ]
    tags: list[FoundTag] = []
    for found in _TAG.finditer(text, start):
        at, end = found.span()
        begin = at - 1 if text[at - 1 : at] == "#" else _opening(text, at, linked=form == "html")
        if begin < 0 or (begin and (text[begin - 1].isalnum() or text[begin - 1] in "_/")):
            continue
        if text[end : end + 1] in _BEFORE_WORD and _SPOKEN_OF.match(text, end):
            continue
        if text[begin] == "[":
            close = text.find("]", end, end + 300)
            end = close + 1 if close >= 0 else end
        if text[end : end + 1] == "`" and text[begin - 1 : begin] == "`":
            begin, end = begin - 1, end + 1
        tags.append(_new(FoundTag, (found[1].lower(), begin, end)))
    return tags


def _is_word(text: str, found: re.Match[str]) -> bool:
    """Tell whether a bare tag is a word of its sentence: "only a stub", "(implicit stub)", "there is no-one"."""
    before = text[max(0, found.start() - 2) : found.start()]
    return found.group().startswith(("stub", "no-")) and before[1:] == " " and before[0].isalnum()


def _opening(text: str, start: int, *, linked: bool) -> int:
    """Return where the sign before "gap/" begins, or -1 where none makes it a tag.

    Site generators print a tag as a link without the sign: `linked`.
    """
    before = text[max(0, start - 2) : start]
    if before == "[^":
        return start - 2
    if before.endswith("["):
        return start - 1
    return start if linked else -1


def read_scope(text: str, end: int, stop: int) -> tuple[str | None, int]:
    """Return what a tag says that it is about, and where that ends.

    Args:
        text: the page.
        end: where the tag ends.
        stop: where its sentence or part ends.

    Returns:
        The text after a dash or in brackets (None without one), and the offset behind it.

    >>> read_scope("#gap/no-mechanism — how Pi signals is open.", 17, 43)
    ('how Pi signals is open.', 43)
    """
    if not begins_scope(text, end):
        return None, end
    while end < stop and text[end] in "*_":
        end += 1
    bracket = _SCOPE_BRACKET.match(text, end, stop)
    if bracket is not None:
        return bracket.group(1).strip() or None, bracket.end()
    dash = _SCOPE_DASH.match(text, end, stop)
    if dash is not None and dash.end() > end:
        return text[dash.end() : stop].strip(" `*") or None, stop
    return None, end


def begins_scope(text: str, end: int) -> bool:
    """Tell whether what follows a tag may be its scope; most tags stand alone, before a word, a stop or nothing."""
    ahead = text[end : end + 1]
    if ahead in {"*", "_"}:
        # `**#gap/x** — what it is about`
        end += len(text[end : end + 4]) - len(text[end : end + 4].lstrip("*_"))
        ahead = text[end : end + 1]
    if ahead == " ":
        if text.startswith(_SCOPE_WORDS, end):
            return True
        ahead = text[end + 1 : end + 2]
    return not (ahead.isalnum() or ahead in _ALONE)


def tags_of_page(values: Mapping[str, Any]) -> tuple[Tag, ...]:
    """Return the gap tags in the front matter: they are about the whole page.

    >>> [tag.name for tag in tags_of_page({"tags": ["biology", "gap/needs-replication"]})]
    ['needs-replication']
    """
    found: dict[Tag, None] = {}
    for key in ("tags", "gaps"):
        value = values.get(key) or ()
        for one in value.split(",") if isinstance(value, str) else value if isinstance(value, list) else ():
            match = _PAGE_TAG.fullmatch(str(one).strip())
            if match and (match.group(1) or key == "gaps"):
                found[Tag(match.group(2).lower(), TagPlace.FRONT_MATTER)] = None
    return tuple(found)


def is_gap_list(section: tuple[str, ...]) -> bool:
    """Tell whether a section collects gaps rather than claims.

    >>> is_gap_list(("Gaps and open questions",))
    True
    """
    return bool(section) and _GAP_SECTION.search(section[-1]) is not None
