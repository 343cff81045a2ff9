"""The one HTTP layer under habanero and Bio.Entrez: pooled connections, limits, timeouts, compression, one User-Agent.

Left alone, habanero opens a connection for each request and knows no limits; Bio.Entrez has no timeout, does not ask
for compression, knows one host only, and its limiter counts wrongly with several threads. Both are given this layer
in one place, `connected`, and get back what they had at its end.
"""

from __future__ import annotations

import copy
import importlib
import ipaddress
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from urllib.request import Request

import httpx2
from Bio import Entrez
from habanero import Crossref

from evidence import __version__
from evidence.config import RegistriesSettings
from evidence.errors import SourceAnswerError, SourceMovedError, SourceUnavailableError
from evidence.resolve.limits import Limiter
from evidence.resolve.retrying import MAX_RETRY_AFTER_S, error_of_status, retry_after_s
from evidence.vocabulary import Scheme, Source

TOOL = "litevidence"
# Bio.Entrez has no setting for its address; these are replaced by ours.
ENTREZ_ADDRESS = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
IDCONV_ADDRESS = "https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles/"
_IDCONV_PATH = "/tools/idconv/api/v1/articles/"
_NCBI, _CROSSREF = "ncbi.nlm.nih.gov", "crossref.org"
DOI_ADDRESS = "https://doi.org"
# habanero asks Crossref alone for CSL JSON, whatever the agency; who is meant is doi.org.
_CSL_ADDRESS = ("http://api.crossref.org/works/", "/transform/application/vnd.citationstyles.csl+json")
_CSL_TYPE = "application/vnd.citationstyles.csl+json"
_CSL_TYPES = (_CSL_TYPE, "application/citeproc+json", "application/json")
# The agencies that take part in content negotiation (citation.doi.org), and doi.org itself: elsewhere is the
# publisher's page, which is none of our business.
_AGENCY_HOSTS = (
    "doi.org", "crossref.org", "datacite.org", "crosscite.org", "medra.org", "japanlinkcenter.org", "doi.or.kr",
    "kisti.re.kr", "istic.ac.cn", "chinadoi.cn", "europa.eu",
)  # fmt: skip
_MOST_HOPS = 5
_NOT_FOUND, NO_METADATA = 404, 406
# No such form, no content, or nothing there any more: the agency's answer where it has a DOI and no metadata.
_WITHOUT_METADATA = frozenset({204, _NOT_FOUND, NO_METADATA, 410, 415})

# Crossref's pool without a contact address, and NCBI's rate with a key (REST API limits of December 2025; NBK25497).
_PUBLIC_LIST_PER_S, _PUBLIC_SINGLE_PER_S, _PUBLIC_AT_ONCE = 1.0, 5.0, 1
_POLITE_AT_ONCE = 3
_NCBI_WITH_KEY_PER_S = 10.0
_NCBI_AT_ONCE = 3

_CONNECT_TIMEOUT_S = 5.0
# A timeout is for one read; a whole answer may take some of them on a slow line.
_MOST_TIMEOUTS = 8
# A batch of 1,000 works is about 12 MB; what is larger than this by far is no answer but an attack on the memory.
_MAX_BODY_BYTES = 400_000_000
_TOO_MANY, _UNAVAILABLE = 429, 503
_UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0}
_PAUSE_AFTER_REFUSAL_S = 1.5
_RATE_LIMIT_BODY = re.compile(rb'\s*\{\s*"error"\s*:\s*"[^"]{0,40}rate limit', re.IGNORECASE)
# How Crossref says that it has no such work, whatever type the answer claims, and doi.org that there is no such DOI; as
# recorded. A 404 in other words is that of a proxy or of another server, and would make every work look missing.
_CROSSREF_NOT_FOUND = re.compile(rb"\s*Resource not found\.?\s*", re.IGNORECASE)
_DOI_ORG_NOT_FOUND = re.compile(rb"DOI Not Found|cannot be found in the DOI System", re.IGNORECASE)
_ADDRESS_HINT = "check the base_url in the settings"
_HABANERO_MODULES = ("habanero.request", "habanero.request_class", "habanero.cnrequest")
_ENTREZ_NAMES = ("urlopen", "email", "tool", "api_key", "max_tries", "sleep_between_tries")

# What is patched is global to the process: two runs in one process take turns.
_one_at_a_time = threading.Lock()


