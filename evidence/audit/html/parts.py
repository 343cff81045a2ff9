"""The files beside the index of an HTML report: claims by section, pages by flag, works, findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, TypeVar

from evidence.audit.html.facts import Facts
from evidence.audit.html.layout import (
    INDEX,
    FindingsFile,
    FlagsFile,
    SectionFile,
    WorksFile,
    flag_anchor,
    page_anchor,
    section_anchor,
)
from evidence.audit.html.lists import by_part, options_of, view_cells, view_codes, view_lines
from evidence.audit.html.rendering import render
from evidence.audit.html.statuses import LOOKS, meaning_of
from evidence.audit.html.tally import ClaimPlace, Tally
from evidence.audit.html.views import LEVELS, Linker, used_statuses, view_claim, view_pages, view_place
from evidence.audit.judgement import JudgedClaim
from evidence.vocabulary import Status

_File = TypeVar("_File", FlagsFile, WorksFile, FindingsFile)


def section_pieces(
    facts: Facts, file: SectionFile, claims: Mapping[str, JudgedClaim], base: str | None
) -> Iterator[str]:
    """Yield one file with claims of a section.

    Args:
        facts: of the whole report.
        file: which pages and claims it holds.
        claims: those claims by id.
        base: the folder that the paths of pages start from, relative to the folder of the file.
    """
    link = Linker(facts.layout, file.name, base)
    tally = facts.tally
    parts = [one for one in facts.layout.sections if one.section == file.section]
    statuses = used_statuses(tally.sections[file.section].counts)
    pages = {path: tally.pages[path] for one in parts for path, _ in one.pages} if file.part == 1 else {}
    own = facts.claims_of_page
    blocks = [
        {
            "path": path,
            "anchor": page_anchor(path) if facts.layout.file_of[page_anchor(path)] == file.name else "",
            "href": link.to_page(path),
            "groups": [
                {
                    "status": status.value,
                    "look": LOOKS[status],
                    "anchor": page_anchor(path, status)
                    if facts.layout.file_of[page_anchor(path, status)] == file.name
                    else "",
                    "claims": [view_claim(claims[one.id], link, facts.findings_of, facts.has_work) for one in same],
                }
                for status, same in groupby(places, lambda one: one.status)
            ],
            # What is listed of the whole page stands where it begins.
            "lists": _page_lists(tally, link, path, own.get(path, []))
            if facts.layout.file_of[page_anchor(path)] == file.name
            else None,
        }
        for path, places in file.pages
    ]
    return render(
        "section.html.j2",
        title=file.section,
        anchor=section_anchor(file.section),
        part=file.part,
        files=[{"part": one.part, "href": link.to_file(one.name)} for one in parts],
        home=link.to_file(INDEX),
        statuses=[{"status": status.value, "look": LOOKS[status]} for status in statuses],
        levels=[level.value for level in LEVELS],
        pages=view_pages(pages.values(), statuses, link),
        blocks=blocks,
        number=sum(len(places) for _, places in file.pages),
        options=options_of(facts),
    )


def flags_pieces(facts: Facts, file: FlagsFile, base: str | None) -> Iterator[str]:
    """Yield one file with the pages of each flag, each with how many of its claims have it."""
    link = Linker(facts.layout, file.name, base)
    flags = [
        {
            "name": flag.value,
            "meaning": meaning_of(flag),
            "anchor": flag_anchor(flag) if facts.layout.file_of[flag_anchor(flag)] == file.name else "",
            "pages": [
                {"path": path, "number": number, "href": link.to_page_part(path, flag)} for path, number in pages
            ],
        }
        for flag, pages in file.flags
    ]
    return render("flags.html.j2", flags=flags, **_numbered(facts.layout.flags, file, link))


def works_pieces(facts: Facts, file: WorksFile, base: str | None) -> Iterator[str]:
    """Yield one file with works, by design and organism, each with the claims that cite it."""
    link = Linker(facts.layout, file.name, base)
    return render("works.html.j2", cells=view_cells(facts, file, link), **_numbered(facts.layout.works, file, link))


def findings_pieces(facts: Facts, file: FindingsFile, base: str | None) -> Iterator[str]:
    """Yield one file with findings by code."""
    link = Linker(facts.layout, file.name, base)
    codes = view_codes(facts, file, link)
    return render("findings.html.j2", codes=codes, **_numbered(facts.layout.findings, file, link))


def _numbered(files: Sequence[_File], file: _File, link: Linker) -> dict[str, Any]:
    """Return which of several files this is, with links to the others and to the index."""
    return {
        "home": link.to_file(INDEX),
        "part": files.index(file) + 1,
        "files": [{"part": number, "href": link.to_file(one.name)} for number, one in enumerate(files, 1)],
    }


def _page_lists(tally: Tally, link: Linker, path: str, claims: Sequence[ClaimPlace]) -> dict[str, Any]:
    """Return the claims of a page by level and flag, and its lines without a citation or a claim."""
    return {
        "parts": [
            {"name": part.value, "anchor": page_anchor(path, part), "claims": [view_place(one, link) for one in same]}
            for part, same in by_part(claims)
            if not isinstance(part, Status)
        ],
        "uncited": view_lines(tally.uncited, [path], link),
        "uncited_anchor": page_anchor(path, Status.UNCITED),
        "not_claims": view_lines(tally.not_claims, [path], link),
        "not_claims_anchor": page_anchor(path, Status.NOT_A_CLAIM),
    }
