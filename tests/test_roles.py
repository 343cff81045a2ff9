"""Roles of the identifiers of a note: each pitfall from both sides, what must have the role and what must not."""

from __future__ import annotations

import pytest
from growing import seconds
from reading import claims, note, read

from evidence.extract.forms.layout import Mark
from evidence.extract.notices import find_notices
from evidence.extract.places import find_places

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
        f"doi:{A} (incorrect DOI: {B})",
        f"doi:{A} (wrong: {B})",
        f"doi:{A} (the wrong DOI {B})",
        f"doi:{A}, incorrect DOI: {B}",
        f"doi:{B} (incorrect DOI), doi:{A}",
        f"doi:{B}, wrong DOI; doi:{A}",
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


@pytest.mark.parametrize(
    "words", ["see also", "See also:", "data:", "data set:", "dataset:", "reply:", "Reply to:", "comment on"]
)
@pytest.mark.parametrize("name", [f"doi:{A}", f"https://doi.org/{A}", A, f"doi:{A}."])
def test_a_note_that_only_points_elsewhere_cites_nothing(words, name):
    found = note(f"{words} {name}")
    assert [one.role.value for one in found.identifiers] == ["related"]
    assert found.primary is None


def test_one_work_in_three_journals_has_one_primary():
    text = f"doi:{A} · simultaneously published in JACC (doi:{B}) and Eur Heart J (doi:10.1000/c1)"
    assert [one.role.value for one in note(text).identifiers] == ["cited", "related", "related"]
    assert note(text).primary.value == A


