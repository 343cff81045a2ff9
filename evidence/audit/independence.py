"""How many of some studies are independent of each other, and which of the others goes with which of them."""

from __future__ import annotations

from collections.abc import Sequence

# More studies of one laboratory than this are told apart by a quick choice, which may find fewer groups, never more.
_EXACT = 18


def split(links: Sequence[set[int]], order: Sequence[int]) -> list[list[int]]:
    """Return studies in groups: as many as there are studies of which no two are linked, each with those linked to it.

    A study of two laboratories together goes with one of them; it does not make one of the two.

    Args:
        links: for each study the numbers of those that share its laboratory.
        order: all numbers, those first that should stand for a group where there is a choice.

    >>> split([{1}, {0, 2}, {1}], [0, 1, 2])
    [[0, 1], [2]]
    >>> split([{1}, {0}], [0, 1])
    [[0, 1]]
    """
    heads: list[int] = []
    for part in _parts(links, order):
        heads += _most(links, part) if len(part) <= _EXACT else _some(links, part)
    groups = {head: [head] for head in heads}
    for number in order:
        if number not in groups:
            groups[next(head for head in heads if head in links[number])].append(number)
    return sorted(sorted(group) for group in groups.values())


def _parts(links: Sequence[set[int]], order: Sequence[int]) -> list[list[int]]:
    """Return the studies that hang together, each part in the given order."""
    place = {number: at for at, number in enumerate(order)}
    seen: set[int] = set()
    parts = []
    for number in order:
        if number in seen:
            continue
        part, todo = {number}, [number]
        while todo:
            new = links[todo.pop()] - part
            part |= new
            todo += new
        seen |= part
        parts.append(sorted(part, key=place.__getitem__))
    return parts


def _most(links: Sequence[set[int]], part: Sequence[int]) -> list[int]:
    """Return the most studies of a part of which no two are linked; of several such choices the first."""
    if not part:
        return []
    first, rest = part[0], part[1:]
    free = [one for one in rest if one not in links[first]]
    with_first = [first, *_most(links, free)]
    if len(free) == len(rest) or len(with_first) >= len(rest):
        return with_first
    without = _most(links, rest)
    return without if len(without) > len(with_first) else with_first


def _some(links: Sequence[set[int]], part: Sequence[int]) -> list[int]:
    heads: list[int] = []
    for number in sorted(part, key=lambda one: len(links[one])):
        if links[number].isdisjoint(heads):
            heads.append(number)
    return heads
