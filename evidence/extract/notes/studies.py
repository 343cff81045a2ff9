"""Study pages: a note that only links one takes its work from that page's front matter."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, Protocol
from urllib.parse import unquote

from evidence.errors import IdentifierError
from evidence.identifiers import parse_reference
from evidence.records import ExtractedPage, Note, Primary, Problem, Reference
from evidence.vocabulary import PageFormat, Scheme

_SUFFIX = re.compile(r"\.(?:md|markdown|x?html?)$", re.IGNORECASE)
_PUBLISHED = re.compile(r"(?:/index)?\.x?html?$|/index$", re.IGNORECASE)
_UP = re.compile(r"^(?:\.{1,2}/)+")
_NO_WORD = re.compile(r"[^\w/.]+|_+")
_KEYS = (
    (Scheme.DOI, ("doi",)),
    (Scheme.PMID, ("pmid", "pubmed")),
    (Scheme.PMCID, ("pmcid", "pmc")),
)


@dataclass(frozen=True, slots=True)
class Study:
    """A page that stands for one work: its path and the identifiers that its front matter gives."""

    path: str
    references: tuple[Reference, ...]


class StudyLookup(Protocol):
    """Whatever can tell the study page that a link on a page means."""

    def find(self, link: str, page: str = "") -> Study | None:
        """Return it, or None where there is none or more than one."""
        ...


class StudyIndex:
    """Finds the page that a link means, as Obsidian does: by path, by its end, by a name that only one page has."""

    def __init__(self, studies: Iterable[Study]) -> None:
        self._by_path: dict[str, Study] = {}
        self._by_name: dict[str, list[Study]] = {}
        self._by_slug: dict[str, list[Study]] = {}
        for study in studies:
            path = _bare(study.path)
            self._by_path[path] = study
            name = path.rpartition("/")[2]
            self._by_name.setdefault(name, []).append(study)
            self._by_slug.setdefault(slug(name), []).append(study)

    def find(self, link: str, page: str = "") -> Study | None:
        """Return the study page that a link means, or None where there is none or more than one."""
        del page
        target = _bare(link)
        if target in self._by_path:
            return self._by_path[target]
        for form, by_name in ((str, self._by_name), (slug, self._by_slug)):
            ending = [
                study
                for study in by_name.get(form(target).rpartition("/")[2], ())
                if ("/" + form(_bare(study.path))).endswith("/" + form(target))
            ]
            if ending:
                return ending[0] if len(ending) == 1 else None
        return None


def read_study(path: str, front_matter: Mapping[str, Any]) -> Study | None:
    """Return the study that a page stands for, or None: its front matter names an identifier, as that of the page.

    A page of `type: study`, in a folder `studies`, or without another type is taken for one.

    >>> read_study("studies/lee-2019.md", {"type": "study", "doi": "10.1000/X"}).references[0].value
    '10.1000/x'
    """
    kind = front_matter.get("type")
    if (
        kind not in (None, "study", "paper", "article", "reference", "literature")
        and "studies" not in PurePosixPath(path).parts
    ):
        return None
    references = []
    for scheme, keys in _KEYS:
        value = next((front_matter[key] for key in keys if front_matter.get(key)), None)
        if value is None or isinstance(value, dict | list):
            continue
        try:
            references.append(parse_reference(str(value), scheme))
        except IdentifierError:
            continue
    return Study(path, tuple(references)) if references else None


def primary_of(study: Study) -> Primary:
    """Return the work of a study page as the primary work of a note that links to it."""
    first = study.references[0]
    return Primary(first.scheme, first.value, "study-page")


def link_studies(page: ExtractedPage, studies: StudyLookup) -> ExtractedPage:
    """Return the page with the notes that name no work of their own resolved through their study pages.

    A link to a page that does not exist or names no identifier is a problem, also where the note has an identifier.
    """
    problems = [problem for problem in page.problems if problem.code != "dangling-study-page"]
    for note in page.notes:
        if note.study_page is None or _links_itself(note, page):
            continue
        study = _find(note.study_page, page, studies)
        if study is None:
            message = (
                f"`[^{note.key}]` links the study page `{note.study_page}`, which does not exist or names no identifier"
            )
            problems.append(Problem("dangling-study-page", message, note.line))
        if note.primary is None or note.primary.via == "study-page":
            note.primary = primary_of(study) if study is not None else None
    return replace(page, problems=tuple(sorted(problems, key=lambda one: (one.line, one.column, one.code))))


def _links_itself(note: Note, page: ExtractedPage) -> bool:
    return (
        note.study_page is not None and _bare(page.path).endswith(_bare(note.study_page)) and note.primary is not None
    )


def _find(link: str, page: ExtractedPage, studies: StudyLookup) -> Study | None:
    """Return the study page that a link means: as it is written, or else in another form of the same address."""
    for name in _names(link, page):
        if (study := studies.find(name, page.path)) is not None:
            return study
    return None


def _names(link: str, page: ExtractedPage) -> list[str]:
    """Return the names that a link may mean, the surest first.

    An address may be encoded and end as that of a published page does; it may be told from the page (`../studies/x`) or
    from the root of a site, which may itself be a folder of its host (`/vault/studies/x`).
    """
    name = _PUBLISHED.sub("", unquote(link).strip().rstrip("/"))
    names = [link, name]
    if name.startswith(("./", "../")):
        names.append(posixpath.normpath(posixpath.join(posixpath.dirname(page.path), name)))
        name = _UP.sub("", name)
        names.append(name)
    if "+" in name:
        names.append(name.replace("+", " "))
    if page.format is PageFormat.HTML:
        below = name.strip("/").partition("/")[2]
        if "/" in below:
            names.append(below)
    return list(dict.fromkeys(names))


def slug(path: str) -> str:
    """Return a path as sites of notes write it in their addresses: hyphens for spaces and what is like them.

    >>> slug("studies/lee & kim_2019")
    'studies/lee-kim-2019'
    """
    return _NO_WORD.sub("-", path).replace("-/", "/").replace("/-", "/").strip("-")


def _bare(path: str) -> str:
    """Return a path or link as it is compared: without suffix, without case."""
    return _SUFFIX.sub("", path.strip().strip("/")).casefold()
