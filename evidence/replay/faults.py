"""Which request meets which fault: at random by rate and seed, as scripted, or always for one identifier.

Nothing here sends or waits. `evidence.replay.spoiling` makes the answer, the server sends it.

>>> choose = FaultChooser(Faults(rates={Fault.DROP: 1.0}, seed=7))
>>> [bool(choose("crossref/works", ["10.1/x"])) for _ in range(5)]
[True, True, True, False, True]
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from evidence.errors import ConfigError
from evidence.identifiers import fold_doi

# A client tries a few times: a request that met this many random faults in a row is answered.
MAX_IN_A_ROW = 3
DEFAULT_SLOW_S = 35.0
DEFAULT_RETRY_AFTER_S = 1


class Fault(StrEnum):
    """What can go wrong with an answer."""

    ERROR = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    GATEWAY_TIMEOUT = "504"
    TOO_MANY = "429"
    TOO_MANY_WITH_WAIT = "429-retry"
    TOO_MANY_IN_200 = "429-in-200"
    BLOCKED = "403"
    NOT_FOUND = "404"
    NOT_FOUND_AS_JSON = "404-json"
    TOO_LONG = "414"
    DROP = "drop"
    CUT = "cut"
    SLOW = "slow"
    HTML = "html"
    TRUNCATED = "truncated"
    NO_TYPE = "no-type"
    EMPTY_SET = "empty-set"
    ERROR_ELEMENT = "error-element"
    ALIAS = "alias"
    OTHER_DOI = "other-doi"


# They turn the request away before it is worked on, so they take no place in the rate limits.
REFUSALS = frozenset(
    {Fault.TOO_MANY, Fault.TOO_MANY_WITH_WAIT, Fault.TOO_MANY_IN_200, Fault.BLOCKED, Fault.TOO_LONG, Fault.DROP}
)
# What `all=` stands for: the faults that pass, with their shares. The others look like a true answer, or stay.
MIX: Mapping[Fault, float] = MappingProxyType(
    {
        Fault.ERROR: 0.2,
        Fault.UNAVAILABLE: 0.1,
        Fault.TOO_MANY: 0.15,
        Fault.TOO_MANY_WITH_WAIT: 0.1,
        Fault.TOO_MANY_IN_200: 0.05,
        Fault.DROP: 0.15,
        Fault.CUT: 0.15,
        Fault.TRUNCATED: 0.05,
        Fault.HTML: 0.05,
    }
)
_NCBI = ("entrez/", "pmc/")
_SCRIPT_HINT = 'for instance [{"fault": "500", "route": "crossref/works", "matching": "10.1000/x", "times": 1}]'
_KINDS = {
    "fault": str,
    "route": str,
    "matching": str,
    "times": int | None,
    "retry_after_s": int | None,
    "slow_s": float | int | None,
}
# Only these routes can send such an answer.
_ROUTES: Mapping[Fault, tuple[str, ...]] = MappingProxyType(
    {
        Fault.TOO_MANY_IN_200: _NCBI,
        Fault.EMPTY_SET: ("entrez/efetch",),
        Fault.ERROR_ELEMENT: ("entrez/",),
        Fault.ALIAS: ("crossref/work",),
        Fault.OTHER_DOI: ("crossref/work",),
        Fault.NOT_FOUND_AS_JSON: ("crossref/",),
    }
)


@dataclass(frozen=True, slots=True)
class ScriptedFault:
    """A fault that is asked for.

    Args:
        route: a route's name or its beginning, such as "crossref/works" or "entrez"; empty for all.
        matching: only for requests that ask for this identifier; empty for all.
        times: how often; None for ever, which together with `matching` poisons every batch with that identifier.
        retry_after_s: what the answer says in Retry-After.
        slow_s: how long a slow answer takes.
    """

    fault: Fault
    route: str = ""
    matching: str = ""
    times: int | None = 1
    retry_after_s: int | None = None
    slow_s: float | None = None


@dataclass(frozen=True, slots=True)
class Faults:
    """All faults of a server.

    Args:
        rates: the share of requests that meet each fault by chance; together at most 1.
        seed: another seed, other requests.
        scripted: these come first, in order.
        slow_s: how long slow answers take; longer than the client's timeout to be of use.
        retry_after_s: what `429-retry` says in Retry-After.
    """

    rates: Mapping[Fault, float] = field(default_factory=dict)
    seed: int = 0
    scripted: tuple[ScriptedFault, ...] = ()
    slow_s: float = DEFAULT_SLOW_S
    retry_after_s: int = DEFAULT_RETRY_AFTER_S


@dataclass(frozen=True, slots=True)
class ChosenFault:
    """The fault that a request meets, with the seconds that belong to it."""

    fault: Fault
    retry_after_s: int | None
    slow_s: float


class FaultChooser:
    """Decides for each request. What it decides does not hang on the order in which different requests arrive."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._lock = threading.Lock()
        self._asked: Counter[tuple[str, ...]] = Counter()
        self._in_a_row: Counter[tuple[str, ...]] = Counter()
        self._scripted: list[tuple[ScriptedFault, Counter[str]]] = []
        self.add(faults.scripted)

    def add(self, scripted: Sequence[ScriptedFault]) -> None:
        """Ask for more faults; those asked for before come first."""
        with self._lock:
            self._scripted += [(one, Counter()) for one in scripted]

    def clear(self) -> None:
        """Forget every scripted fault; those by chance stay."""
        with self._lock:
            self._scripted.clear()

    def __call__(self, route: str, asked: Sequence[str]) -> ChosenFault | None:
        """Return the fault of a request, or None.

        Args:
            route: the name of its route.
            asked: the identifiers that it asks for, in any order; else whatever tells it from others.
        """
        folded = sorted({fold_doi(one) for one in asked})
        with self._lock:
            return self._next_scripted(route, folded) or self._random(route, folded)

    def _next_scripted(self, route: str, asked: Sequence[str]) -> ChosenFault | None:
        for one, met in self._scripted:
            is_left = one.times is None or met["met"] < one.times
            is_meant = is_within(route, one.route) and (not one.matching or fold_doi(one.matching) in asked)
            if is_left and is_meant and can_meet(one.fault, route):
                met["met"] += 1
                return self._chosen(one.fault, one.retry_after_s, one.slow_s)
        return None

    def _random(self, route: str, asked: Sequence[str]) -> ChosenFault | None:
        if not self._faults.rates:
            return None
        key = (route, *asked)
        self._asked[key] += 1
        drawn = _share(str(self._faults.seed), *key, str(self._asked[key]))
        fault = _at(self._faults.rates, drawn)
        if fault is None or not can_meet(fault, route) or self._in_a_row[key] >= MAX_IN_A_ROW:
            self._in_a_row[key] = 0
            return None
        self._in_a_row[key] += 1
        return self._chosen(fault, None, None)

    def _chosen(self, fault: Fault, retry_after_s: int | None, slow_s: float | None) -> ChosenFault:
        if retry_after_s is None and fault is Fault.TOO_MANY_WITH_WAIT:
            retry_after_s = self._faults.retry_after_s
        return ChosenFault(fault, retry_after_s, self._faults.slow_s if slow_s is None else slow_s)


