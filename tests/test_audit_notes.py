"""Findings about notes and rows, and what two places tell of one work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from auditing import KIM, WEBER, Vault

from evidence.audit import CODES
from evidence.audit.checks.consistency import Told, telling_of
from evidence.audit.checks.notes import other_paper, told_otherwise, unfounded_retraction
from evidence.audit.checks.works import CHECKS as WORK_CHECKS
from evidence.audit.checks.works import may_be_wrong, retracted_work, unsaid_doubt
from evidence.audit.findings import Result
from evidence.audit.works import CitedWork, NotedWork, Reported
from evidence.config import Settings
from evidence.notices import WorkNotice
from evidence.records import Reference
from evidence.vocabulary import NoticeKind, Scheme, Severity


def found(vault, code):
    return [(one.severity.value, one.path, one.line, one.message) for one in vault.audit().findings if one.code == code]


def test_mark_without_a_retraction():
    text = "It is so.[^a]\n\n[^a]: **RETRACTED** doi:10.1000/a1\n"
    assert found(Vault().page(text).work("doi:10.1000/a1"), "EV010") != []
    assert found(Vault().page(text).work("doi:10.1000/a1", notices=["retraction"]), "EV010") == []
    # A look-up that failed, or was never made, clears nobody and accuses nobody.
    assert found(Vault().page(text), "EV010") == []


def test_retraction_without_a_mark_is_an_error():
    vault = Vault().page("It is so.[^a]\n\n[^a]: doi:10.1000/a1\n").work("doi:10.1000/a1", notices=["retraction"])
    ((severity, *_),) = found(vault, "EV001")
    assert severity == "error"


def test_two_places_tell_different_numbers_of_one_work():
    vault = Vault().work("doi:10.1000/a1", "pmid:11111111")
    vault.page("It is so.[^a]\n\n[^a]: rct · n=40 · doi:10.1000/a1\n", "a.md")
    vault.page("It is so.[^b]\n\n[^b]: rct · n=60 · PMID 11111111\n", "b.md")
    assert found(vault, "EV011") == [("info", "b.md", 3, "pmid:11111111: n is 60 here and 40 at a.md:3")]


def noted(note, line, work="a", **stated):
    """A note on a work that tells some things of it."""
    cited = CitedWork(f"work:{work}", (Reference(Scheme.DOI, f"10.1000/{work}"),), is_marked_retracted="etract" in note)
    return telling_of(NotedWork("a.md", line, 1, f"k{line}", 0, note, stated, cited))


@pytest.mark.parametrize(
    ("name", "one", "other", "severity", "shown"),
    [
        ("n", 40, 60, "info", ("40", "60")),
        ("year", 2011, 2012, "warning", ("2011", "2012")),
        ("design", ("rct",), ("cohort", "in-vitro"), "info", ("rct", "cohort, in-vitro")),
        ("date of retraction", "Retracted 2010-02-06", "retracted 2011", "warning", ("2010-02-06", "2011")),
    ],
)
def test_what_two_notes_tell_of_one_work(name, one, other, severity, shown):
    """EVIDENCE.md section 4: one source with different n, design, year or retraction date in two places."""
    is_date = name == "date of retraction"
    first, second = (
        noted(value, line) if is_date else noted("", line, **{name: value}) for line, value in ((3, one), (5, other))
    )
    told = Told()
    assert list(told.check(first)) == []
    (result,) = told.check(second)
    assert result == Result(
        Severity(severity),
        f"doi:10.1000/a: {name} is {shown[1]} here and {shown[0]} at a.md:3",
        "make the notes agree",
        f"doi:10.1000/a {name}",
        (("here", f"{name} {shown[1]}"), ("there", f"{name} {shown[0]}")),
    )
    assert list(told.check(first)) == []
    other_work = noted(other, 7, "b") if is_date else noted("", 7, "b", **{name: other})
    assert list(told.check(other_work)) == []


def of_a_note(**facts):
    return NotedWork("a.md", 3, 1, "k", 0, "", {}, CitedWork("work:a", (Reference(Scheme.DOI, "10.1000/a"),), **facts))


AUTHOR, TITLE, YEAR, JOURNAL = (
    f"{what}: the note says one, the registry another" for what in ("first author", "title", "year", "journal")
)


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ([AUTHOR, YEAR], "error"),
        ([TITLE, JOURNAL], "error"),
        ([AUTHOR], "warning"),
        ([TITLE], "warning"),
        ([YEAR, JOURNAL], "warning"),
    ],
)
def test_note_that_does_not_fit_its_work_is_an_error_where_that_is_another_paper(said, severity):
    """docs/findings.md, EV009: an error where the author or the title and something else differ."""
    (result,) = other_paper(of_a_note(mismatches=tuple(said)))
    assert result.severity.value == severity
    assert result.facts == tuple(("said", one) for one in said)


@pytest.mark.parametrize(
    ("attribute", "one", "other", "severity"),
    [
        ("level", ("human", "note"), ("animal", "pubmed"), "warning"),
        ("level", ("human", "note"), ("human", "pubmed"), None),
        # PubMed calls a study a review, and not the other way round.
        ("design", ("rct", "note"), ("review", "pubmed"), "warning"),
        ("design", ("rct", "note"), ("meta-analysis", "pubmed"), "warning"),
        ("design", ("review", "note"), ("rct", "pubmed"), None),
        ("design", ("rct", "note"), ("cohort", "pubmed"), None),
        ("design", ("rct", "note"), ("cohort", "study page"), "info"),
        ("design", ("rct, cohort", "note"), ("cohort", "study page"), None),
        ("n", ("40", "note"), ("60", "study page"), "info"),
        ("n", ("40", "note"), ("40", "study page"), None),
        ("n", ("40", "note"), ("60", "pubmed"), None),
        ("n", ("40", "pubmed"), ("60", "note"), None),
        ("year", ("2011", "note"), ("2012", "study page"), "info"),
        # What is neither number nor year is worded in many ways.
        ("journal", ("Bone", "note"), ("J Bone", "study page"), None),
    ],
)
def test_what_a_note_a_study_page_and_pubmed_tell_of_one_work(attribute, one, other, severity):
    """docs/findings.md, EV011."""
    told = tuple(Reported(attribute, *said) for said in (one, other))
    results = list(told_otherwise(of_a_note(reported=told)))
    assert [result.severity.value for result in results] == ([severity] if severity else [])
    assert all(result.facts == (("first", one[0]), ("other", other[0])) for result in results)
    apart = (told[0], Reported("finding", *other))
    assert list(told_otherwise(of_a_note(reported=apart))) == []


@pytest.mark.parametrize(
    ("facts", "is_told"),
    [
        ({}, True),
        ({"is_resolved": False}, False),
        ({"is_marked_retracted": False}, False),
        ({"spoiled": "fell"}, False),
    ],
)
def test_mark_of_a_retraction_is_held_against_registries_that_answered(facts, is_told):
    note = of_a_note(**({"is_marked_retracted": True, "is_resolved": True} | facts))
    assert bool(list(unfounded_retraction(note))) is is_told


def notices(*said):
    return tuple(WorkNotice(NoticeKind(kind), date, source) for kind, date, source in said)


WRONG = {
    "EV004": ({"conflicts": ("pmid:1 (pubmed) / pmid:2 (crossref)",)}, ("conflict", "pmid:1 (pubmed) / pmid:2 (crossref)")),
    "EV008": ({"exists": False}, ("identifier", "doi:10.1000/a")),
    "EV013": (
        {"notices": notices(("retraction", "2020-01-02", "crossref"), ("erratum", "2020-01-02", "pubmed"))},
        ("notices", "crossref says retraction 2020-01-02, pubmed says erratum 2020-01-02"),
    ),
    "EV014": (
        {"notices": notices(("retraction", "2010", "crossref"), ("reinstatement", "2012", "crossref"))},
        ("notices", "retracted 2010 (crossref), reinstated 2012 (crossref)"),
    ),
    "EV018": ({"is_preprint": True, "articles": frozenset({"doi:10.1000/b"})}, ("article", "doi:10.1000/b")),
}  # fmt: skip


@pytest.mark.parametrize("code", WRONG)
def test_what_is_wrong_with_a_work_is_of_its_page_and_follows_from_what_is_known_of_it(code):
    """It is told once a page, and its acknowledgement lapses when a registry says something else."""
    facts, known = WRONG[code]
    work = of_a_note(**facts).work
    (result,) = WORK_CHECKS[code](work, frozenset())
    assert WRONG.keys() == WORK_CHECKS.keys()
    assert (result.facts, result.of_page) == ((known,), True)
    assert may_be_wrong(work)
    assert not may_be_wrong(of_a_note().work)


@pytest.mark.parametrize(
    ("kind", "words", "is_told"),
    [
        ("expression-of-concern", "rct", True),
        ("expression-of-concern", "rct, of concern to its journal", False),
        ("erratum", "rct", False),
        (None, "rct", False),
    ],
)
def test_doubt_of_a_journal_that_the_page_does_not_speak_of(kind, words, is_told):
    work = of_a_note(notices=notices((kind, "2020", "crossref")) if kind else ()).work
    results = list(unsaid_doubt(work, words))
    assert [(one.of_page, one.facts) for one in results] == [
        (True, (("notices", "expression of concern 2020 (crossref)"),))
    ] * is_told


@pytest.mark.parametrize("is_marked", [True, False])
def test_retraction_follows_from_the_mark_and_the_notices(is_marked):
    work = of_a_note(notices=notices(("retraction", "2010", "crossref")), is_marked_retracted=is_marked).work
    (result,) = retracted_work(work)
    assert result.facts == (("mark", str(is_marked)), ("notices", "retracted 2010 (crossref)"))
    assert (result.severity.value, result.of_page) == ("info" if is_marked else "error", False)


@pytest.mark.parametrize("second", ["rct · n=40", "rct", "in-vitro + rct · n=40"])
def test_two_places_that_agree_or_are_silent(second):
    vault = Vault().work("doi:10.1000/a1")
    vault.page("It is so.[^a]\n\n[^a]: rct · n=40 · doi:10.1000/a1\n", "a.md")
    vault.page(f"It is so.[^b]\n\n[^b]: {second} · doi:10.1000/a1\n", "b.md")
    assert found(vault, "EV011") == []


@pytest.mark.parametrize(("answer", "told"), [("yes", True), ("no", False)])
def test_row_on_replication_in_humans(answer, told):
    table = (
        f"| Question | Answer |\n|---|---|\n| Replicated in humans? | {answer} [^a] |\n\n[^a]: rct · doi:10.1000/a1\n"
    )
    vault = Vault().page(table).work("doi:10.1000/a1", authors=KIM)
    assert bool(found(vault, "EV012")) is told


def test_identifier_that_does_not_exist_is_told_once_a_page():
    vault = Vault().page("It is so.[^a]\n\nAnd it is so.[^a]\n\n[^a]: doi:10.1000/a1\n")
    vault.looked_up("doi:10.1000/a1", "crossref", "not-found")
    assert len(found(vault, "EV008")) == 1
    assert len(found(vault, "EV002")) == 2


def told_of_marks(text, settings=None):
    """Code, line, column and claim of the errors of a page with one note that is defined."""
    vault = Vault().page(f"{text}\n\n[^a]: rct · doi:10.1000/a1\n").work("doi:10.1000/a1")
    claims = [one.claim.id for one in vault.claims()]
    return [
        (one.code, one.line, one.column, claims.index(one.claim) if one.claim else None)
        for one in vault.audit(settings).findings
        if one.severity == "error"
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # The only mark: the claim cites nothing, told where the mark stands, on whatever line of the claim.
        ("First.\n\nIt is so.[^gone]", [("EV002", 3, 10, 1)]),
        ("It is\nso in mice.[^gone]", [("EV002", 2, 12, 0)]),
        ("It is\r\nso in mice.[^gone]", [("EV002", 2, 12, 0)]),
        ("It is so.[^gone] It is so too.[^gone]", [("EV002", 1, 10, 0), ("EV002", 1, 31, 1)]),
        # Beside another work the claim is not to be mended, the mark is.
        ("It is so.[^a][^gone]", [("EV101", 1, 14, 0)]),
        # No claim at all.
        ("# Bone[^gone]\n\nIt is so.[^a]", [("EV101", 1, 7, None)]),
    ],
)
def test_mark_without_a_definition_is_told_once_at_its_place(text, told):
    assert told_of_marks(text) == told


def test_all_marks_of_a_claim_without_a_definition_are_told_in_one_finding():
    vault = Vault().page("It is so[^one] and\nso.[^two] [@lee2019]\n")
    assert found(vault, "EV101") == []
    ((severity, path, line, *_, message),) = found(vault, "EV002")
    assert (severity, path, line) == ("error", "page.md", 1)
    for said in (
        "[^one] has no definition",
        "[^two] has no definition",
        "another at line 2, column 4",
        "another at line 2, column 11",
        "`@lee2019` is a key of a bibliography, which is not read",
    ):
        assert said in message


def test_what_mends_a_key_of_a_bibliography_is_no_note():
    (key,) = (one for one in Vault().page("It is so [@lee2019].\n").audit().findings if one.code == "EV002")
    (mark,) = (one for one in Vault().page("It is so.[^gone]\n").audit().findings if one.code == "EV002")
    assert key.fix == "write the DOI or PMID beside the key, or a footnote in its place"
    assert mark.fix == "write the note, or correct the mark"


def test_mark_is_told_by_itself_where_nobody_wants_to_hear_of_its_claim():
    settings = Settings(audit={"ignore": ["EV002"]})
    assert told_of_marks("It is so.[^gone]", settings) == [("EV101", 1, 10, 0)]


def told_of_notes(text, settings=None):
    """Code, line, and message behind its first words, of what is said of claims that cite nothing and of the page."""
    found = Vault().page(text).work("doi:10.1000/b1").audit(settings).findings
    return [(one.code, one.line, one.message) for one in found if one.code in {"EV002", "EV101"}]


DOUBT = "doi:10.1000/abc,def"


@pytest.mark.parametrize(
    ("note", "said"),
    [("", "[^a] is empty"), (DOUBT, "[^a]: `10.1000/abc,def` is an ambiguous identifier")],
    ids=["empty", "ambiguous"],
)
def test_note_that_names_no_work_is_told_once_with_its_line(note, said):
    ((code, line, message),) = told_of_notes(f"It is so.[^a]\n\n[^a]: {note}\n")
    assert (code, line) == ("EV002", 1)
    assert message.startswith(f"cites no work that exists: {said}")
    assert message.endswith("; [^a] stands in line 3")
    assert message.count(said) == 1


@pytest.mark.parametrize("note", ["", DOUBT], ids=["empty", "ambiguous"])
def test_note_that_names_no_work_is_told_by_itself_beside_another_work(note):
    told = told_of_notes(f"It is so.[^a][^b]\n\n[^a]: {note}\n[^b]: rct · doi:10.1000/b1\n")
    assert [(code, line) for code, line, _ in told] == [("EV101", 3)]


@pytest.mark.parametrize("note", ["", DOUBT], ids=["empty", "ambiguous"])
def test_note_is_told_by_itself_where_nobody_wants_to_hear_of_its_claim(note):
    told = told_of_notes(f"It is so.[^a]\n\n[^a]: {note}\n", Settings(audit={"ignore": ["EV002"]}))
    assert [(code, line) for code, line, _ in told] == [("EV101", 3)]


def test_one_of_two_notes_with_the_same_doubt_is_told_by_its_claim():
    text = f"It is so.[^a]\n\nIt is.[^b][^c]\n\n[^b]: {DOUBT}\n[^c]: rct · doi:10.1000/b1\n[^a]: {DOUBT}\n"
    assert [(code, line) for code, line, _ in told_of_notes(text)] == [("EV002", 1), ("EV101", 5)]


def test_empty_note_of_two_claims_is_told_at_each_and_not_again():
    told = told_of_notes("It is so.[^a]\n\nIt falls.[^a]\n\n[^a]:\n")
    assert [(code, line) for code, line, _ in told] == [("EV002", 1), ("EV002", 3)]


def test_untagged_single_study_that_was_not_looked_up_is_at_most_one():
    vault = Vault().page("It is so.[^a]\n\n[^a]: rct · doi:10.1000/a1\n")
    ((severity, *_, message),) = found(vault, "EV003")
    assert (severity, message.startswith("single-study: at most")) == ("info", True)


def test_fingerprints_stay_when_lines_move_and_differ_between_claims():
    text = "It is so.[^a]\n\nIt is not so.[^b]\n\n[^a]: rct · doi:10.1000/a1\n[^b]: rct · doi:10.1000/b1\n"
    works = {"doi:10.1000/a1": KIM, "doi:10.1000/b1": WEBER}
    prints = []
    for page in (text, "# A heading\n\nOne line more.\n\n" + text):
        vault = Vault().page(page)
        for reference, authors in works.items():
            vault.work(reference, authors=authors)
        prints.append(sorted(one.fingerprint for one in vault.audit().findings if one.code == "EV003"))
    assert prints[0] == prints[1]
    assert len(set(prints[0])) == 2


def test_every_code_has_its_meaning():
    folder = Path(__file__).parent.parent / "evidence" / "audit"
    used = {code for file in folder.rglob("*.py") for code in re.findall(r"\bEV\d{3}\b", file.read_text("utf-8"))}
    assert used == set(CODES)
