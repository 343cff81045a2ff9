"""What an entry of a library is, and what its formats share: identifiers, names, keys.

An entry that cannot be read, or not in all of its parts, is kept with what is wrong with it: it never stops the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from evidence.errors import IdentifierError
from evidence.export.keyforms import is_readable_key
from evidence.export.languages import language_code
from evidence.identifiers import parse_reference, read_link
from evidence.markup import clean_title, plain, with_subtitle
from evidence.records import AuthorName, Description, Reference
from evidence.resolve.stated import MAX_DOI_CHARS, NO_VALUE, stated_number
from evidence.terminal import shorten
from evidence.vocabulary import Scheme

# Longer ones are no metadata. What is cut is never a part of a name, a title or an identifier.
MAX_VALUE_CHARS = 20_000
_MAX_RAW_CHARS = 4_000
_MAX_NAMES = 20_000
_MAX_URL_CHARS = 2_000
_MAX_LANGUAGE_CHARS = 10
_SHOWN = 60
# Lines of Zotero's "Extra" and of notes: only where the label opens one is it said of this work.
_LINES = re.compile(r"[\n;|]|\\\\")
_LABELLED = re.compile(r"\s*(doi|pmid|pubmed id|pmcid|pmc)\s*[:=]\s*(\S+)\s*\Z", re.IGNORECASE)
# As PMC writes it in its RIS.
_PMID_BEHIND = re.compile(r"\s*([1-9]\d{0,7}) ?\[pmid\]\s*", re.IGNORECASE)
_LABELS = {"doi": Scheme.DOI, "pmid": Scheme.PMID, "pubmed id": Scheme.PMID, "pmcid": Scheme.PMCID, "pmc": Scheme.PMCID}
_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]+\s*")
_SEPARATORS = re.compile(r"[\s,;]+")
_ISSN = re.compile(r"(\d{4})-?(\d{3}[\dXx])")
_ISBN = re.compile(r"[\dXx-]{10,17}")
# Publishers register each supplement, figure and table of an article under its DOI with such an ending.
_PART = re.compile(r"\.[a-z]\d{3}\s*\Z", re.IGNORECASE)
# Year and month, and four digits up to 2014, five since; before 2007 another form.
_ARXIV = (
    r"((?:0[7-9]|1[0-4])(?:0[1-9]|1[0-2])\.\d{4}|(?:1[5-9]|[2-9]\d)(?:0[1-9]|1[0-2])\.\d{5}|"
    r"[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,3})?"
)
_ARXIV_NUMBER = re.compile(rf"(?:arXiv:)?{_ARXIV}(?:\s*\[[^\[\]]*\])?", re.IGNORECASE)
_ARXIV_NAMED = re.compile(rf"\barXiv:\s?{_ARXIV}(?![\w.]*\d)", re.IGNORECASE)
# Whatever is wrong with the number.
_AT_ARXIV = re.compile(r"\barXiv: ?[\w-]", re.IGNORECASE)
_BESIDE_ADDRESSES = ("(", "[", ";", ",", "http:", "https:", "doi")
_BROKEN = "the address has a space in it: nobody can tell where its DOI ends; write the DOI alone"
_SPACED = "it has a space in it: nobody can tell where the DOI ends; write it without"
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
# Behind them a DOI may be broken over lines.
_BREAKS = (".", "-", "/", "_")
_ENTITY = re.compile(r"&#?\w{1,20};")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# Programs without a type for preprints, and the servers themselves, write them as articles of a journal or as nothing.
_SERVERS = {
    name.casefold(): name
    for name in (
        "arXiv", "bioRxiv", "medRxiv", "ChemRxiv", "PsyArXiv", "SocArXiv", "EdArXiv", "EarthArXiv", "engrXiv",
        "agriRxiv", "TechRxiv", "Research Square", "Preprints.org", "Authorea", "PeerJ Preprints", "SSRN",
        "SSRN Electronic Journal",
    )
}  # fmt: skip
# "bioRxiv preprint", "bioRxiv (Cold Spring Harbor Laboratory)", PubMed's "medRxiv : the preprint server for health
# sciences", Google Scholar's "Available at SSRN 123".
_SERVER = re.compile(
    rf"(?:available at )?({'|'.join(map(re.escape, sorted(_SERVERS, key=len, reverse=True)))})(?:\.org)?"
    r"(?: preprints?(?: server)?| \d{1,9}| ?: the preprint server for [\w ]{1,40}| \([^()]{1,60}\))?",
    re.IGNORECASE,
)
# What these begin is registered for preprints alone.
_DOI_OF_SERVER = re.compile(
    r"10\.48550/arxiv\.|10\.(?:1101|64898)/(?:\d{6}|\d{4}\.\d\d\.\d\d\.\d{6,8})(?:v\d+)?\Z|10\.2139/ssrn\.|10\.21203/rs\.|"
    r"10\.26434/chemrxiv|10\.20944/preprints|10\.3123[45]/osf\.io/|10\.31219/osf\.io/|10\.36227/techrxiv"
)
_TAKEN_FOR_PREPRINTS = frozenset({"journal-article", "other", "report", "manuscript", "webpage"})
# Nobody is called so; of words that some are (Group, Team, Council, Center, Union) only with another beside them.
_GROUP = re.compile(
    r"\b(?:consorti(?:um|a)|collaborat(?:ions?|ive|ors)|investigators|committee|commission|association|organi[sz]ation|"
    r"foundation|federation|institut(?:e|es|ion)|university|universit(?:é|à|ät|eit)|universidad|department|ministry|"
    r"agency|administration|society|société|sociedad|gesellschaft|academy|laborator(?:y|ies)|network|initiative|"
    r"registry|secretariat|programme|task force|european union|research council|council (?:of|for|on)|"
    r"cent(?:er|re)s? (?:for|of)|bureau of|college of|"
    r"(?:working|study|research|collaborative|cooperative|trialists['’]?|advisory|writing|expert|guideline|consensus|"
    r"interest|trial|steering|task) group|(?:core|development|study|research|writing|response) team)\b",
    re.IGNORECASE,
)
# "Lee J", "van Dam JW": as a library of MEDLINE writes a name, without a comma.
_SHORT_NAME = re.compile(r"[^\W\d_][\w'’-]+(?: [^\W\d_][\w'’-]+){0,2} [A-Z]{1,3}")
NO_IDENTIFIER = "it has no DOI, PMID or PMCID"


class EntryProblem(NamedTuple):
    """What is wrong with an entry: in which field, if in one, and on which line, if on another than its first."""

    field: str | None
    message: str
    line: int | None = None


@dataclass(slots=True, frozen=True)
class LibraryEntry:
    """One entry of a library.

    Args:
        line: where it begins, from 1.
        key: its citekey as it is written, or None.
        former: other keys that it says it had.
        references: its identifiers, a DOI first, one a scheme.
        description: what it says of its work; None where it cannot be read.
        problems: what is wrong with it.
        raw: its text, kept where something is wrong.
        is_failed: nothing of it is used.
    """

    line: int
    key: str | None = None
    former: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    description: Description | None = None
    problems: tuple[EntryProblem, ...] = ()
    raw: str = ""
    is_failed: bool = False


class Stated(NamedTuple):
    """A field of an entry that holds an identifier."""

    field: str
    scheme: Scheme
    text: str
    line: int | None = None


def failed_entry(line: int, key: str | None, message: str, raw: str, field: str | None = None) -> LibraryEntry:
    """Return an entry of which nothing can be used, with the reason."""
    return LibraryEntry(line, key or None, problems=(EntryProblem(field, message),), raw=kept_text(raw), is_failed=True)


def make_entry(
    line: int,
    key: str | None,
    description: Description,
    found: tuple[tuple[Reference, ...], list[EntryProblem]],
    raw: Callable[[], str],
    former: Iterable[str] = (),
) -> LibraryEntry:
    """Return an entry with what was found in it; its text is asked for only where something is wrong."""
    references, problems = found
    key = (key or "").strip() or None
    problems = [*problems, *_key_problems(key)]
    return LibraryEntry(
        line,
        key,
        tuple(one for one in dict.fromkeys(former) if one != key and is_readable_key(one)),
        references,
        _as_preprint(description, references),
        tuple(problems),
        kept_text(raw()) if problems or not references else "",
    )


def with_unique_keys(entries: Iterable[LibraryEntry]) -> Iterator[LibraryEntry]:
    """Yield entries; one whose key an earlier one has fails, since nobody can tell which of the two a paper means."""
    lines: dict[str, int] = {}
    for entry in entries:
        if entry.key is None or entry.is_failed:
            yield entry
            continue
        if entry.key not in lines:
            lines[entry.key] = entry.line
            yield entry
        else:
            message = f"the entry in line {lines[entry.key]} has this key already"
            yield replace(entry, problems=(EntryProblem("key", message), *entry.problems), is_failed=True)


def find_references(
    stated: Iterable[Stated], notes: Iterable[tuple[str, str]], addresses: Sequence[str]
) -> tuple[tuple[Reference, ...], list[EntryProblem]]:
    r"""Return the identifiers of an entry, a DOI first, and what is wrong with others.

    Args:
        stated: the fields that are there for identifiers, the ones to believe first.
        notes: fields with text in which a line may be "PMID: 123", each with its name.
        addresses: of the work; they are read where nothing else names it.

    >>> find_references([Stated("doi", Scheme.DOI, "doi:10.1000/X")], [("note", "PMID: 12\nand more")], [])[0]
    (Reference(scheme=<Scheme.DOI: 'doi'>, value='10.1000/x'), Reference(scheme=<Scheme.PMID: 'pmid'>, value='12'))
    """
    found: dict[Scheme, tuple[str, str]] = {}
    problems: list[EntryProblem] = []
    for one in (*stated, *(line for name, text in notes for line in _labelled(name, text))):
        if not one.text.strip() or one.text.strip().lower() in NO_VALUE:
            continue
        if one.scheme is Scheme.DOI:
            one = one._replace(text=_on_one_line(one.text[:MAX_VALUE_CHARS]))  # noqa: PLW2901 - as it was meant
        if message := _why_cut(one):
            problems.append(EntryProblem(one.field, message, one.line))
            continue
        try:
            value = parse_reference(one.text[:MAX_VALUE_CHARS], one.scheme).value
        except IdentifierError as error:
            problems.append(EntryProblem(one.field, kept_text(error.message), one.line))
            continue
        if one.scheme is Scheme.DOI and " " in value:
            problems.append(EntryProblem(one.field, _SPACED, one.line))
            continue
        if message := _why_refused(one, value):
            problems.append(EntryProblem(one.field, message, one.line))
            continue
        first, field = found.setdefault(one.scheme, (value, one.field))
        if first != value:
            name = one.scheme.upper()
            message = f"it names the {name} {shorten(value, _SHOWN)}, but the field {field} the {name} {first}"
            problems.append(EntryProblem(one.field, message, one.line))
    if not found and not problems:
        whole = [one for one in addresses if not _is_broken(one)]
        problems += [EntryProblem("url", _BROKEN) for one in addresses if one not in whole and "doi" in one]
        for address in whole:
            for link in read_link(address[:_MAX_URL_CHARS]) if "/" in address else ():
                found.setdefault(link.scheme, (link.value, "url"))
    return tuple(Reference(scheme, found[scheme][0]) for scheme in Scheme if scheme in found), problems


def arxiv_doi(text: str, *, is_number: bool = False) -> str | None:
    """Return the DOI that arXiv gives the preprint of a number, alone or behind "arXiv:"; None where there is none.

    Source:
        arXiv, "Cross Reference DOIs" (2022): every article has 10.48550/arXiv.NUMBER, without its version.

    >>> arxiv_doi("arXiv preprint arXiv:1706.03762v5"), arxiv_doi("hep-th/9901001", is_number=True)
    ('10.48550/arXiv.1706.03762', '10.48550/arXiv.hep-th/9901001')
    >>> arxiv_doi("Nature 1706.03762") is None
    True
    """
    text = text[:MAX_VALUE_CHARS].strip()
    match = _ARXIV_NUMBER.fullmatch(text) if is_number else _ARXIV_NAMED.search(text)
    return f"10.48550/arXiv.{match[1]}" if match else None


def _why_cut(one: Stated) -> str | None:
    """Return why only a part of an identifier could be read: that would be the identifier of another work."""
    if "\\" in one.text:
        # What a command of TeX stands for is not known.
        return f"it has a backslash, which no {one.scheme.upper()} has: write the sign itself"
    if one.scheme is Scheme.DOI and _CONTROL.search(one.text):
        return "it has a control sign, which no DOI has: write it without"
    if one.scheme is Scheme.DOI and _is_broken(one.text):
        return _BROKEN
    return None


def _why_refused(one: Stated, value: str) -> str | None:
    """Return why an identifier that was read is not taken."""
    if len(value) > MAX_DOI_CHARS or _UNSTORABLE.search(value):
        return f"no {one.scheme.upper()} looks so"
    if one.scheme is not Scheme.DOI:
        return None
    if " " in value:
        return _SPACED
    if (part := _PART.search(one.text)) and not value.endswith(part[0].strip().lower()):
        # On a page such a DOI stands for the article; here the article would get the title of its supplement.
        return f"it is of a supplement, figure or table of {value}: the entry is not taken for that work"
    return None


def _on_one_line(text: str) -> str:
    """Return a DOI on one line: joined where lines break it, with single spaces where what follows is another word.

    >>> _on_one_line("10.1000/a_\\n  b"), _on_one_line("10.1000/a.\\n(cited 2020)"), _on_one_line("10.1000/a\\nb")
    ('10.1000/a_b', '10.1000/a. (cited 2020)', '10.1000/a b')
    """
    lines = [" ".join(line.split()) for line in text.strip().split("\n")]
    is_whole = all(line.endswith(_BREAKS) for line in lines[:-1]) and not any(
        " " in line or "://" in line or line.startswith(("[", "10.")) for line in lines[1:]
    )
    return ("" if is_whole else " ").join(lines)


def _is_broken(text: str) -> bool:
    """Tell whether an address has a space: what stands behind it may belong to it, but for a remark or another address.

    >>> _is_broken("https://doi.org/10.1/a b"), _is_broken("https://doi.org/10.1/a (cited 2020)")
    (True, False)
    """
    words = text[:MAX_VALUE_CHARS].lower().split(maxsplit=3)
    while words and words[0].strip(":=") in {"doi", ""}:
        words.pop(0)
    is_address = len(words) > 1 and ("://" in words[0] or "doi.org/" in words[0])
    return is_address and not words[1].startswith(_BESIDE_ADDRESSES)


def _labelled(name: str, text: str) -> Iterator[Stated]:
    if match := _PMID_BEHIND.fullmatch(text[:MAX_VALUE_CHARS]):
        yield Stated(name, Scheme.PMID, match[1])
    if ":" not in text and "=" not in text:
        return
    for line in _LINES.split(text[:MAX_VALUE_CHARS]):
        if match := _LABELLED.match(line):
            yield Stated(name, _LABELS[match[1].lower()], match[2].rstrip(".,"))


def _key_problems(key: str | None) -> Iterator[EntryProblem]:
    if key and not is_readable_key(key):
        shown = kept_text(shorten(key, _SHOWN))
        yield EntryProblem("key", f"{shown}: BibTeX cannot read this key back, so the work gets another one")


def kept_text(text: str) -> str:
    """Return the text of an entry as a database takes it, cut where it is long.

    >>> kept_text("a\\x00b")
    'a\\ufffdb'
    """
    text = _UNSTORABLE.sub("\ufffd", text[: _MAX_RAW_CHARS + 1])
    return text if len(text) <= _MAX_RAW_CHARS else text[:_MAX_RAW_CHARS] + "…"


def read_text(text: str | None) -> str | None:
    """Return a text on one line, without control characters, or None where nothing is left."""
    return plain(text) if text else None


def read_title(text: str | None, subtitle: str | None = None) -> str | None:
    """Return a title with its subtitle.

    >>> read_title("Bone", "a <span class='nocase'>review</span>"), read_title("Is it?", "Yes")
    ('Bone: a review', 'Is it? Yes')
    """
    title, rest = clean_title(text), clean_title(subtitle)
    return with_subtitle(title, rest) if title and rest else title or rest


def read_language(text: str | None) -> str | None:
    """Return the code of a language; None where it is none that a bibliography can tell.

    >>> read_language("english"), read_language("eng; ger"), read_language(" ")
    ('en', 'en', None)
    """
    name = next(iter(_SEPARATORS.split((read_text(text) or "").strip())), "")
    return (language_code(name) or "")[:_MAX_LANGUAGE_CHARS] or None


def read_pages(text: str | None) -> str | None:
    """Return pages with one hyphen for whatever dash they have.

    >>> read_pages("637--641"), read_pages("S1 – S4")
    ('637-641', 'S1-S4')
    """
    return read_number(_DASHES.sub("-", text)) if text else None


def read_number(text: str | None) -> str | None:
    """Return the number of a volume or issue; words for none are none.

    >>> read_number("12 Suppl 1"), read_number("n/a")
    ('12 Suppl 1', None)
    """
    return stated_number(read_text(text))


def is_server(name: str | None) -> bool:
    """Tell whether what should hold a work, or have published it, is a server of preprints.

    >>> is_server("bioRxiv"), is_server("arXiv preprint arXiv:1706.03762"), is_server("Nature")
    (True, True, False)
    """
    return _server(name) is not None


def _server(name: str | None) -> str | None:
    """Return the name of a server of preprints, without what else libraries say there.

    >>> _server("bioRxiv preprint"), _server("Available at SSRN 3210"), _server("Preprint")
    ('bioRxiv', 'SSRN', None)
    """
    text = read_text(name) or ""
    if _AT_ARXIV.search(text):
        return "arXiv"
    match = _SERVER.fullmatch(text)
    return _SERVERS[match[1].casefold()] if match else None


def _as_preprint(description: Description, references: Sequence[Reference]) -> Description:
    """Return a description as of a preprint, where what holds the work or, alone, its DOI says that it is one."""
    kind = description.type
    if kind != "posted-content" and kind not in _TAKEN_FOR_PREPRINTS:
        return description
    if not description.container and is_server(description.publisher):
        # Zotero writes the server as who published it, or as the institution of a report.
        description = description._replace(container=description.publisher, publisher=None)
    server = _server(description.container)
    if kind != "posted-content" and not server and not _has_doi_of_server(description, references):
        return description
    # What a report calls itself ("Preprint", or as its entry type) is no degree or kind of a preprint.
    return description._replace(type="posted-content", container=server or description.container, genre=None)


def _has_doi_of_server(description: Description, references: Sequence[Reference]) -> bool:
    """Tell whether the DOI of what nothing holds is a preprint's; a report of an institute stays one."""
    is_published = description.container or (description.type == "report" and description.publisher)
    return not is_published and any(one.scheme is Scheme.DOI and _DOI_OF_SERVER.match(one.value) for one in references)


