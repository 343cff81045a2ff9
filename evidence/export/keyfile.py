"""The file of citekeys in the vault: what keeps them when a database is made anew, and between people who share pages.

One line a key: the key, a tab, the identifier of its work, and for a former key a tab and the word `former`. Lines are
sorted, so that two people's additions merge, and a line never goes away, so that its key is never given again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.errors import ExportError
from evidence.export.citekeys import owner_columns
from evidence.export.keyforms import MAX_KEY_CHARS, READABLE_SIGN, is_readable_key
from evidence.export.rows import as_bytes, as_text, by_bytes, stream_rows
from evidence.records import Reference
from evidence.store import models
from evidence.store.chunks import batched, in_chunks
from evidence.store.pruning import NO_WORK
from evidence.vocabulary import ALIAS, Scheme

FORMER = "former"
_HEAD = "# The keys of works in bibliographies. Commit this file; `evidence keys rename OLD NEW` changes a key.\n"
_SCHEMES = frozenset(one.value for one in Scheme)
# Lines that need no closer look, as nearly all: many are looked at in one pass.
_USUAL_LINES = re.compile(
    rf"(?:{READABLE_SIGN}{{1,{MAX_KEY_CHARS}}}\t(?:{'|'.join(sorted(_SCHEMES))}):[!-~]+(?:\t{FORMER})?\n)*", re.ASCII
)
_Owner = int | Reference


class KeyLine(NamedTuple):
    """One key of the file: whose it is, as scheme and value, and whether it is a former key."""

    key: str
    scheme: str
    value: str
    is_former: bool = False


class KeyFile(NamedTuple):
    """The lines of a file of citekeys by their key in lower case, their numbers, and what is wrong with others."""

    name: str
    lines: dict[str, KeyLine]
    numbers: dict[str, int]
    problems: list[str]


def read_key_file(path: Path) -> KeyFile:
    """Return the lines of a file of citekeys; of several for one key, the first counts.

    Raises:
        ExportError: the file cannot be read.
    """
    found = KeyFile(path.name, {}, {}, [])
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return found
    except (OSError, UnicodeDecodeError) as error:
        raise ExportError(
            f"{path}: cannot be read: {error}", "mend it, or take it from your version control"
        ) from error
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        entry = parse_line(line)
        if entry is None:
            found.problems.append(f"{path.name}:{number}: this is no key, tab, identifier: {line[:60]}; mend this line")
            continue
        folded = entry.key.lower()
        other = found.lines.setdefault(folded, entry)
        first = found.numbers.setdefault(folded, number)
        if other[1:3] != entry[1:3]:
            found.problems.append(
                f"{path.name}:{number}: {entry.key} is the key of {other.scheme}:{other.value} in line {first}: "
                f"give {entry.scheme}:{entry.value} another one"
            )
    return found


def parse_line(line: str) -> KeyLine | None:
    """Return what one line says, or None where it is none of ours.

    >>> parse_line("komori1997targeted\\tdoi:10.1000/X").value, parse_line("<<<<<<< HEAD")
    ('10.1000/x', None)
    """
    key, *rest = line.rstrip().split("\t")
    scheme, _, value = rest[0].partition(":") if rest else ("", "", "")
    if not is_readable_key(key) or scheme not in _SCHEMES or not value or rest[1:] not in ([], [FORMER]):
        return None
    # As printed in a paper or written by hand; the database has them in lower case.
    return KeyLine(key, scheme, value.lower() if scheme == Scheme.DOI else value, bool(rest[1:]))


def format_key_file(lines: Iterable[KeyLine]) -> Iterator[str]:
    """Yield the lines of the file; the keys come in their order in lower case."""
    yield _HEAD
    for one in lines:
        yield f"{one.key}\t{one.scheme}:{one.value}" + (f"\t{FORMER}" if one.is_former else "") + "\n"


def stream_text(session: Session) -> Iterator[str]:
    """Yield the file that the keys of the database make, many lines at a time, without holding them in memory.

    Each work has one of its identifiers: a DOI before a PMID.
    """
    key, identifier = models.Citekey, models.WorkIdentifier
    order = sa.case({"doi": 0, "pmid": 1}, value=identifier.scheme, else_=2)
    of_work = (
        sa.select(identifier.scheme + ":" + identifier.value)
        .where(identifier.work_id == key.work_id, identifier.source != ALIAS)
        .order_by(order, identifier.value)
        .limit(1)
        .scalar_subquery()
    )
    # A key that waits for its work has the identifier beside it.
    name = sa.func.coalesce(of_work, key.scheme + ":" + key.value)
    # The database puts the lines together in less time than it takes here.
    line = key.key + "\t" + name + sa.case((key.is_alias, f"\t{FORMER}\n"), else_="\n")
    yield _HEAD
    rows = stream_rows(session, sa.select(as_bytes(session, line)).order_by(by_bytes(session, key.folded)))
    for some in batched(rows):
        # A work that is gone has none.
        lines = [as_text(line) for (line,) in some if line is not None]
        text = "".join(lines)
        yield text if _USUAL_LINES.fullmatch(text) else "".join(filter(_is_good, lines))


def _is_good(line: str) -> bool:
    """Tell whether a line would be read back; what is damaged would damage the lines of others."""
    return parse_line(line) is not None and line[:-1].replace("\t", "").isprintable()


def stream_keys(session: Session) -> Iterator[KeyLine]:
    """Yield the keys of the database as the file has them."""
    for text in stream_text(session):
        yield from filter(None, map(parse_line, text.split("\n")))


def is_written(session: Session, path: Path) -> bool:
    """Tell whether a file holds the keys of the database, without holding them in memory."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return all(file.read(len(text)) == text for text in stream_text(session)) and not file.read(1)
    except (OSError, UnicodeDecodeError):
        return False


