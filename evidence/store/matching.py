"""Which claims of an edited page are which of its claims before: pure, and never quadratic on a large page."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

# Three of four words in their old order: a clause replaced or a number mended keeps the claim what it was.
CLOSE = 0.75
# A claim that moved to another section must be nearly the same.
CLOSE_ELSEWHERE = 0.9
_MAX_TOKENS = 400
_MAX_CANDIDATES = 5
_MAX_POSTINGS = 50
_MAX_COMPARISONS = 5_000

_MARK = re.compile(r"\[\^[^\]\n]{0,200}\]")
# A claim that `evidence tag` has tagged is the claim that it was.
_TAG = re.compile(r" ?[`(]*#gap/[\w/-]+[`)]*")
_TOKEN = re.compile(r"\w+(?:[.,]\d+)*")


class ClaimText(NamedTuple):
    """What tells one claim of a page from another.

    `subject` is the pair of an interaction row: rows are alike in all else, so only the same pair is the same claim.
    """

    section: tuple[str, ...]
    text: str
    subject: tuple[str, str] | None = None


def match_claims(before: Sequence[ClaimText], after: Sequence[ClaimText]) -> list[int | None]:
    """Return, for each claim of a page as it is now, the index of the claim that it was before, or None.

    The same words come first, in the same section if they can; then the same words but for marks and spaces; then
    the closest wording that is close enough. Each claim of before is used once.

    >>> match_claims([ClaimText((), "Bone is lost.")], [ClaimText((), "New."), ClaimText((), "Bone is lost. [^a]")])
    [None, 0]
    """
    matching = _Matching(before, after)
    matching.pair_equal(lambda claim: (claim.section, claim.subject, claim.text))
    matching.pair_equal(lambda claim: (claim.subject, claim.text))
    matching.pair_equal(lambda claim: (claim.section, claim.subject, normalize_claim(claim.text)))
    matching.pair_equal(lambda claim: (claim.subject, normalize_claim(claim.text)))
    matching.pair_equal(lambda claim: (claim.section, claim.subject) if claim.subject else None)
    matching.pair_close()
    return matching.result


def normalize_claim(text: str) -> str:
    """Return the words of a claim without its marks and gap tags, in one line and in lower case.

    >>> normalize_claim("Bone  is lost. [^a][^b] #gap/needs-replication")
    'bone is lost.'
    """
    words = " ".join(_MARK.sub(" ", text).split())
    return _TAG.sub("", words).strip().casefold()


class _Matching:
    """The pairs found so far; `old` and `new` are the indices that are still without one."""

    def __init__(self, before: Sequence[ClaimText], after: Sequence[ClaimText]) -> None:
        self.before = before
        self.after = after
        self.old: set[int] = set(range(len(before)))
        self.result: list[int | None] = [None] * len(after)

    def pair_equal(self, key_of: Callable[[ClaimText], Hashable]) -> None:
        """Pair the claims of equal keys in their order. A key of None pairs with nothing."""
        if not self.old or not self._new():
            return
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        for index in sorted(self.old):
            waiting[key_of(self.before[index])].append(index)
        for index in self._new():
            key = key_of(self.after[index])
            if key is not None and waiting.get(key):
                self._pair(waiting[key].popleft(), index)

    def pair_close(self) -> None:
        """Pair what is left by likeness, the closest first."""
        left = [index for index in self._new() if self.after[index].subject is None]
        if not self.old or not left:
            return
        words = {index: _tokens(self.before[index].text) for index in self.old if self.before[index].subject is None}
        by_token: dict[str, list[int]] = defaultdict(list)
        for index in sorted(words):
            for token in set(words[index]):
                by_token[token].append(index)
        scored: list[tuple[float, int, int]] = []
        budget = _MAX_COMPARISONS
        for index in left:
            tokens = _tokens(self.after[index].text)
            for candidate in _candidates(tokens, by_token):
                needed = CLOSE if self.after[index].section == self.before[candidate].section else CLOSE_ELSEWHERE
                if budget <= 0 or _bound(tokens, words[candidate]) < needed:
                    continue
                budget -= 1
                score = SequenceMatcher(None, words[candidate], tokens, autojunk=False).ratio()
                if score >= needed:
                    scored.append((score, candidate, index))
        for _, candidate, index in sorted(scored, key=lambda one: (-one[0], one[1], one[2])):
            if candidate in self.old and self.result[index] is None:
                self._pair(candidate, index)

    def _new(self) -> list[int]:
        return [index for index, pair in enumerate(self.result) if pair is None]

    def _pair(self, old: int, new: int) -> None:
        self.result[new] = old
        self.old.discard(old)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(normalize_claim(text[: _MAX_TOKENS * 20]))[:_MAX_TOKENS]


def _candidates(tokens: Sequence[str], by_token: dict[str, list[int]]) -> Iterable[int]:
    """Return the few old claims that share most words with a new one; words that many claims have are no help."""
    shared: Counter[int] = Counter()
    for token in set(tokens):
        postings = by_token.get(token, ())
        if len(postings) <= _MAX_POSTINGS:
            shared.update(postings)
    return [index for index, _ in sorted(shared.items(), key=lambda one: (-one[1], one[0]))[:_MAX_CANDIDATES]]


def _bound(one: Sequence[str], other: Sequence[str]) -> float:
    """Return the most that the ratio of two token lists can be: cheap, and it spares most comparisons."""
    if not one or not other:
        return 0.0
    return 2 * (Counter(one) & Counter(other)).total() / (len(one) + len(other))
