"""What an audit said of claims, as keywords of the works that they rest on."""

from __future__ import annotations

import datetime as dt
import json

import bibtexparser
import pytest
import rispy
from auditing import KIM, NOW, WEBER, Vault

from evidence.audit.run import audit
from evidence.config import Settings
from evidence.errors import ExportError
from evidence.export.run import OLDER_AUDIT, Content, export
from evidence.store.database import writing
from evidence.store.runs import begin_run, end_run

TEXT = """One study says it.[^a]

Two say it.[^b][^c]

Somebody sums it up.[^r]

[^a]: doi:10.1000/a
[^b]: doi:10.1000/b
[^c]: doi:10.1000/c
[^r]: doi:10.1000/r
[^u]: doi:10.1000/unmarked
"""
ARTICLE = {"publication_types": ["Randomized Controlled Trial"], "mesh": ["Humans"]}


@pytest.fixture
def vault():
    vault = Vault().page(TEXT)
    vault.work("doi:10.1000/a", authors=KIM, **ARTICLE)
    vault.work("doi:10.1000/b", authors=KIM, **ARTICLE)
    vault.work("doi:10.1000/c", authors=WEBER, **ARTICLE)
    vault.work("doi:10.1000/r", authors=WEBER, publication_types=["Review"])
    vault.work("doi:10.1000/unmarked", authors=WEBER, **ARTICLE)
    return vault


def audited(vault):
    audit(vault.engine, Settings(), now=NOW)
    return vault


def keywords(vault, folder, **content):
    result = export(vault.engine, Settings(), folder, "csl-json", Content(has_status=True, **content))
    items = json.loads(result.path.read_text("utf-8"))
    return {one["DOI"].removeprefix("10.1000/"): one["keyword"].split(", ") for one in items}, result


def test_words_of_the_claims_that_rest_on_a_work(vault, tmp_path):
    found, result = keywords(audited(vault), tmp_path)
    assert found == {
        "a": ["evidence:holds-alone", "evidence:single-study"],
        "b": ["evidence:replicated-in-human"],
        "c": ["evidence:replicated-in-human"],
        "r": ["evidence:review-only"],
        "unmarked": ["evidence:no-claim"],
    }
    assert result.warnings == []


def test_review_beside_a_study_does_not_hold_the_claim(tmp_path):
    vault = Vault().page("It is so.[^a][^r]\n\n[^a]: doi:10.1000/a\n[^r]: doi:10.1000/r\n")
    vault.work("doi:10.1000/a", authors=KIM, **ARTICLE).work("doi:10.1000/r", publication_types=["Review"])
    assert keywords(audited(vault), tmp_path)[0]["r"] == ["evidence:no-claim"]


def test_retracted_and_doubted_works_say_so(vault, tmp_path):
    vault.retract("10.1000/a")
    vault.retract("10.1000/b", kind="expression-of-concern")
    found, _ = keywords(audited(vault), tmp_path)
    assert found["a"] == ["evidence:retracted", "evidence:work-retracted"]
    assert found["b"][-1] == "evidence:work-in-doubt"


def test_work_is_known_by_another_identifier_than_the_page_has(tmp_path):
    vault = (
        Vault()
        .page("It is so.[^a]\n\n[^a]: PMID 7777777\n")
        .work("pmid:7777777", "doi:10.1000/a", authors=KIM, **ARTICLE)
    )
    assert keywords(audited(vault), tmp_path)[0]["a"] == ["evidence:holds-alone", "evidence:single-study"]


def test_without_an_audit_nothing_is_written(vault, tmp_path):
    with pytest.raises(ExportError) as caught:
        keywords(vault, tmp_path)
    assert "evidence audit" in caught.value.hint
    assert not (tmp_path / "exports").exists() or list((tmp_path / "exports").iterdir()) == []


def test_audit_of_some_pages_is_none(vault, tmp_path):
    audit(vault.engine, Settings(), paths=["page.md"], now=NOW)
    with pytest.raises(ExportError):
        keywords(vault, tmp_path)


def test_audit_before_the_last_refresh_is_said(vault, tmp_path):
    audited(vault)
    with writing(vault.engine) as session:
        end_run(session, begin_run(session, "refresh", now=NOW + dt.timedelta(hours=1)), {})
    assert keywords(vault, tmp_path)[1].warnings == [OLDER_AUDIT]
    assert keywords(audited(vault), tmp_path)[1].warnings == []


def test_verdicts_that_no_longer_hold_do_not_count(vault, tmp_path):
    audited(vault)
    vault.page(TEXT.replace("Two say it.[^b][^c]", "Two say it.[^b]"))
    found, _ = keywords(audited(vault), tmp_path)
    assert found["b"] == ["evidence:holds-alone", "evidence:single-study"]
    assert found["c"] == ["evidence:no-claim"]


@pytest.mark.parametrize("name", ["bibtex", "biblatex"])
def test_keywords_of_bibtex(vault, tmp_path, name):
    result = export(audited(vault).engine, Settings(), tmp_path, name, Content(has_status=True))
    entries = bibtexparser.parse_file(str(result.path)).entries
    assert {"evidence:holds-alone, evidence:single-study"} <= {one["keywords"] for one in entries}


def test_keywords_of_ris(vault, tmp_path):
    result = export(audited(vault).engine, Settings(), tmp_path, "ris", Content(has_status=True))
    found = [one["keywords"] for one in rispy.loads(result.path.read_text("utf-8"))]
    assert ["evidence:holds-alone", "evidence:single-study"] in found


@pytest.mark.parametrize("name", ["bibtex", "biblatex", "csl-json", "ris"])
def test_no_words_unless_they_are_asked_for(vault, tmp_path, name):
    result = export(audited(vault).engine, Settings(), tmp_path, name)
    assert "evidence:" not in result.path.read_text("utf-8")
