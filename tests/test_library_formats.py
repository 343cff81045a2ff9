"""CSL-JSON and RIS, and the bytes of any library."""

from __future__ import annotations

import json

import pytest
from export_store import PAPER
from libraries import read_file, read_text

from evidence.errors import LibraryError
from evidence.export.ris import write_ris
from evidence.library.decoding import decode
from evidence.library.ris import read_ris
from evidence.records import OTHERS, AuthorName


def values(entry):
    return {one.scheme.value: one.value for one in entry.references}


def csl(*items):
    return read_text(json.dumps(list(items)), "csl-json")


GROUPS = [
    "N.A.S.A. Consortium", "U.S. Preventive Services Task Force", "W.H.O. Working Group", "A. B. Consortium",
    "I.A.R.C. Working Group on the Evaluation of Carcinogenic Risks", "G.B.D. 2019 Collaborators", "R Core Team",
    "World Health Organization", "T. Committee", "NCD Risk Factor Collaboration (NCD-RisC)", "Centers for Disease Control",
]  # fmt: skip


@pytest.mark.parametrize("name", GROUPS)
def test_words_of_a_group_are_its_name_also_behind_initials(name):
    entries = [
        *read_text(f"@article{{a, title={{T}}, author={{{name} and Lee, Ann}}}}"),
        *read_text(f"TY  - JOUR\nAU  - {name}\nAU  - A. Lee\nER  - \n", "ris"),
        *csl({"id": "a", "author": [{"literal": name}, {"family": "Lee", "given": "Ann"}]}),
    ]
    for entry in entries:
        assert [one.collective for one in entry.description.authors] == [name, None]


@pytest.mark.parametrize("name", ["A. B. Force", "J. Working", "J. R. Group", "F. L. Council", "G. Union", "M. Centre"])
def test_people_with_names_that_groups_have_too_stay_people(name):
    given, _, family = name.rpartition(" ")
    entries = [
        *read_text(f"@article{{a, title={{T}}, author={{{name}}}}}"),
        *read_text(f"TY  - JOUR\nAU  - {name}\nER  - \n", "ris"),
    ]
    assert [one.description.authors for one in entries] == [(AuthorName(family, given),)] * 2


@pytest.mark.parametrize(
    ("journal", "server"),
    [
        ("bioRxiv preprint", "bioRxiv"),
        ("bioRxiv : the preprint server for biology", "bioRxiv"),
        ("bioRxiv (Cold Spring Harbor Laboratory)", "bioRxiv"),
        ("SSRN Electronic Journal", "SSRN Electronic Journal"),
        ("Available at SSRN 3210987", "SSRN"),
        ("Research Square", "Research Square"),
        ("arXiv preprint arXiv:1304.5678", "arXiv"),
    ],
)
def test_journal_that_is_a_server_makes_a_preprint(journal, server):
    for entry in of_journal(journal):
        assert (entry.description.type, entry.description.container) == ("posted-content", server)
        assert values(entry) == ({"doi": "10.48550/arxiv.1304.5678"} if server == "arXiv" else {})


@pytest.mark.parametrize("journal", ["Preprint", "bioRxiv and beyond", "Research", "Square", "SSRN Journal of Law"])
def test_journal_that_is_like_a_server_makes_no_preprint(journal):
    assert [entry.description.type for entry in of_journal(journal)] == ["journal-article"] * 3


def of_journal(journal):
    return [
        *read_text(f"@article{{a, title={{T}}, journal={{{journal}}}}}"),
        *read_text(f"TY  - JOUR\nTI  - T\nJO  - {journal}\nER  - \n", "ris"),
        *csl({"id": "a", "type": "article-journal", "title": "T", "container-title": journal}),
    ]


@pytest.mark.parametrize(
    ("doi", "journal", "kind"),
    [
        ("10.1101/2020.03.01.972935", None, "posted-content"),
        ("10.1101/123456", None, "posted-content"),
        # Genome Research has the same prefix.
        ("10.1101/gr.123456.111", None, "journal-article"),
        ("10.2139/ssrn.3210987", None, "posted-content"),
        # Somebody gave the article its preprint's DOI: which of the two is meant is not known.
        ("10.2139/ssrn.3210987", "Journal of Law", "journal-article"),
    ],
)
def test_doi_that_servers_alone_register_makes_a_preprint(doi, journal, kind):
    item = {"id": "a", "type": "article-journal", "title": "T", "DOI": doi, "container-title": journal}
    entries = [*csl(item), *read_text(f"@article{{a, title={{T}}, doi={{{doi}}}, journal={{{journal or ''}}}}}")]
    assert [entry.description.type for entry in entries] == [kind] * 2


