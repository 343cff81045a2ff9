"""What was studied: design and organism together, never one word of a note."""

from __future__ import annotations

import re
from collections.abc import Iterable

from evidence.vocabulary import HUMAN_DESIGNS, Design, Level

# One word -> the organism that it names. Names in two words are known by the word that no other name has.
_ORGANISMS: dict[str, tuple[str, ...]] = {
    "human": (
        "human", "humans", "sapiens", "patient", "patients", "participant", "participants", "adults", "women", "men",
        "volunteer", "volunteers", "subjects", "donors", "children", "infants", "centenarian", "centenarians",
        "individuals", "nurses", "veterans", "people", "twins", "boys", "girls",
    ),
    "mouse": ("mouse", "mice", "murine", "musculus", "c57bl", "c57bl/6", "c57bl/6j", "c57bl/6n", "c57bl6", "balb/c",
              "fvb", "fvb/n", "nsg", "het3", "um-het3", "ob/ob", "db/db", "129/sv", "129s"),
    "rat": ("rat", "rats", "rattus", "norvegicus", "sprague-dawley", "sprague", "wistar", "fischer-344", "f344"),
    "zebrafish": ("zebrafish", "danio", "rerio"),
    "killifish": ("killifish", "nothobranchius", "furzeri"),
    "fruit fly": ("drosophila", "melanogaster", "fly", "flies"),
    "nematode": ("elegans", "caenorhabditis", "nematode", "nematodes", "worm", "worms"),
    "yeast": ("yeast", "cerevisiae", "saccharomyces", "pombe"),
    "dog": ("dog", "dogs", "canine", "beagle", "beagles"),
    "cat": ("cats", "feline"),
    "pig": ("pig", "pigs", "porcine", "minipig", "minipigs", "swine"),
    "monkey": ("monkey", "monkeys", "macaque", "macaques", "rhesus", "macaca", "marmoset", "marmosets", "nhp", "nhps"),
    "rabbit": ("rabbit", "rabbits"),
    "hamster": ("hamster", "hamsters"),
    "guinea pig": ("guinea",),
    "sheep": ("sheep", "ovine"),
    "cow": ("bovine", "cattle", "cows"),
    "horse": ("horse", "horses", "equine"),
    "chicken": ("chicken", "chickens", "chick", "gallus"),
    "naked mole-rat": ("mole-rat", "mole-rats", "heterocephalus", "glaber"),
    "frog": ("xenopus",),
    "bacterium": ("coli", "bacterium", "bacteria"),
}  # fmt: skip
# As pages on them are named, and so linked.
_PAGES = {
    "homo-sapiens": "human", "mus-musculus": "mouse", "rattus-norvegicus": "rat", "danio-rerio": "zebrafish",
    "nothobranchius-furzeri": "killifish", "drosophila-melanogaster": "fruit fly", "caenorhabditis-elegans": "nematode",
    "saccharomyces-cerevisiae": "yeast", "heterocephalus-glaber": "naked mole-rat", "macaca-mulatta": "monkey",
}  # fmt: skip
_BY_WORD = _PAGES | {word: name for name, words in _ORGANISMS.items() for word in words}
ORGANISM_WORDS = frozenset(_BY_WORD)
_WORD = re.compile(r"[a-z0-9][a-z0-9/-]*")
# "humanized", "anti-mouse" are words of their own; these two-word phrases name what is not studied.
_NOT_STUDIED = re.compile(
    r"models? of human|human disease|recombinant human|guinea pigs?|mole rats?|non-?human primates?"
)
# Cells and tissue of people are no subjects: "human umbilical vein endothelial cells", "fibroblasts from six donors".
_CELL = (
    r"(?:cells?(?: lines?)?(?! (?:transplant|therap|recipient|graft|infusion|count|carcinoma|lymphoma|leuk|an[ae]?emia|"
    r"trial|vaccin))|"
    r"[a-z]*(?:blast|cyte|phage)s?|neurons?|microglia|neutrophils?|platelets?|progenitors?|myotubes?|"
    r"(?:huvec|pbmc|h?ipsc|h?esc|hsc|h?msc|hspc|nsc|npc|epc|cpc|dc|v?smc|hdf)s?)"
)
_TISSUE = r"(?:tissues?|xenografts?|pdxs?|explants?|organoids?|spheroids?)"
# Between stand the organ or line, and other organisms whose cells they are too.
_OTHER = r"(?:mouse|murine|rat|rodent|hamster|monkey|mammalian|bovine|porcine|pig|rabbit)"
_ORGAN = (
    rf"(?:[ -](?!(?:and|or|in|of|with|from|plus|vs|versus|receiving|mice|rats?|{_OTHER}|humans?|patients?|cohorts?|"
    r"subjects|adults|volunteers|participants|men|women)\b)[a-z0-9][a-z0-9+/]*+){0,6}?"
)
_OWNERS = (
    r"(?:humans|patients|donors|volunteers|participants|adults|children|individuals|subjects|centenarians|women|men)"
)
_MATERIAL = re.compile(
    rf"\b(?:humans?|patients?(?:['\u2019]s?)?|donors?)(?![\w'\u2019])(?P<kept>(?: ?(?:and|or|\+|&|/|,) ?{_OTHER})*)"
    rf"(?:[ -]derived)?{_ORGAN}[ -](?:(?P<cells>{_CELL})|{_TISSUE})(?![\w-])|"
    rf"\b(?:(?P<taken>{_CELL})|{_TISSUE})(?: (?:derived|isolated|taken|obtained|cultured))? from "
    rf"(?:[\w~%-]++ ){{0,3}}?{_OWNERS}\b"
)
_DONORS = frozenset({"donor", "donors"})
_CELLS_NAME, _TISSUE_NAME = "human cells", "human tissue"
# What was studied of people, without people.
HUMAN_MATERIAL = frozenset({_CELLS_NAME, _TISSUE_NAME})
_INSTEAD = {"guinea": "guinea", "mole": "mole-rat", "non": "monkey"}


