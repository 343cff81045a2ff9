"""What a note says against what the registry says: clear contradictions only."""

from __future__ import annotations

import unicodedata

import pytest
import sqlalchemy as sa
from auditing import Vault
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.audit.identity import is_other_title, is_same_person, name_forms
from evidence.records import AuthorName
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
        "Shimada T et al. 2005",
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


def test_the_key_of_a_note_does_not_mend_its_words():
    ((severity, message),) = findings("Baker DJ et al. 2004", key="shimada2004")
    assert severity == "warning"
    assert "first author: the note says Baker DJ" in message


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


@pytest.mark.parametrize(
    ("author", "note"),
    [
        ("Do Trung", "Do T et al. 2004"),
        ("Le Thi", "Le T et al. 2004"),
        ("Al-Khatib S", "Khatib S et al. 2004"),
        ("Alkhatib S", "Al Khatib S et al. 2004"),
        ("d'Adda di Fagagna F", "d’Adda di Fagagna F et al. 2004"),
        ("McDonald B", "MacDonald B et al. 2004"),
        ("Zhang W", "Wei Z et al. 2004"),
        ("LI X", "Li X et al. 2004"),
        ("Smith John", "Smith, John, et al. 2004"),
        ("Smith JA", "Smith, J. A., & Doe, B. (2004)"),
        ("Smith JA", "J. A. Smith, B. Doe, 2004"),
    ],
)
def test_more_ways_to_write_one_name(author, note):
    family, _, given = author.rpartition(" ")
    assert findings(note, authors=[f"{family} {given}", "Ito K"]) == []


@pytest.mark.parametrize(
    ("stated", "author", "same"),
    [
        ("Li M", ("Zhang", "Li"), False),
        ("Li Ming", ("Zhang", "Ming"), False),
        ("Wei", ("Zhang", "Wei"), True),
        ("Berg et al.", ("van den Berg", "Max"), True),
        ("van Dam J", ("van der Berg", "J"), False),
        ("de Boer J", ("de Cabo", "R"), False),
        ("De Cabo R", ("de Cabo", "Rafael"), True),
        ("Vandenberg M", ("Berg", "M"), True),
        ("Park S", ("Parker", "S"), False),
        ("Zhang W", ("Zheng", "W"), False),
        ("García M", ("García-Pérez", "María"), True),
        ("Smith B", ("Smith", "A"), True),
    ],
)
def test_names_of_one_person(stated, author, same):
    assert is_same_person(stated, AuthorName(*author)) is same


FAMILIES = st.text("abcdefghijklmnoprstuvwzäöüéèáíóñçøł", min_size=4, max_size=12).map(str.capitalize)


@settings(max_examples=200, deadline=None)
@given(family=FAMILIES, second=FAMILIES, initials=st.text("ABCDEFGHJKLMNPRST", min_size=1, max_size=3), data=st.data())
def test_case_accents_initials_and_hyphens_make_no_other_person(family, second, initials, data):
    full = data.draw(st.sampled_from([family, f"{family}-{second}", f"{family} {second}", f"van der {family}"]))
    folded = "".join(one for one in unicodedata.normalize("NFKD", full) if not unicodedata.combining(one))
    written = data.draw(
        st.sampled_from([full, folded, full.upper(), full.replace("-", "\u2010"), full.replace("-", " ")])
    )
    name = data.draw(st.sampled_from([written, f"{written} {initials}", f"{written} {initials[0]}"]))
    assert is_same_person(name, AuthorName(full, initials))


def test_a_name_made_of_particles_does_not_hang():
    assert not is_same_person("Bergman X", AuthorName("do" * 5_000 + "xbergman", "X"))


