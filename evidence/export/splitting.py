"""Writes one bibliography for each page: what `evidence export --split-by-page` does.

A renderer then reads the few works of its page, not the whole library for each page. Works are read in bulk, for some
hundreds of pages at a time.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.config import Settings
from evidence.export import FORMATS, Write, writer_of
from evidence.export.checking import Damage
from evidence.export.imported import cite_imported, completing, folded
from evidence.export.pagefiles import ForeignFileError, PageFolder, Written, name_files, open_folder
from evidence.export.records import CitedWork
from evidence.export.rows import as_bytes, as_text, by_bytes, stream_rows
from evidence.export.run import Content, Prepared, Progress, prepare, read_extras
from evidence.export.works import BATCH, UnresolvedReference, WorkReader
from evidence.memory import collecting_rarely
from evidence.records import Reference
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.store.database import reading, store_errors

# The works of so many at once are held in memory.
_PAGES_AT_ONCE = 200
_WORKS_AT_ONCE = 2_000


@dataclass(slots=True)
class SplitResult:
    """What was written of the pages.

    Args:
        path: the folder.
        written: how many files are new or others than before.
        unchanged: how many were so already.
        removed: the files of ours whose page is gone or cites nothing any more.
        kept: files in the way that are not ours, each with what to do.
        entries: how many works all files have together.
        excluded: how many retracted works were left out, as asked, counted in each file.
        unmarked: how many works were left out, as asked, since no claim's mark leads to them.
        unresolved: what the pages cite and is left out, since no registry has described it.
        warnings: what a reader of this format cannot take.
        damage: what is wrong with records of the store.
    """

    path: Path
    written: int = 0
    unchanged: int = 0
    removed: list[str] = field(default_factory=list)
    kept: list[ForeignFileError] = field(default_factory=list)
    entries: int = 0
    excluded: int = 0
    unmarked: int = 0
    unresolved: tuple[UnresolvedReference, ...] = ()
    warnings: list[str] = field(default_factory=list)
    damage: Damage = field(default_factory=Damage)


class _Page(NamedTuple):
    """One page that cites works, and where its bibliography goes. The works are in the order of their citekeys.

    `imported` are the names of works that libraries alone describe.
    """

    path: str
    name: str
    works: array[int]
    imported: list[Reference]


def split_by_page(
    engine: sa.Engine,
    settings: Settings,
    folder: Path,
    name: str,
    content: Content | None = None,
    *,
    output: Path,
    progress: Progress | None = None,
) -> SplitResult:
    """Write one bibliography for each page that cites works. Files that would say the same are left as they are.

    Args:
        engine: the database. Works that are exported for the first time are given their citekeys in it.
        settings: the formula and the file of citekeys.
        folder: where a relative file of citekeys starts.
        name: the format, one of `FORMATS`.
        content: which pages, and what of their works; all of them by default.
        output: the folder that the files go to. Only files that an earlier run wrote there are replaced or removed.
        progress: called with how many pages are done.

    Raises:
        ConfigError: the formula of citekeys cannot be used.
        EvidenceError: there is no such page.
        ExportError: there is no such format, or a file cannot be written; files written so far stay.
        StoreError: the database is locked or cannot be read.
    """
    content = content or Content()
    write = writer_of(name)
    target = open_folder(output)
    result = SplitResult(output)
    prepared = prepare(engine, settings, folder, content, result.warnings, has_places=True)
    result.unresolved, result.unmarked = prepared.unresolved, prepared.cited.unmarked
    with collecting_rarely(), store_errors(engine), reading(engine) as session:
        extras = read_extras(session, content, result.warnings)
        works = _Works(
            WorkReader(session, extras, result.damage),
            completing(session, result.damage),
            cite_imported(session, prepared.imported, result.damage, extras.statuses),
        )
        query = sa.select(models.Page.id, as_bytes(session, models.Page.path))
        paths = {number: as_text(path) for number, path in stream_rows(session, query)}
        names = name_files(paths.values(), Path(FORMATS[name].file_name).suffix)
        pages = _pages(session, prepared, paths, names)
        run = _Run(name, content, write, target, result)
        run.begin(pages)
        for number, (page, text) in enumerate(run.texts(works, pages), start=1):
            run.write(page, text)
            if progress is not None:
                progress(number)
        run.end(set(paths.values()))
    result.warnings[:] = dict.fromkeys(result.warnings)
    return result


class _Works(NamedTuple):
    """Where works are read from. Those that libraries alone describe are few, and are held in memory."""

    reader: WorkReader
    complete: Callable[[list[CitedWork]], list[CitedWork]] | None
    imported: Mapping[Reference, CitedWork]

    def read(self, numbers: set[int]) -> dict[int, CitedWork]:
        """Return works by their numbers."""
        found: dict[int, CitedWork] = {}
        for chunk in in_chunks(sorted(numbers), BATCH):
            keys = self.reader.keys_of(chunk)
            by_key = {key: number for number, key in keys.items()}
            works = self.reader.read(keys)
            found.update((by_key[work.key], work) for work in (self.complete(works) if self.complete else works))
        return found


@dataclass(slots=True)
class _Run:
    """One run over the pages: the folder, and what comes of each file."""

    format: str
    content: Content
    write_format: Write
    folder: PageFolder
    result: SplitResult
    done: set[str] = field(default_factory=set)

    def begin(self, pages: Sequence[_Page]) -> None:
        """Say in the manifest which files come, so that none is a stranger's after a run that was stopped."""
        known = self.folder.files
        fresh = [page for page in pages if page.name not in known and not (self.folder.root / page.name).exists()]
        if fresh:
            known.update((page.name, Written(page.path, self.format, "")) for page in fresh)
            self.folder.save()

    def texts(self, source: _Works, pages: Sequence[_Page]) -> Iterator[tuple[_Page, str]]:
        """Yield the pages, each with its bibliography; nothing for a page none of whose works is written."""
        for bundle in _bundles(pages):
            works = source.read({number for page in bundle for number in page.works})
            for page in bundle:
                found = [works[number] for number in page.works if number in works]
                if imported := [source.imported[name] for name in page.imported if name in source.imported]:
                    found = sorted([*found, *imported], key=folded)
                chosen = found if self.content.has_retracted else [work for work in found if not work.is_retracted]
                self.result.excluded += len(found) - len(chosen)
                self.result.entries += len(chosen)
                yield page, "".join(self.write_format(iter([chosen]), self.result.warnings)) if chosen else ""

    def write(self, page: _Page, text: str) -> None:
        """Write the file of one page."""
        if not text:
            return
        self.done.add(page.name)
        try:
            is_new = self.folder.write(page.name, text, page.path, self.format)
        except ForeignFileError as error:
            self.result.kept.append(error)
            return
        self.result.written += is_new
        self.result.unchanged += not is_new

    def end(self, paths: set[str]) -> None:
        """Remove the files of pages that are gone or cite nothing any more; other pages keep theirs."""
        chosen = None if self.content.pages is None else {path.rstrip("/") for path in self.content.pages}
        for name, one in sorted(self.folder.files.items()):
            is_asked = chosen is None or one.page not in paths or _is_within(one.page, chosen)
            if one.format == self.format and name not in self.done and is_asked:
                self._remove(name)
        self.folder.save()

    def _remove(self, name: str) -> None:
        try:
            if self.folder.remove(name):
                self.result.removed.append(name)
        except ForeignFileError as error:
            self.result.kept.append(error)


