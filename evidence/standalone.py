"""What pages hold, with the links to study pages followed, without a database: the step `evidence extract`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from evidence.config import VaultSettings
from evidence.errors import PageError
from evidence.extract.forms.frontmatter import read_front_matter
from evidence.extract.notes.studies import Study, link_studies, read_study, slug
from evidence.pages import find_pages
from evidence.reading import read_pages
from evidence.records import ExtractedPage, Page

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
    unreadable: list[PageError] = []
    studies = StudyFinder(root)
    for record in read_pages(_readable(pages, unreadable), jobs):
        yield from unreadable
        unreadable.clear()
        yield record if isinstance(record, PageError) else link_studies(record, studies)
    yield from unreadable


class StudyFinder:
    """Finds study pages in the file system, for pages that are extracted without a database.

    A link is looked up below the folder of its page and each folder above it, up to `root`: that is where the vault
    begins, or a folder in it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._known: dict[Path, Study | None] = {}
        self._files: dict[Path, dict[str, list[Path]]] = {}

    def find(self, link: str, page: str = "") -> Study | None:
        """Return the study page that a link on a page means, or None."""
        name = link.strip().strip("/").removesuffix(".md")
        place = (self.root / page).parent
        while True:
            for folder in (place, place / "studies"):
                study = self._read(self._file(folder / f"{name}.md"))
                if study is not None:
                    return study
            if place in {self.root, place.parent}:
                return None
            place = place.parent

    def _file(self, file: Path) -> Path:
        """Return the file that a name means: itself, or the only one beside it that a site would name so."""
        folder = file.parent
        try:
            if file.is_file() or not folder.resolve().is_relative_to(self.root):
                return file
            if folder not in self._files:
                self._files[folder] = {}
                for one in folder.glob("*.md"):
                    self._files[folder].setdefault(slug(one.stem.casefold()), []).append(one)
        except (OSError, ValueError):
            return file
        named = self._files[folder].get(slug(file.stem.casefold()), [])
        return named[0] if len(named) == 1 else file

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


def _readable(pages: Iterable[Page | PageError], unreadable: list[PageError]) -> Iterator[Page]:
    """Yield the pages, and put aside the errors of those that the file system does not give."""
    for page in pages:
        if isinstance(page, PageError):
            unreadable.append(page)
        else:
            yield page


def _chain(first: Page, rest: Iterable[Page | PageError]) -> Iterator[Page | PageError]:
    yield first
    yield from rest
