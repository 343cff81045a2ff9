"""What a run of look-ups ends with: what is known of everything that the pages cite, and what is still to be asked."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evidence.records import Reference
from evidence.resolve.asking import UNSEARCHABLE
from evidence.resolve.changes import WorkChange
from evidence.resolve.saving import NewNotice
from evidence.resolve.wanted import Ask, PastLookup
from evidence.vocabulary import Outcome, Scheme, Source

NOT_ASKED = "not asked: offline"
NOT_MIRRORED = "not asked: offline; not in the mirror"
_STOPPED = "not asked: the run was stopped before"


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """Identifiers whose look-up at one source ended for the same reason; `ask_again_at`: the latest of their times."""

    source: Source
    reason: str
    references: tuple[Reference, ...]
    ask_again_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class ResolveSummary:
    """What is known of everything that the pages cite, and what this run added.

    Args:
        cited: how many identifiers the pages rest on.
        outcomes: how many of these ended how, all sources taken together.
        counts: for each source, how many look-ups ended how, also those of earlier runs that still hold.
        asked: how many look-ups this run made.
        failed: what has to be asked again, by source and reason; never to be taken for clean.
        skipped: what a source cannot be asked for; what it knows of these is not known.
        new_notices: retractions, concerns and corrections that the store did not have.
        requests: how many requests went to each source.
        offline: nothing was asked.
        mirrored: how many look-ups this run answered from a mirror.
        states: how many works were asked for their notices alone.
        old_states: of how many works the notices are older than the settings allow.
        oldest_state: when the oldest of these were asked for.
        failed_states: whose notices were asked for in vain, by source and reason.
        changes: what registries say of works otherwise than the last time.
        remapped: how many works were made anew from kept records.
    """

    cited: int
    outcomes: Mapping[Outcome, int]
    counts: Mapping[Source, Mapping[Outcome, int]]
    asked: int
    failed: tuple[ReasonGroup, ...]
    skipped: tuple[ReasonGroup, ...]
    new_notices: tuple[NewNotice, ...]
    requests: Mapping[str, int]
    offline: bool = False
    mirrored: int = 0
    states: int = 0
    old_states: int = 0
    oldest_state: dt.datetime | None = None
    failed_states: tuple[ReasonGroup, ...] = ()
    changes: tuple[WorkChange, ...] = ()
    remapped: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether every look-up has an answer, and nobody who was asked for notices left that open."""
        return not self.failed and (self.offline or not self.old_states)


def summarize(
    cited: Sequence[Reference],
    asks: Sequence[Ask],
    past: Mapping[Ask, PastLookup],
    *,
    offline: bool,
    not_asked: str = NOT_ASKED,
) -> ResolveSummary:
    """Sum up what is known of what the pages cite.

    Args:
        cited: the identifiers that the pages rest on.
        asks: what is to be looked up for them.
        past: how every look-up ended.
        offline: nothing was asked.
        not_asked: why there is no answer, offline, where there is none.
    """
    counts: dict[Source, Counter[Outcome]] = {}
    failed: dict[tuple[Source, str], list[Reference]] = {}
    skipped: dict[tuple[Source, str], list[Reference]] = {}
    for ask in asks:
        known = past.get(ask)
        outcome = known.outcome if known else Outcome.FAILED
        reason = known.reason if known else (not_asked if offline else _STOPPED)
        if reason == UNSEARCHABLE:
            skipped.setdefault((ask.source, reason), []).append(ask.reference)
            continue
        counts.setdefault(ask.source, Counter())[outcome] += 1
        if outcome is Outcome.FAILED or (known is not None and known.is_unconfirmed):
            failed.setdefault((ask.source, reason or ""), []).append(ask.reference)
    return ResolveSummary(
        cited=len(cited),
        outcomes=Counter(_outcome(reference, past) for reference in cited),
        counts=counts,
        asked=0,
        failed=_groups(failed, past),
        skipped=_groups(skipped, past),
        new_notices=(),
        requests={},
        offline=offline,
    )


def _groups(
    found: Mapping[tuple[Source, str], list[Reference]], past: Mapping[Ask, PastLookup]
) -> tuple[ReasonGroup, ...]:
    groups = []
    for (source, reason), references in sorted(found.items()):
        known = [one for reference in references if (one := past.get(Ask(source, reference))) is not None]
        # One that may be asked again at once has no time to tell.
        times = [one.ask_again_at for one in known if one.ask_again_at and one.ask_again_at > one.asked_at]
        groups.append(ReasonGroup(source, reason, tuple(sorted(references)), max(times, default=None)))
    return tuple(groups)


def _outcome(reference: Reference, past: Mapping[Ask, PastLookup]) -> Outcome:
    """Return how the look-up of one cited identifier ended, all sources taken together.

    Only its own registry can say that it does not exist.
    """
    # What another agency says of a work does not make it one of Crossref's: the four outcomes stay apart.
    registries = [source for source in Source if source is not Source.AGENCY]
    said = {source: past[ask] for source in registries if (ask := Ask(source, reference)) in past}
    if any(lookup.outcome is Outcome.RESOLVED for lookup in said.values()):
        return Outcome.RESOLVED
    own = {Scheme.DOI: Source.CROSSREF, Scheme.PMID: Source.PUBMED, Scheme.PMCID: Source.IDCONV}[reference.scheme]
    return said[own].outcome if own in said else Outcome.FAILED
