"""PubMed through Bio.Entrez: records by PMID, PMIDs by DOI; and its XML -> `WorkRecord`.

The XML is read with ElementTree, one record at a time: `Entrez.read` needs a DTD for each year, which it fetches from
the network, and takes ten times as long.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from typing import IO, Any, NamedTuple
from xml.etree import ElementTree as ET

from evidence.errors import SourceAnswerError, SourceUnavailableError
from evidence.markup import element_title, plain
from evidence.records import AuthorName, NoticeRecord, Reference, RelationRecord, WorkRecord
from evidence.resolve.crossref import read_orcid
from evidence.resolve.http import Connection, entrez_call
from evidence.resolve.retrying import retried, translated
from evidence.resolve.stated import stated_count, stated_date, stated_doi, stated_number, stated_pmcid, stated_pmid
from evidence.resolve.titles import marked_in_title
from evidence.vocabulary import SETTLING, NoticeKind, RelationKind, Scheme, Source

# One search finds at most this many; with DOIs there is one for each, and now and then a neighbour.
_MAX_FOUND = 10_000
_ARTICLE_START = re.compile(rb"<(Pubmed(?:Book)?Article)(?=[\s>])")
_REFERENCES_START, _REFERENCES_END = b"<ReferenceList", b"</ReferenceList>"
_CHUNK_BYTES = 1 << 20
_MAX_RECORD_BYTES = 50_000_000
# In a search, brackets name a field, a quotation mark ends the phrase, and a backslash is undefined.
_UNSEARCHABLE = re.compile(r'[\[\]"\\\x00-\x1f\x7f]')
_TRANSIENT_ERROR = re.compile(
    r"fail|time|unavailable|backend|forward|server|again|busy|unable|exception", re.IGNORECASE
)
_REF_DATE = re.compile(r"(?<=\. )((?:1[89]|20)[0-9]{2})(?: ([A-Z][a-z]{2})(?: ([0-9]{1,2}))?)?\b")
_REF_DOI = re.compile(r"\bdoi: ?(10\.[0-9][0-9.]*/\S+?)[.;]?(?:\s|$)", re.IGNORECASE)
PREPRINT_SERVER = re.compile(
    r"(?:bioRxiv|medRxiv|ChemRxiv|ArXiv|Res(?:earch)? Sq(?:uare)?|SSRN|Preprints?|PsyArXiv|OSF)\b", re.IGNORECASE
)
_TRIAL = re.compile(r"NCT[0-9]{8}")
_MONTHS = {
    name: f"{number:02}"
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_MONTHS |= {f"{number:02}": f"{number:02}" for number in range(1, 13)} | {f"{n}": f"{n:02}" for n in range(1, 10)}
# The ISO 639-2 codes that differ from Crossref's two letters; the others are kept.
_LANGUAGES = {
    "eng": "en", "ger": "de", "fre": "fr", "spa": "es", "ita": "it", "por": "pt", "rus": "ru", "chi": "zh",
    "jpn": "ja", "kor": "ko", "dut": "nl", "pol": "pl", "swe": "sv", "dan": "da", "nor": "no", "fin": "fi",
    "cze": "cs", "hun": "hu", "tur": "tr", "ukr": "uk", "gre": "el", "heb": "he", "ara": "ar", "per": "fa",
}  # fmt: skip
_NOTICE_KINDS = {
    "RetractionIn": NoticeKind.RETRACTION,
    "RetractedandRepublishedIn": NoticeKind.RETRACTION,
    "PartialRetractionIn": NoticeKind.PARTIAL_RETRACTION,
    "ExpressionOfConcernIn": NoticeKind.EXPRESSION_OF_CONCERN,
    "CorrectedandRepublishedIn": NoticeKind.CORRECTION,
    "ErratumIn": NoticeKind.ERRATUM,
}
# What a record that is a notice itself does to the one that it names.
_NOTICES_OF = {
    "RetractionOf": NoticeKind.RETRACTION,
    "PartialRetractionOf": NoticeKind.PARTIAL_RETRACTION,
    "ExpressionOfConcernFor": NoticeKind.EXPRESSION_OF_CONCERN,
    "ErratumFor": NoticeKind.ERRATUM,
}
_RELATION_KINDS = {
    "CommentOn": RelationKind.IS_COMMENT_ON,
    "RepublishedIn": RelationKind.REPUBLISHED,
    "RepublishedFrom": RelationKind.REPUBLISHED,
    "CorrectedandRepublishedIn": RelationKind.REPUBLISHED,
    "CorrectedandRepublishedFrom": RelationKind.REPUBLISHED,
    "RetractedandRepublishedIn": RelationKind.REPUBLISHED,
    "RetractedandRepublishedFrom": RelationKind.REPUBLISHED,
}
# The references of a record that tell of the work itself; the others are papers that it cites.
REFERENCE_TYPES = frozenset({*_NOTICE_KINDS, *_NOTICES_OF, *_RELATION_KINDS, "UpdateIn", "UpdateOf"})
RETRACTED = "Retracted Publication"
PREPRINT = "Preprint"


class Article(NamedTuple):
    """One record of an answer: its PMID, what it says, and its XML as received."""

    pmid: str
    record: WorkRecord
    payload: bytes


class FetchAnswer(NamedTuple):
    """The records of an answer by PMID, and the asked PMIDs that it leaves out."""

    found: dict[str, Article]
    absent: list[str]


def is_searchable(doi: str) -> bool:
    """Tell whether PubMed can be searched for a DOI.

    >>> is_searchable("10.1890/0012-9658(2006)87[2:ten]2.0.co;2"), is_searchable("10.1016/s0140-6736(97)11096-0")
    (False, True)
    """
    return not _UNSEARCHABLE.search(doi)


def fetch(connection: Connection, pmids: Sequence[str]) -> FetchAnswer:
    """Ask for the records of PMIDs.

    Args:
        connection: the HTTP layer.
        pmids: digits only, as many as one request takes.

    Raises:
        SourceUnavailableError: no answer after all tries.
        SourceAnswerError: a refusal: one of the PMIDs may be at fault.
    """

    def ask() -> list[Article]:
        with translated(Source.PUBMED):
            body = entrez_call("efetch", db="pubmed", id=",".join(pmids), retmode="xml")
        return read_answer(body)

    wanted = set(pmids)
    articles = retried(ask, connection.tries, connection.stopping)
    found = {article.pmid: article for article in articles if article.pmid in wanted}
    return FetchAnswer(found, [pmid for pmid in pmids if pmid not in found])


def search(connection: Connection, dois: Sequence[str]) -> list[str]:
    """Ask for the PMIDs of DOIs. PubMed drops punctuation, so neighbours may be among them: compare each record's DOI.

    Raises:
        SourceUnavailableError: no answer after all tries.
        SourceAnswerError: a refusal, or more PMIDs than one answer holds.
    """
    term = " OR ".join(f'"{doi}"[doi]' for doi in dois)

    def ask() -> list[str]:
        with translated(Source.PUBMED):
            body = entrez_call("esearch", db="pubmed", term=term, retmax=_MAX_FOUND, retmode="xml")
        root = _root(body, "eSearchResult")
        if root.find("IdList") is None:
            raise SourceUnavailableError("pubmed: the search has no list of ids", Source.PUBMED)
        listed = [element.text for element in root.iterfind("IdList/Id")]
        pmids = [pmid for text in listed if (pmid := stated_pmid(text))]
        count = stated_count(root.findtext("Count") or "0")
        if count is None or len(pmids) < len(listed):
            raise SourceAnswerError("pubmed: the search lists what is no PMID, or counts in no number", Source.PUBMED)
        if count > len(pmids):
            raise SourceAnswerError("pubmed: the search finds more than it lists", Source.PUBMED)
        return pmids

    return retried(ask, connection.tries, connection.stopping)


def confirm_absent(connection: Connection, pmids: Sequence[str]) -> set[str]:
    """Return which PMIDs do not exist: efetch leaves them out without a word, esummary says so of each.

    Raises:
        SourceUnavailableError: no answer after all tries.
        SourceAnswerError: a refusal.
    """

    def ask() -> dict[str, Any]:
        with translated(Source.PUBMED):
            body = entrez_call("esummary", db="pubmed", id=",".join(pmids), retmode="json", version="2.0")
            result = json.loads(body)["result"]
            result["uids"]  # a foreign JSON has none
        return dict(result)

    result = retried(ask, connection.tries, connection.stopping)
    return {pmid for pmid in pmids if isinstance(said := result.get(pmid), dict) and _is_absent(said.get("error"))}


def _is_absent(error: object) -> bool:
    """Tell whether an error of a summary is the one for a PMID that does not exist; any other one may pass."""
    return isinstance(error, str) and "cannot get document summary" in error.casefold()


def read_answer(body: bytes) -> list[Article]:
    """Return the records of an efetch answer, each with its own XML.

    Raises:
        SourceUnavailableError: the answer is cut, or is a page or an error that may pass.
        SourceAnswerError: the answer is an error that stays.
    """
    _refuse_foreign(body, "PubmedArticleSet")
    if not body.rstrip().endswith(b"</PubmedArticleSet>"):
        raise SourceUnavailableError("pubmed: the answer is cut", Source.PUBMED)
    articles: list[Article] = []
    for xml in _spans(io.BytesIO(body)):
        record = read_article(_element(xml))
        pmid = next((value for scheme, value in record.identifiers if scheme is Scheme.PMID), None)
        if pmid:
            articles.append(Article(pmid, record, xml))
    return articles


def read_article(element: ET.Element) -> WorkRecord:
    """Return what PubMed says of a work.

    Args:
        element: a PubmedArticle or a PubmedBookArticle.
    """
    citation = element.find("MedlineCitation")
    if citation is None:
        return _read_book(element)
    article = citation.find("Article")
    article = ET.Element("Article") if article is None else article
    journal = article.find("Journal")
    journal = ET.Element("Journal") if journal is None else journal
    info = citation.find("MedlineJournalInfo")
    types = _types(article.iterfind("PublicationTypeList/PublicationType"))
    references = citation.findall("CommentsCorrectionsList/CommentsCorrections")
    date = _date(journal.find("JournalIssue/PubDate")) or _date(article.find("ArticleDate"))
    issns = (journal.findtext("ISSN"), info.findtext("ISSNLinking") if info is not None else None)
    short = journal.findtext("ISOAbbreviation") or (info.findtext("MedlineTA") if info is not None else None)
    title = _title(article)
    return WorkRecord(
        source=Source.PUBMED,
        identifiers=_identifiers(element, citation.findtext("PMID"), "PubmedData/ArticleIdList/ArticleId", article),
        title=title,
        authors=_authors(article.find("AuthorList")),
        container=plain(journal.findtext("Title")),
        container_short=plain(short),
        date=date,
        volume=stated_number(plain(journal.findtext("JournalIssue/Volume"))),
        issue=stated_number(plain(journal.findtext("JournalIssue/Issue"))),
        pages=_pages(article.find("Pagination")),
        issn=tuple(dict.fromkeys(issn for text in issns if (issn := plain(text)))),
        type="posted-content" if PREPRINT in types else "journal-article",
        publication_types=types,
        mesh=tuple(
            name
            for item in citation.iterfind("MeshHeadingList/MeshHeading/DescriptorName")
            if (name := plain(item.text))
        ),
        language=_language(article.findtext("Language")),
        notices=_notices(references, types, title),
        relations=_relations(references, types, article, date),
        origin="transcribed" if citation.get("Owner") == "transcribed" else None,
    )


def _read_book(element: ET.Element) -> WorkRecord:
    document = element.find("BookDocument")
    document = ET.Element("BookDocument") if document is None else document
    book = document.find("Book")
    book = ET.Element("Book") if book is None else book
    lists = [*document.findall("AuthorList"), *book.findall("AuthorList")]
    authors, editors = (
        next((found for found in lists if (found.get("Type") == "editors") is are_editors), None)
        for are_editors in (False, True)
    )
    book_title = element_title(book.find("BookTitle"))
    chapter = _title(document)
    is_chapter = chapter is not None and chapter != book_title
    return WorkRecord(
        source=Source.PUBMED,
        identifiers=_identifiers(element, document.findtext("PMID"), "BookDocument/ArticleIdList/ArticleId", None),
        title=chapter or book_title,
        authors=_authors(authors),
        editors=_authors(editors),
        container=book_title if is_chapter else None,
        series=element_title(book.find("CollectionTitle")),
        date=_date(book.find("PubDate")) or _date(document.find("ContributionDate")),
        volume=stated_number(plain(book.findtext("Volume"))),
        pages=_pages(document.find("Pagination")),
        publisher=plain(book.findtext("Publisher/PublisherName")),
        isbn=tuple(isbn for item in book.iterfind("Isbn") if (isbn := plain(item.text))),
        type="book-chapter" if is_chapter else "book",
        publication_types=_types(document.iterfind("PublicationType")),
        language=_language(document.findtext("Language")),
    )


def _spans(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield each record's own XML. Memory is that of the largest record, whatever the stream's length."""
    kept = b""
    while chunk := stream.read(_CHUNK_BYTES):
        kept += chunk
        end = 0
        while match := _ARTICLE_START.search(kept, end):
            closing = b"</" + match[1] + b">"
            stop = kept.find(closing, match.end())
            if stop < 0:
                break
            yield kept[match.start() : stop + len(closing)]
            end = stop + len(closing)
        kept = kept[end:]
        if len(kept) > _MAX_RECORD_BYTES:
            raise SourceUnavailableError("pubmed: a record has no end", Source.PUBMED)


