"""What the two seed documents say, written by reading them."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.extract import extract_page
from evidence.records import ExtractedPage, Page

SEEDS = Path(__file__).parent / "data" / "seeds"


def read(name: str) -> ExtractedPage:
    return extract_page(Page(name, (SEEDS / name).read_bytes()))


@pytest.fixture(scope="module")
def runx2() -> ExtractedPage:
    return read("runx2_rendered.txt")


@pytest.fixture(scope="module")
def tflink() -> ExtractedPage:
    return read("tflink_q13950.md")


# --- the rendered RUNX2 page -----------------------------------------------------------------

RUNX2_NOTES = {
    # key: doi, pmid, study page, designs, organism, authors, journal, year, verified
    "1": ("10.1016/s0092-8674(00)80258-5", None, "komori-1997-cbfa1-null-bone", ["in-vivo"], "mouse", [], None, None, "2026-05-23"),
    "2": ("10.1016/s0092-8674(00)80259-7", None, "otto-1997-cbfa1-osteoblast-ccd", ["in-vivo"], "mouse", [], None, None, "2026-05-23"),
    "3": ("10.1159/000550336", None, None, ["observational", "cohort"], "human", ["Katano H"], "J Vasc Res", 2026, "2026-05-23"),
    "4": ("10.3390/cells15050466", "41827899", None, ["in-vitro", "in-vivo"], None,
          ["Al Akhdar J", "Yangın Yılmaz MN", "Baysal K"], "Cells", 2026, None),
    "5": ("10.1007/s10735-026-10749-8", "41758410", None, ["in-vitro", "in-vivo"], "mouse", ["Lu Y", "Feng Y"], "J Mol Histol", 2026, None),
    "6": ("10.1111/acel.70476", "41992429", None, ["in-vitro", "in-vivo"], "mouse", ["Kim JM"], "Aging Cell", 2026, None),
    "7": ("10.1186/s12967-026-07686-1", None, None, ["in-vivo"], "mouse", ["Voicu G"], "J Transl Med", 2026, "2026-05-23"),
}  # fmt: skip

RUNX2_CLAIMS = {
    "1": ("Homozygous Runx2-null mice completely lack ossified bone", "rib cage 1."),
    "2": ("An independently generated Cbfa1-null line", "cleidocranial dysplasia 2."),
    "3": ("Recent dynamic gene-expression profiling of carotid plaque stages", "initiation rather than propagation 3."),
    "4": ("TMAO-driven endothelial-to-mesenchymal transition", "needs-replication (single study; n not large)"),
    "5": ("Salidroside (a natural phenylethanol glycoside)", "RUNX2 as a tractable effector target 5."),
    "6": ("Bone: Age-associated decline in BMP signalling tone", "declining RUNX2-driven bone formation 6."),
    "7": ("shRNA silencing of RUNX2 (via dual-targeting", "but this remains preclinical."),
}


@pytest.mark.parametrize("key", RUNX2_NOTES)
def test_runx2_note(runx2: ExtractedPage, key: str) -> None:
    doi, pmid, study_page, designs, organism, authors, journal, year, verified = RUNX2_NOTES[key]
    note = next(note for note in runx2.notes if note.key == key)
    assert [one.value for one in note.identifiers] == [value for value in (doi, pmid) if value]
    assert note.primary is not None
    assert (note.primary.value, note.primary.via) == (doi, "note")
    assert note.study_page == study_page
    assert [design.value for design in note.design] == designs
    assert note.organism == organism
    assert (list(note.authors), note.journal, note.year) == (authors, journal, year)
    assert (note.verified or {}).get("date") == verified
    assert not note.marked_retracted


def test_runx2_has_seven_notes_each_defined_once(runx2: ExtractedPage) -> None:
    assert [(note.key, note.occurrence) for note in runx2.notes] == [(str(number), 0) for number in range(1, 8)]


@pytest.mark.parametrize("key", RUNX2_CLAIMS)
def test_runx2_claim_of_each_mark(runx2: ExtractedPage, key: str) -> None:
    begins, ends = RUNX2_CLAIMS[key]
    (claim,) = [claim for claim in runx2.claims if key in [one.note for one in claim.citations]]
    assert claim.text.startswith(begins)
    assert claim.text.endswith(ends)


def test_runx2_bare_numbers_that_are_no_marks_cite_nothing(runx2: ExtractedPage) -> None:
    # The page has 6p21.1 as a locus, "Osteoblast-Specific Element 2" in brackets, P2-driven forms and a tier 3.
    assert sum(len(claim.citations) for claim in runx2.claims) == 7


def test_runx2_tags_with_place_and_scope(runx2: ExtractedPage) -> None:
    found = {(tag.name, tag.place.value) for claim in runx2.claims for tag in claim.tags}
    assert found == {
        ("needs-human-replication", "claim"), ("needs-replication", "claim"), ("needs-replication", "note"),
        ("needs-human-replication", "gap-list"), ("dose-response-unclear", "gap-list"), ("no-mechanism", "gap-list"),
        ("long-term-unknown", "gap-list"),
    }  # fmt: skip
    lead = next(claim for claim in runx2.claims if claim.text.startswith("This “calcification paradox”"))
    assert lead.tags[0].scope == "MR evidence absent; see mr-causal-evidence field"
    tmao = next(claim for claim in runx2.claims if claim.text.startswith("TMAO-driven"))
    assert tmao.tags[0].scope == "single study; n not large"


def test_runx2_notes_with_a_tag(runx2: ExtractedPage) -> None:
    tagged = {note.key: (note.tags[0].name, note.tags[0].scope) for note in runx2.notes if note.tags}
    assert tagged == {
        "4": ("needs-replication", None),
        "5": ("needs-replication", "single study"),
        "6": ("needs-replication", "single study"),
    }


def test_runx2_sections_and_title(runx2: ExtractedPage) -> None:
    assert runx2.title == "RUNX2 (CBFA1)"
    sections = list(dict.fromkeys(claim.section[-1] for claim in runx2.claims if claim.section))
    assert sections == [
        "Identity", "Domain architecture", "Isoforms", "Tissue expression", "Function — osteogenic master TF",
        "Role in vascular calcification", "The calcification paradox in aging", "Pharmacological context and druggability",
        "Gaps and open questions",
    ]  # fmt: skip


def test_runx2_sample_sizes_are_kept_as_written_and_not_guessed(runx2: ExtractedPage) -> None:
    # "n= (152 embryos genotyped: ...)" states no single total.
    assert [note.n for note in runx2.notes] == [None] * 7
    assert runx2.notes[1].n_text is not None
    assert runx2.notes[1].n_text.startswith("(152 embryos genotyped: 38 WT")


def test_runx2_findings_and_models(runx2: ExtractedPage) -> None:
    assert [note.finding is not None for note in runx2.notes] == [True] * 7
    assert [note.model is not None for note in runx2.notes] == [True] * 7
    assert runx2.notes[2].finding is not None
    assert runx2.notes[2].finding.startswith("mildly calcified plaques showed elevated RUNX2")


@pytest.mark.parametrize("name", ["runx2_rendered.txt", "tflink_q13950.md"])
def test_spans_give_back_what_is_written(name: str) -> None:
    text = (SEEDS / name).read_text("utf-8")
    page = read(name)
    assert all(text[one.start : one.end] == one.text for one in page.identifiers)
    assert all(text[note.start : note.end] == note.text for note in page.notes)
    assert all(text[claim.start : claim.end] == claim.text for claim in page.claims if claim.interaction is None)


# --- the TFLink page of RUNX2 ----------------------------------------------------------------

ROWS = [line.split("\t") for line in (SEEDS / "tflink_rows.tsv").read_text("utf-8").splitlines()]


def test_tflink_has_forty_four_rows_in_two_tables(tflink: ExtractedPage) -> None:
    assert len(tflink.claims) == len(ROWS) == 44
    assert [claim.section for claim in tflink.claims] == [(row[0],) for row in ROWS]


@pytest.mark.parametrize("index", range(44))
def test_tflink_row(tflink: ExtractedPage, index: int) -> None:
    table, name, databases, methods, pmids = ROWS[index]
    claim = tflink.claims[index]
    assert claim.interaction is not None
    pair = (name, "RUNX2") if table == "tfs" else ("RUNX2", name)
    assert (claim.interaction.regulator, claim.interaction.target) == pair
    assert list(claim.interaction.databases) == databases.split("; ")
    assert list(claim.interaction.methods) == methods.split("; ")
    assert [one.identifier.value for one in claim.citations if one.identifier] == pmids.split()
    assert claim.interaction.small_scale is None


def test_tflink_page_holds_46_distinct_papers(tflink: ExtractedPage) -> None:
    assert {one.scheme.value for one in tflink.identifiers} == {"pmid"}
    assert len({one.value for one in tflink.identifiers}) == 46


def test_tflink_row_span_covers_the_row_as_written(tflink: ExtractedPage) -> None:
    text = (SEEDS / "tflink_q13950.md").read_text("utf-8")
    for claim in tflink.claims:
        written = text[claim.start : claim.end]
        assert written.startswith(claim.text[:8])
        assert written.endswith("Pubmed</a>")


def test_tflink_front_matter_and_format(tflink: ExtractedPage) -> None:
    assert tflink.format.value == "front-matter"
    assert tflink.title == "Q13950"
    assert tflink.front_matter["protein_name"] == "RUNX2"
    assert tflink.notes == ()
    assert tflink.problems == ()