class Connection:
    """Both registries, asked over one pool of connections within their limits. Made by `connected`."""

    def __init__(self, settings: RegistriesSettings, api_key: str | None, stopping: threading.Event) -> None:
        self.stopping = stopping
        self.tries = settings.tries
        self._longest_s = _MOST_TIMEOUTS * settings.timeout_s
        self.crossref = Crossref(settings.crossref.base_url.rstrip("/"), timeout=settings.timeout_s)
        self._entrez_address = settings.entrez.base_url.rstrip("/") + "/"
        self.idconv_address = idconv_address(settings.entrez.base_url)
        self.doi_address = doi_address(settings)
        self._limiters = _limiters(settings, api_key, stopping)
        self._requests: dict[str, int] = {}
        self._counting = threading.Lock()
        # Until when a limiter's registry asked to be left alone, on the clock that only goes forward.
        self._left_alone: dict[Limiter, float] = {}
        agent = f"{TOOL}/{__version__}" + (f" (mailto:{settings.mailto})" if settings.mailto else "")
        addresses = (settings.crossref.base_url, self._entrez_address, self.idconv_address, self.doi_address)
        self._client = httpx2.Client(
            headers={"User-Agent": agent, "X-USER-AGENT": agent, "Accept-Encoding": "gzip, deflate"},
            timeout=httpx2.Timeout(settings.timeout_s, connect=min(_CONNECT_TIMEOUT_S, settings.timeout_s)),
            # A proxy for the world outside cannot reach a server on this machine.
            trust_env=not all(_is_loopback(address) for address in addresses),
        )

    @property
    def requests(self) -> dict[str, int]:
        """How many requests were sent to each source."""
        with self._counting:
            return dict(self._requests)

    def trying(self, tries: int | None) -> Connection:
        """Return this connection for a question that is tried at most so often; None for as often as ever."""
        if tries is None or tries >= self.tries:
            return self
        other = copy.copy(self)
        other.tries = tries
        return other

    @property
    def hosts(self) -> dict[Source, str]:
        """Who answers for each source: sources of one limiter have one host."""
        crossref, entrez, agency = (
            urlsplit(one).netloc.rpartition("@")[2]
            for one in (self.crossref.base_url, self._entrez_address, self.doi_address)
        )
        return {
            Source.CROSSREF: crossref,
            Source.PUBMED: entrez,
            Source.IDCONV: entrez,
            Source.AGENCY: agency,
        }

    def pauses_s(self) -> dict[Source, float]:
        """Return for how many seconds yet some sources want to be left alone, where that outlasts a run."""
        found = {source: limiter.paused_s() for source, limiter in self._limiters.items()}
        return {source: seconds for source, seconds in found.items() if seconds > _PAUSE_AFTER_REFUSAL_S}

    def pause(self, source: Source, seconds: float) -> None:
        """Ask a source nothing for some seconds."""
        self._limiters[source].pause(seconds)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, url: str, params: Mapping[str, Any] | None = None, **_theirs: object) -> httpx2.Response:
        """Answer for `httpx2.get` within habanero: its headers and timeout are replaced by ours."""
        # A request with parameters asks a list; habanero sends none for a single work.
        pool = "list" if params else "single"
        request = self._client.build_request("GET", url, params=dict(params) if params else None)
        response = self._send(request, Source.CROSSREF, pool)
        if response.status_code == _NOT_FOUND:
            _refuse_foreign_404(response, pool)
        return checked(response, Source.CROSSREF, "application/json")

    def get_csl(self, url: str, **_theirs: object) -> httpx2.Response:
        """Answer for `httpx2.get` within habanero's content negotiation: doi.org is asked, and whom it sends on to.

        Raises:
            SourceAnswerError: with status 404 where doi.org has no such DOI, `NO_METADATA` where it has and nobody
                sends metadata.
        """
        start, end = _CSL_ADDRESS
        quoted = url.removeprefix(start).removesuffix(end)
        if url != f"{start}{quoted}{end}" or "/" in quoted:
            raise SourceAnswerError("agency: habanero asks an unknown address", Source.AGENCY)
        target = f"{self.doi_address}/{quoted}"
        for hop in range(_MOST_HOPS):
            request = self._client.build_request("GET", target, headers={"Accept": _CSL_TYPE})
            response = self._send(request, Source.AGENCY, "all")
            is_unknown = hop == 0 and response.status_code == _NOT_FOUND
            if is_unknown and not _DOI_ORG_NOT_FOUND.search(response.content):
                raise SourceUnavailableError("agency: a 404 that is not doi.org's", Source.AGENCY, _ADDRESS_HINT)
            if response.status_code in _WITHOUT_METADATA and not is_unknown:
                break
            try:
                return checked(response, Source.AGENCY, _CSL_TYPES)
            except SourceMovedError as error:
                target = _next_hop(target, error.location)
                if not self._is_agency(target):
                    break
        raise SourceAnswerError("agency: no metadata", Source.AGENCY, status=NO_METADATA)

    def _is_agency(self, url: str) -> bool:
        """Tell whether doi.org may send us there: to an agency, encrypted; from a server of our own only to itself."""
        base, parts = urlsplit(self.doi_address), urlsplit(url)
        if base.hostname != urlsplit(DOI_ADDRESS).hostname:
            return (parts.scheme, parts.netloc) == (base.scheme, base.netloc)
        host = parts.hostname or ""
        is_known = any(host == one or host.endswith(f".{one}") for one in _AGENCY_HOSTS)
        return parts.scheme == "https" and is_known and parts.username is None

    def open_entrez(self, request: Request) -> BytesIO:
        """Answer for `urlopen` within Bio.Entrez: our address instead of its own, and always POST.

        A key in a URL ends up in logs, so the parameters travel in the body.
        """
        address, _, query = request.full_url.partition("?")
        if not address.startswith(ENTREZ_ADDRESS):
            # A newer Bio.Entrez asks elsewhere: better no answer than one from a place that we did not choose.
            raise SourceAnswerError("pubmed: Bio.Entrez asks an unknown address", Source.PUBMED)
        form = request.data.decode() if isinstance(request.data, bytes) else query
        pairs = [(name, value) for name, value in parse_qsl(form, keep_blank_values=True) if value]
        url = self._entrez_address + address.removeprefix(ENTREZ_ADDRESS)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        posted = self._client.build_request("POST", url, content=urlencode(pairs).encode(), headers=headers)
        response = checked(self._send(posted, Source.PUBMED, "all"), Source.PUBMED, None)
        return _Handle(response)

    def convert_ids(self, ids: list[str], scheme: Scheme) -> httpx2.Response:
        """Ask the PMC id converter for identifiers of one scheme."""
        params = {"ids": ",".join(ids), "idtype": scheme.value, "format": "json", "tool": TOOL}
        request = self._client.build_request("GET", self.idconv_address, params=params)
        return checked(self._send(request, Source.IDCONV, "all"), Source.IDCONV, "application/json")

    def _send(self, request: httpx2.Request, source: Source, pool: str) -> httpx2.Response:
        limiter = self._limiters[source]
        with limiter.place(pool):
            self._leave_alone(limiter, source)
            with self._counting:
                self._requests[source] = self._requests.get(source, 0) + 1
            answer = self._client.send(request, stream=True)
            try:
                response = _read(answer, request, source, self._longest_s)
            finally:
                answer.close()
            # Before the place is given back: whoever takes it must know of a pause.
            if asked_s := _learn(limiter, pool, response):
                self._left_alone[limiter] = time.monotonic() + asked_s
        return response

    def _leave_alone(self, limiter: Limiter, source: Source) -> None:
        """Send nothing to a registry that asked for a longer pause than a run can wait.

        Raises:
            SourceUnavailableError: it still holds.
        """
        left_s = self._left_alone.get(limiter, 0.0) - time.monotonic()
        if left_s > 0:
            raise SourceUnavailableError(f"{source}: it asked to be left alone for now", source, retry_after_s=left_s)