def _element(xml: bytes) -> ET.Element:
    # Half of the bytes are the references' own records, of which nothing is read.
    start, end = xml.find(_REFERENCES_START), xml.rfind(_REFERENCES_END)
    if 0 < start < end:
        xml = xml[:start] + xml[end + len(_REFERENCES_END) :]
    try:
        return ET.fromstring(xml)  # noqa: S314  # one record has no DOCTYPE, so nothing can be declared in it
    except ET.ParseError as error:
        raise SourceUnavailableError("pubmed: a record is no XML", Source.PUBMED) from error


def _refuse_foreign(body: bytes, root: str) -> None:
    """Raise where a body is not the XML that was asked for."""
    head, found, _rest = body.partition(f"<{root}".encode())
    if b"<!ENTITY" in head:
        raise SourceAnswerError("pubmed: the answer declares entities", Source.PUBMED)
    if found:
        return
    # What went wrong stands in an ERROR element. Its text is not passed on: it can quote the request.
    error = re.search(rb"<ERROR>([^<]*)", body)
    if error and not _TRANSIENT_ERROR.search(error[1].decode("utf-8", "replace")):
        raise SourceAnswerError("pubmed: the request was refused (ERROR)", Source.PUBMED)
    raise SourceUnavailableError(f"pubmed: the answer is no {root}", Source.PUBMED)


