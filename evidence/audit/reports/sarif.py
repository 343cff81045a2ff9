"""An audit as SARIF 2.1.0, within the limits of GitHub's code scanning.

Paths are relative to the root of the repository (`%SRCROOT%`), percent-encoded; columns count code points. The results
come worst first, so that those of the 25,000 that GitHub takes and of the 5,000 that it shows are the ones that matter;
what is left out is told as a notification. A finding that was acknowledged is a suppressed result.

The finding's own fingerprint is given as `primaryLocationLineHash`, the one that GitHub goes by: the hash of the line,
which its upload would put there, is the same for all claims of a paragraph on one line, and changes with any of them.

Source:
    OASIS, SARIF 2.1.0 with errata 01; GitHub's manual, "SARIF support for code scanning".
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from evidence import __version__
from evidence.audit import CODES
from evidence.audit.findings import Finding
from evidence.audit.judged import AuditReport
from evidence.audit.reports.json import head_of, to_line
from evidence.audit.reports.presentation import Presentation, place_of
from evidence.audit.reports.ranking import rank_of_finding, worst
from evidence.terminal import plain, shorten
from evidence.vocabulary import Severity

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_MOST_RESULTS = 25_000
# GitHub takes 10 MB, packed; what comes after the results is small.
_MOST_PACKED_BYTES = 9_500_000
_LONGEST = 1000
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
# What a finding of a code is at its worst, where that is no warning.
_ERRORS = frozenset({"EV001", "EV002", "EV004", "EV008", "EV101"})
_NOTES = frozenset({"EV005", "EV006", "EV007", "EV014", "EV015", "EV016", "EV017", "EV018", "EV023", "EV202"})
_RULES = tuple(CODES)


def sarif_chunks(report: AuditReport, presentation: Presentation) -> Iterator[str]:
    """Yield the findings of an audit as a SARIF log, a line for each."""
    driver = {
        "name": "evidence",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(code) for code in _RULES],
    }
    head = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
        "properties": head_of(report),
    }
    packed = _Packed()
    yield packed.add(f'{{"$schema": {json.dumps(_SCHEMA)}, "version": "2.1.0", "runs": [{{\n')
    for key, value in head.items():
        yield packed.add(f'"{key}": {to_line(value)},\n')
    yield '"results": ['
    written = 0
    occurrences: Counter[str] = Counter()
    known = presentation.known
    for finding in worst(report.findings, lambda one: _rank(one, known), _MOST_RESULTS):
        occurrences[finding.fingerprint] += 1
        result = _result(finding, presentation, occurrences[finding.fingerprint])
        line = packed.add(f"{',' if written else ''}\n{to_line(result)}")
        if packed.size > _MOST_PACKED_BYTES:
            break
        written += 1
        yield line
    left_out = len(report.findings) - written
    yield f'\n],\n"invocations": [{to_line(_invocation(report, presentation, left_out))}]\n}}]}}\n'


class _Packed:
    """How large a text is when it is packed, known as it grows."""

    def __init__(self) -> None:
        self.size = 0
        self._packer = zlib.compressobj()

    def add(self, text: str) -> str:
        self.size += len(self._packer.compress(text.encode()))
        return text


def uri_of(path: str, prefix: str = "") -> str:
    """Return a path as a relative URI; a byte that is no UTF-8 is kept as that byte.

    >>> uri_of("notes/a b#1.md", "vault/")
    'vault/notes/a%20b%231.md'
    """
    place = place_of(path, prefix)
    try:
        return quote(place.encode("utf-8", "surrogateescape"), safe="/")
    except UnicodeEncodeError:
        return quote(place.encode("utf-8", "replace"), safe="/")


def message_of(text: str) -> str:
    """Return text as a message of SARIF, in which [a](b) would be a link and {0} a place for an argument.

    >>> message_of("[x](http://a) {0}")
    '[x] (http://a) {{0}}'
    """
    said = shorten(plain(text), _LONGEST)
    return said.replace("](", "] (").replace("{", "{{").replace("}", "}}")


def _rule(code: str) -> dict[str, Any]:
    level = "error" if code in _ERRORS else "note" if code in _NOTES else "warning"
    said = CODES[code]
    return {
        "id": code,
        "shortDescription": {"text": said},
        "fullDescription": {"text": f"{said[0].upper()}{said[1:]}."},
        "help": {"text": f"{said}. What to do stands in each result; `evidence show` tells all of a claim."},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": ["evidence"], "precision": "high", "problem.severity": _problem(level)},
    }


def _problem(level: str) -> str:
    return "recommendation" if level == "note" else level


def _rank(one: Finding, known: frozenset[str] | None) -> tuple[Any, ...]:
    """New findings come before those of the baseline, and what was acknowledged comes last."""
    return one.acknowledged is not None, one.fingerprint in (known or ()), *rank_of_finding(one)


def _result(one: Finding, presentation: Presentation, occurrence: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": one.code,
        "ruleIndex": _RULES.index(one.code),
        "level": _LEVELS[one.severity],
        "message": {"text": f"{message_of(one.message)}. To do: {message_of(one.fix)}."},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri_of(one.path, presentation.prefix), "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": max(one.line, 1), "startColumn": max(one.column, 1)},
                }
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": f"{one.fingerprint}:{occurrence}"},
    }
    if presentation.known is not None:
        result["baselineState"] = "unchanged" if one.fingerprint in presentation.known else "new"
    if one.acknowledged is not None:
        said = shorten(plain(one.acknowledged), _LONGEST)
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": said}]
    if one.claim is not None:
        result["properties"] = {"claim": one.claim}
    return result


def _invocation(report: AuditReport, presentation: Presentation, left_out: int) -> dict[str, Any]:
    said = []
    if report.is_incomplete:
        said.append(f"{report.why_incomplete}, so the result may be wrong")
    if left_out:
        said.append(f"{left_out} findings are left out, since code scanning takes no more")
    return {
        "executionSuccessful": not report.is_incomplete,
        "exitCode": presentation.exit_code,
        "toolExecutionNotifications": [{"level": "warning", "message": {"text": one}} for one in said],
    }
