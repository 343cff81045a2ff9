"""Roles of the identifiers of a note: each pitfall from both sides, what must have the role and what must not."""

from __future__ import annotations

import pytest
from reading import note

A, B = "10.1000/a1", "10.1000/b1"


def role_of(value, text):
    return next(one.role.value for one in note(text).identifiers if one.value == value)


@pytest.mark.parametrize(
    "text",
    [
        f"doi:{A} · retraction notice: doi:{B}",
        f"doi:{A} · RETRACTED 2020; retracted by doi:{B}",
        f"doi:{A} · doi:{B} now retracts it",
        f"doi:{A} · {B} (retraction notice)",
        f"Lee J. Title. Nature 2019. doi:{A}. Retraction in: Nature 2020. doi:{B}",
        f"doi:{A} (erratum: {B})",
        f"doi:{A}; corrigendum published as doi:{B}",
        f"doi:{A} · correction: doi:{B}",
        f"doi:{A} · {B} (erratum)",
        f"doi:{A} · doi:{B} is the correction of this paper",
        f"doi:{A} · expression of concern doi:{B}",
        f"doi:{A} · withdrawal notice, doi:{B}",
        f"doi:{A} · Erratum in: J Cell Biol 2020;12:3, doi:{B}",
    ],
)
def test_is_a_notice(text):
    assert (role_of(A, text), role_of(B, text)) == ("cited", "notice")


@pytest.mark.parametrize(
    "text",
    [
        f"not retracted · doi:{A}",
        f"no erratum found; doi:{A}",
        f"doi:{A} · not retracted (checked 2026-01-02)",
        f"Lee J · a study of error correction · doi:{A}",
        f"retraction of axons in aged mice · doi:{A}",
        f"without correction for age, doi:{A}",
        f"never retracted: doi:{A}",
        f"Bonferroni correction applied. doi:{A}",
        f"RETRACTED · doi:{A}",
        f"doi:{A} (retracted 2014)",
        f"doi:{A} now retracted",
    ],
)
def test_is_no_notice(text):
    assert role_of(A, text) == "cited"


@pytest.mark.parametrize(
    "text",
    [
        f"doi:{A} · preprint: {B}",
        f"doi:{A} (bioRxiv preprint {B})",
        f"doi:{A}; first posted as {B}",
        f"doi:{A} · medRxiv doi:{B}",
        f"doi:{A} · {B} (preprint)",
        f"doi:{A}, preprint version at https://doi.org/{B}",
    ],
)
def test_is_a_preprint(text):
    assert (role_of(A, text), role_of(B, text)) == ("cited", "preprint")


@pytest.mark.parametrize(
    "text",
    [
        f"bioRxiv preprint doi:{A}",
        f"Lee J. Title. bioRxiv 2020. https://doi.org/{A}",
        f"preprint, not peer reviewed · doi:{A}",
        f"published after a preprint · doi:{A}",
    ],
)
def test_a_preprint_alone_is_cited(text):
    assert role_of(A, text) == "cited"


@pytest.mark.parametrize(
    "text",
    [
        f"doi:{A} · NOT {B}",
        f"doi:{A} · NOT this paper: {B}",
        f"doi:{A} · {B} is NOT this paper",
        f"doi:{A} (seeder had cited {B})",
        f"doi:{A} · the seeder had cited doi:{B}, a review",
        f"doi:{A} · seeder originally gave PMID-less doi:{B}",
        f"doi:{A} · incorrect DOI: {B}",
        f"doi:{A} · previously cited as doi:{B}",
        f"doi:{A} · doi:{B} resolves to an unrelated paper",
        f"doi:{A}; {B} (wrong DOI)",
        f"doi:{A} (prior DOI {B} was a 404; corrected 2026-06-03)",
        f"doi:{A} · not to be confused with doi:{B}",
        f"doi:{A} · replaces wrong doi:{B}",
        f"doi:{A}; the DOI {B} does not exist",
    ],
)
def test_is_denied(text):
    assert (role_of(A, text), role_of(B, text)) == ("cited", "denied")


