"""Notes whose own words say that their work speaks against the claim: `+` supports, `-` opposes, `~` contrasts by its own words, `m` mentions."""

from __future__ import annotations

import time

import pytest
from reading import read

from evidence.extract.notes.stances import speaks_against
from evidence.identifiers import find_identifiers
from evidence.records import Note

SIGNS = {"supports": "+", "opposes": "-", "contrasts": "~", "mentions": "m"}
DOI = "https://doi.org/10.1000/b"


def signs(note, claim="Bone falls with age in mice.[^a][^b]", name="page.md"):
    page = read(f"{claim}\n\n[^a]: Kim 2011, rct, doi:10.1000/a\n[^b]: {note}\n", name)
    return "".join(SIGNS[one.polarity.value] for one in page.claims[0].citations)


AGAINST = [
    f"Lee 2012, {DOI}, failed to replicate this.",
    f"Lee 2012, {DOI}, could not replicate.",
    f"Lee J et al. (2012). Bone in mice. J Bone 3:4. {DOI}. Failed to replicate the finding.",
    f"Lee 2012 failed to replicate this ({DOI}).",
    f"Lee et al. 2012 contradicts this; {DOI}",
    "Lee J · 2012 · rct · n=40 · doi:10.1000/b · did not replicate the effect",
    "Lee J · 2012 · doi:10.1000/b · PMID 12345678 · contradicts this claim",
    f"[Lee 2012]({DOI}) failed to reproduce this in a larger cohort.",
    f"[Loss of bone in mice]({DOI}), which contradicts this.",
    f"Lee 2012, *Bone is lost in mice*, {DOI} (disputes it)",
    f"Contradicted by: Lee 2012, {DOI}",
    f"Contra: [Lee 2012]({DOI})",
    f"Lee 2012, {DOI} — found the opposite.",
    f"Lee 2012, {DOI} -- failed to replicate this.",
    f"Lee 2012, {DOI}; found no such effect.",
    f"Lee 2012, {DOI}; evidence against.",
    f"Lee 2012, {DOI}: the authors could not confirm this.",
    f"Lee 2012, {DOI}, does not support this.",
    f"Lee 2012, {DOI}, which failed to replicate this; does not support it.",
    "PMID 26, failed to replicate this.",
    "PMID 26 (Lee 2012) failed to replicate this.",
    f"Contradicts this: Lee 2012, {DOI}",
    f"Contradicted by Lee 2012, {DOI}",
    f"Contradicted by: Lee J, Park S. Bone in mice. J Bone 2012;3:4. {DOI}",
    f"Lee 2012, {DOI} (contradicts this)",
    f"Lee 2012, {DOI} (contradicts the claim)",
    "Lee 2012 · doi:10.1000/b · contradicts claim · n=40",
    f"Failed to replicate: Lee 2012, {DOI}",
    f"Lee 2012, {DOI}, failed replication of the effect.",
    f"**Lee 2012** failed to replicate this ({DOI}).",
    # Another version or a repeat is the same work; a related one is told from it.
    f"Lee 2012, {DOI} (preprint doi:10.1101/2020.01.01), failed to replicate this.",
    f"Lee 2012, {DOI}, failed to replicate this; see also doi:10.1000/c",
    f"Lee 2012, {DOI}, failed to replicate this. Preprint: doi:10.1101/2020.01.01",
    f"Lee 2012, {DOI}, doi:10.1000/b, failed to replicate this.",
    f"Lee 2012, {DOI}. This study failed to replicate the finding.",
]


@pytest.mark.parametrize("note", AGAINST)
def test_words_of_a_note_set_its_work_against_the_claim(note):
    assert signs(note) == "+-"


