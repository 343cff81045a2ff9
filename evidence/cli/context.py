"""What every command is given: the options that all share, the settings and the database that follow from them."""

from __future__ import annotations

import functools
import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evidence.errors import EvidenceError
from evidence.terminal import plain

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from evidence.config import LoadedSettings

# How many of a list a summary shows; the rest is counted.
SHOWN = 5
logger = logging.getLogger(__name__)

Paths = Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", help="Pages or folders; default: the vault.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


class Color(StrEnum):
    """When to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


@dataclass
class Context:
    """What every command is given: the options that all of them share, and what follows from these."""

    config: Path | None = None
    database: str | None = None
    quiet: bool = False
    verbose: bool = False
    color: Color = Color.AUTO
    overrides: dict[str, Any] = field(default_factory=dict)
    # How far each step of the command has come: what is done, and how much there is.
    reached: dict[str, tuple[int, int]] = field(default_factory=dict)

    @functools.cached_property
    def loaded(self) -> LoadedSettings:
        """The settings, read once."""
        from evidence.config import load_settings

        overrides = dict(self.overrides)
        if self.database:
            overrides["database"] = {"url": self.database}
        loaded = load_settings(self.config, overrides)
        logger.info("settings from %s", loaded.folder)
        return loaded

    @contextmanager
    def opened(self) -> Iterator[Engine]:
        """Open the database for one command."""
        from evidence.store.database import open_database

        engine = open_database(self.loaded.settings.database.url, folder=self.loaded.folder)
        try:
            yield engine
        finally:
            engine.dispose()

    def seen_from_here(self, path: Path | str) -> str:
        """Return a path of the working folder as the database has paths: from the folder of the settings."""
        return Path(os.path.relpath(Path.cwd() / path, self.loaded.folder)).as_posix()

    def stored_paths(self, engine: Engine, paths: list[Path] | None) -> list[str] | None:
        """Return the pages of the database that paths name, files or folders; None where none are named.

        Raises:
            EvidenceError: the database holds no page of that name.
        """
        from evidence.store.database import reading
        from evidence.store.queries import list_page_versions, list_unreadable

        with reading(engine) as session:
            known = sorted({*list_page_versions(session), *(error.path for error in list_unreadable(session))})
        if not known:
            raise EvidenceError("the database holds no pages yet", "run `evidence refresh` first")
        if not paths:
            return None
        chosen: dict[str, None] = {}
        for path in paths:
            name = self.seen_from_here(path)
            found = [one for one in known if name in {".", one} or one.startswith(f"{name}/")]
            if not found and not (Path.cwd() / path).exists():
                raise EvidenceError(f"{path}: there is no such file or folder", "check the path")
            if not found:
                raise EvidenceError(f"the database holds no page {name}", "run `evidence refresh` first")
            chosen.update(dict.fromkeys(found))
        return list(chosen)

    def say(self, *lines: str) -> None:
        """Print summary lines on standard error, unless --quiet."""
        if not self.quiet:
            for line in lines:
                print(line, file=sys.stderr)

    def complain(self, *lines: str) -> None:
        """Print on standard error what the user has to mend, with --quiet too."""
        for line in lines:
            print(plain(line), file=sys.stderr)

    def answer(self, document: object, lines: Callable[[], Iterable[str]], *, as_json: bool) -> None:
        """Print a result on standard output: as one JSON document, or as lines."""
        if as_json:
            print(json.dumps(document, ensure_ascii=False, indent=2))
            return
        for line in lines():
            print(plain(line))

    @contextmanager
    def progress(self) -> Iterator[Callable[[str, int, int], None]]:
        """Note how far a step has come; on a terminal, show bars on standard error while it runs."""

        def note(what: str, done: int, total: int) -> None:
            self.reached[what] = (done, total)

        if self.quiet or not sys.stderr.isatty():
            yield note
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True, no_color=not uses_color(self.color, sys.stderr))
        columns = (TextColumn("{task.description:<18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as bars:
            tasks: dict[str, Any] = {}

            def show(what: str, done: int, total: int) -> None:
                note(what, done, total)
                if what not in tasks:
                    tasks[what] = bars.add_task(plain(what), total=total or None)
                bars.update(tasks[what], completed=done, total=total or None)

            yield show


def uses_color(color: Color, stream: Any) -> bool:
    """Tell whether to colour what goes to a stream: on a terminal, unless NO_COLOR or TERM=dumb say otherwise."""
    if color is not Color.AUTO:
        return color is Color.ALWAYS
    return bool(stream.isatty()) and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
