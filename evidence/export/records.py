"""What the formats take: it leads to no database, so that a process which only writes is small."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from evidence.records import AuthorName


class CitedWork(NamedTuple):
    """One work as all formats need it. `aliases` are keys that it had before it proved to be one work with another.

    `date` is as precise as known: "2004", "2004-03" or "2004-03-06". `note` says that it was retracted, or is None.
    `abstract` and `keywords` are there where they were asked for. `genre` is what a thesis or report calls itself.
    """

    key: str
    aliases: Sequence[str]
    authors: Sequence[AuthorName]
    doi: str | None
    pmid: str | None
    pmcid: str | None
    note: str | None
    title: str
    container: str | None
    container_short: str | None
    series: str | None
    date: str | None
    volume: str | None
    issue: str | None
    pages: str | None
    article_number: str | None
    publisher: str | None
    issn: Sequence[str]
    isbn: Sequence[str]
    type: str | None
    language: str | None
    is_retracted: bool = False
    abstract: str | None = None
    keywords: Sequence[str] = ()
    editors: Sequence[AuthorName] = ()
    genre: str | None = None
    series_number: str | None = None
    edition: str | None = None
    place: str | None = None
    version: str | None = None
