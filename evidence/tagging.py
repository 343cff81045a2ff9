"""The step `evidence tag`: brings the gap tags in the pages in line with the audit; writes nothing unless told to."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from evidence.audit.judgement import JudgedClaim
from evidence.audit.run import audit
from evidence.audit.tags import REPLICATION, Wish, wish_of
from evidence.config import LoadedSettings
from evidence.errors import ExportError, PageError
from evidence.extract import VERSION
from evidence.extract.tagwriting import Action, TagChange, write_tags
from evidence.files import write_whole
from evidence.statements import is_led_by_a_link
from evidence.store.database import reading
from evidence.store.queries import list_page_versions
from evidence.terminal import shorten
from evidence.vocabulary import TagPlace

_CONTEXT = 3
_WIDTH = 100
_LED_BY_A_LINK = "begins with a link in a list of links: tag it by hand if it is a statement of its own"
_ACTIONS = {Wish.ADD: Action.ADD, Wish.MOVE: Action.MOVE, Wish.REVIEW: Action.REMOVE}


@dataclass(frozen=True, slots=True)
class TaggedClaim:
    """One claim whose tag was to change: what was done, or why not."""

    id: str
    line: int
    text: str
    status: str
    action: Action
    is_done: bool
    why_not: str | None


@dataclass(slots=True)
class TaggedPage:
    """One page: its new text as a diff, what changed, what to look at, and how many claims a look-up would decide."""

    path: str
    diff: tuple[str, ...] = ()
    changes: list[TaggedClaim] = field(default_factory=list)
    reviews: list[TaggedClaim] = field(default_factory=list)
    unsure: int = 0
    is_written: bool = False
    # Why the page was left alone as a whole.
    why_not: str | None = None


@dataclass(slots=True)
class TagSummary:
    """What a run of `tag` did, or would do."""

    pages: list[TaggedPage] = field(default_factory=list)

    def count(self, action: Action, *, is_done: bool = True) -> int:
        """Return how many tags were changed in one way, or could not be."""
        return sum(one.action is action and one.is_done is is_done for page in self.pages for one in page.changes)

    @property
    def changed(self) -> list[TaggedPage]:
        """The pages that have, or would have, another text."""
        return [page for page in self.pages if page.diff]

    @property
    def unsure(self) -> int:
        """How many claims are left alone since a look-up failed or was never made."""
        return sum(page.unsure for page in self.pages)


def tag_pages(
    engine: sa.Engine,
    loaded: LoadedSettings,
    paths: Sequence[str] | None = None,
    *,
    write: bool = False,
    remove: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> TagSummary:
    """Bring the tags of pages in line with what the audit says of their claims.

    Args:
        engine: the database, with the pages as they are now.
        loaded: the settings, whose folder the pages lie below.
        paths: pages of the database; all of them by default.
        write: change the files; each is written beside its place and moved there.
        remove: take the tag from claims that are replicated.
        progress: called after each page.

    Raises:
        ConfigError: the form of tags in the settings would not be read back.
        PageError: a page cannot be written.
        StoreError: the database cannot be read.
    """
    with reading(engine) as session:
        versions = list_page_versions(session)
    # With all paths named the audit keeps nothing: its history is that of `evidence audit`.
    report = audit(engine, loaded.settings, paths=sorted(versions) if paths is None else paths, progress=progress)
    summary = TagSummary()
    for path, judged in groupby(report.claims, key=lambda one: one.claim.path):
        page = _tag_page(loaded, path, versions[path], list(judged), write=write, remove=remove)
        if page is not None:
            summary.pages.append(page)
    return summary


def _tag_page(
    loaded: LoadedSettings,
    path: str,
    version: tuple[str, str],
    judged: list[JudgedClaim],
    *,
    write: bool,
    remove: bool,
) -> TaggedPage | None:
    wishes = [(number, one, wish_of(one.claim, one.verdict)) for number, one in enumerate(judged)]
    wanted = [(number, one, wish) for number, one, wish in wishes if wish is not None]
    if not wanted:
        return None
    page = TaggedPage(path, unsure=sum(wish is Wish.UNSURE for _, _, wish in wanted))
    asked: list[tuple[JudgedClaim, TagChange]] = []
    left: list[TaggedClaim] = []
    for number, one, wish in wanted:
        if wish is Wish.REVIEW and not (remove and _stands_on_claim(one)):
            page.reviews.append(_told(one, TagChange(number, Action.REMOVE, REPLICATION)))
        elif wish in {Wish.ADD, Wish.MOVE} and is_led_by_a_link(one.claim.section, one.claim.text):
            left.append(_told(one, TagChange(number, _ACTIONS[wish], REPLICATION, why_not=_LED_BY_A_LINK)))
        elif wish is not Wish.UNSURE:
            asked.append((one, TagChange(number, _ACTIONS[wish], REPLICATION)))
    page.changes = left
    if not asked:
        return page
    file = loaded.folder / path
    page.why_not = _why_refused(file, [loaded.folder / start for start in loaded.settings.vault.paths])
    data = b"" if page.why_not else _read(file)
    if page.why_not is None and (data is None or version != (hashlib.sha256(data).hexdigest(), VERSION)):
        page.why_not = "changed since it was read: run `evidence refresh` first"
    if page.why_not is None and data is not None:
        text = data.decode()
        new = write_tags(path, text, [change for _, change in asked], form=loaded.settings.audit.tag_form)
        page.diff = tuple(diff_lines(path, text, new)) if new != text else ()
        if write and page.diff:
            _write(file, path, data, new)
            page.is_written = True
    page.changes = [*left, *(_told(one, change) for one, change in asked)]
    return page


def _stands_on_claim(one: JudgedClaim) -> bool:
    return any(tag.name == REPLICATION and tag.place is not TagPlace.NOTE for tag in one.claim.tags)


def _told(one: JudgedClaim, change: TagChange) -> TaggedClaim:
    claim = one.claim
    return TaggedClaim(
        claim.id, claim.line, claim.text, one.verdict.status.value, change.action, change.is_done, change.why_not
    )


def _why_refused(file: Path, starts: Sequence[Path]) -> str | None:
    """Return why a file is not to be written: it lies outside the vault, or a link leads to it."""
    place = Path(os.path.abspath(file))  # noqa: PTH100 - resolve() would follow the links that are looked for
    for start in (Path(os.path.abspath(one)) for one in starts):  # noqa: PTH100 - the same
        if place.is_relative_to(start):
            steps = place.relative_to(start).parts
            below = [start.joinpath(*steps[: number + 1]) for number in range(len(steps))]
            if any(one.is_symlink() for one in below):
                return "is reached through a link: change the file itself"
            return None
    return "lies outside the folders of [vault] paths"


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _write(file: Path, path: str, before: bytes, text: str) -> None:
    if _read(file) != before:
        raise PageError("was changed while its tags were worked out", path, hint="run `evidence refresh` first")
    try:
        write_whole(file, [text])
    except ExportError as error:
        raise PageError(error.message.removeprefix(f"{file}: "), path, hint="check its permissions") from error


def diff_lines(path: str, old: str, new: str) -> Iterator[str]:
    """Yield a unified diff of two texts with as many lines: a tag never adds one.

    >>> list(diff_lines("a.md", "Bone.\\nFat.\\n", "Bone. #gap/x\\nFat.\\n"))[3:]
    ['-Bone.', '+Bone. #gap/x', ' Fat.']
    """
    before, after = old.split("\n"), new.split("\n")
    is_ended = before[-1] == ""
    last = len(before) - 1 if is_ended else len(before)
    changed = [number for number in range(last) if before[number] != after[number]]
    yield f"--- a/{path}"
    yield f"+++ b/{path}"
    for begin, end in _hunks(changed, last):
        yield f"@@ -{begin + 1},{end - begin} +{begin + 1},{end - begin} @@"
        number = begin
        while number < end:
            stop = number
            while stop < end and before[stop] != after[stop]:
                stop += 1
            for sign, lines in (("-", before), ("+", after)):
                for one in range(number, stop):
                    yield f"{sign}{lines[one]}"
                    if one == last - 1 and not is_ended:
                        yield "\\ No newline at end of file"
            if stop == number:
                yield f" {before[number]}"
                if number == last - 1 and not is_ended:
                    yield "\\ No newline at end of file"
                stop += 1
            number = stop


def _hunks(changed: Sequence[int], last: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a page that hold the changed lines and those around them."""
    begin = end = -1
    for number in changed:
        if begin < 0 or number - _CONTEXT > end:
            if begin >= 0:
                yield begin, end
            begin = max(number - _CONTEXT, 0)
        end = min(number + _CONTEXT + 1, last)
    if begin >= 0:
        yield begin, end