# --- the order of authors --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("note", "place"),
    [
        ("Kim J et al. 2004", 3),
        ("Garcia-Perez M et al. 2004", 2),
        ("Kim J, Shimada T. *JBMR* 2004", 3),
        ("Kim J, García-Pérez M, Shimada T. *JBMR* 2004", 3),
    ],
)
def test_another_author_as_the_first_is_a_remark(note, place):
    ((severity, message),) = findings(note)
    assert severity == "info"
    assert f"who is author {place} of 3; the registry says Shimada first" in message


def test_another_author_as_the_first_does_not_make_another_paper():
    ((severity, _),) = findings("Kim J et al. 2011 *Nature*")
    assert severity == "warning"


def test_another_author_as_the_first_flags_no_claim():
    vault = Vault().page("It is so.[^a]\n\n[^a]: Kim J et al. 2004 · doi:10.1000/a1\n")
    vault.work("doi:10.1000/a1", authors=AUTHORS, date="2004", **FACTS)
    assert "metadata-mismatch" not in vault.verdict().flags


@pytest.mark.parametrize(
    "note",
    [
        "Garcia-Perez M, Shimada T, et al. 2004",
        "Kim lab 2004",
        "Kim J (senior author). *JBMR* 2004",
        "Kim J (last author) 2004",
        "work of the Kim group, 2004",
    ],
)
def test_authors_who_share_the_first_place_or_are_not_given_as_first(note):
    assert findings(note) == []


def findings_with_group(note, names):
    vault = Vault().page(f"FGF23 is low.[^k]\n\n[^k]: {note} · doi:10.1000/a1\n")
    vault.work("doi:10.1000/a1", date="2004", **FACTS)
    with writing(vault.engine) as session:
        work_id = session.scalar(sa.select(models.Work.id))
        for position, name in enumerate(names):
            author = models.Author(**name)
            session.add(author)
            session.flush()
            session.add(models.Authorship(work_id=work_id, position=position, author_id=author.id))
    return [one.message for one in vault.audit().findings if one.code == "EV009"]


GROUP, ITO, SATO = {"collective": "The DECIDE Investigators"}, {"family": "Ito", "given": "K"}, {"family": "Sato"}


@pytest.mark.parametrize(
    ("note", "names", "told"),
    [
        # Anybody of the group may have written first.
        ("Baker DJ et al. 2004", (GROUP, ITO), False),
        ("Baker DJ et al. 2004", (GROUP,), False),
        ("Sato K et al. 2004", (GROUP, ITO, SATO), False),
        # The person that the registry names before the group is the first.
        ("Baker DJ et al. 2004", (ITO, GROUP), True),
        ("Sato K et al. 2004", (ITO, GROUP, SATO), True),
        ("Ito K et al. 2004", (ITO, SATO, GROUP), False),
        ("DECIDE Investigators. 2004", (ITO, GROUP), False),
        ("The DECIDE Research Group. *JBMR* 2004", (ITO, SATO), False),
    ],
)
def test_works_with_a_group_among_their_authors(note, names, told):
    assert bool(findings_with_group(note, names)) is told


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
    assert findings("Shimada T et al. 2024", date="2020", type="posted-content") != []


@pytest.mark.parametrize(
    ("known", "other"),
    [("Leptin binds hepatic receptors", True), ("Leptin extends hepatic binding", False)],
)
def test_titles_are_of_two_works_where_they_share_less_than_a_third_of_their_words(known, other):
    assert is_other_title("Leptin extends murine lifespan", known) is other


def test_the_journal_of_a_preprint_is_not_compared():
    said = "Shimada T et al. *Nature* 2020"
    assert findings(said, date="2020", type="posted-content", container="bioRxiv") == []
    assert findings(said, date="2020", container="Journal of Bone and Mineral Research") != []


def test_both_sides_are_shown():
    ((_, message),) = findings("Baker DJ et al. *Nature* 2011 “Clearance of old cells delays disorders”")
    for said in ("Baker DJ", "Shimada", "2011", "2004", "Nature", FACTS["container"], "Clearance of old cells"):
        assert said in message


# --- titles ----------------------------------------------------------------------------------------------------------

