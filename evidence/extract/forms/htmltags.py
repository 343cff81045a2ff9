"""The tags of HTML, and what the attributes of a link say: of a note, of a page of the vault, or of neither."""

from __future__ import annotations

import re
from urllib.parse import unquote

from evidence.identifiers.decoding import unescape_entities

# The repetition is bounded, so that quotes that never close cost no more than the bound at each `<`.
TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]{0,30})(?P<attributes>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+'){0,200})>"
    r"|<!(?:--|\[CDATA\[)"
    r"|<!(?i:DOCTYPE)\b[^<>\[]{0,999}\[(?:[^\]<>]++|<[^<>]*+>){0,200}\]\s*>|<[!?][A-Za-z\[][^<>]*+>",
)
# What is no tag, but opens a stretch that nobody sees, and how that ends. A comment may be as short as `<!-->`.
UNSEEN = {"<!--": ("-->", 2), "<![CDATA[": ("]]>", 0)}
_ATTRIBUTE = re.compile(r"([\w:-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
# How generators name a note: `fn1`, `fn:a`, `fn-a`, `user-content-fn-a` with a hash at GitHub, `cite_note-a` in
# MediaWiki, `_footnotedef_1` in Asciidoctor, `_ftn1` in Word, `ftnt1` in Google Docs.
NOTE_NAME = re.compile(
    r"(?:user-content-)?(?:fn(?:(?![-:_.]?ref)[-:_.]|(?=\d))|cite_note-|_footnotedef_|footnote-?(?=\d)|footnote-(?=note-)|"
    r"_?ftnt?(?=\d)|note-(?=\d))(.+?)(?:-[0-9a-f]{16}(?:[0-9a-f]{16})?)?$",
    re.IGNORECASE,
)
BACK_NAME = re.compile(
    r"(?:user-content-)?(?:fn[-:_.]?ref|fnr\.|fnt__|cite_ref|_footnoteref|ftnt_ref|_?ftnref|footnote-?ref|ref-note)",
    re.IGNORECASE,
)
# What says the same in the other attributes of a link and of a note.
FORWARD = re.compile(r"doc-(?:noteref|biblioref)|\bfootnote-?ref(?:erence)?\b|\bdata-footnote-ref\b")
BACKWARD = re.compile(r"doc-backlink|backref|footnote-back|rev(?:erse)?=?[\"']?footnote|\bfn_bot\b")
BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "aside",
        "header",
        "footer",
        "blockquote",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "figure",
        "figcaption",
        "hr",
        "body",
        "html",
        "form",
        "fieldset",
        "details",
        "summary",
        "address",
        "nav",
        "center",
        "caption",
    ],
)

# An entity as written: "&mdash;", "&#8212;".
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_LONGEST_ENTITY = 33
# Longer numbers count no list; and what the items of a list without numbers are counted from.
_LONGEST_NUMBER = 4
_UNCOUNTED = -(10**9)
# What may hold a note.
NOTE_HOLDERS = frozenset({"li", "div", "aside", "p", "dd", "tr"})
# Elements whose content is not read. The first kind stands between blocks, the second also in the middle of a sentence.
SKIPPED_BLOCKS = frozenset({"nav", "head", "pre", "code-block"})
SKIPPED = SKIPPED_BLOCKS | {
    "script",
    "style",
    "template",
    "noscript",
    "svg",
    "math",
    "textarea",
    "select",
    "button",
    "iframe",
}
STRUCK = frozenset({"del", "s", "strike"})
SET_APART = frozenset({"b", "strong", "i", "em"})
# An address that is none of a page: of another site or program, of a place on this page, of a file that is no page.
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#|$")
_FILE = re.compile(r"\.(?!(?:md|markdown|x?html?)$)[A-Za-z][A-Za-z0-9]{1,4}$", re.IGNORECASE)
_PAGE_FILE = re.compile(r"(?:(?:^|/)index)?\.x?html?$|(?<=/)index$", re.IGNORECASE)
_SOURCE = re.compile(r"\.(?:md|markdown)$", re.IGNORECASE)
_UP = re.compile(r"(?:\.{0,2}/)+")
_REPOSITORY = re.compile(r"/[^/]+/[^/]+/(?:blob|tree|raw)/[^/]+/")
_TAG_CLASSES = frozenset({"tag", "tag-link"})
_TAG_FOLDERS = frozenset({"tags", "tag", "categories", "category", "assets", "static", "images", "img", "attachments"})
# What generators call a link that was written as `[[page]]`: Obsidian and its Publish, Quartz, wikis of Markdown.
_PAGE_CLASSES = frozenset({"internal", "internal-link", "wikilink", "wiki-link", "wiki_link"})
# "lee-2019", "lee-2019-bone-loss": how the page of a paper is named where nothing else says that it is one.
_STUDY_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*-(?:19|20)\d\d[a-z]?(?:-[a-z0-9]+)*$")
_UNFIT = re.compile(r"[\[\]|\n]")


