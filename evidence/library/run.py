"""The step `evidence import`: a file of a reference manager -> the database, in one transaction.

The entries of a file replace those of its last import; its keys stay, whoever leaves the file. Killed at any point, an
import has either happened or not.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib
import logging
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.config import Settings
from evidence.errors import LibraryError
from evidence.export.citekeys import lock_citekeys
from evidence.export.keyfile import is_written, read_key_file, take_keys
from evidence.export.keyforms import is_readable_key
from evidence.export.run import write_keys
from evidence.library import FORMATS, VERSION
from evidence.library.decoding import decode
from evidence.library.entries import NO_IDENTIFIER, EntryProblem, LibraryEntry, kept_text, with_unique_keys
from evidence.library.settling import Settled, settle
from evidence.records import Reference
from evidence.resolve.wanted import find_cited
from evidence.store import models
from evidence.store.database import holding_refresh, reading, store_errors, writing
from evidence.store.libraries import description_to_json, link_citekeys
from evidence.store.versions import list_described
from evidence.vocabulary import Scheme

logger = logging.getLogger(__name__)

STANDARD_INPUT = "-"
_BATCH = 500
_MAX_BYTES = 1 << 30
_MAX_KEY_CHARS = 300
Progress = Callable[[int], None]


class LibraryFile(NamedTuple):
    """A file to import: its bytes, the name that it is kept under, and its format."""

    data: bytes
    path: str
    format: str


class EntryReport(NamedTuple):
    """One entry with what is wrong with it."""

    path: str
    line: int
    key: str | None
    is_failed: bool
    problems: tuple[EntryProblem, ...]
    raw: str

    def lines(self) -> Iterator[str]:
        """Yield one line for each problem: file, line, key, field, why."""
        for problem in self.problems:
            place = f"{self.path}:{problem.line or self.line}"
            yield ": ".join(filter(None, (place, self.key, problem.field, problem.message)))


@dataclass(slots=True)
class ImportResult:
    """What an import did.

    Args:
        path: the file, as it is kept.
        format: what it was read as.
        entries: how many it has, failed ones included.
        failed: how many are not used at all.
        cited: entries whose work a page cites.
        new: of these, those that no registry has described: bibliographies have them from the library alone.
        is_changed: whether the file is new or other than at its last import.
        settled: what became of its keys, and what the registries say otherwise.
        reports: the entries with something wrong, in the order of the file.
        unidentified: the entries without an identifier.
        warnings: what to look at in the file as a whole.
    """

    path: str
    format: str
    entries: int = 0
    failed: int = 0
    cited: int = 0
    new: int = 0
    is_changed: bool = True
    settled: Settled = field(default_factory=Settled)
    reports: list[EntryReport] = field(default_factory=list)
    unidentified: list[EntryReport] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_library_file(path: Path, folder: Path, format_: str | None, stdin: Callable[[], bytes]) -> LibraryFile:
    """Return a file with its format, by its ending unless that is given.

    Args:
        path: the file, or "-" for standard input.
        folder: of the settings; the file is kept under its path from there.
        format_: one of `FORMATS`, or None.
        stdin: reads standard input.

    Raises:
        LibraryError: there is no such file, or nobody knows its format.
    """
    is_stdin = str(path) == STANDARD_INPUT
    if format_ is None:
        ending = "" if is_stdin else path.suffix.lower()
        format_ = next((one.name for one in FORMATS.values() if ending in one.endings), None)
    if format_ not in FORMATS:
        known = ", ".join(FORMATS)
        raise LibraryError(f"{path}: its name does not tell its format", f"give --format: {known}")
    if is_stdin:
        return LibraryFile(stdin(), STANDARD_INPUT, format_)
    return LibraryFile(_read_bytes(path), stored_path(path, folder), format_)


def stored_path(path: Path, folder: Path) -> str:
    """Return the name that a file is kept under: its path from the folder of the settings."""
    return PurePosixPath(Path(os.path.relpath(Path.cwd() / path, folder.resolve()))).as_posix()


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise LibraryError(f"{path}: it is larger than {_MAX_BYTES >> 20} MB", "export the library in parts")
        return path.read_bytes()
    except OSError as error:
        raise LibraryError(f"{path}: cannot be read: {error.strerror}", "check the path") from error


def import_library(
    engine: sa.Engine,
    settings: Settings,
    folder: Path,
    file: LibraryFile,
    *,
    is_renaming: bool = False,
    progress: Progress | None = None,
) -> ImportResult:
    """Take over the citekeys of a library, and keep what it says of works.

    Args:
        engine: the database.
        settings: where the file of keys is.
        folder: where a relative path of the settings starts.
        file: the library.
        is_renaming: works get the library's key also where they have another one, which becomes an alias.
        progress: called with how many entries are read so far.

    Raises:
        LibraryError: the file is not of its format.
        ExportError: the file of keys cannot be read or written.
        StoreError: the database is locked or cannot be written.
    """
    decoded = decode(file.data)
    result = ImportResult(file.path, file.format, warnings=list(decoded.warnings))
    sha256 = hashlib.sha256(file.data).hexdigest()
    with store_errors(engine), holding_refresh(engine, on_wait=_say_who):
        try:
            with writing(engine) as session:
                lock_citekeys(session)
                has_problems = _take_key_file(session, settings, folder, result)
                library_id, result.is_changed = _find_or_make(session, file, sha256, decoded.warnings)
                if result.is_changed:
                    module = FORMATS[file.format]
                    read = getattr(importlib.import_module(module.module), module.function)
                    _replace_entries(session, library_id, with_unique_keys(read(decoded.text)), progress)
                link_citekeys(session)
                result.settled = settle(session, library_id, is_renaming=is_renaming)
                _count(session, library_id, result)
        except LibraryError as error:
            raise LibraryError(f"{file.path}: {error.message}", error.hint) from error
        if not has_problems:
            write_keys(engine, settings, folder)
    return result


def _say_who(holder: str) -> None:
    logger.warning("a refresh holds the database (%s); waiting for it to end", holder)


def _take_key_file(session: Session, settings: Settings, folder: Path, result: ImportResult) -> bool:
    """Take over the keys that are committed, which a library does not change; tell whether the file has faults."""
    path = (folder / settings.export.key_file).resolve() if settings.export.key_file else None
    if path is None or not path.exists() or is_written(session, path):
        return False
    file = read_key_file(path)
    result.warnings += [*file.problems, *take_keys(session, file)]
    return bool(file.problems)


def _find_or_make(session: Session, file: LibraryFile, sha256: str, warnings: Sequence[str]) -> tuple[int, bool]:
    """Return the row of a file, and whether its entries are to be read."""
    table = models.Library
    row = session.scalar(sa.select(table).where(table.path == file.path))
    if row is not None and (row.sha256, row.format, row.reader) == (sha256, file.format, VERSION):
        return row.id, False
    if row is None:
        row = table(path=file.path)
        session.add(row)
    row.sha256, row.format, row.reader, row.warnings = sha256, file.format, VERSION, list(warnings)
    row.imported_at = dt.datetime.now(dt.UTC)
    session.flush()
    return row.id, True


def _replace_entries(
    session: Session, library_id: int, entries: Iterable[LibraryEntry], progress: Progress | None
) -> None:
    table, link = models.LibraryEntry, models.LibraryIdentifier
    session.execute(sa.delete(table).where(table.library_id == library_id))
    batch: list[LibraryEntry] = []
    done = 0

    def write() -> None:
        rows = [_row(library_id, done + number, one) for number, one in enumerate(batch)]
        ids = session.scalars(sa.insert(table).returning(table.id, sort_by_parameter_order=True), rows).all()
        names = [
            {"entry_id": entry_id, "scheme": one.scheme.value, "value": one.value}
            for entry_id, entry in zip(ids, batch, strict=True)
            for one in entry.references
            if not entry.is_failed
        ]
        if names:
            session.execute(sa.insert(link), names)

    for entry in entries:
        batch.append(entry)
        if len(batch) == _BATCH:
            write()
            done += len(batch)
            batch.clear()
            if progress is not None:
                progress(done)
    if batch:
        write()


def _row(library_id: int, position: int, entry: LibraryEntry) -> dict[str, Any]:
    # What is no key that BibTeX reads is kept to be told, as far as a database takes it.
    key = kept_text(entry.key[:_MAX_KEY_CHARS]) if entry.key else None
    return {
        "library_id": library_id,
        "position": position,
        "line": entry.line,
        "key": key,
        "folded": key.lower() if key and is_readable_key(key) else None,
        "former": list(entry.former),
        "is_failed": entry.is_failed,
        "description": description_to_json(entry.description) if entry.description is not None else None,
        "problems": [list(one) for one in entry.problems],
        "clashes": [],
        "raw": entry.raw,
    }


def _count(session: Session, library_id: int, result: ImportResult) -> None:
    table, link = models.LibraryEntry, models.LibraryIdentifier
    for is_failed, count in session.execute(
        sa.select(table.is_failed, sa.func.count()).where(table.library_id == library_id).group_by(table.is_failed)
    ):
        result.entries += count
        result.failed += count if is_failed else 0
    cited = set(find_cited(session))
    query = (
        sa.select(link.entry_id, link.scheme, link.value)
        .join(table, table.id == link.entry_id)
        .where(table.library_id == library_id)
    )
    named: dict[int, list[Reference]] = defaultdict(list)
    for entry_id, scheme, value in session.execute(query):
        if (reference := Reference(Scheme(scheme), value)) in cited:
            named[entry_id].append(reference)
    result.cited = len(named)
    described = list_described(session, {one for mine in named.values() for one in mine})
    result.new = sum(not described.intersection(mine) for mine in named.values())
    result.reports, result.unidentified = list_reports(session, library_id)


def list_reports(session: Session, library_id: int | None = None) -> tuple[list[EntryReport], list[EntryReport]]:
    """Return the entries with something wrong, and those without an identifier, in the order of files and lines.

    Args:
        session: open.
        library_id: of which library; None for all.
    """
    entry, library, link = models.LibraryEntry, models.Library, models.LibraryIdentifier
    has_identifier = sa.exists().where(link.entry_id == entry.id)
    has_text = sa.or_(sa.cast(entry.problems, sa.Text) != "[]", sa.cast(entry.clashes, sa.Text) != "[]")
    query = (
        sa.select(
            library.path, entry.line, entry.key, entry.is_failed, entry.problems, entry.clashes, entry.raw,
            has_identifier,
        )
        .join(library, library.id == entry.library_id)
        .where(sa.or_(has_text, ~has_identifier))
        .order_by(library.path, entry.position)
    )  # fmt: skip
    if library_id is not None:
        query = query.where(entry.library_id == library_id)
    reports: list[EntryReport] = []
    unidentified: list[EntryReport] = []
    for path, line, key, is_failed, problems, clashes, raw, is_identified in session.execute(query):
        told = tuple(EntryProblem(*one) for one in (*problems, *clashes))
        if told:
            reports.append(EntryReport(path, line, key, is_failed, told, raw))
        elif not is_identified:
            said = (EntryProblem(None, NO_IDENTIFIER),)
            unidentified.append(EntryReport(path, line, key, is_failed, said, raw))
    return reports, unidentified


def list_failed(engine: sa.Engine) -> tuple[list[EntryReport], list[EntryReport]]:
    """Return what the last imports of all libraries could not use: faulty entries, and those without an identifier."""
    with store_errors(engine), reading(engine) as session:
        return list_reports(session)


def forget_library(engine: sa.Engine, path: str) -> int:
    """Remove what a library says from the database; return how many entries it had. Keys stay with their works.

    Raises:
        LibraryError: no such library was imported.
    """
    table, entry = models.Library, models.LibraryEntry
    with store_errors(engine), writing(engine) as session:
        library_id = session.scalar(sa.select(table.id).where(table.path == path))
        if library_id is None:
            known = ", ".join(session.scalars(sa.select(table.path).order_by(table.path)))
            raise LibraryError(f"{path} was not imported", f"imported are: {known}" if known else None)
        count = session.scalar(sa.select(sa.func.count()).where(entry.library_id == library_id)) or 0
        session.execute(sa.delete(table).where(table.id == library_id))
    return count
