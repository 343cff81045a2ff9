"""Reports of ours that lie in a vault: they repeat its claims, and are no pages of it.

HTML says so in its head, Markdown in a comment on its first line, where no reader sees it. What only speaks of such a
mark, further down, is a page. Text has no place that nobody sees: it is known by how it begins and how it ends, and a
page that only quotes a report lacks one of these.
"""

from __future__ import annotations

import re

GENERATOR = "evidence audit report"
MARKDOWN_MARK = f"<!-- generator: {GENERATOR} -->"
_MARK = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!-- generator: %(name)b -->|<!doctype html>\s*<html\b[^<>]*>\s*<head>\s*"
    rb"(?:<meta charset[^<>]*>\s*)?<meta name=\"generator\" content=\"%(name)b\")" % {b"name": GENERATOR.encode()},
    re.IGNORECASE,
)
_TEXT_BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?\d+ pages?, \d+ claims?, \d+ of them cited\r?\nstatus +claims +of cited\r?\n"
)
_TEXT_ENDS = re.compile(rb"\nevidence \d[^\s,]*, rules \d+, schema \d+\s*\Z")
# Marks stand at the very beginning or end.
_LONGEST = 1000


def is_report(data: bytes) -> bool:
    """Tell whether a file is a report of ours, by how it begins; of text also by how it ends.

    >>> is_report(f"{MARKDOWN_MARK}\\n# Evidence audit".encode()), is_report(f"As in `{MARKDOWN_MARK}`".encode())
    (True, False)
    """
    head = data[:_LONGEST]
    if _TEXT_BEGINS.match(head):
        return _TEXT_ENDS.search(data[-_LONGEST:]) is not None
    return _MARK.match(head) is not None
