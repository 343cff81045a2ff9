"""Titles and abstracts as registries send them -> plain text with `<i>`, `<b>`, `<sub>`, `<sup>`, and no other markup.

Any other `<` or `>` in the result is a character of the title. Who writes HTML or LaTeX escapes all but these tags.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

from evidence.identifiers.decoding import unescape_entities

_KEPT = {
    "i": "i",
    "em": "i",
    "italic": "i",
    "b": "b",
    "bold": "b",
    "strong": "b",
    "sub": "sub",
    "inf": "sub",
    "sup": "sup",
    "super": "sup",
}
# Markup that is dropped with its tags only; every name with a prefix of JATS or MathML is too. A name not listed is no
# markup: "<lod" and "<x, y>" stand in titles.
_DROPPED_NAMES = """
    a alternatives br break div emphasis font formula inline-formula label list-item math mathml mi mn mo mrow
    mtext named-content ovl p roman sans-serif sc scp sec small small-caps smallcaps span strike styled-content
    tex-math title tt u underline uri xref
"""
_DROPPED = frozenset(_DROPPED_NAMES.split())
_BREAKING = frozenset({"br", "break", "p", "div", "title", "sec", "list-item"})
_SILENT = re.compile(
    r"<(script|style|(?:\w+:)?annotation(?:-xml)?)\b[^<>]*>.*?(?:</\1\s*>|$)", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]*)((?:\s[^<>]*)?/?)>")
_KEPT_TAG = re.compile(r"</?(?:[ib]|su[bp])>")
_POWER = re.compile(r"(?<=\d)<sup>(?=[-\u2212]?\d)")
_MATH = re.compile(r"<([A-Za-z]\w{0,9}:)?math\b[^<>]*>")
# Line breaks that some publishers' pretty-printing puts around inline markup, where no space can have been meant.
_PRINTED_BREAK = re.compile(r"\n(?=<su[bp]\b)|(?<=[(\[/\u2010])\n(?=<)|(?<=>)\n(?=[)\],.;:/\u2010])")
# Invisible operators of MathML, zero-width characters, soft hyphens, direction marks, the byte order mark, halves
# of characters that JSON lets through and no database takes.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# They say how letters of Persian and of India's scripts, and the parts of an emoji, stand together.
_JOINERS = "\u200c\u200d"
_JOINED = re.compile("[\u0590-\u1cff\u2600-\u27bf\ua800-\uabff\ufb1d-\ufdff\ufe0f\ufe70-\ufefc\U00010800-\U0001faff]")
_SCRIPTS = {"msub": ("sub",), "msup": ("sup",), "msubsup": ("sub", "sup"), "munder": ("sub",), "mover": ("sup",)}
_WHOLLY_BOLD = re.compile(r"<b>((?:(?!</?b>).)*)</b>([.?!]?)")
_MAX_CHARS = 5_000
_MAX_DEPTH = 40

Token = tuple[str, str]


def clean_title(text: object, *, limit: int = _MAX_CHARS) -> str | None:
    r"""Return a title from a string with markup, or None where nothing is left.

    Entities are read twice: some publishers escape what is escaped already.

    Args:
        text: what stands in the JSON; anything but a string is no title.
        limit: how many characters are kept.

    >>> clean_title("The role of &amp;lt;i&amp;gt;p53&amp;lt;/i&amp;gt;\n    in CO<sub>2</sub> &amp;amp; x < y")
    'The role of <i>p53</i> in CO<sub>2</sub> & x < y'
    >>> clean_title("  ") is None
    True
    """
    if not isinstance(text, str):
        return None
    text = unescape_entities(unescape_entities(text[: 2 * limit]))
    text = "\n".join(filter(None, (line.strip() for line in text.split("\n"))))
    text = _SILENT.sub(" ", _without_math(_PRINTED_BREAK.sub("", text)))
    return _joined(_tokens(text), limit)


def bare_title(title: str) -> str:
    """Return a title without its tags, for people who read it as plain text.

    >>> bare_title("<i>C. elegans</i> with CO<sub>2</sub> at 10<sup>6</sup> cells, x < y")
    'C. elegans with CO2 at 10^6 cells, x < y'
    """
    return _KEPT_TAG.sub("", _POWER.sub("^", title)) if "<" in title else title


def with_subtitle(title: str, subtitle: str) -> str:
    """Return a title with its subtitle, as bibliographies print the two.

    >>> with_subtitle("Bone", "a review"), with_subtitle("Is it?", "Yes")
    ('Bone: a review', 'Is it? Yes')
    """
    return f"{title} {subtitle}" if title[-1:] in "?!.:" else f"{title}: {subtitle}"


def element_title(element: ET.Element | None, *, limit: int = _MAX_CHARS) -> str | None:
    """Return a title from an XML element, such as PubMed's ArticleTitle.

    Args:
        element: as the registry sends it.
        limit: how many characters are kept.

    >>> element_title(ET.fromstring("<t>Effect of <i>TP53</i> &lt;5 <u>mg</u></t>"))
    'Effect of <i>TP53</i> <5 mg'
    """
    if element is None:
        return None
    if not len(element):
        return plain(element.text, limit=limit)
    return _joined(_element_tokens(element), limit)


def plain(text: object, *, limit: int = _MAX_CHARS) -> str | None:
    r"""Return a text with its entities read, white space joined, in NFC, without invisible characters; None if empty.

    >>> plain("  The\u00a0Lancet &amp;amp; Co ")
    'The Lancet & Co'
    """
    if not isinstance(text, str):
        return None
    text = text[:limit]
    if "&" in text:
        text = unescape_entities(unescape_entities(text))
    text = _INVISIBLE.sub(_joiner, " ".join(text.split()))
    return (text if text.isascii() else unicodedata.normalize("NFC", text)) or None


def _joiner(match: re.Match[str]) -> str:
    """Return an invisible character where the letter before it is of a script that needs it, else nothing."""
    is_needed = match[0] in _JOINERS and _JOINED.match(match.string, max(0, match.start() - 1))
    return match[0] if is_needed else ""


def _tokens(text: str) -> Iterator[Token]:
    """Yield the parts of a marked-up string: ("text", ...), ("open", name), ("close", name)."""
    end = 0
    for match in _TAG.finditer(text):
        name = match[2].lower()
        local = name.rpartition(":")[2]
        if local not in _KEPT and local not in _DROPPED and local == name:
            continue
        yield ("text", text[end : match.start()])
        end = match.end()
        if local in _BREAKING:
            yield ("text", " ")
        elif local in _KEPT and not match[3].endswith("/"):
            yield ("close" if match[1] else "open", _KEPT[local])
    yield ("text", text[end:])


def _element_tokens(element: ET.Element, depth: int = 0) -> Iterator[Token]:
    if depth > _MAX_DEPTH:
        yield ("text", "".join(element.itertext()))
        return
    name = element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
    if name == "math":
        yield from _math_tokens(element)
        return
    kept = _KEPT.get(name)
    if kept:
        yield ("open", kept)
    yield ("text", element.text or "")
    for child in element:
        yield from _element_tokens(child, depth + 1)
        yield ("text", child.tail or "")
    if kept:
        yield ("close", kept)


def _without_math(text: str) -> str:
    """Return a text with its formulas as text, marked up as titles are."""
    parts: list[str] = []
    end = 0
    while match := _MATH.search(text, end):
        closing = f"</{match[1] or ''}math>"
        stop = text.find(closing, match.end())
        if stop < 0:
            break
        formula = _formula(text[match.start() : stop + len(closing)], match[1] or "")
        parts += [text[end : match.start()], formula]
        # A formula stands apart where the title does not separate it from a word: "Special<math>" in real titles.
        if text[match.start() - 1 : match.start()].isalnum():
            parts.insert(-1, " ")
        end = stop + len(closing)
        if text[end : end + 1].isalnum():
            parts.append(" ")
    return "".join((*parts, text[end:]))


def _formula(source: str, prefix: str) -> str:
    # Bare `&` is left over from the second reading of entities.
    source = re.sub(r"&(?!#?\w{1,20};)", "&amp;", source)
    if prefix and "xmlns" not in source.partition(">")[0]:
        source = source.replace("math", f'math xmlns:{prefix[:-1]}="m"', 1)
    try:
        element = ET.fromstring(source)  # noqa: S314  # expat limits what entities grow to; a title declares none
    except ET.ParseError:
        return source
    marks = {"open": "<{}>", "close": "</{}>", "text": "{}"}
    return "".join(marks[kind].format(value) for kind, value in _math_tokens(element))


def _math_tokens(element: ET.Element, depth: int = 0) -> Iterator[Token]:
    if depth > _MAX_DEPTH:
        yield ("text", "".join(element.itertext()))
        return
    name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    children = list(element)
    scripts = _SCRIPTS.get(name, ())
    if name in {"annotation", "annotation-xml"}:
        return
    if scripts and len(children) == len(scripts) + 1:
        yield from _math_tokens(children[0], depth + 1)
        for script, child in zip(scripts, children[1:], strict=True):
            yield ("open", script)
            yield from _math_tokens(child, depth + 1)
            yield ("close", script)
        return
    is_fraction = name == "mfrac" and len(children) == 2  # noqa: PLR2004  # numerator and denominator
    yield ("text", (element.text or "").strip() if children else (element.text or ""))
    for index, child in enumerate(children):
        if is_fraction and index:
            yield ("text", "/")
        yield from _math_tokens(child, depth + 1)


def _joined(tokens: Iterable[Token], limit: int) -> str | None:
    """Return the tokens as one text, with every tag closed in order and none empty."""
    parts: list[str] = []
    # The second value says whether the tag was written: nested in its like it adds nothing.
    opened: list[tuple[str, bool]] = []
    counts: Counter[str] = Counter()
    for kind, value in tokens:
        if kind == "text":
            parts.append(value)
        elif kind == "open":
            opened.append((value, not counts[value]))
            parts.append("" if counts[value] else f"<{value}>")
            counts[value] += 1
        elif counts[value]:
            name = ""
            while name != value:
                name, is_written = opened.pop()
                counts[name] -= 1
                parts.append(f"</{name}>" if is_written else "")
    parts += [f"</{name}>" for name, is_written in reversed(opened) if is_written]
    text = plain("".join(parts), limit=limit) or ""
    text = re.sub(r"<(i|b|sub|sup)> ?</\1>", "", text)
    text = re.sub(r"(<(?:i|b|sub|sup)>) ", r" \1", re.sub(r" (</(?:i|b|sub|sup)>)", r"\1 ", text))
    text = " ".join(text.split())
    # A title that is bold as a whole is one that a publisher's page sets so.
    whole = _WHOLLY_BOLD.fullmatch(text)
    return (whole[1] + whole[2] if whole else text) or None
