from __future__ import annotations

import pytest

from evidence.resolve.titles import marked_in_title
from evidence.vocabulary import NoticeKind


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("RETRACTED: Foo", NoticeKind.RETRACTION),
        ("RETRACTED ARTICLE: Foo", NoticeKind.RETRACTION),
        ("RETRACTED - Foo", NoticeKind.RETRACTION),
        ("RETRACTED \u2013 Foo", NoticeKind.RETRACTION),
        ("(RETRACTED) Foo", NoticeKind.RETRACTION),
        ("[RETRACTED] Foo", NoticeKind.RETRACTION),
        ("[Retracted] Foo", NoticeKind.RETRACTION),
        ("(Retracted article) Foo", NoticeKind.RETRACTION),
        ("\u201cRETRACTED: Foo\u201d", NoticeKind.RETRACTION),
        ("<i>RETRACTED:</i> Foo", NoticeKind.RETRACTION),
        ("<i>RETRACTED</i>: Foo", NoticeKind.RETRACTION),
        ("RETRACTED PREPRINT: Foo", NoticeKind.RETRACTION),
        ("WITHDRAWN: Foo", NoticeKind.WITHDRAWAL),
        ("REMOVED: Foo", NoticeKind.REMOVAL),
        # Elsevier, Article withdrawal policy: a page that says so stands in the place of the article.
        ("TEMPORARY REMOVAL: Foo", NoticeKind.REMOVAL),
    ],
)
def test_marks_of_publishers(title, kind):
    assert marked_in_title(title) is kind


@pytest.mark.parametrize(
    "title",
    [
        None,
        "",
        "Retracted papers in oncology: a review",
        "Retracted - but still cited",
        "Retracted",
        "RETRACTED PAPERS IN ONCOLOGY: A REVIEW",
        "RETRACTED-LENS REPLACEMENT IN THE EYE",
        "Withdrawn from treatment: what becomes of those who leave",
        "WITHDRAWN FROM TREATMENT: WHAT BECOMES OF THOSE WHO LEAVE",
        "\u201cWithdrawn\u201d patients and their families",
        "Temporary removal: a way to treat roots",
        "TEMPORARY REMOVAL OF A TOOTH",
        "Removed: what the mind forgets",
        "RETRACTION: Foo",
        "Retraction notice to: Foo",
        "(Un)retracted: the second life of papers",
        "Why RETRACTED: papers are read",
    ],
)
def test_titles_of_works_about_it_are_no_mark(title):
    assert marked_in_title(title) is None
