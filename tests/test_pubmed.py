from __future__ import annotations

import json
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

import pytest
from registries import DATA, WAKEFIELD, Answer, doi, pmcid, pmid, scripted, settings

from evidence.errors import SourceAnswerError, SourceUnavailableError
from evidence.records import AuthorName, NoticeRecord, RelationRecord
from evidence.replay.server import serving
from evidence.resolve import pubmed
from evidence.resolve.http import connected
from evidence.vocabulary import NoticeKind, RelationKind

XML = {"Content-Type": "text/xml; charset=UTF-8"}
EMPTY = "<PubmedArticleSet></PubmedArticleSet>"


def recorded():
    files = [DATA / "pubmed/records.xml", *sorted((DATA / "transcribed/pubmed").glob("*.xml"))]
    return {article.pmid: article for file in files for article in pubmed.read_answer(file.read_bytes())}


RECORDS = {name: article.record for name, article in recorded().items()}


def article(inner="", citation="", pubmed_data=""):
    return pubmed.read_payload(
        f"<PubmedArticle><MedlineCitation><PMID>1</PMID><Article>{inner}</Article>{citation}</MedlineCitation>"
        f"<PubmedData>{pubmed_data}</PubmedData></PubmedArticle>".encode(),
    )


def corrections(kind, source="", number="7"):
    return (
        f'<CommentsCorrectionsList><CommentsCorrections RefType="{kind}"><RefSource>{source}</RefSource>'
        f"<PMID>{number}</PMID></CommentsCorrections></CommentsCorrectionsList>"
    )


def dated(inner):
    return article(f"<Journal><JournalIssue><PubDate>{inner}</PubDate></JournalIssue></Journal>").date


def asking(server, **registries):
    return connected(settings(server.url, **registries).registries)


def test_every_recorded_article_maps_and_keeps_its_own_xml():
    for name, found in recorded().items():
        assert found.payload.startswith(b"<Pubmed")
        assert pubmed.read_payload(found.payload) == found.record
        assert pmid(name) in found.record.identifiers


def test_wakefield_is_retracted_twice_and_under_concern():
    work = RECORDS["9500320"]
    assert work.identifiers == (pmid("9500320"), doi(WAKEFIELD))
    assert [(notice.kind, notice.date, notice.identifier.value) for notice in work.notices] == [
        (NoticeKind.RETRACTION, "2004-03-06", "15016483"),
        (NoticeKind.RETRACTION, "2010-02-06", "20137807"),
        (NoticeKind.EXPRESSION_OF_CONCERN, "2011-11", "21971344"),
    ]
    assert (work.pages, work.date, work.container_short) == ("637-641", "1998-02-28", "Lancet")
    assert work.title.endswith("disorder in children")
    assert work.origin == "transcribed"


def test_a_retraction_notice_is_not_flagged_itself():
    assert RECORDS["31541003"].notices[0].identifier == pmid("32167152")
    notice = RECORDS["32167152"]
    assert notice.notices == ()
    assert notice.publication_types == ("Retraction of Publication",)
    said = NoticeRecord(NoticeKind.RETRACTION, notice.date)
    assert notice.relations == (RelationRecord(RelationKind.IS_NOTICE_OF, "pmid", "31541003", said),)


def test_the_type_alone_retracts():
    types = "<PublicationTypeList><PublicationType>Retracted Publication</PublicationType></PublicationTypeList>"
    assert article(types).notices == (NoticeRecord(NoticeKind.RETRACTION),)


def test_a_book_is_read():
    work = RECORDS["21413195"]
    assert work.identifiers == (pmid("21413195"),)
    assert work.type in {"book", "book-chapter"}
    assert work.title


def test_words_for_no_number_are_no_number():
    issue = "<JournalIssue><Volume>n/a</Volume><Issue>null</Issue></JournalIssue>"
    work = article(f"<Journal>{issue}</Journal><Pagination><MedlinePgn>n/a-n/a</MedlinePgn></Pagination>")
    assert (work.volume, work.issue, work.pages) == (None, None, None)
    pages = "<StartPage>12</StartPage><EndPage>n/a</EndPage>"
    assert article(f"<Journal/><Pagination>{pages}</Pagination>").pages == "12"


def test_collectives_are_authors_and_people_have_an_orcid():
    assert [author.collective for author in RECORDS["34843274"].authors if author.collective]
    listed = (
        '<AuthorList><Author ValidYN="N"><LastName>Old</LastName></Author><Author><LastName>Curie</LastName>'
        '<Initials>M</Initials><Identifier Source="ORCID">http://orcid.org/0000-0002-1825-0097</Identifier></Author></AuthorList>'
    )
    assert article(listed).authors == (AuthorName("Curie", "M", "0000-0002-1825-0097"),)


