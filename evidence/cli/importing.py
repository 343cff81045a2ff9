"""The command `import`: libraries of reference managers."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evidence.cli.codes import CLEAN, FINDINGS
from evidence.cli.context import SHOWN, AsJson, Context
from evidence.errors import LibraryError
from evidence.terminal import plain

if TYPE_CHECKING:
    from evidence.library.run import EntryReport, ImportResult

# How many entries with faults a summary names; `--list-failed` names all.
_SHOWN_ENTRIES = 20


class LibraryFormat(StrEnum):
    """The formats of libraries."""

    BIBTEX = "bibtex"
    CSL_JSON = "csl-json"
    RIS = "ris"


def import_library(
    context: Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A .bib, .json or .ris file; - for standard input.")
    ] = None,
    format_: Annotated[
        LibraryFormat | None, typer.Option("--format", metavar="FORMAT", help="bibtex, csl-json or ris; by its ending.")
    ] = None,
    is_renaming: Annotated[
        bool, typer.Option("--rename", help="Take the library's key where a work has another; that stays an alias.")
    ] = False,
    is_listing: Annotated[
        bool, typer.Option("--list-failed", help="List what imports could not use, of all libraries.")
    ] = False,
    is_forgetting: Annotated[
        bool, typer.Option("--forget", help="Remove what FILE said; keys stay with their works.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Take citekeys, and what no registry says of works, from a library of Zotero, JabRef or EndNote.

    Example: evidence import references.bib
    """
    from evidence.library import run

    if is_listing:
        with context.opened() as engine:
            reports, unidentified = run.list_failed(engine)
        document = {"entries": _reports(reports), "without_identifier": _reports(unidentified)}
        context.answer(document, lambda: _all_lines((*reports, *unidentified)), as_json=as_json)
        return FINDINGS if reports else CLEAN
    if file is None:
        raise LibraryError("no file is named", "evidence import references.bib; or --list-failed")
    folder, settings = context.loaded.folder, context.loaded.settings
    if is_forgetting:
        with context.opened() as engine:
            count = run.forget_library(engine, run.stored_path(file, folder) if str(file) != "-" else "-")
        context.say(plain(f"{count} entries of {file} are removed; keys stay with their works"))
        return CLEAN
    found = run.read_library_file(file, folder, format_.value if format_ else None, sys.stdin.buffer.read)
    with context.opened() as engine, context.progress() as progress:
        result = run.import_library(
            engine, settings, folder, found, is_renaming=is_renaming, progress=lambda done: progress("entries", done, 0)
        )
    if as_json:
        context.answer(_to_dict(result), lambda: (), as_json=True)
    else:
        context.complain(*_fault_lines(result))
        context.say(*map(plain, import_lines(result)))
    return FINDINGS if result.reports else CLEAN


def import_lines(result: ImportResult) -> Iterator[str]:
    """Yield what an import did, in words."""
    keys, reports = result.settled, result.reports
    yield f"{_entries(result.entries)} of {result.path}, read as {result.format}"
    if not result.is_changed and not (keys.keys_taken or keys.aliases):
        yield "  nothing has changed since its last import"
    yield f"works: registries know {keys.described}, and the library says more of {keys.filled} of them;"
    yield f"       pages cite {result.cited}, {result.new} of them known to the library alone"
    yield f"keys: {keys.keys_taken} taken, {keys.keys_same} as they were; aliases added: {keys.aliases}"
    yield from _listed("got the library's key; the old one is an alias", ", was", keys.keys_renamed, result.path)
    kept = "had a key already and kept it; the library's is an alias, and --rename takes it"
    yield from _listed(kept, ", stays", keys.keys_kept, result.path)
    cased = "has that key in other upper and lower case, which can be no alias; --rename takes this one"
    yield from _listed(cased, ", stays", keys.keys_cased, result.path)
    if result.failed:
        yield f"{_entries(result.failed)} failed, and not used"
    if len(reports) > result.failed:
        yield f"{_entries(len(reports) - result.failed)} used, but with faults"
    if result.unidentified:
        lines = ", ".join(str(one.line) for one in result.unidentified[:SHOWN])
        more = ", ..." if len(result.unidentified) > SHOWN else ""
        count = _entries(len(result.unidentified))
        their = "its key" if len(result.unidentified) == 1 else "their keys"
        yield f"{count} without DOI, PMID or PMCID, kept for {their}: line {lines}{more}"
    if reports or result.unidentified:
        yield "  each of them: evidence import --list-failed"


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _listed(what: str, joint: str, keys: Sequence[tuple[int, str, str]], path: str) -> Iterator[str]:
    if keys:
        yield f"{len(keys)} {'work' if len(keys) == 1 else 'works'} {what}:"
        for line, key, other in keys[:SHOWN]:
            yield f"  {path}:{line}: {key}{joint} {other}"
        if len(keys) > SHOWN:
            yield f"  and {len(keys) - SHOWN} more"


def _fault_lines(result: ImportResult) -> Iterator[str]:
    """Yield a warning for the file, and a line for each fault, the failed entries first."""
    for warning in result.warnings:
        yield f"warning: {result.path}: {warning}"
    ordered = sorted(result.reports, key=lambda one: not one.is_failed)
    for report in ordered[:_SHOWN_ENTRIES]:
        yield from report.lines()
    if len(ordered) > _SHOWN_ENTRIES:
        yield f"and {len(ordered) - _SHOWN_ENTRIES} more entries with faults"


def _all_lines(reports: Sequence[EntryReport]) -> Iterator[str]:
    for report in reports:
        yield from report.lines()


def _to_dict(result: ImportResult) -> dict[str, Any]:
    keys = result.settled
    return {
        "path": result.path,
        "format": result.format,
        "changed": result.is_changed,
        "entries": result.entries,
        "failed": result.failed,
        "works": {"known": keys.described, "filled": keys.filled, "cited": result.cited, "new": result.new},
        "keys": {
            "taken": keys.keys_taken,
            "same": keys.keys_same,
            "aliases": keys.aliases,
            "cased": [{"line": line, "library": key, "work": other} for line, key, other in keys.keys_cased],
            "kept": [{"line": line, "library": key, "work": other} for line, key, other in keys.keys_kept],
            "renamed": [{"line": line, "key": key, "former": other} for line, key, other in keys.keys_renamed],
        },
        "warnings": result.warnings,
        "problems": _reports(result.reports),
        "without_identifier": _reports(result.unidentified),
    }


def _reports(reports: Sequence[EntryReport]) -> list[dict[str, Any]]:
    return [
        {
            "path": one.path,
            "line": one.line,
            "key": one.key,
            "failed": one.is_failed,
            "problems": [
                {"field": problem.field, "message": problem.message, "line": problem.line or one.line}
                for problem in one.problems
            ],
            "text": one.raw,
        }
        for one in reports
    ]
