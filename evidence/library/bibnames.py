"""Names in BibTeX and BibLaTeX -> persons and groups."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.export.names import has_suffix
from evidence.library.blocks import Fields
from evidence.library.entries import (
    EntryProblem,
    are_short_names,
    is_group,
    is_others,
    is_several_names,
    make_group,
    make_name,
)
from evidence.library.latex import decode_latex, is_braced
from evidence.records import OTHERS, AuthorName
from evidence.terminal import shorten

_SHOWN = 60
_AND = re.compile(" and ", re.IGNORECASE)
_MARK_IN_NAMES = re.compile(r"\\.|[{}]|,| and (?=\S)", re.DOTALL | re.IGNORECASE)
# biblatex's parts of names, with their initials and options such as `useprefix=true`.
_EXTENDED = re.compile(r"\s*([a-z]+(?:-i)?)\s*=\s*\"?(.*?)\"?\s*\Z", re.DOTALL)
# "Smith et al.", "Smith, J, et al.": one name and no more of the list.
_OTHERS = re.compile(r",?[\s~]+\{?et[\s~]+al\b\.?\}?\s*\Z", re.IGNORECASE)
_OTHERS_CHARS = 30
_TAG = re.compile(r"</?(?:i|b|sub|sup)>")
_STRAY_AND = re.compile(r"\Aand |(?<!,) and\Z")
_MOST_COMMAS = 2
# "Jian Sun 0001": DBLP numbers persons of one name.
_NUMBER_OF_NAMESAKE = re.compile(r"0\d{3}")
_NUMBERED_WORDS = 2


def name_problems(role: str, fields: Fields) -> Iterator[EntryProblem]:
    """Yield what is wrong with the names of a field."""
    value = fields[role].value if role in fields else ""
    if ";" not in value and "," not in value:
        return
    for name, commas in _split_names(value):
        if not is_braced(name) and "=" not in name and _is_several(name, len(commas)):
            message = f"“{shorten(name, _SHOWN)}” is more than one name: write ` and ` between them; it is not read"
            yield EntryProblem(role, message, fields[role].line)


def read_names(value: str) -> Iterator[AuthorName | None]:
    r"""Yield the names of an author field.

    >>> [name and name.family for name in read_names(r"van der Berg, Jan and {Rock and Roll} and K. {\O}rsted")]
    ['van der Berg', None, 'Ørsted']
    """
    is_cut = False
    for name, commas in _split_names(value):
        if len(name) < _OTHERS_CHARS and is_others(decode_latex(name).strip(" ,")):
            is_cut = True
        elif is_braced(name) and not commas:
            yield make_group(_plain(name))
        else:
            # A look at its end alone: a name may be one long line.
            others = _OTHERS.search(name, max(0, len(name) - _OTHERS_CHARS))
            is_cut = is_cut or others is not None
            end = others.start() if others else len(name)
            yield _name(name[:end], [place for place in commas if place < end])
    if is_cut:
        yield OTHERS


def _split_names(value: str) -> Iterator[tuple[str, list[int]]]:
    """Yield each name with the places of its commas outside braces."""
    value = _STRAY_AND.sub("", " ".join(value.split()))
    if "{" not in value and "\\" not in value:
        for name in _AND.split(value):
            if name:
                yield name, [place for place, char in enumerate(name) if char == ","]
        return
    depth, start, commas = 0, 0, list[int]()
    for match in _MARK_IN_NAMES.finditer(value):
        sign = match[0]
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth = max(0, depth - 1)
        elif depth == 0 and sign == ",":
            commas.append(match.start() - start)
        elif depth == 0 and sign[0].isspace():
            yield value[start : match.start()], commas
            start, commas = match.end(), []
    if start < len(value):
        yield value[start:], commas


def _name(name: str, commas: list[int]) -> AuthorName | None:
    parts = [name[i:j] for i, j in zip([0, *(place + 1 for place in commas)], [*commas, len(name)], strict=True)]
    extended = {match[1]: match[2] for one in parts if (match := _EXTENDED.match(one))}
    if len(extended) == len(parts) > 0 and not extended.keys().isdisjoint({"family", "given"}):
        family = " ".join(filter(None, (extended.get("prefix"), extended.get("family"))))
        given = " ".join(filter(None, (extended.get("given"), extended.get("suffix"))))
        return make_name(_plain(family), _plain(given))
    if _is_several(name, len(commas)):
        return None
    if len(parts) == 1:
        return _plain_name(name)
    if len(parts) == _MOST_COMMAS + 1 and has_suffix(f"- {parts[-1].strip()}"):
        # Not as BibTeX has it, but nobody is called Jr.
        parts = [parts[0], parts[2], parts[1]]
    # "Family, Given", or "Family, Jr, Given": the registries put a suffix behind the given name.
    given = " ".join(filter(None, (parts[-1].strip(), *(one.strip() for one in parts[1:-1]))))
    return make_name(_plain(parts[0]), _plain(given))


def _plain(text: str) -> str:
    """Return a part of a name without commands and markup, which names have none of."""
    return _TAG.sub("", decode_latex(text))


def _is_several(name: str, commas: int) -> bool:
    """Tell whether what stands between two `and` is more than one name, which nobody can take apart for certain.

    >>> _is_several("Lee J, Doe A", 1), _is_several("Lee, J. & Doe, A.", 2), _is_several("Lee, Jin A", 1)
    (True, True, False)
    """
    if commas > _MOST_COMMAS or is_several_names(name):
        return True
    before, sign, _ = name.replace(r"\&", "&").partition(" & ")
    if sign and "," in before:
        return True
    return are_short_names(name)


def _plain_name(name: str) -> AuthorName | None:
    """Return a name without a comma: particles in small letters, or the last word, begin the family name."""
    words = _words(name)
    if len(words) > _NUMBERED_WORDS and _NUMBER_OF_NAMESAKE.fullmatch(words[-1]):
        words.pop()
    if len(words) <= 1:
        return make_name(_plain(name))
    decoded = [_plain(one) for one in words]
    if is_group(" ".join(decoded)):
        return make_group(" ".join(decoded))
    small = (at for at, word in enumerate(decoded[1:-1], 1) if word[:1].islower() and not words[at].startswith("{"))
    at = next(small, len(words) - 1)
    return make_name(" ".join(decoded[at:]), " ".join(decoded[:at]))


def _words(name: str) -> list[str]:
    """Return the words of a name; what stands in braces is one, and so is a letter with its accent."""
    words: list[list[str]] = [[]]
    depth = 0
    for match in re.finditer(r"\\[A-Za-z]+\s*|\\.|[{}]|\s+|~|[^\\{}\s~]+", name, re.DOTALL):
        sign = match[0]
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth <= 0 and (sign.isspace() or sign == "~"):
            words.append([])
        else:
            words[-1].append(sign)
    return ["".join(one) for one in words if one]
