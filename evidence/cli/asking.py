"""The commands that ask about evidence: `show`, `what-if` and `diff`; and `tag`, which brings pages in line with it."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from evidence.cli.codes import CLEAN, FINDINGS, INCOMPLETE
from evidence.cli.context import AsJson, Context, Paths
from evidence.errors import EvidenceError
from evidence.terminal import plain


def show(
    context: Context,
    what: Annotated[
        str, typer.Argument(metavar="ID|PAGE|CLAIM", help="An identifier, a page, or a claim: id, page:LINE, words.")
    ],
    as_json: AsJson = False,
) -> int:
    """Print one work, page or claim with everything that hangs on it, and what the audit says of it.

    Example: evidence show notes/runx2.md:12
    """
    from evidence.audit.run import audit as run
    from evidence.show import render
    from evidence.show import show as look_up
    from evidence.store.database import reading

    here = context.seen_from_here(what)
    with context.opened() as engine, reading(engine) as session:
        shown = look_up(session, what, lambda paths: run(engine, context.loaded.settings, paths=paths), here=here)
    context.answer(shown, lambda: render(shown), as_json=as_json)
    return CLEAN


def what_if(
    context: Context,
    works: Annotated[list[str], typer.Argument(metavar="ID...", help="DOI, PMID, PMCID, citekey or id of a work.")],
    top: Annotated[int, typer.Option("--top", min=0, help="How many of each kind the text shows; 0 for all.")] = 20,
    as_json: AsJson = False,
) -> int:
    """Say which claims fall if a work is retracted, the worst first. Changes nothing.

    Example: evidence what-if 10.1038/nature10600
    """
    from evidence.audit.whatif import ask_what_if, what_if_lines, what_if_to_dict
    from evidence.store.database import reading

    with context.opened() as engine, reading(engine) as session:
        found = ask_what_if(session, works, context.loaded.settings)
    context.answer(what_if_to_dict(found), lambda: what_if_lines(found, top=top), as_json=as_json)
    return CLEAN


def diff(
    context: Context,
    runs: Annotated[
        list[str] | None,
        typer.Argument(metavar="[RUN [RUN]]", help="Audits, by number or day; default: the last change."),
    ] = None,
    top: Annotated[int, typer.Option("--top", min=0, help="How many of each kind the text shows; 0 for all.")] = 20,
    is_trend: Annotated[bool, typer.Option("--trend", help="Print the figures of all audits instead.")] = False,
    as_json: AsJson = False,
) -> int:
    """Say what moved between two audits: statuses, new notices, claims come and gone.

    Example: evidence diff 2026-11-01
    """
    from evidence.audit.moves import find_moves, moves_lines, moves_to_dict
    from evidence.audit.trend import list_points, trend_lines, trend_to_dict
    from evidence.store.database import reading

    if len(runs or ()) > 2 or (runs and is_trend):  # noqa: PLR2004 - two are compared
        raise EvidenceError("too many runs are named", "name two at most, and none with --trend")
    with context.opened() as engine, reading(engine) as session:
        if is_trend:
            audits = list_points(session)
            if not audits:
                raise EvidenceError("there is no audit of all pages yet", "run `evidence audit`")
            document, lines = trend_to_dict(audits), trend_lines(audits)
        else:
            moves = find_moves(session, runs or ())
            document, lines = moves_to_dict(moves), moves_lines(moves, top=top)
    context.answer(document, lambda: lines, as_json=as_json)
    return CLEAN


def tag(
    context: Context,
    paths: Paths = None,
    is_writing: Annotated[bool, typer.Option("--write", help="Change the pages.")] = False,
    is_removing: Annotated[
        bool, typer.Option("--remove", help="Take the tag from claims that are replicated.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Bring the gap tags in the pages in line with the audit. Without --write it only shows the changes.

    Example: evidence tag notes/bone.md
    """
    from evidence.extract.tagwriting import Action
    from evidence.tagging import tag_lines, tag_pages, tag_to_dict

    with context.opened() as engine, context.progress() as progress:
        chosen = context.stored_paths(engine, paths)
        summary = tag_pages(
            engine, context.loaded, chosen, write=is_writing, remove=is_removing, progress=progress
        )  # fmt: skip
    if as_json:
        print(json.dumps(tag_to_dict(summary), ensure_ascii=False, indent=2))
    else:
        # A file gets the diff as it is, so that `patch` can apply it.
        shown = plain if sys.stdout.isatty() else str
        for page in summary.changed:
            for line in page.diff:
                print(shown(line))
        context.say(*map(plain, tag_lines(summary, is_written=is_writing)))
    if summary.unsure:
        return INCOMPLETE
    is_left = any(page.why_not for page in summary.pages) or any(summary.count(one, is_done=False) for one in Action)
    return FINDINGS if is_left or (summary.changed and not is_writing) else CLEAN
