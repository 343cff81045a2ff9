"""Arguments in, exit code out. The only part that prints.

To add a command, write a function that takes a `Context` and returns an exit code, and give it a line in `COMMANDS`.
"""

from __future__ import annotations

import inspect
import os
import signal
import sys
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

import typer

from evidence import __version__
from evidence.cli import asking, auditing, exporting, importing, reading, registries, starting
from evidence.cli.codes import CLEAN, FAULT, USAGE
from evidence.cli.commands import add, interruption, shared_parameters
from evidence.cli.messages import report, report_fault
from evidence.errors import EvidenceError
from evidence.memory import collect_rarely

COMMANDS: dict[str, Callable[..., int]] = {
    "init": starting.init,
    "extract": reading.extract,
    "refresh": reading.refresh,
    "audit": auditing.audit,
    "export": exporting.export,
    "import": importing.import_library,
    "demo": starting.demo,
    "show": asking.show,
    "what-if": asking.what_if,
    "diff": asking.diff,
    "tag": asking.tag,
    "config": starting.config,
    "replay": registries.replay,
}


class Group(NamedTuple):
    """Commands below one word, such as `evidence db`."""

    help: str
    commands: dict[str, Callable[..., int]]


GROUPS = {
    "db": Group(
        "Upgrade or check the database, or print its schema.",
        {"upgrade": starting.upgrade, "check": starting.check, "schema": starting.schema},
    ),
    "mirror": Group(
        "Index bulk files of the registries, or say what they hold.",
        {"index": registries.index, "status": registries.status},
    ),
    "keys": Group("Change the keys of works in bibliographies.", {"rename": exporting.rename_key}),
}

app = typer.Typer(
    name="evidence",
    help="Which papers your pages rest on, whether they still stand, and how strong the evidence behind each claim is.",
    epilog="Try `evidence demo`; or go into your vault, run `evidence init` and then `evidence refresh`.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _name, _function in COMMANDS.items():
    add(app, _name, _function)
for _name, _group in GROUPS.items():
    _typer = typer.Typer(help=_group.help, no_args_is_help=True)
    app.add_typer(_typer, name=_name)
    for _command, _function in _group.commands.items():
        add(_typer, _command, _function)


def _begin(parent: typer.Context, version: bool, **shared: Any) -> None:
    if version:
        print(f"evidence {__version__}")
        raise typer.Exit(CLEAN)
    parent.obj = shared


_begin.__signature__ = inspect.Signature([  # type: ignore[attr-defined]
    inspect.Parameter("parent", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context),
    inspect.Parameter(
        "version", inspect.Parameter.KEYWORD_ONLY, default=False,
        annotation=Annotated[bool, typer.Option("--version", help="Print the version.")],
    ),
    *shared_parameters(),
])  # fmt: skip
_begin.__annotations__ = {name: one.annotation for name, one in inspect.signature(_begin).parameters.items()}
app.callback(invoke_without_command=True)(_begin)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    # A stream that the shell closed: nothing is written there, and no file that is opened takes its place.
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - for as long as the process lives
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, interruption)
    collect_rarely()
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
