"""Codes of the Evidence and Conclusion Ontology for designs and for the methods of interaction tables.

Source:
    Evidence and Conclusion Ontology (evidenceontology.org); the choice is that of EVIDENCE.md section 2 of the design.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from evidence.vocabulary import HUMAN_DESIGNS, REVIEW_DESIGNS, SYNTHESES, Design, Level

_ANIMAL, _HUMAN = "ECO:0000178", "ECO:0000180"
_DESIGNS: dict[Design, str] = {
    **dict.fromkeys(SYNTHESES, "ECO:0006016"),
    **dict.fromkeys(HUMAN_DESIGNS, _HUMAN),
    Design.IN_VIVO: _ANIMAL,
    Design.IN_VITRO: "ECO:0000181",
    Design.EX_VIVO: "ECO:0000181",
    Design.IN_SILICO: "ECO:0007672",
    **dict.fromkeys(REVIEW_DESIGNS, "ECO:0000204"),
    Design.RESOURCE: "ECO:0007636",
}
# The first that fits: "ChIP-seq" is a chromatin immunoprecipitation too.
_METHODS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), code)
    for pattern, code in (
        (r"\bchip[- ]?seq|chromatin immunoprecipitation[- ]seq", "ECO:0000229"),
        (r"\bchip[- ]?(?:on[- ]?)?chip\b|chromatin immunoprecipitation[- ](?:on-)?chip|chip-array", "ECO:0000230"),
        (r"\bchip\b|chromatin immuno-?precipitation", "ECO:0000226"),
        (r"\bemsa\b|electrophoretic mobility shift|gel[- ]?shift|gel retardation", "ECO:0000096"),
        (r"\bcurat(?:or|ed|ion)\b", "ECO:0000305"),
    )
)


def eco_of_design(designs: Iterable[Design], level: Level) -> str | None:
    """Return the code of what a work is by its first design; an experiment on people is not one on animals.

    >>> eco_of_design([Design.IN_VIVO], Level.ANIMAL), eco_of_design([Design.IN_VIVO], Level.HUMAN)
    ('ECO:0000178', 'ECO:0000180')
    >>> eco_of_design([Design.RCT], Level.ANIMAL), eco_of_design([], Level.HUMAN)
    ('ECO:0000178', None)
    """
    code = next((_DESIGNS[one] for one in designs if one in _DESIGNS), None)
    if code == _ANIMAL and level is Level.HUMAN:
        return _HUMAN
    return _ANIMAL if code == _HUMAN and level is Level.ANIMAL else code


def eco_of_method(method: str) -> str | None:
    """Return the code of a method of an interaction table, or None where it has none here.

    >>> eco_of_method("chromatin immunoprecipitation assay"), eco_of_method("ChIP-seq"), eco_of_method("luciferase")
    ('ECO:0000226', 'ECO:0000229', None)
    """
    return next((code for pattern, code in _METHODS if pattern.search(method)), None)