def take_keys(session: Session, file: KeyFile) -> list[str]:
    """Give works the keys that the file has for them; the keys of works that are not known yet are kept for them.

    What the file says is right: another key that the database gave the work in the meantime becomes an alias. Where
    two people renamed one work and their files were merged, the file has two keys for it. The first by its letters
    is the one then, whatever the database holds, so that everybody has the same.

    Args:
        session: in a transaction that writes.
        file: as it was read.

    Returns:
        Which works have several keys in the file, for people.
    """
    table = models.Citekey
    owners = _find_owners(session, file.lines)
    current, doubled = _choose_current(file, owners)
    known = {
        row.folded: row
        for row in session.execute(
            sa.select(table.folded, table.work_id, table.is_alias, table.key, table.scheme, table.value)
        )
    }
    wanted: list[dict[str, object]] = []
    for folded, line in file.lines.items():
        owner = owners[folded]
        is_alias = line.is_former or current[owner] != folded
        told = {"folded": folded, "key": line.key, "is_alias": is_alias, **owner_columns(owner)}
        row = known.get(folded)
        # A key of a stored work stays its own where the file names a work that is not stored.
        if row is None or ((told["work_id"] or not row.work_id) and _differs(row, told)):
            wanted.append(told)
    others = [row.folded for row in known.values() if not row.is_alias and _is_replaced(row, current)]
    for chunk in in_chunks(sorted(others)):
        session.execute(sa.update(table).where(table.folded.in_(chunk)).values(is_alias=True))
    for chunk in in_chunks(sorted(str(one["folded"]) for one in wanted)):
        session.execute(sa.delete(table).where(table.folded.in_(chunk)))
    if wanted:
        session.execute(sa.insert(table), wanted)
    return doubled


def _choose_current(file: KeyFile, owners: Mapping[str, _Owner]) -> tuple[dict[_Owner, str], list[str]]:
    """Return the key of each work that has one in the file, in lower case, and what to tell of those with several."""
    keys: dict[_Owner, list[str]] = defaultdict(list)
    for folded in sorted(file.lines):
        if not file.lines[folded].is_former:
            keys[owners[folded]].append(folded)
    doubled = []
    for first, *others in keys.values():
        one = file.lines[first]
        for other in others:
            key = file.lines[other].key
            places = " and ".join(map(str, sorted((file.numbers[first], file.numbers[other]))))
            doubled.append(
                f"{file.name}: lines {places} give {one.scheme}:{one.value} two keys, as when two people renamed it:"
                f" {one.key} is written from now on, and {key} is its alias;"
                f" to have it the other way round, run `evidence keys rename {one.key} {key}`"
            )
    return {owner: mine[0] for owner, mine in keys.items()}, doubled


def _is_replaced(row: Any, current: Mapping[_Owner, str]) -> bool:
    owner = row.work_id or (Reference(Scheme(row.scheme), row.value) if row.scheme else NO_WORK)
    return owner in current and current[owner] != row.folded


def _differs(row: Any, told: Mapping[str, object]) -> bool:
    names = ("key", "is_alias", "work_id") if told["work_id"] else ("key", "is_alias", "scheme", "value")
    return any(getattr(row, name) != told[name] for name in names)


def _find_owners(session: Session, lines: Mapping[str, KeyLine]) -> dict[str, _Owner]:
    """Return whose each key is: a stored work's, or that of an identifier which no stored work has."""
    table = models.WorkIdentifier
    works: dict[tuple[str, str], int] = {}
    for values in in_chunks(sorted({one.value for one in lines.values()})):
        query = sa.select(table.scheme, table.value, table.work_id).where(table.value.in_(values))
        works |= {(scheme, value): work_id for scheme, value, work_id in session.connection().execute(query)}
    return {
        folded: works.get((one.scheme, one.value)) or Reference(Scheme(one.scheme), one.value)
        for folded, one in lines.items()
    }