SILENT = [
    # Titles.
    f"Lee J. No effect of age on bone. J Bone 2012. {DOI}",
    f"Lee J. Bone loss failed to replicate. J Bone 2012. {DOI}",
    f"Lee J. Failure to replicate bone loss. {DOI}",
    f"Lee J. A failed replication. J Bone 2012. {DOI}",
    f"Lee J. Failed replication. J Bone 2012. {DOI}",
    f"Lee 2012, “Contradicts this”, {DOI}",
    f"Lee 2012, *Failed to replicate this*, {DOI}",
    f"Lee 2012. {DOI}. *Failed to replicate this.*",
    f"[Lee 2012: failed to replicate this]({DOI})",
    f'Lee 2012. "We failed to replicate this." {DOI}',
    # The work itself was contradicted, or another one is the subject.
    f"Lee 2012, {DOI}, was not replicated.",
    f"Lee 2012, {DOI}, failed to replicate.",
    f"Lee 2012, {DOI} — failed replication.",
    f"Lee 2012, {DOI}, contradicted by Park 2013.",
    f"Lee 2012, {DOI}. Park 2013 failed to replicate this.",
    f"Lee 2012, {DOI}; failed replication: Park 2013, doi:10.1000/c",
    f"Lee 2012, {DOI}; Park 2013, doi:10.1000/c, failed to replicate this.",
    f"Lee 2012, {DOI}; failed to be replicated since.",
    # Something narrows it, or it is of something else.
    f"Lee 2012, {DOI}, failed to replicate this in women.",
    f"Lee 2012, {DOI}, failed to replicate this, in women.",
    f"Lee 2012, {DOI}, failed to replicate the effect on weight.",
    f"Lee 2012, {DOI}, contradicts the amyloid model.",
    f"Lee 2012, {DOI}, found no effect.",
    f"Lee 2012, {DOI}, did not contradict this.",
    f"Lee 2012, {DOI}, supports this.",
    f"Lee 2012, {DOI}; ~~failed to replicate this~~",
    "Lee 2012, failed to replicate this.",
    f"Not replicated: Lee 2012, {DOI}",
    # Another paper, person or study beside, of which the words may be.
    "Scherberger 1975, PMID 26. Supports the claim; older work (Kim 1970) contradicts this.",
    "Scherberger 1975, PMID 26. Supports the claim; contradicts this.",
    f"Lee 2012, {DOI}. A later trial (Kim 2015) failed to replicate this.",
    f"Lee 2012, {DOI}. A later trial, failed to replicate this.",
    f"Lee 2012, {DOI}. Kim et al., failed to replicate this.",
    f"Lee 2012, {DOI}. Kim (2015) failed to replicate this.",
    "PMID 26. Kim (2015) failed to replicate this.",
    f"Lee 2012, {DOI}. Critique by Kim: contradicts this.",
    f"Lee 2012, {DOI}. Some say, it contradicts this.",
    f"Lee 2012, {DOI}. [Kim](kim.md) contradicts this.",
    f"Lee 2012, {DOI}. *Kim 2015* failed to replicate this.",
    f"Lee 2012, {DOI}. Kelly failed to replicate this.",
    f"Lee 2012, {DOI}, https://example.org/kim failed to replicate this.",
    f"Lee 2012, {DOI}, related: doi:10.1000/c, failed to replicate this.",
    f"Lee 2012, {DOI}; disputes it (Kim et al.)",
    f"Lee 2012, {DOI}; disputes it, a review says",
    f"Disputed by Kim 2015; Lee 2012, {DOI}",
    f"Contradicted by: Kim 2012, Lee 2012, {DOI}",
    f"Contradicts Kim 2010. Lee 2012, {DOI}",
    f"Contra Kim 2010: Lee 2012, {DOI}",
    f"Kim 2012 failed to replicate this. Lee 2012, {DOI}",
    f"Critique of Lee 2012, {DOI}: contradicts this.",
    f"Kim 2012, a reply to Lee 2012 ({DOI}), failed to replicate this.",
    f"Critics of {DOI}: contradicts this.",
    f"Evidence against Lamarckism. Lee 2012, {DOI}",
    f"Evidence against: Lamarckism. Lee 2012, {DOI}",
    f"Failed replication of the effect. Lee 2012, {DOI}",
    f"Lee 2012. Failed to replicate this. {DOI}",
    f"Lee 2012, {DOI}, failed to replicate this, later confirmed it.",
    f"Lee 2012, {DOI}, allegedly contradicts this.",
    f"Lee 2012, {DOI}, failed to replicate this; PMID 26 did not.",
    f"PMID 26 and a later one, {DOI}, failed to replicate this.",
    f"Contradicts this: Lee 2012, {DOI}, but in women only.",
]


