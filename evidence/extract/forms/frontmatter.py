"""The YAML block at the head of a page. Aliases and deep nesting are refused: both can eat all memory."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from evidence.extract.forms.flatyaml import read_flat
from evidence.records import Problem

_OPENING = re.compile(r"\ufeff?---[ \t]*\r?\n")
_CLOSING = re.compile(r"\n(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_ALIAS = re.compile(r"(?:^|[\s\[{,:-])\*[A-Za-z0-9_]")
_NESTED = re.compile(r"(?:[-?:][ \t]++){24}|^[ ]{120}", re.MULTILINE)
_LINE = re.compile(r"^([A-Za-z][\w-]{0,60})[ \t]*:[ \t]+(\S[^\n]{0,1000})$", re.MULTILINE)
_DEEP = 24
_MAX_SIZE = 4_000_000
_STRING = "tag:yaml.org,2002:str"
_NUMBERS = frozenset({"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"})
# One that is longer cannot be written as JSON, and takes PyYAML quadratic time in base 60: `1:1:1:...`.
_LONGEST_NUMBER = 300
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands above the body. `start` and `end` are the span of the YAML, `body` where the body begins."""

    values: dict[str, Any] = field(default_factory=dict)
    start: int = 0
    end: int = 0
    body: int = 0
    problem: Problem | None = None


def read_front_matter(text: str) -> FrontMatter:
    """Return the front matter of a page; empty where there is none.

    YAML that cannot be read is a problem of the page, not an error: its plain `key: value` lines are read
    instead, so that the page keeps its title and identifiers.

    >>> read_front_matter("---\\ndoi: 10.1000/x\\n---\\nBody").values
    {'doi': '10.1000/x'}
    """
    opening = _OPENING.match(text)
    if opening is None:
        return FrontMatter()
    closing = _CLOSING.search(text, opening.end() - 1)
    if closing is None:
        return FrontMatter(problem=Problem("front-matter", "the front matter is not closed by a line `---`", 1))
    start, end = opening.end(), closing.start() + 1
    body = min(closing.end() + 1, len(text))
    source = text[start:end]
    try:
        values = _load(source)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line, column, reason = _describe(error)
        problem = Problem("front-matter", f"the front matter is not valid YAML: {reason}", line + 1, column)
        return FrontMatter(_read_lines(source), start, end, body, problem)
    return FrontMatter(values, start, end, body)


def scalar_nodes(source: str) -> dict[str, list[tuple[str, str, int, int]]]:
    """Return, for each top-level key, its scalars as (value, style, start, end) with offsets into `source`.

    A sequence of scalars gives one for each; anything deeper is left out. Empty where the YAML cannot be read.
    """
    try:
        _refuse_bombs(source)
        root = yaml.compose(source, Loader=_Loader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    nodes: dict[str, list[tuple[str, str, int, int]]] = {}
    if not isinstance(root, yaml.MappingNode):
        return nodes
    for key, value in root.value:
        items = value.value if isinstance(value, yaml.SequenceNode) else [value]
        nodes[str(key.value)] = [
            (item.value, item.style or "", item.start_mark.index, item.end_mark.index)
            for item in items
            if isinstance(item, yaml.ScalarNode)
        ]
    return nodes


def _load(source: str) -> dict[str, Any]:
    """Return the values of YAML. Most is plain enough to be read line by line; a parser takes the rest."""
    if len(source) <= _MAX_SIZE and (values := read_flat(source)) is not None:
        return values
    return _parse(source)


def _parse(source: str) -> dict[str, Any]:
    """Return the values of YAML, made from its nodes here: PyYAML's constructors take twice its parser's time."""
    _refuse_bombs(source)
    loader = _Loader(source)
    try:
        node = loader.get_single_node()
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode):
            raise ValueError("it is not a table of keys and values")  # noqa: TRY004 - one kind of error for bad YAML
        value = _value(node, loader)
    finally:
        loader.dispose()
    return value if isinstance(value, dict) else {}


def _value(node: yaml.Node, loader: Any) -> Any:
    """Return a node's value as JSON can hold it; YAML has dates, infinities and keys that are no text."""
    if isinstance(node, yaml.ScalarNode):
        if node.tag == _STRING or (len(node.value) > _LONGEST_NUMBER and node.tag in _NUMBERS):
            return node.value
        return _plain(loader.construct_object(node))
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, loader) for item in node.value]
    return {_key(key, loader): _value(value, loader) for key, value in node.value}


def _key(node: yaml.Node, loader: Any) -> str:
    return node.value if isinstance(node, yaml.ScalarNode) else str(_value(node, loader))


def _refuse_bombs(source: str) -> None:
    if len(source) > _MAX_SIZE:
        raise ValueError("it is larger than 4 MB")
    if not (("*" in source and _ALIAS.search(source)) or _may_nest(source)):
        return
    depth = 0
    for event in yaml.parse(source, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise ValueError(f"aliases (`*{event.anchor}`) are not read")  # noqa: TRY004 - bad YAML
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > 20:  # noqa: PLR2004 - no page nests deeper; the loader recurses
            raise ValueError("it is nested deeper than 20 levels")


def _may_nest(source: str) -> bool:
    """Tell whether the YAML may be nested deeply: the C parser's nodes recurse without a limit of their own."""
    return source.count("[") + source.count("{") >= _DEEP or _NESTED.search(source) is not None


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def _describe(error: Exception) -> tuple[int, int, str]:
    """Return line, column and reason of a YAML error, both from 1 within the YAML."""
    mark = getattr(error, "problem_mark", None)
    reason = getattr(error, "problem", None) or str(error).partition("\n")[0]
    return (mark.line + 1, mark.column + 1, reason) if mark is not None else (1, 1, reason)


def _read_lines(source: str) -> dict[str, Any]:
    """Return the plain `key: value` lines of YAML that cannot be parsed."""
    return {key: value.strip().strip("'\"") for key, value in _LINE.findall(source)}
