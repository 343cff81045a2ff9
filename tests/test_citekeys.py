from __future__ import annotations

import pytest
from export_store import Stored, add_works, cite, store_of
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from evidence.errors import ConfigError
from evidence.export.citekeys import KeyedWork, check_formula, fold, letters_for, make_citekey
from evidence.export.works import key_works
from evidence.records import AuthorName
from evidence.store import models
from evidence.store.database import reading, writing
from evidence.store.pruning import prune_works

FORMULA = "{family}{year}{word}"


def key(family="Smith", *, year="2020", title="A title", **identifiers):
    author = AuthorName(family, "J.") if family is not None else None
    return make_citekey(KeyedWork(author, year, title, identifiers), FORMULA)


def assigned(engine):
    with writing(engine) as session:
        key_works(session, None, FORMULA)
    with reading(engine) as session:
        rows = session.execute(
            select(models.WorkIdentifier.value, models.Citekey.key)
            .join(models.Citekey, models.Citekey.work_id == models.WorkIdentifier.work_id)
            .order_by(models.WorkIdentifier.value),
        )
        return [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("family", "folded"),
    [
        ("Müller", "muller"),
        ("Łukasiewicz", "lukasiewicz"),
        ("Ørsted", "orsted"),
        ("Weiß", "weiss"),
        ("Þórsson", "thorsson"),
        ("Đặng", "dang"),
        ("van der Berg", "vanderberg"),
        ("O’Brien", "obrien"),
        ("İnönü", "inonu"),
        ("García-López", "garcialopez"),
    ],
)
def test_latin_names_become_ascii(family, folded):
    assert fold(family) == folded
    assert key(family) == f"{folded}2020title"


@pytest.mark.parametrize("family", ["山田", "Иванов", "Παπαδόπουλος", "김", "محمد", "Smithов"])
def test_name_in_another_script_is_not_guessed(family):
    assert key(family, pmid="12345", doi="10.1/x") == "pmid12345"


def test_work_without_author_or_pmid_is_named_after_its_doi():
    assert key(None, doi="10.1038/nature13598") == "doi101038nature13598"
    assert key(None, pmcid="PMC123") == "pmc123"


def test_group_is_named_by_its_first_significant_word():
    group = KeyedWork(AuthorName(collective="The ALLHAT Officers"), "2002", "Major outcomes", {})
    assert make_citekey(group, FORMULA) == "allhat2002major"


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("On the <i>heart</i>", "heart"),
        ("α-Synuclein in mice", "synuclein"),
        ("L'étude", "etude"),
        ("心臓", ""),
        ("3D prints", "3d"),
    ],
)
def test_word_is_the_first_significant_one(title, word):
    assert key(title=title) == f"smith2020{word}"


def test_unknown_year_is_left_out():
    assert key(year=None) == "smithtitle"


@given(st.text(), st.text(), st.text())
def test_every_key_is_ascii_letters_and_digits(family, title, doi):
    made = key(family, title=title, doi=doi)
    assert made.isascii()
    assert made.isalnum()
    assert made == made.lower()


@pytest.mark.parametrize(
    "formula", ["{family.__class__}", "{}", "{0}", "{name}", "{family!r}", "{family:>9}", "{family", "plain", ""]
)
def test_formula_with_anything_else_is_refused(formula):
    with pytest.raises(ConfigError) as caught:
        check_formula(formula)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("formula", "key"),
    [
        ("{family}_{year}_{word}", "smith_2020_title"),
        ("{family}:{word}", "smith:title"),
        ("{year}-{family}", "2020-smith"),
        ("Ref.{family}{year}", "Ref.smith2020"),
        ("_{family}_", "smith"),
    ],
)
def test_formula_is_the_users_with_its_signs(formula, key):
    work = KeyedWork(AuthorName("Smith", "J"), "2020", "A title", {})
    assert make_citekey(work, formula) == key


def test_signs_around_a_missing_part_are_one():
    work = KeyedWork(AuthorName("Smith", "J"), None, "A title", {})
    assert make_citekey(work, "{family}_{year}_{word}") == "smith_title"
    assert make_citekey(work, "{family}-{word}.{year}") == "smith-title"


@pytest.mark.parametrize(
    "formula", ["{family} {year}", "{family},{year}", "{family}{{{year}", "{family}%{year}", "ü{family}"]
)
def test_formula_with_a_sign_that_no_key_has_is_refused(formula):
    with pytest.raises(ConfigError, match="in a key"):
        check_formula(formula)


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_endings_differ(one, other):
    assert (letters_for(one) == letters_for(other)) == (one == other)


def test_clashes_get_letters_in_the_order_of_identifiers(database_url):
    works = [Stored(doi=f"10.1/{name}", fields={"date": "2020"}) for name in "cab"]
    assert assigned(store_of(database_url, *works)) == [
        ("10.1/a", "smith2020title"),
        ("10.1/b", "smith2020titlea"),
        ("10.1/c", "smith2020titleb"),
    ]


def test_keys_stay_when_works_come(database_url):
    engine = store_of(database_url, Stored(doi="10.1/m"))
    assigned(engine)
    add_works(engine, Stored(doi="10.1/a"))
    cite(engine, "new.md", ("doi", "10.1/a"))
    assert assigned(engine) == [("10.1/a", "smithtitlea"), ("10.1/m", "smithtitle")]


def test_key_stays_when_its_work_is_described_anew(database_url):
    engine = store_of(database_url, Stored(doi="10.1/a"))
    before = assigned(engine)
    with writing(engine) as session:
        session.scalars(select(models.Work)).one().title = "Another title"
    assert assigned(engine) == before


def test_key_of_a_pruned_work_is_not_given_again(database_url):
    engine = store_of(database_url, Stored(doi="10.1/a"))
    assigned(engine)
    with writing(engine) as session:
        # SQLite gives the new work the number of the old one.
        assert prune_works(session) == 1
    add_works(engine, Stored(doi="10.1/b"))
    cite(engine, "new.md", ("doi", "10.1/b"))
    assert assigned(engine) == [("10.1/b", "smithtitlea")]


def test_key_that_looks_like_an_ending_is_respected(database_url):
    # "Titlea" makes by itself the key that the second "Title" would get.
    works = [
        Stored(doi="10.1/a", title="Titlea"),
        Stored(doi="10.1/b", title="Title"),
        Stored(doi="10.1/c", title="Title"),
    ]
    assert [name for _, name in assigned(store_of(database_url, *works))] == [
        "smithtitlea",
        "smithtitle",
        "smithtitleb",
    ]


def test_many_clashes_over_two_runs(database_url):
    engine = store_of(database_url, *(Stored(doi=f"10.1/{number:04}") for number in range(60)))
    assigned(engine)
    more = [Stored(doi=f"10.1/{number:04}") for number in range(60, 90)]
    add_works(engine, *more)
    cite(engine, "new.md", *(("doi", one.doi) for one in more))
    assert [name for _, name in assigned(engine)] == [f"smithtitle{letters_for(number)}" for number in range(90)]


def test_work_without_a_title_gets_no_key(database_url):
    assert assigned(store_of(database_url, Stored(doi="10.1/a", title=None))) == []
