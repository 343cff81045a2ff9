"""Rows of one page that give the same pair of genes opposite signs.

Source:
    EVIDENCE.md section 3.4 of the design, rule 4.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from msgspec.structs import replace

from evidence.audit.statuses import says_contradicted
from evidence.audit.works import ClaimEvidence, OppositeRow
from evidence.records import Interaction
from evidence.vocabulary import ACTIVATING, REPRESSING

_Pair = tuple[str, str]


def with_opposites(claims: Sequence[ClaimEvidence]) -> list[ClaimEvidence]:
    """Return the claims of a page, the rows among them each with a row that gives its pair the other sign.

    >>> from evidence.vocabulary import ClaimKind
    >>> def row(line, direction):
    ...     pair = Interaction("FOXO1", "KL", (), (), direction=direction)
    ...     return ClaimEvidence(str(line), "a.md", line, ClaimKind.INTERACTION, (), "", interaction=pair)
    >>> [one.opposite and one.opposite.line for one in with_opposites([row(3, "activation"), row(4, "repression")])]
    [4, 3]
    """
    rows: dict[_Pair, dict[int, list[ClaimEvidence]]] = defaultdict(lambda: defaultdict(list))
    for one in claims:
        if one.interaction is not None and (sign := sign_of(one.interaction)):
            rows[one.interaction.regulator, one.interaction.target][sign].append(one)
    found: dict[str, OppositeRow] = {}
    for signs in rows.values():
        if len(signs) > 1:
            for sign, same in signs.items():
                found |= dict.fromkeys((one.id for one in same), _opposite_of(signs[-sign]))
    return [replace(one, opposite=found[one.id]) if one.id in found else one for one in claims] if found else [*claims]


def sign_of(row: Interaction) -> int | None:
    """Return the sign of a row's effect, 1 or -1, or None where its word is none that we know.

    >>> sign_of(Interaction("FOXO1", "KL", (), (), direction="Repression"))
    -1
    """
    said = (row.direction or "").casefold()
    return 1 if said in ACTIVATING else -1 if said in REPRESSING else None


def _opposite_of(rows: Sequence[ClaimEvidence]) -> OppositeRow:
    first = rows[0]
    direction = first.interaction.direction if first.interaction is not None else None
    return OppositeRow(first.line, direction or "", any(map(says_contradicted, rows)))
