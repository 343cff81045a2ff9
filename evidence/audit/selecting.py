"""Which findings a user wants, and how grave each is to them: `select`, `ignore` and `severity` of the settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from evidence.audit import CODES
from evidence.audit.findings import Finding
from evidence.errors import ConfigError
from evidence.vocabulary import Severity

if TYPE_CHECKING:
    from evidence.config import AuditSettings


@dataclass(frozen=True, slots=True)
class Selection:
    """The codes that are left out, and the severities that differ from those of the checks."""

    hidden: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] | None = None

    @classmethod
    def of(cls, settings: AuditSettings) -> Selection:
        """Return what the settings choose, by code or by the beginning of one.

        What is ignored is left out though it is selected too. Of two beginnings the longer one gives the severity.

        Raises:
            ConfigError: a name is no code and begins none.

        >>> from evidence.config import AuditSettings
        >>> sorted(Selection.of(AuditSettings(select=("EV00",), ignore=("EV003",))).hidden)[:3]
        ['EV003', 'EV010', 'EV011']
        """
        wanted = codes_of(settings.select, "select") or set(CODES)
        unwanted = codes_of(settings.ignore, "ignore")
        severities: dict[str, Severity] = {}
        for name in sorted(settings.severity, key=len):
            severities |= dict.fromkeys(codes_of([name], "severity"), settings.severity[name])
        return cls(frozenset(CODES) - wanted | unwanted, severities)

    def choose(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings that are wanted, each with the severity that the settings give it."""
        severities = self.severities or {}
        return [
            replace(one, severity=severities[one.code]) if one.code in severities else one
            for one in findings
            if one.code not in self.hidden
        ]


def codes_of(names: Iterable[str], key: str) -> set[str]:
    """Return the codes that names mean, each a code or the beginning of one.

    Raises:
        ConfigError: a name means none.

    >>> sorted(codes_of(["EV20"], "ignore"))
    ['EV201', 'EV202', 'EV203']
    """
    found: set[str] = set()
    for name in names:
        meant = {code for code in CODES if name and code.startswith(name.upper())}
        if not meant:
            raise ConfigError(f"[audit] {key}: no finding has the code {name!r}", f"the codes are {', '.join(CODES)}")
        found |= meant
    return found
