r"""Commands with arguments: BibTeX's habit of hiding words that only sort, and what prints its arguments its own way.

`\noopsort{1973b}1981` prints 1981, and `\switchargs{--90}{1968}` prints 1968--90: whoever reads the argument as text
gets another name or year. A library says so in its `@preamble`, or leaves it to the styles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from evidence.library.units import read_angle, read_list, read_numeral, read_unit

# Definitions and bodies are short; what they grow to is cut as any value.
_MOST_BODY_CHARS = 200
_MOST_ROUNDS = 4
_MOST_ARGUMENTS = 9
_MOST_PLACES = 9
# More than the authors of any paper have.
_MOST_COMMANDS = 20_000
_DEFINITION = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|DeclareRobustCommand)\*?\s*\{?\s*\\([A-Za-z]+)\s*\}?\s*(?:\[(\d)\])?\s*(?=\{)"
    r"|\\def\s*\\([A-Za-z]+)\s*((?:#\d)*)\s*(?=\{)"
)
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?[ \t\n]*")
_ARGUMENT = re.compile(r"[ \t\n]*(?:(\{)|(\\[A-Za-z]+|\\.|[^\s{}]))", re.DOTALL)
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_OPTIONS = re.compile(r"\[[^\[\]{}]{0,200}\]")
_PLACE = re.compile(r"#(\d)")
# How TeX draws a letter; the letter itself is what reading needs.
_DRAWING = re.compile(r"\\(?:setbox|hbox|[hv]?skip|kern|lower|raise|leavevmode|ooalign|accent|char|if\w*|csname|def)\b")
# Words that sort, by whatever their author calls the command.
_SILENT_NAME = re.compile(r"(?:sort)?no_?op(?:sort)?|noprint|sortas|sortkey|nosort", re.IGNORECASE)


_WORD_OR_COMMAND = re.compile(r"(\\(?:[A-Za-z]+|.))|[^\\]+", re.DOTALL)
_CAPITALS = {rf"\{one}": rf"\{one.upper()}" for one in ("o", "l", "ae", "oe", "aa", "dh", "dj", "ng", "th")}
_SMALL = {capital: small for small, capital in _CAPITALS.items()}
_CAPITALS[r"\ss"] = "SS"


class Macro(NamedTuple):
    """How many arguments a command takes, and what it prints, with `#1` for the first of them.

    `has_options`: what stands in square brackets behind it says how, and is no argument. `readers`: what its arguments
    say, where that is not their text.
    """

    arguments: int
    body: str
    has_options: bool = False
    readers: tuple[Callable[[str], str], ...] = ()


_BINOMIAL = Macro(2, "(#1 choose #2)")
_QUANTITY = Macro(2, "#1 {#2}", has_options=True, readers=(read_numeral, read_unit))
_UNIT = Macro(1, "{#1}", has_options=True, readers=(read_unit,))
_QUANTITIES = Macro(3, "#1\u2013#2 {#3}", has_options=True, readers=(read_numeral, read_numeral, read_unit))


def _in_capitals(text: str) -> str:
    r"""Return the argument of `\MakeUppercase` in capitals, but for its commands; those that print letters have both.

    >>> _in_capitals(r"d{\o}d \alpha {\ss}"), _in_capitals(r"\'et\'e")
    ('D{\\O}D \\alpha {SS}', "\\'ET\\'E")
    """
    return _WORD_OR_COMMAND.sub(lambda match: _CAPITALS.get(match[0], match[0]) if match[1] else match[0].upper(), text)


def _in_small_letters(text: str) -> str:
    r"""Return the argument of `\MakeLowercase` in small letters, in the same way.

    >>> _in_small_letters(r"D{\O}D \Gamma")
    'd{\\o}d \\Gamma'
    """
    return _WORD_OR_COMMAND.sub(lambda match: _SMALL.get(match[0], match[0]) if match[1] else match[0].lower(), text)


_CAPITAL = Macro(1, "{#1}", readers=(_in_capitals,))
_SMALL_LETTERS = Macro(1, "{#1}", readers=(_in_small_letters,))
# Those of BibTeX's own example file, and of MathSciNet and Zentralblatt, whose definitions draw letters; of formulas,
# and of siunitx for numbers with their units.
KNOWN: Mapping[str, Macro] = {
    "printfirst": Macro(2, "#1"),
    "singleletter": Macro(1, "#1"),
    "switchargs": Macro(2, "#2#1"),
    "cprime": Macro(0, "'"),
    "cdprime": Macro(0, "''"),
    "polhk": Macro(1, r"\k{#1}"),
    "ocirc": Macro(1, r"\r{#1}"),
    "udot": Macro(1, r"\d{#1}"),
    "Dbar": Macro(0, "\u0110"),
    "dbar": Macro(0, "\u0111"),
    "texorpdfstring": Macro(2, "#1"),
    **dict.fromkeys(("MakeUppercase", "MakeTextUppercase", "uppercase"), _CAPITAL),
    **dict.fromkeys(("MakeLowercase", "MakeTextLowercase", "lowercase"), _SMALL_LETTERS),
    **dict.fromkeys(("binom", "dbinom", "tbinom"), _BINOMIAL),
    "pmod": Macro(1, "(mod #1)"),
    "SI": _QUANTITY,
    "qty": _QUANTITY,
    "si": _UNIT,
    "unit": _UNIT,
    "num": Macro(1, "{#1}", has_options=True, readers=(read_numeral,)),
    "ang": Macro(1, "{#1}", has_options=True, readers=(read_angle,)),
    "numlist": Macro(1, "{#1}", has_options=True, readers=(read_list,)),
    "numproduct": Macro(1, "{#1}", has_options=True, readers=(read_numeral,)),
    **dict.fromkeys(("SIlist", "qtylist"), Macro(2, "#1 {#2}", has_options=True, readers=(read_list, read_unit))),
    "qtyproduct": _QUANTITY,
    "numrange": Macro(2, "#1\u2013#2", has_options=True, readers=(read_numeral, read_numeral)),
    "SIrange": _QUANTITIES,
    "qtyrange": _QUANTITIES,
}


def read_definitions(preamble: str) -> Iterator[tuple[str, Macro]]:
    r"""Yield the commands that a preamble defines, but for those that draw their letters.

    >>> [(name, *macro[:2]) for name, macro in read_definitions(r"\newcommand{\noopsort}[1]{} \def\VAN#1#2{#2}")]
    [('noopsort', 1, ''), ('VAN', 2, '#2')]
    """
    ends = _ends_of_groups(preamble)
    for match in _DEFINITION.finditer(preamble):
        if (end := ends.get(match.end())) is None:
            continue
        body = preamble[match.end() + 1 : end - 1].strip()
        name = match[1] or match[3]
        count = int(match[2] or 0) if match[1] else match[4].count("#")
        is_short = len(body) <= _MOST_BODY_CHARS and body.count("#") <= _MOST_PLACES
        if is_short and not _DRAWING.search(body) and name not in KNOWN:
            yield name, Macro(min(count, _MOST_ARGUMENTS), body)


def expand(text: str, macros: Mapping[str, Macro], most: int) -> str:
    r"""Return a text with these commands, and those that everybody uses, replaced by what they print.

    Args:
        text: the value of a field.
        macros: what the library defines.
        most: how long the result may become.

    >>> expand(r"{\noopsort{1973b}}1981 \switchargs{--90}{1968}", {}, 99)
    '{}1981 1968--90'
    """
    for _ in range(_MOST_ROUNDS):
        if "\\" not in text or (expanded := _expanded(text, macros)) is None:
            break
        text = expanded[:most]
    return text


def _expanded(text: str, macros: Mapping[str, Macro]) -> str | None:
    """Return a text with its commands replaced once, those in arguments left; None where it has none."""
    ends: dict[int, int] | None = None
    parts: list[str] = []
    done = 0
    for match in _COMMAND.finditer(text):
        macro = _find(match[1], macros) if match.start() >= done else None
        if macro is not None:
            ends = _ends_of_groups(text) if ends is None else ends
            parts.append(text[done : match.start()])
            start = _behind_options(text, match.end()) if macro.has_options else match.end()
            arguments, done = _arguments(text, start, macro.arguments, ends)
            parts.append(_printed(macro, arguments))
            if len(parts) > _MOST_COMMANDS:
                break
    return "".join((*parts, text[done:])) if parts else None


def _find(name: str, macros: Mapping[str, Macro]) -> Macro | None:
    return macros.get(name) or KNOWN.get(name) or (Macro(1, "") if _SILENT_NAME.fullmatch(name) else None)


def _printed(macro: Macro, arguments: Sequence[str]) -> str:
    readers: list[Callable[[str], str]] = [*macro.readers, *[str] * len(arguments)]
    said = [read(one) for read, one in zip(readers, arguments, strict=False)]

    def told(place: re.Match[str]) -> str:
        number = int(place[1])
        return said[number - 1] if 0 < number <= len(said) else ""

    return _PLACE.sub(told, macro.body)


def _behind_options(text: str, start: int) -> int:
    match = _OPTIONS.match(text, start)
    return match.end() if match else start


def _arguments(text: str, start: int, count: int, ends: Mapping[int, int]) -> tuple[list[str], int]:
    """Return the arguments of a command, and where they end; fewer where the text ends before."""
    found: list[str] = []
    while len(found) < count and (match := _ARGUMENT.match(text, start)) is not None:
        if match[1] and match.start(1) not in ends:
            break
        start = ends[match.start(1)] if match[1] else match.end()
        found.append(text[match.start(1) + 1 : start - 1] if match[1] else match[2])
    return found, start


def _ends_of_groups(text: str) -> dict[int, int]:
    """Return where each group of a text ends, by where it begins, in one pass."""
    opened: list[int] = []
    ends: dict[int, int] = {}
    for match in _BRACE.finditer(text):
        if match[0] == "{":
            opened.append(match.start())
        elif match[0] == "}" and opened:
            ends[opened.pop()] = match.end()
    return ends
