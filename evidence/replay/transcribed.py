"""Facts copied from public pages -> the forms that the registries answer in.

Only what is stated is written: an unknown field stays away, a PMID that is only a candidate is never used, and the
study pages' own labels of study design are not passed off as PubMed's publication types. Every answer says that it is
transcribed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

SOURCE = "transcribed"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Only the works of this group carry PubMed's own types; the others' labels are their pages' words.
_GROUP_WITH_PUBMED_TYPES = "requested"
# MeSH unique ids of the publication types that occur; PubMed's XML names both.
_TYPE_UIDS = {"Journal Article": "D016428", "Review": "D016454", "Research Support, Non-U.S. Gov't": "D013485"}


def has_facts(facts: Mapping[str, Any]) -> bool:
    """Tell whether more is stated than identifiers: a bare id is no answer.

    >>> has_facts({"pmid": "11604227", "title": None})
    False
    """
    return any(facts.get(name) for name in ("title", "authors", "journal", "journal_abbrev"))


def crossref_work(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return stated facts as the `message` of Crossref's `/works/{doi}`.

    >>> work = crossref_work({"doi": "10.1/x", "title": "A", "journal": "Cell", "year": 1997, "month": 5})
    >>> work["source"], work["type"], work["issued"], "volume" in work
    ('transcribed', 'journal-article', {'date-parts': [[1997, 5]]}, False)
    """
    work: dict[str, Any] = {"DOI": facts["doi"], "source": SOURCE}
    if "preprint" in (facts.get("publication_types") or ()):
        work |= {"type": "posted-content", "subtype": "preprint"}
    elif facts.get("journal") or facts.get("journal_abbrev"):
        work["type"] = "journal-article"
    for name, key in (("title", "title"), ("journal", "container-title"), ("journal_abbrev", "short-container-title")):
        if facts.get(name):
            work[key] = [facts[name]]
    if facts.get("authors"):
        work["author"] = [_crossref_author(author, index) for index, author in enumerate(facts["authors"])]
    if facts.get("year"):
        work["issued"] = {"date-parts": [[facts["year"], *([facts["month"]] if facts.get("month") else [])]]}
    for name, key in (("volume", "volume"), ("issue", "issue"), ("pages", "page")):
        if facts.get(name):
            work[key] = str(facts[name])
    return work


def _crossref_author(author: Mapping[str, str], index: int) -> dict[str, str]:
    sequence = "additional" if index else "first"
    if author.get("collective"):
        return {"name": author["collective"], "sequence": sequence}
    stated = {key: author[key] for key in ("given", "family", "suffix") if author.get(key)}
    return {**stated, "sequence": sequence}


def pubmed_article(facts: Mapping[str, Any]) -> bytes:
    """Return stated facts as a PubmedArticle of PubMed's XML, in UTF-8.

    >>> b'Owner="transcribed"' in pubmed_article({"pmid": "1", "title": "A"})
    True
    """
    parts = [
        _element("Journal", _journal(facts)),
        _element("ArticleTitle", _text(facts.get("title"))),
        _element("Pagination", _element("MedlinePgn", _text(facts.get("pages")))),
        _authors(facts),
        _publication_types(facts),
    ]
    citation = _element("PMID", facts["pmid"], ' Version="1"') + _element("Article", "".join(parts))
    citation += _element("MedlineJournalInfo", _element("MedlineTA", _text(facts.get("journal_abbrev"))))
    ids = (("pubmed", "pmid"), ("doi", "doi"), ("pmc", "pmcid"))
    listed = "".join(_element("ArticleId", _text(facts.get(name)), f' IdType="{scheme}"') for scheme, name in ids)
    xml = _element("MedlineCitation", citation, f' Owner="{SOURCE}"')
    xml += _element("PubmedData", _element("ArticleIdList", listed))
    return _element("PubmedArticle", xml).encode()