@pytest.mark.parametrize("note", SILENT)
def test_other_words_leave_it_support(note):
    assert signs(note) == "++"


def test_a_claim_that_denies_something_may_be_what_the_note_supports():
    note = f"Lee 2012, {DOI}, failed to replicate this."
    assert signs(note, "Bone does not fall with age.[^a][^b]") == "++"
    assert signs(note, "It is debated whether bone falls with age.[^a][^b]") == "++"
    assert signs(note, "Bone falls;[^a] see also Lee.[^b]") == "+m"
    assert signs(note, "Bone falls[^no-loss] in mice.[^a][^b]") == "++-"


@pytest.mark.parametrize(
    "claim",
    [
        "Statins lower deaths in heart failure.",
        "DNA replication slows with age.",
        "Differentiation, contraction and glucose challenge are the same, but only once stable in mixed cells.",
        "A questionnaire shows that the results of null mutants are similar.",
        "Failure to thrive follows.",
    ],
)
def test_what_a_claim_is_about_leaves_the_note_its_word(claim):
    assert signs(f"Lee 2012, {DOI}, failed to replicate this.", f"{claim}[^a][^b]") == "+-"


@pytest.mark.parametrize(
    "claim",
    [
        "Trials failed to find a loss of bone.",
        "There is a lack of evidence that bone falls.",
        "Bone falls in none of them.",
        "Bone doesn't fall.",
        "That bone falls is controversial.",
        "Whether bone falls is unclear.",
        "Later studies differ.",
    ],
)
def test_what_a_claim_denies_doubts_or_reports_as_failed_may_be_what_the_note_says(claim):
    assert signs(f"Lee 2012, {DOI}, failed to replicate this.", f"{claim}[^a][^b]") == "++"


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Bone shrinks in rats.^[PMID 26, failed to replicate this.]", "-"),
        ("Bone shrinks in rats.^[Lee [2012] PMID 26, failed to replicate this.]", "-"),
        ("Bone shrinks^[PMID 26, does not support this.] in rats.^[PMID 27]", "-+"),
        ("Bone does not shrink.^[PMID 26, failed to replicate this.]", "+"),
        ("Bone shrinks.^[PMID 26, not in rats.]", "+"),
    ],
)
def test_inline_notes_are_no_words_of_their_claim(text, sign):
    assert "".join(SIGNS[one.polarity.value] for one in read(text).claims[0].citations) == sign


def test_long_notes_take_a_time_that_grows_with_them():
    for piece in (
        "PMID 26, ",
        "failed to replicate this in ",
        "Lee et al. ",
        "[a](",
        "◆ ",
        "Contradicts this: ",
        "A",
        "von ",
        "~~a~~ ",
        "Contra: Lee 2012 ",
        "PMID 26, failed to replicate this in women; ",
        "https://a.b/",
        "n=4, ",
        "*",
    ):
        assert min(seconds(piece * 4_000) / seconds(piece * 1_000) for _ in range(3)) < 8, piece


def seconds(text):
    note = Note("b", 0, 1, 0, len(text), text, tuple(find_identifiers(text)) or tuple(find_identifiers("PMID 26")))
    began = time.perf_counter()
    speaks_against(note, text + " contradicts this")
    return time.perf_counter() - began


PAGE = """<html><body><p>Bone falls.<sup id="r1"><a href="#fn1">1</a></sup></p><div class="footnotes"><ol>
<li id="fn1">Lee 2012, {} <a href="#r1">↩</a></li></ol></div></body></html>"""


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        (f'<a href="{DOI}">Bone</a>, failed to replicate this.', "opposes"),
        (f'<a href="{DOI}">Bone</a>, <i>failed to replicate this</i>.', "supports"),
        (f'<a href="{DOI}">failed to replicate this</a>.', "supports"),
        (f'<a href="{DOI}">Bone</a>, rct.', "supports"),
    ],
)
def test_the_same_holds_in_html(words, sign):
    (citation,) = read(PAGE.format(words), "page.html").claims[0].citations
    assert citation.polarity.value == sign
