"""Kinds of works that Crossref has no word for: those of libraries, by CSL's words, and what each format calls them.

Source:
    Citation Style Language 1.0.2, the types of its items; biblatex's manual, 2.1; the types that Zotero and pandoc
    read and write in RIS and BibLaTeX. `entrysubtype` is "magazine" or "newspaper" there; other words in it are ours,
    and no style prints them.
"""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """What formats call one kind of work.

    Args:
        ris: the type in RIS.
        entry: the entry type of biblatex.
        subtype: what tells it from others of this entry type.
        words: what `type` says of it in old BibTeX, which has few entry types.
    """

    ris: str
    entry: str
    subtype: str | None = None
    words: str | None = None


KINDS = {
    "article-magazine": Kind("MGZN", "article", "magazine"),
    "article-newspaper": Kind("NEWS", "article", "newspaper"),
    "webpage": Kind("ELEC", "online", None, "Web page"),
    "post-weblog": Kind("BLOG", "online", "blog", "Blog post"),
    "post": Kind("ICOMM", "online", "post", "Post"),
    "patent": Kind("PAT", "patent", None, "Patent"),
    "manuscript": Kind("MANSCPT", "unpublished"),
    "speech": Kind("SLIDE", "unpublished", "speech", "Presentation"),
    "pamphlet": Kind("PAMP", "booklet"),
    "entry-encyclopedia": Kind("ENCYC", "inreference", "encyclopedia"),
    "entry-dictionary": Kind("DICT", "inreference", "dictionary"),
    "motion_picture": Kind("MPCT", "movie", None, "Film"),
    "broadcast": Kind("MPCT", "video", "broadcast", "Broadcast"),
    "song": Kind("SOUND", "audio", None, "Recording"),
    "performance": Kind("GEN", "performance", None, "Performance"),
    "graphic": Kind("ART", "artwork", None, "Artwork"),
    "figure": Kind("FIGURE", "image", None, "Figure"),
    "map": Kind("MAP", "image", "map", "Map"),
    "interview": Kind("PCOMM", "misc", "interview", "Interview"),
    "personal_communication": Kind("PCOMM", "letter", None, "Personal communication"),
    "legal_case": Kind("CASE", "jurisdiction", None, "Court decision"),
    "hearing": Kind("HEAR", "jurisdiction", "hearing", "Hearing"),
    "legislation": Kind("STAT", "legislation", None, "Statute"),
    "bill": Kind("BILL", "legislation", "bill", "Bill"),
    "treaty": Kind("LEGAL", "legal", None, "Treaty"),
    "regulation": Kind("LEGAL", "legal", "regulation", "Regulation"),
}
# Entries of works of reference.
ENTRIES = frozenset({"reference-entry"}) | {kind for kind, one in KINDS.items() if one.entry == "inreference"}
# What has a number of its own, not one of a journal.
NUMBERED = frozenset(
    {"report", "standard", "patent", "legal_case", "hearing", "legislation", "bill", "treaty", "regulation"}
)
# What CSL says who decided or enacted it of: courts, parliaments; other formats write them as who published it.
OF_AUTHORITIES = frozenset({"legal_case", "hearing", "legislation", "bill", "treaty", "regulation"})
# Where a format has one field for what holds such a work and for who published it, it mostly tells what holds it ...
HELD = frozenset(
    {"webpage", "post-weblog", "post", "speech", "broadcast", "interview", "legal_case", "hearing", "legislation",
     "bill", "treaty", "regulation", "peer-review"}
)  # fmt: skip
# ... and of these who published it.
PUBLISHED = (frozenset({"software", "dataset", "database", "standard"}) | KINDS.keys()) - HELD - {"patent"}

# What the field for the kind of a work says of one that BibTeX and RIS have no type for, and Crossref has.
PEER_REVIEW = "Peer review"
# So begins who published a work in `usera`, biblatex's field for what no style prints.
PUBLISHED_BY = "Publisher: "


def kind_of_entry(entry: str, subtype: str = "") -> str | None:
    """Return the kind of work that an entry of biblatex is, where it is one of these.

    >>> kind_of_entry("online"), kind_of_entry("article", "newspaper"), kind_of_entry("article")
    ('webpage', 'article-newspaper', None)
    """
    return _OF_ENTRIES.get((entry, subtype.strip().lower())) or _OF_ENTRIES.get((entry, ""))


def kind_of_words(words: str) -> str | None:
    """Return the kind of work that the field `type` of old BibTeX says.

    >>> kind_of_words("Blog post"), kind_of_words("Note")
    ('post-weblog', None)
    """
    return _OF_WORDS.get(words.strip().lower())


_OF_ENTRIES = {(one.entry, one.subtype or ""): kind for kind, one in KINDS.items()}
_OF_WORDS = {one.words.lower(): kind for kind, one in KINDS.items() if one.words}
