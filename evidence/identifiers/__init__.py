"""Find, check and normalize DOI, PMID and PMCID.

    decoding     a stretch of text without its escapes, each character with its place
    doubts       where it cannot be told whether a DOI ends, so that there is none
    endings      where a DOI ends: what a publisher, a page or a sentence added to it
    linebreaks   whether a DOI goes on in the next line
    shapes       the forms that some publishers' DOIs always have
    exact        DOIs in encoded addresses of the resolver
    doi          DOIs in a text
    labels       where "PMID", "PubMed" and "PMC" stand
    pmid, pmcid  PMIDs and PMCIDs in a text, by their labels
    addresses    PMIDs and PMCIDs in the addresses of PubMed, PMC and Europe PMC
    derived      DOIs that follow from an address of Nature, eLife or The Lancet
    folding      DOIs that differ in case only, made equal
    find         all of them, in order, each place once
    normalizing  one identifier that somebody typed

Nothing here asks a registry, and nothing is made up: where a rule does not make it certain, there is no identifier.
"""

from __future__ import annotations

from evidence.identifiers.doubts import Doubt, describe_doubt
from evidence.identifiers.find import find_identifiers, read_identifiers, read_link
from evidence.identifiers.folding import fold_doi
from evidence.identifiers.normalizing import normalize_doi, normalize_pmcid, normalize_pmid, parse_reference

__all__ = [
    "Doubt",
    "describe_doubt",
    "find_identifiers",
    "fold_doi",
    "normalize_doi",
    "normalize_pmcid",
    "normalize_pmid",
    "parse_reference",
    "read_identifiers",
    "read_link",
]
