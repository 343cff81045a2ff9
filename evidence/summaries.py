"""What a refresh did, in lines for a reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evidence.records import Reference
from evidence.refresh import RefreshSummary
from evidence.resolve.run import ReasonGroup, ResolveSummary
from evidence.terminal import shorten
from evidence.vocabulary import Outcome

_SHOWN = 3
_WIDTH = 96


def refresh_lines(summary: RefreshSummary) -> Iterator[str]:
    """Yield the summary that `evidence refresh` ends with."""
    claims = summary.claims
    yield (
        f"pages    {summary.pages_read} read, {summary.pages_skipped} unchanged, {summary.pages_gone} gone"
        + (f", {summary.pages_moved} moved" if summary.pages_moved else "")
        + (f", {len(summary.unreadable)} unreadable" if summary.unreadable else "")
    )
    yield f"claims   {claims.claims_new} new, {claims.claims_changed} changed, {claims.claims_gone} gone"
    yield from _resolution_lines(summary.resolution)
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
        "new_notices": len(resolution.new_notices),
        "requests": dict(resolution.requests),
        "mirrored": resolution.mirrored,
        "works_pruned": summary.works_pruned,
    }


def _resolution_lines(resolution: ResolveSummary) -> Iterator[str]:
    counted = ", ".join(f"{resolution.outcomes.get(outcome, 0)} {outcome.value}" for outcome in Outcome)
    yield f"cited    {resolution.cited} identifiers: {counted}"
    requests = ", ".join(f"{count} to {source}" for source, count in sorted(resolution.requests.items()) if count)
    yield f"look-ups {resolution.asked} made; requests: {requests or 'none'}"
    if resolution.mirrored:
        yield f"mirror   {resolution.mirrored} look-ups answered from it"
    yield f"notices  {len(resolution.new_notices)} new"
    for word, groups in (("failed", resolution.failed), ("skipped", resolution.skipped)):
        for group in groups:
            reason = shorten(group.reason.removeprefix(f"{group.source}: "), _WIDTH)
            yield f"{word:<8} {len(group.references)} at {group.source}: {reason}: {_some(group.references)}"


def _some(references: Sequence[Reference]) -> str:
    shown = ", ".join(f"{one.scheme}:{one.value}" for one in references[:_SHOWN])
    return shown + (f" and {len(references) - _SHOWN} more" if len(references) > _SHOWN else "")


def _group_to_dict(group: ReasonGroup) -> dict[str, object]:
    return {
        "source": group.source.value,
        "reason": group.reason,
        "identifiers": [f"{one.scheme}:{one.value}" for one in group.references],
    }
