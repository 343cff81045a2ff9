"""Folders of pages -> `Page`. Reads the file system and nothing else.

A page's path is relative to the root of the vault, with `/` between its parts. Links are never followed out of
the folders that were asked for; hidden folders, and those of package managers, are not looked into.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evidence.errors import ConfigError, PageError
from evidence.records import Page

_SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "site-packages"})
_GLOB_PART = re.compile(r"\*\*/|\*\*|\*|\?|\[!?\]?[^\]]*\]|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PageFile:
    """One page that was found and not read yet."""

    path: str
    file: Path


@dataclass(frozen=True, slots=True)
class Listing:
    """The pages that were found, in the order of their paths, and what could not be looked into."""

    files: list[PageFile]
    problems: list[PageError] = field(default_factory=list)


def find_pages(
    paths: Sequence[Path],
    root: Path,
    include: Sequence[str],
    exclude: Sequence[str] = (),
) -> Iterator[Page | PageError]:
    """Yield the pages below some paths, one read at a time, in the order of their paths.

    Args:
        paths: files, which are read whatever their name, and folders. Relative ones start at `root`.
        root: the folder that the paths of pages are relative to.
        include: patterns such as `**/*.md` that a file must match, relative to its folder or to `root`.
        exclude: patterns of files and folders that are left out.

    Yields:
        A page, or the error of one that cannot be read: the rest goes on.

    Raises:
        PageError: a path does not exist, or there is no page below any of them.
    """
    listing = list_pages(paths, root, include, exclude)
    yield from listing.problems
    for found in listing.files:
        try:
            page = read_page(found)
        except PageError as error:
            yield error
        else:
            yield page


def list_pages(
    paths: Sequence[Path],
    root: Path,
    include: Sequence[str],
    exclude: Sequence[str] = (),
) -> Listing:
    """Return where the pages below some paths are, without reading them. Arguments and errors as in `find_pages`."""
    root = root.resolve()
    starts = [_locate(path, root) for path in paths]
    finder = _Finder(
        root, [start.resolve() for start in starts], compile_globs(include), compile_globs(exclude, whole=True)
    )
    for start in starts:
        if start.is_dir():
            finder.walk(start)
        else:
            finder.add(start)
    if not finder.found:
        shown = ", ".join(_relative(start, root) for start in starts)
        raise PageError(
            "there are no pages here" + (": " + finder.problems[0].message if finder.problems else ""),
            shown,
            hint=f"pages are files that match [vault] include: {', '.join(include)}",
        )
    return Listing([finder.found[path] for path in sorted(finder.found)], finder.problems)


def read_page(found: PageFile) -> Page:
    """Return a page with its bytes.

    Raises:
        PageError: the file cannot be read.
    """
    try:
        return Page(found.path, found.file.read_bytes())
    except OSError as error:
        raise PageError(f"cannot be read: {error.strerror}", found.path, hint="check its permissions") from error


def compile_globs(globs: Sequence[str], *, whole: bool = False) -> re.Pattern[str] | None:
    """Return one pattern for several globs, or None where there are none. Upper and lower case are the same.

    `*` and `?` stay within a name, `**` crosses folders; a glob without `/` is a name in any folder.

    Args:
        globs: such as `**/*.md`, `drafts/` or `README.md`.
        whole: a glob that names a folder also means everything below it.

    Raises:
        ConfigError: a glob cannot be read.

    >>> bool(compile_globs(["**/*.md"]).fullmatch("a/b/C.MD")), bool(compile_globs(["*.md"]).fullmatch("a/b.txt"))
    (True, False)
    """
    if not globs:
        return None
    below = "(?:/.*)?" if whole else ""
    try:
        return re.compile("|".join(_translate(glob) + below for glob in globs), re.IGNORECASE | re.DOTALL)
    except re.error as error:
        raise ConfigError(
            f"[vault] a pattern in {list(globs)} cannot be read: {error}", "write it as in **/*.md"
        ) from error


class _Finder:
    """Walks folders and keeps what it found; `found` has each path once, however many arguments lead to it."""

    def __init__(
        self,
        root: Path,
        bounds: list[Path],
        include: re.Pattern[str] | None,
        exclude: re.Pattern[str] | None,
    ) -> None:
        self.root = root
        self.bounds = bounds
        self.include = include
        self.exclude = exclude
        self.found: dict[str, PageFile] = {}
        self.problems: list[PageError] = []

    def walk(self, start: Path) -> None:
        folders = [start]
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(folder) as entries:
                    listed = sorted(entries, key=lambda entry: entry.name)
            except OSError as error:
                self._report(folder, f"this folder cannot be read: {error.strerror}", "check its permissions")
                continue
            if any(entry.name == "pyvenv.cfg" for entry in listed):
                continue
            for entry in listed:
                path = folder / entry.name
                if entry.name.startswith(".") or entry.name in _SKIPPED_FOLDERS or self._is_excluded(path, start):
                    continue
                if entry.is_symlink():
                    self._take_link(path, start)
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(path)
                elif self._is_included(path, start):
                    self.add(path)

    def add(self, file: Path) -> None:
        try:
            is_file = file.is_file()
        except OSError as error:
            self._report(file, f"cannot be read: {error.strerror}", "check the permissions of its folder")
            return
        if not is_file:
            self._report(
                file, "is no regular file, so it is not read", "exclude it with [vault] exclude in config.toml"
            )
            return
        path = _relative(file, self.root)
        try:
            path.encode()
        except UnicodeEncodeError:
            self._report(file, "its name is not UTF-8, so it is not read", "rename the file")
            return
        self.found[path] = PageFile(path, file)

    def _take_link(self, link: Path, start: Path) -> None:
        """Read a link only where its target lies in the vault and is not read under its own name."""
        if not (link.is_dir() or self._is_included(link, start)):
            return
        try:
            target = link.resolve(strict=True)
        except (OSError, RuntimeError):
            self._report(link, "is a link that leads nowhere", "remove the link or mend it")
            return
        bound = next((bound for bound in self.bounds if target.is_relative_to(bound)), None)
        if bound is None:
            self._report(
                link, "is a link that leads out of the vault, so it is not read", "copy the page into the vault"
            )
        elif not link.is_dir() and not self._is_read_itself(target, bound):
            self.add(link)

    def _is_read_itself(self, target: Path, bound: Path) -> bool:
        parts = target.relative_to(bound).parts
        hidden = any(part.startswith(".") or part in _SKIPPED_FOLDERS for part in parts)
        return not hidden and self._is_included(target, bound) and not self._is_excluded(target, bound)

    def _is_included(self, path: Path, start: Path) -> bool:
        return self.include is None or self._matches(self.include, path, start)

    def _is_excluded(self, path: Path, start: Path) -> bool:
        return self.exclude is not None and self._matches(self.exclude, path, start)

    def _matches(self, pattern: re.Pattern[str], path: Path, start: Path) -> bool:
        text = path.as_posix()
        return any(
            pattern.fullmatch(text[len(prefix) + 1 :]) is not None
            for prefix in (start.as_posix().rstrip("/"), self.root.as_posix().rstrip("/"))
            if text.startswith(prefix + "/")
        )

    def _report(self, path: Path, message: str, hint: str) -> None:
        shown = _relative(path, self.root).encode("utf-8", "replace").decode()
        self.problems.append(PageError(message, shown, hint=hint))


def _locate(path: Path, root: Path) -> Path:
    """Return where a path given by the user is, written so that it lies below the root where it can."""
    place = Path(os.path.abspath(root / path))  # noqa: PTH100 - resolve() would follow a link that the user named
    if not os.path.lexists(place):
        raise PageError(
            "there is no such file or folder", str(path), hint="check the path, or [vault] paths in config.toml"
        )
    if not place.exists():
        raise PageError("is a link that leads nowhere", str(path), hint="remove the link or mend it")
    return place if place.is_relative_to(root) else place.resolve()


def _relative(path: Path, root: Path) -> str:
    return Path(os.path.relpath(path, root)).as_posix()


def _translate(glob: str) -> str:
    """Return a glob as a regular expression."""
    bare = glob.removeprefix("./").removeprefix("/").rstrip("/")
    parts = [] if "/" in bare or glob.startswith(("/", "./")) else ["(?:[^/]+/)*"]
    for part in _GLOB_PART.findall(bare):
        if part == "**/":
            parts.append("(?:[^/]+/)*")
        elif part == "**":
            parts.append(".*")
        elif part == "*":
            parts.append("[^/]*")
        elif part == "?":
            parts.append("[^/]")
        elif part.startswith("[") and len(part) > 1:
            inner = part[1:-1].replace("\\", r"\\").replace("[", r"\[")
            parts.append("[" + ("^" + inner[1:] if inner.startswith("!") else inner) + "]")
        else:
            parts.append(re.escape(part))
    return "".join(parts)
