"""Lines that state nothing themselves, and lines beside them that do."""

from __future__ import annotations

import pytest
from auditing import Vault
from growing import seconds

from evidence.statements.leadins import only_leads_in

NOTE = "\n\n[^a]: in-vivo · model: mice · doi:10.1000/a1\n"

LEADS = [
    "Key findings [^a]:",
    "Results [^a]:",
    "**Key results**[^a]:",
    "The main findings of the trial [^a]:",
    "Key properties of the FI [^a]:",
    "The primary tissues[^a]:",
    "From Table 3 [^a]:",
    "From Clarity AD Table 3 [^a]:",
    "Data from Kim et al. 2011, Figure 2b [^a]:",
    "See also [^a]",
    "See also [^a].",
    "See [^a] for a review.",
    "(see also [^a] and [^a])",
    "For details see [^a].",
    "See [[studies/kim-2011]] for the full extracted study record. [^a]",
    "See [[senolytics]] for the evidence table [^a].",
    "Reviewed in [^a].",
    "Sources: [^a], [^a]",
    "**Key references:** [^a]; [^a] and [^a].",
    "Evidence for: [^a][^a].",
    "Contradicted by: [^a] [^a]",
    "**Evidence against:** [^a], [^a]",
    "*Supported by*: [^a] and [^a]",
    "Not replicated by: [^a]",
    "Contradicting evidence: [^a]",
    "Contradicted by [^a] and [^a].",
    "Against: [^a], [^a]",
    "Contradicted by: none [^a]",
    "**Contradicted by:** none yet ([^a])",
    "Evidence against: no published trials so far [^a].",
    "Replicated by: not yet [^a]",
    "Contradicted by: none",
    "Evidence against: nothing known.",
    "Not replicated by: two later trials [^a]",
    "Contradicted by: a larger RCT in women [^a]",
    "[^a]",
    "Kim et al. 2021 [^a] documented:",
    "The assembly sequence is [^a]:",
    "The author interpretation [^a] is that:",
    "The trial found [^a]:",
    "The mechanism, as described in the abstract, proceeds as follows [^a]:",
    "The secretome of old heart cells comprises predominantly [^a]:",
    "Key findings ([Kim](https://doi.org/10.1000/a1)):",
    "Key findings of [[kim-2011]] [^a]:",
    "Results (doi:10.1000/a1):",
    "See also https://doi.org/10.1000/a1.",
    "See also (PMID: 12345678).",
    "See [Kim 2011](https://doi.org/10.1000/a1) for a review.",
    "Key findings:",
    "Kim 2011 [^a]",
    "- [Kim 2011](https://doi.org/10.1000/a1)",
    "- **Kim et al., 2011** [^a]; Lee & Park (2012) [^a].",
    "See also [[bone]] for details.",
]
STATES = [
    "Loss of X shortens lifespan in three ways [^a]:",
    "X folds into four major domains [^a]:",
    "Three developments justified it [^a]:",
    "Bone falls in mice, as Kim et al. reported [^a]:",
    "Mice died early and the reasons are [^a]:",
    "Results differ between mice and people [^a]:",
    "Findings in mice do not hold in people [^a]:",
    "The key step is phosphorylation of ULK1 [^a].",
    "Key findings hold in women too [^a].",
    "Sources: bone, blood and skin [^a], [^a].",
    "Evidence against: bone falls in women [^a], [^a]",
    "Contradicted by [^a]: bone falls in women.",
    "Contradicted by a trial in women [^a].",
    "Bone loss is contradicted by [^a].",
    "Against: bone falls in women [^a].",
    "Contradicted by: none of the women gain bone [^a]",
    "Contradicted by: no effect in men [^a]",
    "Evidence against: two trials found a gain [^a]",
    "Evidence: bone falls in two trials [^a].",
    "Evidence shows that bone falls: none is left [^a].",
    "Table 3 shows that mice live longer [^a]:",
    "See also how mice lose bone with age [^a].",
    "See [[senolytics]] for mice that lose bone on this list of drugs [^a].",
    "Mice see less with age [^a].",
    "The evidence is thin [^a].",
    "The trial failed, and this was found [^a]:",
    "X mediates the effects [^a]:",
    "Bone falls, as described in the abstract, because the steps are [^a]:",
    "The enzyme acts predominantly [^a]:",
    "See how bone falls in mice (doi:10.1000/a1).",
    "For mice, the loss is seen in all bones [^a].",
    "Results of [[kim]] hold in people [^a]:",
    "Bone fell in Norway in 2011 [^a]",
    "[Bone falls](https://doi.org/10.1000/a1)",
    "Kim 2011 [^a]: bone falls.",
    "p16, Kim 2011 [^a]",
]


def status(text):
    (claim,) = Vault().page(text + NOTE).audit().claims
    return claim.verdict.status.value


@pytest.mark.parametrize("line", LEADS)
def test_a_line_that_only_leads_in_or_on_is_no_claim(line):
    assert status(line) == "not-a-claim"


@pytest.mark.parametrize("line", STATES)
def test_a_lead_sentence_that_states_something_is_a_claim(line):
    assert status(line) == "single-study"


