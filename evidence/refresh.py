"""The step `refresh`: reads the pages that changed, then has resolved what is new or stale.

Each bundle of pages is one transaction, and so is each batch of look-ups: a refresh that is stopped at any point
keeps what it did, and the next one does none of it again.
"""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from glob import escape
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import sqlalchemy as sa

from evidence.config import LoadedSettings
from evidence.errors import PageError
from evidence.extract import VERSION
from evidence.extract.notes.studies import StudyIndex, link_studies, read_study
from evidence.generated import is_report
from evidence.pages import Listing, list_pages, read_page
from evidence.reading import read_pages
from evidence.records import ExtractedPage, Page
from evidence.store.chunks import in_chunks
from evidence.store.database import REFRESH_WAIT_S, holding_refresh, open_database, reading, store_errors, writing
from evidence.store.linking import load_front_matter, load_linking_pages, outcome_of, write_links
from evidence.store.pages import PageChanges, delete_pages, rename_page, write_pages, write_unreadable
from evidence.store.pruning import prune_works
from evidence.store.queries import find_last_run, list_page_versions
from evidence.store.runs import begin_run, end_run

if TYPE_CHECKING:
    from evidence.resolve.summary import ResolveSummary

logger = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]

_BUNDLE_PAGES = 64
_BUNDLE_CLAIMS = 5_000


@dataclass(frozen=True, slots=True)
class RefreshSummary:
    """What one refresh did.

    `unreadable` are the pages and folders that could not be read: what the database has of them is as old as
    their last reading. `resolution` says how the look-ups ended.
    """

    run_id: int
    pages_read: int
    pages_skipped: int
    pages_moved: int
    pages_gone: int
    claims: PageChanges
    unreadable: tuple[PageError, ...]
    works_pruned: int
    resolution: ResolveSummary
    # Pages whose front matter cannot be read: their text was.
    warned: tuple[PageError, ...] = ()
    # How many files are reports of ours, which were passed by.
    reports: int = 0


@dataclass(slots=True)
class _Tally:
    """What has been done so far."""

    read: int = 0
    skipped: int = 0
    moved: int = 0
    gone: int = 0
    reports: int = 0
    claims: PageChanges = field(default_factory=PageChanges)
    unreadable: list[PageError] = field(default_factory=list)
    warned: list[PageError] = field(default_factory=list)


def refresh(
    loaded: LoadedSettings,
    paths: Sequence[Path] = (),
    *,
    offline: bool = False,
    max_age_days: int | None = None,
    force: bool = False,
    prune: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
    wait_s: float = REFRESH_WAIT_S,
) -> RefreshSummary:
    """Bring the database in line with the pages, and ask the registries for what is new or stale.

    Args:
        loaded: the settings.
        paths: pages or folders, relative to the working folder; without any, the whole vault of the settings is
            read, and only then does a page that is no longer there go from the database.
        offline: ask no registry.
        max_age_days: ask again for metadata that is older; default from the settings.
        force: read every page and ask for every identifier again.
        prune: remove the works that no page names any more.
        jobs: how many processes read pages; default one a core.
        progress: called with a step's name, how much is done and how much there is.
        wait_s: how long to wait for another refresh to end.

    Raises:
        PageError: a path does not exist, or there are no pages.
        StoreError: the database cannot be opened or written, or another refresh holds it.
    """
    listing = list_vault(loaded, paths)
    engine = open_database(loaded.settings.database.url, folder=loaded.folder)
    try:
        with store_errors(engine), holding_refresh(engine, wait_s=wait_s, on_wait=_say_who):
            with reading(engine) as session:
                last = find_last_run(session, "refresh")
            with writing(engine) as session:
                run_id = begin_run(session, "refresh")
            tally = read_changed_pages(
                engine, listing, whole=not paths, force=force, jobs=jobs, run_id=run_id, progress=progress
            )
            # A run that was stopped may have written notes whose links were never followed.
            if tally.read or tally.moved or tally.gone or (last is not None and last.finished_at is None):
                link_study_pages(engine)
            from evidence.resolve.run import resolve  # noqa: PLC0415 - the registries' clients are slow to import

            resolution = resolve(
                engine, loaded.settings, offline=offline, force=force, max_age_days=max_age_days, progress=progress
            )
            with writing(engine) as session:
                pruned = prune_works(session) if prune else 0
                summary = _summarize(run_id, tally, pruned, resolution)
                end_run(session, run_id, _count(summary))
            return summary
    finally:
        engine.dispose()


