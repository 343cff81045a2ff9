from __future__ import annotations

import time
from dataclasses import replace

import pytest
import sqlalchemy as sa

from evidence.extract import extract_page
from evidence.extract.encoding import stated
from evidence.records import Page
from evidence.store import models
from evidence.store.database import open_database, reading, writing
from evidence.store.matching import ClaimText, match_claims
from evidence.store.pages import PageChanges, delete_pages, rename_page, write_pages

BONE = """# Bone

RUNX2 drives bone formation in mice, as two knockouts show. [^komori-1997]

Loss in one allele causes cleidocranial dysplasia. [^otto-1997] #gap/needs-replication

[^komori-1997]: Komori 1997 Cell. doi:10.1016/S0092-8674(00)80258-5. PMID 9182763. in-vivo n=12
[^otto-1997]: Otto 1997 Cell. doi:10.1016/S0092-8674(00)80259-7
"""


@pytest.fixture
def engine(database_url):
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def write(engine, text, path="bone.md", **options):
    with writing(engine) as session:
        return write_pages(session, [extract_page(Page(path, text.encode()))], extractor="1", **options)


def claims(engine, path="bone.md"):
    """The ids and words of a page's claims, in its order."""
    query = sa.select(models.Claim.id, models.Claim.text).join(models.Page).where(models.Page.path == path)
    with reading(engine) as session:
        return [tuple(row) for row in session.execute(query.order_by(models.Claim.position))]


def ids(engine, path="bone.md"):
    return [name for name, _ in claims(engine, path)]


def count(engine, table):
    with reading(engine) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table))


def test_everything_of_a_page_is_in_the_tables(engine):
    changes = write(engine, BONE)
    with reading(engine) as session:
        page = session.scalars(sa.select(models.Page)).one()
        claim = page.claims[1]
        assert (page.path, page.format, page.extractor, len(page.sha256)) == ("bone.md", "markdown", "1", 64)
        assert changes == PageChanges(claims_new=len(page.claims))
        assert claim.text.startswith("Loss in one allele")
        assert BONE[claim.start : claim.end] == claim.text
        assert [tag.name for tag in claim.tags] == ["needs-replication"]
        note = next(note for note in page.notes if note.id == claim.citations[0].note_id)
        assert (note.key, note.primary_value) == ("otto-1997", "10.1016/s0092-8674(00)80259-7")


def test_note_keeps_what_it_states_as_extract_prints_it(engine):
    page = extract_page(Page("bone.md", BONE.encode()))
    write(engine, BONE)
    with reading(engine) as session:
        kept = session.scalars(sa.select(models.Note).order_by(models.Note.start)).all()
        assert [note.stated for note in kept] == [stated(note) for note in page.notes]


def test_identifiers_of_a_note_point_to_it(engine):
    write(engine, BONE)
    with reading(engine) as session:
        note = session.scalars(sa.select(models.Note).where(models.Note.key == "komori-1997")).one()
        assert [(one.scheme, one.value) for one in note.identifiers] == [
            ("doi", "10.1016/s0092-8674(00)80258-5"),
            ("pmid", "9182763"),
        ]


def test_writing_again_changes_nothing(engine):
    write(engine, BONE)
    before = claims(engine), count(engine, models.Identifier), count(engine, models.Citation)
    assert write(engine, BONE) == PageChanges()
    assert (claims(engine), count(engine, models.Identifier), count(engine, models.Citation)) == before


def test_claim_keeps_its_id_when_the_page_is_edited_elsewhere(engine):
    write(engine, BONE)
    before = ids(engine)
    changes = write(engine, BONE.replace("# Bone\n", "# Bone\n\nA new first sentence about cartilage.\n"))
    assert changes == PageChanges(claims_new=1)
    assert ids(engine)[-2:] == before[-2:]


def test_reworded_claim_keeps_its_id_and_counts_as_changed(engine):
    write(engine, BONE)
    before = ids(engine)
    assert write(engine, BONE.replace("as two knockouts show", "as three knockouts show")) == PageChanges(
        claims_changed=1
    )
    assert ids(engine) == before


def test_claim_with_one_more_mark_keeps_its_id(engine):
    write(engine, BONE)
    before = ids(engine)
    write(engine, BONE.replace("show. [^komori-1997]", "show. [^komori-1997][^otto-1997]"))
    assert ids(engine) == before


def test_claim_in_a_renamed_section_keeps_its_id(engine):
    write(engine, BONE)
    before = ids(engine)
    write(engine, BONE.replace("# Bone", "# Skeleton"))
    assert ids(engine) == before