OTHER_TITLE = "Clearance of old cells delays disorders of ageing mice"


@pytest.mark.parametrize(
    "note",
    [
        f"Shimada T, Kim J. {OTHER_TITLE}. J Bone Miner Res. 2004;12:45-50.",
        f"Shimada, T., & Kim, J. (2004). {OTHER_TITLE}. *Journal of Bone and Mineral Research*, 12, 45-50.",
        f"Shimada, Taro, et al. “{OTHER_TITLE}.” *Journal of Bone and Mineral Research* 12 (2004): 45.",
        f"T. Shimada, J. Kim, “{OTHER_TITLE},” *J. Bone Miner. Res.* 12, 45 (2004).",
        f"Shimada T et al. “{OTHER_TITLE}” (2004)",
        f"Shimada T et al. 2004 · title: “{OTHER_TITLE}”",
        f"Baker DJ et al. 2004 · “{OTHER_TITLE}”",
        f"Shimada T et al. *JBMR* 2004 · “{OTHER_TITLE}” · n=12",
        f"Shimada T et al. *JBMR* 2004 · “{OTHER_TITLE}” PMID 11111111",
        f"Shimada T et al. *JBMR* 2004 · in-vivo · “{OTHER_TITLE}.”",
    ],
)
def test_another_title_is_told_whoever_is_named(note):
    assert any(f"title: the note says “{OTHER_TITLE}" in message for _, message in findings(note))


def test_another_title_and_another_first_author_are_another_paper_though_an_author_is_named():
    ((severity, message),) = findings(f"Smith J, Kim J. {OTHER_TITLE}. Nature. 2011;12:45-50.")
    assert severity == "error"
    for said in ("first author: the note says Smith J", "title: ", "year: ", "journal: "):
        assert said in message


@pytest.mark.parametrize(
    "note",
    [
        # What is quoted may be a passage of the work.
        "Shimada T et al. 2004 · “All of the old animals were randomized and blinded”",
        "Shimada T et al. 2004 — they say “Serum calcium did not change over twelve weeks”",
        "Shimada T et al. 2004 · “Serum calcium of old mice rose by 12% in spring”",
        "Shimada T et al. 2004 · “Clearance of old cells delays disorders”, as they put it",
        "Shimada T et al. 2004 · “Clearance of old cells … delays disorders of mice”",
        "[[studies/shimada]] · “All of the old animals were randomized and blinded”",
    ],
)
def test_quoted_passages_are_no_titles(note):
    assert findings(note, key="shimada2004") == []


@pytest.mark.parametrize(
    ("stated", "known"),
    [
        ("Recombinant FGF23 lowers phosphate", "RETRACTED: Recombinant FGF23 lowers phosphate in aged rats"),
        ("Role of the β-catenin pathway in bone", "Role of the beta-catenin pathway in bone"),
        ("Tumour ageing in paediatric leukaemia cells", "Tumor aging in pediatric leukemia cells"),
        ("Fish & chips in old people's diets", "Fish &amp; chips in old people’s diets"),
        ("Deletion of p16Ink4a in mice", "Deletion of p16<sup>Ink4a</sup> in mice"),
        ("Leptin and bone", "Leptin and bone: results of a long randomized trial in old women"),
        ("Der Einfluss von Vitamin D bei Osteoporose im Alter", "[Influence of vitamin D on osteoporosis of the old]."),
        ("Vitamine D et os chez les personnes âgées", "[Vitamin D and bone of the elderly]."),
        ("骨粗鬆症 と 老化 の 関係 について", "The relation of osteoporosis and aging of mice"),
        ("Clinical guide for bone disease", "Guía clínica / Clinical guide for bone disease of the old"),
        ("Diet in MICE: effects on BONE mass", "Diet in mice: effects on bone mass"),
    ],
)
def test_ways_to_write_one_title(stated, known):
    assert not is_other_title(stated, known, 0.5)
    assert not is_other_title(known, stated, 0.5)