def _root(body: bytes, name: str) -> ET.Element:
    _refuse_foreign(body, name)
    try:
        root = ET.fromstring(body)  # noqa: S314  # declared entities were refused just now
    except ET.ParseError as error:
        raise SourceUnavailableError("pubmed: the answer is cut or is no XML", Source.PUBMED) from error
    if error_text := root.findtext("ERROR"):
        if _TRANSIENT_ERROR.search(error_text):
            raise SourceUnavailableError("pubmed: the search failed (ERROR)", Source.PUBMED)
        raise SourceAnswerError("pubmed: the search was refused (ERROR)", Source.PUBMED)
    return root


def _identifiers(element: ET.Element, pmid: str | None, ids: str, article: ET.Element | None) -> tuple[Reference, ...]:
    """Return the record's own identifiers; those in its list of references are other works'."""
    found = {Scheme.PMID: stated_pmid(pmid)}
    for item in element.iterfind(ids):
        text = "".join((item.text or "").split())
        if item.get("IdType") == "doi" and (doi := stated_doi(text)):
            found.setdefault(Scheme.DOI, doi)
        elif item.get("IdType") == "pmc" and (pmcid := stated_pmcid(text)):
            found.setdefault(Scheme.PMCID, pmcid)
    if Scheme.DOI not in found and article is not None:
        for item in article.iterfind("ELocationID"):
            text = "".join((item.text or "").split())
            if item.get("EIdType") == "doi" and item.get("ValidYN") != "N" and (doi := stated_doi(text)):
                found[Scheme.DOI] = doi
    return tuple(Reference(scheme, value) for scheme, value in found.items() if value)