# --- CSL-JSON ----------------------------------------------------------------------------------------------------------


def test_zotero_json_is_read():
    komori, report, chapter = read_file("zotero.json")
    assert (komori.line, komori.key) == (2, "komoriTargetedDisruption1997")
    assert values(komori) == {"doi": "10.1016/s0092-8674(00)80258-5", "pmid": "9182763"}
    assert komori.description.title == (
        "Targeted disruption of <i>Cbfa1</i> results in a Complete lack of bone formation"
    )
    assert komori.description.authors[1:] == (
        AuthorName("van der Berg", "Jan"),
        AuthorName("Aubignac", "François Hédelin d'"),
        AuthorName(collective="The Bone Group"),
    )
    assert komori.description.date == "1997-05-30"
    assert (report.line, report.key, report.references, report.description.date) == (23, "smith2020", (), "2020-03")
    assert (chapter.line, chapter.key, values(chapter)) == (29, None, {"pmid": "23903748"})


@pytest.mark.parametrize(
    ("issued", "date"),
    [
        ({"date-parts": [[2004, 3, 6]]}, "2004-03-06"),
        ({"date-parts": [["2004", "3"]]}, "2004-03"),
        ({"date-parts": [[2004], [2005]]}, "2004"),
        ({"date-parts": [2004]}, "2004"),
        ({"raw": "2004-03-06"}, "2004-03-06"),
        ({"literal": "March 2004"}, "2004-03"),
        ({"date-parts": [[]]}, None),
        ({"date-parts": [[2004, 13]]}, "2004"),
        ("2004", "2004"),
        (2004.0, "2004"),
        ({"date-parts": [[2004.0, 3.0]]}, "2004-03"),
        ([], None),
        (None, None),
    ],
)
def test_dates_of_csl_are_read(issued, date):
    assert csl({"id": "a", "title": "T", "issued": issued})[0].description.date == date


@pytest.mark.parametrize(
    ("issued", "message"),
    [
        (2019.5, "“2019.5” is no date; it is not read"),
        (True, "“true” is no date; it is not read"),
        ([[2019, 5]], "“[[2019, 5]]” is no date; it is not read"),
        ({"year": 2019}, '“{"year": 2019}” is no date; it is not read'),
        ({"date-parts": {"2019": 5}}, '“{"date-parts": {"2019": 5}}” is no date; it is not read'),
        ({"date-parts": [["2019", "foo"]]}, "“2019-foo” is no date; only 2019 of it is read"),
    ],
)
def test_dates_of_csl_that_are_none_are_told(issued, message):
    [entry] = csl({"id": "a", "title": "T", "DOI": "10.1000/x", "issued": issued})
    assert [(one.field, one.message) for one in entry.problems] == [("issued", message)]


@pytest.mark.parametrize("issued", [None, "", {}, [], {"date-parts": [[]]}, {"date-parts": [[None]]}, {"raw": ""}])
def test_no_date_of_csl_is_no_fault(issued):
    [entry] = csl({"id": "a", "title": "T", "DOI": "10.1000/x", "issued": issued})
    assert entry.problems == ()


@pytest.mark.parametrize(
    ("lines", "date"),
    [
        # As EndNote writes a date: the year in one line, what else it has in the other.
        ("PY  - 2019\nDA  - May 7\n", "2019-05-07"),
        ("PY  - 2019\nDA  - Sep-Oct\n", "2019-09"),
        ("PY  - 2019\nDA  - Spring\n", "2019"),
        ("PY  - 2019\nDA  - 2018/05/01\n", "2019"),
        ("DA  - 2019/05/07/\n", "2019-05-07"),
    ],
)
def test_dates_of_ris_are_read(lines, date):
    [entry] = read_text(f"TY  - JOUR\nTI  - T\nDO  - 10.1000/x\n{lines}ER  - \n", "ris")
    assert (entry.description.date, entry.problems) == (date, ())


