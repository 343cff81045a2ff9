"""Arguments in, exit code out. The only module that prints.

Exit codes: 0 clean, 1 findings, 2 usage, settings or anything else that the user can mend, 3 incomplete (look-ups
failed, so the result may be wrong), 70 a fault of ours, 130 interrupted.
"""

from __future__ import annotations

import datetime as dt
import functools
import inspect
import json
import logging
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from evidence import __version__
from evidence.errors import EvidenceError, PageError
from evidence.terminal import plain
from evidence.vocabulary import FailOn, Level, Status

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from evidence.config import LoadedSettings
    from evidence.demo.run import DemoResult
    from evidence.export.run import ExportResult
    from evidence.mirror.mirror import Mirror

CLEAN, FINDINGS, USAGE, INCOMPLETE, FAULT, INTERRUPTED = 0, 1, 2, 3, 70, 130
# What a command gets to end by itself after Ctrl-C: with the rest of the way it is over within a second.
_GRACE_S = 0.6
# How many of a list a summary shows; the rest is counted.
SHOWN = 5
# The password in an address: what `evidence config` prints is pasted into reports.
_PASSWORD = re.compile(r"(://[^:/@\s\"]*:)[^@\s\"]+@")
logger = logging.getLogger(__name__)

app = typer.Typer(
    name="evidence",
    help="Which papers your pages rest on, whether they still stand, and how strong the evidence behind each claim is.",
    epilog="Try `evidence demo`; or go into your vault, run `evidence init` and then `evidence refresh`.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
database_app = typer.Typer(help="Upgrade or check the database, or print its schema.", no_args_is_help=True)
app.add_typer(database_app, name="db")
mirror_app = typer.Typer(help="Index bulk files of the registries, or say what they hold.", no_args_is_help=True)
app.add_typer(mirror_app, name="mirror")
keys_app = typer.Typer(help="Change the keys of works in bibliographies.", no_args_is_help=True)
app.add_typer(keys_app, name="keys")


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
            name = Path(os.path.relpath(Path.cwd() / path, self.loaded.folder)).as_posix()
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


class Interruption:
    """What Ctrl-C does: a command gets a moment to end by itself, and is ended then; a second one ends it at once.

    A thread that reads an answer cannot be woken, and Python waits for its threads before it ends. Ended at any point,
    the store keeps what was committed, so nothing is gained by waiting for them.
    """

    def __init__(self) -> None:
        self._context: Context | None = None
        self._is_asked = False
        self._is_told = threading.Lock()

    @contextmanager
    def watching(self, context: Context) -> Iterator[None]:
        """Have Ctrl-C end this command."""
        self._context = context
        yield
        # Not where the command raises: what it reached is still to be told.
        self._context = None

    def __call__(self, _signal: int, _frame: object) -> None:
        """Answer SIGINT."""
        if self._is_asked or self._context is None:
            os._exit(INTERRUPTED)
        self._is_asked = True
        backstop = threading.Timer(_GRACE_S, self._end)
        backstop.daemon = True
        backstop.start()
        raise KeyboardInterrupt

    def tell(self) -> None:
        """Say, once, how far the command had come."""
        if not self._is_told.acquire(blocking=False):
            return
        if sys.stderr.isatty():
            # The bars hide the cursor, and stand where the next line goes.
            sys.stderr.write("\r\x1b[2K\x1b[?25h")
        print("stopped; what was done is kept", file=sys.stderr)
        if self._context is not None:
            self._context.say(*interrupted_lines(self._context.reached))
        sys.stderr.flush()

    def _end(self) -> None:
        self.tell()
        os._exit(INTERRUPTED)


_interruption = Interruption()

_SHARED = {
    "config": Annotated[Path | None, typer.Option("--config", metavar="FILE", help="Settings file to use.")],
    "database": Annotated[str | None, typer.Option("--database", metavar="URL", help="Database to use.")],
    "quiet": Annotated[bool, typer.Option("--quiet", "-q", help="Hide progress and summary, never errors.")],
    "verbose": Annotated[bool, typer.Option("--verbose", "-v", help="Say what is being done.")],
    "color": Annotated[Color, typer.Option("--color", help="When to colour.")],
}
_SHARED_DEFAULTS = {"config": None, "database": None, "quiet": False, "verbose": False, "color": Color.AUTO}


def command(group: typer.Typer = app, name: str | None = None) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Make a function a command: it gets a `Context` made of the shared options first, and returns its exit code."""

    def register(function: Callable[..., int]) -> Callable[..., int]:
        hints = get_type_hints(function, include_extras=True)
        own = [one.replace(annotation=hints[one.name]) for one in inspect.signature(function).parameters.values()][1:]

        def run(**options: Any) -> None:
            shared = {key: options.pop(key) for key in _SHARED}
            _set_up_logging(verbose=shared["verbose"])
            context = Context(**shared)
            try:
                with _interruption.watching(context):
                    code = function(context, **options)
                    sys.stdout.flush()
            except BrokenPipeError:
                # The reader of our output went away, as `head` does: nothing is wrong.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                code = CLEAN
            except KeyboardInterrupt:
                _interruption.tell()
                code = INTERRUPTED
            raise typer.Exit(code)

        parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own] + [
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=_SHARED_DEFAULTS[key], annotation=kind)
            for key, kind in _SHARED.items()
        ]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        run.__doc__ = function.__doc__
        group.command(name or function.__name__.replace("_", "-"))(run)
        return function

    return register


Paths = Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", help="Pages or folders; default: the vault.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@command()
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


@command()
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


@command()
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
                "  hint: the pages are kept; check the network and [registries] base_url (`evidence config`), then",
                "        run `evidence refresh` again: only what failed is asked again",
            )
        return INCOMPLETE
    return FINDINGS if summary.unreadable or summary.warned else CLEAN


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


@command()
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
    from evidence.audit import baseline as baselines
    from evidence.audit.acknowledging import acknowledging_lines
    from evidence.audit.formats import FORMATS
    from evidence.audit.reports.presentation import WIDTH, Presentation, prefix_of
    from evidence.audit.run import audit as run
    from evidence.audit.slicing import Choice, check_patterns, read_age, slice_report, without_known
    from evidence.files import write_whole

    today = dt.datetime.now(dt.UTC).date()
    # What is read as a list shows some of all; what is read by a program is cut.
    is_list = not as_json and format_ in {AuditFormat.TEXT, AuditFormat.MARKDOWN}
    choice = Choice(
        frozenset(status or ()), frozenset(level or ()), drift, older_than and read_age(older_than, today),
        checked_before and read_age(checked_before, today), tuple(page or ()), 0 if is_list else top or 0,
    )  # fmt: skip
    known = baselines.read_baseline(baseline) if baseline is not None else {}
    with context.opened() as engine, context.progress() as progress:
        pages = context.stored_paths(engine, paths)
        if page:
            check_patterns(page, context.stored_paths(engine, paths or [context.loaded.folder]) or ())
        report_ = run(engine, context.loaded.settings, paths=pages, progress=progress, belief=belief)
    if write_baseline is not None:
        context.say(f"wrote {baselines.write_baseline(write_baseline, report_.findings)} findings to {write_baseline}")
        known = known or baselines.read_baseline(write_baseline)
    if known or baseline is not None:
        compared = baselines.compare(report_.findings, known, pages)
        context.say(compared.line())
        report_ = without_known(report_, compared)
    report_ = slice_report(report_, choice)
    worst = report_.worst(fail_on or context.loaded.settings.audit.fail_on)
    code = INCOMPLETE if report_.is_incomplete else FINDINGS if worst else CLEAN
    if acknowledge:
        pieces: Iterable[str] = (plain(line) + "\n" for line in acknowledging_lines(report_.findings))
    elif format_ is AuditFormat.HTML and not as_json:
        from evidence.audit.html import to_html, write_html
        from evidence.audit.trend import read_trend

        with context.opened() as engine:
            trend = read_trend(engine)
        if output is not None:
            write_html(report_, output, root=context.loaded.folder, trend=trend)
            context.say(plain(f"wrote {output}"))
            return code
        pieces = [to_html(report_, trend=trend)]
    else:
        presentation = Presentation(
            top=top,
            width=shutil.get_terminal_size((WIDTH, 0)).columns if output is None else WIDTH,
            color=uses_color(context.color, sys.stdout) if output is None else context.color is Color.ALWAYS,
            prefix=prefix_of(context.loaded.folder),
            exit_code=code,
            known=frozenset(known) if baseline is not None else None,
        )
        pieces = FORMATS["json" if as_json else format_.value](report_, presentation)
    if output is not None:
        write_whole(output, pieces)
        context.say(plain(f"wrote {output}"))
    else:
        sys.stdout.writelines(pieces)
    return code


class ExportFormat(StrEnum):
    """The formats of bibliographies."""

    BIBTEX = "bibtex"
    BIBLATEX = "biblatex"
    CSL_JSON = "csl-json"
    RIS = "ris"


@command()
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


@command(keys_app, "rename")
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


@command()
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


def interrupted_lines(reached: dict[str, tuple[int, int]]) -> Iterator[str]:
    """Yield how far a stopped refresh had come; other commands begin anew.

    >>> list(interrupted_lines({"pages": (9, 9), "crossref": (100, 250)}))
    ['pages    9 of 9 looked at', 'crossref 100 of 250 look-ups', 'Start it again: it goes on from there.']
    """
    steps = {what: numbers for what, numbers in reached.items() if what != "audit"}
    for what, (done, total) in steps.items():
        yield f"{plain(what):<8} {done} of {total} {'looked at' if what == 'pages' else 'look-ups'}"
    if steps:
        yield "Start it again: it goes on from there."


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


def demo_lines(result: DemoResult) -> Iterator[str]:
    """Yield what the demo found and where its results lie."""
    counts = result.report.counts
    judged = len(result.report.claims) - counts[Status.NOT_A_CLAIM]
    cited = judged - counts[Status.UNCITED]
    yield f"{result.report.pages} pages, {judged} claims, {cited} of them cited:"
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


@command()
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

    with context.opened() as engine, reading(engine) as session:
        shown = look_up(session, what, lambda paths: run(engine, context.loaded.settings, paths=paths))
    if as_json:
        print(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        for line in render(shown):
            print(plain(line))
    return CLEAN


@command()
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
    if as_json:
        print(json.dumps(what_if_to_dict(found), ensure_ascii=False, indent=2))
    else:
        for line in what_if_lines(found, top=top):
            print(plain(line))
    return CLEAN


@command()
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
    if as_json:
        print(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for line in lines:
            print(plain(line))
    return CLEAN


@command()
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


@command()
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


@command()
def replay(
    context: Context,
    data: Annotated[
        list[Path] | None, typer.Option("--data", metavar="DIR", help="Folder of recorded answers.")
    ] = None,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = 8765,
    latency: Annotated[float, typer.Option(min=0.0, metavar="SECONDS", help="Wait before each answer.")] = 0.0,
    limits: Annotated[str, typer.Option(metavar="none|documented", help="Rate limits to keep.")] = "documented",
    faults: Annotated[
        str, typer.Option(metavar="NAME=RATE,...", help="Faults by chance, such as 500=0.05,drop=0.02 or all=0.2.")
    ] = "",
    seed: Annotated[int, typer.Option(help="Another seed, other requests with faults.")] = 0,
    slow: Annotated[float, typer.Option(min=0.0, metavar="SECONDS", help="How long slow answers take.")] = 35.0,
    log: Annotated[Path | None, typer.Option(metavar="FILE", help="Add each request to this file, as JSON.")] = None,
) -> int:
    """Serve recorded registry answers on loopback, in the registries' own wire forms.

    Without --data the bundled answers of the demo are served. Example: evidence replay --port 8765 --limits none
    """
    from evidence.demo import REGISTRY
    from evidence.replay.faults import Faults, parse_rates
    from evidence.replay.server import ReplayServer, serve_forever
    from evidence.replay.summary import summary_lines

    running: list[ReplayServer] = []

    def announce(server: ReplayServer) -> None:
        running.append(server)
        print(f"Crossref    {server.crossref_url}")
        print(f"E-utilities {server.entrez_url}")
        print(f"doi.org     {server.doi_url}")
        context.say("Stop with Ctrl-C. To use it, in the shell of the other commands:")
        context.say(f"  export EVIDENCE_REGISTRIES__CROSSREF__BASE_URL={server.crossref_url}")
        context.say(f"  export EVIDENCE_REGISTRIES__ENTREZ__BASE_URL={server.entrez_url}")
        sys.stdout.flush()

    chosen = Faults(parse_rates(faults), seed, slow_s=slow)
    try:
        serve_forever(
            data or [REGISTRY],
            port=port,
            latency_s=latency,
            limits=limits,
            faults=chosen,
            log=log,
            on_start=announce,
        )
    finally:
        for server in running:
            context.say(*summary_lines(server.counts()))
    return CLEAN


@command(mirror_app)
def index(
    context: Context,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes; default one a core.")] = None,
) -> int:
    """Read the new and changed files of [registries] mirror, so that their records are found.

    `evidence refresh` does the same by itself; a first time can take an hour. Example: evidence mirror index --jobs 4
    """
    with context.progress() as progress:
        done = configured_mirror(context, jobs).update(progress)
    for problem in done.problems:
        context.say(plain(f"warning: {problem}"))
    print(f"{done.read} files read, {done.unchanged} unchanged, {done.gone} gone; {done.records} records read")
    return FINDINGS if done.problems else CLEAN


@command(mirror_app)
def status(context: Context) -> int:
    """Say what the files of [registries] mirror hold, and how old their answers are.

    Example: evidence mirror status
    """
    mirror = configured_mirror(context)
    for one in mirror.status():
        dates = f"{one.oldest} to {one.newest}" if one.oldest != one.newest else f"{one.newest}"
        print(f"{one.source.value:<10}{one.files:>7} files {one.records:>11} records  as of {dates}")
    print(plain(f"index     {mirror.index}"))
    return CLEAN


def configured_mirror(context: Context, jobs: int | None = None) -> Mirror:
    """Return the mirror that the settings name.

    Raises:
        ConfigError: they name none, or a folder that is not there.
    """
    from evidence.errors import ConfigError
    from evidence.mirror.mirror import Mirror

    paths = context.loaded.settings.registries.mirror
    if not paths:
        raise ConfigError("no mirror is set", 'write `mirror = ["/data/pubmed"]` below [registries] in config.toml')
    mirror = Mirror([Path(path) for path in paths], jobs=jobs)
    if mirror.missing:
        raise ConfigError(f"{mirror.missing[0]}: there is no such file or folder", "mend [registries] mirror")
    return mirror


@command(database_app)
def upgrade(context: Context) -> int:
    """Bring the database's tables up to date.

    Example: evidence db upgrade
    """
    from evidence.store.database import place_of

    with context.opened() as engine:
        print(plain(f"{place_of(engine.url)} is up to date"))
    return CLEAN


@command(database_app)
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


@command(database_app)
def schema(context: Context) -> int:
    """Print the schema of the database, as SQLite has it.

    Example: evidence db schema > db/schema.sql
    """
    from evidence.store.database import schema_sql

    del context
    print(schema_sql(), end="")
    return CLEAN


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        print(f"evidence {__version__}")
        raise typer.Exit(CLEAN)


def report(error: EvidenceError) -> None:
    """Print an error in one line, and what to do about it in the next."""
    where = ""
    if isinstance(error, PageError):
        where = f"{error.path}:{error.line}: " if error.line else f"{error.path}: "
    print(plain(f"error: {where}{error.message}"), file=sys.stderr)
    if error.hint:
        print(plain(f"  hint: {error.hint}"), file=sys.stderr)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    signal.signal(signal.SIGINT, _interruption)
    try:
        app()
    except EvidenceError as error:
        report(error)
        code = USAGE
    except Exception as error:  # noqa: BLE001 - the one place that turns a fault of ours into a message
        report_fault(error)
        code = FAULT
    else:
        code = CLEAN
    sys.exit(code)


def report_fault(error: Exception) -> None:
    """Say that the fault is ours, and leave the trace in a file rather than on the screen.

    What other code says of an error may quote a page or a registry, and with it a key: no message is passed on.
    """
    with tempfile.NamedTemporaryFile("w", prefix="evidence-", suffix=".log", delete=False, encoding="utf-8") as log:
        cause: BaseException | None = error
        while cause is not None:
            log.writelines((*traceback.format_tb(cause.__traceback__), f"{type(cause).__name__}\n"))
            cause = cause.__cause__ or cause.__context__
    print(f"fault of ours: {type(error).__name__}", file=sys.stderr)
    print(f"  hint: please report it with the trace in {log.name}", file=sys.stderr)


def _set_up_logging(*, verbose: bool) -> None:
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
        force=True,
    )
    for noisy in ("httpx2", "httpcore2", "alembic", "sqlalchemy"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
