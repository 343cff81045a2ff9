"""The whole job on the bundled vault: refresh, audit, export, against the bundled answers served on loopback."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from evidence.audit.formats import FORMATS
from evidence.audit.html import write_html
from evidence.audit.judged import AuditReport
from evidence.audit.reports.presentation import Presentation
from evidence.audit.run import audit
from evidence.audit.trend import read_trend
from evidence.config import load_settings
from evidence.demo import REGISTRY, VAULT
from evidence.errors import ExportError
from evidence.export.run import ExportResult, export
from evidence.files import write_whole
from evidence.refresh import RefreshSummary, refresh
from evidence.replay.server import serving
from evidence.store import models
from evidence.store.database import open_database, reading

_CONFIG = """\
# Settings of the example. `evidence demo` serves the bundled answers while it runs, and overrides the addresses below.
# To run the commands one by one, serve them in another terminal: evidence replay --limits none

[vault]
paths = ["vault"]

[registries]
mailto = "demo@example.org"

[registries.crossref]
base_url = "http://127.0.0.1:8765"
list_requests_per_s = 1000.0
single_requests_per_s = 1000.0

[registries.entrez]
base_url = "http://127.0.0.1:8765/entrez/eutils"
requests_per_s = 1000.0
"""


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demo did, and where its results lie."""

    folder: Path
    refreshed: RefreshSummary
    report: AuditReport
    bibliography: ExportResult
    files: dict[str, Path]
    # Works by where their answers are from: "recorded" from a registry, or "transcribed" from public pages.
    answers: dict[str, int]


def run_demo(folder: Path, progress: Callable[[str, int, int], None] | None = None) -> DemoResult:
    """Run refresh, audit and export in a folder. A vault that is there already, edited or not, is kept.

    Args:
        folder: where the vault, the database and the results go.
        progress: called with a step's name, how much is done and how much there is.

    Raises:
        ExportError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "vault").exists():
            shutil.copytree(VAULT, folder / "vault")
        config = folder / "config.toml"
        if not config.exists():
            write_whole(config, [_CONFIG])
    except OSError as error:
        raise ExportError(f"{folder}: cannot be written: {error.strerror}", "choose another folder") from error
    with serving([REGISTRY]) as server:
        addresses = {
            "crossref": {"base_url": server.crossref_url},
            "entrez": {"base_url": server.entrez_url},
        }
        loaded = load_settings(config, {"registries": addresses})
        refreshed = refresh(loaded, progress=progress)
    engine = open_database(loaded.settings.database.url, folder=loaded.folder)
    try:
        report = audit(engine, loaded.settings, progress=progress)
        exports = folder / loaded.settings.export.folder
        files = {
            "audit, text": exports / "audit.txt",
            "audit, JSON": exports / "audit.json",
            "audit, HTML": exports / "audit.html",
            "bibliography": exports / "references.bib",
            "database": folder / "db" / "evidence.sqlite3",
        }
        for name in ("text", "JSON"):
            write_whole(files[f"audit, {name}"], FORMATS[name.lower()](report, Presentation(top=0)))
        write_html(report, files["audit, HTML"], root=folder, trend=read_trend(engine))
        bibliography = export(engine, loaded.settings, loaded.folder, "bibtex", output=files["bibliography"].resolve())
        answers = _count_answers(engine)
    finally:
        engine.dispose()
    return DemoResult(folder, refreshed, report, bibliography, files, answers)


def _count_answers(engine: sa.Engine) -> dict[str, int]:
    """Return how many works were described by recorded answers alone, and how many by any transcribed one."""
    with reading(engine) as session:
        sources = [one for one in session.scalars(sa.select(models.Work.field_sources)) if one]
    transcribed = sum("origin" in one for one in sources)
    return {"recorded": len(sources) - transcribed, "transcribed": transcribed}
