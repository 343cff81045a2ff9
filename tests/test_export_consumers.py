"""Each program that people use reads our files and has, field by field, what the record has: real works and nasty ones."""

from __future__ import annotations

import json
import lzma
import re
import subprocess
import unicodedata
from functools import cache
from pathlib import Path

import consumers
import pytest
from consumers import name_of, need, printed
from export_store import PAPER, as_cited

from evidence.export.bibtex import write_biblatex, write_bibtex
from evidence.export.csl import write_csl
from evidence.export.escaping import plain_text
from evidence.export.names import split_name
from evidence.export.ris import write_ris
from evidence.records import AuthorName
from evidence.resolve import pubmed
from evidence.resolve.crossref import read_work

DATA = Path(__file__).parent / "data"
SIGNS = "{}%$\\@#&_^~<>"
WRITERS = {"biblatex": write_biblatex, "bibtex": write_bibtex, "csljson": write_csl, "ris": write_ris}
_WHOLE = {"volume": None, "issue": None, "pages": None, "container": None}
NASTY = [
    {"title": f"Signs {SIGNS} end"},
    *({"title": f"One {sign} alone"} for sign in SIGNS),
    {"title": "Ends in \\"},
    {"title": "100% of $5 & 50% of #1"},
    {"title": "A } then { brace, and a @article{x, y={z}} in it"},
    {"title": "α-Synuclein, β₂-microglobulin and 5′-UTR: μ ≤ 3 × 10⁻⁶ Å"},
    {"title": "骨形成における転写因子の役割", "authors": (AuthorName("山田", "太郎"), AuthorName("김", "민수"))},
    {"title": "Роль витамина D", "authors": (AuthorName("Иванов", "Иван"),)},
    {"title": "دور فيتامين د", "authors": (AuthorName("محمد", "أحمد"),)},
    {"title": "<i>C. elegans</i> <i>daf-<sup>2</sup></i> in H<sub>2</sub>O, P <0.05 and >3"},
    {"title": "Ω <b>bold</b> and <scp>small</scp>: a < b > c"},
    {"title": "A “quoted” title — with dashes – and ‘single’ ones"},
    {"title": 'Don\'t: "straight" quotes'},
    {"title": "Is it? ! ?` !` --- -- << >> ,,"},
    {"title": "https://example.org/a_b?c=d&e=%20#f"},
    {"title": "a title in small letters"},
    {"title": "USA, mRNA, pH and iPhone"},
    {"title": "É accent first, García-Peña last"},
    {"title": "x" * 900 + " " + "y" * 900},
    {"title": "Emoji 🧬 and 𝛼 of the higher planes"},
    {"title": "<math>a</math> stays text"},
    {"container": "Bone & Mineral_Research {A} 100%"},
    {"container": "Journal of <i>Drosophila</i> Research"},
    {"pages": "S1-S12"},
    {"pages": "637-641, 650-655"},
    {"pages": "e1000-x"},
    {"pages": None, "article_number": "e12059"},
    {"pages": "12–15"},
    {"volume": "12 Suppl 1", "issue": "3-4"},
    {"doi": "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-#"},
    {"doi": "10.1000/a_b%c&d#e~f$g^h"},
    {"date": "2004"},
    {"date": "2004-03"},
    {"date": None},
    {"publisher": "Taylor and Francis", "type": "monograph", "container": None, "volume": None, "issue": None},
    {"publisher": "Wiley & Sons, Inc.", "type": "report", "container": None, "volume": None, "issue": None},
    {
        "publisher": "Center, for Things and Others",
        "type": "dissertation",
        "container": None,
        "volume": None,
        "issue": None,
    },
    {"authors": ()},
    {"authors": (AuthorName(collective="WHO & Rockefeller Group, {Task} Force and Friends"),)},
    {"authors": (AuthorName(collective="ATLAS Collaboration"), AuthorName("Smith", "Jane"))},
    {"authors": (AuthorName("van der Berg", "Jan"), AuthorName("de la Cruz", "M."), AuthorName("Von Neumann", "J."))},
    {"authors": (AuthorName("King", "Martin Luther Jr."), AuthorName("Rawling", "J.E. III"))},
    {"authors": (AuthorName("O’Brien", "Séamus"), AuthorName("Özkan-Haller", "H. Tuba"), AuthorName("Đặng", "Thị"))},
    {"authors": (AuthorName("Plato"), AuthorName("Yu-Sheng Lu"), AuthorName("And", "Metin"))},
    {"authors": (AuthorName("García y Vega", "José María"), AuthorName("Łoś", "Jan"), AuthorName("Ångström", "A. J."))},
    # The last word of a family name is one of it also in small letters.
    {"authors": (AuthorName("Abd el-Rahman", "M."), AuthorName("Ibn al-Łoś", "X"), AuthorName("Smith 3rd", "J."))},
    {"authors": (AuthorName("King, Sons 3rd", "M."), AuthorName("Tom and x", "J."))},
    # Half a quotation in one name, its end in the next, and what biblatex takes for the parts of a name.
    {"authors": (AuthorName("O‘Brien", "Séamus"), AuthorName("D’Arcy", "J.’"), AuthorName("Łoś", "J."))},
    {
        "authors": (
            AuthorName("Smith“", "J."),
            AuthorName("“Xu", "`L."),
            AuthorName("Bo”", "à ā"),
            AuthorName("Wu”", "X’"),
        )
    },
    {
        "authors": (
            AuthorName("family=Smith", "Jane"),
            AuthorName("Smith", "given=Jane"),
            AuthorName("Smith=Jones", "J."),
        )
    },
    {
        "authors": (
            AuthorName(collective="family=Smith, given=Jane"),
            AuthorName(collective="given=x@`y{"),
            AuthorName("X", "Y"),
        )
    },
    {"authors": tuple(AuthorName(f"Family{number}", "X.") for number in range(300))},
    # Books and what stands in them: editors, a series, both beside authors and alone.
    *(
        {"type": kind, "editors": (AuthorName("van der Berg", "Jan"), AuthorName("Łoś & Łoś", "K.")), **more}
        for kind in ("book", "edited-book", "monograph", "report", "dissertation", "software", "dataset")
        for more in ({**_WHOLE}, {**_WHOLE, "authors": ()})
    ),
    {**_WHOLE, "type": "proceedings", "authors": (), "editors": (AuthorName("Kuro-o", "M."),)},
    *(
        {
            "type": kind,
            "series": "Lecture Notes & <i>More</i>: 100% in C#",
            "editors": (AuthorName("García y Vega", "José Jr."), AuthorName(collective="Editors and Friends, {Inc}")),
            "issue": None,
        }
        for kind in ("book-chapter", "reference-entry", "proceedings-article")
    ),
    {"note": "Retracted 2010-02-06 (notice doi:10.1000/a_b)"},
    {
        "keywords": ("evidence:holds-alone", "evidence:single-study"),
        "abstract": f"AIM: <i>Runx2</i> in H<sub>2</sub>O & {SIGNS} 50% of $5. METHODS: α-synuclein, P <0.05 @article and so on. "
        + "word " * 2_000,
    },
]


