"""The sections of a vault: its folders; its pages where they lie in one folder; the headings of a single page."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterable, Sequence

# Of claims that stand in no folder, or under no heading.
TOP = "(top)"
SectionOf = Callable[[str, Sequence[str]], str]


def choose_sections(paths: Sequence[str], headings: Iterable[Sequence[str]] = ()) -> SectionOf:
    """Return what names the section of a claim by its page and headings: the coarsest parts that are more than one.

    Args:
        paths: all pages.
        headings: the headings over each claim, for a single page.

    >>> of = choose_sections(["wiki/genes/a.md", "wiki/genes/b.md", "wiki/bones/c.md", "wiki/d.md"])
    >>> [of(path, ()) for path in ("wiki/genes/a.md", "wiki/d.md")]
    ['genes', '(top)']
    >>> choose_sections(["wiki/a.md", "wiki/b.md"])("wiki/a.md", ())
    'a.md'
    >>> choose_sections(["a.md"], [("Bone", "Mice"), ("Bone", "People")])("a.md", ("Bone", "Mice", "Young"))
    'Mice'
    """
    if len(paths) == 1:
        return _by_heading(headings)
    folders = [path.rpartition("/")[0] for path in paths]
    common = os.path.commonpath([f"/{one}" for one in folders]).strip("/") if folders else ""
    start = len(common) + 1 if common else 0
    by_folder = len({_first_folder(path[start:]) for path in paths}) > 1

    def section_of(path: str, section: Sequence[str]) -> str:
        del section
        return _first_folder(path[start:]) if by_folder else path[start:]

    return section_of


def _first_folder(path: str) -> str:
    folder, slash, _ = path.partition("/")
    return folder if slash else TOP


def _by_heading(headings: Iterable[Sequence[str]]) -> SectionOf:
    depths: list[set[str]] = []
    for one in set(map(tuple, headings)):
        for depth, heading in enumerate(one):
            if depth == len(depths):
                depths.append(set())
            depths[depth].add(heading)
    chosen = next((depth for depth, found in enumerate(depths) if len(found) > 1), 0)

    def section_of(path: str, section: Sequence[str]) -> str:
        del path
        return section[chosen] if len(section) > chosen else TOP

    return section_of
