"""Registered trials: reports that give one number are one study, whatever else they say of themselves."""

from __future__ import annotations

import re

# Relations of the store name a trial so.
TRIAL = "nct:"
# Some write a zero too many; which of nine other digits is one too many nobody knows.
_NUMBER = re.compile(r"(?<![A-Za-z0-9])NCT ?(?:0(?=0))?(\d{8})(?!\d)", re.IGNORECASE)


def find_trials(text: str) -> frozenset[str]:
    """Return the ClinicalTrials.gov numbers in a note, as relations of the store name them.

    Source:
        ClinicalTrials.gov: NCT and eight digits. EVIDENCE.md section 3.1 of the design.

    >>> sorted(find_trials("rct · n=40 · ClinicalTrials.gov nct01234567"))
    ['nct:NCT01234567']
    """
    if "NCT" not in text and "nct" not in text:
        return frozenset()
    return frozenset(f"{TRIAL}NCT{digits}" for digits in _NUMBER.findall(text))


def split_names(names: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return what names a piece of research apart: identifiers of works, and numbers of trials.

    >>> split_names(frozenset({"doi:10.1000/a", "nct:NCT01234567"}))
    (frozenset({'doi:10.1000/a'}), frozenset({'nct:NCT01234567'}))
    """
    trials = frozenset(name for name in names if name.startswith(TRIAL))
    return (names - trials, trials) if trials else (names, trials)
