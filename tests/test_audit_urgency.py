"""One order, worst first, and one meaning of untagged, for every form of the report."""

from __future__ import annotations

import random

import pytest
from auditing import KIM, WEBER, Vault

from evidence.audit.html.tally import take_tally
from evidence.audit.ranking import is_untagged, load_of, rank_by_urgency
from evidence.audit.reach import targets_of
from evidence.audit.reports import ranking
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


def test_a_study_bears_load_from_its_second_claim_on():
    tag = "#gap/needs-replication"
    text = (
        f"Hair is lost.[^d]\n\nBone is lost.[^c] {tag}\n\nFat is lost.[^c] {tag}\n\n{PAGE[PAGE.index('[^a]: rct') :]}"
    )
    assert [one.claim.line for one in rank_claims(audited(text))] == [3, 5, 1]
    alone = text.replace(f"Fat is lost.[^c] {tag}\n\n", "")
    assert [one.claim.line for one in rank_claims(audited(alone))] == [1, 3]


def test_retracted_support_that_the_page_marks_is_not_the_first_to_act_on():
    assert next(one.claim.line for one in rank_claims(audited())) == 13
    marked = audited(PAGE.replace("[^r]: rct", "[^r]: RETRACTED · rct"))
    assert [one.claim.line for one in rank_claims(marked)][:2] == [11, 11]


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


REASONS = """# Page

Nothing is here.[^none]

Bone is lost in mice.[^a][^b] #gap/needs-replication #gap/needs-human-replication

Muscle is lost.[^e]

Bone is lost in 60 healthy women.[^e] #gap/needs-replication #gap/needs-human-replication

Hair is lost.[^d]

Nails grow.[^g] #gap/needs-replication

Fat is lost.[^c] Skin is lost.[^c]

Sight fails.[^r]

[^a]: in-vivo · mice · doi:10.1000/a
[^b]: in-vivo · mice · doi:10.1000/b
[^c]: in-vivo · mice · doi:10.1000/c
[^d]: rct · doi:10.1000/d
[^e]: in-vivo · mice · doi:10.1000/e
[^g]: Baker DJ et al. 2011 · rct · doi:10.1000/g
[^r]: rct · doi:10.1000/r
"""


def test_order_of_reasons_to_act():
    text = REASONS.replace("Muscle is lost.[^e]\n\n", "")
    vault = Vault().page(text).work("doi:10.1000/a", authors=KIM).work("doi:10.1000/b", authors=WEBER)
    for name, authors in {"c": ["Roe A", "Poe B"], "d": ["Ito A", "Abe B"], "e": ["Ek C", "Al D"]}.items():
        vault.work(f"doi:10.1000/{name}", authors=authors)
    vault.work("doi:10.1000/g", authors=["Sato D", "Ono E"], date="2004")
    vault.work("doi:10.1000/r", authors=["Mori C", "Oda D"], notices=["retraction"])
    ranked = [one.claim.text.split("[")[0] for one in rank_claims(vault.audit())]
    assert ranked == [
        "Sight fails.",
        "Fat is lost.",
        "Skin is lost.",
        "Hair is lost.",
        "Nails grow.",
        "Bone is lost in 60 healthy women.",
        "Bone is lost in mice.",
        "Nothing is here.",
    ]


def test_a_review_beside_the_study_and_links_to_the_page_decide_among_their_like():
    end = "\n\n[^a]: rct · doi:10.1000/a\n[^b]: rct · doi:10.1000/b\n[^c]: rct · doi:10.1000/c\n[^v]: review · doi:10.1000/v\n"
    vault = Vault()
    for name in "abcv":
        vault.work(f"doi:10.1000/{name}", authors=[f"Last{name} A"])
    vault.page(f"Bone is lost.[^a][^v]{end}", "wiki/bone.md")
    vault.page(f"Fat is lost, see [[bone]] and [[bone#loss|bone]].[^b]{end}", "wiki/weight.md")
    vault.page(f"Skin is lost, see [fat](weight.md) and [[bone]].[^c]{end}", "wiki/skin.md")
    # By their paths alone they would stand the other way round.
    assert [one.claim.path for one in rank_claims(vault.audit())] == ["wiki/weight.md", "wiki/skin.md", "wiki/bone.md"]


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("a.md", "[[x/B|b]] ![[b.md#part]]", {"x/b"}),
        ("n/a.md", "[b](../x/b%20c.md) [c](c.html#x)", {"/x/b c", "/n/c"}),
        ("n/a.md", "[[a]] [[n/a]] [here](a.md) [there](#part)", set()),
        ("a.md", "[b](https://example.org/b.md) [m](mailto:b) [r](/b.md) [[]] [[#part]]", set()),
        # Nothing outside of the vault is meant, and nothing breaks.
        ("a.md", "[b](../../../b.md) [c](..) [[../c]]", {"/../../../b", "/..", "../c"}),
    ],
)
def test_links_of_a_page(path, text, found):
    assert targets_of(path, [text]) == found


def test_few_of_many_works_are_those_that_all_of_them_would_give(monkeypatch):
    """Held in memory are no more claims than asked for; which ones does not depend on it."""
    vault = Vault()
    chance = random.Random(4)
    for page in range(12):
        cited = [chance.randint(1, 40) for _ in range(6)]
        text = "".join(f"Bone {page} is lost {one} times.[^{one}]\n\n" for one in cited)
        notes = "".join(f"[^{one}]: in-vivo · doi:10.1000/a{one}\n" for one in sorted(set(cited)))
        vault.page(text + notes, f"p{page:02}.md")
    report = vault.audit()
    for top in (1, 5, 39):
        everything = rank_claims(report, top=top, once_a_work=True)
        monkeypatch.setattr(ranking, "_SPARE", 0)
        assert rank_claims(report, top=top, once_a_work=True) == everything
        monkeypatch.undo()
    findings = list(report.findings)
    few = ranking.FindingRanking(7)
    monkeypatch.setattr(ranking, "_SPARE", 2)
    for one in findings:
        few.add(one)
    assert few.ranked() == ranking.rank_findings(findings, top=7)
    assert few.counts.total() == len(findings)


def test_a_review_that_does_not_exist_or_fell_does_not_stand_beside_a_study():
    text = "Hair is lost.[^d][^x]\n\nBone is lost.[^c]\n\nFat is lost.[^e][^y]\n\n" + PAGE[PAGE.index("[^a]: rct") :]
    text += "[^e]: rct · doi:10.1000/e\n[^x]: review · doi:10.1000/x\n[^y]: review · doi:10.1000/y\n"
    vault = Vault().page(text).looked_up("doi:10.1000/x", "crossref", "not-found")
    for name, authors in {"c": ["Roe A", "Poe B"], "d": ["Ito A", "Abe B"], "e": ["Ek C", "Al D"]}.items():
        vault.work(f"doi:10.1000/{name}", authors=authors)
    vault.work("doi:10.1000/y", authors=["Mori C"])
    assert [one.claim.line for one in rank_claims(vault.audit())] == [1, 3, 5]