@cache
def recorded():
    """Every recorded work of Crossref and PubMed that has a title."""
    with lzma.open(DATA / "mapping" / "works.jsonl.xz") as stream:
        records = [read_work(json.loads(line)) for line in stream]
    with lzma.open(DATA / "mapping" / "articles.xml.xz") as stream:
        records += [article.record for article in pubmed.read_answer(stream.read())]
    assert len(records) == 1955 + 520
    return [as_cited(f"work{number}", one) for number, one in enumerate(records) if one.title]


@cache
def nasty():
    return [PAPER._replace(key=f"nasty{number}", **changes) for number, changes in enumerate(NASTY)]


@cache
def written(kind, form):
    works = {"recorded": recorded, "nasty": nasty}[kind]()
    return "".join(WRITERS[form]([works], []))


def squeezed(text):
    """A text without what programs add to it or take from it: spaces, kinds of dashes, dots, TeX's own braces."""
    return re.sub(r"[\s.,{}]", "", printed(text).replace("\u2010", "-").replace("\u2011", "-"))


def letters(name):
    """The letters of a name: a particle may stand in front of the family name or behind the given one."""
    return sorted(squeezed("".join(name)).replace("-", ""))


def names(some):
    people = ((split_name(one), one.collective) for one in some)
    return [name_of(collective or "") if one is None else name_of(*one[::2], one[1]) for one, collective in people]


