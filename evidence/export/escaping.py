r"""Text -> what BibTeX, biber, pandoc and LaTeX all read back as that text. Pure functions.

Whatever comes in, what goes out has balanced braces, holds no command but those written here, and no `@word{` that a
reader could take for the beginning of an entry. Everything beyond ASCII stays as it is, but for the accents of names
in the old BibTeX dialect.
"""

from __future__ import annotations

import re
import unicodedata
from operator import add
from urllib.parse import quote

# What a reader of TeX acts on, and the first of two signs that it joins to another one: dashes, angle and low quotes,
# the Spanish ?` and !`. Doubled straight quotes are left to it: who types them means the curly ones.
# One set of signs comes first: only so does Python pass over all others at once.
_ACTIVE = re.compile(
    r"[&%#_$~^\\{}\-<>,?!](?:(?<![-<>,?!])|(?<=-)(?=-)|(?<=<)(?=<)|(?<=>)(?=>)|(?<=,)(?=,)|(?<=[?!])(?=`))"
)
# The commands end in `{}`, not in a group of their own: `@{\...}` would begin an entry.
_ESCAPES = {
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "$": r"\$",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    **{sign: sign + "{}" for sign in "-<>,?!"},
}
_COMMON = "&%#_$"
# All others, with what has to stand behind them.
_RARE = ("\\", "{", "}", "~", "^", "--", "<<", ">>", ",,", "?`", "!`")
# Numbers, dates and most names of publishers: nothing in them means anything to a reader of TeX.
_INERT = re.compile(r"[A-Za-z0-9.:/()]+(?:[ -][A-Za-z0-9.:/()]+)*")
# pandoc takes `\%<1>` for a command with an overlay of the beamer class, and drops the overlay.
_OVERLAY = re.compile(r"\\[&%#_${}](?=<)")
# In names pandoc joins all between an opening quotation mark and a closing one, be it of the next name, and biblatex
# writes the parts of a name as `family=Smith`. In braces both are themselves.
_LOOSE = re.compile("[`\u2018\u201c=]+")
_SPLITTING = r"--|  |^ | $|[Aa][Nn][Dd]|^[Oo][Tt][Hh][Ee][Rr][Ss]$"
_NOT_PLAIN = re.compile(rf"[^A-Za-z0-9 .'-]|{_SPLITTING}")
# The letters of Latin-1 and Latin Extended A and B are in NFC as they are.
_NOT_PLAIN_LATIN = re.compile(rf"[^A-Za-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f .'-]|{_SPLITTING}")
_TAG = re.compile(r"<(/?)(i|em|b|sub|sup|scp)>")
_COMMANDS = {
    "i": r"\emph{",
    "em": r"\emph{",
    "b": r"\textbf{",
    "sub": r"\textsubscript{",
    "sup": r"\textsuperscript{",
    "scp": r"\textsc{",
}
# Where a tag stood while what is between tags is escaped in one pass: no clean text holds it.
_TAG_PLACE = "\x00"
_BRACE = re.compile(r"[{}]")
_NO_CHARACTERS = "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
# Direction marks that reorder what a reader sees, byte order marks, halves of characters, and what is no character.
_UNWANTED = re.compile(f"[\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufdd0-\ufdef{_NO_CHARACTERS}]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]+")
# The same, and controls but for tabs and line ends: no registry sends them, so that they stand for damage.
_NOT_TEXT = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufdd0-\ufdef{_NO_CHARACTERS}]",
)
_SAFE_IN_VERBATIM = re.compile(r"[!-\[\]-z|~]+")
_UNSAFE_IN_VERBATIM = re.compile(r"[\\{}\s\x00-\x1f\x7f-\x9f]")
_STARTS_ENTRY = re.compile(r"@(?=\w*[ \t]*\{)")

