"""Findings that their author accepts, with a reason: in a comment of the page, or by fingerprint in the settings.

An acknowledgement names the facts of its finding, and lapses when these change. What lapsed, what fits nothing and what
lacks its facts or its reason is a finding itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from evidence.audit import CODES
from evidence.audit.findings import Anchor, Finding, Found, Place, Result, make_found
from evidence.audit.load import PageClaims
from evidence.records import Acknowledgement
from evidence.vocabulary import Severity

if TYPE_CHECKING:
    from evidence.config import AcknowledgedFinding

LAPSED, UNUSED, INCOMPLETE = "EV201", "EV202", "EV203"
_ABOUT_THEMSELVES = frozenset({LAPSED, UNUSED, INCOMPLETE})
_SHOWN = 3
_NO_REASON = "why it is acceptable"


def comment_of(finding: Finding, reason: str | None = None) -> str:
    """Return the comment that acknowledges a finding, to be pasted beside its claim or into its note.

    >>> comment_of(Finding("EV003", Severity.INFO, "a.md", 1, 1, None, "", "", "f" * 20, "04e6b5-5c1ebf"))
    '<!-- evidence: ack EV003 04e6b5-5c1ebf "why it is acceptable" -->'
    """
    words = (reason or _NO_REASON).replace("--", "-").replace('"', "'").rstrip("-")
    return f'<!-- evidence: ack {finding.code} {finding.facts} "{words}" -->'


def table_of(finding: Finding, reason: str | None = None) -> str:
    """Return the table of config.toml that acknowledges a finding, for where no comment can stand."""
    words = "".join(char if char.isprintable() and char not in '"\\' else "'" for char in reason or _NO_REASON)
    values = {"fingerprint": finding.fingerprint, "facts": finding.facts, "reason": words}
    return "[[audit.acknowledged]]\n" + "".join(f'{key} = "{value}"\n' for key, value in values.items())


def acknowledging_lines(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield each finding with its place, and below it the comment and the table that would acknowledge it."""
    for one in findings:
        if one.acknowledged is None and one.code not in _ABOUT_THEMSELVES:
            yield f"{one.path}:{one.line}:{one.column}: {one.code} {one.severity.value}: {one.message}"
            yield f"    {comment_of(one)}"
            table = table_of(one).splitlines()
            yield f"    or, in {_settings_file()}: {table[0]}"
            yield from (f"        {line}" for line in table[1:])


class Accepting(NamedTuple):
    """The comments of a page that accept findings, and the ids of its claims, which they name by number."""

    path: str
    acknowledgements: tuple[Acknowledgement, ...]
    claims: tuple[str, ...]


def accepting_of(page: PageClaims) -> Accepting:
    """Return what of a page its findings are held against."""
    claims = tuple(one.id for one in page.claims) if page.acknowledgements else ()
    return Accepting(page.path, tuple(page.acknowledgements), claims)


def acknowledge(found: Sequence[Found], page: Accepting) -> list[Found]:
    """Return the findings of a page, those that it acknowledges with the reason; then what is wrong with the comments.

    Args:
        found: the findings of the page.
        page: its comments.
    """
    if not page.acknowledgements:
        return list(found)
    said = [_Comment(one, page) for one in page.acknowledgements]
    by_facts: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for number, one in enumerate(found):
        by_facts[one.finding.code, one.finding.facts].append(number)
    accepted: dict[int, str] = {}
    unsettled = []
    for comment in said:
        same = by_facts[comment.written.code, comment.written.facts] if comment.written.reason else ()
        fitting = [number for number in same if comment.may_mean(found[number])]
        accepted |= dict.fromkeys(fitting, comment.written.reason or "")
        if not fitting:
            unsettled.append(comment)
    left: dict[str, list[Found]] = defaultdict(list)
    for number, one in enumerate(found):
        if number not in accepted:
            left[one.finding.code].append(one)
    kept = [
        one._replace(finding=replace(one.finding, acknowledged=accepted[number])) if number in accepted else one
        for number, one in enumerate(found)
    ]
    return kept + [comment.complain(left[comment.written.code]) for comment in unsettled]


