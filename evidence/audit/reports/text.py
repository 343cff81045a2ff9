"""An audit for a terminal: what to act on first, and how much there is of the rest.

Retracted support, the works that most claims hang on, claims on one study that no tag owns up to, identifiers that name
another paper than their note, citations that name none: each as a short list, worst first, with its whole number.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console, RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

from evidence import __version__
from evidence.audit import CODES
from evidence.audit.findings import Finding
from evidence.audit.judged import AuditReport
from evidence.audit.judgement import JudgedClaim
from evidence.audit.ranking import is_untagged, load_of
from evidence.audit.reports.json import SCHEMA, count_cited, say_counts
from evidence.audit.reports.presentation import Presentation
from evidence.audit.reports.ranking import (
    ClaimRanking,
    FindingRanking,
    rank_sources,
)
from evidence.audit.run import RULES
from evidence.audit.strength import NEEDS_REPLICATION, STRENGTHS
from evidence.markup import bare_title
from evidence.terminal import plain
from evidence.vocabulary import Severity, Status

_TOP = 5
_INDENT = 4
# How many findings in the same words are looked for to tell them as one.
_AT_MOST_AT_ONE = 20
# Of a claim as much as fits into two lines of an ordinary terminal.
_LONGEST = 150
_TONES = {
    Status.RETRACTED: "bold red",
    Status.UNRESOLVED: "red",
    Status.CONTRADICTED: "red",
    Status.SINGLE_STUDY: "yellow",
    Status.SINGLE_GROUP: "yellow",
    Status.REPLICATED: "green",
    Status.REPLICATED_IN_HUMAN: "green",
}
_SEVERITY_TONES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_UNCITED = frozenset({Status.NOT_A_CLAIM, Status.UNCITED})
# Told as findings, in lists of their own.
_TOLD = frozenset({Status.RETRACTED, Status.UNRESOLVED})
_RETRACTED, _UNRESOLVED = frozenset({"EV001"}), frozenset({"EV002"})
_IDENTITY = frozenset({"EV004", "EV008", "EV009"})
# In the log of a CI job a line that begins so is a command to its runner, and a long word may be cut anywhere.
_COMMAND = re.compile(r":(?=:)|##(?=\[)")


def text_chunks(report: AuditReport, presentation: Presentation) -> Iterator[str]:
    """Yield the report for a terminal, a piece for each claim, finding and table."""
    screen = _Screen(presentation)
    counts = report.counts
    told = _Told(report, screen.top)
    pieces = chain(
        _head(report, counts),
        _of_findings(told.of[_RETRACTED], "Retracted support", screen),
        _sources(report, screen),
        _claims(report, counts, screen),
        _of_findings(told.of[_IDENTITY], "Identifiers that name no work, or another one than the note", screen),
        _of_findings(told.of[_UNRESOLVED], "Citations that lead to no work", screen),
        _acknowledged(told.acknowledged, screen),
        _all_findings(told.counts),
        _end(report, screen),
    )
    for piece in pieces:
        yield screen.render(piece)


class _Screen:
    """Turns what is to be shown into lines of a width, with colour or without."""

    def __init__(self, presentation: Presentation) -> None:
        self.top = _TOP if presentation.top is None else presentation.top
        self.statuses = presentation.statuses
        self.width = presentation.width
        self._color = presentation.color
        self._file = io.StringIO()
        self._console = Console(
            file=self._file,
            width=presentation.width,
            color_system="standard" if presentation.color else None,
            force_terminal=presentation.color,
            no_color=not presentation.color,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )

    def render(self, piece: RenderableType) -> str:
        """Return the lines of a piece; what is text already is taken as it is."""
        if isinstance(piece, str):
            return piece
        self._console.print(piece, soft_wrap=False)
        text = self._file.getvalue()
        self._file.seek(0)
        self._file.truncate()
        # Tables are filled up with spaces, which a diff and a mail show.
        return "".join(f"{line.rstrip()}\n" for line in text.splitlines())

    def lines(self, text: str, style: str = "", bullet: str = "") -> str:
        """Return text in lines below the place that it is about.

        Rich would do this too, and take ten times as long: with all claims of a vault that is half a minute.
        """
        width = max(self.width - _INDENT - len(bullet), 1)
        if cell_len(text) <= width:
            found = [text]
        elif text.isascii():
            found = textwrap.wrap(text, width, break_on_hyphens=False)
        else:
            found = [line.plain.rstrip() for line in Text(text).wrap(self._console, width)]
        begins = [" " * _INDENT + bullet, *[" " * (_INDENT + len(bullet))] * (len(found) - 1)]
        return "".join(f"{begin}{self._styled(line, style)}\n" for begin, line in zip(begins, found, strict=True))

    def place(self, path: str, line: int, said: str = "", style: str = "") -> str:
        """Return the line that says where something is and what it is."""
        place = harmless(f"{path}:{line}")
        if cell_len(place) + 2 + len(said) <= self.width:
            return f"{self._styled(place, 'bold')}  {self._styled(said, style)}\n"
        return self.render(Text.assemble((place, "bold"), "  ", (said, style)))

    def _styled(self, text: str, style: str) -> str:
        if not style or not self._color:
            return text
        return Style.parse(style).render(text, color_system=ColorSystem.STANDARD)

    def heading(self, title: str, number: int, shown: int) -> Text:
        """Return the heading of a list, with how many of it are shown where that is not all."""
        said = f"{shown} of {number}" if shown < number else str(number)
        return Text.assemble("\n", (title, "bold"), f" ({said})")


def harmless(text: str) -> str:
    """Return text on one line that moves no cursor and commands no CI runner.

    >>> harmless("a\\n::set-output name=x::1")
    'a : :set-output name=x: :1'
    """
    return _COMMAND.sub(lambda found: f"{found[0]} ", " ".join(plain(text).split()))


def _quoted(text: str) -> str:
    said = harmless(text)
    return said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1].rstrip()}…"


def _head(report: AuditReport, counts: Mapping[Status, int]) -> Iterator[RenderableType]:
    _, cited = count_cited(counts)
    yield Text(say_counts(report.pages, counts), "bold")
    table = _table()
    table.add_column("status")
    table.add_column("claims", justify="right")
    table.add_column("of cited", justify="right")
    for status in Status:
        if counts[status]:
            share = "" if status in _UNCITED or not cited else f"{100 * counts[status] / cited:.1f} %"
            table.add_row(Text(status.value, _TONES.get(status, "")), str(counts[status]), share)
    if table.row_count:
        yield table
    if report.is_incomplete:
        said = f"incomplete: {report.why_incomplete}"
        if report.lacks_lookups:
            said += "; claims flagged unverified say at most what they say"
        yield Text(f"\n{said}", "bold yellow")


class _Told:
    """The findings by what the report tells of them, sorted out in one pass: a large vault has a million."""

    def __init__(self, report: AuditReport, top: int) -> None:
        self.counts: Counter[tuple[str, Severity]] = Counter()
        self.of = {codes: FindingRanking(_AT_MOST_AT_ONE * top) for codes in (_RETRACTED, _IDENTITY, _UNRESOLVED)}
        self.acknowledged = FindingRanking(top)
        for one in report.findings:
            if one.acknowledged is not None:
                self.acknowledged.add(one)
                continue
            self.counts[one.code, one.severity] += 1
            for codes, ranking in self.of.items():
                if one.code in codes:
                    ranking.add(one)


def _of_findings(found: FindingRanking, title: str, screen: _Screen) -> Iterator[RenderableType]:
    ranked, counts = found.ranked(), found.counts
    if not ranked:
        return
    places: dict[tuple[str, str, str], list[Finding]] = {}
    for one in ranked:
        places.setdefault((one.code, one.path, one.message), []).append(one)
    shown = [*places.values()][: screen.top or None]
    number = counts.total()
    kinds = ", ".join(f"{severity.value} {counts[severity]}" for severity in Severity if counts[severity])
    told = sum(map(len, shown))
    yield Text.assemble("\n", (title, "bold"), f" ({kinds}{f'; {told} shown' if told < number else ''})")
    for same in shown:
        yield from _finding(same, screen)


def _finding(same: list[Finding], screen: _Screen) -> Iterator[str]:
    """Yield what is found at one place, or word for word at several of one page."""
    one, *others = same
    yield screen.place(one.path, one.line, f"{one.code} {one.severity.value}", _SEVERITY_TONES[one.severity])
    yield screen.lines(harmless(one.message))
    if lines := sorted({other.line for other in others} - {one.line}):
        yield screen.lines(f"also in line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))}")
    yield screen.lines(f"to do: {harmless(one.fix)}", "dim")


def _sources(report: AuditReport, screen: _Screen) -> Iterator[RenderableType]:
    holding = sum(1 for one in report.sources.values() if len(one.held_alone) > 1)
    if not holding:
        return
    ranked = rank_sources(report, top=min(screen.top, holding) or holding)
    yield screen.heading("Sources that hold up more than one claim alone", holding, len(ranked))
    table = _table()
    table.expand = True
    table.add_column("claims", justify="right", no_wrap=True, min_width=6)
    table.add_column("pages", justify="right", no_wrap=True, min_width=5)
    table.add_column("source", overflow="fold", max_width=50)
    table.add_column("title", no_wrap=True, overflow="ellipsis", ratio=1, min_width=15)
    for one in ranked:
        name = harmless(one.work.name)
        source = name if one.status == "resolved" else f"{name} ({one.status})"
        title = harmless(bare_title(one.work.title or "title not known"))
        table.add_row(str(len(one.held_alone)), str(len(one.pages)), source, title)
    yield table


def _claims(report: AuditReport, counts: Mapping[Status, int], screen: _Screen) -> Iterator[RenderableType]:
    """Yield the claims to act on first; where all or certain ones were asked for, these."""
    lists = [
        (title, belongs, ClaimRanking(report, top=screen.top, once_a_work=screen.top > 0))
        for title, belongs in _lists(counts, screen)
    ]
    for one in report.claims:
        for _, belongs, ranking in lists:
            if belongs(one):
                ranking.add(one)
    for title, _, ranking in lists:
        ranked = ranking.ranked()
        if ranked:
            yield screen.heading(title, ranking.number, len(ranked))
        for one in ranked:
            yield from _claim(one, report, screen)
    if flags := report.flag_counts:
        said = ", ".join(f"{flag.value} {number}" for flag, number in flags.items())
        yield Text.assemble("\n", ("Flags, of all claims", "bold"), f" ({said})")


def _lists(counts: Mapping[Status, int], screen: _Screen) -> Iterator[tuple[str, Callable[[JudgedClaim], bool]]]:
    """Yield the lists of claims that are shown: the title of each, and what belongs to it."""
    present = {status for status, number in counts.items() if number}
    if screen.top and not screen.statuses and present & (NEEDS_REPLICATION | {Status.CONTRADICTED}):
        yield "Claims on one study or group that no tag owns up to", is_untagged
        yield "Contradicted claims", lambda one: one.verdict.status is Status.CONTRADICTED
        return
    wanted = screen.statuses or present - _UNCITED or present - {Status.NOT_A_CLAIM}
    if not screen.statuses and screen.top:
        wanted = wanted - _TOLD or wanted
    yield "Claims, worst first", lambda one: one.verdict.status in wanted


def _claim(one: JudgedClaim, report: AuditReport, screen: _Screen) -> Iterator[str]:
    claim, verdict = one.claim, one.verdict
    load = load_of(one, report)
    facts = [
        verdict.level.value if verdict.level else None,
        f"strength {STRENGTHS[verdict.strength]}" if verdict.strength is not None else None,
        "untagged" if is_untagged(one) else None,
        f"one of {load} claims that its source holds up alone" if load > 1 else None,
        f"[{claim.id}]",
    ]
    yield screen.place(claim.path, claim.line, verdict.status.value, _TONES.get(verdict.status, ""))
    yield screen.lines(", ".join(fact for fact in facts if fact))
    yield screen.lines(_quoted(claim.text), "italic")
    for reason in verdict.reasons:
        yield screen.lines(harmless(reason), bullet="- ")
    if verdict.flags:
        yield screen.lines(f"flags: {', '.join(verdict.flags)}", bullet="- ")


def _acknowledged(found: FindingRanking, screen: _Screen) -> Iterator[RenderableType]:
    number, ranked = found.counts.total(), found.ranked()
    if not number:
        return
    yield screen.heading("Acknowledged, not counted as findings", number, len(ranked))
    for one in ranked:
        yield screen.place(one.path, one.line, one.code)
        yield screen.lines(harmless(f"{one.acknowledged} ({one.message})"))


def _all_findings(counts: Counter[tuple[str, Severity]]) -> Iterator[RenderableType]:
    totals = {severity: sum(counts[code, severity] for code in CODES) for severity in Severity}
    said = ", ".join(f"{severity.value} {number}" for severity, number in totals.items())
    yield Text.assemble("\n", ("Findings", "bold"), f" ({said})")
    if not counts:
        return
    table = _table()
    table.add_column("code", no_wrap=True)
    for severity in Severity:
        table.add_column(severity.value, justify="right", no_wrap=True)
    table.add_column("meaning")
    for code in sorted({code for code, _ in counts}):
        numbers = (str(counts[code, severity] or "") for severity in Severity)
        table.add_row(code, *numbers, CODES.get(code, ""))
    yield table


def _end(report: AuditReport, screen: _Screen) -> Iterator[RenderableType]:
    yield Text("\nLimits", "bold")
    for limit in report.limits:
        yield screen.lines(limit, bullet="- ")
    yield Text("\nall of each list: evidence audit --top 0; everything: evidence audit --format json", "dim")
    yield Text(f"evidence {__version__}, rules {RULES}, schema {SCHEMA}", "dim")


def _table() -> Table:
    return Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
