"""Hostile pages take no more time than their length asks for: what the readers of HTML and Markdown look for is bounded."""

from __future__ import annotations

import pytest
from growing import seconds
from reading import read

LINKED = '<p>Lost.<sup><a href="#r1">1</a></sup></p><h2>References</h2><ol><li id="r1">{}</li></ol>'
# The page around it, and what is repeated in it, with what stands behind.
PAGES = {
    "white space before the words of an entry": ("page.html", LINKED, "<b>&nbsp;</b>", "abc"),
    "white space behind the number of an entry": ("page.html", LINKED, "1<b>&nbsp;</b>", "abc"),
    "spaces in the brackets of a note": ("page.html", '<ol><li id="fn1">[{}</li></ol>', " ", "abc"),
    "marks in a heading that do not close": ("page.md", "## {}\n", "[^", ""),
    "brackets around marks": ("page.html", LINKED, "[ [^a]", ""),
    "spaces behind marks": ("page.html", "<p>{}</p>", "[^a]    ", ","),
    "citations of pandoc": ("page.html", "<p>{}</p>", '<span data-cites="a"><em>', ""),
    "numbers of a mark": ("page.md", "Lost [1{}\n\n## References\n\n1. doi:10.1000/a1\n", ", 1", ""),
}


# Those that stand in one long line without tags are read fast: only longer ones tell.
LONG = frozenset({"spaces in the brackets of a note", "marks in a heading that do not close"})


@pytest.mark.parametrize("kind", PAGES)
def test_time_grows_with_the_page(kind):
    name, page, piece, behind = PAGES[kind]
    first = 1500 if kind in LONG else 250
    short, long = (page.format(piece * (length // len(piece)) + behind) for length in (first, 8 * first))
    assert seconds(lambda text: read(text, name), long) < 3 * 8 * seconds(lambda text: read(text, name), short)
