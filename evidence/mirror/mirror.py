"""Mirrors of the registries: brings the index in line with the files, and reads records by identifier."""

from __future__ import annotations

import datetime as dt
import logging
import os
import tarfile
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

from evidence.mirror import index as indexes
from evidence.mirror.files import Problems, head_hash, list_files, places_in
from evidence.mirror.index import Hit, Index, Unit, key_of
from evidence.mirror.records import own_identifiers
from evidence.mirror.units import read_place, read_records
from evidence.processes import pooled
from evidence.records import Reference
from evidence.vocabulary import Source

logger = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
_Result = TypeVar("_Result")
# Other processes take about half a second to start: with less to read one core is done sooner.
_WORTH_PROCESSES = 30_000_000
_MAX_JOBS = 8


@dataclass(frozen=True, slots=True)
class Updated:
    """What bringing the index in line did.

    Args:
        read: how many files were read, those inside of archives counted one by one.
        unchanged: how many had been read before.
        gone: how many files are no longer there.
        records: how many records the read ones hold.
        problems: what could not be read, one line a file.
    """

    read: int
    unchanged: int
    gone: int
    records: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """What the index knows of one registry's files."""

    source: Source
    files: int
    records: int
    oldest: dt.date
    newest: dt.date


class Answer(NamedTuple):
    """One record that a mirror holds: which of the asked identifiers it names, its bytes, and how old they are."""

    references: tuple[Reference, ...]
    payload: bytes
    dated: dt.datetime


class Mirror:
    """The files below some folders.

    Args:
        roots: folders and files; one that does not exist, such as a disk that is not there, is left as it was.
        index: where the index lies; in the user's cache by default.
        jobs: how many processes read at most; one a core, up to eight, by default.
    """

    def __init__(self, roots: Sequence[Path], index: Path | None = None, jobs: int | None = None) -> None:
        self.roots = [root.resolve() for root in roots if root.exists()]
        self.missing = [root for root in roots if not root.exists()]
        self.index = index or indexes.default_path()
        self.jobs = jobs or min(os.cpu_count() or 1, _MAX_JOBS)

    def update(self, progress: Progress | None = None) -> Updated:
        """Read the files that are new or changed, each in one transaction; a stopped update goes on with the next file.

        Args:
            progress: called with "mirror", how many files are read, and how many there are.

        Raises:
            StoreError: the index cannot be written.
        """
        problems = Problems()
        with indexes.opened(self.index) as index:
            gone = self._list(index, problems)
            units = self._units(index)
            pending = [unit for unit in units if not unit.is_read]
            done = len(units) - len(pending)
            if len(pending) > done:
                index.drop_keys()
            records = 0
            tasks = [(unit.place, unit.mtime_ns) for unit in pending]
            for number, reading in self._run(read_place, tasks, sum(unit.place.size for unit in pending)):
                index.write(pending[number], reading)
                records += reading.records
                done += 1
                if progress is not None:
                    progress("mirror", done, len(units))
            index.make_keys()
            problems.lines += [f"{unit.place.path}: {unit.problem}" for unit in self._units(index) if unit.problem]
        return Updated(len(pending), len(units) - len(pending), gone, records, tuple(problems.lines))

    def status(self) -> list[Status]:
        """Return what has been read, by registry.

        Raises:
            StoreError: the index cannot be read.
        """
        with indexes.opened(self.index) as index:
            units = self._units(index)
        found = []
        for source in Source:
            own = [unit for unit in units if unit.source is source and unit.dated is not None]
            days = sorted(unit.dated.date() for unit in own if unit.dated is not None)
            if own:
                found.append(Status(source, len(own), sum(unit.records for unit in own), days[0], days[-1]))
        return found

    def find(
        self, source: Source, wanted: Mapping[Reference, dt.datetime | None], progress: Progress | None = None
    ) -> Iterator[Answer]:
        """Yield the records that a registry's files hold of some identifiers, a file's at a time.

        Args:
            source: whose files.
            wanted: the identifiers, each with the moment that an answer must be newer than, or None for any answer.
            progress: called with "from mirror", how many files are read, and how many are to be read.

        Raises:
            StoreError: the index cannot be read.
        """
        references = {key_of(reference): reference for reference in wanted}
        with indexes.opened(self.index) as index:
            units = {unit.id: unit for unit in self._units(index) if unit.source is source and unit.is_read}
            hits = _newest(index, [hit for hit in index.find(references) if hit.unit in units], units)
        places: dict[int, dict[tuple[int, int], list[Reference]]] = defaultdict(lambda: defaultdict(list))
        for hit in hits:
            reference, dated = references[hit.key], units[hit.unit].dated
            newer_than = wanted[reference]
            if dated is not None and (newer_than is None or dated > newer_than):
                places[hit.unit][hit.place, hit.length].append(reference)
        numbers = sorted(places, key=lambda number: units[number].place.path)
        tasks = [(units[number].place, sorted(places[number])) for number in numbers]
        for done, payloads in self._run(read_records, tasks, sum(place.size for place, _wanted in tasks)):
            unit = units[numbers[done]]
            if progress is not None:
                progress("from mirror", done + 1, len(tasks))
            if isinstance(payloads, str):
                logger.warning("%s: %s", unit.place.path, payloads)
                continue
            for asked, payload in zip(sorted(places[unit.id].items()), payloads, strict=True):
                own = own_identifiers(source, payload)
                named = tuple(reference for reference in asked[1] if reference in own)
                if named and unit.dated is not None:
                    yield Answer(named, payload, unit.dated)

    def _units(self, index: Index) -> list[Unit]:
        return [unit for unit in index.units() if self._holds(unit.place.path)]

    def _holds(self, path: str) -> bool:
        return any(Path(path).is_relative_to(root) for root in self.roots)

    def _list(self, index: Index, problems: Problems) -> int:
        """Bring the list of files up to date; return how many are gone."""
        known = index.files()
        files = list_files(self.roots, problems)
        for found in files:
            size, mtime_ns, head = known.get(found.path, (-1, -1, ""))
            if (size, mtime_ns) == (found.size, found.mtime_ns):
                continue
            try:
                new_head = head_hash(found.path)
                if (size, head) == (found.size, new_head):
                    index.touch_file(found)
                else:
                    index.replace_file(found, new_head, places_in(found))
            except OSError as error:
                problems.add(found.path, f"cannot be read: {error.strerror}")
            except tarfile.TarError as error:
                problems.add(found.path, f"no whole tar archive: {error}")
        there = {found.path for found in files}
        gone = [path for path in known if path not in there and self._holds(path)]
        for path in gone:
            index.remove_file(path)
        return len(gone)

    def _run(
        self, function: Callable[..., _Result], tasks: Sequence[tuple[object, ...]], size: int
    ) -> Iterator[tuple[int, _Result]]:
        """Yield the number and the result of each task, in their order; a few are ahead in other processes."""
        if self.jobs == 1 or len(tasks) == 1 or size < _WORTH_PROCESSES:
            for number, task in enumerate(tasks):
                yield number, function(*task)
            return
        running: deque[tuple[int, Future[_Result]]] = deque()
        with pooled(self.jobs, __name__) as pool:
            for number, task in enumerate(tasks):
                running.append((number, pool.submit(function, *task)))
                if len(running) > self.jobs + 1:
                    first, future = running.popleft()
                    yield first, future.result()
            while running:
                first, future = running.popleft()
                yield first, future.result()


