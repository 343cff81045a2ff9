"""Which page or claim a user means: a page by its path or the end of it, a claim by its id, place or words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence.errors import EvidenceError
from evidence.store import models
from evidence.store.queries import find_claim, find_page, find_pages_ending, list_pages_like
from evidence.terminal import shorten

_PLACE = re.compile(r"(.+):(\d{1,9})")
_MARKS = re.compile(r"\[\^[^\]]*\]|[*_`]")
_QUOTES = "\"'“”„«»‘’ "
_LEAST_WORDS = 2
_SHOWN = 5
_WIDTH = 70


def find_named_page(session: Session, name: str, here: str | None = None) -> models.Page | None:
    """Return the page that a user names, or None where the name fits none.

    Args:
        session: open.
        name: its path, or the end of that in whole parts, with or without its suffix, in upper or lower case.
        here: the path as it is seen from the working folder, which counts first.

    Raises:
        EvidenceError: several pages fit; the first of them are named.
    """
    for path in (here, name.removeprefix("./")):
        if path is not None and (exact := find_page(session, path)) is not None:
            return exact
    found = find_pages_ending(session, name)
    if len(found) > 1:
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        several = ", ".join(page.path for page in found[:_SHOWN])
        raise EvidenceError(f"{name} names several pages: {several}{more}", "name one by its whole path")
    return found[0] if found else None


def get_named_page(session: Session, name: str, here: str | None = None) -> models.Page:
    """Return the page that a user names, as `find_named_page` does.

    Raises:
        EvidenceError: no page has that name, or several have it; such pages are named.
    """
    page = find_named_page(session, name, here)
    if page is not None:
        return page
    hint = hint_of_pages(session, name) or "look it up with `evidence show`, or run `evidence refresh` to read it"
    raise EvidenceError(f"{name}: the database holds no such page", hint)


def hint_of_pages(session: Session, name: str) -> str | None:
    """Return a hint to the pages that may be meant by a name that none has."""
    like = list_pages_like(session, name)
    return f"do you mean {' or '.join(like)}?" if like else None


def find_named_claim(session: Session, name: str) -> models.Claim | None:
    """Return the claim that a user names, or None where the name fits none.

    Args:
        session: open.
        name: an id, the beginning of one, "page.md:12", or at least two words of the claim, in quotes or not.

    Raises:
        EvidenceError: several claims fit; the first of them are named.
    """
    if (claim := find_claim(session, name)) is not None:
        return claim
    if (match := _PLACE.fullmatch(name)) is not None:
        page = find_page(session, match[1].removeprefix("./")) or _only(find_pages_ending(session, match[1]))
        if page is not None:
            return _at_line(session, page, int(match[2]))
    words = _plain(name.strip(_QUOTES))
    if len(words.split()) >= _LEAST_WORDS:
        return _one_of(_with_words(session, words), f"says {words!r}")
    if name.isalnum() and len(name) > 1:
        begun = session.scalars(select(models.Claim).where(models.Claim.id.startswith(name)).limit(_SHOWN + 1)).all()
        return _one_of(begun, f"begins with {name}")
    return None


def _only(pages: Sequence[models.Page]) -> models.Page | None:
    return pages[0] if len(pages) == 1 else None


def _at_line(session: Session, page: models.Page, line: int) -> models.Claim:
    """Return the claim that stands on a line of a page, or begins before it and goes on to it."""
    query = select(models.Claim).where(models.Claim.page_id == page.id, models.Claim.line <= line)
    before = session.scalars(query.order_by(models.Claim.position)).all()
    on_line = [one for one in before if one.line == line]
    if on_line:
        found = _one_of(on_line, f"stands at {page.path}:{line}")
    else:
        found = next((one for one in reversed(before) if one.line + one.text.count("\n") >= line), None)
    if found is None:
        raise EvidenceError(f"no claim stands at {page.path}:{line}", f"see `evidence show {page.path}`")
    return found


def _with_words(session: Session, words: str) -> list[models.Claim]:
    longest = max(re.findall(r"\w+", words) or [words], key=len)
    query = select(models.Claim).where(models.Claim.text.icontains(longest, autoescape=True))
    return [one for one in session.scalars(query.order_by(models.Claim.id)) if words in _plain(one.text)]


def _plain(text: str) -> str:
    return " ".join(_MARKS.sub("", text).casefold().split())


def _one_of(claims: Sequence[models.Claim], what: str) -> models.Claim | None:
    if len(claims) > 1:
        several = "; ".join(
            f"{one.id} {one.page.path}:{one.line} {shorten(one.text, _WIDTH)}" for one in claims[:_SHOWN]
        )
        more = f" and {len(claims) - _SHOWN} more" if len(claims) > _SHOWN else ""
        raise EvidenceError(f"more than one claim {what}: {several}{more}", "name one by its id")
    return claims[0] if claims else None
