"""The text of a BibTeX file -> its entries with the values of their fields, before anything is made of these.

bibtexparser finds the entries and their fields, some hundred at a time, so that memory does not grow with its blocks.
Strings, macros and inheritance are read here.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from bibtexparser.model import (
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    ParsingFailedBlock,
    Preamble,
    String,
)
from bibtexparser.splitter import Splitter

from evidence.library.entries import MAX_VALUE_CHARS, EntryProblem, LibraryEntry, failed_entry
from evidence.library.latex import is_braced
from evidence.library.macros import Macro, expand, read_definitions
from evidence.terminal import shorten

# Its warnings say what we say better, with the file and the key.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)

_BLOCKS_AT_ONCE = 300
_MOST_PARENTS = 5
_SHOWN = 60
# Collaborations of physics have thousands of authors.
_OF_NAMES = frozenset({"author", "editor"})
_MOST_NAME_CHARS = 2_000_000
_BLOCK = re.compile(r"^[ \t]*@\w*[ \t]*[{(]", re.MULTILINE)
# EndNote's oldest style writes no key, nor the comma behind it.
_KEYLESS = re.compile(
    r"^([ \t]*@(?!(?:string|preamble|comment)\b)\w+[ \t]*\{)(?=\s{0,9}[A-Za-z]{1,30}\s{0,9}=)",
    re.MULTILINE | re.IGNORECASE,
)
_KEY = re.compile(r"@\w*[ \t]*[{(][ \t\n]*([^\s,]{1,200})")
_PIECE = re.compile(r"\\.|[{}\"#]", re.DOTALL)
# What stands behind a value in braces or quotation marks is another field.
_ENDS_EARLY = re.compile(r"\{[^{}]*\}|\"[^\"]*\"")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NOT_INHERITED = frozenset(
    {"doi", "pmid", "pmcid", "pmc", "eprint", "eprinttype", "archiveprefix", "url", "ids", "crossref", "xdata", "xref",
     "note", "annotation", "annote", "addendum", "author", "pages", "title", "subtitle", "shorttitle", "keywords"}
)  # fmt: skip
# From an `@xdata` comes what entries share on purpose, but no identifier of a work.
_NEVER_INHERITED = frozenset({"doi", "pmid", "pmcid", "pmc", "eprint", "url", "ids", "crossref"})
# Of biblatex's rules for `crossref`: who wrote a book wrote what it holds, unless that says who did.
_OF_ONE_AUTHOR = frozenset({"inbook", "bookinbook", "suppbook"})
_WHOLE_BOOKS = frozenset({"book", "mvbook"})
_IN_PARENT = {"booktitle": "title", "booksubtitle": "subtitle"}


class Field(NamedTuple):
    """One field of an entry: its value, without the enclosing signs, and its line."""

    value: str
    line: int


Fields = dict[str, Field]


class Block(NamedTuple):
    """One entry before anything is made of its fields. Its type and the names of fields are in small letters."""

    line: int
    type: str
    key: str
    fields: Fields
    raw: str
    problems: list[EntryProblem]


def parse_blocks(text: str, read: Collection[str]) -> Iterator[Block | LibraryEntry]:
    """Yield the entries of a file in order; what cannot be parsed comes with the reason.

    Args:
        text: of the file.
        read: the fields that anything is made of; what is wrong with others is not told.
    """
    strings = {month: month for month in _MONTHS}
    macros: dict[str, Macro] = {}
    for line, piece in _pieces(text):
        for block in Splitter(_KEYLESS.sub(r"\1,", piece)).split().blocks:
            start = line + (block.start_line or 0)
            if isinstance(block, DuplicateBlockKeyBlock) and block.ignore_error_block is not None:
                block = block.ignore_error_block  # noqa: PLW2901 - which of two counts is decided over the whole file
            if isinstance(block, String):
                value, unknown = _evaluate(block.value, strings)
                strings[block.key.lower()] = value
                if unknown:
                    yield failed_entry(
                        start, None, f"@string {block.key}: there is no string {unknown}", block.raw or ""
                    )
            elif isinstance(block, Preamble):
                macros.update(read_definitions(_evaluate(block.value, strings)[0]))
            elif isinstance(block, Entry):
                yield _parsed(block, (start, line), (strings, macros), read)
            elif isinstance(block, DuplicateFieldKeyBlock) and isinstance(block.ignore_error_block, Entry):
                yield _parsed(block.ignore_error_block, (start, line), (strings, macros), read, block.duplicate_keys)
            elif isinstance(block, ParsingFailedBlock):
                raw = block.raw or ""
                key = _KEY.match(raw.lstrip())
                yield failed_entry(start, key[1] if key else None, _why(block), raw)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield the file in pieces that begin where an entry does, each with its first line, from 1.

    bibtexparser too takes what begins a line like an entry for one, whatever is still open.
    """
    start, line = 0, 1
    for number, match in enumerate(_BLOCK.finditer(text)):
        if number % _BLOCKS_AT_ONCE == 0 and match.start() > start:
            yield line, text[start : match.start()]
            line += text.count("\n", start, match.start())
            start = match.start()
    yield line, text[start:]


