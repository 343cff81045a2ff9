"""What an audit keeps of pages: the next one judges what was touched since, and says what it would say without it."""

from __future__ import annotations

import random
from collections import Counter

import msgspec
import pytest
import sqlalchemy as sa
from auditing import KIM, NOW, WEBER, Vault
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from evidence.audit.judgement import KeptPage
from evidence.audit.keeping import ask, forget_pages, keep_pages
from evidence.audit.packing import decode, encode
from evidence.audit.page_rows import list_pages, read_bundles
from evidence.audit.reports import to_json
from evidence.audit.run import audit, terms_of
from evidence.audit.works import CitedWork
from evidence.config import Settings
from evidence.extract import extract_page
from evidence.records import Page
from evidence.store import models
from evidence.store.database import open_database, reading, writing
from evidence.store.pages import write_pages
from evidence.vocabulary import Design, RelationKind

WORKS = 8
SAME_STUDY = (
    RelationKind.IS_PREPRINT_OF, RelationKind.HAS_PREPRINT, RelationKind.REPUBLISHED, RelationKind.SAME_TRIAL,
)  # fmt: skip


def page_text(chance):
    """A few sentences that cite works in notes and in the text, with what an audit looks at beside them."""
    one, other, third = chance.sample(range(1, WORKS + 1), 3)
    lines = [
        f"Bone {chance.randint(1, 3)} is lost in mice.[^a]{chance.choice(['', ' #gap/needs-replication'])}",
        f"Fat is gained{chance.choice(['[^a][^b]', '[^b]', '[^nowhere]'])}.",
        f"See also doi:10.1000/w{third}, which challenges it." if chance.random() < 0.3 else "Nothing is cited here.",
        chance.choice(["", '<!-- evidence: ack EV003 "known" -->', "| Replicated in humans? | yes |"]),
        "| TF | Target | Effect | Study |\n|---|---|---|---|\n| A | B | up | [^a] |\n| A | B | down | [^b] |",
        f"[^a]: in-vivo · n={chance.choice([9, 40])} · model: mice · doi:10.1000/w{one}",
        f"[^b]: rct · n=200 · [[studies/s{chance.randint(1, 2)}]] · doi:10.1000/w{other}",
    ]
    return "\n\n".join(lines) + "\n"


def study_text(chance):
    design = chance.choice(["rct", "in-vivo", "review"])
    return f"---\ntype: study\ndoi: 10.1000/w{chance.randint(1, WORKS)}\nstudy-design: {design}\n---\n\nIt was found.\n"


def name(chance):
    return f"doi:10.1000/w{chance.randint(1, WORKS)}"


def said_to_be(chance):
    """A relation as a registry tells of it, by either identifier of the other work."""
    kind = chance.choice([*SAME_STUDY, *SAME_STUDY, RelationKind.IS_NOTICE_OF, RelationKind.IS_COMMENT_ON])
    number = chance.randint(1, WORKS)
    other = chance.choice([f"doi:10.1000/w{number}", f"pmid:{number}", "doi:10.1000/unknown"])
    return kind.value, f"nct:NCT0000000{chance.randint(1, 2)}" if kind is RelationKind.SAME_TRIAL else other


def add_work(vault, chance):
    reference = name(chance)
    with reading(vault.engine) as session:
        link = models.WorkIdentifier
        is_known = session.scalar(sa.select(link.work_id).where(link.value == reference.removeprefix("doi:")))
    if is_known:
        return
    number = reference.removeprefix("doi:10.1000/w")
    vault.work(
        reference, f"pmid:{number}", authors=chance.choice([KIM, WEBER, ()]),
        notices=chance.choice([[], ["retraction"]]),
        relations=[said_to_be(chance) for _ in range(chance.randint(0, 2))],
        type=chance.choice(["journal-article", "posted-content"]),
    )  # fmt: skip


