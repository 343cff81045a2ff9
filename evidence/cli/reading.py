"""The commands that read pages: `extract` and `refresh`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from evidence.cli.codes import CLEAN, FINDINGS, INCOMPLETE
from evidence.cli.context import AsJson, Context, Paths
from evidence.cli.messages import report
from evidence.errors import PageError
from evidence.terminal import plain


def extract(
    context: Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Pages or folders; - for standard input.")],
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes.")] = 1,
) -> int:
    """Print what pages hold, one JSON object a page. No database, no network.

    Example: evidence extract notes/ > pages.jsonl
    """
    from evidence.extract.encoding import to_json
    from evidence.standalone import extract_all

    failed = 0
    settings = context.loaded.settings
    for record in extract_all(paths, settings.vault, jobs=jobs, stdin=sys.stdin.buffer):
        if isinstance(record, PageError):
            report(record)
            failed += 1
        else:
            print(to_json(record))
    return FINDINGS if failed else CLEAN


def refresh(
    context: Context,
    paths: Paths = None,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no registry.")] = False,
    max_age: Annotated[
        int | None,
        typer.Option("--max-age", min=0, max=36_500, metavar="DAYS", help="Ask again for metadata that is older."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Read and ask for everything again.")] = False,
    prune: Annotated[bool, typer.Option("--prune", help="Remove works that no page cites any more.")] = False,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes; default one a core.")] = None,
    as_json: AsJson = False,
) -> int:
    """Read changed pages, resolve what is new or stale, say what changed.

    Example: evidence refresh
    """
    from evidence.refresh import refresh as run
    from evidence.summaries import refresh_lines, refresh_to_dict

    if not offline and context.loaded.settings.registries.mailto is None:
        context.say(
            "warning: no mailto is set, so Crossref answers slowly", "  hint: export CROSSREF_MAILTO=you@example.org"
        )
    with context.progress() as progress:
        summary = run(
            context.loaded, paths or (), offline=offline, max_age_days=max_age, force=force, prune=prune, jobs=jobs,
            progress=progress,
        )  # fmt: skip
    for error in (*summary.unreadable, *summary.warned):
        report(error)
    if as_json:
        print(json.dumps(refresh_to_dict(summary), ensure_ascii=False, indent=2))
    else:
        context.say(*map(plain, refresh_lines(summary, verbose=context.verbose)))
    if not summary.resolution.is_complete:
        if not offline:
            context.say(
                "  hint: the pages are kept; check the network and the addresses that `evidence config` shows, then",
                "        run `evidence refresh` again: only what failed is asked again",
            )
        return INCOMPLETE
    return FINDINGS if summary.unreadable or summary.warned else CLEAN