def _newest(index: Index, hits: Iterable[Hit], units: Mapping[int, Unit]) -> list[Hit]:
    """Return those hits that are the newest record of their work, and not withdrawn.

    A PubMed record that named a DOI once may have lost it, or be gone, in a later file: so all that is known of its
    PMID is looked up, whatever it was found by.
    """
    hits = list(hits)
    by_pmid: dict[int, list[Hit]] = defaultdict(list)
    by_key: dict[int, list[Hit]] = defaultdict(list)
    for hit in hits:
        if not hit.pmid:
            by_key[hit.key].append(hit)
    for hit in index.find(hit.pmid for hit in hits if hit.pmid):
        if hit.unit in units:
            by_pmid[hit.pmid].append(hit)
    current = {_newest_version(known, units) for known in by_pmid.values()}
    current |= {(newest.unit, newest.place) for known in by_key.values() for newest in [_last(known, units)]}
    return [hit for hit in hits if (hit.unit, hit.place) in current]


def _newest_version(known: Iterable[Hit], units: Mapping[int, Unit]) -> tuple[int, int] | None:
    versions: dict[int, list[Hit]] = defaultdict(list)
    for hit in known:
        versions[hit.version].append(hit)
    for _version, hits in sorted(versions.items(), reverse=True):
        last = _last(hits, units)
        if last.length:
            return last.unit, last.place
    return None


def _last(hits: Iterable[Hit], units: Mapping[int, Unit]) -> Hit:
    # A withdrawal stands at the end of its file, so that the greater offset is the later word.
    return max(hits, key=lambda hit: (units[hit.unit].rank, hit.place))
