"""What a note says against what the registry says: clear contradictions only."""

from __future__ import annotations

import pytest
from auditing import Vault

from evidence.audit.identity import is_other_title, is_same_journal

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
    ("stated", "known"),
    [
        ("Cell", "Cell"),
        ("The Lancet", "Lancet (London, England)"),
        ("N Engl J Med", "New England Journal of Medicine"),
        ("NEJM", "New England Journal of Medicine"),
        ("PNAS", "Proceedings of the National Academy of Sciences"),
        ("Proc Natl Acad Sci USA", "Proceedings of the National Academy of Sciences"),
        ("Nat Commun", "Nature Communications"),
        ("J Clin Invest", "The Journal of Clinical Investigation"),
        ("Am. J. Hum. Genet.", "The American Journal of Human Genetics"),
    ],
)
def test_names_of_one_journal(stated, known):
    assert is_same_journal(stated, known)


@pytest.mark.parametrize(("stated", "known"), [("Nature", "Cell"), ("Aging Cell", "Bone"), ("Science", "The Lancet")])
def test_names_of_two_journals(stated, known):
    assert not is_same_journal(stated, known)


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
