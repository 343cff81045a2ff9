"""Many pages at once: `evidence extract` and the reading half of `evidence refresh`.

Pages are read, extracted and handed on one after the other, so that memory does not grow with the vault.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import IO

from evidence.config import VaultSettings
from evidence.errors import PageError
from evidence.extract.frontmatter import read_front_matter
from evidence.extract.page import extract_page
from evidence.extract.studies import Study, link_studies, read_study
from evidence.pages import find_pages
from evidence.records import ExtractedPage, Page

# Pages that a process is given at a time, and how many such bundles wait for each process.
_BUNDLE = 16
_AHEAD = 3
_HEAD_BYTES = 262_144


def extract_all(
    paths: Sequence[Path],
    vault: VaultSettings,
    *,
    root: Path | None = None,
    jobs: int = 1,
    stdin: IO[bytes] | None = None,
) -> Iterator[ExtractedPage | PageError]:
    """Yield what each page holds, in the order of the paths, or the error of a page that cannot be read.

    Args:
        paths: files and folders; `-` is standard input, read as Markdown unless it begins like HTML.
        vault: which files are pages.
        root: the folder that paths are relative to; the working folder by default.
        jobs: processes.
        stdin: what `-` reads.

    Raises:
        PageError: a path does not exist, or there is no page below any of them.
    """
    root = root or Path.cwd()
    pages: Iterable[Page | PageError] = ()
    named = [path for path in paths if str(path) != "-"]
    if named:
        pages = find_pages(named, root, vault.include, vault.exclude)
    if len(named) < len(paths) and stdin is not None:
        pages = _chain(Page("-", stdin.read()), pages)
    studies = StudyFinder(root)
    for record in extract_pages(pages, jobs=jobs):
        yield record if isinstance(record, PageError) else link_studies(record, studies)


def extract_pages(pages: Iterable[Page | PageError], *, jobs: int = 1) -> Iterator[ExtractedPage | PageError]:
    """Yield the record of each page in order; links between pages are not followed here.

    Args:
        pages: pages, or errors, which are handed on.
        jobs: processes; with one no process is started.
    """
    if jobs == 1:
        for page in pages:
            yield from _extract_bundle([page])
        return
    with ProcessPoolExecutor(jobs) as pool:
        waiting: deque[Future[list[ExtractedPage | PageError]]] = deque()
        for bundle in _bundles(pages):
            waiting.append(pool.submit(_extract_bundle, bundle))
            if len(waiting) > jobs * _AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


class StudyFinder:
    """Finds study pages in the file system, for pages that are extracted without a database.

    A link is looked up below the folder of its page and each folder above it, up to `root`: that is where the vault
    begins, or a folder in it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._known: dict[Path, Study | None] = {}

    def find(self, link: str, page: str = "") -> Study | None:
        """Return the study page that a link on a page means, or None."""
        name = link.strip().strip("/").removesuffix(".md")
        place = (self.root / page).parent
        while True:
            for folder in (place, place / "studies"):
                study = self._read(folder / f"{name}.md")
                if study is not None:
                    return study
            if place in {self.root, place.parent}:
                return None
            place = place.parent

    def _read(self, file: Path) -> Study | None:
        if file not in self._known:
            self._known[file] = None
            try:
                inside = file.resolve().is_relative_to(self.root)
                head = file.read_bytes()[:_HEAD_BYTES] if inside and file.is_file() else b""
                front = read_front_matter(head.decode("utf-8", "ignore"))
                self._known[file] = read_study(str(file), front.values)
            except (OSError, ValueError):
                # A link of any text is a file name of any text: one that the system refuses names no page.
                pass
        return self._known[file]


def _extract_bundle(pages: list[Page | PageError]) -> list[ExtractedPage | PageError]:
    records: list[ExtractedPage | PageError] = []
    for page in pages:
        if isinstance(page, PageError):
            records.append(page)
            continue
        try:
            records.append(extract_page(page))
        except PageError as error:
            records.append(error)
    return records


def _bundles(pages: Iterable[Page | PageError]) -> Iterator[list[Page | PageError]]:
    bundle: list[Page | PageError] = []
    for page in pages:
        bundle.append(page)
        if len(bundle) == _BUNDLE:
            yield bundle
            bundle = []
    if bundle:
        yield bundle


def _chain(first: Page, rest: Iterable[Page | PageError]) -> Iterator[Page | PageError]:
    yield first
    yield from rest
