"""How a report is to be shown: what the user chose, and what the place where it goes allows."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import Path

from evidence.vocabulary import Status

# As wide as a report is that goes to a file or into a pipe.
WIDTH = 100


@dataclass(frozen=True, slots=True)
class Presentation:
    """What a format is told besides the report.

    `top` is how many entries a list shows: 0 all, None as many as the format finds right. `prefix` leads from the root
    of the repository to the folder that the paths of pages start at. `exit_code` is what the command will end with.
    `known` are the fingerprints of the baseline, None where there is none.
    """

    top: int | None = None
    width: int = WIDTH
    color: bool = False
    prefix: str = ""
    exit_code: int = 0
    known: frozenset[str] | None = None
    statuses: frozenset[Status] = frozenset()


def prefix_of(folder: Path) -> str:
    """Return the path from the root of the repository that a folder lies in to the folder; empty without a repository.

    Code hosts start the paths of findings at the root of the repository, wherever the settings lie in it.
    """
    folder = folder.resolve()
    for parent in (folder, *folder.parents):
        if (parent / ".git").exists():
            inner = folder.relative_to(parent).as_posix()
            return "" if inner == "." else f"{inner}/"
    return ""


def place_of(path: str, prefix: str) -> str:
    """Return the path of a page from the root of the repository.

    >>> place_of("../notes/a.md", "settings/")
    'notes/a.md'
    """
    return posixpath.normpath(prefix + path)
