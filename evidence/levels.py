"""What was studied: design and organism together, never one word of a note."""

from __future__ import annotations

import re
from collections.abc import Iterable

from evidence.vocabulary import HUMAN_DESIGNS, Design, Level

# Words for organisms, in the order in which a text is searched; the name is what is stored.
_ORGANISMS: tuple[tuple[str, str], ...] = (
    ("human", r"humans?|homo[ -]sapiens|patients?|participants?|adults|women|men|volunteers?|subjects|donors|cohort of \w+|"
     r"children|infants?|centenarians?|individuals|males? aged|females? aged|veterans|nurses|people"),
    ("mouse", r"mouse|mice|murine|mus[ -]musculus|C57BL/?6\w*|BALB/?c|129S\w*|FVB|NSG|HET3|UM-HET3|ob/ob|db/db|ApoE-/-"),
    ("rat", r"rats?|rattus|sprague[- ]dawley|wistar|fischer[ -]?344|F344"),
    ("zebrafish", r"zebrafish|danio[ -]rerio"),
    ("killifish", r"killifish|nothobranchius"),
    ("fruit fly", r"drosophila|fruit fl(?:y|ies)|D\. melanogaster"),
    ("nematode", r"C\. elegans|caenorhabditis|nematodes?|worms?"),
    ("yeast", r"yeast|S\. cerevisiae|saccharomyces"),
    ("dog", r"dogs?|canine|beagles?|canis"),
    ("pig", r"pigs?|porcine|minipigs?"),
    ("monkey", r"monkeys?|macaques?|rhesus|macaca|marmosets?|non-?human primates?|NHP"),
    ("rabbit", r"rabbits?"),
    ("hamster", r"hamsters?"),
    ("guinea pig", r"guinea pigs?"),
    ("sheep", r"sheep|ovine"),
    ("cow", r"bovine|cattle"),
    ("chicken", r"chick(?:en)?s?|gallus"),
    ("naked mole-rat", r"naked mole[- ]rats?|heterocephalus"),
    ("frog", r"xenopus"),
    ("bacterium", r"E\. coli|bacteri(?:a|um)"),
)  # fmt: skip
_PATTERN = re.compile(
    "|".join(rf"(?P<o{index}>\b(?:{words})\b)" for index, (_, words) in enumerate(_ORGANISMS)),
    re.IGNORECASE,
)
# "human-derived cells", "mouse model of human disease" name what is not studied.
_NOT_STUDIED = re.compile(
    r"model of human|human(?:ized|ised)|anti-(?:mouse|human|rabbit|rat)|human disease|recombinant human", re.IGNORECASE
)  # fmt: skip


def find_organisms(text: str) -> tuple[str, ...]:
    """Return the organisms that a text names, in the order of the text.

    >>> find_organisms("aged C57BL/6 mice and human carotid plaques")
    ('mouse', 'human')
    """
    found: dict[str, None] = {}
    for match in _PATTERN.finditer(_NOT_STUDIED.sub(" ", text)):
        group = match.lastgroup or "o0"
        found.setdefault(_ORGANISMS[int(group[1:])][0])
    return tuple(found)


def level_of(designs: Iterable[Design], organisms: Iterable[str]) -> Level | None:
    """Return the level of a work by design and organism, or None where its designs have none or it cannot be told.

    A design in several (in vitro and in vivo) has the highest of its levels; people beside animals are `mixed`.

    Source:
        EVIDENCE.md section 2 of the design.

    >>> level_of([Design.IN_VIVO], ["human"]), level_of([Design.RCT], ["mouse"]), level_of([Design.IN_VIVO], [])
    (<Level.HUMAN: 'human'>, <Level.ANIMAL: 'animal'>, None)
    """
    kinds, known = set(designs), set(organisms)
    human, animal = "human" in known, bool(known - {"human"})
    if kinds & HUMAN_DESIGNS:
        if animal and not human:
            return Level.ANIMAL
        return Level.MIXED if animal and Design.IN_VIVO in kinds else Level.HUMAN
    if Design.IN_VIVO in kinds:
        if human and animal:
            return Level.MIXED
        return Level.HUMAN if human else Level.ANIMAL if animal else None
    if kinds & {Design.IN_VITRO, Design.EX_VIVO}:
        return Level.CELLS
    return Level.COMPUTED if Design.IN_SILICO in kinds else None
