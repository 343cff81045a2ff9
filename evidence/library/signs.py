"""What TeX's commands without arguments stand for, and which of them print nothing.

Source:
    The Comprehensive LaTeX Symbol List for names and signs; pylatexenc's table for those that it has.
"""

from __future__ import annotations

import functools
import unicodedata
from typing import Any

_LETTERS = {
    "i": "ı", "j": "ȷ", "ss": "ß", "SS": "ẞ", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł",
    "L": "Ł", "aa": "å", "AA": "Å", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "th": "þ", "TH": "Þ", "ng": "ŋ",
    "NG": "Ŋ", "ohorn": "ơ", "OHORN": "Ơ", "uhorn": "ư", "UHORN": "Ư", "ne": "≠", "periodcentered": "\u00b7",
    "pounds": "£", "S": "§", "section": "§", "copyright": "©", "P": "¶", "dag": "†", "ddag": "‡", "ddagger": "‡",
    "euro": "€", "yen": "¥", "guillemetleft": "\u00ab", "guillemetright": "\u00bb", "flqq": "\u00ab", "frqq": "\u00bb",
    "flq": "\u2039", "frq": "\u203a", "glq": "\u201a", "grq": "\u2018", "degree": "°", "celsius": "°C",
    "degreeCelsius": "°C", "micro": "µ", "ohm": "Ω", "minus": "\u2212", "lbrack": "[", "rbrack": "]", "checkmark": "✓",
    "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textless": "<",
    "textgreater": ">", "textbar": "|", "textunderscore": "_", "textquotesingle": "'", "textquotedbl": '"',
    "textendash": "\u2013", "textemdash": "\u2014", "textquoteleft": "\u2018", "textquoteright": "\u2019",
    "textquotedblleft": "\u201c", "textquotedblright": "\u201d", "quotedblbase": "\u201e", "guillemotleft": "\u00ab",
    "guillemotright": "\u00bb", "glqq": "\u201e", "grqq": "\u201c", "textdegree": "°", "textmu": "µ", "slash": "/",
    "ldots": "…", "dots": "…", "textellipsis": "…", "and": "&", "textbraceleft": "{", "textbraceright": "}",
    "textdollar": "$", "textcopyright": "©", "textregistered": "®", "texttrademark": "™", "LaTeX": "LaTeX",
    "TeX": "TeX", "BibTeX": "BibTeX", "LaTeXe": "LaTeX2e", "XeTeX": "XeTeX", "LuaTeX": "LuaTeX", "pdfTeX": "pdfTeX",
    "BibLaTeX": "BibLaTeX", "AmS": "AMS",
    # French quotation marks, within which a space stands; `\fg` ends a word.
    "og": "\u00ab ", "fg": " \u00bb", "lq": "\u2018", "rq": "\u2019", "quotestraightbase": "\u201a",
    "quotestraightdblbase": "\u201e", "lquill": "\u2045", "rquill": "\u2046", "lbrackdbl": "\u27e6",
    "rbrackdbl": "\u27e7", "hyphen": "\u2010", "hyp": "-", "horbar": "\u2015", "figuredash": "\u2012",
    "Re": "ℜ", "Im": "ℑ", "eth": "ð", "thorn": "þ", "imath": "ı", "jmath": "ȷ", "Bbbk": "𝕜", "Finv": "Ⅎ", "Game": "⅁",
    "implies": "⟹", "impliedby": "⟸", "iff": "⟺", "gets": "←", "leadsto": "⇝", "dashrightarrow": "⇢",
    "longrightleftharpoons": "⇌", "neg": "¬", "logicalnot": "¬", "land": "∧", "lor": "∨", "bot": "⊥", "models": "⊨",
    "owns": "∋", "Join": "⋈", "nsim": "≁", "ncong": "≇", "lll": "⋘", "ggg": "⋙", "varpropto": "∝", "lhd": "⊲",
    "rhd": "⊳", "unlhd": "⊴", "unrhd": "⊵", "bigodot": "⨀", "biguplus": "⨄", "bigsqcup": "⨆", "Box": "□",
    "Diamond": "◇", "triangle": "△", "bigstar": "★", "maltese": "✠", "clubsuit": "♣", "spadesuit": "♠",
    "heartsuit": "♡", "diamondsuit": "♢", "varGamma": "Γ", "varDelta": "Δ", "varTheta": "Θ", "varLambda": "Λ",
    "varXi": "Ξ", "varPi": "Π", "varSigma": "Σ", "varUpsilon": "Υ", "varPhi": "Φ", "varPsi": "Ψ", "varOmega": "Ω",
    "mars": "♂", "female": "♀", "colon": ":", "ordfeminine": "ª", "ordmasculine": "º", "permil": "‰",
    "perthousand": "‰", "EUR": "€", "textborn": "*", "textdied": "†",
    "textmarried": "⚭", "textleaf": "☙", "textbardbl": "‖", "textpilcrow": "¶",
    "circledR": "®", "percent": "%", "ampersand": "&", "numbersign": "#", "asterisk": "*",
}  # fmt: skip
# They set how or where text stands, and print none.
_SILENT = frozenset(
    {"textrm", "textup", "textnormal", "textsf", "texttt", "textmd", "textsc", "text", "rm", "sf",
     "tt", "sc", "cal", "mit", "normalfont", "upshape", "scshape", "slshape", "mdseries", "rmfamily", "sffamily",
     "ttfamily", "selectfont", "boldmath", "unboldmath", "tiny", "scriptsize", "footnotesize", "small", "normalsize",
     "large", "Large", "LARGE", "huge", "Huge", "underline", "uline", "ul", "underbrace", "overbrace", "underbar",
     "mathrm", "mathbf", "mathsf", "mathtt", "mathcal", "mathscr", "mathfrak", "mathbb", "mathnormal", "mathop",
     "mathbin", "mathrel", "mathord", "mathopen", "mathclose", "mathpunct", "mathinner", "operatorname", "boldsymbol",
     "bm", "pmb", "Bbb", "frak", "displaystyle", "textstyle", "scriptstyle", "scriptscriptstyle", "limits", "nolimits",
     "left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "Bigl", "biggl", "Biggl", "bigr", "Bigr",
     "biggr", "Biggr", "bigm", "Bigm", "biggm", "Biggm", "ensuremath", "mbox", "hbox", "vbox", "fbox", "makebox",
     "framebox", "smash", "strut", "mathstrut", "null", "bgroup", "egroup", "begingroup", "endgroup", "relax",
     "protect", "leavevmode", "noindent", "indent", "unskip", "ignorespaces", "xspace", "nobreak", "allowbreak",
     "negthinspace", "negmedspace", "negthickspace", "nobreakdash", "sloppy", "raggedright", "centering",
     "uppercase", "lowercase", "MakeUppercase", "MakeLowercase", "NoCaseChange", "nocase", "url", "path", "nolinkurl",
     "textlatin", "textcyrillic", "latintext", "cyr"}
)  # fmt: skip
# They print nothing either, nor does the length or number behind them.
MOVES = frozenset({"hskip", "vskip", "kern", "mkern", "mskip", "lower", "raise", "penalty"})
_LENGTH = r"[-+]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}) ?(?:pt|em|ex|mu|cm|mm|in|sp|bp|pc|dd|cc)"
# With the space that ends a length or number.
MOVE = (
    r"\\(?:penalty(?![A-Za-z])\s{0,9}[-+]?\d{1,9}(?!\d)|"
    rf"(?:[hv]skip|m?kern|mskip|lower|raise)(?![A-Za-z])\s{{0,9}}{_LENGTH}"
    rf"(?: ?plus ?{_LENGTH})?(?: ?minus ?{_LENGTH})?)"
    r"\s?"
)
# Signs of mathematics that are terms, or belong to one.
_TERMS = frozenset("|¬∀∁∃∄∂∅∆∇∏∐∑√∛∜∞∟∠∡∢∫∬∭∮∯∰∙⊤⋀⋁⋂⋃⋮⋯⋰⋱⌠⌡♯⨀⨁⨂⨄⨆")


