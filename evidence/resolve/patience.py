"""How long a run goes on asking a source that does not answer, and what it asks of it next.

One batch without an answer may be one identifier that a server chokes on; many are a server that is down. So what gets
no answer is asked for in smaller parts, and a source is left alone once single identifiers get none either.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field

from evidence.errors import SourceAnswerError, SourceError, SourceUnavailableError
from evidence.resolve.asking import Question
from evidence.resolve.retrying import MAX_RETRY_AFTER_S, is_unreachable
from evidence.vocabulary import Source

# After this many batches in a row without an answer, one identifier is asked for alone: is it they or the source?
_MOST_BATCHES = 3
# After this many single identifiers in a row without an answer, a source is not asked again in this run; one that has
# answered before gets more time, for the identifiers that bring it down may stand side by side.
_MOST_ALONE, _MOST_ALONE_LATER = 6, 20
# After this many refusals without one answer, it refuses everything: a wrong address, or we are blocked.
_MOST_REFUSED = 20
_BLOCKED = frozenset({401, 403})
_NOT_IMPLEMENTED = 501
_REFUSED = 400
_AFTER_REFUSAL = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Closed:
    """Why a source is not asked any more in this run, and until when, if it said so."""

    reason: str
    open_again_at: dt.datetime | None = None


@dataclass(slots=True)
class _Standing:
    """What a source did lately: batches and single identifiers in a row without an answer, and refusals."""

    has_answered: bool = False
    batches: int = 0
    alone: int = 0
    refused: int = 0


@dataclass(slots=True)
class Patience:
    """The standing of every source in one run.

    Args:
        now: when the run began, by the clock.
    """

    now: dt.datetime
    closed: dict[Source, Closed] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)
    _standings: dict[Source, _Standing] = field(default_factory=lambda: {source: _Standing() for source in Source})

    def note_answer(self, source: Source) -> None:
        """Note that a source has answered."""
        self._standings[source] = _Standing(has_answered=True)

    def note_refusal(self, source: Source, error: SourceAnswerError) -> None:
        """Note that a source refused a question, and leave it alone if it refuses everything."""
        standing = self._standings[source]
        standing.batches = standing.alone = 0
        standing.refused += error.status != _NOT_IMPLEMENTED
        if error.status in _BLOCKED or (standing.refused >= _MOST_REFUSED and not standing.has_answered):
            self.closed[source] = Closed(error.message)

    @property
    def after_refusal(self) -> dt.datetime:
        """When to ask again what was refused for what it asks, which the next run would ask in vain."""
        return self.now + _AFTER_REFUSAL

    def ask_after_refusal(self, error: SourceAnswerError) -> dt.datetime | None:
        """Return when to ask again what was refused, or None where the refusal was not for what was asked."""
        status = error.status or 0
        is_about_us = status in _BLOCKED or not _REFUSED <= status < _REFUSED + 100
        return None if is_about_us else self.after_refusal

    @property
    def only_refused(self) -> list[Source]:
        """The sources that refused all that they were asked: a wrong address, which can be mended at once."""
        return [one for one, standing in self._standings.items() if standing.refused and not standing.has_answered]

    def note_silence(self, question: Question, error: SourceError) -> list[Question]:
        """Note that a question got no answer; return its parts, to be asked at once, or nothing to give it up."""
        source, standing = question.source, self._standings[question.source]
        is_alone = len(question.values) == 1
        standing.alone += is_alone
        standing.batches += not is_alone
        most = _MOST_ALONE_LATER if standing.has_answered else _MOST_ALONE
        wait_s = _wait_s(error)
        # Being asked to wait closes a source only where the run cannot wait so long. A shorter wait was kept, and what
        # is asked for in vain all the same may be one batch that is too much: its halves are asked for.
        is_put_off = wait_s is not None and wait_s > MAX_RETRY_AFTER_S
        if source not in self.closed and (is_unreachable(error) or is_put_off or standing.alone >= most):
            self.closed[source] = Closed(error.message, self.ask_after_silence(error))
        if source in self.closed or is_alone:
            return []
        # The part that is answered shows that the source is up.
        return question.parts(1 if standing.batches > _MOST_BATCHES else len(question.values) // 2)

    def ask_after_silence(self, error: SourceError) -> dt.datetime | None:
        """Return the time after the wait that a registry asked for, if it did; counted on from when the run began."""
        wait_s = _wait_s(error)
        return None if wait_s is None else self.moment(wait_s)

    def moment(self, wait_s: float) -> dt.datetime:
        """Return the time so many seconds from now, counted on from when the run began."""
        return self.now + dt.timedelta(seconds=time.monotonic() - self._began + wait_s)


def _wait_s(error: SourceError) -> float | None:
    return error.retry_after_s if isinstance(error, SourceUnavailableError) else None