@pytest.mark.parametrize(
    ("item", "key"),
    [
        ({"id": "smith2020"}, "smith2020"),
        ({"id": "x", "citation-key": "smith2020"}, "smith2020"),
        ({"id": 5, "note": "a\nCitation Key: smith2020\nb"}, "smith2020"),
        ({"id": "123456/ABCD1234"}, None),
        ({"id": "http://zotero.org/users/1/items/AB"}, None),
        ({"id": 5}, None),
        ({}, None),
    ],
)
def test_key_of_csl_is_what_papers_use(item, key):
    assert csl({"title": "T", **item})[0].key == key


@pytest.mark.parametrize(
    "text",
    [
        '{"items": [{"id": "a", "title": "T"}]}',
        '{"id": "a", "title": "T"}',
        '{"a": {"title": "T", "type": "book"}}',
        '\n\n[ {"id":"a","title":"T"} ]\n',
    ],
)
def test_objects_that_hold_items_are_read(text):
    [entry] = read_text(text, "csl-json")
    assert (entry.key, entry.description.title) == ("a", "T")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[{"id": "a"},\n {"id": "b",}]', "line 2, column"),
        ('[{"id": "a"}', "line 1, column 13"),
        ('[{"id": "a"} {"id": "b"}]', "line 1, column 13"),
        ("", "line 1, column 1"),
        ("@article{a, title={x}}", "line 1, column 1"),
        ("[" * 100_000, "line 1"),
        ('[{"id": ' + "9" * 10_000 + "}]", "line 1"),
        ("5", "no list of items"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(text, place):
    with pytest.raises(LibraryError, match=place):
        read_text(text, "csl-json")


@pytest.mark.parametrize("item", [5, None, "text", [], {"itemType": "journalArticle", "title": "T", "creators": []}])
def test_item_that_is_none_fails_and_the_rest_goes_on(item):
    failed, good = csl(item, {"id": "a", "DOI": "10.1000/x"})
    assert failed.is_failed
    assert values(good) == {"doi": "10.1000/x"}


@pytest.mark.parametrize("wrong", [5, True, [], {}, [[]], {"x": []}, "\ud800", "\x00"])
def test_fields_of_the_wrong_kind_are_not_read(wrong):
    names = ("title", "author", "issued", "container-title", "page", "volume", "DOI", "PMID", "note", "ISSN", "type")
    for name in names:
        [entry] = csl({"id": "a", name: wrong})
        assert not entry.is_failed


# --- RIS ---------------------------------------------------------------------------------------------------------------


def test_endnote_file_is_read():
    komori, ducy, cut, book = read_file("endnote.ris")
    assert (komori.line, komori.key) == (1, None)
    assert values(komori) == {
        "doi": "10.1016/s0092-8674(00)80258-5", "pmid": "9182763", "pmcid": "PMC2922455"
    }  # fmt: skip
    assert komori.description.title == "Targeted disruption of Cbfa1 results in a complete lack of bone formation"
    assert komori.description.authors == (
        AuthorName("Komori", "T."),
        AuthorName("King", "Martin Luther Jr."),
        AuthorName(collective="The Bone Group"),
    )
    assert (komori.description.date, komori.description.pages) == ("1997-05-30", "755-764")
    assert komori.description.issn == ("0092-8674", "1097-4172")
    assert (ducy.line, ducy.key) == (26, "Ducy1999")
    # Web of Science's number is none of PubMed's.
    assert values(ducy) == {"doi": "10.1101/gad.13.8.1025"}
    assert ducy.description.container == "Genes Dev"
    assert cut.line == 36
    assert "no end" in cut.problems[0].message
    assert (book.line, book.key) == (39, "doe2001")


@pytest.mark.parametrize("text", ["TY  - JOUR\nDO  - 10.1000/x\nER  -", "TY - JOUR\nDO - 10.1000/x\nER - \n\n"])
def test_habits_of_spacing_are_let_pass(text):
    [entry] = read_text(text, "ris")
    assert (values(entry), entry.problems) == ({"doi": "10.1000/x"}, ())


def test_text_outside_of_records_is_told_once():
    stray, entry = read_text("a\nb\nTY  - JOUR\nDO  - 10.1000/x\nER  - \n", "ris")
    assert (stray.line, stray.is_failed, entry.line) == (1, True, 3)


def test_accession_number_is_a_pmid_only_where_pubmed_is_named():
    base = "TY  - JOUR\nAN  - 9182763\n{}ER  - \n"
    assert values(read_text(base.format(""), "ris")[0]) == {}
    assert values(read_text(base.format("DB  - PubMed\n"), "ris")[0]) == {"pmid": "9182763"}


# --- bytes -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_with_and_without_its_mark(encoding):
    assert decode("Müller\r\nŁoś".encode(encoding)) == ("Müller\nŁoś", ())


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_latin_is_read_with_a_warning(encoding):
    text, warnings = decode("Müller".encode(encoding))
    assert text == "Müller"
    assert "Latin-1" in warnings[0]


def test_nul_is_replaced_with_a_warning():
    text, warnings = decode(b"a\x00b")
    assert (text, len(warnings)) == ("a\ufffdb", 1)


def test_line_ends_of_old_systems_count_as_lines():
    assert decode(b"a\rb\r\nc\n").text == "a\nb\nc\n"


@pytest.mark.parametrize(
    "doi", ["10.1371/journal.pone.0000001.s002", "https://doi.org/10.1371/journal.pone.0000001.G001"]
)
def test_entry_of_a_supplement_is_not_taken_for_its_article(doi):
    [entry] = csl({"id": "a", "title": "Table S2", "DOI": doi})
    assert entry.references == ()
    assert [one.message.partition(":")[0] for one in entry.problems] == [
        "it is of a supplement, figure or table of 10.1371/journal.pone.0000001"
    ]


@pytest.mark.parametrize(
    ("text", "format_"),
    [
        ("@article{a,\n title = {T},\n doi = {10.1000/a&b%20#c},\n}", "bibtex"),
        ("TY  - JOUR\nTI  - T\nDO  - 10.1000/a&b%20#c\nER  - \n", "ris"),
        ('[{"id": "a", "title": "T", "DOI": "10.1000/a&b%20#c"}]', "csl-json"),
    ],
)
def test_half_of_a_doi_is_told_and_not_taken(text, format_):
    [entry] = read_text(text, format_)
    assert entry.references == ()
    assert [(one.field or "").lower()[:2] for one in entry.problems] == ["do"]
    assert "nobody can tell where the DOI in '10.1000/a&b%20#c' ends" in entry.problems[0].message


@pytest.mark.parametrize("sign", ["#", "%23", r"\#", "&#35;"])
def test_check_character_of_an_older_doi_is_its_own(sign):
    doi = f"10.1002/(SICI)1096-8628(19960111)61:1<1::AID-AJMG1>3.0.CO;2-{sign}"
    [entry] = read_text(f"@article{{a, title = {{T}}, doi = {{{doi}}}}}")
    assert values(entry) == {"doi": "10.1002/(sici)1096-8628(19960111)61:1<1::aid-ajmg1>3.0.co;2-#"}


def test_pubmeds_own_format_is_named():
    with pytest.raises(LibraryError, match="PubMed's own format"):
        read_text("\nPMID- 9182763\nOWN - NLM\nTI  - Title\n", "ris")


# --- what programs write ------------------------------------------------------------------------------------------------


def test_json_lines_are_read_with_their_lines():
    first, second = read_text('{"id": "a", "title": "T"}\n\n{"id": "b", "title": "U"}\n', "csl-json")
    assert [(one.line, one.key) for one in (first, second)] == [(1, "a"), (3, "b")]
    with pytest.raises(LibraryError, match="line 2, column 1"):
        read_text('{"id": "a", "title": "T"}\nand so on', "csl-json")


@pytest.mark.parametrize(
    "names",
    [
        "He, K. and Zhang, X.",
        "K. He and X. Zhang",
        "He, K., Ren, S., and Sun, J.",
        "He, K. & Sun, J.",
        "Smith J, Lee K",
        "Smith J; Lee K",
        "Smith, J., Lee, K.",
        "van Dam, J. W., de Vries, K., Li, X.",
        "J. Smith, K. Lee",
        "J. Smith, K. Lee, MD",
        "Smith, J., Lee, MS",
        "Smith, J., Ma, X., MD, PhD",
        "Smith, J., Ma, X., MD",
        "Smith, J., Lee, K.,",
        "John Smith, Kim Lee, Ann Poe",
        "Smith, John, Kim Lee",
        "Smith, John, Lee, Kim, Brown, Ann",
        "Bone Hospital, Columbus, Ohio",
    ],
)
def test_several_names_on_a_line_of_ris_are_told_and_not_read(names):
    (entry,) = read_text(f"TY  - JOUR\nTI  - T\nDO  - 10.1000/x\nAU  - {names}\nAU  - Poe, E.\nER  - \n", "ris")
    assert [(one.family, one.given) for one in entry.description.authors] == [("Poe", "E.")]
    assert [(one.field, "more than one name" in one.message) for one in entry.problems] == [("AU", True)]


@pytest.mark.parametrize(
    "name",
    ["Simon and Schuster, Inc.", "Anderson, And", "Ministry of Food, Health and Care, UK", "{He, K. and Zhang, X.}"],
)
def test_and_within_one_name_of_ris_is_no_fault(name):
    (entry,) = read_text(f"TY  - JOUR\nTI  - T\nDO  - 10.1000/x\nAU  - {name}\nER  - \n", "ris")
    assert (len(entry.description.authors), entry.problems) == (1, ())


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("Smith, J., MD, PhD", [("Smith", "J.")]),
        ("O'Brien, C. J., M.D., Ph.D.", [("O'Brien", "C. J.")]),
        ("King, M. L., Jr., MD MPH", [("King", "M. L. Jr.")]),
        ("King, Jr., Martin, RN, MSc, FRCP", [("King", "Martin Jr.")]),
        ("Lee, J., III, DSc", [("Lee", "J. III")]),
        ("Rahman, MD", [("Rahman", "MD")]),
        ("Lee, J. et al.", [("Lee", "J."), (None, None)]),
        ("Lee, J., et al.", [("Lee", "J."), (None, None)]),
        ("Al, Et", [("Al", "Et")]),
        ("Smith, John, A", [("Smith", "John A")]),
        ("Smith, J., PhD (Oxon)", [("Smith", "J. PhD (Oxon)")]),
        ("Berg, Jan, van der", [("Berg", "Jan van der")]),
        ("Lee, K.,", [("Lee", "K.")]),
        ("Philbin,Patrick F,", [("Philbin", "Patrick F")]),
        ("García Márquez, Gabriel José", [("García Márquez", "Gabriel José")]),
    ],
)
def test_degrees_and_ends_of_lists_are_no_names_in_ris(name, names):
    (entry,) = read_text(f"TY  - JOUR\nTI  - T\nDO  - 10.1000/x\nAU  - {name}\nER  - \n", "ris")
    assert [(one.family, one.given) for one in entry.description.authors] == names
    assert entry.problems == ()


