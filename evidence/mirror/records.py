"""The bytes of a bulk file -> its records, one at a time: where each lies, and which identifiers are its own.

Nothing is parsed that need not be: a baseline year is some 350 GB of XML. Memory is that of one record, whatever the
file holds. Offsets are those of the unpacked bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from typing import IO, Any, NamedTuple

from evidence.identifiers import fold_doi
from evidence.records import Reference
from evidence.vocabulary import Scheme, Source

_CHUNK_BYTES = 1 << 20
# The largest records (papers with thousands of authors) have some 5 MB.
MAX_RECORD_BYTES = 32 << 20
_MAX_HEAD_BYTES = 1 << 20

_XML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml|<!DOCTYPE|<Pubmed)")
_XML_ENCODING = re.compile(rb"<\?xml[^>]*\bencoding\s*=\s*[\"']([^\"']*)")
_XML_UTF_8 = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii"})
_ROOT, _ROOT_END = b"<PubmedArticleSet", b"</PubmedArticleSet>"
_START = re.compile(rb"<(PubmedArticle|PubmedBookArticle|DeleteCitation|DeleteDocument)(?=[\s>])")
# At least as long as any of these, with what follows it.
_NAME_BYTES = 32
_PMID = re.compile(rb"<PMID(?:\s+Version\s*=\s*[\"'](\d{1,4})[\"'])?[^>]*>\s*(\d{1,10})\s*</PMID>")
_ARTICLE_ID = re.compile(rb"<ArticleId\s[^>]*?\bIdType\s*=\s*[\"'](doi|pmc)[\"'][^>]*>([^<]{1,2000})<")
_LOCATION_ID = re.compile(rb"<ELocationID\s[^>]*?\bEIdType\s*=\s*[\"'](doi)[\"'][^>]*>([^<]{1,2000})<")
_REVISED = re.compile(
    rb"<DateRevised>\s*<Year>([12]\d{3})</Year>\s*<Month>(\d\d)</Month>\s*<Day>(\d\d)</Day>\s*</DateRevised>"
)
_REFERENCES_START, _REFERENCES_END = b"<ReferenceList", b"</ReferenceList>"

_ITEMS_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{\s*\"items\"\s*:\s*)?\[")
_JSON_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")
_BETWEEN_ITEMS = re.compile(r"[\s,]*")
_DATE = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")
_DECODER = json.JSONDecoder()


class RecordError(Exception):
    """The rest of a file cannot be read; the message says why, for the reader."""


class Entry(NamedTuple):
    """One record, or, with no length, the statement that a PubMed record is withdrawn.

    Args:
        offset: where it begins.
        length: how many bytes it has; 0 for a withdrawn one.
        pmid: PubMed's number, 0 for a work of Crossref.
        version: PubMed's version of it, 0 for a work of Crossref.
        identifiers: its own ones, never those in its list of references.
        date: when the registry last touched it, as "2026-01-31", or "".
    """

    offset: int
    length: int
    pmid: int
    version: int
    identifiers: tuple[Reference, ...]
    date: str


class Skipped(NamedTuple):
    """A record that cannot be read and is left out, and why."""

    offset: int
    reason: str


def tell_source(head: bytes) -> Source | None:
    """Return whose file this is by its first bytes, unpacked.

    >>> tell_source(b"<!DOCTYPE PubmedArticleSet"), tell_source(b'{"items": ['), tell_source(b"PK")
    (<Source.PUBMED: 'pubmed'>, <Source.CROSSREF: 'crossref'>, None)
    """
    if _XML_START.match(head):
        return Source.PUBMED if b"PubmedArticleSet" in head else None
    return Source.CROSSREF if _JSON_START.match(head) else None


def read_entries(stream: IO[bytes], source: Source, head: bytes) -> Iterator[Entry | Skipped]:
    """Yield the records of a file.

    Args:
        stream: the unpacked bytes, from the first one.
        source: whose they are.
        head: the first bytes once more.

    Raises:
        RecordError: the rest of the file cannot be read.
        OSError, EOFError, zlib.error: the file is broken.
    """
    if source is Source.PUBMED:
        return _pubmed_entries(stream)
    match = _ITEMS_START.match(head)
    return _item_entries(stream, match.end()) if match else _line_entries(stream)


def own_identifiers(source: Source, payload: bytes) -> tuple[Reference, ...]:
    """Return the identifiers of a record that was read back, or none where the bytes are no record.

    >>> own_identifiers(Source.CROSSREF, b'{"DOI": "10.1/X", "reference": [{"DOI": "10.1/y"}]}')
    (Reference(scheme=<Scheme.DOI: 'doi'>, value='10.1/x'),)
    """
    if source is Source.PUBMED:
        match = _PMID.search(payload)
        return _pubmed_identifiers(payload, match[2]) if match else ()
    try:
        work = json.loads(payload)
    except (ValueError, RecursionError):
        return ()
    return _crossref_identifiers(work)


def _pubmed_entries(stream: IO[bytes]) -> Iterator[Entry | Skipped]:
    for offset, name, xml in _spans(stream):
        if xml is None:
            yield Skipped(offset, f"a record of more than {MAX_RECORD_BYTES >> 20} MB")
        elif name.startswith(b"Delete"):
            for version, pmid in _PMID.findall(xml):
                withdrawn = (Reference(Scheme.PMID, str(int(pmid))),)
                yield Entry(offset, 0, int(pmid), int(version or 1), withdrawn, "")
        elif (match := _PMID.search(xml)) is None:
            yield Skipped(offset, "a record without a PMID")
        else:
            revised = _REVISED.search(xml)
            date = b"-".join(revised.groups()).decode() if revised else ""
            own = _pubmed_identifiers(xml, match[2])
            yield Entry(offset, len(xml), int(match[2]), int(match[1] or 1), own, date)


def _spans(stream: IO[bytes]) -> Iterator[tuple[int, bytes, bytes | None]]:
    """Yield offset, element and bytes of each record; None for the bytes of one that is too large to hold."""
    kept = _read_head(stream)
    base = searched = 0
    closing = b""
    is_ended = False
    while True:
        position = 0
        while True:
            if not closing:
                match = _START.search(kept, position)
                if match is None:
                    is_ended = is_ended or kept.find(_ROOT_END, position) >= 0
                    # The beginning of a name may stand at the very end.
                    position = max(position, len(kept) - _NAME_BYTES)
                    break
                position, searched, closing = match.start(), match.end(), b"</" + match[1] + b">"
            end = kept.find(closing, searched)
            if end < 0:
                searched = max(searched, len(kept) - len(closing))
                break
            end += len(closing)
            yield base + position, closing[2:-1], kept[position:end]
            position, closing = end, b""
        kept, base, searched = kept[position:], base + position, max(0, searched - position)
        if closing and len(kept) > MAX_RECORD_BYTES:
            yield base, closing[2:-1], None
            kept, base = _skip(stream, kept, base, closing)
            closing = b""
            continue
        chunk = stream.read(_CHUNK_BYTES)
        if not chunk:
            break
        kept += chunk
    if closing or not is_ended:
        raise RecordError("the file ends in the middle")


def _skip(stream: IO[bytes], kept: bytes, base: int, closing: bytes) -> tuple[bytes, int]:
    """Read on to the end of an element; return what comes after it, and its offset."""
    while (end := kept.find(closing)) < 0:
        chunk = stream.read(_CHUNK_BYTES)
        if not chunk:
            raise RecordError("the file ends in the middle")
        rest = kept[-len(closing) :]
        base += len(kept) - len(rest)
        kept = rest + chunk
    end += len(closing)
    return kept[end:], base + end


def _read_head(stream: IO[bytes]) -> bytes:
    """Return the first bytes, with the beginning of the root element.

    Raises:
        RecordError: what stands before it makes the file one that we do not read.
    """
    head = b""
    while _ROOT not in head and len(head) < _MAX_HEAD_BYTES and (chunk := stream.read(_CHUNK_BYTES)):
        head += chunk
    before, root, _rest = head.partition(_ROOT)
    if b"<!ENTITY" in before:
        raise RecordError("it declares entities")
    encoding = _XML_ENCODING.match(before.removeprefix(b"\xef\xbb\xbf").lstrip())
    if encoding and encoding[1].lower() not in _XML_UTF_8:
        raise RecordError("it is not in UTF-8")
    if not root:
        raise RecordError("it is no PubmedArticleSet")
    return head


def _pubmed_identifiers(xml: bytes, pmid: bytes) -> tuple[Reference, ...]:
    start, end = xml.find(_REFERENCES_START), xml.rfind(_REFERENCES_END)
    if 0 < start < end:
        xml = xml[:start] + xml[end:]
    found: dict[Reference, None] = {Reference(Scheme.PMID, str(int(pmid))): None}
    for kind, raw in (*_ARTICLE_ID.findall(xml), *_LOCATION_ID.findall(xml)):
        text = "".join(unescape(raw.decode("utf-8", "replace")).split())
        if kind == b"doi":
            if text.startswith("10."):
                found[Reference(Scheme.DOI, fold_doi(text))] = None
        elif digits := re.search(r"[0-9]{1,12}", text):
            found[Reference(Scheme.PMCID, f"PMC{digits[0]}")] = None
    return tuple(found)


def _line_entries(stream: IO[bytes]) -> Iterator[Entry | Skipped]:
    """Yield the works of a file with one a line."""
    offset = 0
    while line := stream.readline(MAX_RECORD_BYTES):
        length = len(line)
        if length == MAX_RECORD_BYTES and not line.endswith(b"\n"):
            yield Skipped(offset, f"a line of more than {MAX_RECORD_BYTES >> 20} MB")
            while length and not line.endswith(b"\n") and (line := stream.readline(_CHUNK_BYTES)):
                length += len(line)
        elif line.strip():
            try:
                work = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
            except (ValueError, RecursionError):
                yield Skipped(offset, "a line that is no JSON in UTF-8")
            else:
                yield _crossref_entry(offset, length, work)
        offset += length


def _item_entries(stream: IO[bytes], start: int) -> Iterator[Entry | Skipped]:
    """Yield the works of a file that is one list of them, of which the first stands at `start`.

    The text is decoded as Latin-1 so that a character is a byte and places in it are offsets; JSON's own signs are
    ASCII, and of the values only the DOI and a date are looked at, which `_crossref_entry` sets right.
    """
    base = len(stream.read(start))
    text, position = "", 0
    is_whole = False
    while True:
        position = _BETWEEN_ITEMS.match(text, position).end()  # type: ignore[union-attr]
        if text[position : position + 1] == "]":
            return
        end = -1
        try:
            work, end = _DECODER.raw_decode(text, position)
        except ValueError:
            if is_whole:
                raise RecordError("the file is cut, or is no JSON") from None
        except RecursionError:
            raise RecordError("it is nested too deeply") from None
        if end > 0:
            yield _crossref_entry(base + position, end - position, work, is_latin=True)
            position = end
            if position < _CHUNK_BYTES:
                continue
        elif len(text) - position > MAX_RECORD_BYTES:
            raise RecordError(f"a work of more than {MAX_RECORD_BYTES >> 20} MB; what comes after it is not read")
        # Each try reads as much again, so that a large work is not parsed over and over.
        more = stream.read(max(_CHUNK_BYTES, len(text) - position)) if end < 0 or position >= len(text) else b""
        is_whole = end < 0 and not more
        text, base, position = text[position:] + more.decode("latin-1"), base + position, 0


def _crossref_entry(offset: int, length: int, work: Any, *, is_latin: bool = False) -> Entry | Skipped:
    own = _crossref_identifiers(work, is_latin=is_latin)
    if not own:
        return Skipped(offset, "a work without a DOI")
    indexed = work.get("indexed")
    said = indexed.get("date-time") if isinstance(indexed, dict) else None
    match = _DATE.match(said) if isinstance(said, str) else None
    return Entry(offset, length, 0, 0, own, match[0] if match else "")


def _crossref_identifiers(work: Any, *, is_latin: bool = False) -> tuple[Reference, ...]:
    doi = work.get("DOI") if isinstance(work, dict) else None
    if not isinstance(doi, str):
        return ()
    if is_latin:
        with suppress(UnicodeError):
            doi = doi.encode("latin-1").decode("utf-8")
    return (Reference(Scheme.DOI, fold_doi(doi)),) if doi.startswith("10.") else ()
