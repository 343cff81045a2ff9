"""A preprint falls with the article that it became, also where no page cites that."""

from __future__ import annotations

import pytest
from auditing import KIM, NOW, Vault

from evidence.audit.whatif import ask_what_if
from evidence.config import Settings
from evidence.store.database import reading

PAGE = "Bone is lost.[^a]\n\n[^a]: rct · doi:10.1000/pre\n"


def vault_of(teller, **article):
    vault = Vault().page(PAGE)
    said = {"preprint": ("is-preprint-of", "doi:10.1000/art"), "article": ("has-preprint", "doi:10.1000/pre")}
    relations = {one: [said[one]] if teller in {one, "both"} else [] for one in said}
    vault.work("doi:10.1000/pre", authors=KIM, type="posted-content", relations=relations["preprint"])
    return vault.work("doi:10.1000/art", "pmid:77", authors=KIM, relations=relations["article"], **article)


@pytest.mark.parametrize("teller", ["preprint", "article", "both"])
def test_preprint_of_a_retracted_article_does_not_count(teller):
    vault = vault_of(teller, notices=["retraction"])
    assert vault.status() == "retracted"
    assert vault.codes() == ["EV001"]


@pytest.mark.parametrize("teller", ["preprint", "article", "both"])
def test_preprint_of_an_article_that_stands_counts_and_the_article_is_named(teller):
    vault = vault_of(teller)
    assert vault.status() == "single-study"
    assert "EV018" in vault.codes()


def test_a_reinstated_article_takes_nothing_with_it():
    vault = vault_of("preprint").retract("10.1000/art", date="2010-01-01")
    assert vault.retract("10.1000/art", "reinstatement", "2012-01-01").status() == "single-study"


def test_an_article_that_only_its_notice_tells_of_falls_too():
    vault = Vault().page(PAGE)
    vault.work("doi:10.1000/pre", authors=KIM, type="posted-content", relations=[("is-preprint-of", "doi:10.1000/art")])
    assert vault.work("doi:10.1000/art", publication_types=["Retracted Publication"]).status() == "retracted"


@pytest.mark.parametrize("teller", ["preprint", "article"])
def test_what_if_says_what_comes(teller):
    vault = vault_of(teller)
    with reading(vault.engine) as session:
        said = ask_what_if(session, ["10.1000/art"], Settings(), now=NOW).claims[0].after
    now = vault.retract("10.1000/art").verdict()
    assert (said.status, said.strength) == (now.status, now.strength)
