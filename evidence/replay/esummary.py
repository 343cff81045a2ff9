"""PubMed's document summaries, version 2.0: the recorded one, or one made of the recorded article."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from evidence.replay.messages import Origin
from evidence.replay.recordings import Recordings

# The XML form's element of each field of the JSON form.
_ELEMENTS = {
    "pubdate": "PubDate",
    "source": "Source",
    "lastauthor": "LastAuthor",
    "title": "Title",
    "volume": "Volume",
    "issue": "Issue",
    "pages": "Pages",
    "nlmuniqueid": "NlmUniqueID",
    "fulljournalname": "FullJournalName",
}


def summary_of(pmid: str, recordings: Recordings) -> tuple[dict[str, Any], Origin] | None:
    """Return the summary of a PMID with its origin, or None without a recording."""
    if recorded := recordings.summaries.get(pmid):
        return dict(recorded), Origin.RECORDED
    article = recordings.article(pmid)
    return None if article is None else (_summary(pmid, ET.fromstring(article.xml)), article.origin)  # noqa: S314  # our own data


def summary_xml(summary: Mapping[str, Any]) -> str:
    """Return one DocumentSummary of the XML form.

    >>> summary_xml({"uid": "1", "error": "cannot get document summary"}).splitlines()[1]
    '<error>cannot get document summary</error>'
    """
    if "error" in summary:
        content = [f"<error>{escape(summary['error'])}</error>"]
    else:
        content = [f"<{tag}>{escape(str(summary.get(name, '')))}</{tag}>" for name, tag in _ELEMENTS.items()]
        authors = "".join(
            f"<Author><Name>{escape(author['name'])}</Name><AuthType>{author['authtype']}</AuthType></Author>"
            for author in summary.get("authors", ())
        )
        types = "".join(f"<flag>{escape(name)}</flag>" for name in summary.get("pubtype", ()))
        ids = "".join(
            f"<ArticleId><IdType>{item['idtype']}</IdType><Value>{escape(item['value'])}</Value></ArticleId>"
            for item in summary.get("articleids", ())
        )
        content += [f"<Authors>{authors}</Authors>", f"<PubType>{types}</PubType>", f"<ArticleIds>{ids}</ArticleIds>"]
    return "\n".join((f"<DocumentSummary uid={quoteattr(summary['uid'])}>", *content, "</DocumentSummary>"))


def _summary(pmid: str, record: ET.Element) -> dict[str, Any]:
    authors = [_author(author) for author in record.iterfind(".//AuthorList/Author")]
    references = [
        {
            "refsource": _text(item, "RefSource"),
            "reftype": _reference_type(item.get("RefType", "")),
            "pmid": int(_text(item, "PMID") or 0),
            "note": _text(item, "Note"),
        }
        for item in record.iterfind(".//CommentsCorrections")
    ]
    return {
        "uid": pmid,
        "pubdate": " ".join(part.text or "" for part in record.find(".//PubDate") or ()),
        "epubdate": "",
        "source": _text(record, ".//MedlineTA") or _text(record, ".//ISOAbbreviation"),
        "authors": authors,
        "lastauthor": authors[-1]["name"] if authors else "",
        "title": _text(record, ".//ArticleTitle"),
        "volume": _text(record, ".//Volume"),
        "issue": _text(record, ".//Issue"),
        "pages": _text(record, ".//MedlinePgn"),
        "lang": [item.text for item in record.iterfind(".//Language")],
        "nlmuniqueid": _text(record, ".//NlmUniqueID"),
        "pubtype": [item.text for item in record.iterfind(".//PublicationType")],
        "articleids": [
            {"idtype": item.get("IdType"), "value": item.text}
            for item in record.iterfind("./PubmedData/ArticleIdList/ArticleId")
        ],
        "references": references,
        "fulljournalname": _text(record, ".//Journal/Title"),
    }


def _text(element: ET.Element, path: str) -> str:
    found = element.find(path)
    return "" if found is None else "".join(found.itertext()).strip()


def _author(author: ET.Element) -> dict[str, str]:
    if collective := _text(author, "CollectiveName"):
        return {"name": collective, "authtype": "CollectiveName"}
    initials = _text(author, "Initials") or "".join(word[0] for word in re.findall(r"\w+", _text(author, "ForeName")))
    return {"name": " ".join((_text(author, "LastName"), initials)).strip(), "authtype": "Author"}


def _reference_type(name: str) -> str:
    """Return a RefType of the XML as summaries write it.

    >>> _reference_type("ExpressionOfConcernIn")
    'Expression of concern in'
    """
    words = re.findall(r"[A-Z][a-z]*", name)
    return " ".join(words).capitalize()