def _front_matter_errors(page: ExtractedPage) -> Iterator[PageError]:
    for problem in page.problems:
        if problem.code == "front-matter":
            hint = "mend it between the `---` lines; the text below was read"
            yield PageError(problem.message, page.path, problem.line, hint)


def list_vault(loaded: LoadedSettings, paths: Sequence[Path]) -> Listing:
    """Return where the pages of the vault are, or those below some paths that start at the working folder.

    Raises:
        PageError: a path does not exist, or there are no pages.
    """
    vault = loaded.settings.vault
    exclude = list(vault.exclude)
    # Reports and bibliographies of ours are no pages, although some are Markdown and HTML.
    key_file = (loaded.folder / loaded.settings.export.key_file).absolute() if loaded.settings.export.key_file else None
    if key_file is not None and key_file.is_relative_to(loaded.folder):
        # It names every work that has a key, and cites none of them.
        exclude.append("/" + escape(key_file.relative_to(loaded.folder).as_posix()))
    exports = (loaded.folder / loaded.settings.export.folder).absolute()
    if exports != loaded.folder and exports.is_relative_to(loaded.folder):
        exclude.append("/" + escape(exports.relative_to(loaded.folder).as_posix()))
    asked = [Path.cwd() / path for path in paths] or [Path(path) for path in vault.paths]
    return list_pages(asked, loaded.folder, vault.include, exclude)


def read_changed_pages(
    engine: sa.Engine,
    listing: Listing,
    *,
    whole: bool,
    force: bool = False,
    jobs: int | None = None,
    run_id: int | None = None,
    progress: Progress | None = None,
) -> _Tally:
    """Read the pages whose bytes are not those of their last reading, and write them bundle by bundle.

    Args:
        engine: the database.
        listing: the pages that there are.
        whole: the listing is the whole vault: what the database has besides it is gone.
        force: read the others as well.
        jobs: how many processes read pages.
        run_id: the run that the pages are written by.
        progress: called after each page.
    """
    with reading(engine) as session:
        stored = list_page_versions(session)
    vanished = _find_vanished(stored, listing) if whole else []
    tally = _Tally(unreadable=list(listing.problems))
    changed = _find_changed(engine, listing, stored, vanished, tally, force=force, progress=progress)
    for bundle in _bundles(read_pages(changed, jobs), tally.unreadable):
        with writing(engine) as session:
            tally.claims += write_pages(session, bundle, extractor=VERSION, run_id=run_id)
        tally.read += len(bundle)
        tally.warned += [error for page in bundle for error in _front_matter_errors(page)]
    for paths in in_chunks(vanished, _BUNDLE_PAGES):
        with writing(engine) as session:
            tally.claims += delete_pages(session, paths)
    tally.gone = len(vanished)
    with writing(engine) as session:
        write_unreadable(session, tally.unreadable, None if whole else [one.path for one in listing.files])
    return tally


def link_study_pages(engine: sa.Engine) -> int:
    """Follow the links from notes to study pages over the whole database; return how many pages this changed.

    A study page that comes, goes or changes changes notes on pages that were not read again.
    """
    with reading(engine) as session:
        studies = (read_study(path, front_matter) for path, front_matter in load_front_matter(session))
        index = StudyIndex(study for study in studies if study is not None)
        changed = []
        for page in load_linking_pages(session):
            before = outcome_of(page.page)
            linked = link_studies(page.page, index)
            if outcome_of(linked) != before:
                changed.append((page, linked))
    for bundle in in_chunks(changed, _BUNDLE_PAGES):
        with writing(engine) as session:
            for page, linked in bundle:
                write_links(session, page, linked)
    return len(changed)


