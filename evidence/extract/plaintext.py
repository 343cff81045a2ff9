"""Plain text -> `Layout`: a page as a browser or `pandoc -t plain` prints it.

Marks are bare numbers or `[1]`, notes a numbered list at the end below "Footnotes" or "References". A bare number is a
mark only where the page has a note of that number, where it closes a clause, and where the numbers before it
have come in order: notes are numbered by their first mark.
"""

from __future__ import annotations

import re

from evidence.extract.layout import Block, Definition, Layout, Mark
from evidence.vocabulary import ClaimKind

_NOTES_HEADING = re.compile(
    r"[ \t]*(?:Foot ?notes?|End ?notes?|Notes|References|Bibliography|Literature)[ \t]*:?[ \t]*\r?$",
    re.IGNORECASE | re.MULTILINE,
)
_NOTE = re.compile(r"^[ \t]*(?:\[?\^?(\d{1,4})(?:[.)\]]:?|:)|\[\^([^\]\s]+)\]:)[ \t]+(?=\S)", re.MULTILINE)
_ITEM = re.compile(r"[ \t]*(?:[•◦▪‣·*+–-]|\d{1,3}[.)])[ \t]+(?=\S)")
_MARK = re.compile(
    r"\[\^?(\d{1,4}(?:\s*[,;]\s*\d{1,4})*)\]"
    r"|(?<=[\w)\]”’%\"'])[ \t](\d{1,4}(?:[ ,][ ]?\d{1,4})*)(?=[.,;:!?]*(?:[ \t]*$|[.,;:!?]+(?:\s|$)|[ \t]+(?:needs-|no-|#gap|\()))"
    r"|(?<=[^\W\d][.!?)”’\"])(\d{1,4}(?:,[ ]?\d{1,4})*)(?=\s+[A-Z]|[ \t]*$)",
    re.MULTILINE,
)
_COUNTED = re.compile(
    r"\b(?:tier|type|page|figure|fig\.?|table|phase|stage|day|days|week|weeks|month|year|chapter|step|grade|level|group|"
    r"version|section|no\.?|nr\.?|class|part|line|exon|chromosome|and|or|to|of|than|by|from|at|about|approximately|in|=|"
    r"[<>≤≥~≈]|score|age|aged|dose|cohort|trial|complex|domain|isoform|criteria|item|question)$",
    re.IGNORECASE,
)
_MARK_AT_END = re.compile(r"(?<=[.!?])[ \t]?\[?\^?\d[\d, ]*\]?$")
_PARAGRAPH = re.compile(r"\n[ \t]*\r?\n(?![ \t])")
_PAPER = re.compile(r"10\.\d{4,9}/|PMID|PMC ?\d|pubmed|doi[.:]", re.IGNORECASE)
_SENTENCE_END = (".", "!", "?", ":", ";", ",")
_WRAPPED_WIDTH = 120
_HEADING_LENGTH = 90


def read_plaintext(text: str) -> Layout:
    """Return the layout of a plain-text page.

    >>> layout = read_plaintext("Bone is lost 1.\\n\\nFootnotes\\n\\n1. doi:10.1000/x")
    >>> [(mark.key, mark.start) for mark in layout.marks], layout.definitions[0].key
    ([('1', 13)], '1')
    """
    layout = Layout(text, bare_marks=True)
    body_end, notes_start = _notes_section(text)
    _read_notes(layout, notes_start)
    _read_blocks(layout, body_end)
    layout.marks = _find_marks(text, body_end, {one.key for one in layout.definitions})
    return layout


def _notes_section(text: str) -> tuple[int, int]:
    """Return where the body ends and where the notes begin: behind the last heading that a numbered list follows.

    A heading may stand twice ("Footnotes" of the page and of the theme): the body ends at the first of such a run.
    """
    headings = list(_NOTES_HEADING.finditer(text))
    for index in range(len(headings) - 1, -1, -1):
        first = _NOTE.search(text, headings[index].end())
        if first is None or text[headings[index].end() : first.start()].strip():
            continue
        begin = index
        while begin and not text[headings[begin - 1].end() : headings[begin].start()].strip():
            begin -= 1
        return headings[begin].start(), headings[index].end()
    return _notes_without_heading(text)


