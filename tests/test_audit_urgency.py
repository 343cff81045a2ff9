"""One order, worst first, and one meaning of untagged, for every form of the report."""

from __future__ import annotations

from auditing import KIM, WEBER, Vault

from evidence.audit.html.tally import take_tally
from evidence.audit.ranking import is_untagged, load_of, rank_by_urgency
from evidence.audit.reports.ranking import rank_claims

PAGE = """# Page

Gone.[^none]

Skin is thin.[^a][^b]

Fat is lost.[^c] #gap/needs-replication

Hair is lost.[^d]

Bone is lost.[^c] Bone is weak.[^c]

Sight fails.[^r]

[^a]: rct · doi:10.1000/a
[^b]: rct · doi:10.1000/b
[^c]: in-vivo · mice · doi:10.1000/c
[^d]: rct · doi:10.1000/d
[^r]: rct · doi:10.1000/r
"""


def audited(text=PAGE):
    vault = Vault().page(text).work("doi:10.1000/a", authors=KIM).work("doi:10.1000/b", authors=WEBER)
    vault.work("doi:10.1000/c", authors=["Roe A", "Poe B"]).work("doi:10.1000/d", authors=["Ito A", "Abe B"])
    return vault.work("doi:10.1000/r", authors=["Mori C", "Oda D"], notices=["retraction"]).audit()


def test_all_lists_have_one_order():
    report = audited()
    ranked = [one.claim.line for one in rank_claims(report)]
    assert ranked == [one.claim.line for one in take_tally(report, 50).worst]
    assert ranked == [one.claim.line for one in sorted(report.claims, key=rank_by_urgency(report)) if one.claim.places]
    # Retracted support, untagged on a study that holds up three, its tagged claim, the rest on one study, what
    # cites no work, and replicated last.
    assert ranked == [13, 11, 11, 7, 9, 3, 5]


def test_tag_in_the_front_matter_is_no_tag_of_the_claim():
    front = "---\ntags: [gap/needs-replication]\n---\nBone is lost.[^d]\n\n[^d]: rct · doi:10.1000/d\n"
    assert [is_untagged(one) for one in audited(front).claims if one.claim.places] == [True]


def test_load_is_of_works_that_count():
    text = (
        "Bone is lost.[^c]\n\nFat is lost.[^c]\n\nSkin is thin.[^a][^b]\n\nHair is lost, as was reviewed.[^d][^c]\n\n"
    )
    text += PAGE[PAGE.index("[^a]: rct") :].replace("[^d]: rct", "[^d]: review")
    report = audited(text.replace("[^d][^c]", "[^d]"))
    assert [load_of(one, report) for one in report.claims if one.claim.places] == [2, 2, 0, 0]
