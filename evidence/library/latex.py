r"""Text with TeX's commands, as BibTeX files hold it -> plain text, with `<i>`, `<b>`, `<sub>`, `<sup>` for its markup.

One pass over the text and no recursion, so that time is linear and no depth of braces matters. A command that nobody
knows is left out, and what stands in its braces is kept; `find_unknown` says which.
"""

from __future__ import annotations

import re
import unicodedata

from evidence.library.signs import MOVE, prints_nothing, sign_of, stands_apart
from evidence.library.units import with_units

_TOKEN = re.compile(
    rf"(?P<move>{MOVE})|"
    r"\\(?P<command>[A-Za-z]+)\*?[ \t\n]*|\\(?P<sign>.)|(?P<brace>[{}])|(?P<math>\$)|(?P<tie>~)|"
    r"(?P<ligature>---?|``|''|!`|\?`)|(?P<quote>`|'(?!\w))|(?P<script>[_^])|(?P<text>[^\\{}$~_^`'!?-]+|.)",
    re.DOTALL,
)
_ACTIVE = re.compile(r"[\\{}$~`]|--|''|[!?]`")
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331", "t": "\u0361", "h": "\u0309", "textcommabelow": "\u0326",
}  # fmt: skip
# More than any letter has.
_MOST_ACCENTS = 4
_MATH_ACCENTS = {
    "bar": "\u0304", "overline": "\u0304", "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303",
    "widetilde": "\u0303", "dot": "\u0307", "ddot": "\u0308", "check": "\u030c", "breve": "\u0306",
    "acute": "\u0301", "grave": "\u0300", "mathring": "\u030a", "vec": "\u20d7", "not": "\u0338",
}  # fmt: skip
# Names that formulas write upright, apart from the letters beside them.
_FUNCTIONS = frozenset(
    {"arccos", "arcsin", "arctan", "arg", "cos", "cosh", "cot", "coth", "deg", "det", "dim", "exp", "gcd", "inf", "ker",
     "lim", "ln", "log", "max", "min", "mod", "sin", "sinh", "tan", "tanh", "sec", "csc", "Pr", "hom", "lg", "bmod"}
)  # fmt: skip
# What stands before and behind the next group, or the next sign.
_FRACTION = ("", "/")
_FRAMES = {
    "sqrt": ("√(", ")"),
    **dict.fromkeys(("frac", "tfrac", "dfrac", "cfrac", "nicefrac", "sfrac", "textfrac"), _FRACTION),
    "enquote": ("\u201c", "\u201d"), "mkbibquote": ("\u201c", "\u201d"),
}  # fmt: skip
_PLAIN_ROOT = re.compile(r"√\((\w+)\)")
_LIGATURES = {"--": "\u2013", "---": "\u2014", "``": "\u201c", "''": "\u201d", "!`": "\u00a1", "?`": "\u00bf"}
_MARKUP = {
    "emph": "i", "textit": "i", "textsl": "i", "mathit": "i", "mkbibemph": "i", "mkbibitalic": "i",
    "textbf": "b", "mkbibbold": "b",
    "textsubscript": "sub", "textsuperscript": "sup", "mkbibsuperscript": "sup", "mkbibsubscript": "sub",
}  # fmt: skip
_SWITCHES = {"em": "i", "it": "i", "itshape": "i", "sl": "i", "bf": "b", "bfseries": "b"}
_SCRIPTS = {"_": "sub", "^": "sup"}
# Of these the first argument is no text.
_SILENT = frozenset(
    {"href", "textcolor", "color", "fontsize", "fontencoding", "fontfamily", "foreignlanguage", "selectlanguage",
     "hspace", "vspace", "label", "cite", "ref", "raisebox", "scalebox", "rotatebox", "parbox", "phantom", "hphantom",
     "vphantom"}
)  # fmt: skip
_SPACES = frozenset(
    {"par", "newline", "linebreak", "quad", "qquad", "space", "break", "thinspace", "medspace", "thickspace", "enspace",
     "enskip", "nobreakspace", "hfill", "hfil", "nonbreakingspace"}
)  # fmt: skip
_KNOWN = (_ACCENTS, _MATH_ACCENTS, _FUNCTIONS, _FRAMES, _MARKUP, _SWITCHES, _SILENT, _SPACES)
_COMMAND = re.compile(r"\\(?:([A-Za-z]+)|.)", re.DOTALL)
# "37$^\circ$C": the ring that is raised is the sign of degrees.
_DEGREES = re.compile(
    r"\\textsuperscript\{\$\\circ\$\}|"
    r"(?<!\\)\^[ \t\n]{0,9}(?:\\circ(?![A-Za-z])[ \t\n]*|(\{)\s{0,9}\\circ(?![A-Za-z])\s{0,9}(?=\}|[CF]))"
)
# TeX puts an accent on the letter without its dot, Unicode on the one with it.
_DOTTED = {"ı": "i", "ȷ": "j"}
_SIGNS = {" ": " ", "\n": " ", "\t": " ", "\\": " ", ",": " ", ";": " ", ":": " ", "!": "", "-": "", "/": "", "@": ""}