def test_only_the_year_of_a_range_is_certain():
    assert dated("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>") == "1998"
    assert dated("<Year>2019</Year><Season>Winter</Season>") == "2019"
    assert dated("<Year>2019</Year><Month>Feb</Month><Day>3</Day>") == "2019-02-03"
    assert dated("<Year>2019</Year><Month>02</Month>") == "2019-02"


def test_a_translated_title_loses_its_brackets_and_a_missing_one_is_the_vernacular():
    assert (
        article("<ArticleTitle>[On ferns].</ArticleTitle><VernacularTitle>Farne</VernacularTitle>").title == "On ferns"
    )
    assert (
        article("<ArticleTitle>[Not Available].</ArticleTitle><VernacularTitle>Farne.</VernacularTitle>").title
        == "Farne"
    )
    assert RECORDS["38048813"].title


def test_identifiers_are_the_records_own_and_not_its_references():
    ids = '<ArticleIdList><ArticleId IdType="doi">10.1/Own</ArticleId><ArticleId IdType="pmc">PMC12.1</ArticleId></ArticleIdList>'
    references = '<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1/other</ArticleId></ArticleIdList></Reference></ReferenceList>'
    assert article(pubmed_data=ids + references).identifiers == (pmid("1"), doi("10.1/own"), pmcid("PMC12"))


def test_a_preprint_and_its_article_name_each_other():
    assert RECORDS["36156117"].relations == (
        RelationRecord(RelationKind.HAS_PREPRINT, "pmid", "35794888"),
        RelationRecord(RelationKind.HAS_PREPRINT, "doi", "10.21203/rs.3.rs-1800050/v1"),
    )
    types = "<PublicationTypeList><PublicationType>Preprint</PublicationType></PublicationTypeList>"
    preprint = article(types, corrections("UpdateIn", "Cell. 2020 Jan;1(1):1."))
    assert preprint.relations == (RelationRecord(RelationKind.IS_PREPRINT_OF, "pmid", "7"),)
    assert preprint.type == "posted-content"


def test_an_update_of_a_review_is_no_preprint():
    updated = article(citation=corrections("UpdateIn", "Cochrane Database Syst Rev. 2020 Jan 1;1:CD1."))
    assert [notice.kind for notice in updated.notices] == [NoticeKind.NEW_VERSION]
    assert article(citation=corrections("UpdateOf", "Cochrane Database Syst Rev. 2010;1:CD1.")).relations == ()


@pytest.mark.parametrize(
    ("kind", "notice", "relation"),
    [
        ("ErratumIn", NoticeKind.ERRATUM, None),
        ("ErratumFor", None, RelationKind.IS_NOTICE_OF),
        ("CommentOn", None, RelationKind.IS_COMMENT_ON),
        ("CorrectedandRepublishedIn", NoticeKind.CORRECTION, RelationKind.REPUBLISHED),
        ("CorrectedandRepublishedFrom", None, RelationKind.REPUBLISHED),
        ("PartialRetractionIn", NoticeKind.PARTIAL_RETRACTION, None),
        ("PartialRetractionOf", None, RelationKind.IS_NOTICE_OF),
        ("RetractionOf", None, RelationKind.IS_NOTICE_OF),
        ("ExpressionOfConcernIn", NoticeKind.EXPRESSION_OF_CONCERN, None),
        ("ExpressionOfConcernFor", None, RelationKind.IS_NOTICE_OF),
        ("RepublishedIn", None, RelationKind.REPUBLISHED),
        ("RetractedandRepublishedFrom", None, RelationKind.REPUBLISHED),
        ("RetractedandRepublishedIn", NoticeKind.RETRACTION, RelationKind.REPUBLISHED),
        ("CommentIn", None, None),
        ("Cites", None, None),
    ],
)
def test_what_is_said_of_other_papers(kind, notice, relation):
    work = article(citation=corrections(kind, "Lancet. 2004 Mar 6;363:750."))
    assert [one.kind for one in work.notices] == ([notice] if notice else [])
    assert [one.kind for one in work.relations] == ([relation] if relation else [])


def test_trials_are_relations():
    bank = (
        "<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>"
        "<AccessionNumber>NCT02149199</AccessionNumber></AccessionNumberList></DataBank></DataBankList>"
    )
    assert article(bank).relations == (RelationRecord(RelationKind.SAME_TRIAL, "nct", "NCT02149199"),)


def test_types_and_mesh_are_kept_as_pubmed_writes_them():
    assert "Systematic Review" in RECORDS["33856845"].publication_types
    assert "Randomized Controlled Trial" in RECORDS["29"].publication_types
    assert {"Humans"} <= set(RECORDS["29"].mesh) | set(RECORDS["35830032"].mesh) | set(RECORDS["12091962"].mesh)


