"""The files of an HTML report, written whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from evidence.audit.html.addresses import base_of
from evidence.audit.html.facts import Facts, gather
from evidence.audit.html.index import index_pieces
from evidence.audit.html.layout import JSON_FILE, SectionFile
from evidence.audit.html.parts import findings_pieces, flags_pieces, section_pieces, works_pieces
from evidence.audit.judged import AuditReport
from evidence.audit.judgement import JudgedClaim
from evidence.audit.reports import json_chunks
from evidence.audit.trend import AuditRun
from evidence.errors import ExportError
from evidence.files import write_whole

# Lists the files of a folder that a report may replace; a folder without it is somebody's own.
_LIST = "files.json"


def to_html(report: AuditReport, *, trend: Sequence[AuditRun] = (), base: str | None = None) -> str:
    """Return the audit as one page. The same store gives the same bytes. Of a large vault it holds the worst claims.

    Args:
        report: the audit.
        trend: what earlier audits counted, the oldest first.
        base: the folder that the paths of pages start from, relative to where the page will lie.
    """
    return "".join(index_pieces(gather(report, None, trend), base))


def write_html(report: AuditReport, output: Path, *, root: Path | None = None, trend: Sequence[AuditRun] = ()) -> None:
    """Write the audit as one file or, of a large vault, as an index and a folder of the same name beside it.

    The folder is written beside its place and moved there, then the index: whoever stops it leaves the old report or
    the new one.

    Args:
        report: the audit.
        output: the index, such as "report.html"; the folder is then "report".
        root: the folder that paths of pages start from; without it pages are named and not linked.
        trend: what earlier audits counted, the oldest first.

    Raises:
        ExportError: a file cannot be written, or the folder holds files that no report wrote.
    """
    output = output.absolute()
    base = base_of(root.absolute(), output.parent) if root is not None else None
    folder = output.with_suffix("")
    facts = gather(report, output.name, trend)
    if facts.layout.folder is None:
        write_whole(output, index_pieces(facts, base))
        if _is_ours(folder):
            shutil.rmtree(folder)
        return
    if folder == output:
        raise ExportError(f"{output}: a report of a large vault is an index and a folder", "name the index with .html")
    if folder.exists() and not _is_ours(folder):
        raise ExportError(f"{folder}: holds files that no report wrote", "choose another file with -o")
    inner = base_of(root.absolute(), folder) if root is not None else None
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=output.parent, prefix=f".{folder.name}.", suffix=".part"))
        beside.chmod(folder.stat().st_mode & 0o777 if folder.exists() else output.parent.stat().st_mode & 0o777)
    except OSError as error:
        raise ExportError(f"{folder}: cannot be written: {error.strerror}", "choose another file with -o") from error
    try:
        names = _write_folder(facts, beside, inner)
        write_whole(beside / _LIST, [json.dumps([*names, _LIST], indent=0)])
        _swap(beside, folder)
    except OSError as error:
        raise ExportError(f"{folder}: cannot be written: {error.strerror}", "free some space") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    write_whole(output, index_pieces(facts, base))


def _write_folder(facts: Facts, folder: Path, base: str | None) -> list[str]:
    layout = facts.layout
    names = []
    for file, claims in _claims_by_file(facts):
        write_whole(folder / file.name, section_pieces(facts, file, claims, base))
        names.append(file.name)
    for works in layout.works:
        write_whole(folder / works.name, works_pieces(facts, works, base))
        names.append(works.name)
    for findings in layout.findings:
        write_whole(folder / findings.name, findings_pieces(facts, findings, base))
        names.append(findings.name)
    for flags in layout.flags:
        write_whole(folder / flags.name, flags_pieces(facts, flags, base))
        names.append(flags.name)
    write_whole(folder / JSON_FILE, json_chunks(facts.report))
    return sorted([*names, JSON_FILE])


def _claims_by_file(facts: Facts) -> Iterator[tuple[SectionFile, dict[str, JudgedClaim]]]:
    """Yield each file of a section as soon as its last claim has come by: no more is held than is open."""
    layout = facts.layout
    files = {file.name: file for file in layout.sections}
    missing = {file.name: sum(len(claims) for _, claims in file.pages) for file in layout.sections}
    held: dict[str, dict[str, JudgedClaim]] = {}
    yield from ((files[name], {}) for name, number in missing.items() if not number)
    for one in facts.report.claims:
        name = layout.file_of.get(one.claim.id)
        if name is None:
            continue
        claims = held.setdefault(name, {})
        claims[one.claim.id] = one
        if len(claims) == missing[name]:
            yield files[name], held.pop(name)


def _swap(new: Path, folder: Path) -> None:
    """Put a folder in the place of an older one."""
    if not folder.exists():
        new.rename(folder)
        return
    old = new.with_suffix(".old")
    folder.rename(old)
    try:
        new.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    """Tell whether a folder holds what a report wrote, and nothing else."""
    if folder.is_symlink():
        return False
    try:
        listed = set(json.loads((folder / _LIST).read_text("utf-8")))
        return all(one.is_file() and one.name in listed for one in folder.iterdir())
    except (OSError, ValueError, TypeError):
        return False
