"""One identifier that somebody typed, in its normal form."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from evidence.errors import IdentifierError
from evidence.identifiers.decoding import unescape_entities
from evidence.identifiers.find import find_identifiers
from evidence.records import Reference
from evidence.vocabulary import Scheme

_PMID = re.compile(r"0{0,7}([1-9][0-9]{0,7})")
_PMCID = re.compile(r"(?:PMC)?([1-9][0-9]{0,7})(?:\.[0-9]{1,2})?", re.IGNORECASE)
_LONGEST = 4000
_SEVERAL = 2
_RESOLVER = "https://doi.org/"
_LABEL = re.compile(r"(?:doi[:\s]\s{0,3})?(?=10[.%\\&\uff0e\u200b])", re.IGNORECASE)
# What a sentence, a list or markup puts behind an identifier.
_CLOSING = re.compile(r"(?:</[A-Za-z]+>|<br ?/?>|[\s.,;:)\]}>\"'*`_/|\-])*$", re.IGNORECASE)
# A remark behind it: `(erratum)`, `[doi]`, `# checked`, or several words.
_WORDS = re.compile(r"\s(?:[^A-Za-z0-9]|.*\s)")


def normalize_doi(text: str) -> str:
    """Return the DOI in `text`, bare and in lower case.

    Two spellings that differ in case name the same work, so one of them is stored. What stands alone is whole: the
    signs that would end it in a sentence are its own.

    Args:
        text: a DOI, alone or after "doi:" or a resolver's address.

    Returns:
        The DOI alone, such as "10.1000/xyz123".

    Raises:
        IdentifierError: there is no DOI in `text`, or more than one, or nobody can tell where it ends.

    Source:
        ISO 26324 for the parts and the case; Crossref's advice for the pattern.

    >>> normalize_doi("https://doi.org/10.1000/XYZ123")
    '10.1000/xyz123'
    >>> normalize_doi("10.1000/xyz,123")
    '10.1000/xyz,123'
    """
    stripped = text.strip()
    label = _LABEL.match(stripped)
    if label is None:
        return _only(Scheme.DOI, stripped, text)
    bare = stripped[label.end() :]
    found = [one for one in find_identifiers(f"doi:{bare}"[:_LONGEST]) if one.scheme is Scheme.DOI]
    if len({one.value for one in found}) < _SEVERAL and not (found and _is_all(bare, found[0].end - len("doi:"))):
        whole = _read_whole(bare)
        if whole is not None:
            return whole
        if found and not (
            "suffix-stripped" in found[0].how or _is_all(bare.split(maxsplit=1)[0], found[0].end - len("doi:"))
        ):
            # Half a DOI would be another work's; but `.s002` is known for what a publisher adds.
            hint = "write it as it is registered, and encode nothing in it"
            raise IdentifierError(f"nobody can tell where the DOI in {_shown(text)} ends", hint)
    return _only(Scheme.DOI, f"doi:{bare}", text)


def _is_all(bare: str, end: int) -> bool:
    return _CLOSING.match(unescape_entities(unquote(bare[end:]))) is not None


def _read_whole(bare: str) -> str | None:
    """Return the DOI that `bare` is from end to end, as the rest of an address or as it is registered, or None."""
    if _WORDS.search(bare) or len(bare) > _LONGEST:
        return None
    for written in (bare, quote(bare, safe="/", errors="replace")):
        address = f"{_RESOLVER}{written}"
        found = find_identifiers(address)
        if len(found) == 1 and found[0].scheme is Scheme.DOI and found[0].end == len(address):
            return found[0].value
    return None


def normalize_pmid(text: str) -> str:
    """Return the PMID in `text`, as digits.

    Raises:
        IdentifierError: there is no PMID in `text`, or more than one.

    >>> normalize_pmid("PMID: 23903748")
    '23903748'
    """
    stripped = text.strip()
    if found := _PMID.fullmatch(stripped):
        return found.group(1)
    return _only(Scheme.PMID, stripped, text)


def normalize_pmcid(text: str) -> str:
    """Return the PMCID in `text`, with its letters and without a version.

    Raises:
        IdentifierError: there is no PMCID in `text`, or more than one.

    >>> normalize_pmcid("pmc2922455.1")
    'PMC2922455'
    """
    stripped = text.strip()
    if found := _PMCID.fullmatch(stripped):
        return f"PMC{found.group(1)}"
    return _only(Scheme.PMCID, stripped, text)


def parse_reference(text: str, scheme: Scheme | None = None) -> Reference:
    """Return the scheme and normal value of an identifier in any form that people write.

    Args:
        text: "doi:10.1000/x1", "PMID 123", "PMC2922455", or an address that names one of them.
        scheme: what it is known to be, such as the key of a front-matter value. Bare digits need it.

    Raises:
        IdentifierError: there is no identifier in `text`, or there are several.

    >>> parse_reference("https://pubmed.ncbi.nlm.nih.gov/23903748/")
    Reference(scheme=<Scheme.PMID: 'pmid'>, value='23903748')
    """
    if scheme is not None:
        return Reference(scheme, _NORMALIZE[scheme](text))
    stripped = text.strip()
    if re.fullmatch(r"PMC[1-9][0-9]{0,7}(?:\.[0-9]{1,2})?", stripped, re.IGNORECASE):
        return Reference(Scheme.PMCID, normalize_pmcid(stripped))
    stated = f"doi:{stripped}" if stripped.startswith("10") else stripped
    references = {(one.scheme, one.value) for one in find_identifiers(stated[:_LONGEST])}
    if len(references) < _SEVERAL and _LABEL.match(stated) and all(scheme is Scheme.DOI for scheme, _ in references):
        return Reference(Scheme.DOI, normalize_doi(text))
    if len(references) != 1:
        raise _not_one("identifier", text, len(references), "write a DOI, `PMID 123` or `PMC123`")
    return Reference(*references.pop())


_NORMALIZE = {Scheme.DOI: normalize_doi, Scheme.PMID: normalize_pmid, Scheme.PMCID: normalize_pmcid}


def _only(scheme: Scheme, text: str, original: str) -> str:
    values = {one.value for one in find_identifiers(text[:_LONGEST]) if one.scheme is scheme}
    if len(values) != 1:
        raise _not_one(scheme.upper(), original, len(values), None)
    return values.pop()


def _not_one(what: str, text: str, count: int, hint: str | None) -> IdentifierError:
    return IdentifierError(f"there {'is no' if not count else 'is more than one'} {what} in {_shown(text)}", hint)


def _shown(text: str) -> str:
    return repr(text if len(text) < 80 else text[:77] + "...")  # noqa: PLR2004