def attributes_of(written: str) -> dict[str, str]:
    """Return the attributes of a tag as written.

    >>> attributes_of(' href="a" hidden')
    {'href': 'a', 'hidden': ''}
    """
    return {name.lower(): double or single or bare for name, double, single, bare in _ATTRIBUTE.findall(written)}


def whole_tags(text: str, copy: str, start: int, end: int) -> tuple[int, int]:
    """Return a span with the tags and the entity at its ends whole, of which the copy shows only a sign.

    >>> whole_tags("<p><s>Lost.</s></p>", "    ~~Lost.~~      ", 4, 13)
    (3, 15)
    >>> whole_tags("Lost &mdash;", "Lost \u2014      ", 0, 6)
    (0, 12)
    """
    if copy.startswith("~~", start) and text.startswith(">", start + 1):
        start = max(text.rfind("<", 0, start + 1), 0)
    if copy[end - 1 : end] in {"~", "*"} and text[end - 1] in "</":
        end = text.find(">", end - 1) + 1 or end
    opened = text.rfind("&", max(start, end - _LONGEST_ENTITY), end)
    entity = _ENTITY.match(text, opened) if opened >= 0 else None
    return start, max(end, entity.end()) if entity else end


def number_before(name: str, written: str) -> int:
    """Return the number before that of a list's first item, far below zero where its items have none that is known.

    >>> number_before("ol", ' start="5"'), number_before("ol", " reversed") < 0, number_before("ul", "") < 0
    (4, True, True)
    """
    attributes = attributes_of(written) if written else {}
    first = attributes.get("start", "1").strip()
    is_counted = name == "ol" and "reversed" not in attributes and first.isdecimal() and len(first) <= _LONGEST_NUMBER
    return int(first) - 1 if is_counted else _UNCOUNTED


def number_of_item(before: int, written: str) -> int:
    """Return the number of a list item, from the one before it and what the item says itself.

    >>> number_of_item(1, ""), number_of_item(1, ' value="7"'), number_of_item(1, ' value="-1"') < 0
    (2, 7, True)
    """
    value = attributes_of(written).get("value", "").strip() if before >= 0 and written else ""
    if value.isdecimal() and len(value) <= _LONGEST_NUMBER:
        return int(value)
    return before + 1 if not value.startswith("-") else _UNCOUNTED


def note_of(fragment: str, written: str) -> str | None:
    """Return the key of the note that a link leads to, or None; `written` are its attributes.

    >>> note_of("user-content-fn-lee", ""), note_of("fnref1", ""), note_of("below", "")
    ('lee', None, None)
    """
    if named := NOTE_NAME.match(fragment):
        return named.group(1)
    return fragment if FORWARD.search(written) and not BACK_NAME.match(fragment) else None


def page_link(attributes: dict[str, str], words: str) -> str | None:
    """Return a link to a page of the vault as Markdown has it, `[words](page.md)` or `[[page|words]]`, or None.

    Of the links that do not say what they are, only those that name the page of a study are taken: by its folder, or
    by its name and year.

    >>> page_link({"href": "../studies/lee-2019/", "class": "internal"}, "Lee")
    '[[studies/lee-2019|Lee]]'
    >>> page_link({"href": "studies/lee-2019.md"}, "Lee")
    '[Lee](studies/lee-2019.md)'
    """
    address = attributes.get("data-href") or attributes.get("data-slug") or attributes.get("href", "")
    address = unescape_entities(address).strip()
    address = address.partition("#")[0].partition("?")[0]
    classes = frozenset(attributes.get("class", "").lower().split())
    if not words or _ELSEWHERE.match(address) or classes & _TAG_CLASSES or attributes.get("rel") == "tag":
        return None
    words = _UNFIT.sub(" ", words)
    rooted = address.startswith("/")
    if _SOURCE.search(address):
        return _as_markdown(words, _REPOSITORY.sub("", address, count=1))
    shown = _PAGE_FILE.sub("", address.rstrip("/"))
    path = unquote(_UP.sub("", shown, count=1) if _UP.match(shown) else shown).strip("/ ")
    *folders, name = path.casefold().split("/")
    if not path or _FILE.search(path) or _UNFIT.search(path) or _TAG_FOLDERS.intersection(folders):
        return None
    if classes & _PAGE_CLASSES or "data-href" in attributes or "data-slug" in attributes:
        return f"[[{path}|{words}]]" if words.casefold() != path.casefold() else f"[[{path}]]"
    if "studies" in folders or (not rooted and _STUDY_NAME.match(name)):
        return _as_markdown(words, f"{path}.md")
    return None


def _as_markdown(words: str, path: str) -> str:
    for sign, code in ((" ", "%20"), ("(", "%28"), (")", "%29")):
        path = path.replace(sign, code)
    return f"[{words}]({path})"
