"""Entries of lists of what was used, and items below the same headings that state something."""

from __future__ import annotations

import pytest
from auditing import Vault

NOTE = "\n\n[^a]: in-vivo · model: mice · doi:10.1000/a1\n"


def status(heading, item):
    claims = Vault().page(f"## {heading}\n\n{item}{NOTE}").audit().claims
    return [one.verdict.status.value for one in claims if one.verdict.works or "[^a]" in one.claim.text]


@pytest.mark.parametrize(
    "heading", ["Materials", "Reagents", "2.1 Antibodies", "Key resources table", "Reagents and antibodies"]
)
@pytest.mark.parametrize(
    "item",
    ["- Anti-p16 antibody, clone JC8 (Santa Cruz, sc-56330) [^a]", "- Rapamycin (LC Laboratories, cat. no. R-5000) [^a]",
     "| Thing | Maker |\n|---|---|\n| Anti-p21 | Abcam ab109199 [^a] |"],
)  # fmt: skip
def test_an_entry_of_a_list_of_materials_is_no_claim(heading, item):
    assert status(heading, item) == ["not-a-claim"]


@pytest.mark.parametrize(
    ("heading", "item"),
    [("Materials", "- The antibody of Abcam binds p14 too [^a]"), ("Materials", "Abcam's antibody fails in fixed tissue [^a]."),
     ("Reagents", "- Rapamycin: 20% longer life [^a]"), ("Reagents", "- Rapamycin (Sigma) ↑ autophagy [^a]"),
     ("Antibodies in old age", "- Anti-p16, clone JC8 [^a]"), ("Findings", "- Anti-p16, clone JC8 (Abcam) [^a]")],
)  # fmt: skip
def test_what_states_something_of_a_material_is_a_claim(heading, item):
    assert status(heading, item) == ["single-study"]


@pytest.mark.parametrize(
    "heading", ["Cited by (from this wiki)", "Cited by (major downstream uses in this wiki)", "Pages citing this method",
                "Pages that cite this study", "Citing pages in this wiki", "Related wiki pages"]
)  # fmt: skip
def test_what_another_page_cites_is_no_claim_of_this_one(heading):
    (claim,) = Vault().page(f"## {heading}\n\n- [[senolytics]] — proof of principle\n").audit().claims
    assert claim.verdict.status.value == "not-a-claim"


@pytest.mark.parametrize("words", ["claims of efficacy often rest on p16", "worms without it fail to grow"])
def test_what_a_link_is_said_to_do_is_a_claim_below_such_a_heading(words):
    (claim,) = Vault().page(f"## Pages citing this method\n\n- [[senolytics]] — {words}\n").audit().claims
    assert claim.verdict.status.value == "uncited"


def test_a_sentence_below_such_a_heading_is_a_claim():
    assert status("Pages citing this method", "- [[senolytics]] clear cells in mice [^a].") == ["single-study"]