class _Handle(BytesIO):
    """What Bio.Entrez expects of `urlopen`: a file with a URL and headers."""

    def __init__(self, response: httpx2.Response) -> None:
        super().__init__(response.content)
        self.url = str(response.request.url)
        self.headers = self

    def get_content_subtype(self) -> str:
        """Return a subtype that keeps the handle in bytes; what the body is, its reader finds out."""
        return "xml"


class _Httpx2:
    """The module `httpx2` as habanero sees it: `get` is ours, all else its own."""

    def __init__(self, get: Callable[..., httpx2.Response]) -> None:
        self.get = get

    def __getattr__(self, name: str) -> Any:
        return getattr(httpx2, name)


@contextmanager
def connected(
    settings: RegistriesSettings,
    api_key: str | None = None,
    stopping: threading.Event | None = None,
) -> Iterator[Connection]:
    """Put habanero and Bio.Entrez on one HTTP layer until the block ends.

    Args:
        settings: addresses, rates, timeouts, contact.
        api_key: NCBI's key.
        stopping: set to end every wait for a place or for a retry.

    Yields:
        The connection; it counts its requests.
    """
    with _one_at_a_time:
        connection = Connection(settings, api_key, stopping or threading.Event())
        modules = [_habanero_module(name) for name in _HABANERO_MODULES]
        entrez_before = {name: getattr(Entrez, name) for name in _ENTREZ_NAMES}
        try:
            for module in modules:
                get = connection.get_csl if module.__name__ == _HABANERO_MODULES[-1] else connection.get
                vars(module)["httpx2"] = _Httpx2(get)
            # Without an address Bio.Entrez warns at each call; an empty one is left out before sending.
            ours = (connection.open_entrez, settings.mailto or "", TOOL, api_key, 1, 0)
            vars(Entrez).update(zip(_ENTREZ_NAMES, ours, strict=True))
            yield connection
        finally:
            for module in modules:
                vars(module)["httpx2"] = httpx2
            vars(Entrez).update(entrez_before)
            connection.close()