def read_issns(text: str | None) -> tuple[str, ...]:
    """Return the ISSNs of a field.

    >>> read_issns("0092-8674, 10974172 (electronic)")
    ('0092-8674', '1097-4172')
    """
    parts = _SEPARATORS.split((text or "")[:_MAX_URL_CHARS])
    return tuple(dict.fromkeys(f"{m[1]}-{m[2].upper()}" for one in parts if (m := _ISSN.fullmatch(one))))


def read_isbns(text: str | None) -> tuple[str, ...]:
    """Return the ISBNs of a field as they are written.

    >>> read_isbns("978-0-262-03384-8 0092-8674")
    ('978-0-262-03384-8',)
    """
    parts = _SEPARATORS.split((text or "")[:_MAX_URL_CHARS])
    return tuple(dict.fromkeys(one for one in parts if _ISBN.fullmatch(one) and len(one.replace("-", "")) in {10, 13}))


def make_name(family: str | None, given: str | None = None) -> AuthorName | None:
    """Return a person's name; one word is a family name."""
    family, given = read_text(family), read_text(given)
    if not family:
        return AuthorName(given) if given else None
    return AuthorName(family, given)


def is_several_names(text: str) -> bool:
    """Tell whether what should be one name is several, which nobody can take apart for certain.

    >>> is_several_names("Smith, J; Doe, A"), is_several_names("Smith &amp; Sons")
    (True, False)
    """
    return ";" in text and ";" in _ENTITY.sub("", text)