def change_works(vault, chance):
    """Change whatever the store holds of one work."""
    work, author, relation, notice = models.Work, models.Author, models.Relation, models.Notice
    with writing(vault.engine) as session:
        number = session.scalar(sa.select(work.id).order_by(sa.func.random()).limit(1))
        if number is None:
            return
        kind, told = said_to_be(chance)
        scheme, _, value = told.partition(":")
        change = chance.choice([
            sa.update(work).where(work.id == number).values(title=f"A title {chance.random()}"),
            sa.update(work).where(work.id == number).values(publication_types=["Randomized Controlled Trial"]),
            sa.update(author).where(author.family == "Kim").values(given=chance.choice("JKL")),
            sa.insert(relation).values(work_id=number, kind=kind, scheme=scheme, value=value, source="crossref"),
            sa.delete(relation).where(relation.work_id == number),
            sa.insert(relation).values(
                work_id=number, kind="is-notice-of", scheme="doi", value=name(chance)[4:], source="crossref",
                notice_kind="retraction",
            ),
            sa.insert(notice).values(work_id=number, kind="retraction", date="2020", source="pubmed"),
            sa.delete(work).where(work.id == number),
        ])  # fmt: skip
        session.execute(change)


def change_lookups(vault, chance):
    reference = name(chance)
    lookup = models.Lookup
    with writing(vault.engine) as session:
        session.execute(sa.delete(lookup).where(lookup.value == reference[4:]))
    vault.looked_up(reference, "crossref", chance.choice(["resolved", "failed", "not-found"]))


def change_pages(vault, chance):
    path = f"p{chance.randint(1, 6)}.md"
    if chance.random() < 0.8:
        vault.page(page_text(chance), path)
    else:
        with writing(vault.engine) as session:
            session.execute(sa.delete(models.Page).where(models.Page.path == path))


def change_studies(vault, chance):
    vault.page(study_text(chance), f"studies/s{chance.randint(1, 2)}.md")


CHANGES = (add_work, change_works, change_lookups, change_pages, change_studies)


def filled(chance):
    vault = Vault()
    for number in range(1, 6):
        vault.page(page_text(chance), f"p{number}.md")
    for _ in range(WORKS):
        add_work(vault, chance)
    return vault


def test_nothing_is_judged_anew_where_nothing_was_touched():
    vault = filled(random.Random(1))
    first = to_json(vault.audit())
    assert asked(vault) == []
    assert to_json(vault.audit()) == first


def asked(vault, options=None):
    """Return the pages that an audit would judge anew."""
    options = options or Settings()
    terms = terms_of(options, NOW)
    with reading(vault.engine) as session:
        bundles = read_bundles(session, list_pages(session))
        return [path for one in ask(session, bundles, terms, is_kept=True) for _, path in one.rows.pages]


def two_pages():
    """Two pages that cite one work each."""
    vault = Vault().work("doi:10.1000/w1", authors=KIM).work("doi:10.1000/w2", authors=WEBER)
    vault.work("doi:10.1000/w4", "pmid:4", relations=[("republished", "doi:10.1000/w1")])
    for number in (1, 2):
        vault.page(f"Bone is lost.[^a]\n\n[^a]: in-vivo · doi:10.1000/w{number}\n", f"p{number}.md")
    vault.audit()
    return vault


@pytest.mark.parametrize(
    "touch",
    [
        lambda vault: vault.page("Bone is gained.[^a]\n\n[^a]: in-vivo · doi:10.1000/w1\n", "p1.md"),
        lambda vault: vault.retract("10.1000/w1"),
        lambda vault: vault.looked_up("doi:10.1000/w1", "pubmed", "failed"),
        lambda vault: vault.work("doi:10.1000/w3", relations=[("has-preprint", "doi:10.1000/w1")]),
        lambda vault: vault.work("pmid:5", relations=[("republished", "pmid:4")]),
        lambda vault: vault.page("---\ntype: study\ndoi: 10.1000/w1\nstudy-design: rct\n---\n", "studies/s.md"),
    ],
    ids=["page", "notice", "look-up", "article of a preprint", "further along a chain", "page of the study"],
)
def test_only_the_pages_that_a_change_bears_on_are_judged_anew(touch):
    vault = two_pages()
    touch(vault)
    assert [path for path in asked(vault) if path.startswith("p")] == ["p1.md"]


@pytest.mark.parametrize("chosen", [{"n_small": 99}, {"resources": ("pmid:1",)}, {"ignore": ("EV003",)}])
def test_other_settings_judge_everything_anew(chosen):
    vault = two_pages()
    assert asked(vault, Settings(audit=chosen)) == ["p1.md", "p2.md"]


