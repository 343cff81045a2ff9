"""Pages -> what is read from them, on one core or on several."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future

from evidence.errors import PageError
from evidence.extract import extract_page
from evidence.processes import pooled
from evidence.records import ExtractedPage, Page

# Other processes take about half a second to start: below this one core is done sooner.
_WORTH_PROCESSES = 8_000_000
_MAX_JOBS = 8
_BATCH_PAGES = 16
_BATCH_BYTES = 500_000

# An error crosses processes as its parts: Python rebuilds an exception from its message alone.
_Failure = tuple[str, str, int | None, str | None]


def read_pages(pages: Iterable[Page], jobs: int | None = None) -> Iterator[ExtractedPage | PageError]:
    """Yield what each page holds, or why it cannot be read, in the order of the pages.

    Only a few pages are in memory at a time. Other processes are started once there is enough to read.

    Args:
        pages: read as they are needed.
        jobs: how many processes at most; default one a core, up to eight.
    """
    jobs = jobs or min(os.cpu_count() or 1, _MAX_JOBS)
    waiting = iter(pages)
    seen = 0
    for page in waiting:
        yield _restore(_read(page))
        seen += len(page.data)
        if jobs > 1 and seen > _WORTH_PROCESSES:
            break
    else:
        return
    yield from _read_in_processes(waiting, jobs)


def _read(page: Page) -> ExtractedPage | _Failure:
    try:
        return extract_page(page)
    except PageError as error:
        return error.message, error.path, error.line, error.hint


def _read_batch(pages: list[Page]) -> list[ExtractedPage | _Failure]:
    return [_read(page) for page in pages]


def _restore(result: ExtractedPage | _Failure) -> ExtractedPage | PageError:
    return result if isinstance(result, ExtractedPage) else PageError(*result)


def _read_in_processes(pages: Iterator[Page], jobs: int) -> Iterator[ExtractedPage | PageError]:
    running: deque[Future[list[ExtractedPage | _Failure]]] = deque()
    with pooled(jobs, __name__) as pool:
        for batch in _batches(pages):
            running.append(pool.submit(_read_batch, batch))
            if len(running) > 2 * jobs:
                yield from map(_restore, running.popleft().result())
        while running:
            yield from map(_restore, running.popleft().result())


def _batches(pages: Iterator[Page]) -> Iterator[list[Page]]:
    batch: list[Page] = []
    size = 0
    for page in pages:
        batch.append(page)
        size += len(page.data)
        if len(batch) >= _BATCH_PAGES or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
