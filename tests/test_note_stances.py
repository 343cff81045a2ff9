"""Notes whose own words say that their work speaks against the claim: `+` supports, `-` opposes, `~` contrasts by its own words, `m` mentions."""

from __future__ import annotations

import pytest
from reading import read

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
