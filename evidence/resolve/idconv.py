"""The PMC id converter: PMCID or DOI -> the other identifiers. Articles in PMC only, 200 ids a request, of one scheme.

Source:
    https://pmc.ncbi.nlm.nih.gov/tools/id-converter-api/
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from evidence.errors import SourceUnavailableError
from evidence.identifiers import fold_doi
from evidence.records import Reference, WorkRecord
from evidence.resolve.http import Connection
from evidence.resolve.retrying import retried, translated
from evidence.resolve.stated import stated_doi, stated_pmcid, stated_pmid
from evidence.vocabulary import Scheme, Source

MAX_IDS = 200
_NOT_IN_PMC = "not found"


class Conversion(NamedTuple):
    """What the converter says of the asked identifiers."""

    found: dict[str, tuple[WorkRecord, bytes]]
    absent: list[str]
    unanswered: list[str]


def convert(connection: Connection, values: Sequence[str], scheme: Scheme = Scheme.PMCID) -> Conversion:
    """Ask for the other identifiers of PMCIDs or DOIs.

    Args:
        connection: the HTTP layer.
        values: PMCIDs, or DOIs without a comma, which parts them.
        scheme: theirs.

    Raises:
        SourceUnavailableError: no answer after all tries.
        SourceAnswerError: a refusal: one of the ids may be at fault.
    """

    def ask() -> list[Any]:
        with translated(Source.IDCONV):
            records = connection.convert_ids(list(values), scheme).json()["records"]
        if not isinstance(records, list):
            raise SourceUnavailableError("idconv: the answer has no records", Source.IDCONV)
        return records

    wanted = {_folded(value, scheme): value for value in values}
    found: dict[str, tuple[WorkRecord, bytes]] = {}
    absent: list[str] = []
    for item in retried(ask, connection.tries, connection.stopping):
        asked = wanted.get(_folded(item.get("requested-id"), scheme)) if isinstance(item, dict) else None
        if asked is None:
            continue
        if item.get("status") == "error" or "errmsg" in item:
            if _NOT_IN_PMC in str(item.get("errmsg")).casefold():
                absent.append(asked)
        elif _folded(item.get(scheme.value), scheme) == _folded(asked, scheme) and stated_pmcid(item.get("pmcid")):
            payload = json.dumps(item, ensure_ascii=False).encode("utf-8", "surrogatepass")
            found[asked] = (read_conversion(item), payload)
    known = {*found, *absent}
    return Conversion(found, absent, [value for value in values if value not in known])


def _folded(value: object, scheme: Scheme) -> str:
    text = str(value or "")
    return fold_doi(text) if scheme is Scheme.DOI else text.upper()


def read_conversion(item: dict[str, Any]) -> WorkRecord:
    """Return the identifiers of one converted article; the converter knows nothing else.

    >>> [str(i.value) for i in read_conversion({"pmcid": "PMC1", "pmid": 7, "doi": "10.1/X"}).identifiers]
    ['PMC1', '7', '10.1/x']
    """
    stated = (
        (Scheme.PMCID, stated_pmcid(item.get("pmcid"))),
        (Scheme.PMID, stated_pmid(item.get("pmid"))),
        (Scheme.DOI, stated_doi(item.get("doi"))),
    )
    return WorkRecord(Source.IDCONV, tuple(Reference(scheme, value) for scheme, value in stated if value))