def find_organisms(text: str) -> tuple[str, ...]:
    """Return the organisms that a text names, in the order of the text.

    Cells and tissue of people are told from people.

    >>> find_organisms("aged C57BL/6 mice and human volunteers"), find_organisms("nude mice; human lung fibroblasts")
    (('mouse', 'human'), ('mouse', 'human cells'))
    """
    lowered = text.lower()
    known = _BY_WORD
    found = [known[word] for word in _WORD.findall(lowered) if word in known]
    if not found and "primate" not in lowered:
        return ()
    if (
        not found or "human" in found or "pig" in found or "rat" in found or "guinea pig" in found
    ) and _NOT_STUDIED.search(lowered):
        lowered = _NOT_STUDIED.sub(
            lambda one: _INSTEAD.get(one.group()[:6].split(" ")[0].split("-")[0][:6], " "), lowered
        )
        found = [known[word] for word in _WORD.findall(lowered) if word in known]
    if "human" in found and _MATERIAL.search(lowered):
        return _with_material(lowered)
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


def _with_material(lowered: str) -> tuple[str, ...]:
    """Return the organisms of a text that names cells or tissue of people; who gave cells alone is then no subject."""
    named: list[str] = []
    at = 0
    for one in _MATERIAL.finditer(lowered):
        named += _WORD.findall(lowered[at : one.start()])
        named.append(_CELLS_NAME if one["cells"] or one["taken"] else _TISSUE_NAME)
        named += _WORD.findall(one["kept"] or "")
        at = one.end()
    named += _WORD.findall(lowered[at:])
    left_out = frozenset() if _TISSUE_NAME in named else _DONORS
    if any(_BY_WORD.get(word) == "human" and word not in left_out for word in named):
        # Beside people their cells need no name.
        left_out = HUMAN_MATERIAL
    known = _BY_WORD | {name: name for name in HUMAN_MATERIAL}
    return tuple(dict.fromkeys(known[word] for word in named if word in known and word not in left_out))


def level_of(designs: Iterable[Design], organisms: Iterable[str]) -> Level | None:
    """Return the level of a work by design and organism, or None where its designs have none or it cannot be told.

    A design in several (in vitro and in vivo) has the highest of its levels; people beside animals are `mixed`.
    Cells and tissue of people are neither.

    Source:
        EVIDENCE.md section 2 of the design.

    >>> level_of([Design.IN_VIVO], ["human"]), level_of([Design.RCT], ["mouse"]), level_of([Design.IN_VIVO], [])
    (<Level.HUMAN: 'human'>, <Level.ANIMAL: 'animal'>, None)
    >>> level_of([Design.IN_VIVO], ["mouse", "human cells"]), level_of([Design.IN_VIVO], ["human cells"])
    (<Level.ANIMAL: 'animal'>, None)
    """
    kinds = frozenset(designs)
    human, animal = False, False
    for one in organisms:
        if one == "human":
            human = True
        elif one not in HUMAN_MATERIAL:
            animal = True
    if not kinds.isdisjoint(HUMAN_DESIGNS):
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
