"""Writes the bibliography of what the pages cite: the step `evidence export`."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.config import Settings
from evidence.errors import ExportError
from evidence.export import format_of
from evidence.export.assembling import Row, Rows, assembling
from evidence.export.beside import pays_beside, write_beside, write_here
from evidence.export.checking import Damage
from evidence.export.citekeys import check_formula, rename_citekey
from evidence.export.citing import Choice, Cited, find_cited, find_page_ids
from evidence.export.imported import (
    ImportedWork,
    cite_imported,
    completing,
    find_imported,
    key_imported,
    lacks_imported_keys,
    with_imported,
)
from evidence.export.keyfile import format_key_file, is_written, read_key_file, stream_keys, stream_text, take_keys
from evidence.export.records import CitedWork
from evidence.export.statuses import read_statuses
from evidence.export.works import (
    Extras,
    UnresolvedReference,
    key_works,
    lacks_keys,
    list_unresolved,
    stream_rows_of_works,
)
from evidence.files import is_stream, write_whole
from evidence.memory import collecting_rarely
from evidence.store.database import reading, store_errors, writing
from evidence.store.libraries import link_citekeys

STANDARD_OUTPUT = "-"
OLDER_AUDIT = "the statuses are of an audit before the last refresh: run `evidence audit`, then this again"
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Content:
    """What goes into a bibliography.

    Args:
        pages: paths of pages and folders as the database has them; None for all pages.
        is_cited_only: only works that a claim's mark leads to.
        has_retracted: whether retracted works are written too, each with a note that says so.
        has_abstracts: whether abstracts are written.
        has_status: whether keywords say what the last audit found of the claims that rest on a work.
    """

    pages: Sequence[str] | None = None
    is_cited_only: bool = False
    has_retracted: bool = True
    has_abstracts: bool = False
    has_status: bool = False


class Prepared(NamedTuple):
    """What the pages cite, all of it with citekeys.

    Args:
        cited: works that registries have described, and where the pages cite what.
        imported: works that libraries alone describe.
        unresolved: what nobody has described.
    """

    cited: Cited
    imported: Sequence[ImportedWork]
    unresolved: tuple[UnresolvedReference, ...]


@dataclass(slots=True)
class ExportResult:
    """What was exported.

    Args:
        path: the file, or None where the text goes to standard output.
        entries: how many works it has; for standard output, once `text` is read to its end.
        excluded: how many retracted works were left out, as asked.
        unmarked: how many works were left out, as asked, since no claim's mark leads to them.
        unresolved: what the pages cite and is left out, since no registry has described it.
        warnings: what a reader of this format cannot take, each with the key of its work.
        damage: what is wrong with records of the store, and which works had to be left out for it.
        text: the parts of the text, for standard output; else None.
    """

    path: Path | None
    entries: int = 0
    excluded: int = 0
    unmarked: int = 0
    unresolved: tuple[UnresolvedReference, ...] = ()
    warnings: list[str] = field(default_factory=list)
    damage: Damage = field(default_factory=Damage)
    text: Generator[str, None, None] | None = None


def export(
    engine: sa.Engine,
    settings: Settings,
    folder: Path,
    name: str,
    content: Content | None = None,
    *,
    output: Path | str | None = None,
    progress: Progress | None = None,
) -> ExportResult:
    """Write a bibliography of the works that pages cite. The same database gives the same bytes.

    Args:
        engine: the database. Works that are exported for the first time are given their citekeys in it.
        settings: the folder of exports and the formula of citekeys.
        folder: where a relative folder of exports starts.
        name: the format, one of `FORMATS`.
        content: what goes into it; everything that all pages cite by default.
        output: the file to write, "-" for standard output, None for the format's own name in the folder of exports.
        progress: called with how many works are written so far.

    Returns:
        The file, or the text for standard output, with what was left out and what to look at.

    Raises:
        ConfigError: the formula of citekeys cannot be used.
        EvidenceError: there is no such page.
        ExportError: there is no such format, no audit whose statuses could be written, or the file cannot be written.
        StoreError: the database is locked or cannot be read.
    """
    content = content or Content()
    file_name = format_of(name).file_name
    path = None if output == STANDARD_OUTPUT else Path(output or folder / settings.export.folder / file_name)
    result = ExportResult(path)
    prepared = prepare(engine, settings, folder, content, result.warnings)
    result.unresolved, result.unmarked = prepared.unresolved, prepared.cited.unmarked
    text = _text(engine, name, content, prepared, result, progress)
    if path is None:
        result.text = text
    else:
        if path.is_dir():
            raise ExportError(f"{path} is a folder", "give the name of a file with -o")
        # What a link points to is replaced, not the link.
        write_whole(path if is_stream(path) else path.resolve(), text)
    return result


def prepare(
    engine: sa.Engine,
    settings: Settings,
    folder: Path,
    content: Content,
    warnings: list[str],
    *,
    has_places: bool = False,
) -> Prepared:
    """Return what the pages cite, all of it with citekeys, in the database and in the file of keys.

    Raises:
        ConfigError: the formula of citekeys cannot be used.
        EvidenceError: there is no such page.
        ExportError: the file of keys cannot be read or written.
        StoreError: the database is locked or cannot be read.
    """
    check_formula(settings.export.citekey)
    with collecting_rarely(), store_errors(engine):
        is_kept, may_write = _take_file(engine, settings, folder, warnings)
        with reading(engine) as session:
            ids = None if content.pages is None else find_page_ids(session, content.pages)
            choice = Choice(ids, content.is_cited_only)
            cited = find_cited(session, choice, has_places=has_places)
            imported = find_imported(session, sorted(cited.unresolved))
            told = {one for work in imported for one in work.references}
            unresolved = tuple(list_unresolved(session, cited.unresolved - told))
            is_new = lacks_keys(session, cited.works) or lacks_imported_keys(session, imported)
        if is_new:
            with writing(engine) as session:
                link_citekeys(session)
                key_works(session, cited.works, settings.export.citekey)
                key_imported(session, imported, settings.export.citekey)
        if may_write and (is_new or not is_kept):
            write_keys(engine, settings, folder)
    if imported:
        said = "work is" if len(imported) == 1 else "works are"
        warnings.append(f"{len(imported)} {said} described by an imported library alone: no registry confirms it")
    return Prepared(cited, imported, unresolved)


def read_extras(session: Session, content: Content, warnings: list[str]) -> Extras:
    """Return what else is read of each work.

    Raises:
        ExportError: statuses are asked for, and no audit is kept.
    """
    statuses = read_statuses(session) if content.has_status else None
    if statuses is not None and statuses.is_older:
        warnings.append(OLDER_AUDIT)
    return Extras(content.has_abstracts, statuses)


def rename_key(engine: sa.Engine, settings: Settings, folder: Path, old: str, new: str) -> None:
    """Give a work another citekey, in the database and in the file of keys; the old one stays its alias.

    Raises:
        EvidenceError: no work has the old key, or another one has or had the new one.
        ExportError: the file of keys cannot be read or written.
    """
    problems: list[str] = []
    with store_errors(engine):
        _, may_write = _take_file(engine, settings, folder, problems)
        if not may_write:
            raise ExportError(problems[0], "mend the file of keys first")
        with writing(engine) as session:
            rename_citekey(session, old, new)
        write_keys(engine, settings, folder)


def _key_file(settings: Settings, folder: Path) -> Path | None:
    return (folder / settings.export.key_file).resolve() if settings.export.key_file else None


def _take_file(engine: sa.Engine, settings: Settings, folder: Path, warnings: list[str]) -> tuple[bool, bool]:
    """Take over the keys of the file.

    Returns:
        Whether it held those of the database and no others, and whether it may be written: one with mistakes is left
        alone.
    """
    path = _key_file(settings, folder)
    if path is None or not path.exists():
        return path is None, True
    with reading(engine) as session:
        if is_written(session, path):
            return True, True
    file = read_key_file(path)
    with writing(engine) as session:
        warnings += [*file.problems, *take_keys(session, file)]
    return False, not file.problems


def write_keys(engine: sa.Engine, settings: Settings, folder: Path) -> None:
    """Write the keys of the database to the file of keys, beside those of works that are gone."""
    path = _key_file(settings, folder)
    if path is None:
        return
    with reading(engine) as session:
        if is_written(session, path):
            return
        lines = read_key_file(path).lines
        if not lines:
            write_whole(path, stream_text(session))
            return
        # The keys of works that are gone stay in the file: they are never given again.
        known = {one.key.lower(): one for one in stream_keys(session)}
    if known.items() - lines.items():
        merged = {**lines, **known}
        write_whole(path, format_key_file(merged[key] for key in sorted(merged)))


def _text(
    engine: sa.Engine,
    name: str,
    content: Content,
    prepared: Prepared,
    result: ExportResult,
    progress: Progress | None,
) -> Generator[str, None, None]:
    with collecting_rarely(), store_errors(engine), reading(engine) as session:
        extras = read_extras(session, content, result.warnings)
        # What is left in the middle is ended before the session that it reads from.
        with closing(stream_rows_of_works(session, prepared.cited.works, extras, result.damage)) as rows:
            complete = completing(session, result.damage)
            works = map(complete, assembling(rows, result.damage)) if complete is not None else rows
            imported = cite_imported(session, prepared.imported, result.damage, extras.statuses)
            batches = with_imported(works, list(imported.values()))
            write = write_beside if pays_beside(len(prepared.cited.works)) else write_here
            damage = Damage()
            yield from write(name, _counted(batches, content, result, progress), result.warnings, damage)
        # These were counted as rows.
        result.entries -= len(damage.left_out)
        result.damage.join(damage)


def _counted(
    batches: Iterator[Rows], content: Content, result: ExportResult, progress: Progress | None
) -> Iterator[Rows]:
    for found in batches:
        works = found if content.has_retracted else [work for work in found if not _is_retracted(work)]
        result.entries += len(works)
        result.excluded += len(found) - len(works)
        if progress is not None:
            progress(result.entries)
        yield works


def _is_retracted(work: Row | CitedWork) -> bool:
    # Of what has notices a work was made.
    return isinstance(work, CitedWork) and work.is_retracted
