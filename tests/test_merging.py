from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st
from registries import DATA, WAKEFIELD, doi, pmcid, pmid

from evidence.records import AuthorName, NoticeRecord, WorkRecord
from evidence.resolve import pubmed
from evidence.resolve.crossref import read_work
from evidence.resolve.merging import disputed_references, group_records, merge_group, merge_records
from evidence.vocabulary import NoticeKind, Source


def crossref_record(name, **fields):
    return WorkRecord(Source.CROSSREF, (doi(name),), **fields)


def pubmed_record(number, *others, **fields):
    return WorkRecord(Source.PUBMED, (pmid(number), *others), **fields)


def wakefield():
    lines = (DATA / "crossref/works.jsonl").read_text().splitlines()
    work = next(json.loads(line)["work"] for line in lines if WAKEFIELD in line)
    (article,) = pubmed.read_answer((DATA / "transcribed/pubmed/9500320.xml").read_bytes())
    return read_work(work), article.record


def shape(groups):
    return sorted((sorted(map(str, group.identifiers)), group.conflicts) for group in groups)


def test_a_doi_and_a_pmid_of_one_work_are_one():
    groups = group_records([crossref_record("10.1/x"), pubmed_record("7", doi("10.1/x"), pmcid("PMC3"))])
    assert [set(group.identifiers) for group in groups] == [{doi("10.1/x"), pmid("7"), pmcid("PMC3")}]
    assert groups[0].identifiers[doi("10.1/x")] is Source.CROSSREF
    assert groups[0].identifiers[pmid("7")] is Source.PUBMED


def test_one_doi_with_two_pmids_is_kept_apart_and_said_on_both():
    records = [crossref_record("10.1/x"), pubmed_record("9", doi("10.1/x")), pubmed_record("10", doi("10.1/x"))]
    first, second = sorted(group_records(records), key=lambda group: len(group.identifiers), reverse=True)
    assert set(first.identifiers) == {pmid("9"), doi("10.1/x")}
    assert set(second.identifiers) == {pmid("10")}
    assert first.conflicts == second.conflicts != []
    assert set(disputed_references(first.conflicts)) == {pmid("9"), pmid("10")}


def test_two_dois_for_one_pmid_are_kept_apart():
    converted = WorkRecord(Source.IDCONV, (pmcid("PMC3"), pmid("7"), doi("10.1/z")))
    groups = group_records([pubmed_record("7", doi("10.1/x")), crossref_record("10.1/z"), converted])
    assert len(groups) == 2
    assert any("10.1/z" in text for group in groups for text in group.conflicts)


def test_a_retraction_is_not_lost_over_a_dispute():
    retraction = NoticeRecord(NoticeKind.RETRACTION)
    records = [pubmed_record("9", doi("10.1/x")), pubmed_record("10", doi("10.1/x"), notices=(retraction,))]
    holder = next(group for group in group_records(records) if doi("10.1/x") in group.identifiers)
    assert (Source.PUBMED, retraction) in merge_group(holder).notices


def test_the_order_of_records_changes_nothing():
    records = [
        crossref_record("10.1/x"),
        crossref_record("10.1/z"),
        pubmed_record("9", doi("10.1/x")),
        pubmed_record("10", doi("10.1/x")),
        WorkRecord(Source.IDCONV, (pmcid("PMC3"), pmid("9"), doi("10.1/z"))),
    ]
    shapes = {json.dumps(shape(group_records(order))) for order in permutations(records)}
    assert len(shapes) == 1


NAMES = st.integers(1, 4).map(str)
RECORDS = st.lists(
    st.one_of(
        NAMES.map(lambda name: crossref_record(f"10.1/{name}")),
        st.tuples(NAMES, NAMES).map(lambda pair: pubmed_record(pair[0], doi(f"10.1/{pair[1]}"))),
        st.tuples(NAMES, NAMES, NAMES).map(
            lambda three: WorkRecord(Source.IDCONV, (pmcid(f"PMC{three[0]}"), pmid(three[1]), doi(f"10.1/{three[2]}"))),
        ),
    ),
    max_size=8,
    unique_by=lambda record: record.identifiers[0],
)


@given(RECORDS)
def test_no_work_has_two_identifiers_of_a_scheme_and_none_is_lost(records):
    groups = group_records(records)
    for group in groups:
        schemes = [reference.scheme for reference in group.identifiers]
        assert len(schemes) == len(set(schemes))
    held = [reference for group in groups for reference in group.identifiers]
    assert len(held) == len(set(held))
    assert {record.identifiers[0] for record in records} <= set(held)
    assert sum(len(group.records) for group in groups) == len(records)


def test_wakefield_has_the_notices_of_both_and_the_better_title():
    merged = merge_records(wakefield())
    kinds = sorted((source, notice.kind, notice.date) for source, notice in merged.notices)
    assert kinds == [
        ("crossref", "correction", "2004-03-06"),
        ("crossref", "retraction", "2010-02-06"),
        ("pubmed", "expression-of-concern", "2011-11"),
        ("pubmed", "retraction", "2004-03-06"),
        ("pubmed", "retraction", "2010-02-06"),
    ]
    assert merged.fields["title"].startswith("Ileal-lymphoid")
    assert merged.field_sources["title"] == "pubmed"
    assert (merged.fields["pages"], merged.fields["container"]) == ("637-641", "The Lancet")
    assert merged.field_sources["origin"] == {"pubmed": "transcribed"}


def test_a_work_is_retracted_by_either_registry_alone():
    for record in wakefield():
        assert NoticeKind.RETRACTION in {notice.kind for _source, notice in merge_records([record]).notices}


def test_each_field_is_one_registrys_and_says_which():
    merged = merge_records(
        [crossref_record("10.1/x", volume="3"), pubmed_record("7", volume="4", mesh=("Humans",), pages="1-2")],
    )
    assert (merged.fields["volume"], merged.field_sources["volume"]) == ("3", "crossref")
    assert (merged.fields["pages"], merged.field_sources["pages"]) == ("1-2", "pubmed")
    assert merged.fields["mesh"] == ["Humans"]
    assert "issue" not in merged.field_sources


def test_the_same_authors_complete_each_other():
    one = crossref_record("10.1/x", authors=(AuthorName("Curie", "M", "0000-0002-1825-0097"), AuthorName("Lu", "X")))
    two = pubmed_record("7", authors=(AuthorName("Curie", "Marie"), AuthorName("Lu", "Yan")))
    merged = merge_records([one, two])
    assert merged.authors == (AuthorName("Curie", "Marie", "0000-0002-1825-0097"), AuthorName("Lu", "X"))
    assert merged.field_sources["authors"] == "crossref+pubmed"


def test_the_longer_list_of_authors_is_taken():
    people = tuple(AuthorName(name, "A") for name in ("Ash", "Birch", "Cedar"))
    merged = merge_records([crossref_record("10.1/x", authors=people[:1]), pubmed_record("7", authors=people)])
    assert merged.authors == people
    assert merge_records([replace(crossref_record("10.1/x"), authors=people)]).field_sources["authors"] == "crossref"
