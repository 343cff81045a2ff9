"""Comments by which a page accepts a finding: what they say, what they are about, and that nothing else reads them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import read

ACK = '<!-- evidence: ack EV003 1f2e3d-4c5b6a "the second trial is under way" -->'
NOTES = "\n\n[^a]: doi:10.1000/a1\n[^b]: doi:10.1000/b1\n"


def about(text, name="page.md"):
    """Return the words of the claim, or the key of the note, that the only comment of a page is most likely about."""
    page = read(text, name)
    (one,) = page.acknowledgements
    if not one.targets:
        return None
    first = one.targets[0]
    return page.claims[first].text.strip(" |") if isinstance(first, int) else first[0]


def test_what_it_says():
    (one,) = read(f"Bone is lost.[^a] {ACK}{NOTES}").acknowledgements
    assert (one.code, one.facts, one.reason) == ("EV003", "1f2e3d-4c5b6a", "the second trial is under way")
    assert (one.line, one.column) == (1, 19)


@pytest.mark.parametrize(
    ("text", "code", "facts", "reason"),
    [
        ("ack EV003", "EV003", None, None),
        ("ACK ev003 ABCDEF: “in quotes”", "EV003", "abcdef", "in quotes"),
        ("ack EV003 no hash, no quotes", "EV003", None, "no hash, no quotes"),
        ("ack 'why'", "", None, "why"),
        ('ack EV003 abcdef-123456 ""', "EV003", "abcdef-123456", None),
        ('ack EV003 "defaced-pages are known"', "EV003", None, "defaced-pages are known"),
    ],
)
def test_what_it_may_leave_out(text, code, facts, reason):
    (one,) = read(f"Bone is lost.[^a] <!-- evidence: {text} -->{NOTES}").acknowledgements
    assert (one.code, one.facts, one.reason) == (code, facts, reason)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Bone is lost.[^a] {ACK} Fat is gained.[^b]", "Bone is lost.[^a]"),
        (f"{ACK} Bone is lost.[^a]", "Bone is lost.[^a]"),
        (f"First.\n\n{ACK}\nBone is lost.[^a]", "Bone is lost.[^a]"),
        (f"Bone is lost.[^a]\n{ACK}\n\nLast.", "Bone is lost.[^a]"),
        (f"- First.\n- Bone is lost.[^a] {ACK}\n- Last.", "Bone is lost.[^a]"),
        (f"- First.\n- Bone is lost.[^a]\n  {ACK}\n- Last.", "Bone is lost.[^a]"),
        (f"> Bone is lost.[^a]\n> {ACK}", "Bone is lost.[^a]"),
        (f"- First.\n- {ACK} Bone is lost.[^a]\n- Last.", "Bone is lost.[^a]"),
        (f"First.\n\n{ACK}\n\nBone is lost.[^a]", None),
    ],
)
def test_what_it_is_about(text, expected):
    assert about(text + NOTES) == expected


def test_between_two_claims_it_may_be_about_either():
    page = read(f"Bone is lost.[^a] {ACK} Fat is gained.[^b]{NOTES}")
    assert page.acknowledgements[0].targets == (0, 1)
    assert read(f"Bone is {ACK} lost.[^a] Fat is gained.[^b]{NOTES}").acknowledgements[0].targets == (0,)


def test_in_a_row_and_in_a_note():
    assert about(f"| a | b |\n|---|---|\n| Bone [^a] {ACK} | 3 |\n| Fat | 4 |{NOTES}").startswith("Bone [^a]")
    assert about(f"Bone.[^a]\n\n[^a]: doi:10.1000/a1 {ACK}\n[^b]: doi:10.1000/b1\n") == "a"
    assert about(f"Bone.[^a]\n\n[^a]: {ACK} doi:10.1000/a1\n[^b]: doi:10.1000/b1\n") == "a"


def test_in_html():
    assert about(f"<p>First.</p><p>Bone is lost. {ACK}</p><p>Last.</p>", "page.html") == "Bone is lost."


@pytest.mark.parametrize(
    "shown",
    [f"`{ACK}`", f"```html\n{ACK}\n```", f"~~~\n{ACK}\n~~~", ACK.replace("<!--", "&lt;!--")],
)
def test_one_that_is_shown_as_code_is_none(shown):
    assert read(f"Write it so:\n\n{shown}\n\nBone is lost.[^a]{NOTES}").acknowledgements == ()
    assert read(ACK, "page.txt").acknowledgements == ()


REASONS = st.text(st.sampled_from("abc .[]^|#*-\"'doi:10.1/xPMID 123retracted n=5"), max_size=60).filter(
    lambda text: "--" not in text and ">" not in text
)
PLACES = [
    "Bone is lost.[^a] {} Fat is gained.[^b]{notes}",
    "- Bone is lost.[^a] {}\n- Fat is gained.[^b]{notes}",
    "Bone is lost.[^a]{notes}[^c]: rct · n=12 · doi:10.1000/c1 {}\n",
]


@pytest.mark.parametrize("place", PLACES)
@given(REASONS)
@settings(deadline=None)
def test_no_word_of_it_is_read_as_anything_else(place, reason):
    with_it = read(place.format(f'<!-- evidence: ack EV003 "{reason}" -->', notes=NOTES))
    without = read(place.format("", notes=NOTES))
    assert len(with_it.acknowledgements) == 1
    for mine, plain in ((with_it.claims, without.claims), (with_it.notes, without.notes)):
        assert [one.text.split() for one in mine] == [one.text.split() for one in plain]
    assert [one.id for one in with_it.claims] == [one.id for one in without.claims]
    assert [(one.scheme, one.value) for one in with_it.identifiers] == [
        (one.scheme, one.value) for one in without.identifiers
    ]
    assert [(one.design, one.n, one.marked_retracted) for one in with_it.notes] == [
        (one.design, one.n, one.marked_retracted) for one in without.notes
    ]


@pytest.mark.parametrize("unit", [f"Bone.[^a] {ACK}\n", ACK, "<!-- evidence: ack EV003 ", f"`{ACK}`\n"])
def test_time_grows_with_the_page(unit):
    seconds = []
    for count in (500, 2000):
        began = time.perf_counter()
        read(unit * count)
        seconds.append(time.perf_counter() - began)
    assert seconds[1] < 12 * seconds[0] + 0.2


def test_lengths_of_lines_tell_every_place():
    text = "---\ntitle: x\n---\r\nBöne is lost.[^a]\n\n[^a]: doi:10.1000/a1"
    page = read(text)
    assert page.lines == tuple(map(len, text.split("\n")))
    assert [sum(page.lines[: one.line - 1]) + one.line - 1 for one in page.claims] == [one.start for one in page.claims]
