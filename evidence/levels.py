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
_INSTEAD = {"guinea": "guinea", "mole": "mole-rat", "non": "monkey"}


def find_organisms(text: str) -> tuple[str, ...]:
    """Return the organisms that a text names, in the order of the text.

    >>> find_organisms("aged C57BL/6 mice and human carotid plaques")
    ('mouse', 'human')
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
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


def level_of(designs: Iterable[Design], organisms: Iterable[str]) -> Level | None:
    """Return the level of a work by design and organism, or None where its designs have none or it cannot be told.

    A design in several (in vitro and in vivo) has the highest of its levels; people beside animals are `mixed`.

    Source:
        EVIDENCE.md section 2 of the design.

    >>> level_of([Design.IN_VIVO], ["human"]), level_of([Design.RCT], ["mouse"]), level_of([Design.IN_VIVO], [])
    (<Level.HUMAN: 'human'>, <Level.ANIMAL: 'animal'>, None)
    """
    kinds = frozenset(designs)
    human, animal = False, False
    for one in organisms:
        if one == "human":
            human = True
        else:
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
