from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote

import hypothesis
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from registries import DATA, WAKEFIELD, Answer, doi, scripted, settings

from evidence.errors import SourceAnswerError, SourceUnavailableError
from evidence.records import AuthorName, NoticeRecord, RelationRecord
from evidence.replay.server import serving
from evidence.resolve import crossref
from evidence.resolve.crossref import read_work
from evidence.resolve.http import connected
from evidence.vocabulary import NoticeKind, RelationKind

RECORDED = {
    line["doi"]: line["work"] for line in map(json.loads, Path(DATA / "crossref/works.jsonl").read_text().splitlines())
}
ODD_DOIS = [
    "10.1000/a#b",
    "10.1000/a?b=c",
    "10.1000/a b",
    "10.1000/a;b",
    "10.1000/a<b>c",
    "10.1000/a,b",
    "10.1000/a%2Fb",
    "10.1000/a\u00e9\u4e2d",
    "10.1000/../x",
    "10.1000/a//b/",
    "10.1000/a+b&c=d",
]


def test_university_of_a_thesis_is_not_the_library_that_registered_it():
    thesis = {
        "DOI": "10.1/x",
        "publisher": "University of Queensland Library",
        "institution": [{"name": "The University"}],
    }
    assert read_work({**thesis, "type": "dissertation"}).publisher == "The University"
    assert read_work({**thesis, "type": "book"}).publisher == "University of Queensland Library"
    assert read_work({**thesis, "type": "dissertation", "institution": [{}]}).publisher == thesis["publisher"]


def test_every_recorded_work_maps():
    works = [read_work(work) for work in RECORDED.values()]
    assert [work.identifiers[0].value for work in works] == list(RECORDED)


def test_wakefield_is_retracted_and_corrected_with_dates_and_notices():
    work = read_work(RECORDED[WAKEFIELD])
    assert work.notices == (
        NoticeRecord(
            NoticeKind.CORRECTION, "2004-03-06", doi("10.1016/s0140-6736(04)15715-2"), "retraction-watch", "17269"
        ),
        NoticeRecord(
            NoticeKind.RETRACTION, "2010-02-06", doi("10.1016/s0140-6736(10)60175-4"), "retraction-watch", "4036"
        ),
    )
    assert (work.volume, work.issue, work.pages, work.date) == ("351", "9103", "637-641", "1998-02")
    assert work.authors[0] == AuthorName("Wakefield", "AJ")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("10.1093/oed/1098765651", {"title": None}),
        ("10.1007/978-1-4302-0197-7_9", {"date": None, "type": "book-chapter"}),
        ("10.1155/2011/132985", {"title": "Topological Entropy and Special α-Limit Points of Graph Maps"}),
        ("10.3892/ijo_00000353", {"date": "2009-06-26"}),
        ("10.1371/journal.ppat.1008184", {"notices": (), "relations": ()}),
        ("10.7554/elife.55167.sa2", {"type": "peer-review"}),
        ("10.1101/2020.12.01.406702", {"type": "posted-content", "container": "bioRxiv"}),
    ],
)
def test_what_real_works_hold(name, expected):
    work = read_work(RECORDED[name])
    assert {field: getattr(work, field) for field in expected} == expected


def test_groups_are_collectives_and_people_of_one_name_have_a_family_name():
    authors = read_work(RECORDED["10.1063/1.2943531"]).authors
    assert [author.collective for author in authors if author.collective]
    assert read_work({"DOI": "10.1/x", "author": [{"given": "Plato"}]}).authors == (AuthorName("Plato"),)


def test_preprints_name_their_articles_and_the_other_way_round():
    preprint = read_work(RECORDED["10.5194/acp-2016-74"])
    assert preprint.relations == (RelationRecord(RelationKind.IS_PREPRINT_OF, "doi", "10.5194/acp-16-5595-2016"),)
    article = read_work(RECORDED["10.1002/ece3.2314"])
    assert {relation.kind for relation in article.relations} == {RelationKind.HAS_PREPRINT}