# What a page says of where to look something up.
POINTERS = [
    "See `verified-scope` in frontmatter for full correction log.",
    "See verified-scope in the front matter.",
    "(See the caveat in the section above.)",
    "See § Conflict of interest below.",
    "See also Table 2 and Fig. 3b.",
    "See the gaps section at the bottom of this page.",
    "Please refer to [[ampk]] (verified) for the full pathway.",
    "See [the page on mTOR](mtor.md) for safety and trials.",
    "For the downstream effects, see [[sasp]] and [[nf-kb]].",
    "See [[granulosa-cells]] (stub).",
]
POINTERS_THAT_STATE = [
    "See how mice lose bone.",
    "See [[sasp]] for composition (it requires 4 days to develop).",
    "See [[mtor]]; its loss lengthens life.",
    "See [[trial]] for the finding that mice live longer.",
    "See [[caloric-restriction]] for a trial of mice, n=197.",
    "See [[mtor]] — it is blocked by rapamycin.",
    "For mice, see-saw growth of bone above the joint is normal.",
    "See-through teeth stand above the gum.",
    "For most tissues, X inhibits Y, see [[y]].",
    "Mice see the section above.",
]


@pytest.mark.parametrize("line", POINTERS)
def test_a_line_that_only_says_where_to_look_is_no_claim(line):
    assert status(line) == "not-a-claim"


@pytest.mark.parametrize("line", POINTERS_THAT_STATE)
def test_a_line_that_states_something_beside_is_a_claim(line):
    assert status(line) == "uncited"


def test_what_is_cited_where_a_line_points_is_judged():
    assert status("See [[mtor]] for the pathway in mice [^a].") == "single-study"


def test_what_a_lead_sentence_cites_is_behind_the_items_of_its_list():
    claims = Vault().page(f"Key findings [^a]:\n\n- Bone falls in mice.\n- Fat rises in mice.{NOTE}").audit().claims
    assert [one.verdict.status.value for one in claims] == ["not-a-claim", "single-study", "single-study"]


def test_what_a_lead_sentence_cites_is_checked_all_the_same():
    vault = Vault().page(f"Key findings [^a]:{NOTE}").work("doi:10.1000/a1", notices=["retraction"])
    assert [one.code for one in vault.audit().findings if one.severity.value == "error"] == ["EV001"]


@pytest.mark.parametrize(
    "text",
    ["From" + " And" * 60 + ":", "From" + " A" * 110 + " 1:", "the " * 59 + ":", "Results of" + " And" * 55 + " x:",
     "From" + " Table 1," * 26 + " x:", "See" + " and" * 59, "From" + ", A" * 75 + ":", "A" + " 2011" * 46 + ":"],
)  # fmt: skip
def test_no_line_takes_much_longer_than_a_plain_one(text):
    """A line that could be read in many ways would take longer than anybody waits."""
    plain = ("mice lose bone " * 16)[: len(text) - 1] + ":"
    assert seconds(only_leads_in, text) < 100 * seconds(only_leads_in, plain)


@pytest.mark.parametrize("mark", ["1", " [1]", " [1, 2]"])
def test_plain_text_and_html_are_read_alike(mark):
    notes = "References\n\n1. Kim J. Bone in mice. J Bone. 2011. doi:10.1000/a1\n2. Kim J. doi:10.1000/b1\n"
    page = f"Bone falls in mice{mark}.\n\nKey findings{mark}:\n\nSee also [1].\n\n{notes}"
    told = {one.claim.text: one.verdict.status.value for one in Vault().page(page, "a.txt").audit().claims}
    assert told[f"Key findings{mark}:"] == told["See also [1]."] == "not-a-claim"
    html = "<p>Key findings<sup><a href='#n'>1</a></sup>:</p><ol><li id='n'>Kim J. doi:10.1000/a1</li></ol>"
    assert Vault().page(html, "a.html").audit().claims[0].verdict.status.value == "not-a-claim"


@pytest.mark.parametrize(
    "page",
    [
        "<ul><li>{}</li></ul>",
        "<p>Bone falls.</p><details><summary>Contradicted by</summary><ul><li>{}</li></ul></details>",
    ],
)
def test_a_link_of_html_that_names_its_paper_is_no_claim(page):
    link = '<a href="https://doi.org/10.1000/a1">Kim 2011</a>'
    claims = Vault().page(page.format(link), "a.html").audit().claims
    assert [one.verdict.status.value for one in claims if one.claim.text == "Kim 2011"] == ["not-a-claim"]


def test_a_name_and_a_year_in_cells_of_a_row_are_a_claim():
    page = f"| drug | approved |\n|---|---|\n| Metformin | 1995 [^a] |{NOTE}"
    assert [one.verdict.status.value for one in Vault().page(page).audit().claims if one.verdict.works] == [
        "single-study"
    ]


def test_a_row_of_numbers_with_a_mark_is_a_claim():
    page = f"| log | value |\n|---|---|\n| 1.53 | 2.85 [^a] |{NOTE}"
    assert [one.verdict.status.value for one in Vault().page(page).audit().claims if one.verdict.works] == [
        "single-study"
    ]