def test_other_claim_in_its_place_gets_an_id_of_its_own(engine):
    write(engine, BONE)
    before = ids(engine)
    other = "Senolytics clear cells that no longer divide"
    changes = write(engine, BONE.replace("RUNX2 drives bone formation in mice, as two knockouts show", other))
    assert changes == PageChanges(claims_new=1, claims_gone=1)
    assert ids(engine)[0] not in before


def test_words_that_come_back_do_not_take_the_id_of_the_reworded_claim(engine):
    write(engine, BONE)
    reworded = BONE.replace("as two knockouts show", "as three knockouts show")
    write(engine, reworded)
    kept = dict(claims(engine))
    both = reworded + "\nRUNX2 drives bone formation in mice, as two knockouts show. [^komori-1997]\n"
    write(engine, both)
    assert set(kept.items()) <= set(claims(engine))
    assert len(set(ids(engine))) == len(kept) + 1


def test_same_words_on_two_pages_are_two_claims(engine):
    write(engine, BONE)
    write(engine, BONE, path="copy.md")
    assert not set(ids(engine)) & set(ids(engine, "copy.md"))


def test_moved_page_keeps_the_ids_of_its_claims(engine):
    write(engine, BONE)
    before = ids(engine)
    with writing(engine) as session:
        rename_page(session, "bone.md", "tissue/bone.md")
    assert write(engine, BONE, path="tissue/bone.md") == PageChanges()
    assert ids(engine, "tissue/bone.md") == before
    # The old place may be used again, by the same words.
    assert write(engine, BONE).claims_new == len(before)


def test_deleting_a_page_deletes_its_claims_and_no_work(engine):
    write(engine, BONE)
    with writing(engine) as session:
        session.add(models.Work(title="Stays"))
        gone = delete_pages(session, ["bone.md", "never-there.md"])
    assert gone.claims_gone > 0
    tables = (models.Page, models.Claim, models.Note, models.Identifier, models.Citation, models.Tag, models.Work)
    assert [count(engine, table) for table in tables] == [0, 0, 0, 0, 0, 0, 1]


def test_nul_characters_are_stored_as_replacement_characters(engine):
    write(engine, "---\ntitle: 'a'\n---\nBone is\0 lost. [^k]\n\n[^k]: No\0te. doi:10.1000/x1\n")
    assert "Bone is\ufffd lost." in claims(engine)[0][1]


def test_hostile_page_with_a_key_of_a_book_is_stored(engine):
    key = "k" * 100_000
    write(engine, f"Bone is lost. [^{key}]\n\n[^{key}]: doi:10.1000/x1\n")
    assert count(engine, models.Page) == 1


def test_identifier_longer_than_an_index_takes_is_a_problem_and_not_a_crash(engine):
    page = extract_page(Page("a.md", b"Bone is lost, doi:10.1000/x1 says.\n"))
    one = page.identifiers[0]._replace(value="10.1000/" + "x" * 9_000)
    with writing(engine) as session:
        write_pages(session, [replace(page, identifiers=(one,))], extractor="1")
    with reading(engine) as session:
        assert session.scalars(sa.select(models.Page)).one().problems[-1]["code"] == "identifier-too-long"


def test_interaction_rows_are_matched_by_their_pair():
    before = [ClaimText(("tfs",), "ATF2 -> RUNX2 GTRD", ("ATF2", "RUNX2"))]
    after = [
        ClaimText(("tfs",), "ATF3 -> RUNX2 GTRD", ("ATF3", "RUNX2")),
        ClaimText(("tfs",), "ATF2 -> RUNX2 TRRUST ReMap", ("ATF2", "RUNX2")),
    ]
    assert match_claims(before, after) == [None, 0]


def test_equal_claims_are_matched_in_their_sections_and_order():
    same = "Unknown in humans."
    before = [ClaimText(("A",), same), ClaimText(("B",), same), ClaimText(("B",), same)]
    assert match_claims(before, [ClaimText(("B",), same), ClaimText(("A",), same)]) == [1, 0]


def test_closest_wording_wins():
    before = [
        ClaimText((), "Fasting lowers IGF-1 in obese adults of both sexes."),
        ClaimText((), "Fasting lowers IGF-1 in lean adults of both sexes."),
    ]
    after = [ClaimText((), "Fasting lowers IGF-1 in lean old adults of both sexes.")]
    assert match_claims(before, after) == [1]


def test_matching_a_page_rewritten_throughout_stays_fast():
    before = [
        ClaimText((), f"Claim {i} says that gene g{i % 97} does thing {i * 7} in tissue {i % 13}.")
        for i in range(20_000)
    ]
    after = [
        ClaimText((), f"Item {i} says that gene g{i % 89} does thing {i * 3} in tissue {i % 11} now.")
        for i in range(20_000)
    ]
    begun = time.perf_counter()
    match_claims(before, after)
    assert time.perf_counter() - begun < 10