def prints_nothing(name: str) -> bool:
    """Tell whether a command prints nothing of its own: what stands in its braces is all there is."""
    return name in _SILENT or name in MOVES


def stands_apart(name: str) -> bool:
    r"""Tell whether a command is a relation or an operator between two terms: a space stands on both sides of it.

    >>> [stands_apart(name) for name in ("leq", "to", "cdot", "mid", "lvert", "langle", "angle", "sum", "infty")]
    [True, True, True, True, False, False, False, False, False]
    """
    sign = sign_of(name)
    if name == "mid" or sign == "\u00b7" or "\u2190" <= sign <= "\u21ff":
        return True
    return len(sign) == 1 and sign not in _TERMS and unicodedata.category(sign) == "Sm"


# Names in files are anybody's.
@functools.lru_cache(1 << 12)
def sign_of(name: str) -> str:
    r"""Return the text that a command stands for, or nothing.

    >>> sign_of("alpha"), sign_of("textparagraph"), sign_of("implies"), sign_of("mbox")
    ('α', '¶', '⟹', '')
    """
    bare = name.removeprefix("text")
    return _LETTERS.get(name) or _LETTERS.get(bare) or _symbol(name)


def _symbol(name: str) -> str:
    """Return the sign that a command stands for, after pylatexenc's table: Greek letters, arrows, relations."""
    for known in (name, name.removeprefix("text"), name.removeprefix("up")):
        text = getattr(_symbols().get_macro_spec(known), "simplify_repl", None)
        if isinstance(text, str) and text and "%" not in text:
            return text
    return ""


@functools.cache
def _symbols() -> Any:
    from pylatexenc.latex2text import get_default_latex_context_db  # noqa: PLC0415 - most files need none of it

    return get_default_latex_context_db()