def dashes(text):
    return re.sub(r"-+|[\u2010-\u2015]", "-", printed(text)).replace(" ", "")


def differences(works, read):
    """Every field of every work that a program read as something else."""
    for work in works:
        if work.key not in read:
            yield work.key, "entry", "is missing"
            continue
        found = read[work.key]
        for field, want, got in [*texts(work, found), *people_and_dates(work, found)]:
            if want != got:
                yield work.key, field, want, got


def texts(work, found):
    yield "title", text_of(work.title), text_of(found.get("title"))
    if work.container:
        yield "container", text_of(work.container), text_of(found.get("container"))
    if work.series:
        yield "series", text_of(work.series), text_of(found.get("series"))
    if work.type in {"monograph", "book", "report", "dissertation", "book-chapter"}:
        yield "publisher", squeezed(work.publisher), squeezed(found.get("publisher"))
    yield "volume", printed(work.volume), found.get("volume", "")
    yield "number", printed(work.issue), found.get("number", "")
    yield "doi", work.doi or "", found.get("doi") or ""
    yield "pages", dashes(work.pages or work.article_number), dashes(found.get("pages"))
    if "abstract" in found or "keywords" in found:
        yield "abstract", text_of(work.abstract), text_of(found.get("abstract"))
        yield "keywords", ", ".join(work.keywords), found.get("keywords", "").replace(",evidence", ", evidence")
    if "note" in found:
        yield "note", printed(work.note), found["note"]


def people_and_dates(work, found):
    for role in ("authors", "editors"):
        yield role, [letters(one) for one in names(getattr(work, role))], [letters(one) for one in found[role]]
    # BibTeX has no days.
    date, whole = found.get("date", found.get("year")) or "", work.date or ""
    yield "date", whole[: max(4, len(date))], date


def text_of(text):
    return re.sub(r"\s|['`,]", "", printed(without_single(plain_text(text or ""))))


def without_single(text):
    """A text without braces that have no partner, which BibTeX cannot hold."""
    opened, single = [], set()
    for place, char in enumerate(text):
        if char == "{":
            opened.append(place)
        elif char == "}" and opened:
            opened.pop()
        elif char == "}":
            single.add(place)
    single.update(opened)
    return "".join(char for place, char in enumerate(text) if place not in single)


both = pytest.mark.parametrize("kind", ["recorded", "nasty"])
dialects = pytest.mark.parametrize("dialect", ["biblatex", "bibtex"])


def works_of(kind):
    return {"recorded": recorded, "nasty": nasty}[kind]()


@both
@dialects
def test_bibtexparser(kind, dialect):
    assert list(differences(works_of(kind), consumers.by_bibtexparser(written(kind, dialect)))) == []


@both
@dialects
def test_pybtex(kind, dialect):
    assert list(differences(works_of(kind), consumers.by_pybtex(written(kind, dialect)))) == []


@both
@dialects
def test_pandoc(kind, dialect):
    need("pandoc")
    assert list(differences(works_of(kind), consumers.by_pandoc(written(kind, dialect), dialect))) == []


@both
@pytest.mark.parametrize("dialect", ["biblatex", "bibtex", "csljson"])
def test_citeproc(kind, dialect, tmp_path):
    need("pandoc")
    read = consumers.by_citeproc(written(kind, dialect), dialect, tmp_path)
    for work in works_of(kind):
        found = read[work.key]
        want, got = text_of(work.title), text_of(found["title"])
        # pandoc prints the raised letters of Unicode as raised letters.
        want, got = (unicodedata.normalize("NFKC", one).replace("−", "-") for one in (want, got))
        assert want == got
        assert found["doi"] == (work.doi or "")
        assert dashes(found["pages"]) == dashes(work.pages or work.article_number or "")
        assert letters(found["names"].replace(";", "")) == letters(
            "".join(map("".join, names(work.authors))).replace(";", "")
        )


@both
def test_biber(kind, tmp_path):
    need("biber")
    assert list(differences(works_of(kind), consumers.by_biber(written(kind, "biblatex"), tmp_path))) == []