def decode_latex(text: str) -> str:
    r"""Return a text without TeX's commands and braces.

    >>> decode_latex(r"{{Caf{\'e} of {\L}{\'o}d{\'z}: \emph{C. elegans} at 5\,\% {\&} $\alpha_2$--CO$_2$}}")
    'Café of Łódź: <i>C. elegans</i> at 5 % & α<sub>2</sub>–CO<sub>2</sub>'
    """
    if not _ACTIVE.search(text):
        return text
    text = _DEGREES.sub(r"\1°", with_units(text))
    reader = _Reader(has_math=text.replace("\\$", "").count("$") % 2 == 0)
    for match in _TOKEN.finditer(text):
        reader.take(str(match.lastgroup), match[str(match.lastgroup)])
    return reader.result()


def find_unknown(text: str) -> list[str]:
    r"""Return the commands of a text of which nobody knows what they print: they are left out, and their braces kept.

    >>> find_unknown(r"\emph{A} \\foo \foo{b} \implies \foo"), find_unknown(r"5 \gram")
    (['foo'], [])
    """
    if "\\" not in text:
        return []
    return [name for name in dict.fromkeys(_COMMAND.findall(with_units(text))) if name and not _is_known(name)]


def _is_known(name: str) -> bool:
    return any(name in known for known in _KNOWN) or prints_nothing(name) or bool(sign_of(name))


def is_braced(text: str) -> bool:
    r"""Tell whether one pair of braces holds a whole text.

    >>> is_braced("{WHO Group}"), is_braced("{A} and {B}"), is_braced(r"{\'A}")
    (True, False, True)
    """
    if not (text.startswith("{") and text.endswith("}")):
        return False
    if "{" not in text[1:-1] and "}" not in text[1:-1]:
        return not text.endswith("\\}")
    depth = 0
    for match in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.end() == len(text)
    return False


