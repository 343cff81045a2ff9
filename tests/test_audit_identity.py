"""What a note says against what the registry says: clear contradictions only."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from auditing import Vault

from evidence.audit.identity import is_other_title, name_forms
from evidence.store import models
from evidence.store.database import writing

FACTS = {
    "title": "Recombinant FGF23 lowers phosphate in aged rats",
    "container": "Journal of Bone and Mineral Research",
}
AUTHORS = ["Shimada T", "García-Pérez M", "Kim J"]


def findings(note, authors=AUTHORS, date="2004-03", key="k", **facts):
    vault = Vault().page(f"FGF23 lowers phosphate.[^{key}]\n\n[^{key}]: {note} · doi:10.1000/a1\n")
    vault.work("doi:10.1000/a1", authors=authors, date=date, **(FACTS | facts))
    return [(one.severity.value, one.message) for one in vault.audit().findings if one.code == "EV009"]


@pytest.mark.parametrize(
    "note",
    [
        "Shimada T et al. 2004",
        "Garcia-Perez M et al. 2004",
        "Kim J et al. 2005",
        "Shimada T, Kim J. *J Bone Miner Res* 2004",
        "Shimada T et al. 2004 *JBMR*",
        "in-vivo n=12",
        "*J. Bone Miner. Res.* 2004",
    ],
)
def test_notes_that_fit(note):
    assert findings(note) == []


def test_other_first_author_is_told():
    ((severity, message),) = findings("Baker DJ et al. 2004")
    assert severity == "warning"
    assert "first author: the note says Baker DJ, the registry Shimada" in message


def test_other_author_and_other_year_are_another_paper():
    ((severity, message),) = findings("Baker DJ et al. *JBMR* 2011")
    assert severity == "error"
    assert "year: the note says 2011, the registry 2004" in message


@pytest.mark.parametrize(("date", "told"), [("2003", False), ("2005-01", False), ("1999", True)])
def test_years_of_online_and_print_may_differ(date, told):
    assert bool(findings("Shimada T et al. *JBMR* 2004", date=date)) is told


def test_the_key_of_a_note_may_name_the_author():
    assert findings("Baker DJ et al. 2004", key="shimada2004") == []


def test_nothing_is_told_of_a_work_without_metadata():
    vault = Vault().page("It is so.[^a]\n\n[^a]: Baker DJ et al. 2011 · doi:10.1000/a1\n")
    assert "EV009" not in vault.codes()


def test_a_mismatch_is_a_flag_of_the_claims_that_cite_the_note():
    vault = Vault().page("It is so.[^a]\n\n[^a]: Baker DJ et al. 2011 · doi:10.1000/a1\n")
    vault.work("doi:10.1000/a1", authors=AUTHORS, date="2004", **FACTS)
    assert "metadata-mismatch" in vault.verdict().flags


@pytest.mark.parametrize(
    ("stated", "known", "other"),
    [
        ("Recombinant FGF23 lowers phosphate", "Recombinant FGF23 lowers phosphate in aged rats", False),
        ("Recombinant FGF-23 lowers phosphate in rats", "Recombinant FGF23 lowers phosphate in aged rats", False),
        ("Leptin makes old mice live longer", "Recombinant FGF23 lowers phosphate in aged rats", True),
        ("Leptin", "Recombinant FGF23 lowers phosphate in aged rats", False),
    ],
)
def test_titles(stated, known, other):
    assert is_other_title(stated, known) is other


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("note", "author"),
    [
        ("Müller K et al. 2004", "Mueller K"),
        ("Mueller K et al. 2004", "Müller K"),
        ("Muller K et al. 2004", "Müller K"),
        ("Goebel C et al. 2004", "Göbel C"),
        ("Jorgensen T et al. 2004", "Jørgensen T"),
        ("Joergensen T et al. 2004", "Jørgensen T"),
        ("Aagaard P et al. 2004", "Ågaard P"),
        ("Weiss M et al. 2004", "Weiß M"),
        ("Garcia-Lopez A et al. 2004", "García López A"),
        ("García López A et al. 2004", "Garcia-Lopez A"),
        ("López-Otín C et al. 2004", "Lopez-Otin C"),
        ("van der Berg M et al. 2004", "Berg M"),
        ("van der Berg M et al. 2004", "van der Berg M"),
        ("Vandenberg M et al. 2004", "van den Berg M"),
        ("de Magalhães JP et al. 2004", "de Magalhaes JP"),
        ("O'Brien S et al. 2004", "O’Brien S"),
        ("Dawson-Hughes B et al. 2004", "Dawson\u2010Hughes B"),
        ("SHIMADA T et al. 2004", "Shimada T"),
        ("Shimada T et al. 2004", "SHIMADA T"),
        ("Smith JA Jr et al. 2004", "Smith JA"),
        ("Zhang W et al. 2004", "Zhang Wei"),
        ("Wei Z et al. 2004", "Wei Zhang"),
        ("Wei Zhang et al. 2004", "Zhang Wei"),
        ("Łukasz K et al. 2004", "Lukasz K"),
    ],
)
def test_ways_to_write_one_name(note, author):
    assert findings(note, authors=[author, "Ito K"]) == []


@pytest.mark.parametrize(
    "note",
    [
        "Baker DJ et al. 2004",
        "BAKER DJ et al. 2004",
        "Müller K et al. 2004",
        "van der Berg M et al. 2004",
        "López-Otín C et al. 2004",
        "Zhang W et al. 2004",
        "Smith JA Jr et al. 2004",
        # "Lee" stands in "sleep", which names nobody.
        "Baker DJ et al. 2004, on sleep",
    ],
)
def test_names_of_nobody_who_wrote_it(note):
    ((severity, message),) = findings(note, authors=["Shimada T", "Lee K", "Ito S"])
    assert severity == "warning"
    assert message.count("the registry Shimada") == 1


def test_a_note_may_name_another_of_the_authors():
    assert findings("Kim J et al. 2004") == []


def test_nothing_is_told_of_the_authors_of_a_group():
    vault = Vault().page("FGF23 is low.[^k]\n\n[^k]: Baker DJ et al. 2004 · doi:10.1000/a1\n")
    vault.work("doi:10.1000/a1", date="2004", **FACTS)
    with writing(vault.engine) as session:
        work_id = session.scalar(sa.select(models.Work.id))
        for position, name in enumerate(({"collective": "The DECIDE Investigators"}, {"family": "Ito", "given": "K"})):
            author = models.Author(**name)
            session.add(author)
            session.flush()
            session.add(models.Authorship(work_id=work_id, position=position, author_id=author.id))
    assert "EV009" not in vault.codes()


def test_forms_of_a_name():
    assert name_forms("Müller") & name_forms("Mueller")
    assert name_forms("Jørgensen") & name_forms("Jörgensen")
    assert not name_forms("Müller") & name_forms("Miller")


# --- years -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "known", "told"),
    [(2019, "2020-02", False), (2020, "2019-12-30", False), (2018, "2020", True), (2023, "2020", True)],
)
def test_years_online_and_in_print(stated, known, told):
    assert any("year: " in message for _, message in findings(f"Shimada T et al. *JBMR* {stated}", date=known)) is told


def test_a_preprint_may_be_cited_with_the_year_of_its_article():
    assert findings("Shimada T et al. 2023", date="2020", type="posted-content") == []
    assert findings("Shimada T et al. 2025", date="2020", type="posted-content") != []


def test_both_sides_are_shown():
    ((_, message),) = findings("Baker DJ et al. *Nature* 2011 “Clearance of old cells delays disorders”")
    for said in ("Baker DJ", "Shimada", "2011", "2004", "Nature", FACTS["container"], "Clearance of old cells"):
        assert said in message


# --- identifiers -----------------------------------------------------------------------------------------------------


def two_identifiers(relations=()):
    vault = Vault().page("It is so.[^a]\n\n[^a]: Shimada T 2004 · doi:10.1000/a1 · PMID 11111111\n")
    vault.work("doi:10.1000/a1", authors=AUTHORS, relations=relations)
    return vault.work("pmid:11111111", "doi:10.1000/a2", authors=AUTHORS)


def test_doi_and_pmid_of_two_papers_are_told_with_both():
    vault = two_identifiers()
    said = [one.message for one in vault.audit().findings if one.code == "EV004"]
    assert said
    assert all("doi:10.1000/a1" in one and "pmid:11111111" in one for one in said)
    assert "identifier-conflict" in vault.verdict().flags


def test_a_pmid_whose_doi_is_a_version_of_the_notes_is_no_mismatch():
    vault = two_identifiers(relations=[("republished", "doi:10.1000/a2")])
    assert "EV004" not in vault.codes()
    assert "identifier-conflict" not in vault.verdict().flags


def test_a_doi_that_does_not_exist_is_told_and_a_failed_look_up_is_not():
    page = "It is so.[^a]\n\n[^a]: Shimada T 2004 · doi:10.1000/a1\n"
    gone = Vault().page(page).looked_up("doi:10.1000/a1", "crossref", "not-found")
    failed = Vault().page(page).looked_up("doi:10.1000/a1", "crossref", "failed")
    told = [[one.message for one in vault.audit().findings if "not exist" in one.message] for vault in (gone, failed)]
    assert told[0]
    assert "10.1000/a1" in told[0][0]
    assert told[1] == []