def _title(article: ET.Element) -> str | None:
    title = element_title(article.find("ArticleTitle"))
    if title and _is_in_brackets(title.rstrip(".")):
        # NLM puts a translated title into brackets; the original one is in VernacularTitle.
        title = title.rstrip(".")[1:-1].strip()
    if not title or title.rstrip(".").casefold() in {"not available", "in process citation"}:
        title = element_title(article.find("VernacularTitle"))
    # NLM ends each title with a full stop of its own.
    return title.removesuffix(".") if title and not title.endswith("..") else title


def _is_in_brackets(title: str) -> bool:
    """Tell whether one pair of brackets holds a whole title.

    >>> _is_in_brackets("[Effects of [18F]FDG]"), _is_in_brackets("[11C]PIB and [18F]FDG in [brain]")
    (True, False)
    """
    depth = 0
    for place, char in enumerate(title):
        depth += (char == "[") - (char == "]")
        if depth <= 0:
            return char == "]" and 0 < place == len(title) - 1
    return False


def _authors(authors: ET.Element | None) -> tuple[AuthorName, ...]:
    found: list[AuthorName] = []
    for author in () if authors is None else authors:
        if author.tag != "Author" or author.get("ValidYN") == "N":
            continue
        texts = {child.tag: child.text for child in author}
        family = plain(texts.get("LastName"))
        given = plain(texts.get("ForeName")) or plain(texts.get("Initials"))
        if not family:
            collective = element_title(author.find("CollectiveName"))
            if collective or given:
                found.append(AuthorName(collective=collective) if collective else AuthorName(family=given))
            continue
        if suffix := plain(texts.get("Suffix")):
            given = f"{given} {suffix}" if given else suffix
        is_orcid = "Identifier" in texts and (author.find("Identifier[@Source='ORCID']") is not None)
        orcid = read_orcid(author.findtext("Identifier[@Source='ORCID']")) if is_orcid else None
        found.append(AuthorName(family, given, orcid))
    return tuple(found)