def _find_vanished(stored: Iterable[str], listing: Listing) -> list[str]:
    """Return the stored pages that are no longer there. One that could not be looked at is not called gone."""
    found = {one.path for one in listing.files}
    hidden = tuple(f"{error.path}/" for error in listing.problems)
    unsure = {error.path for error in listing.problems}
    return sorted(path for path in stored if path not in found and path not in unsure and not path.startswith(hidden))


def _find_changed(
    engine: sa.Engine,
    listing: Listing,
    stored: dict[str, tuple[str, str]],
    vanished: list[str],
    tally: _Tally,
    *,
    force: bool,
    progress: Progress | None,
) -> Iterator[Page]:
    """Yield the pages to read.

    A page that was moved gets its new path here, and leaves `vanished`; one that a report of ours took the place of
    comes to it.
    """
    moved_from: dict[str, list[str]] = defaultdict(list)
    for path in vanished:
        moved_from[stored[path][0]].append(path)
    for done, found in enumerate(listing.files, 1):
        if progress is not None:
            progress("pages", done, len(listing.files))
        try:
            page = read_page(found)
        except PageError as error:
            tally.unreadable.append(error)
            continue
        if is_report(page.data):
            tally.reports += 1
            if page.path in stored:
                vanished.append(page.path)
            continue
        sha256 = hashlib.sha256(page.data).hexdigest()
        known = stored.get(page.path)
        if known is None and moved_from[sha256]:
            old = moved_from[sha256].pop(0)
            vanished.remove(old)
            with writing(engine) as session:
                rename_page(session, old, page.path)
            tally.moved += 1
            # The ending of its name says how a page is written.
            known = stored[old] if PurePosixPath(old).suffix == PurePosixPath(page.path).suffix else None
        if known == (sha256, VERSION) and not force:
            tally.skipped += 1
        else:
            yield page


def _bundles(
    results: Iterable[ExtractedPage | PageError],
    unreadable: list[PageError],
) -> Iterator[list[ExtractedPage]]:
    """Yield pages in bundles of one transaction, and put aside the errors of those that cannot be read."""
    bundle: list[ExtractedPage] = []
    claims = 0
    for result in results:
        if isinstance(result, PageError):
            unreadable.append(result)
            continue
        bundle.append(result)
        claims += len(result.claims)
        if len(bundle) >= _BUNDLE_PAGES or claims >= _BUNDLE_CLAIMS:
            yield bundle
            bundle, claims = [], 0
    if bundle:
        yield bundle


def _summarize(run_id: int, tally: _Tally, pruned: int, resolution: ResolveSummary) -> RefreshSummary:
    return RefreshSummary(
        run_id=run_id,
        pages_read=tally.read,
        pages_skipped=tally.skipped,
        pages_moved=tally.moved,
        pages_gone=tally.gone,
        claims=tally.claims,
        unreadable=tuple(tally.unreadable),
        works_pruned=pruned,
        resolution=resolution,
        warned=tuple(tally.warned),
        reports=tally.reports,
    )


def _count(summary: RefreshSummary) -> dict[str, int]:
    """Return the numbers that are kept with the run."""
    return {
        "pages_read": summary.pages_read,
        "pages_skipped": summary.pages_skipped,
        "pages_moved": summary.pages_moved,
        "pages_gone": summary.pages_gone,
        "pages_reports": summary.reports,
        "pages_unreadable": len(summary.unreadable),
        "claims_new": summary.claims.claims_new,
        "claims_changed": summary.claims.claims_changed,
        "claims_gone": summary.claims.claims_gone,
        "works_pruned": summary.works_pruned,
    }


def _say_who(holder: str) -> None:
    logger.warning("another refresh holds the database (%s); waiting for it to end", holder)