def test_a_notice_is_not_retracted_itself():
    update = {"DOI": "10.1/paper", "type": "retraction", "updated": {"date-parts": [[2010, 2, 6]]}}
    notice = read_work({"DOI": "10.1/notice", "title": ["Retracted: a paper"], "update-to": [update]})
    assert notice.notices == ()
    said = NoticeRecord(NoticeKind.RETRACTION, "2010-02-06")
    assert notice.relations == (RelationRecord(RelationKind.IS_NOTICE_OF, "doi", "10.1/paper", said),)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("addendum", NoticeKind.ADDENDUM),
        ("clarification", NoticeKind.CLARIFICATION),
        ("correction", NoticeKind.CORRECTION),
        ("corrigendum", NoticeKind.CORRIGENDUM),
        ("erratum", NoticeKind.ERRATUM),
        ("expression_of_concern", NoticeKind.EXPRESSION_OF_CONCERN),
        ("new_edition", NoticeKind.NEW_EDITION),
        ("new_version", NoticeKind.NEW_VERSION),
        ("partial_retraction", NoticeKind.PARTIAL_RETRACTION),
        ("removal", NoticeKind.REMOVAL),
        ("retraction", NoticeKind.RETRACTION),
        ("withdrawal", NoticeKind.WITHDRAWAL),
        ("reinstatement", NoticeKind.REINSTATEMENT),
        ("Retraction_in_part", NoticeKind.PARTIAL_RETRACTION),
        ("Expression of Concern", NoticeKind.EXPRESSION_OF_CONCERN),
        ("whatever", NoticeKind.OTHER),
    ],
)
def test_every_update_type_has_its_kind(name, kind):
    """The twelve of Crossref's deposit schema, Retraction Watch's reinstatement, and what deposits write besides."""
    work = read_work({"DOI": "10.1/x", "updated-by": [{"DOI": "10.1/n", "type": name}]})
    assert [notice.kind for notice in work.notices] == [kind]


@pytest.mark.parametrize(
    "said",
    [
        {"title": ["Withdrawn drugs: a randomized trial"]},
        {"title": ["Withdrawal of prednisone in asthma"]},
        {"title": ["Retraction notice to: A paper"], "update-to": [{"DOI": "10.1/paper", "type": "retraction"}]},
        {"title": ["Retracted: A paper"], "update-to": [{"DOI": "10.1/paper", "type": "retraction"}]},
        {
            "title": ["Comment on the retraction of a paper"],
            "relation": {"is-comment-on": [{"id": "10.1/n", "id-type": "doi"}]},
        },
        {
            "update-to": [{"DOI": "10.1/x", "type": "new_version"}],
            "updated-by": [{"DOI": "10.1/X", "type": "new_version"}],
        },
        {"update-to": [{"DOI": "10.1/paper", "type": "correction"}]},
    ],
)
def test_look_alikes_have_no_notice(said):
    assert read_work({"DOI": "10.1/x", **said}).notices == ()


def test_the_next_version_of_another_work_keeps_the_mark_in_its_title():
    update = {"DOI": "10.1/x.v1", "type": "new_version"}
    work = read_work({"DOI": "10.1/x.v2", "title": ["WITHDRAWN: A paper"], "update-to": [update]})
    assert [notice.kind for notice in work.notices] == [NoticeKind.WITHDRAWAL]


def test_a_mark_left_in_the_title_does_not_outlive_a_reinstatement():
    update = {"DOI": "10.1/n", "type": "reinstatement", "updated": {"date-parts": [[2012]]}}
    work = read_work({"DOI": "10.1/x", "title": ["RETRACTED: A paper"], "updated-by": [update]})
    assert [notice.kind for notice in work.notices] == [NoticeKind.REINSTATEMENT]


def test_a_work_withdrawn_in_its_own_place_is_withdrawn():
    update = {"DOI": "10.1/Paper", "type": "withdrawal", "source": "publisher"}
    work = read_work({"DOI": "10.1/paper", "update-to": [update]})
    assert work.notices == (NoticeRecord(NoticeKind.WITHDRAWAL, None, doi("10.1/paper"), "publisher"),)


@pytest.mark.parametrize("title", ["RETRACTED: A paper", "Retracted Article: A paper", "[WITHDRAWN] A paper"])
def test_a_mark_in_the_title_counts_where_no_notice_was_deposited(title):
    assert [notice.asserted_by for notice in read_work({"DOI": "10.1/x", "title": [title]}).notices] == ["title"]


@pytest.mark.parametrize("title", ["Retracted papers in surgery", "RETRACTION: A paper", "Removed tumours: a study"])
def test_other_titles_are_no_mark(title):
    assert read_work({"DOI": "10.1/x", "title": [title]}).notices == ()


def test_one_record_with_two_types_shows_both():
    updates = [{"DOI": "10.1/n", "type": kind, "record-id": "1"} for kind in ("expression_of_concern", "retraction")]
    kinds = [notice.kind for notice in read_work({"DOI": "10.1/x", "updated-by": updates}).notices]
    assert kinds == [NoticeKind.EXPRESSION_OF_CONCERN, NoticeKind.RETRACTION]


def test_trials_are_relations():
    numbers = [{"clinical-trial-number": "nct03797326", "registry": "10.18810/clinical-trials-gov"}]
    work = read_work({"DOI": "10.1/x", "clinical-trial-number": numbers})
    assert work.relations == (RelationRecord(RelationKind.SAME_TRIAL, "nct", "NCT03797326"),)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = ["title", "author", "issued", "updated-by", "update-to", "relation", "ISSN", "container-title", "page", "type"]