def test_asked_and_answered_are_compared():
    with serving([DATA]) as server, connected(settings(server.base_url).registries) as connection:
        answer = pubmed.fetch(connection, ["9500320", "40482261"])
        assert (list(answer.found), answer.absent) == (["9500320"], ["40482261"])
        assert pubmed.confirm_absent(connection, ["9500320", "40482261"]) == {"40482261"}


def test_an_empty_answer_alone_confirms_nothing():
    known = json.dumps({"result": {"uids": ["1"], "1": {"uid": "1", "title": "A"}}})
    with scripted(Answer(EMPTY, headers=XML), Answer(known)) as server, asking(server) as connection:
        assert pubmed.fetch(connection, ["1"]).absent == ["1"]
        assert pubmed.confirm_absent(connection, ["1"]) == set()


def test_dois_are_searched_as_phrases_in_one_post():
    found = Answer("<eSearchResult><Count>1</Count><IdList><Id>7</Id></IdList></eSearchResult>", headers=XML)
    with scripted(found) as server, asking(server) as connection:
        assert pubmed.search(connection, ["10.1/a(1)", "10.1/b"]) == ["7"]
    form = parse_qs(server.asked[0].body)
    assert form["term"] == ['"10.1/a(1)"[doi] OR "10.1/b"[doi]']
    assert int(form["retmax"][0]) > 2


@pytest.mark.parametrize(
    "fault",
    [
        Answer("", 500, {}),
        Answer('{"error":"API rate limit exceeded","api-key":"203.0.113.7"}', 429),
        Answer('{"error":"API rate limit exceeded","api-key":"203.0.113.7"}', 200),
        Answer("<html>busy</html>", headers={"Content-Type": "text/html"}),
        Answer("<PubmedArticleSet><PubmedArticle>", headers=XML),
        Answer(EMPTY, cut=True),
        Answer(drop=True),
        Answer("<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>", headers=XML),
    ],
    ids=["500", "429", "429 in a 200", "HTML", "cut XML", "cut", "drop", "ERROR"],
)
def test_faults_pass(fault):
    with scripted(fault, Answer(EMPTY, headers=XML)) as server, asking(server) as connection:
        assert pubmed.fetch(connection, ["1"]).absent == ["1"]


def test_declared_entities_are_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><PubmedArticleSet>&b;</PubmedArticleSet>'
    with pytest.raises(SourceAnswerError):
        pubmed.read_answer(bomb.encode())


def test_a_doctype_of_a_year_nobody_knows_is_no_matter():
    head = '<?xml version="1.0" ?><!DOCTYPE PubmedArticleSet PUBLIC "x" "http://dtd.example.org/pubmed_990101.dtd">'
    assert pubmed.read_answer((head + EMPTY).encode()) == []


def test_an_error_of_ours_in_the_query_is_not_repeated():
    refusal = "<eSearchResult><ERROR>Invalid field tag</ERROR></eSearchResult>"
    with scripted(Answer(refusal, headers=XML)) as server, asking(server) as connection:
        with pytest.raises(SourceAnswerError):
            pubmed.search(connection, ["10.1/a"])
        assert len(server.asked) == 1


def test_a_record_without_end_is_an_error():
    with pytest.raises(SourceUnavailableError):
        pubmed.read_answer(b"<PubmedArticleSet><PubmedArticle><PMID>1</PMID>")


@pytest.mark.parametrize(
    ("title", "kinds"),
    [
        ("RETRACTED: Bone and age.", ["retraction"]),
        ("WITHDRAWN: Bone and age.", ["withdrawal"]),
        ("Retraction: Bone and age.", []),
        ("Withdrawn patients and bone.", []),
    ],
)
def test_a_mark_in_a_title_counts_where_nothing_else_does(title, kinds):
    record = pubmed.read_article(
        ET.fromstring(
            f"<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>{title}</ArticleTitle></Article>"
            "</MedlineCitation></PubmedArticle>"
        )
    )
    assert [(one.kind, one.asserted_by) for one in record.notices] == [(kind, "title") for kind in kinds]


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("[The liver in winter].", "The liver in winter"),
        ("[The liver in winter.]", "The liver in winter"),
        ("[[18F]FDG in the liver].", "[18F]FDG in the liver"),
        ("[Retracted] Effects of [18F].", "[Retracted] Effects of [18F]"),
        ("[11C]PIB and [18F]FDG in [brain].", "[11C]PIB and [18F]FDG in [brain]"),
        ("[18F]FDG in the liver.", "[18F]FDG in the liver"),
        ("[Open bracket of [18F].", "[Open bracket of [18F]"),
    ],
)
def test_brackets_of_a_translated_title_are_one_pair(sent, read):
    element = ET.fromstring(
        f"<PubmedArticle><MedlineCitation><Article><ArticleTitle>{sent}</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    )
    assert pubmed.read_article(element).title == read