@pytest.mark.parametrize(
    "name", ["Ministry of Food, Health and Care, UK", "Bone Hospital, Columbus, Ohio,", "Pfizer, Inc,", "Health, U.S.,"]
)
def test_commas_within_the_name_of_a_group_in_ris_are_its_own(name):
    (entry,) = read_text(f"TY  - JOUR\nTI  - T\nDO  - 10.1000/x\nAU  - {name}\nER  - \n", "ris")
    assert [one.collective for one in entry.description.authors] == [name.rstrip(",")]
    assert entry.problems == ()


def test_a_list_of_several_names_that_goes_on_still_goes_on():
    (entry,) = read_text("TY  - JOUR\nTI  - T\nDO  - 10.1000/x\nAU  - J. Smith, K. Lee, et al.\nER  - \n", "ris")
    assert (entry.description.authors, [one.field for one in entry.problems]) == ((OTHERS,), ["AU"])


def test_types_of_crossref_are_read_as_they_are():
    assert [one.description.type for one in csl({"type": "journal-article"}, {"type": "book-chapter"})] == [
        "journal-article",
        "book-chapter",
    ]


def test_numbers_between_the_records_of_ris_are_no_fault():
    entries = read_text("1.\nTY  - JOUR\nTI  - A\nER  - \n\n2. \nTY  - JOUR\nTI  - B\nER  - \n", "ris")
    assert [one.description.title for one in entries if not one.is_failed] == ["A", "B"]
    assert len(entries) == 2


