"""A Crossref work in the forms of content negotiation: CSL JSON and BibTeX, shaped like the recorded answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

_CSL_TYPE = "application/vnd.citationstyles.csl+json"
# The older name of the same form.
_CSL_TYPE_BEFORE = "application/citeproc+json"
BIBTEX_TYPE = "application/x-bibtex"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BIBTEX_TYPES = {
    "journal-article": "article",
    "proceedings-article": "inproceedings",
    "book-chapter": "inbook",
    "book": "book",
    "monograph": "book",
    "dissertation": "phdthesis",
}
_BIBTEX_FIELDS = (("volume", "volume"), ("url", "URL"), ("DOI", "DOI"), ("number", "issue"), ("publisher", "publisher"))


def form_of(accept: str) -> tuple[str, Callable[[Mapping[str, Any]], str]] | None:
    """Return the first form of an Accept header that can be written, with its writer, or None.

    >>> form_of("text/turtle, application/x-bibtex;q=0.5")[0]
    'application/x-bibtex'
    """
    forms = {_CSL_TYPE: csl_json, _CSL_TYPE_BEFORE: csl_json, BIBTEX_TYPE: bibtex}
    types = [part.partition(";")[0].strip() for part in accept.split(",")]
    return next(((mime, forms[mime]) for mime in types if mime in forms), None)


def csl_json(work: Mapping[str, Any]) -> str:
    """Return a work as CSL JSON: the work itself with its lists of titles as single texts.

    >>> csl_json({"DOI": "10.1/x", "title": ["A"], "container-title": []})
    '{"DOI":"10.1/x","title":"A"}'
    """
    single = {"title": "title", "container-title": "container-title", "short-container-title": "container-title-short"}
    item: dict[str, Any] = {}
    for key, value in work.items():
        if key not in single:
            item[key] = value
        elif value:
            item[single[key]] = value[0]
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"))


def bibtex(work: Mapping[str, Any]) -> str:
    r"""Return a work as the one line of BibTeX that Crossref sends.

    >>> bibtex({"DOI": "10.1/x", "type": "journal-article", "title": ["A"], "issued": {"date-parts": [[1997]]}})
    ' @article{1997, title={A}, DOI={10.1/x}, year={1997} }\n'
    """
    date = (work.get("issued", {}).get("date-parts") or [[None]])[0]
    year = date[0] if date else None
    fields: list[str] = []
    if work.get("title"):
        fields.append(f"title={{{work['title'][0]}}}")
    fields += [f"{name}={{{work[key]}}}" for name, key in _BIBTEX_FIELDS if work.get(key)]
    if work.get("container-title"):
        fields.append(f"journal={{{work['container-title'][0]}}}")
    if work.get("author"):
        fields.append(f"author={{{' and '.join(_name(author) for author in work['author'])}}}")
    if year:
        fields.append(f"year={{{year}}}")
    if len(date) > 1:
        fields.append(f"month={_MONTHS[date[1] - 1]}")
    if work.get("page"):
        fields.append(f"pages={{{work['page'].replace('-', '–')}}}")  # Crossref writes an en dash here
    key = "_".join(part for part in (_first_family(work), str(year or "")) if part)
    return f" @{_BIBTEX_TYPES.get(work.get('type', ''), 'misc')}{{{key}, {', '.join(fields)} }}\n"


def bibtex_of_csl(item: Mapping[str, Any]) -> str:
    r"""Return CSL JSON as DataCite writes BibTeX, which here stands for the other agencies' too.

    >>> bibtex_of_csl({"DOI": "10.1/X", "type": "dataset", "title": "A", "issued": {"date-parts": [[1997]]}})
    '@misc{https://doi.org/10.1/x,\n  doi = {10.1/X},\n  title = {A},\n  year = {1997}\n}\n'
    """
    names = " and ".join(author.get("literal") or _name(author) for author in item.get("author", ()))
    date = (item.get("issued", {}).get("date-parts") or [[None]])[0]
    stated = {
        "doi": item["DOI"],
        "url": item.get("URL"),
        "author": names,
        "title": item.get("title"),
        "journal": item.get("container-title"),
        "publisher": item.get("publisher"),
        "year": date[0] if date else None,
    }
    fields = ",\n".join(f"  {name} = {{{value}}}" for name, value in stated.items() if value)
    kind = "article" if item.get("type") in {"article", "article-journal"} else "misc"
    return f"@{kind}{{https://doi.org/{item['DOI'].lower()},\n{fields}\n}}\n"


def _name(author: Mapping[str, str]) -> str:
    return author.get("name") or ", ".join(author[key] for key in ("family", "given") if author.get(key))


def _first_family(work: Mapping[str, Any]) -> str:
    authors = work.get("author") or [{}]
    return re.sub(r"\W", "", authors[0].get("family", ""))
