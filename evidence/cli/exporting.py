"""The commands of bibliographies: `export`, and `keys` for the names of works in them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from evidence.cli.codes import CLEAN, INCOMPLETE
from evidence.cli.context import SHOWN, Context, Paths
from evidence.terminal import plain

if TYPE_CHECKING:
    from evidence.export.run import ExportResult


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
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write it here; - for standard output.")
    ] = None,
    exclude_retracted: Annotated[
        bool, typer.Option("--exclude-retracted", help="Leave retracted works out; they are marked otherwise.")
    ] = False,
) -> int:
    """Write a bibliography of what the pages cite. Works without metadata are left out and named.

    Example: evidence export bibtex
    """
    from evidence.export.run import export as run

    with context.opened() as engine:
        pages = context.stored_paths(engine, paths)
        folder, settings = context.loaded.folder, context.loaded.settings
        result = run(
            engine, settings, folder, format_.value, pages=pages, output=output, has_retracted=not exclude_retracted
        )
        for piece in result.text or ():
            sys.stdout.write(piece)
    context.say(*map(plain, export_lines(result)))
    return INCOMPLETE if result.unresolved else CLEAN


def export_lines(result: ExportResult) -> Iterator[str]:
    """Yield what an export did, and what it had to leave out."""
    where = f" in {result.path}" if result.path else ""
    yield f"{result.entries} works{where}"
    if result.excluded:
        yield f"{result.excluded} retracted works are left out, as asked"
    if result.unresolved:
        yield f"{len(result.unresolved)} cited identifiers are left out, since no registry has described them:"
        for one in result.unresolved[:SHOWN]:
            yield f"  {one.reference.scheme}:{one.reference.value}: {one.reason}"
        if len(result.unresolved) > SHOWN:
            yield f"  and {len(result.unresolved) - SHOWN} more"
    for warning in result.warnings[:SHOWN]:
        yield f"warning: {warning}"
    if len(result.warnings) > SHOWN:
        yield f"and {len(result.warnings) - SHOWN} more warnings"


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
    context.say(
        f"{plain(new)} is the key now, {plain(old)} its alias; write the bibliography again with `evidence export`"
    )
    return CLEAN
