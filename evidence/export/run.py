"""Writes the bibliography of what the pages cite: the step `evidence export`."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.config import Settings
from evidence.errors import ExportError
from evidence.export import FORMATS
from evidence.export.citekeys import check_formula, rename_citekey
from evidence.export.imported import (
    ImportedWork,
    cite_imported,
    completing,
    find_imported,
    key_imported,
    lacks_imported_keys,
    with_imported,
)
from evidence.export.keyfile import format_key_file, is_written, read_key_file, stream_keys, take_keys
from evidence.export.works import (
    CitedWork,
    UnresolvedReference,
    find_page_ids,
    key_works,
    lacks_keys,
    list_unresolved,
    stream_works,
)
from evidence.files import write_whole
from evidence.store.database import reading, store_errors, writing
from evidence.store.libraries import link_citekeys

STANDARD_OUTPUT = "-"
_OBJECTS_BETWEEN_COLLECTIONS = 50_000
Progress = Callable[[int], None]


@dataclass(slots=True)
class ExportResult:
    """What was exported.

    Args:
        path: the file, or None where the text goes to standard output.
        entries: how many works it has; for standard output, once `text` is read to its end.
        excluded: how many retracted works were left out, as asked.
        unresolved: what the pages cite and is left out, since no registry has described it.
        warnings: what a reader of this format cannot take, each with the key of its work.
        text: the parts of the text, for standard output; else None.
    """

    path: Path | None
    entries: int = 0
    excluded: int = 0
    unresolved: tuple[UnresolvedReference, ...] = ()
    warnings: list[str] = field(default_factory=list)
    text: Iterator[str] | None = None


def export(
    engine: sa.Engine,
    settings: Settings,
    folder: Path,
    name: str,
    *,
    pages: Sequence[str] | None = None,
    output: Path | str | None = None,
    has_retracted: bool = True,
    progress: Progress | None = None,
) -> ExportResult:
    """Write a bibliography of the works that pages cite. The same database gives the same bytes.

    Args:
        engine: the database. Works that are exported for the first time are given their citekeys in it.
        settings: the folder of exports and the formula of citekeys.
        folder: where a relative folder of exports starts.
        name: the format, one of `FORMATS`.
        pages: paths of pages and folders as the database has them; None for all pages.
        output: the file to write, "-" for standard output, None for the format's own name in the folder of exports.
        has_retracted: whether retracted works are written too, each with a note that says so.
        progress: called with how many works are written so far.

    Returns:
        The file, or the text for standard output, with what was left out and what to look at.

    Raises:
        ConfigError: the formula of citekeys cannot be used.
        EvidenceError: there is no such page.
        ExportError: there is no such format, or the file cannot be written.
        StoreError: the database is locked or cannot be read.
    """
    if name not in FORMATS:
        raise ExportError(f"there is no format {name!r}", f"choose one of {', '.join(FORMATS)}")
    check_formula(settings.export.citekey)
    path = (
        None if output == STANDARD_OUTPUT else Path(output or folder / settings.export.folder / FORMATS[name].file_name)
    )
    warnings: list[str] = []
    with store_errors(engine):
        with reading(engine) as session:
            page_ids = None if pages is None else find_page_ids(session, pages)
        with reading(engine) as session:
            unresolved = list_unresolved(session, page_ids)
            imported = find_imported(session, [one.reference for one in unresolved])
        keep_keys(engine, settings, folder, page_ids, warnings, imported)
    told = {one for work in imported for one in work.references}
    unresolved = [one for one in unresolved if one.reference not in told]
    if imported:
        said = "work is" if len(imported) == 1 else "works are"
        warnings.append(f"{len(imported)} {said} described by an imported library alone: no registry confirms it")
    result = ExportResult(path, unresolved=tuple(unresolved), warnings=warnings)
    text = _text(engine, name, _Choice(page_ids, has_retracted, imported), result, progress)
    if path is None:
        result.text = text
    else:
        if path.is_dir():
            raise ExportError(f"{path} is a folder", "give the name of a file with -o")
        # What a link points to is replaced, not the link.
        write_whole(path.resolve(), text)
    return result


def rename_key(engine: sa.Engine, settings: Settings, folder: Path, old: str, new: str) -> None:
    """Give a work another citekey, in the database and in the file of keys; the old one stays its alias.

    Raises:
        EvidenceError: no work has the old key, or another one has or had the new one.
        ExportError: the file of keys cannot be read or written.
    """
    problems: list[str] = []
    with store_errors(engine):
        keep_keys(engine, settings, folder, [], problems)
        if problems:
            raise ExportError(problems[0], "mend the file of keys first")
        with writing(engine) as session:
            rename_citekey(session, old, new)
        write_keys(engine, settings, folder)


def keep_keys(
    engine: sa.Engine,
    settings: Settings,
    folder: Path,
    page_ids: Sequence[int] | None,
    warnings: list[str],
    imported: Sequence[ImportedWork] = (),
) -> None:
    """Take over the keys of the file, give keys to works that have none, and write all of them to the file."""
    path = (folder / settings.export.key_file).resolve() if settings.export.key_file else None
    has_problems = False
    if path is not None and path.exists():
        with reading(engine) as session:
            is_same = is_written(session, path)
        if not is_same:
            lines, problems = read_key_file(path)
            warnings += problems
            has_problems = bool(problems)
            with writing(engine) as session:
                take_keys(session, lines)
    with reading(engine) as session:
        is_new = lacks_keys(session, page_ids) or lacks_imported_keys(session, imported)
    if is_new:
        with writing(engine) as session:
            link_citekeys(session)
            key_works(session, page_ids, settings.export.citekey)
            key_imported(session, imported, settings.export.citekey)
    if not has_problems:
        write_keys(engine, settings, folder)


def write_keys(engine: sa.Engine, settings: Settings, folder: Path) -> None:
    """Write the keys of the database to the file of keys, beside those of works that are gone."""
    if not settings.export.key_file:
        return
    path = (folder / settings.export.key_file).resolve()
    with reading(engine) as session:
        if is_written(session, path):
            return
        lines, _ = read_key_file(path)
        if not lines:
            write_whole(path, format_key_file(stream_keys(session)))
            return
        # The keys of works that are gone stay in the file: they are never given again.
        known = {one.key.lower(): one for one in stream_keys(session)}
    if known.items() - lines.items():
        merged = {**lines, **known}
        write_whole(path, format_key_file(merged[key] for key in sorted(merged)))


class _Choice(NamedTuple):
    """Which works go into a bibliography."""

    page_ids: Sequence[int] | None
    has_retracted: bool
    imported: Sequence[ImportedWork] = ()


@contextmanager
def _collecting_rarely() -> Iterator[None]:
    """Let Python look for cycles less often: a batch has none, but many objects, and the search took a fifth."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _text(
    engine: sa.Engine,
    name: str,
    choice: _Choice,
    result: ExportResult,
    progress: Progress | None,
) -> Iterator[str]:
    module, function = FORMATS[name].module, FORMATS[name].function
    write = getattr(importlib.import_module(module), function)
    with _collecting_rarely(), store_errors(engine), reading(engine) as session:
        yield from write(_counted(session, choice, result, progress), result.warnings)


def _counted(
    session: Session,
    choice: _Choice,
    result: ExportResult,
    progress: Progress | None,
) -> Iterator[list[CitedWork]]:
    complete = completing(session)
    batches = (complete(works) for works in stream_works(session, choice.page_ids))
    for found in with_imported(batches, cite_imported(session, choice.imported)):
        works = found if choice.has_retracted else [work for work in found if not work.is_retracted]
        result.entries += len(works)
        result.excluded += len(found) - len(works)
        if progress is not None:
            progress(result.entries)
        yield works
