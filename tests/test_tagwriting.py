"""Tags put into pages and taken out: read again, the page has that tag on that claim, and is else as it was."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.errors import ConfigError
from evidence.extract import extract_page
from evidence.extract.tagwriting import Action, TagChange, write_tags
from evidence.records import Page
from evidence.vocabulary import TagPlace

TESTS = Path(__file__).parent
NAME = "needs-replication"
NOTES = "\n\n[^a]: in-vivo · doi:10.1000/a1\n[^b]: doi:10.1000/b1\n"
CORPUS = sorted(
    path
    for folder in (TESTS / "data" / "seeds", TESTS.parent / "evidence" / "demo" / "vault")
    for path in folder.rglob("*")
    if path.suffix in {".md", ".txt", ".html"}
)


def read(path, text):
    return extract_page(Page(str(path), text.encode()))


def add(text, *numbers, path="page.md", action=Action.ADD, **options):
    changes = [TagChange(number, action, NAME) for number in numbers]
    return write_tags(path, text, changes, **options), changes


def tagged(record):
    """Which claims have the tag, and where it stands."""
    return [sorted(tag.place.value for tag in claim.tags if tag.name == NAME) for claim in record.claims]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("Bone is lost.[^a]", "Bone is lost.[^a] #gap/needs-replication"),
        ("Bone is lost.[^a] So is fat.", "Bone is lost.[^a] #gap/needs-replication So is fat."),
        ("Bone is lost [^a].", "Bone is lost [^a]. #gap/needs-replication"),
        # What is in brackets behind a tag would be its scope.
        ("Bone is lost.[^a] (Fat is not.)", "Bone is lost #gap/needs-replication.[^a] (Fat is not.)"),
        ("- Bone is lost[^a]\n- Fat is not", "- Bone is lost[^a] #gap/needs-replication\n- Fat is not"),
        ("It changes [^a]:\n\n- bone\n- fat", "It changes #gap/needs-replication [^a]:\n\n- bone\n- fat"),
        (
            "| Part | Change |\n|---|---|\n| bone | lost[^a] |\n| fat | kept |",
            "| Part | Change |\n|---|---|\n| bone | lost[^a] #gap/needs-replication |\n| fat | kept |",
        ),
        ("Bone is lost.[^a] #gap/no-mechanism", "Bone is lost.[^a] #gap/needs-replication #gap/no-mechanism"),
        ("Fat `#gap/stub`\n\nBone.[^a]", "Fat `#gap/stub`\n\nBone.[^a] `#gap/needs-replication`"),
    ],
)
def test_tag_goes_where_an_author_would_put_it(page, expected):
    number = next(number for number, one in enumerate(read("page.md", page + NOTES).claims) if one.citations)
    new, (change,) = add(page + NOTES, number)
    assert change.is_done
    assert Counter(new.split()) == Counter((expected + NOTES).split())
    assert tagged(read("page.md", new))[number] == ["claim"]
    if "no-mechanism" not in page:
        assert new == expected + NOTES


def test_row_without_a_mark_of_its_own_is_tagged_in_its_last_cell():
    page = f"It changes [^a]:\n\n| Part | Change |\n|---|---|\n| bone | lost |\n{NOTES}"
    number = next(number for number, one in enumerate(read("page.md", page).claims) if one.text.startswith("| bone"))
    new, (change,) = add(page, number)
    assert change.is_done
    assert "\n| bone | lost #gap/needs-replication |\n" in new


def test_html_and_plain_text_are_read_back():
    html = '<html><body><p>Bone is lost (<a href="https://doi.org/10.1000/a1">Lee</a>).</p><p>Fat.</p></body></html>'
    new, (change,) = add(html, 0, path="page.html")
    assert change.is_done
    assert new == html.replace("</a>).</p>", "</a>). #gap/needs-replication</p>")
    text = "Bone is lost, needs-human-replication. Fat is lost doi:10.1000/a1.\n"
    number = next(number for number, one in enumerate(read("page.txt", text).claims) if one.citations)
    new, (change,) = add(text, number, path="page.txt")
    assert change.is_done
    assert tagged(read("page.txt", new))[number] == ["claim"]
    assert "#gap" not in new


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ('<p>Bone is lost.<sup><a href="#fn1">1</a></sup> Fat.</p>', "1</a></sup> #gap/needs-replication Fat.</p>"),
        (
            '<table><tr><td>eye</td><td><a href="https://doi.org/10.1000/a2">Lee</a></td></tr></table>',
            "Lee</a> #gap/needs-replication</td>",
        ),
        ("<ul><li>Skin (PMID: 12345678) is <b>thin</b></li></ul>", "<b>thin</b> #gap/needs-replication</li>"),
    ],
)
def test_tag_in_html_stands_behind_links_and_raised_signs(page, expected):
    page = f'<html><body>{page}<ol class="footnotes"><li id="fn1">Lee. doi:10.1000/a1</li></ol></body></html>'
    number = next(number for number, one in enumerate(read("page.html", page).claims) if one.citations)
    new, (change,) = add(page, number, path="page.html")
    assert change.is_done
    assert expected in new


def test_line_ends_mark_at_the_beginning_and_spaces_are_kept():
    page = "\ufeff---\r\ntitle: x\r\n---\r\n\r\nBone  is lost.[^a]\t\r\n\r\n[^a]: doi:10.1000/a1\r\n"
    new, (change,) = add(page, 0)
    assert change.is_done
    assert new == page.replace("[^a]\t", "[^a] #gap/needs-replication\t")


def test_claim_in_the_front_matter_has_no_place_for_a_tag():
    page = (TESTS / "data" / "seeds" / "tflink_q13950.md").read_text("utf-8")
    new, changes = add(page, 0, 1)
    assert new == page
    assert all("front matter" in one.why_not for one in changes)


def test_item_in_a_list_of_gaps_is_tagged_there():
    page = f"## Gaps\n\n- Bone is lost.[^a]\n{NOTES}"
    new, (change,) = add(page, 0)
    assert change.is_done
    assert tagged(read("page.md", new))[0] == ["gap-list"]


def test_form_of_the_settings_is_written_where_the_page_has_none():
    new, (change,) = add(f"Bone is lost.[^a]{NOTES}", 0, form="[^gap/{name}]")
    assert change.is_done
    assert "Bone is lost.[^a] [^gap/needs-replication]" in new
    with pytest.raises(ConfigError, match="would not be read back"):
        add(f"Bone is lost.[^a]{NOTES}", 0, form="[{name}]")
    with pytest.raises(ConfigError):
        add(f"Bone is lost.[^a]{NOTES}", 0, form="#gap/stub")


def test_tag_of_a_note_moves_to_its_claims():
    page = "Bone is lost.[^a] Fat is not.[^a]\n\n[^a]: in-vivo · n=8 · doi:10.1000/a1 · #gap/needs-replication\n"
    new, changes = add(page, 0, 1, action=Action.MOVE)
    assert all(one.is_done for one in changes)
    assert new == (
        "Bone is lost.[^a] #gap/needs-replication Fat is not.[^a] #gap/needs-replication\n\n"
        "[^a]: in-vivo · n=8 · doi:10.1000/a1\n"
    )


def test_note_keeps_its_tag_where_a_claim_would_lose_it():
    page = "Bone is lost.[^a] Fat is not.[^a]\n\n[^a]: in-vivo · doi:10.1000/a1 #gap/needs-replication\n"
    new, (change,) = add(page, 0, action=Action.MOVE)
    assert change.is_done
    assert tagged(read("page.md", new)) == [["claim", "note"], ["note"]]


def test_note_keeps_a_tag_with_words_of_its_own():
    page = "Bone is lost.[^a]\n\n[^a]: in-vivo · doi:10.1000/a1 #gap/needs-replication — in women\n"
    new, (change,) = add(page, 0, action=Action.MOVE)
    assert change.is_done
    assert "#gap/needs-replication — in women" in new


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("Bone is lost.[^a] #gap/needs-replication Fat is not.", "Bone is lost.[^a] Fat is not."),
        ("- Bone is lost[^a] #gap/needs-replication\n- Fat", "- Bone is lost[^a]\n- Fat"),
        ("Bone is lost.[^a] `#gap/needs-replication`", "Bone is lost.[^a]"),
    ],
)
def test_tag_is_taken_out(page, expected):
    new, (change,) = add(page + NOTES, 0, action=Action.REMOVE)
    assert change.is_done
    assert new == expected + NOTES


def test_tag_with_words_of_its_own_is_not_taken_out():
    page = f"Bone is lost.[^a] #gap/needs-replication — only in women so far{NOTES}"
    new, (change,) = add(page, 0, action=Action.REMOVE)
    assert new == page
    assert "by hand" in change.why_not


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_pages_of_people_show_the_tag_on_each_claim_and_are_else_the_same(path):
    text = path.read_bytes().decode()
    before = read(path.name, text)
    wanted = [
        number
        for number, claim in enumerate(before.claims)
        if claim.citations and not any(tag.name == NAME and tag.place != "front-matter" for tag in claim.tags)
    ]
    new, changes = add(text, *wanted, path=path.name)
    _check(path.name, text, new, changes)
    # A sentence that is nothing but an identifier finds no place.
    left = [one for one in changes if not one.is_done and "front matter" not in one.why_not]
    assert len(left) <= 1


_PARTS = st.sampled_from(
    [
        "Bone is lost.[^a]", "Fat is kept [^a][^b].", "(A remark.)", "in mice,", "#gap/no-mechanism", "— one study",
        "**Strong.**[^b]", "`code`", "10.1000/c1", "[^a]:", "e.g.", "Is it?[^b]", "| x[^a] |", "*see* [[page]]", "[1]",
        "<b>x</b>", "PMID 12345", "for now", "is", "\\|", "#gap/needs-replication", "needs-replication", "é̀", "。",
    ]
)  # fmt: skip
_LINES = st.lists(_PARTS, min_size=1, max_size=5).map(" ".join)
_STARTS = st.sampled_from(["", "- ", "1. ", "> ", "| a | ", "## ", "  - ", "\t"])
_ENDS = st.sampled_from(["\n", "\n\n", "\r\n", " \n"])
_PAGES = st.lists(st.tuples(_STARTS, _LINES, _ENDS), min_size=1, max_size=8).map(
    lambda rows: "".join("".join(row) for row in rows) + NOTES
)


@settings(max_examples=300, deadline=None)
@given(page=_PAGES, suffix=st.sampled_from([".md", ".txt", ".html"]), data=st.data())
def test_any_page_shows_the_tag_on_that_claim_and_is_else_the_same(page, suffix, data):
    name = f"page{suffix}"
    claims = read(name, page).claims
    free = [number for number, claim in enumerate(claims) if not any(tag.name == NAME for tag in claim.tags)]
    chosen = data.draw(st.lists(st.sampled_from(free), unique=True)) if free else []
    new, changes = add(page, *chosen, path=name)
    _check(name, page, new, changes)
    again, _ = add(new, *(one.claim for one in changes if not one.is_done), path=name)
    assert again == new


def _check(name, text, new, changes):
    before, after = read(name, text), read(name, new)
    done = {one.claim for one in changes if one.is_done}
    for number, (old, now) in enumerate(zip(before.claims, after.claims, strict=True)):
        gained = Counter(now.tags) - Counter(old.tags)
        assert not Counter(old.tags) - Counter(now.tags)
        assert [tag.name for tag in gained] == ([NAME] if number in done else [])
        assert all(tag.place in {TagPlace.CLAIM, TagPlace.GAP_LIST} and tag.scope is None for tag in gained)
        assert [one.note for one in old.citations] == [one.note for one in now.citations]
        assert (old.kind, old.section, old.line, old.interaction) == (now.kind, now.section, now.line, now.interaction)
        if number not in done:
            assert old.text == now.text
    assert [one.primary for one in before.notes] == [one.primary for one in after.notes]
    assert [one.value for one in before.identifiers] == [one.value for one in after.identifiers]
    assert _without_tags(text) == _without_tags(new)


def _without_tags(text):
    """The page without the tag, the brackets around it and white space."""
    return "".join(re.sub(r"#?(?:gap/)?needs-replication|\(\s*\)|``", "", "".join(text.split())).split("()"))
