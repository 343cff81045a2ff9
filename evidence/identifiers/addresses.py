"""PMIDs, PMCIDs and derived DOIs in the addresses of PubMed, PMC, Europe PMC, Nature, eLife and The Lancet.

An address names its host, also behind a library's proxy (`www-nature-com.proxy.edu`), and the host says what the
number in its path means. A search for an author, a gene or a word names no work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from evidence.identifiers.decoding import Decoded, decode, how_of
from evidence.identifiers.derived import derive_elife, derive_lancet, derive_nature
from evidence.records import Identifier
from evidence.vocabulary import Role, Scheme

# The end of a host, also of a library's proxy: one pass that begins with one fixed sign.
_HOST_END = re.compile(r"\.[A-Za-z]{2,10}+(?=[/?%\\])")
_HOST = re.compile(r"[A-Za-z0-9.\-]{1,120}+$")
_ADDRESS_END = re.compile(r"[\"'<>`{}|^\s]|\\(?!/)")
_ENCODED_SLASH = re.compile(r"^(?:25)*(?:2f|3d)")
_WINDOW = 6000
_LONGEST_HOST = 120

_HOSTS = re.compile(
    r"(?P<ncbi>ncbi[.-]nlm[.-]nih[.-]gov)|(?P<short>(?:^|[.-])pubmed[.-](?:gov|com)\b)|(?P<europe>europepmc[.-]org)|(?P<ebi>(?:^|[.-])ebi[.-]ac[.-]uk)"
    r"|(?P<nature>(?:^|[.-])nature[.-]com)|(?P<elife>elifesciences[.-]org)|(?P<lancet>thelancet[.-]com)",
    re.IGNORECASE,
)
_NUMBERS = r"((?:[1-9]\d{0,7})(?:,[1-9]\d{0,7})*)(?![\d\w-]|,\d)"
_PUBMED_PATH = re.compile(rf"/{_NUMBERS}")
_NCBI_PUBMED_PATH = re.compile(rf"/(?:m/|labs/|pmc/)?pubmed/{_NUMBERS}", re.IGNORECASE)
_PMC_PATH = re.compile(r"(?:/labs)?(?:/pmc)?/articles?/(pmid/)?(?:PMC)?([1-9]\d{0,7})(?![\d\w-])", re.IGNORECASE)
_EUROPE_PMID = re.compile(r"/(?:MED|pmid)/([1-9]\d{0,7})(?![\d\w-])|ext_id:[\"']?([1-9]\d{0,7})(?!\d)", re.IGNORECASE)
_EUROPE_PMC = re.compile(
    r"/(?:articles?|abstract|rest)/(?:PMC/)?PMC([1-9]\d{0,7})(?![\d\w-])|/PMC/([1-9]\d{0,7})(?![\d\w-])", re.IGNORECASE
)
_PARAMETER = re.compile(r"[?&;]([A-Za-z_]+)=([^&;#]*)")
# A search for what is linked with a gene or an article: the number in it is where the links begin.
_NAMES_OF_LINKS = frozenset({"dbfrom", "linkname", "from_uid"})
_TAGGED = re.compile(r"(?<![\d.])([1-9]\d{0,7})\[(?:uid|pmid|PMID|UID)\]")
_ONLY_NUMBERS = re.compile(r"[1-9]\d{5,7}(?:(?:[,+ ]|\+?,\+?|[+ ]OR[+ ])[1-9]\d{5,7})*$")
_NUMBER = re.compile(r"[1-9]\d{0,7}")
_NOT_BEFORE = re.compile(r"NOT[+ ]$", re.IGNORECASE)


class _Address(NamedTuple):
    """An address: what stands behind its host, decoded; and the family of its host."""

    path: Decoded
    family: str
    host: str
    start: int
    end: int


class Span(NamedTuple):
    """Where an address of a known host stands, and whether it names PMIDs."""

    start: int
    end: int
    names_pmids: bool


class Addressed(NamedTuple):
    """What addresses name, and where the addresses of known hosts stand: their own rules say all that they name."""

    identifiers: list[Identifier]
    spans: list[Span]


def find_in_addresses(text: str) -> Addressed:
    """Return what the addresses in `text` name by the host's own rules, in order."""
    found: list[Identifier] = []
    spans: list[Span] = []
    for address in _addresses(text):
        named = list(_READERS[address.family](text, address))
        found.extend(named)
        spans.append(Span(address.start, address.end, any(one.scheme is Scheme.PMID for one in named)))
    return Addressed(found, spans)


def _addresses(text: str) -> Iterator[_Address]:
    """Yield the addresses of known hosts, each once, in order."""
    position = 0
    for found in _HOST_END.finditer(text):
        place = found.end()
        if place < position or not (host := _HOST.search(text, max(0, place - _LONGEST_HOST), place)):
            continue
        known = _HOSTS.search(host.group())
        if known is None:
            continue
        position = _end_of_address(text, place)
        name = host.group().lower()
        if text[host.start() - 1 : host.start()] == "%":
            name = _ENCODED_SLASH.sub("", name)
        path = decode(text, place, position, keep_spaces=True)
        yield _Address(path, str(known.lastgroup), name, host.start(), position)


def _end_of_address(text: str, start: int) -> int:
    following = text.find("://", start, start + _WINDOW)
    limit = following if following >= 0 else min(start + _WINDOW, len(text))
    stop = _ADDRESS_END.search(text, start, limit)
    return stop.start() if stop else limit


