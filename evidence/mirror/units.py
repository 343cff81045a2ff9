"""One place of records -> what the index keeps of it; and records read back. Both run in processes of their own."""

from __future__ import annotations

import datetime as dt
import zlib
from array import array
from collections.abc import Sequence
from typing import IO

from evidence.mirror.files import Place, issue_of, opened
from evidence.mirror.index import Reading, key_of
from evidence.mirror.records import RecordError, Skipped, read_entries, tell_source
from evidence.vocabulary import Source

_HEAD_BYTES = 4096
_CHUNK_BYTES = 1 << 20
_DECEMBER = 12
_FOREIGN = "no file of PubMed or Crossref"
_BROKEN = (OSError, EOFError, zlib.error)


def read_place(place: Place, mtime_ns: int) -> Reading:
    """Return what the index keeps of a place. What is broken is said in `problem`; what stands before it is kept.

    Args:
        place: where to read.
        mtime_ns: when the file was last changed: nothing in it can be newer.
    """
    reading = Reading(None, "", _moment(mtime_ns), array("q"), 0, None)
    first: Skipped | None = None
    skipped = 0
    newest = ""
    try:
        with opened(place) as stream:
            head = stream.read(_HEAD_BYTES)
            reading.source = tell_source(head)
        if reading.source is None:
            reading.problem = _FOREIGN
            return reading
        with opened(place) as stream:
            for entry in read_entries(stream, reading.source, head):
                if isinstance(entry, Skipped):
                    first = first or entry
                    skipped += 1
                    continue
                newest = max(newest, entry.date)
                reading.records += entry.length > 0
                for reference in entry.identifiers:
                    reading.rows.extend((key_of(reference), entry.offset, entry.length, entry.pmid, entry.version))
    except RecordError as error:
        reading.problem = str(error)
    except _BROKEN as error:
        reading.problem = f"broken: {getattr(error, 'strerror', None) or error}"
    if first is not None:
        said = f"{first.reason} at byte {first.offset} is left out"
        more = f", and {skipped - 1} more" if skipped > 1 else ""
        reading.problem = "; ".join(filter(None, (reading.problem, f"{said}{more}")))
    reading.dated = _dated(place.name, newest, reading.dated)
    reading.rank = _rank(place.name, reading)
    return reading


def read_records(place: Place, wanted: Sequence[tuple[int, int]]) -> list[bytes] | str:
    """Return the bytes of records, unpacking the file once and no further than the last of them; or why not.

    Args:
        place: where to read.
        wanted: offset and length of each, sorted.
    """
    payloads: list[bytes] = []
    position = 0
    try:
        with opened(place) as stream:
            for offset, length in wanted:
                _skip_to(stream, offset - position)
                payloads.append(stream.read(length))
                position = offset + length
    except _BROKEN as error:
        return f"broken: {getattr(error, 'strerror', None) or error}"
    return payloads


def _skip_to(stream: IO[bytes], count: int) -> None:
    while count > 0 and (data := stream.read(min(count, _CHUNK_BYTES))):
        count -= len(data)


def _moment(mtime_ns: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(mtime_ns // 1_000_000_000, dt.UTC)


def _dated(name: str, newest: str, changed: dt.datetime) -> dt.datetime:
    """Return how old a file's answers are: as its newest record, and not newer than the file.

    The time of change alone would do if it were kept by every way to copy a file. A baseline is made as a whole in
    December, so a file of it whose records have not changed for years is no older than that.
    """
    found: list[dt.datetime] = []
    try:
        if newest:
            found.append(dt.datetime.fromisoformat(newest).replace(tzinfo=dt.UTC))
    except ValueError:
        pass
    if issue := issue_of(name):
        found.append(dt.datetime(issue[0] - 1, _DECEMBER, 1, tzinfo=dt.UTC))
    return min(max(found), changed) if found else changed


def _rank(name: str, reading: Reading) -> str:
    """Return what tells newer from older where two places hold one record: greater is newer."""
    if reading.source is Source.PUBMED:
        year, number = issue_of(name) or (0, 0)
        return f"{year:04}-{number:06} {reading.dated.isoformat()}"
    return reading.dated.isoformat()