def _notes_without_heading(text: str) -> tuple[int, int]:
    """Return where a numbered list at the very end begins, if it is one of notes: most of its entries name a paper."""
    first = None
    for found in _NOTE.finditer(text):
        if found.group(1) == "1":
            first = found
    if first is None:
        return len(text), len(text)
    start = first.start()
    entries = _NOTE.split(text[start:])[0::3][1:]
    rest = [part for entry in entries for part in _PARAGRAPH.split(entry.strip())[1:] if part.strip()]
    naming = sum(_PAPER.search(entry) is not None for entry in entries)
    if rest or 2 * naming <= len(entries):
        return len(text), len(text)
    return start, start


def _read_notes(layout: Layout, start: int) -> None:
    """Read the numbered notes behind `start`; the numbers must go up by one, so that a list inside a note is none."""
    text = layout.text
    found: list[tuple[str, int, int]] = []
    expected = 1
    for match in _NOTE.finditer(text, start):
        key = match.group(2) or match.group(1)
        if match.group(2) or int(key) == expected or not found:
            found.append((key, match.start(), match.end()))
            expected = int(match.group(1)) + 1 if match.group(1) else expected
    for index, (key, begin, content) in enumerate(found):
        stop = found[index + 1][1] if index + 1 < len(found) else len(text)
        end = content + len(text[content:stop].rstrip())
        end -= len(text[content:end]) - len(text[content:end].rstrip(" ^↩⤴\ufe0e"))
        line = text.count("\n", 0, begin + len(text[begin:content]) - len(text[begin:content].lstrip())) + 1
        layout.definitions.append(Definition(key, content, max(content, end), line))


def _read_blocks(layout: Layout, end: int) -> None:
    """Cut the body into headings, items and paragraphs."""
    text = layout.text
    wrapped = all(len(line) <= _WRAPPED_WIDTH for line in text[:end].split("\n"))
    section: tuple[str, ...] = ()
    pos, number = 0, 1
    open_block: Block | None = None
    previous_blank = True
    lines = text[:end].split("\n")
    for index, line in enumerate(lines):
        content = line.strip()
        begin = pos + len(line) - len(line.lstrip())
        stop = pos + len(line.rstrip())
        item = _ITEM.match(line)
        if not content:
            _flush(layout, open_block)
            open_block = None
        elif item:
            _flush(layout, open_block)
            open_block = None
            open_block = Block(ClaimKind.LIST_ITEM, pos + item.end(), stop, number, section, begin - pos + 1)
        elif open_block is not None and (wrapped or (open_block.kind is ClaimKind.LIST_ITEM and begin > pos)):
            open_block = open_block._replace(end=stop)
        else:
            _flush(layout, open_block)
            open_block = None
            following = lines[index + 1].strip() if index + 1 < len(lines) else ""
            if previous_blank and not following and _is_heading(content):
                if layout.title is None and not layout.blocks:
                    layout.title = content
                else:
                    section = (content,)
            else:
                open_block = Block(ClaimKind.SENTENCE, begin, stop, number, section)
        previous_blank = not content
        pos += len(line) + 1
        number += 1
    _flush(layout, open_block)


def _flush(layout: Layout, block: Block | None) -> None:
    """Keep the block that ends here, if one is open."""
    if block is not None:
        layout.blocks.append(block)


def _is_heading(content: str) -> bool:
    """Tell whether a line that stands alone is a heading: short, begins large, and does not end like a sentence."""
    content = _MARK_AT_END.sub("", content)
    return len(content) <= _HEADING_LENGTH and not content.endswith(_SENTENCE_END) and content[0].upper() == content[0]


def _find_marks(text: str, end: int, keys: set[str]) -> list[Mark]:
    """Return the numbers that are marks; the highest may grow by one at a time."""
    marks: list[Mark] = []
    highest = 0
    for found in _MARK.finditer(text, 0, end):
        group = next(index for index in (1, 2, 3) if found.group(index))
        numbers = re.findall(r"\d+", found.group(group))
        if any(number not in keys for number in numbers):
            continue
        if group != 1 and _COUNTED.search(text, max(0, found.start() - 30), found.start()):
            continue
        values = [int(number) for number in numbers]
        allowed = highest
        for value in values:
            if value > allowed + 1:
                break
            allowed = max(allowed, value)
        else:
            highest = allowed
            begin = found.start() + (text[found.start()] in " \t")
            marks.extend(Mark(number, begin, found.end()) for number in numbers)
    return marks