def _date(element: ET.Element | None) -> str | None:
    """Return a date as precise as it is; of a season or a range only the year is certain."""
    if element is None:
        return None
    year = plain(element.findtext("Year")) or ""
    if not year:
        match = re.search(r"\b(?:1[5-9]|20)[0-9]{2}\b", element.findtext("MedlineDate") or "")
        return match[0] if match else None
    if not re.fullmatch(r"[12][0-9]{3}", year):
        return None
    month = _MONTHS.get((element.findtext("Month") or "").strip().casefold()[:3])
    return stated_date(year, month, element.findtext("Day"))


def _pages(pagination: ET.Element | None) -> str | None:
    """Return the pages with the end written out, which NLM shortens.

    >>> _pages(ET.fromstring("<Pagination><MedlinePgn>637-41</MedlinePgn></Pagination>"))
    '637-641'
    """
    if pagination is None:
        return None
    pages = stated_number(plain(pagination.findtext("MedlinePgn")))
    if not pages:
        start, end = (stated_number(plain(pagination.findtext(name))) for name in ("StartPage", "EndPage"))
        pages = f"{start}-{end}" if start and end and start != end else start
    match = re.match(r"([A-Za-z]*\d+)-(\d+)(?!\w)", pages or "")
    if pages and match and len(match[2]) < len(match[1]):
        first, last = match.groups()
        # "S12-5" and "1517-21": the missing beginning is that of the first page.
        return f"{first}-{first[: len(first) - len(last)]}{last}{pages[match.end() :]}"
    return pages