def _pages(session: Session, prepared: Prepared, paths: Mapping[int, str], names: Mapping[str, str]) -> list[_Page]:
    """Return the pages that cite works, in the order of their paths."""
    key = models.Citekey
    ranks: dict[int, int] = {}
    query = sa.select(key.work_id).where(~key.is_alias).order_by(by_bytes(session, key.folded))
    for rank, (number,) in enumerate(stream_rows(session, query)):
        ranks.setdefault(number, rank)
    works: dict[int, set[int]] = defaultdict(set)
    places = prepared.cited.places if prepared.cited.places is not None else array("q")
    for index in range(0, len(places), 2):
        works[places[index]].add(places[index + 1])
    imported = _imported_by_page(prepared)
    found = []
    for page in (works.keys() | imported.keys()) & paths.keys():
        numbers = array("q", sorted(works.get(page, ()), key=lambda one: ranks.get(one, -1)))
        found.append(_Page(paths[page], names[paths[page]], numbers, imported.get(page, [])))
    return sorted(found, key=lambda one: one.path)


def _imported_by_page(prepared: Prepared) -> dict[int, list[Reference]]:
    """Return, by the number of a page, the names of the works that it cites and libraries alone describe."""
    found: dict[int, list[Reference]] = defaultdict(list)
    for work in prepared.imported:
        for page in {page for one in work.references for page in prepared.cited.pages.get(one, ())}:
            found[page].append(work.name)
    return found


def _bundles(pages: Sequence[_Page]) -> Iterator[list[_Page]]:
    bundle: list[_Page] = []
    works = 0
    for page in pages:
        if bundle and (len(bundle) == _PAGES_AT_ONCE or works + len(page.works) > _WORKS_AT_ONCE):
            yield bundle
            bundle, works = [], 0
        bundle.append(page)
        works += len(page.works)
    if bundle:
        yield bundle


def _is_within(path: str, chosen: set[str]) -> bool:
    return bool(chosen & {"", "."}) or any(path == one or path.startswith(f"{one}/") for one in chosen)
