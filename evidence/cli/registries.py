"""The commands beside the live registries: `replay` of recorded answers, and `mirror` for their bulk files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evidence.cli.codes import CLEAN, FINDINGS
from evidence.cli.context import Context
from evidence.terminal import plain

if TYPE_CHECKING:
    from evidence.mirror.mirror import Mirror


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
