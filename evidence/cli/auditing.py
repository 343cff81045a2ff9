"""The command `audit`: which claims, in which form, against which baseline."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from evidence.cli.codes import CLEAN, FINDINGS, INCOMPLETE
from evidence.cli.context import AsJson, Color, Context, Paths, uses_color
from evidence.terminal import plain
from evidence.vocabulary import FailOn, Level, Status

if TYPE_CHECKING:
    from evidence.audit.baseline import Known
    from evidence.audit.judged import AuditReport


class AuditFormat(StrEnum):
    """The forms of an audit report."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    CSV_FINDINGS = "csv-findings"
    HTML = "html"
    MARKDOWN = "markdown"
    SARIF = "sarif"
    GITHUB = "github"


def audit(
    context: Context,
    paths: Paths = None,
    format_: Annotated[AuditFormat, typer.Option("--format", help="Form of the report.")] = AuditFormat.TEXT,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it here.")] = None,
    status: Annotated[list[Status] | None, typer.Option("--status", help="Show only claims of this status.")] = None,
    level: Annotated[list[Level] | None, typer.Option("--level", help="Show only claims of this level.")] = None,
    drift: Annotated[
        bool, typer.Option("--drift", help="Show only where the pages' own marks and facts differ.")
    ] = False,
    older_than: Annotated[
        str | None, typer.Option("--older-than", metavar="YEARS|DATE", help="Show only claims with no newer work.")
    ] = None,
    checked_before: Annotated[
        str | None, typer.Option("--checked-before", metavar="DATE", help="Show only pages last checked before.")
    ] = None,
    page: Annotated[list[str] | None, typer.Option("--page", metavar="GLOB", help="Show only these pages.")] = None,
    top: Annotated[
        int | None,
        typer.Option("--top", min=0, metavar="N", help="Show only so many claims, the urgent first; 0 for all."),
    ] = None,
    fail_on: Annotated[FailOn | None, typer.Option("--fail-on", help="Exit 1 from this severity on.")] = None,
    belief: Annotated[
        bool, typer.Option("--belief", help="Add a number to rank claims by; uncalibrated, no probability.")
    ] = False,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="FILE", help="Show only findings that are not in it.")
    ] = None,
    write_baseline: Annotated[
        Path | None, typer.Option("--write-baseline", metavar="FILE", help="Write what is found now.")
    ] = None,
    acknowledge: Annotated[
        bool, typer.Option("--acknowledge", help="Print, for each finding, the lines that accept it.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Report how strong the evidence behind each claim is. Reads the database only.

    Example: evidence audit --status single-study
    """
    from evidence.audit.run import audit as run
    from evidence.audit.slicing import Choice, check_patterns, read_age, slice_report

    today = dt.datetime.now(dt.UTC).date()
    # What is read as a list shows some of all; what is read by a program is cut.
    is_list = not as_json and format_ in {AuditFormat.TEXT, AuditFormat.MARKDOWN}
    choice = Choice(
        frozenset(status or ()), frozenset(level or ()), drift, older_than and read_age(older_than, today),
        checked_before and read_age(checked_before, today), tuple(page or ()), 0 if is_list else top or 0,
    )  # fmt: skip
    known = _read_baseline(context, baseline, write_baseline)
    with context.opened() as engine, context.progress() as progress:
        pages = context.stored_paths(engine, paths)
        if page:
            check_patterns(page, context.stored_paths(engine, paths or [context.loaded.folder]) or ())
        found = run(engine, context.loaded.settings, paths=pages, progress=progress, belief=belief)
    found = slice_report(_compare(context, found, pages, known, write_baseline), choice)
    worst = next(found.worst(fail_on or context.loaded.settings.audit.fail_on), None)
    code = INCOMPLETE if found.is_incomplete else CLEAN if worst is None else FINDINGS
    if acknowledge:
        _put(context, _acknowledging(found), output)
    elif format_ is AuditFormat.HTML and not as_json:
        _put_html(context, found, output)
    else:
        form = "json" if as_json else format_.value
        _put(context, _pieces(context, found, form, output, _Shown(top, code, known)), output)
    return code


class _Shown(NamedTuple):
    """How much a report shows, and what it says of the run."""

    top: int | None
    code: int
    known: Mapping[str, Known] | None


def _read_baseline(context: Context, path: Path | None, target: Path | None) -> Mapping[str, Known] | None:
    """Return the findings of a baseline; that of the settings holds where none is named, and none is written anew."""
    from evidence.audit.baseline import read_baseline

    name = context.loaded.settings.audit.baseline
    if path is None and name and target is None:
        path = context.loaded.folder / name
    return None if path is None else read_baseline(path)


def _compare(
    context: Context,
    found: AuditReport,
    pages: Sequence[str] | None,
    known: Mapping[str, Known] | None,
    target: Path | None,
) -> AuditReport:
    """Return a report without the findings of a baseline; what is found now may become one."""
    from evidence.audit.baseline import compare, read_baseline, write_baseline
    from evidence.audit.slicing import without_known

    if target is not None:
        context.say(f"wrote {write_baseline(target, found.findings)} findings to {target}")
        known = known or read_baseline(target)
    if known is None:
        return found
    compared = compare(found.findings, known, pages)
    context.say(compared.line())
    return without_known(found, compared)


def _acknowledging(found: AuditReport) -> Iterator[str]:
    from evidence.audit.acknowledging import acknowledging_lines

    return (plain(line) + "\n" for line in acknowledging_lines(found.findings))


def _pieces(context: Context, found: AuditReport, form: str, output: Path | None, shown: _Shown) -> Iterable[str]:
    from evidence.audit.formats import FORMATS
    from evidence.audit.reports.presentation import WIDTH, Presentation, prefix_of

    is_screen = output is None
    presentation = Presentation(
        top=shown.top,
        width=shutil.get_terminal_size((WIDTH, 0)).columns if is_screen else WIDTH,
        color=uses_color(context.color, sys.stdout) if is_screen else context.color is Color.ALWAYS,
        prefix=prefix_of(context.loaded.folder),
        exit_code=shown.code,
        known=None if shown.known is None else frozenset(shown.known),
    )
    return FORMATS[form](found, presentation)


def _put(context: Context, pieces: Iterable[str], output: Path | None) -> None:
    from evidence.files import write_whole

    if output is None:
        sys.stdout.writelines(pieces)
        return
    write_whole(output, pieces)
    context.say(plain(f"wrote {output}"))


def _put_html(context: Context, found: AuditReport, output: Path | None) -> None:
    from evidence.audit.html import to_html, write_html
    from evidence.audit.trend import read_trend

    with context.opened() as engine:
        trend = read_trend(engine)
    if output is None:
        sys.stdout.write(to_html(found, trend=trend))
        return
    write_html(found, output, root=context.loaded.folder, trend=trend)
    context.say(plain(f"wrote {output}"))
