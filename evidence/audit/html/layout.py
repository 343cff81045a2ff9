"""Which file of a report holds what, and how the files link each other."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from pathlib import PurePath
from urllib.parse import quote

from evidence.audit.findings import Finding
from evidence.audit.html.addresses import slug
from evidence.audit.html.statuses import ORDER
from evidence.audit.html.tally import Cell, ClaimPlace, Tally
from evidence.vocabulary import Flag, Level, Severity, Status

Part = Status | Level | Flag
INDEX = ""
JSON_FILE = "audit.json"
# More than this makes a browser slow and a reader tired.
CLAIMS_A_FILE = 500
_LINKS_A_FILE = 1500
_FINDINGS_A_FILE = 500


@dataclass(slots=True)
class SectionFile:
    """One file with claims of a section: pages in order, each with its cited claims, the worst first."""

    name: str
    section: str
    part: int
    pages: list[tuple[str, list[ClaimPlace]]] = field(default_factory=list)
    size: int = 0


@dataclass(slots=True)
class WorksFile:
    """One file with works by design and organism."""

    name: str
    cells: list[tuple[Cell, list[str]]] = field(default_factory=list)


@dataclass(slots=True)
class FindingsFile:
    """One file with findings by code."""

    name: str
    codes: list[tuple[str, list[Finding]]] = field(default_factory=list)


@dataclass(slots=True)
class FlagsFile:
    """One file with pages by flag, each with how many claims of it have the flag."""

    name: str
    flags: list[tuple[Flag, list[tuple[str, int]]]] = field(default_factory=list)


@dataclass(slots=True)
class Layout:
    """The files of a report beside its index; without a folder everything stands in the index."""

    folder: str | None = None
    index: str = ""
    sections: list[SectionFile] = field(default_factory=list)
    works: list[WorksFile] = field(default_factory=list)
    findings: list[FindingsFile] = field(default_factory=list)
    flags: list[FlagsFile] = field(default_factory=list)
    # The file of each claim, page, section, work, cell and code, where it is not the index.
    file_of: dict[str, str] = field(default_factory=dict)

    def address(self, anchor: str, here: str) -> str:
        """Return the address of an anchor for a link in the file `here`.

        >>> layout = Layout("my report", "my report.html", file_of={"c1": "section-a.html"})
        >>> layout.address("c1", ""), layout.address("c1", "works.html"), layout.address("c1", "section-a.html")
        ('my%20report/section-a.html#c1', 'section-a.html#c1', '#c1')
        """
        return self.address_in(self.file_of.get(anchor, INDEX), anchor, here)

    def address_in(self, file: str, anchor: str, here: str) -> str:
        """Return the address of an anchor of a file, or of the file itself where the anchor is empty."""
        end = f"#{quote(anchor, safe=':-._~')}" if anchor else ""
        if file == here or self.folder is None:
            return end or "#top"
        if file == INDEX:
            return f"../{quote(self.index, safe='')}{end}"
        start = f"{quote(self.folder, safe='')}/" if here == INDEX else ""
        return f"{start}{quote(file)}{end}"


def page_anchor(path: str, part: Part | None = None) -> str:
    """Return the anchor of a page, or of its claims of one status, level or flag: the same in every report."""
    return _anchor("page", path, part)


def section_anchor(name: str, part: Part | None = None) -> str:
    """Return the anchor of a section, or of its claims of one status, level or flag."""
    return _anchor("section", name, part)


def flag_anchor(flag: Flag) -> str:
    """Return the anchor of the claims that have a flag."""
    return f"flag-{flag.value}"


def work_anchor(work: str) -> str:
    """Return the anchor of a work, by which it goes in the JSON."""
    return _anchor("work", work)


def cell_anchor(cell: Cell) -> str:
    """Return the anchor of a design and organism.

    >>> cell_anchor(Cell("in-vivo", "fruit fly"))
    'cell-in-vivo-fruit-fly'
    """
    return f"cell-{slug(cell.design)}-{slug(cell.organism)}"


def _anchor(kind: str, name: str, part: Part | None = None) -> str:
    short = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
    return f"{kind}-{short}-{part.value}" if part is not None else f"{kind}-{short}"


def lay_out(tally: Tally, findings: Iterable[Finding], index: str) -> Layout:
    """Return the files of a large report: at most some hundred claims, works or findings in each."""
    layout = Layout(PurePath(index).stem, index)
    _lay_out_sections(layout, tally)
    _lay_out_works(layout, tally)
    _lay_out_findings(layout, findings)
    _lay_out_flags(layout, tally)
    return layout


def _lay_out_sections(layout: Layout, tally: Tally) -> None:
    names = _file_names(tally.sections, "section-")
    open_files: dict[str, SectionFile] = {}

    def file_for(section: str, size: int) -> SectionFile:
        file = open_files.get(section)
        if file is None or (file.size and file.size + size > CLAIMS_A_FILE):
            part = file.part + 1 if file else 1
            file = SectionFile(f"{names[section]}{f'--{part}' if part > 1 else ''}.html", section, part)
            open_files[section] = file
            layout.sections.append(file)
        file.size += size
        return file

    for section, pages in _by_section(tally).items():
        layout.file_of[section_anchor(section)] = f"{names[section]}.html"
        for path, claims in pages:
            ordered = sorted(claims, key=lambda one: (ORDER[one.status], one.line))
            for start in range(0, max(len(ordered), 1), CLAIMS_A_FILE):
                chunk = ordered[start : start + CLAIMS_A_FILE]
                file = file_for(section, len(chunk) or 1)
                file.pages.append((path, chunk))
                for anchor in (page_anchor(path), page_anchor(path, Status.UNCITED)):
                    layout.file_of.setdefault(anchor, file.name)
                for claim in chunk:
                    layout.file_of[claim.id] = file.name
                    layout.file_of.setdefault(page_anchor(path, claim.status), file.name)
    order = {name: number for number, name in enumerate(tally.sections)}
    layout.sections.sort(key=lambda one: (order[one.section], one.part))


def _by_section(tally: Tally) -> dict[str, list[tuple[str, list[ClaimPlace]]]]:
    """Return the pages by section, also those without a cited claim, in their order."""
    found: dict[str, list[tuple[str, list[ClaimPlace]]]] = {name: [] for name in tally.sections}
    for section, claims in _groups(tally.cited, attrgetter("section")):
        found[section] += _groups(claims, attrgetter("path"))
    cited = {claim.path for claim in tally.cited}
    for path in (tally.uncited.keys() | tally.not_claims.keys()) - cited:
        found.setdefault(tally.section_of(path, ()), []).append((path, []))
    return {name: sorted(pages) for name, pages in found.items()}


def _groups(claims: Sequence[ClaimPlace], key: attrgetter[str]) -> Iterator[tuple[str, list[ClaimPlace]]]:
    ordered = sorted(claims, key=key)
    return ((name, list(group)) for name, group in groupby(ordered, key))


def _lay_out_works(layout: Layout, tally: Tally) -> None:
    file, room = WorksFile("works.html"), _LINKS_A_FILE
    layout.works.append(file)
    for cell, works in tally.cells.items():
        for work in works:
            weight = 3 + len(tally.claims_of.get(work, ()))
            if weight > room and room < _LINKS_A_FILE:
                file, room = WorksFile(f"works--{len(layout.works) + 1}.html"), _LINKS_A_FILE
                layout.works.append(file)
            room -= weight
            layout.file_of.setdefault(cell_anchor(cell), file.name)
            if not file.cells or file.cells[-1][0] != cell:
                file.cells.append((cell, []))
            file.cells[-1][1].append(work)
            layout.file_of[work_anchor(work)] = file.name


def _lay_out_findings(layout: Layout, findings: Iterable[Finding]) -> None:
    by_code: dict[str, list[Finding]] = {}
    # As they come: those of one severity together, the gravest first.
    for one in findings:
        by_code.setdefault(one.code, []).append(one)
    file, room = FindingsFile("findings.html"), _FINDINGS_A_FILE
    layout.findings.append(file)
    for code, same in sorted(by_code.items()):
        for one in same:
            if not room:
                file, room = FindingsFile(f"findings--{len(layout.findings) + 1}.html"), _FINDINGS_A_FILE
                layout.findings.append(file)
            for anchor in (code, code_anchor(code, one.severity)):
                layout.file_of.setdefault(anchor, file.name)
            if not file.codes or file.codes[-1][0] != code:
                file.codes.append((code, []))
            file.codes[-1][1].append(one)
            room -= 1


def code_anchor(code: str, severity: Severity) -> str:
    """Return the anchor of the first finding of a code and severity; those of one severity follow each other."""
    return f"{code}-{severity.value}"


def _lay_out_flags(layout: Layout, tally: Tally) -> None:
    pages: dict[Flag, Counter[str]] = {flag: Counter() for flag in Flag if tally.flags[flag]}
    for claim in tally.cited:
        for flag in claim.flags:
            pages[flag][claim.path] += 1
    file, room = FlagsFile("flags.html"), _LINKS_A_FILE
    layout.flags.append(file)
    for flag, counted in pages.items():
        for path, number in sorted(counted.items()):
            if not room:
                file, room = FlagsFile(f"flags--{len(layout.flags) + 1}.html"), _LINKS_A_FILE
                layout.flags.append(file)
            layout.file_of.setdefault(flag_anchor(flag), file.name)
            if not file.flags or file.flags[-1][0] is not flag:
                file.flags.append((flag, []))
            file.flags[-1][1].append((path, number))
            room -= 1


def _file_names(sections: Iterable[str], prefix: str) -> dict[str, str]:
    """Return a file name for each section; two that differ in signs alone get different ones."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for section in sections:
        name, number = f"{prefix}{slug(section)}", 2
        while name in taken:
            name, number = f"{prefix}{slug(section)}_{number}", number + 1
        taken.add(name)
        names[section] = name
    return names
