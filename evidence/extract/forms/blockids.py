"""The names that Obsidian gives to blocks, `^37066d` at their end: they are no words of claims and notes.

Source:
    Obsidian's help, "Link to a block in a note": letters, numbers and dashes behind a caret, behind a space at the end
    of a paragraph or item, or on a line of its own.
"""

from __future__ import annotations

import re
from typing import TypeVar

from evidence.extract.forms.layout import Block, Definition, Layout

# One letter or a few figures alone may be a power: "x ^n", "10 ^6", "10 ^-8".
_ID = re.compile(r"\^(?=[A-Za-z0-9-]*[A-Za-z]|\d{4})[A-Za-z0-9-]{2,100}")
_Stretch = TypeVar("_Stretch", Block, Definition)


def leave_out_block_ids(layout: Layout) -> None:
    """End the blocks and notes of a page before the names that stand last in them; a block of nothing else is none.

    >>> layout = Layout("Lost. ^b2", definitions=[Definition("a", 0, 9, 1)])
    >>> leave_out_block_ids(layout)
    >>> layout.definitions
    [Definition(key='a', start=0, end=5, line=1)]
    """
    text = layout.text
    # Marks have carets too: most pages are told here.
    if not (" ^" in text or "\n^" in text or "\t^" in text or text.startswith("^")):
        return
    blocks = (_without_id(text, block) for block in layout.blocks)
    layout.blocks = [block for block in blocks if block.start < block.end]
    layout.definitions = [_without_id(text, one) for one in layout.definitions]


def without_block_id(text: str) -> str:
    """Return a text without the name that stands last in it, and the white space and signs of a quote before that.

    >>> without_block_id("Lost. ^b2"), without_block_id("x ^n")
    ('Lost.', 'x ^n')
    """
    at = text.rfind("^")
    if at < 0 or not _ID.fullmatch(text, at) or not (at == 0 or text[at - 1].isspace()):
        return text
    before = text[:at].rstrip()
    *lines, last = before.split("\n")
    # It may stand on a quoted line of its own.
    return "\n".join(lines).rstrip() if lines and not last.strip(" \t>") else before


def _without_id(text: str, stretch: _Stretch) -> _Stretch:
    return stretch._replace(end=stretch.start + len(without_block_id(text[stretch.start : stretch.end])))