def can_meet(fault: Fault, route: str) -> bool:
    """Tell whether answers of a route can have a fault.

    >>> can_meet(Fault.EMPTY_SET, "entrez/efetch"), can_meet(Fault.EMPTY_SET, "crossref/works")
    (True, False)
    """
    return fault not in _ROUTES or any(route.startswith(beginning) for beginning in _ROUTES[fault])


def is_within(route: str, wanted: str) -> bool:
    """Tell whether a route is the wanted one or below it.

    >>> is_within("crossref/works", "crossref"), is_within("crossref/works", "crossref/work")
    (True, False)
    """
    return not wanted or route == wanted or route.startswith(f"{wanted.rstrip('/')}/")


def parse_rates(text: str) -> dict[Fault, float]:
    """Return the rates of "500=0.05,drop=0.02"; `all=0.2` shares 0.2 out as `MIX` says.

    Raises:
        ConfigError: no such fault, no such rate, or more than 1 together.

    >>> parse_rates("500=0.05, drop=0.02") == {Fault.ERROR: 0.05, Fault.DROP: 0.02}
    True
    """
    rates: dict[Fault, float] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = part.partition("=")
        try:
            rate = float(value)
            shares = MIX if name.strip() == "all" else {Fault(name.strip()): 1.0}
        except ValueError:
            known = ", ".join(["all", *Fault])
            raise ConfigError(f"{part}: no fault with its rate", f"write NAME=RATE with one of {known}") from None
        for fault, share in shares.items():
            rates[fault] = rates.get(fault, 0.0) + rate * share
    # The shares of a mix add up to what rounding makes of them.
    if not all(rate >= 0 for rate in rates.values()) or sum(rates.values()) > 1 + 1e-9:
        raise ConfigError(f"{text}: rates are from 0 to 1, and at most 1 together", "for instance 500=0.05,drop=0.02")
    return rates


def scripted_from_json(content: Any) -> list[ScriptedFault]:
    """Return scripted faults from their JSON form, a list of objects named as `ScriptedFault` names its parts.

    Raises:
        ConfigError: the form is another one.

    >>> scripted_from_json([{"route": "crossref/works", "fault": "429", "times": 2, "retry_after_s": 1}])[0].times
    2
    """
    if not isinstance(content, list):
        raise ConfigError("faults are a list", _SCRIPT_HINT)
    return [_scripted(item) for item in content]


def _scripted(item: Any) -> ScriptedFault:
    if not isinstance(item, dict) or not item.keys() <= _KINDS.keys() or item.get("fault") not in tuple(Fault):
        raise ConfigError("a fault is an object that names a known fault", _SCRIPT_HINT)
    for name, value in item.items():
        if not isinstance(value, _KINDS[name]) or isinstance(value, bool):
            raise ConfigError(f"a fault's {name} is of another type", _SCRIPT_HINT)
    return ScriptedFault(**{**item, "fault": Fault(item["fault"])})


def _share(*parts: str) -> float:
    """Return a number from 0 up to 1 that hangs on the parts alone."""
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:7], "big") / 2**56


def _at(rates: Mapping[Fault, float], drawn: float) -> Fault | None:
    upper = 0.0
    for fault in Fault:
        upper += rates.get(fault, 0.0)
        if drawn < upper:
            return fault
    return None