class _Comment:
    """One comment of a page with what it stands beside."""

    def __init__(self, written: Acknowledgement, page: Accepting) -> None:
        self.written = written
        self.targets = [
            Anchor(note=one) if isinstance(one, tuple) else Anchor(page.claims[one])
            for one in written.targets
            if isinstance(one, tuple) or one < len(page.claims)
        ]
        claim = next((one.claim for one in self.targets if one.claim is not None), None)
        self.place = Place(page.path, written.line, written.column, claim)

    def may_mean(self, one: Found) -> bool:
        """Tell whether a finding is of the code that the comment names, and stands where the comment does."""
        if one.finding.code != self.written.code:
            return False
        return not self.targets or one.of_page or one.anchor == Anchor() or self._distance(one) < len(self.targets)

    def _distance(self, one: Found) -> int:
        """Return how far down among what the comment stands beside a finding is about."""
        near = (
            number
            for number, target in enumerate(self.targets)
            if (target.claim is not None and target.claim == one.anchor.claim)
            or (target.note is not None and target.note == one.anchor.note)
        )
        return next(near, len(self.targets))

    def complain(self, left: Sequence[Found]) -> Found:
        """Return what is wrong with a comment that no finding fits."""
        written = self.written
        meant = [one for one in left if self.may_mean(one)]
        nearest_first = min(map(self._distance, meant), default=0)
        meant = [one for one in meant if self._distance(one) == nearest_first]
        name = f"{written.code} {written.facts or ''}".rstrip()
        about = f"{name} {written.reason or ''}"
        if written.code not in CODES or written.code in _ABOUT_THEMSELVES:
            message = f"acknowledges {written.code or 'nothing'}, which is no finding that can be acknowledged"
            return self._finding(INCOMPLETE, message, "name a code of docs/findings.md", about)
        if not meant:
            message = f"acknowledges {written.code}, and there is no such finding here"
            return self._finding(UNUSED, message, "remove the comment, or move it to the claim", about, Severity.INFO)
        if written.facts is None or written.reason is None:
            lacking = [word for word, value in (("facts", written.facts), ("reason", written.reason)) if value is None]
            lines = " or ".join(comment_of(one.finding, written.reason) for one in meant[:_SHOWN])
            message = f"acknowledges {written.code} without {' and '.join(lacking)}, so it holds for nothing"
            return self._finding(INCOMPLETE, message, f"write {lines}", about)
        nearest = max(meant, key=lambda one: _count_equal(one, written.facts or ""))
        message = f"acknowledged {written.code} with other facts: {what_changed(nearest, written.facts)}"
        return self._finding(
            LAPSED, message, f"look again; if it still holds write {comment_of(nearest.finding, written.reason)}", about
        )

    def _finding(self, code: str, message: str, fix: str, about: str, severity: Severity = Severity.WARNING) -> Found:
        return make_found(code, Result(severity, message, fix, about), self.place)


def what_changed(one: Found, acknowledged: str) -> str:
    """Return which parts of the facts of a finding are others than those that were acknowledged, and what they are now.

    >>> place, facts = Place("a.md", 1), (("status", "single-study"), ("studies", "doi:10.1/a"))
    >>> found = make_found("EV003", Result(Severity.INFO, "one study", "cite another", "", facts), place)
    >>> what_changed(found, f"{found.finding.facts[:6]}-000000")
    'studies changed, now doi:10.1/a'
    """
    parts, now = acknowledged.split("-"), one.finding.facts.split("-")
    if len(parts) != len(now):
        return f"now {one.finding.message}"
    changed = [fact for fact, before, after in zip(one.facts, parts, now, strict=True) if before != after]
    return "; ".join(
        "the words of the claim changed" if name == "words" else f"{name} changed, now {value or 'none'}"
        for name, value in changed
    )


def _count_equal(one: Found, acknowledged: str) -> int:
    return sum(
        before == after for before, after in zip(acknowledged.split("-"), one.finding.facts.split("-"), strict=False)
    )


class Acknowledged:
    """The acknowledgements of the settings, by fingerprint, and which of them have met their finding."""

    def __init__(self, entries: Iterable[AcknowledgedFinding]) -> None:
        self.entries = {one.fingerprint: one for one in entries}
        self.met: set[str] = set()

    def apply(self, found: Sequence[Found]) -> list[Finding]:
        """Return the findings, those that the settings acknowledge with the reason, and which entries have lapsed."""
        if not self.entries:
            return [one.finding for one in found]
        findings = []
        for one in found:
            finding, entry = one.finding, self.entries.get(one.finding.fingerprint)
            if entry is not None:
                self.met.add(entry.fingerprint)
                if entry.facts == finding.facts:
                    finding = replace(finding, acknowledged=finding.acknowledged or entry.reason)
                elif finding.acknowledged is None:
                    findings.append(_lapsed(one, entry))
            findings.append(finding)
        return findings

    def leftover(self) -> list[Finding]:
        """Return the entries that no finding has met."""
        return [
            make_found(
                UNUSED,
                Result(
                    Severity.INFO, f"{name} is acknowledged, and there is no such finding", "remove the entry", name
                ),
                Place(_settings_file(), 1),
            ).finding
            for name in self.entries
            if name not in self.met
        ]


def _lapsed(one: Found, entry: AcknowledgedFinding) -> Finding:
    finding = one.finding
    place = Place(finding.path, finding.line, finding.column, finding.claim)
    file_name, right = _settings_file(), f'facts = "{finding.facts}"'
    if not entry.facts:
        message = f"{file_name} acknowledges {finding.code} without facts, so it holds for nothing"
        result = Result(Severity.WARNING, message, f"write {right}", entry.fingerprint)
        return make_found(INCOMPLETE, result, place).finding
    message = f"{file_name} acknowledged {finding.code} with other facts: {what_changed(one, entry.facts)}"
    result = Result(Severity.WARNING, message, f"look again; if it still holds write {right}", entry.fingerprint)
    return make_found(LAPSED, result, place).finding


def _settings_file() -> str:
    # What reads the settings takes as long to load as all that judges, and another process that judges seldom needs it.
    from evidence.config import FILE_NAME  # noqa: PLC0415

    return FILE_NAME