class _Reader:
    """What has been read, the braces that are open, and what waits for the next letter or group."""

    def __init__(self, *, has_math: bool) -> None:
        self.parts: list[str] = []
        # What each open brace writes when it closes; None for one whose text is dropped.
        self.groups: list[str | None] = []
        # That of the innermost command first, as Unicode has them.
        self.accents = ""
        self.tag = ""
        self.frame = ("", "")
        self.is_joint = False
        self.is_silent = False
        self.silent_depth = 0
        self.has_math = has_math
        self.in_math = False
        # Where single quotes are open: one that nothing closes is itself, such as that of a name in Arabic.
        self.quotes: list[int] = []

    def take(self, kind: str, sign: str) -> None:
        if kind == "brace":
            self._open() if sign == "{" else self._close()
        elif kind == "command":
            self._command(sign)
        elif kind == "sign":
            self._sign(sign)
        elif kind == "math" and self.has_math:
            self.in_math, self.is_joint = not self.in_math, False
        elif kind == "script" and self.in_math:
            self.tag = _SCRIPTS[sign]
        elif kind == "ligature" and not self.in_math:
            self._write(_LIGATURES[sign])
        elif kind == "quote" and not self.in_math:
            self._quote(sign)
        elif kind == "tie":
            self._write(" ")
        elif kind == "move":
            return
        else:
            self._write(sign)

    def result(self) -> str:
        while self.groups:
            self._close()
        self._flush()
        return _PLAIN_ROOT.sub(r"√\1", "".join(self.parts))

    def _open(self) -> None:
        tag, self.tag = self.tag, ""
        if self.is_silent or self.silent_depth:
            self.is_silent = False
            self.silent_depth += 1
            self.groups.append(None)
            return
        (before, behind), self.frame = self.frame, ("", "")
        self.parts.append(f"{before}<{tag}>" if tag else before)
        self.groups.append(f"</{tag}>{behind}" if tag else behind)

    def _close(self) -> None:
        self._flush()
        if not self.groups:
            return
        closing = self.groups.pop()
        if closing is None:
            self.silent_depth -= 1
        else:
            self.parts.append(closing)

    def _flush(self) -> None:
        """Write an accent that no letter followed: `\\~{}` is how some write a tilde."""
        if self.accents and not self.silent_depth:
            self.parts.append({"\u0303": "~", "\u0302": "^", "\u0300": "`", "\u0301": "'"}.get(self.accents, ""))
        self.accents = self.tag = ""

    def _last(self) -> str:
        return self.parts[-1][-1:] if self.parts else ""

    def _accent(self, sign: str) -> None:
        self.accents = (sign + self.accents)[:_MOST_ACCENTS]

    def _command(self, name: str) -> None:
        if name in _MARKUP:
            self.tag = _MARKUP[name]
        elif name in _SWITCHES and self.groups and self.groups[-1] is not None:
            tag = _SWITCHES[name]
            self.parts.append(f"<{tag}>")
            self.groups[-1] = f"</{tag}>{self.groups[-1]}"
        elif name in _ACCENTS:
            self._accent(_ACCENTS[name])
        elif name in _SILENT:
            self.is_silent = True
        elif name in _SPACES:
            self._write(" ")
        elif name in _MATH_ACCENTS:
            self._accent(_MATH_ACCENTS[name])
        elif name in _FRAMES:
            self.frame = _FRAMES[name]
            if self.frame == _FRACTION and self._last().isdecimal():
                # Two and a half are not 21 halves.
                self._write(" ")
        elif name in _FUNCTIONS:
            self._write(f" {name}" if self._last().isalnum() else name)
            self.is_joint = True
        elif text := sign_of(name):
            is_apart = self.in_math and self._last() == " " and stands_apart(name)
            self._write(text)
            # TeX takes a space behind a command for its end: `a \leq b`, `\fg dans`.
            self.is_joint = is_apart or name == "fg"

    def _sign(self, sign: str) -> None:
        if sign in _ACCENTS:
            self._accent(_ACCENTS[sign])
        elif sign in "()[]":
            self.in_math, self.is_joint = sign in "([", False
        else:
            self._write(_SIGNS.get(sign, sign))

    def _quote(self, sign: str) -> None:
        if sign == "`":
            self.quotes.append(len(self.parts))
        elif self.quotes:
            start = self.quotes.pop()
            if self.parts[start : start + 1] == ["`"]:
                self.parts[start], sign = "\u2018", "\u2019"
        self._write(sign)

    def _write(self, text: str) -> None:
        if self.silent_depth or not text:
            return
        if self.is_joint:
            text, self.is_joint = (f" {text}" if text[0].isalnum() else text), False
        if self.accents:
            text = text.lstrip()
            if not text:
                return
            letter = _DOTTED.get(text[0], text[0])
            text, self.accents = unicodedata.normalize("NFC", letter + self.accents) + text[1:], ""
        if any(self.frame) and text[0] not in " [":
            (before, behind), self.frame = self.frame, ("", "")
            text = f"{before}{text[0]}{behind}{text[1:]}"
        if self.tag:
            tag, self.tag = self.tag, ""
            text = f"<{tag}>{text[0]}</{tag}>{text[1:]}"
        self.parts.append(text)