@hypothesis.settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.fixed_dictionaries({"DOI": st.just("10.1/x")}, optional=dict.fromkeys([*KEYS, "clinical-trial-number"], JSON))
)
def test_no_answer_however_wrong_crashes(message):
    assert read_work(message).identifiers == (doi("10.1/x"),)


def test_batches_hold_as_many_as_allowed_and_fit_one_request_line():
    short = [f"10.1000/{number:06}" for number in range(250)]
    assert [len(batch) for batch in crossref.batches(short, 100)] == [100, 100, 50]
    long = [f"10.1002/(sici)1097-4571(199{number:03})47:4<{'x' * 60}>3.0.co;2-e" for number in range(100)]
    with scripted(Answer(json.dumps({"message": {"items": [], "total-results": 0}}))) as server:
        with connected(settings(server.url).registries) as connection:
            for batch in crossref.batches(long, 100):
                crossref.ask_batch(connection, batch)
        lines = [f"GET {asked.path} HTTP/1.1" for asked in server.asked]
    assert len(lines) > 1
    assert max(map(len, lines)) <= crossref.MAX_REQUEST_LINE_BYTES


@pytest.mark.parametrize("name", ODD_DOIS)
def test_odd_dois_reach_the_server_whole(name):
    # Case says nothing in ASCII only.
    returned = "".join(char.upper() if char.isascii() else char for char in name)
    answer = json.dumps({"message": {"DOI": returned, "title": ["A"]}})
    with scripted(Answer(answer)) as server, connected(settings(server.url).registries) as connection:
        assert crossref.ask_single(connection, name)["DOI"] == returned
    assert unquote(server.asked[0].path) == f"/works/{name}"


def test_the_work_of_another_doi_is_refused():
    answer = json.dumps({"message": {"DOI": "10.1000/a", "title": ["Another"]}})
    with (
        scripted(Answer(answer)) as server,
        connected(settings(server.url).registries) as connection,
        pytest.raises(SourceAnswerError),
    ):
        crossref.ask_single(connection, "10.1000/a#b")


def test_what_was_not_asked_for_is_dropped_from_a_batch():
    items = [{"DOI": "10.1/B"}, {"DOI": "10.1/other"}, "no object"]
    answer = json.dumps({"message": {"items": items, "total-results": 3}})
    with scripted(Answer(answer)) as server, connected(settings(server.url).registries) as connection:
        assert crossref.ask_batch(connection, ["10.1/a", "10.1/b"]) == ({"10.1/b": {"DOI": "10.1/B"}}, ["10.1/a"])


def test_a_missing_work_is_none_and_a_throttled_one_is_not():
    with serving([DATA]) as server, connected(settings(server.base_url).registries) as connection:
        assert crossref.ask_single(connection, "10.1371/notarealdoi") is None
        assert crossref.ask_agency(connection, "10.48550/arxiv.2303.02917") == "DataCite"
        assert crossref.ask_agency(connection, "10.1371/notarealdoi") is None
    with (
        scripted(Answer(status=429, headers={"Retry-After": "0"})) as busy,
        connected(settings(busy.url, tries=1).registries) as connection,
        pytest.raises(SourceUnavailableError),
    ):
        crossref.ask_single(connection, "10.1371/notarealdoi")


HTML = Answer("<html>maintenance</html>", headers={"Content-Type": "text/html"})
GOOD = Answer(json.dumps({"message": {"DOI": "10.1/x", "items": [{"DOI": "10.1/x"}], "total-results": 1}}))


@pytest.mark.parametrize(
    "fault",
    [
        Answer("", 500, {}),
        Answer("", 503, {"Retry-After": "0"}),
        Answer("", 429, {"Retry-After": "0"}),
        Answer(GOOD.body, cut=True),
        Answer(drop=True),
        Answer('{"message": '),
        Answer(GOOD.body, headers={}),
        Answer('{"unrelated": true}'),
        HTML,
    ],
    ids=["500", "503", "429", "cut", "drop", "half JSON", "no type", "foreign", "HTML"],
)
def test_faults_pass_on_both_routes(fault):
    with scripted(fault, GOOD, fault, GOOD) as server, connected(settings(server.url).registries) as connection:
        assert crossref.ask_batch(connection, ["10.1/x"]).found
        assert crossref.ask_single(connection, "10.1/x")
        assert connection.requests == {"crossref": 4}


@pytest.mark.parametrize("none", ["null", "n/a", "-", "N/A"])
def test_words_for_no_number_are_no_number(none):
    message = {"DOI": "10.1000/x", "volume": none, "issue": none, "page": none, "article-number": none}
    work = read_work(message)
    assert (work.volume, work.issue, work.pages, work.article_number) == (None, None, None, None)
    assert read_work({"DOI": "10.1000/x", "page": f"{none}-{none}"}).pages is None
