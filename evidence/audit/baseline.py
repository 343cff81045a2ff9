"""A file of findings that are known already, so that a run fails on new ones only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from evidence.audit.findings import Finding
from evidence.errors import EvidenceError
from evidence.files import write_whole

_VERSION = 1


class Known(NamedTuple):
    """One finding of a baseline; code, path and message are for people, the fingerprint decides."""

    fingerprint: str
    code: str
    path: str
    message: str


class Comparison(NamedTuple):
    """The findings that a baseline does not have, how many it has, and those of its own that are no more."""

    new: list[Finding]
    known: int
    mended: list[Known]

    def line(self) -> str:
        """Return it in words.

        >>> Comparison([], 4, [Known("f", "EV003", "a.md", "one study")]).line()
        'baseline: 0 new findings are shown, 4 known ones are not; 1 of the baseline is mended'
        """
        many = len(self.mended)
        count = sum(one.acknowledged is None for one in self.new)
        return (
            f"baseline: {count} new findings are shown, {self.known} known ones are not; "
            f"{many} of the baseline {'is' if many == 1 else 'are'} mended"
        )


def write_baseline(path: Path, findings: Iterable[Finding]) -> int:
    """Write the findings that nobody acknowledged, and return how many. The same findings give the same bytes.

    Raises:
        ExportError: the file cannot be written.
    """
    rows = sorted(
        {Known(one.fingerprint, one.code, one.path, one.message) for one in findings if one.acknowledged is None},
        key=lambda one: (one.path, one.code, one.fingerprint),
    )
    lines = ",".join("\n" + json.dumps(one._asdict(), ensure_ascii=False) for one in rows)
    text = f'{{"version": {_VERSION}, "findings": [{lines}\n]}}\n'
    write_whole(path, [text])
    return len(rows)


def read_baseline(path: Path) -> dict[str, Known]:
    """Return the findings of a baseline by fingerprint.

    Raises:
        EvidenceError: the file is missing, or is no baseline.
    """
    hint = f"write it with `evidence audit --write-baseline {path}`"
    try:
        document = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise EvidenceError(f"{path}: the baseline cannot be read: {error.strerror}", hint) from error
    except (ValueError, RecursionError) as error:
        raise EvidenceError(f"{path}: is no baseline: it is not JSON", hint) from error
    if isinstance(document, dict) and document.get("version") != _VERSION and "findings" in document:
        raise EvidenceError(f"{path}: is a baseline of another version", hint)
    rows = document.get("findings") if isinstance(document, dict) else None
    if not isinstance(rows, list) or not all(map(_is_known, rows)):
        raise EvidenceError(f"{path}: is no baseline: it has no list of findings with fingerprints", hint)
    found = (Known(*(str(row.get(key, "")) for key in Known._fields)) for row in rows)
    return {one.fingerprint: one for one in found}


def compare(findings: Sequence[Finding], known: Mapping[str, Known], paths: Sequence[str] | None = None) -> Comparison:
    """Return which findings are new, and which of the baseline are mended.

    Args:
        findings: of the audit.
        known: the baseline.
        paths: the pages that were audited; nothing is known of the others. None for all.
    """
    present = {one.fingerprint for one in findings}
    new = [one for one in findings if one.fingerprint not in known]
    audited = None if paths is None else set(paths)
    mended = [one for name, one in known.items() if name not in present and (audited is None or one.path in audited)]
    return Comparison(new, sum(one.fingerprint in known for one in findings), mended)


def _is_known(row: object) -> bool:
    return isinstance(row, dict) and isinstance(row.get("fingerprint"), str) and bool(row["fingerprint"])