def _habanero_module(name: str) -> ModuleType:
    module = importlib.import_module(name)
    if getattr(module, "httpx2", None) is not httpx2:
        raise SourceAnswerError(
            f"crossref: this version of habanero does not use httpx2 in {name}",
            Source.CROSSREF,
            "install the version that pyproject.toml names",
        )
    return module


def entrez_call(name: str, **parameters: Any) -> bytes:
    """Return the body of an E-utility's answer, asked through Bio.Entrez."""
    # Its own limiter would wait 0.37 s after each call, whatever our limits are, and is wrong with threads anyway.
    Entrez._open.previous = 0  # noqa: SLF001  # there is no public way to switch it off
    with getattr(Entrez, name)(**parameters) as handle:
        body: bytes = handle.read()
    return body


def checked(response: httpx2.Response, source: Source, content_type: str | tuple[str, ...] | None) -> httpx2.Response:
    """Return a response that is a success and of the expected type.

    Args:
        response: with its body.
        source: for the errors.
        content_type: what the answer must begin its Content-Type with, or one of several; None where the body tells.

    Raises:
        SourceUnavailableError: a fault that may pass: too many requests, a server fault, a page instead of data.
        SourceMovedError: it is elsewhere.
        SourceAnswerError: a refusal.
    """
    if response.has_redirect_location:
        said = f"{source}: the server sends on to another address (HTTP {response.status_code})"
        raise SourceMovedError(said, source, response.status_code, response.headers["location"])
    if not response.is_success:
        raise error_of_status(response.status_code, source, retry_after_s(response.headers.get("retry-after")))
    if _RATE_LIMIT_BODY.match(response.content[:200]):
        # NCBI sends this with a 200 too. The body names the key: it goes no further.
        raise SourceUnavailableError(f"{source}: too many requests (said in a 200)", source)
    if content_type and not response.headers.get("content-type", "").startswith(content_type):
        said = content_type if isinstance(content_type, str) else content_type[0]
        raise SourceUnavailableError(f"{source}: the answer is no {said}", source)
    return response


def _refuse_foreign_404(response: httpx2.Response, pool: str) -> None:
    """Raise where a 404 is not Crossref's word that it has no such work."""
    if pool == "list":
        # A list that holds nothing is an empty list: what is not there is the address, or an answer to so many.
        raise SourceAnswerError("crossref: there is no list at this address (HTTP 404)", Source.CROSSREF, _ADDRESS_HINT)
    if not _CROSSREF_NOT_FOUND.fullmatch(response.content[:100]):
        raise SourceUnavailableError("crossref: a 404 that is not Crossref's", Source.CROSSREF, _ADDRESS_HINT)


def idconv_address(entrez_base_url: str) -> str:
    """Return where the PMC id converter answers.

    Beside NCBI's E-utilities it has an address of its own; wherever else these are asked, it is asked on that host
    too, so that a local server's clients never reach the real one.

    >>> idconv_address("http://127.0.0.1:8765/entrez/eutils")
    'http://127.0.0.1:8765/tools/idconv/api/v1/articles/'
    """
    parts = urlsplit(entrez_base_url)
    host = parts.hostname or ""
    is_ncbi = host == _NCBI or host.endswith(f".{_NCBI}")
    return IDCONV_ADDRESS if is_ncbi else f"{parts.scheme}://{parts.netloc}{_IDCONV_PATH}"


def doi_address(settings: RegistriesSettings) -> str:
    """Return where DOIs are sent on to their agencies, without a slash at the end.

    That is doi.org, or what the settings say; beside another Crossref than the real one it is that server, so that a
    local server's clients never reach the world.

    >>> doi_address(RegistriesSettings(crossref={"base_url": "http://127.0.0.1:8765"}))
    'http://127.0.0.1:8765'
    """
    host = urlsplit(settings.crossref.base_url).hostname or ""
    if "base_url" in settings.doi.model_fields_set or host == _CROSSREF or host.endswith(f".{_CROSSREF}"):
        return settings.doi.base_url.rstrip("/")
    return settings.crossref.base_url.rstrip("/")


