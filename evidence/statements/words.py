"""The words of a line alone: its marks as one sign each, its links as they show, without tags and markup."""

from __future__ import annotations

import re

# Stands for a mark: no page writes it for anything else.
MARK = "\x1a"
MARKS = re.compile(r"\[\^[^\]]*\]")
# In plain text, in brackets or glued to the word: "[1, 2]", "findings3".
PLAIN_MARKS = re.compile(
    r"\[\d{1,4}(?:[,;–-] ?\d{1,4})*\]|(?<=[a-z]{3})\d{1,3}(?:, ?\d{1,3})*(?=\W*$)|(?<=[a-z]{3}:)\d{1,3}$"
)
SHOWN = re.compile(r"!?\[\[(?:[^\[\]|\\]*\\?\|)?([^\[\]|]*)\]\]|\[([^\[\]]*)\]\([^()\s]*\)")
MARKUP = re.compile(r"[*_`>|#~\\-]+")
_TAGS = re.compile(r"`?\[?#gap/[\w/-]+\]?`?")
# ">", "+" and "-" open quotations and items; elsewhere they are signs of their own.
_SIGNS = re.compile(r"[*_`|#~\\]+|^[\s>+-]+\s", re.MULTILINE)
_CLOSING = " \t\r\n.,;:!?)*_\"'”’"
BRACKETED = re.compile(r" ?\(([^()]*)\)")


def words_of(text: str) -> str:
    """Return the words of a line, with `MARK` for each of its marks.

    >>> words_of("**X** and [[mtor|mTOR]] act [^a]. #gap/unsourced").replace(MARK, "1")
    'X and mTOR act 1.'
    """
    # Marks of plain text have brackets or stand at the end.
    if "[" in text or text.rstrip(_CLOSING)[-1:].isdigit():
        text = PLAIN_MARKS.sub(f" {MARK} ", text)
    if "[" in text:
        text = SHOWN.sub(lambda one: one[1] or one[2] or "", MARKS.sub(f" {MARK} ", text))
    if "#gap/" in text:
        text = _TAGS.sub(" ", text)
    joined = " ".join(_SIGNS.sub(" ", text).split())
    return joined.replace(f"{MARK} .", f"{MARK}.").replace(f"{MARK} ,", f"{MARK},")


def without_brackets(words: str, says: re.Pattern[str]) -> str:
    """Return words without what stands in brackets, as far as it says nothing itself.

    >>> without_brackets("Kim (2011) fed mice (they died)", re.compile("died"))
    'Kim fed mice (they died)'
    """
    if "(" not in words:
        return words
    return BRACKETED.sub(lambda one: one[0] if says.search(one[1]) else "", words)
