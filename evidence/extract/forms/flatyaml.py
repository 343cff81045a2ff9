"""The plain subset of YAML that most front matter is written in, read without a parser.

Keys at the margin, each with one scalar, a list in brackets, or a list of scalars below it. Whatever is not certainly
understood (nested values, text over several lines, escapes, times) is left to PyYAML,
so that both give the same values: `tests/test_frontmatter.py` compares them.
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

# Line feeds and what YAML calls printable, without its other line breaks.
_UNFIT = re.compile("[^\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_QUOTES = frozenset("\"'")
_KEY_WIDTH = 128
# First characters that have a meaning of their own, so that what follows is no plain text.
_INDICATORS = frozenset("-?:,[]{}#&*!|>%@`")
# PyYAML's own patterns for what is no text, by first character, with the tags of numbers, dates and so on.
_RESOLVERS: dict[str, list[tuple[str, re.Pattern[str]]]] = yaml.SafeLoader.yaml_implicit_resolvers
_INTEGER = re.compile(r"0|[1-9][0-9]{0,17}")
_FLOAT = re.compile(r"[0-9]{1,9}\.[0-9]{1,9}")
_DATE = re.compile(
    r"[12][0-9]{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
# The words that are no text, each written small, large or with a capital.
_WORDS: dict[str, bool | None] = {
    form: value
    for word, value in (
        *dict.fromkeys(("true", "yes", "on"), True).items(),
        *dict.fromkeys(("false", "no", "off"), False).items(),
        ("null", None),
    )
    for form in (word, word.upper(), word.capitalize())
}
# A key with a text that holds nothing of a meaning of its own: most lines.
_SIMPLE = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,126}): +(?:\"([^\"\\]*)\"|([A-Za-z](?:[^:#]*[^:# ])?)) *")
_QUOTED = re.compile(r"(?:\"([^\"\\]*)\"|'([^']*)')(?: *$| +#)")
_EMPTY_LIST = re.compile(r"\[ *\](?: *$| +#)")
# An item of a list in brackets: quoted, or a plain word with none of the signs that mean something there.
_ITEM = re.compile(r" *(?:\"([^\"\\]*)\" *|([^\[\]{}:?,#\"'\s&*!|>%@`-][^\[\]{}:?,#\"]*))([,\]])")
# Words of letters, figures and dashes, each of which begins with a letter.
_WORDS_OF_ITEM = r"[A-Za-z][A-Za-z0-9_./-]*+(?: [A-Za-z0-9_./-]++)*"
_PLAIN_LIST = re.compile(rf"\[{_WORDS_OF_ITEM}(?:, {_WORDS_OF_ITEM})*\]")
_LIST_END = re.compile(r" *$| +#")
_OTHER: Final = object()


def read_flat(source: str) -> dict[str, Any] | None:
    r"""Return the values of YAML, or None where it is not certain that a parser would return the same.

    >>> read_flat('title: "A page"\nyear: 2019\ntags: [bone, "[[Page]]"]\naliases:\n  - first\n')
    {'title': 'A page', 'year': 2019, 'tags': ['bone', '[[Page]]'], 'aliases': ['first']}
    >>> read_flat("a: b: c") is read_flat("a: >\n  folded") is None
    True
    """
    if _UNFIT.search(source):
        return None
    values: dict[str, Any] = {}
    # The key that had no value on its line, which a list below may give, and the margin of that list.
    waiting: str | None = None
    margin = ""
    for line in source.split("\n"):
        if simple := _SIMPLE.fullmatch(line):
            key, quoted, plain = simple.groups()
            waiting, values[key] = None, quoted if plain is None else _WORDS.get(plain, plain)
            continue
        key, colon, rest = line.partition(":")
        if colon and key[:1] in _LETTERS and _is_key(key):
            if not rest or (rest[0] == " " and rest.lstrip(" ")[:1] in {"", "#"}):
                waiting, values[key] = key, None
                continue
            value = _value(rest.strip(" ")) if rest[0] == " " else _OTHER
            if value is _OTHER:
                return None
            waiting, values[key] = None, value
            continue
        item = line.lstrip(" ")
        if not item or line[0] == "#":
            continue
        if waiting is None or item[:2] != "- ":
            return None
        value = _scalar(item[2:].strip(" "))
        if value is _OTHER:
            return None
        items = values[waiting]
        if items is None:
            values[waiting], margin = [value], line[: -len(item)]
        elif line[: -len(item)] == margin:
            items.append(value)
        else:
            return None
    return values


def _is_key(text: str) -> bool:
    return text.isascii() and len(text) < _KEY_WIDTH and text.replace("-", "_").isidentifier()


def _value(text: str) -> Any:
    """Return the value behind a key, or `_OTHER`."""
    return _list(text) if text[0] == "[" else _scalar(text)


def _list(text: str) -> Any:
    """Return the items of a list in brackets, or `_OTHER`."""
    if _PLAIN_LIST.fullmatch(text):
        return [_WORDS.get(item, item) for item in text[1:-1].split(", ")]
    if _EMPTY_LIST.match(text):
        return []
    items: list[Any] = []
    at = 1
    while found := _ITEM.match(text, at):
        quoted, plain, closing = found.groups()
        value = quoted if plain is None else _plain(plain.rstrip(" "))
        if value is _OTHER:
            break
        items.append(value)
        at = found.end()
        if closing == "]":
            return items if _LIST_END.match(text, at) else _OTHER
    return _OTHER


def _scalar(text: str) -> Any:
    """Return the value of a scalar on one line, or `_OTHER`."""
    first = text[:1]
    if first in _QUOTES:
        quoted = _QUOTED.match(text)
        return _OTHER if quoted is None else quoted.group(quoted.lastindex or 1)
    if first in _INDICATORS or not first:
        return _OTHER
    comment = text.find(" #")
    if comment > 0:
        text = text[:comment].rstrip(" ")
    return _OTHER if ": " in text or text[-1] == ":" else _plain(text)


def _plain(text: str) -> Any:
    """Return what words without quotes mean, or `_OTHER`."""
    if text[0] in _LETTERS:
        return _WORDS.get(text, text)
    for tag, pattern in _RESOLVERS.get(text[0], ()):
        if pattern.match(text):
            if _INTEGER.fullmatch(text):
                return int(text)
            if _FLOAT.fullmatch(text):
                return float(text)
            if _DATE.fullmatch(text):
                return text
            return None if tag == "tag:yaml.org,2002:null" else _OTHER
    return text
