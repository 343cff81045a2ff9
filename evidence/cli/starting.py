"""The commands before there is anything to read: `init`, `demo`, `config`, and `db` for the database itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evidence.cli.codes import CLEAN
from evidence.cli.context import AsJson, Context
from evidence.cli.messages import report
from evidence.terminal import plain
from evidence.vocabulary import Status

if TYPE_CHECKING:
    from evidence.demo.run import DemoResult

# The password in an address: what `evidence config` prints is pasted into reports.
_PASSWORD = re.compile(r"(://[^:/@\s\"]*:)[^@\s\"]+@")


def init(context: Context, folder: Annotated[Path, typer.Argument(help="Where.")] = Path()) -> int:
    """Write config.toml and create the database.

    Example: evidence init my-vault
    """
    from evidence.workspace import init_workspace

    result = init_workspace(folder)
    for line in result.lines():
        print(line)
    context.say(f"Next: cd {folder} && evidence refresh" if str(folder) != "." else "Next: evidence refresh")
    return CLEAN


def demo(
    context: Context,
    folder: Annotated[Path, typer.Argument(help="Where the example goes.")] = Path("evidence-demo"),
) -> int:
    """Run the whole job on a bundled vault against bundled registry answers, offline and in seconds.

    Example: evidence demo
    """
    from evidence.demo.run import run_demo
    from evidence.summaries import refresh_lines

    with context.progress() as progress:
        result = run_demo(folder, progress)
    for error in result.refreshed.unreadable:
        report(error)
    context.say(*map(plain, refresh_lines(result.refreshed)))
    for line in demo_lines(result):
        print(plain(line))
    return CLEAN


def demo_lines(result: DemoResult) -> Iterator[str]:
    """Yield what the demo found and where its results lie."""
    from evidence.audit.reports.json import say_counts

    counts = result.report.counts
    yield f"{say_counts(result.report.pages, counts)}:"
    for status in Status:
        if counts[status] and status not in {Status.NOT_A_CLAIM, Status.UNCITED}:
            yield f"  {status.value:<20} {counts[status]:>5}"
    left_out = len(result.bibliography.unresolved)
    yield f"bibliography of {result.bibliography.entries} works; {left_out} cited identifiers are left out"
    answers = result.answers
    yield "bundled answers: {transcribed} works transcribed from public pages, {recorded} recorded".format(**answers)
    yield "The results:"
    for name, path in result.files.items():
        yield f"  {name:<14} {path}"
    yield f"Change a page in {result.folder / 'vault'} and run the demo again: only that page is read."


def config(context: Context, as_json: AsJson = False) -> int:
    """Print each setting, its value and where it is from.

    Example: evidence config
    """
    from evidence.config import known_keys, value_of

    loaded = context.loaded
    rows = [(key, value_of(loaded.settings, key), loaded.origins[key], text) for key, text in known_keys().items()]
    if as_json:
        document = {key: {"value": value, "from": origin} for key, value, origin, _ in rows}
        print(_PASSWORD.sub(r"\1***@", json.dumps(document, default=str, indent=2)))
        return CLEAN
    width = max(len(key) for key, *_ in rows)
    for key, value, origin, text in rows:
        shown = _PASSWORD.sub(r"\1***@", json.dumps(value, default=str, ensure_ascii=False))
        print(plain(f"{key:<{width}}  {shown}  # {text} [{origin}]"))
    keyed = "set" if loaded.settings.ncbi_api_key else "not set"
    print(f"{'NCBI_API_KEY':<{width}}  {keyed}  # from the environment only")
    return CLEAN


def upgrade(context: Context) -> int:
    """Bring the database's tables up to date.

    Example: evidence db upgrade
    """
    from evidence.store.database import place_of

    with context.opened() as engine:
        print(plain(f"{place_of(engine.url)} is up to date"))
    return CLEAN


def check(context: Context) -> int:
    """Say what the database holds.

    Example: evidence db check
    """
    from evidence.store.database import place_of, reading
    from evidence.store.queries import count_store

    with context.opened() as engine, reading(engine) as session:
        counts = count_store(session)
        print(plain(place_of(engine.url)))
    for name in ("pages", "claims", "notes", "identifiers", "works"):
        print(f"{name:<12}{getattr(counts, name):>9}")
    return CLEAN


def schema(context: Context) -> int:
    """Print the schema of the database, as SQLite has it.

    Example: evidence db schema > db/schema.sql
    """
    from evidence.store.database import schema_sql

    del context
    print(schema_sql(), end="")
    return CLEAN