@pytest.mark.parametrize(
    "text",
    [
        f"dataset · doi:{A}",
        f"see doi:{A}",
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


@pytest.mark.parametrize(
    "text",
    [
        f"Lee 2011. Corrected 2015 (doi:{B}). doi:{A}",
        f"Lee 2011. doi:{A}. Corrected in 2015 (doi:{B}).",
        f"doi:{A} · corrected March 2015: {B}",
        f"Lee 2011. doi:{A}. Never retracted; corrected 2015 (doi:{B}).",
        f"Lee 2011. doi:{A}. Correction: Cell 2012;1:2, doi:{B}.",
        f"Lee 2011. doi:{A}. Erratum: J Cell Biol. 2012;1(3):2. doi:{B}.",
        f"Lee 2011. Retracted 2015 (doi:{B}). doi:{A}",
        f"doi:{A} (retracted 2015, doi:{B})",
        f"Foo A. Retraction of: Bar B 2010 (doi:{A}). doi:{B}",
        f"doi:{B} · retraction of: Bar B, Nature 2010, doi:{A}",
        f"doi:{B}. Erratum for: Cell. 2010;5:1. doi:{A}",
        f"Expression of concern for doi:{A}: doi:{B}",
        f"Expression of concern ({B}) issued for {A}.",
        f"doi:{B} corrects the figure of the article · correction to doi:{A}",
    ],
)
def test_a_notice_and_its_work(text):
    assert (role_of(A, text), role_of(B, text)) == ("cited", "notice")
    assert note(text).primary.value == A


@pytest.mark.parametrize(
    "text",
    [
        f"Expression of concern issued for doi:{A}",
        f"Retraction of: Bar B 2010 (doi:{A})",
        f"Lee 2011. Corrected p-values. doi:{A}",
        f"DOI corrected 2026-06-03: {A}",
        f"author list corrected 2026 · doi:{A}",
        f"Lee 2011, retracted 2015, doi:{A}",
        f"Lee J. Error correction in old age. Nature 2011;5:1. doi:{A}",
        f"Foo A. Correction: Bone loss. Nature 2012;5:1. doi:{A}",
        f"erratum: none; doi:{A}",
    ],
)
def test_the_work_is_cited_beside_the_word_of_a_notice(text):
    assert role_of(A, text) == "cited"


def test_names_of_the_retracted_work_stay_together():
    text = f"doi:{B}, PMID 12345678 · retraction of: Bar B 2010 (doi:{A}; PMID 87654321)"
    assert [one.role.value for one in note(text).identifiers] == ["notice", "notice", "cited", "cited"]


def test_the_notice_of_this_paper_is_no_other_work():
    text = f"doi:{A} · retraction of this paper: doi:{B}"
    assert (role_of(A, text), role_of(B, text)) == ("cited", "notice")


@pytest.mark.parametrize(
    "text",
    [
        f"Lee 2019. ~~{B}~~ {A}",
        f"Lee 2019. ~~doi:{B}~~ doi:{A}",
        f"Lee 2019. ~~[Lee](https://doi.org/{B})~~ doi:{A}",
        f"Lee 2019. <del>doi:{B}</del> doi:{A}",
        f"Lee 2019. doi:{A} <s>doi:{B}</s>",
        f"Kim 2012, not Lee 2011 ({B}): {A}",
        f"Kim 2012 ({A}), not Lee 2011 ({B})",
        f"doi:{A} (not Lee et al. 2011, doi:{B})",
        f"doi:{A}; not Lee's 2011 paper ({B})",
        f"doi:{A} · not the 2011 paper doi:{B}",
    ],
)
def test_struck_out_or_refused(text):
    assert (role_of(A, text), role_of(B, text)) == ("cited", "denied")
    assert note(text).primary.value == A


@pytest.mark.parametrize(
    "text",
    [
        f"Lee 2019 ~~n=12~~ n=14 · doi:{A}",
        f"~~PDF missing~~ doi:{A} ~~unverified~~",
        f"10~~20 mice, doi:{A}",
        f"not replicated by Lee 2011 · Kim 2012 (doi:{A})",
        f"not Lee 2011 but Kim 2012: doi:{A}",
    ],
)
def test_not_struck_out(text):
    assert role_of(A, text) == "cited"


def test_struck_words_state_nothing():
    stated = note(f"doi:{A} · ~~Kim S · Cell 2011 · n=12~~ · Lee J · Nature 2014 · n=14")
    assert (stated.authors, stated.journal, stated.year, stated.n) == (("Lee J",), "Nature", 2014, 14)


def test_a_notice_is_no_journal():
    assert note(f"Lee 2011. Corrected 2015 (doi:{B}). doi:{A}").journal is None
    stated = note(f"Foo A. Retraction of: Bar B 2010 (doi:{A}). doi:{B}")
    assert (stated.authors, stated.journal, stated.year) == (("Bar B",), None, 2010)
    assert stated.marked_retracted


LINK = "https://doi.org/"
# A sentence with {0} for a link to a paper, {1} for the beginning and {2} for the end of one to what may be a notice.
NOTICES = [
    "Bone falls ({0}, retracted {1}notice{2}).",
    "Bone falls ({0}; {1}retraction notice{2}).",
    "Bone falls ({0}, {1}retracted{2}).",
    "Bone falls ({0}; since {1}retracted{2}).",
    "Bone falls ({0}; retracted in {1}2015{2}).",
    "Bone falls ({0}) ({1}correction{2}).",
    "Bone falls ({0}), see the {1}expression of concern{2}.",
    "Bone falls ({0}; {1}Erratum{2}).",
    "Bone falls ({0}; {1}Retraction: Bone is lost in mice{2}).",
    "Bone falls ({0}; {1}Kim 2012{2} (erratum)).",
]
NO_NOTICES = [
    "Bone falls ({0}), and axons retracted in {1}Lee 2012{2}.",
    "Neurites extend ({0}), but retracted with age ({1}Lee 2012{2}).",
    "Growth {0} and {1}retraction{2} differ.",
    "Bone falls ({0}) without error correction ({1}Lee 2012{2}).",
    "Bone falls ({0}), also after statin {1}withdrawal{2}.",
    "Bone falls ({0}), a loss corrected by {1}zinc{2}.",
    "Bone falls ({0}); no erratum was found ({1}Lee 2012{2}).",
    "Bone falls ({0}); {1}RETRACTED: Bone is lost in mice{2}.",
]


def roles_in_text(sentence, form):
    if form == "markdown":
        text, name = sentence.format(f"[Kim 2011]({LINK}{A})", "[", f"]({LINK}{B})"), "page.md"
    elif form == "reference":
        text = f"{sentence.format('[Kim 2011][a]', '[', '][b]')}\n\n[a]: {LINK}{A}\n[b]: {LINK}{B}\n"
        name = "page.md"
    else:
        links = f'<a href="{LINK}{A}">Kim 2011</a>', f'<a class="x" href="{LINK}{B}">', "</a>"
        text, name = f"<p>{sentence.format(*links)}</p>", "page.html"
    cited = {one.identifier.value: one for claim in claims(text, name) for one in claim.citations}
    told = {one.value: one.role for one in read(text, name).identifiers}
    assert {value: one.identifier.role for value, one in cited.items()} == told
    if cited[B].identifier.role.value == "notice":
        assert cited[A].clause == cited[B].clause
    return [(cited[value].identifier.role.value, cited[value].polarity.value) for value in (A, B)]


@pytest.mark.parametrize("sentence", NOTICES)
@pytest.mark.parametrize("form", ["markdown", "reference", "html"])
def test_is_a_notice_in_the_text(sentence, form):
    assert roles_in_text(sentence, form) == [("cited", "supports"), ("notice", "mentions")]


@pytest.mark.parametrize("sentence", NO_NOTICES)
@pytest.mark.parametrize("form", ["markdown", "reference", "html"])
def test_is_no_notice_in_the_text(sentence, form):
    assert roles_in_text(sentence, form) == [("cited", "supports"), ("cited", "supports")]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        (f"Bone falls (doi:{A}, retraction notice doi:{B}).", ["cited", "notice"]),
        (f"Bone falls (doi:{A}; erratum: doi:{B}).", ["cited", "notice"]),
        (f"Bone falls (doi:{A}; retraction: {LINK}{B}).", ["cited", "notice"]),
        ("Bone falls (PMID 11111111, retracted by PMID 22222222).", ["cited", "notice"]),
        (f"Bone falls doi:{A} (errata: doi:{B}, doi:10.1000/c1).", ["cited", "notice", "notice"]),
        (f"Bone falls doi:{A} (retraction notices: doi:{B} and doi:10.1000/c1).", ["cited", "notice", "notice"]),
        (
            f"Bone falls ({LINK}{A}; expressions of concern: {LINK}{B}, {LINK}10.1000/c1).",
            ["cited", "notice", "notice"],
        ),
        (
            f"Bone falls ([Kim]({LINK}{A}); [errata]({LINK}{B}) and [2]({LINK}10.1000/c1)).",
            ["cited", "notice", "notice"],
        ),
        ("Bone falls (PMID 11111111; errata: PMID 22222222, PMID 33333333).", ["cited", "notice", "notice"]),
        # One erratum is of one paper, and what has its own words is no erratum.
        (f"Bone falls (doi:{A}, erratum: doi:{B}, doi:10.1000/c1).", ["cited", "notice", "cited"]),
        (f"Bone falls (doi:{A}, errata: doi:{B}; in men doi:10.1000/c1).", ["cited", "notice", "cited"]),
        (f"The retraction notice of Kim 2011 (doi:{A}) says why.", ["cited"]),
        (f"The withdrawal of statins (doi:{A}) and correction of weight (doi:{B}) help.", ["cited", "cited"]),
    ],
)
def test_bare_identifiers_of_notices_in_the_text(text, roles):
    assert [one.identifier.role.value for one in claims(text)[0].citations] == roles


@pytest.mark.parametrize(
    "unit", ["erratum ", "retracted ", "(", ", since ", "correction: ", " ", "errata: ", "notices of ", ", doi:"]
)
def test_no_text_before_a_notice_takes_much_longer_than_a_plain_one(unit):
    def look(between):
        text = f"[^1]{between} retracted [Kim](https://doi.org/10.1/b)"
        at = text.rindex("10.1/b")
        find_notices(text, 0, find_places(text, 0, [Mark("1", 0, 4), Mark("b", at, at + 6)]))

    length = 20_000
    assert seconds(look, (unit * length)[:length]) < 20 * seconds(look, ("bone is lost " * length)[:length])
