"""Works are one study by what registries tell of any of them, under whichever identifier, cited or not."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from auditing import KIM, WEBER, Vault

from evidence.audit.chains import find_chains
from evidence.audit.work_rows import read_work_rows
from evidence.records import Reference
from evidence.store.database import reading
from evidence.vocabulary import Scheme

PAGE = "Bone falls in mice.[^a][^b]\n\n[^a]: in-vivo · doi:10.1000/x1\n[^b]: in-vivo · doi:10.1000/x2\n"
TRIALS = [("same-trial", "nct:NCT00000001"), ("same-trial", "nct:NCT00000002")]


def vault_of(first=(), second=(), *others):
    """Two papers of two laboratories, cited for one claim, and works that the page does not cite."""
    vault = Vault().page(PAGE)
    vault.work("doi:10.1000/x1", authors=KIM, relations=first)
    vault.work("doi:10.1000/x2", authors=WEBER, relations=second)
    for names, relations in others:
        vault.work(*names.split(), relations=relations)
    return vault


def preprint_of(name):
    return [("is-preprint-of", name)]


def republished(name):
    return [("republished", name)]


Y = "doi:10.1000/y pmid:777"


@pytest.mark.parametrize(
    "told",
    [
        (preprint_of("doi:10.1000/y"), preprint_of("pmid:777"), (Y, [])),
        (preprint_of("doi:10.1000/y"), republished("pmid:777"), (Y, [])),
        ([], preprint_of("pmid:777"), (Y, republished("doi:10.1000/x1"))),
        ([], republished("pmid:777"), (Y, [("has-preprint", "doi:10.1000/x1")])),
        ([], [], (Y, [("has-preprint", "doi:10.1000/x2"), *republished("doi:10.1000/x1")])),
        (preprint_of("doi:10.1000/y"), [], (Y, republished("pmid:8")), ("pmid:8", republished("doi:10.1000/x2"))),
        (preprint_of("pmid:1"), preprint_of("pmid:4"), ("pmid:2", republished("pmid:1")),
         ("pmid:3 pmcid:PMC3", republished("pmid:2")), ("pmid:4", [("has-preprint", "pmcid:PMC3")])),
        (preprint_of("doi:10.1000/y"), TRIALS[:1], (Y, TRIALS[:1])),
        ([("is-preprint-of", "doi:10.1000/y")], [("has-preprint", "doi:10.1000/y")]),
    ],
    ids=["preprints of both names", "preprint and republished", "the article tells of one", "of the preprint",
         "of both", "two works between", "unknown works between", "trial of the article", "an article unknown"],
)  # fmt: skip
def test_works_that_registries_tie_are_one_study(told):
    assert vault_of(*told).status() == "single-study"


@pytest.mark.parametrize(
    "told",
    [
        (preprint_of("doi:10.1000/y"), preprint_of("pmid:778"), (Y, [])),
        (preprint_of("doi:10.1000/y"), [], (Y, [("is-comment-on", "doi:10.1000/x2")])),
        ([], [], (Y, [("is-comment-on", "doi:10.1000/x1"), *republished("doi:10.1000/x2")])),
        (TRIALS[:1], TRIALS[1:], (Y, TRIALS)),
        (TRIALS[:1], TRIALS[1:], (Y, [*TRIALS, *republished("doi:10.1000/z")]), ("doi:10.1000/z", TRIALS)),
    ],
    ids=["other articles", "a comment", "a comment on one", "a pooled report of their trials", "one in two versions"],
)
def test_what_ties_no_works_leaves_two_studies(told):
    assert vault_of(*told).status() == "replicated"


def test_page_of_one_says_the_same_beside_pages_of_others():
    told = (preprint_of("doi:10.1000/y"), preprint_of("pmid:777"), (Y, []))
    alone = vault_of(*told).verdict()
    beside = vault_of(*told).page("X is.[^y]\n\n[^y]: in-vivo · doi:10.1000/y\n", "z.md").verdict()
    assert (beside.status, beside.groups) == (alone.status, alone.groups)


def test_reading_follows_circles_once_and_leaves_what_is_unrelated():
    vault = vault_of(republished("pmid:1"), [])
    for number in range(1, 40):
        vault.work(f"pmid:{number}", relations=republished(f"pmid:{number % 39 + 1}"))
    statements = []
    sa.event.listen(vault.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    with reading(vault.engine) as session:
        rows = read_work_rows(session, [Reference(Scheme.DOI, "10.1000/x1")])
    assert sorted(row[0] for row in rows.works) == sorted({row[0] for row in rows.works})
    # Works are numbered as they were added: the second paper is not among them.
    assert {row[0] for row in rows.works} == {1, *range(3, 42)}
    # The circle is gone round both ways at once: some statements for each step.
    assert len(statements) < 25 * 12


def test_works_are_tied_by_what_no_registry_has_described():
    names = [(1, "doi", "10.1000/a"), (2, "doi", "10.1000/b"), (3, "doi", "10.1000/c")]
    told = [(1, "is-preprint-of", "doi", "10.1000/unknown"), (2, "republished", "doi", "10.1000/unknown")]
    assert find_chains(names, told) == [[1, 2]]