def _identifier(
    text: str, address: _Address, scheme: Scheme, first: int, last: int, *, in_list: bool = False
) -> Identifier:
    path = address.path
    start, end = path.starts[first], path.ends[last - 1]
    number = path.meant[first:last]
    how = ("url", *how_of(path.kinds[first:last]), *(("list",) if in_list else ()))
    value = f"PMC{number}" if scheme is Scheme.PMCID else number
    return Identifier(scheme, value, start, end, text[start:end], Role.CITED, how)


def _numbers(text: str, address: _Address, scheme: Scheme, first: int, last: int) -> Iterator[Identifier]:
    for index, number in enumerate(_NUMBER.finditer(address.path.meant, first, last)):
        yield _identifier(text, address, scheme, number.start(), number.end(), in_list=index > 0)


def _read_ncbi(text: str, address: _Address) -> Iterator[Identifier]:
    meant = address.path.meant
    own_pubmed = address.family == "short" or address.host.startswith(("pubmed.", "pubmed-"))
    own_pmc = address.host.startswith(("pmc.", "pmc-"))
    found = (own_pubmed and _PUBMED_PATH.match(meant)) or _NCBI_PUBMED_PATH.match(meant)
    if found:
        yield from _numbers(text, address, Scheme.PMID, *found.span(1))
    elif (own_pmc or meant.lower().startswith(("/pmc", "/labs/pmc"))) and (found := _PMC_PATH.match(meant)):
        yield _pmc_or_pmid(text, address, found)
    else:
        yield from _read_query(text, address, names_pubmed=own_pubmed or meant.lower().startswith("/pubmed"))


def _pmc_or_pmid(text: str, address: _Address, found: re.Match[str]) -> Identifier:
    first, last = found.span(2)
    if found.group(1):
        return _identifier(text, address, Scheme.PMID, first, last)
    return _pmcid(text, address, first, last)


def _pmcid(text: str, address: _Address, first: int, last: int) -> Identifier:
    one = _identifier(text, address, Scheme.PMCID, first, last)
    if address.path.meant[first - 3 : first].upper() != "PMC":
        return one
    start = address.path.starts[first - 3]
    return one._replace(start=start, text=text[start : one.end])


def _read_query(text: str, address: _Address, *, names_pubmed: bool) -> Iterator[Identifier]:
    """Read search terms and lists of ids, where the address says that they are PubMed's or PMC's."""
    meant = address.path.meant
    parameters = [(found.group(1).lower(), found.start(2), found.end(2)) for found in _PARAMETER.finditer(meant)]
    names = {name for name, _, _ in parameters}
    database = next((meant[first:last].lower() for name, first, last in parameters if name == "db"), None)
    if (database is None and not names_pubmed) or names & _NAMES_OF_LINKS:
        return
    scheme = Scheme.PMCID if database == "pmc" else Scheme.PMID
    if database not in {None, "pubmed", "pmc"}:
        return
    for name, first, last in parameters:
        if name in {"list_uids", "id", "uid", "uids", "pmid"} and re.fullmatch(r"[\d,+ ]+", meant[first:last]):
            yield from _numbers(text, address, scheme, first, last)
        elif name == "term" and scheme is Scheme.PMID:
            yield from _read_term(text, address, first, last)


def _read_term(text: str, address: _Address, first: int, last: int) -> Iterator[Identifier]:
    meant = address.path.meant
    if _ONLY_NUMBERS.match(meant[first:last]):
        yield from _numbers(text, address, Scheme.PMID, first, last)
        return
    count = 0
    for tagged in _TAGGED.finditer(meant, first, last):
        if not _NOT_BEFORE.search(meant, max(first, tagged.start() - 4), tagged.start()):
            yield _identifier(text, address, Scheme.PMID, *tagged.span(1), in_list=count > 0)
            count += 1


def _read_europe(text: str, address: _Address) -> Iterator[Identifier]:
    meant = address.path.meant
    for found in _EUROPE_PMID.finditer(meant):
        group = 1 if found.group(1) else 2
        yield _identifier(text, address, Scheme.PMID, *found.span(group))
    if article := _PMC_PATH.match(meant):
        yield _pmc_or_pmid(text, address, article)
    elif other := _EUROPE_PMC.search(meant):
        yield _pmcid(text, address, *other.span(1 if other.group(1) else 2))


_DERIVE = {"nature": derive_nature, "elife": derive_elife, "lancet": derive_lancet}


def _read_ebi(text: str, address: _Address) -> Iterator[Identifier]:
    if address.path.meant.startswith("/europepmc/"):
        yield from _read_europe(text, address)


def _read_publisher(text: str, address: _Address) -> Iterator[Identifier]:
    derived = _DERIVE[address.family](address.path.meant)
    if derived is None:
        return
    start, end = address.path.starts[derived.first], address.path.ends[derived.last - 1]
    how = ("url", *how_of(address.path.kinds[derived.first : derived.last]), "derived")
    yield Identifier(Scheme.DOI, derived.doi, start, end, text[start:end], Role.CITED, how)


_READERS: dict[str, Callable[[str, _Address], Iterator[Identifier]]] = {
    "ncbi": _read_ncbi,
    "short": _read_ncbi,
    "europe": _read_europe,
    "ebi": _read_ebi,
    "nature": _read_publisher,
    "elife": _read_publisher,
    "lancet": _read_publisher,
}