@pytest.mark.parametrize(
    ("lines", "pages"),
    [
        ("SP  - 150 – 168\nEP  - 150 – 168", "150-168"),
        ("SP  - 150\nEP  - 168", "150-168"),
        ("SP  - 150–168", "150-168"),
        ("SP  - e12", "e12"),
    ],
)
def test_pages_of_ris_that_stand_in_one_line_are_one_range(lines, pages):
    [entry] = read_text(f"TY  - JOUR\nTI  - A\n{lines}\nER  - \n", "ris")
    assert entry.description.pages == pages


def test_full_name_of_a_journal_comes_before_a_short_one_in_ris():
    [entry] = read_text("TY  - JOUR\nTI  - A\nJO  - J Bone\nJF  - Journal of Bone\nER  - \n", "ris")
    assert (entry.description.container, entry.description.container_short) == ("Journal of Bone", "J Bone")
    [entry] = read_text("TY  - JOUR\nTI  - A\nJO  - Journal of Bone\nER  - \n", "ris")
    assert (entry.description.container, entry.description.container_short) == ("Journal of Bone", None)


def test_several_names_in_one_line_of_ris_are_told_and_not_read():
    [entry] = read_text("TY  - JOUR\nTI  - A\nAU  - Smith, J.; Doe, A.\nAU  - Poe, E.\nER  - \n", "ris")
    assert entry.description.authors == (AuthorName("Poe", "E."),)
    assert [(one.field, one.message.split(" is ")[0]) for one in entry.problems] == [("AU", "“Smith, J.; Doe, A.”")]


