"""Numbers of a note: powers of ten as numbers, nothing out of a title, no day that no calendar has."""

from __future__ import annotations

import pytest
from reading import note, read


@pytest.mark.parametrize(
    ("text", "n", "n_text"),
    [
        ("n = 10^5 cells", 100_000, "10^5 cells"),
        ("n = 10^5^ cells", 100_000, "10^5^ cells"),
        ("n = 10<sup>5</sup> cells", 100_000, "10<sup>5</sup> cells"),
        ("n = 10⁵ cells", 100_000, "10⁵ cells"),
        ("n = 10^{5} cells", 100_000, "10^{5} cells"),
        ("n = 2×10^6 cells", 2_000_000, "2×10^6 cells"),
        ("n = 2 x 10^6 cells", 2_000_000, "2 x 10^6 cells"),
        ("n = 2.5×10⁶", 2_500_000, "2.5×10⁶"),
        ("n = 2·10^6 cells", 2_000_000, "2·10^6 cells"),
        ("n = 1e6 cells", 1_000_000, "1e6 cells"),
        ("n=1.2E+05 people", 120_000, "1.2E+05 people"),
        ("n = ~10^4 nuclei", 10_000, "~10^4 nuclei"),
        ("n = 10^5 cells per mouse", None, "10^5 cells per mouse"),
        ("n = 10^5 cells/mL", None, "10^5 cells/mL"),
        ("n = 10^5–10^6 cells", None, "10^5–10^6 cells"),
        ("n > 10^5", None, ">10^5"),
        ("n = 10^-5", None, "10^-5"),
        ("n = 2^10", None, "2^10"),
        ("n = 1.25×10^1", None, "1.25×10^1"),
        ("n = 10^5000", None, "10^5000"),
        ("n = 3e- lines", None, "3e- lines"),
        ("n = 10 (5 × 2)", 10, "10 (5 × 2)"),
        ("n = 10 x 5 mice", None, "10 x 5 mice"),
        ("n = 40 (10^6 cells each)", 40, "40 (10^6 cells each)"),
        ("n = 10 [^b]", 10, "10 [^b]"),
    ],
)
def test_powers_of_ten(text, n, n_text):
    stated = note(f"doi:10.1000/a1 | {text}")
    assert (stated.n, stated.n_text) == (n, n_text)


def test_power_in_a_page_of_html():
    page = (
        '<p>A claim.<sup id="fnref1"><a href="#fn1">1</a></sup></p><section class="footnotes"><ol>'
        '<li id="fn1">doi:10.1000/a1 | n = 10<sup>5</sup> cells <a href="#fnref1">↩</a></li></ol></section>'
    )
    (only,) = read(page, "page.html").notes
    assert only.n == 100_000


@pytest.mark.parametrize(
    ("text", "n", "p"),
    [
        ('Lee J. "A title with n = 5 and p < 0.05". Nature 2001. doi:10.1000/a1', None, None),
        ('Lee J · "A title with n = 5" · Nature 2001 · n = 40 · doi:10.1000/a1', 40, None),
        ("Lee J, Kim S. Zinc in old men (n = 5): a trial. Lancet. 2004;363:750. n = 40. doi:10.1000/a1", 40, None),
        ('doi:10.1000/a1 · finding: "n = 12 died" (p < 0.01)', 12, "p < 0.01"),
    ],
)
def test_a_title_holds_no_numbers_of_the_note(text, n, p):
    stated = note(text)
    assert (stated.n, stated.p) == (n, p)


@pytest.mark.parametrize(
    ("text", "verified"),
    [
        ("verified 2025-02-30", {"kind": "unspecified"}),
        ("verified 2025-02-31 against PDF", {"kind": "full-text"}),
        ("verified 2024-02-29", {"kind": "unspecified", "date": "2024-02-29"}),
        ("verified 2023-02-29", {"kind": "unspecified"}),
        ("verified 2025-13-01", {"kind": "unspecified"}),
        ("verified 2025-00-10", {"kind": "unspecified"}),
    ],
)
def test_a_day_that_no_calendar_has_is_no_date(text, verified):
    assert note(f"doi:10.1000/a1 · {text}").verified == verified


def test_p_as_a_power_in_a_tag():
    assert note("doi:10.1000/a1 · p = 3 × 10<sup>-8</sup>").p == "p = 3 × 10<sup>-8</sup>"