WORDS = st.lists(st.text("abcdefghijklmnopäöüéαβ", min_size=3, max_size=9), min_size=1, max_size=14)


@settings(max_examples=200, deadline=None)
@given(words=WORDS, least=st.integers(1, 14), data=st.data())
def test_case_accents_signs_and_what_is_cut_off_make_no_other_title(words, least, data):
    title = " ".join(words)
    plain = "".join(one for one in unicodedata.normalize("NFKD", title) if not unicodedata.combining(one))
    written = data.draw(st.sampled_from([title.upper(), plain, title.replace(" ", ", "), f"<i>{title}</i>"]))
    assert not is_other_title(written, title, 0.5)
    assert not is_other_title(" ".join(words[:least]), title, 0.5)


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


@pytest.mark.parametrize(
    "note",
    [
        "Shimada T · 2004 · J Bone Miner Res",
        "Shimada · 2004 · J Bone Miner Res",
        "Shimada T | 2004 | J Bone Miner Res",
        "Shimada T 2004",
        # Read as journals where they stand, they are authors of the work.
        "cited in vitro · Rats · Shimada · 2004",
        "Rats · Kim J 2004",
        "Shimada, Takashi & Kim, Jin. (2004). Recombinant FGF23 lowers phosphate in aged rats. *JBMR*. 19.",
    ],
)
def test_an_author_is_no_journal(note):
    assert findings(note.replace(" | ", " · "), authors=["Shimada T", "García-Pérez M", "Kim J"]) == []


def test_a_journal_that_is_read_as_an_author_is_no_author():
    assert findings("Lepr J · 2004", container="Leprosy Journal") == []


@pytest.mark.parametrize(
    ("journal", "container", "told"),
    [
        ("Annals", "Annals of Internal Medicine", False),
        ("Archives", "Archives of Osteoporosis", False),
        ("Annals", "Journal of Internal Medicine", True),
        ("Nature", "Nature Medicine", True),
    ],
)
def test_the_kind_of_a_journal_alone_is_short_for_it(journal, container, told):
    assert bool(findings(f"Shimada T et al. *{journal}* 2004", container=container)) is told


@pytest.mark.parametrize(
    "note",
    [
        "Baker D · 2004 · J Bone Miner Res",
        "Baker D 2004",
        "Baker, David & Ross, Anna. (2004).",
    ],
)
def test_another_author_before_a_year_is_told(note):
    ((severity, message),) = findings(note)
    assert severity == "warning"
    assert "first author: the note says Baker D" in message


def test_a_journal_that_holds_the_name_of_an_author_is_compared():
    ((_, message),) = findings("Death A et al. *Cell Death Dis* 2004", authors=["Death A", "Kim J"])
    assert "journal: the note says Cell Death Dis" in message


def test_a_family_name_that_is_also_another_word_is_a_name():
    assert is_same_person("Group", AuthorName("Group", "A"))
    assert is_same_person("Al A", AuthorName("Al", "A"))


@pytest.mark.parametrize(
    "note",
    [
        "Takashi E. Shimada. FGF23. Bone",
        "Takashi E. Shimada, Jin Kim. Recombinant FGF23 lowers phosphate in aged rats. J Bone Miner Res 19, 1 (2004).",
        "Takashi E. Shimada and Jin Kim, 2004,",
    ],
)
def test_a_given_name_with_an_initial_is_no_family_name(note):
    vault = Vault().page(f"It is so.[^a]\n\n[^a]: {note} doi:10.1000/a1\n")
    vault.work("doi:10.1000/a1", authors=["Shimada TE", "Kim J"], date="2004", **FACTS)
    assert not [one for one in vault.audit().findings if one.code == "EV009"]


def test_a_title_of_one_word_before_the_journal_is_no_other_journal():
    assert findings("Shimada T. Vorwort. J Bone Miner Res. 2004;21:7-7.") == []
