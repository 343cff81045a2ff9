"""Plain text -> `Layout`: a page as a browser or `pandoc -t plain` prints it.

Marks are bare numbers or `[1]`, notes a numbered list at the end, mostly below "Footnotes" or "References". A page that
writes its marks in brackets has no others. A bare number is a mark only where the page has a note of that number and
where it closes a clause or fits between its neighbours: notes are numbered by their first mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from evidence.extract.forms.blockids import leave_out_block_ids, without_block_id
from evidence.extract.forms.intervals import is_interval
from evidence.extract.forms.layout import Block, Definition, Layout, Mark
from evidence.vocabulary import ClaimKind

_NOTES_HEADING = re.compile(
    r"^[ \t]*(?:Foot ?notes?|End ?notes?|Notes|References|Bibliography|Literature)[ \t]*:?[ \t]*\r?$",
    re.IGNORECASE | re.MULTILINE,
)
# `1. text`, `1) text`, `1: text`, `[1] text`, `[^1]: text`, `[^key]: text`
_NOTE = re.compile(
    r"^[ \t]*(?:(?P<bracket>\[\^?)?(?P<number>\d{1,4})(?(bracket)\]|[.):]):?|\[\^(?P<key>[^\]\s]+)\]:)[ \t]+(?=\S)",
    re.MULTILINE,
)
_ITEM = re.compile(r"[ \t]*([•◦▪‣·*+–-]|(\d{1,3})[.)])[ \t]+(?=\S)")
_ITEM_STARTS = frozenset("•◦▪‣·*+–-0123456789")
_BRACKET_MARK = re.compile(r"\[\^?(\d{1,4}(?:\s*[,;–-]\s*\d{1,4})*)\]")
_KEY_MARK = re.compile(r"\[\^([^\[\]\s^]{1,100})\]")
# A number behind a word and a space, or behind a stop; what follows tells how surely it is a mark.
_BARE_MARK = re.compile(
    r"(?<=[\w)\]”’%\"'.])[ \t](\d{1,4}(?:,[ ]?\d{1,4})*)(?=([.,;:!?)”’\"]*)(?:\s|$))"
    r"|(?:(?<=[^\W\d][.!?)”’\"])|(?<=[.!?][”’\"]))(\d{1,4}(?:,[ ]?\d{1,4})*)(?=\s+[A-Z]|[ \t]*$|[ \t]+(?:#gap|needs-|no-))"
    r"|(?<=[^\W\d][,;:])(\d{1,4}(?:,[ ]?\d{1,4})*)(?=[ \t]+[a-z(]|[ \t]*$)",
    re.MULTILINE,
)
_CLOSES_CLAUSE = re.compile(r"[ \t]*$|[ \t]{2,}|[ \t]+(?:needs-|no-|#gap|[(—–])", re.MULTILINE)
_COUNTED = re.compile(
    r"\b(?:tier|type|page|figure|fig\.?|table|phase|stage|day|days|week|weeks|month|year|chapter|step|grade|level|group|"
    r"version|section|no\.?|nr\.?|class|part|line|exon|chromosome|and|or|to|of|than|by|from|at|about|approximately|in|=|"
    r"[<>≤≥~≈]|score|age|aged|dose|cohort|trial|complex|domain|isoform|criteria|item|question|factor|variant|subunit|"
    r"receptor|peptide|study|model|layer|set|arm|panel|box|point|site|loop|prediction|position|residue|with|for|on)$",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\S")
_UNIT = re.compile(
    r"[ \t]+(?:[kmµnp]?(?:g|l|L|m|M|s|mol|Da|bp|Gy|J|cal)|min|h|hr|hours?|days?|weeks?|wk|months?|mo|years?|yr|fold|x|×|"
    r"of|to|and|or|mice|rats|cells|patients|participants|people|men|women|subjects|trials|studies|times)\b"
)
_AT_END = re.compile(r"[ \t]*$", re.MULTILINE)
_ET_AL = re.compile(r"\bal\.$")
_DIGITS = re.compile(r"\d+")
_RANGE = re.compile(r"(\d+)\s*[–-]\s*(\d+)")
_MAX_RANGE = 50
# Each figure belongs to one number only, or a long one could be divided in as many ways as there are.
_MARK_AT_END = re.compile(
    r"(?<=[.!?:;,])[ \t]?(?:\[?\^?\d++(?:[, ]++\d++)*\]?(?:[, ]++(?=[\[^]))?)*(?:[ \t]+(?:needs|no)-[a-z-]+)*$"
)
_PARAGRAPH = re.compile(r"\n[ \t]*\r?\n(?![ \t])")
_PAPER = re.compile(r"10\.\d{4,9}/|PMID|PMC ?\d|pubmed|doi[.:]", re.IGNORECASE)
# The lines of dashes in pandoc's tables: one run for each column, or one run above and below a table of several lines a row.
_RULE_LINE = re.compile(r"^ +-{2,}(?: +-{2,})*[ \t]*\r?$", re.MULTILINE)
_RUNS = re.compile(r"-+")
_SENTENCE_END = (".", "!", "?", ":", ";", ",")
_WRAPPED_WIDTH = 120
# A page is wrapped though a long address or table stands on a line of its own.
_UNWRAPPED_SHARE = 0.02
_HEADING_LENGTH = 90
# How surely a number is a mark: it closes a clause; it does so behind a word that is often counted; it closes none.
_STRONG, _UNLIKELY, _WEAK = 16, 4, 2


def read_plaintext(text: str) -> Layout:
    """Return the layout of a plain-text page.

    >>> layout = read_plaintext("Bone is lost 1.\\n\\nFootnotes\\n\\n1. doi:10.1000/x")
    >>> [(mark.key, mark.start) for mark in layout.marks], layout.definitions[0].key
    ([('1', 13)], '1')
    """
    if text.startswith("\ufeff"):
        # A byte order mark is no part of the first line.
        text = f" {text[1:]}"
    layout = Layout(text, bare_marks=True)
    body_end, notes_start = _notes_section(text)
    _read_notes(layout, notes_start)
    _read_blocks(layout, body_end)
    leave_out_block_ids(layout)
    layout.marks = _find_marks(text, body_end, {one.key for one in layout.definitions})
    layout.text = _unbroken(text, layout.marks)
    return layout


def _unbroken(text: str, marks: Sequence[Mark]) -> str:
    """Return the text with a space for the line break before a mark: it is still that of the sentence before it."""
    starts = {one.start for one in marks if text[one.start - 1 : one.start] == "\n" and text[one.start] == "["}
    if not starts:
        return text
    parts, at = [], 0
    for start in sorted(starts):
        parts += [text[at : start - 1], " "]
        at = start
    return "".join([*parts, text[at:]])


# --- notes ------------------------------------------------------------------------------------


def _notes_section(text: str) -> tuple[int, int]:
    """Return where the body ends and where the notes begin: behind the last heading that a numbered list follows.

    A heading may stand twice ("Footnotes" of the page and of the theme): the body ends at the first of such a run.
    """
    headings = list(_NOTES_HEADING.finditer(text))
    for index in range(len(headings) - 1, -1, -1):
        words = _WORDS.search(text, headings[index].end())
        if words is None or not _NOTE.match(text, text.rfind("\n", 0, words.start()) + 1):
            continue
        begin = index
        while begin and not text[headings[begin - 1].end() : headings[begin].start()].strip():
            begin -= 1
        return headings[begin].start(), headings[index].end()
    return _notes_without_heading(text)


def _notes_without_heading(text: str) -> tuple[int, int]:
    """Return where a numbered list at the very end begins, if it is one of notes.

    Most of its entries name a paper, or their numbers stand in brackets, there as in the body.
    """
    # The last that begins a list of its kind; in a note there may be lists of the other.
    firsts = {found["bracket"]: found.start() for found in _NOTE.finditer(text) if found["number"] == "1"}
    for bracket, start in sorted(firsts.items(), key=_has_no_bracket):
        entries = _run(text, start)
        bodies = [text[begin:stop] for _, begin, stop, _ in entries]
        marked = len(_bracketed(text, start, {one[0] for one in entries})) if bracket else 0
        more = any(part.strip() for body in bodies for part in _PARAGRAPH.split(body.strip())[1:])
        if more and marked < len(entries):
            continue
        naming = sum(_PAPER.search(body) is not None for body in bodies)
        if 2 * marked >= len(entries) or 2 * naming > len(entries):
            return start, start
    return len(text), len(text)


def _has_no_bracket(item: tuple[str | None, int]) -> bool:
    return item[0] is None


def _bracketed(text: str, end: int, keys: set[str]) -> set[str]:
    """Return the keys that stand in brackets before `end`."""
    return keys & {number for found in _in_brackets(text, end) for number in _numbers(found.group(1))}


def _in_brackets(text: str, end: int) -> Iterator[re.Match[str]]:
    """Return the numbers in brackets before `end` that are no ends of an interval."""
    found = _BRACKET_MARK.finditer(text, 0, end)
    return (one for one in found if not is_interval(text, one.start(), one.group(1)))


def _run(text: str, start: int) -> list[tuple[str, int, int, int]]:
    """Return the numbered notes behind `start`: key, where the text begins and ends, where the number stands.

    The numbers must go up by one and be written alike, so that a list inside a note is none.
    """
    found: list[tuple[str, int, int]] = []
    expected, bracket = 1, None
    for match in _NOTE.finditer(text, start):
        key, number = match["key"], match["number"]
        if key is None and found and (int(number) != expected or match["bracket"] != bracket):
            continue
        found.append((key or number, match.start(), match.end()))
        if number:
            expected, bracket = int(number) + 1, match["bracket"]
    stops = [*(one[1] for one in found[1:]), len(text)]
    return [(key, content, stop, begin) for (key, begin, content), stop in zip(found, stops, strict=False)]


def _read_notes(layout: Layout, start: int) -> None:
    text = layout.text
    line, counted = 1, 0
    for key, content, stop, _ in _run(text, start):
        end = content + len(text[content:stop].rstrip().rstrip(" ^↩⤴\ufe0e"))
        line += text.count("\n", counted, content)
        counted = content
        layout.definitions.append(Definition(key, content, max(content, end), line))


# --- blocks -----------------------------------------------------------------------------------


class _Table(NamedTuple):
    """A table by its lines, counted from 0, ends not included."""

    start: int
    end: int
    header: tuple[int, int] | None
    rows: list[tuple[int, int]]


def _read_blocks(layout: Layout, end: int) -> None:
    """Cut the body into headings, items, tables and paragraphs."""
    text = layout.text
    lines = text[:end].split("\n")
    tables = {one.start: one for one in _find_tables(text, end, lines)}
    wrapped = _is_wrapped(lines, tables.values())
    section: tuple[str, ...] = ()
    pos, skip_until = 0, 0
    open_block: Block | None = None
    previous_blank, marker = True, ""
    for index, line in enumerate(lines):
        start, pos = pos, pos + len(line) + 1
        content = line.strip()
        if index < skip_until:
            continue
        if index in tables:
            _flush(layout, open_block)
            open_block = None
            skip_until = tables[index].end
            _add_table(layout, tables[index], lines, start, section)
            previous_blank = True
        elif not content:
            _flush(layout, open_block)
            open_block = None
            previous_blank = True
        else:
            begin = start + len(line) - len(line.lstrip())
            stop = begin + len(content)
            item = _ITEM.match(line) if content[0] in _ITEM_STARTS else None
            if item and (open_block is None or not wrapped or _can_interrupt(item, marker)):
                marker = item.group(1)
                _flush(layout, open_block)
                open_block = Block(ClaimKind.LIST_ITEM, start + item.end(), stop, index + 1, section, begin - start + 1)
            elif open_block is not None and (wrapped or (open_block.kind is ClaimKind.LIST_ITEM and begin > start)):
                open_block = open_block._replace(end=stop)
            else:
                _flush(layout, open_block)
                open_block = None
                alone = previous_blank and (index + 1 == len(lines) or not lines[index + 1].strip())
                if not alone or not _is_heading(content):
                    open_block = Block(ClaimKind.SENTENCE, begin, stop, index + 1, section, begin - start)
                elif layout.title is None and not layout.blocks:
                    layout.title = content
                else:
                    section = (content,)
            previous_blank = False
    _flush(layout, open_block)


def _can_interrupt(item: re.Match[str], marker: str) -> bool:
    """Tell whether an item begins here rather than a wrapped line that happens to: "8) is" and "– as" go on.

    Args:
        item: the beginning of the line.
        marker: that of the item before it.
    """
    number = item.group(2)
    if number is None:
        return item.group(1) not in "–·" or item.group(1) == marker
    return number == "1" or marker[:-1] == str(int(number) - 1)


def _is_wrapped(lines: Sequence[str], tables: Iterable[_Table]) -> bool:
    """Tell whether paragraphs are broken into lines: then a line goes on with the one before it."""
    in_tables = sum(len(line) > _WRAPPED_WIDTH for one in tables for line in lines[one.start : one.end])
    long = sum(len(line) > _WRAPPED_WIDTH for line in lines)
    return long - in_tables <= _UNWRAPPED_SHARE * len(lines)


def _flush(layout: Layout, block: Block | None) -> None:
    """Keep the block that ends here, if one is open."""
    if block is not None:
        layout.blocks.append(block)


def _is_heading(content: str) -> bool:
    """Tell whether a line that stands alone is a heading: short, begins large, does not end like a sentence."""
    if len(content) > 2 * _HEADING_LENGTH or "#gap/" in content or _PAPER.search(content):
        return False
    content = _MARK_AT_END.sub("", without_block_id(content))
    if not content:
        return False
    return len(content) <= _HEADING_LENGTH and not content.endswith(_SENTENCE_END) and content[0].upper() == content[0]


def _find_tables(text: str, end: int, lines: Sequence[str]) -> Iterable[_Table]:
    """Return the tables that pandoc draws with dashes.

    A rule of several runs stands below the header, and again at the end where there is none. Rows that take several
    lines are divided by blank ones, and such a table is closed by a rule.

    Source:
        Pandoc's manual, "simple_tables" and "multiline_tables".
    """
    rules: list[tuple[int, int]] = []
    number, counted = 0, 0
    for found in _RULE_LINE.finditer(text, 0, end):
        number += text.count("\n", counted, found.start())
        counted = found.start()
        rules.append((number, len(_RUNS.findall(found.group()))))
    index = 0
    while index < len(rules):
        table, used = _table_at(rules, index, lines)
        if table is not None:
            yield table
        index += used


def _table_at(rules: Sequence[tuple[int, int]], index: int, lines: Sequence[str]) -> tuple[_Table | None, int]:
    """Return the table whose first rule is `rules[index]`, if it is one, and how many rules it takes."""
    line, runs = rules[index]
    following = rules[index + 1] if index + 1 < len(rules) else None
    above = line - 1 if line and lines[line - 1].strip() else None
    if above is None and following and _is_header(lines, line + 1, following[0]) and (runs == 1 or following[1] == 1):
        # A rule, the header, a rule of columns, rows, a rule.
        last = rules[index + 2] if index + 2 < len(rules) and runs == 1 else None
        if last is not None and last[1] == 1:
            rows = _rows(lines, following[0] + 1, last[0])
            return _Table(line, last[0] + 1, (line + 1, following[0]), rows), 3
    if above is not None:
        stop = line + 1
        while stop < len(lines) and lines[stop].strip() and (following is None or stop < following[0]):
            stop += 1
        closed = following is not None and following[0] == stop
        rows = [(one, one + 1) for one in range(line + 1, stop)]
        return _Table(above, stop + closed, (above, line), rows), 1 + closed
    if following is None or following[1] not in {runs, 1}:
        return None, 1
    return _Table(line, following[0] + 1, None, _rows(lines, line + 1, following[0])), 2


def _is_header(lines: Sequence[str], start: int, end: int) -> bool:
    return start < end and all(lines[one].strip() for one in range(start, min(end, start + 20))) and end - start <= 20  # noqa: PLR2004


def _rows(lines: Sequence[str], start: int, end: int) -> list[tuple[int, int]]:
    """Return the rows between two rules: divided by blank lines, or one a line where there are none."""
    blanks = [one for one in range(start, end) if not lines[one].strip()]
    if not blanks:
        return [(one, one + 1) for one in range(start, end)]
    rows, begin = [], start
    for stop in (*blanks, end):
        if begin < stop:
            rows.append((begin, stop))
        begin = stop + 1
    return rows


def _add_table(layout: Layout, table: _Table, lines: Sequence[str], start: int, section: tuple[str, ...]) -> None:
    starts = {table.start: start}
    for index in range(table.start, table.end):
        starts[index + 1] = starts[index] + len(lines[index]) + 1

    def span(rows: tuple[int, int]) -> tuple[int, int]:
        begin, stop = starts[rows[0]], starts[rows[1]] - 1
        seen = layout.text[begin:stop]
        return begin + len(seen) - len(seen.lstrip()), begin + len(seen.rstrip())

    number = len(layout.headers) + 1
    layout.headers[number] = span(table.header) if table.header else (start, start)
    for row in table.rows:
        begin, stop = span(row)
        if begin < stop:
            layout.blocks.append(Block(ClaimKind.TABLE_ROW, begin, stop, row[0] + 1, section, 0, number))


# --- marks ------------------------------------------------------------------------------------


class _Candidate(NamedTuple):
    """One number that may be a mark, and how surely."""

    value: int
    start: int
    end: int
    weight: int


def _find_marks(text: str, end: int, keys: set[str]) -> list[Mark]:
    """Return the marks of the body: those in brackets, or where there are none the bare numbers that fit together."""
    named = [
        Mark(found.group(1), found.start(), found.end())
        for found in (_KEY_MARK.finditer(text, 0, end) if "[^" in text else ())
        if not found.group(1).isdigit() and not found.group(1).startswith("gap/")
    ]
    if not keys:
        return named
    bracketed = [
        Mark(number, found.start(), found.end())
        for found in _in_brackets(text, end)
        if keys.issuperset(numbers := _numbers(found.group(1)))
        for number in numbers
    ]
    if 2 * len({mark.key for mark in bracketed}) >= len(keys):
        return sorted([*named, *bracketed], key=_start) if named else bracketed
    candidates = sorted([*_candidates(text, end, keys), *(_sure(mark) for mark in bracketed)], key=_start)
    marks = [Mark(str(one.value), one.start, one.end) for one in _fitting(candidates)]
    return sorted([*named, *marks], key=_start) if named else marks


def _start(one: Mark | _Candidate) -> int:
    return one.start


def _sure(mark: Mark) -> _Candidate:
    return _Candidate(int(mark.key), mark.start, mark.end, _STRONG)


def _numbers(written: str) -> list[str]:
    """Return the numbers of a mark, ranges written out.

    >>> _numbers("1, 3-5")
    ['1', '3', '4', '5']
    """
    if "-" in written or "–" in written:
        written = _RANGE.sub(_written_out, written)
    return _DIGITS.findall(written)


def _written_out(found: re.Match[str]) -> str:
    first, last = int(found.group(1)), int(found.group(2))
    if not first < last <= first + _MAX_RANGE:
        return "0"
    return ",".join(str(number) for number in range(first, last + 1))


def _candidates(text: str, end: int, keys: set[str]) -> list[_Candidate]:
    """Return the bare numbers that may be marks; one that closes a clause is likely one, another only if it fits."""
    made: list[_Candidate] = []
    for found in _BARE_MARK.finditer(text, 0, end):
        group = found.lastindex or 1
        group = 1 if found.group(1) else group
        numbers = _DIGITS.findall(found.group(group))
        if not keys.issuperset(numbers) or any(number[0] == "0" for number in numbers):
            continue
        begin = found.start(group)
        weight = _STRONG
        if group == 1:
            weight = _weight(text, found)
        made.extend(_Candidate(int(number), begin, found.end(), weight) for number in numbers if weight)
    return made


def _weight(text: str, found: re.Match[str]) -> int:
    """Return how surely a number behind a word or stop is a mark, 0 for not at all."""
    start = found.start()
    if text[start - 1] == ".":
        # "et al. 9" may be one. "It rose. 9 mice died" is none, but one that ends the line is that of the sentence.
        at_end = _AT_END.match(text, found.end()) is not None
        return _STRONG if at_end else _UNLIKELY if _ET_AL.search(text, max(0, start - 8), start) else 0
    closes = found.group(2) or _CLOSES_CLAUSE.match(text, found.end())
    if _COUNTED.search(text, max(0, start - 30), start):
        return _UNLIKELY if closes else 0
    return _STRONG if closes else 0 if _UNIT.match(text, found.end()) else _WEAK


def _fitting(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Return the candidates that can be marks together: the best row of first marks, and repeated ones between them.

    Notes are numbered by their first marks, so these go up. Of all rows that do, the one with the most that close a
    clause is taken; a tree of prefix maxima finds it in the order of the page.
    """
    if not candidates:
        return []
    size = max(one.value for one in candidates) + 1
    tree: list[tuple[int, int]] = [(0, -1)] * (size + 1)
    before: list[int] = []
    for index, one in enumerate(candidates):
        weight, last = 0, -1
        place = one.value
        while place > 0:
            weight, last = max((weight, last), tree[place], key=_first)
            place -= place & -place
        before.append(last)
        total = weight + one.weight
        place = one.value + 1
        while place <= size:
            if tree[place][0] < total:
                tree[place] = (total, index)
            place += place & -place
    chain = set()
    index = max(tree, key=_first)[1]
    while index >= 0:
        chain.add(index)
        index = before[index]
    sure = {candidates[one].value for one in chain if candidates[one].weight == _STRONG}
    fitting, highest = [], 0
    for index, one in enumerate(candidates):
        if index in chain:
            if _is_supported(one, sure, size - 1):
                highest = one.value
                fitting.append(one)
        elif one.weight == _STRONG and one.value <= highest:
            fitting.append(one)
    return fitting


def _is_supported(one: _Candidate, sure: set[int], last: int) -> bool:
    """Tell whether a number that closes no clause fills a gap: between its neighbours, or beside one of them."""
    below, above = one.value - 1 in sure, one.value + 1 in sure
    if one.weight == _UNLIKELY:
        return (below or one.value == 1) and (above or one.value == last) and (below or above)
    return one.weight == _STRONG or below or above


def _first(pair: tuple[int, int]) -> int:
    return pair[0]