def are_short_names(text: str) -> bool:
    """Tell whether names as MEDLINE has them stand behind each other, with commas alone between them.

    >>> are_short_names("Lee J, van Dam JW"), are_short_names("Lee, Jin A"), are_short_names("Lee J")
    (True, False, False)
    """
    parts = [one.strip().replace(".", "") for one in text.split(",")]
    return len(parts) > 1 and all(map(_SHORT_NAME.fullmatch, parts))


def is_others(name: str) -> bool:
    """Tell whether a name says that a list goes on.

    >>> is_others("others"), is_others("et al."), is_others("Others, John")
    (True, True, False)
    """
    return name.strip().casefold().rstrip(".") in {"others", "et al"}


def is_group(name: str) -> bool:
    """Tell whether the words of a name that nothing divides show for certain that it is a group's.

    >>> [is_group(name) for name in ("N.A.S.A. Consortium", "U.S. Preventive Services Task Force", "R. Force")]
    [True, True, False]
    """
    return _GROUP.search(name[:MAX_VALUE_CHARS]) is not None


def make_group(name: str | None) -> AuthorName | None:
    """Return the name of a group."""
    text = read_text(name)
    return AuthorName(collective=text) if text else None


def first_names(names: Iterable[AuthorName | None]) -> tuple[AuthorName, ...]:
    """Return the names that are some, as many as a work can have."""
    found: list[AuthorName] = []
    for name in names:
        if name is not None:
            found.append(name)
        if len(found) == _MAX_NAMES:
            break
    return tuple(found)
