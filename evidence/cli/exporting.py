"""The commands of bibliographies: `export`, and `keys` for the names of works in them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evidence.cli.codes import CLEAN, FINDINGS, INCOMPLETE
from evidence.cli.context import SHOWN, Context, Paths
from evidence.cli.messages import report
from evidence.errors import EvidenceError
from evidence.terminal import plain

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from evidence.export.run import Content, ExportResult
    from evidence.export.splitting import SplitResult


class ExportFormat(StrEnum):
    """The formats of bibliographies."""

    BIBTEX = "bibtex"
    BIBLATEX = "biblatex"
    CSL_JSON = "csl-json"
    RIS = "ris"


def export(
    context: Context,
    format_: Annotated[ExportFormat, typer.Argument(metavar="FORMAT", help="bibtex, biblatex, csl-json or ris.")],
    paths: Paths = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write it here; - for standard output, as with paths."),
    ] = None,
    for_page: Annotated[
        list[str] | None,
        typer.Option(
            "--for-page",
            metavar="PAGE",
            help="Only what this page cites, named by its path or its end; to standard output without -o. Repeatable.",
        ),
    ] = None,
    split_by_page: Annotated[
        list[Path] | None,
        typer.Option("--split-by-page", metavar="DIR", help="Write one file for each page into DIR."),
    ] = None,
    cited_only: Annotated[
        bool, typer.Option("--cited-only", help="Only works that a claim's mark leads to, no lists of links.")
    ] = False,
    with_status: Annotated[
        bool, typer.Option("--with-status", help="Say in keywords what the last audit found of the claims on a work.")
    ] = False,
    abstract: Annotated[
        bool, typer.Option("--abstract", help="Write abstracts, where a registry has sent one.")
    ] = False,
    exclude_retracted: Annotated[
        bool, typer.Option("--exclude-retracted", help="Leave retracted works out; they are marked otherwise.")
    ] = False,
) -> int:
    """Write a bibliography of what the pages cite. Works without metadata are left out and named.

    Example: evidence export bibtex
    """
    from evidence.export.run import Content

    if for_page and (paths or split_by_page):
        raise EvidenceError("--for-page names the only pages", "leave out the paths and --split-by-page")
    if split_by_page and len(split_by_page) > 1:
        raise EvidenceError("--split-by-page names one folder", "run it once for each folder")
    if split_by_page and output is not None:
        raise EvidenceError("--split-by-page names the folder to write to", "leave out -o")
    with context.opened() as engine:
        if for_page:
            pages: list[str] | None = list(dict.fromkeys(named_page(context, engine, name) for name in for_page))
        else:
            pages = stored_pages(context, engine, paths)
        content = Content(
            pages,
            is_cited_only=cited_only,
            has_retracted=not exclude_retracted,
            has_abstracts=abstract,
            has_status=with_status,
        )
        if split_by_page:
            return export_pages(context, engine, format_, content, split_by_page[0])
        # What is of some pages never takes the place of the bibliography of all.
        if output is None and pages is not None:
            output = "-"
        return export_whole(context, engine, format_, content, output)


def export_whole(context: Context, engine: Engine, format_: ExportFormat, content: Content, output: str | None) -> int:
    """Write one bibliography; return the exit code."""
    from evidence.export.run import export as run

    result = run(engine, context.loaded.settings, context.loaded.folder, format_.value, content, output=output)
    if result.text is not None:
        with closing(result.text) as pieces:
            sys.stdout.writelines(pieces)
    where = f" in {result.path}" if result.path else ""
    context.say(
        *map(plain, (f"{_count(result.entries, 'work')}{where}", *export_lines(result, shown=shown_by(context))))
    )
    return code_of(result)


def export_pages(context: Context, engine: Engine, format_: ExportFormat, content: Content, folder: Path) -> int:
    """Write a bibliography for each page; return the exit code."""
    from evidence.export.splitting import split_by_page as run

    loaded = context.loaded
    result = run(engine, loaded.settings, loaded.folder, format_.value, content, output=folder)
    context.say(*map(plain, (*split_lines(result), *export_lines(result, shown=shown_by(context)))))
    for error in result.kept:
        report(error)
    return INCOMPLETE if result.kept else code_of(result)


def stored_pages(context: Context, engine: Engine, paths: list[Path] | None) -> list[str] | None:
    """Return the pages that paths name, without those that could not be read and so cite nothing that is known."""
    from evidence.store.database import reading
    from evidence.store.queries import list_page_versions

    found = context.stored_paths(engine, paths)
    if found is None:
        return None
    with reading(engine) as session:
        known = list_page_versions(session)
    return [path for path in found if path in known] or found


def named_page(context: Context, engine: Engine, name: str) -> str:
    """Return the path of a page as the database has it: seen from the working folder, or named by the end of it."""
    from evidence.naming import get_named_page
    from evidence.store.database import reading

    with reading(engine) as session:
        return get_named_page(session, name, context.seen_from_here(name)).path


def shown_by(context: Context) -> int | None:
    """Return how many lines of each kind a summary has: with --verbose all."""
    return None if context.verbose else SHOWN


def code_of(result: ExportResult | SplitResult) -> int:
    """Return the exit code: 3 where works are missing, 1 where parts of records had to be left out."""
    if result.unresolved or result.damage.left_out:
        return INCOMPLETE
    return FINDINGS if result.damage.problems else CLEAN


def split_lines(result: SplitResult) -> Iterator[str]:
    """Yield what became of the files of pages."""
    pages = result.written + result.unchanged
    yield f"{_count(pages, 'page')} in {result.path}: {result.written} written, {result.unchanged} unchanged"
    if result.removed:
        yield f"removed, since the page is gone or cites nothing now: {_count(len(result.removed), 'file')}"


def export_lines(result: ExportResult | SplitResult, *, shown: int | None) -> Iterator[str]:
    """Yield what an export had to leave out, and what to look at."""
    if result.excluded:
        yield f"left out, as asked: {_count(result.excluded, 'retracted work')}"
    if result.unmarked:
        yield f"left out, as asked: {_count(result.unmarked, 'work')} that no claim's mark leads to"
    if result.unresolved:
        yield f"left out, since no registry has described them: {_count(len(result.unresolved), 'cited identifier')}"
        yield from _some(
            [f"  {one.reference.scheme}:{one.reference.value}: {one.reason}" for one in result.unresolved], shown
        )
    # Of books and others that have more than a row it is told before the rest.
    if problems := sorted(result.damage.problems, key=lambda one: one.key.lower()):
        left = len(result.damage.left_out)
        lost = f"; for it {_count(left, 'work')} left out" if left else ""
        yield f"damaged records: {_count(len(problems), 'field')}{lost}"
        yield from _some([f"  {one}" for one in problems], shown)
        yield "  hint: `evidence refresh --force` asks the registries for them again"
    yield from _some([f"warning: {one}" for one in result.warnings], shown)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _some(lines: Sequence[str], shown: int | None) -> Iterator[str]:
    yield from lines[:shown]
    if shown is not None and len(lines) > shown:
        yield f"  and {len(lines) - shown} more (all of them with --verbose)"


def rename_key(
    context: Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="A key of the work.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The key from now on.")],
) -> int:
    """Give a work another key in bibliographies. The old one stays an alias of it.

    Example: evidence keys rename smith2020effects Smith2020
    """
    from evidence.export.run import rename_key as run

    with context.opened() as engine:
        run(engine, context.loaded.settings, context.loaded.folder, old, new)
    # BibTeX takes two keys for one that differ only in case: none of them can be an alias of the other.
    alias = "" if old.lower() == new.lower() else f", {plain(old)} its alias"
    context.say(f"{plain(new)} is the key now{alias}; write the bibliography again with `evidence export`")
    return CLEAN
