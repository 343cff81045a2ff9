"""Comments and tags that are struck out state nothing: they are no claims, no words at their ends, and no tags."""

from __future__ import annotations

import pytest
from growing import seconds
from reading import claims, keys, read

NOTES = "\n\n[^c]: doi:10.1000/c1\n"


def texts(text, name="page.md"):
    return [claim.text for claim in claims(text, name)]


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- plain comment here -->",
        "<!-- One. Two is long enough. -->",
        "%% not sure of this one %%",
        "<!--\nFat falls.\n-->",
    ],
)
def test_comment_behind_a_sentence_is_no_claim(comment):
    assert texts(f"Muscle falls.[^c] {comment}{NOTES}") == ["Muscle falls.[^c]"]
    assert texts(f"Muscle falls.[^c] {comment} Fat rises.{NOTES}") == ["Muscle falls.[^c]", "Fat rises."]
    assert texts(f"Muscle falls.{comment} Fat rises.{NOTES}") == ["Muscle falls.", "Fat rises."]
    assert texts(f"Muscle falls. {comment} {comment} Fat rises. {comment}{NOTES}") == ["Muscle falls.", "Fat rises."]


def test_comment_at_the_ends_of_an_item_or_a_quote():
    assert texts("- Muscle falls. <!-- Is it so? -->\n- Fat rises.") == ["Muscle falls.", "Fat rises."]
    assert texts("> Muscle falls.\n> <!-- Is it so? -->\n> Fat rises.") == ["Muscle falls.", "Fat rises."]


def test_sentence_goes_on_around_a_comment():
    (claim,) = claims(f"Muscle <!-- Is it? It is. --> falls.[^c]{NOTES}")
    assert keys(claim) == ["c"]
    assert claim.text == "Muscle <!-- Is it? It is. --> falls.[^c]"


def test_line_of_a_sentence_behind_a_comment():
    assert [claim.line for claim in claims("Muscle falls.\n<!-- a\nb -->\nFat rises.")] == [1, 4]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Muscle falls. ~~#gap/needs-replication~~ Fat rises.", "page.md"),
        ("Muscle falls.~~#gap/needs-replication, #gap/unsourced~~ Fat rises.", "page.md"),
        ("Muscle falls. <del>#gap/needs-replication</del> Fat rises.", "page.md"),
        ("<p>Muscle falls. <s>#gap/needs-replication</s> Fat rises.</p>", "page.html"),
    ],
)
def test_tag_that_is_struck_out_is_none(text, name):
    assert [(claim.text, claim.tags) for claim in claims(text, name)] == [("Muscle falls.", ()), ("Fat rises.", ())]


def test_tag_among_words_that_are_struck_out_is_none():
    (claim,) = claims("Muscle falls ~~a lot #gap/needs-replication and so~~ here.")
    assert (claim.text, claim.tags) == ("Muscle falls ~~a lot #gap/needs-replication and so~~ here.", ())


def test_tag_that_is_not_struck_out_stays():
    (claim,) = claims("Muscle falls ~~a lot~~. #gap/needs-replication ~~#gap/unsourced~~")
    assert [tag.name for tag in claim.tags] == ["needs-replication"]


def test_tag_in_a_note_and_in_a_row_that_is_struck_out_is_none():
    page = read(
        "Muscle falls.[^c]\n\n| A | B |\n|---|---|\n| Fat | rises ~~#gap/unsourced~~ |\n\n[^c]: doi:10.1000/c1 ~~#gap/unsourced~~\n"
    )
    assert not any(claim.tags for claim in page.claims)


@pytest.mark.parametrize(
    "piece", ["<!--a-->", "a.<!--a-->", "<!-- ", "~~#gap/a~~", "~~#gap/a ", "#gap/a~~ ", "%%a.%% ", "> <!--a-->\n"]
)
def test_time_grows_with_the_page(piece):
    short, long = (piece * (length // len(piece)) for length in (400, 3200))
    assert seconds(read, long) < 3 * 8 * seconds(read, short)