@pytest.mark.parametrize(
    "text",
    [
        f"seeder had cited doi:{B} · correct paper: doi:{A} · rct",
        f"[DOI corrected: was {B}, now {A}]",
        f"not this paper: doi:{B}; use doi:{A}",
        f"doi:{B} is wrong; correct DOI: {A}",
    ],
)
def test_the_first_doi_is_not_the_cited_one(text):
    assert (role_of(A, text), role_of(B, text)) == ("cited", "denied")
    assert note(text).primary.value == A


@pytest.mark.parametrize(
    "text",
    [
        f"Lee J et al. · the listed doi:{B} resolves to an unrelated paper",
        f"the only DOI given, doi:{B}, is wrong",
        f"doi:{B} does not exist",
        f"Lee J (2019); doi:{B} (incorrect)",
        f"Patrick AD. 1969. the DOI {B} supplied in the brief resolves to an unrelated microbiology journal",
    ],
)
def test_the_only_doi_may_be_stated_wrong(text):
    assert role_of(B, text) == "denied"
    assert note(text).primary is None


@pytest.mark.parametrize(
    "text",
    [
        f"not significant; doi:{A}",
        f"not the first to show it · doi:{A}",
        f"do not extrapolate · doi:{A}",
        f"corrects an earlier error · doi:{A}",
        f"not in the local archive; doi:{A}",
        f"not open access. doi:{A}",
        f"doi:{A} · wrong-way risk model",
        f"doi:{A} is the correct paper",
        f"doi:{A} (not 2018 as stated before)",
        f"doi:{A} · not verified",
        f"rather than metformin, rapamycin was used · doi:{A}",
    ],
)
def test_is_not_denied(text):
    assert role_of(A, text) == "cited"


@pytest.mark.parametrize(
    "text",
    [
        f"doi:{A} · see also doi:{B}",
        f"doi:{A} · reply: doi:{B}",
        f"doi:{A} · comment on doi:{B}",
        f"doi:{A} · data set doi:{B}",
        f"doi:{A}; dataset: {B}",
        f"doi:{A} · data deposited at https://doi.org/{B}",
        f"doi:{A} · companion paper doi:{B}",
        f"doi:{A} · candidate: doi:{B}",
        f"doi:{A} · candidates {B}",
        f"doi:{A} · possibly also {B}",
        f"doi:{A} · also published in Circulation, doi:{B}",
        f"doi:{A} · same paper in JACC: doi:{B}",
        f"doi:{A} · co-published as doi:{B}",
        f"doi:{A} (dual publication: {B})",
    ],
)
def test_is_related(text):
    assert (role_of(A, text), role_of(B, text)) == ("cited", "related")


def test_one_work_in_three_journals_has_one_primary():
    text = f"doi:{A} · simultaneously published in JACC (doi:{B}) and Eur Heart J (doi:10.1000/c1)"
    assert [one.role.value for one in note(text).identifiers] == ["cited", "related", "related"]
    assert note(text).primary.value == A


@pytest.mark.parametrize(
    "text",
    [
        f"dataset · doi:{A}",
        f"see doi:{A}",
        f"data set: doi:{A}",
        f"candidate gene study · doi:{A}",
        f"Also known as the Lee study · doi:{A}",
        f"full text via PMC · doi:{A}",
        f"follow-up 5 years · doi:{A}",
        f"original article. doi:{A}",
    ],
)
def test_the_only_work_is_cited(text):
    assert role_of(A, text) == "cited"
    assert note(text).primary.value == A


@pytest.mark.parametrize(
    "text",
    [
        f"doi:{A} · PMID 12345678 · PMC1234567 · rct",
        f"doi:{A} (PMID: 12345678; PMCID: PMC1234567)",
        f"PMID 12345678, doi:{A}",
        f"https://doi.org/{A} | https://pubmed.ncbi.nlm.nih.gov/12345678/",
    ],
)
def test_names_of_one_work_are_all_cited(text):
    assert {one.role.value for one in note(text).identifiers} == {"cited"}
    assert note(text).primary.value == A


def test_the_pmid_of_a_notice_is_of_the_notice_too():
    text = f"doi:{A} · retraction notice: doi:{B} (PMID 12345678)"
    assert [one.role.value for one in note(text).identifiers] == ["cited", "notice", "notice"]
