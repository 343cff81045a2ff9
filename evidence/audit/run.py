"""The step `audit`: every claim of the store gets its verdict, with reasons; the verdicts are kept with their run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.audit.checking import Checker
from evidence.audit.flags import Choices
from evidence.audit.history import keep_audit
from evidence.audit.judged import LIMITS, AuditReport
from evidence.audit.judging import Collected, Terms, judge_all
from evidence.audit.keeping import ask, count_kept, forget_pages, keep_pages
from evidence.audit.page_rows import count_without_clauses, list_pages, read_bundles
from evidence.audit.resources import chosen_resources, merge_reasons, shipped_resources
from evidence.audit.selecting import Selection
from evidence.audit.work_rows import count_old_states
from evidence.config import Settings
from evidence.errors import ConfigError, IdentifierError, PageError
from evidence.identifiers import parse_reference
from evidence.memory import collecting_later
from evidence.records import Reference
from evidence.store.database import reading, store_errors, writing_much
from evidence.store.queries import list_unreadable

# Raised whenever the same evidence may get another verdict.
RULES = "17"
Progress = Callable[[str, int, int], None]


def audit(
    engine: sa.Engine,
    settings: Settings,
    *,
    paths: Sequence[str] | None = None,
    progress: Progress | None = None,
    now: dt.datetime | None = None,
    belief: bool = False,
) -> AuditReport:
    """Judge every claim in the store.

    Args:
        engine: the database, with pages in it.
        settings: the user's own resources and thresholds.
        paths: pages to judge; without any, all of them, and the verdicts are kept with their run.
        progress: called after each bundle of pages.
        now: the time of the audit.
        belief: whether each verdict says how much it is to be believed, next to others.

    Raises:
        ConfigError: the settings name something that is no identifier, or a code that no check has.
        StoreError: the database cannot be read or written.
    """
    now = now or dt.datetime.now(dt.UTC)
    terms = terms_of(settings, now, belief=belief)
    collected = Collected(Checker(terms.selection, terms.acknowledged))
    # Of a part of the pages, or with a number beside each verdict, nothing is kept for later audits.
    is_whole, is_kept = paths is None, paths is None and not belief
    with store_errors(engine), collecting_later():
        with reading(engine) as session:
            limits = tuple(_old_states(session, settings.registries.retraction_age_days, now))
            limits += tuple(_without_clauses(session))
            pages = list_pages(session, paths)
            unreadable = _unreadable(session, paths)
            limits += tuple(_unread(unreadable, {page.path for page in pages}))
            size = 0 if count_kept(session) else sum(page.claims for page in pages)
            asked = ask(session, read_bundles(session, pages), terms, is_kept=is_kept)
            # Closed at once where the audit is broken off, so that no process goes on.
            with closing(judge_all(asked, terms, size)) as bundles:
                for bundle in bundles:
                    collected.add(bundle)
                    if progress is not None:
                        progress("audit", collected.pages, len(pages))
        collected.add_unreadable(unreadable)
        if is_whole:
            collected.add_leftover()
        report = collected.report(LIMITS + limits)
        if is_whole:
            with writing_much(engine) as session:
                keep_audit(
                    session, collected.rows, collected.cited, report.counts, rules=RULES, now=now,
                    untouched=collected.recalled,
                )  # fmt: skip
                if is_kept:
                    keep_pages(session, collected.kept)
                else:
                    forget_pages(session)
    return report


def terms_of(settings: Settings, now: dt.datetime, *, belief: bool = False) -> Terms:
    """Return what a judgement follows from besides the store.

    Raises:
        ConfigError: the settings name something that is no identifier, or a code that no check has.
    """
    return Terms(
        resources_of(settings), choices_of(settings, now, belief=belief), Selection.of(settings.audit),
        settings.audit.acknowledged,
    )  # fmt: skip


def choices_of(settings: Settings, now: dt.datetime, *, belief: bool = False) -> Choices:
    """Return what the settings choose of the rules."""
    return Choices(settings.audit.n_small, settings.audit.old_years, now.year, belief)


def resources_of(settings: Settings) -> dict[Reference, str]:
    """Return the papers that describe a database, with why: those of the settings, and those that everybody knows.

    Raises:
        ConfigError: [audit] resources names something that is no identifier.
    """
    found = []
    for text in settings.audit.resources:
        try:
            found.append(parse_reference(text))
        except IdentifierError as error:
            raise ConfigError(
                f"[audit] resources: {error.message}", 'write it as "pmid:29087512" or "doi:10.1/x"'
            ) from error
    return merge_reasons(chosen_resources(found), shipped_resources())


def _unreadable(session: Session, paths: Sequence[str] | None) -> list[PageError]:
    """Return what the last refresh could not read: the pages that are judged, and folders that hold some of them."""
    errors = list_unreadable(session)
    if paths is None:
        return errors
    return [error for error in errors if any(path == error.path or path.startswith(f"{error.path}/") for path in paths)]


def _unread(errors: Sequence[PageError], stored: Collection[str]) -> Iterator[str]:
    """Yield that pages are judged by their last reading or not at all, since the last refresh could not read them."""
    for error in errors:
        before = error.path in stored or any(path.startswith(f"{error.path}/") for path in stored)
        how = "what is said of it is of an earlier reading" if before else "nothing is known of its claims"
        yield f"{error.path} could not be read by the last refresh ({error.message}): {how}"


def _without_clauses(session: Session) -> Iterator[str]:
    """Yield that pages were read by a version that did not keep which clause a citation closes."""
    if count := count_without_clauses(session):
        pages, verb = ("1 page", "was") if count == 1 else (f"{count} pages", "were")
        yield (
            f"{pages} {verb} last read by an earlier version, so each citation of a sentence stands for a clause of "
            "its own: run `evidence refresh`"
        )


def _old_states(session: Session, age_days: int, now: dt.datetime) -> Iterator[str]:
    """Yield that registries have not been asked for some works' notices for long: a retraction may be newer."""
    count, oldest = count_old_states(session, now - dt.timedelta(days=age_days))
    if oldest is not None:
        works = "1 work" if count == 1 else f"{count} works"
        yield (
            f"the notices of {works} were last asked for more than {age_days} days ago "
            f"(the oldest on {oldest:%Y-%m-%d}): run `evidence refresh`"
        )
