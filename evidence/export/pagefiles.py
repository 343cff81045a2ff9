"""Where the bibliography of one page goes: a file in a folder that mirrors the pages, and none that is not ours.

A file is named after its whole page, `notes/bone.md.bib`, so that `bone.md` and `bone.html` keep apart. A manifest in
the folder says which files are ours: only these are written over or removed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from evidence.errors import ExportError
from evidence.files import write_whole

MANIFEST = ".evidence-export.json"
_VERSION = 1
# What Windows takes in no name, and the sign that stands for them here.
_ODD = re.compile('[<>:"\\\\|?*%\x00-\x1f\x7f\ud800-\udfff]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)", re.IGNORECASE)
_SUFFIXES = (".bib", ".json", ".ris")
_PART_BYTES = 200


class Written(NamedTuple):
    """One file of ours: of which page, in which format, and the hash of what we wrote."""

    page: str
    format: str
    sha256: str


@dataclass(slots=True)
class PageFolder:
    """A folder of bibliographies, with what its manifest says of it."""

    root: Path
    files: dict[str, Written] = field(default_factory=dict)

    def write(self, name: str, text: str, page: str, format_: str) -> bool:
        """Write the file of a page; return whether it is another one than before.

        Raises:
            ForeignFileError: the file there is not ours, or does not lie in the folder.
            ExportError: it cannot be written.
        """
        path, data = self.root / name, text.encode()
        digest = hashlib.sha256(data).hexdigest()
        if not self._is_inside(path):
            raise ForeignFileError(f"{page}: {path} leads out of the folder through a link", "remove the link")
        known = self.files.get(name)
        if path.is_symlink() or path.exists():
            before = _hash_of(path)
            if before != digest and (known is None or known.sha256 not in {before, digest}):
                raise ForeignFileError(
                    f"{page}: {path} was not written by this command, or changed since, and is kept",
                    "move it away or delete it, then run this again",
                )
            self.files[name] = Written(page, format_, digest)
            if before == digest:
                return False
        self.files[name] = Written(page, format_, digest)
        write_whole(path, [text])
        return True

    def remove(self, name: str) -> bool:
        """Remove a file of ours that has no page any more; return whether there was one.

        Raises:
            ForeignFileError: somebody changed it; it is kept.
        """
        path, known = self.root / name, self.files.pop(name)
        if not self._is_inside(path) or not (path.is_symlink() or path.exists()):
            return False
        if _hash_of(path) != known.sha256:
            raise ForeignFileError(
                f"{known.page} is gone or cites nothing now, but {path} was changed since it was written, and is kept",
                "delete it if nobody needs it",
            )
        path.unlink()
        for folder in path.relative_to(self.root).parents:
            if folder.name:
                with contextlib.suppress(OSError):
                    (self.root / folder).rmdir()
        return True

    def save(self) -> None:
        """Write the manifest, if it says something else than before."""
        path = self.root / MANIFEST
        lines = [f"{json.dumps(name)}: {json.dumps(one._asdict())}" for name, one in sorted(self.files.items())]
        text = f'{{"version": {_VERSION}, "files": {{\n' + ",\n".join(lines) + "\n}}\n"
        if not path.exists() or path.read_text("utf-8", errors="replace") != text:
            write_whole(path, [text])

    def _is_inside(self, path: Path) -> bool:
        return path.parent.resolve().is_relative_to(self.root)


class ForeignFileError(ExportError):
    """A file stands where a page's bibliography goes, and is not ours."""


def open_folder(path: Path) -> PageFolder:
    """Return a folder with what its manifest says.

    Raises:
        ExportError: it is a file, or its manifest is damaged.
    """
    if path.exists() and not path.is_dir():
        raise ExportError(f"{path} is a file", "name a folder with --split-by-page")
    root = path.resolve()
    manifest = root / MANIFEST
    hint = "delete it: then files that are there already are kept until you delete them too"
    try:
        content: Any = json.loads(manifest.read_text("utf-8"))
        files = {name: Written(**one) for name, one in content["files"].items()}
    except FileNotFoundError:
        return PageFolder(root)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ExportError(f"{manifest} cannot be read", hint) from error
    if not all(isinstance(part, str) for one in files.values() for part in one):
        raise ExportError(f"{manifest} cannot be read", hint)
    # Whatever somebody wrote into it: nothing outside the folder is ours.
    inside = {name: one for name, one in files.items() if not Path(name).is_absolute() and ".." not in Path(name).parts}
    return PageFolder(root, inside)


def name_files(paths: Iterable[str], suffix: str) -> dict[str, str]:
    """Return the file of each page, none the same as another where upper and lower case are one.

    >>> name_files(["a.md", "A.md", "n/what?.md", "../x.md"], ".bib")
    {'../x.md': '%2E%2E/x.md.bib', 'A.md': 'A.md.bib', 'a.md': 'a.md~fecccc97.bib', 'n/what?.md': 'n/what%3F.md.bib'}
    """
    taken = {_folded(MANIFEST)}
    found: dict[str, str] = {}
    for path in sorted(paths):
        name = _safe(path)
        if _folded(name + suffix) in taken:
            name += f"~{_digest(path)}"
        taken.add(_folded(name + suffix))
        found[path] = name + suffix
    return found


def _safe(path: str) -> str:
    *folders, name = path.split("/")
    # A folder's name never ends as a file's does, so that none of each stand in one place.
    bounded = [re.sub(r"\.(?=(?:bib|json|ris)$)", "%2E", _part(one), flags=re.IGNORECASE) for one in folders]
    return "/".join((*bounded, _part(name)))


def _part(name: str) -> str:
    if not name.strip("."):
        return name.replace(".", "%2E") or "%"
    safe = _ODD.sub(lambda match: f"%{ord(match[0]):02X}", name)
    if _RESERVED.match(safe):
        safe = f"%{ord(safe[0]):02X}{safe[1:]}"
    if safe[-1] in ". ":
        safe = f"{safe[:-1]}%{ord(safe[-1]):02X}"
    if len(safe.encode()) > _PART_BYTES:
        safe = safe.encode()[: _PART_BYTES - 10].decode("utf-8", "ignore") + f"~{_digest(name)}"
    return safe


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _hash_of(path: Path) -> str | None:
    """Return the hash of a file, or None for anything else, a link too."""
    if path.is_symlink() or not path.is_file():
        return None
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
