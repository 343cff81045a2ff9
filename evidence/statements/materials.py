"""Lists of what was used: "Anti-p16 antibody, clone JC8 (Santa Cruz, sc-56330)". They name things and state nothing."""

from __future__ import annotations

import re

from evidence.statements.verbs import FINDS, STATES
from evidence.statements.words import words_of

_HEADING = re.compile(
    r"\W*(?:[\w.]{1,4}\s)?(?:(?:list|table) of )?(?:(?:materials|reagents?|chemicals|antibod(?:y|ies)|primers?|"
    r"plasmids?|oligos?|oligonucleotides|equipment|"
    r"consumables|buffers?|media|kits?|instruments?|supplies|software)(?: (?:and|&) (?=[a-z])|, |\b)){1,4}"
    r"(?:list|table)?\W*|\W*key resources?(?: table)?\W*",
    re.IGNORECASE,
)
# What a supplier's entry has: a catalogue number, a clone, a maker, a research resource identifier, an amount.
_ORDERED = re.compile(
    r"\b(?:cat(?:alog(?:ue)?)?\b\.?(?: (?:no|number))?|clone|lot (?:no|number)|rrid|sigma(?:[- ]aldrich)?|abcam|"
    r"thermo(?: ?fisher)?|invitrogen|gibco|santa cruz|cell signaling|bio-?rad|merck|millipore|roche|qiagen|promega|"
    r"addgene|"
    r"jackson (?:laboratory|immunoresearch)|biolegend|r&d systems|novus|selleck(?:chem)?|cayman|tocris|medchemexpress|"
    r"charles river|corning|eppendorf|illumina|agilent|graphpad|atcc|enzo|peprotech|life technologies|"
    r"new england biolabs|neb)\b|"
    r"#\s?[A-Z]*\d{3,}",
    re.IGNORECASE,
)
_TELLS = re.compile(rf"{FINDS.pattern}|{STATES.pattern}|[%<>=±≈↑↓→]", re.IGNORECASE)
_LONGEST = 300


def heads_materials(heading: str) -> bool:
    """Tell whether a heading stands over a list of what was used.

    >>> heads_materials("Materials"), heads_materials("Key resources table"), heads_materials("Antibodies in old age")
    (True, True, False)
    """
    return _HEADING.fullmatch(heading) is not None


def is_material(text: str) -> bool:
    """Tell whether an item of such a list names a thing by where it was bought, and says nothing of it.

    >>> is_material("Anti-p16 antibody (Abcam, ab108349) [^a]"), is_material("Abcam's antibody binds p14 as well [^a]")
    (True, False)
    """
    if len(text) > _LONGEST or not _ORDERED.search(text):
        return False
    return _TELLS.search(words_of(text)) is None