def _types(elements: Iterator[ET.Element]) -> tuple[str, ...]:
    # Records that publishers have just sent say "JOURNAL ARTICLE" beside "Journal Article".
    names = (plain(element.text) for element in elements)
    return tuple(dict.fromkeys(name.title() if name.isupper() else name for name in names if name))


def _language(text: str | None) -> str | None:
    code = plain(text)
    return _LANGUAGES.get(code.casefold(), code.casefold()[:10]) if code else None


def _notices(references: Sequence[ET.Element], types: tuple[str, ...], title: str | None) -> tuple[NoticeRecord, ...]:
    """Return what was done to this work; a notice's own "Retraction of Publication" is none of these."""
    found: list[NoticeRecord] = []
    for reference in references:
        name = reference.get("RefType", "")
        kind = _NOTICE_KINDS.get(name)
        if name == "UpdateIn" and PREPRINT not in types:
            kind = NoticeKind.NEW_VERSION
        if kind:
            source = plain(reference.findtext("RefSource")) or ""
            targets = _targets(reference, source)
            found.append(NoticeRecord(kind, _ref_date(source), targets[0] if targets else None))
    if RETRACTED in types and not any(notice.kind is NoticeKind.RETRACTION for notice in found):
        found.append(NoticeRecord(NoticeKind.RETRACTION))
    is_notice = any(reference.get("RefType") in _NOTICES_OF for reference in references)
    marked = None if is_notice or any(one.kind in SETTLING for one in found) else marked_in_title(title)
    if marked is not None:
        found.append(NoticeRecord(marked, asserted_by="title"))
    return tuple(dict.fromkeys(found))


def _relations(
    references: Sequence[ET.Element], types: tuple[str, ...], article: ET.Element, date: str | None
) -> tuple[RelationRecord, ...]:
    found: list[RelationRecord] = []
    for reference in references:
        name = reference.get("RefType", "")
        if name in {"Cites", "CommentIn"}:
            continue
        source = plain(reference.findtext("RefSource")) or ""
        kind = _RELATION_KINDS.get(name)
        if name == "UpdateIn" and PREPRINT in types:
            kind = RelationKind.IS_PREPRINT_OF
        elif name == "UpdateOf" and PREPRINT_SERVER.match(source):
            kind = RelationKind.HAS_PREPRINT
        if name in _NOTICES_OF:
            # The text names the place of the other work; the notice's own date is that of this record.
            notice = NoticeRecord(_NOTICES_OF[name], date)
            found += [
                RelationRecord(RelationKind.IS_NOTICE_OF, target.scheme, target.value, notice)
                for target in _targets(reference, source)
            ]
        elif kind:
            found += [RelationRecord(kind, target.scheme, target.value) for target in _targets(reference, source)]
    for number in article.iterfind("DataBankList/DataBank/AccessionNumberList/AccessionNumber"):
        if match := _TRIAL.search((number.text or "").upper()):
            found.append(RelationRecord(RelationKind.SAME_TRIAL, "nct", match[0]))
    return tuple(dict.fromkeys(found))


def _targets(reference: ET.Element, source: str) -> list[Reference]:
    """Return the identifiers of what a reference names: its PMID, which NLM sets, before the DOI in its text."""
    targets: list[Reference] = []
    if pmid := stated_pmid(reference.findtext("PMID")):
        targets.append(Reference(Scheme.PMID, pmid))
    if (match := _REF_DOI.search(source)) and (doi := stated_doi(match[1])):
        targets.append(Reference(Scheme.DOI, doi))
    return targets


def _ref_date(source: str) -> str | None:
    """Return the date in a reference's text.

    >>> _ref_date("Lancet. 2004 Mar 6;363(9411):750."), _ref_date("Biosci Rep. 2020;40(3):")
    ('2004-03-06', '2020')
    """
    match = _REF_DATE.search(source)
    if not match:
        return None
    year, name, day = match.groups()
    return stated_date(year, _MONTHS.get((name or "").casefold()), day)


def read_payload(payload: bytes) -> WorkRecord:
    """Return what a kept record says.

    Raises:
        SourceUnavailableError: it is no XML.
    """
    return read_article(_element(payload))
