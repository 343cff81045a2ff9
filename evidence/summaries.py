"""What a refresh did, in lines for a reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evidence.records import Reference
from evidence.refresh import RefreshSummary
from evidence.resolve.changes import FieldChange, WorkChange
from evidence.resolve.summary import ReasonGroup, ResolveSummary
from evidence.terminal import shorten
from evidence.vocabulary import Outcome

_SHOWN = 3
_WIDTH = 96
_VALUE_WIDTH = 60


def refresh_lines(summary: RefreshSummary, *, verbose: bool = False) -> Iterator[str]:
    """Yield the summary that `evidence refresh` ends with.

    Args:
        summary: of the run.
        verbose: name every work that changed, each whole, instead of the first ones.
    """
    claims = summary.claims
    yield (
        f"pages    {summary.pages_read} read, {summary.pages_skipped} unchanged, {summary.pages_gone} gone"
        + (f", {summary.pages_moved} moved" if summary.pages_moved else "")
        + (f", {len(summary.unreadable)} unreadable" if summary.unreadable else "")
        + (f", {summary.reports} passed by as reports of an audit" if summary.reports else "")
    )
    yield f"claims   {claims.claims_new} new, {claims.claims_changed} changed, {claims.claims_gone} gone"
    yield from _resolution_lines(summary.resolution, verbose=verbose)
    if summary.works_pruned:
        yield f"works    {summary.works_pruned} that no page cites any more removed"


def refresh_to_dict(summary: RefreshSummary) -> dict[str, object]:
    """Return the summary as `evidence refresh --json` prints it."""
    resolution = summary.resolution
    return {
        "run": summary.run_id,
        "pages": {
            "read": summary.pages_read,
            "unchanged": summary.pages_skipped,
            "moved": summary.pages_moved,
            "gone": summary.pages_gone,
            "reports": summary.reports,
        },
        "unreadable": [
            {"path": error.path, "line": error.line, "message": error.message, "hint": error.hint}
            for error in summary.unreadable
        ],
        "claims": {
            "new": summary.claims.claims_new,
            "changed": summary.claims.claims_changed,
            "gone": summary.claims.claims_gone,
        },
        "cited": resolution.cited,
        "outcomes": {outcome.value: resolution.outcomes.get(outcome, 0) for outcome in Outcome},
        "failed": [_group_to_dict(group) for group in resolution.failed],
        "skipped": [_group_to_dict(group) for group in resolution.skipped],
        "states": {
            "asked": resolution.states,
            "old": resolution.old_states,
            "oldest": resolution.oldest_state.isoformat() if resolution.oldest_state else None,
            "failed": [_group_to_dict(group) for group in resolution.failed_states],
        },
        "new_notices": len(resolution.new_notices),
        "withdrawn_notices": sum(len(change.withdrawn) for change in resolution.changes),
        "changes": [_change_to_dict(change) for change in resolution.changes],
        "works_made_anew": resolution.remapped,
        "requests": dict(resolution.requests),
        "mirrored": resolution.mirrored,
        "works_pruned": summary.works_pruned,
    }


def _resolution_lines(resolution: ResolveSummary, *, verbose: bool) -> Iterator[str]:
    counted = ", ".join(f"{resolution.outcomes.get(outcome, 0)} {outcome.value}" for outcome in Outcome)
    yield f"cited    {resolution.cited} identifiers: {counted}"
    requests = ", ".join(f"{count} to {source}" for source, count in sorted(resolution.requests.items()) if count)
    yield f"look-ups {resolution.asked} made; requests: {requests or 'none'}"
    if resolution.mirrored:
        yield f"mirror   {resolution.mirrored} look-ups answered from it"
    withdrawn = sum(len(change.withdrawn) for change in resolution.changes)
    yield f"notices  {len(resolution.new_notices)} new" + (f", {withdrawn} withdrawn" if withdrawn else "")
    if resolution.states:
        yield f"states   {resolution.states} asked for notices alone"
    if resolution.old_states and resolution.oldest_state:
        since = f"{resolution.oldest_state:%Y-%m-%d}"
        yield f"old      notices of {resolution.old_states} records not asked for again since {since}"
    for group in resolution.failed_states:
        reason = shorten(group.reason.removeprefix(f"{group.source}: "), _WIDTH)
        yield f"         {len(group.references)} in vain at {group.source}: {reason}: {_some(group.references)}"
    if resolution.remapped:
        yield f"works    {resolution.remapped} made anew from kept records"
    yield from _change_lines(resolution.changes, verbose=verbose)
    for word, groups in (("failed", resolution.failed), ("skipped", resolution.skipped)):
        for group in groups:
            reason = shorten(group.reason.removeprefix(f"{group.source}: "), _WIDTH)
            again = f"; try again after {group.ask_again_at:%Y-%m-%d %H:%M} UTC" if group.ask_again_at else ""
            yield f"{word:<8} {len(group.references)} at {group.source}: {reason}{again}: {_some(group.references)}"


def _change_lines(changes: Sequence[WorkChange], *, verbose: bool) -> Iterator[str]:
    """Yield how many works changed, and the first of them with what changed."""
    if not changes:
        return
    shown = changes if verbose else changes[:_SHOWN]
    told = [_told(change, verbose=verbose) for change in shown]
    count = len({_name(change) for change in changes})
    if verbose:
        yield f"changed  {count} works"
        yield from (f"         {one}" for one in told)
        return
    rest = f" and {len(changes) - len(shown)} more" if len(changes) > len(shown) else ""
    yield f"changed  {count} works ({' | '.join(told)}{rest})"


def _told(change: WorkChange, *, verbose: bool) -> str:
    return f"{_name(change)}: " + "; ".join(_change(one, verbose=verbose) for one in change.changes)


def _name(change: WorkChange) -> str:
    """Return a work's DOI, or another identifier where it has none: readers know the DOI."""
    return min((one.scheme != "doi", one.value) for one in change.references)[1]


def _change(change: FieldChange, *, verbose: bool) -> str:
    before, after = (_value(value, verbose=verbose) for value in (change.before, change.after))
    if change.before is None:
        return f"{change.name} {after} is new"
    if change.after is None:
        return f"{change.name} {before} is gone"
    return f"{change.name} {before} -> {after}"


def _value(text: str | None, *, verbose: bool) -> str:
    return " ".join((text or "").split()) if verbose else shorten(text or "", _VALUE_WIDTH)


def _change_to_dict(change: WorkChange) -> dict[str, object]:
    return {
        "source": change.source.value,
        "identifiers": [f"{one.scheme}:{one.value}" for one in change.references],
        "title": change.title,
        "changes": [one._asdict() for one in change.changes],
    }


def _some(references: Sequence[Reference]) -> str:
    shown = ", ".join(f"{one.scheme}:{one.value}" for one in references[:_SHOWN])
    return shown + (f" and {len(references) - _SHOWN} more" if len(references) > _SHOWN else "")


def _group_to_dict(group: ReasonGroup) -> dict[str, object]:
    return {
        "source": group.source.value,
        "reason": group.reason,
        "ask_again_at": group.ask_again_at.isoformat() if group.ask_again_at else None,
        "identifiers": [f"{one.scheme}:{one.value}" for one in group.references],
    }
