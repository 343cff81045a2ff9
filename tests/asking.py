"""How the tests of the replay server ask it: over real HTTP, without following redirects."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from xml.etree import ElementTree as ET


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self):
        return json.loads(self.body)

    def xml(self):
        return ET.fromstring(self.body)


class KeepRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), KeepRedirects)


def ask(url, form=None, method=None, **headers):
    data = urllib.parse.urlencode(form).encode() if form is not None else None
    return send(urllib.request.Request(url, data, {k.replace("_", "-"): v for k, v in headers.items()}, method=method))


def send(request, timeout=10):
    try:
        with OPENER.open(request, timeout=timeout) as reply:
            status, sent, body = reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as error:
        with error:
            status, sent, body = error.code, error.headers, error.read()
    return Answer(status, {name.lower(): value for name, value in sent.items()}, body)


def quoted(doi):
    return urllib.parse.quote(doi, safe="")


def works_url(server, dois, **parameters):
    query = {"filter": ",".join(f"doi:{doi}" for doi in dois), **parameters}
    return f"{server.crossref_url}/works?{urllib.parse.urlencode(query)}"


def entrez_url(server, utility, **parameters):
    return f"{server.entrez_url}/{utility}.fcgi?{urllib.parse.urlencode({'db': 'pubmed', **parameters})}"