def test_preprint_of_arxiv_has_its_doi_in_csl():
    preprint = {"id": "a", "type": "article", "title": "T", "number": "arXiv:1706.03762"}
    assert values(csl(preprint)[0]) == {"doi": "10.48550/arxiv.1706.03762"}
    assert values(csl({**preprint, "DOI": "10.1000/x"})[0]) == {"doi": "10.1000/x"}
    assert values(csl({**preprint, "type": "article-journal"})[0]) == {}


@pytest.mark.parametrize("wrong", ["Smith, J", [["Smith"]], [{"name": "Smith"}], 7])
def test_names_of_csl_that_are_none_are_told(wrong):
    (fault,) = csl({"id": "a", "title": "T", "DOI": "10.1000/x", "author": wrong})[0].problems
    assert (fault.field, "is no name of CSL" in fault.message) == ("author", True)


@pytest.mark.parametrize("nothing", [None, [], [{}], "", [None]])
def test_no_names_of_csl_are_no_fault(nothing):
    assert csl({"id": "a", "title": "T", "DOI": "10.1000/x", "author": nothing})[0].problems == ()


def test_what_publishers_say_at_the_head_of_ris_is_no_fault():
    head = "\ufeffProvider: ACM\nContent: text/plain; charset=UTF-8\n\n"
    [entry] = read_text(f"{head}TY  - JOUR\nTI  - T\nDO  - 10.1000/x\nER  - \n", "ris")
    assert (entry.line, entry.problems) == (4, ())
    behind = read_text("TY  - JOUR\nTI  - T\nDO  - 10.1000/x\nER  - \nProvider: ACM\n", "ris")
    assert [one.is_failed for one in behind] == [False, True]


def test_paper_is_in_the_proceedings_that_zotero_names():
    lines = "TY  - CONF\nTI  - T\nAU  - A, B\nT2  - The conference\nC3  - Its proceedings\nT3  - Notes\nER  - \n"
    told = read_text(lines, "ris")[0].description
    assert (told.container, told.series) == ("Its proceedings", "Notes")


def test_group_in_braces_is_a_group_in_ris_too():
    told = read_text("TY  - RPRT\nTI  - T\nAU  - {World Bank}\nER  - \n", "ris")[0].description
    assert told.authors[0].collective == "World Bank"


def keys_or_refusal(text):
    try:
        return [one.key for one in read_text(text, "csl-json")]
    except LibraryError as error:
        return error.message.partition(" holds ")[0]


@pytest.mark.parametrize("field", ["issued", "author", "title", "DOI"])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a": ', "}")])
@pytest.mark.parametrize("depth", [900, 980, 985, 990, 995])
def test_lists_in_lists_are_read_or_refused_with_their_place(field, opening, closing, depth):
    hostile = f'{{"id": "a", "{field}": {opening * depth}1{closing * depth}}}'
    found = keys_or_refusal(f'[{{"id": "b", "title": "T"}}, {hostile}]')
    refused = "line 1, column 29: it is no JSON: the item that begins here is nested too deep or"
    assert found in (["b", "a"], refused)


def test_a_conference_paper_keeps_its_pmcid_in_ris():
    paper = PAPER._replace(type="proceedings-article", container="Proc. X", pmcid="PMC2922455")
    (entry,) = read_ris("".join(write_ris([[paper]], [])))
    assert [str(one.value) for one in entry.references] == [PAPER.doi, PAPER.pmid, "PMC2922455"]