@pytest.mark.parametrize(
    "chosen", [{"fail_on": "error"}, {"tag_form": "{name}"}, {"baseline": "b.json"}, {"ignore": ()}]
)
def test_settings_that_nothing_is_judged_by_judge_nothing_anew(chosen):
    assert asked(two_pages(), Settings(audit=chosen)) == []


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_an_audit_says_what_it_would_say_of_pages_that_were_never_judged(seed):
    chance = random.Random(seed)
    vault = filled(chance)
    vault.audit()
    for _ in range(3):
        for _ in range(chance.randint(1, 3)):
            chance.choice(CHANGES)(vault, chance)
        said = to_json(vault.audit())
        with writing(vault.engine) as session:
            forget_pages(session)
        assert to_json(vault.audit()) == said
        # The history, too, is as if every page had been judged: the second audit found nothing to add or to end.
        verdict = models.Verdict
        with reading(vault.engine) as session:
            last = session.scalar(sa.select(sa.func.max(models.Run.id)))
            moved = sa.select(verdict.id).where((verdict.run_id == last) | (verdict.until_run_id == last))
            assert session.scalars(moved).all() == []


def test_pages_are_kept_a_few_at_a_time():
    """Of a large vault they are read back from disk; a list of all would be as large as the vault."""
    held: list[int] = []

    def pages():
        for number in range(1, 2_001):
            held.append(number)
            yield KeptPage(number, "0" * 32, b"", b"", b"", b"")

    vault = Vault()
    with writing(vault.engine) as session:
        session.execute(sa.insert(models.Page), [
            {"id": one, "path": f"p{one}.md", "sha256": "0", "extractor": "1", "format": "markdown"}
            for one in range(1, 2_001)
        ])  # fmt: skip
        written: list[int] = []
        sa.event.listen(session.connection(), "before_cursor_execute", lambda *_: written.append(len(held)))
        keep_pages(session, pages())
    assert min(written) < 1_000


def test_kept_pages_hold_on_both_databases(database_url):
    engine = open_database(database_url)
    chance = random.Random(5)
    with writing(engine) as session:
        pages = [extract_page(Page(f"p{one}.md", page_text(chance).encode())) for one in range(6)]
        write_pages(session, pages, extractor="1")
    first = to_json(audit(engine, Settings(), now=NOW))
    with reading(engine) as session:
        kept = session.scalars(sa.select(models.Judgement.page_id)).all()
    assert len(kept) == 6
    assert to_json(audit(engine, Settings(), now=NOW)) == first
    engine.dispose()


def test_audit_with_belief_leaves_nothing_that_lacks_or_has_it():
    vault = filled(random.Random(2))
    vault.audit()
    with_belief = to_json(vault.audit(belief=True))
    without = to_json(vault.audit())
    assert '"belief"' in with_belief
    assert with_belief != without
    assert to_json(vault.audit(belief=True)) == with_belief


def test_what_is_not_of_its_type_is_refused():
    assert decode(encode(["rct", None]), tuple[Design, str | None]) == (Design.RCT, None)
    with pytest.raises(msgspec.ValidationError):
        decode(encode(["no design", None]), tuple[Design, str | None])
    with pytest.raises(msgspec.ValidationError):
        decode(encode([["a", 1]]), list[CitedWork])


def test_counts_are_those_of_the_claims():
    vault = Vault().page(
        "Bone is lost in women.[^a]\n\n[^a]: rct · n=12 · model: women · Weber 1990 · doi:10.1000/w1\n"
    )
    vault.work("doi:10.1000/w1", authors=KIM, date="1990")
    report = vault.audit()
    flags = [one.verdict.flags for one in report.claims]
    assert max(map(len, flags)) > 1
    assert report.flag_counts == Counter(flag for some in flags for flag in some)
    assert +Counter(report.counts) == Counter(one.verdict.status for one in report.claims)


@pytest.mark.parametrize("seed", range(4))
def test_claims_come_back_as_they_were_judged(seed):
    vault = filled(random.Random(seed)).page(
        "Bone [^x] is lost.[^a] It is [^b] gained.\n\n[^a]: doi:10.1000/w1\n", "q.md"
    )
    judged = list(vault.audit(belief=True).claims)
    vault.audit(belief=False)
    kept = [one._replace(verdict=replace(one.verdict, belief=None)) for one in judged]
    assert asked(vault) == []
    assert list(vault.audit().claims) == kept