# The accents that the old styles know, by Unicode's combining character.
_ACCENTS = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "=",
    "\u0306": "u",
    "\u0307": ".",
    "\u0308": '"',
    "\u030a": "r",
    "\u030b": "H",
    "\u030c": "v",
    "\u0323": "d",
    "\u0327": "c",
    "\u0328": "k",
    "\u0331": "b",
}
# Publishers' hyphens, dashes and apostrophes, which the old styles do not take for such.
_SIGNS = {**dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"), "\u2019": "'"}
# Not the letters of Icelandic and Croatian: pandoc drops their commands, and TeX has them in newer fonts only.
_LETTERS = {
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "ß": "ss",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "ı": "i",
}


def is_text(text: str) -> bool:
    r"""Tell whether a text holds only characters that texts have.

    >>> is_text("Łoś\u00a0& Sons"), is_text("a\x00b"), is_text("\udc80")
    (True, False, False)
    """
    # Nearly all are printable, which is known ten times as fast.
    return text.isprintable() or _NOT_TEXT.search(text) is None


def clean(text: str) -> str:
    r"""Return a text in NFC on one line, without control characters and what is no character.

    >>> clean(" a\x00b\n\u202ec ")
    'a b c'
    """
    if text.isprintable() and "  " not in text and unicodedata.is_normalized("NFC", text):
        return text.strip()
    text = _UNWANTED.sub("", _CONTROL.sub(" ", text))
    return unicodedata.normalize("NFC", " ".join(text.split()))


def escape_text(text: str) -> str:
    r"""Return a text without markup as BibTeX reads it.

    A brace without its partner is dropped: BibTeX counts it even after a backslash.

    >>> escape_text("50% of {A} & B} in C:\\x_1")
    '50\\% of \\{A\\} \\& B in C:\\textbackslash{}x\\_1'
    """
    if _INERT.fullmatch(text):
        return text
    return _escape(_without_single_braces(clean(text)))


def escape_markup(text: str) -> str:
    r"""Return a text in which `<i>`, `<em>`, `<b>`, `<sub>`, `<sup>` and `<scp>` are markup, as BibTeX reads it.

    A tag without its partner is text.

    >>> escape_markup("CO<sub>2</sub> in <i>C. elegans</i>, P <0.05")
    'CO\\textsubscript{2} in \\emph{C. elegans}, P <0.05'
    """
    text = _without_single_braces(clean(text))
    if "<" not in text:
        return _escape(text)
    marked, tags = _mark_tags(text)
    first, *rest = _escape(marked).split(_TAG_PLACE)
    return first + "".join(map(add, tags, rest))


def plain_text(text: str) -> str:
    """Return a text without the tags of markup, for formats that know none.

    >>> plain_text("CO<sub>2</sub> at P <0.05")
    'CO2 at P <0.05'
    """
    text = clean(text)
    return _mark_tags(text)[0].replace(_TAG_PLACE, "") if "<" in text else text


def escape_verbatim(text: str) -> str:
    r"""Return a DOI or an address for a field that is read as it stands: only what would end the field is encoded.

    >>> escape_verbatim("10.1002/(SICI)1097<1::AID-X>3.0.CO;2-#"), escape_verbatim("10.1/a}\\b")
    ('10.1002/(SICI)1097<1::AID-X>3.0.CO;2-#', '10.1/a%7D%5Cb')
    """
    if _SAFE_IN_VERBATIM.fullmatch(text):
        return text
    text = _UNWANTED.sub("", text.strip())
    return _UNSAFE_IN_VERBATIM.sub(lambda match: quote(match[0], safe=""), text)


def escape_name(text: str, *, accents: bool = False) -> str:
    r"""Return a part of a name as BibTeX reads it, in braces of its own where it would be split otherwise.

    Args:
        text: a family name, a given name, or the name of a group. Braces in it are dropped.
        accents: write Latin accents as commands, as the old styles need them.

    >>> escape_name("Łukasz", accents=True), escape_name("Rock and Roll"), escape_name("family=Smith")
    ('{\\L}ukasz', '{Rock and Roll}', 'family{=}Smith')
    """
    if is_plain_name(text, accents=accents):
        return text
    text = clean(text.replace("{", "").replace("}", ""))
    words = text.casefold().split()
    is_structural = "," in text or "and" in words or words == ["others"]
    escaped = _escape(text)
    held = _LOOSE.sub(r"{\g<0>}", escaped)
    if accents and not held.isascii():
        held = "".join(map(_accented, held))
    if held != escaped:
        # A group after `@word` would begin an entry.
        held = _STARTS_ENTRY.sub("{@}", held)
    return f"{{{held}}}" if is_structural else held


def find_single_braces(text: str) -> set[int]:
    """Return where a text has braces without a partner, which BibTeX cannot hold.

    >>> sorted(find_single_braces("a } b {c} {"))
    [2, 10]
    """
    if "{" not in text and "}" not in text:
        return set()
    opened: list[int] = []
    single: set[int] = set()
    for match in _BRACE.finditer(text):
        if match[0] == "{":
            opened.append(match.start())
        elif opened:
            opened.pop()
        else:
            single.add(match.start())
    return single.union(opened)


def is_plain_name(text: str, *, accents: bool = False) -> bool:
    """Tell whether a name, or one with another behind it, can be written as it is.

    >>> is_plain_name("O'Brien J.-P."), is_plain_name("Sandy and Sons"), is_plain_name("Å"), is_plain_name("$")
    (True, False, True, False)
    """
    return not (_NOT_PLAIN if accents else _NOT_PLAIN_LATIN).search(text)


def is_latin(text: str) -> bool:
    """Tell whether the old BibTeX styles can sort and shorten a name: whether it becomes ASCII and commands.

    >>> is_latin("Müller-Łoś"), is_latin("山田"), is_latin("Nguyễn")
    (True, False, False)
    """
    return all(_accented(char).isascii() for char in clean(text))


def _escape(text: str) -> str:
    if any(sign in text for sign in _RARE):
        escaped = _ACTIVE.sub(lambda match: _ESCAPES[match[0]], text)
    else:
        # Quicker than an expression, and it comes to the same.
        escaped = text
        for sign in _COMMON:
            if sign in escaped:
                escaped = escaped.replace(sign, _ESCAPES[sign])
    return _OVERLAY.sub(r"\g<0>{}", escaped) if "<" in escaped else escaped


def _accented(char: str) -> str:
    """Return a letter as a command, or itself where the old styles have none for it."""
    if char.isascii():
        return char
    if char in _SIGNS:
        return _SIGNS[char]
    if char in _LETTERS:
        return f"{{\\{_LETTERS[char]}}}"
    base, *marks = tuple(unicodedata.normalize("NFD", char))
    if len(marks) != 1 or marks[0] not in _ACCENTS or not (base.isascii() and base.isalpha()):
        return char
    return f"{{\\{_ACCENTS[marks[0]]}{{{base}}}}}"


def _without_single_braces(text: str) -> str:
    single = find_single_braces(text)
    if not single:
        return text
    return clean("".join(char for index, char in enumerate(text) if index not in single))


def _mark_tags(text: str) -> tuple[str, list[str]]:
    r"""Return a text with a mark in place of each tag that has a partner, and what the marks stand for.

    >>> _mark_tags("a<b> <i>C</i> <sub>")
    ('a<b> \x00C\x00 <sub>', ['\\emph{', '}'])
    """
    first, *rest = _TAG.split(text)
    ends, names, texts = rest[::3], rest[1::3], rest[2::3]
    opened: list[int] = []
    paired: set[int] = set()
    for index, (is_end, name) in enumerate(zip(ends, names, strict=True)):
        if not is_end:
            opened.append(index)
        elif opened and names[opened[-1]] == name:
            paired.update((opened.pop(), index))
    parts, commands = [first], []
    for index, (end, name, behind) in enumerate(zip(ends, names, texts, strict=True)):
        if index in paired:
            commands.append("}" if end else _COMMANDS[name])
            parts += (_TAG_PLACE, behind)
        else:
            parts += (f"<{end}{name}>", behind)
    return "".join(parts), commands