def _why(block: ParsingFailedBlock) -> str:
    reason = getattr(block.error, "abort_reason", None) or str(block.error)
    if reason.startswith(("Unexpected block start", "Unexpectedly reached end")):
        return "it has no end: a closing brace or quotation mark is missing"
    if reason.startswith("Expected comma after entry key"):
        return "no comma stands behind its key, or the key has a sign that none may have"
    if reason.startswith("Expected a `=`"):
        return "a field has no = behind its name, or a comma is missing before it"
    if reason.startswith("Expected either"):
        return "a comma is missing between two fields"
    return f"it cannot be read: {reason}"


def _parsed(
    entry: Entry,
    lines: tuple[int, int],
    defined: tuple[Mapping[str, str], Mapping[str, Macro]],
    read: Collection[str],
    repeated: Collection[str] = (),
) -> Block:
    """Return an entry with the values of its fields; `lines` are its own and that of the piece it was read from."""
    (start, line), (strings, macros) = lines, defined
    fields: Fields = {}
    problems: list[EntryProblem] = []
    for field in entry.fields:
        name, place = field.key.lower(), line + (field.start_line or 0)
        most = _MOST_NAME_CHARS if name in _OF_NAMES else MAX_VALUE_CHARS
        value, unknown = _evaluate(str(field.value), strings, most)
        value = expand(value, macros, most)
        if unknown:
            problems.append(EntryProblem(name, _why_unknown(unknown), place))
        if len(value) == most and (name in read or name in _OF_NAMES):
            problems.append(EntryProblem(name, f"it is longer than {most} characters; the rest is not read", place))
            # Half of a name would be another one.
            value = value.rpartition(" and ")[0] if name in _OF_NAMES else value
        if name not in fields:
            fields[name] = Field(value, place)
        elif name in read and fields[name].value != value and name in {one.lower() for one in repeated}:
            problems.append(EntryProblem(name, "it stands twice with different values; the first is read", place))
    return Block(start, entry.entry_type.lower(), entry.key, fields, entry.raw or "", problems)


def _evaluate(value: str, strings: Mapping[str, str], most: int = MAX_VALUE_CHARS) -> tuple[str, str | None]:
    """Return what a value says without its enclosing signs, and a name in it that no @string explains.

    >>> _evaluate('jcb # { and } # "more"', {"jcb": "J Cell Biol"}), _evaluate("{a # b}", {}), _evaluate("nope", {})
    (('J Cell Biol and more', None), ('a # b', None), ('', 'nope'))
    """
    value = value.strip()
    if is_braced(value):
        return value[1:-1][:most], None
    parts: list[str] = []
    unknown = None
    # What strings made of strings grow to is cut: each may be twice as long as the one before.
    left = most
    for piece in _concatenated(value):
        bare = piece.strip()
        if is_braced(bare) or (len(bare) > 1 and bare[0] == bare[-1] == '"'):
            part = bare[1:-1]
        elif bare.isdecimal() or not bare:
            part = bare
        elif bare.lower() in strings:
            part = strings[bare.lower()]
        else:
            part, unknown = "", unknown or bare[:60]
        parts.append(part[:left])
        left -= len(parts[-1])
        if left <= 0:
            break
    return "".join(parts), unknown


def _why_unknown(piece: str) -> str:
    """Return what is wrong with a part of a value that no @string explains.

    >>> _why_unknown("jcb"), _why_unknown("{J} year=2000")
    ('there is no @string jcb', 'a comma is missing behind {J}')
    """
    if match := _ENDS_EARLY.match(piece):
        return f"a comma is missing behind {shorten(match[0], _SHOWN)}"
    return f"there is no @string {piece}"


def _concatenated(value: str) -> Iterator[str]:
    """Yield the parts of a value between its `#` outside braces and quotation marks."""
    depth, quoted, start = 0, False, 0
    for match in _PIECE.finditer(value):
        sign = match[0]
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
        elif sign == '"' and depth == 0:
            quoted = not quoted
        elif sign == "#" and depth == 0 and not quoted:
            yield value[start : match.start()]
            start = match.end()
    yield value[start:]


def with_inherited(parsed: Block, parents: Mapping[str, Block], problems: list[EntryProblem]) -> Fields:
    """Return the fields of an entry with those from `crossref` and `xdata`, but no identifier of another work."""
    fields = dict(parsed.fields)
    seen = {parsed.key.lower()}
    waiting = _named_parents(fields)
    while waiting and len(seen) <= _MOST_PARENTS:
        how, name = waiting.pop(0)
        if name.lower() in seen:
            continue
        seen.add(name.lower())
        parent = parents.get(name.lower())
        if parent is None:
            problems.append(
                EntryProblem(how, f"there is no entry {name}", parsed.fields.get(how, Field("", 0)).line or None)
            )
            continue
        barred = _NEVER_INHERITED if how == "xdata" else _NOT_INHERITED
        for key, field in parent.fields.items():
            if key not in barred:
                fields.setdefault(key, field)
        if how == "crossref":
            if parsed.type in _OF_ONE_AUTHOR and parent.type in _WHOLE_BOOKS and "author" in parent.fields:
                fields.setdefault("author", parent.fields["author"])
            for mine, theirs in _IN_PARENT.items():
                if theirs in parent.fields:
                    fields.setdefault(mine, parent.fields[theirs])
        waiting += _named_parents(parent.fields)
    return fields


def _named_parents(fields: Fields) -> list[tuple[str, str]]:
    return [
        (how, name.strip())
        for how in ("xdata", "crossref")
        if how in fields
        for name in fields[how].value.split(",")
        if name.strip()
    ]