def tag_lines(summary: TagSummary, *, is_written: bool) -> Iterator[str]:
    """Yield what was done or would be, what to look at, and what was left alone and why."""
    parts = [
        f"{count} {'tag' if count == 1 else 'tags'} {words}"
        for action, words in ((Action.ADD, "added"), (Action.MOVE, "moved to the claim"), (Action.REMOVE, "removed"))
        if (count := summary.count(action))
    ]
    pages = len(summary.changed)
    if not parts:
        yield "no tag to change"
    elif is_written:
        yield f"{', '.join(parts)} on {pages} {'page' if pages == 1 else 'pages'}; run `evidence refresh` next"
    else:
        yield f"{', '.join(parts)} on {pages} {'page' if pages == 1 else 'pages'}, with --write; nothing is written now"
    for page in summary.pages:
        if page.why_not:
            yield f"{page.path}: {page.why_not}"
            continue
        for one in page.changes:
            if not one.is_done:
                yield f"{page.path}:{one.line}: {one.why_not}"
    for page in summary.pages:
        for one in page.reviews:
            words = shorten(one.text, _WIDTH)
            yield f"{page.path}:{one.line}: tagged {REPLICATION}, but {one.status}: review it (--remove)  {words}"
    if summary.unsure:
        claims = "1 claim" if summary.unsure == 1 else f"{summary.unsure} claims"
        yield f"{claims} left alone: not every look-up has succeeded, so nobody knows; run `evidence refresh`"


def tag_to_dict(summary: TagSummary) -> dict[str, Any]:
    """Return the result as `--json` prints it."""
    return {
        "pages": [
            {
                "path": page.path,
                "written": page.is_written,
                "why_not": page.why_not,
                "changes": [_change_to_dict(one) for one in page.changes],
                "reviews": [_change_to_dict(one) for one in page.reviews],
                "unsure": page.unsure,
                "diff": list(page.diff),
            }
            for page in summary.pages
        ],
    }


def _change_to_dict(one: TaggedClaim) -> dict[str, Any]:
    return {
        "claim": one.id,
        "line": one.line,
        "text": one.text,
        "status": one.status,
        "tag": REPLICATION,
        "action": one.action.value,
        "done": one.is_done,
        "why_not": one.why_not,
    }
