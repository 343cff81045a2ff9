"""What is wrong with a work, wherever a page cites it: one function a check, results out.

It is told once a page, where the work is cited first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet

from evidence.audit.findings import Result
from evidence.audit.works import CitedWork, name_of
from evidence.notices import describe
from evidence.vocabulary import DOUBTING, Severity

_Results = Iterator[Result]
Cited = AbstractSet[str]
_DOUBT = re.compile(r"\bconcern|\bretract|\bin doubt\b", re.IGNORECASE)


def retracted_work(work: CitedWork) -> _Results:
    """A work is retracted: an error where the page does not say so.

    Source:
        EVIDENCE.md sections 3.4 and 4 of the design.

    >>> fallen = CitedWork("w", (), spoiled="preprint of doi:10.1/a, which is retracted")
    >>> next(retracted_work(fallen)).message
    'w is retracted, and the page does not say so: preprint of doi:10.1/a, which is retracted'
    """
    if work.is_retracted:
        said = "marked so on the page" if work.is_marked_retracted else "and the page does not say so"
        how = work.spoiled or describe(work.state)
        yield Result(
            Severity.INFO if work.is_marked_retracted else Severity.ERROR,
            f"{work.name} is retracted, {said}: {how}",
            "cite another work" if work.is_marked_retracted else "mark it as retracted, or cite another work",
            work.name,
            (("mark", str(work.is_marked_retracted)), ("notices", how)),
        )


def conflict(work: CitedWork, _cited: Cited) -> _Results:
    """Identifiers of one work contradict each other, such as a DOI and a PMID that name two papers.

    Source:
        EVIDENCE.md sections 3.1 and 4 of the design.

    >>> work = CitedWork("w", (), conflicts=("pmid:1 (pubmed) / pmid:2 (crossref)",))
    >>> next(conflict(work, set())).message
    'w: pmid:1 (pubmed) / pmid:2 (crossref)'
    """
    for said in work.conflicts:
        fix = "find out which identifier is the right one"
        yield Result(Severity.ERROR, f"{work.name}: {said}", fix, said, (("conflict", said),), of_page=True)


def missing_identifier(work: CitedWork, _cited: Cited) -> _Results:
    """An identifier does not exist, alone or beside another one of its note that does.

    Source:
        EVIDENCE.md section 4 of the design.

    >>> next(missing_identifier(CitedWork("w", (), missing=("doi:10.1/none",)), set())).message
    'doi:10.1/none does not exist, although w does: its registry knows no such work'
    """
    names = work.missing or (() if work.exists else tuple(map(name_of, work.identifiers)))
    for name in names:
        beside = f", although {work.name} does" if work.exists else ""
        message = f"{name} does not exist{beside}: its registry knows no such work"
        yield Result(Severity.ERROR, message, "mend the identifier", name, (("identifier", name),), of_page=True)


def contested_notices(work: CitedWork, _cited: Cited) -> _Results:
    """The registries contradict each other, or themselves, about what was done to a work.

    >>> from evidence.notices import WorkNotice
    >>> from evidence.vocabulary import NoticeKind
    >>> said = {"crossref": NoticeKind.RETRACTION, "pubmed": NoticeKind.ERRATUM}
    >>> work = CitedWork("w", (), notices=tuple(WorkNotice(kind, "2020-01-02", by) for by, kind in said.items()))
    >>> next(contested_notices(work, set())).message
    'w: crossref says retraction 2020-01-02, pubmed says erratum 2020-01-02'
    """
    for said in work.state.conflicts:
        fix = "read the notices themselves; what was taken is the graver reading"
        about = f"{work.name} {said}"
        yield Result(Severity.WARNING, f"{work.name}: {said}", fix, about, (("notices", said),), of_page=True)


def reinstated(work: CitedWork, _cited: Cited) -> _Results:
    """A work was retracted, and stands again.

    >>> from evidence.notices import WorkNotice
    >>> from evidence.vocabulary import NoticeKind
    >>> said = {"2010": NoticeKind.RETRACTION, "2012": NoticeKind.REINSTATEMENT}
    >>> work = CitedWork("w", (), notices=tuple(WorkNotice(kind, date, "crossref") for date, kind in said.items()))
    >>> next(reinstated(work, set())).message
    'w stands again: retracted 2010 (crossref), reinstated 2012 (crossref)'
    """
    if work.state.is_reinstated:
        said = describe(work.state)
        message, fix = f"{work.name} stands again: {said}", "read the notice of the reinstatement"
        yield Result(Severity.INFO, message, fix, work.name, (("notices", said),), of_page=True)


def published_preprint(work: CitedWork, cited: Cited) -> _Results:
    """A preprint is cited whose article a registry knows, and the page does not cite the article, which stands.

    >>> work = CitedWork("w", (), is_preprint=True, articles=frozenset({"doi:10.1/article"}))
    >>> next(published_preprint(work, set())).message
    'w is a preprint, since published as doi:10.1/article'
    >>> list(published_preprint(work, {"doi:10.1/article"}))
    []
    """
    if work.is_preprint and work.articles and work.spoiled is None and not work.articles & cited:
        said = " and ".join(sorted(work.articles))
        message = f"{work.name} is a preprint, since published as {said}"
        fix = "cite the article too: it is the version that was reviewed"
        yield Result(Severity.INFO, message, fix, work.name, (("article", said),), of_page=True)


def unsaid_doubt(work: CitedWork, words: str) -> _Results:
    """A journal has expressed concern about a work or retracted part of it, and the page does not speak of it.

    Args:
        work: as the page cites it.
        words: of the notes and claims that cite it.

    >>> from evidence.notices import WorkNotice
    >>> from evidence.vocabulary import NoticeKind
    >>> notice = WorkNotice(NoticeKind.EXPRESSION_OF_CONCERN, "2020", "crossref")
    >>> next(unsaid_doubt(CitedWork("w", (), notices=(notice,)), "rct")).message
    'w is in doubt, and the page does not say so: expression of concern 2020 (crossref)'
    """
    if work.state.kind in DOUBTING and not _DOUBT.search(words):
        said = describe(work.state)
        message = f"{work.name} is in doubt, and the page does not say so: {said}"
        fix = "read the notice, and say in the note that there is one"
        yield Result(Severity.WARNING, message, fix, work.name, (("notices", said),), of_page=True)


CHECKS: dict[str, Callable[[CitedWork, Cited], _Results]] = {
    "EV004": conflict,
    "EV008": missing_identifier,
    "EV013": contested_notices,
    "EV014": reinstated,
    "EV018": published_preprint,
}


def may_be_wrong(work: CitedWork) -> bool:
    """Tell whether any check can find something in a work; of most works none can."""
    return bool(
        work.conflicts
        or work.missing
        or not work.exists
        or work.state.conflicts
        or work.state.is_reinstated
        or (work.is_preprint and work.articles)
    )
