"""Reports of ours that lie in a vault: they repeat its claims, and are no pages of it.

HTML says so in its head, Markdown in a comment on its first line, where no reader sees it. What only speaks of such a
mark, further down, is a page.
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
# The mark stands at the very beginning.
_LONGEST = 1000


def is_report(data: bytes) -> bool:
    """Tell whether a file is a report of ours, by how it begins.

    >>> is_report(f"{MARKDOWN_MARK}\\n# Evidence audit".encode()), is_report(f"As in `{MARKDOWN_MARK}`".encode())
    (True, False)
    """
    return _MARK.match(data[:_LONGEST]) is not None
