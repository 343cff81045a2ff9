"""Whatever a registry sends, a look-up ends in one of the four outcomes, and nothing that is no identifier is stored."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, seed
from hypothesis import settings as trying
from hypothesis import strategies as st
from registries import Answer, citing, doi, pmcid, pmid, scripted, settings

from evidence.resolve.retrying import retry_after_s
from evidence.resolve.run import resolve
from evidence.resolve.stated import stated_count, stated_date, stated_doi, stated_pmcid, stated_pmid
from evidence.store import models
from evidence.store.database import reading, writing
from evidence.vocabulary import Outcome, Scheme

MEMORY = "sqlite://"
NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
COUNT = 12
DOIS = [f"10.1000/a{number}" for number in range(COUNT)]
OTHER_DOIS = [f"10.5061/b{number}" for number in range(COUNT)]
PMIDS = [str(number) for number in range(101, 101 + COUNT)]
PMCIDS = [f"PMC{number}" for number in range(201, 201 + COUNT)]
XML = {"Content-Type": "text/xml"}
CSL = {"Content-Type": "application/vnd.citationstyles.csl+json"}
NOT_FOUND = Answer("Resource not found.", 404, {"Content-Type": "text/plain"})
ROUTES = ("work", "agency", "csl", "efetch", "esearch", "esummary", "idconv")

# What has broken readers of numbers, dates and identifiers: digits of other scripts, more of them than Python reads,
# halves of characters, signs, numbers for texts, nothing at all.
TEXTS = (
    "", " ", "abc", "-1", "0", "007", "²", "١٢", "½", "9" * 5000, "1e9", "inf", "NaN", "0x1F", "1_000", "12.5", "\u2028",
    "031999", "001" + "0" * 5000, "Feb", "2020 Feb 99", "X. 2020 Feb 30;1", "0000", "99999", "٢٠٢٠", "10.", "10.1000/",
    "10.1000/x", "not a doi", "PMC", "PMC" + "9" * 5000, "NCT٠١٢٣٤٥٦٧", "[", "[]", "<i>", "<math>", "&#xD800;", "&", "]" * 50,
    "RETRACTED:", "Wed, 21 Oct 99999999999999999999 07:28:00 GMT", "2020-13-45", "9" * 30 + "-1", "S" + "9" * 99 + "-" + "1" * 99,
)  # fmt: skip
VALUES = (
    *TEXTS,
    None,
    True,
    0,
    -1,
    10**40,
    1.5,
    [],
    {},
    [None],
    [[]],
    {"x": 1},
    [{}],
    "\ud800",
    "10.1000/\ud800",
    "\x00",
)


class Spoiled:
    """Answers every route rightly but one, of which any part may be something else."""

    def __init__(self, route, number, who=""):
        self.route = route
        self.number = number
        self.who = who

    def about(self, who):
        """The same for one identifier, of which other parts are something else."""
        return Spoiled(self.route, self.number, who)

    def part(self, route, name, right, values=VALUES):
        chance = random.Random(f"{self.number} {self.who} {name}")
        return chance.choice(values) if route == self.route and chance.random() < 0.4 else right

    def json(self, route, members):
        return {name: self.part(route, name, right) for name, right in members.items()}

    def xml(self, name, right):
        text = self.part("efetch", name, right, TEXTS)
        return f"<{name.split()[0].partition('.')[0]}>{_xml(text)}</{name.split()[0].partition('.')[0]}>"

    def __call__(self, asked):
        parts = urlsplit(asked.path)
        if parts.path == "/works":
            names = re.findall("doi:([^,]+)", parse_qs(parts.query)["filter"][0])
            return _json({"message": {"items": [self.about(one).work() for one in names if one in DOIS]}})
        if parts.path.startswith("/works/"):
            name = unquote(parts.path).removeprefix("/works/").removesuffix("/agency")
            if parts.path.endswith("/agency"):
                return self.about(name).agency() if name in OTHER_DOIS else NOT_FOUND
            return _json({"message": self.about(name).work()}) if name in DOIS else NOT_FOUND
        if "idconv" in parts.path:
            return _json(
                {"records": [self.about(one).conversion() for one in parse_qs(parts.query)["ids"][0].split(",")]}
            )
        if parts.path.endswith(".fcgi"):
            return getattr(self, parts.path.rpartition("/")[2].removesuffix(".fcgi"))(parse_qs(asked.body))
        return self.about(unquote(parts.path).removeprefix("/")).set_of_data()

    def conversion(self):
        return self.json("idconv", {"requested-id": self.who, "pmcid": self.who, "pmid": 7, "doi": "10.1000/c"})

    def set_of_data(self):
        right = {
            "DOI": self.who, "type": "dataset", "title": "A set", "author": [self.json("csl", {"family": "Ng"})],
            "issued": self.part("csl", "when", {"date-parts": [[self.part("csl", "y", 2020), self.part("csl", "m", 2)]]}),
            "ISSN": "1234-5678", "page": "1", "publisher": "Dryad", "container-title": "X", "language": "en",
        }  # fmt: skip
        return _json(self.json("csl", right), CSL)

    def work(self):
        date = {"date-parts": [[self.part("work", name, right) for name, right in (("y", 2020), ("m", 2), ("d", 3))]]}
        notice = self.json("work", {"type": "retraction", "updated": date, "record-id": 5, "source": "publisher"})
        notice["DOI"] = self.part("work", "notice", "10.1000/n")
        right = {
            "DOI": self.who, "aliases": ["10.1000/old"], "title": ["A title"], "author": [self.json("work", {"family": "Ng"})],
            "issued": date, "container-title": ["X"], "update-to": [notice], "updated-by": [notice], "ISSN": ["1234-5678"],
            "relation": self.json("work", {"has-preprint": [{"id-type": "doi", "id": "10.1101/x"}]}), "page": "1-9",
            "type": "journal-article", "clinical-trial-number": [self.json("work", {"clinical-trial-number": "NCT01234567"})],
        }  # fmt: skip
        return self.json("work", right)

    def agency(self):
        return _json({"message": {"agency": self.json("agency", {"id": "datacite", "label": "DataCite"})}})

    def efetch(self, form):
        asked = form["id"][0].split(",")
        return Answer(
            f"<PubmedArticleSet>{''.join(self.about(one).article() for one in asked)}</PubmedArticleSet>", 200, XML
        )

    def article(self):
        ids = {"doi": f"10.1000/p{self.who}", "pmc": f"PMC{self.who}"}
        listed = "".join(
            f'<ArticleId IdType="{kind}">{_xml(self.part("efetch", kind, right, TEXTS))}</ArticleId>'
            for kind, right in ids.items()
        )
        date = self.xml("Year", "2020") + self.xml("Month", "Feb") + self.xml("Day", "3")
        return (
            f"<PubmedArticle><MedlineCitation>{self.xml('PMID', self.who)}<Article><Journal><JournalIssue><PubDate>"
            f"{self.part('efetch', 'PubDate', date, ('', '<MedlineDate>٢٠٢٠</MedlineDate>'))}</PubDate></JournalIssue>"
            f"</Journal>{self.xml('ArticleTitle', 'A title.')}<Pagination>{self.xml('MedlinePgn', '1-9')}</Pagination>"
            f"{self.xml('Language', 'eng')}<DataBankList><DataBank><AccessionNumberList>"
            f"{self.xml('AccessionNumber', 'NCT01234567')}</AccessionNumberList></DataBank></DataBankList></Article>"
            f'<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn">'
            f"{self.xml('RefSource', 'X. 2020 Feb 3;1:2. doi: 10.1000/n.')}{self.xml('PMID.ref', '9')}"
            f"</CommentsCorrections></CommentsCorrectionsList></MedlineCitation><PubmedData><ArticleIdList>{listed}"
            "</ArticleIdList></PubmedData></PubmedArticle>"
        )

    def esearch(self, form):
        this = self.about(form["term"][0])
        listed = _xml(this.part("esearch", "Id", "7", TEXTS))
        count = _xml(this.part("esearch", "Count", "1", TEXTS))
        return Answer(
            f"<eSearchResult><Count>{count}</Count><IdList><Id>{listed}</Id></IdList></eSearchResult>", 200, XML
        )

    def esummary(self, form):
        numbers = form["id"][0].split(",")
        told = {"refsource": "X. 2020 Feb 3;1:2.", "reftype": "Retraction in", "pmid": 9}
        right = {"pubtype": ["Journal Article"], "pubdate": "2020 Feb 3", "title": "A title."}
        summaries = {}
        for one in numbers:
            this = self.about(one)
            summaries[one] = this.json("esummary", {"uid": one, "references": [this.json("esummary", told)], **right})
        return _json({"result": {"uids": numbers, **summaries}})


def _json(content, headers=None):
    return Answer(json.dumps(content), 200, headers or {"Content-Type": "application/json"})


def _xml(text):
    return escape(re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd]", "", text))


def is_identifier(scheme, value):
    shapes = {Scheme.DOI: r"10\.[0-9][0-9.]*/.+", Scheme.PMID: r"[1-9][0-9]{0,9}", Scheme.PMCID: r"PMC[1-9][0-9]{0,9}"}
    return re.fullmatch(shapes[Scheme(scheme)], value) is not None


@pytest.mark.parametrize("route", ROUTES)
@seed(20261121)
@given(number=st.integers(0, 10**6))
@trying(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
def test_no_part_of_an_answer_ends_a_run(route, number):
    with scripted(Spoiled(route, number)) as server:
        engine = citing(MEMORY, *map(doi, DOIS + OTHER_DOIS), *map(pmid, PMIDS), *map(pmcid, PMCIDS))
        local = settings(server.url, tries=1)
        for days in (0, 8):
            with writing(engine) as session:
                # Else the second run would wait for what the first one asked.
                session.execute(sa.delete(models.Registry))
            summary = resolve(engine, local, now=NOW + dt.timedelta(days=days))
            # That nothing had to be caught as beyond reading: each reader knows what it does not take.
            assert [one for one in summary.failed if "could not be read" in one.reason] == []
    with reading(engine) as session:
        outcomes = set(session.scalars(sa.select(models.Lookup.outcome)))
        rows = list(session.execute(sa.select(models.WorkIdentifier.scheme, models.WorkIdentifier.value)))
        dates = {date for date in session.scalars(sa.select(models.Work.date)) if date}
        dates |= {date for date in session.scalars(sa.select(models.Notice.date)) if date}
    assert outcomes <= set(Outcome)
    assert [row for row in rows if not is_identifier(*row)] == []
    assert [date for date in dates if not is_date(date)] == []


def is_date(text):
    try:
        dt.date.fromisoformat(text + "-01-01"[: 10 - len(text)] if len(text) == 4 else f"{text}-01"[:10])
    except ValueError:
        return False
    return True


@given(st.one_of(st.sampled_from(VALUES), st.text(), st.integers(), st.floats(), st.dates().map(str)))
def test_what_a_registry_states_is_a_value_or_nothing(value):
    assert (said := stated_doi(value)) is None or is_identifier("doi", said)
    assert (said := stated_pmid(value)) is None or is_identifier("pmid", said)
    assert (said := stated_pmcid(value)) is None or is_identifier("pmcid", said)
    assert stated_count(value) is None or stated_count(value) >= 0
    assert (said := stated_date(2024, value, value)) is not None
    assert is_date(said)
    assert (said := stated_date(value, "2", value)) is None or is_date(said)


@given(st.one_of(st.sampled_from(TEXTS), st.text(), st.datetimes().map(lambda one: f"{one:%a, %d %b %Y %T} GMT")))
def test_a_wait_is_a_time_or_nothing(value):
    wait_s = retry_after_s(value)
    assert wait_s is None or 0 <= wait_s <= 7 * 86_400