def _next_hop(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return ""


def _limiters(settings: RegistriesSettings, api_key: str | None, stopping: threading.Event) -> dict[Source, Limiter]:
    crossref, entrez = settings.crossref, settings.entrez
    rates = {"list": crossref.list_requests_per_s, "single": crossref.single_requests_per_s}
    at_once = _POLITE_AT_ONCE
    if not settings.mailto:
        # Without a contact all are in the public pool; a rate that the user set stays, but for the real Crossref.
        is_chosen = {"list_requests_per_s", "single_requests_per_s"} & crossref.model_fields_set
        if not is_chosen or not _is_loopback(crossref.base_url):
            public = {"list": _PUBLIC_LIST_PER_S, "single": _PUBLIC_SINGLE_PER_S}
            rates = {name: min(rate, public[name]) for name, rate in rates.items()}
        at_once = _PUBLIC_AT_ONCE
    rate = entrez.requests_per_s
    if api_key and "requests_per_s" not in entrez.model_fields_set:
        rate = _NCBI_WITH_KEY_PER_S
    ncbi = Limiter({"all": rate}, _NCBI_AT_ONCE, stopping)
    # NCBI counts all its utilities together.
    return {
        Source.CROSSREF: Limiter(rates, at_once, stopping),
        Source.PUBMED: ncbi,
        Source.IDCONV: ncbi,
        Source.AGENCY: Limiter({"all": settings.doi.requests_per_s}, _POLITE_AT_ONCE, stopping),
    }


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _read(answer: httpx2.Response, request: httpx2.Request, source: Source, longest_s: float) -> httpx2.Response:
    """Return the answer with its whole body, up to a size and a time that no honest answer takes."""
    until = time.monotonic() + longest_s
    chunks: list[bytes] = []
    size = 0
    for chunk in answer.iter_bytes():
        size += len(chunk)
        if size > _MAX_BODY_BYTES:
            raise SourceAnswerError(f"{source}: the answer is larger than {_MAX_BODY_BYTES:,} bytes", source)
        if time.monotonic() > until:
            # Each byte in time is no answer in time.
            raise SourceUnavailableError(f"{source}: no whole answer in {longest_s:.0f} s", source)
        chunks.append(chunk)
    # The body is unpacked now; these two describe it as it was sent.
    headers = [
        (name, value)
        for name, value in answer.headers.multi_items()
        if name.lower() not in {"content-encoding", "content-length"}
    ]
    return httpx2.Response(answer.status_code, headers=headers, content=b"".join(chunks), request=request)


def _learn(limiter: Limiter, pool: str, response: httpx2.Response) -> float | None:
    """Take limits and pauses over from an answer's headers.

    Returns:
        The seconds that the registry wants to be left alone, where that is longer than a run waits.
    """
    headers = response.headers
    limit = _number(headers.get("x-rate-limit-limit") or headers.get("x-ratelimit-limit"))
    interval = _seconds(headers.get("x-rate-limit-interval")) or 1.0
    concurrency = _number(headers.get("x-concurrency-limit"))
    limiter.learn(pool, limit / interval if limit else None, int(concurrency) if concurrency else None)
    asked_s = retry_after_s(headers.get("retry-after"))
    is_refused = response.status_code == _TOO_MANY or bool(_RATE_LIMIT_BODY.match(response.content[:200]))
    if asked_s is not None and (is_refused or response.status_code == _UNAVAILABLE):
        if asked_s > MAX_RETRY_AFTER_S:
            return asked_s
        limiter.pause(asked_s)
    elif is_refused:
        limiter.pause(_PAUSE_AFTER_REFUSAL_S)
    return None


def _seconds(text: str | None) -> float | None:
    """Return a duration such as "1s", "500ms" or "1m" in seconds.

    >>> _seconds("1s"), _seconds("500ms"), _seconds("1m"), _seconds("soon")
    (1.0, 0.5, 60.0, None)
    """
    said = re.fullmatch(r"\s*([0-9.]+)\s*(ms|s|m|h)?\s*", text or "")
    number = _number(said.group(1)) if said else None
    return number * _UNITS_S[said.group(2) or "s"] if said and number is not None else None


def _number(text: str | None) -> float | None:
    return float(text) if text and re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,6})?", text.strip()) else None