def article_of_summary(summary: Mapping[str, Any]) -> bytes:
    """Return what PubMed's document summary says as a PubmedArticle, in UTF-8.

    >>> told = {"uid": "1", "references": [{"reftype": "Retraction in", "refsource": "X. 2010;1:2.", "pmid": 2}]}
    >>> b'<CommentsCorrections RefType="RetractionIn">' in article_of_summary(told)
    True
    """
    date = zip(("Year", "Month", "Day"), str(summary.get("pubdate") or "").split(), strict=False)
    issue = "".join(_element(name.capitalize(), _text(summary.get(name))) for name in ("volume", "issue"))
    issue += _element("PubDate", "".join(_element(name, _text(part)) for name, part in date))
    journal = _element("ISSN", _text(summary.get("issn"))) + _element("JournalIssue", issue)
    types = "".join(_element("PublicationType", _text(name)) for name in summary.get("pubtype") or ())
    article = (
        _element("Journal", journal + _element("Title", _text(summary.get("fulljournalname"))))
        + _element("ArticleTitle", _text(summary.get("title")))
        + _element("Pagination", _element("MedlinePgn", _text(summary.get("pages"))))
        + _element("AuthorList", "".join(_summarized_author(one) for one in summary.get("authors") or ()))
        + "".join(_element("Language", _text(code)) for code in summary.get("lang") or ())
        + _element("PublicationTypeList", types)
    )
    citation = _element("PMID", _text(summary["uid"]), ' Version="1"') + _element("Article", article)
    citation += _element("MedlineJournalInfo", _element("MedlineTA", _text(summary.get("source"))))
    told = "".join(_summarized_reference(one) for one in summary.get("references") or ())
    citation += _element("CommentsCorrectionsList", told)
    ids = ((one.get("idtype"), one.get("value")) for one in summary.get("articleids") or ())
    listed = "".join(_element("ArticleId", _text(value), f" IdType={quoteattr(str(kind))}") for kind, value in ids)
    xml = _element("MedlineCitation", citation, f' Owner="{SOURCE}"')
    xml += _element("PubmedData", _element("ArticleIdList", listed))
    return _element("PubmedArticle", xml).encode()


def _summarized_author(author: Mapping[str, str]) -> str:
    name = author.get("name", "")
    if author.get("authtype") == "CollectiveName":
        return _element("Author", _element("CollectiveName", _text(name)))
    # "Walker-Smith JA": summaries have initials behind the name.
    family, _, initials = name.rpartition(" ")
    return _element(
        "Author", _element("LastName", _text(family or name)) + _element("Initials", _text(family and initials))
    )


def _summarized_reference(told: Mapping[str, Any]) -> str:
    words = str(told.get("reftype") or "").title().replace(" And ", "and ").split()
    content = _element("RefSource", _text(told.get("refsource"))) + _element("PMID", _text(told.get("pmid")))
    return _element("CommentsCorrections", content, f" RefType={quoteattr(''.join(words))}")


def _element(tag: str, content: str, attributes: str = "") -> str:
    """Return an element, or nothing where there is nothing to say: an empty element would state that it is empty."""
    return f"<{tag}{attributes}>{content}</{tag}>" if content else ""


def _text(value: object) -> str:
    return escape(str(value)) if value else ""


def _journal(facts: Mapping[str, Any]) -> str:
    month = facts.get("month")
    date = _element("Year", _text(facts.get("year"))) + _element("Month", _MONTHS[month - 1] if month else "")
    issue = _element("Volume", _text(facts.get("volume"))) + _element("Issue", _text(facts.get("issue")))
    return (
        _element("JournalIssue", issue + _element("PubDate", date))
        + _element("Title", _text(facts.get("journal")))
        + _element("ISOAbbreviation", _text(facts.get("journal_abbrev")))
    )


def _authors(facts: Mapping[str, Any]) -> str:
    authors = "".join(_element("Author", _author(author)) for author in facts.get("authors") or ())
    # "complete" says that all authors are there; without it the list may have been shortened by the page.
    return _element("AuthorList", authors, ' CompleteYN="Y"' if facts.get("complete") else "")


def _author(author: Mapping[str, str]) -> str:
    if author.get("collective"):
        return _element("CollectiveName", _text(author["collective"]))
    return (
        _element("LastName", _text(author.get("family")))
        + _element("ForeName", _text(author.get("given")))
        + _element("Suffix", _text(author.get("suffix")))
    )


def _publication_types(facts: Mapping[str, Any]) -> str:
    if facts.get("group") != _GROUP_WITH_PUBMED_TYPES:
        return ""
    types = "".join(
        _element("PublicationType", _text(name), f' UI="{_TYPE_UIDS[name]}"' if name in _TYPE_UIDS else "")
        for name in facts.get("publication_types") or ()
    )
    return _element("PublicationTypeList", types)