@both
def test_bibtex(kind, tmp_path):
    need("bibtex")
    assert list(differences(works_of(kind), consumers.by_bibtex(written(kind, "bibtex"), tmp_path))) == []


@both
@pytest.mark.parametrize("style", ["plain", "abbrv", "alpha"])
def test_old_styles_print_every_entry_in_whole_characters(kind, style, tmp_path):
    need("bibtex")
    # Names that these styles cannot shorten are warned of.
    works = [one for one in works_of(kind) if all(map(consumers.is_short_latin, (*one.authors, *one.editors)))]
    # alpha has few endings for works of the same label, as those of one author and year.
    for start in range(0, len(works), 20):
        part = works[start : start + 20]
        text = "".join(write_bibtex([part], []))
        assert consumers.by_bibtex(text, tmp_path, style).count(r"\bibitem") == len(part)


@both
@dialects
def test_citation_js(kind, dialect):
    need("citation-js")
    assert list(differences(works_of(kind), consumers.by_citation_js(written(kind, dialect)))) == []


@both
def test_rispy(kind):
    # RIS has no markup and no braces to lose.
    assert list(differences(works_of(kind), consumers.by_rispy(written(kind, "ris")))) == []


@both
def test_citation_js_reads_ris(kind):
    need("citation-js")
    read = consumers.by_citation_js(written(kind, "ris"), "@ris/file")
    assert [one for one in differences(works_of(kind), read) if not is_unknown_to_citation_js(one)] == []


def is_unknown_to_citation_js(difference):
    """What it does not read of RIS, or takes for something else: the pages of a book are their number."""
    key, field, *_ = difference
    kinds = {one.key: one.type for one in (*recorded(), *nasty())}
    return (field, kinds[key]) in {
        ("container", "dataset"),
        ("pages", "monograph"),
        ("pages", "book"),
        ("pages", "edited-book"),
        ("pages", "dissertation"),
        ("pages", "software"),
        ("pages", "dataset"),
        ("editors", "peer-review"),
        ("editors", "report"),
        ("editors", "dissertation"),
        ("editors", "software"),
        ("editors", "dataset"),
        ("series", "reference-entry"),
    }


@pytest.mark.parametrize("doi", ["10.1000/x", "10.48550/arxiv.2101.00001"])
def test_every_reader_takes_all_three_identifiers(doi, tmp_path):
    need("pandoc", "biber")
    work = PAPER._replace(key="one", doi=doi, pmid="9182763", pmcid="PMC12")
    text = "".join(write_biblatex([[work]], []))
    for read in (consumers.by_bibtexparser(text), consumers.by_pybtex(text), consumers.by_biber(text, tmp_path)):
        assert list(differences([work], read)) == []
    assert consumers.by_bibtexparser(text)["one"]["pmcid"] == "PMC12"
    command = ["pandoc", "-f", "biblatex", "-t", "csljson"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    [item] = json.loads(done.stdout)
    assert (item["PMCID"], done.stderr) == ("PMC12", "")


@both
def test_data_model_of_biblatex_is_kept(kind, tmp_path):
    need("biber")
    # Validation takes long: every seventh of the recorded works, and one at least of each type.
    works = works_of(kind)
    chosen = [*works[::7], *{one.type: one for one in works}.values()]
    text = "".join(write_biblatex([sorted({one.key: one for one in chosen}.values())], []))
    (tmp_path / "works.bib").write_text(text, "utf-8")
    command = ["biber", "--tool", "--validate-datamodel", "--nolog", "-O", "out.bib", "works.bib"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    warned = [line for line in done.stdout.splitlines() if line.startswith(("WARN", "ERROR"))]
    # What a record lacks cannot be written, what it says wrong is not ours to change, and what
    # biblatex passes over, other programs read. Of a standard it knows the name alone, and prints it as @misc.
    assert [
        line
        for line in warned
        if not re.search(
            r"Missing mandatory field|Field 'pmc?id' invalid in data model|one of|Invalid value|Invalid IS|"
            r"'pages' for entrytype 'misc'|'editor' for entrytype '(?:report|thesis)'|'publisher' for entrytype 'software'|"
            r"for entrytype 'standard'",
            line,
        )
    ] == []
